"""Who may be asked now: hosts, the gap between two requests to one, and what their robots.txt says."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from articles.ingest.robots import Robots, delay_s, host_of
from articles.models import ArticlePage, Feed, Host


def busy_hosts(now: datetime) -> set[str]:
    """Hosts that somebody asks just now, for a feed or a page, or that were asked too short a time ago."""
    feeds = Feed.objects.filter(lease_until__gte=now).values_list("url", flat=True)
    pages = ArticlePage.objects.filter(lease_until__gte=now).values_list("host", flat=True)
    resting = Host.objects.filter(next_at__gt=now).values_list("name", flat=True)
    return {*map(host_of, feeds), *pages, *resting}


def note_request(host: str, now: datetime, wait_s: float = 0.0) -> None:
    """No request to this host before the gap (the setting's, its robots.txt's, or `wait_s`) has passed."""
    known = Host.objects.filter(name=host).first()
    gap_s = max(settings.FETCH_HOST_GAP_S, delay_s(known.robots) if known else 0.0, wait_s)
    if gap_s:
        Host.objects.update_or_create(name=host, defaults={"next_at": now + timedelta(seconds=gap_s)})


def robots_of(hosts: Iterable[str], now: datetime) -> dict[str, Robots]:
    """What is known and fresh, by host."""
    fresh = Host.objects.filter(name__in=set(hosts), robots_until__gt=now)
    return {host.name: Robots(host.robots, host.robots_problem) for host in fresh}


def save_robots(host: str, robots: Robots, now: datetime) -> None:
    until = now + timedelta(seconds=robots.fresh_s)
    values = {"robots": robots.rules, "robots_problem": robots.problem[:500], "robots_until": until}
    Host.objects.update_or_create(name=host, defaults=values)
