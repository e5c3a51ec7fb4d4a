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
# Latitudes and longitudes that each country lies within, in whole degrees (those added last: from Natural Earth).
BOXES = {
    "ABW": (12, 13, -71, -69), "AFG": (29, 39, 60, 75), "AGO": (-19, -4, 11, 25), "ALB": (39, 43, 19, 22),
    "AND": (42, 43, 1, 2), "ARE": (22, 27, 51, 57), "ARG": (-55, -21, -74, -53), "ARM": (38, 42, 43, 47),
    "ATG": (17, 18, -62, -61), "AUS": (-44, -10, 112, 154), "AUT": (46, 49, 9, 18), "AZE": (38, 42, 44, 51),
    "BDI": (-5, -2, 29, 31), "BEL": (49, 52, 2, 7), "BEN": (6, 13, 0, 4), "BFA": (9, 16, -6, 3),
    "BGD": (20, 27, 88, 93), "BGR": (41, 45, 22, 29), "BHR": (25, 27, 50, 51), "BHS": (20, 28, -80, -72),
    "BIH": (42, 46, 15, 20), "BLR": (51, 57, 23, 33), "BLZ": (15, 19, -90, -88), "BMU": (32, 33, -65, -64),
    "BOL": (-23, -9, -70, -57), "BRA": (-34, 6, -74, -34), "BRB": (13, 14, -60, -59), "BRN": (4, 6, 114, 116),
    "BTN": (26, 29, 88, 93), "BWA": (-27, -17, 19, 30), "CAF": (2, 12, 14, 28), "CAN": (41, 84, -142, -52),
    "CHE": (45, 48, 5, 11), "CHL": (-56, -17, -76, -66), "CHN": (18, 54, 73, 135), "CIV": (4, 11, -9, -2),
    "CMR": (1, 14, 8, 17), "COD": (-14, 6, 12, 32), "COG": (-5, 4, 11, 19), "COL": (-5, 13, -79, -66),
    "COM": (-13, -11, 43, 45), "CPV": (14, 18, -26, -22), "CRI": (8, 12, -86, -82), "CUB": (19, 24, -85, -74),
    "CUW": (12, 13, -70, -68), "CYP": (34, 36, 32, 35), "CZE": (48, 52, 12, 19), "DEU": (47, 55, 5, 16),
    "DJI": (10, 13, 41, 44), "DMA": (15, 16, -62, -61), "DNK": (54, 58, 8, 16), "DOM": (17, 20, -73, -68),
    "DZA": (18, 38, -9, 12), "ECU": (-5, 2, -92, -75), "EGY": (22, 32, 24, 36), "ERI": (12, 19, 36, 44),
    "ESP": (36, 44, -10, 5), "EST": (57, 60, 21, 29), "ETH": (3, 15, 33, 48), "FIN": (59, 71, 20, 32),
    "FJI": (-20, -12, -180, 180), "FRA": (41, 52, -5, 10), "FRO": (61, 63, -8, -6), "FSM": (5, 10, 138, 164),
    "GAB": (-4, 3, 8, 15), "GBR": (49, 61, -9, 2), "GEO": (41, 44, 40, 47), "GHA": (4, 12, -4, 2),
    "GIN": (7, 13, -15, -7), "GMB": (13, 14, -17, -13), "GNB": (10, 13, -17, -13), "GNQ": (0, 4, 8, 12),
    "GRC": (34, 42, 20, 29), "GRD": (12, 13, -62, -61), "GRL": (59, 84, -73, -11), "GTM": (13, 18, -93, -88),
    "GUY": (1, 9, -62, -56), "HND": (12, 16, -90, -83), "HRV": (42, 47, 13, 20), "HTI": (18, 20, -75, -71),
    "HUN": (45, 49, 16, 23), "IDN": (-11, 6, 95, 142), "IND": (6, 34, 68, 98), "IRL": (51, 56, -11, -6),
    "IRN": (25, 40, 44, 64), "IRQ": (29, 38, 38, 49), "ISL": (63, 67, -25, -13), "ISR": (29, 34, 34, 36),
    "ITA": (36, 48, 6, 19), "JAM": (17, 19, -79, -76), "JOR": (29, 34, 34, 40), "JPN": (26, 46, 127, 146),
    "KAZ": (40, 56, 46, 88), "KEN": (-5, 5, 33, 42), "KGZ": (39, 44, 69, 81), "KHM": (10, 15, 102, 108),
    "KNA": (17, 18, -63, -62), "KOR": (33, 39, 126, 130), "KWT": (28, 31, 46, 49), "LAO": (13, 23, 100, 108),
    "LBN": (33, 35, 35, 37), "LBR": (4, 9, -12, -7), "LBY": (19, 34, 9, 26), "LCA": (13, 15, -62, -60),
    "LIE": (47, 48, 9, 10), "LKA": (5, 10, 79, 82), "LSO": (-31, -28, 27, 30), "LTU": (53, 57, 20, 27),
    "LUX": (49, 51, 5, 7), "LVA": (55, 59, 20, 29), "MAR": (27, 36, -14, -1), "MDA": (45, 49, 26, 31),
    "MDG": (-26, -11, 43, 51), "MDV": (-1, 8, 72, 74), "MEX": (14, 33, -118, -86), "MHL": (4, 15, 165, 173),
    "MKD": (40, 43, 20, 23), "MLI": (10, 25, -13, 5), "MLT": (35, 37, 14, 15), "MMR": (10, 29, 92, 102),
    "MNE": (41, 44, 18, 21), "MNG": (41, 53, 87, 120), "MOZ": (-27, -10, 30, 41), "MRT": (14, 28, -18, -4),
    "MUS": (-21, -7, 56, 73), "MWI": (-18, -9, 32, 36), "MYS": (0, 8, 100, 120), "NAM": (-29, -16, 11, 26),
    "NCL": (-23, -19, 159, 169), "NER": (11, 24, 0, 16), "NGA": (4, 14, 2, 15), "NIC": (10, 16, -88, -83),
    "NLD": (50, 54, 3, 8), "NOR": (58, 72, 4, 32), "NPL": (26, 31, 80, 89), "NZL": (-48, -34, -177, 179),
    "OMN": (16, 27, 52, 60), "PAK": (23, 37, 60, 76), "PAN": (7, 10, -83, -77), "PER": (-19, 0, -82, -68),
    "PHL": (5, 19, 117, 127), "PLW": (6, 8, 134, 135), "PNG": (-12, -1, 140, 156), "POL": (49, 55, 14, 25),
    "PRK": (37, 43, 124, 131), "PRT": (32, 43, -32, -6), "PRY": (-28, -19, -63, -54), "PSE": (31, 33, 34, 36),
    "PYF": (-28, -7, -153, -134), "QAT": (24, 27, 50, 52), "ROU": (43, 49, 20, 30), "RUS": (41, 82, 19, 180),
    "RWA": (-3, -1, 28, 31), "SAU": (16, 33, 34, 56), "SDN": (8, 23, 21, 39), "SEN": (12, 17, -18, -11),
    "SLB": (-12, -6, 155, 168), "SLE": (6, 11, -14, -10), "SLV": (13, 15, -91, -87), "SOM": (-2, 12, 40, 52),
    "SRB": (41, 47, 18, 24), "SSD": (3, 13, 24, 36), "SUR": (1, 7, -59, -53), "SVK": (47, 50, 16, 23),
    "SVN": (45, 47, 13, 17), "SWE": (55, 70, 11, 25), "SWZ": (-28, -25, 30, 33), "SYC": (-11, -4, 46, 57),
    "SYR": (32, 38, 35, 43), "TCD": (7, 24, 13, 24), "TGO": (6, 12, -1, 2), "THA": (5, 21, 97, 106),
    "TJK": (36, 42, 67, 76), "TKM": (35, 43, 52, 67), "TLS": (-10, -8, 124, 128), "TON": (-22, -15, -176, -173),
    "TTO": (10, 12, -62, -60), "TUN": (30, 38, 7, 12), "TUR": (35, 43, 26, 45), "TUV": (-10, -7, 178, 180),
    "TWN": (22, 26, 120, 122), "TZA": (-12, 0, 29, 41), "UGA": (-2, 5, 29, 36), "UKR": (44, 53, 22, 41),
    "URY": (-35, -30, -59, -53), "USA": (24, 50, -125, -66), "UZB": (37, 46, 55, 74), "VCT": (12, 14, -62, -61),
    "VEN": (0, 13, -74, -59), "VNM": (8, 24, 102, 110), "VUT": (-21, -13, 166, 171), "WSM": (-15, -13, -173, -171),
    "XKX": (42, 44, 20, 22), "YEM": (12, 19, 42, 55), "ZAF": (-35, -22, 16, 33), "ZMB": (-19, -8, 21, 34),
    "ZWE": (-23, -15, 25, 34),
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
