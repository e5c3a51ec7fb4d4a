"""`evaluate seed`: what it counts, on an article of our own, and the floor under the first real one."""

import json
import os
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from timeline.evaluation.seed import load_seed, satisfies, score_seed
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.records import EventTag, Occurred
from timeline.tagging.registry_files import load_registry

DAY = date(2025, 6, 23)
ARTICLE = """Foreign minister in Moscow
On Monday the Russian president met the Iranian foreign minister in Moscow. The United States struck Iran with missiles.
"""
STRIKE = {"id": "strike", "actor": ["united-states"], "recipient": ["iran"], "type": ["ASSAULT"]}
AID = {"id": "aid", "actor": ["qatar"], "recipient": ["*"], "type": ["AID"]}


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_codebook(), load_registry())


def write_seed(folder: Path, **key: Any) -> Path:
    (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "expected.json").write_text(json.dumps({"published_on": DAY.isoformat(), **key}), encoding="utf-8")
    return folder


def coded(**changes: Any) -> EventTag:
    fields: dict[str, Any] = {
        "sentence_no": 0, "begin": 0, "end": 10, "type": "ASSAULT", "mode": "", "contexts": ("military",), "quad": 4,
        "intensity": -9.0, "modality": "asserted", "actors": ("united-states",), "recipients": ("iran",),
        "occurred": Occurred(DAY, "day"), "verb": "bombed", "spans": (), "confidence": 0.9,
    }  # fmt: skip
    return EventTag(**fields | changes)


def test_it_counts_each_required_event_once(tmp_path: Path, tagger: Tagger) -> None:
    folder = write_seed(tmp_path, required=[STRIKE, {**STRIKE, "id": "again"}, AID])
    score = score_seed(load_seed(folder), tagger)
    found = {name for name, event in score.required.items() if event is not None}
    assert found in ({"strike"}, {"again"})
    assert score.summary() == "required 1/3, must_not 0/0, sidebar 0/0"


def test_it_counts_what_must_not_be_found(tmp_path: Path, tagger: Tagger) -> None:
    score = score_seed(load_seed(write_seed(tmp_path, required=[AID], must_not=[STRIKE, {"id": "untold"}])), tagger)
    assert len(score.wrong["strike"]) == 1
    assert score.unjudged == ("untold",)


def test_it_names_confident_events_that_the_key_does_not_know(tmp_path: Path, tagger: Tagger) -> None:
    score = score_seed(load_seed(write_seed(tmp_path, required=[AID])), tagger)
    assert "ASSAULT" in {event.type for event in score.others}


@pytest.mark.parametrize(
    ("entry", "is_met"),
    [
        ({}, True),
        ({"actor": ["*"]}, True),
        ({"actor": [None]}, False),
        ({"recipient": ["iraq"]}, False),
        ({"modality": "planned"}, False),
        ({"contexts": ["nuclear"]}, False),
        ({"speaker": "russia"}, False),
        ({"occurred": {"on": "2025-06-23", "precision": "day"}}, True),
        ({"occurred": {"on": "2025", "precision": ["day", "year"]}}, True),
        ({"occurred": {"precision_not_finer_than": "week"}}, False),
        ({"occurred": {"not_after": "2025-06-22"}}, False),
        ({"occurred": {"on_or_after": "2025-06-24"}}, False),
    ],
)
def test_it_compares_every_field_that_the_key_names(entry: dict[str, Any], is_met: bool, tagger: Tagger) -> None:
    assert satisfies(coded(), {**STRIKE, **entry}, tagger.registry, DAY) is is_met


def test_it_says_what_the_folder_lacks(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("x", encoding="utf-8")
    (tmp_path / "expected.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError, match="published_on"):
        call_command("evaluate", "seed", str(tmp_path))
    with pytest.raises(CommandError, match="cannot be evaluated"):
        call_command("evaluate", "seed", str(tmp_path / "nowhere"))


def test_it_prints_a_table_and_ends_in_the_score(tmp_path: Path) -> None:
    out = StringIO()
    call_command("evaluate", "seed", str(write_seed(tmp_path, required=[STRIKE, AID])), stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[-1] == "required 1/2, must_not 0/0, sidebar 0/0"
    assert any("aid" in line and "not found" in line for line in lines)


@pytest.mark.corpora
def test_it_keeps_its_score_on_the_first_real_article(tagger: Tagger) -> None:
    folder = os.environ.get("CRISISBOARD_CORPORA")
    if not folder:
        pytest.skip("CRISISBOARD_CORPORA is not set: the floor under event quality was NOT checked")
    score = score_seed(load_seed(Path(folder) / "seed"), tagger)
    n_required = sum(event is not None for event in score.required.values())
    assert n_required >= 11, score.summary()
    assert not any(score.wrong.values()) and not score.unjudged
    assert all(expected == found for expected, found in score.sidebar.values())
