"""Scores the whole tagger (grammar, codebook, registry, trained coder) on our own corpus, code by code. Pure.

What the registry does not know cannot be coded, so it is precision that counts: of the events that the tagger codes,
how many have the right words, type, actor, recipient, modality and day. Recall is of the events whose actor and
recipient (if there is one) the registry knows. Who says so is judged at the words of all the gold's events, whether
they are coded or not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from timeline.corpus import GoldEvent, GoldSentence
from timeline.corpus.records import Span
from timeline.evaluation.figures import figure
from timeline.evaluation.scores import Score
from timeline.tagging import Document, Tagger, Tags
from timeline.tagging.records import EventTag, speaker_of

CODES = ("type", "actor", "recipient", "modality", "date")


@dataclass(frozen=True, slots=True)
class Judged:
    """One coded event beside the gold event whose word it shares (None: nothing happens there).

    `right`: code → whether it is right; with no gold event nothing is. `raw`: what the tagger thought of each.
    """

    tag: EventTag
    text: str
    gold: GoldEvent | None
    right: dict[str, bool]

    @property
    def is_right(self) -> bool:
        return all(self.right[code] for code in ("type", "actor", "recipient"))


@dataclass(frozen=True, slots=True)
class Read:
    """A document of the corpus with its tags; the offsets of `events`, the gold's, are of the document."""

    document: Document
    events: tuple[GoldEvent, ...]
    tags: Tags


@dataclass(frozen=True, slots=True)
class Told:
    """A gold event: whether the gold names who says so, whether the tagger does, and whether they share words."""

    is_wanted: bool
    is_named: bool
    is_right: bool


def judge(sentences: Sequence[GoldSentence], tagger: Tagger) -> tuple[list[Judged], list[tuple[int, int, int]]]:
    """Every coded event, judged; and of each document (events right, coded, to be had)."""
    return _judged([_read(group, tagger) for group in _documents(sentences)])


def _judged(reads: Sequence[Read]) -> tuple[list[Judged], list[tuple[int, int, int]]]:
    judged: list[Judged] = []
    counts = []
    for read in reads:
        own = list(_judge(read))
        judged += own
        found = sum(_is_known(event, read.tags) for event in read.events)
        counts.append((sum(j.is_right for j in own), len(own), found))
    return judged, counts


def score_whole(sentences: Sequence[GoldSentence], tagger: Tagger) -> Score:
    reads = [_read(group, tagger) for group in _documents(sentences)]
    judged, counts = _judged(reads)
    told = [_told(read.tags, event) for read in reads for event in read.events]

    figures = [figure("an event there, precision", judged, lambda some: _share(j.gold is not None for j in some))]
    figures += [figure(f"{code}, precision", judged, _precision(code)) for code in CODES]
    figures.append(figure("type and both sides, precision", judged, lambda some: _share(j.is_right for j in some)))
    figures.append(
        figure("type and both sides, recall", counts, lambda s: sum(c[0] for c in s) / max(1, sum(c[2] for c in s)))
    )
    if sentences and sentences[0].lang == "en":  # elsewhere speakers stand in the events alone
        figures.append(
            figure("who says so, precision", told, lambda some: _share(t.is_right for t in some if t.is_named))
        )
        figures.append(
            figure("who says so, recall", told, lambda some: _share(t.is_right for t in some if t.is_wanted))
        )
    figures.append(figure("calibration error of the confidence", judged, calibration_error))
    wrong = sorted((j for j in judged if not j.is_right), key=lambda j: -j.tag.confidence)
    return Score(
        tuple(figures),
        (),
        tuple(_line(j) for j in wrong[:15]),
        tuple(
            {
                "text": j.text,
                "type": j.tag.type,
                "actors": j.tag.actors,
                "recipients": j.tag.recipients,
                "right": j.right,
                "confidence": j.tag.confidence,
            }
            for j in judged
        ),
    )


def calibration_error(judged: Sequence[Judged], bins: int = 10) -> float:
    """Mean distance between confidence and share of right events over bins of equal size (Naeini et al. 2015)."""
    rows = sorted(((j.tag.confidence, j.is_right) for j in judged), key=lambda row: row[0])
    size = max(1, -(-len(rows) // bins))
    parts = [rows[at : at + size] for at in range(0, len(rows), size)]
    return sum(abs(sum(c for c, _ in part) - sum(r for _, r in part)) for part in parts) / max(1, len(rows))


def _documents(sentences: Iterable[GoldSentence]) -> Iterator[list[GoldSentence]]:
    """A sentence alone is a document; the sentences of an article are one."""
    for article, group in groupby(sentences, key=lambda s: (s.topic, s.published_on, s.article)):
        if article[2]:
            yield list(group)
        else:
            yield from ([sentence] for sentence in group)


def _document(group: Sequence[GoldSentence]) -> tuple[Document, list[int]]:
    """The text, and where each sentence begins in it."""
    begins, parts, at = [], [], 0
    for before, sentence in zip((None, *group), group, strict=False):
        if before is not None:
            gap = "\n" if before.text == sentence.article or before.paragraph != sentence.paragraph else " "
            parts.append(gap)
            at += 1
        begins.append(at)
        parts.append(sentence.text)
        at += len(sentence.text)
    first = group[0]
    title_end = len(first.text) if first.article == first.text else 0
    return Document("".join(parts), first.published_on, first.lang, title_end), begins


def _read(group: Sequence[GoldSentence], tagger: Tagger) -> Read:
    document, begins = _document(group)
    events = tuple(_moved(e, begin) for s, begin in zip(group, begins, strict=True) for e in s.events)
    return Read(document, events, tagger.tag(document))


def _judge(read: Read) -> Iterator[Judged]:
    for tag in read.tags.events:
        verb = next(span for span in tag.spans if span.role == "verb")
        own = [e for e in read.events if e.verb.begin < verb.end and verb.begin < e.verb.end]
        event = max(own, key=lambda e: e.type == tag.type, default=None)
        yield Judged(tag, read.document.text[tag.begin : tag.end], event, _compare(tag, event))


def _told(tags: Tags, event: GoldEvent) -> Told:
    """What an actor says of itself has no speaker, in the gold as in an event."""
    speaker = speaker_of(tags.speakers, event.verb.begin)
    if speaker and any(a.begin < speaker.end and speaker.begin < a.end for a in event.actors):
        speaker = None
    wanted = event.speaker
    is_right = bool(speaker and wanted and wanted.begin < speaker.end and speaker.begin < wanted.end)
    return Told(wanted is not None, speaker is not None, is_right)


def _compare(tag: EventTag, event: GoldEvent | None) -> dict[str, bool]:
    if event is None:
        return dict.fromkeys(CODES, False)
    actors, recipients = event.actors, event.recipients
    if not recipients and len(actors) > 1:  # what is mutual may be told with the other as its recipient
        recipients = actors
    return {
        "type": tag.type == event.type,
        "actor": _sides_fit(tag, "actor", actors),
        "recipient": _sides_fit(tag, "recipient", recipients),
        "modality": tag.modality == event.modality,
        "date": event.date is None or event.date.value.startswith(tag.occurred.on.isoformat()[: len(event.date.value)]),
    }


def _sides_fit(tag: EventTag, role: str, gold: Sequence[Span]) -> bool:
    """Whether each party that was coded stands in a party of the gold; an antecedent's words are not looked at."""
    spans = [span for span in tag.spans if span.role == role]
    return all(any(g.begin < s.end and s.begin < g.end for g in gold) for s in spans)


def _is_known(event: GoldEvent, tags: Tags) -> bool:
    known = [(m.begin, m.end) for m in tags.actors] + [(m.begin, m.end) for m in tags.places if m.place]
    sides = [event.actors, event.recipients] if event.recipients else [event.actors]
    return all(any(first < g.end and g.begin < end for first, end in known for g in side) for side in sides)


def _moved(event: GoldEvent, by: int) -> GoldEvent:
    def moved(span: Span) -> Span:
        return replace(span, begin=span.begin + by, end=span.end + by)

    return replace(
        event,
        verb=moved(event.verb),
        actors=tuple(map(moved, event.actors)),
        recipients=tuple(map(moved, event.recipients)),
        speaker=moved(event.speaker) if event.speaker else None,
    )


def raw_answers(judged: Sequence[Judged]) -> dict[str, list[tuple[float, bool]]]:
    """Code → what an uncalibrated tagger thought of its answers, and whether they are right."""
    codes = ("type", "actor", "recipient")
    answers = {code: [(j.tag.confidences[code], j.right[code]) for j in judged] for code in codes}
    return {**answers, "event": [(j.tag.confidence, j.is_right) for j in judged]}


def _precision(code: str) -> Callable[[Sequence[Judged]], float]:
    return lambda some: _share(j.right[code] for j in some)


def _share(of: Iterable[bool]) -> float:
    rows = list(of)
    return sum(rows) / max(1, len(rows))


def _line(judged: Judged) -> str:
    tag, gold = judged.tag, judged.gold
    wrong = "no event there" if gold is None else ", ".join(c for c, right in judged.right.items() if not right)
    coded = f"{', '.join(tag.actors)} {tag.type} {', '.join(tag.recipients)}"
    return f"{tag.confidence:.2f} {coded} ({tag.verb}), wrong: {wrong}: {judged.text}"
