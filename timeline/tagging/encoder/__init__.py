"""The trained part of the coder: a small encoder with our own adapters and answers. Pure, numpy alone."""
