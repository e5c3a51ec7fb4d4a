"""Texts that somebody tries the coder on: kept for an hour beside the board, never in it.

The worker has the parser and the trained coder in memory, the web server has not: so the text waits in the cache, the
worker reads it there, and the page that asked finds the answer under the same token.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache

from timeline.tagging.plain import tags_as_row
from timeline.tagging.records import Document, Tags

KEPT_S = 3600
LONGEST = 20_000  # characters
MOST_A_MINUTE = 30  # texts of everybody together: the worker has other work


@dataclass(frozen=True, slots=True)
class Tried:
    """`tags` is None while the worker has not answered; else what `tags_as_row` says."""

    document: Document
    tags: dict[str, Any] | None
    codebook: str = ""


def ask(document: Document) -> str:
    """Keeps the text and returns its token; "" when too many ask at once. Raises what a cache that is away raises."""
    cache.add("try:n", 0, timeout=60)
    if cache.incr("try:n") > MOST_A_MINUTE:
        return ""
    token = secrets.token_urlsafe(12)
    asked_ = {
        "text": document.text,
        "on": document.published_on.isoformat(),
        "lang": document.lang,
        "t": document.title_end,
    }
    cache.set(f"try:{token}", asked_, timeout=KEPT_S)
    return token


def asked(token: str) -> Document | None:
    kept = cache.get(f"try:{token}")
    return Document(kept["text"], date.fromisoformat(kept["on"]), kept["lang"], kept["t"]) if kept else None


def answer(token: str, tags: Tags, codebook: str) -> None:
    cache.set(f"try:{token}:tags", {"tags": tags_as_row(token, tags), "codebook": codebook}, timeout=KEPT_S)


def tried(token: str) -> Tried | None:
    """The text with its answer; None when there is none, or no more."""
    document = asked(token)
    if document is None:
        return None
    said = cache.get(f"try:{token}:tags")
    return Tried(document, said["tags"], said["codebook"]) if said else Tried(document, None)
