"""What every scorer of the evaluation gives back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from timeline.evaluation.figures import Figure

WORST = 15


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of a set, its most frequent confusions, the surest errors with their text, and every answer."""

    figures: tuple[Figure, ...]
    confusion: tuple[str, ...]
    worst: tuple[str, ...]
    predictions: tuple[Mapping[str, Any], ...]
