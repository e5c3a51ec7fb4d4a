"""Outlets and feeds as facts in a file: what the loader refuses, and what must be true of the file that ships."""

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from articles.models import Outlet
from articles.registry import BLOCS, CONTROLS, OutletRow, load_outlets
from articles.registry.files import MalformedFile

GAZETTE = "- {slug: gazette, name: Gazette, control: private, bloc: unknown}\n"
FEED = "{url: 'https://a.example/f', title: A, confirmed: opened}"


def outlets_file(folder: Path, content: str) -> Path:
    path = folder / "outlets.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def test_it_reads_an_outlet_with_its_feeds(tmp_path: Path) -> None:
    (outlet,) = load_outlets(outlets_file(tmp_path, GAZETTE.replace("}", f", feeds: [{FEED}]}}")))
    assert (outlet.slug, outlet.reliability, outlet.family) == ("gazette", "F", "")
    assert [(feed.url, feed.title, feed.confirmed) for feed in outlet.feeds] == [("https://a.example/f", "A", "opened")]


def changed(text: str) -> str:
    return GAZETTE + "- {slug: x, name: X, control: state, bloc: us, " + text + "}\n"


BAD = [
    ("gazette: {}\n", 1, "must be a list"),
    (GAZETTE + "- X\n", 1, "item 2 must be a mapping"),
    (GAZETTE + "- {slug: x, name: X, control: state}\n", 2, "'bloc' is missing"),
    (GAZETTE + "- {slug: x, name: X, control: royal, bloc: us}\n", 2, "unknown control 'royal'"),
    (GAZETTE + "- {slug: x, name: X, control: state, bloc: moon}\n", 2, "unknown bloc 'moon'"),
    (GAZETTE + "- {slug: X y, name: X, control: state, bloc: us}\n", 2, "'X y' is not a slug"),
    (GAZETTE + "- {slug: x, name: 7, control: state, bloc: us}\n", 2, "name 7 is no text (quote it?)"),
    (GAZETTE + GAZETTE, 2, "'gazette' is given twice"),
    (changed("colour: red"), 2, "unknown field 'colour'"),
    (changed("country: Norway"), 2, "country is not ISO alpha-3"),
    (changed("language: no"), 2, "language False is no text (quote it?)"),
    (changed("language: English"), 2, "language is not ISO 639"),
    (changed("reliability: Z"), 2, "reliability is a letter from A to F"),
    (changed("homepage: 'ftp://x.example', confirmed: seen"), 2, "homepage is no web address"),
    (changed("homepage: 'https://x.example'"), 2, "a homepage or Wikidata id without how it was confirmed"),
    (changed("wikidata: P1, confirmed: seen"), 2, "not a Wikidata id"),
    (changed("wikidata: Q1"), 2, "a homepage or Wikidata id without how it was confirmed"),
    (changed("feeds: [https://x.example/f]"), 2, "'feeds' must be a list of mappings"),
    (changed("feeds: [{url: 'https://x.example/f'}]"), 2, "'confirmed' is missing"),
    (changed("feeds: [{url: 7, confirmed: seen}]"), 2, "7 is no web address"),
    (changed("feeds: [{url: 'javascript:x', confirmed: seen}]"), 2, "'javascript:x' is no web address"),
    (changed(f"feeds: [{FEED}, {FEED}]"), 2, "feed https://a.example/f stands already on line 2"),
]


@pytest.mark.parametrize(("content", "line", "told"), BAD, ids=[told for _, _, told in BAD])
def test_it_refuses_outlets_that_are_wrong(tmp_path: Path, content: str, line: int, told: str) -> None:
    with pytest.raises(MalformedFile) as refused:
        load_outlets(outlets_file(tmp_path, content))
    assert str(refused.value).startswith(f"outlets.yaml:{line}: ")
    assert told in str(refused.value)


@pytest.fixture(scope="module")
def outlets() -> list[OutletRow]:
    return load_outlets()


def test_it_ships_forty_outlets_with_country_language_family_and_bloc(outlets: list[OutletRow]) -> None:
    assert len(outlets) >= 40
    assert [o.slug for o in outlets if not (o.country and o.language and o.family and o.bloc and o.homepage)] == []


def test_it_ships_outlets_of_every_side(outlets: list[OutletRow]) -> None:
    blocs = Counter(outlet.bloc for outlet in outlets)
    expected = {"iranian-state": 5, "israeli": 3, "us": 5, "russian-state": 3, "gulf": 3, "european": 5, "arab": 2}
    assert {bloc: n for bloc, n in expected.items() if blocs[bloc] < n} == {}
    assert {"en", "fr", "ar", "fa", "ru", "he"} <= {outlet.language for outlet in outlets}


def test_it_knows_the_same_blocs_and_controls_as_the_database() -> None:
    assert set(Outlet.Bloc.values) == BLOCS
    assert set(Outlet.Control.values) == CONTROLS


def test_its_homepages_and_names_are_each_given_once(outlets: list[OutletRow]) -> None:
    twice = [
        value
        for values in ([o.homepage for o in outlets], [o.name.casefold() for o in outlets])
        for value, n in Counter(values).items()
        if n > 1
    ]
    assert twice == []


def test_it_joins_outlets_of_one_owner_into_one_family(outlets: list[OutletRow]) -> None:
    families = {outlet.slug: outlet.family for outlet in outlets}
    assert families["bbc"] == families["bbc-persian"]
    assert families["press-tv"] == families["al-alam"]
    assert families["tasnim"] != families["irna"]


def test_its_feeds_are_at_home_where_their_outlet_is(outlets: list[OutletRow]) -> None:
    def site(url: str) -> str:
        return ".".join((urlsplit(url).hostname or "").split(".")[-2:])

    allowed = {"co.uk", "tass.com"}  # bbci.co.uk is the BBC's; TASS has its English pages there
    strange = [f.url for o in outlets for f in o.feeds if site(f.url) not in allowed | {site(o.homepage)}]
    assert strange == []
