"""Scores the coder on the field's labelled sets: one function a set, all of one shape. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from timeline.evaluation.figures import confusion, figure, macro_f1, micro_f1
from timeline.evaluation.gold import (
    QUADS,
    YIELD,
    load_codes,
    load_labels,
    load_pairs,
    load_tokens,
    load_triples,
    read_rows,
)
from timeline.evaluation.scores import WORST, Score
from timeline.tagging import Document, Tagger
from timeline.tagging.encoder.answers import NONE
from timeline.tagging.encoder.coding import Guess, code_sentence
from timeline.tagging.encoder.reading import RoleGuess, SentenceReader
from timeline.tagging.records import EventTag

UNLIKELY, LIKELY = 0.2, 0.5
_DEMANDS = re.compile(r"\b(?:demand|insist|order|ultimatum|must|instruct)", re.IGNORECASE)


Named = tuple[int, int, str]  # begin, end, country


@dataclass(frozen=True, slots=True)
class Coder:
    """What is scored: the trained part, and the tagger for whose names stand in a text."""

    reader: SentenceReader
    tagger: Tagger

    def named(self, text: str) -> tuple[Named, ...]:
        """What names a country in a text: actors of the registry ("IGO" for a body of states), places, peoples."""
        document = Document(text, date(2000, 1, 1))
        actors = self.tagger.actors.find(document, self.tagger.sentences.find(document))
        found = [(m.begin, m.end, self.country_of(m.actor)) for m in actors]
        for place in self.tagger.places.find_everywhere(document):
            if not any(begin < place.end and place.begin < end for begin, end, _ in found):
                slug = self.tagger.registry.places.get(place.place)
                found.append((place.begin, place.end, slug.country if slug else place.country))
        return tuple(sorted(one for one in found if one[2]))

    def country_of(self, slug: str) -> str:
        """ISO 3166-1 alpha-3, "IGO" for a body of states, "" for none."""
        actor = self.tagger.registry.actors[slug]
        return "IGO" if actor.kind == "international" else actor.country


def root_of(types: Mapping[str, float]) -> tuple[str, float]:
    """The likeliest of the benchmark's fifteen roots; its two yielding types are one there."""
    roots: dict[str, float] = {}
    for type_, share in types.items():
        if type_ != NONE:
            root = "YIELD" if type_ in YIELD else type_
            roots[root] = roots.get(root, 0.0) + share
    best = max(roots, key=roots.__getitem__)
    return best, roots[best] / max(1e-9, sum(roots.values()))


def score_plv(path: Path, coder: Coder) -> Score:
    rows = []
    for item in load_pairs(path):
        if item.actor:
            types = coder.reader.read_pair(item.text, item.actor, item.recipient)
        else:
            types = coder.reader.read_plain([item.text])[0].types
        root, share = root_of(types)
        rows.append((item, root, share))
    pairs = [(item.root, root) for item, root, _ in rows]
    quads = [(str(item.quad), str(QUADS[root])) for item, root, _ in rows]
    return Score(
        (figure("root macro-F1", pairs, macro_f1), figure("quad macro-F1", quads, macro_f1)),
        tuple(confusion(pairs)),
        _worst((s, f"{i.id} {i.root} taken for {r} ({s:.2f}): {i.text}") for i, r, s in rows if r != i.root),
        tuple({"id": i.id, "root": r, "quad": QUADS[r], "share": round(s, 4)} for i, r, s in rows),
    )


@dataclass(frozen=True, slots=True)
class Triple:
    """Who did what to whom by countries; `root` is "" for nothing."""

    root: str
    actors: list[str]
    recipients: list[str]


def score_gsr(path: Path, coder: Coder) -> Score:
    """Right: root, and a country of the gold's for each side that the gold names; one answer a sentence."""
    rows = []
    for item in load_triples(path):
        answer = _triple(coder, item.text)
        is_actor = not item.actors or bool(item.actors & set(answer.actors[:1]))
        is_recipient = not item.recipients or bool(item.recipients & set(answer.recipients[:1]))
        rows.append(
            (item, answer.root, answer.actors, answer.recipients, answer.root == item.root, is_actor, is_recipient)
        )

    def share(of: Callable[[Any], bool]) -> Callable[[Sequence[Any]], float]:
        return lambda some: sum(of(row) for row in some) / len(some)

    return Score(
        (
            figure("triple", rows, share(lambda r: r[4] and r[5] and r[6])),
            figure("root", rows, share(lambda r: r[4])),
            figure("actor's country", rows, share(lambda r: r[5])),
            figure("recipient's country", rows, share(lambda r: r[6])),
        ),
        tuple(confusion([(r[0].root, r[1]) for r in rows])),
        tuple(
            f"{r[0].id} {sorted(r[0].actors)} {r[0].root} {sorted(r[0].recipients)}, "
            f"coded {r[2][:1]} {r[1]} {r[3][:1]}: {r[0].text}"
            for r in rows
            if not (r[4] and r[5] and r[6])
        )[:WORST],
        tuple({"id": r[0].id, "root": r[1], "actor": r[2][:1], "recipient": r[3][:1]} for r in rows),
    )


def _triple(coder: Coder, text: str) -> Triple:
    """The sentence's first event, news having its main one first; what the trained part reads where that is none.

    The trained part decides, too, when what it takes the sentence to be mainly about is another type by far.
    """
    guesses = [(*_sides(coder, text, guess), guess) for guess in code_sentence(coder.reader, text, 0.1)]
    guesses.sort(key=lambda a: -(a[2].share + bool(a[0]) + bool(a[1])))
    types = coder.reader.read_plain([text])[0].types
    events = coder.tagger.tag(Document(text, date(2000, 1, 1), "en")).events
    first = min(events, key=_begin_of, default=None)
    if guesses:
        actors, recipients, guess = guesses[0]
        if first is None or (types.get(first.type, 0.0) < UNLIKELY and types.get(guess.type, 0.0) > LIKELY):
            return Triple(_root(guess.type), actors, recipients)
    return Triple("", [], []) if first is None else Triple(_root(first.type), *_countries(coder, text, first))


def _root(type_: str) -> str:
    return "YIELD" if type_ in YIELD else type_


def _begin_of(event: EventTag) -> int:
    return next(span.begin for span in event.spans if span.role == "verb")


def _countries(coder: Coder, text: str, event: EventTag) -> tuple[list[str], list[str]]:
    """The countries of an event's sides; of a recipient whom it does not name, those behind its word, then before."""
    actors = [coder.country_of(slug) for slug in event.actors]
    recipients = [coder.country_of(slug) for slug in event.recipients]
    if not recipients and len(actors) > 1:
        actors, recipients = actors[:1], actors[1:]
    if not recipients:
        free = [n for n in coder.named(text) if n[2] not in actors]
        behind = [n for n in free if n[0] > _begin_of(event)]
        recipients = [code for _, _, code in (*behind, *free)]
    return actors, recipients


def score_petrarch(path: Path, coder: Coder) -> Score:
    """Right: one of the gold events with both sides, or nothing where there is none.

    The suites' actors are invented, and no registry has them: a side counts as found when the country of an actor in
    it is the gold's, or when a name in it spells the gold's code (Gondor: GON).
    """
    rows = []
    for item in load_codes(path):
        guesses = sorted(code_sentence(coder.reader, item.text), key=lambda guess: -guess.share)
        guess = guesses[0] if guesses else None
        root = "" if guess is None else _root(guess.type)
        is_root = any(root == e[2] for e in item.events) if item.events else guess is None
        is_right = is_root and (
            guess is None
            or any(
                root == wanted and _spells(coder, item.text, guess, actor, recipient)
                for actor, recipient, wanted in item.events
            )
        )
        rows.append((item, root, is_root, is_right))

    return Score(
        (
            figure("triple", rows, lambda some: sum(r[3] for r in some) / len(some)),
            figure("root", rows, lambda some: sum(r[2] for r in some) / len(some)),
        ),
        tuple(confusion([(r[0].events[0][2] if r[0].events else NONE, r[1] or NONE) for r in rows])),
        tuple(f"{r[0].id} {r[0].events} coded {r[1] or NONE}: {r[0].text}" for r in rows if not r[3])[:WORST],
        tuple({"id": r[0].id, "root": r[1]} for r in rows),
    )


def _spells(coder: Coder, text: str, guess: Guess, actor: str, recipient: str) -> bool:
    actors = list(guess.actors)
    recipients = list(guess.recipients) or actors[1:]
    named = coder.named(text)
    return all(
        code == "---" or any(code in _within(named, (r,)) or _is_short_for(code, text, r) for r in roles)
        for code, roles in ((actor, actors), (recipient, recipients))
    )


def _is_short_for(code: str, text: str, role: RoleGuess) -> bool:
    """Whether a name of the span begins as the code does and holds its letters in order."""
    for name in re.findall(r"[A-Z][\w-]+", text[role.begin : role.end]):
        letters = iter(name.upper())
        if name[0] == code[0] and all(letter in letters for letter in code):
            return True
    return False


def _sides(coder: Coder, text: str, guess: Guess) -> tuple[list[str], list[str]]:
    """The countries of either side. A side in whose words none is named has that of the name nearest to its place.

    The set gives each side a country wherever the sentence does: "tribal elders" are of the one country it speaks of.
    """
    named = coder.named(text)
    reciprocal = not guess.recipients and len(guess.actors) > 1  # the second stands for the other side
    on_actors, on_recipients = (guess.actors[:1], guess.actors[1:]) if reciprocal else (guess.actors, guess.recipients)
    actors = _within(named, guess.actors)
    recipients = _within(named, on_recipients)
    free = [n for n in named if not _within((n,), (*on_actors, *on_recipients))]
    if not actors:
        place = guess.actors[0].begin if guess.actors else guess.begin
        actors = [n[2] for n in sorted(free or named, key=lambda n: abs(n[0] - place))]
    if not recipients:
        behind = [n[2] for n in free if n[0] > guess.begin]
        recipients = [code for code in (*behind, *(n[2] for n in free)) if code not in actors[:1]]
    return actors, recipients


def _within(named: Iterable[Named], roles: Iterable[RoleGuess]) -> list[str]:
    return [code for role in roles for begin, end, code in named if begin < role.end and role.begin < end]


def score_coped(path: Path, coder: Coder) -> Score:
    """The spans or the quads that a file holds; all files of a folder."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    scores = [
        (score_coped_spans if "tokens" in next(read_rows(file), {}) else score_coped_quads)(file, coder)
        for file in files
    ]
    return Score(
        tuple(f for score in scores for f in score.figures),
        tuple(line for score in scores for line in score.confusion),
        tuple(line for score in scores for line in score.worst),
        tuple(row for score in scores for row in score.predictions),
    )


def score_coped_spans(path: Path, coder: Coder) -> Score:
    """Exact spans of the main event's actor and recipient; micro-F1 of each."""
    rows = []
    for item in load_tokens(path):
        roles = coder.reader.read_plain([item.text])[0].roles
        sides = {side: _surest(r for r in roles if r.role == side) for side in "AR"}
        rows.append((item, sides["A"], sides["R"]))
    actors = [(len(i.actors & a), len(a), len(i.actors)) for i, a, _ in rows]
    recipients = [(len(i.recipients & r), len(r), len(i.recipients)) for i, _, r in rows]
    return Score(
        (figure("actor span F1", actors, micro_f1), figure("recipient span F1", recipients, micro_f1)),
        (),
        tuple(
            f"{i.id} {_words(i.text, i.actors)} → {_words(i.text, i.recipients)}, found {_words(i.text, a)} → "
            f"{_words(i.text, r)}: {i.text}"
            for i, a, r in rows
            if a != i.actors or r != i.recipients
        )[:WORST],
        tuple({"id": i.id, "actors": sorted(a), "recipients": sorted(r)} for i, a, r in rows),
    )


def _surest(roles: Iterable[RoleGuess]) -> frozenset[tuple[int, int]]:
    """The set marks one main actor and one recipient."""
    best = max(roles, key=lambda role: role.share, default=None)
    return frozenset() if best is None else frozenset({(best.begin, best.end)})


def score_coped_quads(path: Path, coder: Coder) -> Score:
    """Quad class of a sentence, 0 for none. An appeal (CAMEO 02) is 0 in that scheme, a demand (CAMEO 10) 3."""
    rows = []
    for item in load_labels(path, "quad"):
        quad, share = quad_of(coder.reader.read_plain([item.text])[0].types, item.text)
        rows.append((item, quad, share))
    pairs = [(item.label, quad) for item, quad, _ in rows]
    return Score(
        (figure("macro-F1 of 5 classes", pairs, macro_f1),),
        tuple(confusion(pairs)),
        _worst((s, f"{i.id} {i.label} taken for {q} ({s:.2f}): {i.text}") for i, q, s in rows if q != i.label),
        tuple({"id": i.id, "quad": int(q), "share": round(s, 4)} for i, q, s in rows),
    )


def quad_of(types: Mapping[str, float], text: str) -> tuple[str, float]:
    shares = dict.fromkeys("01234", 0.0)
    for type_, share in types.items():
        shares[quad_of_type(type_, text)] += share
    best = max(shares, key=shares.__getitem__)
    return best, shares[best]


def quad_of_type(type_: str, text: str) -> str:
    """The class of a type in a text, in CAMEO's five: reducing relations (16) is a verbal conflict there."""
    if type_ == NONE or (type_ == "REQUEST" and not _DEMANDS.search(text)):
        return "0"
    if type_ == "SANCTION":
        return "3"
    return str(QUADS["YIELD" if type_ in YIELD else type_])


def _words(text: str, places: Any) -> list[str]:
    return [text[begin:end] for begin, end in sorted(places)]


def _worst(found: Any) -> tuple[str, ...]:
    """The surest errors first."""
    return tuple(line for _, line in sorted(found, key=lambda pair: -pair[0])[:WORST])


def overlap(one: RoleGuess, begin: int, end: int) -> int:
    return max(0, min(one.end, end) - max(one.begin, begin))
