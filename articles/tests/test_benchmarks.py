"""What the benchmark of parsing promises beside its figures: that a child reads what we read."""

import gzip
from pathlib import Path

import pytest

from articles.benchmarks import parsing
from articles.benchmarks.parsing import bench_parsing, feeds_of, own_feeds
from articles.ingest.feeds import parse_feed


def test_it_compares_feeds_read_apart_and_here() -> None:
    first, *_, last = bench_parsing(own_feeds(4), rounds=1)
    assert first.startswith("4 feeds") and last.endswith("both read the same")


def test_it_fails_when_a_child_reads_another_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "parse_feed", lambda body, url: parse_feed(own_feeds(2)[1], url))
    with pytest.raises(AssertionError, match="another thing"):
        list(bench_parsing(own_feeds(1), rounds=1))


def test_captured_feeds_may_be_packed(tmp_path: Path) -> None:
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(b"<rss/>"))
    (tmp_path / "b.xml").write_bytes(b"<feed/>")
    assert feeds_of(tmp_path) == [b"<rss/>", b"<feed/>"]
