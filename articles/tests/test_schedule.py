"""When a feed is asked again."""

import heapq
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.schedule import LONGEST_S, SHORTEST_S, next_interval_s

intervals = st.integers(SHORTEST_S, 2 * LONGEST_S)
failures = st.integers(0, 100)


@pytest.mark.parametrize("n_failures", range(1, 7))
def test_each_failure_doubles_the_wait(n_failures: int) -> None:
    assert next_interval_s(900, n_failures, 1) == pytest.approx(900 * 2**n_failures, rel=0.101)


def test_the_wait_is_a_day_at_most() -> None:
    assert next_interval_s(900, 50, 1) == pytest.approx(LONGEST_S, rel=0.101)


@given(intervals, failures, st.integers(), st.integers(0, 10**9))
def test_it_is_never_sooner_than_the_interval_or_than_the_server_asked(
    interval_s: int, n_failures: int, seed: int, asked_s: int
) -> None:
    wait_s = next_interval_s(interval_s, n_failures, seed, asked_s)
    assert max(interval_s, min(asked_s, LONGEST_S)) <= wait_s <= max(LONGEST_S, interval_s) * 1.2


def test_a_feed_that_fails_is_not_asked_sooner_than_one_that_does_not() -> None:
    assert all(next_interval_s(LONGEST_S, 5, seed) >= LONGEST_S for seed in range(50))


@given(st.integers(0, SHORTEST_S), failures)
def test_an_interval_of_nothing_does_not_hammer(interval_s: int, n_failures: int) -> None:
    assert next_interval_s(interval_s, n_failures, 1) >= SHORTEST_S


def test_the_server_may_ask_for_a_day_and_no_more() -> None:
    assert next_interval_s(900, 0, 1, 7200) == 7200
    assert next_interval_s(900, 0, 1, 10**9) == LONGEST_S


def test_feeds_that_failed_together_do_not_return_together() -> None:
    waits = [next_interval_s(900, 3, seed) for seed in range(200)]
    assert len({round(wait) for wait in waits}) > 150 and max(waits) - min(waits) > 0.15 * 900 * 8


def test_ten_thousand_polls_keep_the_distance() -> None:
    dice, n_failures = random.Random(1), [0] * 50
    due = [(0.0, feed) for feed in range(50)]
    last = [-900.0] * 50
    for _ in range(10_000):
        now, feed = heapq.heappop(due)
        assert now - last[feed] >= 900
        n_failures[feed] = n_failures[feed] + 1 if dice.random() < 0.3 else 0
        last[feed] = now
        heapq.heappush(due, (now + next_interval_s(900, n_failures[feed], feed), feed))
