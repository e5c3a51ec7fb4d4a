"""Confidence means how often answers are right, and the whole tagger is scored code by code."""

from datetime import date
from pathlib import Path

import pytest

from timeline.corpus import GoldSentence, parse_file
from timeline.evaluation.whole import judge, score_whole
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.calibration import Calibration
from timeline.tagging.encoder.reading import load_reader
from timeline.tagging.registry_files import load_registry
from timeline.training.calibrating import calibrate, fit

CORPUS = """# topic: a test
# lang: en
# split: dev
# author: 1

@ 2024-04-02
Iran accused Israel of bombing its consulate in Damascus.
> ACCUSE/allege | A: Iran | V: accused | R: Israel | X: diplomatic

Russia never attacked Poland, and nobody says that it did.
> NONE: nothing happened

@@ 2024-04-03 | China urges Iran to hold back
China urges Iran to hold back
> REQUEST/change | A: China | V: urges | R: Iran | X: diplomatic
China on Wednesday urged Iran to hold back.
> REQUEST/change | A: China | V: urged | R: Iran | D: on Wednesday = 2024-04-03 | X: diplomatic
"""


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_codebook(), load_registry())


def test_a_curve_learns_how_often_a_share_is_right() -> None:
    """What is said with .9 and right in half of the cases is worth about one half afterwards, and order is kept."""
    rows = [(0.9, n % 2 == 0) for n in range(400)] + [(0.6, n % 5 == 0) for n in range(400)]
    curve = Calibration({"type": fit(rows)})
    assert curve.share("type", 0.9) == pytest.approx(0.5, abs=0.03)
    assert curve.share("type", 0.6) == pytest.approx(0.2, abs=0.03)
    assert curve.share("type", 0.95) > curve.share("type", 0.9)


def test_a_few_answers_do_not_turn_a_curve_over() -> None:
    slope, _ = fit([(0.9, False), (0.2, True)])
    assert slope > 0


def test_a_code_without_a_curve_keeps_its_share() -> None:
    assert Calibration().share("type", 0.37) == 0.37
    assert calibrate({"type": [(0.5, True)]}).curves.keys() == {"type"}


def test_the_artefact_that_ships_is_calibrated() -> None:
    assert load_reader().calibration.curves.keys() == {"type", "actor", "recipient", "event"}


def test_every_coded_event_is_judged_where_its_word_stands(tagger: Tagger, tmp_path: Path) -> None:
    sentences = _sentences(tmp_path)
    judged, counts = judge(sentences, tagger)
    assert len(counts) == 3, "two sentences and an article are three documents"
    assert sum(coded for _, coded, _ in counts) == len(judged)
    accused = next(j for j in judged if j.tag.verb == "accused")
    assert accused.gold is not None
    assert accused.is_right
    assert all(j.gold is None for j in judged if "never attacked" in j.text)
    dated = [j for j in judged if j.tag.occurred.precision == "day" and j.gold]
    assert all(j.right["date"] for j in dated if j.tag.occurred.on == date(2024, 4, 3))


def test_the_figures_are_shares(tagger: Tagger, tmp_path: Path) -> None:
    score = score_whole(_sentences(tmp_path), tagger)
    assert {"type, precision", "actor, precision", "calibration error of the confidence"} <= {
        f.name for f in score.figures
    }
    assert all(0 <= f.low <= f.value <= f.high <= 1 for f in score.figures)


def _sentences(folder: Path) -> list[GoldSentence]:
    path = folder / "a1_test.txt"
    path.write_text(CORPUS, encoding="utf-8")
    return list(parse_file(path))
