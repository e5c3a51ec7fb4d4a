"""The actor map: who does what to whom. Colour is the class, dash is verbal, the head of an arrow is the recipient."""

from collections.abc import Sequence
from math import atan2, degrees
from typing import Any

from timeline.charts.layout import FONT, HEIGHT, WIDTH, Place, curve, label_sides, positions
from timeline.charts.words import ENGLISH, Words, shown
from timeline.rows import DyadRow, NodeRow

SYMBOLS = {"state": "circle", "group": "diamond", "person": "star", "company": "square", "international": "hexagon",
           "organisation": "square"}  # fmt: skip
VERBAL = {1, 3}
WIDTHS = ((1.2, 0.0, 0.1), (2.4, 0.1, 0.35), (4.5, 0.35, 1.01))  # pixels for a share of the busiest pair's events


def actor_network(
    nodes: Sequence[NodeRow], dyads: Sequence[DyadRow], words: Words = ENGLISH
) -> dict[str, Any]:  # fmt: skip
    """Nodes sized by events; each pair is one line in its commonest class, with its number of events on it.

    Lines and arrowheads are one trace a class; a line without a head is what two actors did together.
    """
    places = positions(nodes, dyads)
    drawn = [row for row in dyads if row.actor in places and row.recipient in places]
    most = max((row.n_events for row in drawn), default=1)
    sides = label_sides(nodes, places, drawn)
    sizes, names = _sizes(nodes), {node.slug: shown(node.name) for node in nodes}
    traces: list[dict[str, Any]] = []
    for quad in (1, 2, 3, 4):
        rows = [row for row in drawn if row.main_quad == quad]
        for width, low, high in WIDTHS:
            traces.append(_lines([row for row in rows if low <= row.n_events / most < high], places, quad, width))
        traces.append(_heads([row for row in rows if not row.is_reciprocal], places, sizes, quad))
        traces.append(_numbers(rows, places, quad) | {"hovertext": [_said(row, names, words) for row in rows]})
    traces.append(_points(nodes, places, sizes, words) | {"textposition": [sides[node.slug] for node in nodes]})
    return {"data": [trace for trace in traces if trace["x"]], "layout": _layout()}


def _sizes(nodes: Sequence[NodeRow]) -> dict[str, float]:
    """Diameters in pixels."""
    most = max((node.n_events for node in nodes), default=1)
    return {node.slug: round(10 + 24 * (node.n_events / most) ** 0.5, 1) for node in nodes}


def _curve(row: DyadRow, places: dict[str, Place]) -> list[Place]:
    return curve(places[row.actor], places[row.recipient], is_straight=row.is_reciprocal)


def _lines(rows: Sequence[DyadRow], places: dict[str, Place], quad: int, width: float) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for row in rows:
        points = _curve(row, places)
        x += [*(point[0] for point in points), None]
        y += [*(point[1] for point in points), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": f"--q{quad}", "width": width, "dash": "3px,3px" if quad in VERBAL else "solid"},
        "hoverinfo": "skip",
        "meta": {"quad": quad},
    }


def _heads(
    rows: Sequence[DyadRow], places: dict[str, Place], sizes: dict[str, float], quad: int
) -> dict[str, Any]:  # fmt: skip
    """Arrowheads that touch the recipient's edge, turned along the line."""
    ends = [_curve(row, places)[-2:] for row in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [end[1][0] for end in ends],
        "y": [end[1][1] for end in ends],
        "hoverinfo": "skip",
        "marker": {
            "symbol": "arrow",
            "size": 11,
            "angle": [_angle(*end) for end in ends],
            "standoff": [round(sizes[row.recipient] / 2 + 1, 1) for row in rows],
            "color": f"--q{quad}",
            "opacity": 1,
            "line": {"width": 0},
        },
        "meta": {"quad": quad},
    }


def _numbers(rows: Sequence[DyadRow], places: dict[str, Place], quad: int) -> dict[str, Any]:
    """How many events a line stands for, where the line is clicked; a single event needs no number.

    On an arrow it stands nearer to who acts, so that those of two opposite arrows keep apart.
    """
    points = [_curve(row, places)[10 if row.is_reciprocal else 7] for row in rows]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [point[0] for point in points],
        "y": [point[1] for point in points],
        "text": [str(row.n_events) if row.n_events > 1 else "" for row in rows],
        "textposition": "middle center",
        "textfont": {"color": f"--q{quad}-text", "size": 12, "weight": 600},
        "customdata": [[row.actor, row.recipient, row.is_reciprocal] for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"size": 16, "opacity": 0},
        "meta": {"quad": quad},
    }


def _said(row: DyadRow, names: dict[str, str], words: Words) -> str:
    pair = f"{names[row.actor]} {words.together if row.is_reciprocal else words.towards} {names[row.recipient]}"
    return pair + "<br>" + "<br>".join(f"{n} {words.classes[quad].lower()}" for quad, n in enumerate(row.by_quad) if n)


def _angle(start: Place, end: Place) -> float:
    """Degrees clockwise from up, as Plotly turns markers; x and y share one scale."""
    return round(degrees(atan2(end[0] - start[0], end[1] - start[1])), 1)


def _points(
    nodes: Sequence[NodeRow], places: dict[str, Place], sizes: dict[str, float], words: Words
) -> dict[str, Any]:  # fmt: skip
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [places[node.slug][0] for node in nodes],
        "y": [places[node.slug][1] for node in nodes],
        "text": [shown(node.name) + (f" +{node.n_hidden}" if node.n_hidden else "") for node in nodes],
        "textfont": {"color": "--text", "size": 13},
        "customdata": [[node.slug] for node in nodes],
        "hovertext": [
            f"{shown(node.name)}: {node.n_events}" + (f"; {node.n_hidden} {words.not_drawn}" if node.n_hidden else "")
            for node in nodes
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "size": [sizes[node.slug] for node in nodes],
            "symbol": [SYMBOLS.get(node.kind, "circle") for node in nodes],
            "color": "--tint",
            "opacity": 1,
            "line": {"color": "--text", "width": 1.5},
        },
    }


def _layout() -> dict[str, Any]:
    bare = {"visible": False, "fixedrange": True}
    return {
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": "--card",
        "plot_bgcolor": "--card",
        "font": {"color": "--text", "family": FONT},
        "xaxis": {**bare, "range": [-WIDTH - 0.2, WIDTH + 0.2]},
        "yaxis": {**bare, "range": [-HEIGHT - 0.15, HEIGHT + 0.15], "scaleanchor": "x"},
    }
