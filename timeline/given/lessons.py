"""The field's labelled sentences as examples to learn from, one lesson a sentence. Pure.

Sets share sentences, and one sentence stands in a set more than once: sentences are told apart by their letters alone,
so that none is learnt in one place and asked in another.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from timeline.evaluation.field import quad_of_type
from timeline.evaluation.gold import (
    YIELD,
    GoldLabel,
    GoldPair,
    GoldTokens,
    load_labels,
    load_pairs,
    load_tokens,
    read_rows,
)
from timeline.tagging.encoder.marking import mark
from timeline.training.examples import Example


@dataclass(frozen=True, slots=True)
class Lesson:
    """All examples of a sentence. `key`: its letters; `stratum`: the label that folds hold alike, "" for none."""

    key: str
    stratum: str
    examples: tuple[Example, ...]


def letters(text: str) -> str:
    """What is left of a sentence in whatever spelling of its quotes, accents and blanks."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = (c for c in folded if unicodedata.category(c)[0] in "LN" and unicodedata.category(c) != "Lm")
    return "".join(kept)


def load_lessons(path: Path, types: Iterable[str]) -> list[Lesson]:
    """The lessons of a file or of a folder's files: marked pairs (plv), spans and quad classes (coped).

    `types`: the event types that the coder knows. Raises ValueError for a file of another kind.
    """
    known = tuple(types)
    examples: dict[str, list[Example]] = defaultdict(list)
    strata: dict[str, str] = {}
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        for text, stratum, example in _read(file, known):
            examples[letters(text)].append(example)
            strata[letters(text)] = strata.get(letters(text)) or stratum
    return [Lesson(key, strata[key], tuple(_joined(found))) for key, found in examples.items()]


def load_side_lessons(path: Path) -> list[Lesson]:
    """plv for another set: what its sentences are mainly about, and whose it is; nothing is asked of a pair."""
    return [Lesson(letters(item.text), item.root, (side_example(item),)) for item in load_pairs(path) if item.actor]


def _read(file: Path, types: tuple[str, ...]) -> Iterator[tuple[str, str, Example]]:
    """Text, stratum and example of each answer that a file gives."""
    first = next(read_rows(file), {})
    if "marked" in first:
        for pair in load_pairs(file):
            yield from ((pair.text, pair.root, example) for example in pair_examples(pair))
    elif "tokens" in first:
        yield from ((item.text, "", span_example(item)) for item in load_tokens(file))
    elif "quad" in first:
        yield from ((item.text, item.label, quad_example(item, types)) for item in load_labels(file, "quad"))
    else:
        raise ValueError(f"{file.name} has no pairs, spans or classes to learn from")


def pair_examples(item: GoldPair) -> Iterator[Example]:
    """The pair's type, and that the sentence is mainly about it."""
    types = tuple(sorted(YIELD)) if item.root == "YIELD" else (item.root,)
    if item.actor:
        yield Example("pair", mark(item.text, actor=item.actor, recipient=item.recipient).text, types)
    yield Example("plain", mark(item.text).text, types)


def side_example(item: GoldPair) -> Example:
    """A marked pair as one main event of a sentence: its type, actor and recipient."""
    sides = [(*place, role) for place, role in ((item.actor, "A"), (item.recipient, "R")) if place]
    *_, plain = pair_examples(item)
    return replace(plain, roles=tuple(sorted(sides)))


def span_example(item: GoldTokens) -> Example:
    spans = [(*place, "A") for place in item.actors] + [(*place, "R") for place in item.recipients]
    return Example("plain", mark(item.text).text, roles=tuple(sorted(spans)))


def quad_example(item: GoldLabel, types: tuple[str, ...]) -> Example:
    """Any type of the class is right."""
    return Example("plain", mark(item.text).text, tuple(t for t in types if quad_of_type(t, item.text) == item.label))


def _joined(examples: list[Example]) -> Iterator[Example]:
    """One plain example with the spans of one and the types of another is learnt in half the time of two."""
    plain = [e for e in examples if e.question == "plain"]
    spans = next((e for e in plain if e.roles is not None), None)
    types = next((e for e in plain if e.types), None)
    yield from (e for e in examples if e.question != "plain")
    if spans and types:
        yield replace(spans, types=types.types)
        yield from (e for e in plain if e not in (spans, types))
    else:
        yield from plain
