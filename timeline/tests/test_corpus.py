"""The labelled corpus: its notation, its mistakes by file and line, and what holds for all of it."""

from collections import Counter
from pathlib import Path

import pytest

from articles.registry.files import MalformedFile
from timeline.corpus import find_look_alikes, load_corpus, parse_file
from timeline.corpus.agreement import agreement, load_second
from timeline.training.examples import make_examples

HEAD = "# topic: tests\n# lang: en\n# split: train\n# author: 1\n\n@ 2014-05-07\n"
SENTENCE = "Gunmen abducted eight girls near the border on Tuesday, residents said."
CODE = (
    "> ASSAULT | A: Gunmen | V: abducted | R: eight girls | D: Tuesday = 2014-05-06 | S: residents "
    "| N: eight = abducted"
)


def write(folder: Path, text: str) -> Path:
    path = folder / "one.txt"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_spans_cut_out_their_words(tmp_path: Path) -> None:
    (sentence,) = parse_file(write(tmp_path, f"{SENTENCE}\n{CODE}\n"))
    (event,) = sentence.events
    spans = [event.verb, *event.actors, *event.recipients, *event.numbers, event.speaker, event.date]
    assert all(span and sentence.text[span.begin : span.end] == span.text for span in spans)
    assert (event.type, event.modality, event.date and event.date.value) == ("ASSAULT", "asserted", "2014-05-06")


def test_a_word_that_stands_twice_can_be_named(tmp_path: Path) -> None:
    text = "Iran said Iran would talk."
    (sentence,) = parse_file(write(tmp_path, f"{text}\n> CONSULT | A: Iran#2 | V: talk | M: planned\n"))
    assert sentence.events[0].actors[0].begin == 10


def test_an_article_keeps_its_title_and_paragraphs(tmp_path: Path) -> None:
    title = "@@ 2014-05-08 | Army frees girls\n> RETREAT | A: Army | V: frees | R: girls"
    found = list(parse_file(write(tmp_path, f"{title}\n{SENTENCE}\n{CODE}\n\nIt ended.\n")))
    assert [(s.article, s.paragraph, len(s.events)) for s in found] == [
        ("Army frees girls", 0, 1),
        ("Army frees girls", 0, 1),
        ("Army frees girls", 1, 0),
    ]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("> ATTACK | A: Gunmen | V: abducted", "unknown event type 'ATTACK'"),
        ("> ASSAULT/visit | A: Gunmen | V: abducted", "has no mode 'visit'"),
        ("> ASSAULT | A: Soldiers | V: abducted", "'Soldiers' does not stand"),
        ("> ASSAULT | A: Gunmen#2 | V: abducted", "stands 1 times"),
        ("> ASSAULT | A: Gunmen", "needs V"),
        ("> ASSAULT | V: abducted", "needs an actor or a recipient"),
        ("> ASSAULT | A: Gunmen | V: abducted | M: maybe", "unknown modality"),
        ("> ASSAULT | A: Gunmen | V: abducted | X: love", "unknown context"),
        ("> ASSAULT | A: Gunmen | V: abducted | N: eight = geese", "unknown count"),
        ("> ASSAULT | A: Gunmen | V: abducted | D: Tuesday = 2014-05-05", "is a Monday"),
        ("> ASSAULT | A: Gunmen | V: abducted | D: Tuesday = 2014-05-13", "after publication"),
        ("> ASSAULT | A: Gunmen | V: abducted | D: Tuesday", "needs its day"),
        ("> ASSAULT | A: Gunmen | V: abducted | V: said", "given twice"),
        ("> ASSAULT | A: Gunmen | V abducted", "is no field"),
        ("> NONE: x\n> ASSAULT | A: Gunmen | V: abducted", "NONE and an event"),
        ("", "needs > TYPE"),
    ],
)
def test_a_mistake_is_refused_by_file_and_line(tmp_path: Path, code: str, said: str) -> None:
    with pytest.raises(MalformedFile, match=rf"one\.txt:\d+: .*{said}"):
        list(parse_file(write(tmp_path, f"{SENTENCE}\n{code}\n")))


def test_look_alikes_are_found(tmp_path: Path) -> None:
    other = SENTENCE.replace("eight", "nine")
    found = find_look_alikes(parse_file(write(tmp_path, f"{SENTENCE}\n{CODE}\n\n{other}\n> NONE: x\n")), 0.4)
    assert [share for _, _, share in found] == [0.5]


def test_the_corpus_has_no_mistake_and_no_slot_filled_sentence() -> None:
    corpus = load_corpus()
    assert len({s.id for s in corpus}) == len(corpus)
    assert find_look_alikes(corpus) == []


def test_the_corpus_is_split_by_topic() -> None:
    splits: dict[str, set[str]] = {}
    for sentence in load_corpus():
        splits.setdefault(f"{sentence.lang} {sentence.topic}", set()).add(sentence.split)
    assert all(len(found) == 1 for found in splits.values())


def test_examples_are_the_same_each_time_and_ask_all_three_questions() -> None:
    sentences = [s for s in load_corpus() if s.lang == "en"][:200]
    made = make_examples(sentences)
    assert made == make_examples(sentences)
    assert Counter(e.question for e in made).keys() == {"plain", "word", "pair"}
    for example in made:
        for begin, end, _ in (*(example.roles or ()), *(example.triggers or ())):
            assert example.text[begin:end].strip() == example.text[begin:end] != ""


def test_two_coders_agree_well_beyond_chance() -> None:
    found = agreement(load_corpus(), load_second())
    assert found.n_sentences >= 200
    assert found.kappa >= 0.8
    assert found.actor >= 0.9


def test_agreement_has_the_value_computed_by_hand(tmp_path: Path) -> None:
    other = "Nothing happened in the village on Tuesday, residents said."
    one = list(parse_file(write(tmp_path, f"{SENTENCE}\n{CODE}\n\n{other}\n> NONE: x\n")))
    two = list(parse_file(write(tmp_path, f"{SENTENCE}\n> NONE: x\n\n{other}\n> NONE: x\n")))
    found = agreement(one, two)
    assert (found.type, found.kappa) == (0.5, 0.0)  # chance alone agrees on half, too
    assert agreement(one, one).kappa == 1.0
