"""Place names of a text against gold coordinates: the field's accuracy at 161 km (100 miles). Pure."""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from timeline.evaluation.field import Coder
from timeline.evaluation.figures import figure
from timeline.evaluation.scores import Score
from timeline.tagging import Document
from timeline.tagging.records import PlaceMention

NEAR_KM = 161.0
EARTH_KM = 6371.0
WORST = 60
_BEFORE = 120  # characters that a gold offset may be off


@dataclass(frozen=True, slots=True)
class GoldPlace:
    begin: int
    end: int
    text: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class GoldText:
    id: str
    document: Document
    places: tuple[GoldPlace, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A gold place with coordinates, the mention that overlaps it most, and how far off that is."""

    gold: GoldPlace
    mention: PlaceMention | None
    km: float


@dataclass(frozen=True, slots=True)
class JudgedText:
    """`n_named` of the mentions stand on a gold name, with coordinates in the gold or without."""

    text: GoldText
    judged: tuple[Judged, ...]
    mentions: tuple[PlaceMention, ...]
    n_named: int

    @property
    def n_found(self) -> int:
        return len(self.mentions)


def load_texts(path: Path) -> tuple[GoldText, ...]:
    """Rows of id, text, date and toponyms (begin, end, phrase, lat, lon). Raises KeyError, ValueError."""
    with path.open(encoding="utf-8") as lines:
        return tuple(_text(json.loads(line)) for line in lines if line.strip())


def score_geoparse(path: Path, coder: Coder) -> Score:
    """Share of all gold places with coordinates that were found and put within 161 km; a text is one item."""
    find = coder.tagger.places.find_everywhere
    texts = [judge(text, find(text.document)) for text in load_texts(path)]

    def share(of: Callable[[Judged], bool], only: Callable[[Judged], bool] = lambda _: True) -> Any:
        def metric(some: Sequence[JudgedText]) -> float:
            asked = [one for text in some for one in text.judged if only(one)]
            return sum(map(of, asked)) / max(1, len(asked))

        return metric

    def precision(some: Sequence[JudgedText]) -> float:
        return sum(text.n_named for text in some) / max(1, sum(text.n_found for text in some))

    everything = [one for text in texts for one in text.judged]
    return Score(
        (
            figure("within 161 km of all", texts, share(lambda one: one.km <= NEAR_KM)),
            figure("coverage", texts, share(lambda one: one.mention is not None)),
            figure(
                "within 161 km of the found", texts, share(lambda o: o.km <= NEAR_KM, lambda o: o.mention is not None)
            ),
            figure("precision of the found names", texts, precision),
            figure("exact spans", texts, share(_is_exact)),
        ),
        tuple(_most_frequent(everything)),
        tuple(_line(one, text.text) for text in texts for one in text.judged if one.km > NEAR_KM)[:WORST],
        tuple(_prediction(text.text, text.mentions) for text in texts),
    )


def judge(text: GoldText, mentions: Sequence[PlaceMention]) -> JudgedText:
    judged = []
    for gold in text.places:
        if gold.latitude is None or gold.longitude is None:
            continue
        mention = max(mentions, key=lambda m: (_overlap(m, gold), -m.end + m.begin), default=None)
        if mention is None or not _overlap(mention, gold):
            judged.append(Judged(gold, None, math.inf))
        else:
            judged.append(Judged(gold, mention, _km(gold, mention)))
    n_named = sum(any(_overlap(mention, gold) for gold in text.places) for mention in mentions)
    return JudgedText(text, tuple(judged), tuple(mentions), n_named)


def kilometres(latitude: float, longitude: float, latitude_b: float, longitude_b: float) -> float:
    """Great-circle distance (haversine)."""
    a, b, c, d = map(math.radians, (latitude, longitude, latitude_b, longitude_b))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def _km(gold: GoldPlace, mention: PlaceMention) -> float:
    if gold.latitude is None or gold.longitude is None or mention.latitude is None or mention.longitude is None:
        return math.inf
    return kilometres(gold.latitude, gold.longitude, mention.latitude, mention.longitude)


def _overlap(mention: PlaceMention, gold: GoldPlace) -> int:
    return max(0, min(mention.end, gold.end) - max(mention.begin, gold.begin))


def _is_exact(one: Judged) -> bool:
    return one.mention is not None and (one.mention.begin, one.mention.end) == (one.gold.begin, one.gold.end)


def _text(row: Mapping[str, Any]) -> GoldText:
    text = row["text"]
    on = date.fromisoformat((row.get("date") or "2000-01-01")[:10]) if _is_day(row.get("date")) else date(2000, 1, 1)
    places: list[GoldPlace] = []
    taken: set[int] = set()
    for toponym in row["toponyms"]:
        begin, end = int(toponym["begin"]), int(toponym["end"])
        phrase = toponym["phrase"] or ""
        if phrase and text[begin:end] != phrase:
            begin = _nearest(text, phrase, begin, taken)
            end = begin + len(phrase)
        taken.add(begin)
        has_place = toponym.get("lat") not in (None, "") and toponym.get("lon") not in (None, "")
        places.append(
            GoldPlace(
                begin,
                end,
                phrase,
                float(toponym["lat"]) if has_place else None,
                float(toponym["lon"]) if has_place else None,
            )
        )
    return GoldText(str(row["id"]), Document(text, on), tuple(places))


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= 10 and value[4] == "-"


def _nearest(text: str, phrase: str, begin: int, taken: set[int]) -> int:
    """Where the phrase really stands: some sets' offsets are off. The offset itself when it stands nowhere."""
    at, found = text.find(phrase), []
    while at >= 0:
        found.append(at)
        at = text.find(phrase, at + 1)
    free = [one for one in found if one not in taken] or found
    return min(free, key=lambda one: abs(one - begin), default=begin)


def _most_frequent(judged: Sequence[Judged]) -> list[str]:
    missed = Counter(one.gold.text for one in judged if one.mention is None)
    wrong = Counter(one.gold.text for one in judged if one.mention is not None and one.km > NEAR_KM)
    return [
        *(f"{n:4}  not found: {name}" for name, n in missed.most_common(12)),
        *(f"{n:4}  put elsewhere: {name}" for name, n in wrong.most_common(12)),
    ]


def _line(one: Judged, text: GoldText) -> str:
    around = text.document.text[max(0, one.gold.begin - 40) : one.gold.end + 40].replace("\n", " ")
    if one.mention is None:
        return f"{text.id} not found: {one.gold.text} … {around}"
    where = f"{one.mention.kind} {one.mention.country}"
    return f"{text.id} {one.km:.0f} km off: {one.gold.text} taken for {one.mention.text}, {where} … {around}"


def _prediction(text: GoldText, mentions: Sequence[PlaceMention]) -> dict[str, Any]:
    places = [
        {
            "begin": m.begin,
            "end": m.end,
            "phrase": m.text,
            "lat": m.latitude,
            "lon": m.longitude,
            "geonameid": m.geonameid,
        }
        for m in mentions
    ]
    return {"id": text.id, "toponyms": places}
