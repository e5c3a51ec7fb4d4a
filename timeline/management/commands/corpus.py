"""Checks corpus files and says what is in them."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.registry.files import MalformedFile
from timeline.corpus import GoldSentence, find_look_alikes, load_corpus, parse_file
from timeline.tagging.codebook import load_codebook


class Command(BaseCommand):
    help = "Checks the labelled corpus (or the files named) and counts what is in it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        try:
            named = [s for path in files for s in parse_file(path)] if files else list(load_corpus())
        except (MalformedFile, OSError) as error:
            raise CommandError(str(error)) from error
        alike = find_look_alikes(named)
        for one, other, share in alike:
            self.stdout.write(f"too much alike ({share}): {one} and {other}")
        for line in describe(named):
            self.stdout.write(line)
        if alike:
            raise CommandError(f"{len(alike)} pairs of sentences are too much alike")


def describe(sentences: list[GoldSentence]) -> list[str]:
    """Counts for people: sentences, events by type and modality, verbs that lead too often."""
    events = [event for s in sentences for event in s.events]
    types = Counter(event.type for event in events)
    missing = [name for name in load_codebook().kinds if name not in types]
    verbs = Counter(event.verb.text.lower() for event in events)
    none = sum(not s.events for s in sentences)
    return [
        f"{len(sentences)} sentences, {none} without an event, {len(events)} events",
        "types: " + ", ".join(f"{name} {n}" for name, n in types.most_common()),
        "modality: " + ", ".join(f"{name} {n}" for name, n in Counter(e.modality for e in events).most_common()),
        f"types that are missing: {', '.join(missing) or 'none'}",
        "words that carry most events: " + ", ".join(f"{verb} {n}" for verb, n in verbs.most_common(8)),
    ]
