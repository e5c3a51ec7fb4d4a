"""When, as feeds write it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.instants import instant_of

EIGHT = datetime(2025, 6, 13, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 13 Jun 2025 08:00:00 GMT", "Fri, 13 Jun 2025 08:00:00 Z", "Fri, 13 Jun 2025 11:30:00 +0330",
        "Fri, 13 Jun 2025 11:30:00 +03:30", "13 Jun 2025 08:00", "Fri, 13 Jun 25 03:00:00 EST",
        "Fri, 13 Jun 2025 12:30:00 IRDT", "Fri, 13 Jun 2025 11:00:00 GMT+0300", "Friday, 13 June 2025 08:00:00 GMT",
        "Fri, 13 Jun 2025 08:00:00 GMT (a remark)", "Fri Jun 13 08:00:00 2025", "Fri Jun 13 08:00:00 UTC 2025",
        "2025-06-13T08:00:00Z", "2025-06-13T08:00:00.123456+00:00", "2025-06-13t08:00z", "2025-06-13 11:00:00 +0300",
        "2025-06-13 08:00:00 UTC", "20250613T080000Z", "2025/06/13 08:00", "2025.06.13 08:00", "1749801600",
        "1749801600000", "June 13, 2025 8:00 AM", "Jun 13, 2025, 8:00 am", "13.06.2025 08:00", "13/06/2025 08:00",
        "06/13/2025 08:00:00 AM", "13-Jun-2025 08:00", "vendredi 13 juin 2025 08:00", "Fr, 13. Juni 2025 10:00 MESZ",
        "13 de junio de 2025 08:00", "13 июня 2025, 08:00", "Пт, 13 июн 2025 11:00:00 MSK", "13 Haziran 2025 08:00",
        "13 يونيو 2025 08:00", "١٣ يونيو ٢٠٢٥ ٠٨:٠٠", "13 ביוני 2025 08:00", "13 ژوئن 2025 08:00",
        "13 czerwca 2025 08:00",
        "  Fri,\n 13 Jun 2025   08:00:00 GMT ",
    ],
)  # fmt: skip
def test_it_reads_the_hour(text: str) -> None:
    assert instant_of(text) == EIGHT


@pytest.mark.parametrize(
    "text", ["2025-06-13", "20250613", "13 Jun 2025", "June 13th, 2025", "13.6.2025", "13/06/2025"]
)
def test_a_day_begins_at_midnight(text: str) -> None:
    assert instant_of(text) == EIGHT.replace(hour=0)


def test_midnight_may_end_the_day_before() -> None:
    assert instant_of("Thu, 12 Jun 2025 24:00:00 GMT") == EIGHT.replace(hour=0)


@pytest.mark.parametrize(
    "text",
    [
        "", "last spring", "06/07/2025", "2025", "2025-06", "2025-W24-5", "0000-00-00", "10000-01-01T00:00:00Z",
        "Fri, 31 Jun 2025 08:00:00 GMT", "2025-06-13T25:00:00Z", "9999-12-31T23:59:59-10:00", "13 Quintilis 2025", "-1",
        "13 Jun 2025 13:00 PM", "0001-01-01T00:00:00+14:00", "2025-06-13T08:00:00+99:00", "1" * 5_000,
    ],
    ids=lambda text: text[:30],
)  # fmt: skip
def test_it_does_not_guess(text: str) -> None:
    assert instant_of(text) is None


@given(st.text(max_size=120) | st.text(alphabet="0123456789-/.: TZ+,JanuryMP", max_size=40))
def test_any_text_names_an_instant_or_none(text: str) -> None:
    found = instant_of(text)
    assert found is None or found.utcoffset() is not None


@given(st.datetimes(timezones=st.just(UTC)))
def test_it_reads_what_python_writes(at: datetime) -> None:
    at = at.replace(microsecond=0)
    assert instant_of(at.isoformat()) == at
