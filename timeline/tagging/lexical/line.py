"""A sentence as tokens that know what they may be: verb, preposition, name, day, noun that acts. Pure."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from timeline.tagging.candidates import Mentions
from timeline.tagging.lexical.forms import Use, Vocabulary
from timeline.tagging.records import ActorMention, Document, PlaceMention, Sentence

_WORD = (
    r"[^\W\d_](?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670\u200c\u0640]|"
    r"(?<=[\u05d0-\u05ea])[\"״'׳](?=[\u05d0-\u05ea])|-(?=[^\W\d_]))*"
)
_TOKEN = re.compile(
    rf"(?P<elided>\b[^\W\d_]{{1,6}}['’](?=\w))|(?P<word>{_WORD})|(?P<number>\d[\d.,\u066b\u066c]*)|(?P<mark>[^\w\s])"
)
_STOPS = frozenset('.!?…:;؛؟()[]«»“”„"—–')
_COMMAS = frozenset(",،")


@dataclass(slots=True)
class Token:
    """`base` is the folded noun without particles; `preposition` what opens a phrase here, `lists` what it may be.

    `is_inner`: a further word of a listed expression of several words.
    """

    begin: int
    end: int
    text: str
    folded: str
    kind: str
    base: str = ""
    preposition: str = ""
    has_conjunction: bool = False
    is_relative: bool = False
    is_inner: bool = False
    is_day: bool = False
    actor: ActorMention | None = None
    place: PlaceMention | None = None
    lists: frozenset[str] = frozenset()
    uses: tuple[Use, ...] = ()
    is_verb: bool = field(default=False)

    @property
    def is_stop(self) -> bool:
        return self.kind == "mark" and self.text in _STOPS

    @property
    def is_comma(self) -> bool:
        return self.kind == "mark" and self.text in _COMMAS


class Line:
    """The tokens of a sentence, with what the other taggers found in it."""

    def __init__(
        self,
        document: Document,
        sentence: Sentence,
        mentions: Mentions,
        vocabulary: Vocabulary,
        nominatives: Callable[[str], frozenset[str]],
    ) -> None:
        """`nominatives`: slug → the folded names of an actor in the language, as the registry has them."""
        self.nominatives = nominatives
        self.vocabulary, self.sentence, self.mentions = vocabulary, sentence, mentions
        grammar = vocabulary.grammar
        self.tokens = [
            Token(match.start(), match.end(), match.group(), grammar.fold(match.group()), _kind(match))
            for match in _TOKEN.finditer(document.text, sentence.begin, sentence.end)
        ]
        self._begins = [token.begin for token in self.tokens]
        self._cover(mentions)
        for token in self.tokens:
            self._analyse(token)
        self._mark_lists()

    def __len__(self) -> int:
        return len(self.tokens)

    def token(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def cues(self, at: int, use: Use) -> frozenset[str]:
        """The lists of cues that a verb form is in, where it stands."""
        return frozenset(
            name
            for name, words in use.cues
            if all(at > n and self.tokens[at - 1 - n].folded == word for n, word in enumerate(reversed(words)))
        )

    def is_in(self, index: int, name: str) -> bool:
        token = self.token(index)
        return token is not None and name in token.lists

    def _covered(self, begin: int, end: int) -> Iterable[Token]:
        index = max(0, bisect_right(self._begins, begin) - 1)
        while index < len(self.tokens) and self.tokens[index].begin < end:
            if self.tokens[index].end > begin:
                yield self.tokens[index]
            index += 1

    def _cover(self, mentions: Mentions) -> None:
        for place in mentions.places:
            for token in self._covered(place.begin, place.end):
                token.place = place
        for actor in mentions.actors:
            for token in self._covered(actor.begin, actor.end):
                token.actor = actor
        for day in mentions.dates:
            for token in self._covered(day.begin, day.end):
                token.is_day = day.first is not None or day.precision != "unknown"

    def _analyse(self, token: Token) -> None:
        """Takes particles off the word, by what the rest is known as."""
        grammar, vocabulary = self.vocabulary.grammar, self.vocabulary
        token.base = grammar.base(token.folded)
        if token.kind not in ("word", "elided"):
            return
        mention = token.actor or token.place
        splits = grammar.splits(token.folded)
        if mention is not None and mention.begin > token.begin:
            given = grammar.fold(token.text[: mention.begin - token.begin])
            splits = tuple(split for split in splits if split[0] == given) or ((given, token.folded[len(given) :]),)
        elif mention is not None:
            splits = splits[:1]
        verbs: list[Use] = []
        chosen = None
        if mention is None and len(splits) > 1 and token.base in vocabulary.acting:
            splits = splits[:1]  # "وزارة" is no "and visited him"
        for particles, rest in splits:
            if mention is None and not grammar.prepositions_in(particles):
                found = vocabulary.verbs.get(rest, ())
                if found:
                    verbs += found
                    chosen = chosen or (particles, rest)
        if chosen is None:
            chosen = next((s for s in splits if self._is_known(grammar.base(s[1]))), None) or grammar.likeliest(splits)
        particles, rest = chosen
        token.uses = tuple(verbs)
        token.base = grammar.base(rest)
        token.preposition = grammar.prepositions_in(particles)
        token.has_conjunction = grammar.has_conjunction(particles)
        token.is_relative = grammar.has_relative(particles)

    def _is_known(self, base: str) -> bool:
        return base in self.vocabulary.acting or base in self.vocabulary.nouns

    def _mark_lists(self) -> None:
        """Which word lists a token is in; of expressions of several words the first token stands for all."""
        folded = [token.folded for token in self.tokens]
        at = 0
        while at < len(folded):
            length, names = self._longest(folded, at)
            token = self.tokens[at]
            if names and not (token.actor and length == 1 and not names & {"prepositions"}):
                token.lists = names
                for inner in self.tokens[at + 1 : at + length]:
                    inner.is_inner, inner.lists, inner.uses = True, names, ()
                if length > 1:
                    token.uses = ()
                if names & {"prepositions", "agents"}:
                    token.preposition = " ".join(folded[at : at + length])
            if token.base in self.vocabulary.acting and not token.is_inner:
                token.lists |= {"acting"}
            at += max(1, length)

    def _longest(self, folded: Sequence[str], at: int) -> tuple[int, frozenset[str]]:
        for length in range(min(self.vocabulary.longest, len(folded) - at), 0, -1):
            words = " ".join(folded[at : at + length])
            names = frozenset(name for name, listed in self.vocabulary.lists.items() if words in listed)
            if names:
                return length, names
        return 1, frozenset()


def _kind(match: re.Match[str]) -> str:
    return match.lastgroup or "mark"
