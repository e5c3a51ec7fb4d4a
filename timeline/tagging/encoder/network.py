"""The encoder: six layers of a small transformer over one sentence, with our own adapters. Pure, numpy alone.

Sentences are never padded: their rows lie one below the other for the products, which is twice as fast as one by one,
and apart for the attention.
Architecture: Vaswani et al. 2017, BERT (Devlin et al. 2019), MiniLM (Wang et al. 2020); adapters of low rank: LoRA
(Hu et al. 2021), added to the matrices once when they are loaded.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate

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

    def read(self, sentences: Sequence[Sequence[int]]) -> list[Floats]:
        """For each sentence one row of WIDTH numbers for each piece."""
        pieces = [piece for ids in sentences for piece in ids]
        places = [place for ids in sentences for place in range(len(ids))]
        ends = list(accumulate(len(ids) for ids in sentences))
        stretches = [slice(end - len(ids), end) for ids, end in zip(sentences, ends, strict=True)]
        x = self._row("word_embeddings.weight", pieces) + self._row("position_embeddings.weight", places)
        x = self._normed("LayerNorm", x + self._array("token_type_embeddings.weight")[0])
        for layer in range(LAYERS):
            x = self._layer(layer, x, stretches)
        return [x[stretch] for stretch in stretches]

    def _layer(self, layer: int, x: Floats, stretches: Sequence[slice]) -> Floats:
        query, key, value = (
            self._times(layer, part, x, f"attention.self.{part}").reshape(len(x), HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        seen = np.empty_like(x)
        for here in stretches:
            scores = (query[:, here] @ key[:, here].transpose(0, 2, 1)) * SCALE
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            scores /= scores.sum(axis=-1, keepdims=True)
            seen[here] = (scores @ value[:, here]).transpose(1, 0, 2).reshape(-1, WIDTH)
        x = self._normed(
            f"{layer}.attention.output.LayerNorm", x + self._times(layer, "output", seen, "attention.output.dense")
        )
        inner = _gelu(self._times(layer, "widen", x, "intermediate.dense"))
        return self._normed(f"{layer}.output.LayerNorm", x + self._times(layer, "narrow", inner, "output.dense"))

    def _times(self, layer: int, part: str, x: Floats, bias: str) -> Floats:
        product: Floats = x @ self._matrices[f"{layer}.{part}"]
        product += self._array(f"{layer}.{bias}.bias")
        return product

    def _normed(self, name: str, x: Floats) -> Floats:
        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / np.float32(WIDTH) + EPSILON)
        x *= self._array(f"{name}.weight")
        x += self._array(f"{name}.bias")
        return x

    def _row(self, name: str, wanted: Sequence[int]) -> Floats:
        rows = list(wanted)
        return self._array(f"{name}_q")[rows].astype(np.float32) * self._array(f"{name}_scale")[rows]

    def _array(self, name: str) -> Floats:
        return self._arrays[name]  # type: ignore[return-value]  # all but the word vectors are float32


def _gelu(x: Floats) -> Floats:
    """The curve of Hendrycks & Gimpel 2016 in its tanh form."""
    bent: Floats = x * x
    bent *= np.float32(0.044715)
    bent += 1
    bent *= x
    bent *= _SPREAD
    np.tanh(bent, out=bent)
    bent += 1
    bent *= x
    bent *= np.float32(0.5)
    return bent
