"""The encoder: six layers of a small transformer over one sentence, with our own adapters. Pure, numpy alone.

One sentence at a time and never padded: so a sentence reads the same alone and in a batch, to the last bit.
Architecture: Vaswani et al. 2017, BERT (Devlin et al. 2019), MiniLM (Wang et al. 2020); adapters of low rank: LoRA
(Hu et al. 2021), added to the matrices once when they are loaded.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from timeline.tagging.encoder.weights import HEADS, LAYERS, PARTS, WIDTH

Floats = NDArray[np.float32]
EPSILON = np.float32(1e-12)
_SPREAD = np.float32(np.sqrt(2 / np.pi))
SCALE = np.float32(1 / np.sqrt(WIDTH // HEADS))


class Network:
    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], adapters: Mapping[str, Floats]) -> None:
        """`adapters`: `0.query.down` (inputs × rank) and `0.query.up` (rank × outputs) … for every matrix."""
        self._arrays = arrays
        self._matrices = {}
        for layer in range(LAYERS):
            for part in PARTS:
                name = f"{layer}.{part}"
                change = adapters[f"{name}.down"].astype(np.float32) @ adapters[f"{name}.up"].astype(np.float32)
                self._matrices[name] = np.ascontiguousarray(np.asarray(arrays[name], np.float32) + change)

    def read(self, ids: Sequence[int]) -> Floats:
        """One row of WIDTH numbers for each piece."""
        wanted = list(ids)
        x = self._row("word_embeddings.weight", wanted) + self._row("position_embeddings.weight", range(len(wanted)))
        x = self._normed("LayerNorm", x + self._array("token_type_embeddings.weight")[0])
        for layer in range(LAYERS):
            x = self._layer(layer, x)
        return x

    def _layer(self, layer: int, x: Floats) -> Floats:
        query, key, value = (
            self._times(layer, part, x, f"attention.self.{part}").reshape(len(x), HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = (query @ key.transpose(0, 2, 1)) * SCALE
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        seen = np.ascontiguousarray((scores @ value).transpose(1, 0, 2)).reshape(len(x), WIDTH)
        x = self._normed(
            f"{layer}.attention.output.LayerNorm", x + self._times(layer, "output", seen, "attention.output.dense")
        )
        inner = _gelu(self._times(layer, "widen", x, "intermediate.dense"))
        return self._normed(f"{layer}.output.LayerNorm", x + self._times(layer, "narrow", inner, "output.dense"))

    def _times(self, layer: int, part: str, x: Floats, bias: str) -> Floats:
        product: Floats = x @ self._matrices[f"{layer}.{part}"] + self._array(f"{layer}.{bias}.bias")
        return product

    def _normed(self, name: str, x: Floats) -> Floats:
        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + EPSILON)
        normed: Floats = x * self._array(f"{name}.weight") + self._array(f"{name}.bias")
        return normed

    def _row(self, name: str, wanted: Sequence[int]) -> Floats:
        rows = list(wanted)
        return self._array(f"{name}_q")[rows].astype(np.float32) * self._array(f"{name}_scale")[rows]

    def _array(self, name: str) -> Floats:
        return self._arrays[name]  # type: ignore[return-value]  # all but the word vectors are float32


def _gelu(x: Floats) -> Floats:
    """The curve of Hendrycks & Gimpel 2016 in its tanh form."""
    bent: Floats = np.float32(0.5) * x * (1 + np.tanh(_SPREAD * (x + np.float32(0.044715) * x * x * x)))
    return bent
