"""Wiring: settings, addresses, schedule, embedded servers, the demo. Knows both apps; decides nothing."""

import os

# One thread for numpy's matrices: workers are processes, and sums come out the same to the last bit on any of them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from crisisboard.celery import app as celery_app  # after what numpy reads once

__all__ = ["celery_app"]
