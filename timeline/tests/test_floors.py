"""Floors under the coder's quality on the test split of our own corpus: written by hand, never trained on."""

import pytest

from timeline.corpus import GoldSentence, load_corpus
from timeline.evaluation.field import Coder
from timeline.evaluation.own import score_corpus
from timeline.evaluation.scores import Score
from timeline.evaluation.whole import score_whole
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.encoder.reading import load_reader
from timeline.tagging.registry_files import load_registry

# What `manage.py evaluate own test` gave when the artefact was trained, less two points for other processors.
FLOORS = {
    "event found, F1": 0.66,
    "event found with its type, F1": 0.49,
    "type of a given word, accuracy": 0.65,
    "mode, accuracy": 0.74,
    "modality, accuracy": 0.90,
    "actor, F1": 0.81,
    "recipient, F1": 0.61,
    "number found with value and kind, recall": 0.66,
    "number found with value and kind, precision": 0.88,
}


# What `manage.py evaluate own test --whole` gave, less what chance may move: codes of the whole tagger.
WHOLE_FLOORS = {
    "type, precision": 0.76,
    "actor, precision": 0.82,
    "recipient, precision": 0.82,
    "modality, precision": 0.85,
    "date, precision": 0.83,
    "type and both sides, precision": 0.68,
    "type and both sides, recall": 0.41,
}
MOST_CALIBRATION_ERROR = 0.12


def sentences() -> list[GoldSentence]:
    return [s for s in load_corpus() if s.lang == "en" and s.split == "test"]


@pytest.fixture(scope="module")
def whole() -> Score:
    return score_whole(sentences(), Tagger(load_codebook(), load_registry()))


@pytest.mark.parametrize("name", WHOLE_FLOORS)
def test_the_whole_tagger_does_not_fall(whole: Score, name: str) -> None:
    (figure,) = [f for f in whole.figures if f.name == name]
    assert figure.value >= WHOLE_FLOORS[name], str(figure)


def test_its_confidence_is_as_often_right_as_it_says(whole: Score) -> None:
    (figure,) = [f for f in whole.figures if f.name.startswith("calibration error")]
    assert figure.value <= MOST_CALIBRATION_ERROR, str(figure)


@pytest.fixture(scope="module")
def score() -> Score:
    return score_corpus(sentences(), Coder(load_reader(), Tagger(load_codebook(), load_registry())))


@pytest.mark.parametrize("name", FLOORS)
def test_it_does_not_fall(score: Score, name: str) -> None:
    (figure,) = [f for f in score.figures if f.name == name]
    assert figure.value >= FLOORS[name], str(figure)


def test_the_test_split_is_large_enough_to_mean_something(score: Score) -> None:
    assert len(score.predictions) >= 400
