"""From our readings to ACLED's sub-event types: a crosswalk with points, read from `data/acled.yaml`. Pure.

Points come from the probabilities of PLOVER types and modes and from cue words; the sub-event with the most is taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from timeline.tagging.wordlists import FOLDER, load_wordlist

_LINE = re.compile(r"(-?\d+(?:\.\d+)?) (.+)")


@dataclass(frozen=True, slots=True)
class Cue:
    """Points when every part of `has` and none of `lacks` stands in the text."""

    points: float
    has: tuple[re.Pattern[str], ...]
    lacks: tuple[re.Pattern[str], ...]

    def speaks(self, text: str) -> bool:
        return all(part.search(text) for part in self.has) and not any(part.search(text) for part in self.lacks)


@dataclass(frozen=True, slots=True)
class SubEvent:
    """`event` is ACLED's event type; "" for what ACLED does not have. `types`: points of TYPE or TYPE/mode."""

    name: str
    event: str
    means: str
    types: Mapping[str, float]
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Crossed:
    """The sub-event and its event type; `points` of every sub-event, the most first."""

    name: str
    event: str
    points: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    sub_events: tuple[SubEvent, ...]
    least: float
    otherwise: str

    def cross(self, text: str, types: Mapping[str, float], *, is_acled: bool = False) -> Crossed:
        """What a text with these probabilities of types and modes ("ASSAULT", "ASSAULT/drone") is in ACLED's terms.

        `is_acled`: only ACLED's own sub-events are answers.
        """
        lowered = " ".join(text.lower().replace("’", "'").split())
        scored = [(one.name, _points(one, lowered, types)) for one in self.sub_events if one.event or not is_acled]
        scored.sort(key=lambda pair: -pair[1])
        name = scored[0][0] if scored[0][1] >= self.least else self.otherwise
        event = next(one.event for one in self.sub_events if one.name == name)
        return Crossed(name, event, tuple(scored))


@cache
def load_crosswalk(name: str = "acled", folder: Path = FOLDER) -> Crosswalk:
    """Raises ValueError naming what is wrong: a line without points, a list that is not there, a name twice."""
    content = load_wordlist(name, folder)
    words = {f"${word}": block.strip() for word, block in content["words"].items()}
    sub_events = tuple(
        SubEvent(
            row["name"],
            row["event"],
            row["means"],
            {type_: float(points) for type_, points in row["types"].items()},
            tuple(_cue(line, words) for line in row["cues"]),
        )
        for row in content["sub_events"]
    )
    names = [one.name for one in sub_events]
    if len(set(names)) < len(names) or content["otherwise"] not in names:
        raise ValueError(f"{name}.yaml: a sub-event twice, or no {content['otherwise']}")
    return Crosswalk(sub_events, float(content["least"]), content["otherwise"])


def _points(one: SubEvent, text: str, types: Mapping[str, float]) -> float:
    read = sum(points * types.get(type_, 0.0) for type_, points in one.types.items())
    return read + sum(cue.points for cue in one.cues if cue.speaks(text))


def _cue(line: str, words: Mapping[str, str]) -> Cue:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"a cue begins with its points: {line}")
    parts = [part.strip() for part in match.group(2).split("&")]
    return Cue(
        float(match.group(1)),
        tuple(_pattern(part, words) for part in parts if not part.startswith("!")),
        tuple(_pattern(part[1:], words) for part in parts if part.startswith("!")),
    )


def _pattern(part: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """The alternatives as whole words; hyphens and spaces are one."""
    spelt: list[str] = []
    for one in map(str.strip, part.split("|")):
        if one in words:
            spelt += map(str.strip, words[one].split("|"))
        elif one.startswith("$"):
            name, _, rest = one.partition(" ")
            if name not in words or not rest:
                raise ValueError(f"no list of words is called {one}")
            spelt += [f"{word.strip()} {rest}" for word in words[name].split("|")]
        else:
            spelt.append(one)
    joined = "|".join(
        re.escape(one).replace(r"\*", r"\w*").replace(r"\ ", "[ -]").replace(r"\-", "[ -]") for one in spelt
    )
    return re.compile(rf"\b(?:{joined})\b")
