"""Noun phrases around a name or a noun of a known kind: where they begin and end. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from timeline.tagging.entities.naming import Names
from timeline.tagging.entities.nouns import (
    ARMS,
    DESCRIPTION,
    NAME,
    ORGANISATION,
    PERSON,
    PLACE,
    Found,
    Nouns,
    end_of,
)  # fmt: skip

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_COUNTED_APART = ARMS | {PLACE, "document"}
_SIDES = frozenset({"north", "south", "east", "west"})
_JOINED = 5  # words between two halves of one group


class Phrases:
    def __init__(self, nouns: Nouns, doc: Doc, names: Names) -> None:
        self.nouns, self.doc, self.names, self.at = nouns, doc, names, names.at

    def find(self) -> Iterator[Found]:
        for chunk in self.doc.noun_chunks:
            yield from self._phrases(chunk)

    def _phrases(self, chunk: Span) -> Iterator[Found]:
        """The whole phrase around its head, when the head's kind is known; whose it is, within."""
        head = chunk.root
        for token in chunk:
            if token.dep_ == "poss" and token.pos_ != "PRON" and (kind := self._kind(token)):
                form = NAME if token.i in self.at else DESCRIPTION
                yield Found(self.doc[token.left_edge.i].idx, token.idx + len(token), kind, form)
        kind = "" if head.pos_ == "PRON" or head.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT") else self._kind(head)
        if not kind:
            return
        name = self.at.get(head.i)
        last = head.i + 1
        if name:
            if self.names.tokens(name)[0] < chunk.start:
                return
            last = max(last, self.names.tokens(name)[-1] + 1)
        elif self._is_second(head, kind) or self._is_bare(chunk, kind):
            return
        else:
            last = self._joined(head, kind, last)
        first, last = self._first(chunk, kind), self._of(head, last)
        form, ref = (NAME, name.ref) if name else (DESCRIPTION, "")
        yield Found(self.doc[first].idx, end_of(self.doc, last), kind, form, ref)

    def _is_bare(self, chunk: Span, kind: str) -> bool:
        """ "on land", "as president": one word that tells of no certain one."""
        return len(chunk) == 1 and (kind in (PLACE, "document") or (kind == PERSON and chunk.root.tag_ == "NN"))

    def _joined(self, head: Token, kind: str, last: int) -> int:
        """ "women and children": one group."""
        for other in head.conjuncts:
            if other.i > head.i and self._is_second(other, kind) and other.i - head.i <= _JOINED:
                last = max(last, other.i + 1)
        return last

    def _is_second(self, head: Token, kind: str) -> bool:
        """Whether a group without an article follows "and" behind another group."""
        if kind != ORGANISATION or head.dep_ != "conj" or head.tag_ != "NNS" or head.i in self.at:
            return False
        before = head.head
        if any(child.dep_ in ("det", "poss") for child in head.children) or before.tag_ != "NNS" or before.i in self.at:
            return False
        return self._kind(before) == kind and head.i - before.i <= _JOINED

    def _kind(self, head: Token) -> str:
        if head.i in self.at:
            return self.at[head.i].kind
        kinds = self.nouns.several if head.tag_ in ("NNS", "NNPS") else self.nouns.one
        word, lemma = head.lower_, head.lemma_.lower()
        before = self.doc[head.i - 1].lower_ if head.i else ""
        for key in (f"{before}-{lemma}", word, lemma):
            if key in kinds:
                return kinds[key]
        return ""

    def _first(self, chunk: Span, kind: str) -> int:
        """Behind loose words, behind counts of things, behind "a" of a bare weapon."""
        first, head = chunk.start, chunk.root.i
        outside = self.nouns.lists["loose"] | (self.nouns.lists["locative"] - _SIDES)
        while first < head and (self.doc[first].lower_ in outside or self.doc[first].is_punct):
            first += 1
        if first and self.doc[first].lower_ in ("than", "least", "most") and self.doc[first + 1].pos_ == "NUM":
            first -= 1
        if kind in _COUNTED_APART or chunk.root.lemma_.lower() in self.nouns.lists["counted"]:
            while first < head and (
                self.doc[first].pos_ == "NUM" or self.doc[first].lower_ in self.nouns.lists["about"]
            ):
                if self.doc[first].lower_ == "the" and self.doc[first + 1].pos_ != "NUM":
                    break
                first += 1
        if kind in ARMS and first == head - 1 and self.doc[first].lower_ in ("a", "an"):
            first += 1
        return first

    def _of(self, head: Token, last: int) -> int:
        """Where "of Iraq" behind a government, a town, an office ends."""
        if head.lemma_.lower() not in self.nouns.lists["of_whom"]:
            return last
        for child in head.rights:
            if child.lower_ == "of" and child.i == last:
                for grandchild in child.rights:
                    if grandchild.dep_ == "pobj" and (grandchild.pos_ == "PROPN" or grandchild.i in self.at):
                        name = self.at.get(grandchild.i)
                        return max(grandchild.i, self.names.tokens(name)[-1] if name else 0) + 1
        return last
