"""The loader of actors, places and situations: what it reads, and what it refuses with file and line."""

from datetime import date
from pathlib import Path

import pytest

from articles.registry.files import MalformedFile
from timeline.tagging.records import RegistryAlias, RegistryRole
from timeline.tagging.registry_files import PLACE_COLUMNS, load_registry, registry_hash

NORTHLAND = "- {slug: northland, name: Northland, kind: state, sector: GOV, country: NOR}\n"
GUARD = "- {slug: guard, name: The Guard, kind: organisation, parent: northland}\n"
ACTORS = NORTHLAND + GUARD
HEADER = ",".join(PLACE_COLUMNS) + "\n"
HARBOUR = "harbour,Harbour,port,NOR,,60.1,10.5,city,a map of our own,,Harbour|Port,,,,,\n"
SITUATIONS = "- {slug: dispute, name: The dispute, core_actors: [northland]}\n"


def registry_folder(
    folder: Path,
    actors: str = ACTORS,
    places: str = HEADER + HARBOUR,
    situations: str = SITUATIONS,
    states: str = "[]\n",
) -> Path:
    (folder / "states.yaml").write_text(states, encoding="utf-8")
    (folder / "actors.yaml").write_text(actors, encoding="utf-8")
    (folder / "places.csv").write_text(places, encoding="utf-8")
    (folder / "situations.yaml").write_text(situations, encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(MalformedFile) as refused:
        load_registry(folder)
    return str(refused.value)


def test_it_reads_an_actor_with_aliases_and_offices(tmp_path: Path) -> None:
    actors = ACTORS + (
        "- slug: captain\n  name: A Captain\n  kind: person\n"
        "  roles: [{title: Commander, organisation: guard, from: 2025-06-13, confirmed: a decree}]\n"
        "  aliases: {en: [A Captain, {text: Captain, kind: surname, rule: needs-title}]}\n"
    )
    captain = load_registry(registry_folder(tmp_path, actors)).actors["captain"]
    assert captain.roles == (RegistryRole("guard", "Commander", date(2025, 6, 13), None, "a decree"),)
    assert captain.aliases == (
        RegistryAlias("A Captain", "en"),
        RegistryAlias("Captain", "en", "surname", "needs-title"),
    )


def test_it_reads_states_of_a_file_of_their_own(tmp_path: Path) -> None:
    actors = load_registry(registry_folder(tmp_path, GUARD, states=NORTHLAND)).actors
    assert list(actors) == ["northland", "guard"] and actors["guard"].parent == "northland"


def test_it_refuses_an_actor_that_is_a_state_already(tmp_path: Path) -> None:
    message = refusal(registry_folder(tmp_path, ACTORS, states="\n" + NORTHLAND))
    assert message == "actors.yaml:1: 'northland' stands already on line 2 of states.yaml"


def test_it_reads_a_place_with_its_names(tmp_path: Path) -> None:
    harbour = load_registry(registry_folder(tmp_path)).places["harbour"]
    assert (harbour.latitude, harbour.longitude, harbour.precision) == (60.1, 10.5, "city")
    assert harbour.names == {"en": ("Harbour", "Port")}


def test_it_hashes_what_taggers_see_and_not_situations(tmp_path: Path) -> None:
    first = registry_hash(load_registry(registry_folder(tmp_path)))
    renamed = registry_folder(tmp_path, situations=SITUATIONS.replace("The dispute", "Another name"))
    assert registry_hash(load_registry(renamed)) == first
    assert registry_hash(load_registry(registry_folder(tmp_path, ACTORS.replace("The Guard", "Guard")))) != first


ACTOR = "- {slug: x, name: X, kind: state, %s}\n"
PERSON = "- {slug: x, name: X, kind: person, roles: [{title: T, organisation: %s}]}\n"
BAD_ACTORS = [
    ("northland: {}\n", 1, "must be a list"),
    ("- northland\n", 1, "item 1 must be a mapping"),
    (ACTORS + "- {slug: [\n", 4, "did not find"),
    (ACTORS + "- {? [a]: b}\n", 3, "is no word for a key"),
    (ACTORS + "- slug: x\n  name: X\n  name: Y\n", 5, "'name' is given twice"),
    (ACTORS + "- {slug: x, kind: state}\n", 3, "'name' is missing"),
    (ACTORS + ACTOR % "colour: red", 3, "unknown field 'colour'"),
    (ACTORS + "- {slug: X y, name: X, kind: state}\n", 3, "'X y' is not a slug"),
    (ACTORS + "- {slug: 12, name: X, kind: state}\n", 3, "slug 12 is no text (quote it?)"),
    (ACTORS + "- {slug: x, name: X, kind: planet}\n", 3, "unknown kind 'planet'"),
    (ACTORS + ACTOR % "sector: ABC", 3, "unknown sector 'ABC'"),
    (ACTORS + ACTOR % "country: Norway", 3, "country 'Norway' is not ISO 3166 alpha-3"),
    (ACTORS + ACTOR % "country: no", 3, "country False is no text (quote it?)"),
    (ACTORS + ACTOR % "wikidata: 42", 3, "wikidata 42 is no text (quote it?)"),
    (ACTORS + ACTOR % "wikidata: P42, confirmed: seen", 3, "'P42' is not a Wikidata id"),
    (ACTORS + ACTOR % "wikidata: Q42", 3, "a Wikidata id without how it was confirmed"),
    (ACTORS + GUARD, 3, "'guard' stands already on line 2"),
    (ACTORS + ACTOR % "parent: nowhere", 3, "'x' names 'nowhere', which is not there"),
    (NORTHLAND.replace("GOV", "GOV, parent: guard") + GUARD, 1, "'northland' rolls up in a circle through 'northland'"),
    (ACTORS + ACTOR % "parent: x", 3, "'x' rolls up in a circle through 'x'"),
    (ACTORS + PERSON % "nowhere", 3, "'x' names 'nowhere', which is not there"),
    (ACTORS + PERSON % "x", 3, "'x' rolls up to 'x', a person"),
    (ACTORS + "- {slug: x, name: X, kind: person, parent: guard}\n", 3, "a person has roles, not a parent"),
    (ACTORS + ACTOR % "roles: [{title: T, organisation: guard}]", 3, "only a person has roles"),
    (ACTORS + "- {slug: x, name: X, kind: person, roles: chief}\n", 3, "'roles' must be a list of mappings"),
    (ACTORS + PERSON % "guard, from: soon", 3, "'soon' is not a day (YYYY-MM-DD)"),
    (ACTORS + PERSON % "guard, from: 2025-06-13, to: 2025-06-12", 3, "a role ends before it begins"),
    (ACTORS + PERSON % "guard, from: 2025-02-30", 3, "day is out of range for month"),
    (ACTORS + ACTOR % "aliases: [X]", 3, "aliases must be a mapping from language to names"),
    (ACTORS + ACTOR % "aliases: {xx: [X]}", 3, "unknown language 'xx'"),
    (ACTORS + ACTOR % "aliases: {en: X}", 3, "aliases of 'en' must be a list"),
    (ACTORS + ACTOR % "aliases: {en: [no]}", 3, "False is not a name (quote it?)"),
    (ACTORS + ACTOR % "aliases: {en: [X, X]}", 3, "alias 'X' (en) is given twice"),
    (ACTORS + ACTOR % "aliases: {en: ['  ']}", 3, "an empty alias"),
    (ACTORS + ACTOR % "aliases: {en: [{text: X, kind: nickname}]}", 3, "unknown alias kind 'nickname'"),
    (ACTORS + ACTOR % "aliases: {en: [{text: X, rule: perhaps}]}", 3, "unknown context rule 'perhaps'"),
    (ACTORS + "- {slug: x, name: \x07}\n", 3, "a control character"),
]


@pytest.mark.parametrize(("actors", "line", "told"), BAD_ACTORS, ids=[told for _, _, told in BAD_ACTORS])
def test_it_refuses_actors_that_are_wrong(tmp_path: Path, actors: str, line: int, told: str) -> None:
    message = refusal(registry_folder(tmp_path, actors))
    assert message.startswith(f"actors.yaml:{line}: ")
    assert told in message


PLACE = "x,X,%s\n"
BAD_PLACES = [
    ("slug,name\n", 1, "columns must be slug,name,kind,country"),
    (HEADER + HARBOUR + "x,X\n", 3, "2 cells where 16 belong"),
    (HEADER + HARBOUR + HARBOUR, 3, "'harbour' stands already on line 2"),
    (HEADER + "x,,city,,,,,,,,,,,,,\n", 2, "'name' is missing"),
    (HEADER + "X Y,X,city,,,,,,,,,,,,,\n", 2, "'X Y' is not a slug"),
    (HEADER + PLACE % "moon,,,,,,,,,,,,,", 2, "unknown kind 'moon'"),
    (HEADER + PLACE % "city,Norway,,,,,,,,,,,,", 2, "country is not ISO 3166 alpha-3"),
    (HEADER + PLACE % "city,,nowhere,,,,,,,,,,,", 2, "parent 'nowhere' is not there"),
    (HEADER + PLACE % "city,,x,,,,,,,,,,,", 2, "'x' rolls up in a circle through 'x'"),
    (HEADER + PLACE % "city,,,north,1,city,seen,,,,,,,", 2, "latitude 'north' is not a number"),
    (HEADER + PLACE % "city,,,90.1,1,city,seen,,,,,,,", 2, "latitude 90.1 is not on Earth"),
    (HEADER + PLACE % "city,,,1,-180.5,city,seen,,,,,,,", 2, "longitude -180.5 is not on Earth"),
    (HEADER + PLACE % "city,,,nan,1,city,seen,,,,,,,", 2, "latitude nan is not on Earth"),
    (HEADER + PLACE % "city,,,1,,city,seen,,,,,,,", 2, "latitude and longitude go together"),
    (HEADER + PLACE % "city,,,1,1,city,,,,,,,,", 2, "coordinates without how they were confirmed"),
    (HEADER + PLACE % "city,,,1,1,,seen,,,,,,,", 2, "coordinates without a precision"),
    (HEADER + PLACE % "city,,,1,1,street,seen,,,,,,,", 2, "unknown precision 'street'"),
    (HEADER + PLACE % "city,,,,,,,Q1,,,,,,", 2, "a Wikidata id without how it was confirmed"),
    (HEADER + PLACE % "city,,,,,,,,X|X,,,,,", 2, "a name (en) is given twice"),
    (HEADER + 'x,"X,city,,,,,,,,,,,,,\n', 2, "unexpected end of data"),
]


@pytest.mark.parametrize(("places", "line", "told"), BAD_PLACES, ids=[told for _, _, told in BAD_PLACES])
def test_it_refuses_places_that_are_wrong(tmp_path: Path, places: str, line: int, told: str) -> None:
    message = refusal(registry_folder(tmp_path, places=places))
    assert message.startswith(f"places.csv:{line}: ")
    assert told in message


SITUATION = "- {slug: x, name: X, %s}\n"
BAD_SITUATIONS = [
    (SITUATION % "summary: S", "'core_actors' is missing"),
    (SITUATION % "core_actors: northland", "'core_actors' must be a list of words"),
    (SITUATION % "core_actors: [nobody]", "core_actors names 'nobody', which is not there"),
    (SITUATION % "core_actors: [northland], places: [nowhere]", "places names 'nowhere', which is not there"),
    (SITUATION % "core_actors: [northland], terms: [2015]", "'terms' must be a list of words"),
    (SITUATION % "core_actors: [northland], starts_on: June", "'June' is not a day (YYYY-MM-DD)"),
    (SITUATION % "core_actors: [northland], starts_on: 2025-06-13, ends_on: 2025-06-12", "a situation ends before"),
    (SITUATION % "core_actors: [northland], is_default: maybe", "is_default 'maybe' is neither true nor false"),
    (SITUATION % "core_actors: [northland], colour: red", "unknown field 'colour'"),
    ("- {slug: X y, name: X, core_actors: [northland]}\n", "'X y' is not a slug"),
    (SITUATIONS + SITUATIONS, "'dispute' is given twice"),
    (
        SITUATION % "core_actors: [northland], is_default: true" + SITUATIONS.replace("}", ", is_default: true}"),
        "x and dispute cannot both be the default",
    ),
]


@pytest.mark.parametrize(("situations", "told"), BAD_SITUATIONS, ids=[told for _, told in BAD_SITUATIONS])
def test_it_refuses_situations_that_are_wrong(tmp_path: Path, situations: str, told: str) -> None:
    line = 2 if told.endswith("given twice") else 1
    message = refusal(registry_folder(tmp_path, situations=situations))
    assert message.startswith(f"situations.yaml:{line}: ")
    assert told in message


@pytest.mark.parametrize("name", ["actors.yaml", "places.csv", "situations.yaml", "states.yaml"])
def test_it_names_the_line_that_is_not_utf_8(tmp_path: Path, name: str) -> None:
    path = registry_folder(tmp_path) / name
    path.write_bytes(path.read_bytes() + b"\xff\n")
    lines = path.read_bytes().count(b"\n")
    assert refusal(tmp_path) == f"{name}:{lines}: not UTF-8"
