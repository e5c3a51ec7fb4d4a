"""manage.py evaluate: how good the tagger is, on labelled sets that are not part of the project, and on our own."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from timeline.corpus import load_corpus
from timeline.corpus.files import LANGUAGES
from timeline.evaluation.case21 import score_case21
from timeline.evaluation.dates import score_timex
from timeline.evaluation.entities import Compared, TypedSpan, outermost, score_entities, score_learnt
from timeline.evaluation.field import Coder, score_coped, score_gsr, score_petrarch, score_plv
from timeline.evaluation.geoparse import score_geoparse
from timeline.evaluation.own import score_corpus
from timeline.evaluation.paired import score_against
from timeline.evaluation.polnear import score_polnear
from timeline.evaluation.recorded import record
from timeline.evaluation.scores import Score
from timeline.evaluation.seed import SeedScore, load_seed, score_seed
from timeline.evaluation.whole import score_whole
from timeline.given import cross, load_lessons, load_side_lessons, taught_by
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.encoder.reading import ARTEFACT, SentenceReader, load_reader
from timeline.tagging.records import EventTag
from timeline.tagging.registry_files import load_registry
from timeline.training.entities import Lesson, cross_validate

FIELD: dict[str, tuple[str, Callable[[Path, Coder], Score]]] = {
    "plv": ("JSONL of sentences with a marked pair (PLV): type and quad class", score_plv),
    "gsr": ("JSONL of sentences with a coded event (PLOVER GSR): country, type, country", score_gsr),
    "petrarch": ("the unit suites of PETRARCH-2 and UniversalPetrarch, a JSONL file or their folder", score_petrarch),
    "coped": ("CoPED, a file or a folder: tokens (spans of actor and recipient), sentences (quad class)", score_coped),
    "geoparse": ("JSONL of texts with toponyms and their coordinates: share of them put within 161 km", score_geoparse),
    "case21": ("JSONL of snippets with ACLED's sub-event labels: weighted F1 of the crosswalk", score_case21),
    "ner": ("a folder of sources with documents.jsonl and entities.jsonl (re3d): typed entities", score_entities),
    "polnear": ("JSONL of documents with attributions (PolNeAR), or their folder: who says so", score_polnear),
}
GIVEN = ("plv", "coped")  # sets with a part to train on that is large enough to be dealt into folds


class Command(BaseCommand):
    help = "Scores the tagger, with the codebook, the registry and the trained part of the files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        sets = parser.add_subparsers(dest="set", required=True)
        added = [
            sets.add_parser("seed", help="a folder with article.txt and expected.json"),
            sets.add_parser(
                "timex", aliases=["dates"], help="a JSONL file of texts with TIMEX3 values: days of the text's dates"
            ),
            *(_with_given(sets.add_parser(name, help=text), name) for name, (text, _) in FIELD.items()),
        ]
        own = sets.add_parser("own", help="our own corpus: the split to score, test unless named")
        own.add_argument("split", nargs="?", default="test", choices=["test", "dev", "train", "all"])
        own.add_argument("--lang", default="en", choices=sorted(LANGUAGES), help="numbers and dates alone but for en")
        own.add_argument("--whole", action="store_true", help="the whole tagger, not the trained part alone")
        own.add_argument("--author", default="", help="only what this author wrote")
        for each in added:
            each.add_argument("path", type=Path)
        for each in (*added, own):
            each.add_argument("--json", action="store_true", help="the figures as JSON")
            each.add_argument(
                "--predictions", type=Path, metavar="OUT", help="every answer, as JSONL, for others to score"
            )
            each.add_argument("--record", action="store_true", help="keeps the figures for the Methods page")
            each.add_argument(
                "--learnt", action="store_true", help="ner: what a model learns from the set itself, cross-validated"
            )
            each.add_argument("--model", type=Path, default=ARTEFACT, help="another artefact of manage.py train")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["set"] == "seed":
                figures = self._seed(options)
            else:
                figures = self._field(options)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options.get('path', 'the corpus')} cannot be evaluated: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1))

    def _field(self, options: dict[str, Any]) -> dict[str, Any]:
        score = self._score(options)
        if options.get("against"):
            against = score_against(options["path"], score, options["against"])
            score = replace(score, figures=score.figures + against)
        if options["record"]:
            record(_name_of(options), score.figures, len(score.predictions), with_given=_is_given(options))
        if options["predictions"]:
            lines = (json.dumps(row, ensure_ascii=False) for row in score.predictions)
            options["predictions"].write_text("\n".join(lines) + "\n", encoding="utf-8")
        if not options["json"]:
            for title, lines_ in (("most frequent confusions", score.confusion), ("surest errors", score.worst)):
                if lines_:
                    self.stdout.write(f"{title}:")
                for line in lines_:
                    self.stdout.write(f"  {line}")
            for figure in score.figures:
                self.stdout.write(f"{figure}  (95 % of {len(score.predictions)} items resampled)")
        return {f.name: {"value": f.value, "low": f.low, "high": f.high} for f in score.figures}

    def _score(self, options: dict[str, Any]) -> Score:
        if options["set"] in ("timex", "dates"):
            return score_timex(options["path"])
        reader = load_reader(options["model"])
        tagger = Tagger(load_codebook(), load_registry(), reader)
        coder = Coder(self._taught(options, reader.labels.types) if _is_given(options) else reader, tagger)
        if options["set"] == "ner" and options["learnt"]:
            return score_learnt(options["path"], coder, _learn)
        if options["set"] != "own":
            return FIELD[options["set"]][1](options["path"], coder)
        sentences = [s for s in load_corpus() if s.lang == options["lang"]]
        chosen = [s for s in sentences if options["split"] in ("all", s.split)]
        chosen = [s for s in chosen if options["author"] in ("", s.author)]
        return score_whole(chosen, coder.tagger) if options["whole"] else score_corpus(chosen, coder)

    def _taught(self, options: dict[str, Any], types: Sequence[str]) -> SentenceReader:
        """The reader of the artefact with a given training part added: of PATH's other folds, or of other files."""
        try:
            from timeline.given.going_on import going_on  # noqa: PLC0415  # only training needs PyTorch
        except ImportError as error:
            raise CommandError("training needs PyTorch: pip install -r requirements-train.txt") from error
        learn = going_on(options["model"], self.stderr.write, options["epochs"])
        asked = load_lessons(options["path"], types)
        if options["train_on"]:
            return taught_by(load_lessons(options["train_on"], types), asked, learn)
        also = load_side_lessons(options["also"]) if options.get("also") else []
        return cross(asked, options["folds"], learn, also)

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


def _with_given(parser: ArgumentParser, name: str) -> ArgumentParser:
    if name in GIVEN:
        parser.add_argument(
            "--with-given", action="store_true", help="learns PATH's other folds first, in memory: nothing of it ships"
        )
        parser.add_argument("--folds", type=int, default=5)
        parser.add_argument("--train-on", type=Path, metavar="TRAIN", help="learns this first, and scores all of PATH")
        parser.add_argument("--epochs", type=int, default=4)
    if name == "coped":
        parser.add_argument("--also", type=Path, metavar="PLV", help="learns the marked pairs of this file as well")
    if name == "plv":
        parser.add_argument("--against", type=Path, metavar="ANSWERS", help="another coder's: paired differences")
    return parser


def _is_given(options: dict[str, Any]) -> bool:
    return bool(options.get("with_given") or options.get("train_on"))


def _learn(rows: Sequence[Compared]) -> list[list[TypedSpan]]:
    lessons = [
        Lesson(
            row.gold.text,
            [(s.begin, s.end, s.type) for s in outermost(row.gold.spans)],
            [(s.begin, s.end, s.type, s.form) for s in row.found],
        )
        for row in rows
    ]
    return [[TypedSpan(*span) for span in spans] for spans in cross_validate(lessons)]


def _name_of(options: dict[str, Any]) -> str:
    """The name that a set's figures are kept under: "own test", "own test fr", "timex NAME", "plv"."""
    if options["set"] in ("timex", "dates"):
        return f"timex {options['path'].stem}"
    if options["set"] != "own":
        return str(options["set"]) + (" learnt" if options.get("learnt") else "")
    whole = "whole " if options["whole"] else ""
    return f"own {whole}{options['split']}" + (f" {options['lang']}" if options["lang"] != "en" else "")


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
