"""A tagger of sequences: averaged structured perceptron with Viterbi decoding (Collins 2002). Pure, deterministic."""

import random
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Features = Sequence[Sequence[Hashable]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """The features of each token, and its label."""

    features: Features
    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Perceptron:
    """`weights`: a row a feature; `steps[a, b]`: from label a to b. Unknown features count nothing."""

    labels: tuple[str, ...]
    index: dict[Hashable, int]
    weights: Floats
    steps: Floats

    def tag(self, features: Features) -> list[str]:
        rows = [[self.index[f] for f in token if f in self.index] for token in features]
        return [self.labels[i] for i in _decode(rows, self.weights, self.steps)]


def learn(sequences: Sequence[Labelled], epochs: int = 10, seed: int = 1) -> Perceptron:
    """BIO labels: an I- label never follows another kind's."""
    labels = tuple(sorted({label for one in sequences for label in one.labels} | {"O"}))
    numbers = {label: i for i, label in enumerate(labels)}
    index: dict[Hashable, int] = {}
    rows = [[[index.setdefault(f, len(index)) for f in token] for token in one.features] for one in sequences]
    gold = [[numbers[label] for label in one.labels] for one in sequences]
    weights, steps = np.zeros((len(index), len(labels))), _allowed(labels)
    sums, step_sums = np.zeros_like(weights), np.zeros_like(steps)
    order, chance, clock = list(range(len(rows))), random.Random(seed), 1  # noqa: S311  # repeatable, not secret
    for _ in range(epochs):
        chance.shuffle(order)
        for at in order:
            said = _decode(rows[at], weights, steps)
            if said != gold[at]:
                for path, sign in ((gold[at], 1.0), (said, -1.0)):
                    for token, label in zip(rows[at], path, strict=True):
                        weights[token, label] += sign
                        sums[token, label] += sign * clock
                    for before, label in pairwise(path):
                        steps[before, label] += sign
                        step_sums[before, label] += sign * clock
            clock += 1
    return Perceptron(labels, index, weights - sums / clock, steps - step_sums / clock)


def _allowed(labels: Sequence[str]) -> Floats:
    """Minus infinity for steps that BIO forbids."""
    steps = np.zeros((len(labels), len(labels)))
    for i, before in enumerate(labels):
        for j, label in enumerate(labels):
            if label.startswith("I-") and before[2:] != label[2:]:
                steps[i, j] = -np.inf
    return steps


def _decode(rows: Sequence[Sequence[int]], weights: Floats, steps: Floats) -> list[int]:
    """The best path (Viterbi)."""
    best, back = np.zeros(weights.shape[1]), []
    for at, token in enumerate(rows):
        points = weights[token].sum(axis=0)
        if at:
            paths = best[:, None] + steps
            back.append(paths.argmax(axis=0))
            best = paths.max(axis=0) + points
        else:
            best = points
    path = [int(best.argmax())] if rows else []
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]
