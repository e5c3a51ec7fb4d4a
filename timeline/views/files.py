"""Exports as answers: the same filter as the page, streamed; a plain refusal for a query that is not understood."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils import timezone

from timeline.exports import Provenance, csv_lines, json_pieces
from timeline.registry import codebook_version
from timeline.rows import EventRow

EVENT_COLUMNS = (
    "id", "occurred_on", "occurred_until", "date_precision", "type", "mode", "contexts", "quad", "intensity",
    "modality", "actors", "recipients", "actor_slugs", "recipient_slugs", "verb", "place", "speaker", "confidence",
    "state", "n_articles", "n_families", "headline", "outlet", "first_published_at", "tags",
)  # fmt: skip


def refuse(notices: Iterable[str]) -> HttpResponse:
    return JsonResponse({"error": "the query was not understood", "reasons": list(notices)}, status=400)


def event_values(row: EventRow) -> dict[str, object]:
    """An event as an exported row."""
    return {
        "id": row.id, "occurred_on": row.occurred_on.isoformat(), "date_precision": row.date_precision,
        "occurred_until": row.occurred_until.isoformat() if row.occurred_until else None,
        "type": row.type, "mode": row.mode, "contexts": list(row.contexts), "quad": row.quad,
        "intensity": row.intensity, "modality": row.modality, "verb": row.verb,
        "actors": [party.name for party in row.actors], "recipients": [party.name for party in row.recipients],
        "actor_slugs": [party.slug for party in row.actors], "recipient_slugs": [p.slug for p in row.recipients],
        "place": row.place_name, "speaker": row.speaker_name, "confidence": round(row.confidence, 3),
        "state": row.state, "n_articles": row.n_articles, "n_families": row.n_families, "headline": row.headline,
        "outlet": row.outlet_name, "tags": list(row.tags),
        "first_published_at": row.first_published_at.isoformat() if row.first_published_at else None,
    }  # fmt: skip


def export(
    request: HttpRequest, name: str, kind: str, rows: Iterable[Mapping[str, object]], n_rows: int,
    columns: tuple[str, ...], unreviewed_share: float | None = None,
) -> HttpResponseBase:  # fmt: skip
    about = Provenance(request.GET.urlencode(), timezone.now(), n_rows, codebook_version()[:12], unreviewed_share)
    types: dict[str, tuple[str, Callable[[], Any]]] = {
        "csv": ("text/csv; charset=utf-8", lambda: csv_lines(rows, columns, about)),
        "json": ("application/json", lambda: json_pieces(rows, about)),
    }
    content_type, lines = types[kind]
    response = StreamingHttpResponse(lines(), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="crisisboard-{name}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Crisisboard-Query"] = about.query.encode("ascii", "ignore").decode()[:1000]
    return response


def plain(rows: Iterable[Any]) -> Iterable[dict[str, object]]:
    """Frozen rows as dicts."""
    return (asdict(row) for row in rows)
