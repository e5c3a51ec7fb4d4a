"""Candidates weighed by the trained coder: kept, coded otherwise, dropped, or joined by what only it saw. Pure.

Grammar and codebook say which words may be events and whose (candidates); the trained coder, which has read the
corpus, says how likely each is, and of which type. Where they agree the event is sure; where they do not, the surer one
wins and the event says so.
"""

from __future__ import annotations  # spaCy's types are named, never needed, when this runs

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timeline.tagging.candidates import DEMAND, Candidate, CandidateFinder, tokens_of
from timeline.tagging.clauses import Clauses, Party
from timeline.tagging.codebook import Codebook, Frame
from timeline.tagging.encoder.coding import Guess, guess_at
from timeline.tagging.encoder.marking import Place
from timeline.tagging.encoder.reading import PlainReading, Reader, RoleGuess, TriggerGuess, WordReading

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SURE_NONE = 0.6  # above it a candidate of the grammar is dropped
SURE_OTHER = 0.6  # above it another type takes the codebook's place
SURE_OTHER_SPECIAL = 0.9  # and that of a line with conditions of its own, such as an object
SURE_MODALITY = 0.75
SURE_ALONE = 0.5  # above it an event needs no recipient whom the registry knows
# What the trained coder alone must reach: judged on real news, it errs most.
NEW_TRIGGER, NEW_NONE, NEW_SIDE = 0.75, 0.1, 0.6
NEW_SURE = 0.85  # above it the trained coder alone may leave any type without a recipient whom the registry knows
SURE_DEMAND = 0.8  # what "must" and a speaker make a demand: eight of nine such sentences of the corpus
BEFORE_NOUNS = frozenset({"amod", "compound", "nmod", "npadvmod", "poss"})
CONFLICT = 4  # quad class: material conflict
RECIPROCAL = frozenset({"CONSULT", "COOPERATE", "AGREE"})
DEEDS = frozenset({"VERB", "NOUN", "PROPN", "ADJ"})  # parts of speech that can name a deed; "not" and "over" cannot
ALONE = frozenset({"PROTEST", "MOBILIZE", "REQUEST", "RETREAT", "REJECT"})
NEW_ALONE = frozenset({"PROTEST", "MOBILIZE"})  # and those that the trained coder alone may leave without a recipient


@dataclass(frozen=True, slots=True)
class Sifted:
    """A parsed sentence with what grammar and codebook found in it."""

    doc: Doc
    clauses: Clauses
    candidates: tuple[Candidate, ...]
    tops: Mapping[str, str]  # for whom each actor stands

    def acting(self, parties: Iterable[Party], type_: str) -> list[Party]:
        """Those who act for their side: a people does so only when it protests."""
        return [p for p in parties if p.token not in self.clauses.bystanders or type_ == "PROTEST"]

    def others(self, parties: Iterable[Party], actors: Iterable[Party]) -> tuple[Party, ...]:
        """Those who stand for another side than the actors: nobody does anything to their own."""
        own = {self.tops.get(p.slug, p.slug) for p in actors}
        return tuple(p for p in parties if self.tops.get(p.slug, p.slug) not in own)


@dataclass(frozen=True, slots=True)
class Weighed:
    """`shares`: probability of type, actor and recipient; `types`: the likeliest types, NONE among them."""

    candidate: Candidate
    shares: dict[str, float]
    types: tuple[tuple[str, float], ...]


class Weigher:
    def __init__(self, codebook: Codebook, reader: Reader, finder: CandidateFinder) -> None:
        self.codebook, self.reader, self.finder = codebook, reader, finder

    def weigh(self, sentences: Sequence[Sifted]) -> Iterator[tuple[Weighed, ...]]:
        """For each sentence its events, in the order of their words. All its questions are asked in two goes."""
        plain = self.reader.read_plain([one.doc.text for one in sentences])
        new = [self._new_triggers(one, reading) for one, reading in zip(sentences, plain, strict=True)]
        asked: list[tuple[str, Place]] = []
        for one, triggers in zip(sentences, new, strict=True):
            asked += [(one.doc.text, (c.word.idx, c.word.idx + len(c.word))) for c in one.candidates]
            asked += [(one.doc.text, (t.begin, t.end)) for t in triggers]
        readings = iter(self.reader.read_words(asked))
        for one, triggers in zip(sentences, new, strict=True):
            found = [self._weigh(one, candidate, next(readings)) for candidate in one.candidates]
            found += [self._add(one, trigger, next(readings)) for trigger in triggers]
            yield tuple(sorted((w for w in found if w is not None), key=lambda weighed: weighed.candidate.word.i))

    def _new_triggers(self, one: Sifted, plain: PlainReading) -> list[TriggerGuess]:
        """What only the trained coder takes for events: words of no candidate."""
        taken = {candidate.word.i for candidate in one.candidates}
        likely = (trigger for trigger in plain.triggers if trigger.share >= NEW_TRIGGER)
        return [t for t in likely if taken.isdisjoint(token.i for token in tokens_of(one.doc, t.begin, t.end))]

    def _weigh(self, one: Sifted, candidate: Candidate, reading: WordReading) -> Weighed | None:
        word, frame = candidate.word, candidate.frame
        guess = guess_at(reading, word.idx, word.idx + len(word))
        if guess.share_none >= SURE_NONE:
            return None
        sure = SURE_OTHER_SPECIAL if frame.weight > 1 else SURE_OTHER
        # The corpus has next to no stances told by an adjective ("is dissatisfied with"): there the codebook decides.
        if guess.type != frame.type and guess.share >= sure and word.pos_ != "ADJ" and frame is not DEMAND:
            why = f"read as {guess.type} ({guess.share:.2f}) where the codebook has {frame.type}"
            candidate = replace(candidate, frame=self._frame(word, guess), why=(*candidate.why, why))
        if guess.type == candidate.frame.type:
            settled = _settled(one, candidate, guess)
            if not self.finder.is_other_way_round(one.clauses, word, settled.actors, settled.recipients):
                candidate = settled
            is_enough = candidate.recipients or candidate.frame.type in ALONE or guess.share >= SURE_ALONE
            if not candidate.actors or not (is_enough or len(candidate.actors) > 1):
                return None
        if frame is not DEMAND:
            candidate = replace(candidate, modality=_modality(candidate.modality, reading))
        shares = {
            "type": max(reading.types[candidate.frame.type], SURE_DEMAND if frame is DEMAND else 0.0),
            "actor": _agreement(one.doc, candidate.actors, guess.actors, guess.recipients),
            "recipient": _agreement(one.doc, candidate.recipients, guess.recipients, guess.actors),
        }
        return Weighed(candidate, shares, _likeliest(reading))

    def _add(self, one: Sifted, trigger: TriggerGuess, reading: WordReading) -> Weighed | None:
        doc, clauses = one.doc, one.clauses
        tokens = tokens_of(doc, trigger.begin, trigger.end)
        guess = guess_at(reading, trigger.begin, trigger.end)
        word = _head(tokens)
        if word is None or guess.share_none > NEW_NONE:
            return None
        if self._is_no_deed(one, word, guess) or self._is_end_of_hostility(tokens, guess):
            return None
        actors = one.acting(_parties(doc, clauses, guess.actors, with_places=False), guess.type)
        recipients = one.others(_parties(doc, clauses, guess.recipients, with_places=True), actors)
        is_mutual = guess.type in RECIPROCAL and len({party.slug for party in actors}) > 1
        if not recipients:
            recipients = one.others(self.finder.done_to(clauses, word), actors)
        is_alone = (guess.type, guess.mode) != ("CONSULT", "") and min(trigger.share, guess.share) >= NEW_SURE
        is_alone = is_alone and self.finder.does_it(clauses, word, actors)
        if not actors or not (recipients or guess.type in NEW_ALONE or is_mutual or is_alone):
            return None
        if self.finder.is_other_way_round(clauses, word, actors, recipients):
            return None
        sides = {
            "actor": _share(guess.actors),
            "recipient": _share(guess.recipients) if recipients and guess.recipients else 0.85,
        }
        if min(guess.share, *sides.values()) < NEW_SIDE:
            return None
        coded = f"{guess.type}{' / ' + guess.mode if guess.mode else ''}"
        candidate = Candidate(
            word,
            self._frame(word, guess),
            tuple(actors),
            recipients,
            guess.modality,
            (f"“{doc.text[trigger.begin : trigger.end]}” read as {coded} ({guess.share:.2f})",),
        )
        return Weighed(candidate, {"type": guess.share, **sides}, _likeliest(reading))

    def _is_no_deed(self, one: Sifted, word: Token, guess: Guess) -> bool:
        """Whether the words say that it did not happen, was only spoken of, or that somebody kept silent."""
        clauses = one.clauses
        if self.finder.is_no_event(clauses, word):
            return True
        if any(c.dep_ == "xcomp" and c.lemma_ in self.codebook.cues["silent"] for c in word.children):
            return word.lemma_ in self.codebook.cues["never"]
        return guess.type != "REJECT" and guess.modality != "denied" and not clauses.modality(word)

    def _is_end_of_hostility(self, tokens: Sequence[Token], guess: Guess) -> bool:
        """Whether what is said to be broken off is itself a conflict ("called off strikes"): that is no sanction."""
        if guess.type != "SANCTION":
            return False
        objects = [child for token in tokens for child in token.children if child.dep_ in ("dobj", "nsubjpass")]
        frames = [frame for word in objects for frame in self.codebook.nouns.get(word.lemma_.lower(), ())]
        return any(self.codebook.kinds[frame.type].quad == CONFLICT for frame in frames)

    def _frame(self, word: Token, guess: Guess) -> Frame:
        mode = guess.mode if guess.mode in self.codebook.kinds[guess.type].modes else ""
        return Frame(word.lemma_.lower(), guess.type, mode, line=word.text)


def _likeliest(reading: WordReading, most: int = 3) -> tuple[tuple[str, float], ...]:
    best = sorted(reading.types.items(), key=lambda item: -item[1])[:most]
    return tuple((type_, round(share, 3)) for type_, share in best)


def _modality(coded: str, reading: WordReading) -> str:
    best = max(reading.modalities, key=reading.modalities.__getitem__)
    return best if reading.modalities[best] >= SURE_MODALITY else coded


def _settled(one: Sifted, candidate: Candidate, guess: Guess) -> Candidate:
    """The grammar's parties whom the trained coder sees in their role, too; where it sees none of them, its own.

    Grammar takes what stands behind a preposition for a recipient, be it a place or a topic; the coder knows better.
    Where the coder sees nobody at all, grammar decides: a participle's subject may stand far off.
    """
    if not candidate.recipients and len(candidate.actors) > 1:  # what is mutual may be told as done to the other
        both = (*guess.actors, *guess.recipients)
        return replace(candidate, actors=_seen(one, candidate.actors, both, with_places=False))
    actors = candidate.actors
    if guess.actors:
        actors = _seen(one, actors, guess.actors, with_places=False)
    if not candidate.recipients or not guess.recipients:
        return replace(candidate, actors=actors)
    recipients = _seen(one, candidate.recipients, guess.recipients, with_places=True)
    return replace(candidate, actors=actors, recipients=one.others(recipients, actors))


def _seen(one: Sifted, parties: Sequence[Party], roles: Sequence[RoleGuess], *, with_places: bool) -> tuple[Party, ...]:
    seen = tuple(party for party in parties if any(_sees(one.doc, role, one.doc[party.token]) for role in roles))
    return seen or tuple(_parties(one.doc, one.clauses, roles, with_places=with_places))


def _head(tokens: Sequence[Token]) -> Token | None:
    """The word of a stretch that names the deed: the topmost that can ("is warning" → "warning"); None if none can."""
    deeds = [token for token in tokens if token.pos_ in DEEDS]
    return min(deeds, key=lambda token: (sum(1 for _ in token.ancestors), token.i), default=None)


def _sees(doc: Doc, role: RoleGuess, name: Token) -> bool:
    """Whether a role holds a party's word, or what belongs to it.

    That is a title ("[Foreign Minister] Abbas Araqchi") or a mere word before the same noun ("[The joint] US attack").
    """
    words = [name, *(child for child in name.children if child.dep_ in ("compound", "appos"))]
    if any(role.begin <= word.idx < role.end for word in words):
        return True
    held = tokens_of(doc, role.begin, role.end)
    return bool(held) and all(word.dep_ in ("det", "amod") and word.head == _noun(name) for word in held)


def _noun(word: Token) -> Token:
    """The noun that a word stands before, with others between or without."""
    while word.dep_ in BEFORE_NOUNS:
        word = word.head
    return word


def _agreement(doc: Doc, parties: Iterable[Party], own: Iterable[RoleGuess], other: Iterable[RoleGuess]) -> float:
    """How sure a side is: where the grammar found it, and whether the trained coder sees it in that role, too."""
    shares = []
    for party in parties:
        at = doc[party.token].idx
        if any(role.begin <= at < role.end for role in own):
            shares.append(0.5 + 0.5 * party.nearness)
        elif any(role.begin <= at < role.end for role in other):
            shares.append(0.35 * party.nearness)
        else:
            shares.append(0.75 * party.nearness)
    return min(shares, default=0.85)


def _parties(doc: Doc, clauses: Clauses, roles: Iterable[RoleGuess], *, with_places: bool) -> list[Party]:
    found: dict[str, Party] = {}
    for role in roles:
        span = doc.char_span(role.begin, role.end, alignment_mode="expand")
        if span is not None:
            for party in clauses.parties(span.root, with_places=with_places):
                if span.start <= party.token < span.end:
                    found.setdefault(party.slug, party)
    return list(found.values())


def _share(roles: Iterable[RoleGuess]) -> float:
    return min((role.share for role in roles), default=0.0)
