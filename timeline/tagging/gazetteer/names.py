"""Stretches of a text that spell a name of the gazetteer, and what stands around them. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from timeline.tagging.wordlists import load_wordlist, word_set

LONGEST = 6  # words of a name
SHORTEST = 3  # letters
_WORD = re.compile(r"[^\W\d_]+(?:['’](?!(?:s|S|d|m|t|ll|re|ve)\b)[^\W\d_]+)*|\d+")
_ABBREVIATED = frozenset(("st", "ste", "mt", "ft", "co", "twp"))
_BREAK = re.compile(r"[.!?:;\n\r\"“”•|()–—]")


@dataclass(frozen=True, slots=True)
class Word:
    begin: int
    end: int
    text: str

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Span:
    """Words `first`..`last` (inclusive) of the text, at begin..end of it."""

    first: int
    last: int
    begin: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Cues:
    inside: frozenset[str]
    locative: frozenset[str]
    town_nouns: frozenset[str]
    titles: frozenset[str]
    person_verbs: frozenset[str]
    words: frozenset[str]
    given_names: frozenset[str]
    institutions: frozenset[str]


@cache
def load_cues() -> Cues:
    return Cues(**{name: word_set(block) for name, block in load_wordlist("toponyms").items()})


class Words:
    """A text's words, with the gaps between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all = [Word(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]

    def __len__(self) -> int:
        return len(self.all)

    def gap(self, index: int) -> str:
        """What stands between word `index` − 1 and word `index`; a line's end at both ends of the text."""
        if not 0 < index < len(self.all):
            return "\n"
        return self.text[self.all[index - 1].end : self.all[index].begin]

    def before(self, index: int, steps: int = 1) -> Word | None:
        """The word so many steps before, on the same side of a full stop, bracket or comma."""
        for at in range(index, index - steps, -1):
            if not 0 < at < len(self.all) or not self.is_joined(at):
                return None
        return self.all[index - steps]

    def after(self, index: int, steps: int = 1) -> Word | None:
        for at in range(index + 1, index + steps + 1):
            if not 0 < at < len(self.all) or not self.is_joined(at):
                return None
        return self.all[index + steps]

    def is_joined(self, index: int) -> bool:
        """Whether a word follows the one before without a mark that parts names."""
        gap = self.gap(index)
        return gap in (" ", "-", "’s ", "'s ", " -", "\u00a0") or (
            gap == ". " and len(self.all[index - 1].text) <= 3 and self.all[index - 1].is_capital
        )

    def is_shouted(self, index: int) -> bool:
        """Whether a word begins its line, or stands beside another in capitals: capitals tell nothing there."""
        around = [self.all[at].text for at in (index - 1, index + 1) if 0 <= at < len(self.all)]
        return "\n" in self.gap(index) or any(len(word) > 3 and word.isupper() for word in around)

    def begins_sentence(self, index: int) -> bool:
        gap = self.gap(index)
        return index == 0 or (_BREAK.search(gap) is not None and not self.is_joined(index))

    def spans(self) -> Iterator[Span]:
        """Every stretch of at most six words that begins and ends with a capital and could be one name."""
        inside = load_cues().inside
        for first, word in enumerate(self.all):
            if not word.is_capital:
                continue
            for last in range(first, min(first + LONGEST, len(self.all))):
                if last > first and not self._continues(last):
                    break
                final = self.all[last]
                if final.is_capital or (last > first and self.gap(last) in ("-", "'", "’")):
                    if final.end - word.begin >= SHORTEST:
                        yield Span(first, last, word.begin, final.end, self.text[word.begin : final.end])
                elif final.lower not in inside:
                    break

    def _continues(self, index: int) -> bool:
        """Whether a word can belong to the same name as the one before it."""
        gap = self.gap(index)
        if gap in (" ", "-", "\u00a0"):
            return True
        if gap in (". ", "."):
            return self.all[index - 1].lower in _ABBREVIATED or len(self.all[index - 1].text) == 1
        return False


def longest_first(spans: Sequence[Span]) -> list[Span]:
    """Of overlapping spans the longest, of equals the first; in reading order."""
    taken: list[Span] = []
    used: set[int] = set()
    for span in sorted(spans, key=lambda s: (s.first - s.last, s.first)):
        if used.isdisjoint(range(span.first, span.last + 1)):
            used.update(range(span.first, span.last + 1))
            taken.append(span)
    return sorted(taken, key=lambda s: s.first)
