"""Interpretation: who did what to whom, when and where. Tag → store → merge · aggregate → render."""
