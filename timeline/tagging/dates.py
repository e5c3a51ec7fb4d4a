"""Finds expressions of time and resolves them against the publication day.

text → words → a string of word classes (`date_words`) → patterns over it (`date_patterns`) → values
(`date_readings`) → days (`date_values`). Tense decides between last and next Monday: the nearest cue before the
expression in its sentence (will, plans; said, struck, any -ed word); without one the past.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from timeline.tagging.date_patterns import GRAMMAR
from timeline.tagging.date_readings import READINGS, Context, Word
from timeline.tagging.date_values import bounds
from timeline.tagging.date_words import DateWords, fold_word, load_date_words
from timeline.tagging.records import DateMention, Document, Sentence
from timeline.tagging.surface import find_masked, is_within

_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d(?!\d))|(?P<slashed>\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d)(?!\d|\.\d))"
    r"|(?P<clock>\d{1,2}:\d\d(?![\d:]))|(?P<decade>\d{3}0s\b|(?<=['’])\d0s\b)|(?P<number>\d{1,9}(?:[.,]\d{1,9}){0,4})"
    r"(?P<suffix>st|nd|rd|th|er|[ºª°])?|(?P<half>[ap]\.m\.?|[APap][Mm]\b)"
    r"|(?P<word>[^\W\d_]+(?:\u200c[^\W\d_]+)?)|(?P<mark>[^\w\s\u200c]|\n)"
)
_FIRST_YEAR, _LAST_YEAR = 1000, 2150
_SPELLED_YEAR = re.compile("N-?(?:G-?N?|N)(?!-?[UCQ])")
_CUE_WORDS = 14
_SUBORDINATE = frozenset(("after", "before", "since", "as", "when", "while", "which", "who", "whose", "where"))
_BE = frozenset(("is", "are", "am"))
_HAD = frozenset(("had", "was", "were"))
_NAMES_QUARTER = frozenset(("quarter", "relative_quarter", "possessive_quarter"))
_ZERO_WIDTH = "\u200c"
_MONEY = "$€£¥₪#№"


class DateFinder:
    def find(self, document: Document, sentences: Sequence[Sentence]) -> tuple[DateMention, ...]:
        """Every expression of time in reading order; durations and vague ones too, without days."""
        words = load_date_words(document.lang)
        line = _Line(document, words)
        masked = find_masked(document.text)
        starts = [line.index_at(sentence.begin) for sentence in sentences] or [0]
        found: list[DateMention] = []
        anchor, named, quarter, month = document.published_on, (-1, document.published_on), "", ""
        for match in GRAMMAR.finditer(line.classes):
            first, last = match.span()
            if is_within(masked, line.begins[first]):
                continue
            begin = starts[max(0, bisect_right(starts, first) - 1)]
            sentence_day = named[1] if named[0] == begin else None
            context = replace(
                line.context(begin, first, last),
                anchor=anchor,
                sentence_day=sentence_day,
                quarter=quarter,
                month=month,
            )
            mention = _mention(line, match, context)
            if mention:
                found.append(mention)
                quarter = mention.value if str(match.lastgroup).rstrip("0") in _NAMES_QUARTER else quarter
                month = mention.value if mention.precision == "month" else month
                if mention.first and mention.precision == "day":
                    anchor, named = mention.first, (begin, mention.first)
        return tuple(found)


class _Line:
    """A document as a string of word classes, with each word's value and offsets beside it."""

    def __init__(self, document: Document, words: DateWords) -> None:
        self.text, self.published_on, self.title_end = document.text, document.published_on, document.title_end
        self.lang, self.words = words.lang, words
        self.begins: list[int] = []
        self.ends: list[int] = []
        self.values: list[object] = []
        letters: list[str] = []
        for letter, value, begin, end in _tokens(document.text, document.title_end, words):
            letters.append(letter)
            self.values.append(value)
            self.begins.append(begin)
            self.ends.append(end)
        self.classes = "".join(letters)
        if words.lang == "en":
            self._join_spelled_years()

    def _join_spelled_years(self) -> None:
        """ "nineteen ninety-six", as transcripts spell it, becomes a year of one word."""
        for match in reversed(list(_SPELLED_YEAR.finditer(self.classes))):
            first, last = match.span()
            century, *rest = [int(str(value)) for value in self.values[first:last] if value is not None]
            if century not in (19, 20) or not 10 <= sum(rest) <= 99 or rest[0] < 10 or 100 in rest:
                continue
            self.classes = f"{self.classes[:first]}Y{self.classes[last:]}"
            self.values[first:last] = [century * 100 + sum(rest)]
            self.begins[first:last], self.ends[first:last] = [self.begins[first]], [self.ends[last - 1]]

    def index_at(self, offset: int) -> int:
        return bisect_right(self.begins, offset - 1)

    def word(self, index: int) -> str:
        return self.text[self.begins[index] : self.ends[index]] if 0 <= index < len(self.begins) else ""

    def context(self, begin: int, first: int, last: int) -> Context:
        """`begin` is the first word of the sentence, `first`..`last` the expression's words."""
        before = fold_word(self.word(first - 1)) if first > begin else ""
        direction = self._direction(begin, first, last)
        is_told = any(self.word(index) == "had" for index in range(max(begin, first - 9), last + 9))
        if self._is_ahead(before, first - 1) and not is_told:
            direction = 1
        after = fold_word(self.word(last)) if last < len(self.begins) else ""
        return Context(self.published_on, direction, before, self.published_on, self.lang, after=after)

    def _is_ahead(self, before: str, index: int) -> bool:
        """Whether the word in front points to a day to come: "until", "dès", "a partir de"."""
        return before in self.words.ahead or (index >= 0 and self.values[index] == "ahead")

    def _direction(self, begin: int, first: int, last: int) -> int:
        is_possessive = self.classes[last : last + 2] == "'_" and self.word(last + 1) == "s"
        if self.lang == "en" and self.word(first - 1) == "as" and self.word(first - 2) in ("early", "soon"):
            return 1
        is_weekday = "W" in self.classes[first:last]
        for index in range(first - 1, max(begin, first - _CUE_WORDS) - 1, -1):
            cue = None if is_possessive else 1 if is_weekday and self._is_under_way(index) else self._cue(index)
            if cue is not None:
                return cue
        for index in range(last, min(len(self.classes), last + _CUE_WORDS // 2)):
            if self.classes[index] in ".|;" or self.word(index) in _SUBORDINATE:
                break
            if self.classes[index] == "," and self.classes[index + 1 : index + 2] == "&":
                break
            cue = self._cue(index)
            is_deed = self.classes[index] == "s" and self.word(index).endswith("ed")
            is_deed = is_deed or (self.word(index) == "planned" and self.word(index - 1) not in _BE)
            if cue is not None:
                return -1 if is_deed else cue  # "On Monday it threatened to …": the threat is Monday's
        return 0

    def _cue(self, index: int) -> int | None:
        """+1 future, −1 past, 0 a verb of reporting, which says nothing about the time of what it reports."""
        letter = self.classes[index]
        if letter in "ws" and self._is_given_up(index):
            return -1
        if letter == "_" and self.words.endings and self._is_future_form(self.word(index)):
            return 1
        if letter in "wvy":
            return {"w": 1, "v": -1, "y": 0}[letter]
        if letter == "s":
            return 1 if self.classes[index + 1 : index + 2] == "u" else -1 if self.word(index).endswith("ed") else None
        if letter == "u" and self.word(index + 1) == "be":
            return 1
        if letter == "u" and self.lang == "en" and self.begins[index] < self.title_end:
            is_headline_infinitive = self.word(index - 1)[:1].isupper() and self.word(index + 1)[:1].islower()
            return 1 if index and is_headline_infinitive else None
        if letter == "_" and self.lang == "en":
            word = self.word(index)
            is_past = len(word) > 4 and word.endswith("ed") and word.islower()
            return -1 if is_past and not self._is_adjective(index) else None
        return None

    def _is_given_up(self, index: int) -> bool:
        """ "had been due to", "as previously planned"."""
        before = self.word(index - 1).lower()
        return before in ("previously", "originally") or (before == "been" and self.word(index - 2) == "had")

    def _is_adjective(self, index: int) -> bool:
        """Whether an -ed word tells no past: "to be published", "an unspecified date"."""
        return self.word(index - 1) == "be" or "a" in self.classes[max(0, index - 2) : index]

    def _is_under_way(self, index: int) -> bool:
        """ "is flying there on Sunday"."""
        return self.lang == "en" and self.word(index) in _BE and self.word(index + 1).endswith("ing")

    def _is_future_form(self, word: str) -> bool:
        return len(word) > 4 and word.islower() and word.endswith(self.words.endings)


def _mention(line: _Line, match: re.Match[str], context: Context) -> DateMention | None:
    first, last = match.span()
    name = str(match.lastgroup).rstrip("01")
    if match.lastgroup == "month_day" and line.lang != "en":  # "en octobre trois navires": only the month
        first = next(index for index in range(first, last) if line.classes[index] in "MjZ")
        last, name = first + 1, "month"
    if name == "month" and any(fold_word(line.word(index)) in line.words.only_dated for index in range(first, last)):
        return None
    if name == "year" and not _is_year(line, first, last, context):
        return None
    words: list[Word] = list(zip(line.classes[first:last], line.values[first:last], strict=True))
    value = READINGS[name](words, context)
    if value is None:
        return None
    first_on, last_on, precision = bounds(value)
    if line.classes[last - 1] == "." and line.classes[last - 2] not in "MV":
        last -= 1
    begin, end = line.begins[first], line.ends[last - 1]
    if name in ("set", "every"):
        precision = "set"
    return DateMention(begin, end, line.text[begin:end], value, first_on, last_on, precision)


def _is_year(line: _Line, first: int, last: int, context: Context) -> bool:
    """Whether a bare number between 1500 and 2100 is a year and no count: by what stands around it."""
    before, after = line.word(first - 1), line.word(last)
    if before[:1] in _MONEY or after[:1] == "%" or (before == "." and line.ends[first - 1] == line.begins[first]):
        return False
    if before == "-" and line.ends[first - 1] == line.begins[first] and line.word(first - 2).isupper():
        return False
    is_counted = after.islower() and len(after) > 3 and after.endswith("s")
    letter = line.classes[first - 1] if first else "|"
    return not is_counted or letter in "ior,(bfe" or "E" in line.classes[first:last]


def _tokens(text: str, title_end: int, words: DateWords) -> Iterator[tuple[str, object, int, int]]:
    tokens = list(_TOKEN.finditer(text))
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.group() == "\n" and _is_wrapped(text, token.start(), title_end):
            index += 1
            continue
        if token.lastgroup in ("word", "mark"):
            folded = fold_word(token.group())
            length, entry = _phrase(tokens, index, folded, words)
            if length == 1 and entry is None:
                entry = _word_entry(token, folded, words)
                if entry[0] == "_" and _ZERO_WIDTH in token.group():
                    yield from _parts_of(token, words)
                    index += 1
                    continue
            yield *entry, token.start(), tokens[index + length - 1].end()  # type: ignore[misc]
            index += length
        else:
            yield *_number_entry(token), token.start(), token.end()
            index += 1


def _parts_of(token: re.Match[str], words: DateWords) -> Iterator[tuple[str, object, int, int]]:
    """The parts of a Persian compound that is no word of the lists: "Saturday-night"."""
    at = token.start()
    for part in token.group().split(_ZERO_WIDTH):
        letter, value = words.words.get(fold_word(part), ("_", None))
        yield letter, value, at, at + len(part)
        at += len(part) + 1


def _is_wrapped(text: str, at: int, title_end: int) -> bool:
    """Whether a line break only wraps a line: what follows is in lower case or a digit, no stop before it."""
    following = text[at + 1 : at + 2]
    return (
        at != title_end
        and (following.islower() or following.isdigit())
        and text[at - 1 : at] not in (".", "!", "?", "\n")
    )


def _phrase(tokens: Sequence[re.Match[str]], index: int, folded: str, words: DateWords) -> tuple[int, Word | None]:
    for rest, entry in words.phrases.get(folded, ()):
        following = tokens[index + 1 : index + 1 + len(rest)]
        if len(following) == len(rest) and all(
            fold_word(token.group()) == word for token, word in zip(following, rest, strict=True)
        ):
            return 1 + len(rest), entry
    return 1, None


def _word_entry(token: re.Match[str], folded: str, words: DateWords) -> Word:
    if token.lastgroup == "mark":
        return _MARKS.get(folded, (folded if folded in _OWN_CLASS else "_", None))
    entry = words.words.get(folded)
    if entry is None or (folded in words.capital and not token.group()[0].isupper()):
        return "_", None
    if folded in words.plurals:
        return entry[0], f"+{entry[1]}"
    return entry


def _number_entry(token: re.Match[str]) -> Word:
    kind, text = token.lastgroup, token.group()
    if kind == "iso":
        return "I", "-".join(f"{int(part):0{size}d}" for part, size in zip(text.split("-"), (4, 2, 2), strict=True))
    if kind == "slashed":
        return "J", tuple(int(part) for part in re.split("[/.]", text))
    if kind == "clock":
        hour, minute = (int(part) for part in text.split(":"))
        return ("K", (hour, minute)) if hour < 24 and minute < 60 else ("_", None)
    if kind == "decade":
        return "z", text[:3] if len(text) > 3 else f"19{text[0]}"
    if kind == "half":
        return "m", text[0].lower()
    if not token["number"].isdigit():
        return "_", None
    return _plain_number(int(token["number"]), bool(token["suffix"]), len(token["number"]))


def _plain_number(number: int, is_ordinal: bool, digits: int) -> Word:
    if is_ordinal:
        return ("O", number) if 1 <= number <= 31 else ("_", None)
    if digits == 4 and _FIRST_YEAR <= number <= _LAST_YEAR:
        return "Y", number
    return ("N", number) if 1 <= number <= 31 and digits <= 2 else ("G", number) if digits <= 4 else ("_", None)


_OWN_CLASS = frozenset("'/.,();")
_MARKS: dict[str, Word] = {"-": ("-", None), "\n": ("|", None), "–": ("-", None), "،": (",", None)}
