"""The beat table: what is rung when. Each feed's own rhythm lies in its row, not here."""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "fetch-due-feeds": {"task": "articles.tasks.fetch_due_feeds", "schedule": 10.0, "options": {"expires": 10}},
    "fetch-due-pages": {"task": "articles.tasks.fetch_due_pages", "schedule": 10.0, "options": {"expires": 10}},
    "forget-raw-copies": {"task": "articles.tasks.forget_raw_copies", "schedule": 3600.0, "options": {"expires": 3600}},
    "tag-unread-articles": {"task": "timeline.tasks.tag_unread", "schedule": 30.0, "options": {"expires": 30}},
}
