"""Who did what to whom in a language without a parser, coded from a lexicon of its verbs and nouns. Pure.

sentence → tokens (`line`) → verbs with their subjects (`clauses`) → entries whose conditions hold → sides by word
order and preposition (`sides`) → day, place, speaker. What is not plain is left out; what is coded is a proposal, with
a confidence below that of the parsed languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from timeline.tagging.candidates import Mentions
from timeline.tagging.codebook import Codebook
from timeline.tagging.lexical.arabic import Arabic
from timeline.tagging.lexical.clauses import Clauses
from timeline.tagging.lexical.forms import Grammar, Vocabulary
from timeline.tagging.lexical.french import French
from timeline.tagging.lexical.hebrew import Hebrew
from timeline.tagging.lexical.line import Line
from timeline.tagging.lexical.persian import Persian
from timeline.tagging.lexical.phrases import Phrases
from timeline.tagging.lexical.russian import Russian
from timeline.tagging.lexical.sides import Found, SideFinder
from timeline.tagging.lexical.speakers import find_speaker
from timeline.tagging.records import (
    DateMention,
    Document,
    EventTag,
    Occurred,
    PlaceMention,
    Registry,
    RoleSpan,
    Sentence,
    SpeakerMention,
)

GRAMMARS: dict[str, type[Grammar]] = {
    "fr": French, "ar": Arabic, "fa": Persian, "ru": Russian, "he": Hebrew,
}  # fmt: skip
HISTORIC_DAYS = 400
_QUESTIONS = ("?", "؟")


class LexicalEventFinder:
    def __init__(self, codebook: Codebook, registry: Registry) -> None:
        self.codebook, self.registry = codebook, registry
        self._states = {actor.country: slug for slug, actor in registry.actors.items() if actor.kind == "state"}
        self._vocabularies: dict[str, Vocabulary] = {}
        self._names: dict[tuple[str, str], frozenset[str]] = {}

    @cached_property
    def languages(self) -> frozenset[str]:
        return frozenset(GRAMMARS.keys() & self.codebook.lexicons.keys())

    def find(self, document: Document, sentence: Sentence, mentions: Mentions) -> tuple[EventTag, ...]:
        """`mentions` are those within the sentence."""
        if not mentions.actors or document.text[sentence.begin : sentence.end].rstrip("\"'»”").endswith(_QUESTIONS):
            return ()
        vocabulary = self._vocabulary(document.lang)
        line = Line(document, sentence, mentions, vocabulary, lambda slug: self._nominatives(slug, vocabulary))
        phrases = Phrases(line, self.registry, self._states)
        clauses = Clauses(line, phrases)
        speaker = find_speaker(document, line, clauses)
        found: dict[tuple[object, ...], EventTag] = {}
        for one in SideFinder(line, phrases, clauses, self.registry, document.published_on).find():
            tag = self._tag(document, line, clauses, one, speaker)
            key = (tag.type, tag.actors, tag.recipients, tag.modality, tag.occurred)
            if key not in found or found[key].confidence < tag.confidence:
                found[key] = tag
        return tuple(found.values())

    def _vocabulary(self, lang: str) -> Vocabulary:
        if lang not in self._vocabularies:
            self._vocabularies[lang] = Vocabulary(self.codebook.lexicons[lang], GRAMMARS[lang]())
        return self._vocabularies[lang]

    def _nominatives(self, slug: str, vocabulary: Vocabulary) -> frozenset[str]:
        key = slug, vocabulary.lexicon.lang
        if key not in self._names:
            own = (a.text for a in self.registry.actors[slug].aliases if a.lang == key[1])
            self._names[key] = frozenset(map(vocabulary.grammar.fold, own))
        return self._names[key]

    def _tag(
        self, document: Document, line: Line, clauses: Clauses, found: Found, speaker: SpeakerMention | None
    ) -> EventTag:
        entry, sentence = found.entry, line.sentence
        kind = self.codebook.kinds[entry.type]
        begin, end = clauses.begin_of(found.at), clauses.end_of(found.end)
        day = _nearest_day(line, begin, end, found.at)
        occurred = _occurred(day, document)
        modality, occurred = _fit(found.modality, occurred, document)
        place = self._place(line, begin, end, found)
        if speaker and not speaker.has_told(line.tokens[found.at].begin):
            speaker = None
        if speaker and speaker.actor and speaker.actor in {p.slug for p in found.actors}:
            speaker = None
        verb_begin, verb_end = line.tokens[found.at].begin, line.tokens[found.end - 1].end
        verb = document.text[verb_begin:verb_end]
        shares = {name: round(share, 3) for name, share in found.shares.items()}
        coded = f"{entry.type}{' / ' + entry.mode if entry.mode else ''}"
        return EventTag(
            sentence_no=sentence.number,
            begin=sentence.begin,
            end=sentence.end,
            type=entry.type,
            mode=entry.mode,
            contexts=self._contexts(line),
            quad=kind.quad,
            intensity=kind.intensity_of(entry.mode),
            modality=modality,
            actors=tuple(p.slug for p in found.actors),
            recipients=tuple(p.slug for p in found.recipients),
            occurred=occurred,
            verb=verb,
            spans=tuple(_spans(document, found, (verb_begin, verb_end), day, place, speaker)),
            confidence=round(found.confidence, 3),
            confidences=shares,
            place=place.place if place else "",
            speaker=speaker.actor if speaker else "",
            speaker_text=speaker.text if speaker else "",
            why=(f"“{verb}” is {entry.line!r} in the lexicon of {document.lang}: {coded}", *found.why),
        )

    def _place(self, line: Line, begin: int, end: int, found: Found) -> PlaceMention | None:
        sides = {(p.begin, p.end) for p in (*found.actors, *found.recipients) if not p.is_place}
        near = [
            (abs(index - found.at), token.place)
            for index in range(begin, end)
            if (token := line.tokens[index]).place is not None
            and self.registry.places[token.place.place].kind != "country"
            and (token.place.begin, token.place.end) not in sides
        ]
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def _contexts(self, line: Line) -> tuple[str, ...]:
        vocabulary = line.vocabulary
        bases = {token.base for token in line.tokens}
        return tuple(
            sorted(
                name
                for name, words in vocabulary.lexicon.contexts.items()
                if any(vocabulary.grammar.base(vocabulary.grammar.fold(word)) in bases for word in words)
            )
        )


def _nearest_day(line: Line, begin: int, end: int, at: int) -> DateMention | None:
    """The day that stands in the clause, unless the words before it say "since" or the like."""
    found = []
    for day in line.mentions.dates:
        index = next((i for i in range(begin, end) if line.tokens[i].begin == day.begin), None)
        if index is None or not day.first or not day.last:
            continue
        if _belongs_to_noun(line, index, day):
            continue
        if any(line.is_in(index - back, "not_when") for back in (1, 2)) or line.is_in(index, "not_when"):
            continue
        found.append((abs(index - at), day))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _belongs_to_noun(line: Line, index: int, day: DateMention) -> bool:
    """ "l'accord de 2015", "соглашение 2015 года": the day of a thing, not of what is done with it."""
    before, first = line.token(index - 1), line.tokens[index]
    if before is not None and "links" in before.lists:
        return True
    is_placed = bool(first.preposition) or (before is not None and bool(before.preposition))
    return day.precision in ("year", "month") and not is_placed


def _occurred(day: DateMention | None, document: Document) -> Occurred:
    if day is None or day.first is None:
        return Occurred(document.published_on, "unknown")
    is_span = day.precision == "span" and day.last != day.first
    return Occurred(day.first, day.precision, day.last if is_span else None)


def _fit(modality: str, occurred: Occurred, document: Document) -> tuple[str, Occurred]:
    """Nothing asserted lies in the future, and what lies long ago is history."""
    if modality == "asserted" and occurred.precision != "unknown":
        if occurred.on > document.published_on:
            return "planned", occurred
        if (document.published_on - occurred.on).days > HISTORIC_DAYS:
            return "historical", occurred
    return modality, occurred


def _spans(
    document: Document,
    found: Found,
    verb: tuple[int, int],
    day: DateMention | None,
    place: PlaceMention | None,
    speaker: SpeakerMention | None,
) -> Iterator[RoleSpan]:
    text = document.text
    for role, parties in (("actor", found.actors), ("recipient", found.recipients)):
        for party in parties:
            yield RoleSpan(role, party.begin, party.end, text[party.begin : party.end], party.slug)
    yield RoleSpan("verb", *verb, text[verb[0] : verb[1]], found.entry.type)
    if day:
        yield RoleSpan("date", day.begin, day.end, day.text, day.value)
    if place:
        yield RoleSpan("place", place.begin, place.end, place.text, place.place)
    if speaker:
        yield from speaker.spans(text)
