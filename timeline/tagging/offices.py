"""Resolves offices to who held them on the day of publication: "the Iranian foreign minister", "the IAEA chief".

An office needs an owner beside it (a state or organisation that was found before) or, with "the" alone, exactly one
holder named earlier in the text. Former and deputy holders are nobody; an office whose holder the registry does not
know stands for its owner. Pure.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from timeline.tagging.names import Name, NameMatcher, longest
from timeline.tagging.records import ActorMention, Document, Registry
from timeline.tagging.rollup import roles_on, stands_for
from timeline.tagging.surroundings import Surroundings, is_former, is_title_case, load_words
from timeline.tagging.wordlists import load_wordlist

LANGUAGES = ("en", "fr", "ru", "ar", "fa", "he")
_OWNER_LEFT = re.compile(r"(?:['’]s?|\u200c)? (?P<between>(?:[\w-]{1,16} ){0,2})\Z")
_OWNERS_RIGHT = {
    "en": frozenset((" of ", " of the ", " for the ", " at the ", " at ")),
    "fr": frozenset((" de ", " de l'", " de l’", " d'", " d’", " du ", " de la ", " des ", " ")),
}
_BESIDE = frozenset((" ",))
_BETWEEN = frozenset(
    ("new", "current", "hardline", "own", "senior", "top", "newly", "appointed", "elected", "chief", "lead")
)
_NAME_LINK = re.compile(r",?(?: (?:Dr|Gen|General|Ayatollah|Sheikh|Maj|Brig|Admiral|Adm|Lt)\.?){0,2} \Z")
_OTHER_NAME = re.compile(r",? [A-Z][a-z]{1,20}(?: [a-z]{2,3})?[ -](?:[A-Z]\. )?[A-Z][a-z]")
_APPOSITION = re.compile(r", (?:the )?\Z")
_ANAPHORIC = frozenset(("the", "le", "la"))
_LINK_CHARACTERS, _NEAR_MENTIONS, _REMEMBERED = 32, 200, 4096


@dataclass(frozen=True, slots=True)
class Office:
    key: str
    titles: frozenset[str]
    is_within_state: bool
    is_unique: bool
    is_anaphor: bool
    only: frozenset[str]


class OfficeFinder:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._offices: list[Office] = []
        names: list[Name] = []
        for key, entry in load_wordlist("offices").items():
            office = Office(
                key=key,
                titles=frozenset(entry["titles"]),
                is_within_state=entry.get("within") == "state",
                is_unique=bool(entry.get("unique")),
                is_anaphor=bool(entry.get("before")),
                only=frozenset(entry.get("only", ())),
            )
            names += [Name(form, lang, len(self._offices)) for lang in LANGUAGES for form in entry.get(lang, ())]
            self._offices.append(office)
        self._matcher = NameMatcher(names)
        self._holders: dict[tuple[tuple[str, ...], str, date], str] = {}

    def resolve(self, document: Document, mentions: tuple[ActorMention, ...]) -> tuple[ActorMention, ...]:
        """The mentions with offices merged into their owners; states that only introduce a person are attributive."""
        reading = _Reading(self.registry, document, mentions)
        for hits in longest(self._matcher.find(document)):
            offices = [self._offices[hit.ref] for hit in hits]
            if not reading.covers(hits[0].begin):
                self._resolve_one(reading, hits[0].begin, hits[0].end, offices)
        return _with_introductions(reading)

    def _resolve_one(self, reading: "_Reading", begin: int, end: int, offices: Sequence[Office]) -> None:
        owner, between = reading.owner_left(begin)
        is_left = owner is not None
        if owner is None:
            owner = reading.owner_right(end)
        outer_begin = min(begin, owner.begin) if owner else begin
        outer_end = max(end, owner.end) if owner else end
        if owner and (is_former(Surroundings(reading.text, outer_begin, outer_begin)) or between & load_words().former):
            reading.replace(owner, replace(owner, rule="attributive"))
        elif reading.is_introduction(outer_begin, outer_end):
            if owner:
                reading.replace(owner, replace(owner, rule="attributive"))
        elif owner:
            is_other = bool(between & load_words().deputy) or reading.has_other_name(outer_end)
            holder = "" if is_other else self._holder(offices, owner.actor, reading.document.published_on)
            if holder or is_left:
                reading.replace(owner, reading.mention(outer_begin, outer_end, holder or owner.actor, "role"))
        else:
            self._resolve_alone(reading, begin, end, offices)

    def _resolve_alone(self, reading: "_Reading", begin: int, end: int, offices: Sequence[Office]) -> None:
        """An office without an owner: the only one of its kind, or the one holder that was named before."""
        day = reading.document.published_on
        around = Surroundings(reading.text, begin, end)
        if (
            around.after[:1] in ("-", "‑")
            or around.next().lower() in ("of", "for", "de")
            or reading.has_other_name(end)
        ):
            return
        unique = [office for office in offices if office.is_unique]
        if unique and not is_former(around):
            holders = {slug for slug in self.registry.actors if self._holds(slug, unique, day)}
        elif around.previous().lower() in _ANAPHORIC:
            known = [office for office in offices if office.is_within_state or office.is_anaphor]
            holders = {slug for slug in reading.persons_before(begin) if self._holds(slug, known, day)}
        else:
            return
        if len(holders) == 1:
            reading.add(reading.mention(begin, end, holders.pop(), "role" if unique else "title"))

    def _holds(self, slug: str, offices: Sequence[Office], day: date) -> bool:
        titles = {title for office in offices for title in office.titles}
        return any(role.title in titles for role in roles_on(self.registry, slug, day))

    def _holder(self, offices: Sequence[Office], owner: str, day: date) -> str:
        """The one person who holds one of the offices of an owner on a day, "" when nobody or several do."""
        asked = (tuple(office.key for office in offices), owner, day)
        if len(self._holders) > _REMEMBERED:
            self._holders.clear()
        if asked not in self._holders:
            self._holders[asked] = self._find_holder(offices, owner, day)
        return self._holders[asked]

    def _find_holder(self, offices: Sequence[Office], owner: str, day: date) -> str:
        holders = {
            slug
            for slug, actor in self.registry.actors.items()
            if actor.kind == "person"
            for role in roles_on(self.registry, slug, day)
            for office in offices
            if role.title in office.titles and self._belongs(office, role.organisation, owner, day)
        }
        return holders.pop() if len(holders) == 1 else ""

    def _belongs(self, office: Office, organisation: str, owner: str, day: date) -> bool:
        if office.only and organisation not in office.only:
            return False
        return organisation == owner or (
            office.is_within_state and stands_for(self.registry, organisation, day) == owner
        )


class _Reading:
    """The mentions of a document in reading order, to be merged and added to."""

    def __init__(self, registry: Registry, document: Document, mentions: Sequence[ActorMention]) -> None:
        self.registry, self.document, self.text = registry, document, document.text
        self.mentions = list(mentions)
        self._begins = [mention.begin for mention in mentions]

    def covers(self, at: int) -> bool:
        index = bisect_right(self._begins, at) - 1
        return index >= 0 and at < self.mentions[index].end

    def replace(self, old: ActorMention, new: ActorMention) -> None:
        index = self.mentions.index(old, max(0, bisect_left(self._begins, old.begin)))
        self.mentions[index] = new
        self._begins[index] = new.begin

    def add(self, mention: ActorMention) -> None:
        index = bisect_right(self._begins, mention.begin)
        self.mentions.insert(index, mention)
        self._begins.insert(index, mention.begin)

    def mention(self, begin: int, end: int, actor: str, rule: str) -> ActorMention:
        stands = stands_for(self.registry, actor, self.document.published_on)
        return ActorMention(begin, end, self.text[begin:end], actor, rule, stands)

    def owner_left(self, begin: int) -> tuple[ActorMention | None, frozenset[str]]:
        """The state or organisation right before an office, and the lower-case words between ("new", "deputy")."""
        index = bisect_left(self._begins, begin) - 1
        if index < 0 or begin - self.mentions[index].end > _LINK_CHARACTERS or not self._may_own(self.mentions[index]):
            return None, frozenset()
        link = _OWNER_LEFT.fullmatch(self.text[self.mentions[index].end : begin])
        between = frozenset(link["between"].lower().split()) if link else frozenset()
        if not link or between - _BETWEEN - load_words().deputy - load_words().former:
            return None, frozenset()
        return self.mentions[index], between

    def owner_right(self, end: int) -> ActorMention | None:
        """The state or organisation behind an office: "of Iran"; in other languages also right beside it."""
        index = bisect_left(self._begins, end)
        if index >= len(self.mentions) or not self._may_own(self.mentions[index]):
            return None
        links = _OWNERS_RIGHT.get(self.document.lang, _BESIDE)
        return self.mentions[index] if self.text[end : self.mentions[index].begin] in links else None

    def is_introduction(self, begin: int, end: int) -> bool:
        """Whether the office only introduces a person named right behind it, or explains one named right before."""
        index = bisect_left(self._begins, end)
        if index < len(self.mentions) and self._is_linked(end, self.mentions[index].begin, _NAME_LINK):
            return self._is_person(self.mentions[index])
        index = bisect_left(self._begins, begin) - 1
        if index >= 0 and self._is_linked(self.mentions[index].end, begin, _APPOSITION):
            return self._is_person(self.mentions[index])
        return False

    def _is_linked(self, begin: int, end: int, link: re.Pattern[str]) -> bool:
        return end - begin <= _LINK_CHARACTERS and link.fullmatch(self.text, begin, end) is not None

    def has_other_name(self, end: int) -> bool:
        """Whether a person whom the registry does not know is named right behind."""
        line_end = self.text.find("\n", end, end + 120)
        line_begin = self.text.rfind("\n", max(0, end - 200), end) + 1
        if self.document.lang != "en" or is_title_case(
            self.text[line_begin : line_end if line_end >= 0 else end + 120]
        ):
            return False
        return not self.covers(end + 1) and _OTHER_NAME.match(self.text, end) is not None

    def persons_before(self, begin: int) -> set[str]:
        index = bisect_left(self._begins, begin)
        near = self.mentions[max(0, index - _NEAR_MENTIONS) : index]
        return {mention.actor for mention in near if self._is_person(mention)}

    def _is_person(self, mention: ActorMention) -> bool:
        return self.registry.actors[mention.actor].kind == "person"

    def _may_own(self, mention: ActorMention) -> bool:
        return mention.rule not in ("attributive", "role", "title") and not self._is_person(mention)


def _with_introductions(reading: _Reading) -> tuple[ActorMention, ...]:
    """As in "Iran's Araghchi", "Iran's Revolutionary Guards": the state only introduces one of its own."""
    found = list(reading.mentions)
    for index in range(len(found) - 1):
        state, person = found[index], found[index + 1]
        link = reading.text[state.end : person.begin] if person.begin - state.end <= 3 else "|"
        is_own = person.rule in ("name", "surname", "acronym") and (
            reading.registry.actors[person.actor].kind == "person" or person.stands_for == state.actor != person.actor
        )
        if is_own and reading.registry.actors[state.actor].kind != "person" and link in ("'s ", "’s ", " "):
            found[index] = replace(state, rule="attributive")
    return tuple(found)
