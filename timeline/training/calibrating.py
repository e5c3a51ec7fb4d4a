"""Learns how often the tagger's answers are right, on the development part of the corpus. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np

from timeline.tagging.calibration import Calibration, log_odds

ROUNDS = 50
PRIOR = 1.0  # pulls the slope towards 1 and the offset towards 0, so that a few answers cannot turn a curve over


def calibrate(answers: Mapping[str, Sequence[tuple[float, bool]]]) -> Calibration:
    """`answers`: code → the share that the tagger gave without any calibration, and whether it was right."""
    return Calibration({code: fit(rows) for code, rows in answers.items()})


def fit(rows: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and offset of the log odds that make the answers likeliest (Platt 1999; Newton's method)."""
    x = np.array([[log_odds(raw), 1.0] for raw, _ in rows])
    wanted = np.array([right for _, right in rows], float)
    at = np.array([1.0, 0.0])
    start = at.copy()
    for _ in range(ROUNDS):
        share = 1 / (1 + np.exp(-x @ at))
        slope = x.T @ (share - wanted) + PRIOR * (at - start)
        curve = (x.T * (share * (1 - share))) @ x + PRIOR * np.eye(2)
        at = at - np.linalg.solve(curve, slope)
    return round(float(at[0]), 4), round(float(at[1]), 4)
