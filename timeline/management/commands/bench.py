"""manage.py bench: speed and memory beside a peer in the same run."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.benchmarks.tagging import bench_tagging, own_articles
from timeline.evaluation.gold import read_rows
from timeline.tagging import Document, Tagger, load_codebook
from timeline.tagging.registry_files import load_registry


class Command(BaseCommand):
    help = "Measures the tagger beside spaCy's full English pipeline on the same articles: CPU, workers, memory."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=["tagging"])
        parser.add_argument("--texts", type=Path, metavar="FILE", help="JSONL with title, text, published (and lang)")
        parser.add_argument("--words", type=int, default=200, help="least number of words of an article of --texts")
        parser.add_argument("--most", type=int, default=100, help="articles")
        parser.add_argument("--rounds", type=int, default=3)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            documents = _read(options["texts"], options["words"]) if options["texts"] else own_articles()
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options['texts']}: {error}") from error
        if not documents:
            raise CommandError(f"{options['texts']} has no English article of {options['words']} words")
        tagger = Tagger(load_codebook(), load_registry())
        for line in bench_tagging(documents[: options["most"]], tagger, options["rounds"]):
            self.stdout.write(line)


def _read(path: Path, least: int) -> list[Document]:
    rows = (r for r in read_rows(path) if r.get("lang", "en") == "en" and len(r["text"].split()) >= least)
    return [
        Document(f"{r['title']}\n{r['text']}", date.fromisoformat(r["published"][:10]), "en", len(r["title"]))
        for r in rows
    ]
