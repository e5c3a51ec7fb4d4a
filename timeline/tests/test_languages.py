"""Arabic and Persian: every word of the public pages is translated, and a translation keeps its placeholders."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import gettext, ngettext, override

from timeline.tagging import load_codebook
from timeline.tests.world import make_world

ROOT = Path(__file__).parents[2]
PUBLIC = [path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.parts]
TRANSLATE = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*(plural|endblocktranslate)\s*%}", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)s|%[sd]")
CATALOGUES = [ROOT / f"timeline/locale/{language}/LC_MESSAGES/django.po" for language in ("ar", "fa")]


def words_of(path: Path) -> set[str]:
    text = path.read_text()
    single = {one or other for one, other in TRANSLATE.findall(text)}
    return single | {re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", words) for words, _ in BLOCK.findall(text)}


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_every_word_of_the_public_pages_is_translated(language: str) -> None:
    wanted = set().union(*map(words_of, PUBLIC))
    assert len(wanted) > 200
    with override(language):
        known = {word for word in wanted if gettext(word) != word or ngettext(word, word, 2) != word}
        left = {word for word in wanted - known if not _is_plural(word, language)}
    assert left == set()


def _is_plural(word: str, language: str) -> bool:
    catalogue = (ROOT / f"timeline/locale/{language}/LC_MESSAGES/django.po").read_text()
    escaped = word.replace('"', '\\"')
    return f'msgid "{escaped}"\nmsgid_plural' in catalogue


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_what_was_done_is_said_in_the_language(language: str) -> None:
    with override(language):
        assert [kind.phrase for kind in load_codebook().kinds.values() if gettext(kind.phrase) == kind.phrase] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_keep_their_placeholders(catalogue: Path) -> None:
    entries = re.findall(
        r'^msgid "(.+)"\n((?:msgid_plural .*\n)?)((?:msgstr.*\n)+)', catalogue.read_text(), re.MULTILINE
    )
    assert len(entries) > 300
    for english, _, translations in entries:
        for said in re.findall(r'msgstr(?:\[\d\])? "(.*)"', translations):
            assert said and set(PLACEHOLDER.findall(said)) == set(PLACEHOLDER.findall(english)), english


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "heading"), [("ar", "الخط الزمني"), ("fa", "خط زمان"), ("en", "Timeline")])
def test_a_page_speaks_the_chosen_language(client: Client, language: str, heading: str) -> None:
    make_world(2)
    client.post("/language/", {"language": language})
    assert f"<h1>{heading}</h1>" in client.get("/timeline/").content.decode()


@pytest.mark.django_db
def test_a_day_is_not_turned_round_by_the_letters_before_it(client: Client) -> None:
    event = make_world(1)[0]
    type(event).objects.update(date_precision="unknown", occurred_on=date(2025, 6, 23))
    client.post("/language/", {"language": "ar"})
    assert "حتى \u20662025-06-23\u2069" in client.get("/timeline/").content.decode()
