"""A set's own training part added: folds, examples, who answers what; and, where PyTorch is, that it really learns."""

import importlib.util
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from timeline.evaluation.figures import Figure
from timeline.evaluation.gold import GoldLabel
from timeline.evaluation.recorded import load_recorded, record
from timeline.given import Lesson, cross, deal, letters, load_lessons, load_side_lessons, taught_by
from timeline.given.lessons import quad_example
from timeline.tagging.encoder.reading import ARTEFACT, PlainReading, SentenceReader, load_reader
from timeline.training.examples import Example

needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="PyTorch is not installed: going on learning was NOT tried"
)
ROOTS = {"ASSAULT": "shelled", "AID": "fed", "ACCUSE": "blamed"}
PLACES = ("Tyre", "Sidon", "Acre", "Jaffa", "Gaza", "Homs", "Hama")
TOKENS = {"id": "t1", "tokens": ["The", "army", "shelled", "Tyre", "."], "tags": ["B-S", "I-S", "O", "B-T", "O"]}
QUAD = {"id": "q1", "text": "The army shelled Tyre.", "quad": 4}


def pairs() -> list[dict[str, object]]:
    return [
        {"id": f"{root}-{place}", "marked": f"<s>The army</s> {verb} <t>{place}</t>.", "root": root, "quad": 4}
        for root, verb in ROOTS.items()
        for place in PLACES
    ]


def write(folder: Path, *rows: object, name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


class Remembers:
    """A reader that knows which sentences taught it, and refuses them."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.seen = {letters(example.text) for example in examples}

    def read_plain(self, texts: Sequence[str]) -> list[PlainReading]:
        assert self.seen.isdisjoint(map(letters, texts))
        return [PlainReading({"AID": 1.0}, (), ()) for _ in texts]

    def read_words(self, words: Sequence[tuple[str, tuple[int, int]]]) -> list[object]:
        raise AssertionError("a pair asks about no word")

    def read_pair(self, text: str, actor: object, recipient: object) -> dict[str, float]:
        return dict(self.read_plain([text])[0].types)


def lesson(text: str, stratum: str = "") -> Lesson:
    return Lesson(letters(text), stratum, (Example("plain", text, ("AID",)),))


LESSONS = [lesson(f"{root} {place}", root) for root in ROOTS for place in PLACES]


def test_folds_share_nothing_and_hold_every_sentence() -> None:
    folds = deal(LESSONS, 4)
    assert Counter(key for fold in folds for key in fold) == Counter(each.key for each in LESSONS)


def test_folds_are_dealt_the_same_again_in_whatever_order_the_sentences_come() -> None:
    assert deal(LESSONS, 4) == deal(LESSONS[::-1], 4)
    assert deal(LESSONS, 4) != deal(LESSONS, 4, seed=2)


def test_every_fold_has_its_share_of_each_label() -> None:
    root_of = {each.key: each.stratum for each in LESSONS}
    counts = [Counter(root_of[key] for key in fold) for fold in deal(LESSONS, 3)]
    assert all(count[root] in (2, 3) for count in counts for root in ROOTS)


@pytest.mark.parametrize("n_folds", [0, 1, len(LESSONS) + 1])
def test_folds_that_cannot_be_are_refused(n_folds: int) -> None:
    with pytest.raises(ValueError, match="cannot be dealt"):
        deal(LESSONS, n_folds)


def test_a_sentence_is_answered_by_a_coder_that_has_not_seen_it() -> None:
    taught: list[Remembers] = []

    def learn(examples: Sequence[Example]) -> Remembers:
        taught.append(Remembers(examples))
        return taught[-1]

    crossing = cross(LESSONS, 3, learn, also=[LESSONS[0], lesson("AID Nablus")])  # type: ignore[arg-type]
    for each in LESSONS:
        crossing.read_plain([each.examples[0].text])
    assert len(taught) == 3
    assert all(letters("AID Nablus") in reader.seen for reader in taught)
    assert sum(LESSONS[0].key in reader.seen for reader in taught) == 2


def test_what_is_asked_is_not_learnt_from_another_file() -> None:
    reader = taught_by(LESSONS, LESSONS[:3], Remembers)  # type: ignore[arg-type]
    assert isinstance(reader, Remembers)
    assert reader.seen == {each.key for each in LESSONS[3:]}


def test_one_sentence_in_two_spellings_is_one_lesson(tmp_path: Path) -> None:
    write(tmp_path, TOKENS, name="spans.jsonl")
    write(tmp_path, QUAD, name="quads.jsonl")
    (found,) = load_lessons(tmp_path, ("AID", "ASSAULT", "COERCE", "NONE", "SANCTION"))
    (example,) = found.examples
    assert found.stratum == "4"
    assert example.types == ("ASSAULT", "COERCE")
    assert example.roles == ((0, 8, "A"), (17, 21, "R"))


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("It urged restraint.", "0", ("NONE", "REQUEST")),
        ("It demanded restraint.", "0", ("NONE",)),
        ("It demanded restraint.", "3", ("REQUEST", "SANCTION")),
        ("It gave in.", "2", ("CONCEDE",)),
    ],
)
def test_any_type_of_a_class_is_right(text: str, label: str, expected: tuple[str, ...]) -> None:
    types = ("CONCEDE", "NONE", "REQUEST", "SANCTION")
    assert quad_example(GoldLabel("q", text, label), types).types == expected


def test_a_marked_pair_becomes_a_question_of_the_pair_and_of_the_whole(tmp_path: Path) -> None:
    row = {"id": "p", "marked": "<s>Rome</s> yielded to <t>Alba</t>.", "root": "YIELD", "quad": 2}
    (found,) = load_lessons(write(tmp_path, row), ())
    assert [(e.question, e.text) for e in found.examples] == [
        ("pair", "[ Rome ] yielded to { Alba }."),
        ("plain", "Rome yielded to Alba."),
    ]
    assert {e.types for e in found.examples} == {("CONCEDE", "RETREAT")}
    ((side,),) = (each.examples for each in load_side_lessons(tmp_path / "rows.jsonl"))
    assert side.roles == ((0, 4, "A"), (16, 20, "R"))


def test_a_file_that_teaches_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no pairs, spans or classes"):
        load_lessons(write(tmp_path, {"id": "x", "text": "It rained."}), ())


def test_answers_of_another_coder_are_compared_item_by_item(tmp_path: Path) -> None:
    path = write(tmp_path, *pairs())
    mine, out = tmp_path / "mine.jsonl", io.StringIO()
    call_command("evaluate", "plv", str(path), "--predictions", str(mine), stdout=io.StringIO())
    call_command("evaluate", "plv", str(path), "--against", str(mine), "--json", stdout=out)
    assert json.loads(out.getvalue())["root macro-F1, less theirs"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    with pytest.raises(CommandError, match="has no answer to 20 items"):
        call_command("evaluate", "plv", str(path), "--against", str(write(tmp_path, pairs()[0], name="few.jsonl")))


@needs_torch
def test_folds_learnt_in_earnest_answer_every_row_and_leave_the_artefact_alone(tmp_path: Path) -> None:
    before = ARTEFACT.read_bytes()
    path = write(tmp_path, *pairs())
    answers = []
    for name in ("one.jsonl", "two.jsonl"):
        options = ("--with-given", "--folds", "2", "--epochs", "1", "--predictions", str(tmp_path / name))
        call_command("evaluate", "plv", str(path), *options, stdout=io.StringIO(), stderr=io.StringIO())
        answers.append([json.loads(line) for line in (tmp_path / name).read_text().splitlines()])
    assert [row["id"] for row in answers[0]] == [row["id"] for row in pairs()]
    assert answers[0] == answers[1]
    assert ARTEFACT.read_bytes() == before


@needs_torch
def test_what_was_added_is_learnt() -> None:
    from timeline.given.going_on import going_on  # noqa: PLC0415  # PyTorch may be missing

    text = "The army shelled Tyre."
    taught = going_on(ARTEFACT, lambda line: None, epochs=6)([Example("plain", text, ("AID",))] * 32)
    shipped: SentenceReader = load_reader()
    (before,), (after,) = shipped.read_plain([text]), taught.read_plain([text])
    assert after.types["AID"] > before.types["AID"] + 0.3
    assert not np.isnan(list(after.types.values())).any()


def test_figures_with_and_without_the_given_part_stand_beside_each_other(tmp_path: Path) -> None:
    path, figures = tmp_path / "figures.json", (Figure("F1", 0.5, 0.4, 0.6),)
    record("plv", figures, 10, path)
    record("plv", figures, 20, path, with_given=True)
    record("plv", figures, 30, path, with_given=True)
    assert [(row.n_items, row.with_given) for row in load_recorded(path)] == [(10, False), (30, True)]
