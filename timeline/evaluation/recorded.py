"""The figures that the Methods page shows: what `manage.py evaluate … --record` last wrote. Pure.

The file is part of the repository, so that a board shows how good the coder that it runs was measured to be.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from timeline.evaluation.figures import Figure

RECORDED = Path(__file__).parent / "figures.json"


@dataclass(frozen=True, slots=True)
class RecordedFigure:
    """`set`: what was scored; `low` and `high`: the middle 95 % of resampled items; `n_items` how many there were.

    `with_given`: of a coder that learnt from the set's own training part too. It is measured and never ships.
    """

    set: str
    name: str
    value: float
    low: float
    high: float
    n_items: int
    with_given: bool = False


def load_recorded(path: Path = RECORDED) -> list[RecordedFigure]:
    return [RecordedFigure(**row) for row in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def record(
    set_: str, figures: Sequence[Figure], n_items: int, path: Path = RECORDED, *, with_given: bool = False
) -> None:
    """Writes the figures of one set in the place of its older ones of the same kind."""
    kept = [row for row in load_recorded(path) if (row.set, row.with_given) != (set_, with_given)]
    new = [
        RecordedFigure(set_, f.name, round(f.value, 4), round(f.low, 4), round(f.high, 4), n_items, with_given)
        for f in figures
    ]
    rows = [_row(figure) for figure in sorted([*kept, *new], key=lambda row: (row.set, row.with_given))]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _row(figure: RecordedFigure) -> dict[str, Any]:
    return {name: value for name, value in asdict(figure).items() if value is not False}
