"""Finds the registry's actors in a text and decides what each mention does there.

names of the registry (longest match, `names`) → context (`surroundings`) → titles and offices (`offices`) → whom each
mention stands for on the day of publication (`rollup`).

`ActorMention.rule` is the alias kind (name, surname, acronym, demonym), or the rule that let it pass: "government" (a
capital or building that acts), "role" ("the Iranian foreign minister": who held the office that day), "title" ("the
minister": the holder named before), "people" (of a country, not acting for it: no actor, but may be a recipient), or
"attributive": it describes something else ("Iran-backed", "the Iran war", the "US" in "US President Trump") and is no
party to an event. A capital that tells where something is, is no mention at all; see `places`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from timeline.tagging.anaphors import find_anaphors
from timeline.tagging.names import Hit, Name, NameMatcher, longest
from timeline.tagging.offices import OfficeFinder
from timeline.tagging.records import ActorMention, Document, Registry, RegistryActor, RegistryAlias, Sentence
from timeline.tagging.rollup import roles_on, stands_for
from timeline.tagging.surface import fold
from timeline.tagging.surroundings import (
    Surroundings,
    datelines,
    has_title_before,
    is_compound,
    is_dual_national,
    is_given_name,
    is_goods,
    is_other_person,
    is_people,
    is_place,
    is_plural_people,
    is_title_case,
    is_topic,
)
from timeline.tagging.wordlists import load_wordlist

_NOBODY, _FIRST_PLACE = -1, -2
DERIVED = "derived"
FAMILY_NAME_FIRST = frozenset(("CHN", "PRK", "KOR"))


@dataclass(frozen=True, slots=True)
class _Alias:
    actor: RegistryActor
    alias: RegistryAlias


class ActorFinder:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._aliases = tuple(
            _Alias(actor, alias) for actor in registry.actors.values() for alias in _all_aliases(actor)
        )
        names = [Name(item.alias.text, item.alias.lang, ref, item.alias.kind) for ref, item in enumerate(self._aliases)]
        names += [Name(text, "", _NOBODY) for texts in load_wordlist("not_actors").values() for text in texts]
        self._places = tuple(registry.places.values())
        names += [
            Name(text, lang, _FIRST_PLACE - index)
            for index, place in enumerate(self._places)
            for lang, texts in (("en", (place.name,)), *place.names.items())
            for text in texts
        ]
        self._matcher = NameMatcher(names)
        self._given_names = {actor.slug: _given_names(actor) for actor in registry.actors.values()}
        self._offices = OfficeFinder(registry)

    def find(self, document: Document, sentences: Sequence[Sentence]) -> tuple[ActorMention, ...]:
        """Every mention in reading order; mentions do not overlap. See the module for their rules."""
        stretches = longest(self._matcher.find(document))
        full_names = self._named_in_full(stretches)
        reading = _Reading(document, full_names)
        found = []
        for index, hits in enumerate(stretches):
            mention = self._mention(reading, hits)
            if mention and index and self._is_in_address(document, stretches[index - 1], mention):
                mention = replace(mention, rule="attributive")
            if mention:
                found.append(mention)
        resolved = self._offices.resolve(document, tuple(found))
        anaphors = find_anaphors(document, sentences, resolved, self.registry)
        return tuple(sorted((*resolved, *anaphors), key=lambda mention: mention.begin))

    def _named_in_full(self, stretches: Sequence[Sequence[Hit]]) -> Mapping[str, int]:
        """The persons whose full name stands in the document, with its first offset."""
        named: dict[str, int] = {}
        for hits in stretches:
            for hit in hits:
                item = self._aliases[hit.ref] if hit.ref >= 0 else None
                if item and item.actor.kind == "person" and item.alias.kind == "name" and " " in item.alias.text:
                    named.setdefault(item.actor.slug, hit.begin)
        return named

    def _mention(self, reading: "_Reading", hits: Sequence[Hit]) -> ActorMention | None:
        candidates = [self._aliases[hit.ref] for hit in hits if hit.ref >= 0]
        if not candidates or any(hit.ref == _NOBODY for hit in hits):
            return None
        begin, end = hits[0].begin, hits[0].end
        around = Surroundings(reading.document.text, begin, end)
        for item in self._by_likelihood(reading, candidates):
            rule = self._rule(reading, item, around, begin)
            if rule:
                stands = stands_for(self.registry, item.actor.slug, reading.document.published_on)
                return ActorMention(begin, end, around.name, item.actor.slug, rule, stands)
        return None

    def _is_in_address(self, document: Document, before: Sequence[Hit], mention: ActorMention) -> bool:
        """ "Natanz, Iran": the country only says where the town before it lies."""
        actor = self.registry.actors[mention.actor]
        places = [self._places[_FIRST_PLACE - hit.ref] for hit in before if hit.ref <= _FIRST_PLACE]
        is_joined = document.text[before[0].end : mention.begin] == ", "
        return is_joined and actor.kind == "state" and any(place.country == actor.country for place in places)

    def _by_likelihood(self, reading: "_Reading", candidates: Sequence[_Alias]) -> list[_Alias]:
        """Of several bearers of a name: who is named in full here, who is in office, then as the registry has it."""
        if len({item.actor.slug for item in candidates}) == 1:
            return list(candidates[:1])
        day = reading.document.published_on

        def rank(item: _Alias) -> tuple[bool, bool]:
            is_holder = item.actor.kind != "person" or bool(roles_on(self.registry, item.actor.slug, day))
            return item.actor.slug not in reading.full_names, not is_holder

        ranked = sorted(candidates, key=rank)
        ties = {item.actor.slug for item in ranked if rank(item) == rank(ranked[0])}
        is_derived = all(item.alias.rule == DERIVED for item in ranked if item.actor.slug in ties)
        return [] if len(ties) > 1 and is_derived else ranked

    def _rule(self, reading: "_Reading", item: _Alias, around: Surroundings, begin: int) -> str:
        """The rule by which the mention counts, "" when it does not."""
        alias, actor = item.alias, item.actor
        if any(first <= begin < last for first, last in reading.datelines):
            return ""
        if alias.kind == "surname":
            return self._surname_rule(reading, item, around, begin)
        if alias.rule in ("not-person", "needs-context") and is_other_person(
            around, frozenset(), reading.is_title_case(begin)
        ):
            return ""
        if actor.kind == "state" and is_given_name(around, reading.is_title_case(begin)):
            return ""
        if is_compound(around) or is_dual_national(around):
            return "attributive"
        if alias.rule == "government" or alias.kind in ("capital", "building"):
            if is_place(around):
                return ""
            return "attributive" if is_topic(around) else "government"
        if alias.kind == "demonym" and is_goods(around):
            return "attributive"
        if alias.kind == "demonym":
            return "people" if is_people(around) or is_plural_people(alias.text, alias.lang) else "demonym"
        return "attributive" if actor.kind != "person" and is_topic(around) else alias.kind

    def _surname_rule(self, reading: "_Reading", item: _Alias, around: Surroundings, begin: int) -> str:
        slug = item.actor.slug
        if is_other_person(around, self._given_names[slug], reading.is_title_case(begin)):
            return ""
        is_known = slug in reading.full_names
        if item.alias.rule == DERIVED and not is_known:
            return ""
        if item.alias.rule == "needs-title" and not is_known and not has_title_before(around):
            return ""
        return "attributive" if is_compound(around) else "surname"


class _Reading:
    """What is known of a document while its mentions are judged."""

    def __init__(self, document: Document, full_names: Mapping[str, int]) -> None:
        self.document, self.full_names = document, full_names
        self.datelines = datelines(document.text, document.title_end)
        self._title_case: dict[int, bool] = {}

    def is_title_case(self, at: int) -> bool:
        """Whether the line around an offset is a headline that capitalises all its words."""
        begin = self.document.text.rfind("\n", 0, at) + 1
        if begin not in self._title_case:
            end = self.document.text.find("\n", at)
            self._title_case[begin] = is_title_case(self.document.text[begin : end if end >= 0 else None])
        return self._title_case[begin]


def _all_aliases(actor: RegistryActor) -> tuple[RegistryAlias, ...]:
    """The registry's aliases, and for persons what follows from them: given name with each surname; the surname of a
    full name, which counts only in a document that has the full name (`DERIVED`)."""
    if actor.kind != "person":
        return actor.aliases
    known = {(alias.lang, alias.text) for alias in actor.aliases}
    derived: dict[tuple[str, str], RegistryAlias] = {}
    for alias in actor.aliases:
        parts = alias.text.split()
        if alias.kind != "name" or len(parts) < 2:
            continue
        surname = parts[0] if actor.country in FAMILY_NAME_FIRST else parts[-1]
        if _may_stand_alone(surname, parts, actor):
            derived.setdefault((alias.lang, surname), RegistryAlias(surname, alias.lang, "surname", DERIVED))
        for other in actor.aliases:
            if other.kind == "surname" and other.lang == alias.lang and other.rule != "needs-title":
                full = f"{parts[0]} {other.text}"
                derived.setdefault((alias.lang, full), RegistryAlias(full, alias.lang))
    return (*actor.aliases, *(alias for key, alias in derived.items() if key not in known))


def _may_stand_alone(surname: str, parts: Sequence[str], actor: RegistryActor) -> bool:
    if "bin" in parts or "بن" in parts or any(role.title == surname for role in actor.roles):
        return False
    shortest = 2 if actor.country in FAMILY_NAME_FIRST else 4
    return len(surname) >= shortest and (surname[0].isupper() or not surname.isascii())


def _given_names(actor: RegistryActor) -> frozenset[str]:
    """The words before the last of each full name, folded: they may stand before the surname."""
    return frozenset(fold(word) for alias in actor.aliases if alias.kind == "name" for word in alias.text.split()[:-1])
