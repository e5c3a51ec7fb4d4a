"""What the encoder is asked, and in which words it answers. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from timeline.tagging.encoder.weights import WIDTH

NONE = "NONE"
MODALITIES = ("asserted", "planned", "conditional", "denied", "historical")
ROLE_TAGS = ("O", "B-A", "I-A", "B-R", "I-R")
HIDDEN = 256
ANSWERS = (
    "plain.hidden",
    "plain.type",
    "plain.roles",
    "plain.triggers",
    "word.hidden",
    "word.type",
    "word.mode",
    "word.modality",
    "word.roles",
    "pair.hidden",
    "pair.type",
)
_PARTS = {"plain": 2, "word": 3, "pair": 4}  # a sentence's mean, its first piece, and its marks


@dataclass(frozen=True, slots=True)
class Labels:
    """`types`: NONE and the event types; `modes`: NONE and TYPE/mode."""

    types: tuple[str, ...]
    modes: tuple[str, ...]

    def shape(self, answer: str) -> tuple[int, int]:
        """Inputs and outputs of an answer's matrix."""
        question, what = answer.split(".")
        if what == "hidden":
            return _PARTS[question] * WIDTH, HIDDEN
        outputs = {
            "type": len(self.types),
            "mode": len(self.modes),
            "modality": len(MODALITIES),
            "roles": len(ROLE_TAGS),
            "triggers": len(self.types),
        }[what]
        return (WIDTH if what in ("roles", "triggers") else HIDDEN), outputs


def labels_of(kinds: Mapping[str, Iterable[str]]) -> Labels:
    """The labels of a codebook: event type → its modes."""
    types = tuple(sorted(kinds))
    return Labels((NONE, *types), (NONE, *(f"{type_}/{mode}" for type_ in types for mode in sorted(kinds[type_]))))
