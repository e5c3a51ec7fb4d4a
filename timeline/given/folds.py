"""Sentences dealt into folds, the same each time. Pure."""

import random
from collections.abc import Sequence

from timeline.given.lessons import Lesson

SEED = 1


def deal(lessons: Sequence[Lesson], n_folds: int, seed: int = SEED) -> list[frozenset[str]]:
    """The keys of the sentences of each fold; each has as many of every stratum as the others, but for one.

    Raises ValueError when there are fewer sentences than folds, or fewer than two folds.
    """
    if not 2 <= n_folds <= len(lessons):
        raise ValueError(f"{len(lessons)} sentences cannot be dealt into {n_folds} folds")
    mixed = sorted(lessons, key=lambda lesson: lesson.key)
    random.Random(seed).shuffle(mixed)  # noqa: S311  # repeatable, not secret
    mixed.sort(key=lambda lesson: lesson.stratum)
    return [frozenset(lesson.key for lesson in mixed[n::n_folds]) for n in range(n_folds)]
