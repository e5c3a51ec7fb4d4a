"""Scores numbers and dates on our own corpus, in any language: what a text counts, when it happened. Pure."""

from collections.abc import Sequence

from timeline.corpus import GoldSentence, Span
from timeline.evaluation.figures import figure, micro_f1
from timeline.evaluation.scores import WORST, Score
from timeline.tagging.date_values import bounds
from timeline.tagging.dates import DateFinder
from timeline.tagging.numbers import NumberFinder, read_value
from timeline.tagging.records import DateMention, Document, NumberMention
from timeline.tagging.sentences import SentenceFinder

Counts = tuple[int, int, int]
FOUND = "number found with value and kind"


def score_counts(sentences: Sequence[GoldSentence]) -> Score:
    """Recall over coded numbers, precision over the kinds that a sentence codes, and dates found with their days.

    A coded count without a number word ("a guard") is no number and is left out; what an own word reads as alone is
    the value that it must have in its sentence.
    """
    rows = [(sentence, *_find(sentence)) for sentence in sentences]
    numbers = [(s, span, found) for s, found, _ in rows for e in s.events for span in e.numbers if _is_number(s, span)]
    dates = [(s, e.date, found) for s, _, found in rows for e in s.events if e.date]
    kinds = sorted({span.value for _, span, _ in numbers})
    return Score(
        (
            figure(f"{FOUND}, recall", [(_is_found(s, n, f), 1, 1) for s, n, f in numbers], micro_f1),
            figure(f"{FOUND}, precision", [c for s, f, _ in rows if (c := _precision(s, f))[1]], _share),
            figure("date found with its days, share", [(_is_dated(d, f), 1, 1) for _, d, f in dates], micro_f1),
        ),
        tuple(_by_kind(kind, numbers) for kind in kinds),
        _worst(rows, numbers, dates),
        tuple(
            {"id": s.id, "numbers": [[n.begin, n.end, n.value, n.kind] for n in f],
             "dates": [[d.begin, d.end, d.value] for d in ds]} for s, f, ds in rows
        ),
    )  # fmt: skip


def _worst(
    rows: Sequence[tuple[GoldSentence, Sequence[NumberMention], Sequence[DateMention]]],
    numbers: Sequence[tuple[GoldSentence, Span, Sequence[NumberMention]]],
    dates: Sequence[tuple[GoldSentence, Span, Sequence[DateMention]]],
) -> tuple[str, ...]:
    """Up to fifteen of each kind of error: numbers missed, numbers too many, dates with other days."""
    missed = [
        f"{s.id} {n.text!r} = {n.value}, found {_said(n, f)}: {s.text}" for s, n, f in numbers if not _is_found(s, n, f)
    ]
    wrong = [f"{s.id} {w.text!r} wrongly {w.kind}: {s.text}" for s, f, _ in rows for w in _wrong(s, f)]
    others = [
        f"{s.id} {d.text!r} = {d.value} ({s.published_on}), found "
        f"{[m.value for m in f if m.begin < d.end and d.begin < m.end]}: {s.text}"
        for s, d, f in dates
        if not _is_dated(d, f)
    ]
    return (*missed[:WORST], *wrong[:WORST], *others[:WORST])


def _find(sentence: GoldSentence) -> tuple[tuple[NumberMention, ...], tuple[DateMention, ...]]:
    document = Document(sentence.text, sentence.published_on, sentence.lang)
    sentences = SentenceFinder().find(document)
    dates = DateFinder().find(document, sentences)
    return NumberFinder().find(document, sentences, dates), dates


def _is_number(sentence: GoldSentence, span: Span) -> bool:
    return read_value(span.text, sentence.lang) is not None


def _is_found(sentence: GoldSentence, span: Span, found: Sequence[NumberMention]) -> bool:
    value = read_value(span.text, sentence.lang)
    return any(n.kind == span.value and n.value == value for n in found if n.begin < span.end and span.begin < n.end)


def _wrong(sentence: GoldSentence, found: Sequence[NumberMention]) -> list[NumberMention]:
    """Counts of a kind that the sentence codes, or of a coded number, that are not what is coded."""
    coded = [span for event in sentence.events for span in event.numbers]
    kinds = {span.value for span in coded}
    return [
        n
        for n in found
        if (n.kind in kinds or any(n.begin < s.end and s.begin < n.end for s in coded))
        and not any(n.kind == s.value and n.begin < s.end and s.begin < n.end for s in coded)
    ]


def _precision(sentence: GoldSentence, found: Sequence[NumberMention]) -> Counts:
    coded = [span for event in sentence.events for span in event.numbers]
    right = sum(any(n.kind == s.value and n.begin < s.end and s.begin < n.end for s in coded) for n in found)
    return right, right + len(_wrong(sentence, found)), 0


def _share(counts: Sequence[Counts]) -> float:
    return sum(right for right, _, _ in counts) / max(1, sum(all_ for _, all_, _ in counts))


def _by_kind(kind: str, numbers: Sequence[tuple[GoldSentence, Span, Sequence[NumberMention]]]) -> str:
    own = [_is_found(s, n, f) for s, n, f in numbers if n.value == kind]
    return f"{sum(own):4} of {len(own)} {kind} found"


def _said(span: Span, found: Sequence[NumberMention]) -> str:
    return "; ".join(f"{n.value:g} {n.kind}" for n in found if n.begin < span.end and span.begin < n.end) or "nothing"


def _is_dated(gold: Span, found: Sequence[DateMention]) -> bool:
    """Whether a date that overlaps the gold's means the same days; a part of a day is that day."""
    return any(m.begin < gold.end and gold.begin < m.end and (m.first, m.last) == bounds(gold.value)[:2] for m in found)
