"""Goes on learning from where an artefact stands, in memory alone. Needs PyTorch (requirements-train.txt)."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from timeline.given.crossing import Learn
from timeline.tagging.encoder.reading import Reader
from timeline.training.examples import Example
from timeline.training.learn import Plan, train

EPOCHS, RATE = 4, 5e-4  # half the rate of the first training: what was learnt there is to be kept
THREADS = 1  # two wait for each other wherever something else runs


def going_on(model: Path, say: Callable[[str], None], epochs: int = EPOCHS) -> Learn:
    """What makes a reader out of an artefact and examples; the artefact stays as it is."""
    with np.load(model) as arrays:
        start = {name: arrays[name] for name in arrays.files}
    vocabulary = bytes(start["vocabulary"]).decode().split("\n")
    labels = Reader(start).labels
    rank = start["0.query.down"].shape[1]

    def learn(examples: Sequence[Example]) -> Reader:
        say(f"{len(examples)} examples")
        plan = Plan(epochs=epochs, rate=RATE, rank=rank, threads=THREADS)
        learnt = train(examples, vocabulary, labels, plan, say, start=start)
        return Reader({**start, **learnt})

    return learn
