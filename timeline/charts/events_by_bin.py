"""Diverging bars: conflict up, cooperation down; verbal hatched, material solid; the volume of articles below."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from timeline.charts.layout import FONT
from timeline.charts.words import ENGLISH, Words
from timeline.rows import BinRow, VolumeRow

SERIES = ((4, 1), (3, 1), (2, -1), (1, -1))  # class and direction, from the outside of either pile
HATCHED = {1, 3}


def events_by_bin(
    bins: Sequence[date], rows: Sequence[BinRow], volume: Sequence[VolumeRow], words: Words = ENGLISH
) -> dict[str, Any]:
    """`bins` are the first days of all bins shown, empty ones among them; at most 400 (the caller widens bins)."""
    counts = {(row.starts_on, row.quad): row.n_events for row in rows}
    articles = {row.starts_on: row.n_articles for row in volume}
    days = [day.isoformat() for day in bins]
    traces: list[dict[str, Any]] = []
    for quad, sign in SERIES:
        values = [counts.get((day, quad), 0) for day in bins]
        traces.append(_bars(days, values, quad, words.classes[quad - 1], sign))
    traces.append(_coverage(days, [articles.get(day, 0) for day in bins], words.articles))
    up, down = (_highest(bins, counts, quads) for quads in ((3, 4), (1, 2)))
    return {"data": traces, "layout": _layout(up, down, words)}


def _highest(bins: Sequence[date], counts: Mapping[tuple[date, int], int], quads: tuple[int, int]) -> int:
    return max((sum(counts.get((day, quad), 0) for quad in quads) for day in bins), default=0)


def _ticks(up: int, down: int) -> list[int]:
    """Round numbers on either side of zero, about six in all."""
    step = next(step for power in range(9) for step in (10**power, 2 * 10**power, 5 * 10**power)
                if (up + down) / step <= 6)  # fmt: skip
    return [step * n for n in range(-(down // step), up // step + 1)]


def _bars(days: list[str], values: list[int], quad: int, name: str, sign: int) -> dict[str, Any]:
    marker: dict[str, Any] = {"color": f"--q{quad}", "line": {"width": 0}}
    if quad in HATCHED:
        # With the foreground alone the bar turns transparent: both colours are needed.
        marker["pattern"] = {"shape": "/", "size": 6, "solidity": 0.35, "fgcolor": "--card", "bgcolor": f"--q{quad}"}
    return {
        "type": "bar",
        "x": days,
        "y": [sign * value for value in values],
        "customdata": values,
        "name": name,
        "meta": {"quad": quad},
        "marker": marker,
        "hovertemplate": f"%{{x|%Y-%m-%d}}: %{{customdata}} {name.lower()}<extra></extra>",
    }


def _coverage(days: list[str], values: list[int], name: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": days,
        "y": values,
        "yaxis": "y2",
        "name": name,
        "marker": {"color": "--neutral"},
        "hovertemplate": f"%{{x|%Y-%m-%d}}: %{{y}} {name}<extra></extra>",
    }


def _layout(up: int, down: int, words: Words) -> dict[str, Any]:
    # Isolated, so that right-to-left words keep their places: cooperation towards the bottom, conflict the top.
    title = f"← \u2068{words.cooperation}\u2069 · \u2068{words.conflict}\u2069 →"
    ticks = _ticks(up, down)  # cooperation is counted downwards: −5 on the axis would be read as a score
    axis = {"gridcolor": "--hairline", "zerolinecolor": "--muted", "tickfont": {"color": "--text"}, "fixedrange": True}
    return {
        "barmode": "relative",
        "bargap": 0.1,
        "showlegend": False,
        "dragmode": "select",
        "selectdirection": "h",
        "margin": {"l": 52, "r": 8, "t": 8, "b": 36},
        "height": 360,
        "paper_bgcolor": "--card",
        "plot_bgcolor": "--card",
        "font": {"color": "--text", "size": 12, "family": FONT},
        "xaxis": {**axis, "type": "date", "showgrid": False, "anchor": "y2", "tickformat": words.day_format},
        "yaxis": {**axis, "domain": [0.26, 1], "title": {"text": title, "standoff": 4},
                  "tickvals": ticks, "ticktext": [str(abs(tick)) for tick in ticks]},
        "yaxis2": {**axis, "domain": [0, 0.18], "title": {"text": words.articles, "standoff": 4}, "nticks": 3,
                   "rangemode": "tozero", "tickformat": "d"},
        "transition": {"duration": 0},
    }  # fmt: skip
