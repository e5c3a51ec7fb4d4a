"""What must be true of the registry that ships (counts, languages, offices, coordinates) and of loading it twice."""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from io import StringIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Model

from articles.models import Feed, Outlet
from timeline.models import Actor, Alias, Place, Role, Situation
from timeline.tagging.records import RegistryActor, RegistryRole
from timeline.tagging.registry_files import LANGUAGES, load_registry
from timeline.tagging.rollup import roles_on, stands_for
from timeline.tagging.surface import fold

REGISTRY = load_registry()
ACTORS, PLACES = REGISTRY.actors, REGISTRY.places
CORPORA = os.environ.get("CRISISBOARD_CORPORA", "")
ALWAYS = (date.min, date.max)
# Offices that several people hold at once.
SHARED = {"Deputy Minister of Foreign Affairs", "Special Envoy", "Senator"}
# Latitudes and longitudes that each country lies within, in whole degrees.
BOXES = {
    "AFG": (29, 39, 60, 75), "ARE": (22, 27, 51, 57), "ARM": (38, 42, 43, 47), "AUS": (-44, -10, 112, 154),
    "AUT": (46, 49, 9, 18), "AZE": (38, 42, 44, 51), "BEL": (49, 52, 2, 7), "BHR": (25, 27, 50, 51),
    "CAN": (41, 84, -142, -52), "CHE": (45, 48, 5, 11), "CHN": (18, 54, 73, 135), "CYP": (34, 36, 32, 35),
    "DEU": (47, 55, 5, 16), "EGY": (22, 32, 24, 36), "ESP": (36, 44, -10, 5), "FRA": (41, 52, -5, 10),
    "GBR": (49, 61, -9, 2), "GRC": (34, 42, 20, 29), "IND": (6, 34, 68, 98), "IRN": (25, 40, 44, 64),
    "IRQ": (29, 38, 38, 49), "ISR": (29, 34, 34, 36), "ITA": (36, 48, 6, 19), "JOR": (29, 34, 34, 40),
    "JPN": (26, 46, 127, 146), "KOR": (33, 39, 126, 130), "KWT": (28, 31, 46, 49), "LBN": (33, 35, 35, 37),
    "LKA": (5, 10, 79, 82), "NLD": (50, 54, 3, 8), "OMN": (16, 27, 52, 60), "PAK": (23, 37, 60, 76),
    "PRK": (37, 43, 124, 131), "PSE": (31, 33, 34, 36), "QAT": (24, 27, 50, 52), "RUS": (41, 82, 19, 180),
    "SAU": (16, 33, 34, 56), "SYR": (32, 38, 35, 43), "TUR": (35, 43, 26, 45), "UKR": (44, 53, 22, 41),
    "USA": (24, 50, -125, -66), "VEN": (0, 13, -74, -59), "YEM": (12, 19, 42, 55),
}  # fmt: skip
FAR_FROM_HOME = {"diego-garcia"}


def test_it_ships_actors_of_every_kind() -> None:
    kinds = Counter(actor.kind for actor in ACTORS.values())
    least = {"state": 40, "organisation": 50, "group": 10, "company": 5, "international": 15, "person": 100}
    assert {kind: kinds[kind] for kind, n in least.items() if kinds[kind] < n} == {}


def test_it_names_every_actor_in_six_languages() -> None:
    named = {slug: {alias.lang for alias in actor.aliases} for slug, actor in ACTORS.items()}
    assert {slug: set(LANGUAGES) - langs for slug, langs in named.items() if set(LANGUAGES) - langs} == {}


def test_it_gives_every_actor_a_sector_and_those_at_home_somewhere_a_country() -> None:
    assert [slug for slug, actor in ACTORS.items() if not actor.sector] == []
    homeless = {slug for slug, a in ACTORS.items() if not a.country and a.kind in {"state", "organisation", "company"}}
    assert homeless == set()


def test_it_tells_how_every_office_was_confirmed() -> None:
    roles = [(slug, role) for slug, actor in ACTORS.items() for role in actor.roles]
    assert len(roles) >= 100
    assert [slug for slug, role in roles if not role.confirmed] == []


@pytest.mark.parametrize("day", [date(2025, 6, 23), date(2026, 3, 4), date(2026, 8, 20)])
def test_it_rolls_every_actor_up_to_one_that_stands_for_itself(day: date) -> None:
    for slug in ACTORS:
        top = ACTORS[stands_for(REGISTRY, slug, day)]
        assert not top.parent, slug
        assert top.kind != "person" or top.slug == slug


def terms_of(actor: RegistryActor) -> list[tuple[date, date]]:
    terms = [(role.from_on or date.min, role.to_on or date.max) for role in actor.roles]
    return terms or [ALWAYS]


def overlap(one: list[tuple[date, date]], other: list[tuple[date, date]]) -> bool:
    return any(max(a, c) <= min(b, d) for a, b in one for c, d in other)


def test_it_gives_no_name_to_two_actors_of_one_time_without_a_rule() -> None:
    claims = defaultdict(set)
    for actor in ACTORS.values():
        for alias in actor.aliases:
            if not alias.rule:
                claims[alias.lang, fold(alias.text)].add(actor.slug)
    clashes = {
        name: (one, other)
        for name, slugs in claims.items()
        for one, other in combinations(sorted(slugs), 2)
        if overlap(terms_of(ACTORS[one]), terms_of(ACTORS[other]))
    }
    assert clashes == {}


def holders(title: str, organisation: str) -> Iterator[tuple[str, RegistryRole]]:
    for slug, actor in ACTORS.items():
        yield from ((slug, role) for role in actor.roles if (role.title, role.organisation) == (title, organisation))


def test_it_lets_no_two_people_hold_one_office_at_once() -> None:
    offices = {(r.title, r.organisation) for a in ACTORS.values() for r in a.roles if r.title not in SHARED}
    double = []
    for office in offices:
        for (one, first), (other, second) in combinations(holders(*office), 2):
            # One may leave and the other come on the same day.
            spans = [[(r.from_on or date.min, r.to_on or date.max)] for r in (first, second)]
            begins = {r.from_on for r in (first, second)} & {r.to_on for r in (first, second)}
            if overlap(*spans) and not begins:
                double.append((office, one, other))
    assert double == []


def holder(title: str, organisation: str, day: date) -> str:
    held = [
        slug
        for slug in ACTORS
        for role in roles_on(REGISTRY, slug, day)
        if (role.title, role.organisation) == (title, organisation)
    ]
    return " and ".join(held)


SNSC = "Secretary of the Supreme National Security Council"
CHIEF = "Chief of the General Staff"
OFFICES = [
    ("Supreme Leader", "iran-supreme-leader-office", "2025-06-20", "ali-khamenei"),
    ("Supreme Leader", "iran-supreme-leader-office", "2026-03-04", ""),
    ("Supreme Leader", "iran-supreme-leader-office", "2026-03-09", "mojtaba-khamenei"),
    ("President", "iran", "2026-08-20", "masoud-pezeshkian"),
    ("Minister of Foreign Affairs", "iran-mfa", "2026-08-20", "abbas-araghchi"),
    ("Minister of Defence", "iran-mod", "2026-02-27", "aziz-nasirzadeh"),
    ("Minister of Defence", "iran-mod", "2026-03-01", ""),
    (SNSC, "iran-snsc", "2025-07-01", "ali-akbar-ahmadian"),
    (SNSC, "iran-snsc", "2025-12-01", "ali-larijani"),
    (SNSC, "iran-snsc", "2026-03-20", ""),
    (SNSC, "iran-snsc", "2026-07-10", "mohammad-bagher-zolghadr"),
    (SNSC, "iran-snsc", "2026-08-20", "mohsen-rezaei"),
    ("Commander-in-Chief", "irgc", "2025-06-12", "hossein-salami"),
    ("Commander-in-Chief", "irgc", "2025-07-01", "mohammad-pakpour"),
    ("Commander-in-Chief", "irgc", "2026-03-04", "ahmad-vahidi"),
    (CHIEF, "iran-armed-forces", "2025-06-12", "mohammad-bagheri"),
    (CHIEF, "iran-armed-forces", "2025-12-01", "abdolrahim-mousavi"),
    (CHIEF, "iran-armed-forces", "2026-08-21", "ali-abdollahi"),
    ("Minister of Intelligence", "iran-intelligence-ministry", "2026-03-19", ""),
    ("Director General", "iaea", "2026-08-18", "rafael-grossi"),
    ("Secretary-General", "united-nations", "2026-07-25", "antonio-guterres"),
    ("President", "united-states", "2020-01-03", "donald-trump"),
    ("President", "united-states", "2024-04-13", "joe-biden"),
    ("President", "united-states", "2026-08-20", "donald-trump"),
    ("Secretary of State", "us-department-of-state", "2026-08-04", "marco-rubio"),
    ("Secretary of Defense", "us-department-of-defense", "2026-08-13", "pete-hegseth"),
    ("Commander", "us-centcom", "2025-06-21", "michael-kurilla"),
    ("Commander", "us-centcom", "2026-05-14", "brad-cooper"),
    ("Prime Minister", "israel", "2026-08-20", "benjamin-netanyahu"),
    ("Minister of Defense", "israel-mod", "2026-07-10", "israel-katz"),
    (CHIEF, "idf", "2026-05-15", "eyal-zamir"),
    ("President", "russia", "2026-08-18", "vladimir-putin"),
    ("Minister of Foreign Affairs", "russia-mfa", "2026-08-18", "sergei-lavrov"),
    ("Minister of Defence", "russia-mod", "2025-06-23", "andrei-belousov"),
    ("Prime Minister", "united-kingdom", "2026-07-19", "keir-starmer"),
    ("Prime Minister", "united-kingdom", "2026-07-23", "andy-burnham"),
    ("Secretary of State", "uk-foreign-office", "2025-06-23", "david-lammy"),
    ("President", "france", "2026-07-08", "emmanuel-macron"),
    ("Chancellor", "germany", "2025-06-20", "friedrich-merz"),
    ("Minister of Foreign Affairs", "oman", "2026-08-19", "badr-albusaidi"),
    ("Prime Minister", "qatar", "2026-06-07", "mohammed-bin-abdulrahman"),
    ("Minister of Foreign Affairs", "qatar-mfa", "2026-06-07", "mohammed-bin-abdulrahman"),
    ("Minister of Foreign Affairs", "saudi-mfa", "2026-07-25", "faisal-bin-farhan"),
    ("Prime Minister", "iraq", "2026-07-23", "ali-al-zaidi"),
    ("Secretary-General", "nato", "2026-07-08", "mark-rutte"),
    ("Leader", "hamas", "2026-07-21", "khalil-al-hayya"),
    ("President", "syria", "2024-12-01", "bashar-al-assad"),
]


@pytest.mark.parametrize(("title", "organisation", "day", "slug"), OFFICES)
def test_it_knows_who_held_an_office_on_a_day(title: str, organisation: str, day: str, slug: str) -> None:
    assert holder(title, organisation, date.fromisoformat(day)) == slug


def test_it_ships_sixty_places_with_confirmed_coordinates() -> None:
    located = [place for place in PLACES.values() if place.latitude is not None]
    assert len(located) >= 100
    assert [place.slug for place in located if not (place.precision and place.confirmed)] == []


def test_it_puts_every_place_inside_its_country() -> None:
    strange = []
    for place in PLACES.values():
        if place.latitude is None or place.longitude is None or not place.country or place.slug in FAR_FROM_HOME:
            continue
        south, north, west, east = BOXES[place.country]
        if not (south <= place.latitude <= north and west <= place.longitude <= east):
            strange.append(place.slug)
    assert strange == []


def test_it_puts_every_place_into_a_parent_of_its_country() -> None:
    def country(slug: str) -> str:
        return PLACES[slug].country

    assert [p.slug for p in PLACES.values() if p.parent and country(p.parent) != p.country] == []


def test_it_gives_no_name_to_two_places() -> None:
    claims = defaultdict(set)
    for place in PLACES.values():
        for name in (place.name, *(name for names in place.names.values() for name in names)):
            claims[fold(name)].add(place.slug)
    # Arabic Amman and Persian Oman are written alike; the state, which comes first, has it.
    assert {name: slugs for name, slugs in claims.items() if len(slugs) > 1} == {"عمان": {"oman", "amman"}}


def test_it_has_a_place_for_every_state_with_a_land() -> None:
    states = {actor.slug for actor in ACTORS.values() if actor.kind == "state"} - {"holy-see"}
    assert states <= {place.slug for place in PLACES.values() if place.kind == "country"}


def test_it_tracks_one_crisis_by_default_from_the_day_of_its_beginning() -> None:
    (situation,) = (s for s in REGISTRY.situations.values() if s.is_default)
    assert situation.starts_on == date(2025, 6, 12)
    assert {"iran", "united-states", "israel", "russia"} <= set(situation.core_actors)


# --- the seed's answer key --------------------------------------------------------------------------------------------


@pytest.fixture
def seed() -> dict[str, Any]:
    key: dict[str, Any] = json.loads((Path(CORPORA) / "seed" / "expected.json").read_text(encoding="utf-8"))
    return key


@pytest.mark.corpora
@pytest.mark.skipif(not CORPORA, reason="CRISISBOARD_CORPORA is not set: the seed's actors were NOT looked up")
def test_it_knows_every_actor_of_the_seed(seed: dict[str, Any]) -> None:
    events = [*seed["required"], *seed["optional"]]
    in_events = {slug for event in events for part in ("actor", "recipient") for slug in event.get(part) or ()}
    named = {*seed["actors"], *seed["aliases_in_text"].values(), *in_events} - {"*", None}
    assert len(named) >= 10
    assert named - set(ACTORS) == set()


@pytest.mark.corpora
@pytest.mark.skipif(not CORPORA, reason="CRISISBOARD_CORPORA is not set: the seed's places were NOT looked up")
def test_it_knows_every_place_of_the_seed_by_its_name(seed: dict[str, Any]) -> None:
    known = {fold(name) for place in PLACES.values() for name in (place.name, *place.names.get("en", ()))}
    wanted = [*seed["places"], *seed["places_in_sidebar"]]
    assert len(wanted) >= 5
    assert [name for name in wanted if fold(name) not in known] == []


# --- into the database ------------------------------------------------------------------------------------------------

LOADED: tuple[type[Model], ...] = (Actor, Alias, Role, Place, Situation, Outlet, Feed)


def load() -> dict[str, list[tuple[object, ...]]]:
    """Loads the files, and returns every row of what they fill, keys and hours included."""
    call_command("load_registry", stdout=StringIO())
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in LOADED}


@pytest.mark.django_db
def test_it_changes_nothing_when_it_is_loaded_twice() -> None:
    first = load()
    assert all(first.values())
    assert load() == first


@pytest.mark.django_db
def test_it_leaves_every_feed_paused_but_those_that_an_editor_started() -> None:
    load()
    assert Feed.objects.count() >= 20
    assert not Feed.objects.exclude(is_paused=True, next_at=None).exists()
    started = Feed.objects.order_by("pk")[0]
    Feed.objects.filter(pk=started.pk).update(is_paused=False)
    load()
    assert list(Feed.objects.filter(is_paused=False)) == [started]


@pytest.mark.django_db
def test_it_leaves_an_actor_that_an_editor_saved_its_names() -> None:
    load()
    iran = Actor.objects.get(slug="iran")
    names = set(iran.aliases.values_list("lang", "text"))
    Actor.objects.filter(pk=iran.pk).update(is_from_file=False, name="Iran (edited)")
    load()
    assert Actor.objects.get(slug="iran").name == "Iran (edited)"
    assert set(iran.aliases.values_list("lang", "text")) == names != set()


@pytest.mark.django_db
def test_it_takes_away_a_name_that_the_file_no_longer_gives() -> None:
    load()
    Alias.objects.create(actor=Actor.objects.get(slug="iran"), lang="en", text="Northland", is_from_file=True)
    load()
    assert not Alias.objects.filter(text="Northland").exists()
