"""Are two articles the same report? Word shingles, MinHash and bands. Pure and deterministic."""

import re
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

N_HASHES, N_BANDS = 64, 16
SAME = 0.5
_WORDS = re.compile(r"\w+")
_RANDOM = np.random.default_rng(20250613)
_FACTORS = _RANDOM.integers(1, 2**61, N_HASHES, dtype=np.uint64) | np.uint64(1)
_SHIFTS = _RANDOM.integers(0, 2**61, N_HASHES, dtype=np.uint64)


def fingerprint(text: str) -> list[int]:
    """16 signed 64-bit band hashes; articles that share one are worth comparing. Empty for a text without words."""
    shingles = _shingles(text)
    if not shingles:
        return []
    rows = _minhash(shingles).reshape(N_BANDS, -1)
    return [int(_hash(f"{band} {row.tobytes().hex()}").astype(np.int64)) for band, row in enumerate(rows)]


def is_same_report(one: str, other: str) -> bool:
    """Whether at least half of the shorter text's shingles stand in the other, and lengths are not worlds apart."""
    left, right = _shingles(one), _shingles(other)
    shorter = min(len(left), len(right))
    return shorter > 0 and len(left & right) / shorter >= SAME


def _shingles(text: str) -> set[str]:
    words = _WORDS.findall(text.lower())
    size = 3 if len(words) >= 12 else 2 if len(words) > 2 else 1
    return {" ".join(words[i : i + size]) for i in range(len(words) - size + 1)}


def _minhash(shingles: set[str]) -> NDArray[np.uint64]:
    hashes = np.array([int(_hash(shingle)) for shingle in shingles], dtype=np.uint64)
    least: NDArray[np.uint64] = ((hashes[:, None] * _FACTORS[None, :] + _SHIFTS[None, :]) >> np.uint64(7)).min(axis=0)
    return least


def _hash(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big"))
