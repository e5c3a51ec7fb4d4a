"""Scores entities on a set of documents with typed, nested spans (re3d). Pure.

A folder for each source holds documents.jsonl (_id, text) and entities.jsonl (documentId, begin, end, type). Of gold
spans that are written twice only the first counts.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from timeline.evaluation.field import Coder
from timeline.evaluation.figures import figure, micro_f1
from timeline.evaluation.gold import read_rows
from timeline.evaluation.scores import WORST, Score
from timeline.tagging import Document, Tagger
from timeline.tagging.records import EntityMention

NO_DAY = date(2017, 1, 1)
# Our kinds → the set's types. What the set has besides (frequencies, addresses) we do not know.
TYPES = {
    "person": "Person",
    "organisation": "Organisation",
    "place": "Location",
    "nationality": "Nationality",
    "date": "Temporal",
    "quantity": "Quantity",
    "money": "Money",
    "weapon": "Weapon",
    "vehicle": "Vehicle",
    "platform": "MilitaryPlatform",
    "document": "DocumentReference",
    "coordinates": "Coordinate",
}
NOTHING = "nothing"
MAIN = ("Person", "Organisation", "Location")


@dataclass(frozen=True, slots=True, order=True)
class TypedSpan:
    """`form` of ours, as `EntityMention` has it; it does not count when spans are compared."""

    begin: int
    end: int
    type: str
    form: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class GoldEntities:
    id: str
    text: str
    spans: tuple[TypedSpan, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A document's answers beside its gold spans."""

    gold: GoldEntities
    found: tuple[TypedSpan, ...]


def load_entities(path: Path) -> list[GoldEntities]:
    """All sources below a folder, or one source's. Raises OSError, KeyError, ValueError."""
    files = sorted(path.glob("**/documents.jsonl"))
    if not files:
        raise ValueError("no documents.jsonl in it or below it")
    found = []
    for file in files:
        spans: dict[str, dict[tuple[int, int], TypedSpan]] = defaultdict(dict)
        for row in read_rows(file.parent / "entities.jsonl"):
            span = TypedSpan(int(row["begin"]), int(row["end"]), row["type"])
            spans[row["documentId"]].setdefault((span.begin, span.end), span)
        found += [
            GoldEntities(row["_id"], row["text"], tuple(sorted(spans[row["_id"]].values()))) for row in read_rows(file)
        ]
    return found


def score_entities(path: Path, coder: Coder) -> Score:
    return score_found(compare(load_entities(path), coder.tagger))


def compare(documents: Iterable[GoldEntities], tagger: Tagger) -> list[Compared]:
    return [Compared(gold, tuple(map(_typed, tagger.find_entities(Document(gold.text, NO_DAY))))) for gold in documents]


def _typed(one: EntityMention) -> TypedSpan:
    return TypedSpan(one.begin, one.end, TYPES[one.kind], one.form)


def outermost(spans: Iterable[TypedSpan]) -> list[TypedSpan]:
    """Those that lie in no other and begin behind the one before: the longest of those that overlap."""
    chosen: list[TypedSpan] = []
    for span in sorted(spans, key=lambda s: (s.begin - s.end, s.begin)):
        if all(span.end <= other.begin or other.end <= span.begin for other in chosen):
            chosen.append(span)
    return sorted(chosen)


def score_learnt(
    path: Path, coder: Coder, learn: Callable[[Sequence[Compared]], Iterable[Sequence[TypedSpan]]]
) -> Score:
    """`learn`: the documents beside our own answers → the flat spans of each from a model that did not see it."""
    rows = compare(load_entities(path), coder.tagger)
    return score_found([replace(row, found=tuple(found)) for row, found in zip(rows, learn(rows), strict=True)])


def score_found(rows: Sequence[Compared]) -> Score:
    """Right: begin, end and type are the gold's. A document is one item."""

    def counts(of: Callable[[Iterable[TypedSpan]], Iterable[TypedSpan]]) -> list[tuple[int, int, int]]:
        pairs = [(set(of(row.found)), set(of(row.gold.spans))) for row in rows]
        return [(len(found & gold), len(found), len(gold)) for found, gold in pairs]

    nested, flat = counts(list), counts(outermost)
    figures = [
        figure("outermost entities, typed exact F1", flat, micro_f1),
        figure("outermost entities, precision", flat, _precision),
        figure("outermost entities, recall", flat, _recall),
        figure("all entities, typed exact F1", nested, micro_f1),
        figure("all entities, precision", nested, _precision),
        figure("all entities, recall", nested, _recall),
        figure("all entities, exact F1 whatever the type", counts(_untyped), micro_f1),
    ]
    figures += [figure(f"all entities, {type_}, F1", counts(partial(_of_type, type_)), micro_f1) for type_ in MAIN]
    return Score(tuple(figures), _confusion(rows), _worst(rows), tuple(_row(row) for row in rows))


def _of_type(type_: str, spans: Iterable[TypedSpan]) -> list[TypedSpan]:
    return [span for span in spans if span.type == type_]


def _untyped(spans: Iterable[TypedSpan]) -> list[TypedSpan]:
    return [TypedSpan(span.begin, span.end, "") for span in spans]


def _precision(some: Sequence[tuple[int, int, int]]) -> float:
    return sum(right for right, _, _ in some) / max(1, sum(found for _, found, _ in some))


def _recall(some: Sequence[tuple[int, int, int]]) -> float:
    return sum(right for right, _, _ in some) / max(1, sum(wanted for _, _, wanted in some))


def _confusion(rows: Sequence[Compared]) -> tuple[str, ...]:
    """For each type: how often spans that are exact got which type, how often the span itself was off or missed."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        gold = {(s.begin, s.end): s.type for s in row.gold.spans}
        found = {(s.begin, s.end): s.type for s in row.found}
        for place, type_ in gold.items():
            near = any(b < place[1] and place[0] < e and found[b, e] == type_ for b, e in found)
            table[type_][found.get(place) or ("other bounds" if near else NOTHING)] += 1
        for place in found.keys() - gold.keys():
            table[NOTHING][found[place]] += 1
    return tuple(
        f"{wanted:18} {', '.join(f'{answer} {n}' for answer, n in answers.most_common())}"
        for wanted, answers in sorted(table.items())
    )


def _worst(rows: Sequence[Compared]) -> tuple[str, ...]:
    """The words most often missed and most often found in vain."""
    missed, vain = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in rows:
        gold, found = set(row.gold.spans), set(row.found)
        missed.update((s.type, row.gold.text[s.begin : s.end].lower()) for s in gold - found)
        vain.update((s.type, row.gold.text[s.begin : s.end].lower()) for s in found - gold)
    return tuple(
        f"{n:3} {what} {type_}: {words}"
        for what, counted in (("missed", missed), ("in vain", vain))
        for (type_, words), n in counted.most_common(WORST)
    )


def _row(row: Compared) -> dict[str, Any]:
    entities = [
        {"begin": s.begin, "end": s.end, "type": s.type, "value": row.gold.text[s.begin : s.end]} for s in row.found
    ]
    return {"documentId": row.gold.id, "entities": entities}
