"""What a word can be: the forms of verbs and nouns that a lexicon names, by the grammar of each language. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from timeline.tagging.lexicons import Entry, Lexicon

# Tenses. A bare "participle" is passive; "infinitive" and "subjunctive" are only the content of what stands before.
PAST, PRESENT, FUTURE, CONDITIONAL = "past", "present", "future", "conditional"
PARTICIPLE, INFINITIVE, SUBJUNCTIVE, GERUND = "participle", "infinitive", "subjunctive", "gerund"
FINITE = frozenset({PAST, PRESENT, FUTURE, CONDITIONAL})
ACTIVE, PASSIVE = "active", "passive"
VERB_CUES = ("reporting", "carrying", "announcing", "planned", "possible", "denying", "done")


@dataclass(frozen=True, slots=True)
class Form:
    """One inflected word (folded as its grammar folds) of the verb `verb`."""

    text: str
    tense: str
    voice: str = ACTIVE
    verb: str = ""
    is_negated: bool = False
    has_object: bool = False  # a pronoun is written onto it


@dataclass(frozen=True, slots=True)
class Group:
    """A verb with its auxiliaries: tokens `begin`..`end`. `modality` is "" when it does not happen.

    `inherits`: its subject is that of another verb. `is_bare`: a participle without auxiliary.
    """

    begin: int
    end: int
    voice: str
    modality: str
    is_reflexive: bool = False
    inherits: bool = False
    is_bare: bool = False

    def as_passive(self) -> "Group":
        return replace(self, voice=PASSIVE)


class Grammar(Protocol):
    """How a language spells and inflects. `order`: SVO, VSO or SOV. `is_head_last`: the inflected word comes last.

    `has_cases`: a noun's ending tells its role, so that a subject may stand anywhere.
    """

    order: str
    is_head_last: bool
    has_cases: bool

    def fold(self, word: str) -> str: ...

    def base(self, word: str) -> str:
        """A folded noun without article and number: what a lexicon's nouns are looked up as."""

    def splits(self, word: str) -> tuple[tuple[str, str], ...]:
        """The ways to take a folded word apart into particles written onto it and the rest, the likeliest first."""

    def likeliest(self, splits: tuple[tuple[str, str], ...]) -> tuple[str, str]:
        """The split of a word of which nothing is known."""

    def prepositions_in(self, particles: str) -> str:
        """The preposition among particles, "" when there is none."""

    def has_conjunction(self, particles: str) -> bool: ...

    def has_relative(self, particles: str) -> bool: ...

    def case_of(self, line: Any, at: int) -> str:
        """ "subject" or "other" where the noun at a token can be only that, else ""."""

    def group(self, line: Any, at: int, use: Any) -> Any:
        """The verb group that a form at a token stands in; None where the form is no verb there."""

    def conjugate(self, verb: str, irregular: Mapping[str, tuple[str, ...]]) -> Iterator[Form]: ...


@dataclass(frozen=True, slots=True)
class Use:
    """A verb form with what it means: entries of the lexicon, cues, or both.

    `cues`: name of a list → the folded words that must stand right before (Persian's compounds; mostly none).
    """

    form: Form
    entries: tuple[Entry, ...]
    cues: tuple[tuple[str, tuple[str, ...]], ...]


class Vocabulary:
    """A lexicon, compiled: folded words → what they may be."""

    def __init__(self, lexicon: Lexicon, grammar: Grammar) -> None:
        self.lexicon, self.grammar = lexicon, grammar
        self.lists = {name: frozenset(map(self.fold_words, words)) for name, words in lexicon.words.items()}
        self.longest = max((n.count(" ") + 1 for names in self.lists.values() for n in names), default=1)
        self.acting = frozenset(grammar.base(noun) for noun in self.lists["acting"])
        self.verbs = self._verbs()
        self.nouns = self._nouns()

    def fold_words(self, words: str) -> str:
        return " ".join(map(self.grammar.fold, words.split()))

    def _verbs(self) -> dict[str, tuple[Use, ...]]:
        entries: dict[str, list[Entry]] = {}
        for entry in self.lexicon.entries:
            if not entry.is_noun:
                entries.setdefault(self.inflected(entry), []).append(entry)
        cues: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
        for name in VERB_CUES:
            for cue in self.lexicon.words[name]:
                *words, verb = cue.split()
                cues.setdefault(verb, set()).add((name, tuple(map(self.grammar.fold, words))))
        uses: dict[str, dict[tuple[str, str, str, bool], Use]] = {}
        for verb in sorted({*entries, *cues}):
            known = tuple(sorted(entries.get(verb, ()), key=lambda e: (-e.weight, e.line)))
            for form in self.grammar.conjugate(verb, self.lexicon.irregular):
                use = Use(form, known, tuple(sorted(cues.get(verb, ()))))
                uses.setdefault(form.text, {})[form.tense, form.voice, verb, form.is_negated] = use
        return {text: tuple(found.values()) for text, found in uses.items()}

    def inflected(self, entry: Entry) -> str:
        return entry.head[-1 if self.grammar.is_head_last else 0]

    def fixed(self, entry: Entry) -> tuple[str, ...]:
        """The head's words that do not change, folded, in order."""
        words = entry.head[:-1] if self.grammar.is_head_last else entry.head[1:]
        return tuple(map(self.grammar.fold, words))

    def folded_preps(self, entry: Entry) -> frozenset[str]:
        """The prepositions of an entry's recipient, as tokens have them."""
        return frozenset(self.fold_words(p.replace("_", " ")) for p in entry.recipient_preps)

    def _nouns(self) -> dict[str, tuple[Entry, ...]]:
        nouns: dict[str, list[Entry]] = {}
        for entry in self.lexicon.entries:
            if entry.is_noun:
                for spelling in entry.head[0].split("/"):
                    nouns.setdefault(self.grammar.base(self.grammar.fold(spelling)), []).append(entry)
        return {noun: tuple(sorted(found, key=lambda e: (-e.weight, e.line))) for noun, found in nouns.items()}

    def is_of(self, base: str, nouns: Iterable[str]) -> bool:
        """Whether a noun's base is that of one of the nouns (as a lexicon spells them)."""
        return any(base == self.grammar.base(self.grammar.fold(noun)) for noun in nouns)
