"""A folded copy of a text for matching names, with the way back to the original's offsets. Pure.

Folding makes spellings alike that readers take for the same: letter case, quotes, dashes, accents, Arabic and Persian
letter variants, tatweel, vowel signs, zero-width characters, Unicode composition. Russian words lose their case
endings, so that a name matches in every case. Nothing here decides what a name means.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

_QUOTES = dict.fromkeys("’‘‛ʼʻ`´′ʹ׳", "'") | dict.fromkeys("“”„‟«»″״＂", '"')
_DASHES = dict.fromkeys("‐‑‒–—―−⁃﹘﹣－־", "-")
_SPACES = dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
                        "\u3000\t\u200c", " ")  # fmt: skip
_ARABIC = {"ک": "ك", "ی": "ي", "ى": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا"}
_INVISIBLE = "\u00ad\u0640\u200b\u200d\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f"
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
_DROPPED = re.compile(f"[{_INVISIBLE}{_MARKS}]")
_DOUBLED = re.compile(" {2,}")
_CYRILLIC = re.compile("[\u0400-\u04ff]+")
_MASKED = re.compile(
    r"https?://[^\s<>\"']{1,2000}|www\.[^\s<>\"']{1,2000}|<[^<>]{1,800}>|[\w.+-]{1,64}@[\w.-]{1,200}|@\w{1,40}"
)
_ADJECTIVE_ENDINGS = (
    "ыми", "ими", "ого", "ому", "его", "ему", "ыи", "ии", "ои", "еи", "ая", "яя", "ое", "ее", "ые", "ие", "ую", "юю",
    "ых", "их", "ым", "им", "ом", "ем", "ою",
)  # fmt: skip
_NOUN_ENDINGS = (
    "иями", "ями", "ами", "иях", "иям", "ах", "ях", "ам", "ям", "ом", "ем", "ою", "ею", "ои", "еи", "ов", "ев",
    "а", "я", "о", "е", "у", "ю", "ы", "и", "ь",
)  # fmt: skip
_PLAIN_ADJECTIVES = frozenset(("ыми", "ого", "ому", "ыи", "ая", "ое", "ые", "ую", "ых", "ым", "ои"))


class _Folding(dict[int, str]):
    """One character for one character; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


@dataclass(frozen=True, slots=True)
class Surface:
    """`text` is the folded copy; `begin` and `end` lead from its offsets back to the original's."""

    text: str
    original: str
    begins: tuple[int, ...] | None
    ends: tuple[int, ...] | None

    def begin(self, at: int) -> int:
        return at if self.begins is None else self.begins[at]

    def end(self, at: int) -> int:
        """The original's offset behind the folded character before `at`."""
        return at if self.ends is None else self.ends[at - 1]


def fold(text: str) -> str:
    """The folded form of a name or word, as it stands in a Surface."""
    return fold_document(text).text


def fold_document(text: str) -> Surface:
    folded = text.translate(_FOLDING)
    has_dropped = _DROPPED.search(folded) is not None or "  " in folded
    has_cyrillic = _CYRILLIC.search(folded) is not None
    if not has_dropped and not has_cyrillic:
        return Surface(folded, text, None, None)
    kept = _kept_offsets(folded) if has_dropped else list(range(len(folded)))
    squeezed = "".join(map(folded.__getitem__, kept)) if has_dropped else folded
    ends = [*kept[1:], len(text)] if kept else []
    if not has_cyrillic:
        return Surface(squeezed, text, tuple(kept), tuple(ends))
    return _stemmed(squeezed, text, kept, ends)


@lru_cache(maxsize=1 << 16)
def stem_russian(word: str) -> str:
    """A folded Russian word without its case ending; short words (acronyms) stay whole."""
    for ending in _ADJECTIVE_ENDINGS:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            if len(stem) >= 4 and _is_adjective(stem, ending):
                return stem
    for ending in _NOUN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def find_masked(text: str) -> tuple[tuple[int, int], ...]:
    """Stretches that are no prose: addresses, handles, left-over markup."""
    if "://" not in text and "<" not in text and "@" not in text and "www." not in text:
        return ()
    return tuple(match.span() for match in _MASKED.finditer(text))


def is_within(spans: tuple[tuple[int, int], ...], at: int) -> bool:
    """Whether an offset lies in one of the sorted, disjoint spans."""
    if not spans:
        return False
    index = bisect_right(spans, (at, len(spans) and 1 << 60)) - 1
    return index >= 0 and at < spans[index][1]


def _is_adjective(stem: str, ending: str) -> bool:
    if stem.endswith(("ск", "цк")):
        return True
    return ending in _PLAIN_ADJECTIVES and stem.endswith(("н", "в", "т", "л"))


def _kept_offsets(folded: str) -> list[int]:
    dropped = {match.start() for match in _DROPPED.finditer(folded)}
    for match in _DOUBLED.finditer(folded):
        dropped.update(range(match.start() + 1, match.end()))
    return [at for at in range(len(folded)) if at not in dropped]


def _stemmed(squeezed: str, original: str, begins: list[int], ends: list[int]) -> Surface:
    """Cuts the case endings out; the last character of a stem then ends where its whole word ends."""
    parts: list[str] = []
    new_begins: list[int] = []
    new_ends: list[int] = []
    at = 0
    for match in _CYRILLIC.finditer(squeezed):
        stem = stem_russian(match.group())
        cut = match.start() + len(stem)
        parts.append(squeezed[at:cut])
        new_begins += begins[at:cut]
        new_ends += ends[at:cut]
        new_ends[-1] = ends[match.end() - 1]
        at = match.end()
    parts.append(squeezed[at:])
    new_begins += begins[at:]
    new_ends += ends[at:]
    return Surface("".join(parts), original, tuple(new_begins), tuple(new_ends))


def _fold_character(character: str) -> str:
    for table in (_QUOTES, _DASHES, _SPACES, _ARABIC):
        if character in table:
            return table[character]
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1:
        decomposed = unicodedata.normalize("NFD", plain)
        if len(decomposed) > 1 and all(unicodedata.combining(mark) for mark in decomposed[1:]):
            plain = decomposed[0]
    else:
        plain = character
    lowered = plain.lower()
    lowered = lowered if len(lowered) == 1 else plain
    return _ARABIC.get(lowered, lowered)


_FOLDING = _Folding()
