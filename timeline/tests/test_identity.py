"""What makes two observations one event."""

from dataclasses import replace
from datetime import date

import pytest

from timeline.tagging.identity import event_id, event_key
from timeline.tagging.records import EventTag, Occurred

STRIKE = EventTag(
    sentence_no=0, begin=0, end=10, type="ASSAULT", mode="aerial", contexts=(), quad=4, intensity=-9.0,
    modality="asserted", actors=("israel",), recipients=("iran",),
    occurred=Occurred(date(2025, 6, 13), "day"), verb="struck", spans=(), confidence=0.9,
)  # fmt: skip
PUBLISHED = date(2025, 6, 14)


def test_it_gives_the_same_report_in_other_words_the_same_key() -> None:
    again = replace(STRIKE, verb="bombed", sentence_no=4, begin=90, end=120, confidence=0.4, contexts=("nuclear",))
    assert event_key(STRIKE, PUBLISHED) == event_key(again, date(2025, 6, 20))


@pytest.mark.parametrize(
    "other",
    [
        replace(STRIKE, actors=("united-states",)),
        replace(STRIKE, recipients=("lebanon",)),
        replace(STRIKE, actors=("iran",), recipients=("israel",)),
        replace(STRIKE, type="THREATEN"),
        replace(STRIKE, mode="drone"),
        replace(STRIKE, modality="denied"),
        replace(STRIKE, place="natanz"),
        replace(STRIKE, occurred=Occurred(date(2025, 6, 14), "day")),
        replace(STRIKE, occurred=Occurred(date(2025, 6, 13), "week")),
    ],
)
def test_it_tells_other_happenings_apart(other: EventTag) -> None:
    assert event_key(STRIKE, PUBLISHED) != event_key(other, PUBLISHED)


def test_it_keeps_undated_reports_of_one_week_together() -> None:
    undated = replace(STRIKE, occurred=Occurred(PUBLISHED, "unknown"))
    assert event_key(undated, date(2025, 6, 16)) == event_key(undated, date(2025, 6, 22))
    assert event_key(undated, date(2025, 6, 16)) != event_key(undated, date(2025, 6, 23))


def test_it_makes_a_public_id_of_twelve_characters() -> None:
    assert len(event_id(event_key(STRIKE, PUBLISHED))) == 12
