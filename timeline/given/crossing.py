"""Cross-validation: each sentence answered by a coder that learnt from the other folds alone. Pure."""

from collections.abc import Callable, Mapping, Sequence

from timeline.given.folds import deal
from timeline.given.lessons import Lesson, letters
from timeline.tagging.encoder.marking import Place
from timeline.tagging.encoder.reading import PlainReading, SentenceReader, WordReading
from timeline.training.examples import Example

Learn = Callable[[Sequence[Example]], SentenceReader]


class Crossing:
    """A reader that asks, for each sentence, the one that has not seen it. Raises KeyError for an unknown sentence."""

    def __init__(self, readers: Mapping[str, SentenceReader]) -> None:
        """`readers`: the letters of a sentence → who answers for it."""
        self._readers = readers

    def read_plain(self, texts: Sequence[str]) -> list[PlainReading]:
        return [self._readers[letters(text)].read_plain([text])[0] for text in texts]

    def read_words(self, words: Sequence[tuple[str, Place]]) -> list[WordReading]:
        return [self._readers[letters(text)].read_words([(text, word)])[0] for text, word in words]

    def read_pair(self, text: str, actor: Place, recipient: Place | None) -> Mapping[str, float]:
        return self._readers[letters(text)].read_pair(text, actor, recipient)


def cross(lessons: Sequence[Lesson], n_folds: int, learn: Learn, also: Sequence[Lesson] = ()) -> Crossing:
    """`learn` is called once a fold, with the examples of all other folds, and those of `also` that are in none."""
    own = {lesson.key for lesson in lessons}
    others = [lesson for lesson in also if lesson.key not in own]
    readers: dict[str, SentenceReader] = {}
    for fold in deal(lessons, n_folds):
        learnt = [lesson for lesson in lessons if lesson.key not in fold]
        reader = learn([e for lesson in (*learnt, *others) for e in lesson.examples])
        readers |= dict.fromkeys(fold, reader)
    return Crossing(readers)


def taught_by(lessons: Sequence[Lesson], asked: Sequence[Lesson], learn: Learn) -> SentenceReader:
    """A reader that learnt from the lessons, but for those whose sentences are asked."""
    held_out = {lesson.key for lesson in asked}
    return learn([e for lesson in lessons if lesson.key not in held_out for e in lesson.examples])
