"""The events of one sentence as the trained coder alone sees them, without registry or grammar. Pure."""

from dataclasses import dataclass

from timeline.tagging.encoder.answers import NONE
from timeline.tagging.encoder.reading import RoleGuess, SentenceReader, WordReading

LEAST_TRIGGER = 0.3  # a word below this share is not asked about
MOST_WORDS = 5  # asked about in one sentence, the surest first


@dataclass(frozen=True, slots=True)
class Guess:
    """An event at the word begin..end; `share` is its type's probability, `share_none` that it is none."""

    begin: int
    end: int
    type: str
    share: float
    share_none: float
    mode: str
    modality: str
    actors: tuple[RoleGuess, ...]
    recipients: tuple[RoleGuess, ...]


def code_sentence(reader: SentenceReader, text: str, least: float = 0.5) -> tuple[Guess, ...]:
    """Events whose NONE is less than 1 − `least`, in the order of their words."""
    triggers = sorted(reader.read_plain([text])[0].triggers, key=lambda t: -t.share)
    places = [(t.begin, t.end) for t in triggers if t.share >= LEAST_TRIGGER][:MOST_WORDS]
    readings = reader.read_words([(text, place) for place in places])
    guesses = [guess_at(reading, *place) for reading, place in zip(readings, places, strict=True)]
    found = (guess for guess in guesses if guess.share_none <= 1 - least)
    return tuple(sorted(found, key=lambda guess: guess.begin))


def guess_at(reading: WordReading, begin: int, end: int) -> Guess:
    """The best reading of a word as an event, however unlikely it is to be one."""
    types = {type_: share for type_, share in reading.types.items() if type_ != NONE}
    type_ = max(types, key=types.__getitem__)
    modes = {name: share for name, share in reading.modes.items() if name == NONE or name.startswith(f"{type_}/")}
    mode = max(modes, key=modes.__getitem__)
    return Guess(
        begin,
        end,
        type_,
        types[type_],
        reading.types[NONE],
        "" if mode == NONE else mode.partition("/")[2],
        max(reading.modalities, key=reading.modalities.__getitem__),
        tuple(r for r in reading.roles if r.role == "A"),
        tuple(r for r in reading.roles if r.role == "R"),
    )
