"""Scores a date finder on TIMEX3 gold: value F1 as in TempEval-3 (overlapping spans, equal values) and day accuracy.

The figures are over documents, so that their intervals are: a document's dates hang together.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from timeline.evaluation.figures import confusion, figure, micro_f1
from timeline.evaluation.gold import read_rows
from timeline.evaluation.scores import WORST, Score
from timeline.tagging.date_values import bounds
from timeline.tagging.dates import DateFinder
from timeline.tagging.records import DateMention, Document
from timeline.tagging.sentences import SentenceFinder

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_DIGIT = re.compile(r"\d")
_AROUND = 60
Finder = Callable[[Document], Sequence[DateMention]]
Counts = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class GoldDate:
    begin: int
    end: int
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class GoldDocument:
    document: Document
    dates: tuple[GoldDate, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A document's gold and found dates; `pairs`: those that overlap."""

    item: GoldDocument
    found: tuple[DateMention, ...]
    pairs: tuple[tuple[DateMention, GoldDate], ...]

    def counts(self, is_right: Callable[[DateMention, GoldDate], bool]) -> Counts:
        right = sum(is_right(mention, gold) for mention, gold in self.pairs)
        return right, len(self.found), len(self.item.dates)

    def days(self) -> tuple[int, int]:
        """Of the gold dates of a day: how many are found with that very day, and how many there are."""
        named = [gold for gold in self.item.dates if gold.type == "DATE" and _DAY.match(gold.value)]
        return sum(_has_day(self.found, gold) for gold in named), len(named)


def load_gold_dates(path: Path) -> tuple[GoldDocument, ...]:
    """Documents of a JSONL file: id, dct, text, timexes of begin, end, type and value. Without a dct: left out."""
    documents = []
    for number, row in enumerate(read_rows(path), 1):
        if not row.get("dct"):
            continue
        gold = tuple(
            GoldDate(timex["begin"], timex["end"], timex["type"], timex["value"] or "")
            for timex in row["timexes"]
            if timex["begin"] < timex["end"]
        )
        document = Document(row["text"], date.fromisoformat(row["dct"][:10]))
        documents.append(GoldDocument(document, gold, str(row.get("id", number))))
    return tuple(documents)


def find_dates(document: Document) -> tuple[DateMention, ...]:
    return DateFinder().find(document, SentenceFinder().find(document))


def score_timex(path: Path, finder: Finder = find_dates) -> Score:
    """Value F1, day-level accuracy; "same days" forgives what means the same days (2000-W7 and 2000-W07, a Monday
    night and its Monday), as the sets write such values in different ways."""
    rows = [_row(item, finder) for item in load_gold_dates(path)]
    shapes = [(_shape(g.type, g.value), _shape("", m.value)) for r in rows for m, g in r.pairs if m.value != g.value]
    missed = [(_shape(g.type, g.value), "nothing") for r in rows for g in _unmatched(r)]
    return Score(
        (
            figure("value F1", [r.counts(lambda m, g: m.value == g.value) for r in rows], micro_f1),
            figure("day-level accuracy", [r.days() for r in rows], _accuracy),
            figure("same days F1", [r.counts(_means_the_same) for r in rows], micro_f1),
            figure("span F1", [r.counts(lambda m, g: True) for r in rows], micro_f1),
        ),
        tuple(confusion([*shapes, *missed])),
        tuple(line for row in rows for line in _day_errors(row))[:WORST],
        tuple(
            {"id": r.item.id, "timexes": [{"begin": m.begin, "end": m.end, "value": m.value} for m in r.found]}
            for r in rows
        ),
    )


def match_spans(mentions: Sequence[DateMention], gold: Sequence[GoldDate]) -> list[tuple[DateMention, GoldDate]]:
    """Each mention with the first gold date that it overlaps and no earlier mention took."""
    pairs: list[tuple[DateMention, GoldDate]] = []
    taken: set[int] = set()
    for mention in mentions:
        for index, date_ in enumerate(gold):
            if index not in taken and date_.begin < mention.end and mention.begin < date_.end:
                taken.add(index)
                pairs.append((mention, date_))
                break
    return pairs


def _row(item: GoldDocument, finder: Finder) -> _Row:
    found = tuple(finder(item.document))
    return _Row(item, found, tuple(match_spans(found, item.dates)))


def _unmatched(row: _Row) -> list[GoldDate]:
    taken = {(gold.begin, gold.end) for _, gold in row.pairs}
    return [gold for gold in row.item.dates if (gold.begin, gold.end) not in taken]


def _means_the_same(mention: DateMention, gold: GoldDate) -> bool:
    if mention.value == gold.value:
        return True
    first, last, _ = bounds(re.sub(r"-W(\d)\b", r"-W0\1", re.sub("(-XX)+$", "", gold.value)))
    return first is not None and (mention.first, mention.last) == (first, last)


def _accuracy(counts: Sequence[tuple[int, int]]) -> float:
    return sum(right for right, _ in counts) / max(1, sum(all_ for _, all_ in counts))


def _shape(type_: str, value: str) -> str:
    """A value with its digits made alike, so that errors of a kind come together: 1998-03-01 → 9999-99-99."""
    return f"{type_} {_DIGIT.sub('9', value) or 'no value'}".strip()


def _day_errors(row: _Row) -> list[str]:
    """The gold days that were not found as that day, with the text around."""
    text = row.item.document.text
    wrong = [g for g in row.item.dates if g.type == "DATE" and _DAY.match(g.value) and not _has_day(row.found, g)]
    return [
        f"{row.item.id} ({row.item.document.published_on}) {text[g.begin : g.end]!r} = {g.value}, found "
        f"{[m.value for m in row.found if m.begin < g.end and g.begin < m.end]}: "
        + text[max(0, g.begin - _AROUND) : g.end + _AROUND].replace("\n", " ")
        for g in wrong
    ]


def _has_day(mentions: Sequence[DateMention], gold: GoldDate) -> bool:
    return any(m.begin < gold.end and gold.begin < m.end and m.value[:10] == gold.value for m in mentions)
