"""Readers of the field's labelled sets, and what each asks. The sets themselves are not part of the project. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Place = tuple[int, int]
# The fifteen roots of the PLV benchmark: CONCEDE and RETREAT are one there.
YIELD = frozenset({"CONCEDE", "RETREAT"})
QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT"), 1),
    **dict.fromkeys(("AID", "COOPERATE", "YIELD"), 2),
    **dict.fromkeys(("ACCUSE", "REQUEST", "REJECT", "THREATEN"), 3),
    **dict.fromkeys(("ASSAULT", "COERCE", "MOBILIZE", "PROTEST", "SANCTION"), 4),
}
# CAMEO root → PLOVER root, as the PLOVER manual's crosswalk has it (02 and 10: REQUEST; 09 and 11: ACCUSE).
CAMEO_ROOTS = {
    "02": "REQUEST",
    "03": "AGREE",
    "04": "CONSULT",
    "05": "SUPPORT",
    "06": "COOPERATE",
    "07": "AID",
    "08": "YIELD",
    "09": "ACCUSE",
    "10": "REQUEST",
    "11": "ACCUSE",
    "12": "REJECT",
    "13": "THREATEN",
    "14": "PROTEST",
    "15": "MOBILIZE",
    "16": "SANCTION",
    "17": "COERCE",
    "18": "ASSAULT",
    "19": "ASSAULT",
    "20": "ASSAULT",
}
# Categories of the 2016 draft of PLOVER that later ones took in.
DRAFT_ROOTS = {
    "DEMAND": "REQUEST",
    "DISAPPROVE": "ACCUSE",
    "INVESTIGATE": "ACCUSE",
    "FIGHT": "ASSAULT",
    "CONCEDE": "YIELD",
    "RETREAT": "YIELD",
}
# Three codes that the GSR writes otherwise than ISO 3166, and its own other lines.
ISO_CODES = {"ITL": "ITA", "JAP": "JPN", "VTN": "VNM"}
_MARK = re.compile(r"</?[st]>")


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file. Raises ValueError with the line of the first that is none."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    raise ValueError(f"line {number}: {error}") from error


@dataclass(frozen=True, slots=True)
class GoldPair:
    id: str
    text: str
    actor: Place | None
    recipient: Place | None
    root: str
    quad: int


def load_pairs(path: Path) -> list[GoldPair]:
    """plv: `<s>actor</s>` and `<t>recipient</t>` marked in a sentence, the first of each."""
    return [_pair(row) for row in read_rows(path)]


def _pair(row: dict[str, Any]) -> GoldPair:
    text, at = "", 0
    places: dict[str, list[int]] = {"s": [], "t": []}
    for match in _MARK.finditer(row["marked"]):
        text += row["marked"][at : match.start()]
        at = match.end()
        places[match.group()[-2]].append(len(text))
    text += row["marked"][at:]
    actor, recipient = ((p[0], p[1]) if len(p) > 1 else None for p in (places["s"], places["t"]))
    return GoldPair(row["id"], text, actor, recipient, row["root"], int(row["quad"]))


@dataclass(frozen=True, slots=True)
class GoldTriples:
    """`triples`: (actor's country or "", recipient's country or "", root), any of which is right."""

    id: str
    text: str
    root: str
    actors: frozenset[str]
    recipients: frozenset[str]


def load_triples(path: Path) -> list[GoldTriples]:
    """gsr: a sentence with one coded event; codes begin with a country."""
    return [
        GoldTriples(
            row["id"],
            row["text"],
            DRAFT_ROOTS.get(row["event"], row["event"]),
            _countries(row.get("source")),
            _countries(row.get("target")),
        )
        for row in read_rows(path)
        if row.get("text")
    ]


def _countries(parties: Any) -> frozenset[str]:
    if not isinstance(parties, list):
        return frozenset()
    codes = (str(p["code"])[:3] for p in parties if isinstance(p, dict) and p.get("code"))
    return frozenset(ISO_CODES.get(code, code) for code in codes)


@dataclass(frozen=True, slots=True)
class GoldCodes:
    """`events`: (actor's code, recipient's code, root), any of which is right; empty: there must be none."""

    id: str
    text: str
    events: tuple[tuple[str, str, str], ...]


def load_codes(path: Path) -> list[GoldCodes]:
    """petrarch: records of the unit suites that are marked active; the first three letters of a code count."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [
        GoldCodes(
            str(row["id"]),
            row["text"],
            tuple(
                (str(e["source"] or "---")[:3], str(e["target"] or "---")[:3], CAMEO_ROOTS.get(str(e["code"])[:2], ""))
                for e in row["events"]
            ),
        )
        for file in files
        for row in read_rows(file)
        if row.get("active") and (row["events"] or row.get("noevents"))
    ]


@dataclass(frozen=True, slots=True)
class GoldTokens:
    id: str
    text: str
    actors: frozenset[Place]
    recipients: frozenset[Place]


def load_tokens(path: Path) -> list[GoldTokens]:
    """coped spans: tokens with B-/I- S (actor) and T (recipient); the text is the tokens with a blank between."""
    found = []
    for row in read_rows(path):
        starts, at = [], 0
        for token in row["tokens"]:
            starts.append(at)
            at += len(token) + 1
        ends = [start + len(token) for start, token in zip(starts, row["tokens"], strict=True)]
        spans = {"S": set[Place](), "T": set[Place]()}
        for number, tag in enumerate(row["tags"]):
            if tag[:2] == "B-" and tag[2:] in spans:
                last = number
                while last + 1 < len(ends) and row["tags"][last + 1] == f"I-{tag[2:]}":
                    last += 1
                spans[tag[2:]].add((starts[number], ends[last]))
        found.append(GoldTokens(row["id"], " ".join(row["tokens"]), frozenset(spans["S"]), frozenset(spans["T"])))
    return found


@dataclass(frozen=True, slots=True)
class GoldLabel:
    id: str
    text: str
    label: str


def load_labels(path: Path, field: str) -> list[GoldLabel]:
    """coped quads (`quad`, 0 to 4) and case21 (`label`): a text with one label."""
    return [GoldLabel(str(row["id"]), row["text"], str(row[field])) for row in read_rows(path)]
