"""Noun phrases of a line: where one begins and ends, who acts in it, whom it names. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from timeline.tagging.lexical.line import Line, Token
from timeline.tagging.records import Registry

LONGEST_PHRASE = 14  # tokens
BEFORE_NAME = 5  # words between the noun that acts and the name it belongs to
DEMONYM_FIRST = frozenset({"ru"})  # "израильские войска"; in the others the adjective follows


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody named in the line: the registry's slug and the characters that name them."""

    slug: str
    begin: int
    end: int
    token: int
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens `begin`..`end` without the preposition that opens them.

    `is_object`: marked as one (Persian را, Hebrew את).
    """

    preposition: str
    begin: int
    end: int
    is_object: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """A noun phrase that acts: its parties, its tokens, and the token that would show its case."""

    parties: tuple[Party, ...]
    begin: int
    end: int
    head: int


class Phrases:
    def __init__(self, line: Line, registry: Registry, states: Mapping[str, str]) -> None:
        """`states`: ISO country → the slug of its state."""
        self.line, self.registry, self.states = line, registry, states
        self.lang = line.vocabulary.lexicon.lang

    def split(self, begin: int, end: int) -> list[Phrase]:
        """The phrases of a stretch of tokens, in order; days and adverbs are left out."""
        found: list[Phrase] = []
        start, preposition = -1, ""

        def close(at: int, *, is_object: bool = False) -> None:
            nonlocal start, preposition
            if start >= 0 and (start < at or is_object):
                found.append(Phrase(preposition, start, at, is_object))
            start, preposition = -1, ""

        marked = False
        for at in range(begin, end):
            token = self.line.tokens[at]
            if token.is_inner and not token.actor:
                if start == at:
                    start = at + 1
                continue
            if token.lists & {"object_marks"} and not token.actor:
                if self.lang == "fa":
                    close(at, is_object=True)
                else:
                    close(at)
                    marked = True
                continue
            if token.is_day and not token.actor:
                if not (self.lang == "fa" and preposition):
                    close(at)
            elif token.preposition and not token.lists & {"links"}:
                close(at)
                written_on = token.kind == "word" and not token.lists & {"prepositions", "agents"}
                start, preposition = (at if written_on else at + 1), token.preposition
            elif token.kind == "mark":
                if not (token.is_comma and self._is_list(at)):
                    close(at)
            elif start < 0 and token.lists & {"adverbs", "conjunctions"} and not token.actor:
                continue
            elif start >= 0 and (self._begins_anew(at, start) or self._is_behind_pronoun(at, start, preposition)):
                close(at)
                start = at
            elif start < 0:
                start = at
                if marked:
                    found.append(Phrase("", at, self._end_of(at, end), True))
                    start, marked = -1, False
                    # what follows the marked object is read again as phrases of its own
                    return found + self.split(found[-1].end, end)
        close(end)
        return [p for p in found if p.end > p.begin]

    def _is_behind_pronoun(self, at: int, start: int, preposition: str) -> bool:
        """ "در پی آن اتحادیه اروپا": "that" ends the phrase, and who acts begins another."""
        token = self.line.tokens[at]
        is_short = at == start + 1 and bool(preposition) and "determiners" in self.line.tokens[start].lists
        return self.lang == "fa" and is_short and bool(token.actor or "acting" in token.lists)

    def _end_of(self, begin: int, end: int) -> int:
        at = begin + 1
        while at < end:
            token = self.line.tokens[at]
            if token.preposition or token.is_stop or (token.is_comma and not self._is_list(at)) or token.is_day:
                break
            if self._begins_anew(at, begin):
                break
            at += 1
        return at

    def _is_list(self, comma: int) -> bool:
        """Whether a comma stands between names that are listed."""
        before, after = self.line.token(comma - 1), self.line.token(comma + 1)
        if after is not None and "determiners" in after.lists:
            after = self.line.token(comma + 2)
        if not (before and after and before.actor and after.actor and before.actor is not after.actor):
            return False
        index = next(i for i in range(comma + 1, len(self.line)) if self.line.tokens[i].actor is after.actor)
        last = self.line.token(self._past(index, len(self.line)))
        return last is not None and (last.is_comma or last.has_conjunction or "conjunctions" in last.lists)

    def _begins_anew(self, at: int, start: int) -> bool:
        """Whether another noun phrase begins right behind one: a second name, or an article."""
        token, before = self.line.tokens[at], self.line.tokens[at - 1]
        if before.lists & {"links", "determiners", "conjunctions"} or before.is_comma or token.has_conjunction:
            return False
        if token.actor and token.actor is not before.actor and before.actor and before.actor.rule != "attributive":
            return not (self._is_demonym(token) or self._is_demonym(before)) or self.lang in DEMONYM_FIRST
        return "determiners" in token.lists and "links" not in token.lists and at > start

    def _is_demonym(self, token: Token) -> bool:
        return token.actor is not None and token.actor.rule in ("demonym", "people", "attributive")

    def chunk(self, begin: int, end: int) -> Chunk | None:
        """The noun phrase at `begin` if it is one that acts: a name, or a noun such as "army" with whose it is."""
        first = self._one(begin, end, is_first=True)
        if first is None:
            return None
        parties, at, head = first
        found = list(parties)
        while at < end:
            token, following = self.line.tokens[at], at
            if token.is_comma or "conjunctions" in token.lists:
                following = at + 1
            elif not token.has_conjunction:
                break
            if following < end and self.line.tokens[following].preposition and not token.has_conjunction:
                break
            joined = self._one(following, end, is_first=False)
            if joined is None:
                break
            found += joined[0]
            at = joined[1]
        unique = {party.slug: party for party in reversed(found)}
        return Chunk(tuple(p for p in found if unique[p.slug] is p), begin, at, head)

    def _one(self, begin: int, end: int, *, is_first: bool) -> tuple[tuple[Party, ...], int, int] | None:
        at, head, is_acting, since = begin, -1, False, 0
        while at < min(end, begin + LONGEST_PHRASE):
            token = self.line.tokens[at]
            mention = token.actor
            if mention is not None and mention.rule != "attributive":
                return self._name(at, end, head, is_acting=is_acting, is_first=is_first)
            if token.kind == "number" or (token.lists & {"determiners", "links"} and not token.lists & {"former"}):
                at += 1
            elif "former" in token.lists:
                return None
            elif "acting" in token.lists and (at == begin or not token.preposition):
                head = at if head < 0 else head
                is_acting, since = True, 0
                at += 1
            elif token.kind in ("word", "elided") and is_acting and since < BEFORE_NAME and self._may_describe(token):
                since += 1
                at += 1
            elif (
                (mention is not None and self.lang in DEMONYM_FIRST)
                or (self.lang in DEMONYM_FIRST and token.kind == "word" and not is_acting and self._is_adjective(token))
                or (token.kind == "word" and token.lists & {"quantities"})
            ):
                at += 1
            else:
                return None
        return None

    def _may_describe(self, token: Token) -> bool:
        no = {"prepositions", "subordinators", "relatives", "conjunctions", "negations", "auxiliaries", "agents"}
        return not (token.preposition or token.lists & no or token.is_verb or token.is_day or token.has_conjunction)

    def _is_adjective(self, token: Token) -> bool:
        return token.folded.endswith(("ые", "ие", "ый", "ий", "ая", "ое", "ых", "их", "ыми", "ими", "ым", "им"))

    def _name(
        self, at: int, end: int, head: int, *, is_acting: bool, is_first: bool
    ) -> tuple[tuple[Party, ...], int, int] | None:
        mention = self.line.tokens[at].actor
        assert mention is not None
        last = self._past(at, end)
        if mention.rule == "people":
            return None
        if mention.rule == "demonym" and not self._is_name_too(at):
            if self.lang in DEMONYM_FIRST:
                noun = self._acting_behind(last, end)
                if noun is None and not is_acting:
                    return None
                head = noun if noun is not None and head < 0 else head
                last = noun + 1 if noun is not None else last
            elif not is_acting and is_first:
                return None
        if (
            mention.rule == "demonym"
            and self._is_plural_people(at)
            and not (at > 0 and "acting" in self.line.tokens[at - 1].lists)
        ):
            return None
        party = self._party(at)
        person = self.line.token(last)
        if person is not None and last < end and person.actor and self._is_person(person.actor.actor):  # noqa: SIM102  # reads in two steps
            if person.actor.actor != party.slug and person.actor.stands_for == mention.stands_for:
                party, last = self._party(last), self._past(last, end)
        last = self._behind_name(last, end)
        return (party,), last, head if head >= 0 else at

    def _is_name_too(self, at: int) -> bool:
        """A word that is a state's name and its adjective ("السعودية")."""
        mention = self.line.tokens[at].actor
        assert mention is not None
        actor = self.registry.actors[mention.actor]
        fold = self.line.vocabulary.grammar.fold
        text = fold(mention.text)
        return any(a.kind == "name" and a.lang == self.lang and fold(a.text) == text for a in actor.aliases)

    def _is_plural_people(self, at: int) -> bool:
        """ "الليبيين": a people, not the adjective of what stands before."""
        return self.lang == "ar" and self.line.tokens[at].folded.endswith(("ين", "ون"))

    def _acting_behind(self, at: int, end: int) -> int | None:
        for index in range(at, min(end, at + 4)):
            token = self.line.tokens[index]
            if "acting" in token.lists:
                return index
            if token.kind != "word" or token.preposition or not (token.actor or self._is_adjective(token)):  # noqa: SIM102  # reads in two steps
                if not (token.kind == "word" and "conjunctions" in token.lists):
                    return None
        return None

    def _behind_name(self, at: int, end: int) -> int:
        """Over what still describes the name: adjectives of other names are not looked at."""
        while at < end:
            token = self.line.tokens[at]
            if (token.actor is not None and token.actor.rule == "attributive" and not token.preposition) or (
                "acting" in token.lists and not token.preposition and self.lang not in ("ar", "fa", "he")
            ):
                at += 1
            else:
                break
        return at

    def _past(self, at: int, end: int) -> int:
        mention = self.line.tokens[at].actor
        while at < end and self.line.tokens[at].actor is mention:
            at += 1
        return at

    def _is_person(self, slug: str) -> bool:
        return self.registry.actors[slug].kind == "person"

    def _party(self, at: int) -> Party:
        mention = self.line.tokens[at].actor
        assert mention is not None
        return Party(mention.actor, mention.begin, mention.end, at)

    def receivers(self, phrase: Phrase, *, only_owner: bool = False) -> list[Party]:
        """Whom a phrase names: the first actor or place in it, and those joined to it by "and"."""
        found: list[Party] = []
        for at in range(phrase.begin, phrase.end):
            token = self.line.tokens[at]
            if found and not self._is_joined(at):
                if token.actor and token.actor.begin == found[-1].begin:
                    continue
                if not self._goes_on(at):
                    break
                continue
            party = self._named(at)
            if party and all(p.begin != party.begin for p in found):
                found.append(party)
        unique = {party.slug: party for party in reversed(found)}
        return [party for party in found if unique[party.slug] is party]

    def _named(self, at: int) -> Party | None:
        token = self.line.tokens[at]
        if token.actor is not None:
            return self._party(at) if token.actor.rule != "attributive" else None
        if token.place is not None:
            country = self.registry.places[token.place.place].country
            if country in self.states:
                return Party(self.states[country], token.place.begin, token.place.end, at, True)
        return None

    def _is_joined(self, at: int) -> bool:
        token, before = self.line.tokens[at], self.line.token(at - 1)
        if token.has_conjunction:
            return True
        if before is not None and "determiners" in before.lists:
            before = self.line.token(at - 2)
        return before is not None and ("conjunctions" in before.lists or before.is_comma) and token.actor is not None

    def _goes_on(self, at: int) -> bool:
        token = self.line.tokens[at]
        return bool(token.is_comma or token.lists & {"conjunctions", "determiners", "acting"})

    def nouns(self, phrase: Phrase) -> Iterator[str]:
        for at in range(phrase.begin, phrase.end):
            if self.line.tokens[at].kind == "word":
                yield self.line.tokens[at].base
