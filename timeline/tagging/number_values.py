"""Reads the words and digits of a number: "1.2 billion", "forty-two", "tens of thousands" → a value. Pure.

A vague number gets the least that its words can mean: dozens 12, hundreds 100, several hundred 300 (three times).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from timeline.tagging.number_words import NumberWords, Part

DIGITS = (
    r"\d{1,3}(?:[\u00a0\u202f\u2009]\d{3}){1,4}(?!\d)|\d{1,3}(?: \d{3}){1,4}(?![\d.,:/])"
    r"|\d{1,15}(?:[.,٬٫'’]\d{1,9}){0,5}"
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,٬'’ \u00a0\u202f\u2009]\d{3})+\Z")
_SEPARATORS = re.compile("[.,٬'’ \u00a0\u202f\u2009]")
_ONE_SEPARATOR = re.compile(r"\d+([.,٫])(\d+)\Z")
_POINT_IS_DECIMAL = frozenset(("en", "he", "fa"))
FEW = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A token: its folded text, offsets, and what it is as part of a number (None: no part of one).

    `is_close`: no space stands in front of it.
    """

    text: str
    begin: int
    end: int
    part: Part | None
    is_digits: bool = False
    is_close: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """A value that the words `first`..`last` (end exclusive) say."""

    first: int
    last: int
    value: float
    is_vague: bool = False
    is_article: bool = False


def read_digits(text: str, lang: str, *, is_scaled: bool) -> float | None:
    """The value of digits with separators; `is_scaled`: a word such as "million" follows. None: no number.

    "1,200" is twelve hundred, in front of a scale or in a language of decimal commas 1.2; "1.200" the other way round.
    """
    single = _ONE_SEPARATOR.match(text)
    if single:
        mark, behind = single[1], single[2]
        is_decimal_mark = mark == "٫" or (mark == ".") == (lang in _POINT_IS_DECIMAL or lang == "ar")
        is_group = len(behind) == 3 and len(text) <= 7 and not text.startswith("0") and not is_scaled
        if mark == "٫" or (is_decimal_mark and not (is_group and lang not in _POINT_IS_DECIMAL)) or not is_group:
            return float(f"{int(text[: single.start(1)])}.{''.join(str(int(c)) for c in behind)}")
    if text.isdecimal():
        return float(int(text))
    if _GROUPED.match(text):
        return float(int(_SEPARATORS.sub("", text)))
    decimal = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+)([.,])(\d{1,9})", text)
    if decimal and decimal[2] not in decimal[1]:
        return float(f"{int(_SEPARATORS.sub('', decimal[1]))}.{decimal[3]}")
    return None


def read_amount(words: Sequence[Word], at: int, lists: NumberWords) -> Amount | None:
    """The longest number that begins at a word, None when none does."""
    return _Reader(words, at, lists).read()


class _Reader:
    """Goes over the words of one number from the left; `total` holds whole thousands, `current` what is below."""

    def __init__(self, words: Sequence[Word], at: int, lists: NumberWords) -> None:
        self.words, self.first, self.at, self.lists = words, at, at, lists
        self.total, self.current = 0.0, 0.0
        self.is_read = self.is_vague = self.is_article = False
        self.least = float("inf")  # what is added must be smaller than what stands before

    def read(self) -> Amount | None:
        if not self._begin():
            return None
        while self._go_on():
            pass
        return Amount(self.first, self.at, self.total + self.current, self.is_vague, self.is_article)

    def _part(self, at: int) -> Part | None:
        return self.words[at].part if at < len(self.words) else None

    def _role(self, at: int) -> str:
        part = self._part(at)
        return part.role if part else ""

    def _is_scale(self, at: int) -> bool:
        return self._role(at) in ("vague", "scale|vague", "scale")

    def _text(self, at: int) -> str:
        return self.words[at].text if at < len(self.words) else ""

    def _begin(self) -> bool:
        word = self.words[self.at]
        if word.is_digits:
            return self._begin_digits(word)
        part = word.part
        if part is None:
            return False
        if part.role in ("article", "few", "half"):
            return self._begin_loose(part)
        if part.role == "pair":
            self.current, self.at = 2, self._past_of(self.at + 1) or self.at + 1
            return True
        if part.role == "teen":  # Arabic "eleven" is "one ten", and "one" alone is no count
            if self._role(self.at + 1) != "value" or self._part(self.at + 1).value != 10:  # type: ignore[union-attr]
                return False
            self.current, self.at = 11, self.at + 2
            return True
        return self._begin_word(part)

    def _begin_digits(self, word: Word) -> bool:
        after = self.at + 1
        after += self._text(after) == "-" and self._role(after + 1).startswith("scale")
        is_scaled = self._role(after).startswith("scale") and self._part(after).value >= 1000  # type: ignore[union-attr]
        value = read_digits(word.text, self.lists.lang, is_scaled=is_scaled)
        if value is None:
            return False
        self.current, self.at, self.least = value, self.at + 1, 0
        return True

    def _begin_loose(self, part: Part) -> bool:
        """ "a million", "several hundred", "half a million", "a dozen", "une trentaine": nothing without a scale."""
        after = self.at + 1
        if part.role == "article" and self._role(after) in ("half", "few", "pair"):
            self.at = after
            return self._begin()
        if part.role == "half":
            after += self._text(after) == "-"
            after += self._role(after) == "article"
        after += self._text(after) == "'"
        scale = self._part(after)
        if scale is None or not (scale.role.startswith("scale") or scale.role == "vague"):
            return False
        factor = {"article": 1.0, "few": float(FEW), "half": 0.5}[part.role]
        self.is_vague = part.role == "few" or scale.role == "vague"
        self.current, self.at, self.least = factor * scale.value, after + 1, scale.value
        return True

    def _begin_word(self, part: Part) -> bool:
        self.at += 1
        self.is_vague = part.role == "vague" or (part.role == "scale|vague" and self.lists.lang != "en")
        self.current = part.value
        self.least = self._room(part.value)
        if part.role == "factor":
            self.least = 0
        return True

    def _go_on(self) -> bool:
        at, is_joined = self.at, False
        text = self._text(at)
        if text in ("-", "‐") and self.words[at].is_close and self._part(at + 1) and not self._is_digits(at + 1):
            at += 1
        elif text in self.lists.sets["and"] and self._half_behind(at + 1):
            return self._add_half(self._half_behind(at + 1))
        elif text in self.lists.sets["and"] and self._can_join(at + 1):
            at, is_joined = at + 1, True
        elif self.is_vague and self._is_scale(at + 1) and (text == "'" or text in self.lists.sets["of"]):
            at += 1
        part = self._part(at)
        if part is None or self._is_digits(at):
            return False
        return self._take(part, at, is_joined=is_joined or part.is_joined)

    def _half_behind(self, at: int) -> int:
        """Where "a half" ends, 0 when none stands there."""
        at += self._role(at) == "article"
        return at + 1 if self._role(at) == "half" else 0

    def _add_half(self, behind: int) -> bool:
        """ "two and a half million" is 2.5 millions, "a million and a half" 1.5 of them."""
        scale = self._part(self.at - 1)
        self.current += scale.value / 2 if scale and scale.role.startswith("scale") else 0.5
        self.at = behind
        return True

    def _is_digits(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].is_digits

    def _can_join(self, at: int) -> bool:
        """ "a hundred and two" is one number, "killed two and wounded" is not, nor is "200 and 300"."""
        return self._role(at) == "value" and not self.words[self.first].is_digits and (
            self.least >= 100 or self.lists.lang == "fa" or self.lists.lang in ("fr", "he", "ar")
        )  # fmt: skip

    def _take(self, part: Part, at: int, *, is_joined: bool) -> bool:
        if part.role in ("scale", "scale|vague", "vague"):
            if part.role == "vague" and not self.is_vague:
                return False
            if part.value < 1000 and self.current >= 100 and not self.is_vague:
                return False
            self._multiply(part.value)
        elif self.lists.lang == "fr" and part.value == 20 and self.current % 100 == 4:
            self.current, self.least = self.current + 76, 20  # quatre-vingts
        elif part.role == "value" and part.value < self.least:
            self.current, self.least = self.current + part.value, self._room(part.value)
        elif part.role == "value" and self._is_turned(part, is_joined):
            self.current += part.value
        elif self.lists.lang in ("ar", "he") and part.value == 10 and 2 <= self.current % 100 <= 9:
            self.current += 10  # thirteen: three ten
            self.least = 0
        else:
            return False
        self.at = at + 1
        return True

    def _is_turned(self, part: Part, is_joined: bool) -> bool:
        """Arabic says "five and twenty"."""
        units = self.current % 100
        return is_joined and self.lists.lang == "ar" and 1 <= units <= 9 and 20 <= part.value <= 90

    def _multiply(self, scale: float) -> None:
        self.current = max(self.current, 1) * scale
        if scale >= 1000:
            self.total, self.current = self.total + self.current, 0.0
        self.least = scale

    def _room(self, value: float) -> float:
        """What may be added behind a value: units behind tens, all below hundred behind hundreds."""
        if value >= 100:
            return 100 if value < 1000 else 1000
        if self.lists.lang == "fr" and value in (10, 60, 80):  # dix-sept, soixante-douze
            return 10 if value == 10 else 20
        return 10 if value >= 20 and value % 10 == 0 else 0

    def _past_of(self, at: int) -> int:
        return at + 1 if self._text(at) in self.lists.sets["of"] else 0
