"""Whose words and thoughts a text reports: source, cue and content of each attribution in parsed sentences. Pure.

A verb of reporting (`data/claims.yaml`) with what it needs beside it; "according to"; a noun of reporting ("the
ministry's claim that …"); a name with a colon; passives that name nobody ("it was reported"). What stands inside
another report, or behind "if" and "to", reports nothing here but for the plainest verbs of speech.
"""

from __future__ import annotations  # spaCy's types are named, never needed, when this runs

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timeline.tagging.attribution_spans import (
    ParsedSentence,
    Place,
    content,
    cue,
    find_beside,
    find_quotations,
    find_source,
    is_one_speech,
    is_passive,
    is_quoted_as,
    phrase,
)
from timeline.tagging.records import Sentence
from timeline.tagging.wordlists import load_wordlist, word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LISTS = {name: word_set(block) for name, block in load_wordlist("claims").items()}
_LABEL = re.compile(r"(?P<who>(?:[A-Z][\w.’'-]{0,20} ?){1,6}(?:\([^)]{1,20}\))?)(?P<cue>:) ?(?=\S)")
_NO_SOURCE = frozenset(("dobj", "nsubjpass", "csubj"))


def _behind() -> dict[str, frozenset[str]]:
    """Verb → the words that make a report of it when one stands behind it."""
    found = defaultdict(set)
    for pair in _LISTS["with_word"]:
        verb, _, word = pair.rpartition("_")
        found[verb].add(word)
    return {verb: frozenset(words) for verb, words in found.items()}


_WITH_WORD = _behind()


@dataclass(frozen=True, slots=True)
class Attribution:
    """Offsets are of the document. `source` is None when nobody is named; `content` in reading order.

    `kind` is the list of claims.yaml that the word stands in, or according, label; `word` its base form. `is_clause`:
    the content is a clause or a quotation, which says that something happened; a noun alone takes it for known.
    """

    sentence_no: int
    kind: str
    word: str
    cue: Place
    source: Place | None
    content: tuple[Place, ...]
    is_clause: bool = True


class AttributionFinder:
    def find(self, text: str, parsed: Sequence[tuple[Sentence, Doc]]) -> tuple[Attribution, ...]:
        """In reading order, of the sentences that were parsed; each comes with its parse."""
        quotations = find_quotations(text)
        found: list[Attribution] = []
        for sentence, doc in parsed:
            reading = ParsedSentence(sentence, doc, quotations)
            own = [*_labels(text, reading), *_of_words(reading)]
            own = own or list(_in_documents(reading))
            if not own and found and _goes_on(text, reading, found[-1], quotations):
                found[-1] = replace(found[-1], content=(*found[-1].content, (sentence.begin, sentence.end)))
            found += own
        return tuple(found)


def _of_words(reading: ParsedSentence) -> Iterator[Attribution]:
    taken: set[int] = set()
    for token in reading.doc:
        if token.i not in taken and (one := _attribution(reading, token)):
            yield one
            taken |= {t.i for t in _same_report(token)}


def _goes_on(text: str, reading: ParsedSentence, before: Attribution, quotations: Sequence[Place]) -> bool:
    """Whether the sentence is a quotation that goes on with what was quoted before."""
    sentence = reading.sentence
    last = max(end for _, end in (before.cue, *before.content))
    is_quotation = any(begin <= sentence.begin and sentence.end <= end for begin, end in reading.quotations)
    is_quoted_before = any(text[begin] in "“\"«„'" for begin, _ in before.content)
    if not is_quotation or not is_quoted_before or last > sentence.begin:
        return False
    return is_one_speech(text, last, sentence.begin, quotations)


def _same_report(verb: Token) -> Iterator[Token]:
    """ "went on to say", "issued a statement saying": the second word belongs to the first one's report."""
    is_light = verb.lemma_.lower() in _LISTS["light"]
    for child in verb.children:
        if child.lemma_ in _LISTS["resumed"] and child.dep_ in ("xcomp", "advcl", "conj", "acl"):
            if is_light or verb.lemma_ in ("go", "come"):
                yield child
        elif child.dep_ == "dobj" and is_light:
            yield from (g for g in child.children if g.dep_ == "acl")


def _labels(text: str, reading: ParsedSentence) -> Iterator[Attribution]:
    begin, end = reading.sentence.begin, reading.sentence.end
    match = _LABEL.match(text, begin, end)
    if match and match.end() < end and _is_speaker(match.group("who").rstrip(), reading.sentence.number):
        who = match.start("who"), match.start("who") + len(match.group("who").rstrip())
        yield Attribution(reading.sentence.number, "label", ":", match.span("cue"), who, ((match.end(), end),))


def _is_speaker(name: str, sentence_no: int) -> bool:
    """Of a transcript ("MODERATOR:") or a headline ("Minister: no talks"), not any word with a colon."""
    if sentence_no:
        return name.isupper() and len(name) > 2
    return len(name.split()) < 4 and not name.startswith("The ") and name.lower() not in _LISTS["no_labels"]


def _attribution(reading: ParsedSentence, token: Token) -> Attribution | None:
    if token.lower_ == "according":
        return _according(reading, token)
    if reading.is_quoted(token):
        return None
    if token.pos_ == "NOUN":
        return _noun(reading, token)
    if token.pos_ not in ("VERB", "AUX") and token.dep_ != "ROOT":
        return None
    kind = _kind(reading, token)
    if not kind or not _counts(reading, token, kind):
        return None if kind else _unsourced(reading, token)
    source = find_source(token) or (find_beside(token) if kind in ("speech", "clause") else None)
    if source is None:
        return _unsourced(reading, token)
    if source.lower_ == "that" or (source.dep_ in _NO_SOURCE and not is_quoted_as(token)):
        return None
    word = token.lemma_.lower()
    marked = cue(reading, token, _WITH_WORD.get(word, frozenset()))
    who = phrase(reading, source, token)
    told = content(reading, token, who if kind in ("speech", "clause") else None)
    return Attribution(reading.sentence.number, kind, word, marked, who, told.places, told.is_clause)


def _kind(reading: ParsedSentence, verb: Token) -> str:
    """The list by which the verb reports with what stands beside it, or ""."""
    word = verb.lemma_.lower()
    if word in _WITH_WORD and any(
        c.lower_ in _WITH_WORD[word] for c in verb.children if c.dep_ in ("prep", "prt", "advmod", "agent")
    ):
        return "with_word"
    if word in _LISTS["speech"]:
        return "speech"
    if word in _LISTS["clause"] and _has_clause(reading, verb):
        return "clause"
    if word in _LISTS["light"] and any(c.lemma_.lower() in _LISTS["nouns"] for c in verb.children if c.dep_ == "dobj"):
        return "light"
    if word == "be" and _is_holding(verb):
        return "adjectives"
    if word in _LISTS["infinitive"] and _has_infinitive(verb):
        return "infinitive"
    if word in _LISTS["object"] and any(c.dep_ in ("dobj", "agent", "oprd") for c in verb.children):
        return "object"
    return ""


def _is_holding(verb: Token) -> bool:
    """ "is confident that", "was a critic of"."""
    children = list(verb.children)
    return not any(c.lower_ == "it" for c in children) and any(
        (c.dep_ == "acomp" and c.lower_ in _LISTS["adjectives"]) or (c.dep_ == "attr" and c.lemma_ in _LISTS["holders"])
        for c in children
    )


def _has_clause(reading: ParsedSentence, verb: Token) -> bool:
    return any(c.dep_ in ("ccomp", "parataxis") for c in verb.children) or reading.has_quotation()


def _has_infinitive(verb: Token) -> bool:
    return any(_is_infinitive(c) for c in verb.children if c.dep_ in ("xcomp", "ccomp", "advcl"))


def _is_infinitive(verb: Token) -> bool:
    return any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)


def _counts(reading: ParsedSentence, verb: Token, kind: str) -> bool:
    """Whether the verb's place lets it report."""
    if verb.dep_ in ("acl", "amod") and not any(c.dep_ == "agent" for c in verb.children):
        return False
    if any(c.dep_ == "mark" and c.lower_ in ("that", "if", "whether") for c in verb.children):
        return False
    if kind == "speech":
        return verb.dep_ != "xcomp" or not _is_reported(reading, verb)
    if verb.dep_ in ("ccomp", "xcomp", "pcomp") or _is_infinitive(verb):
        return False
    return not _is_reported(reading, verb)


def _is_reported(reading: ParsedSentence, verb: Token) -> bool:
    """Whether the verb stands in what another verb reports."""
    at = verb
    while at.head != at:
        if at.dep_ in ("ccomp", "xcomp", "dobj") and _kind(reading, at.head) in ("speech", "clause"):
            return True
        at = at.head
    return False


def _according(reading: ParsedSentence, token: Token) -> Attribution | None:
    objects = [g for c in token.children if c.lower_ == "to" for g in c.children if g.dep_ in ("pobj", "pcomp")]
    if not objects:
        return None
    who = phrase(reading, objects[0], token)
    marked = reading.place(token, objects[0].head)
    begin, end = reading.sentence.begin, reading.sentence.end
    told = (who[1], end) if token.i < 3 else (begin, marked[0])  # at the sentence's begin
    return Attribution(reading.sentence.number, "according", "according", marked, who, (told,))


def _in_documents(reading: ParsedSentence) -> Iterator[Attribution]:
    """ "In a poll …", "by one estimate": the document says so, when nobody else does."""
    for token in reading.doc:
        if token.lower_ not in ("in", "by", "per") or token.dep_ != "prep" or reading.is_quoted(token):
            continue
        named = [c for c in token.children if c.dep_ == "pobj" and c.lemma_.lower() in _LISTS["documents"]]
        if named:
            who, marked = phrase(reading, named[0], token), reading.place(token, token)
            begin, end = reading.sentence.begin, reading.sentence.end
            told = (who[1], end) if token.i == 0 else (begin, marked[0])
            yield Attribution(reading.sentence.number, "documents", token.lower_, marked, who, (told,))
            return


def _noun(reading: ParsedSentence, noun: Token) -> Attribution | None:
    """ "the ministry's claim that …", "the court's refusal to …"."""
    word = noun.lemma_.lower()
    if word not in _LISTS["claims"]:
        return None
    owners = [c for c in noun.children if c.dep_ == "poss"]
    told = [c for c in noun.children if c.dep_ in ("acl", "ccomp", "relcl") and c.i > noun.i]
    if not owners or not told:
        return None
    inside = list(told[0].subtree)
    return Attribution(
        reading.sentence.number,
        "claims",
        word,
        reading.place(noun, noun),
        phrase(reading, owners[0], noun),
        (reading.place(inside[0], inside[-1]),),
    )


def _unsourced(reading: ParsedSentence, verb: Token) -> Attribution | None:
    """ "It was reported that …", "is expected to": nobody is named."""
    word = verb.lemma_.lower()
    if word not in _LISTS["unsourced"] or not _counts(reading, verb, "unsourced"):
        return None
    if word not in ("appear", "seem") and not is_passive(verb):
        return None
    if not any(c.dep_ in ("ccomp", "xcomp", "oprd", "acomp", "prep", "advcl") for c in verb.children):
        return None
    marked = cue(reading, verb, frozenset())
    told = content(reading, verb)
    return Attribution(reading.sentence.number, "unsourced", word, marked, None, told.places, told.is_clause)
