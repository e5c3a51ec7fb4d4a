"""Values that taggers hand to each other. Frozen; no Django.

All offsets count characters of `Document.text` (Python string indices, end exclusive), so that
`document.text[begin:end]` is always the quoted text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

UNNAMED = "unnamed sources"


@dataclass(frozen=True, slots=True)
class Document:
    """What is tagged: an article's title, a newline and its text; `title_end` is where the title ends (0: none)."""

    text: str
    published_on: date
    lang: str = "en"
    title_end: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """`number` counts from 0 in reading order; the title, when there is one, is sentence 0."""

    number: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class ActorMention:
    """`actor` is the registry slug. `rule` says how it was found: the alias kind, or the context rule that let it pass.

    `stands_for` is the state that the mention acts for (a leader in office, a ministry, a capital), or the slug itself.
    """

    begin: int
    end: int
    text: str
    actor: str
    rule: str
    stands_for: str = ""


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """`place` is the registry slug, or "" for a place that only the gazetteer knows.

    `kind`: the registry's, or of the gazetteer country, admin1, admin2 (divisions of the first and second order), city,
    region (a sea, a mountain range, a part of the world) or adjective ("Turkish": its country's coordinates).
    `geonameid` is GeoNames' number or None, `country` an ISO code of three letters or "".
    """

    begin: int
    end: int
    text: str
    place: str
    latitude: float | None = None
    longitude: float | None = None
    kind: str = ""
    geonameid: int | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class DateMention:
    """`value` is a TIMEX3 value; `first` and `last` bound the days it means (None: it names no day range)."""

    begin: int
    end: int
    text: str
    value: str
    first: date | None
    last: date | None
    precision: str


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A count of people, things or money. `high` is the upper end of a range, else None.

    `is_approximate`: "at least", "some", "dozens"; a vague word has the least value that it can mean. kind: killed,
    wounded, detained, abducted, displaced, protesters, troops, prisoners, missiles, drones, aircraft, ships, sites,
    money or days. `unit`: the currency (ISO 4217) of money; of days D, W, M or TH (day, week, month, hour).
    """

    begin: int
    end: int
    text: str
    value: float
    high: float | None
    is_approximate: bool
    kind: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Occurred:
    """When it happened. `on` is the first day; `until` the last day of a span or None.

    precision: day, week, month, year, span or unknown (on or before publication; `on` is then the publication day).
    """

    on: date
    precision: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """A marked part of the evidence; `ref` is a slug or a value.

    role: actor, recipient, verb, place, date, speaker or cue.
    """

    role: str
    begin: int
    end: int
    text: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerMention:
    """Who says so. `text` is the words at `begin`..`end`, or UNNAMED; `actor` a registry slug or "".

    `cue` offsets mark the attributing words; `told` are the stretches of text that are attributed, in any sentence.
    """

    begin: int
    end: int
    text: str
    actor: str
    cue_begin: int
    cue_end: int
    told: tuple[tuple[int, int], ...]

    def has_told(self, at: int) -> bool:
        return any(begin <= at < end for begin, end in self.told)

    def spans(self, text: str) -> tuple[RoleSpan, RoleSpan]:
        """Whose words and by which cue, to be marked in the document's text."""
        words, cue = text[self.begin : self.end], text[self.cue_begin : self.cue_end]
        return (
            RoleSpan("speaker", self.begin, self.end, words, self.actor),
            RoleSpan("cue", self.cue_begin, self.cue_end, cue, self.actor),
        )


def speaker_of(speakers: Sequence[SpeakerMention], at: int) -> SpeakerMention | None:
    """Who says what stands there: of several, the last of those whose words are the shortest ("Reuters said that Iran
    had said that …")."""
    own = [speaker for speaker in reversed(speakers) if speaker.has_told(at)]
    return min(own, key=lambda s: next(e - b for b, e in s.told if b <= at < e), default=None)


@dataclass(frozen=True, slots=True)
class EventTag:
    """One coded event with the sentence that supports it.

    `actors` and `recipients` are registry slugs. `confidence` is 0–1; `confidences` has one for type, actor and
    recipient each. `why` names the rules that led here, in order, for people to read; `alternatives` are the types that
    the trained coder thought of, the likeliest first, with their probabilities ("NONE": no event). `numbers`: what its
    sentence counts of the kinds that fit its type.
    """

    sentence_no: int
    begin: int
    end: int
    type: str
    mode: str
    contexts: tuple[str, ...]
    quad: int
    intensity: float
    modality: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    occurred: Occurred
    verb: str
    spans: tuple[RoleSpan, ...]
    confidence: float
    confidences: Mapping[str, float] = field(default_factory=dict)
    place: str = ""
    speaker: str = ""
    speaker_text: str = ""
    why: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    numbers: tuple[NumberMention, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityMention:
    """Something that a text names or describes. Mentions may stand inside one another ("the [Syrian] army").

    kind: person, organisation (also a group of people), place, nationality, date, quantity, money, weapon, vehicle,
    platform (what fights from air, sea or tracks), document or coordinates. form: name, description, pronoun or value.
    `ref`: the registry's slug, or "" when the registry has none.
    """

    begin: int
    end: int
    text: str
    kind: str
    form: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Tags:
    """All that was found in a document. outcome: coded, no-event or unsupported (then `reason` says why).

    `speakers` are those of the sentences that were parsed; languages without a parser have them in their events alone.
    """

    outcome: str
    sentences: tuple[Sentence, ...] = ()
    actors: tuple[ActorMention, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    dates: tuple[DateMention, ...] = ()
    events: tuple[EventTag, ...] = ()
    reason: str = ""
    numbers: tuple[NumberMention, ...] = ()
    speakers: tuple[SpeakerMention, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistryAlias:
    """kind: name, surname, acronym, demonym, capital, building or title; `rule` a context rule's name or empty."""

    text: str
    lang: str
    kind: str = "name"
    rule: str = ""


@dataclass(frozen=True, slots=True)
class RegistryRole:
    organisation: str
    title: str
    from_on: date | None = None
    to_on: date | None = None
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class RegistryActor:
    slug: str
    name: str
    kind: str
    sector: str
    country: str
    parent: str = ""
    roles: tuple[RegistryRole, ...] = ()
    aliases: tuple[RegistryAlias, ...] = ()
    wikidata: str = ""
    confirmed: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RegistryPlace:
    slug: str
    name: str
    kind: str
    country: str
    parent: str = ""
    latitude: float | None = None
    longitude: float | None = None
    precision: str = ""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wikidata: str = ""
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class RegistrySituation:
    slug: str
    name: str
    summary: str
    core_actors: tuple[str, ...]
    places: tuple[str, ...]
    terms: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Registry:
    """Who and where, as the taggers know it. Keys are slugs."""

    actors: Mapping[str, RegistryActor]
    places: Mapping[str, RegistryPlace]
    situations: Mapping[str, RegistrySituation] = field(default_factory=dict)
