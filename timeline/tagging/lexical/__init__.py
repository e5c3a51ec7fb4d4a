"""Events in languages that have no parser: registry mentions, verb lexicons and word order. Precision first. Pure."""

from timeline.tagging.lexical.events import LexicalEventFinder

__all__ = ["LexicalEventFinder"]
