"""Finds what a text names and describes: people, bodies, places, peoples, days, amounts, arms. English; pure.

names (registry → gazetteer → spaCy's entities → capitals, each typed by its last noun where that says more) → noun
phrases around a name or a noun of `data/entities.yaml` → pronouns → values (dates, money, measures, counts) → nested
mentions in reading order. A name without `ref` proposes an actor that the registry does not know.
"""

from timeline.tagging.entities.finding import EntityFinder, propose_actors

__all__ = ["EntityFinder", "propose_actors"]
