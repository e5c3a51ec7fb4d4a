"""The names of a sentence, each with its kind: registry → gazetteer → spaCy's entities → capitals. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from timeline.tagging.entities.nouns import (
    ARMS,
    FROM_SPACY,
    NAME,
    NATIONALITY,
    ORGANISATION,
    PERSON,
    PLACE,
    Found,
    Nouns,
    end_of,
)  # fmt: skip

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

ACRONYM = re.compile(r"[A-Z][A-Z&.]{0,5}[A-Z]\.?")
_JOINED_CAPITALS = re.compile(r"\b[A-Z]{2,8}[-–][A-Z]{2,8}\b")
_ARTICLES = frozenset({"the", "a", "an"})
_WITHIN_OFFICES = frozenset({"of", "for", "the", "and"})


def people_named(docs: Sequence[Doc], nouns: Nouns) -> frozenset[str]:
    """Words that the document has for people more often than for places: spaCy's votes, and who says or tells."""
    votes: Counter[str] = Counter()
    for doc in docs:
        for ent in doc.ents:
            if ent.label_ in ("PERSON", "GPE", "LOC", "FAC", "ORG"):
                weight = {1: 1}.get(len(ent), 3) if ent.label_ == "PERSON" else -1
                for token in ent:
                    votes[token.text] += weight
        for token in doc:
            if token.pos_ == "PROPN" and token.dep_ == "nsubj" and token.head.lemma_ in nouns.lists["speaking"]:
                votes[token.text] += 1
    unfit = nouns.lists["locative"] | nouns.lists["titles"] | nouns.one.keys() | nouns.lists["peoples"]
    return frozenset(
        word for word, n in votes.items() if n > 1 and word[:1].isupper() and word.lower().rstrip(".") not in unfit
    )


class Names:
    """`all`: those that do not overlap; `at`: token → its name."""

    def __init__(self, nouns: Nouns, doc: Doc, known: Sequence[Found], people: frozenset[str]) -> None:
        self.nouns, self.doc, self.people = nouns, doc, people
        self.known = [one for one in known if self._is_witnessed(one)]
        self.all = list(self._names())
        self.at = {i: one for one in self.all for i in self.tokens(one)}

    def tokens(self, one: Found) -> range:
        span = self.doc.char_span(one.begin, one.end, alignment_mode="expand")
        return range(span.start, span.end) if span is not None else range(0)

    def _is_witnessed(self, one: Found) -> bool:
        """A small place of the gazetteer counts where spaCy sees a place too, or a word of place stands before it."""
        if one.is_sure or one.ref:
            return True
        tokens = self.tokens(one)
        if not tokens or all(self.doc[i].text in self.people for i in tokens):
            return False
        labels = {self.doc[i].ent_type_ for i in tokens}
        if labels & {"GPE", "LOC", "FAC"} and not labels & {"PERSON", "ORG"}:
            return True
        before = self.doc[tokens[0] - 1].lower_ if tokens[0] else ""
        return before in self.nouns.lists["locative"] and "PERSON" not in labels

    def _names(self) -> Iterator[Found]:
        """Names that do not overlap: the longest, of equals the registry's."""
        taken: set[int] = set()
        spacy = [one for ent in self.doc.ents if (one := self._from_spacy(ent))]
        more = [*spacy, *self._by_form(), *self._hyphenated()]
        for one in sorted((*self.known, *more), key=lambda o: (-(o.end - o.begin), not o.ref)):
            tokens = set(self.tokens(one))
            if tokens and not tokens & taken:
                taken |= tokens
                yield self._typed(one)

    def _hyphenated(self) -> Iterator[Found]:
        """ "CJTF-OIR": capitals on both sides of a hyphen are one name."""
        for match in _JOINED_CAPITALS.finditer(self.doc.text):
            yield Found(*match.span(), ORGANISATION, NAME, is_sure=False)

    def _from_spacy(self, ent: Span) -> Found | None:
        kind = FROM_SPACY.get(ent.label_, "")
        if kind not in (PERSON, ORGANISATION, PLACE, NATIONALITY) or not any(t.text[:1].isupper() for t in ent):
            return None
        first, last = ent.start, ent.end
        while first < last - 1 and self.doc[first].lower_ in _ARTICLES | self.nouns.lists["loose"]:
            first += 1
        if first < last - 1 and self.doc[first].lower_ in self.nouns.lists["locative"]:
            first, kind = first + 1, PLACE
        while kind == PERSON and first < last - 1 and self._is_title(first):
            first += 1
        while last - 1 > first and (self.doc[last - 1].tag_ == "POS" or self.doc[last - 1].is_punct):
            last -= 1
        if all(token.text in self.people for token in self.doc[first:last]):
            kind = PERSON
        if last - first == 1 and self.nouns.one.get(self.doc[first].lower_) in ARMS:
            return None  # "a UAV": written like a name
        return Found(self.doc[first].idx, end_of(self.doc, last), kind, NAME, is_sure=False)

    def _is_title(self, at: int) -> bool:
        return self.doc[at].lower_.rstrip(".") in self.nouns.lists["titles"]

    def _by_form(self) -> Iterator[Found]:
        """Capitals in the middle of a sentence: acronyms, "the Coalition"; words of people named in full elsewhere."""
        is_shouted = self.doc.text.isupper()
        for token in self.doc:
            if token.ent_type_ and token.text not in self.people:
                continue
            is_body = token.i and token.text[:1].isupper() and token.lower_ in self.nouns.lists["groups"]
            is_body = is_body and self.doc[token.i - 1].lower_ not in ("of", "in")
            is_acronym = ACRONYM.fullmatch(token.text) and token.lower_ not in self.nouns.one
            if token.lower_ in self.nouns.lists["peoples"] and token.text[:1].isupper():
                yield Found(token.idx, token.idx + len(token), NATIONALITY, NAME, is_sure=False)
            elif token.text in self.people:
                yield Found(token.idx, token.idx + len(token), PERSON, NAME, is_sure=False)
            elif (is_body or is_acronym) and not is_shouted and token.pos_ in ("PROPN", "NOUN", "AUX", "ADJ"):
                yield Found(token.idx, token.idx + len(token), ORGANISATION, NAME, is_sure=False)

    def _typed(self, one: Found) -> Found:
        """By its last noun ("Idlib Province" is a place), by number ("Syrians"), by what a state does."""
        tokens = self.tokens(one)
        last = self.doc[tokens[-1]]
        kind = one.kind
        if not one.ref and len(tokens) > 1:
            kind = self.nouns.one.get(last.lower_, kind)
        if kind == NATIONALITY and last.tag_ in ("NNPS", "NNS"):
            kind = ORGANISATION
        if kind == PLACE and one.is_state and self._acts(tokens[0], last):
            kind = ORGANISATION
        return replace(one, kind=kind)

    def _acts(self, first: int, last: Token) -> bool:
        """Whether a state does something, or is named with its article and nothing says that it is where."""
        if last.dep_ == "nsubj" and last.head.pos_ == "VERB":
            return True
        if not first or self.doc[first - 1].lower_ != "the" or last.dep_ in ("compound", "poss", "nmod"):
            return False
        return first == 1 or self.doc[first - 2].lower_ not in self.nouns.lists["locative"] - {"of", "to", "by"}

    def introduced(self) -> Iterator[Found]:
        """ "Secretary of State John Kerry": a person's name with the office in capitals before it."""
        for name in self.all:
            tokens = self.tokens(name)
            first = tokens[0] if name.kind == PERSON and tokens else 0
            begin, has_title = first, False
            while begin and self._may_be_of_office(begin - 1):
                begin -= 1
                has_title = has_title or self._is_title(begin)
            while begin < first and self.doc[begin].lower_ in _WITHIN_OFFICES - {"the"}:
                begin += 1
            if has_title and begin < first:
                yield Found(self.doc[begin].idx, name.end, PERSON, NAME, name.ref)

    def inner(self) -> Iterator[Found]:
        """Peoples and places within longer names: "the [Syrian] Computer Society"."""
        for one in self.known:
            if one.kind in (NATIONALITY, PLACE) and (one.is_sure or one.ref) and one not in self.all:
                yield one
        for token in self.doc:
            if token.lower_ in self.nouns.lists["peoples"] and token.text[:1].isupper():
                yield Found(token.idx, token.idx + len(token), NATIONALITY, NAME)

    def _may_be_of_office(self, at: int) -> bool:
        return self.doc[at].text[:1].isupper() or self.doc[at].lower_ in _WITHIN_OFFICES
