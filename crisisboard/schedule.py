"""The beat table: what is rung when (seconds). Each feed's own rhythm lies in its row, not here.

A bell expires after hours, not seconds: hosts whose clocks differ must not throw each other's bells away, and a worker
that was gone overnight must not find ten thousand.
"""

from typing import Any

BELL: dict[str, Any] = {"expires": 7200}
BEAT: dict[str, dict[str, Any]] = {
    "fetch-due-feeds": {"task": "articles.tasks.fetch_due_feeds", "schedule": 10.0, "options": BELL},
    "sweep-readings": {"task": "timeline.tasks.sweep_readings", "schedule": 10.0, "options": BELL},
    "tag-unread-articles": {"task": "timeline.tasks.tag_unread", "schedule": 30.0, "options": BELL},
}
