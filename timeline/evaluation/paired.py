"""Ours against another coder's answers to the same items: differences with paired intervals. Pure."""

from collections.abc import Sequence
from pathlib import Path

from timeline.evaluation.figures import Figure, figure, macro_f1
from timeline.evaluation.gold import QUADS, load_pairs, read_rows
from timeline.evaluation.scores import Score

Answers = tuple[str, str, str]  # the gold's, ours, theirs


def score_against(path: Path, score: Score, theirs: Path) -> tuple[Figure, ...]:
    """plv: our macro-F1 less theirs, over resampled items. `theirs`: JSONL with the `id` and `root` of every item.

    Raises ValueError when an item has no answer of theirs.
    """
    ours = {row["id"]: row["root"] for row in score.predictions}
    other = {row["id"]: row["root"] for row in read_rows(theirs)}
    items = load_pairs(path)
    missing = [item.id for item in items if item.id not in other]
    if missing:
        raise ValueError(f"{theirs} has no answer to {len(missing)} items, the first {missing[0]}")
    roots = [(item.root, ours[item.id], other[item.id]) for item in items]
    quads = [(str(item.quad), str(QUADS[ours[item.id]]), str(QUADS[other[item.id]])) for item in items]
    return (
        figure("root macro-F1, less theirs", roots, _difference),
        figure("quad macro-F1, less theirs", quads, _difference),
    )


def _difference(answers: Sequence[Answers]) -> float:
    mine = macro_f1([(gold, ours) for gold, ours, _ in answers])
    return mine - macro_f1([(gold, theirs) for gold, _, theirs in answers])
