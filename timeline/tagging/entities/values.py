"""Days, money, measures, counts, numbered papers and coordinates of a sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from timeline.tagging.entities.nouns import FROM_SPACY, NAME, VALUE, Found, Nouns

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_ARTICLE_OF_LAW = re.compile(r"\b(?:Resolution|Article|Section|section|article|Act|Order|Directive) \d[\d.]*(?<!\.)")
_CURRENCY, _SCALE = re.compile(r"(?:[A-Z]{1,3})?[$£€¥]\Z"), re.compile(r"\s?(?:m|bn|tn|k|million|billion|trillion)\b")
_UNIT = re.compile(r"\s?(?:km|m|ft|mi|kg|cm|mm|%|mph|kph|kW|MW)\b")
_COORDINATES = re.compile(
    r"\d{1,3}(?:\.\d+|°\d{1,2}[′']\d{1,2}[″\"])°?\s?[NS]?[;,]?\s\d{1,3}(?:\.\d+|°\d{1,2}[′']\d{1,2}[″\"])°?\s?[EW]?"
)


class Values:
    def __init__(self, nouns: Nouns, doc: Doc) -> None:
        self.nouns, self.doc = nouns, doc

    def find(self, groups: Sequence[Found]) -> Iterator[Found]:
        """Days, money, measures and counts; the count in "292 people" is part of the group."""
        for ent in self.doc.ents:
            kind = FROM_SPACY.get(ent.label_, "")
            if kind == "date" and (len(ent) > 1 or ent.text[:1].isupper() or ent.text.isdigit() or _is_day(ent.text)):
                first = ent.start + (ent[0].lower_ in ("the", "just", "about") and len(ent) > 1)
                is_age = ent.text.endswith("-old") or ent.text.endswith(" old")
                yield Found(self.doc[first].idx, ent.end_char, "quantity" if is_age else kind, VALUE)
            elif kind in ("money", "quantity"):
                one = self._amount(ent, kind)
                is_in_group = any(group.begin <= one.begin and one.end <= group.end for group in groups)
                if not is_in_group and ent.text.lower() != "one":
                    yield one
            elif kind == "document":
                yield Found(ent.start_char, ent.end_char, kind, NAME)
        for match in _ARTICLE_OF_LAW.finditer(self.doc.text):
            yield Found(*match.span(), "document", NAME)
        for match in _COORDINATES.finditer(self.doc.text):
            yield Found(*match.span(), "coordinates", VALUE)

    def _amount(self, ent: Span, kind: str) -> Found:
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
        return Found(begin, scale.end() if scale else end, kind, VALUE)


def _is_day(word: str) -> bool:
    return word.lower() in ("today", "yesterday", "tomorrow", "tonight")
