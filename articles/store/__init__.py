"""The only writer of evidence: outlets and feeds, leases and fetches, articles and stories."""

from articles.store.entries import Counts, save_article, save_entries
from articles.store.feeds import (
    add_feed,
    change_feed,
    feeds_with_id,
    outlet_for,
    outlet_named,
    pause_feeds,
    paused_feeds,
    remove_samples,
    request_fetch,
    resume_feeds,
    save_outlets,
)
from articles.store.leases import (
    Attempt,
    Claim,
    are_feeds_due,
    begin_fetch,
    begin_reading,
    claim_due_feeds,
    finish_fetch,
    give_back,
    host_of,
)
from articles.store.sitemaps import save_sitemaps

__all__ = [
    "Attempt",
    "Claim",
    "Counts",
    "add_feed",
    "are_feeds_due",
    "begin_fetch",
    "begin_reading",
    "change_feed",
    "claim_due_feeds",
    "feeds_with_id",
    "finish_fetch",
    "give_back",
    "host_of",
    "outlet_for",
    "outlet_named",
    "pause_feeds",
    "paused_feeds",
    "remove_samples",
    "request_fetch",
    "resume_feeds",
    "save_article",
    "save_entries",
    "save_outlets",
    "save_sitemaps",
]
