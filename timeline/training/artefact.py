"""The artefact: what was learnt, the vocabulary, and a description, in one file that is the same to the bit."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from timeline.tagging.calibration import Calibration
from timeline.tagging.encoder.answers import Labels


def write_artefact(
    path: Path, learnt: Mapping[str, np.ndarray], vocabulary: Sequence[str], labels: Labels, said: Mapping[str, Any]
) -> None:
    described = {"types": labels.types, "modes": labels.modes, **said}
    _write(path, {**learnt, "vocabulary": np.frombuffer("\n".join(vocabulary).encode(), np.uint8)}, described)


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Puts the curves into an artefact in the place of those that it has."""
    with np.load(path) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    described = json.loads(bytes(kept.pop("described")).decode())
    _write(path, kept, {**described, "calibration": calibration.curves})


def _write(path: Path, arrays: Mapping[str, np.ndarray], described: Mapping[str, Any]) -> None:
    text = json.dumps(described, ensure_ascii=False, sort_keys=True).encode()
    every = {**arrays, "described": np.frombuffer(text, np.uint8)}
    np.savez_compressed(path, allow_pickle=False, **{name: every[name] for name in sorted(every)})
