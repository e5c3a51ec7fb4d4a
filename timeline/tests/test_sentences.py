"""Where sentences end, and where an article ends and a list of other headlines begins."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.tagging.records import Document
from timeline.tagging.sentences import SentenceFinder

FINDER = SentenceFinder()
DAY = date(2025, 6, 23)


def cut(text: str, lang: str = "en", title_end: int = 0) -> list[str]:
    document = Document(text, DAY, lang, title_end)
    return [text[sentence.begin : sentence.end] for sentence in FINDER.find(document)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. Navy left. The U.N. stayed.", ["The U.S. Navy left.", "The U.N. stayed."]),
        ("It fled the U.S. The ship sank.", ["It fled the U.S.", "The ship sank."]),
        ("Gen. J. D. Falk spoke to Lt. Col. Orr.", ["Gen. J. D. Falk spoke to Lt. Col. Orr."]),
        ("It rose 3.5 percent. No. 5 fell.", ["It rose 3.5 percent.", "No. 5 fell."]),
        ('"Why?" he asked. "Go."', ['"Why?" he asked.', '"Go."']),
        ("He said: “No.” Talks ended.", ["He said: “No.”", "Talks ended."]),
        ("On Jan. 5 it began", ["On Jan. 5 it began"]),
        ("One line\nanother line", ["One line", "another line"]),
        ("Il a dit « Non. » M. Dupuis part.", ["Il a dit « Non. »", "M. Dupuis part."]),
        ("В 2025 г. МИД ответил. США ждут.", ["В 2025 г. МИД ответил.", "США ждут."]),
        ("لماذا رفض الوزير؟ لا نعرف.", ["لماذا رفض الوزير؟", "لا نعرف."]),
        ("آیا مذاکره است؟ بله.", ["آیا مذاکره است؟", "بله."]),
        ('צה"ל תקף. השר שתק.', ['צה"ל תקף.', "השר שתק."]),
    ],
)
def test_it_cuts_sentences(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_it_takes_the_title_as_sentence_0() -> None:
    assert cut("Why now? Talks fail\nThey met. They left.", title_end=19) == [
        "Why now? Talks fail",
        "They met.",
        "They left.",
    ]


SIDEBAR = """Envoys meet
The envoys met in Oman. They will meet again.
Latest News
- 14:34 Harbour workers strike
- 13:10 Museum opens its doors"""


def test_it_finds_where_a_sidebar_begins() -> None:
    document = Document(SIDEBAR, DAY, "en", 11)
    assert SIDEBAR[FINDER.find_boilerplate(document) :].startswith("Latest News")


def test_it_lists_sidebar_headlines_without_bullets_and_times() -> None:
    document = Document(SIDEBAR, DAY, "en", 11)
    headlines = [SIDEBAR[line.begin : line.end] for line in FINDER.find_headlines(document)]
    assert headlines == ["Harbour workers strike", "Museum opens its doors"]


@pytest.mark.parametrize(
    "text",
    [
        "Envoys meet\nThe envoys met. They will meet again.",
        "Envoys meet\nThe terms:\n- a pause of ten days\n- an exchange of prisoners",
        "Envoys meet\nRead also:\nMinisters resign\nThe envoys met again on Monday, and no date was set.",
    ],
)
def test_it_leaves_an_article_without_a_sidebar_whole(text: str) -> None:
    assert FINDER.find_boilerplate(Document(text, DAY, "en", 11)) == len(text)


@pytest.mark.parametrize("label", ["Lire aussi :", "Читайте также", "مواضيع ذات صلة", "مطالب مرتبط", "קראו גם"])
def test_it_knows_sidebar_labels_of_other_languages(label: str) -> None:
    text = f"Envoys meet\nThe envoys met.\n{label}\nMinisters resign"
    assert text[FINDER.find_boilerplate(Document(text, DAY, "en", 11)) :].startswith(label)


@given(st.text(alphabet='aA.!? \n"»؟5-:', max_size=80))
def test_it_loses_no_word_and_keeps_order(text: str) -> None:
    cuts = "".join(text[sentence.begin : sentence.end] for sentence in FINDER.find(Document(text, DAY)))
    assert "".join(cuts.split()) == "".join(text.split())


@given(st.text(alphabet="aA. \n", max_size=60))
def test_it_cuts_the_same_before_an_added_paragraph(text: str) -> None:
    alone = FINDER.find(Document(text, DAY))
    assert FINDER.find(Document(text + "\nAn added paragraph.", DAY))[: len(alone)] == alone
