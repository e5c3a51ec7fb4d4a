"""Verb lexicons of the languages that have no parser: `data/verbs_LANG.yaml`, read and checked. Pure.

A file has up to four parts. `words` are the closed classes and cues of the language, by the names in `WORDS`.
`irregular` gives the principal parts of verbs that follow no rule. `verbs` and `nouns` are lists of lines by event type
(or NONE: known to be no event), in the notation of verbs.yaml:

`head +x -x >p @p /mode %flag` — the head may have several words; `+x` needs noun x on the object's side, `-x` must not
have it, `>p` needs preposition p, `@p` the recipient stands behind p. Flags: `%reciprocal` both sides act together,
`%swap` subject and object change roles, `%object` what a noun's genitive names is its recipient ("the murder of"),
`%topic` the object is no side, `%be` its "to be" is no passive (French), `%patient` with one noun alone it is a passive
(Arabic), `%carried` a noun that counts only behind a verb of doing or announcing ("launched an attack").
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles.registry.files import MalformedFile, read_yaml

LANGUAGES = ("fr", "ar", "fa", "ru", "he")
PARTS = ("words", "irregular", "verbs", "nouns", "contexts")
FLAGS = frozenset({"reciprocal", "swap", "object", "topic", "be", "patient", "carried"})
WORDS = frozenset(
    {
        "prepositions", "links", "determiners", "conjunctions", "subordinators", "relatives", "conditional",
        "negations", "adverbs", "acting", "agents", "recipient", "pronouns", "not_when", "undone", "according",
        "unnamed", "auxiliaries", "passive_auxiliaries", "reporting", "carrying", "announcing", "planned", "possible",
        "denying", "done", "future", "object_marks", "former", "between",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """When a verb or noun means an event type; `type` is "" for a use that is no event. `line` is how the file has it.

    `head`: its words, the first of which is inflected; each with its principal parts between slashes.
    """

    head: tuple[str, ...]
    type: str
    is_noun: bool
    mode: str = ""
    objects: frozenset[str] = frozenset()
    not_objects: frozenset[str] = frozenset()
    preps: frozenset[str] = frozenset()
    recipient_preps: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    line: str = ""

    @property
    def weight(self) -> int:
        """More conditions make an entry more special."""
        return 2 * bool(self.objects) + 2 * (len(self.head) - 1) + bool(self.preps) + bool(self.not_objects)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`words`: list → its words, several-worded ones with spaces. `irregular`: verb → its principal parts."""

    lang: str
    words: Mapping[str, tuple[str, ...]]
    irregular: Mapping[str, tuple[str, ...]]
    entries: tuple[Entry, ...]
    contexts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def lexicon_paths(folder: Path) -> dict[str, Path]:
    """Language → file, of those that are there."""
    paths = {lang: folder / f"verbs_{lang}.yaml" for lang in LANGUAGES}
    return {lang: path for lang, path in paths.items() if path.exists()}


def load_lexicons(folder: Path, modes: Mapping[str, frozenset[str]]) -> dict[str, Lexicon]:
    """The lexicons of a folder. `modes`: event type → its modes. Raises MalformedFile with file and line."""
    return {lang: _lexicon(lang, path, modes) for lang, path in lexicon_paths(folder).items()}


def _lexicon(lang: str, path: Path, modes: Mapping[str, frozenset[str]]) -> Lexicon:
    content = read_yaml(path)
    if not isinstance(content, dict) or content.keys() - set(PARTS):
        raise MalformedFile(path, 1, f"must be a mapping of {', '.join(PARTS)}")
    lines = path.read_text(encoding="utf-8").split("\n")
    words = {name: _words(path, lines, name, listed) for name, listed in (content.get("words") or {}).items()}
    if words.keys() != WORDS:
        missing, unknown = sorted(WORDS - words.keys()), sorted(words.keys() - WORDS)
        raise MalformedFile(path, _line_of(lines, "words:"), f"words: lacks {missing}, does not know {unknown}")
    irregular = {str(verb): tuple(str(parts).split()) for verb, parts in (content.get("irregular") or {}).items()}
    entries: list[Entry] = []
    seen: dict[tuple[bool, str], int] = {}
    for part in ("verbs", "nouns"):
        for entry, number in _entries(path, lines, content.get(part) or {}, part == "nouns", modes):
            if first := seen.get((entry.is_noun, entry.line)):
                raise MalformedFile(path, number, f"{entry.line!r} stands already on line {first}")
            seen[entry.is_noun, entry.line] = number
            entries.append(entry)
    contexts = {name: _words(path, lines, name, listed) for name, listed in (content.get("contexts") or {}).items()}
    return Lexicon(lang, words, irregular, tuple(entries), contexts)


def _entries(
    path: Path, lines: list[str], content: Any, is_noun: bool, modes: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Entry, int]]:
    if not isinstance(content, dict):
        raise MalformedFile(path, 1, "verbs and nouns must be mappings of event types")
    at = _line_of(lines, "nouns:" if is_noun else "verbs:") - 1
    for type_, listed in content.items():
        start = _line_of(lines, f"{type_}:", at)
        if type_ != "NONE" and type_ not in modes:
            raise MalformedFile(path, start, f"unknown event type {type_!r}")
        if not isinstance(listed, list):
            raise MalformedFile(path, start, f"{type_} must be a list of lines")
        at = start
        for text in listed:
            number = at = _line_of(lines, str(text), at)
            entry = _entry(path, number, str(text), "" if type_ == "NONE" else type_, is_noun)
            if entry.mode and entry.mode not in modes.get(type_, frozenset()):
                raise MalformedFile(path, number, f"{type_} has no mode {entry.mode!r}")
            yield entry, number


def _entry(path: Path, number: int, line: str, type_: str, is_noun: bool) -> Entry:
    words = line.split()
    n_head = next((at for at, word in enumerate(words) if word[0] in "+->@/%"), len(words))
    if not n_head:
        raise MalformedFile(path, number, f"{line!r} has no word before its conditions")
    sets: dict[str, set[str]] = {"+": set(), "-": set(), ">": set(), "@": set(), "/": set(), "%": set()}
    for condition in words[n_head:]:
        if condition[0] not in sets or len(condition) == 1:
            raise MalformedFile(path, number, f"{condition!r} is no condition")
        sets[condition[0]].add(condition[1:])
    if unknown := sets["%"] - FLAGS:
        raise MalformedFile(path, number, f"unknown flag {', '.join(sorted(unknown))}")
    if len(sets["/"]) > 1:
        raise MalformedFile(path, number, "an entry has one mode at most")
    objects, not_objects, preps, recipients = (frozenset(sets[mark]) for mark in "+->@")
    return Entry(
        head=tuple(words[:n_head]),
        type=type_,
        is_noun=is_noun,
        mode=next(iter(sets["/"]), ""),
        objects=objects,
        not_objects=not_objects,
        preps=preps,
        recipient_preps=recipients,
        flags=frozenset(sets["%"]),
        line=line,
    )


def _words(path: Path, lines: list[str], name: str, listed: Any) -> tuple[str, ...]:
    """A block of words between spaces, or a list whose items may hold spaces."""
    if listed is None or listed == "":
        return ()
    if isinstance(listed, str):
        return tuple(listed.split())
    if isinstance(listed, list) and all(isinstance(item, str) for item in listed):
        return tuple(listed)
    raise MalformedFile(path, _line_of(lines, f"{name}:"), f"{name} must be words between spaces, or a list")


def _line_of(lines: list[str], text: str, after: int = 0) -> int:
    """The first line behind `after` (a line number, or 0) that holds the text; 1 when none does."""
    return next((n for n, line in enumerate(lines[after:], after + 1) if text in line), 1)
