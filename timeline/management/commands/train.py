"""manage.py train: from the labelled corpus to the coder's artefact."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.registry.files import MalformedFile
from timeline.corpus import GoldSentence, load_corpus
from timeline.evaluation.whole import judge, raw_answers
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.calibration import Calibration
from timeline.tagging.encoder.answers import labels_of
from timeline.tagging.encoder.reading import ARTEFACT, load_reader, load_vocabulary
from timeline.tagging.registry_files import load_registry
from timeline.training.artefact import write_artefact, write_calibration
from timeline.training.calibrating import calibrate
from timeline.training.examples import make_examples
from timeline.training.joining import join
from timeline.training.lessons import make_lessons


class Command(BaseCommand):
    help = "Trains the coder on the corpus and writes its artefact: on one machine the same to the bit each time."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, default=ARTEFACT, help="where the artefact goes")
        parser.add_argument("--epochs", type=int, default=4)
        parser.add_argument("--members", type=int, default=2, help="trainings in other orders, joined into one coder")
        parser.add_argument("--only-calibrate", action="store_true", help="learns anew how sure an artefact may be")
        parser.add_argument(
            "--without-author", default="", help="leaves out what this author wrote, to measure without"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["only_calibrate"]:
            self._calibrate(options["out"], [s for s in load_corpus() if s.lang == "en" and s.split == "dev"])
            return
        try:
            from timeline.training.learn import Plan, train  # noqa: PLC0415  # only training needs PyTorch
        except ImportError as error:
            raise CommandError("training needs PyTorch: pip install -r requirements-train.txt") from error
        try:
            corpus = load_corpus()
        except MalformedFile as error:
            raise CommandError(str(error)) from error
        sentences = [
            s for s in corpus if s.lang == "en" and s.split == "train" and s.author != options["without_author"]
        ]
        if not sentences:
            raise CommandError("the corpus has no English sentence to train on")
        codebook = load_codebook()
        examples = [*make_examples(sentences), *make_lessons(codebook)]
        labels = labels_of({name: kind.modes for name, kind in codebook.kinds.items()})
        vocabulary = load_vocabulary()
        self.stdout.write(f"{len(sentences)} sentences, {len(examples)} examples")
        members = []
        for order in range(options["members"]):
            self.stdout.write(f"training {order + 1} of {options['members']}")
            plan = Plan(epochs=options["epochs"], order=order)
            members.append(train(examples, vocabulary, labels, plan, self.stdout.write))
        learnt = join(members)
        write_artefact(options["out"], learnt, vocabulary, labels, {"sentences": len(sentences)})
        self._calibrate(options["out"], [s for s in corpus if s.lang == "en" and s.split == "dev"])
        self.stdout.write(f"{options['out']}: {options['out'].stat().st_size / 1e6:.1f} MB")

    def _calibrate(self, path: Path, sentences: Sequence[GoldSentence]) -> None:
        """How often the tagger is right when it is how sure: learnt on sentences that trained nothing."""
        load_reader.cache_clear()
        reader = load_reader(path)
        reader.calibration = Calibration()
        judged, _ = judge(sentences, Tagger(load_codebook(), load_registry(), reader))
        write_calibration(path, calibrate(raw_answers(judged)))
        load_reader.cache_clear()
        self.stdout.write(f"calibrated on {len(judged)} events of {len(sentences)} sentences")
