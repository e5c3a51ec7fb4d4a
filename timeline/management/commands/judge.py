"""manage.py judge: draws real sentences for two judges, and counts what they said."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.evaluation.gold import read_rows
from timeline.evaluation.judging import count, draw, published_row
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.registry_files import load_registry


class Command(BaseCommand):
    help = "Draws coded sentences of real stories for two judges (draw), and counts their verdicts (count)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        drawing = parts.add_parser("draw", help="writes the sentences with their codes, as JSONL")
        drawing.add_argument("stories", type=Path, help="JSONL with id, title, text, published and lang")
        drawing.add_argument("--out", type=Path, required=True)
        drawing.add_argument("--seed", type=int, default=1)
        drawing.add_argument("-n", type=int, default=100)
        drawing.add_argument("--without", type=Path, nargs="*", default=[], help="files of verdicts judged before")
        counting = parts.add_parser("count", help="precision of each code, and how far the judges agree")
        counting.add_argument("items", type=Path, help="what draw wrote, or a file of verdicts that was kept")
        counting.add_argument("verdicts", type=Path, nargs="*", help="JSONL of each judge, in the order of the items")
        counting.add_argument("--keep", type=Path, metavar="OUT", help="writes ids, codes and verdicts, without text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["part"] == "draw":
                self._draw(options)
            else:
                self._count(options)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"cannot {options['part']}: {type(error).__name__} {error}") from error

    def _draw(self, options: dict[str, Any]) -> None:
        before = frozenset(row["id"] for path in options["without"] for row in read_rows(path))
        tagger = Tagger(load_codebook(), load_registry())
        items = draw(list(read_rows(options["stories"])), tagger, options["seed"], options["n"], before)
        _write(options["out"], list(items))

    def _count(self, options: dict[str, Any]) -> None:
        items = list(read_rows(options["items"]))
        if options["verdicts"]:
            judges = [list(read_rows(path)) for path in options["verdicts"]]
            items = [published_row(item, verdicts) for item, *verdicts in zip(items, *judges, strict=True)]
        if options["keep"]:
            _write(options["keep"], items)
        for figure in count(items):
            self.stdout.write(f"{figure}  (95 % of {len(items)} items resampled)")


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
