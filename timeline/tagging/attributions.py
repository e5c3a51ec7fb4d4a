"""Whose words and thoughts a text reports: source, cue and content of each attribution in parsed sentences. Pure.

A verb of reporting (`data/claims.yaml`) with what it needs beside it, its subject for a source and its clause, object
or quotation for content; "according to"; nouns of reporting ("the ministry's claim that …"); a name with a colon.
The spans follow the convention of PolNeAR (Newell et al. 2018): the source is the whole noun phrase with its titles and
appositions, the cue the verb with its auxiliaries, the content with its quotation marks.
"""

from __future__ import annotations  # spaCy's types are named, never needed, when this runs

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timeline.tagging.records import Sentence
from timeline.tagging.wordlists import load_wordlist, word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Place = tuple[int, int]
_LISTS = {name: word_set(block) for name, block in load_wordlist("claims").items()}
_SUBJECTS = frozenset(("nsubj", "csubj"))
_OWN_SUBJECT = frozenset(("nsubj", "csubj", "nsubjpass", "expl"))
_LABEL = re.compile(r"(?P<who>(?:[A-Z][\w.’'-]{0,20} ?){1,6}(?:\([^)]{1,20}\))?)(?P<cue>:) ?(?=\S)")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Offsets are of the document. `source` is None when nobody is named; `content` in reading order.

    `kind` is the list of claims.yaml that the word stands in, or according, label; `word` its base form.
    """

    sentence_no: int
    kind: str
    word: str
    cue: Place
    source: Place | None
    content: tuple[Place, ...]


class AttributionFinder:
    def find(self, text: str, parsed: Sequence[tuple[Sentence, Doc]]) -> tuple[Attribution, ...]:
        """In reading order, of the sentences that were parsed, each with its parse."""
        quotations = find_quotations(text)
        found = []
        for sentence, doc in parsed:
            reading = _Reading(sentence, doc, quotations)
            found += list(_labels(text, reading))
            taken: set[int] = set()
            for token in doc:
                if token.i not in taken and (one := _attribution(reading, token)):
                    found.append(one)
                    taken |= {t.i for t in _same_report(token)}
        return tuple(found)


class _Reading:
    """A parsed sentence among the document's quotations."""

    def __init__(self, sentence: Sentence, doc: Doc, quotations: Sequence[Place]) -> None:
        self.sentence, self.doc = sentence, doc
        first = bisect_right(quotations, (sentence.begin, sentence.begin))
        self.quotations = [q for q in quotations[max(0, first - 1) :] if q[0] < sentence.end and sentence.begin < q[1]]

    def place(self, first: Token, last: Token) -> Place:
        return self.sentence.begin + first.idx, self.sentence.begin + last.idx + len(last)

    def quoted(self, token: Token) -> Place | None:
        """The quotation that a token stands in."""
        at = self.sentence.begin + token.idx
        return next((q for q in self.quotations if q[0] <= at < q[1]), None)


def find_quotations(text: str) -> list[Place]:
    """Quotations with their marks, in order; one that does not close ends with its paragraph."""
    found = []
    begin, mark = -1, ""
    closing = {"“": "”", '"': '"', "«": "»", "„": "“", "''": "''"}
    for match in re.finditer(r"[“”\"«»„\n]|''", text):
        sign = match.group()
        if begin >= 0 and sign in (closing[mark], "\n"):
            found.append((begin, match.start() if sign == "\n" else match.end()))
            begin = -1
        elif begin < 0 and sign in closing:
            begin, mark = match.start(), sign
    if begin >= 0:
        found.append((begin, len(text)))
    return found


def _same_report(verb: Token) -> Iterator[Token]:
    """ "went on to say", "issued a statement, saying": the second word belongs to the first one's report."""
    for child in verb.children:
        if child.lemma_ in ("say", "explain", "add", "note") and child.dep_ in ("xcomp", "advcl", "conj", "acl"):
            if verb.lemma_.lower() in _LISTS["light"] or verb.lemma_ in ("go", "come"):
                yield child
        elif child.dep_ == "dobj" and verb.lemma_.lower() in _LISTS["light"]:
            yield from (g for g in child.children if g.dep_ == "acl")


def _labels(text: str, reading: _Reading) -> Iterator[Attribution]:
    match = _LABEL.match(text, reading.sentence.begin, reading.sentence.end)
    if match and match.end() < reading.sentence.end and _is_speaker(match.group("who").rstrip(), reading.sentence.number):
        yield Attribution(
            reading.sentence.number,
            "label",
            ":",
            match.span("cue"),
            (match.start("who"), match.start("who") + len(match.group("who").rstrip())),
            ((match.end(), reading.sentence.end),),
        )


def _is_speaker(name: str, sentence_no: int) -> bool:
    """Of a transcript ("MODERATOR:") or a headline ("Minister: no talks"), not any word with a colon."""
    if sentence_no:
        return name.isupper() and len(name) > 2
    return len(name.split()) < 4 and not name.startswith("The ") and name not in ("Breaking", "BREAKING", "Video")


def _attribution(reading: _Reading, token: Token) -> Attribution | None:
    if token.lower_ == "according":
        return _according(reading, token)
    if token.pos_ == "NOUN":
        return _noun(reading, token)
    if token.pos_ not in ("VERB", "AUX") and token.dep_ != "ROOT":
        return None
    kind = _kind(reading, token)
    if not kind:
        return _unsourced(reading, token)
    if reading.quoted(token) or not _counts(reading, token, kind):
        return None
    source = _source(token) or (_beside(token) if kind in ("speech", "clause") else None)
    if source is None:
        return _unsourced(reading, token)
    if source.lower_ == "that" or source.dep_ in ("dobj", "nsubjpass", "csubj"):
        return None
    place = _phrase(reading, source, token)
    return Attribution(
        reading.sentence.number, kind, token.lemma_.lower(), _cue(reading, token), place, _content(reading, token)
    )


def _noun(reading: _Reading, noun: Token) -> Attribution | None:
    """ "the ministry's claim that …", "the court's refusal to …"."""
    owners = [c for c in noun.children if c.dep_ == "poss"]
    told = [c for c in noun.children if c.dep_ in ("acl", "ccomp", "relcl") and c.i > noun.i]
    if not owners or not told or noun.lemma_.lower() not in _LISTS["claims"] or reading.quoted(noun):
        return None
    inside = list(told[0].subtree)
    content = (reading.place(inside[0], inside[-1]),)
    place = _phrase(reading, owners[0], noun)
    return Attribution(reading.sentence.number, "noun", noun.lemma_, reading.place(noun, noun), place, content)


def _unsourced(reading: _Reading, verb: Token) -> Attribution | None:
    """ "It was reported that …", "is expected to": nobody is named."""
    word = verb.lemma_.lower()
    if word not in _LISTS["unsourced"] or reading.quoted(verb) or not _counts(reading, verb, "unsourced"):
        return None
    if not (_is_passive(verb) if word not in ("seem", "appear") else _has_infinitive(verb)):
        return None
    if not any(c.dep_ in ("ccomp", "xcomp", "oprd", "prep") for c in verb.children):
        return None
    return Attribution(
        reading.sentence.number, "unsourced", word, _cue(reading, verb), None, _content(reading, verb)
    )


def _kind(reading: _Reading, verb: Token) -> str:
    word = verb.lemma_.lower()
    for child in verb.children:
        if child.dep_ in ("prep", "prt", "advmod", "agent") and f"{word}_{child.lower_}" in _LISTS["with_word"]:
            return "with_word"
    if word in _LISTS["speech"]:
        return "speech"
    if word in _LISTS["clause"] and _has_clause(reading, verb):
        return "clause"
    if word in _LISTS["light"] and any(c.lemma_.lower() in _LISTS["nouns"] for c in verb.children if c.dep_ == "dobj"):
        return "light"
    if word == "be" and _is_holding(verb) and not any(c.lower_ == "it" for c in verb.children):
        return "adjectives"
    if word in _LISTS["infinitive"] and _has_infinitive(verb):
        return "infinitive"
    if word in _LISTS["object"] and any(c.dep_ in ("dobj", "agent", "oprd") for c in verb.children):
        return "object"
    return ""


def _is_holding(verb: Token) -> bool:
    return any(
        (c.dep_ == "acomp" and c.lower_ in _LISTS["adjectives"]) or (c.dep_ == "attr" and c.lemma_ in _LISTS["holders"])
        for c in verb.children
    )


def _counts(reading: _Reading, verb: Token, kind: str) -> bool:
    """Whether the verb's place lets it report: what stands in another report tells of nobody's words here."""
    is_speech = kind == "speech"
    if verb.dep_ in ("acl", "amod") and not any(c.dep_ == "agent" for c in verb.children):
        return False
    if any(c.dep_ == "mark" and c.lower_ in ("that", "if", "whether") for c in verb.children):
        return False
    if is_speech:
        return verb.dep_ != "xcomp" or not _outer(reading, verb)
    if verb.dep_ in ("ccomp", "xcomp", "pcomp") or any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children):
        return False
    return not _outer(reading, verb)


def _outer(reading: _Reading, verb: Token) -> bool:
    """Whether the verb stands in what another verb reports."""
    at = verb
    while at.head != at:
        if at.dep_ in ("ccomp", "xcomp", "dobj") and _kind(reading, at.head) in ("speech", "clause"):
            return True
        at = at.head
    return False


def _has_clause(reading: _Reading, verb: Token) -> bool:
    if any(c.dep_ in ("ccomp", "parataxis") for c in verb.children):
        return True
    return any(q[1] - q[0] > 12 for q in reading.quotations)


def _has_infinitive(verb: Token) -> bool:
    return any(
        c.dep_ in ("xcomp", "ccomp", "advcl") and any(g.lower_ == "to" and g.dep_ == "aux" for g in c.children)
        for c in verb.children
    )


def _source(verb: Token) -> Token | None:
    """The noun whose words they are."""
    at = verb
    for _ in range(8):
        if at == verb and _is_passive(verb):
            agents = [g for c in at.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
            return agents[0] if agents else None
        for child in at.children:
            if child.dep_ in _SUBJECTS:
                return child
            if child.dep_ == "nsubjpass" and at != verb:
                return child
        if at.dep_ in ("acl", "relcl"):
            return at.head
        if at.dep_ in ("xcomp", "ccomp") and at == verb:
            objects = [c for c in at.head.children if c.dep_ in ("dobj", "dative")]
            if objects:
                return objects[0]
        if at.head == at:
            break
        at = at.head
    return None


def _beside(verb: Token) -> Token | None:
    """Where the parser found no subject: the noun phrase next to "said", behind it or before it."""
    if verb.tag_ not in ("VBD", "VBZ", "VBP") or any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        return None
    for step in (1, -1):
        at = verb.i + step
        if 0 <= at < len(verb.doc):
            near = verb.doc[at]
            while near.pos_ in ("DET", "ADJ", "PROPN", "NOUN") and near.head.i > near.i and near.head.pos_ in ("PROPN", "NOUN"):
                near = near.head
            if near.pos_ in ("PROPN", "PRON", "NOUN") and not near.is_ancestor(verb):
                return near
    return None


def _is_passive(verb: Token) -> bool:
    if any(c.dep_ in ("nsubjpass", "auxpass", "agent") for c in verb.children):
        return True
    is_bare = not any(c.dep_ in ("aux", "nsubj") for c in verb.children)
    return verb.tag_ == "VBN" and verb.dep_ in ("acl", "advcl") and is_bare


def _phrase(reading: _Reading, noun: Token, verb: Token) -> Place:
    """The noun phrase without what the parser hung on it from the other side of the verb."""
    inside = [t for t in noun.subtree if t != verb]
    first, last = noun, noun
    for token in inside:
        if (token.i < verb.i) == (noun.i < verb.i):
            first = token if token.i < first.i else first
            last = token if token.i > last.i else last
    while last.i > noun.i and (last.is_punct and last.text not in ")"):
        last = reading.doc[last.i - 1]
    return reading.place(first, last)


def _cue(reading: _Reading, verb: Token) -> Place:
    first, last = verb, verb
    own = {c.i for c in verb.children if c.dep_ in ("aux", "auxpass", "neg", "advmod")}
    while first.i - 1 in own:
        first = reading.doc[first.i - 1]
    behind = {c.i for c in verb.children if c.dep_ in ("prt", "prep") and c.i > verb.i}
    if last.i + 1 in behind and f"{verb.lemma_.lower()}_{reading.doc[last.i + 1].lower_}" in _LISTS["with_word"]:
        last = reading.doc[last.i + 1]
    return reading.place(first, last)


def _content(reading: _Reading, verb: Token) -> tuple[Place, ...]:
    for deps in (("ccomp", "parataxis"), ("xcomp",), ("dobj", "oprd"), ("prep",)):
        for child in verb.children:
            if child.dep_ in deps:
                inside = [t for t in child.subtree if t != verb]
                return (reading.place(inside[0], inside[-1]),)
    return tuple(reading.quotations)


def _according(reading: _Reading, token: Token) -> Attribution | None:
    objects = [g for c in token.children if c.lower_ == "to" for g in c.children if g.dep_ in ("pobj", "pcomp")]
    if not objects:
        return None
    to = objects[0].head
    place = _phrase(reading, objects[0], token)
    begin, end = reading.sentence.begin, reading.sentence.end
    content = (place[1], end) if token.i < 3 else (begin, reading.place(token, token)[0])
    return Attribution(reading.sentence.number, "according", "according", reading.place(token, to), place, (content,))
