"""A text with marked spans → flat pieces to draw. Pure. Overlapping spans share a piece; nothing is lost or doubled."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from timeline.rows import SpanRow

ORDER = ("name", "verb", "actor", "recipient", "place", "date", "speaker", "cue")


@dataclass(frozen=True, slots=True)
class Segment:
    """`roles` are CSS class names, outermost first; `events` the ids of the events that mark this piece."""

    text: str
    roles: tuple[str, ...]
    events: tuple[str, ...]


def segments(text: str, begin: int, end: int, spans: Sequence[SpanRow]) -> list[Segment]:
    """Pieces of `text[begin:end]`; offsets of spans count from the start of the whole text."""
    inside = [span for span in spans if span.begin < end and begin < span.end]
    edges = sorted({begin, end, *(min(max(at, begin), end) for span in inside for at in (span.begin, span.end))})
    pieces = []
    for first, last in pairwise(edges):
        over = [span for span in inside if span.begin <= first and last <= span.end]
        roles = tuple(role for role in ORDER if any(span.role == role for span in over))
        events = tuple(dict.fromkeys(span.event for span in over if span.event))
        pieces.append(Segment(text[first:last], roles, events))
    return pieces
