"""`evaluate` on the field's sets: how each is read, counted and written out, on rows of our own."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from timeline.evaluation.field import quad_of, root_of
from timeline.evaluation.figures import figure, macro_f1, micro_f1, weighted_f1
from timeline.evaluation.gold import load_codes, load_pairs, load_tokens, load_triples

PAIR = {
    "id": "p1",
    "marked": "<s>The army</s> shelled <t>two villages</t> on Monday.",
    "root": "ASSAULT",
    "quad": 4,
}
TRIPLE = {
    "id": "g1",
    "event": "DEMAND",
    "text": "France demanded that Syria leave.",
    "source": [{"actorText": "France", "code": "FRA"}],
    "target": [{"actorText": "Syria", "code": "SYRGOV"}],
}
TOKENS = {"id": "t1", "tokens": ["The", "army", "shelled", "Tyre", "."], "tags": ["B-S", "I-S", "O", "B-T", "O"]}
QUAD = {"id": "q1", "text": "The army shelled Tyre.", "quad": 4}
EVENT = {"source": "ARN", "target": "GONMIL", "code": "190"}
CODES = {"id": "c1", "active": True, "text": "Arnor shelled Gondor.", "events": [EVENT]}


def write(folder: Path, *rows: object, name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_marks_become_places_of_the_plain_text(tmp_path: Path) -> None:
    (pair,) = load_pairs(write(tmp_path, PAIR))
    assert pair.text == "The army shelled two villages on Monday."
    assert pair.actor and pair.recipient
    assert (pair.text[slice(*pair.actor)], pair.text[slice(*pair.recipient)]) == ("The army", "two villages")


def test_codes_begin_with_a_country_and_draft_types_have_a_root(tmp_path: Path) -> None:
    (item,) = load_triples(write(tmp_path, TRIPLE))
    assert (item.actors, item.root, item.recipients) == ({"FRA"}, "REQUEST", {"SYR"})


def test_tags_become_spans(tmp_path: Path) -> None:
    (item,) = load_tokens(write(tmp_path, TOKENS))
    assert item.actors == {(0, 8)} and item.recipients == {(17, 21)}


def test_cameo_codes_have_a_root(tmp_path: Path) -> None:
    (item,) = load_codes(write(tmp_path, CODES, {**CODES, "active": False}))
    assert item.events == (("ARN", "GON", "ASSAULT"),)


@pytest.mark.parametrize(
    ("name", "rows"),
    [("plv", [PAIR]), ("gsr", [TRIPLE]), ("petrarch", [CODES]), ("coped", [TOKENS]), ("coped", [QUAD])],
)
def test_each_set_prints_figures_and_writes_every_answer(tmp_path: Path, name: str, rows: list[object]) -> None:
    out, answers = io.StringIO(), tmp_path / "answers.jsonl"
    call_command("evaluate", name, str(write(tmp_path, *rows)), "--predictions", str(answers), stdout=out)
    assert "(95 % of 1 items resampled)" in out.getvalue()
    assert len(answers.read_text().splitlines()) == 1


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("{}\n{", encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be evaluated"):
        call_command("evaluate", "plv", str(path))


def test_figures_have_the_values_computed_by_hand() -> None:
    pairs = [("a", "a"), ("a", "b"), ("b", "b")]
    assert macro_f1(pairs) == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert weighted_f1(pairs) == pytest.approx(2 / 3)
    assert micro_f1([(1, 2, 1), (0, 1, 2)]) == pytest.approx(2 / 6)
    found = figure("x", pairs, macro_f1)
    assert found.low <= found.value <= found.high
    assert found == figure("x", pairs, macro_f1)


def test_an_appeal_is_neutral_there_and_a_demand_is_not() -> None:
    types = {"NONE": 0.1, "REQUEST": 0.6, "ASSAULT": 0.3}
    assert quad_of(types, "It urged restraint.")[0] == "0"
    assert quad_of(types, "It demanded restraint.")[0] == "3"
    assert root_of({"NONE": 0.9, "CONCEDE": 0.04, "RETREAT": 0.03, "AID": 0.03})[0] == "YIELD"
