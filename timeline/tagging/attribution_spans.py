"""The words of an attribution in a parsed sentence: whose it is, what marks it, what is attributed. Pure.

Spans follow the convention of PolNeAR (Newell et al. 2018): the source is the whole noun phrase with its titles and
appositions, the cue the verb with its auxiliaries, and the content keeps its quotation marks.
"""

from __future__ import annotations  # spaCy's types are named, never needed, when this runs

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timeline.tagging.records import Sentence

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Place = tuple[int, int]
_BREAK = re.compile(r"\s*\n\s*")
_CLOSED = frozenset("”\"»'")
SHORTEST_QUOTATION = 12  # characters: shorter ones are words held at arm's length ("so-called")
_MARKS = re.compile(r"[“”\"«»„\n]|''")
_CLOSING = {"“": "”", '"': '"', "«": "»", "„": "“", "''": "''"}
_SUBJECTS = frozenset(("nsubj", "csubj"))
_FINITE = frozenset(("VBD", "VBZ", "VBP"))
_NAMES = frozenset(("PROPN", "PRON", "NOUN"))
_CLIMBED = 8  # verbs between a verb and the one that has its subject


class ParsedSentence:
    """A sentence with its parse, among the document's quotations."""

    def __init__(self, sentence: Sentence, doc: Doc, quotations: Sequence[Place]) -> None:
        self.sentence, self.doc = sentence, doc
        first = max(0, bisect_right(quotations, (sentence.begin, sentence.begin)) - 1)
        self.quotations = [q for q in quotations[first:] if q[0] < sentence.end and sentence.begin < q[1]]

    def place(self, first: Token, last: Token) -> Place:
        return self.sentence.begin + first.idx, self.sentence.begin + last.idx + len(last)

    def is_quoted(self, token: Token) -> bool:
        at = self.sentence.begin + token.idx
        return any(begin <= at < end for begin, end in self.quotations)

    def has_quotation(self) -> bool:
        return any(end - begin > SHORTEST_QUOTATION for begin, end in self.quotations)


def find_quotations(text: str) -> list[Place]:
    """Quotations with their marks, in order; one that does not close ends with its paragraph."""
    found = []
    begin, mark = -1, ""
    for match in _MARKS.finditer(text):
        sign = match.group()
        if begin >= 0 and sign in (_CLOSING[mark], "\n"):
            found.append((begin, match.start() if sign == "\n" else match.end()))
            begin = -1
        elif begin < 0 and sign in _CLOSING:
            begin, mark = match.start(), sign
    return [*found, (begin, len(text))] if begin >= 0 else found


def is_one_speech(text: str, end: int, begin: int, quotations: Sequence[Place]) -> bool:
    """Whether what is quoted at `begin` goes on with what was quoted up to `end`: each paragraph between them must end
    in a quotation that is left open."""
    return all(
        any(first < at <= last and text[last - 1] not in _CLOSED for first, last in quotations)
        for at in (end + match.start() for match in _BREAK.finditer(text[end:begin]))
    )


def find_source(verb: Token) -> Token | None:
    """The noun whose words they are: subject, agent of a passive, or the subject of the verb that this one hangs on."""
    if is_passive(verb):
        agents = [g for c in verb.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
        return agents[0] if agents else None
    at = verb
    for _ in range(_CLIMBED):
        own = [c for c in at.children if c.dep_ in _SUBJECTS or (c.dep_ == "nsubjpass" and at != verb)]
        if own:  # of several the parser took what is said for the first one's
            return own[-1] if at == verb and own[-1].i < verb.i else own[0]
        if at.dep_ in ("acl", "relcl"):
            return at.head
        if at == verb and is_quoted_as(at):  # "the agency quoted her as saying"
            whom = [c for c in at.head.head.children if c.dep_ == "dobj"]
            if whom:
                return whom[0]
        if at.dep_ in ("xcomp", "ccomp") and at == verb:  # "urged them to say"
            for child in at.head.children:
                if child.dep_ in ("dobj", "dative"):
                    return child
        if at.head == at:
            break
        at = at.head
    return None


def is_quoted_as(verb: Token) -> bool:
    """ "Was quoted as saying": the words are the subject's or the object's of the verb above."""
    return verb.dep_ == "pcomp" and verb.head.lower_ == "as"


def find_beside(verb: Token) -> Token | None:
    """Where the parser found no subject: the noun next to "said", behind it or before it."""
    if verb.tag_ not in _FINITE or is_passive(verb):
        return None
    for at in (verb.i + 1, verb.i - 1):
        if 0 <= at < len(verb.doc):
            near = verb.doc[at]
            while near.pos_ in ("DET", "ADJ", "PROPN", "NOUN") and near.head.i > near.i and near.head.pos_ in _NAMES:
                near = near.head
            if near.pos_ in _NAMES and not near.is_ancestor(verb):
                return near
    return None


def is_passive(verb: Token) -> bool:
    if any(c.dep_ == "nsubj" for c in verb.children):  # "she said by telephone"
        return False
    if any(c.dep_ in ("nsubjpass", "auxpass", "agent") for c in verb.children):
        return True
    is_bare = not any(c.dep_ in ("aux", "nsubj") for c in verb.children)
    return verb.tag_ == "VBN" and verb.dep_ in ("acl", "advcl") and is_bare


def phrase(reading: ParsedSentence, noun: Token, verb: Token) -> Place:
    """The whole noun phrase, without what the parser hung on it from the other side of the verb."""
    inside = [t for t in noun.subtree if t != verb and (t.i < verb.i) == (noun.i < verb.i)] or [noun]
    first, last = inside[0], inside[-1]
    while last.i > noun.i and last.is_punct and last.text != ")":
        last = reading.doc[last.i - 1]
    return reading.place(first, last)


def cue(reading: ParsedSentence, verb: Token, behind: frozenset[str]) -> Place:
    """The verb with the auxiliaries and adverbs before it; `behind`: particles that may follow it."""
    first, last = verb, verb
    own = {c.i for c in verb.children if c.dep_ in ("aux", "auxpass", "neg", "advmod")}
    while first.i - 1 in own:
        first = reading.doc[first.i - 1]
    if last.i + 1 < len(reading.doc) and reading.doc[last.i + 1].lower_ in behind:
        last = reading.doc[last.i + 1]
    return reading.place(first, last)


@dataclass(frozen=True, slots=True)
class Content:
    """What is attributed, in reading order. `is_clause`: told in a clause or a quotation, not named by a noun alone."""

    places: tuple[Place, ...]
    is_clause: bool = True


def content(reading: ParsedSentence, verb: Token, who: Place | None = None) -> Content:
    """Its clause, else what it is put into or behind, a quotation, its object or what follows it; `who` is the source
    of a verb that may stand so."""
    clauses = [c for c in verb.children if c.dep_ in ("ccomp", "parataxis") and not _is_divided(verb, c)]
    if clauses:
        clauses.sort(key=lambda c: not any(g.lower_ == "that" and g.dep_ == "mark" for g in c.children))
        return Content(_with_quotations(reading, (_around(reading, clauses, verb),)))
    if verb.dep_ in ("parataxis", "ccomp") and verb.head.i > verb.i and reading.doc[verb.i - 1].text == ",":
        return Content(_with_quotations(reading, _without(reading, verb)))
    if who and (aside := _beside_aside(reading, verb, who)):
        return Content(_with_quotations(reading, aside))
    if reading.has_quotation():
        return Content(tuple(reading.quotations))
    for deps in (("xcomp",), ("dobj", "oprd"), ("prep", "acomp", "attr")):
        for child in verb.children:
            if child.dep_ in deps:
                return Content((_around(reading, [child], verb),), is_clause=False)
    return Content((), is_clause=False)


def _is_divided(verb: Token, clause: Token) -> bool:
    """ "Kiev fired; Moscow denied that …": the parser may take the first half for what is denied."""
    return any(clause.i < t.i < verb.i and t.text == ";" for t in verb.children)


def _beside_aside(reading: ParsedSentence, verb: Token, who: Place) -> tuple[Place, ...]:
    """ "The bridge was closed, officials said, after …": what stands around the aside, whatever the parser made of it.

    Nothing when it is none: when no clause goes before it or around it, or when the verb has an object of its own.
    """
    doc, base = reading.doc, reading.sentence.begin
    source = doc.char_span(who[0] - base, who[1] - base)
    is_told = verb.tag_ in _FINITE or is_quoted_as(verb)
    if source is None or not is_told or not 0 < source.start < verb.i or doc[source.start - 1].text != ",":
        return ()
    if any(c.dep_ in ("xcomp", "oprd") or (c.dep_ == "dobj" and c.i > verb.i) for c in verb.children):
        return ()
    first = max((t.i + 1 for t in doc[: source.start] if t.text == ";"), default=0)
    comma = next((t.i for t in doc[verb.i + 1 :] if t.text in (",", ";")), len(doc) - 1)
    around = [doc[first : source.start - 1]]
    if doc[comma].text == "," and verb.head.i > comma:
        stop = next((t.i for t in doc[comma:] if t.text == ";"), len(doc))
        around.append(doc[comma + 1 : stop])
    if not any(t.tag_ in _FINITE or t.tag_ == "MD" for part in around for t in part):
        return ()
    return tuple(reading.place(part[0], part[-1]) for part in around if len(part))


def _around(reading: ParsedSentence, heads: Iterable[Token], verb: Token) -> Place:
    """The subtree of the first head on its own side of the verb, without punctuation at its ends but for quotations."""
    head = next(iter(heads))
    inside = [t for t in head.subtree if t != verb and (t.i < verb.i) == (head.i < verb.i)] or [head]
    while len(inside) > 1 and inside[0].text in (",", ":", "-", "–", "—"):
        inside = inside[1:]
    while len(inside) > 1 and inside[-1].text in (",", ":", "-", "–", "—"):
        inside = inside[:-1]
    return reading.place(inside[0], inside[-1])


def _without(reading: ParsedSentence, verb: Token) -> tuple[Place, ...]:
    """ "The bridge, officials said, was closed": the sentence but for the verb's own words."""
    own = [t for t in verb.subtree if t != verb.head]
    begin, end = reading.place(own[0], own[-1])
    first, last = reading.place(reading.doc[0], reading.doc[-1])
    return tuple((b, e) for b, e in ((first, begin), (end, last)) if e - b > 2)


def _with_quotations(reading: ParsedSentence, places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Each place with the whole of the quotations that it cuts, in order; a second quotation is content too."""
    found = list(places)
    for quotation in reading.quotations:
        if quotation[1] - quotation[0] <= SHORTEST_QUOTATION:
            continue
        for index, (begin, end) in enumerate(found):
            if quotation[0] < end and begin < quotation[1]:
                found[index] = min(begin, quotation[0]), max(end, quotation[1])
                break
        else:
            found.append(quotation)
    return tuple(_merged(sorted(found)))


def _merged(places: Sequence[Place]) -> Iterator[Place]:
    held: Place | None = None
    for place in places:
        if held and place[0] < held[1]:
            held = held[0], max(held[1], place[1])
            continue
        if held:
            yield held
        held = place
    if held:
        yield held
