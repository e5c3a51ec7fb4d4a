"""When to fetch a feed next, given how it went. Pure."""

import random

SHORTEST_S, LONGEST_S = 60, 86_400
JITTER = 0.1


def next_interval_s(interval_s: int, n_failures: int, seed: int, wait_s: int = 0) -> float:
    """Seconds until the next fetch.

    The feed's own interval after a success; doubled for each failure in a row, up to a day; never sooner than the
    interval, than a minute, or than the server asked for (`wait_s`, itself at most a day). Spread by a fifth, so that
    feeds that were fetched or failed together do not return together; `seed` makes it repeatable.
    """
    least_s = max(interval_s, SHORTEST_S)
    backed_off = min(LONGEST_S, least_s * float(2 ** min(n_failures, 12)))
    lowest = 0 if n_failures == 0 else -JITTER
    jitter = random.Random(f"{seed} {n_failures}").uniform(lowest, lowest + 2 * JITTER)  # noqa: S311 - no secret
    return max(backed_off * (1 + jitter), min(wait_s, LONGEST_S), least_s)
