"""A sentence read by the trained coder: which words carry events, whose they are, and of which type. Pure.

The artefact `coder.npz` holds what `manage.py train` learnt from the corpus: adapters and answers as half-width floats,
the vocabulary, and its own description. The encoder's weights come out of an installed package.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from timeline.tagging.calibration import Calibration
from timeline.tagging.encoder.answers import ANSWERS, MODALITIES, NONE, ROLE_TAGS, Labels
from timeline.tagging.encoder.marking import Marked, Place, mark
from timeline.tagging.encoder.network import Floats, Network
from timeline.tagging.encoder.weights import load_arrays
from timeline.tagging.encoder.wordpiece import Pieces, WordPiece

ARTEFACT = Path(__file__).parent.parent / "data" / "coder.npz"
_ENDS = frozenset(" ,;:!?()[]{}<>\"'“”‘’«»/\u2013\u2014")  # no word goes on over these
_BEGINS = {tag[2]: number for number, tag in enumerate(ROLE_TAGS) if tag[0] == "B"}
_STARTS = np.array([-1e9 if tag[0] == "I" else 0.0 for tag in ROLE_TAGS], np.float32)
_FOLLOWS = np.array(  # [before, after]: a role goes on only where it has begun
    [[-1e9 if b[0] == "I" and a[1:] != b[1:] else 0.0 for b in ROLE_TAGS] for a in ROLE_TAGS], np.float32
)
AT_ONCE = 16  # sentences whose products are made together
LONGEST = 160  # pieces of a sentence; what stands behind them is not read


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """role: A (actor) or R (recipient), at begin..end of the plain text; `share` is the mean probability."""

    role: str
    begin: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class TriggerGuess:
    begin: int
    end: int
    type: str
    share: float


@dataclass(frozen=True, slots=True)
class PlainReading:
    """`types`: probability of each type (and NONE) for what the sentence is mainly about."""

    types: Mapping[str, float]
    triggers: tuple[TriggerGuess, ...]
    roles: tuple[RoleGuess, ...]


@dataclass(frozen=True, slots=True)
class WordReading:
    types: Mapping[str, float]
    modes: Mapping[str, float]
    modalities: Mapping[str, float]
    roles: tuple[RoleGuess, ...]


class SentenceReader(Protocol):
    """What answers the three questions about sentences."""

    def read_plain(self, texts: Sequence[str]) -> list[PlainReading]: ...

    def read_words(self, words: Sequence[tuple[str, Place]]) -> list[WordReading]: ...

    def read_pair(self, text: str, actor: Place, recipient: Place | None) -> Mapping[str, float]: ...


class Reader:
    def __init__(self, artefact: Mapping[str, NDArray[Any]]) -> None:
        described = json.loads(bytes(artefact["described"]).decode())
        self.labels = Labels(tuple(described["types"]), tuple(described["modes"]))
        self.calibration = Calibration({code: tuple(curve) for code, curve in described.get("calibration", {}).items()})
        self.pieces = WordPiece(bytes(artefact["vocabulary"]).decode().split("\n"))
        self._answers = {
            name: (artefact[f"{name}.weight"].astype(np.float32), artefact[f"{name}.bias"].astype(np.float32))
            for name in ANSWERS
        }
        self._network = Network(load_arrays(), artefact)

    def read_plain(self, texts: Sequence[str]) -> list[PlainReading]:
        """What each sentence says as it stands."""
        marked = [mark(text) for text in texts]
        return [
            PlainReading(
                self._types("plain", x, pieces),
                tuple(self._triggers(pieces, _shares(self._answer("plain.triggers", x)))),
                tuple(_roles(text, pieces, _shares(self._answer("plain.roles", x)))),
            )
            for text, (pieces, x) in zip(marked, self._read(marked), strict=True)
        ]

    def read_words(self, words: Sequence[tuple[str, Place]]) -> list[WordReading]:
        """What each word says: a sentence, and the word's begin and end in it."""
        marked = [mark(text, word=word) for text, word in words]
        read = []
        for text, (pieces, x) in zip(marked, self._read(marked), strict=True):
            summary = self._summary("word", x, pieces)
            read.append(
                WordReading(
                    self._named(self.labels.types, "word.type", summary),
                    self._named(self.labels.modes, "word.mode", summary),
                    self._named(MODALITIES, "word.modality", summary),
                    tuple(_roles(text, pieces, _shares(self._answer("word.roles", x)))),
                )
            )
        return read

    def read_pair(self, text: str, actor: Place, recipient: Place | None) -> Mapping[str, float]:
        """Probability of each type (and NONE) for what the actor does to the recipient."""
        ((pieces, x),) = self._read([mark(text, actor=actor, recipient=recipient)])
        return self._types("pair", x, pieces)

    def _read(self, marked: Sequence[Marked]) -> Iterator[tuple[Pieces, Floats]]:
        for first in range(0, len(marked), AT_ONCE):
            pieces = [self.pieces.split(one.text, LONGEST) for one in marked[first : first + AT_ONCE]]
            yield from zip(pieces, self._network.read([one.ids for one in pieces]), strict=True)

    def _types(self, question: str, x: Floats, pieces: Pieces) -> Mapping[str, float]:
        return self._named(self.labels.types, f"{question}.type", self._summary(question, x, pieces))

    def _named(self, names: Sequence[str], answer: str, summary: Floats) -> Mapping[str, float]:
        return dict(zip(names, map(float, _shares(self._answer(answer, summary))), strict=True))

    def _summary(self, question: str, x: Floats, pieces: Pieces) -> Floats:
        ids = np.array(pieces.ids)
        parts = [x.mean(axis=0), x[0]]
        for opening in {"plain": "", "word": "<", "pair": "[{"}[question]:
            at = ids == self.pieces.ids[opening]
            parts.append(x[at].mean(axis=0) if at.any() else np.zeros(x.shape[1], np.float32))
        return np.tanh(self._answer(f"{question}.hidden", np.concatenate(parts)))

    def _answer(self, name: str, x: Floats) -> Floats:
        weight, bias = self._answers[name]
        answered: Floats = x @ weight + bias
        return answered

    def _triggers(self, pieces: Pieces, shares: Floats) -> list[TriggerGuess]:
        """Runs of pieces of one type, with the share of the surest of them."""
        found: list[TriggerGuess] = []
        last = 0
        for (begin, end), row in zip(pieces.spans, shares, strict=True):
            best = int(row.argmax()) if begin >= 0 else 0
            if best and best == last:
                before = found.pop()
                found.append(
                    TriggerGuess(before.begin, end, self.labels.types[best], max(before.share, float(row[best])))
                )
            elif best:
                found.append(TriggerGuess(begin, end, self.labels.types[best], float(row[best])))
            last = best
        return found


@cache
def load_reader(path: Path = ARTEFACT) -> Reader:
    """About 60 MB; in a worker, call it before forking."""
    with np.load(path) as arrays:
        return Reader({name: arrays[name] for name in arrays.files})


def load_vocabulary(path: Path = ARTEFACT) -> list[str]:
    """The word pieces that an artefact carries: BERT's uncased vocabulary (Apache-2.0)."""
    with np.load(path) as arrays:
        return bytes(arrays["vocabulary"]).decode().split("\n")


def _roles(marked: Marked, pieces: Pieces, shares: Floats) -> list[RoleGuess]:
    """The likeliest labelling of whole words in which no role goes on that has not begun (Viterbi 1967)."""
    words = _whole_words(marked.text, pieces.spans)
    if not words:
        return []
    tags = np.array([_word_shares(shares[list(word)]) for word in words])
    spans: list[tuple[str, int, int, list[float]]] = []
    for word, best, row in zip(words, _likeliest_path(np.log(tags + 1e-9)), tags, strict=True):
        tag = ROLE_TAGS[best]
        begin, end = pieces.spans[word[0]][0], pieces.spans[word[-1]][1]
        if tag[0] == "B":
            spans.append((tag[2], begin, end, []))
        elif tag[0] == "I":
            spans[-1] = (tag[2], spans[-1][1], end, spans[-1][3])
        if tag != "O":
            spans[-1][3].append(float(row[_BEGINS[tag[2]]] + row[_BEGINS[tag[2]] + 1]))
    return [
        RoleGuess(role, marked.back(begin), marked.back(end - 1) + 1, sum(rows) / len(rows))
        for role, begin, end, rows in spans
    ]


def _whole_words(text: str, spans: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The numbers of the pieces of each word: what follows without a gap, but for marks that end a word."""
    words: list[list[int]] = []
    last = -1
    for number, (begin, end) in enumerate(spans):
        if begin < 0:
            continue
        goes_on = begin == last and text[begin - 1] not in _ENDS and text[begin] not in _ENDS
        if goes_on and (
            text[begin] != "." or text[end : end + 1].isalnum() or "." in text[spans[words[-1][0]][0] : begin]
        ):
            words[-1].append(number)
        else:
            words.append([number])
        last = end
    return words


def _word_shares(rows: Floats) -> Floats:
    """The shares of a word's tags: of each role the mean over its pieces, begun or going on as its first piece says."""
    mean: Floats = rows.mean(axis=0)
    found: Floats = mean.copy()
    for begins in _BEGINS.values():
        role = mean[begins] + mean[begins + 1]
        first = rows[0, begins] / max(1e-9, float(rows[0, begins] + rows[0, begins + 1]))
        found[begins], found[begins + 1] = role * first, role * (1 - first)
    return found


def _likeliest_path(scores: Floats) -> list[int]:
    best, came = scores[0] + _STARTS, []
    for row in scores[1:]:
        ways = best[:, None] + _FOLLOWS
        came.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    path = [int(best.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return path[::-1]


def _shares(x: Floats) -> Floats:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


__all__ = [
    "NONE",
    "PlainReading",
    "Reader",
    "RoleGuess",
    "SentenceReader",
    "TriggerGuess",
    "WordReading",
    "load_reader",
    "load_vocabulary",
]
