"""Which days a text names. Published on Monday 23 June 2025 unless a test says otherwise."""

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.evaluation.dates import score_timex
from timeline.tagging.date_values import bounds, jalali_day, jalali_new_year
from timeline.tagging.dates import DateFinder
from timeline.tagging.records import DateMention, Document
from timeline.tagging.sentences import SentenceFinder

MONDAY = date(2025, 6, 23)


def find(text: str, lang: str = "en", title_end: int = 0, day: date = MONDAY) -> tuple[DateMention, ...]:
    document = Document(text, day, lang, title_end)
    return DateFinder().find(document, SentenceFinder().find(document))


def values(text: str, lang: str = "en") -> list[str]:
    return [mention.value for mention in find(text, lang)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The envoy left on Monday.", "2025-06-23"),
        ("The envoy left on Friday.", "2025-06-20"),
        ("The envoys will meet on Friday.", "2025-06-27"),
        ("The sides plan to meet on Friday.", "2025-06-27"),
        ("The plan was approved on Friday.", "2025-06-20"),
        ("He said he would leave on Friday.", "2025-06-27"),
        ("They had until Friday to answer.", "2025-06-20"),
        ("They have until Friday to answer.", "2025-06-27"),
        ("Talks went on late Sunday night.", "2025-06-22TNI"),
        ("It struck again overnight.", "2025-06-22TNI"),
        ("It struck again last night.", "2025-06-22TNI"),
        ("It was announced yesterday.", "2025-06-22"),
        ("He arrives tomorrow morning.", "2025-06-24TMO"),
        ("On June 13 it began.", "2025-06-13"),
        ("On the 13th of June, 2024, it began.", "2024-06-13"),
        ("It began on Friday, June 13.", "2025-06-13"),
        ("It ended on Dec. 24, 1979.", "1979-12-24"),
        ("It was signed on 14/7/2015.", "2015-07-14"),
        ("It was signed on 7/14/2015.", "2015-07-14"),
        ("It began two days ago.", "2025-06-21"),
        ("It began a couple of weeks ago.", "2025-W24"),
        ("It met last week.", "2025-W25"),
        ("It met earlier this month.", "2025-06"),
        ("It fell over the weekend.", "2025-W25-WE"),
        ("It has held since 1979.", "1979"),
        ("It left in August.", "2024-08"),
        ("It will leave in August.", "2025-08"),
        ("Between June 13 and 15 it rose.", "2025-06-13/2025-06-15"),
        ("From 13 to 24 June it rose.", "2025-06-13/2025-06-24"),
        ("In the week of June 2 it met.", "2025-W23"),
        ("In the 1990s it grew.", "199"),
        ("It grew in the second quarter of 2024.", "2024-Q2"),
        ("It lasted 12 days.", "P12D"),
    ],
)
def test_it_resolves_english(text: str, value: str) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "It may march on, and it will fall.",
        "The F-16 and the Su-35 flew.",
        "It sent 2,025 tents for $2025.",
        "A 40-year-old man was held.",
        "See https://example.org/2026/jun/26/story for more.",
        "Under Article 13 it pays 1.5 percent.",
    ],
)
def test_it_finds_no_day_where_none_is_named(text: str) -> None:
    assert [mention for mention in find(text) if mention.first] == []


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("fr", "Il est parti lundi 23 juin 2025.", "2025-06-23"),
        ("fr", "Il est parti il y a deux jours.", "2025-06-21"),
        ("fr", "Il est parti la semaine dernière.", "2025-W25"),
        ("fr", "Il l'a dit aujourd'hui.", "2025-06-23"),
        ("ru", "Он прибыл 13 июня 2025 года.", "2025-06-13"),
        ("ru", "Он прибыл в воскресенье.", "2025-06-22"),
        ("ru", "Он прибыл на прошлой неделе.", "2025-W25"),
        ("ru", "Это было два дня назад.", "2025-06-21"),
        ("ar", "وصل الوزير يوم الأحد.", "2025-06-22"),
        ("ar", "وصل الوزير في 13 حزيران/يونيو 2025.", "2025-06-13"),
        ("ar", "وصل الوزير قبل يومين.", "2025-06-21"),
        ("ar", "وصل الوزير الأسبوع الماضي.", "2025-W25"),
        ("fa", "این دیدار ۲ تیر ۱۴۰۴ برگزار شد.", "2025-06-23"),
        ("fa", "این دیدار ۲۳ خرداد برگزار شد.", "2025-06-13"),
        ("fa", "این دیدار پنج‌شنبه برگزار شد.", "2025-06-19"),
        ("fa", "این دیدار دو روز پیش برگزار شد.", "2025-06-21"),
        ("fa", "این دیدار هفته گذشته برگزار شد.", "2025-W25"),
        ("he", "הפגישה נערכה ביום ראשון.", "2025-06-22"),
        ("he", "הפגישה נערכה ב-13 ביוני 2025.", "2025-06-13"),
        ("he", "הפגישה נערכה לפני יומיים.", "2025-06-21"),
        ("he", "הפגישה נערכה בשבוע שעבר.", "2025-W25"),
    ],
)
def test_it_resolves_other_languages(lang: str, text: str, value: str) -> None:
    assert values(text, lang) == [value]


def test_it_reads_an_infinitive_in_a_headline_as_future() -> None:
    assert find("Iran to hold talks Thursday\nNo more is known.", title_end=27)[0].first == date(2025, 6, 26)


def test_it_counts_the_following_day_from_the_day_last_named() -> None:
    assert values("It began on June 13. The next day, it spread.") == ["2025-06-13", "2025-06-14"]


def test_it_gives_days_and_precision() -> None:
    mention = find("It met last week.")[0]
    assert (mention.first, mention.last, mention.precision) == (date(2025, 6, 16), date(2025, 6, 22), "week")


def test_it_gives_a_duration_no_days() -> None:
    mention = find("The truce held for 12 days.")[0]
    assert (mention.first, mention.last, mention.precision) == (None, None, "duration")


@pytest.mark.parametrize(
    ("value", "first", "last", "precision"),
    [
        ("2025-06", date(2025, 6, 1), date(2025, 6, 30), "month"),
        ("2024-W01", date(2024, 1, 1), date(2024, 1, 7), "week"),
        ("1979", date(1979, 1, 1), date(1979, 12, 31), "year"),
        ("2024-WI", date(2024, 12, 1), date(2025, 2, 28), "span"),
        ("2025-02-30", None, None, "reference"),
    ],
)
def test_it_knows_what_days_a_value_means(value: str, first: date | None, last: date | None, precision: str) -> None:
    assert bounds(value) == (first, last, precision)


@pytest.mark.parametrize(
    ("year", "first"),
    [(1358, date(1979, 3, 21)), (1399, date(2020, 3, 20)), (1403, date(2024, 3, 20)), (1404, date(2025, 3, 21))],
)
def test_it_knows_when_the_iranian_year_begins(year: int, first: date) -> None:
    assert jalali_new_year(year) == first == jalali_day(year, 1, 1)


WORDS = st.sampled_from(
    [
        "Monday",
        "last",
        "two",
        "days",
        "ago",
        "June",
        "13",
        "2025",
        "the",
        "week",
        "of",
        "-",
        "to",
        "will",
        "said",
        ".",
        "\n",
    ]
)


@given(st.lists(WORDS, max_size=25))
def test_it_quotes_what_its_offsets_cut(words: list[str]) -> None:
    text = " ".join(words)
    assert all(text[mention.begin : mention.end] == mention.text for mention in find(text))


@given(st.lists(WORDS, max_size=15), st.lists(WORDS, max_size=15))
def test_it_finds_the_same_before_an_added_paragraph(words: list[str], more: list[str]) -> None:
    text = " ".join(words) + "."
    assert [m for m in find(text + "\n\nThen " + " ".join(more)) if m.end <= len(text)] == list(find(text))


@given(
    st.text(alphabet="ab 2025الأحدیوم\u0640\u200c\u200d\u0301-.,\n", max_size=60),
    st.sampled_from(["en", "ar", "fa", "he", "ru"]),
)
def test_it_reads_characters_that_fold_to_nothing(text: str, lang: str) -> None:
    year = " 2025 "
    assert any(
        mention.value == "2025" for mention in find(f"{text}\n\nسنة{year}", lang) if year.strip() in mention.text
    )


@pytest.mark.corpora
def test_it_keeps_its_score_on_timebank() -> None:
    folder = os.environ.get("CRISISBOARD_CORPORA")
    if not folder:
        pytest.skip("CRISISBOARD_CORPORA is not set: the floor under date quality was NOT checked")
    figures = {f.name: f.value for f in score_timex(Path(folder) / "gold/timex_en/timebank.jsonl").figures}
    assert figures["value F1"] >= 0.82 and figures["day-level accuracy"] >= 0.90
