"""Candidates for events: words of a parsed sentence that the codebook knows, with who stands on either side. Pure."""

from __future__ import annotations  # spaCy's types are named, never needed, when this runs

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timeline.tagging.clauses import SUBJECTS, Clauses, Party
from timeline.tagging.codebook import Codebook, Frame
from timeline.tagging.frames import frame_of, is_predicate, verb_frame
from timeline.tagging.records import (
    ActorMention,
    DateMention,
    Document,
    PlaceMention,
    Registry,
    Sentence,
    SpeakerMention,
)
from timeline.tagging.rollup import stands_for

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

RECIPIENT_PREPS = (
    "against",
    "on",
    "at",
    "to",
    "with",
    "from",
    "toward",
    "towards",
    "into",
    "of",
    "for",
    "in",
    "over",
    "between",
)
TARGETING = frozenset({"target", "involve"})
ALONE = frozenset({"PROTEST", "MOBILIZE", "REQUEST"})  # types that need no recipient
# Deeds done by word: what stands behind "on" or "in" there is a topic or a place, nobody's side.
BY_WORD = frozenset({"AGREE", "CONSULT", "SUPPORT", "COOPERATE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})
TOPIC_PREPS = frozenset({"on", "over", "in", "at", "into"})
SPEECH = frozenset({"AGREE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})  # types whose content is no event of its own
HANGING = frozenset({"xcomp", "ccomp", "pcomp", "prep", "dobj", "pobj", "acl"})
OBJECT_NEARNESS = 0.8  # of the object itself or what stands before it, not behind its prepositions
LOOSE = frozenset({"nsubj", "aux", "punct", "advmod", "npadvmod", "mark", "cc", "conj", "prep", "advcl"})
LEAVING = frozenset({"RETREAT", "CONCEDE", "COOPERATE"})  # nouns whose "from" is no doer ("withdrawal from Syria")
DEMAND = Frame("must", "REQUEST", "change", line="must")
OBJECT_IS_ENOUGH = frozenset({"AGREE", "REJECT", "RETREAT", "CONCEDE"})  # "abandoned the deal", "closed the talks"


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the other taggers found in the document. `carried`: sentence number → whom "he" or "she" means there."""

    actors: tuple[ActorMention, ...]
    places: tuple[PlaceMention, ...]
    dates: tuple[DateMention, ...]
    speakers: tuple[SpeakerMention, ...] = ()
    carried: Mapping[int, str] = field(default_factory=dict)

    def within(self, begin: int, end: int) -> Mentions:
        """Those that lie in a stretch of text; who says so may reach beyond it."""
        return Mentions(
            tuple(m for m in self.actors if begin <= m.begin and m.end <= end),
            tuple(m for m in self.places if begin <= m.begin and m.end <= end),
            tuple(m for m in self.dates if begin <= m.begin and m.end <= end),
            self.speakers,
        )


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence with its parse and the mentions within it; `carried` is the person that "he" or "she" means there."""

    sentence: Sentence
    doc: Doc
    mentions: Mentions
    carried: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    word: Token
    frame: Frame
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    modality: str
    why: tuple[str, ...]


class CandidateFinder:
    """Finds which words of a parsed sentence may be events, and whose they are."""

    def __init__(self, codebook: Codebook, registry: Registry) -> None:
        self.codebook, self.registry = codebook, registry
        self._states = {actor.country: slug for slug, actor in registry.actors.items() if actor.kind == "state"}

    def find(self, document: Document, doc: Doc, clauses: Clauses) -> tuple[Candidate, ...]:
        """In the order of their words; what is only the content of another is left out."""
        found = {word.i: one for word in doc if (one := self._candidate(document, clauses, word)) is not None}
        return tuple(
            one
            for one in found.values()
            if not _says_no_more(one, found) and not (one.modality != "asserted" and self.is_content(clauses, one.word))
        )

    def is_no_event(self, clauses: Clauses, word: Token) -> bool:
        """Whether the words say so: an object that makes it none, a duty, or what is only asked or promised."""
        if word.pos_ == "VERB":
            frame = verb_frame(self.codebook, clauses, word)
            if clauses.is_duty(word) or (frame is not None and "none" in frame.flags):
                return True
        return self.is_content(clauses, word)

    def is_content(self, clauses: Clauses, word: Token) -> bool:
        """Whether the word stands in what another asks, promises, threatens or refuses: that one is the event."""
        at = word
        for _ in range(5):
            is_joined = at.dep_ == "conj" and not any(child.dep_ in SUBJECTS for child in at.children)
            if at.dep_ not in HANGING and not is_joined:
                return False
            at = at.head
            frame = None if is_joined else frame_of(self.codebook, clauses, at)
            if frame is not None and frame.type in SPEECH:
                return True
        return False

    def does_it(self, clauses: Clauses, word: Token, actors: Sequence[Party]) -> bool:
        """Whether the grammar sees one of the actors do it, to something: a past form alone may be a passive."""
        if word.pos_ == "VERB":
            has_thing = any(child.dep_ not in LOOSE for child in word.children)
            doing = clauses.parties(clauses.subject(word)) if has_thing or word.tag_ not in ("VBD", "VBN") else []
            doing += clauses.parties(clauses.agent(word))
        else:
            near = [c for c in word.children if c.dep_ in ("poss", "compound", "amod", "nmod") and c.i < word.i]
            doing = [p for c in near for p in clauses.parties(c)]
            doing += [*clauses.parties(clauses.agent(word)), *clauses.parties(clauses.subject(word))]
        slugs = {party.slug for party in doing}
        return any(party.slug in slugs for party in actors)

    def done_to(self, clauses: Clauses, word: Token) -> list[Party]:
        """Those whom a verb's direct object names."""
        things = clauses.objects(word) if word.pos_ == "VERB" else ()
        found = [party for thing in things for party in clauses.parties(thing, with_places=True)]
        return [party for party in found if party.nearness >= OBJECT_NEARNESS]

    def is_other_way_round(
        self, clauses: Clauses, word: Token, actors: Sequence[Party], recipients: Sequence[Party]
    ) -> bool:
        """Whether a side is surely the other: the subject of a passive, whom a threat comes from."""
        if word.pos_ == "VERB":
            passive = {party.slug for party in clauses.parties(clauses.passive_subject(word), with_places=True)}
            return any(party.slug in passive for party in actors)
        doers = {party.slug for party in self._first(clauses, word, ("from",))}
        return any(party.slug in doers for party in recipients)

    def clauses(self, sentence: Sentence, doc: Doc, mentions: Mentions, carried: str) -> Clauses:
        """The parsed sentence with the actors and places that stand in it."""
        actors: dict[int, str] = {}
        bystanders: set[int] = set()
        for mention in mentions.actors:
            if mention.rule != "attributive":
                slug = self._whose(doc, mention, mention.end - sentence.begin)
                for token in tokens_of(doc, mention.begin - sentence.begin, mention.end - sentence.begin):
                    actors[token.i] = slug
                    if mention.rule == "people" or self._is_of_strangers(slug, token):
                        bystanders.add(token.i)
        countries: dict[int, str] = {}
        for place in mentions.places:
            country = self.registry.places[place.place].country
            if country in self._states:
                for token in tokens_of(doc, place.begin - sentence.begin, place.end - sentence.begin):
                    countries[token.i] = self._states[country]
        people = frozenset(m.actor for m in mentions.actors if self.registry.actors[m.actor].kind == "person")
        return Clauses(doc, self.codebook.cues, actors, countries, people, frozenset(bystanders), carried)

    def _is_of_strangers(self, slug: str, token: Token) -> bool:
        """Whether a state's adjective is borne by people who do not act for it ("Yemeni fighters")."""
        is_borne = token.dep_ in ("amod", "compound", "poss", "nmod")
        strangers = self.codebook.cues["strangers"]
        return is_borne and self.registry.actors[slug].kind == "state" and token.head.lemma_.lower() in strangers

    def tops(self, document: Document, clauses: Clauses) -> dict[str, str]:
        """For whom each actor and country of the sentence stands on the day of publication: slug → slug."""
        slugs = {*clauses.actors.values(), *clauses.countries.values(), clauses.carried} - {""}
        return {slug: stands_for(self.registry, slug, document.published_on) for slug in slugs}

    def _whose(self, doc: Doc, mention: ActorMention, end: int) -> str:
        """“Israeli military actions” are Israel's: the adjective does not name the force."""
        if mention.text.lower().endswith(" military") and re.match(r"\s+[a-z]+", doc.text[end:]):
            following = doc.char_span(end, end + 2, alignment_mode="expand")
            if following is not None and following[-1].pos_ == "NOUN" and mention.stands_for:
                return mention.stands_for
        return mention.actor

    def _candidate(self, document: Document, clauses: Clauses, word: Token) -> Candidate | None:
        if word.pos_ == "VERB" and clauses.is_duty(word):
            return self._demand(document, clauses, word)
        frame = frame_of(self.codebook, clauses, word)
        if frame is None:
            return None
        sides = self._sides(clauses, word, frame)
        if sides is None:
            return None
        acting = [p for p in sides[0] if p.token not in clauses.bystanders or frame.type == "PROTEST"]
        actors, recipients = self._settle(document, frame, acting, sides[1])
        modality = clauses.modality(word)
        if not actors or not modality or not self._is_enough(frame, actors, recipients, word):
            return None
        if word.pos_ != "VERB" and modality != "asserted" and frame.type != "THREATEN":
            return None
        coded = f"{frame.type}{' / ' + frame.mode if frame.mode else ''}"
        return Candidate(
            word, frame, actors, recipients, modality, (f"“{word.text}” is {frame.line!r} in the codebook: {coded}",)
        )

    def _demand(self, document: Document, clauses: Clauses, word: Token) -> Candidate | None:
        """“Iran must stop, the minister said” asks it of Iran; a duty that nobody speaks of is nothing."""
        governor = clauses.teller(word)
        if governor is None:
            return None
        asked = clauses.passive_subject(word) or clauses.subject(word)
        actors, recipients = self._settle(
            document, DEMAND, clauses.parties(clauses.subject(governor)), clauses.parties(asked)
        )
        if not actors or not recipients:
            return None
        return Candidate(
            word, DEMAND, actors, recipients, "asserted", (f"what “must {word.text}” is asked for: {DEMAND.type}",)
        )

    def _sides(self, clauses: Clauses, word: Token, frame: Frame) -> tuple[list[Party], list[Party]] | None:
        if is_predicate(word) and word.lower_ in self.codebook.adjectives:
            preps = frame.recipient_preps
            recipients = self._first(clauses, word, preps) or self._deep(clauses, word, preps)
            return clauses.parties(clauses.subject(word.head)), recipients
        return self._verb_sides(clauses, word, frame) if word.pos_ == "VERB" else self._noun_sides(clauses, word, frame)

    def _verb_sides(self, clauses: Clauses, verb: Token, frame: Frame) -> tuple[list[Party], list[Party]]:
        passive = clauses.passive_subject(verb)
        if passive is not None:
            actors = clauses.parties(clauses.agent(verb))
            recipients = clauses.parties(passive, with_places=True)
            if frame.recipient_preps and not recipients:
                recipients = self._first(clauses, verb, frame.recipient_preps)
        else:
            actors = clauses.parties(clauses.subject(verb))
            recipients = self._recipients(clauses, verb, frame)
        return (recipients, actors) if "swap" in frame.flags else (actors, recipients)

    def _recipients(self, clauses: Clauses, verb: Token, frame: Frame) -> list[Party]:
        if frame.recipient_preps and (found := self._first(clauses, verb, frame.recipient_preps)):
            return found
        for thing in () if "topic" in frame.flags else clauses.objects(verb):
            if found := clauses.parties(thing, with_places=True):
                return found
        preps = _preps_of(frame)
        if not frame.recipient_preps and (found := self._first(clauses, verb, preps)):
            return found
        for child in verb.children:
            if child.dep_ == "xcomp":
                objects = [p for thing in clauses.objects(child) for p in clauses.parties(thing, with_places=True)]
                if found := objects or self._first(clauses, child, preps):
                    return found
        return []

    def _first(self, clauses: Clauses, word: Token, preps: Iterable[str]) -> list[Party]:
        for thing in clauses.behind(word, tuple(preps)):
            if found := clauses.parties(thing, with_places=True):
                return found
        return []

    def _deep(self, clauses: Clauses, word: Token, preps: Iterable[str]) -> list[Party]:
        """The first actor anywhere behind a preposition: "the level of support received from …"."""
        for prep in word.children:
            if prep.dep_ == "prep" and prep.lower_ in preps:
                for token in prep.subtree:
                    if token.i in clauses.actors:
                        return [Party(clauses.actors[token.i], token.i, 0.6)]
        return []

    def _noun_sides(self, clauses: Clauses, noun: Token, frame: Frame) -> tuple[list[Party], list[Party]] | None:
        if noun.dep_ in ("compound", "amod"):
            return None
        near = [c for c in noun.children if c.dep_ in ("poss", "compound", "amod", "nmod") and c.i < noun.i]
        actors = [p for c in near for p in clauses.parties(c)]
        if by := clauses.agent(noun):
            actors = clauses.parties(by)
        preps = frame.recipient_preps or _preps_of(frame)
        if not actors and frame.type not in LEAVING:  # "threats from Washington"
            actors = self._first(clauses, noun, ("from",))
            preps = tuple(prep for prep in preps if prep != "from")
        recipients = self._first(clauses, noun, preps)
        if not recipients:
            targets = [
                o for c in noun.children if c.dep_ == "acl" and c.lemma_ in TARGETING for o in clauses.objects(c)
            ]
            recipients = [p for target in targets for p in clauses.parties(target, with_places=True)]
        if not recipients and frame.objects:
            recipients = self._deep(clauses, noun, frame.preps)
        if not actors and noun.dep_ == "dobj" and noun.head.lemma_ in ("carry", "conduct", "launch", "hold", "have"):
            return None  # the verb's own frame says it
        if not actors and "reciprocal" in frame.flags:
            return (recipients, []) if len(recipients) > 1 else None
        return actors, recipients

    def _settle(
        self, document: Document, frame: Frame, actors: Sequence[Party], recipients: Sequence[Party]
    ) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
        """Reciprocal events have several actors and no recipient; nobody does anything to their own side."""
        top = {p.slug: stands_for(self.registry, p.slug, document.published_on) for p in (*actors, *recipients)}
        own = {top[p.slug] for p in actors}
        recipients = [p for p in recipients if top[p.slug] not in own]
        if "reciprocal" in frame.flags and recipients:
            return (*actors, *recipients), ()
        return tuple(actors), tuple(recipients)

    def _is_enough(self, frame: Frame, actors: Sequence[Party], recipients: Sequence[Party], word: Token) -> bool:
        if recipients:
            return True
        if "reciprocal" in frame.flags:
            return len({p.slug for p in actors}) > 1
        if word.pos_ != "VERB":
            return False
        if frame.type in ALONE:
            return True
        return frame.type in OBJECT_IS_ENOUGH and bool(frame.objects or frame.particle)


def _preps_of(frame: Frame) -> tuple[str, ...]:
    """Behind which prepositions a recipient may stand when the codebook's line names none."""
    if frame.type not in BY_WORD:
        return RECIPIENT_PREPS
    return tuple(prep for prep in RECIPIENT_PREPS if prep not in TOPIC_PREPS)


def _says_no_more(candidate: Candidate, others: Mapping[int, Candidate]) -> bool:
    """Whether it is the content of another: "offered to mediate" and "threatened to attack" are one event each."""
    for ancestor in list(candidate.word.ancestors)[:2]:
        other = others.get(ancestor.i)
        if other is not None and (other.frame.type == candidate.frame.type or candidate.modality != "asserted"):
            return {p.slug for p in (*other.actors, *other.recipients)} == {
                p.slug for p in (*candidate.actors, *candidate.recipients)
            }
    return False


def tokens_of(doc: Doc, begin: int, end: int) -> list[Token]:
    span = doc.char_span(max(0, begin), end, alignment_mode="expand") if 0 <= begin < len(doc.text) else None
    return list(span) if span is not None else []
