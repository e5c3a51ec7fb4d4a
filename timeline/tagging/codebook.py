"""The codebook: event types, verbs, nouns, cues and contexts, read from the files that people edit. Pure.

An entry of verbs.yaml, nouns.yaml or adjectives.yaml is a line of words: the lemma (with `~` before a particle),
then conditions:
`+x` needs x as object (with `>p`, also behind p), `-x` must not have it, `>p` needs preposition p,
`@p` the recipient stands behind p,
`/m` is the mode, `%reciprocal` both sides act together, `%swap` subject and object change roles,
`%other` needs somebody else to do it ("wants Iran to stop"), `%topic` its object is what it is about, no side.
An object `*` is any: `-*` must have none.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from articles.registry.files import MalformedFile, read_yaml
from timeline.tagging.lexicons import Lexicon, lexicon_paths, load_lexicons

FOLDER = Path(__file__).parent / "data"
REVISION = "1"  # changes when the coder's own code changes what it codes
CUES = {
    "hoping",
    "private",
    "reporting",
    "intending",
    "wishing",
    "never",
    "silent",
    "accusing",
    "plans",
    "unreal",
    "acting",
    "envoys",
    "addressing",
    "strangers",
}
FLAGS = {"reciprocal", "swap", "none", "other", "topic"}


@dataclass(frozen=True, slots=True)
class Kind:
    """An event type: quad class 1–4, base intensity −10 … +10, and the intensity of each mode worth coding."""

    name: str
    quad: int
    intensity: float
    phrase: str
    modes: Mapping[str, float]

    def intensity_of(self, mode: str) -> float:
        return self.modes.get(mode, self.intensity)


@dataclass(frozen=True, slots=True)
class Frame:
    """When a word means an event type. `type` is "" for a use that is known to be no event."""

    lemma: str
    type: str
    mode: str = ""
    particle: str = ""
    objects: frozenset[str] = frozenset()
    not_objects: frozenset[str] = frozenset()
    preps: frozenset[str] = frozenset()
    recipient_preps: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    line: str = ""

    @property
    def weight(self) -> int:
        """More conditions make a frame more special."""
        return 2 * bool(self.objects) + 2 * bool(self.particle) + bool(self.preps) + bool(self.not_objects)


@dataclass(frozen=True, slots=True)
class Codebook:
    version: str
    kinds: Mapping[str, Kind]
    verbs: Mapping[str, tuple[Frame, ...]]
    nouns: Mapping[str, tuple[Frame, ...]]
    adjectives: Mapping[str, tuple[Frame, ...]]
    contexts: Mapping[str, tuple[str, ...]]
    cues: Mapping[str, frozenset[str]]
    lexicons: Mapping[str, Lexicon] = field(default_factory=dict)


def load_codebook(folder: Path = FOLDER) -> Codebook:
    """The codebook of a folder; the same object until a file changes. Raises MalformedFile with file and line."""
    names: tuple[str, ...] = (
        "kinds.yaml",
        "verbs.yaml",
        "nouns.yaml",
        "adjectives.yaml",
        "contexts.yaml",
        "modality.yaml",
    )
    names += tuple(path.name for path in lexicon_paths(folder).values())
    return _load(folder, tuple((name, (folder / name).stat().st_mtime_ns) for name in names))


@cache
def _load(folder: Path, stamps: tuple[tuple[str, int], ...]) -> Codebook:
    digest = hashlib.sha256(REVISION.encode())
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in {"actors.yaml", "situations.yaml", "states.yaml"}:  # the registry's hash covers them
            digest.update(path.read_bytes())
    artefact = folder / "coder.npz"
    if artefact.exists():
        digest.update(artefact.read_bytes())  # what was trained is part of what is followed
    kinds = _kinds(folder / "kinds.yaml")
    return Codebook(
        version=digest.hexdigest(),
        kinds=kinds,
        verbs=_frames(folder / "verbs.yaml", kinds),
        nouns=_frames(folder / "nouns.yaml", kinds),
        adjectives=_frames(folder / "adjectives.yaml", kinds),
        contexts=_words(folder / "contexts.yaml"),
        cues=_cues(folder / "modality.yaml"),
        lexicons=load_lexicons(folder, {name: frozenset(kind.modes) for name, kind in kinds.items()}),
    )


def _kinds(path: Path) -> dict[str, Kind]:
    kinds = {}
    for name, row in _mapping(path).items():
        quad, intensity, modes = row.get("quad"), row.get("intensity"), row.get("modes") or {}
        if quad not in (1, 2, 3, 4):
            raise MalformedFile(path, row.line, f"{name}: quad must be 1 to 4, not {quad!r}")
        for value in (intensity, *modes.values()):
            if not isinstance(value, float | int) or not -10 <= value <= 10:
                raise MalformedFile(path, row.line, f"{name}: intensity {value!r} is not between -10 and 10")
        kinds[name] = Kind(name, quad, float(intensity), row["phrase"], {m: float(v) for m, v in modes.items()})
    return kinds


def _frames(path: Path, kinds: Mapping[str, Kind]) -> dict[str, tuple[Frame, ...]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    frames: dict[str, list[Frame]] = {}
    for type_, entries in _mapping(path).items():
        for entry in entries or ():
            number = next((n for n, line in enumerate(lines, 1) if str(entry) in line), 1)
            if type_ != "NONE" and type_ not in kinds:
                raise MalformedFile(path, number, f"unknown event type {type_!r}")
            frame = _frame(path, number, str(entry), "" if type_ == "NONE" else type_)
            if frame.mode and frame.mode not in kinds[type_].modes:
                raise MalformedFile(path, number, f"{type_} has no mode {frame.mode!r}")
            for other in frames.setdefault(frame.lemma, []):
                if other.line == frame.line:
                    raise MalformedFile(path, number, f"{frame.line!r} is given twice ({other.type or 'NONE'})")
            frames[frame.lemma].append(frame)
    return {lemma: tuple(sorted(found, key=lambda f: (-f.weight, f.line))) for lemma, found in frames.items()}


def _frame(path: Path, number: int, line: str, type_: str) -> Frame:
    head, *conditions = line.split()
    lemma, _, particle = head.partition("~")
    sets: dict[str, set[str]] = {"+": set(), "-": set(), ">": set(), "@": set()}
    mode = ""
    flags = set()
    for condition in conditions:
        mark, word = condition[0], condition[1:]
        if mark == "/":
            mode = word
        elif mark == "%" and word in FLAGS:
            flags.add(word)
        elif mark in sets and word:
            sets[mark].add(word)
        else:
            raise MalformedFile(path, number, f"{condition!r} is no condition")
    objects, not_objects, preps, recipients = (frozenset(sets[mark]) for mark in "+->@")
    return Frame(lemma, type_, mode, particle, objects, not_objects, preps, recipients, frozenset(flags), line)


def _words(path: Path) -> dict[str, tuple[str, ...]]:
    return {name: tuple(str(word).lower() for word in words) for name, words in _mapping(path).items()}


def _cues(path: Path) -> dict[str, frozenset[str]]:
    """Lists of words by name. Refuses one that is missing, so that no rule goes quiet."""
    found = {name: frozenset(str(words).split()) for name, words in _mapping(path).items()}
    if found.keys() != CUES:
        raise MalformedFile(path, 1, f"must have exactly the lists {', '.join(sorted(CUES))}")
    return found


def _mapping(path: Path) -> dict[str, Any]:
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise MalformedFile(path, 1, "must be a mapping")
    return content
