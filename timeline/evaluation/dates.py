"""Scores a date finder on TIMEX3 gold: value F1 as in TempEval-3 (overlapping spans, equal values) and day accuracy."""

import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from timeline.tagging.dates import DateFinder
from timeline.tagging.records import DateMention, Document
from timeline.tagging.sentences import SentenceFinder

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
Finder = Callable[[Document], Sequence[DateMention]]


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


@dataclass(frozen=True, slots=True)
class DateScore:
    """Counts; the figures follow from them. `days_right` of `days`: gold dates of a day found with that very day."""

    found: int
    gold: int
    matched: int
    equal: int
    days: int
    days_right: int
    words: int
    cpu_s: float

    @property
    def span_f1(self) -> float:
        return 2 * self.matched / max(1, self.found + self.gold)

    @property
    def value_f1(self) -> float:
        return 2 * self.equal / max(1, self.found + self.gold)

    @property
    def day_accuracy(self) -> float:
        return self.days_right / max(1, self.days)

    @property
    def words_per_cpu_s(self) -> float:
        return self.words / self.cpu_s if self.cpu_s else 0.0


def load_gold_dates(path: Path) -> tuple[GoldDocument, ...]:
    """Documents of a JSONL file: id, dct, text, timexes of begin, end, type and value. Without a dct: left out."""
    documents = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not row.get("dct"):
                continue
            gold = tuple(
                GoldDate(timex["begin"], timex["end"], timex["type"], timex["value"] or "")
                for timex in row["timexes"]
                if timex["begin"] < timex["end"]
            )
            documents.append(GoldDocument(Document(row["text"], date.fromisoformat(row["dct"][:10])), gold))
    return tuple(documents)


def find_dates(document: Document) -> tuple[DateMention, ...]:
    return DateFinder().find(document, SentenceFinder().find(document))


def score_dates(documents: Iterable[GoldDocument], finder: Finder = find_dates) -> DateScore:
    found = gold = matched = equal = days = days_right = words = 0
    cpu_s = 0.0
    for item in documents:
        started = time.process_time()
        mentions = finder(item.document)
        cpu_s += time.process_time() - started
        pairs = match_spans(mentions, item.dates)
        found, gold, matched = found + len(mentions), gold + len(item.dates), matched + len(pairs)
        equal += sum(mention.value == date_.value for mention, date_ in pairs)
        named = [date_ for date_ in item.dates if date_.type == "DATE" and _DAY.match(date_.value)]
        days += len(named)
        days_right += sum(_has_day(mentions, date_) for date_ in named)
        words += len(item.document.text.split())
    return DateScore(found, gold, matched, equal, days, days_right, words, cpu_s)


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


def _has_day(mentions: Sequence[DateMention], gold: GoldDate) -> bool:
    return any(m.begin < gold.end and gold.begin < m.end and m.value[:10] == gold.value for m in mentions)
