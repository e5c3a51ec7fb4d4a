"""Who stands where in a parsed sentence: subjects, objects, agents, possessors, and how certain the words make it."""

from __future__ import annotations  # spaCy's types are named, never needed, when this runs

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SUBJECTS, OBJECTS = {"nsubj", "csubj"}, {"dobj", "dative", "attr", "oprd"}
NEAR = {"poss", "compound", "amod", "nmod", "appos", "nummod"}
TOPICS = frozenset({"on", "about", "over"})  # prepositions before what is only spoken of
DUTY = frozenset({"must", "should", "ought"})
PRONOUNS = frozenset({"he", "she", "it", "they"})


@dataclass(frozen=True, slots=True)
class Party:
    """An actor found through a noun phrase: its slug, the token that names it, and how near it stands (1 the head)."""

    slug: str
    token: int
    nearness: float
    role: str = ""


class Clauses:
    """Questions about one parsed sentence.

    `cues` are the word lists of modality.yaml; `actors` and `countries` map token numbers to slugs, `people` are
    those actors who are persons.
    """

    def __init__(
        self,
        doc: Doc,
        cues: Mapping[str, frozenset[str]],
        actors: Mapping[int, str],
        countries: Mapping[int, str],
        people: frozenset[str] = frozenset(),
        bystanders: frozenset[int] = frozenset(),
        carried: str = "",
    ) -> None:
        self.doc, self.cues = doc, cues
        self.actors, self.countries, self.people = actors, countries, people
        self.bystanders = bystanders  # tokens that name people of a country who do not act for it
        self.carried = carried  # the person who was subject of the sentence before

    def parties(self, head: Token | None, *, with_places: bool = False) -> list[Party]:
        """The actors that a noun phrase stands for, those joined by "and" among them."""
        if head is None:
            return []
        found: list[Party] = []
        for noun in (head, *head.conjuncts):
            if noun.i < head.i and noun.dep_ not in ("conj",) and noun is not head:
                continue
            found += self._parties_of(noun, with_places)
        unique: dict[str, Party] = {}
        for party in found:
            unique.setdefault(party.slug, party)
        return list(unique.values())

    def _parties_of(self, noun: Token, with_places: bool) -> list[Party]:
        if noun.lower_ in PRONOUNS and noun.dep_ in SUBJECTS:
            return self._meant_by(noun)
        if noun.i in self.actors:
            joined = [c for c in noun.children if c.i in self.actors and self._is_joined(c, noun)]
            return [
                Party(self.actors[noun.i], noun.i, 1.0),
                *(Party(self.actors[c.i], c.i, 0.85) for c in joined),  # "the President and Israeli officials"
            ]
        if with_places and noun.i in self.countries:
            return [Party(self.countries[noun.i], noun.i, 0.8)]
        if not with_places and noun.lemma_.lower() in self.cues["private"]:
            return []
        near = [(c.dep_, t) for c in noun.children if c.dep_ in NEAR for t in (c, *c.conjuncts) if t.i in self.actors]
        owners = [t for dep, t in near if dep == "poss"]
        others = [t for dep, t in near if dep != "poss"]
        if owners and others:  # "Iran's UN ambassador" is Iran's, "Yemen's Houthi rebels" are the Houthis
            near = [("", t) for t in (owners if noun.lemma_.lower() in self.cues["envoys"] else others)]
        found = [Party(self.actors[t.i], t.i, 0.85) for _, t in near]
        if found:
            return found
        deeper = [
            g
            for c in noun.children
            if c.dep_ in ("poss", "appos", "compound", "nmod")
            for g in c.children
            if g.dep_ in NEAR
        ]
        found = [Party(self.actors[t.i], t.i, 0.75) for t in deeper if t.i in self.actors]
        return found or self._behind(noun, ("of", "from", "in", "at", "inside", "with"), with_places)

    def _meant_by(self, pronoun: Token) -> list[Party]:
        """The subject of a clause around it, or one earlier in the sentence, or `carried`; "it" is no person."""
        around = [c for a in pronoun.head.ancestors for c in a.children]
        for token in (*around, *self.doc[: pronoun.i]):
            if token.i < pronoun.i and token.dep_ in (*SUBJECTS, "nsubjpass") and token.lower_ not in PRONOUNS:
                found = [p for p in self._parties_of(token, False) if p.nearness > 0.8]
                if found and (pronoun.lower_ != "it" or found[0].slug not in self.people):
                    return [Party(p.slug, p.token, 0.7) for p in found[:1]]
        if self.carried and pronoun.lower_ in ("he", "she"):
            return [Party(self.carried, pronoun.i, 0.65)]
        return []

    def _is_joined(self, token: Token, noun: Token) -> bool:
        """Whether the two are named as one side: "the President and Israeli officials", "the US-Israel war"."""
        has_hyphen = token.i == noun.i - 2 and self.doc[noun.i - 1].text in ("-", "–")
        return has_hyphen or any(c.dep_ == "cc" for c in token.children)

    def _behind(self, noun: Token, preps: tuple[str, ...], with_places: bool) -> list[Party]:
        for prep in noun.children:
            if prep.dep_ == "prep" and prep.lower_ in preps:
                if not with_places and noun.lemma_.lower() not in self.cues["acting"]:
                    continue
                for thing in (c for c in prep.children if c.dep_ == "pobj"):
                    if thing.i in self.actors and (prep.lower_ == "of" or with_places):
                        return [Party(self.actors[thing.i], thing.i, 0.7)]
                    if with_places and thing.i in self.countries:
                        return [Party(self.countries[thing.i], thing.i, 0.6)]
                    if prep.lower_ == "of" and (inner := self._parties_of(thing, with_places)):
                        return [Party(p.slug, p.token, 0.6) for p in inner]
        return []

    def subject(self, verb: Token) -> Token | None:
        """The noun that does it: of the verb itself, or of the verb that it hangs on."""
        at = verb
        for _ in range(7):
            for child in at.children:
                if child.dep_ in SUBJECTS:
                    return self._antecedent(child, at)
                if child.dep_ == "nsubjpass" and at is not verb:
                    return child
            if at.dep_ == "acl" and at.tag_ == "VBG":
                return at.head
            if at.pos_ == "NOUN" and at is not verb:  # "Moscow's proposals for resolving …": whose they are
                owner = next((c for c in at.children if c.dep_ == "poss"), None)
                if owner is not None:
                    return owner
                if at.dep_ == "dobj":
                    at = at.head
                    continue
            if at.dep_ not in ("xcomp", "conj", "advcl", "pcomp", "ccomp", "prep", "acl") or at.head is at:
                return None
            if at.dep_ == "ccomp" and at.head.lemma_ in self.cues["reporting"]:
                return None
            if at.dep_ in ("pcomp", "xcomp") and (told := self._told(at)) is not None:
                return told
            at = at.head
        return None

    def is_duty(self, verb: Token) -> bool:
        """Whether it is said that it must or should be done: a demand, no deed."""
        return any(child.dep_ == "aux" and child.lower_ in DUTY for child in verb.children)

    def teller(self, verb: Token) -> Token | None:
        """The verb of reporting whose content the verb is ("…, the minister said")."""
        at = verb
        while at.dep_ == "conj" and at.head is not at:
            at = at.head
        is_told = at.dep_ in ("ccomp", "parataxis") and at.head.lemma_ in self.cues["reporting"]
        return at.head if is_told else None

    def _told(self, verb: Token) -> Token | None:
        """Whom somebody made, asked or stopped to do it: "accused Iran of attacking", "urged Israel to halt"."""
        governor = verb.head.head if verb.dep_ == "pcomp" else verb.head
        is_of = verb.dep_ == "pcomp" and verb.head.lower_ in ("of", "from", "for", "into", "against")
        if governor.pos_ != "VERB" or not (is_of or governor.lemma_ in self.cues["wishing"]):
            return None
        return next((c for c in governor.children if c.dep_ == "dobj" and c.i < verb.i), None)

    def _antecedent(self, noun: Token, verb: Token) -> Token:
        return verb.head if verb.dep_ == "relcl" and noun.tag_ in ("WDT", "WP") else noun

    def passive_subject(self, verb: Token) -> Token | None:
        for child in verb.children:
            if child.dep_ == "nsubjpass" or (child.dep_ == "nsubj" and self._is_headline_passive(verb)):
                return self._antecedent(child, verb)
        return verb.head if verb.dep_ == "acl" and verb.tag_ == "VBN" else None

    def _is_headline_passive(self, verb: Token) -> bool:
        """“Minister urged to resign”: who urges, urges somebody; a past form with "to" alone says it of the subject."""
        if verb.lemma_ not in self.cues["addressing"] or verb.tag_ not in ("VBD", "VBN"):
            return False
        kinds = {child.dep_ for child in verb.children}
        return (
            "xcomp" in kinds
            and not kinds & {"dobj", "dative", "ccomp", "aux", "auxpass"}
            and not any(
                grandchild.dep_ == "nsubj"
                for child in verb.children
                if child.dep_ == "xcomp"
                for grandchild in child.children
            )
        )

    def agent(self, verb: Token) -> Token | None:
        for child in verb.children:
            if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
                return next((thing for thing in child.children if thing.dep_ == "pobj"), None)
        return None

    def objects(self, verb: Token) -> Iterator[Token]:
        for child in verb.children:
            if child.dep_ in OBJECTS and child.i > verb.i:
                yield child
        for child in verb.children:
            if child.dep_ in ("ccomp", "xcomp") and child.lemma_ not in self.cues["reporting"]:
                yield from (c for c in child.children if c.dep_ == "nsubj" and verb.i < c.i < child.i)

    def behind(self, word: Token, preps: frozenset[str] | tuple[str, ...]) -> Iterator[Token]:
        """What stands behind prepositions of a verb or noun, and behind those of its object."""
        for child in word.children:
            if child.dep_ in ("prep", "dative", "agent") and (child.lower_ in preps):
                yield from (thing for thing in child.children if thing.dep_ in ("pobj", "pcomp"))
                for inner in child.children:
                    if inner.dep_ == "prep" and inner.lower_ in preps:
                        yield from (thing for thing in inner.children if thing.dep_ == "pobj")
        for child in word.children:
            if child.dep_ in ("dobj", "prt", "advmod") and child.i > word.i and word.pos_ == "VERB":
                yield from self.behind(child, preps)

    def modality(self, word: Token) -> str:
        """asserted, planned, conditional, denied, or "" when the words say that it does not happen."""
        at, found = word, "asserted"
        for _ in range(6):
            if at.dep_ == "pcomp" and at.head.head.lemma_ in self.cues["accusing"]:
                return ""  # the accusation is the event
            if at.dep_ == "pcomp" and at.head.lower_ in TOPICS:
                return ""  # "a summit on reopening the strait"
            if any(c.dep_ == "neg" or c.lower_ in ("no", "never", "neither") for c in at.children):
                return ""
            found = self._step(at, found, is_word=at is word)
            if at.head is at:
                break
            lemma = at.head.lemma_.lower()
            if at.head.pos_ in ("VERB", "AUX", "ADJ") and at.dep_ in (
                "xcomp",
                "ccomp",
                "pcomp",
                "dobj",
                "pobj",
                "prep",
                "advcl",
                "acomp",
            ):
                if lemma in self.cues["never"] and at.dep_ != "advcl":
                    return "denied" if lemma == "deny" else ""
                if at.dep_ in ("xcomp", "ccomp", "pcomp", "dobj", "pobj", "prep") and found == "asserted":
                    found = (
                        "planned"
                        if lemma in self.cues["intending"] and at.dep_ == "xcomp"
                        else "conditional"
                        if lemma in self.cues["wishing"]
                        else found
                    )
            if at.dep_ in ("nsubj", "nsubjpass") and at is word and word.pos_ == "NOUN":
                return self._step(at.head, found, is_word=False)  # "a deal will be signed"
            if at.dep_ == "conj" and (infinitive := self._joined_to(at)) is not None:
                at = infinitive
                continue
            if at.dep_ in ("relcl", "nsubj", "nsubjpass", "conj"):
                break
            at = at.head
        return found

    def _joined_to(self, verb: Token) -> Token | None:
        """The infinitive whose "to" a joined verb shares: "a plan to extend it and lift …", however it was parsed."""
        if verb.tag_ != "VB" or {child.dep_ for child in verb.children} & {"nsubj", "nsubjpass", "aux"}:
            return None
        earlier = [token for token in self.doc[: verb.i] if token.tag_ == "VB" and verb.head.is_ancestor(token)]
        first = next((t for t in reversed([verb.head, *earlier]) if any(c.lower_ == "to" for c in t.children)), None)
        return first if first is None or first.i < verb.i else None

    def _step(self, at: Token, found: str, *, is_word: bool) -> str:
        auxiliaries = {c.lower_ for c in at.children if c.dep_ in ("aux", "auxpass")}
        if at.dep_ == "advcl" and any(
            c.dep_ == "mark" and c.lower_ in ("if", "unless", "whether") for c in at.children
        ):
            return "conditional"
        if any(c.dep_ == "mark" and c.lower_ == "whether" for c in at.children):
            return "conditional"
        if found != "asserted":
            return found
        if auxiliaries & {"will", "shall", "'ll", "wo"}:
            return "planned"
        if "would" in auxiliaries:
            return "planned" if at.head.lemma_ in self.cues["reporting"] and at.dep_ == "ccomp" else "conditional"
        if auxiliaries & {"could", "may", "might", "should", "must", "can"}:
            return "conditional"
        if is_word and "to" in auxiliaries and at.dep_ == "ROOT":
            return "planned"
        if "to" in auxiliaries and at.dep_ == "acl":  # "efforts to", "a plan to"
            return "planned" if at.head.lemma_ in self.cues["plans"] else "conditional"
        if at.pos_ == "NOUN" and at.dep_ == "pobj" and at.head.head.lemma_.lower() in self.cues["hoping"]:
            return "conditional"
        if at.pos_ == "NOUN" and any(c.dep_ == "amod" and c.lower_ in self.cues["unreal"] for c in at.children):
            return "conditional"
        return found
