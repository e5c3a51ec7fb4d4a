"""manage.py tag: what the coder sees in a text, without a database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from articles.ingest.language import detect_language
from timeline.evaluation.gold import read_rows
from timeline.tagging import Document, Tagger, Tags, load_codebook
from timeline.tagging.entities import propose_actors
from timeline.tagging.plain import entities_as_row, tags_as_row
from timeline.tagging.records import EntityMention, EventTag, NumberMention, RoleSpan
from timeline.tagging.registry_files import load_registry

ROLE_COLOURS = {
    "actor": "36",
    "recipient": "35",
    "verb": "1;33",
    "place": "32",
    "date": "34",
    "number": "31",
    "speaker": "90",
    "cue": "90",
}


class Command(BaseCommand):
    help = (
        "Tags a text file, standard input (-) or JSONL of many (id, text, title, published, lang): who did what to "
        "whom, with the words of each. Needs no database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a text, a .jsonl of many, or - for standard input")
        parser.add_argument("--published", type=_day, metavar="DATE", help="publication day, such as 2025-06-23")
        parser.add_argument("--lang", default="", help="ISO 639-1 code; without it the language is detected")
        parser.add_argument("--title", default="", help="the headline, when the text does not begin with it")
        parser.add_argument(
            "--entities", action="store_true", help="all that the text names and describes; new names propose actors"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line, offsets in characters")

    def handle(self, *args: Any, **options: Any) -> None:
        tagger = Tagger(load_codebook(), load_registry())
        try:
            for name, document in _documents(options):
                if options["entities"]:
                    self._write_entities(name, tagger.find_entities(document), as_json=options["json"])
                    continue
                tags = tagger.tag(document)
                if options["json"]:
                    self.stdout.write(json.dumps(tags_as_row(name, tags), ensure_ascii=False))
                    continue
                for line in describe(document, tags, in_colour=not options["no_color"] and self.stdout.isatty()):
                    self.stdout.write(line)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options['file']}: {error}") from error

    def _write_entities(self, name: str, entities: Sequence[EntityMention], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(entities_as_row(name, entities), ensure_ascii=False))
            return
        for one in entities:
            self.stdout.write(
                f"{one.begin:6} {one.kind:12} {one.form:11} {one.text}{f' = {one.ref}' if one.ref else ''}"
            )
        proposed = ", ".join(f"{text} ({kind}, {n})" for text, kind, n in propose_actors(entities))
        self.stdout.write(f"names that the registry lacks: {proposed or 'none'}")


def describe(document: Document, tags: Tags, *, in_colour: bool) -> Iterator[str]:
    """For people: each event with its sentence, the words of its roles in colour."""
    if tags.reason:
        yield f"No event is coded: {tags.reason}."
    for event in tags.events:
        sides = f"{', '.join(event.actors)} → {', '.join(event.recipients) or '–'}"
        mode = f"/{event.mode}" if event.mode else ""
        when = f"{event.modality}, {event.occurred.on} ({event.occurred.precision}), {event.confidence:.2f}"
        yield f"{event.type}{mode}  {sides}  {when}"
        yield "  " + _painted(document.text, event, in_colour)
        for why in event.why:
            yield f"  {why}"
        yield ""
    if not tags.events and not tags.reason:
        yield "No event was found."
    names = sorted({m.actor for m in tags.actors})
    yield f"actors: {', '.join(names) or 'none'}"
    yield f"places: {', '.join(sorted({m.place for m in tags.places if m.place})) or 'none'}"
    more = {f"{m.text} ({m.kind}, {m.latitude:.2f}, {m.longitude:.2f})": None for m in tags.places if not m.place}
    yield f"places of the gazetteer: {', '.join(more) or 'none'}"
    yield f"dates: {', '.join(f'{m.text} = {m.value}' for m in tags.dates) or 'none'}"
    yield f"numbers: {', '.join(f'{m.text} = {_counted(m)}' for m in tags.numbers) or 'none'}"


def _counted(number: NumberMention) -> str:
    """Value, kind and unit for people; which way an approximate number is off is in its words."""
    upper = "" if number.high is None else f"–{number.high:.15g}"
    about = "about " if number.is_approximate else ""
    return f"{about}{number.value:.15g}{upper} {number.kind}{' ' + number.unit if number.unit else ''}"


def _painted(text: str, event: EventTag, in_colour: bool) -> str:
    parts, at = [], event.begin
    numbers = [RoleSpan("number", n.begin, n.end, n.text, n.kind) for n in event.numbers]
    for span in sorted((*event.spans, *numbers), key=lambda span: (span.begin, -span.end)):
        if span.begin < at or span.end > event.end:
            continue
        words = text[span.begin : span.end]
        parts += [
            text[at : span.begin],
            f"\033[{ROLE_COLOURS[span.role]}m{words}\033[0m" if in_colour else f"[{span.role}: {words}]",
        ]
        at = span.end
    return "".join([*parts, text[at : event.end]]).replace("\n", " ")


def _documents(options: dict[str, Any]) -> Iterator[tuple[str, Document]]:
    if options["file"].endswith(".jsonl"):
        for number, row in enumerate(read_rows(Path(options["file"])), 1):
            published = row.get("published") or options["published"]
            if not published:
                raise ValueError(f"line {number} has no published day; give --published")
            on = published if isinstance(published, date) else _day(str(published)[:10])
            yield str(row.get("id", number)), _document(row.get("title") or "", row["text"], on, row.get("lang") or "")
        return
    if not options["published"]:
        raise ValueError("give --published DATE: days such as 'Monday' are counted from it")
    stream: TextIO = sys.stdin
    text = stream.read() if options["file"] == "-" else Path(options["file"]).read_text(encoding="utf-8")
    yield options["file"], _document(options["title"], text, options["published"], options["lang"])


def _document(title: str, text: str, published_on: date, lang: str) -> Document:
    whole = f"{title}\n{text}" if title else text
    return Document(whole, published_on, lang or detect_language(whole), len(title))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day such as 2025-06-23") from None
