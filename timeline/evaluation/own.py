"""Scores the coder on our own corpus: whether it finds the events of a split, and how it codes those given. Pure."""

from collections.abc import Iterable, Sequence

from timeline.corpus import GoldEvent, GoldSentence
from timeline.evaluation.counts import score_counts
from timeline.evaluation.field import Coder, overlap
from timeline.evaluation.figures import confusion, figure, macro_f1, micro_f1
from timeline.evaluation.scores import Score
from timeline.tagging.encoder.coding import Guess, code_sentence, guess_at
from timeline.tagging.encoder.reading import RoleGuess

Counts = tuple[int, int, int]


def score_corpus(sentences: Sequence[GoldSentence], coder: Coder) -> Score:
    """Events of English, numbers and dates of every language; the sentences are of one language."""
    counts = score_counts(sentences)
    if not sentences or sentences[0].lang != "en":
        return counts
    events = score_own(sentences, coder)
    return Score(
        events.figures + counts.figures,
        events.confusion + counts.confusion,
        events.worst + counts.worst,
        tuple({**event, **count} for event, count in zip(events.predictions, counts.predictions, strict=True)),
    )


def score_own(sentences: Sequence[GoldSentence], coder: Coder) -> Score:
    """Found: an event whose word overlaps the gold's and whose type is right; sides by overlapping spans."""
    found: list[Counts] = []
    any_: list[Counts] = []
    sides: dict[str, list[Counts]] = {"A": [], "R": []}
    exact: dict[str, list[Counts]] = {"A": [], "R": []}
    types: list[tuple[str, str]] = []
    modes: list[tuple[str, str]] = []
    modalities: list[tuple[str, str]] = []
    worst: list[tuple[float, str]] = []
    predictions = []
    for sentence in sentences:
        guesses = code_sentence(coder.reader, sentence.text)
        matched = [(e, g) for e in sentence.events for g in guesses if _meet(e, g)]
        found.append((sum(e.type == g.type for e, g in matched), len(guesses), len(sentence.events)))
        any_.append((len(matched), len(guesses), len(sentence.events)))
        worst += [
            (g.share, f"{sentence.id} nothing taken for {g.type} ({g.share:.2f}): {sentence.text}")
            for g in guesses
            if not any(_meet(e, g) for e in sentence.events)
        ]
        places = [(event.verb.begin, event.verb.end) for event in sentence.events]
        readings = coder.reader.read_words([(sentence.text, place) for place in places])
        for event, place, reading in zip(sentence.events, places, readings, strict=True):
            guess = guess_at(reading, *place)
            types.append((event.type, guess.type))
            modes.append((event.mode or "-", guess.mode or "-"))
            modalities.append((event.modality, guess.modality))
            for side, gold, said in (("A", event.actors, guess.actors), ("R", event.recipients, guess.recipients)):
                spans = [(s.begin, s.end) for s in gold]
                sides[side].append(_count(spans, said, exact=False))
                exact[side].append(_count(spans, said, exact=True))
            if guess.type != event.type:
                line = f"{sentence.id} {event.type} taken for {guess.type} ({guess.share:.2f}): {sentence.text}"
                worst.append((guess.share, line))
        predictions.append({"id": sentence.id, "events": [_row(sentence, g) for g in guesses]})
    return Score(
        (
            figure("event found, F1", any_, micro_f1),
            figure("event found with its type, F1", found, micro_f1),
            figure("type of a given word, macro-F1", types, macro_f1),
            figure("type of a given word, accuracy", types, _accuracy),
            figure("mode, accuracy", modes, _accuracy),
            figure("modality, accuracy", modalities, _accuracy),
            figure("modality, macro-F1", modalities, macro_f1),
            figure("actor, F1", sides["A"], micro_f1),
            figure("recipient, F1", sides["R"], micro_f1),
            figure("actor exact, F1", exact["A"], micro_f1),
            figure("recipient exact, F1", exact["R"], micro_f1),
        ),
        tuple(confusion(types)),
        tuple(line for _, line in sorted(worst, key=lambda pair: -pair[0])[:15]),
        tuple(predictions),
    )


def _meet(event: GoldEvent, guess: Guess) -> bool:
    return guess.begin < event.verb.end and event.verb.begin < guess.end


def _count(gold: Sequence[tuple[int, int]], said: Iterable[RoleGuess], *, exact: bool) -> Counts:
    guesses = list(said)
    right = sum(any((g.begin, g.end) == span if exact else overlap(g, *span) for g in guesses) for span in gold)
    return right, len(guesses), len(gold)


def _accuracy(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(wanted == said for wanted, said in pairs) / max(1, len(pairs))


def _row(sentence: GoldSentence, guess: Guess) -> dict[str, object]:
    return {
        "word": [guess.begin, guess.end],
        "type": guess.type,
        "mode": guess.mode,
        "modality": guess.modality,
        "actors": [[r.begin, r.end] for r in guess.actors],
        "recipients": [[r.begin, r.end] for r in guess.recipients],
        "share": round(guess.share, 4),
    }
