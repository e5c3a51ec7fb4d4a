"""Metrics with bootstrap intervals. Pure, the same numbers each time."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

RESAMPLES = 500
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric with the middle 95 % of its values over resampled items."""

    name: str
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.name} {self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def figure(name: str, items: Sequence[Item], metric: Callable[[Sequence[Item]], float], seed: int = 1) -> Figure:
    """The metric of the items; the interval from 500 resamples of them (Efron & Tibshirani 1993)."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    values = sorted(metric(chance.choices(items, k=len(items))) for _ in range(RESAMPLES)) if items else [0.0]
    return Figure(name, metric(items) if items else 0.0, values[len(values) // 40], values[-1 - len(values) // 40])


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 over the classes that stand in the gold or in the answers; pairs of (gold, answer)."""
    right, gold, said = Counter[str](), Counter[str](), Counter[str]()
    for wanted, answered in pairs:
        gold[wanted] += 1
        said[answered] += 1
        right[wanted] += wanted == answered
    classes = gold.keys() | said.keys()
    return sum(2 * right[c] / (gold[c] + said[c]) for c in classes) / max(1, len(classes))


def weighted_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """F1 of each class, weighted by how often it stands in the gold."""
    right, gold, said = Counter[str](), Counter[str](), Counter[str]()
    for wanted, answered in pairs:
        gold[wanted] += 1
        said[answered] += 1
        right[wanted] += wanted == answered
    return sum(n * 2 * right[c] / (n + said[c]) for c, n in gold.items()) / max(1, len(pairs))


def micro_f1(counts: Sequence[tuple[int, int, int]]) -> float:
    """F1 of summed (right, found, wanted)."""
    right, found, wanted = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    return 2 * right / max(1, found + wanted)


def confusion(pairs: Sequence[tuple[str, str]], most: int = 12) -> list[str]:
    """The most frequent mistakes, for people."""
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    return [f"{n:4}  {wanted} taken for {answered}" for (wanted, answered), n in wrong.most_common(most)]
