"""manage.py evaluate: how good the tagger is, on labelled sets that are not part of the project."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from timeline.evaluation.dates import load_gold_dates, score_dates
from timeline.evaluation.seed import SeedScore, load_seed, score_seed
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.records import EventTag
from timeline.tagging.registry_files import load_registry


class Command(BaseCommand):
    help = "Scores the tagger, with the codebook and registry of the files: seed (an article with its key) or dates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        sets = parser.add_subparsers(dest="set", required=True)
        seed = sets.add_parser("seed", help="a folder with article.txt and expected.json")
        seed.add_argument("path", type=Path)
        dates = sets.add_parser("dates", help="a JSONL file of texts with TIMEX3 values")
        dates.add_argument("path", type=Path)
        for each in (seed, dates):
            each.add_argument("--json", action="store_true", help="the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            figures = self._seed(options) if options["set"] == "seed" else self._dates(options)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options['path']} cannot be evaluated: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1))

    def _seed(self, options: dict[str, Any]) -> dict[str, Any]:
        score = score_seed(load_seed(options["path"]), Tagger(load_codebook(), load_registry()))
        if not options["json"]:
            for line in _seed_table(score):
                self.stdout.write(line)
        return {
            "required": {name: event is not None for name, event in score.required.items()},
            "optional": {name: event is not None for name, event in score.optional.items()},
            "must_not": {name: len(events) for name, events in score.wrong.items()},
            "not_judged": score.unjudged,
            "sidebar": {line: is_in == expected for line, (expected, is_in) in score.sidebar.items()},
            "other_confident_events": [_one_line(event) for event in score.others],
            "summary": score.summary(),
        }

    def _dates(self, options: dict[str, Any]) -> dict[str, Any]:
        score = score_dates(load_gold_dates(options["path"]))
        if not options["json"]:
            self.stdout.write(f"value F1 {score.value_f1:.3f}, day-level accuracy {score.day_accuracy:.3f}")
        return {"value_f1": score.value_f1, "day_accuracy": score.day_accuracy}


def _seed_table(score: SeedScore) -> list[str]:
    lines = []
    for group, found in (("required", score.required), ("optional", score.optional)):
        lines += [
            f"{group:8}  {name:24}  {_one_line(event) if event else 'not found'}" for name, event in found.items()
        ]
    for name, events in score.wrong.items():
        lines.append(f"must_not  {name:24}  {'; '.join(map(_one_line, events)) or 'none'}")
    lines += [f"must_not  {name:24}  not judged: no rule and no fields" for name in score.unjudged]
    for headline, (expected, is_in) in score.sidebar.items():
        verdict = "right" if expected == is_in else "WRONG"
        lines.append(f"sidebar   {headline[:60]:60}  {'in' if is_in else 'not in'} the situation: {verdict}")
    lines += [f"other     {_one_line(event)}" for event in score.others]
    return [*lines, score.summary()]


def _one_line(event: EventTag) -> str:
    sides = f"{', '.join(event.actors)} → {', '.join(event.recipients) or '–'}"
    said = event.speaker or event.speaker_text
    return (
        f"{event.type}{'/' + event.mode if event.mode else ''} {sides}, {event.modality}, {event.occurred.on}"
        f" ({event.occurred.precision}){', says ' + said if said else ''}, {event.confidence:.2f}"
    )
