"""Are two articles the same report?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.likeness import N_BANDS, fingerprint, is_same_report

FIRST_BANDS = [-6942309584578088636, -6138781852738384203]
REPORT = (
    "Delegates of both harbour towns met in Port Amity on Tuesday to talk about the ferry. The mayor said that the"
    " first boat could sail before the summer. A second round of talks is to follow within two weeks."
)
COPY = "PORT AMITY (Agency) - " + REPORT.replace("within two weeks", "in two weeks")
OTHER = (
    "Heavy rain closed the mountain road between Neuhafen and the valley on Monday. Crews worked through the night and"
    " expect to open one lane by Thursday, the roads office said."
)
ARABIC = (
    "اجتمع مندوبو البلدتين في مدينة الميناء يوم الثلاثاء لبحث خط العبارة"
    " وقال رئيس البلدية إن أول رحلة قد تبدأ قبل الصيف"
)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (REPORT, REPORT, True),
        (REPORT, COPY, True),
        (REPORT, REPORT.upper(), True),
        (REPORT, REPORT[: len(REPORT) * 2 // 3], True),
        (REPORT, OTHER, False),
        (ARABIC, ARABIC + " وفق بيان", True),
        (ARABIC, REPORT, False),
        ("Ferry talks open", "Ferry talks open", True),
        ("Ferry talks open", "Road stays shut", False),
        ("", "", False),
        ("...", "...", False),
    ],
)
def test_it_knows_the_same_report(one: str, other: str, is_same: bool) -> None:
    assert is_same_report(one, other) is is_same_report(other, one) is is_same


@pytest.mark.parametrize(
    ("one", "other"), [(REPORT, COPY), (ARABIC, ARABIC + " وفق بيان"), (REPORT, REPORT + " More.")]
)
def test_copies_share_a_band(one: str, other: str) -> None:
    assert set(fingerprint(one)) & set(fingerprint(other))


def test_other_reports_share_none() -> None:
    assert not set(fingerprint(REPORT)) & set(fingerprint(OTHER))


@given(st.text(max_size=200))
def test_a_fingerprint_is_a_row_of_big_integers_and_stays(text: str) -> None:
    found = fingerprint(text)
    assert found == fingerprint(text) and len(found) in {0, N_BANDS}
    assert all(-(2**63) <= band < 2**63 for band in found)


def test_a_fingerprint_stays_from_one_release_to_the_next() -> None:
    assert fingerprint("Ferry talks open in Port Amity")[:2] == FIRST_BANDS
