"""Real sentences to be judged: drawn by a fixed seed, judged by two who do not see each other, counted. Pure.

What is kept and published holds codes and verdicts, never a text.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from timeline.corpus.agreement import kappa
from timeline.evaluation.figures import Figure, figure
from timeline.tagging import Document, Tagger, Tags
from timeline.tagging.records import EventTag

CODES = ("event", "type", "actor", "recipient", "modality", "date")
Row = Mapping[str, Any]


def draw(
    stories: Sequence[Row], tagger: Tagger, seed: int, n: int, without: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """`n` sentences that name two actors of the registry and in which an event is coded; of its events one.

    The English stories are shuffled by the seed, and from each at most one sentence is taken. `without`: ids of
    stories that were judged before.
    """
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    english = sorted((r for r in stories if r["lang"] == "en" and r["id"] not in without), key=lambda r: str(r["id"]))
    chance.shuffle(english)
    for row in english:
        if n <= 0:
            return
        title = row["title"]
        text = f"{title}\n{row['text']}" if row["text"] else title
        document = Document(text, date.fromisoformat(row["published"][:10]), "en", len(title))
        tags = tagger.tag(document)
        found = list(_events(tags))
        if found:
            n -= 1
            yield _item(row, document, chance.choice(found), tags)


def _events(tags: Tags) -> Iterator[EventTag]:
    named: dict[int, set[str]] = {}
    for sentence in tags.sentences:
        named[sentence.number] = {m.actor for m in tags.actors if sentence.begin <= m.begin < sentence.end}
    return (event for event in tags.events if len(named[event.sentence_no]) > 1)


def _stretch(event: EventTag, tags: Tags) -> str:
    """The day, or the first and last day of a week, month or year."""
    if event.occurred.precision == "unknown":
        return "on or before publication"
    begin = next((span.begin for span in event.spans if span.role == "date"), -1)
    last = next((m.last for m in tags.dates if m.begin == begin), None) or event.occurred.until or event.occurred.on
    first = event.occurred.on
    return first.isoformat() if last == first else f"{first.isoformat()} to {last.isoformat()}"


def _item(row: Row, document: Document, event: EventTag, tags: Tags) -> dict[str, Any]:
    def words(role: str) -> list[str]:
        return [span.text for span in event.spans if span.role == role]

    return {
        "id": row["id"],
        "sentence": event.sentence_no,
        "published": document.published_on.isoformat(),
        "text": document.text[event.begin : event.end],
        "before": document.text[max(0, event.begin - 400) : event.begin],
        "verb": event.verb,
        "type": event.type,
        "mode": event.mode,
        "actor": dict(zip(words("actor"), event.actors, strict=False)),
        "recipient": dict(zip(words("recipient"), event.recipients, strict=False)),
        "modality": event.modality,
        "date": _stretch(event, tags),
        "confidence": event.confidence,
    }


def published_row(item: Row, verdicts: Sequence[Row]) -> dict[str, Any]:
    """What may be kept of an item: its codes and what each judge said of them, without a word of its text."""
    return {
        "id": item["id"],
        "sentence": item["sentence"],
        "type": item["type"],
        "actors": list(item["actor"].values()),
        "recipients": list(item["recipient"].values()),
        "modality": item["modality"],
        "date": item["date"],
        "confidence": item["confidence"],
        "verdicts": [{code: bool(verdict[code]) for code in CODES} for verdict in verdicts],
        "causes": [str(verdict.get("cause", "")) for verdict in verdicts],
    }


def count(rows: Sequence[Row]) -> list[Figure]:
    """Precision of each code as each judge saw it and, with two, as both did, and how far they agree."""
    figures = []
    has_two = len(rows[0]["verdicts"]) > 1
    for code in CODES:
        for number in range(len(rows[0]["verdicts"])):
            right = [row["verdicts"][number][code] for row in rows]
            figures.append(figure(f"{code}, judge {number + 1}", right, _share))
        if has_two:
            both = [all(verdict[code] for verdict in row["verdicts"]) for row in rows]
            figures.append(figure(f"{code}, both judges", both, _share))
    if not has_two:
        return figures
    pairs = [(one[code], two[code]) for row in rows for one, two in [row["verdicts"]] for code in CODES]
    figures.append(figure("verdicts on which the judges agree", pairs, lambda some: _share(a == b for a, b in some)))
    figures.append(figure("their kappa", pairs, kappa))
    return figures


def _share(of: Iterable[bool]) -> float:
    rows = list(of)
    return sum(rows) / max(1, len(rows))
