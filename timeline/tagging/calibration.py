"""Shares that a model gives its answers, turned into how often such answers are right. Pure.

Two numbers a code (Platt 1999: a slope and an offset on the log odds), learnt on the development part of the corpus,
which trained nothing else. They lie in the coder's artefact.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

LEAST, MOST = 0.01, 0.99


@dataclass(frozen=True, slots=True)
class Calibration:
    """`curves`: code ("type", "actor", "recipient" or "event": all of them) → slope, offset of the log odds."""

    curves: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def share(self, code: str, raw: float) -> float:
        """How often an answer is right to which the tagger gave `raw` (0–1); `raw` itself for a code without curve."""
        if code not in self.curves:
            return raw
        slope, offset = self.curves[code]
        return 1 / (1 + math.exp(-(slope * log_odds(raw) + offset)))


def log_odds(share: float) -> float:
    share = min(MOST, max(LEAST, share))
    return math.log(share / (1 - share))
