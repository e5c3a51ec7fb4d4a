"""The artefact: what was learnt, the vocabulary, and a description, in one file that is the same to the bit."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from timeline.tagging.encoder.answers import Labels


def write_artefact(
    path: Path, learnt: Mapping[str, np.ndarray], vocabulary: Sequence[str], labels: Labels, said: Mapping[str, Any]
) -> None:
    described = {"types": labels.types, "modes": labels.modes, **said}
    arrays = {
        **learnt,
        "vocabulary": np.frombuffer("\n".join(vocabulary).encode(), np.uint8),
        "described": np.frombuffer(json.dumps(described, ensure_ascii=False, sort_keys=True).encode(), np.uint8),
    }
    np.savez_compressed(path, allow_pickle=False, **{name: arrays[name] for name in sorted(arrays)})
