"""JSON Feed (jsonfeed.org) → what feedparser would have made of it. Pure."""

import html
import json
from typing import Any


class NotAJsonFeed(ValueError):
    """The bytes are no JSON Feed; the message says why."""


def parse_json(body: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The feed's own fields and its entries, under feedparser's names. Raises NotAJsonFeed."""
    try:
        found = json.loads(body)
    except ValueError as error:
        raise NotAJsonFeed(f"broken JSON: {str(error)[:200]}") from error
    except RecursionError as error:
        raise NotAJsonFeed("JSON that is nested too deep") from error
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        raise NotAJsonFeed("JSON, but no JSON Feed: it has no list of items")
    return {"title": _text(found, "title"), "language": _text(found, "language")}, [
        _raw(item) for item in found["items"]
    ]


def _raw(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        return {}
    markup = _text(item, "content_html") or html.escape(_text(item, "content_text"))
    return {
        "id": _text(item, "id"),
        "link": _text(item, "url") or _text(item, "external_url"),
        "title": html.escape(_text(item, "title")),
        "summary": html.escape(_text(item, "summary")),
        "content": [{"value": markup}],
        "author": html.escape(_author(item)),
        "language": _text(item, "language"),
        "published": _text(item, "date_published"),
        "updated": _text(item, "date_modified"),
    }


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _author(item: dict[str, Any]) -> str:
    people = item.get("authors") or [item.get("author")]  # one in version 1.0, several since 1.1
    names = (_text(one, "name") for one in people if isinstance(one, dict)) if isinstance(people, list) else ()
    return ", ".join(filter(None, names))
