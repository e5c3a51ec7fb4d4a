"""Trains the coder's adapters and answers on examples. Needs PyTorch (requirements-train.txt); nothing else does.

A fixed number of threads, fixed seeds: the same examples give the same numbers, to the bit, on the same machine and
PyTorch.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from timeline.tagging.encoder.answers import ANSWERS, MODALITIES, ROLE_TAGS, Labels
from timeline.tagging.encoder.weights import HEADS, LAYERS, PARTS, WIDTH, load_arrays
from timeline.tagging.encoder.wordpiece import WordPiece
from timeline.training.examples import Example

LONGEST = 160  # pieces of a sentence
THREADS = 2  # another number adds up in another order, and to other last bits
HIDDEN = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn."""

    epochs: int = 5
    rate: float = 1e-3
    rank: int = 16
    batch: int = 16
    smoothing: float = 0.05
    dropout: float = 0.1
    seed: int = 1
    order: int = 0  # another order of the same examples, from the same beginning
    threads: int = THREADS


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example as numbers; -1: not asked."""

    question: str
    ids: tuple[int, ...]
    types: tuple[int, ...]
    mode: int
    modality: int
    roles: tuple[int, ...]
    triggers: tuple[int, ...]


class Matrix(nn.Module):
    """A fixed matrix of the encoder with a learnt change of low rank."""

    def __init__(self, weight: np.ndarray, bias: np.ndarray, rank: int) -> None:
        super().__init__()
        self.register_buffer("weight", torch.tensor(np.array(weight, np.float32)))
        self.register_buffer("bias", torch.tensor(np.array(bias, np.float32)))
        self.down = nn.Parameter(torch.randn(weight.shape[0], rank) / math.sqrt(weight.shape[0]))
        self.up = nn.Parameter(torch.zeros(rank, weight.shape[1]))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight + self.bias + (x @ self.down @ self.up) * 2


class Learner(nn.Module):
    """The same computation as timeline.tagging.encoder, in batches, with what is learnt in it."""

    def __init__(self, plan: Plan, labels: Labels) -> None:
        super().__init__()
        arrays = load_arrays()
        self.dropout = plan.dropout
        self.words = _rows(arrays, "word_embeddings.weight")
        self.places = _rows(arrays, "position_embeddings.weight")
        self.kind = torch.tensor(np.array(arrays["token_type_embeddings.weight"][0]))
        self.norms = {
            name: (torch.tensor(np.array(arrays[f"{name}.weight"])), torch.tensor(np.array(arrays[f"{name}.bias"])))
            for name in ["LayerNorm"]
            + [f"{n}.{of}.LayerNorm" for n in range(LAYERS) for of in ("attention.output", "output")]
        }
        biases = dict(zip(PARTS, BIASES, strict=True))
        self.matrices = nn.ModuleDict(
            {
                f"{n}_{part}": Matrix(arrays[f"{n}.{part}"], arrays[f"{n}.{biases[part]}.bias"], plan.rank)
                for n in range(LAYERS)
                for part in PARTS
            }
        )
        self.answers = nn.ModuleDict({name.replace(".", "_"): nn.Linear(*labels.shape(name)) for name in ANSWERS})

    def read(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self.words[ids] + self.places[: ids.shape[1]] + self.kind
        x = self._normed("LayerNorm", x)
        hidden = (1 - mask[:, None, None, :]) * -1e9
        for n in range(LAYERS):
            x = self._layer(n, x, hidden)
        return x

    def _layer(self, n: int, x: Tensor, hidden: Tensor) -> Tensor:
        size, length, _ = x.shape

        def split(part: str) -> Tensor:
            found: Tensor = self.matrices[f"{n}_{part}"](x)
            return found.view(size, length, HEADS, -1).transpose(1, 2)

        scores = split("query") @ split("key").transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + hidden
        seen = self._dropped(torch.softmax(scores, -1)) @ split("value")
        seen = self.matrices[f"{n}_output"](seen.transpose(1, 2).reshape(size, length, WIDTH))
        x = self._normed(f"{n}.attention.output.LayerNorm", x + self._dropped(seen))
        inner = F.gelu(self.matrices[f"{n}_widen"](x), approximate="tanh")
        return self._normed(f"{n}.output.LayerNorm", x + self._dropped(self.matrices[f"{n}_narrow"](inner)))

    def summary(self, question: str, x: Tensor, ids: Tensor, mask: Tensor, marks: Mapping[str, int]) -> Tensor:
        """What the answers about the whole sentence are read from: its mean, its first piece, and its marks."""
        whole = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        parts = [whole, x[:, 0]]
        for opening in MARKS_OF[question]:
            at = (ids == marks[opening]).float()[..., None]
            parts.append((x * at).sum(1) / at.sum(1).clamp(min=1))
        hidden = torch.tanh(self.answers[f"{question}_hidden"](self._dropped(torch.cat(parts, -1))))
        return self._dropped(hidden)

    def _normed(self, name: str, x: Tensor) -> Tensor:
        return F.layer_norm(x, (WIDTH,), *self.norms[name], 1e-12)

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.dropout, self.training)


BIASES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
MARKS_OF = {"plain": (), "word": ("<",), "pair": ("[", "{")}


def train(
    examples: Sequence[Example],
    vocabulary: Sequence[str],
    labels: Labels,
    plan: Plan,
    say: Callable[[str], None] = print,
    start: Mapping[str, np.ndarray] | None = None,
) -> dict[str, np.ndarray]:
    """The arrays of the artefact: adapters and answers, as half-width floats.

    `start`: the arrays of an artefact that it goes on from.
    """
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    torch.use_deterministic_algorithms(True)
    pieces = WordPiece(vocabulary)
    marks = {mark: pieces.ids[mark] for mark in "<[{"}
    prepared = [prepare(example, pieces, labels) for example in examples]
    learner = Learner(plan, labels)
    if start is not None:
        go_on(learner, start)
    learnt = [p for p in learner.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=plan.rate, weight_decay=0.01)
    steps = sum(1 for _ in _batches(prepared, plan, 0)) * plan.epochs
    step = 0
    for epoch in range(plan.epochs):
        learner.train()
        total = 0.0
        for batch in _batches(prepared, plan, epoch):
            step += 1
            warm = 0.1 * steps
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * min(step / warm, (steps - step) / (steps - warm))
            loss = _loss(learner, batch, marks, plan.smoothing)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            total += loss.item()
        say(f"epoch {epoch + 1} of {plan.epochs}: loss {total * plan.epochs / steps:.3f}")
    return export(learner)


def go_on(learner: Learner, start: Mapping[str, np.ndarray]) -> None:
    """Puts what an artefact holds into the learner: `export` the other way round."""

    def put(parameter: nn.Parameter, array: np.ndarray) -> None:
        parameter.data.copy_(torch.tensor(array.astype(np.float32)))

    for name, matrix in learner.matrices.items():
        layer, part = name.split("_")
        put(matrix.down, start[f"{layer}.{part}.down"] / 2)
        put(matrix.up, start[f"{layer}.{part}.up"])
    for name, answer in learner.answers.items():
        put(answer.weight, start[f"{name.replace('_', '.')}.weight"].T)
        put(answer.bias, start[f"{name.replace('_', '.')}.bias"])


def export(learner: Learner) -> dict[str, np.ndarray]:
    found = {}
    for name, matrix in learner.matrices.items():
        layer, part = name.split("_")
        found[f"{layer}.{part}.down"] = (matrix.down.detach() * 2).numpy().astype(np.float16)
        found[f"{layer}.{part}.up"] = matrix.up.detach().numpy().astype(np.float16)
    for name, answer in learner.answers.items():
        found[f"{name.replace('_', '.')}.weight"] = answer.weight.detach().numpy().T.astype(np.float16)
        found[f"{name.replace('_', '.')}.bias"] = answer.bias.detach().numpy().astype(np.float16)
    return found


def prepare(example: Example, pieces: WordPiece, labels: Labels) -> Prepared:
    split = pieces.split(example.text, LONGEST)
    roles: tuple[int, ...] = ()
    triggers: tuple[int, ...] = ()
    if example.roles is not None:
        roles = tuple(_tags(split.spans, example.roles))
    if example.triggers is not None:
        triggers = tuple(_labelled(split.spans, example.triggers, labels))
    return Prepared(
        example.question,
        split.ids,
        tuple(labels.types.index(t) for t in example.types),
        -1 if example.mode is None else labels.modes.index(example.mode),
        -1 if example.modality is None else MODALITIES.index(example.modality),
        roles,
        triggers,
    )


def _tags(spans: Sequence[tuple[int, int]], roles: Sequence[tuple[int, int, str]]) -> Iterator[int]:
    last = None
    for begin, end in spans:
        role = next((r for r in roles if begin >= 0 and r[0] < end and begin < r[1]), None)
        yield 0 if role is None else ROLE_TAGS.index(f"{'I' if role == last else 'B'}-{role[2]}")
        last = role


def _labelled(
    spans: Sequence[tuple[int, int]], triggers: Sequence[tuple[int, int, str]], labels: Labels
) -> Iterator[int]:
    for begin, end in spans:
        here = next((t for t in triggers if begin >= 0 and t[0] < end and begin < t[1]), None)
        yield labels.types.index("NONE" if here is None else here[2])


def _batches(prepared: Sequence[Prepared], plan: Plan, epoch: int) -> Iterator[list[Prepared]]:
    """Batches of one question and of like length, in a new order each epoch."""
    chance = random.Random((plan.seed + plan.order) * 1000 + epoch)  # noqa: S311  # repeatable, not secret
    made = []
    for question in MARKS_OF:
        own = [p for p in prepared if p.question == question]
        chance.shuffle(own)
        for at in range(0, len(own), plan.batch * 16):
            near = sorted(own[at : at + plan.batch * 16], key=lambda p: len(p.ids))
            made += [near[i : i + plan.batch] for i in range(0, len(near), plan.batch)]
    chance.shuffle(made)
    yield from made


def _loss(learner: Learner, batch: list[Prepared], marks: Mapping[str, int], smoothing: float) -> Tensor:
    length = max(len(p.ids) for p in batch)

    def padded(rows: list[tuple[int, ...]], empty: int) -> Tensor:
        return torch.tensor([[*row, *[empty] * (length - len(row))] for row in rows])

    ids = padded([p.ids for p in batch], 0)
    mask = padded([(1,) * len(p.ids) for p in batch], 0).float()
    x = learner.read(ids, mask)
    question = batch[0].question
    summary = learner.summary(question, x, ids, mask, marks)
    loss = _any_of(learner.answers[f"{question}_type"](summary), [p.types for p in batch], smoothing)
    if question == "word":
        for name in ("mode", "modality"):
            wanted = torch.tensor([getattr(p, name) for p in batch])
            if (wanted >= 0).any():
                said = learner.answers[f"word_{name}"](summary)
                loss = loss + 0.5 * F.cross_entropy(said, wanted, ignore_index=-1, label_smoothing=smoothing)
    for name, answer in (("roles", f"{question}_roles"), ("triggers", "plain_triggers")):
        rows = [getattr(p, name) for p in batch]
        if any(rows) and answer in learner.answers:
            wanted = padded([row or (-1,) * len(p.ids) for row, p in zip(rows, batch, strict=True)], -1)
            said = learner.answers[answer](learner._dropped(x))
            loss = loss + F.cross_entropy(said.transpose(1, 2), wanted, ignore_index=-1)
    return loss


def _any_of(said: Tensor, wanted: Sequence[tuple[int, ...]], smoothing: float) -> Tensor:
    """Cross-entropy where any of several answers is right; a row without one does not count."""
    logs = torch.log_softmax(said, -1)
    losses = []
    for row, types in zip(logs, wanted, strict=True):
        if types:
            right = torch.logsumexp(row[list(types)], 0)
            losses.append(-(1 - smoothing) * right - smoothing * row.mean())
    return torch.stack(losses).mean() if losses else said.sum() * 0


def _rows(arrays: Mapping[str, np.ndarray], name: str) -> Tensor:
    return torch.tensor(arrays[f"{name}_q"].astype(np.float32) * arrays[f"{name}_scale"])
