"""What the coder learns from: coded sentences turned into marked texts with their answers. Pure, deterministic.

Three questions are asked of a sentence, and one encoder learns to answer all of them:

- plain: which words carry an event, and of which type; who are its main actor and recipient; what is it mainly about?
- word: `<` and `>` stand around one word: is it an event, of which type, mode and modality, and whose?
- pair: `[` `]` stand around an actor and `{` `}` around a recipient: what does the one do to the other?
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from timeline.corpus import GoldEvent, GoldSentence
from timeline.tagging.encoder.marking import Marked, Place, mark

NONE = "NONE"
ROLE_TAGS = ("O", "B-A", "I-A", "B-R", "I-R")
COOPERATIVE = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID", "RETREAT", "CONCEDE"})
CONFLICTUAL = frozenset({"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"})
_NAME = re.compile(r"(?:[A-Z][\w’'-]+)(?: (?:[A-Z][\w’'-]+|of|and|the))* ?")
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class Example:
    """`text` with marks. `types` are the right answers (more than one: any of them), empty when not asked.

    `roles` and `triggers` are spans of `text` with what they are; None: not asked.
    """

    question: str
    text: str
    types: tuple[str, ...] = ()
    mode: str | None = None
    modality: str | None = None
    roles: tuple[tuple[int, int, str], ...] | None = None
    triggers: tuple[tuple[int, int, str], ...] | None = None


def make_examples(sentences: Sequence[GoldSentence], seed: int = 1) -> list[Example]:
    """Every example of the sentences, the same for the same sentences."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    event_words = {word for s in sentences for e in s.events for word in _WORD.findall(e.verb.text.lower())}
    made: list[Example] = []
    for sentence in sentences:
        made.append(plain_example(sentence))
        made += word_examples(sentence, event_words, chance)
        made += pair_examples(sentence, chance)
    return made


def plain_example(sentence: GoldSentence) -> Example:
    main = sentence.events[0] if sentence.events else None
    return Example(
        "plain",
        sentence.text,
        (main.type,) if main else (NONE,),
        roles=_roles(main) if main else (),
        triggers=tuple((e.verb.begin, e.verb.end, e.type) for e in sentence.events),
    )


def word_examples(sentence: GoldSentence, event_words: set[str], chance: random.Random) -> Iterator[Example]:
    """One for each event, and one or two for words that carry events elsewhere and none here.

    Of an event of several words ("imposed sanctions") half are asked by their first word alone, as grammar does.
    """
    taken = [(e.verb.begin, e.verb.end) for e in sentence.events]
    for event in sentence.events:
        end = event.verb.end
        if " " in event.verb.text and chance.random() < 0.5:
            end = event.verb.begin + event.verb.text.index(" ")
        marked = mark(sentence.text, word=(event.verb.begin, end))
        yield Example(
            "word",
            marked.text,
            (event.type,),
            f"{event.type}/{event.mode}" if event.mode else NONE,
            event.modality,
            roles=_moved(marked, _roles(event)),
        )
    words = [m for m in _WORD.finditer(sentence.text) if not any(b < m.end() and m.start() < e for b, e in taken)]
    likely = [m for m in words if m.group() in event_words] or words
    for match in chance.sample(likely, min(1 if taken else 2, len(likely))):
        yield Example("word", mark(sentence.text, word=match.span()).text, (NONE,), roles=())


def pair_examples(sentence: GoldSentence, chance: random.Random) -> Iterator[Example]:
    """One for each actor and recipient of an event, and some for pairs between which nothing happens that way round."""
    right: dict[tuple[Place, Place], str] = {}
    for event in sentence.events:
        for pair in _pairs(event):
            right.setdefault(pair, _root(event))
    for (actor, recipient), type_ in right.items():
        yield Example("pair", mark(sentence.text, actor=actor, recipient=recipient).text, (type_,))
    sides = sorted({side for pair in right for side in pair})
    if not sentence.events:
        sides = [m.span() for m in _NAME.finditer(sentence.text, 1)][:4]
    wrong = [(a, b) for a in sides for b in sides if (a, b) not in right and (a[1] <= b[0] or b[1] <= a[0])]
    for actor, recipient in chance.sample(wrong, min(1, len(wrong))):
        yield Example("pair", mark(sentence.text, actor=actor, recipient=recipient).text, (NONE,))


def _pairs(event: GoldEvent) -> Iterable[tuple[tuple[int, int], tuple[int, int]]]:
    actors = [(s.begin, s.end) for s in event.actors]
    recipients = [(s.begin, s.end) for s in event.recipients]
    pairs = [(a, r) for a in actors for r in recipients]
    if not recipients:
        pairs = [(a, b) for a in actors for b in actors if a != b]
    return [(a, b) for a, b in pairs if a[1] <= b[0] or b[1] <= a[0]]


def _root(event: GoldEvent) -> str:
    """The manual codes cooperation that is only planned as AGREE, and conflict that is only planned as THREATEN."""
    if event.modality != "planned":
        return event.type
    return "AGREE" if event.type in COOPERATIVE else "THREATEN" if event.type in CONFLICTUAL else event.type


def _roles(event: GoldEvent) -> tuple[tuple[int, int, str], ...]:
    spans = [(s.begin, s.end, "A") for s in event.actors] + [(s.begin, s.end, "R") for s in event.recipients]
    return tuple(sorted(spans))


def _moved(marked: Marked, spans: Iterable[tuple[int, int, str]]) -> tuple[tuple[int, int, str], ...]:
    return tuple((marked.moved(begin), marked.moved(end, is_end=True), what) for begin, end, what in spans)


def only(examples: Iterable[Example], question: str) -> list[Example]:
    return [replace(e) for e in examples if e.question == question]
