"""Who did what to whom: candidates with mode, day, place, speaker, contexts, confidence and marked words. Pure."""

from __future__ import annotations  # spaCy's types are named, never needed, when this runs

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from timeline.tagging.candidates import Candidate, CandidateFinder, Mentions, Parsed, tokens_of
from timeline.tagging.codebook import Codebook
from timeline.tagging.encoder.reading import Reader
from timeline.tagging.records import (
    ActorMention,
    DateMention,
    Document,
    EventTag,
    Occurred,
    PlaceMention,
    Registry,
    RoleSpan,
    Sentence,
    SpeakerMention,
    speaker_of,
)
from timeline.tagging.weighing import Sifted, Weighed, Weigher

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

WHOLE_COUNTRIES = frozenset({"country"})
HISTORIC_DAYS = 400
_SINCE = re.compile(r"\b(since|until|before|after|from the|of the)\s+(the\s+)?\Z", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:However, |But |Meanwhile, )?(?:He|She)\b")
_NO_WORD = re.compile(r"[^\w-]+")
_QUESTION = re.compile(r"\?[\"'”’]?\s*\Z")


class EventFinder:
    def __init__(self, codebook: Codebook, registry: Registry, reader: Reader) -> None:
        self.codebook, self.registry, self.calibration = codebook, registry, reader.calibration
        self.candidates = CandidateFinder(codebook, registry)
        self.weigher = Weigher(codebook, reader, self.candidates)

    def is_worth_parsing(self, text: str, mentions: Mentions) -> bool:
        """Whether a sentence names an actor (or begins with whom the one before named) and is no question."""
        return (bool(mentions.actors) or bool(_PRONOUN.match(text))) and not _QUESTION.search(text)

    def find(self, document: Document, parsed: Iterable[Parsed]) -> Iterator[EventTag]:
        """The events of a document's sentences, in order."""
        everything = list(parsed)
        for one, weighed in zip(
            everything, self.weigher.weigh([self._sift(document, p) for p in everything]), strict=True
        ):
            found: dict[tuple[object, ...], EventTag] = {}
            for event in weighed:
                tag = self._tag(document, one.sentence, one.doc, one.mentions, event)
                key = (tag.type, tag.actors, tag.recipients, tag.modality, tag.occurred)
                if key not in found or found[key].confidence < tag.confidence:
                    found[key] = tag
            yield from found.values()

    def _sift(self, document: Document, one: Parsed) -> Sifted:
        clauses = self.candidates.clauses(one.sentence, one.doc, one.mentions, one.carried)
        return Sifted(
            one.doc,
            clauses,
            self.candidates.find(document, one.doc, clauses),
            self.candidates.tops(document, clauses),
        )

    def _tag(self, document: Document, sentence: Sentence, doc: Doc, mentions: Mentions, weighed: Weighed) -> EventTag:
        found = weighed.candidate
        frame, word = found.frame, found.word
        kind = self.codebook.kinds[frame.type]
        when, occurred = self._when(document, sentence, doc, mentions, word)
        modality, occurred = _fit(found.modality, occurred, document.published_on)
        where = self._where(sentence, doc, mentions, word)
        speaker = speaker_of(mentions.speakers, sentence.begin + word.idx)
        text = document.text[sentence.begin : sentence.end]
        confidences = {name: round(self.calibration.share(name, share), 3) for name, share in weighed.shares.items()}
        speaker_is_actor = speaker is not None and speaker.actor in {p.slug for p in found.actors}
        return EventTag(
            sentence_no=sentence.number,
            begin=sentence.begin,
            end=sentence.end,
            type=frame.type,
            mode=frame.mode,
            contexts=self._contexts(text),
            quad=kind.quad,
            intensity=kind.intensity_of(frame.mode),
            modality=modality,
            actors=tuple(p.slug for p in found.actors),
            recipients=tuple(p.slug for p in found.recipients),
            occurred=occurred,
            verb=word.text,
            spans=tuple(_spans(document, sentence, doc, found, when, where, speaker, mentions)),
            confidence=round(self.calibration.share("event", math.prod(weighed.shares.values())), 3),
            confidences=confidences,
            place=where.place if where else "",
            speaker="" if speaker is None or speaker_is_actor else speaker.actor,
            speaker_text="" if speaker is None or speaker_is_actor else speaker.text,
            why=found.why,
            alternatives=weighed.types,
        )

    def _when(
        self, document: Document, sentence: Sentence, doc: Doc, mentions: Mentions, word: Token
    ) -> tuple[DateMention | None, Occurred]:
        """The date that hangs on the word, or on what it hangs on; otherwise on or before publication."""
        dated = [m for m in mentions.dates if m.first and m.last and not _SINCE.search(document.text[: m.begin][-20:])]
        for owner in _owners(word):
            for mention in dated:
                tokens = tokens_of(doc, mention.begin - sentence.begin, mention.end - sentence.begin)
                if tokens and _hangs_on(tokens, owner) and mention.first and mention.last:
                    until = mention.last if mention.last != mention.first else None
                    return mention, Occurred(
                        mention.first, mention.precision, until if mention.precision == "span" else None
                    )
        return None, Occurred(document.published_on, "unknown")

    def _where(self, sentence: Sentence, doc: Doc, mentions: Mentions, word: Token) -> PlaceMention | None:
        inside = {t.i for t in word.subtree}
        found = []
        for mention in mentions.places:
            tokens = tokens_of(doc, mention.begin - sentence.begin, mention.end - sentence.begin)
            if tokens and tokens[0].i in inside and self.registry.places[mention.place].kind not in WHOLE_COUNTRIES:
                found.append((abs(tokens[0].i - word.i), mention))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _contexts(self, text: str) -> tuple[str, ...]:
        folded = f" {_NO_WORD.sub(' ', text.lower())} "
        return tuple(sorted(n for n, words in self.codebook.contexts.items() if any(f" {w} " in folded for w in words)))


def _owners(word: Token) -> Iterator[Token]:
    """The word, and what it hangs on: their dates are its own, as far as its clause goes."""
    for owner in (word, *list(word.ancestors)[:2]):
        if owner is word or word.pos_ == "VERB" or owner.pos_ in ("VERB", "AUX"):
            yield owner
        if owner.dep_ == "relcl" and _is_within(owner):
            yield owner.head
        if owner.dep_ in ("ccomp", "relcl", "ROOT"):
            return


def _is_within(verb: Token) -> bool:
    """Whether it happened within what its clause describes: "Saturday's raid, in which … were killed"."""
    return any(
        child.dep_ in ("prep", "advmod") and any(w.lower_ in ("which", "where", "when") for w in child.subtree)
        for child in verb.children
    )


def _hangs_on(date: Sequence[Token], owner: Token) -> bool:
    """Whether no other verb stands between a date and its owner; "last week's raid" dates the raid alone."""
    owned = next((token for token in date if token.dep_ == "poss"), None)
    if owned is not None:
        return owned.head == owner
    for ancestor in date[0].ancestors:
        if ancestor == owner:
            return True
        if ancestor.pos_ == "VERB":
            return False
    return False


def _fit(modality: str, occurred: Occurred, published_on: date) -> tuple[str, Occurred]:
    """Nothing asserted lies in the future, and what lies long ago is history."""
    if modality == "asserted" and occurred.precision != "unknown":
        if occurred.on > published_on:
            return "planned", occurred
        if (published_on - occurred.on).days > HISTORIC_DAYS:
            return "historical", occurred
    return modality, occurred


def _spans(
    document: Document,
    sentence: Sentence,
    doc: Doc,
    found: Candidate,
    when: DateMention | None,
    where: PlaceMention | None,
    speaker: SpeakerMention | None,
    mentions: Mentions,
) -> Iterable[RoleSpan]:
    base = sentence.begin
    everything: tuple[ActorMention | PlaceMention, ...] = (*mentions.places, *mentions.actors)
    named = {
        token.i: mention for mention in everything for token in tokens_of(doc, mention.begin - base, mention.end - base)
    }
    for role, parties in (("actor", found.actors), ("recipient", found.recipients)):
        for party in parties:
            mention, token = named.get(party.token), doc[party.token]
            begin, end = (mention.begin, mention.end) if mention else (base + token.idx, base + token.idx + len(token))
            yield RoleSpan(role, begin, end, document.text[begin:end], party.slug)
    word = found.word
    yield RoleSpan("verb", base + word.idx, base + word.idx + len(word), word.text, found.frame.type)
    if when:
        yield RoleSpan("date", when.begin, when.end, when.text, when.value)
    if where:
        yield RoleSpan("place", where.begin, where.end, where.text, where.place)
    if speaker:
        yield from speaker.spans(document.text)
