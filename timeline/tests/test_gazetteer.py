"""Places of the world in English text: which words name one, and which place they mean."""

import io
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from timeline.evaluation.geoparse import judge, kilometres, load_texts
from timeline.tagging import Document
from timeline.tagging.gazetteer import GazetteerFinder, load_gazetteer
from timeline.tagging.gazetteer.resolving import distances
from timeline.tagging.gazetteer.table import CITY, COUNTRY, key
from timeline.tagging.places import PlaceFinder
from timeline.tagging.records import PlaceMention
from timeline.tagging.registry_files import load_registry

FINDER = GazetteerFinder(load_gazetteer())


def find(text: str) -> dict[str, PlaceMention]:
    return {m.text: m for m in FINDER.find(Document(text, date(2025, 6, 23)))}


def is_near(mention: PlaceMention, latitude: float, longitude: float) -> bool:
    assert mention.latitude is not None and mention.longitude is not None
    return kilometres(mention.latitude, mention.longitude, latitude, longitude) < 100


@pytest.mark.parametrize(
    ("text", "name", "kind", "country"),
    [
        ("The convoy reached Aleppo at dawn.", "Aleppo", "city", "SYR"),
        ("Ministers of Turkey and Iran met.", "Turkey", "country", "TUR"),
        ("The Turkish army moved.", "Turkish", "adjective", "TUR"),
        ("Floods hit Bavaria again.", "Bavaria", "admin1", "DEU"),
        ("A court in Harris County, Texas, ruled.", "Harris County", "admin2", "USA"),
        ("Tankers wait in the Persian Gulf.", "Persian Gulf", "region", ""),
        ("The U.S. embassy closed.", "U.S.", "country", "USA"),
        ("Officials told US reporters.", "US", "country", "USA"),
        ("The mill in Duluth, Minn., closed.", "Minn.", "admin1", "USA"),
        ("Crews left Winnipeg, MB on Friday.", "MB", "admin1", "CAN"),
        ("The port of St. Petersburg in Russia froze.", "St. Petersburg", "city", "RUS"),
    ],
)
def test_a_name_has_its_kind_and_country(text: str, name: str, kind: str, country: str) -> None:
    mention = find(text)[name]
    assert (mention.kind, mention.country) == (kind, country)
    assert text[mention.begin : mention.end] == name


@pytest.mark.parametrize(
    ("text", "name", "at"),
    [
        ("Police in Athens, Ohio, closed the road.", "Athens", (39.33, -82.10)),
        ("Police in Athens, Greece, closed the road.", "Athens", (37.98, 23.73)),
        (
            "The mayors of Toronto, Hamilton and Windsor met in Ontario with the mayor of London.",
            "London",
            (42.98, -81.23),
        ),
        ("The mayor of London met the mayor of Manchester in England.", "London", (51.5, -0.13)),
        ("Athens, Ohio, votes today. Polls in Athens close at eight.", "Athens", (39.33, -82.10)),
    ],
)
def test_the_text_decides_which_place_a_name_means(text: str, name: str, at: tuple[float, float]) -> None:
    assert is_near(find(text)[name], *at)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("President Lincoln signed the order.", "Lincoln"),
        ("The Reading of the bill was put off; reading it takes an hour.", "Reading"),
        ("He told us that us two would go. Us again.", "Us"),
        ("On Monday I've read that Mobile phones fail; mobile phones always do.", "Mobile"),
        ("Sgt. Jackson of the army spoke.", "Jackson"),
    ],
)
def test_a_word_spelt_like_a_town_is_none(text: str, name: str) -> None:
    assert name not in find(text)


def test_a_list_of_countries_is_no_qualifier() -> None:
    assert find("Envoys of Turkey, Georgia and Iran met.")["Turkey"].kind == "country"


def test_the_middle_of_a_country_is_near_its_towns() -> None:
    gazetteer = load_gazetteer()
    countries = [row for row in range(len(gazetteer)) if gazetteer.kinds[row] == COUNTRY]
    assert len(countries) > 200
    for row in countries:
        towns = np.flatnonzero((gazetteer.kinds == CITY) & (gazetteer.countries == gazetteer.countries[row]))
        nearest = distances(gazetteer, [row], towns.astype(np.int32)).min(initial=9999)
        assert nearest < 1_100, gazetteer.place(row)


def test_names_are_looked_up_without_dots_and_accents() -> None:
    assert key("St. Paul") == key("Saint-Paul") == "saint paul"
    assert key("São Paulo") == "sao paulo"


def test_the_same_text_gives_the_same_places() -> None:
    text = "Troops left Basra for Kirkuk, Iraq, and Paris denied it."
    assert find(text) == find(text)


def test_the_tagger_shows_what_only_the_gazetteer_knows_beside_the_registry() -> None:
    places = PlaceFinder(load_registry())
    document = Document("Troops moved from Natanz to Wagga Wagga.", date(2025, 6, 23))
    known = places.find(document, (), ())
    assert [(m.place, m.latitude is not None) for m in known] == [("natanz", True)]
    more = places.find_more(document, known, ())
    assert [(m.text, m.place, m.country) for m in more] == [("Wagga Wagga", "", "AUS")]
    assert places.find_more(Document("Troupes à Wagga Wagga", date(2025, 6, 23), "fr"), (), ()) == ()


def toponym(text: str, phrase: str, lat: str | None, lon: str | None, shift: int = 0) -> dict[str, object]:
    begin = text.index(phrase) + shift
    return {"begin": str(begin), "end": str(begin + len(phrase)), "phrase": phrase, "lat": lat, "lon": lon}


def write(folder: Path) -> Path:
    text = "A bridge in Basra fell. Qqville lies near, and Zzford."
    toponyms = [
        toponym(text, "Basra", "30.5", "47.8", shift=-2),
        toponym(text, "Qqville", "30.6", "47.9"),
        toponym(text, "Zzford", None, None),
    ]
    path = folder / "texts.jsonl"
    path.write_text(
        json.dumps({"id": "t1", "date": "2025-06-23", "text": text, "toponyms": toponyms}), encoding="utf-8"
    )
    return path


def test_gold_offsets_that_are_off_are_mended_and_gold_without_coordinates_is_not_counted(tmp_path: Path) -> None:
    (text,) = load_texts(write(tmp_path))
    assert text.document.text[text.places[0].begin : text.places[0].end] == "Basra"
    judged = judge(text, FINDER.find(text.document))
    assert [one.km < 161 for one in judged.judged] == [True, False]
    assert judged.n_named == judged.n_found == 1


def test_evaluate_geoparse_prints_its_figures_and_writes_every_place(tmp_path: Path) -> None:
    out, answers = io.StringIO(), tmp_path / "answers.jsonl"
    call_command("evaluate", "geoparse", str(write(tmp_path)), "--predictions", str(answers), stdout=out)
    assert "within 161 km of all 0.500" in out.getvalue() and "not found: Qqville" in out.getvalue()
    (place,) = json.loads(answers.read_text())["toponyms"]
    assert place["phrase"] == "Basra" and abs(place["lat"] - 30.5) < 0.1
