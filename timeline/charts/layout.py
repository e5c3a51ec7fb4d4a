"""Where actors and their labels stand on the map: the same picture for the same pairs, in any order."""

from collections.abc import Mapping, Sequence

import networkx
import numpy as np

from timeline.rows import DyadRow, NodeRow

FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", sans-serif'
SEED = 20250613
MOST_NODES = 150  # the dense layout needs no scipy below 500
WIDTH, HEIGHT = 1.5, 1.0  # half the drawing, in its own units
LETTER, LINE = 0.021, 0.075  # how wide a letter and how high a line of a label is, in the same units
BEND, STEPS = 0.07, 20
SIDES = {
    "top center": (0.0, 1.0),
    "bottom center": (0.0, -1.0),
    "middle right": (1.0, 0.0),
    "middle left": (-1.0, 0.0),
    "top right": (1.0, 0.7),
    "top left": (-1.0, 0.7),
    "bottom right": (1.0, -0.7),
    "bottom left": (-1.0, -0.7),
}

Place = tuple[float, float]
Box = tuple[float, float, float, float]


def positions(nodes: Sequence[NodeRow], dyads: Sequence[DyadRow]) -> dict[str, Place]:
    """x and y of each actor, within ±WIDTH and ±HEIGHT."""
    graph = networkx.Graph()
    graph.add_nodes_from(sorted(node.slug for node in nodes))
    for row in sorted(dyads, key=lambda row: (row.actor, row.recipient)):
        if row.actor in graph and row.recipient in graph:
            before = graph.get_edge_data(row.actor, row.recipient, {"weight": 0.0})["weight"]
            graph.add_edge(row.actor, row.recipient, weight=before + row.n_events)
    if len(graph) < 2:
        return dict.fromkeys(graph, (0.0, 0.0))
    for _, _, edge in graph.edges(data=True):
        edge["weight"] = 1 + np.log1p(edge["weight"]) / 2  # a pair with a hundred events is near, not on top
    _tether(graph)
    placed = networkx.spring_layout(graph, k=3.2 / len(graph) ** 0.5, iterations=200, seed=SEED, method="force")
    return _apart(_filling(placed))


def _tether(graph: networkx.Graph) -> None:
    """Ties what stands apart from the rest to the busiest node, or it would be pushed off to a corner of its own."""
    hub = max(sorted(graph), key=graph.degree)
    for component in sorted(networkx.connected_components(graph), key=min):
        if hub not in component:
            graph.add_edge(hub, min(component), weight=1.0)


def curve(start: Place, end: Place, *, is_straight: bool = False) -> list[Place]:
    """A bow to one side, so that A to B, B to A and what both do together lie apart."""
    (x0, y0), (x1, y1) = start, end
    bend = 0.0 if is_straight else BEND * 2
    mid = ((x0 + x1) / 2 - (y1 - y0) * bend, (y0 + y1) / 2 + (x1 - x0) * bend)
    points = []
    for step in range(STEPS + 1):
        t = step / STEPS
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        points.append((round(a * x0 + b * mid[0] + c * x1, 4), round(a * y0 + b * mid[1] + c * y1, 4)))
    return points


def label_sides(nodes: Sequence[NodeRow], places: Mapping[str, Place], dyads: Sequence[DyadRow]) -> dict[str, str]:
    """The side of its node on which each label covers least, as Plotly's text position; the busiest choose first."""
    taken: list[Box] = [_box(places[node.slug], 0.05, 0.05) for node in nodes]
    for row in dyads:
        line = curve(places[row.actor], places[row.recipient], is_straight=row.is_reciprocal)
        taken += [_box(place, 0.02, 0.02) for place in line[1:-1]]
    sides = {}
    for node in sorted(nodes, key=lambda node: (-node.n_events, node.slug)):
        boxes = {side: _label_box(places[node.slug], node.name, towards) for side, towards in SIDES.items()}
        best = min(boxes, key=lambda side: _cost(boxes[side], taken))
        sides[node.slug] = best
        taken.append(boxes[best])
    return sides


def _filling(placed: Mapping[str, Sequence[float]]) -> dict[str, Place]:
    """Stretched over the drawing: by rank as much as by distance, so that a hub's neighbours do not sit in one heap."""
    found: dict[str, list[float]] = {slug: [] for slug in placed}
    for axis, half in ((0, WIDTH), (1, HEIGHT)):
        values = {slug: float(place[axis]) for slug, place in placed.items()}
        low, high = min(values.values()), max(values.values())
        ranks = {slug: number for number, slug in enumerate(sorted(values, key=lambda slug: (values[slug], slug)))}
        for slug, value in values.items():
            share = (value - low) / (high - low) if high > low else 0.5
            rank = ranks[slug] / (len(values) - 1)
            found[slug].append(half * (share + rank - 1))
    return {slug: (x, y) for slug, (x, y) in found.items()}


def _apart(places: Mapping[str, Place], least: float = 0.24, rounds: int = 60) -> dict[str, Place]:
    """Nodes pushed away from each other until none is nearer than `least`, as far as there is room."""
    slugs = sorted(places)
    at = np.array([places[slug] for slug in slugs])
    least = min(least, 1.6 * (WIDTH * HEIGHT / len(slugs)) ** 0.5)
    for _ in range(rounds):
        apart = at[:, None, :] - at[None, :, :]
        distance = np.sqrt((apart**2).sum(axis=2)) + np.eye(len(slugs))
        push = np.where(distance < least, (least - distance) / distance / 2, 0.0) * (1 - np.eye(len(slugs)))
        if not push.any():
            break
        at = np.clip(at + (apart * push[:, :, None]).sum(axis=1), (-WIDTH, -HEIGHT), (WIDTH, HEIGHT))
    return {slug: (round(float(x), 4), round(float(y), 4)) for slug, (x, y) in zip(slugs, at, strict=True)}


def _box(centre: Place, half_width: float, half_height: float) -> Box:
    return (centre[0] - half_width, centre[1] - half_height, centre[0] + half_width, centre[1] + half_height)


def _label_box(place: Place, name: str, towards: Place) -> Box:
    half = len(name) * LETTER / 2
    return _box((place[0] + towards[0] * (half + 0.06), place[1] + towards[1] * 0.09), half, LINE / 2)


def _cost(box: Box, taken: Sequence[Box]) -> float:
    outside = max(0.0, -WIDTH - 0.1 - box[0]) + max(0.0, box[2] - WIDTH - 0.1)
    covered = sum(
        max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in taken
    )
    return round(covered + outside, 6)
