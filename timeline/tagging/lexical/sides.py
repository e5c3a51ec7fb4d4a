"""Which entry of the lexicon holds for a verb or noun, and who stands on either side of it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from timeline.tagging.lexical.clauses import SAYING, Clauses, Verb
from timeline.tagging.lexical.forms import INFINITIVE, PASSIVE, SUBJUNCTIVE
from timeline.tagging.lexical.line import Line
from timeline.tagging.lexical.phrases import Party, Phrase, Phrases
from timeline.tagging.lexicons import Entry
from timeline.tagging.records import Registry
from timeline.tagging.rollup import stands_for

ALONE = frozenset({"PROTEST", "MOBILIZE", "REQUEST"})  # types that need no recipient
OBJECT_IS_ENOUGH = frozenset({"AGREE", "REJECT", "RETREAT", "CONCEDE", "SUPPORT", "SANCTION", "COERCE"})
PLACES_RECEIVE = frozenset({"CONSULT", "ASSAULT", "MOBILIZE", "AID", "SANCTION", "COERCE", "THREATEN"})
VERB, NOUN, CARRIED = 0.68, 0.55, 0.62  # how often a plain one is right, below what counts as sure
INHERITED, ONE_SIDED = 0.9, 0.92  # what is taken off


@dataclass(frozen=True, slots=True)
class Found:
    """One event: tokens `at`..`end` carry it."""

    entry: Entry
    at: int
    end: int
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    modality: str
    confidence: float
    shares: dict[str, float]
    why: tuple[str, ...]


class SideFinder:
    def __init__(self, line: Line, phrases: Phrases, clauses: Clauses, registry: Registry, day: date) -> None:
        self.line, self.phrases, self.clauses = line, phrases, clauses
        self.registry, self.day = registry, day
        self.words = line.vocabulary.lists
        self.is_verb_last = line.vocabulary.grammar.order == "SOV"

    def find(self) -> Iterator[Found]:
        """In the order of verbs, then nouns."""
        taken: set[int] = set()
        for verb in self.clauses.verbs:
            found = self._of_verb(verb)
            taken |= {verb.at, *verb.words} if verb.entry else set()
            if found is not None:
                yield found
        for at, token in enumerate(self.line.tokens):
            if at in taken or token.is_verb or token.actor or token.is_inner or token.kind != "word":
                continue
            if token.base in self.line.vocabulary.nouns:
                found = self._of_noun(at)
                if found is not None:
                    yield found

    # Verbs.

    def _of_verb(self, verb: Verb) -> Found | None:
        around = self._around(verb)
        verb.entry, words = self._choose(verb, around)
        verb.words = words
        if verb.entry is None or not verb.entry.type or not verb.group.modality or self._is_content(verb):
            return None
        if verb.use.form.tense in (INFINITIVE, SUBJUNCTIVE) and verb.group.begin == verb.at and not self.is_verb_last:
            return None
        entry = verb.entry
        if verb.group.voice == PASSIVE:
            sides = self._passive(verb, entry, around)
        else:
            if verb.subject is None or verb.use.form.has_object:
                return None
            actors = verb.subject.parties
            sides = list(actors), self._recipients(entry, around, words)
        if sides is None:
            return None
        if "swap" in entry.flags:
            if not (sides[0] and sides[1]):
                return None
            sides = sides[1], sides[0]
        modality = verb.group.modality
        if "conditional" in self.clauses.opener(verb.group.begin):
            modality = "conditional"
        is_known = bool(verb.subject or verb.group.voice == PASSIVE)
        return self._settle(entry, *verb.extent, sides, modality, VERB * (INHERITED if verb.is_inherited else 1),
                            is_known=is_known)  # fmt: skip

    def _is_content(self, verb: Verb) -> bool:
        """Whether it is what another verb threatens, asks for or promises: that speech act is the event."""
        if verb.group.modality == "asserted" or not self.clauses.opener(verb.group.begin) & {"subordinators"}:
            return False
        before = [v for v in self.clauses.verbs if v.at < verb.group.begin]
        return bool(before) and any(e.type in SAYING for e, _ in before[-1].known)

    def _around(self, verb: Verb) -> list[Phrase]:
        """The phrases of the clause but the subject."""
        if not self.is_verb_last:
            return self.phrases.split(verb.rest, self.clauses.end_of(verb.rest))
        begin = self.clauses.begin_of(verb.group.begin)
        found = []
        for phrase in self.phrases.split(begin, verb.group.begin):
            if verb.subject is not None and phrase.begin <= verb.subject.begin < phrase.end and not verb.is_inherited:
                phrase = Phrase("", verb.subject.end, phrase.end, phrase.is_object)
            elif verb.patient is not None and phrase.begin == verb.patient.begin:
                continue
            if phrase.begin < phrase.end:
                found.append(phrase)
        return found

    def _choose(self, verb: Verb, around: Sequence[Phrase]) -> tuple[Entry | None, tuple[int, ...]]:
        bases = {base for phrase in around[:4] for base in self.phrases.nouns(phrase)}
        if verb.patient is not None:
            bases |= set(self.phrases.nouns(verb.patient))
        preps = {phrase.preposition for phrase in around} | {
            name for i in range(verb.group.end, min(len(self.line), verb.group.end + 8))
            for name in [self.line.tokens[i].folded] if self.line.tokens[i].lists & {"prepositions", "links"}
        }  # fmt: skip
        is_of = self.line.vocabulary.is_of
        for entry, words in verb.known:
            if entry.objects and not any(is_of(base, entry.objects) for base in bases):
                continue
            if "*" in entry.not_objects and around and not around[0].preposition:
                continue
            if entry.not_objects and any(is_of(base, entry.not_objects) for base in bases):
                continue
            if entry.preps and not preps & self._folded(entry.preps):
                continue
            if verb.group.voice == PASSIVE and "be" in entry.flags:
                continue
            return entry, words
        return None, ()

    def _folded(self, preps: frozenset[str]) -> frozenset[str]:
        return frozenset(self.line.vocabulary.fold_words(p.replace("_", " ")) for p in preps)

    def _passive(self, verb: Verb, entry: Entry, around: Sequence[Phrase]) -> tuple[list[Party], list[Party]] | None:
        actors: list[Party] = []
        grammar = self.line.vocabulary.grammar
        for phrase in around:
            is_agent = phrase.preposition in self.words["agents"]
            chunk = self.phrases.chunk(phrase.begin, phrase.end) if is_agent or not phrase.preposition else None
            if chunk is not None and (is_agent or grammar.case_of(self.line, chunk.head) == "agent"):
                actors = list(chunk.parties)
                break
        if verb.group.is_bare and not actors:
            return None
        if verb.patient is None:
            return actors, []
        if entry.recipient_preps:
            around = [p for p in around if p.preposition not in self.words["agents"]]
            found = self._behind(around, self.line.vocabulary.folded_preps(entry), entry)
            return actors, found or self._received(verb.patient, entry)
        return actors, self._received(verb.patient, entry)

    def _recipients(self, entry: Entry, around: Sequence[Phrase], words: tuple[int, ...]) -> list[Party]:
        if entry.recipient_preps:
            found = self._behind(around, self.line.vocabulary.folded_preps(entry), entry)
            if found or entry.objects or words:
                return found
        if "topic" in entry.flags:
            return []
        thing = self._object(around, words)
        if thing is not None:
            return self._received(thing, entry)
        if entry.recipient_preps:
            return []
        return self._behind(around, self.words["recipient"], entry)

    def _object(self, around: Sequence[Phrase], words: tuple[int, ...]) -> Phrase | None:
        plain = [p for p in around if not words or not p.begin <= words[0] < p.end]
        marked = next((n for n, p in reversed(list(enumerate(plain))) if p.is_object), None)
        if marked is not None:
            if not plain[marked].preposition:
                return plain[marked]
            return next((p for p in reversed(plain[:marked]) if not p.preposition), None)
        if self.is_verb_last:
            return next((p for p in plain if not p.preposition), None)
        first = plain[0] if plain else None
        return first if first is not None and not first.preposition else None

    def _behind(self, around: Sequence[Phrase], preps: frozenset[str], entry: Entry) -> list[Party]:
        for phrase in around:
            if phrase.preposition in preps and (found := self._received(phrase, entry)):
                return found
        return []

    def _received(self, phrase: Phrase, entry: Entry) -> list[Party]:
        """Whom the phrase names as recipients; not whom an attack that it names was done to."""
        found = self.phrases.receivers(phrase)
        if not found:
            return []
        for at in range(phrase.begin, min(phrase.end, found[0].token)):
            nouns = self.line.vocabulary.nouns.get(self.line.tokens[at].base, ())
            if any("object" in noun.flags for noun in nouns) and not self._is_adjective(found[0]):
                return []
        if entry.type not in PLACES_RECEIVE:
            found = [p for p in found if not p.is_place]
        return found

    def _is_adjective(self, party: Party) -> bool:
        mention = self.line.tokens[party.token].actor
        return mention is not None and mention.rule == "demonym"

    # Nouns.

    def _of_noun(self, at: int) -> Found | None:
        if self._is_undone(at):
            return None
        phrase, after = self._phrase_around(at)
        if phrase is None:
            return None
        for entry in self.line.vocabulary.nouns[self.line.tokens[at].base]:
            bases = {base for p in (phrase, *after[:2]) for base in self.phrases.nouns(p)}
            if entry.objects and not any(self.line.vocabulary.is_of(base, entry.objects) for base in bases):
                continue
            if entry.not_objects and any(self.line.vocabulary.is_of(base, entry.not_objects) for base in bases):
                continue
            if not entry.type:
                return None
            return self._noun_sides(entry, at, phrase, after)
        return None

    def _phrase_around(self, at: int) -> tuple[Phrase | None, list[Phrase]]:
        begin, end = self.clauses.begin_of(at), self.clauses.end_of(at)
        phrases = self.phrases.split(begin, end)
        for number, phrase in enumerate(phrases):
            if phrase.begin <= at < phrase.end:
                return phrase, phrases[number + 1 :]
        return None, []

    def _is_undone(self, at: int) -> bool:
        """Whether the words before say that it is asked for, feared or over ("appel à", "fin de")."""
        begin = max(self.clauses.begin_of(at), at - 6)
        return any(self.line.tokens[i].lists & {"undone", "former", "negations"} for i in range(begin, at)) or (
            "conditional" in self.clauses.opener(at)
        )

    def _noun_sides(self, entry: Entry, at: int, phrase: Phrase, after: Sequence[Phrase]) -> Found | None:
        named = self.phrases.receivers(Phrase("", at + 1, phrase.end))
        if not named:
            named = [p for p in self.phrases.receivers(phrase) if p.token < at and self._is_adjective(p)]
        preps = self.line.vocabulary.folded_preps(entry) or self.words["recipient"]
        behind = self._behind(after[:2], preps, entry)
        if "object" in entry.flags and named and not self._is_adjective(named[0]):
            actors, recipients = self._agents(after), named
        else:
            actors, recipients = named, behind
        carrier = self._carrier(at)
        modality, share = "asserted", NOUN
        if carrier is not None and carrier.subject is not None and not actors:
            actors, modality, share = list(carrier.subject.parties), carrier.group.modality, CARRIED
        elif carrier is not None and carrier.subject is not None:
            return None
        if "reciprocal" in entry.flags or entry.mode == "ceasefire":
            both = self._behind(after[:2], self.words["between"], entry)
            if len(both) > 1:
                actors, recipients = both, []
        if not modality or ("carried" in entry.flags and share != CARRIED):
            return None
        if not actors or not recipients:
            is_enough = share == CARRIED and entry.type in (ALONE | OBJECT_IS_ENOUGH)
            if not is_enough and not ("reciprocal" in entry.flags and len(actors) > 1):
                return None
        return self._settle(entry, at, at + 1, (actors, recipients), modality, share)

    def _agents(self, after: Sequence[Phrase]) -> list[Party]:
        for phrase in after[:2]:
            if phrase.preposition in self.words["agents"]:
                chunk = self.phrases.chunk(phrase.begin, phrase.end)
                return list(chunk.parties) if chunk else []
        return []

    def _carrier(self, at: int) -> Verb | None:
        """The verb of doing or announcing whose object the noun is."""
        for verb in self.clauses.verbs:
            if not verb.cues & {"carrying", "announcing"} or not verb.group.modality:
                continue
            if self.line.tokens[at].preposition:
                continue
            if self.is_verb_last:
                is_near = at < verb.group.begin <= at + 10 and self.clauses.begin_of(verb.group.begin) <= at
            else:
                is_near = verb.rest <= at <= verb.rest + 4 and at < self.clauses.end_of(verb.rest)
            if is_near:
                return verb
        return None

    # Both.

    def _settle(
        self,
        entry: Entry,
        at: int,
        end: int,
        sides: tuple[list[Party], list[Party]],
        modality: str,
        share: float,
        *,
        is_known: bool = True,
    ) -> Found | None:
        """Reciprocal events have several actors and no recipient; nobody does anything to their own side."""
        actors, recipients = _unique(sides[0]), _unique(sides[1])
        top = {p.slug: stands_for(self.registry, p.slug, self.day) for p in (*actors, *recipients)}
        own = {top[p.slug] for p in actors}
        is_self = bool(recipients) and all(top[p.slug] in own for p in recipients)
        recipients = [p for p in recipients if top[p.slug] not in own]
        if is_self and entry.type not in (ALONE | OBJECT_IS_ENOUGH):
            return None
        if "reciprocal" in entry.flags:
            actors, recipients = [*actors, *recipients], []
            if len(actors) < 2 or not sides[0]:
                return None
        elif not recipients and not (actors and self._is_enough(entry)):
            return None
        if not actors:
            share *= ONE_SIDED
        shares = {"type": share, "actor": share, "recipient": share}
        return Found(entry, at, end, tuple(actors), tuple(recipients), modality, share, shares, ())

    def _is_enough(self, entry: Entry) -> bool:
        if entry.type in ALONE:
            return True
        n_plain = 2 if self.is_verb_last else 1  # words of a head that say no more than a plain verb
        return entry.type in OBJECT_IS_ENOUGH and bool(entry.objects or len(entry.head) > n_plain or entry.is_noun)


def _unique(parties: Sequence[Party]) -> list[Party]:
    found: dict[str, Party] = {}
    for party in parties:
        found.setdefault(party.slug, party)
    return list(found.values())
