"""Raw copies: what we saw, compressed, for as long as the settings say and only where the outlet lets us."""

import zlib
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Q, QuerySet

from articles.ingest.plain import one_line
from articles.ingest.records import Page
from articles.models import Article, Feed, Outlet, RawCopy

MOST_BYTES = 5_000_000


def keep_copy(
    outlet: Outlet, seen: Page, now: datetime, feed: Feed | None = None, article: Article | None = None,
    problem: str = "",
) -> bool:  # fmt: skip
    """Keeps an answer, longer when it was a `problem`; the same bytes once. Whether it is kept."""
    days = settings.FAILED_COPY_DAYS if problem else settings.RAW_COPY_DAYS
    if not days or not seen.body or len(seen.body) > MOST_BYTES or outlet.allowance != Outlet.Storage.FULL:
        return False
    copy = RawCopy(
        outlet=outlet, feed=feed, article=article, url=seen.url, http_status=seen.status, n_bytes=len(seen.body),
        content_type=one_line(seen.headers.get("content-type", ""))[:200], packed=zlib.compress(seen.body),
        body_sha256=sha256(seen.body).digest(), problem=one_line(problem)[:500], seen_at=now,
        keep_until=now + timedelta(days=days),
    )  # fmt: skip
    RawCopy.objects.bulk_create(
        [copy], update_conflicts=True, update_fields=["problem", "keep_until"],
        unique_fields=["feed", "article", "body_sha256"],
    )  # fmt: skip
    return True


def unpacked(copy: RawCopy) -> Page:
    """The answer as it came, but for its other headers. Raises ValueError when the bytes are not those that came."""
    body = zlib.decompress(bytes(copy.packed))
    if sha256(body).digest() != bytes(copy.body_sha256):
        raise ValueError(f"raw copy {copy.pk} is damaged")
    return Page(copy.url, copy.http_status, {"content-type": copy.content_type}, body)


def forget_copies(now: datetime) -> int:
    """Removes copies whose time is over or whose outlet no longer lets us keep them; returns how many."""
    return RawCopy.objects.filter(Q(keep_until__lte=now) | Q(outlet__in=limited_outlets())).delete()[0]


def limited_outlets() -> QuerySet[Outlet]:
    """Outlets of which no whole text may be kept."""
    is_cut = Q(text_source=Outlet.TextSource.EXCERPT)
    return Outlet.objects.filter(~Q(storage=Outlet.Storage.FULL) | is_cut)
