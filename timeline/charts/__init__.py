"""Rows → Plotly figures, as plain dicts. Colours are names of CSS tokens that the page puts in when it draws."""

from timeline.charts.actor_network import actor_network
from timeline.charts.events_by_bin import events_by_bin
from timeline.charts.words import Words

__all__ = ["Words", "actor_network", "events_by_bin"]
