"""How far two coders agree who read the same sentences: the second coded blind, from GUIDELINES.md alone. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from timeline.corpus.files import FOLDER, parse_file
from timeline.corpus.records import GoldSentence, Span

SECOND = FOLDER / "second" / "coded"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Shares of sentences; `kappa` is Cohen's (1960), NONE being a type. Sides and modality: where the type agrees."""

    n_sentences: int
    type: float
    kappa: float
    is_event: float
    modality: float
    actor: float
    recipient: float


def load_second() -> tuple[GoldSentence, ...]:
    return tuple(sentence for path in sorted(SECOND.glob("*.txt")) for sentence in parse_file(path))


def agreement(first: Iterable[GoldSentence], second: Sequence[GoldSentence]) -> Agreement:
    """Of the main event of each sentence that both hold, found by its text."""
    known = {sentence.text: sentence for sentence in first}
    pairs = [(known[s.text], s) for s in second if s.text in known]
    types = [(_type(a), _type(b)) for a, b in pairs]
    same = [(a.events[0], b.events[0]) for a, b in pairs if a.events and b.events and _type(a) == _type(b)]
    n = max(1, len(types))
    return Agreement(
        len(pairs),
        sum(a == b for a, b in types) / n,
        kappa(types),
        sum((a == "NONE") == (b == "NONE") for a, b in types) / n,
        sum(a.modality == b.modality for a, b in same) / max(1, len(same)),
        sum(_meet(a.actors, b.actors) for a, b in same) / max(1, len(same)),
        sum(_meet(a.recipients, b.recipients) for a, b in same) / max(1, len(same)),
    )


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Agreement beyond chance of two who judged the same things (Cohen 1960)."""
    n = max(1, len(pairs))
    observed = sum(a == b for a, b in pairs) / n
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(one[name] * other[name] for name in one) / n**2
    return (observed - expected) / (1 - expected) if expected < 1 else 1.0


def _type(sentence: GoldSentence) -> str:
    return sentence.events[0].type if sentence.events else "NONE"


def _meet(one: Sequence[Span], other: Sequence[Span]) -> bool:
    """Whether both name nobody, or some words in common."""
    return (not one and not other) or any(a.begin < b.end and b.begin < a.end for a in one for b in other)
