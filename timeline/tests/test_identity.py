"""What makes two observations one event."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.tagging.identity import event_id, event_key, first_days
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


def test_it_tells_undated_reports_of_other_days_apart() -> None:
    undated = replace(STRIKE, occurred=Occurred(PUBLISHED, "unknown"))
    assert event_key(undated, day(9)) == event_key(replace(undated, verb="bombed"), day(9))
    assert len({event_key(undated, day(n)) for n in range(9, 16)}) == 7


def test_it_keeps_undated_plans_of_one_week_together() -> None:
    undated = replace(STRIKE, modality="planned", occurred=Occurred(PUBLISHED, "unknown"))
    assert event_key(undated, day(16)) == event_key(undated, day(22)) != event_key(undated, day(23))


@pytest.mark.parametrize(
    ("reported", "kept", "firsts"),
    [
        ([9, 12], [], [9, 12]),
        ([9, 10], [], [9, 9]),
        ([9, 11], [], [9, 11]),
        ([9, 10, 11], [], [9, 9, 11]),
        ([9, 10, 11, 12, 13, 14], [], [9, 9, 11, 11, 13, 13]),
        ([9, 10], [10], [10, 10]),
        ([9, 10, 11, 12, 13], [11], [9, 9, 11, 11, 13]),
        ([9, 11, 12], [12], [9, 12, 12]),
        ([8, 13], [11], [8, 13]),
        ([], [11], []),
    ],
)
def test_an_event_gathers_reports_of_two_days_at_most_and_one_before_a_ruling(
    reported: list[int], kept: list[int], firsts: list[int]
) -> None:
    found = first_days(map(day, reported), {day(n) for n in kept})
    assert found == {day(one): day(first) for one, first in zip(reported, firsts, strict=True)}


@given(st.lists(st.integers(1, 30), max_size=20), st.sets(st.integers(1, 30), max_size=4), st.randoms())
def test_days_are_parted_alike_in_any_order(numbers: list[int], kept: set[int], chance: random.Random) -> None:
    days, ruled = [day(n) for n in numbers], {day(n) for n in kept}
    found = first_days(days, ruled)
    chance.shuffle(days)
    assert first_days(days, ruled) == found and found.keys() == set(days)
    assert all(-1 <= (one - first).days <= 1 for one, first in found.items())
    assert all(first in ruled or found[first] == first for first in found.values())


@given(st.sets(st.integers(1, 30), max_size=20), st.integers(0, 30))
def test_a_ruling_parts_no_event(numbers: set[int], number: int) -> None:
    before = first_days(day(n) for n in numbers)
    ruled = set(sorted(set(before.values()))[number : number + 1])
    assert first_days(before, ruled) == before


def day(number: int) -> date:
    return date(2025, 6, number)


def test_it_makes_a_public_id_of_twelve_characters() -> None:
    assert len(event_id(event_key(STRIKE, PUBLISHED))) == 12
