"""Learns how often the tagger's answers are right, on the development part of the corpus. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from timeline.tagging.calibration import Calibration, log_odds

Floats = NDArray[np.float64]
ROUNDS = 50
START = np.array([1.0, 0.0])
LEAST_STEP, LEAST_SLOPE = 1e-9, 0.05
PRIOR = 1.0  # pulls the slope towards 1 and the offset towards 0, so that a few answers cannot turn a curve over


def calibrate(answers: Mapping[str, Sequence[tuple[float, bool]]]) -> Calibration:
    """`answers`: code → the share that the tagger gave without any calibration, and whether it was right."""
    return Calibration({code: fit(rows) for code, rows in answers.items()})


def fit(rows: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and offset of the log odds that make the answers likeliest (Platt 1999; Newton's method, damped)."""
    x = np.array([[log_odds(raw), 1.0] for raw, _ in rows])
    wanted = np.array([right for _, right in rows], float)
    at = START
    for _ in range(ROUNDS):
        share = 1 / (1 + np.exp(-x @ at))
        slope = x.T @ (share - wanted) + PRIOR * (at - START)
        curve = (x.T * (share * (1 - share))) @ x + PRIOR * np.eye(2)
        step = np.linalg.solve(curve, slope)
        while _loss(x, wanted, at - step) > _loss(x, wanted, at) and np.abs(step).max() > LEAST_STEP:
            step = step / 2
        at = at - step
    return round(max(LEAST_SLOPE, float(at[0])), 4), round(float(at[1]), 4)


def _loss(x: Floats, wanted: Floats, at: Floats) -> float:
    said = x @ at
    return float((np.logaddexp(0, said) - wanted * said).sum() + PRIOR / 2 * ((at - START) ** 2).sum())
