"""manage.py evaluate_pages PATH: how well page text and dates are found, beside other readers in the same run."""

import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from articles.scoring import Sheet, interval, load_pages, readers, score


class Command(BaseCommand):
    help = (
        "Scores page text (precision, recall, F1 a page and their means) and dates of publication on pages whose text"
        " and time are known, beside trafilatura and, where they are installed, newspaper4k and readability-lxml."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a folder with html.jsonl and html/*.html.gz")
        parser.add_argument("--pages", action="store_true", help="every page, not the means alone")
        parser.add_argument("--ours", action="store_true", help="ours alone")
        parser.add_argument("--json", action="store_true", help="the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pages = list(load_pages(options["path"]))
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options['path']}: {error}") from error
        if not pages:
            raise CommandError(f"{options['path']} holds no pages")
        chosen = list(readers().items())[: 1 if options["ours"] else None]
        for _, read in chosen:  # what is loaded at the first pages is not counted among the seconds
            score("", read, pages)
        sheets = [score(name, read, pages) for name, read in chosen]
        if options["json"]:
            self.stdout.write(json.dumps([_figures(sheet) for sheet in sheets], indent=1))
            return
        if options["pages"]:
            self._write_pages(sheets)
        self._write_means(sheets)

    def _write_means(self, sheets: list[Sheet]) -> None:
        n_texts, n_dates = len(sheets[0].texts), len(sheets[0].is_right)
        self.stdout.write(f"{n_texts} pages with a known text, {n_dates} with a known date; [middle 95 % of resamples]")
        for sheet in sheets:
            figures = _figures(sheet)
            texts = "  ".join(
                f"{name} {value:.3f} [{low:.3f}, {high:.3f}]" for name, (value, low, high) in figures["text"].items()
            )
            found, right = (sum(flags.values()) for flags in (sheet.has_found, sheet.is_right))
            value, low, high = figures["dates"]
            self.stdout.write(
                f"{sheet.reader:17} {texts}  dates found {found}, right {right} of {n_dates}:"
                f" {value:.3f} [{low:.3f}, {high:.3f}]  {sheet.cpu_s:.2f} s"
            )
            for failed in sheet.failed:
                self.stdout.write(f"    failed on {failed}")

    def _write_pages(self, sheets: list[Sheet]) -> None:
        self.stdout.write(f"{'precision/recall/F1':44}" + "".join(f"{sheet.reader:>19}" for sheet in sheets))
        for name in sheets[0].texts:
            scores = (sheet.texts[name] for sheet in sheets)
            cells = (f"{one.precision:.2f}/{one.recall:.2f}/{one.f1:.2f}" for one in scores)
            self.stdout.write(f"{name[:43]:44}" + "".join(f"{cell:>19}" for cell in cells))
        for name in sheets[0].is_right:
            marks = ("right" if s.is_right[name] else "wrong" if s.has_found[name] else "none" for s in sheets)
            self.stdout.write(f"{'date of ' + name[:35]:44}" + "".join(f"{mark:>19}" for mark in marks))


def _figures(sheet: Sheet) -> dict[str, Any]:
    scores = list(sheet.texts.values())
    return {
        "reader": sheet.reader,
        "text": {
            "precision": interval([one.precision for one in scores]),
            "recall": interval([one.recall for one in scores]),
            "F1": interval([one.f1 for one in scores]),
        },
        "dates": interval([float(flag) for flag in sheet.is_right.values()]),
        "cpu_s": round(sheet.cpu_s, 2),
        "failed": sheet.failed,
    }
