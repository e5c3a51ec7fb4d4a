"""Finds what a text names and describes: people, bodies, places, peoples, days, amounts, arms. English; pure.

names (registry → gazetteer → spaCy's entities → capitals, each typed by its last noun where that says more) → noun
phrases around a name or a noun of `data/entities.yaml` → pronouns → values (dates, money, measures, counts) → nested
mentions in reading order. A name without `ref` proposes an actor that the registry does not know.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from timeline.tagging.parser import recognise
from timeline.tagging.records import ActorMention, Document, EntityMention, PlaceMention, Registry, Sentence, Tags
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
_WITHIN_OFFICES = frozenset({"of", "for", "the", "and"})
_SIDES = frozenset({"north", "south", "east", "west"})
_COUNTED_APART = frozenset({"weapon", "vehicle", "platform", PLACE, "document"})
_ARMS = frozenset({"weapon", "vehicle", "platform"})
_WIDE = frozenset({"country", "admin1", "region", "adjective", "state", "sea"})
_FOOTNOTE = re.compile(r"[.,;]?(?:\[\d{1,3}\])+\Z")
_ARTICLE_OF_LAW = re.compile(r"\b(?:Resolution|Article|Section|section|article|Act|Order|Directive) \d[\d.]*(?<!\.)")
_ACRONYM = re.compile(r"[A-Z][A-Z&.]{0,5}[A-Z]\.?")
_JOINED_CAPITALS = re.compile(r"\b[A-Z]{2,8}[-–][A-Z]{2,8}\b")
_CURRENCY, _SCALE = re.compile(r"(?:[A-Z]{1,3})?[$£€¥]\Z"), re.compile(r"\s?(?:m|bn|tn|k|million|billion|trillion)\b")
_UNIT = re.compile(r"\s?(?:km|m|ft|mi|kg|cm|mm|%|mph|kph|kW|MW)\b")
_JOINED = 5  # words between two halves of one group
_COORDINATES = re.compile(r"\d{1,3}(?:\.\d+|°\d{1,2}[′']\d{1,2}[″\"])°?\s?[NS]?[;,]?\s\d{1,3}(?:\.\d+|°\d{1,2}[′']\d{1,2}[″\"])°?\s?[EW]?")


@dataclass(frozen=True, slots=True)
class Nouns:
    """noun (or two with a hyphen) → kind, for one and for several; the other lists as the file has them."""

    one: Mapping[str, str]
    several: Mapping[str, str]
    pronouns: Mapping[str, str]
    lists: Mapping[str, frozenset[str]]


@cache
def load_nouns() -> Nouns:
    lists = load_wordlist("entities")
    kinds = {"people": PERSON, "places": PLACE, "weapons": "weapon", "vehicles": "vehicle", "platforms": "platform"}
    kinds |= {"documents": "document", "groups": ORGANISATION}
    one = {word: kind for name, kind in kinds.items() for word in lists[name].split()}
    return Nouns(
        one,
        {word: ORGANISATION if kind == PERSON else kind for word, kind in one.items()},
        {word: kind for kind, words in lists["pronouns"].items() for word in words.split()},
        {name: word_set(words) for name, words in lists.items() if name not in kinds and name != "pronouns"}
        | {"groups": word_set(lists["groups"])},
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A stretch of a sentence's characters. `is_sure`: needs no second witness. `is_state`: a country, or what means it."""

    begin: int
    end: int
    kind: str
    form: str
    ref: str = ""
    is_sure: bool = True
    is_state: bool = False


class EntityFinder:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.nouns = load_nouns()

    def find(self, document: Document, tags: Tags, places: Sequence[PlaceMention] = ()) -> tuple[EntityMention, ...]:
        """In reading order, the outer before the inner. `places`: all that the gazetteer finds, actors or not."""
        if document.lang != "en":
            return ()
        docs = list(recognise(document.text[s.begin : s.end] for s in tags.sentences))
        people = _people_named(docs, self.nouns)
        return tuple(
            EntityMention(
                sentence.begin + one.begin,
                sentence.begin + one.end,
                doc.text[one.begin : one.end],
                one.kind,
                one.form,
                one.ref,
            )
            for sentence, doc in zip(tags.sentences, docs, strict=True)
            for one in _tidy(_SentenceReading(self.nouns, doc, self._known(tags, places, sentence), people).find())
        )

    def _known(self, tags: Tags, places: Sequence[PlaceMention], sentence: Sentence) -> list[_Found]:
        """Names of registry and gazetteer that lie in a sentence; the registry's first."""
        found = [
            _Found(m.begin, m.end, self._kind_of(m.actor, m.text), NAME, m.actor, is_state=self._is_state(m.actor))
            for m in tags.actors
            if m.rule not in ("role", "title")
        ]
        found += [
            _Found(m.begin, m.end, kind, NAME, m.place, m.kind in _WIDE, m.kind == "country")
            for m in (*tags.places, *places)
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


def _people_named(docs: Sequence["Doc"], nouns: Nouns) -> frozenset[str]:
    """Words that the document has for people more often than for places: spaCy's votes, and who says or tells."""
    votes: Counter[str] = Counter()
    for doc in docs:
        for ent in doc.ents:
            if ent.label_ in ("PERSON", "GPE", "LOC", "FAC", "ORG"):
                weight = min(len(ent), 2) if ent.label_ == "PERSON" else -1
                for token in ent:
                    votes[token.text] += weight
        for token in doc:
            if token.pos_ == "PROPN" and token.dep_ == "nsubj" and token.head.lemma_ in nouns.lists["speaking"]:
                votes[token.text] += 1
    unfit = nouns.lists["locative"] | nouns.lists["titles"] | nouns.one.keys() | nouns.lists["peoples"]
    return frozenset(
        word for word, n in votes.items() if n > 1 and word[:1].isupper() and word.lower().rstrip(".") not in unfit
    )


class _SentenceReading:
    def __init__(self, nouns: Nouns, doc: "Doc", known: Sequence[_Found], people: frozenset[str]) -> None:
        self.nouns, self.doc, self.people = nouns, doc, people
        self.known = [one for one in known if self._is_witnessed(one)]
        self.names = list(self._names())
        self.at = {i: one for one in self.names for i in self._tokens(one)}

    def find(self) -> Iterator[_Found]:
        """What is said first of a stretch holds. Footnote marks and a possessive's ending are no part of it."""
        for one in self._all():
            words = self.doc.text[one.begin : one.end]
            mark = _FOOTNOTE.search(words)
            words = words[: mark.start()] if mark else words
            words = words.removesuffix("'s").removesuffix("’s")
            if words:
                yield replace(one, end=one.begin + len(words))

    def _all(self) -> Iterator[_Found]:
        phrases = [one for chunk in self.doc.noun_chunks for one in self._phrases(chunk)]
        yield from phrases
        for one in self.names:
            if not self._is_only_whole(one, phrases):
                yield one
        yield from self._introduced()
        yield from self._inner_names()
        yield from self._values([one for one in phrases if one.kind in (PERSON, ORGANISATION)])
        for token in self.doc:
            kind = self.nouns.pronouns.get(token.lower_, "")
            if kind and token.tag_ != "PRP$" and token.tag_ != "EX" and token.pos_ in ("PRON", "ADV"):
                yield _Found(token.idx, token.idx + len(token), kind, PRONOUN)
        yield from self._addresses()

    def _tokens(self, one: _Found) -> range:
        span = self.doc.char_span(one.begin, one.end, alignment_mode="expand")
        return range(span.start, span.end) if span is not None else range(0)

    def _is_witnessed(self, one: _Found) -> bool:
        """A small place of the gazetteer counts where spaCy sees a place too, or a word of place stands before it."""
        if one.is_sure or one.ref:
            return True
        tokens = self._tokens(one)
        if not tokens or all(self.doc[i].text in self.people for i in tokens):
            return False
        labels = {self.doc[i].ent_type_ for i in tokens}
        if labels & {"GPE", "LOC", "FAC"} and not labels & {"PERSON", "ORG"}:
            return True
        before = self.doc[tokens[0] - 1].lower_ if tokens[0] else ""
        return before in self.nouns.lists["locative"] and "PERSON" not in labels

    def _names(self) -> Iterator[_Found]:
        """Names that do not overlap: the longest, of equals the registry's."""
        taken: set[int] = set()
        spacy = [one for ent in self.doc.ents if (one := self._from_spacy(ent))]
        more = [*spacy, *self._by_form(), *self._hyphenated()]
        for one in sorted((*self.known, *more), key=lambda o: (-(o.end - o.begin), not o.ref)):
            tokens = set(self._tokens(one))
            if tokens and not tokens & taken:
                taken |= tokens
                yield self._typed(one)

    def _hyphenated(self) -> Iterator[_Found]:
        """ "CJTF-OIR": capitals on both sides of a hyphen are one name."""
        for match in _JOINED_CAPITALS.finditer(self.doc.text):
            yield _Found(*match.span(), ORGANISATION, NAME, is_sure=False)

    def _from_spacy(self, ent: "Span") -> _Found | None:
        kind = _FROM_SPACY.get(ent.label_, "")
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
        if last - first == 1 and self.nouns.one.get(self.doc[first].lower_) in _ARMS:
            return None  # "a UAV": written like a name
        return _Found(self.doc[first].idx, self._end(last), kind, NAME, is_sure=False)

    def _is_title(self, at: int) -> bool:
        return self.doc[at].lower_.rstrip(".") in self.nouns.lists["titles"]

    def _by_form(self) -> Iterator[_Found]:
        """Capitals in the middle of a sentence: acronyms, "the Coalition"; words of people named in full elsewhere."""
        is_shouted = self.doc.text.isupper()
        for token in self.doc:
            if token.ent_type_ and token.text not in self.people:
                continue
            is_body = token.i and token.text[:1].isupper() and token.lower_ in self.nouns.lists["groups"]
            is_body = is_body and self.doc[token.i - 1].lower_ not in ("of", "in")
            is_acronym = _ACRONYM.fullmatch(token.text) and token.lower_ not in self.nouns.one
            if token.lower_ in self.nouns.lists["peoples"] and token.text[:1].isupper():
                yield _Found(token.idx, token.idx + len(token), NATIONALITY, NAME, is_sure=False)
            elif token.text in self.people:
                yield _Found(token.idx, token.idx + len(token), PERSON, NAME, is_sure=False)
            elif (is_body or is_acronym) and not is_shouted and token.pos_ in ("PROPN", "NOUN", "AUX", "ADJ"):
                yield _Found(token.idx, token.idx + len(token), ORGANISATION, NAME, is_sure=False)

    def _typed(self, one: _Found) -> _Found:
        """By its last noun ("Idlib Province" is a place), by number ("Syrians"), by what a state does."""
        tokens = self._tokens(one)
        last = self.doc[tokens[-1]]
        kind = one.kind
        if not one.ref and len(tokens) > 1:
            kind = self.nouns.one.get(last.lower_, kind)
        if kind == NATIONALITY and last.tag_ in ("NNPS", "NNS"):
            kind = ORGANISATION
        if kind == PLACE and one.is_state and self._acts(tokens[0], last):
            kind = ORGANISATION
        return replace(one, kind=kind)

    def _acts(self, first: int, last: "Token") -> bool:
        """Whether a state does something, or is named with its article and nothing says that it is where."""
        if last.dep_ == "nsubj" and last.head.pos_ == "VERB":
            return True
        if not first or self.doc[first - 1].lower_ != "the" or last.dep_ in ("compound", "poss", "nmod"):
            return False
        return first == 1 or self.doc[first - 2].lower_ not in self.nouns.lists["locative"] - {"of", "to", "by"}

    def _is_only_whole(self, one: _Found, phrases: Sequence[_Found]) -> bool:
        """ "the EU", "the Government of Iraq", "the Council": said with its article, or as part of a body, alone."""
        words = self.doc.text[one.begin : one.end]
        around = [p for p in phrases if p.begin <= one.begin and one.end <= p.end and (p.begin, p.end) != (one.begin, one.end)]
        is_whole = any((p.begin, p.end) == (one.begin - 4, one.end) for p in around)
        if is_whole and (" of " in words or _ACRONYM.fullmatch(words)):
            return True
        return words.lower() in self.nouns.lists["groups"] and any(p.kind == ORGANISATION for p in around)

    def _introduced(self) -> Iterator[_Found]:
        """ "Secretary of State John Kerry": a person's name with the office in capitals before it."""
        for name in self.names:
            tokens = self._tokens(name)
            first = tokens[0] if name.kind == PERSON and tokens else 0
            begin, has_title = first, False
            while begin and self.doc[begin - 1].text[:1].isupper() or (begin and self.doc[begin - 1].lower_ in _WITHIN_OFFICES):
                begin -= 1
                has_title = has_title or self._is_title(begin)
            while begin < first and self.doc[begin].lower_ in _WITHIN_OFFICES - {"the"}:
                begin += 1
            if has_title and begin < first:
                yield _Found(self.doc[begin].idx, name.end, PERSON, NAME, name.ref)

    def _inner_names(self) -> Iterator[_Found]:
        """Peoples and places within longer names: "the [Syrian] Computer Society"."""
        for one in self.known:
            if one.kind in (NATIONALITY, PLACE) and (one.is_sure or one.ref) and one not in self.names:
                yield one
        for token in self.doc:
            if token.lower_ in self.nouns.lists["peoples"] and token.text[:1].isupper():
                yield _Found(token.idx, token.idx + len(token), NATIONALITY, NAME)

    def _phrases(self, chunk: "Span") -> Iterator[_Found]:
        """The whole phrase around its head, when the head's kind is known; whose it is, within."""
        head = chunk.root
        for token in chunk:
            if token.dep_ == "poss" and token.pos_ != "PRON" and (kind := self._kind(token)):
                form = NAME if token.i in self.at else DESCRIPTION
                yield _Found(self.doc[token.left_edge.i].idx, token.idx + len(token), kind, form)
        kind = "" if head.pos_ == "PRON" or head.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT") else self._kind(head)
        if not kind:
            return
        name = self.at.get(head.i)
        last = head.i + 1
        if name:
            if self._tokens(name)[0] < chunk.start:
                return
            last = max(last, self._tokens(name)[-1] + 1)
        elif self._is_second(head, kind) or self._is_bare(chunk, kind):
            return
        else:
            last = self._joined(head, kind, last)
        first, last = self._first(chunk, kind), self._of(head, last)
        form, ref = (NAME, name.ref) if name else (DESCRIPTION, "")
        yield _Found(self.doc[first].idx, self._end(last), kind, form, ref)

    def _is_bare(self, chunk: "Span", kind: str) -> bool:
        """ "on land", "as president": one word that tells of no certain one."""
        return len(chunk) == 1 and (kind in (PLACE, "document") or (kind == PERSON and chunk.root.tag_ == "NN"))

    def _joined(self, head: "Token", kind: str, last: int) -> int:
        """ "women and children": one group."""
        for other in head.conjuncts:
            if other.i > head.i and self._is_second(other, kind) and other.i - head.i <= _JOINED:
                last = max(last, other.i + 1)
        return last

    def _is_second(self, head: "Token", kind: str) -> bool:
        """Whether a group without an article follows "and" behind another group."""
        if kind != ORGANISATION or head.dep_ != "conj" or head.tag_ != "NNS" or head.i in self.at:
            return False
        before = head.head
        if any(child.dep_ in ("det", "poss") for child in head.children) or before.tag_ != "NNS" or before.i in self.at:
            return False
        return self._kind(before) == kind and head.i - before.i <= _JOINED

    def _end(self, last: int) -> int:
        return self.doc[last - 1].idx + len(self.doc[last - 1])

    def _kind(self, head: "Token") -> str:
        if head.i in self.at:
            return self.at[head.i].kind
        kinds = self.nouns.several if head.tag_ in ("NNS", "NNPS") else self.nouns.one
        word, lemma = head.lower_, head.lemma_.lower()
        before = self.doc[head.i - 1].lower_ if head.i else ""
        for key in (f"{before}-{lemma}", word, lemma):
            if key in kinds:
                return kinds[key]
        return ""

    def _first(self, chunk: "Span", kind: str) -> int:
        """Behind loose words, behind counts of things, behind "a" of a bare weapon."""
        first, head = chunk.start, chunk.root.i
        outside = self.nouns.lists["loose"] | (self.nouns.lists["locative"] - _SIDES)
        while first < head and (self.doc[first].lower_ in outside or self.doc[first].is_punct):
            first += 1
        if first and self.doc[first].lower_ in ("than", "least", "most") and self.doc[first + 1].pos_ == "NUM":
            first -= 1
        if kind in _COUNTED_APART or chunk.root.lemma_.lower() in self.nouns.lists["counted"]:
            while first < head and (self.doc[first].pos_ == "NUM" or self.doc[first].lower_ in self.nouns.lists["about"]):
                if self.doc[first].lower_ == "the" and self.doc[first + 1].pos_ != "NUM":
                    break
                first += 1
        if kind in _ARMS and first == head - 1 and self.doc[first].lower_ in ("a", "an"):
            first += 1
        return first

    def _of(self, head: "Token", last: int) -> int:
        """Where "of Iraq" behind a government, a town, an office ends."""
        if head.lemma_.lower() not in self.nouns.lists["of_whom"]:
            return last
        for child in head.rights:
            if child.lower_ == "of" and child.i == last:
                for grandchild in child.rights:
                    if grandchild.dep_ == "pobj" and (grandchild.pos_ == "PROPN" or grandchild.i in self.at):
                        name = self.at.get(grandchild.i)
                        return max(grandchild.i, self._tokens(name)[-1] if name else 0) + 1
        return last

    def _addresses(self) -> Iterator[_Found]:
        """ "Palmyra, Syria": two places, a comma between, and no list of them."""
        places = sorted((o for o in self.names if o.kind == PLACE), key=lambda o: o.begin)
        joined = [self.doc.text[a.end : b.begin] in (", ", ", the ") for a, b in zip(places, places[1:], strict=False)]
        for index, is_joined in enumerate(joined):
            is_list = joined[index + 1 : index + 2] == [True] or (index and joined[index - 1])
            one, other = places[index], places[index + 1] if is_joined else places[index]
            if is_joined and not is_list and not self.doc.text[other.end :].startswith((" and ", ", and ")):
                yield _Found(one.begin, other.end, PLACE, NAME)

    def _values(self, groups: Sequence[_Found]) -> Iterator[_Found]:
        """Days, money, measures and counts; the count in "292 people" is part of the group."""
        for ent in self.doc.ents:
            kind = _FROM_SPACY.get(ent.label_, "")
            if kind == "date" and (len(ent) > 1 or ent.text[:1].isupper() or ent.text.isdigit() or _is_day(ent.text)):
                first = ent.start + (ent[0].lower_ in ("the", "just", "about") and len(ent) > 1)
                is_age = ent.text.endswith("-old") or ent.text.endswith(" old")
                yield _Found(self.doc[first].idx, ent.end_char, "quantity" if is_age else kind, VALUE)
            elif kind in ("money", "quantity"):
                one = self._amount(ent, kind)
                is_in_group = any(group.begin <= one.begin and one.end <= group.end for group in groups)
                if not is_in_group and ent.text.lower() != "one":
                    yield one
            elif kind == "document":
                yield _Found(ent.start_char, ent.end_char, kind, NAME)
        for match in _ARTICLE_OF_LAW.finditer(self.doc.text):
            yield _Found(*match.span(), "document", NAME)
        for match in _COORDINATES.finditer(self.doc.text):
            yield _Found(*match.span(), "coordinates", VALUE)

    def _amount(self, ent: "Span", kind: str) -> _Found:
        first = ent.start
        while first < ent.end - 1 and self.doc[first].lower_ in self.nouns.lists["about"]:
            first += 1
        begin, end, text = self.doc[first].idx, ent.end_char, self.doc.text
        symbol = _CURRENCY.search(text, max(0, begin - 4), begin)
        if symbol or (kind == "money" and text[begin] in "$£€¥"):
            begin, kind = symbol.start() if symbol else begin, "money"
            scale = _SCALE.match(text, end)
        else:
            scale = _UNIT.match(text, end)
        return _Found(begin, scale.end() if scale else end, kind, VALUE)


def _is_day(word: str) -> bool:
    return word.lower() in ("today", "yesterday", "tomorrow", "tonight")


def _tidy(found: Iterable[_Found]) -> list[_Found]:
    """One kind a stretch, the first said; the outer before the inner."""
    kept: dict[tuple[int, int], _Found] = {}
    for one in found:
        kept.setdefault((one.begin, one.end), one)
    return sorted(kept.values(), key=lambda o: (o.begin, -o.end))
