"""The figures that the Methods page shows: what `manage.py evaluate … --record` last wrote. Pure.

The file is part of the repository, so that a board shows how good the coder that it runs was measured to be.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from timeline.evaluation.figures import Figure

RECORDED = Path(__file__).parent / "figures.json"


@dataclass(frozen=True, slots=True)
class RecordedFigure:
    """`set`: what was scored; `low` and `high`: the middle 95 % of resampled items; `n_items` how many there were."""

    set: str
    name: str
    value: float
    low: float
    high: float
    n_items: int


def load_recorded(path: Path = RECORDED) -> list[RecordedFigure]:
    return [RecordedFigure(**row) for row in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def record(set_: str, figures: Sequence[Figure], n_items: int, path: Path = RECORDED) -> None:
    """Writes the figures of one set in the place of its older ones."""
    kept = [row for row in load_recorded(path) if row.set != set_]
    new = [RecordedFigure(set_, f.name, round(f.value, 4), round(f.low, 4), round(f.high, 4), n_items) for f in figures]
    rows = [asdict(row) for row in sorted([*kept, *new], key=lambda row: row.set)]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
