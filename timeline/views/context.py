"""What every page's frame shows: the way around, how fresh the data are, the theme, the demo's progress."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from timeline.analytics import freshness

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    is_here: bool


def board(request: HttpRequest) -> dict[str, object]:
    if request.path.startswith("/admin/"):
        return {}
    fresh = freshness()
    theme = request.COOKIES.get("theme", "")
    return {
        "board": {
            "links": _links(request),
            "newest_at": fresh.newest_at,
            "n_feeds": fresh.n_feeds,
            "n_feeds_ok": fresh.n_feeds_ok,
            "newest_fetch_at": fresh.newest_fetch_at,
            "is_stale": fresh.is_stale(timezone.now()),
            "theme": theme if theme in THEMES else "",
            "demo": _demo_progress(),
        }
    }


def _links(request: HttpRequest) -> list[Link]:
    pages = [
        (_("Timeline"), reverse("timeline:timeline")),
        (_("Actors"), reverse("timeline:actors")),
        (_("Situations"), reverse("timeline:situations")),
        (_("Articles"), reverse("timeline:articles")),
        (_("Outlets"), reverse("articles:outlets")),
        (_("Methods"), reverse("timeline:methods")),
    ]
    if request.user.is_authenticated and request.user.is_staff:
        pages.append((_("Admin"), reverse("admin:index")))
    return [Link(label, url, request.path.startswith(url)) for label, url in pages]


def _demo_progress() -> object:
    """{"done", "total", "step"} while the demo plays. The board does without when Redis is away."""
    try:
        return cache.get("demo:progress")
    except (RedisError, OSError):
        return None
