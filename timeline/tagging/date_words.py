"""The words of time of each language, as classes of one letter that `dates.py` matches patterns over. Pure.

| class | means | class | means |
|---|---|---|---|
| M j Z | month, Jalali month, Hijri month | U C h Q B | unit, century, weekend, quarter, two of a unit (dual) |
| W V | weekday, its abbreviation | P S | part of the day, season |
| N G | number up to 31, larger number | O | ordinal |
| Y z | year, decade ("1990s") | I J K m | ISO date, date with slashes, clock time, a.m. or p.m. |
| T X | today and its like, tonight and its like | l n t | last, next, this |
| g p | ago behind, ago in front ("il y a") | e f E | earlier, later, early or late |
| d a o x c | the, a, of, several, couple | i r u b & | in, from, to, between, and |
| k D R L F H 0 A | every, daily, now, recently, fiscal, half, old, about | w v y | future, past, reporting |
| s | future cue when "to" follows | 1 | more, straight, trading (between count and unit) |
| 2 | a holiday | 3 4 5 | latest, future, soon |
| q | period | 7 8 | that or same, the day before or after |

Anything else: `_`; a line break: `|`; punctuation stands for itself.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from timeline.tagging.surface import fold
from timeline.tagging.wordlists import load_wordlist

Entry = tuple[str, Any]
LANGUAGES = ("en", "fr", "es", "it", "ru", "ar", "fa", "he")
_PLAIN = {
    "last": "l", "next": "n", "this": "t", "the": "d", "one": "a", "of": "o", "vague": "x", "couple": "c",
    "ago": "g", "ago_before": "p", "earlier": "e", "later": "f", "part_of": "E", "to": "u", "and": "&",
    "between": "b", "from": "r", "in": "i", "every": "k", "present": "R", "past": "L", "fiscal": "F", "half": "H",
    "old": "0", "about": "A", "future": "w", "future_before_to": "s",
    "past_verbs": "v", "reporting": "y", "more": "1", "latest": "3", "future_noun": "4", "soon": "5", "period": "q",
    "that": "7", "ahead": "i",
}  # fmt: skip
_KEYED = {
    "parts": "P",
    "seasons": "S",
    "sets": "D",
    "days": "T",
    "nights": "X",
    "duals": "B",
    "tens": "G",
    "holidays": "2",
    "eves": "8",
    "decades": "z",
    "clocks": "K",
}
_LISTED = {"months": ("M", 1), "jalali_months": ("j", 1), "hijri_months": ("Z", 1), "weekdays": ("W", 0),
           "short_weekdays": ("V", 0), "numbers": ("N", 0), "ordinals": ("O", 1)}  # fmt: skip
_UNIT_CLASSES = {"WE": "h", "Q": "Q", "C": "C"}
_NUMBERED = {"month": "M", "weekday": "W", "hijri": "Z", "ordinal": "O", "year": "Y", "eve": "8"}


@dataclass(frozen=True, slots=True)
class DateWords:
    """`words`: folded word → (class, value). `phrases`: first word → (further words, (class, value)), longest first.

    `capital`: words that count only with a capital letter. `plurals`: units that mean a span when they stand alone.
    `only_dated`: months that count only behind a day. `ahead`: words in front of a day to come. `endings`: of verbs in
    the future tense, not folded.
    """

    lang: str
    words: dict[str, Entry]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Entry], ...]]
    capital: frozenset[str]
    plurals: frozenset[str]
    only_dated: frozenset[str] = frozenset()
    ahead: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()


@cache
def load_date_words(lang: str) -> DateWords:
    """The words of a language; English for one that has none."""
    lists = load_wordlist("dates").get(lang) or load_wordlist("dates")["en"]
    words: dict[str, Entry] = {}
    for name, block in lists.items():
        if name in _PLAIN:
            words |= {word: (_PLAIN[name], word) for word in block.split()}
        elif name in _KEYED:
            for value, forms in block.items():
                words |= dict.fromkeys(str(forms).split(), (_class_of(_KEYED[name], value), _value_of(name, value)))
        elif name == "units":
            for value, forms in block.items():
                words |= dict.fromkeys(forms.split(), (_UNIT_CLASSES.get(value, "U"), value))
        elif name in _LISTED:
            letter, first = _LISTED[name]
            for number, forms in enumerate(block, first):
                words |= dict.fromkeys(str(forms).split(), (letter, number))
    capital, plurals, only_dated, ahead = (
        frozenset(str(lists.get(name, "")).split()) for name in ("capital", "plurals", "only_dated", "ahead")
    )
    prefixed = _with_prefixes(words, lists.get("prefixes", ""))
    endings = tuple(str(lists.get("future_endings", "")).split())
    return DateWords(lang, prefixed, _phrases(lists), capital, plurals, only_dated, ahead, endings)


@lru_cache(maxsize=1 << 16)
def fold_word(word: str) -> str:
    """A word as the lists spell it. Russian keeps its endings here: they are in the lists."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    return fold(lowered + "|").rstrip("|").replace(" ", "") if not _is_cyrillic(lowered) else _fold_cyrillic(lowered)


def _class_of(letter: str, value: Any) -> str:
    return "N" if letter == "G" and value <= 31 else letter


def _value_of(name: str, value: Any) -> Any:
    return (int(value), 0) if name == "clocks" else str(value) if name == "decades" else value


def _is_cyrillic(word: str) -> bool:
    return "\u0400" <= word[0] <= "\u04ff"


def _fold_cyrillic(word: str) -> str:
    return word.replace("ё", "е").replace("й", "и")


def _with_prefixes(words: dict[str, Entry], prefixes: str) -> dict[str, Entry]:
    """Adds the words with the particles that Arabic and Hebrew write together with them."""
    for prefix in prefixes.split():
        for word, entry in list(words.items()):
            if len(word) > 2:
                words.setdefault(prefix + word, entry)
    return words


def _phrases(lists: dict[str, Any]) -> dict[str, tuple[tuple[tuple[str, ...], Entry], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    for phrase, meaning in lists.get("phrases", {}).items():
        name, _, value = str(meaning).partition(" ")
        entry = _phrase_entry(name, value)
        parts = phrase.replace("'", " ' ").replace("-", " - ").replace("(", "( ").replace(")", " )").split()
        for prefix in ("", *str(lists.get("prefixes", "")).split()):
            found.setdefault(prefix + parts[0] if parts[0] != "(" else "(", []).append((tuple(parts[1:]), entry))
    return {first: tuple(sorted(rest, key=lambda pair: -len(pair[0]))) for first, rest in found.items()}


def _phrase_entry(name: str, value: str) -> Entry:
    if name in _NUMBERED:
        return (_NUMBERED[name], int(value))
    if name == "holiday":
        return ("2", value)
    if name == "weekend":
        return ("h", "WE")
    if name in _PLAIN:
        return (_PLAIN[name], name)
    return (_KEYED[name], int(value) if name in ("days", "nights") else value)
