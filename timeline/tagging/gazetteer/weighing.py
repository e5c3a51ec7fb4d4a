"""How surely a stretch of text that is spelt like a place means one, from what stands around it. Pure.

Points are added up; a name counts from zero upwards. What the points are worth was set by reasoning and checked on
news that is not part of the project; word lists: `data/toponyms.yaml`.
"""

import math
from collections.abc import Mapping, Sequence

from timeline.tagging.gazetteer.names import Span, Words, load_cues

WIDE = 3.0  # a country, sea or large division is called by its name nearly always
QUALIFIED = 4.0  # "Springfield, Ohio"
DATELINE = 3.0  # "SPRINGFIELD (Agency) –"
LOCATIVE = 1.5
TOWN_NOUN = 0.8
LONG_NAME = 0.7  # more than one word
ALIAS = -0.7
PERSON = -3.0  # behind a title or a given name, or before a surname
SURNAME = -2.5  # someone in the text is called so
COMMON_WORD = -3.5
IN_LOWER_CASE = -2.0  # the text has the word in lower case too
NEIGHBOUR = -1.2  # another capitalised word stands beside it
ARTICLE = -1.5
GIVEN_NAME = -1.0
SPEAKS = -0.8
ACRONYM = -3.0  # capitals among small letters


def size(population: int) -> float:
    """Points of a town: −0.8 for 500 people, 1 for 30,000, 2.5 for a million, at most 3."""
    return max(-1.5, min(3.0, math.log10(population + 1) - 3.5))


class Surroundings:
    """Of all names in one text: who is a person, what stands in lower case too."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.cues = load_cues()
        self.lower = {word.text for word in words.all if not word.is_capital}
        self.surnames = {name for index in range(len(words)) if (name := self._surname(index))}

    def points(self, span: Span, base: float, *, is_exact: bool = False) -> float:
        """Of a name worth `base` by itself; what follows behind a comma is the caller's to add.

        `is_exact`: an acronym or abbreviation of our list, which no word is spelt like.
        """
        words, cues = self.words, self.cues
        before, after = words.before(span.first), words.after(span.last)
        is_single = span.first == span.last
        points = base + (0.0 if is_single else LONG_NAME)
        if not is_single and "-".join(span.text.lower().split()) in cues.words:
            points += COMMON_WORD
        if before is not None:
            points += self._behind(span, before.lower, is_capital=before.is_capital)
        if after is not None:
            points += self._ahead(span, after.lower, is_capital=after.is_capital)
        if is_single and not is_exact:
            word = span.text.lower()
            points += COMMON_WORD * (word in cues.words or word in cues.titles)
            points += ACRONYM * (span.text.isupper() and len(word) <= 5 and not words.is_shouted(span.first))
            points += GIVEN_NAME * (word in cues.given_names and base < WIDE)
            points += SURNAME * (span.text in self.surnames)
            points += IN_LOWER_CASE * (word in self.lower)
        return points

    def _behind(self, span: Span, word: str, *, is_capital: bool) -> float:
        if word in self.cues.locative and not (is_capital and self.words.before(span.first, 2) is not None):
            return LOCATIVE
        if word in self.cues.titles or (is_capital and word in self.cues.given_names):
            return PERSON
        if word == "the":
            return ARTICLE
        if is_capital and not self.words.begins_sentence(span.first - 1):
            return NEIGHBOUR
        return 0.0

    def _ahead(self, span: Span, word: str, *, is_capital: bool) -> float:
        is_whole = self.words.gap(span.last + 1) in (" ", "\u00a0")
        if word in self.cues.town_nouns or word in self.cues.institutions:
            return TOWN_NOUN
        if is_capital and is_whole:
            return PERSON if span.text.lower() in self.cues.given_names else NEIGHBOUR
        return SPEAKS if word in self.cues.person_verbs else 0.0

    def _surname(self, index: int) -> str:
        """The word when a title or a given name, perhaps with an initial, stands before it."""
        word = self.words.all[index]
        if not word.is_capital or len(word.text) < 2:
            return ""
        for steps in (1, 2):
            before = self.words.before(index, steps)
            if before is None or not before.is_capital:
                return ""
            if before.lower in self.cues.given_names or (steps == 1 and before.lower in self.cues.titles):
                return word.text
            if len(before.text) > 1 and steps == 1 and before.lower in self.cues.locative:
                return ""
        return ""


def doubts(scores: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Points that a name gets in a text from where else it stands there: half of its best mention's, no more than 2."""
    return {name: max(-2.0, min(2.0, max(points) / 2)) for name, points in scores.items()}
