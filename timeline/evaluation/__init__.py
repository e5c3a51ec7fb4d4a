"""Scores taggers against labelled sets. Pure: no Django, nothing stored."""
