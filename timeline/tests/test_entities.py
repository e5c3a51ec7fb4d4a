"""What a text names and describes, and how that is scored."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from timeline.evaluation.entities import TypedSpan, load_entities, outermost
from timeline.tagging import Document, Tagger, load_codebook
from timeline.tagging.entities import propose_actors
from timeline.tagging.registry_files import load_registry
from timeline.training.entities import Lesson, cross_validate
from timeline.training.perceptron import Labelled, learn

DAY = date(2025, 6, 23)
ROWS = [
    ("Iran released two sailors on Monday.", "organisation Iran|organisation two sailors|date Monday"),
    ("Officials met in Iran.", "organisation Officials|place Iran"),
    ("Troops shelled the outskirts of Homs, Syria.", "place Homs|place Homs, Syria|place Syria"),
    ("The envoy said she had left.", "person The envoy|person she"),
    ("They buried 12 women and children.", "organisation 12 women and children"),
    ("Rebels fired two rockets at a police station.", "quantity two|weapon rockets|place a police station"),
    ("The bank lent over $40m to farmers.", "organisation The bank|money $40m|organisation farmers"),
    ("There is no doubt about it.", ""),
    ("Col. Clara Marwick of the Relief Council spoke.", "person Clara Marwick|organisation Relief Council"),
    ("The Turkish army crossed the river.", "nationality Turkish|organisation The Turkish army|place the river"),
]  # fmt: skip


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_codebook(), load_registry())


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_it_finds_what_a_sentence_names_and_describes(tagger: Tagger, text: str, expected: str) -> None:
    found = {f"{one.kind} {one.text}" for one in tagger.find_entities(Document(text, DAY))}
    assert set(filter(None, expected.split("|"))) <= found
    assert expected or not found


def test_the_offsets_cut_out_the_words(tagger: Tagger) -> None:
    text = "\n".join(text for text, _ in ROWS)
    found = tagger.find_entities(Document(text, DAY))
    assert found and all(text[one.begin : one.end] == one.text for one in found)


def test_a_surname_alone_is_the_person_named_before(tagger: Tagger) -> None:
    found = tagger.find_entities(Document("Abbas met Clara Marwick in Geneva. Marwick said the road was open.", DAY))
    assert [one.kind for one in found if one.text == "Marwick"] == ["person"]


def test_only_names_that_the_registry_lacks_are_proposed(tagger: Tagger) -> None:
    text = "Abbas Araghchi met Mina Tahvili of the Zagros Relief Fund. Mina Tahvili thanked him."
    proposed = propose_actors(tagger.find_entities(Document(text, DAY)))
    assert proposed[0] == ("Mina Tahvili", "person", 2)
    assert ("Zagros Relief Fund", "organisation", 1) in proposed
    assert not any("Araghchi" in name for name, _, _ in proposed)


def test_other_languages_have_none_yet(tagger: Tagger) -> None:
    assert tagger.find_entities(Document("Le président a parlé à Genève.", DAY, "fr")) == ()


def test_the_command_lists_entities_and_proposals(tmp_path: Path) -> None:
    path, out = tmp_path / "text.txt", io.StringIO()
    path.write_text("Clara Marwick met Iran's army chief.", encoding="utf-8")
    call_command("tag", str(path), "--published", "2025-06-23", "--lang", "en", "--entities", stdout=out)
    assert "names that the registry lacks: Clara Marwick (person, 1)" in out.getvalue()


def write_set(folder: Path) -> Path:
    (folder / "outlet").mkdir()
    text = "The army shelled a village."
    rows = [{"documentId": "d1", "begin": 0, "end": 8, "type": "Organisation"}]
    rows += [{"documentId": "d1", "begin": 17, "end": 26, "type": kind} for kind in ("Location", "Person")]
    (folder / "outlet" / "documents.jsonl").write_text(json.dumps({"_id": "d1", "text": text}), encoding="utf-8")
    (folder / "outlet" / "entities.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_of_a_span_with_two_types_the_first_counts(tmp_path: Path) -> None:
    (gold,) = load_entities(write_set(tmp_path))
    assert gold.spans == (TypedSpan(0, 8, "Organisation"), TypedSpan(17, 26, "Location"))


def test_evaluate_ner_scores_and_writes_every_answer(tmp_path: Path) -> None:
    out, answers = io.StringIO(), tmp_path / "answers.jsonl"
    call_command("evaluate", "ner", str(write_set(tmp_path)), "--predictions", str(answers), stdout=out)
    assert "all entities, typed exact F1 1.000" in out.getvalue()
    assert json.loads(answers.read_text())["entities"][0]["value"] == "The army"


def test_the_outermost_are_the_longest_that_do_not_overlap() -> None:
    spans = [TypedSpan(0, 4, "a"), TypedSpan(0, 9, "b"), TypedSpan(8, 12, "c"), TypedSpan(12, 13, "d")]
    assert outermost(spans) == [TypedSpan(0, 9, "b"), TypedSpan(12, 13, "d")]


def test_a_perceptron_learns_what_follows_what() -> None:
    rows = [["w=the", "w=old", "w=town"], ["w=a", "w=town"]]
    labels = [["B-x", "I-x", "I-x"], ["B-x", "I-x"]]
    model = learn([Labelled([[f] for f in row], tags) for row, tags in zip(rows, labels, strict=True)])
    assert model.tag([["w=a"], ["w=old"], ["w=town"]]) == ["B-x", "I-x", "I-x"]
    assert model.tag([]) == []


def test_cross_validation_answers_for_documents_it_did_not_learn_from() -> None:
    texts = [f"The army shelled {town}." for town in ("Arvel", "Brinn", "Corda", "Deltan")]
    lessons = [Lesson(text, [(0, 8, "Body"), (17, len(text) - 1, "Town")], []) for text in texts]
    assert cross_validate(lessons, folds=2) == [lesson.gold for lesson in lessons]
