"""Which actors a text names, what each mention does there, and whom it stands for."""

import unicodedata
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.tagging.actors import ActorFinder
from timeline.tagging.records import ActorMention, Document
from timeline.tagging.sentences import SentenceFinder
from timeline.tests.cast import MONDAY, REGISTRY

FINDER = ActorFinder(REGISTRY)


def find(text: str, lang: str = "en", day: date = MONDAY) -> tuple[ActorMention, ...]:
    document = Document(text, day, lang)
    return FINDER.find(document, SentenceFinder().find(document))


def found(text: str, lang: str = "en", day: date = MONDAY) -> list[tuple[str, str]]:
    """(slug, rule) of what takes part; what only describes is left out."""
    return [(mention.actor, mention.rule) for mention in find(text, lang, day) if mention.rule != "attributive"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iran’s answer to the U.S. and Russia", ["iran", "united-states", "russia"]),
        ("The US told us.", ["united-states"]),
        ("The Gulf of Oman and Oman", ["oman"]),
        ("Tehran Times and Iran International reported from Oman", ["oman"]),
        ("The Islamic Republic News Agency reported", []),
        ("See https://example.org/iran/oman and @iran", []),
        ("The IRGC answered; the Irgc did too", ["irgc", "irgc"]),
    ],
)
def test_it_finds_whole_names(text: str, expected: list[str]) -> None:
    assert [slug for slug, _ in found(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Moscow condemned the strikes.", ["russia"]),
        ("It sent a note to Moscow.", ["russia"]),
        ("It turned to Moscow for help.", ["russia"]),
        ("Ties between Tehran and Moscow grew.", ["iran", "russia"]),
        ("The minister flew to Moscow.", []),
        ("A fire broke out in Tehran.", []),
        ("The streets of Tehran were empty.", []),
        ("Tehran residents left.", []),
        ("Officials met at the White House.", []),
        ("MOSCOW, June 23 (Agency) - The talks began.", []),
    ],
)
def test_it_takes_a_capital_for_its_government_only_where_it_acts(text: str, expected: list[str]) -> None:
    assert [slug for slug, _ in found(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Iran-backed groups",
        "anti-Iran protests",
        "the Iran war",
        "the Iran nuclear deal",
        "an Iranian-American journalist",
        "Natanz, Iran",
    ],
)
def test_it_marks_a_name_that_only_describes(text: str) -> None:
    assert found(text) == [] and find(text)[0].rule == "attributive"


@pytest.mark.parametrize("text", ["US-Iran talks", "the U.S. and Iran", "US, Iran resume talks"])
def test_it_keeps_both_sides_of_a_pair(text: str) -> None:
    assert [slug for slug, _ in found(text)] == ["united-states", "iran"]


@pytest.mark.parametrize("text", ["Iranians voted.", "Iranian women voted.", "The Iranian people voted."])
def test_it_tells_a_people_from_its_state(text: str) -> None:
    assert found(text) == [("iran", "people")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Iranian foreign minister arrived.", ("abbas-araghchi", "role")),
        ("Russia's president arrived.", ("vladimir-putin", "role")),
        ("The president of Russia arrived.", ("vladimir-putin", "role")),
        ("The U.S. Secretary of State arrived.", ("marco-rubio", "role")),
        ("The IAEA chief arrived.", ("rafael-grossi", "role")),
        ("The supreme leader spoke.", ("ali-khamenei", "role")),
        ("Israeli officials arrived.", ("israel", "role")),
        ("The Omani foreign minister arrived.", ("oman", "role")),
        ("Iran's deputy foreign minister arrived.", ("iran", "role")),
    ],
)
def test_it_resolves_an_office_to_its_holder_or_its_owner(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


def test_it_resolves_an_office_by_the_day_of_publication() -> None:
    text = "The Iranian foreign minister arrived."
    assert [found(text, day=day)[0][0] for day in (date(2015, 7, 14), MONDAY)] == ["javad-zarif", "abbas-araghchi"]


def test_it_finds_nobody_in_a_former_office() -> None:
    assert found("A former Iranian foreign minister arrived.") == []


def test_it_takes_an_office_before_a_name_for_a_part_of_the_name() -> None:
    mentions = find("Iranian Foreign Minister Abbas Araghchi arrived.")
    assert [(mention.actor, mention.rule) for mention in mentions] == [
        ("iran", "attributive"),
        ("abbas-araghchi", "name"),
    ]


def test_it_resolves_a_title_alone_to_the_holder_named_before() -> None:
    assert found("Abbas Araghchi arrived. The minister met Oman.")[1] == ("abbas-araghchi", "title")


def test_it_leaves_a_title_alone_when_two_holders_were_named() -> None:
    text = "Abbas Araghchi met Sergei Lavrov. The minister left."
    assert found(text) == [("abbas-araghchi", "name"), ("sergei-lavrov", "name")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Melania Trump arrived.", []),
        ("the first lady Melania Trump arrived.", []),
        ("The doors of Trump Tower closed.", []),
        ("It may trump that.", []),
        ("Trump arrived.", ["donald-trump"]),
        ("On Monday President Trump arrived.", ["donald-trump"]),
        ("Katz arrived.", []),
        ("Defense Minister Katz arrived.", ["israel-katz"]),
        ("Katz arrived. Israel Katz leads the ministry.", ["israel-katz", "israel-katz"]),
    ],
)
def test_it_takes_a_surname_for_the_actor_only_when_it_is_theirs(text: str, expected: list[str]) -> None:
    assert [slug for slug, _ in found(text)] == expected


def test_it_gives_a_shared_surname_to_who_is_named_in_full() -> None:
    text = "Mojtaba Khamenei is the third holder of the office. Khamenei took it in March."
    assert [slug for slug, _ in found(text, day=date(2026, 4, 1)) if "khamenei" in slug] == ["mojtaba-khamenei"] * 2


@pytest.mark.parametrize(
    ("text", "day", "stands_for"),
    [
        ("Abbas Araghchi", MONDAY, "iran"),
        ("Javad Zarif", MONDAY, "javad-zarif"),
        ("Donald Trump", date(2022, 6, 1), "donald-trump"),
        ("Revolutionary Guards", MONDAY, "iran"),
        ("Kremlin", MONDAY, "russia"),
    ],
)
def test_it_knows_whom_a_mention_stands_for(text: str, day: date, stands_for: str) -> None:
    assert find(text, day=day)[0].stands_for == stands_for


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fr", "L'Iran et les États-Unis négocient.", ["iran", "united-states"]),
        ("fr", "Téhéran accuse. Un incendie à Téhéran.", ["iran"]),
        ("fr", "Le président russe est arrivé.", ["vladimir-putin"]),
        ("ru", "Ирану, Россией и США", ["iran", "russia", "united-states"]),
        ("ru", "Москва осудила удары. Он был в Москве.", ["russia"]),
        ("ru", "Встреча Владимира Путина с Аббасом Аракчи", ["vladimir-putin", "abbas-araghchi"]),
        ("ar", "وإيران وللولايات المتحدة", ["iran", "united-states"]),
        ("ar", "أعلن وزير الخارجية الإيراني", ["abbas-araghchi"]),
        ("fa", "ايران و آمريكا", ["iran", "united-states"]),
        ("he", 'באיראן, מארה"ב', ["iran", "united-states"]),
    ],
)
def test_it_finds_actors_in_other_languages(lang: str, text: str, expected: list[str]) -> None:
    assert [slug for slug, _ in found(text, lang)] == expected


PIECES = st.sampled_from(
    [
        "Iran",
        "the Revolutionary Guards",
        "Abbas Araghchi",
        "Putin",
        "met",
        "said",
        "in",
        "Tehran",
        "Moscow",
        "’s",
        "-",
        ",",
        ".",
        "the",
        "minister",
        "“",
        "Oman",
        "war",
        "Israeli",
        "foreign",
        "Trump",
        "إيران",
        "Ирана",
        "\n",
    ]
)


@given(st.lists(PIECES, max_size=20))
def test_it_quotes_what_its_offsets_cut(pieces: list[str]) -> None:
    text = " ".join(pieces)
    mentions = find(text)
    assert all(text[mention.begin : mention.end] == mention.text for mention in mentions)
    assert all(first.end <= second.begin for first, second in pairwise(mentions))


@given(st.lists(PIECES.filter(lambda piece: piece != "\n"), max_size=15))
def test_it_finds_the_same_in_other_quotes_dashes_and_unicode_forms(pieces: list[str]) -> None:
    text = " ".join(pieces)
    plain = text.replace("’", "'").replace("“", '"').replace("-", "‑")
    decomposed = unicodedata.normalize("NFD", text)
    expected = [mention.actor for mention in find(text)]
    assert [m.actor for m in find(plain)] == expected and [m.actor for m in find(decomposed)] == expected


@pytest.mark.parametrize("text", ["Iran and Oman met Abbas Araghchi", "The Revolutionary Guards answered Russia"])
def test_it_finds_the_same_in_capitals(text: str) -> None:
    assert [m.actor for m in find(text.upper())] == [m.actor for m in find(text)]


@given(st.lists(PIECES.filter(lambda piece: piece != "\n"), max_size=12))
def test_it_finds_the_same_before_an_unrelated_paragraph(pieces: list[str]) -> None:
    text = " ".join(pieces)
    longer = find(text + "\nThe harvest was good, and the markets were open.")
    assert [m for m in longer if m.end <= len(text)] == list(find(text))
