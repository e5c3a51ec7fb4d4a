"""What a text counts: values, kinds, and what is no count. Sentences of our own."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.tagging import Tagger, load_codebook
from timeline.tagging.dates import DateFinder
from timeline.tagging.number_words import LANGUAGES
from timeline.tagging.numbers import NumberFinder, read_value
from timeline.tagging.records import Document, NumberMention
from timeline.tagging.registry_files import load_registry
from timeline.tagging.sentences import SentenceFinder


def find(text: str, lang: str = "en") -> tuple[NumberMention, ...]:
    document = Document(text, date(2025, 6, 23), lang)
    sentences = SentenceFinder().find(document)
    return NumberFinder().find(document, sentences, DateFinder().find(document, sentences))


def counts(text: str, lang: str = "en") -> list[tuple[float, str]]:
    return [(number.value, number.kind) for number in find(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "forty-two", 42),
        ("en", "one hundred and thirteen", 113),
        ("en", "two thousand three hundred", 2300),
        ("en", "a dozen", 12),
        ("en", "two dozen", 24),
        ("en", "half a million", 500_000),
        ("en", "a million and a half", 1_500_000),
        ("en", "tens of thousands", 10_000),
        ("en", "several hundred", 300),
        ("en", "1,200", 1200),
        ("en", "1 200", 1200),
        ("en", "$1.2 billion", 1.2e9),
        ("en", "$5bn", 5e9),
        ("en", "400-million-euro", 4e8),
        ("fr", "1.200", 1200),
        ("fr", "1 200", 1200),
        ("fr", "1,6 million", 1.6e6),
        ("fr", "quatre-vingt-dix-sept", 97),
        ("fr", "cent quatre-vingts", 180),
        ("fr", "soixante et onze", 71),
        ("fr", "quinze cents", 1500),
        ("fr", "une trentaine", 30),
        ("fr", "des dizaines de milliers", 10_000),
        ("ru", "двадцатью пятью", 25),
        ("ru", "двести сорок тысяч", 240_000),
        ("ru", "1,5 млн", 1.5e6),
        ("ru", "десятки тысяч", 10_000),
        ("ru", "полтора миллиона", 1.5e6),
        ("ar", "١٬٢٠٠", 1200),
        ("ar", "٣٫٥ مليون", 3.5e6),
        ("ar", "خمسة وعشرين", 25),
        ("ar", "مئة وأربعين", 140),
        ("ar", "ثلاثة عشر", 13),
        ("ar", "أحد عشر", 11),
        ("ar", "ألفي", 2000),
        ("ar", "عشرات الآلاف", 10_000),
        ("fa", "۱۲۰۰", 1200),
        ("fa", "سی و دو", 32),
        ("fa", "صد و بیست هزار", 120_000),
        ("fa", "ده‌ها", 10),
        ("he", "עשרים ושלושה", 23),
        ("he", "שלושת אלפים", 3000),
        ("he", "אלפיים", 2000),
        ("he", "חצי מיליון", 500_000),
    ],
)
def test_it_reads_words_and_digits(lang: str, text: str, value: float) -> None:
    assert read_value(text, lang) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army killed 12 farmers.", [(12, "killed")]),
        ("12 farmers were killed near the river.", [(12, "killed")]),
        ("The blast hit a market, killing at least 12 and wounding 30.", [(12, "killed"), (30, "wounded")]),
        ("The ministry put the death toll at 40.", [(40, "killed")]),
        ("The brigade lost 17 men.", [(17, "killed")]),
        ("Three clerks were killed and nine injured.", [(3, "killed"), (9, "wounded")]),
        ("Police arrested two dozen students.", [(24, "detained")]),
        ("Rebels kidnapped six engineers.", [(6, "abducted")]),
        ("Some 40,000 villagers fled.", [(40_000, "displaced")]),
        ("Thousands of teachers marched to the palace.", [(1000, "protesters")]),
        ("The alliance will send 5,000 soldiers.", [(5000, "troops")]),
        ("Niger promised a battalion of 500 men.", [(500, "troops")]),
        ("The movement freed eleven hostages.", [(11, "prisoners")]),
        ("It fired 30 missiles and a dozen drones.", [(30, "missiles"), (12, "drones")]),
        ("Two F-16s and four warships took part.", [(2, "aircraft"), (4, "ships")]),
        ("Jets struck nine bridges.", [(9, "sites")]),
        ("The board lent Ghana $206 million.", [(2.06e8, "money")]),
        ("The strike lasted 12 days.", [(12, "days")]),
        ("Egypt sent 5,000 soldiers and is sending 1,200 more.", [(5000, "troops"), (1200, "troops")]),
    ],
)
def test_it_says_what_is_counted(text: str, expected: list[tuple[float, str]]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fr", "L'attaque a tué au moins douze soldats et blessé trente civils.", [(12, "killed"), (30, "wounded")]),
        ("fr", "La police a arrêté une centaine de manifestants.", [(100, "detained")]),
        ("fr", "La banque a prêté 1,6 million d’euros au port.", [(1.6e6, "money")]),
        ("ru", "При взрыве погибли двенадцать солдат.", [(12, "killed")]),
        ("ru", "Полиция задержала более ста человек.", [(100, "detained")]),
        ("ru", "Румыния передаёт четыре самолёта.", [(4, "aircraft")]),
        ("ar", "أسفر الهجوم عن مقتل ١٢ شخصا وإصابة ثلاثين.", [(12, "killed"), (30, "wounded")]),
        ("ar", "قتل جنديان قرب الحدود.", [(2, "killed")]),
        ("ar", "وصلت طائرتان إلى المطار.", [(2, "aircraft")]),
        ("fa", "در این حمله ۱۲ نفر کشته شدند.", [(12, "killed")]),
        ("fa", "پلیس سی و دو تن را بازداشت کرد.", [(32, "detained")]),
        ("he", "שנים עשר אזרחים נהרגו בפיצוץ.", [(12, "killed")]),
        ("he", "המשטרה עצרה שלושים מפגינים.", [(30, "detained")]),
    ],
)
def test_it_counts_in_other_languages(lang: str, text: str, expected: list[tuple[float, str]]) -> None:
    assert counts(text, lang) == expected


@pytest.mark.parametrize(
    "text",
    [
        "An F-35 struck under Resolution 2231 near Route 66.",
        "It began on 12 June and has held since the 1990s.",
        "Two-thirds of the members were killed.",
        "The minister died at 84.",
        "A 40-year-old farmer was killed.",
        "Prices fell 12 percent and 30 seats changed hands.",
        "They were killed on 3/4/2024 by Unit 731.",
        "The club won 3-1 and the striker died.",
    ],
)
def test_it_counts_nothing_in_names_dates_ages_and_shares(text: str) -> None:
    assert counts(text) == []


@pytest.mark.parametrize("about", ["at least 12", "more than 12", "some 12", "about 12", "up to 12", "dozens of"])
def test_it_marks_an_approximate_number(about: str) -> None:
    (number,) = find(f"The army killed {about} farmers.")
    assert number.is_approximate and number.value == 12


@pytest.mark.parametrize("words", ["10 to 15", "10-15", "between 10 and 15", "10 or 15"])
def test_it_reads_a_range(words: str) -> None:
    (number,) = find(f"The army killed {words} farmers.")
    assert (number.value, number.high) == (10, 15)


def test_money_has_its_currency_and_days_their_unit() -> None:
    found = find("It lent 20 million Kenyan shillings and US$3 million for six weeks.")
    assert [(n.text, n.unit) for n in found] == [
        ("20 million Kenyan shillings", "KES"),
        ("US$3 million", "USD"),
        ("six weeks", "W"),
    ]


def test_an_event_has_the_counts_that_fit_its_type() -> None:
    tagger = Tagger(load_codebook(), load_registry())
    tags = tagger.tag(Document("Israel killed 12 soldiers in Iran with $3 million of shells.", date(2025, 6, 23)))
    assert [n.kind for n in tags.numbers] == ["killed", "money"]
    assert [[n.value for n in event.numbers] for event in tags.events if event.type == "ASSAULT"] == [[12.0]]


def test_a_language_without_a_parser_has_its_numbers() -> None:
    tagger = Tagger(load_codebook(), load_registry())
    tags = tagger.tag(Document("L'attaque a tué douze soldats.", date(2025, 6, 23), "fr"))
    assert [n.value for n in tags.numbers] == [12.0]


WORDS = st.sampled_from(
    [
        "killed",
        "wounded",
        "12",
        "1,200",
        "1.200",
        "forty",
        "-",
        "two",
        "dozens",
        "of",
        "a",
        "half",
        "million",
        "$",
        "€",
        "people",
        "soldiers",
        "at",
        "least",
        "more",
        "than",
        "and",
        "to",
        "between",
        ".",
        ",",
        "%",
        "F-35",
        "days",
        "١٢",
        "۱۲",
        "قتل",
        "شخصا",
        "وعشرين",
        "سی",
        "و",
        "دو",
        "نفر",
        "ده\u200cها",
        "двести",
        "тысяч",
        "погибли",
        "tués",
        "quatre-vingts",
        "d'",
        "euros",
        "שלושה",
        "הרוגים",
        "טילים",
    ]
)


@given(st.lists(WORDS, max_size=25), st.sampled_from(LANGUAGES), st.sampled_from(["", " "]))
def test_it_quotes_what_its_offsets_cut(words: list[str], lang: str, space: str) -> None:
    text = space.join(words)
    found = find(text, lang)
    assert all(text[n.begin : n.end] == n.text and n.text for n in found)
    assert all(a.end <= b.begin for a, b in pairwise(found))


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_it_reads_any_text(text: str, lang: str) -> None:
    assert all(text[n.begin : n.end] == n.text for n in find(text, lang))
