"""Finds entities sentence by sentence: names, phrases, values, pronouns, in this order. English; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from timeline.tagging.entities.naming import ACRONYM, Names, people_named
from timeline.tagging.entities.nouns import (
    NAME,
    NATIONALITY,
    ORGANISATION,
    PERSON,
    PLACE,
    PRONOUN,
    Found,
    Nouns,
    load_nouns,
)  # fmt: skip
from timeline.tagging.entities.phrases import Phrases
from timeline.tagging.entities.values import Values
from timeline.tagging.parser import recognise
from timeline.tagging.records import ActorMention, Document, EntityMention, PlaceMention, Registry, Sentence

if TYPE_CHECKING:
    from spacy.tokens import Doc

_WIDE = frozenset({"country", "admin1", "region", "adjective", "state", "sea"})
_FOOTNOTE = re.compile(r"[.,;]?(?:\[\d{1,3}\])+\Z")


class EntityFinder:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.nouns = load_nouns()

    def find(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        actors: Sequence[ActorMention],
        places: Sequence[PlaceMention],
    ) -> tuple[EntityMention, ...]:
        """In reading order, the outer before the inner. `places`: the gazetteer's too, actors or not."""
        if document.lang != "en":
            return ()
        docs = list(recognise(document.text[s.begin : s.end] for s in sentences))
        people = people_named(docs, self.nouns)
        return tuple(
            EntityMention(
                sentence.begin + one.begin,
                sentence.begin + one.end,
                doc.text[one.begin : one.end],
                one.kind,
                one.form,
                one.ref,
            )
            for sentence, doc in zip(sentences, docs, strict=True)
            for one in _tidy(
                _Reading(self.nouns, doc, Names(self.nouns, doc, self._known(actors, places, sentence), people)).find()
            )
        )

    def _known(self, actors: Sequence[ActorMention], places: Sequence[PlaceMention], sentence: Sentence) -> list[Found]:
        """Names of registry and gazetteer that lie in a sentence; the registry's first."""
        found = [
            Found(m.begin, m.end, self._kind_of(m.actor, m.text), NAME, m.actor, is_state=self._is_state(m.actor))
            for m in actors
            if m.rule not in ("role", "title")
        ]
        found += [
            Found(m.begin, m.end, kind, NAME, m.place, m.kind in _WIDE, m.kind == "country")
            for m in places
            for kind in (NATIONALITY if m.kind == "adjective" else PLACE,)
        ]
        return [
            replace(one, begin=one.begin - sentence.begin, end=one.end - sentence.begin)
            for one in found
            if sentence.begin <= one.begin and one.end <= sentence.end
        ]

    def _is_state(self, slug: str) -> bool:
        return self.registry.actors[slug].kind == "state"

    def _kind_of(self, slug: str, text: str) -> str:
        actor = self.registry.actors[slug]
        if actor.kind == "person":
            return PERSON
        aliases = {alias.kind for alias in actor.aliases if alias.text.lower() == text.lower()}
        if "demonym" in aliases:
            return NATIONALITY
        is_land = actor.kind == "state" or "capital" in aliases or "building" in aliases
        return PLACE if is_land else ORGANISATION


def propose_actors(entities: Iterable[EntityMention]) -> list[tuple[str, str, int]]:
    """(name, kind, mentions) of people and organisations that the registry has not, the most mentioned first."""
    named = [one for one in entities if one.form == NAME and not one.ref and one.kind in (PERSON, ORGANISATION)]
    known = {one.begin for one in entities if one.ref}
    counted = Counter((one.text, one.kind) for one in named if one.begin not in known and one.text[:1].isupper())
    return [(text, kind, n) for (text, kind), n in counted.most_common()]


class _Reading:
    """A parsed sentence; what is said first of a stretch holds."""

    def __init__(self, nouns: Nouns, doc: Doc, names: Names) -> None:
        self.nouns, self.doc, self.names = nouns, doc, names

    def find(self) -> Iterator[Found]:
        """Footnote marks and a possessive's ending are no part of it."""
        for one in self._all():
            words = self.doc.text[one.begin : one.end]
            mark = _FOOTNOTE.search(words)
            words = words[: mark.start()] if mark else words
            words = words.removesuffix("'s").removesuffix("’s")
            if words:
                yield replace(one, end=one.begin + len(words))

    def _all(self) -> Iterator[Found]:
        phrases = list(Phrases(self.nouns, self.doc, self.names).find())
        yield from phrases
        for one in self.names.all:
            if not self._is_only_whole(one, phrases):
                yield one
        yield from self.names.introduced()
        yield from self.names.inner()
        yield from Values(self.nouns, self.doc).find([one for one in phrases if one.kind in (PERSON, ORGANISATION)])
        for token in self.doc:
            kind = self.nouns.pronouns.get(token.lower_, "")
            if kind and token.tag_ != "PRP$" and token.tag_ != "EX" and token.pos_ in ("PRON", "ADV"):
                yield Found(token.idx, token.idx + len(token), kind, PRONOUN)
        yield from self._addresses()

    def _is_only_whole(self, one: Found, phrases: Sequence[Found]) -> bool:
        """ "the EU", "the Government of Iraq", "the Council": said with its article, or as part of a body, alone."""
        words = self.doc.text[one.begin : one.end]
        around = [
            p for p in phrases if p.begin <= one.begin and one.end <= p.end and (p.begin, p.end) != (one.begin, one.end)
        ]
        is_whole = any((p.begin, p.end) == (one.begin - 4, one.end) for p in around)
        if is_whole and (" of " in words or ACRONYM.fullmatch(words)):
            return True
        return words.lower() in self.nouns.lists["groups"] and any(p.kind == ORGANISATION for p in around)

    def _addresses(self) -> Iterator[Found]:
        """ "Palmyra, Syria": two places, a comma between, and no list of them."""
        places = sorted((o for o in self.names.all if o.kind == PLACE), key=lambda o: o.begin)
        joined = [self.doc.text[a.end : b.begin] in (", ", ", the ") for a, b in pairwise(places)]
        for index, is_joined in enumerate(joined):
            is_list = joined[index + 1 : index + 2] == [True] or (index and joined[index - 1])
            one, other = places[index], places[index + 1] if is_joined else places[index]
            if is_joined and not is_list and not self.doc.text[other.end :].startswith((" and ", ", and ")):
                yield Found(one.begin, other.end, PLACE, NAME)


def _tidy(found: Iterable[Found]) -> list[Found]:
    """One kind a stretch, the first said; the outer before the inner."""
    kept: dict[tuple[int, int], Found] = {}
    for one in found:
        kept.setdefault((one.begin, one.end), one)
    return sorted(kept.values(), key=lambda o: (o.begin, -o.end))
