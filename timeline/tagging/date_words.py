"""The words of time of each language, as classes of one letter that `dates.py` matches patterns over. Pure.

| class | means | class | means |
|---|---|---|---|
| M j | month, Jalali month | U h Q B | unit, weekend, quarter, two of a unit (dual) |
| W V | weekday, its abbreviation | P S | part of the day, season |
| N G | number up to 31, larger number | O | ordinal |
| Y z | year, decade ("1990s") | I J K m | ISO date, date with slashes, clock time, a.m. or p.m. |
| T X | today and its like, tonight and its like | l n t | last, next, this |
| g p | ago behind, ago in front ("il y a") | e f E | earlier, later, early or late |
| d a o x c | the, a, of, several, couple | i r u b & | in, from, to, between, and |
| k D R L F H 0 A | every, daily, now, recently, fiscal, half, old, about | w v y | future, past, reporting |
| s | future cue when "to" follows | | |

Anything else: `_`; a line break: `|`; punctuation stands for itself.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from timeline.tagging.surface import fold
from timeline.tagging.wordlists import load_wordlist

Entry = tuple[str, Any]
LANGUAGES = ("en", "fr", "ru", "ar", "fa", "he")
_PLAIN = {
    "last": "l", "next": "n", "this": "t", "the": "d", "one": "a", "of": "o", "vague": "x", "couple": "c",
    "ago": "g", "ago_before": "p", "earlier": "e", "later": "f", "part_of": "E", "to": "u", "and": "&",
    "between": "b", "from": "r", "in": "i", "every": "k", "present": "R", "past": "L", "fiscal": "F", "half": "H",
    "old": "0", "about": "A", "future": "w", "future_before_to": "s",
    "past_verbs": "v", "reporting": "y",
}  # fmt: skip
_KEYED = {"parts": "P", "seasons": "S", "sets": "D", "days": "T", "nights": "X", "duals": "B", "tens": "G"}
_LISTED = {"months": ("M", 1), "jalali_months": ("j", 1), "weekdays": ("W", 0), "short_weekdays": ("V", 0),
           "numbers": ("N", 0), "ordinals": ("O", 1)}  # fmt: skip
_UNIT_CLASSES = {"WE": "h", "Q": "Q"}


@dataclass(frozen=True, slots=True)
class DateWords:
    """`words`: folded word → (class, value). `phrases`: first word → (further words, (class, value)), longest first.

    `capital`: words that count only with a capital letter. `plurals`: units that mean a span when they stand alone.
    """

    lang: str
    words: dict[str, Entry]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Entry], ...]]
    capital: frozenset[str]
    plurals: frozenset[str]


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
                words |= dict.fromkeys(forms.split(), (_class_of(_KEYED[name], value), value))
        elif name == "units":
            for value, forms in block.items():
                words |= dict.fromkeys(forms.split(), (_UNIT_CLASSES.get(value, "U"), value))
        elif name in _LISTED:
            letter, first = _LISTED[name]
            for number, forms in enumerate(block, first):
                words |= dict.fromkeys(str(forms).split(), (letter, number))
    capital = frozenset(str(lists.get("capital", "")).split())
    plurals = frozenset(str(lists.get("plurals", "")).split())
    return DateWords(lang, _with_prefixes(words, lists.get("prefixes", "")), _phrases(lists), capital, plurals)


@lru_cache(maxsize=1 << 16)
def fold_word(word: str) -> str:
    """A word as the lists spell it. Russian keeps its endings here: they are in the lists."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    return fold(lowered + "|").rstrip("|").replace(" ", "") if not _is_cyrillic(lowered) else _fold_cyrillic(lowered)


def _class_of(letter: str, value: Any) -> str:
    return "N" if letter == "G" and value <= 31 else letter


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
    if name in ("month", "weekday"):
        return ("M" if name == "month" else "W", int(value))
    if name == "weekend":
        return ("h", "WE")
    if name in _PLAIN:
        return (_PLAIN[name], None)
    return (_KEYED[name], int(value) if name == "days" else value)
