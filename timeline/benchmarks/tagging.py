"""The tagger beside spaCy's full English pipeline: CPU, workers, memory, and that all ways give the same tags. Pure.

Work is measured in forked processes, as Celery's workers are: what is loaded before the fork is shared.
"""

import hashlib
import json
import os
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

from timeline.corpus import load_corpus
from timeline.tagging import Document, Tagger
from timeline.tagging.parser import PIPELINE, load_parser
from timeline.tagging.plain import tags_as_row


@dataclass(frozen=True, slots=True)
class Run:
    """What one process did: CPU seconds, megabytes of its own, and a hash of what came out."""

    cpu_s: float
    own_mb: float
    digest: str


def own_articles() -> list[Document]:
    """The whole English articles of our own corpus."""
    sentences = [s for s in load_corpus() if s.lang == "en" and s.article]
    documents = []
    for (_, published_on, title), group in groupby(sentences, key=lambda s: (s.topic, s.published_on, s.article)):
        text = "\n".join(s.text for s in group if s.text != title)
        documents.append(Document(f"{title}\n{text}", published_on, "en", len(title)))
    return documents


def bench_tagging(documents: Sequence[Document], tagger: Tagger, rounds: int = 3) -> Iterator[str]:
    """Lines for people. Raises AssertionError when one way of tagging gives other tags than another."""
    peer = import_module(PIPELINE).load()
    load_parser()
    words = sum(len(d.text.split()) for d in documents)
    yield f"{len(documents)} articles, {words} words, {rounds} rounds"

    def parse_all(some: Sequence[Document]) -> bytes:
        return str([(len(doc), len(doc.ents)) for doc in peer.pipe([d.text for d in some])]).encode()

    def tag_batch(some: Sequence[Document]) -> bytes:
        return as_bytes(tagger.tag_many(some))

    def tag_singly(some: Sequence[Document]) -> bytes:
        return as_bytes(tagger.tag(document) for document in some)

    for work in (parse_all, tag_batch):  # what is loaded late is loaded now
        work(documents[:2])
    ratios = []
    for _ in range(rounds):
        (theirs,), (ours,) = run_forked(parse_all, [documents]), run_forked(tag_batch, [documents])
        ratios.append(ours.cpu_s / theirs.cpu_s)
        yield f"spaCy's full pipeline {theirs.cpu_s:.2f} CPU s, the tagger {ours.cpu_s:.2f}: {ratios[-1]:.2f} times"
    yield f"CPU of the tagger, spaCy = 1: {median(ratios):.2f} (median)"

    whole = run_forked(tag_singly, [documents])[0].digest
    walls = {}
    for n in (1, 2, 4):
        begun = time.monotonic()
        runs = run_forked(tag_batch, [documents[i::n] for i in range(n)])
        walls[n] = time.monotonic() - begun
        parts = [run_forked(tag_singly, [documents[i::n]])[0].digest for i in range(n)]
        if [run.digest for run in runs] != parts or (n == 1 and runs[0].digest != whole):
            raise AssertionError(f"{n} workers gave other tags than one")
        yield (
            f"{n} workers: {walls[n]:.1f} s, {walls[1] / walls[n]:.2f} × one; same tags; "
            f"memory of the last one's own {runs[-1].own_mb:.0f} MB"
        )


def as_bytes(tags: Any) -> bytes:
    return b"\n".join(json.dumps(tags_as_row("", one), sort_keys=True).encode() for one in tags)


def run_forked(work: Callable[[Sequence[Document]], bytes], shares: Sequence[Sequence[Document]]) -> list[Run]:
    """Each share in a process of its own, all at once."""
    pipes = []
    for share in shares:
        reading, writing = os.pipe()
        if os.fork() == 0:
            try:
                begun = time.process_time()
                out = work(share)
                run = Run(time.process_time() - begun, own_megabytes(), hashlib.sha256(out).hexdigest())
                os.write(writing, pickle.dumps(run))
            finally:
                os._exit(0)
        os.close(writing)
        pipes.append(reading)
    runs = []
    for reading in pipes:
        with os.fdopen(reading, "rb") as pipe:
            runs.append(pickle.loads(pipe.read()))  # noqa: S301  # our own child's
        os.wait()
    return runs


def own_megabytes() -> float:
    """Memory that this process shares with no other (Linux: Private_Clean + Private_Dirty of smaps_rollup)."""
    with Path("/proc/self/smaps_rollup").open(encoding="ascii") as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024
