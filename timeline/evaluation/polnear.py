"""Scores who says so on PolNeAR (Newell et al. 2018): attributions with source, cue and content in news. Pure.

An attribution is right when its cue overlaps a gold cue and its source that attribution's source, one to one in reading
order. Gold attributions without a source can then never be met; a second figure leaves them out.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from timeline.evaluation.field import Coder
from timeline.evaluation.figures import figure, micro_f1
from timeline.evaluation.gold import Place, read_rows
from timeline.evaluation.scores import WORST, Score
from timeline.tagging import Document
from timeline.tagging.attributions import Attribution, AttributionFinder
from timeline.tagging.parser import parse

NO_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class GoldAttribution:
    """Character spans; no `source`: the text names nobody."""

    cue: tuple[Place, ...]
    source: tuple[Place, ...]
    content: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class GoldDocument:
    id: str
    text: str
    attributions: tuple[GoldAttribution, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A document's attributions; `pairs` are those that met a gold one by cue and source."""

    gold: GoldDocument
    found: tuple[Attribution, ...]
    pairs: tuple[tuple[Attribution, GoldAttribution], ...]
    cues: int

    def named(self) -> list[Attribution]:
        return [one for one in self.found if one.source]


def load_attributions(path: Path) -> list[GoldDocument]:
    """A JSONL file, or all of a folder; attributions without content are none."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [
        GoldDocument(
            row["id"],
            row["text"],
            tuple(
                GoldAttribution(*(tuple((b, e) for b, e in one.get(part, ())) for part in ("cue", "source", "content")))
                for one in row["attributions"]
                if one.get("content")
            ),
        )
        for file in files
        for row in read_rows(file)
    ]


def score_polnear(path: Path, coder: Coder) -> Score:
    rows = [_compare(coder, gold) for gold in load_attributions(path)]

    def counts(of: Callable[[Compared], tuple[int, int, int]]) -> list[tuple[int, int, int]]:
        return [of(row) for row in rows]

    def wanted(row: Compared, *, is_named: bool = False) -> int:
        return sum(bool(one.source) or not is_named for one in row.gold.attributions)

    both = counts(lambda r: (len(r.pairs), len(r.named()), wanted(r)))
    return Score(
        (
            figure("cue and source, F1", both, micro_f1),
            figure("cue and source, precision", both, lambda some: _share(some, 1)),
            figure("cue and source, recall", both, lambda some: _share(some, 2)),
            figure(
                "cue and source, F1 of those that name a source",
                counts(lambda r: (len(r.pairs), len(r.named()), wanted(r, is_named=True))),
                micro_f1,
            ),
            figure("cue, F1", counts(lambda r: (r.cues, len(r.found), wanted(r))), micro_f1),
            figure("cue, whole source, F1", counts(lambda r: (_exact(r), len(r.named()), wanted(r))), micro_f1),
            figure("cue, source, content, F1", counts(lambda r: (_full(r), len(r.named()), wanted(r))), micro_f1),
        ),
        _missed(rows),
        tuple(_wrong(rows))[:WORST],
        tuple(_row(row) for row in rows),
    )


def overlap(some: Sequence[Place], others: Sequence[Place]) -> int:
    """Characters that two lists of spans share."""
    return sum(max(0, min(end, last) - max(begin, first)) for begin, end in some for first, last in others)


def _compare(coder: Coder, gold: GoldDocument) -> Compared:
    sentences = coder.tagger.sentences.find(Document(gold.text, NO_DAY))
    docs = parse(gold.text[s.begin : s.end] for s in sentences)
    found = AttributionFinder().find(gold.text, list(zip(sentences, docs, strict=True)))
    pairs = _paired(
        [one for one in found if one.source],
        gold.attributions,
        lambda one, g: bool(overlap([one.cue], g.cue) and one.source and overlap([one.source], g.source)),
    )
    cues = _paired(found, gold.attributions, lambda one, g: bool(overlap([one.cue], g.cue)))
    return Compared(gold, found, tuple(pairs), len(cues))


def _paired(
    found: Sequence[Attribution],
    gold: Sequence[GoldAttribution],
    is_met: Callable[[Attribution, GoldAttribution], bool],
) -> list[tuple[Attribution, GoldAttribution]]:
    free = list(gold)
    pairs = []
    for one in found:
        met = next((g for g in free if is_met(one, g)), None)
        if met:
            free.remove(met)
            pairs.append((one, met))
    return pairs


def _exact(row: Compared) -> int:
    return sum(gold.source == (one.source,) for one, gold in row.pairs)


def _full(row: Compared) -> int:
    """Those whose content is more than half of the gold's and more than half inside it."""

    def length(places: Sequence[Place]) -> int:
        return sum(end - begin for begin, end in places)

    return sum(
        overlap(one.content, gold.content) * 2 > max(length(one.content), length(gold.content))
        for one, gold in row.pairs
    )


def _share(counts: Sequence[tuple[int, int, int]], of: int) -> float:
    return sum(c[0] for c in counts) / max(1, sum(c[of] for c in counts))


def _missed(rows: Sequence[Compared]) -> tuple[str, ...]:
    """The cues most often missed; "(nobody named)": the gold has no source either."""
    words: Counter[str] = Counter()
    for row in rows:
        met = [gold for _, gold in row.pairs]
        for gold in row.gold.attributions:
            if gold not in met:
                word = " ".join(row.gold.text[begin:end].lower() for begin, end in gold.cue)
                words[word if gold.source else f"{word} (nobody named)"] += 1
    return tuple(f"{n:4}  missed: {word}" for word, n in words.most_common(12))


def _wrong(rows: Sequence[Compared]) -> Iterator[str]:
    """Plain verbs of speech first: where they are wrong, it is the place in the sentence or the source."""
    order = ("speech", "according", "clause")
    wrong = [
        (order.index(one.kind) if one.kind in order else len(order), row, one)
        for row in rows
        for one in row.named()
        if all(one is not met for met, _ in row.pairs)
    ]
    for _, row, one in sorted(wrong, key=lambda item: item[0]):
        text, source = row.gold.text, one.source or one.cue
        around = " ".join(text[max(0, one.cue[0] - 80) : one.cue[1] + 80].split())
        yield f"{row.gold.id} {one.kind} “{text[source[0] : source[1]]}” {text[one.cue[0] : one.cue[1]]}: {around}"


def _row(row: Compared) -> dict[str, Any]:
    """As the set writes them; those that name nobody stand apart."""

    def written(one: Attribution) -> dict[str, Any]:
        source = [list(one.source)] if one.source else []
        content = [list(place) for place in one.content]
        return {"kind": one.kind, "cue": [list(one.cue)], "source": source, "content": content}

    return {
        "id": row.gold.id,
        "attributions": [written(one) for one in row.named()],
        "unsourced": [written(one) for one in row.found if not one.source],
    }
