"""Tags of a document → one plain value, as `manage.py tag --json` prints it. Offsets count characters of the text."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from timeline.tagging.records import EntityMention, Tags


def tags_as_row(name: str, tags: Tags) -> dict[str, Any]:
    """{"id", "outcome", "reason", "sentences", "actors", "places", "dates", "events", "numbers"}; days as ISO text."""
    row: dict[str, Any] = json.loads(json.dumps(asdict(tags), default=str))
    return {"id": name, **row}


def entities_as_row(name: str, entities: Iterable[EntityMention]) -> dict[str, Any]:
    return {"id": name, "entities": [asdict(one) for one in entities]}
