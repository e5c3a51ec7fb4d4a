"""What the corpus holds: sentences of our own with what a careful reader codes in them. Frozen; no Django."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `begin`..`end` (end exclusive) of a sentence. `value`: an antecedent, a day or what is counted."""

    begin: int
    end: int
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """One event as coded by hand; `modality` is asserted, planned, conditional, denied or historical."""

    type: str
    mode: str
    modality: str
    verb: Span
    actors: tuple[Span, ...] = ()
    recipients: tuple[Span, ...] = ()
    speaker: Span | None = None
    date: Span | None = None
    place: Span | None = None
    numbers: tuple[Span, ...] = ()
    contexts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """`events` is empty when it holds none; `reason` then says what it is. `article` is a title or empty."""

    id: str
    text: str
    lang: str
    published_on: date
    topic: str
    split: str
    author: str
    events: tuple[GoldEvent, ...] = ()
    reason: str = ""
    article: str = ""
    paragraph: int = 0
