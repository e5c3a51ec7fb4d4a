"""Frozen rows that queries return and that charts, exports and templates draw. No Django."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A participant as a page shows it."""

    slug: str
    name: str
    kind: str
    country: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as a list, an export or a chart needs it. `occurred_until` is the last day of a span, or None."""

    id: str
    type: str
    mode: str
    contexts: tuple[str, ...]
    quad: int
    intensity: float
    modality: str
    occurred_on: date
    occurred_until: date | None
    date_precision: str
    actors: tuple[PartyRow, ...]
    recipients: tuple[PartyRow, ...]
    verb: str
    place_slug: str
    place_name: str
    speaker_slug: str
    speaker_name: str
    confidence: float
    state: str
    n_articles: int
    n_families: int
    headline: str
    headline_lang: str
    outlet_name: str
    article_id: int
    first_published_at: datetime | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BinRow:
    """Events of one bin (day, week or month) and quad class."""

    starts_on: date
    quad: int
    n_events: int


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """Articles published in one bin: the coverage behind the events."""

    starts_on: date
    n_articles: int


@dataclass(frozen=True, slots=True)
class NodeRow:
    """An actor on the map. `n_hidden` counts neighbours that the drawn selection leaves out."""

    slug: str
    name: str
    kind: str
    country: str
    n_events: int
    n_hidden: int = 0


@dataclass(frozen=True, slots=True)
class DyadRow:
    """An ordered pair (actor, recipient) with its counts by quad class (index 0 is quad 1) and mean intensity."""

    actor: str
    recipient: str
    n_events: int
    by_quad: tuple[int, int, int, int]
    mean_intensity: float
    is_reciprocal: bool = False

    @property
    def main_quad(self) -> int:
        """The commonest class; of equally common ones the graver."""
        return max((1, 2, 3, 4), key=lambda quad: (self.by_quad[quad - 1], quad))


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A value a filter could take, with the number of events behind it."""

    value: str
    label: str
    n_events: int


@dataclass(frozen=True, slots=True)
class SpanRow:
    """A marked stretch of an article's document; `event` is the id of the event it was coded for, or empty."""

    role: str
    begin: int
    end: int
    event: str = ""
