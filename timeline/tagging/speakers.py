"""Who says so: the attributions of parsed sentences, with the actor whom the registry knows behind each source. Pure.

The speaker of a quotation may stand in another sentence than the event that is told in it; `find_beside` names those
sentences, so that they are parsed too.
"""

from __future__ import annotations  # spaCy's types are named, never needed, when this runs

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from timeline.tagging.attribution_spans import Place, find_quotations, is_one_speech
from timeline.tagging.attributions import Attribution, AttributionFinder
from timeline.tagging.candidates import CandidateFinder, Parsed, tokens_of
from timeline.tagging.clauses import Clauses
from timeline.tagging.codebook import Codebook
from timeline.tagging.records import UNNAMED, Document, Registry, Sentence, SpeakerMention
from timeline.tagging.wordlists import load_wordlist, word_set

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_LISTS = load_wordlist("claims")
_NOT_CLAIMS = word_set(_LISTS["not_claims"])
_BEFORE, _WHO = ("|".join(sorted(word_set(_LISTS[name]))) for name in ("unnamed_before", "unnamed"))
_UNNAMED = re.compile(rf"\b(?:(?:\w+\s+){{0,2}}sources?|(?:{_BEFORE})\s+(?:\w+\s+){{0,3}}(?:{_WHO}))\b", re.IGNORECASE)
_PERSON = frozenset({"he", "she"})
_PRONOUNS = _PERSON | {"it", "they"}


class SpeakerFinder:
    def __init__(self, codebook: Codebook, registry: Registry) -> None:
        self.candidates = CandidateFinder(codebook, registry)
        self.attributions = AttributionFinder()

    def find(self, document: Document, parsed: Sequence[Parsed]) -> tuple[SpeakerMention, ...]:
        """In reading order. Where the text names nobody ("it was reported"), and where somebody asks, wishes or thinks,
        there is no speaker."""
        by_number = {one.sentence.number: one for one in parsed}
        found = self.attributions.find(document.text, [(one.sentence, one.doc) for one in parsed])
        return tuple(
            self._speaker(document, by_number[one.sentence_no], one, one.source)
            for one in found
            if one.source and one.content and one.is_clause and one.word not in _NOT_CLAIMS
        )

    def find_beside(self, text: str, sentences: Sequence[Sentence], chosen: Collection[int]) -> frozenset[int]:
        """Numbers of the sentences that may say whose the quotations are that reach into the chosen ones."""
        quotations = find_quotations(text)
        if not quotations:
            return frozenset()
        found = set()
        for at, sentence in enumerate(sentences):
            if sentence.number in chosen:
                found |= {sentences[other].number for other in _around(text, sentences, at, quotations)}
        return frozenset(found.difference(chosen))

    def _speaker(self, document: Document, parsed: Parsed, said: Attribution, source: Place) -> SpeakerMention:
        base = parsed.sentence.begin
        tokens = tokens_of(parsed.doc, source[0] - base, source[1] - base)
        words = _without_clause(parsed.doc[tokens[0].i : tokens[-1].i + 1])
        begin, end = base + words.start_char, base + words.end_char
        text, actor = document.text[begin:end], self._actor(parsed, said, words.root)
        if _is_unnamed(text, begin, parsed, words):
            text, actor = UNNAMED, ""
        return SpeakerMention(begin, end, text, actor, *said.cue, said.content)

    def _actor(self, parsed: Parsed, said: Attribution, head: Token) -> str:
        """Whom the registry knows behind the words: by their grammar; for a pronoun, nobody named in what is said."""
        clauses = self.candidates.clauses(parsed.sentence, parsed.doc, parsed.mentions, parsed.carried)
        parties = [p for p in clauses.parties(head) if p.token not in clauses.bystanders]
        if head.lower_ not in _PRONOUNS:
            return parties[0].slug if parties else _served(clauses, head)
        parties = [p for p in parties if not _is_in(parsed.sentence.begin + parsed.doc[p.token].idx, said.content)]
        if head.lower_ in _PERSON:
            return next((p.slug for p in parties if p.slug in clauses.people), parsed.carried)
        return parties[0].slug if parties else ""


def _without_clause(words: Span) -> Span:
    """ "The envoy, who left, said": the noun alone; and of "the envoy, who said …" the noun before the clause."""
    word = words.root
    if word.tag_ in ("WP", "WDT") and word.head.dep_ == "relcl":
        word = word.head.head
        return word.doc[word.left_edge.i : word.i + 1]
    end = next((c.left_edge.i for c in word.rights if c.dep_ == "relcl"), words.end)
    while end - 1 > word.i and word.doc[end - 1].text == ",":
        end -= 1
    return word.doc[words.start : max(end, word.i + 1)]


def _served(clauses: Clauses, head: Token) -> str:
    """ "A senior official at the foreign ministry": the first actor behind one who acts for others."""
    if head.lemma_.lower() not in clauses.cues["acting"]:
        return ""
    behind = (t.i for t in head.subtree if t.i > head.i and t.i not in clauses.bystanders)
    return next((clauses.actors[i] for i in behind if i in clauses.actors), "")


def _is_in(at: int, places: Sequence[Place]) -> bool:
    return any(begin <= at < end for begin, end in places)


def _is_unnamed(text: str, begin: int, parsed: Parsed, words: Span) -> bool:
    """ "Two senior officials", "sources close to the talks": no name and no actor stands behind the words."""
    match = _UNNAMED.search(text)
    if match is None:
        return False
    at, base = begin + match.end(), parsed.sentence.begin
    names = any(t.pos_ == "PROPN" and base + t.idx >= at for t in words)
    return not names and not any(
        at <= m.begin < begin + len(text) or m.begin < at < m.end for m in parsed.mentions.actors
    )


def _around(text: str, sentences: Sequence[Sentence], at: int, quotations: Sequence[Place]) -> Iterator[int]:
    """Indices: of the sentence with quoted words that it goes on with; of the one where the quotation closes."""
    first = last = at
    while first and _is_quotation(sentences[first], quotations):
        if not is_one_speech(text, sentences[first - 1].end, sentences[first].begin, quotations):
            break
        first -= 1
    while last + 1 < len(sentences) and any(b < sentences[last].end < e for b, e in quotations):
        last += 1
    if any(b < sentences[first].end and sentences[first].begin < e for b, e in quotations):
        yield first
    yield last


def _is_quotation(sentence: Sentence, quotations: Sequence[Place]) -> bool:
    return any(begin <= sentence.begin and sentence.end <= end for begin, end in quotations)
