"""From the corpus to the coder's artefact. Pure; only `learn` needs PyTorch."""
