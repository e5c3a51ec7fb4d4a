"""manage.py bench: speed and memory beside a peer in the same run."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.benchmarks.parsing import bench_parsing, feeds_of, own_feeds
from timeline.benchmarks.tagging import bench_tagging, own_articles
from timeline.evaluation.gold import read_rows
from timeline.tagging import Document, Tagger, load_codebook
from timeline.tagging.registry_files import load_registry


class Command(BaseCommand):
    help = (
        "tagging: the tagger beside spaCy's full English pipeline on the same articles: CPU, workers, memory."
        " parsing: feeds parsed in a child process beside the same feeds parsed without."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=["tagging", "parsing"])
        parser.add_argument("--texts", type=Path, metavar="FILE", help="JSONL with title, text, published (and lang)")
        parser.add_argument("--words", type=int, default=200, help="least number of words of an article of --texts")
        parser.add_argument("--most", type=int, default=100, help="articles")
        parser.add_argument(
            "--feeds", type=Path, metavar="FOLDER", help="parsing: captured feeds, packed by gzip or not"
        )
        parser.add_argument("--rounds", type=int, default=3)

    def handle(self, *args: Any, **options: Any) -> None:
        lines = self._parsing(options) if options["part"] == "parsing" else self._tagging(options)
        for line in lines:
            self.stdout.write(line)

    def _parsing(self, options: dict[str, Any]) -> Iterator[str]:
        try:
            feeds = feeds_of(options["feeds"]) if options["feeds"] else own_feeds()
        except OSError as error:
            raise CommandError(f"{options['feeds']}: {error}") from error
        return bench_parsing(feeds, options["rounds"])

    def _tagging(self, options: dict[str, Any]) -> Iterator[str]:
        try:
            documents = _read(options["texts"], options["words"]) if options["texts"] else own_articles()
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options['texts']}: {error}") from error
        if not documents:
            raise CommandError(f"{options['texts']} has no English article of {options['words']} words")
        tagger = Tagger(load_codebook(), load_registry())
        return bench_tagging(documents[: options["most"]], tagger, options["rounds"])


def _read(path: Path, least: int) -> list[Document]:
    rows = (r for r in read_rows(path) if r.get("lang", "en") == "en" and len(r["text"].split()) >= least)
    return [
        Document(f"{r['title']}\n{r['text']}", date.fromisoformat(r["published"][:10]), "en", len(r["title"]))
        for r in rows
    ]
