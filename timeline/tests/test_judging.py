"""Real sentences for people to judge: drawn alike each time, kept without their text, counted as by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from timeline.evaluation.judging import CODES, count, draw, published_row
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.registry_files import load_registry

STORIES = [
    {"id": f"s{n}", "lang": "en", "published": "2014-05-08T10:00:00Z", "title": title, "text": ""}
    for n, title in enumerate(
        (
            "Iran condemned Israel on Monday.",
            "Russia expelled two diplomats of Poland.",
            "Turkey and Greece met in Geneva.",
            "The weather in France was fine.",
            "China threatened Japan with sanctions.",
        )
    )
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_codebook(), load_registry())


def verdict(**wrong: bool) -> dict[str, Any]:
    return {**dict.fromkeys(CODES, True), **wrong}


def test_it_draws_events_between_two_actors_and_the_same_each_time(tagger: Tagger) -> None:
    drawn = list(draw(STORIES, tagger, seed=3, n=3, without=frozenset()))
    assert drawn == list(draw(STORIES, tagger, seed=3, n=3, without=frozenset()))
    assert len(drawn) == 3
    assert all(item["verb"] in item["text"] and item["actor"] for item in drawn)
    before = frozenset(item["id"] for item in drawn)
    assert before.isdisjoint(item["id"] for item in draw(STORIES, tagger, seed=3, n=9, without=before))


def test_what_is_kept_holds_no_text(tagger: Tagger) -> None:
    (item,) = draw(STORIES[:1], tagger, seed=1, n=1, without=frozenset())
    kept = published_row(item, [verdict(), verdict(type=False)])
    assert kept["type"] == item["type"]
    assert item["text"] not in json.dumps(kept) and item["verb"] not in json.dumps(kept)


def test_figures_have_the_values_computed_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = {"id": "a", "sentence": 0, "type": "AID", "actor": {}, "recipient": {}, "modality": "", "date": ""}
    rows = [
        published_row({**item, "confidence": 0.5}, [verdict(), verdict()]),
        published_row({**item, "confidence": 0.5}, [verdict(type=False), verdict()]),
    ]
    found = {figure.name: figure.value for figure in count(rows)}
    assert (found["type, judge 1"], found["type, judge 2"], found["type, both judges"]) == (0.5, 1.0, 0.5)
    assert found["verdicts on which the judges agree"] == pytest.approx(11 / 12)
    path = tmp_path / "kept.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    call_command("judge", "count", str(path))
    assert "type, both judges 0.500" in capsys.readouterr().out


def test_it_counts_what_was_judged_once_so_far() -> None:
    rows = [{"verdicts": [dict.fromkeys(CODES, right)]} for right in (True, False)]
    figures = count(rows)
    assert {figure.value for figure in figures} == {0.5}
    assert not [figure for figure in figures if "agree" in figure.name or "kappa" in figure.name]
