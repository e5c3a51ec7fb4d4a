"""Finds names of a registry in a text: whole words by the rules of each script, upper case where a name needs it. Pure.

Knows nothing of what a name means: it returns every place where one stands, and `longest` chooses among them.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick_rs

from timeline.tagging.records import Document
from timeline.tagging.surface import find_masked, fold, fold_document, is_within

_ARABIC_ARTICLE = "ال"
_ARABIC_PREFIXES = frozenset(
    a + b for a in ("", "و", "ف", "ا", "أ") for b in ("", "ب", "ل", "ك", "ال", "بال", "كال", "لل", "س")
)
_ARABIC_ARTICLES = frozenset(prefix for prefix in _ARABIC_PREFIXES if prefix.endswith(("ال", "لل")))
_ARABIC_DEMONYM_ENDINGS = frozenset(("", "ه", "ين", "ون", "ان", "ات", "ا", "تين", "تان", "و", "ي"))
_PERSIAN_DEMONYM_ENDINGS = frozenset(("", "ها", "هاي", "ان"))
_HEBREW_LETTERS = frozenset("והבלמשכ")
_HEBREW_DEMONYM_ENDINGS = frozenset(("", "ת", "ם", "ים", "ות"))
_ACRONYM_LETTERS, _TITLED_ACRONYM_LETTERS = 6, 4
_WORDS_IN_CAPITALS = frozenset(("us", "is", "who", "it", "un", "sco", "eu", "mek"))


@dataclass(frozen=True, slots=True)
class Name:
    """`lang` "" is any. `ref` is the caller's: what the name belongs to.

    `kind` "demonym" lets Semitic and Persian endings follow.
    """

    text: str
    lang: str
    ref: int
    kind: str = "name"


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a name stands in the original text."""

    begin: int
    end: int
    ref: int


@dataclass(frozen=True, slots=True)
class _Entry:
    ref: int
    lang: str
    script: str
    is_acronym: bool
    has_capital: bool
    needs_article: bool
    is_demonym: bool


class NameMatcher:
    def __init__(self, names: Iterable[Name]) -> None:
        entries: dict[str, list[_Entry]] = {}
        for name in names:
            for pattern, entry in _entries(name):
                if pattern and entry not in entries.setdefault(pattern, []):
                    entries[pattern].append(entry)
        patterns = sorted(entries)
        self._entries = [tuple(entries[pattern]) for pattern in patterns]
        self._matcher = ahocorasick_rs.AhoCorasick(patterns) if patterns else None

    def find(self, document: Document) -> list[Hit]:
        """Every whole-word occurrence, overlapping ones too, by begin, the longest first."""
        surface = fold_document(document.text)
        masked = find_masked(document.text)
        hits: list[Hit] = []
        if self._matcher is None:
            return hits
        for index, first, last in self._matcher.find_matches_as_indexes(surface.text, overlapping=True):
            entries = self._entries[index]
            if not _may_stand(surface.text, first, last, entries[0].script):
                continue
            begin, end = surface.begin(first), surface.end(last)
            if is_within(masked, begin):
                continue
            for entry in entries:
                is_whole = _is_allowed(document, surface.text, first, last, entry)
                if is_whole and _is_cased(document.text, begin, end, entry):
                    whole = _whole_word(surface.text, first, last, entry)
                    hits.append(Hit(surface.begin(whole[0]), surface.end(whole[1]), entry.ref))
        hits.sort(key=lambda hit: (hit.begin, -hit.end))
        return hits


def longest(hits: Sequence[Hit]) -> list[list[Hit]]:
    """The leftmost, then longest stretches that do not overlap, each with all hits that cover exactly it."""
    chosen: list[list[Hit]] = []
    for hit in hits:
        if chosen and hit.begin == chosen[-1][0].begin and hit.end == chosen[-1][0].end:
            chosen[-1].append(hit)
        elif not chosen or hit.begin >= chosen[-1][0].end:
            chosen.append([hit])
    return chosen


@lru_cache(maxsize=1 << 14)
def script_of(character: str) -> str:
    """latin, cyrillic, arabic, hebrew, or "" for what is no letter or digit."""
    if not character.isalnum():
        return ""
    name = unicodedata.name(character, "")
    for script in ("ARABIC", "HEBREW", "CYRILLIC"):
        if name.startswith(script):
            return script.lower()
    return "latin"


def _entries(name: Name) -> list[tuple[str, _Entry]]:
    pattern = fold(name.text.strip())
    pattern = pattern.removeprefix("the ")
    script = next((script_of(character) for character in pattern if script_of(character)), "latin")
    letters = [character for character in name.text if character.isalpha()]
    is_acronym = len(letters) <= _ACRONYM_LETTERS and len(letters) > 1 and all(c.isupper() for c in letters)
    needs_article = False
    if script == "arabic" and name.lang == "ar" and pattern.startswith(_ARABIC_ARTICLE) and len(pattern) > 4:
        pattern, needs_article = pattern[2:], True
    entry = _Entry(
        ref=name.ref,
        lang=name.lang,
        script=script,
        is_acronym=is_acronym,
        has_capital=any(c.isupper() for c in letters),
        needs_article=needs_article,
        is_demonym=name.kind == "demonym",
    )
    variants = {pattern, pattern.replace("-", " ")}
    return [(variant, entry) for variant in sorted(variants)]


def _may_stand(text: str, first: int, last: int, script: str) -> bool:
    """A quick no for what is part of a longer word; scripts that write particles together are looked at later."""
    if script in ("arabic", "hebrew"):
        return True
    is_glued = first > 0 and text[first - 1].isalnum() and text[first].isalnum()
    return not is_glued and not (last < len(text) and text[last].isalnum())


def _is_allowed(document: Document, text: str, first: int, last: int, entry: _Entry) -> bool:
    if entry.script == "arabic":
        return _is_whole_arabic(document.lang, text, first, last, entry)
    if entry.script == "hebrew":
        return _is_whole_hebrew(text, first, last, entry)
    if entry.lang in ("en", "fr") and entry.lang != document.lang and document.lang in ("en", "fr"):
        return not (entry.is_demonym or entry.is_acronym or not entry.has_capital)
    return True


def _is_whole_arabic(lang: str, text: str, first: int, last: int, entry: _Entry) -> bool:
    if lang in ("ar", "fa") and entry.lang not in ("", lang):
        return False
    before, after = _letters_before(text, first), _letters_after(text, last)
    if lang == "fa":
        return before in ("", "و") and after in (_PERSIAN_DEMONYM_ENDINGS if entry.is_demonym else ("",))
    if after not in (_ARABIC_DEMONYM_ENDINGS if entry.is_demonym else ("",)):
        return False
    return before in (_ARABIC_ARTICLES if entry.needs_article else _ARABIC_PREFIXES)


def _is_whole_hebrew(text: str, first: int, last: int, entry: _Entry) -> bool:
    before, after = _letters_before(text, first), _letters_after(text, last)
    if after not in (_HEBREW_DEMONYM_ENDINGS if entry.is_demonym else ("",)):
        return False
    return not before or (len(before) <= 3 and last - first >= 3 and set(before) <= _HEBREW_LETTERS)


def _whole_word(text: str, first: int, last: int, entry: _Entry) -> tuple[int, int]:
    """The occurrence with the article and the ending that its script writes together with it."""
    if entry.script == "arabic" and text[max(0, first - 2) : first] == _ARABIC_ARTICLE:
        first -= 2
    if entry.is_demonym and entry.script in ("arabic", "hebrew"):
        last += len(_letters_after(text, last))
    return first, last


def _letters_before(text: str, at: int) -> str:
    """At most five letters: no particles are longer."""
    begin = at
    while begin and at - begin < 5 and text[begin - 1].isalpha():
        begin -= 1
    return text[begin:at]


def _letters_after(text: str, at: int) -> str:
    end = at
    while end < len(text) and end - at < 5 and text[end].isalpha():
        end += 1
    return text[at:end]


def _is_cased(text: str, begin: int, end: int, entry: _Entry) -> bool:
    """Acronyms stand in capitals; other names show at least one capital where the registry's spelling has one."""
    if not entry.has_capital or entry.script in ("arabic", "hebrew"):
        return True
    written = text[begin:end]
    if not entry.is_acronym:
        return any(character.isupper() for character in written)
    letters = [character for character in written if character.isalpha()]
    if entry.script == "cyrillic":
        return letters[0].isupper() and letters[1].isupper()
    if all(character.isupper() for character in letters):
        return "".join(letters).lower() not in _WORDS_IN_CAPITALS or "." in written or not _is_shouted(text, begin, end)
    return len(letters) >= _TITLED_ACRONYM_LETTERS and letters[0].isupper() and written[1:].islower()


def _is_shouted(text: str, begin: int, end: int) -> bool:
    """Whether the words around are all in capitals, so that capitals tell nothing."""
    around = f"{text[max(0, begin - 40) : begin]} {text[end : end + 40]}"
    words = [word for word in around.split() if len(word) > 1 and word.isalpha()]
    return len(words) >= 3 and all(word.isupper() for word in words)
