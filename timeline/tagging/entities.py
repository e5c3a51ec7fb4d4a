"""Finds what a text names and describes: people, bodies, places, peoples, days, amounts, arms. English; pure.

names (registry → gazetteer → spaCy's entities → capitals, each typed by its last noun where that says more) → noun
phrases around a name or a noun of `data/entities.yaml` → pronouns → values (dates, money, measures, counts) → nested
mentions in reading order. A name without `ref` proposes an actor that the registry does not know.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from timeline.tagging.parser import recognise
from timeline.tagging.records import Document, EntityMention, PlaceMention, Registry, Sentence, Tags
from timeline.tagging.wordlists import load_wordlist, word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

PERSON, ORGANISATION, PLACE, NATIONALITY = "person", "organisation", "place", "nationality"
NAME, DESCRIPTION, PRONOUN, VALUE = "name", "description", "pronoun", "value"
_FROM_SPACY = {
    "PERSON": PERSON,
    "ORG": ORGANISATION,
    "GPE": PLACE,
    "LOC": PLACE,
    "FAC": PLACE,
    "NORP": NATIONALITY,
    "DATE": "date",
    "TIME": "date",
    "MONEY": "money",
    "QUANTITY": "quantity",
    "PERCENT": "quantity",
    "CARDINAL": "quantity",
    "LAW": "document",
    "WORK_OF_ART": "document",
}
_ARTICLES = frozenset({"the", "a", "an"})
_COUNTED_APART = frozenset({"weapon", "vehicle", "platform", PLACE, "document"})
_NOT_OF_IT = frozenset({"relcl", "acl", "appos", "conj", "cc", "punct", "advmod", "mark", "preconj"})
_COORDINATES = re.compile(r"\d{1,3}(?:\.\d+|°\d{1,2}[′']\d{1,2}[″\"])°?\s?[NS]?[;,]?\s\d{1,3}(?:\.\d+|°\d{1,2}[′']\d{1,2}[″\"])°?\s?[EW]?")


@dataclass(frozen=True, slots=True)
class Nouns:
    """noun → kind, for one and for several; `of_whom`, `titles`, `pronouns`, `units` as the file has them."""

    one: Mapping[str, str]
    several: Mapping[str, str]
    of_whom: frozenset[str]
    titles: frozenset[str]
    pronouns: Mapping[str, str]
    units: frozenset[str]


@cache
def load_nouns() -> Nouns:
    lists = load_wordlist("entities")
    kinds = {"people": PERSON, "places": PLACE, "weapons": "weapon", "vehicles": "vehicle", "platforms": "platform"}
    kinds |= {"documents": "document", "groups": ORGANISATION}
    one = {word: kind for name, kind in kinds.items() for word in lists[name].split()}
    return Nouns(
        one,
        {word: ORGANISATION if kind == PERSON else kind for word, kind in one.items()},
        word_set(lists["of_whom"]),
        word_set(lists["titles"]),
        {word: kind for kind, words in lists["pronouns"].items() for word in words.split()},
        word_set(lists["units_of_measure"]),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A stretch of a sentence's characters."""

    begin: int
    end: int
    kind: str
    form: str
    ref: str = ""


class EntityFinder:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.nouns = load_nouns()

    def find(
        self, document: Document, tags: Tags, places: Sequence[PlaceMention] = ()
    ) -> tuple[EntityMention, ...]:
        """In reading order, the outer before the inner. `places`: all that the gazetteer finds, actors or not."""
        if document.lang != "en":
            return ()
        texts = [document.text[s.begin : s.end] for s in tags.sentences]
        return tuple(
            EntityMention(
                sentence.begin + one.begin,
                sentence.begin + one.end,
                doc.text[one.begin : one.end],
                one.kind,
                one.form,
                one.ref,
            )
            for sentence, doc in zip(tags.sentences, recognise(texts), strict=True)
            for one in _tidy(_SentenceReading(self, doc, self._known(tags, places, sentence)).find(), doc)
        )

    def _known(self, tags: Tags, places: Sequence[PlaceMention], sentence: Sentence) -> list[_Found]:
        """Names of registry and gazetteer that lie in a sentence; the registry's first."""
        found = []
        for actor in tags.actors:
            if actor.rule not in ("role", "title") and sentence.begin <= actor.begin and actor.end <= sentence.end:
                kind = self._kind_of(actor.actor, actor.text)
                found.append((actor, _Found(0, 0, kind, NAME, actor.actor)))
        for place in (*tags.places, *places):
            if sentence.begin <= place.begin and place.end <= sentence.end:
                kind = NATIONALITY if place.kind == "adjective" else PLACE
                found.append((place, _Found(0, 0, kind, NAME, place.place)))
        return [
            _Found(m.begin - sentence.begin, m.end - sentence.begin, one.kind, one.form, one.ref) for m, one in found
        ]

    def _kind_of(self, slug: str, text: str) -> str:
        actor = self.registry.actors[slug]
        if actor.kind == "person":
            return PERSON
        aliases = {alias.kind for alias in actor.aliases if alias.text.lower() == text.lower()}
        if "demonym" in aliases:
            return NATIONALITY
        is_land = actor.kind == "state" or "capital" in aliases or "building" in aliases
        return PLACE if is_land else ORGANISATION


class _SentenceReading:
    def __init__(self, finder: EntityFinder, doc: "Doc", known: Sequence[_Found]) -> None:
        self.nouns, self.doc = finder.nouns, doc
        self.names = list(self._names(known))
        self.at = {i: one for one in reversed(self.names) for i in self._tokens(one)}

    def find(self) -> Iterator[_Found]:
        yield from self.names
        yield from self._values()
        for token in self.doc:
            kind = self.nouns.pronouns.get(token.lower_, "")
            if kind and token.pos_ in ("PRON", "ADV"):
                yield _Found(token.idx, token.idx + len(token), kind, PRONOUN)
        chunks = list(self.doc.noun_chunks)
        for chunk in chunks:
            yield from self._phrases(chunk)
        yield from self._addresses()

    def _tokens(self, one: _Found) -> range:
        span = self.doc.char_span(one.begin, one.end, alignment_mode="expand")
        return range(span.start, span.end) if span is not None else range(0)

    def _names(self, known: Sequence[_Found]) -> Iterator[_Found]:
        taken: set[int] = set()
        spacy = [
            _Found(*self._bounds(ent), _FROM_SPACY[ent.label_], NAME)
            for ent in self.doc.ents
            if _FROM_SPACY.get(ent.label_) in (PERSON, ORGANISATION, PLACE, NATIONALITY)
            and any(token.pos_ == "PROPN" or token.text[:1].isupper() for token in ent)
        ]
        for one in sorted((*known, *spacy), key=lambda o: (-(o.end - o.begin), not o.ref)):
            tokens = set(self._tokens(one))
            if tokens and not tokens & taken:
                taken |= tokens
                yield self._typed(one)

    def _typed(self, one: _Found) -> _Found:
        """By its last noun: "Idlib Province" is a place, "Tabriz University" a body."""
        tokens = self._tokens(one)
        last = self.doc[tokens[-1]].lower_
        kind = self.nouns.one.get(last, "") if len(tokens) > 1 and not one.ref else ""
        if one.kind == NATIONALITY and self.doc[tokens[-1]].tag_ in ("NNPS", "NNS"):
            kind = ORGANISATION
        return _Found(one.begin, one.end, kind or one.kind, one.form, one.ref)

    def _bounds(self, ent: "Span") -> tuple[int, int]:
        first, last = ent.start, ent.end
        while first < last - 1 and self.doc[first].lower_ in _ARTICLES:
            first += 1
        while last - 1 > first and self.doc[last - 1].tag_ in ("POS", "HYPH", ","):
            last -= 1
        return self.doc[first].idx, self.doc[last - 1].idx + len(self.doc[last - 1])

    def _phrases(self, chunk: "Span") -> Iterator[_Found]:
        """The whole phrase around its head, when the head's kind is known."""
        head = chunk.root
        if head.pos_ == "PRON" or head.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT"):
            return
        kind = self._kind(head)
        if not kind:
            return
        first, last = self._first(chunk, kind), head.i + 1
        is_name = head.i in self.at
        if is_name:
            last = max(last, self._tokens(self.at[head.i])[-1] + 1)
        end = self._of(head, last)
        begin_at = self.doc[first].idx
        form = NAME if is_name else DESCRIPTION
        ref = self.at[head.i].ref if is_name else ""
        yield _Found(begin_at, self._end(end), kind, form, ref)

    def _end(self, last: int) -> int:
        return self.doc[last - 1].idx + len(self.doc[last - 1])

    def _kind(self, head: "Token") -> str:
        if head.i in self.at:
            one = self.at[head.i]
            return ORGANISATION if one.kind == NATIONALITY and head.tag_ in ("NNPS", "NNS") else one.kind
        word, lemma = head.lower_, head.lemma_.lower()
        if head.tag_ in ("NNS", "NNPS"):
            return self.nouns.several.get(word) or self.nouns.several.get(lemma, "")
        return self.nouns.one.get(word) or self.nouns.one.get(lemma, "")

    def _first(self, chunk: "Span", kind: str) -> int:
        first = chunk.start
        if kind in _COUNTED_APART:
            while first < chunk.root.i and self.doc[first].pos_ == "NUM":
                first += 1
        return first

    def _of(self, head: "Token", last: int) -> int:
        """Where "of Iraq" behind a government, a town, an office ends."""
        if head.lemma_.lower() not in self.nouns.of_whom:
            return last
        for child in head.rights:
            if child.lower_ == "of" and child.i == last:
                for grandchild in child.rights:
                    if grandchild.dep_ == "pobj" and (grandchild.pos_ == "PROPN" or grandchild.i in self.at):
                        return grandchild.i + 1
        return last

    def _addresses(self) -> Iterator[_Found]:
        """ "Palmyra, Syria": two places, a comma between."""
        places = sorted((o for o in self.names if o.kind == PLACE), key=lambda o: o.begin)
        for one, other in zip(places, places[1:], strict=False):
            if self.doc.text[one.end : other.begin] == ", ":
                yield _Found(one.begin, other.end, PLACE, NAME)

    def _values(self) -> Iterator[_Found]:
        for ent in self.doc.ents:
            kind = _FROM_SPACY.get(ent.label_, "")
            if kind in ("date", "money", "quantity"):
                begin, end = self._bounds(ent)
                yield _Found(begin, end, kind, VALUE)
            elif kind == "document":
                yield _Found(ent.start_char, ent.end_char, kind, NAME)
        for match in _COORDINATES.finditer(self.doc.text):
            yield _Found(*match.span(), "coordinates", VALUE)


def _tidy(found: Iterable[_Found], doc: "Doc") -> list[_Found]:
    """One kind a stretch, the first said; the outer before the inner."""
    kept: dict[tuple[int, int], _Found] = {}
    for one in found:
        kept.setdefault((one.begin, one.end), one)
    return sorted(kept.values(), key=lambda o: (o.begin, -o.end))
