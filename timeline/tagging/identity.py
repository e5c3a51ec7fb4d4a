"""What makes two observations the same event. Pure; the store folds observations with one key into one event."""

import base64
import hashlib
from datetime import date

from timeline.tagging.records import EventTag


def event_key(tag: EventTag, published_on: date) -> bytes:
    """32 bytes that are equal for observations of one event.

    Dyad, type, mode, modality, place and day (with its precision) tell events apart. An event whose day is not
    known is kept with the ISO week of its publication: reports of one week that name no day are one event.
    """
    if tag.occurred.precision == "unknown":
        year, week, _ = published_on.isocalendar()
        when = f"{year}-W{week:02d}?"
    else:
        when = f"{tag.occurred.on.isoformat()}/{tag.occurred.until or ''}/{tag.occurred.precision}"
    parts = (
        ",".join(sorted(tag.actors)),
        ",".join(sorted(tag.recipients)),
        tag.type,
        tag.mode,
        tag.modality,
        tag.place,
        when,
    )
    return hashlib.sha256("|".join(parts).encode()).digest()


def event_id(key: bytes) -> str:
    """The public, opaque id of an event: 12 characters, the same on every board that codes the same event."""
    return base64.b32encode(key).decode().lower()[:12]
