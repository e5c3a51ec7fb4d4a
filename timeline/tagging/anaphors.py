"""Resolves "the ministry", "the agency", "the government" to the one body of its sort named before. English. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from timeline.tagging.records import ActorMention, Document, Registry, Sentence
from timeline.tagging.surroundings import load_words

ANAPHOR = "anaphor"
_BACK = 6  # sentences that a reader remembers
_GOES_ON = re.compile(r"(?:['’]s?)? (?:(?:[a-z]+) ){0,2}?([a-z]+)")  # "Iran's new parliament"
_NARROWED = re.compile(r"-| (?:of|for|in|at|from) (?:the )?[A-Z]|(?:,| of) (?:which|whose)")
_ADJECTIVE = re.compile(
    r" (?!(?:ha[sd]|is|was|will|would|sa(?:id|ys)|did|does|could|may|and|to|on|in)\b)[a-z]+(?<!ed)\b"
)


def find_anaphors(
    document: Document, sentences: Sequence[Sentence], mentions: Sequence[ActorMention], registry: Registry
) -> Iterator[ActorMention]:
    """Only where all bodies of that sort that the last sentences name are one and the same.

    "Iran's parliament … the parliament" is Iran's, where the registry knows no parliament of Iran.
    """
    if document.lang != "en":
        return
    begins = [sentence.begin for sentence in sentences]
    named = [(m, noun) for m in mentions for noun in _sorts(document.text, m, registry)]
    for match in _pattern().finditer(document.text):
        begin, end = match.span(1)
        behind = document.text[end : end + 24]
        is_other = match.group(1).lower() == "military" and _ADJECTIVE.match(behind)  # "the military campaign"
        if is_other or _NARROWED.match(behind) or any(m.begin < end and begin < m.end for m in mentions):
            continue
        number = bisect_right(begins, begin) - 1
        first = begins[max(0, number - _BACK)] if begins else 0
        noun = match.group(1).lower()
        known = [m for m, sort in named if sort == noun and first <= m.begin < begin]
        if known and len({m.actor for m in known}) == 1:
            last = known[-1]
            yield ActorMention(begin, end, document.text[begin:end], last.actor, ANAPHOR, last.stands_for)


def _sorts(text: str, mention: ActorMention, registry: Registry) -> Iterator[str]:
    """The nouns that tell what sort of body is named: the last of its words or of its name, or what it goes on with."""
    actor = registry.actors[mention.actor]
    if mention.rule == "people" or actor.kind == "person":
        return
    last = mention.text.split()[-1].lower()
    yield last
    if actor.kind != "state":
        yield actor.name.split()[-1].lower()
    if (goes_on := _GOES_ON.match(text, mention.end)) and last not in load_words().bodies:
        yield goes_on.group(1)


@cache
def _pattern() -> re.Pattern[str]:
    bodies = "|".join(sorted(load_words().bodies))
    return re.compile(rf"\b[Tt]he ({bodies})\b")
