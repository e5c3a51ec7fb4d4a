"""Figures: valid for Plotly, the same numbers as their rows, and the same picture for the same pairs."""

import json
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects
import pytest

from timeline.charts import Words, actor_network, events_by_bin
from timeline.charts.layout import HEIGHT, WIDTH, label_sides, positions
from timeline.rows import BinRow, DyadRow, NodeRow, VolumeRow

DAYS = [date(2025, 6, 1) + timedelta(days=n) for n in range(5)]
ROWS = [BinRow(DAYS[0], 4, 3), BinRow(DAYS[0], 1, 2), BinRow(DAYS[2], 3, 7), BinRow(DAYS[4], 2, 1)]
VOLUME = [VolumeRow(DAYS[0], 9), VolumeRow(DAYS[3], 1)]
NODES = [NodeRow(slug, slug.title(), kind, "", n) for slug, kind, n in
         (("north", "state", 9), ("south", "group", 5), ("guild", "company", 2), ("ann", "person", 1))]  # fmt: skip
DYADS = [
    DyadRow("north", "south", 6, (0, 0, 1, 5), -8.0),
    DyadRow("south", "north", 3, (0, 0, 3, 0), -3.0),
    DyadRow("guild", "north", 2, (0, 2, 0, 0), 6.0),
    DyadRow("ann", "north", 1, (1, 0, 0, 0), 2.0, is_reciprocal=True),
]


def painted(value: Any) -> Any:
    """With a colour where the page puts in a token's."""
    if isinstance(value, str):
        return "#123456" if value.startswith("--") else value
    if isinstance(value, list):
        return [painted(item) for item in value]
    return {key: painted(item) for key, item in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    "figure",
    [
        events_by_bin(DAYS, ROWS, VOLUME),
        events_by_bin(DAYS, [], []),
        events_by_bin([], [], []),
        actor_network(NODES, DYADS),
        actor_network(NODES[:1], []),
        actor_network([], []),
    ],
)
def test_plotly_takes_the_figure_and_it_is_plain_json(figure: dict[str, Any]) -> None:
    plotly.graph_objects.Figure(painted(figure))
    assert json.loads(json.dumps(figure)) == figure


def test_conflict_goes_up_and_cooperation_down_with_the_rows_numbers() -> None:
    traces = {trace["meta"]["quad"]: trace for trace in events_by_bin(DAYS, ROWS, VOLUME)["data"] if "meta" in trace}
    assert traces[4]["y"] == [3, 0, 0, 0, 0] and traces[3]["y"] == [0, 0, 7, 0, 0]
    assert traces[1]["y"] == [-2, 0, 0, 0, 0] and traces[2]["y"] == [0, 0, 0, 0, -1]
    assert {quad for quad, trace in traces.items() if "pattern" in trace["marker"]} == {1, 3}


def test_the_coverage_bars_stand_below_on_an_axis_of_their_own() -> None:
    articles = events_by_bin(DAYS, ROWS, VOLUME)["data"][-1]
    assert (articles["yaxis"], articles["y"]) == ("y2", [9, 0, 0, 1, 0])


@pytest.mark.parametrize(("up", "down"), [(0, 0), (1, 0), (3, 2), (16, 7), (950, 3), (4, 120)])
def test_the_axis_counts_both_ways_from_zero(up: int, down: int) -> None:
    rows = [BinRow(DAYS[0], 4, up), BinRow(DAYS[0], 1, down)]
    axis = events_by_bin(DAYS, rows, [])["layout"]["yaxis"]
    assert axis["ticktext"] == [str(abs(tick)) for tick in axis["tickvals"]]
    assert 0 in axis["tickvals"] and len(axis["tickvals"]) <= 8
    assert -down <= min(axis["tickvals"]) and max(axis["tickvals"]) <= up


def test_figures_speak_the_language_of_the_page() -> None:
    words = Words(classes=("a", "b", "c", "d"), cooperation="تعاون", conflict="نزاع", articles="مقالات", towards="تجاه")
    figure = events_by_bin(DAYS, ROWS, VOLUME, words)
    assert {trace["name"] for trace in figure["data"]} == {"a", "b", "c", "d", "مقالات"}
    title = figure["layout"]["yaxis"]["title"]["text"]
    assert title == "← \u2068تعاون\u2069 · \u2068نزاع\u2069 →"  # isolated: conflict stays on top
    said = [text for trace in actor_network(NODES, DYADS, words)["data"] for text in trace.get("hovertext", [])]
    assert "North تجاه South<br>1 c<br>5 d" in said


def heads(figure: dict[str, Any]) -> list[tuple[float, float]]:
    arrows = [trace for trace in figure["data"] if trace.get("marker", {}).get("symbol") == "arrow"]
    return [point for trace in arrows for point in zip(trace["x"], trace["y"], strict=True)]


def test_an_arrow_ends_at_who_is_acted_upon_and_what_is_done_together_has_none() -> None:
    places = positions(NODES, DYADS)
    directed = [places[row.recipient] for row in DYADS if not row.is_reciprocal]
    assert sorted(heads(actor_network(NODES, DYADS))) == sorted(directed)


def test_words_are_dashed_and_deeds_solid() -> None:
    lines = [trace for trace in actor_network(NODES, DYADS)["data"] if trace["mode"] == "lines"]
    assert {(line["meta"]["quad"], line["line"]["dash"]) for line in lines} == {
        (1, "3px,3px"), (2, "solid"), (3, "3px,3px"), (4, "solid"),
    }  # fmt: skip


def test_every_pair_carries_its_number_and_its_words() -> None:
    numbers = [trace for trace in actor_network(NODES, DYADS)["data"] if "customdata" in trace][:-1]
    said = {tuple(pair): (n, words) for trace in numbers
            for pair, n, words in zip(trace["customdata"], trace["text"], trace["hovertext"], strict=True)}  # fmt: skip
    assert said[("north", "south", False)] == ("6", "North towards South<br>1 verbal conflict<br>5 material conflict")
    assert said[("ann", "north", True)] == ("", "Ann and North<br>1 verbal cooperation")


def crowd(n_actors: int) -> tuple[list[NodeRow], list[DyadRow]]:
    nodes = [NodeRow(f"a{n}", f"Actor number {n}", "state", "", 100 - n % 90) for n in range(n_actors)]
    pairs = [DyadRow(f"a{n}", f"a{n * 7 % n_actors}", n % 9 + 1, (1, 0, 0, n % 9), 0.0) for n in range(1, n_actors)]
    return nodes, [row for row in pairs if row.actor != row.recipient]


@pytest.mark.parametrize("n_actors", [2, 40, 150])
def test_the_same_pairs_in_any_order_give_the_same_picture(n_actors: int) -> None:
    nodes, dyads = crowd(n_actors)
    assert positions(nodes, dyads) == positions(nodes[::-1], dyads[::-1])


@pytest.mark.parametrize("n_actors", [2, 40, 150])
def test_actors_stand_inside_the_drawing_and_not_on_each_other(n_actors: int) -> None:
    places = list(positions(*crowd(n_actors)).values())
    assert all(abs(x) <= WIDTH and abs(y) <= HEIGHT for x, y in places)
    nearest = min(abs(x - u) + abs(y - v) for n, (x, y) in enumerate(places) for u, v in places[:n])
    assert nearest > 0.05


def test_a_label_goes_where_no_other_stands() -> None:
    nodes = [
        NodeRow("west", "A rather long name", "state", "", 2),
        NodeRow("east", "Another long name", "state", "", 1),
    ]
    sides = label_sides(nodes, {"west": (0.0, 0.0), "east": (0.2, 0.0)}, [])
    assert sides["west"] != sides["east"]
