"""Learns entities from a labelled set by cross-validation, to tell what its own labels can teach. Ships nothing. Pure.

Flat: of nested gold spans only the outermost are learnt. Features: words, shapes, parts of speech, grammar, spaCy's
entities, and what our own finder says of the token.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from timeline.tagging import Document, find_sentences
from timeline.tagging.parser import recognise
from timeline.training.perceptron import Labelled, Perceptron, learn

if TYPE_CHECKING:
    from spacy.tokens import Doc

Typed = tuple[int, int, str]
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Lesson:
    """A document with gold spans that do not overlap, and with all that our finder says (begin, end, type, form)."""

    text: str
    gold: Sequence[Typed]
    hints: Sequence[tuple[int, int, str, str]]


def cross_validate(lessons: Sequence[Lesson], folds: int = FOLDS) -> list[list[Typed]]:
    """The spans of each document from a model that saw only documents of other folds."""
    read = [list(_read(lesson)) for lesson in lessons]
    found: list[list[Typed]] = [[] for _ in lessons]
    for fold in range(folds):
        model = learn([s for i, rows in enumerate(read) if i % folds != fold for _, s in rows])
        for i, rows in enumerate(read):
            if i % folds == fold:
                found[i] = [span for places, s in rows for span in _spans(model, places, s)]
    return found


def _read(lesson: Lesson) -> Iterator[tuple[list[tuple[int, int]], Labelled]]:
    """The tokens of each sentence as offsets of the text, with their features and labels."""
    sentences = find_sentences(Document(lesson.text, date.min))
    docs = recognise(lesson.text[s.begin : s.end] for s in sentences)
    for sentence, doc in zip(sentences, docs, strict=True):
        places = [(sentence.begin + t.idx, sentence.begin + t.idx + len(t)) for t in doc if not t.is_space]
        hints = _labels(places, ((b, e, kind) for b, e, kind in _longest(lesson.hints)))
        inner = [{f"{kind}/{form}" for b, e, kind, form in lesson.hints if b <= p and q <= e} for p, q in places]
        yield places, Labelled(_features(doc, hints, inner), _labels(places, lesson.gold))


def _longest(hints: Iterable[tuple[int, int, str, str]]) -> list[Typed]:
    chosen: list[Typed] = []
    for begin, end, kind, _ in sorted(hints, key=lambda h: (h[0] - h[1], h[0])):
        if all(end <= b or e <= begin for b, e, _ in chosen):
            chosen.append((begin, end, kind))
    return chosen


def _labels(places: Sequence[tuple[int, int]], spans: Iterable[Typed]) -> list[str]:
    labels = ["O"] * len(places)
    for begin, end, type_ in spans:
        inside = [i for i, (b, e) in enumerate(places) if b < end and begin < e]
        for number, i in enumerate(inside):
            labels[i] = f"{'I' if number else 'B'}-{type_}"
    return labels


def _features(doc: "Doc", hints: Sequence[str], inner: Sequence[set[str]]) -> list[list[str]]:
    tokens = [t for t in doc if not t.is_space]
    rows: list[Mapping[str, str]] = [
        {"w": t.lower_, "p": t.tag_, "s": t.shape_, "e": f"{t.ent_iob_}{t.ent_type_}", "d": t.dep_, "h": hints[i]}
        for i, t in enumerate(tokens)
    ]
    found = []
    for i, t in enumerate(tokens):
        near = range(max(0, i - 2), min(len(rows), i + 3))
        row = [f"{at - i}{name}={value}" for at in near for name, value in rows[at].items()]
        row += [f"in={one}" for one in sorted(inner[i])]
        row += [f"l={t.lemma_.lower()}", f"end={t.lower_[-3:]}"]
        row += [f"head={t.head.lemma_.lower()}", f"hp={t.dep_}|{t.head.pos_}"]
        row += [f"hh={rows[i]['h']}|{t.tag_}", f"hw={rows[i]['h']}|{t.lower_}"]
        if i:
            row.append(f"hb={rows[i - 1]['h']}|{rows[i]['h']}")
        found.append([*row, "first" if i == 0 else "later"])
    return found


def _spans(model: Perceptron, places: Sequence[tuple[int, int]], sequence: Labelled) -> Iterator[Typed]:
    begin, labels = -1, [*model.tag(sequence.features), "O"]
    for i, label in enumerate(labels):
        if begin >= 0 and not label.startswith("I-"):
            yield places[begin][0], places[i - 1][1], labels[begin][2:]
            begin = -1
        if label.startswith("B-"):
            begin = i
