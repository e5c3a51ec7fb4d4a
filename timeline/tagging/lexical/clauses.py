"""Verbs of a line with their clauses: where each begins and ends, and who is its subject, by word order. Pure."""

from dataclasses import dataclass

from timeline.tagging.lexical.forms import ACTIVE, INFINITIVE, PASSIVE, SUBJUNCTIVE, Group, Use
from timeline.tagging.lexical.line import Line
from timeline.tagging.lexical.phrases import Chunk, Phrase, Phrases
from timeline.tagging.lexicons import Entry

REACH = 26  # tokens to each side
ENDS_CLAUSE = frozenset({"subordinators", "relatives", "according"})
SAYING = frozenset({"THREATEN", "REQUEST", "ACCUSE", "AGREE", "REJECT"})  # types of verbs that may follow what is said
APART = 4  # tokens between the words of one predicate


@dataclass(slots=True)
class Verb:
    """A verb group with its use. `subject` is a noun phrase that acts; `has_subject`: there is one, known or not.

    `patient`: the phrase that a passive is about. `rest`: where what follows the subject begins (verb first).
    `known` are the codebook's entries whose words stand here, with where; `entry` the one whose conditions hold.
    """

    at: int
    use: Use
    group: Group
    cues: frozenset[str]
    known: tuple[tuple[Entry, tuple[int, ...]], ...] = ()
    entry: Entry | None = None
    words: tuple[int, ...] = ()
    subject: Chunk | None = None
    has_subject: bool = False
    is_inherited: bool = False
    is_after_quote: bool = False
    patient: Phrase | None = None
    rest: int = 0

    def entry_flags(self) -> frozenset[str]:
        """The flags of all that the codebook has for the verb."""
        return frozenset(flag for entry in self.use.entries for flag in entry.flags)

    @property
    def extent(self) -> tuple[int, int]:
        """The tokens that carry the event: the verb with those words of its predicate that touch it."""
        begin, end = self.at, self.at + 1
        if self.words and self.words[-1] == begin - 1:
            begin = self.words[0]
        while end in self.words:
            end += 1
        return begin, end


class Clauses:
    def __init__(self, line: Line, phrases: Phrases) -> None:
        self.line, self.phrases = line, phrases
        self.vocabulary = line.vocabulary
        self.order = self.vocabulary.grammar.order
        self.verbs = self._verbs()
        for verb in self.verbs:
            for index in range(verb.group.begin, verb.group.end):
                line.tokens[index].is_verb = True
        for verb in self.verbs:
            self._find_subject(verb)

    def _verbs(self) -> list[Verb]:
        found: list[Verb] = []
        for at, token in enumerate(self.line.tokens):
            if not token.uses or token.actor or token.is_inner:
                continue
            readings = [verb for use in token.uses if (verb := self._verb(at, use)) is not None]
            if self.order == "SOV" and not self._may_end(at):
                readings = [verb for verb in readings if verb.known or verb.cues]  # "نشست" is a noun, too
            if not readings:
                continue
            verb = max(readings, key=lambda v: (max((e.weight + 1 for e, _ in v.known), default=0), bool(v.cues)))
            while found and verb.group.begin < found[-1].group.end:
                if found[-1].known and not verb.known:
                    break
                found.pop()
            else:
                found.append(verb)
        return found

    def _may_end(self, at: int) -> bool:
        """Whether a clause may end behind a token."""
        after = self.line.token(at + 1)
        closing = {"conjunctions", "subordinators"}
        return after is None or after.kind == "mark" or bool(after.lists & closing) or bool(after.uses)

    def _verb(self, at: int, use: Use) -> Verb | None:
        group = self.vocabulary.grammar.group(self.line, at, use)
        if group is None:
            return None
        known = []
        for entry in use.entries:
            words = self._fixed(entry, group)
            if words is not None and entry.head[0].startswith("se_") <= group.is_reflexive:
                known.append((entry, words))
        words = known[0][1] if known else ()
        return Verb(at, use, group, self.line.cues(at, use), known=tuple(known), words=words)

    def _fixed(self, entry: Entry, group: Group) -> tuple[int, ...] | None:
        """Where the unchanging words of a predicate stand; None when they do not."""
        words = self.vocabulary.fixed(entry)
        if not words:
            return ()
        if self.vocabulary.grammar.is_head_last:
            return self._before(words, group.begin, self.vocabulary.folded_preps(entry))
        found: list[int] = []
        at = group.end
        for word in words:
            at = next((i for i in range(at, min(len(self.line), at + APART)) if self._is_word(i, word)), -1)
            if at < 0:
                return None
            found.append(at)
            at += 1
        return tuple(found)

    def _before(self, words: tuple[str, ...], end: int, preps: frozenset[str]) -> tuple[int, ...] | None:
        """Right before the verb, or with nothing between but an adjective and to whom it is done."""
        for last in range(end - 1, max(-1, end - REACH // 2), -1):
            token = self.line.tokens[last]
            if token.kind == "mark" or token.lists & {"subordinators", "object_marks"}:
                return None
            first = last - len(words) + 1
            if first >= 0 and all(self._is_word(first + n, word) for n, word in enumerate(words)):
                is_whole = last == end - 1 or self._is_only_receiver(last + 1, end, preps)
                return tuple(range(first, last + 1)) if is_whole else None
        return None

    def _is_only_receiver(self, begin: int, end: int, preps: frozenset[str]) -> bool:
        opens = next((i for i in range(begin, min(end, begin + 2)) if self.line.tokens[i].preposition in preps), -1)
        last = self.line.tokens[end - 1]
        return opens >= 0 and (last.actor is not None or last.place is not None)

    def _is_word(self, at: int, word: str) -> bool:
        token = self.line.tokens[at]
        return token.folded == word or (token.kind == "word" and token.base == self.vocabulary.grammar.base(word))

    def begin_of(self, at: int) -> int:
        """The first token of the clause that a token stands in: behind a stop, a word that opens a clause, a verb."""
        index = at
        while index > max(0, at - REACH):
            token = self.line.tokens[index - 1]
            if token.is_stop or token.is_verb or token.lists & {"subordinators", "relatives", "auxiliaries"}:
                break
            if self.line.tokens[index].is_relative:
                break
            index -= 1
        return index

    def end_of(self, at: int) -> int:
        """Behind the last token of the clause to the right of a token."""
        index = at
        while index < min(len(self.line), at + REACH):
            token = self.line.tokens[index]
            if token.is_stop or token.is_verb or token.is_relative or token.lists & ENDS_CLAUSE:
                break
            index += 1
        return index

    def opener(self, at: int) -> frozenset[str]:
        """The lists of the word that opens the clause around a token."""
        index = self.begin_of(at) - 1
        token = self.line.token(index)
        return token.lists if token is not None and not token.is_verb else frozenset()

    def _find_subject(self, verb: Verb) -> None:
        verb.rest = verb.group.end
        if verb.use.form.tense in (INFINITIVE, SUBJUNCTIVE) and verb.group.begin == verb.at and self.order == "SVO":
            return
        if self.order == "VSO":
            self._verb_first(verb)
        elif self.order == "SOV":
            self._verb_last(verb)
        else:
            self._subject_first(verb)

    # Subject before the verb: French, Russian, Hebrew.

    def _subject_first(self, verb: Verb) -> None:
        begin = verb.group.begin
        before = self.line.token(begin - 1)
        if verb.group.is_bare:
            self._patient_before(verb)
            return
        if before is not None and ("relatives" in before.lists or self.line.tokens[begin].is_relative):
            self._antecedent(verb, begin - 1 if "relatives" in before.lists else begin)
            return
        if verb.group.inherits or self._is_joined(verb):
            self._inherit(verb)
            return
        if self._is_after_quote(verb):
            return
        region = self._region(begin)
        if region is None:
            self._inverted(verb)
            return
        self._choose(verb, *region)
        if not verb.has_subject:
            self._inverted(verb)

    def _is_after_quote(self, verb: Verb) -> bool:
        """ ", a averti l'état-major iranien": what was said, the verb, who said it."""
        before = self.line.token(verb.group.begin - 1)
        says = "reporting" in verb.cues or any(e.type in SAYING for e, _ in verb.known)
        if before is None or not (before.is_comma or before.is_stop) or not says or verb.group.voice == PASSIVE:
            return False
        end = self.end_of(verb.group.end)
        chunk = self.phrases.chunk(verb.group.end, end)
        if chunk is None:
            return False
        after = self.line.token(chunk.end)
        if not (after is None or after.is_stop or after.is_comma or after.is_day or after.preposition):
            return False
        verb.subject, verb.has_subject, verb.rest, verb.is_after_quote = chunk, True, chunk.end, True
        return True

    def _region(self, begin: int) -> tuple[int, int] | None:
        """The tokens in which a subject may stand: up to the verb, or before an apposition between commas."""
        start, end = self.begin_of(begin), begin
        if end > 0 and self.line.tokens[end - 1].is_comma:
            comma = next((i for i in range(end - 2, max(-1, end - REACH), -1) if self.line.tokens[i].is_comma), -1)
            if comma < 0 or any(self.line.tokens[i].is_stop for i in range(comma, end)):
                return None
            start, end = self.begin_of(comma), comma
        for index in range(end - 1, start - 1, -1):
            if self.line.tokens[index].is_comma and not self.phrases._is_list(index):
                start = index + 1
                break
        return (start, end) if start < end else None

    def _choose(self, verb: Verb, start: int, end: int) -> None:
        phrases = [p for p in self.phrases.split(start, end) if not p.preposition]
        if not phrases:
            return
        verb.has_subject = True
        phrase = phrases[-1]
        if verb.group.voice == PASSIVE:
            verb.patient = phrase
            return
        chunk = self.phrases.chunk(phrase.begin, end)
        case = self.vocabulary.grammar.case_of(self.line, chunk.head) if chunk else ""
        if case == "other":
            verb.patient = phrase  # "Россию обвинили": no subject at all
        else:
            verb.subject = chunk

    def _patient_before(self, verb: Verb) -> None:
        """A participle alone is about the noun phrase right before it."""
        start = self.begin_of(verb.group.begin)
        phrases = self.phrases.split(start, verb.group.begin)
        if phrases and phrases[-1].end >= verb.group.begin - 1:
            verb.patient, verb.has_subject = phrases[-1], True

    def _antecedent(self, verb: Verb, relative: int) -> None:
        end = relative
        while end > 0 and self.line.tokens[end - 1].is_comma:
            end -= 1
        phrases = self.phrases.split(self.begin_of(end), end)
        verb.has_subject = True
        if not phrases or phrases[-1].end < end:
            return
        if verb.group.voice == PASSIVE:
            verb.patient = phrases[-1]
            return
        chunk = self.phrases.chunk(phrases[-1].begin, end)
        if chunk is not None and chunk.end == end:
            verb.subject = chunk

    def _is_joined(self, verb: Verb) -> bool:
        first, before = self.line.tokens[verb.group.begin], self.line.token(verb.group.begin - 1)
        return first.has_conjunction or (before is not None and "conjunctions" in before.lists)

    def _inherit(self, verb: Verb) -> None:
        """The subject of the last verb before it in the same sentence, for what is joined by "and"."""
        for other in reversed([v for v in self.verbs if v.group.begin < verb.group.begin]):
            if any(self.line.tokens[i].is_stop for i in range(other.at, verb.at)):
                break
            if other.has_subject:
                verb.has_subject, verb.is_inherited = True, True
                if other.group.voice == verb.group.voice == ACTIVE:
                    verb.subject = other.subject
                elif verb.group.voice == PASSIVE and other.group.voice == PASSIVE:
                    verb.patient = other.patient
                return

    def _inverted(self, verb: Verb) -> None:
        """A subject behind the verb, where case shows it ("обвинила Россия")."""
        end = self.end_of(verb.group.end)
        phrases = [p for p in self.phrases.split(verb.group.end, end) if not p.preposition]
        if not phrases or (verb.group.voice == PASSIVE and not verb.cues):
            return
        chunk = self.phrases.chunk(phrases[0].begin, phrases[0].end)
        case = self.vocabulary.grammar.case_of(self.line, chunk.head) if chunk else ""
        has_no_object = bool(verb.known) and all(e.recipient_preps for e, _ in verb.known)
        if chunk is not None and (
            case == "subject"
            or "reporting" in verb.cues
            or (has_no_object and not case and self.vocabulary.grammar.has_cases)
        ):
            verb.subject, verb.has_subject, verb.rest = chunk, True, chunk.end

    # Verb before its subject: Arabic.

    def _verb_first(self, verb: Verb) -> None:
        begin, end = verb.group.end, self.end_of(verb.group.end)
        before = self._right_before(verb)
        if before is not None:
            verb.subject, verb.has_subject = before, True
            return
        if self.line.tokens[verb.group.begin].is_relative or self.line.is_in(verb.group.begin - 1, "relatives"):
            self._antecedent(verb, verb.group.begin - 1)
            return
        phrases = self.phrases.split(begin, end)
        first = phrases[0] if phrases else None
        if first is None or first.preposition:
            if self._is_joined(verb) and all(p.preposition for p in phrases):
                self._inherit(verb)
            return
        chunk = self.phrases.chunk(first.begin, end)
        after = chunk.end if chunk else first.end
        is_alone = not self._has_object(after, end)
        if verb.group.voice == PASSIVE or (verb.entry_flags() & {"patient"} and is_alone):
            verb.group, verb.patient, verb.has_subject = verb.group.as_passive(), first, True
        elif chunk is not None and self._is_joined(verb) and is_alone and self._needs_object(verb):
            self._inherit(verb)
        else:
            verb.subject, verb.has_subject, verb.rest = chunk, True, after
            if chunk is None and self._is_joined(verb) and is_alone and self._is_thing(first):
                self._inherit(verb)
                verb.rest = begin

    def _is_thing(self, phrase: Phrase) -> bool:
        """Whether a phrase can hardly be who does something: a deed, or a noun in the accusative."""
        first = self.line.tokens[phrase.begin]
        return first.base in self.vocabulary.nouns or (len(first.folded) > 3 and first.folded.endswith("ا"))

    def _right_before(self, verb: Verb) -> Chunk | None:
        """A noun phrase that begins its clause and ends at the verb: "إيران تدين"."""
        if self._is_joined(verb):
            return None
        start = self.begin_of(verb.group.begin)
        for index in range(verb.group.begin - 1, start - 1, -1):
            if self.line.tokens[index].is_comma:
                start = index + 1
                break
        phrases = self.phrases.split(start, verb.group.begin)
        if not phrases or phrases[0].preposition:
            return None
        chunk = self.phrases.chunk(phrases[0].begin, verb.group.begin)
        return chunk if chunk is not None and chunk.end == verb.group.begin else None

    def _has_object(self, begin: int, end: int) -> bool:
        phrases = self.phrases.split(begin, end)
        return bool(phrases) and not phrases[0].preposition and phrases[0].begin <= begin + 1

    def _needs_object(self, verb: Verb) -> bool:
        return bool(verb.use.entries) and all(not e.recipient_preps and not e.preps for e in verb.use.entries[:1])

    # Verb last: Persian.

    def _verb_last(self, verb: Verb) -> None:
        start = self.begin_of(verb.group.begin)
        phrases = self.phrases.split(start, verb.group.begin)
        first = next((p for p in phrases if not p.preposition), None)
        if first is not None and verb.words and first.begin >= verb.words[0]:
            first = None
        chunk = self.phrases.chunk(first.begin, verb.group.begin) if first else None
        if first is not None and (chunk is None or not (first.is_object and chunk.end >= first.end)):
            verb.has_subject = not first.is_object or chunk is not None
            if verb.group.voice == PASSIVE:
                verb.patient = first
            else:
                verb.subject = chunk
        elif (start and self.line.tokens[start - 1].is_verb) or self._opens_with_and(start):
            self._inherit(verb)

    def _opens_with_and(self, start: int) -> bool:
        return self.line.is_in(start, "conjunctions")
