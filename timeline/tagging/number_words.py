"""The words of number and of what is counted, by language, as `data/numbers.yaml` lists them. Pure."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from timeline.tagging.date_words import fold_word
from timeline.tagging.wordlists import load_wordlist

LANGUAGES = ("en", "fr", "ru", "ar", "fa", "he")
THINGS = frozenset(("missiles", "drones", "aircraft", "ships", "sites", "money", "days"))


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a number. role: value (adds), scale (multiplies), vague, few, half, pair, article, factor or teen.

    `is_joined`: it is written together with "and" (Arabic, Hebrew).
    """

    role: str
    value: float = 0
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The lists of a language; words are folded. `cues`: word → (side, kind); sides: before, after, either."""

    lang: str
    parts: dict[str, Part]
    nouns: dict[str, str]
    duals: dict[str, str]
    currencies: dict[str, str]
    cues: dict[str, tuple[tuple[str, str], ...]]
    about: tuple[tuple[str, ...], ...]
    about_many: tuple[tuple[str, ...], ...]
    about_behind: tuple[tuple[str, ...], ...]
    sets: dict[str, frozenset[str]] = field(default_factory=dict)
    far: str = ""

    def has(self, name: str, word: str) -> bool:
        return word in self.sets.get(name, ())


@cache
def load_number_words(lang: str) -> NumberWords:
    """The words of a language; those of English for one that has none: digits and signs are read everywhere."""
    lists = load_wordlist("numbers")
    own = lists.get(lang) or lists["en"]
    prefixes = [fold_word(prefix) for prefix in str(own.get("prefixes", "")).split()]
    nouns = _prefixed(_by_word(own["nouns"]), prefixes)
    cues: dict[str, tuple[tuple[str, str], ...]] = {}
    for side in ("before", "after", "either"):
        for kind, block in own.get(side, {}).items():
            for word in block.split():
                cues[fold_word(word)] = (*cues.get(fold_word(word), ()), (side, kind))
    joined = str(own.get("joined", ""))
    cues |= {joined + word: sides for word, sides in cues.items() if joined and joined + word not in cues}
    names = (
        "and",
        "of",
        "range",
        "between",
        "be",
        "not_counted",
        "designators",
        "stops",
        "models",
        "more",
        "owners",
        "captive",
        "at",
        "tolls",
    )
    return NumberWords(
        lang,
        _parts(own, prefixes),
        nouns,
        _duals(own, nouns),
        _by_word(own["currencies"]),
        cues,
        _phrases(own["about"]),
        _phrases(own.get("about_many", "")),
        _phrases(own["about_behind"]),
        {name: frozenset(map(fold_word, str(own.get(name, "")).split())) for name in names},
        own.get("far", ""),
    )


def _by_word(lists: dict[str, str]) -> dict[str, str]:
    return {fold_word(word): str(name) for name, block in lists.items() for word in str(block).split()}


def _prefixed(words: dict[str, Any], prefixes: list[str]) -> dict[str, Any]:
    """Adds the words with the particles that Arabic and Hebrew write together with them."""
    return {prefix + word: value for prefix in prefixes for word, value in words.items() if len(word) > 2} | words


def _parts(own: dict[str, Any], prefixes: list[str]) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for name, role in (
        ("values", "value"), ("vague", "vague"), ("scales", "scale"), ("scale_plurals", "scale"),
        ("scale_duals", "value"), ("half_scales", "value"), ("factors", "factor"), ("teens", "teen"),
    ):  # fmt: skip
        for value, block in own.get(name, {}).items():
            for word in str(block).split():
                word = fold_word(word)
                if role == "vague" and word in own.get("scales", {}):
                    continue
                known = parts.get(word)
                parts[word] = Part("scale|vague" if known and known.role == "vague" else role, float(value))
    for name in ("few", "half", "pair", "article"):
        for word in str(own.get(name, "")).split():
            parts[fold_word(word)] = Part(name)
    joined = str(own.get("joined", ""))
    if joined:
        parts |= {
            joined + word: Part(part.role, part.value, is_joined=True)
            for word, part in parts.items()
            if joined + word not in parts and part.role != "few"
        }
    return {
        prefix + word: part
        for prefix in prefixes
        for word, part in parts.items()
        if len(word) > 2 and not part.is_joined and prefix + word not in parts
    } | parts


def _duals(own: dict[str, Any], nouns: dict[str, str]) -> dict[str, str]:
    """Arabic nouns of two: "two soldiers" is one word. In front of its owner it loses the final n."""
    found: dict[str, str] = {}
    for ending in str(own.get("dual_endings", "")).split():
        for noun, kind in nouns.items():
            if kind == "people" or len(noun) < 3:
                continue
            stem = noun[:-1] + "ت" if noun.endswith("ه") else noun
            found |= {stem + ending: kind, stem + ending[:-1]: kind}
    return {word: kind for word, kind in found.items() if word not in nouns}


def _phrases(block: str) -> tuple[tuple[str, ...], ...]:
    """Approximators, the longest first, as folded words; an apostrophe is a word of its own."""
    phrases = [
        tuple(fold_word(word) for word in phrase.replace("'", " ' ").split())
        for phrase in str(block).split(",")
        if phrase.strip()
    ]
    return tuple(sorted(phrases, key=lambda phrase: -len(phrase)))
