"""Reads the registry's files (actors, places, situations). Refuses what is malformed, duplicated or circular."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from articles.registry.files import MalformedFile, Row, listed, read_csv_rows, read_yaml_rows, require
from timeline.tagging.records import (
    Registry,
    RegistryActor,
    RegistryAlias,
    RegistryPlace,
    RegistryRole,
    RegistrySituation,
)

FOLDER = Path(__file__).parent / "data"
ACTOR_FILES = ("states.yaml", "actors.yaml")
LANGUAGES = ("en", "fr", "ar", "fa", "ru", "he")
KINDS = {"state", "organisation", "group", "company", "person", "international"}
ALIAS_KINDS = {"name", "surname", "acronym", "demonym", "capital", "building", "title"}
ALIAS_RULES = {"", "government", "needs-title", "not-person", "case", "needs-context"}
SECTORS = {
    *("GOV", "MIL", "LEG", "JUD", "SPY", "PTY", "OPP", "REB", "UAF", "COP", "MED", "CVL", "BUS", "LAB", "EDU", "REL"),
    *("HLH", "IGO", "NGO", "IMG", "MNC", "ELI", "CRM"),
}  # PLOVER 2.0's sectors, with the actor codes of CAMEO that it keeps
PLACE_COLUMNS = ("slug", "name", "kind", "country", "parent", "latitude", "longitude", "precision", "confirmed",
                 "wikidata", *LANGUAGES)  # fmt: skip
PLACE_KINDS = {"country", "capital", "city", "province", "nuclear-site", "military-base", "port", "strait", "sea",
               "island", "oil-facility", "prison"}  # fmt: skip
ACTOR_FIELDS = (
    "slug",
    "name",
    "kind",
    "sector",
    "country",
    "parent",
    "roles",
    "wikidata",
    "confirmed",
    "note",
    "aliases",
)
SITUATION_FIELDS = ("slug", "name", "summary", "core_actors", "places", "terms", "starts_on", "ends_on", "is_default")
PRECISIONS = {"", "site", "city", "admin1", "country", "water"}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_COUNTRY = re.compile(r"[A-Z]{3}\Z")
_WIKIDATA = re.compile(r"Q[1-9][0-9]*\Z")


def load_registry(folder: Path = FOLDER) -> Registry:
    """The registry as the files have it. Raises MalformedFile with file and line."""
    actors = _load_actors(folder)
    places = _load_places(folder / "places.csv")
    situations = _load_situations(folder / "situations.yaml", actors, places)
    return Registry(actors, places, situations)


def registry_hash(registry: Registry) -> str:
    """SHA-256 (hex) over all that the taggers can see of a registry. Situations are not among it: they only sort."""
    digest = hashlib.sha256()
    for rows in (registry.actors, registry.places):
        for slug in sorted(rows):
            digest.update(repr(rows[slug]).encode())
    return digest.hexdigest()


def _load_actors(folder: Path) -> dict[str, RegistryActor]:
    """The states, then the other actors: two files of one shape, which may name each other."""
    actors: dict[str, RegistryActor] = {}
    stands: dict[str, tuple[Path, int]] = {}
    for path in (folder / name for name in ACTOR_FILES):
        for row in read_yaml_rows(path):
            actor = _actor(path, row)
            if actor.slug in actors:
                raise MalformedFile(
                    path, row.line, f"{actor.slug!r} stands already on {_place_in(path, stands[actor.slug])}"
                )
            actors[actor.slug], stands[actor.slug] = actor, (path, row.line)
    for actor in actors.values():
        path, line = stands[actor.slug]
        for other in [actor.parent, *(role.organisation for role in actor.roles)]:
            _check(path, line, not other or other in actors, f"{actor.slug!r} names {other!r}, which is not there")
            is_person = bool(other) and actors[other].kind == "person"
            _check(path, line, not is_person, f"{actor.slug!r} rolls up to {other!r}, a person")
    _refuse_circles(stands, {slug: actor.parent for slug, actor in actors.items()})
    return actors


def _place_in(path: Path, stands: tuple[Path, int]) -> str:
    return f"line {stands[1]}" if stands[0] == path else f"line {stands[1]} of {stands[0].name}"


def _actor(path: Path, row: Row) -> RegistryActor:
    require(path, row, ACTOR_FIELDS, ("slug", "name", "kind"))
    for field in set(row) - {"roles", "aliases"}:
        _check_text(path, row, field)
    _check(path, row.line, bool(_SLUG.match(row["slug"])), f"{row['slug']!r} is not a slug")
    _check(path, row.line, row["kind"] in KINDS, f"unknown kind {row['kind']!r}")
    sector, country = _word(row, "sector"), _word(row, "country")
    _check(path, row.line, not sector or sector in SECTORS, f"unknown sector {sector!r}")
    _check(path, row.line, not country or bool(_COUNTRY.match(country)), f"country {country!r} is not ISO 3166 alpha-3")
    _check_wikidata(path, row)
    roles = tuple(_role(path, role) for role in listed(path, row, "roles", Row))
    _check(path, row.line, not roles or row["kind"] == "person", "only a person has roles")
    _check(path, row.line, not (row["kind"] == "person" and row.get("parent")), "a person has roles, not a parent")
    return RegistryActor(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        sector=sector,
        country=country,
        parent=_word(row, "parent"),
        roles=roles,
        aliases=_aliases(path, row),
        wikidata=_word(row, "wikidata"),
        confirmed=_word(row, "confirmed"),
        note=_word(row, "note"),
    )


def _role(path: Path, role: Row) -> RegistryRole:
    require(path, role, ("title", "organisation", "from", "to", "confirmed"), ("title", "organisation"))
    for field in ("title", "organisation", "confirmed"):
        _check_text(path, role, field)
    first, last = role.get("from"), role.get("to")
    for day in (first, last):
        _check(path, role.line, day is None or type(day) is date, f"{day!r} is not a day (YYYY-MM-DD)")
    _check(path, role.line, not (first and last and first > last), "a role ends before it begins")
    return RegistryRole(role["organisation"], role["title"], first, last, _word(role, "confirmed"))


def _aliases(path: Path, row: Row) -> tuple[RegistryAlias, ...]:
    aliases: dict[tuple[str, str], RegistryAlias] = {}
    by_language = row.get("aliases") or Row()
    _check(path, row.line, isinstance(by_language, Row), "aliases must be a mapping from language to names")
    for lang, names in by_language.items():
        _check(path, row.line, lang in LANGUAGES, f"unknown language {lang!r}")
        _check(path, row.line, isinstance(names, list), f"aliases of {lang!r} must be a list")
        for name in names:
            alias = _alias(path, name, lang, row.line)
            _check(path, row.line, (lang, alias.text) not in aliases, f"alias {alias.text!r} ({lang}) is given twice")
            aliases[lang, alias.text] = alias
    return tuple(aliases.values())


def _alias(path: Path, name: Any, lang: str, line: int) -> RegistryAlias:
    if isinstance(name, str):
        alias = RegistryAlias(name.strip(), lang)
    else:
        _check(path, line, isinstance(name, Row), f"{name!r} is not a name (quote it?)")
        line = name.line
        require(path, name, ("text", "kind", "rule"), ("text",))
        _check_text(path, name, "text")
        alias = RegistryAlias(name["text"].strip(), lang, name.get("kind") or "name", name.get("rule") or "")
    _check(path, line, bool(alias.text), "an empty alias")
    _check(path, line, alias.kind in ALIAS_KINDS, f"unknown alias kind {alias.kind!r}")
    _check(path, line, alias.rule in ALIAS_RULES, f"unknown context rule {alias.rule!r}")
    return alias


def _load_places(path: Path) -> dict[str, RegistryPlace]:
    places: dict[str, RegistryPlace] = {}
    lines: dict[str, int] = {}
    for row in read_csv_rows(path, PLACE_COLUMNS):
        place = _place(path, row)
        if place.slug in places:
            raise MalformedFile(path, row.line, f"{place.slug!r} stands already on line {lines[place.slug]}")
        places[place.slug], lines[place.slug] = place, row.line
    for place in places.values():
        if place.parent and place.parent not in places:
            raise MalformedFile(path, lines[place.slug], f"parent {place.parent!r} is not there")
    stands = {slug: (path, line) for slug, line in lines.items()}
    _refuse_circles(stands, {slug: place.parent for slug, place in places.items()})
    return places


def _place(path: Path, row: Row) -> RegistryPlace:
    require(path, row, PLACE_COLUMNS, ("slug", "name", "kind"))
    _check(path, row.line, bool(_SLUG.match(row["slug"])), f"{row['slug']!r} is not a slug")
    _check(path, row.line, row["kind"] in PLACE_KINDS, f"unknown kind {row['kind']!r}")
    _check(path, row.line, row["precision"] in PRECISIONS, f"unknown precision {row['precision']!r}")
    _check(
        path, row.line, not row["country"] or bool(_COUNTRY.match(row["country"])), "country is not ISO 3166 alpha-3"
    )
    _check_wikidata(path, row)
    latitude, longitude = (_degrees(path, row, name, limit) for name, limit in (("latitude", 90), ("longitude", 180)))
    _check(path, row.line, (latitude is None) == (longitude is None), "latitude and longitude go together")
    _check(path, row.line, latitude is None or bool(row["confirmed"]), "coordinates without how they were confirmed")
    _check(path, row.line, latitude is None or bool(row["precision"]), "coordinates without a precision")
    names = {lang: tuple(n.strip() for n in row[lang].split("|") if n.strip()) for lang in LANGUAGES}
    for lang, given in names.items():
        _check(path, row.line, len(set(given)) == len(given), f"a name ({lang}) is given twice")
    return RegistryPlace(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        country=row["country"],
        parent=row["parent"],
        latitude=latitude,
        longitude=longitude,
        precision=row["precision"],
        names={lang: given for lang, given in names.items() if given},
        wikidata=row["wikidata"],
        confirmed=row["confirmed"],
    )


def _load_situations(
    path: Path, actors: Mapping[str, RegistryActor], places: Mapping[str, RegistryPlace]
) -> dict[str, RegistrySituation]:
    situations: dict[str, RegistrySituation] = {}
    for row in read_yaml_rows(path):
        situation = _situation(path, row)
        _check(path, row.line, situation.slug not in situations, f"{situation.slug!r} is given twice")
        for name, given, known in (
            ("core_actors", situation.core_actors, actors),
            ("places", situation.places, places),
        ):
            for slug in given:
                _check(path, row.line, slug in known, f"{name} names {slug!r}, which is not there")
        situations[situation.slug] = situation
    defaults = [situation.slug for situation in situations.values() if situation.is_default]
    _check(path, 1, len(defaults) <= 1, f"{' and '.join(defaults)} cannot both be the default")
    return situations


def _situation(path: Path, row: Row) -> RegistrySituation:
    require(path, row, SITUATION_FIELDS, ("slug", "name", "core_actors"))
    for field in ("slug", "name", "summary"):
        _check_text(path, row, field)
    _check(path, row.line, bool(_SLUG.match(row["slug"])), f"{row['slug']!r} is not a slug")
    first, last = row.get("starts_on"), row.get("ends_on")
    for day in (first, last):
        _check(path, row.line, day is None or type(day) is date, f"{day!r} is not a day (YYYY-MM-DD)")
    _check(path, row.line, not (first and last and first > last), "a situation ends before it begins")
    is_default = row.get("is_default") or False
    _check(path, row.line, isinstance(is_default, bool), f"is_default {is_default!r} is neither true nor false")
    return RegistrySituation(
        slug=row["slug"],
        name=row["name"],
        summary=_word(row, "summary"),
        core_actors=tuple(listed(path, row, "core_actors", str)),
        places=tuple(listed(path, row, "places", str)),
        terms=tuple(term.lower() for term in listed(path, row, "terms", str)),
        starts_on=first,
        ends_on=last,
        is_default=is_default,
    )


def _refuse_circles(stands: Mapping[str, tuple[Path, int]], parents: Mapping[str, str]) -> None:
    """`stands`: the file and line of each row."""
    for slug in parents:
        seen, at = {slug}, parents[slug]
        while at:
            if at in seen:
                raise MalformedFile(*stands[slug], f"{slug!r} rolls up in a circle through {at!r}")
            seen.add(at)
            at = parents[at]


def _degrees(path: Path, row: Row, name: str, limit: int) -> float | None:
    if not row[name]:
        return None
    try:
        degrees = float(row[name])
    except ValueError as error:
        raise MalformedFile(path, row.line, f"{name} {row[name]!r} is not a number") from error
    _check(path, row.line, abs(degrees) <= limit, f"{name} {degrees} is not on Earth")
    return degrees


def _check_wikidata(path: Path, row: Row) -> None:
    given = _word(row, "wikidata")
    _check(path, row.line, not given or bool(_WIKIDATA.match(given)), f"{given!r} is not a Wikidata id")
    _check(path, row.line, not given or bool(row.get("confirmed")), "a Wikidata id without how it was confirmed")


def _check_text(path: Path, row: Row, name: str) -> None:
    given = row.get(name)
    _check(path, row.line, given is None or isinstance(given, str), f"{name} {given!r} is no text (quote it?)")


def _word(row: Row, name: str) -> str:
    return (row.get(name) or "").strip()


def _check(path: Path, line: int, is_right: bool, message: str) -> None:
    if not is_right:
        raise MalformedFile(path, line, message)
