"""Place names of a text with their coordinates, through the gazetteer. English; pure.

words → stretches that spell a name → those that mean a place (`weighing`) → which place (`resolving`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from timeline.tagging.gazetteer.names import Span, Words, longest_first
from timeline.tagging.gazetteer.resolving import Name, Resolver
from timeline.tagging.gazetteer.table import ADMIN1, ADMIN2, COUNTRY, REGION, Gazetteer, key
from timeline.tagging.gazetteer.weighing import ALIAS, DATELINE, QUALIFIED, WIDE, Surroundings, doubts, size
from timeline.tagging.records import Document, PlaceMention
from timeline.tagging.surroundings import datelines

ADJECTIVE = "adjective"
_POSTAL = re.compile(r", ([A-Z]{2,3})\b")
_AND = re.compile(r",? and\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch that spells a name. `hits` as the table gives them; `name` is the same for what means the same."""

    span: Span
    name: str
    hits: tuple[int, ...]
    points: float = 0.0
    is_adjective: bool = False
    is_exact: bool = False
    inside: frozenset[int] = frozenset()
    spelling: str = ""


class GazetteerFinder:
    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.resolver = Resolver(gazetteer)
        exact = sorted(gazetteer.exact, key=len, reverse=True)
        self._exact = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, exact))})(?!\w)")

    def find(self, document: Document) -> tuple[PlaceMention, ...]:
        """In reading order, none overlapping. Adjectives and peoples ("Turkish") have the kind "adjective"."""
        words = Words(document.text)
        found = self._weighed(document, words, self._spelt(words))
        rows = self.resolver.resolve(self._names(found))
        return tuple(self._mention(one, rows[one.name]) for one in found if one.name in rows)

    def _spelt(self, words: Words) -> list[Found]:
        """All stretches that spell something, the longest of those that overlap."""
        spans = list(words.spans())
        spelt: dict[tuple[int, int], Found] = {}
        names = [key(span.text) for span in spans]
        for span, name, hits in zip(spans, names, self.gazetteer.find(names), strict=True):
            if len(hits):
                spelt[span.first, span.last] = Found(span, name, tuple(map(int, hits)))
            adjective = self.gazetteer.adjectives.get(span.text) or self.gazetteer.adjectives.get(span.text.title())
            if adjective:
                spelt[span.first, span.last] = Found(span, f"~{name}", adjective, is_adjective=True)
        for one in self._written(words):
            spelt[one.span.first, one.span.last] = one
        chosen = longest_first([one.span for one in spelt.values()])
        return [spelt[span.first, span.last] for span in chosen]

    def _written(self, words: Words) -> Iterator[Found]:
        """Acronyms and abbreviations as our list writes them; a state's postal code behind a comma."""
        at = {word.begin: index for index, word in enumerate(words.all)}
        ends = {word.end: index for index, word in enumerate(words.all)}
        for match in self._exact.finditer(words.text):
            text = match.group()
            last = ends.get(match.end() - text.endswith("."))
            if match.start() in at and last is not None and self._is_abbreviation(words, match):
                span = Span(at[match.start()], last, match.start(), match.end(), text)
                yield Found(span, text, (self.gazetteer.exact[text],), is_exact=True)
        for match in _POSTAL.finditer(words.text):
            rows = self.gazetteer.postal.get(match.group(1))
            if rows and match.start(1) in at and match.start() - 1 in {word.end - 1 for word in words.all}:
                index = at[match.start(1)]
                yield Found(
                    Span(index, index, match.start(1), match.end(1), match.group(1)),
                    match.group(1),
                    rows,
                    is_exact=True,
                )

    def _is_abbreviation(self, words: Words, match: re.Match[str]) -> bool:
        """ "Ala." or "Miss." only behind a comma or within a sentence; "N.C." and "US" anywhere."""
        text = match.group()
        if sum(letter.isupper() for letter in text) > 1:
            return True
        behind = words.text[match.end() : match.end() + 2]
        return words.text[: match.start()].endswith(", ") or (behind[:1] == " " and behind[1:].islower())

    def _weighed(self, document: Document, words: Words, spelt: Sequence[Found]) -> list[Found]:
        surroundings = Surroundings(words)
        heads = datelines(document.text, 0) + datelines(document.text, document.title_end)
        by_first = {one.span.first: one for one in spelt}
        weighed = []
        for one in spelt:
            qualifier = self._qualifier(words, one, by_first)
            inside = frozenset(self._wide(qualifier)) if qualifier else frozenset()
            if inside and not self.resolver.resolve({"": Name(one.hits, inside=inside)}):
                inside = frozenset()
            points = surroundings.points(one.span, self._worth(one), is_exact=one.is_exact) + QUALIFIED * bool(inside)
            points += DATELINE * any(begin <= one.span.begin < end for begin, end in heads)
            name = f"{one.name}, {qualifier.name}" if inside and qualifier else one.name
            weighed.append(replace(one, points=points, inside=inside, name=name, spelling=one.name))
        by_name: dict[str, list[float]] = {}
        for one in weighed:
            by_name.setdefault(one.spelling, []).append(one.points)
        helped = doubts(by_name)
        return [one for one in weighed if one.is_adjective or one.points + helped[one.spelling] >= 0]

    def _worth(self, one: Found) -> float:
        """Points of a name by itself: its most prominent place's."""
        if one.is_adjective:
            return WIDE
        worth = -9.0
        for hit in one.hits:
            row = hit if hit >= 0 else -hit - 1
            kind = self.gazetteer.kinds[row]
            if kind in (COUNTRY, REGION):
                worth = max(worth, WIDE)
            elif kind == ADMIN1:
                worth = max(worth, size(10 * int(self.gazetteer.populations[row])) - (hit < 0))
            elif kind == ADMIN2:
                worth = max(worth, (WIDE if " " in one.name else WIDE / 2) if hit >= 0 else -1.0)
            else:
                worth = max(worth, size(int(self.gazetteer.populations[row])) + ALIAS * (hit < 0))
        return worth

    def _qualifier(self, words: Words, one: Found, by_first: dict[int, Found]) -> Found | None:
        """What stands behind the comma: a division or country that a place of the name lies in."""
        behind = by_first.get(one.span.last + 1)
        if behind is None or behind.is_adjective or one.is_adjective:
            return None
        if words.text[one.span.end : behind.span.begin] not in (", ", " (", ","):
            return None
        return None if self._is_country(one) and self._is_in_list(words, behind) else behind

    def _is_country(self, one: Found) -> bool:
        return any(hit >= 0 and self.gazetteer.kinds[hit] == COUNTRY for hit in one.hits)

    def _is_in_list(self, words: Words, one: Found) -> bool:
        """ "Turkey, Georgia and Iran": no town called Turkey is meant."""
        return self._is_country(one) or _AND.match(words.text, one.span.end) is not None

    def _wide(self, one: Found) -> Iterator[int]:
        for hit in one.hits:
            row = hit if hit >= 0 else -hit - 1
            if self.gazetteer.kinds[row] in (COUNTRY, ADMIN1, ADMIN2):
                yield row

    def _names(self, found: Sequence[Found]) -> dict[str, Name]:
        names: dict[str, Name] = {}
        for one in found:
            count = names[one.name].count + 1 if one.name in names else 1
            names[one.name] = Name(one.hits, one.spelling, count, one.inside)
        return names

    def _mention(self, one: Found, row: int) -> PlaceMention:
        place = self.gazetteer.place(row)
        return PlaceMention(
            one.span.begin,
            one.span.end,
            one.span.text,
            "",
            place.latitude,
            place.longitude,
            ADJECTIVE if one.is_adjective else place.kind,
            place.geonameid,
            place.country,
        )
