"""One event: who, what, whom, when, where, who says so, and every sentence behind it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline import analytics
from timeline.views.files import event_values


@require_safe
def event(request: HttpRequest, event_id: str) -> HttpResponse:
    found = analytics.event_page(event_id, request.user)
    if found is None:
        return render(request, "timeline/no_event.html", {"event_id": event_id}, status=404)
    if found.event.retracted_at:
        return render(request, "timeline/retracted.html", {"event": found.event, "row": found.row}, status=410)
    return render(request, "timeline/event.html", {"page": found, "event": found.event, "row": found.row})


@require_safe
def event_json(request: HttpRequest, event_id: str) -> HttpResponse:
    found = analytics.event_page(event_id, request.user)
    if found is None:
        return JsonResponse({"error": "no such event"}, status=404)
    if found.event.retracted_at:
        reason = {"retracted_at": found.event.retracted_at, "reason": found.event.retracted_reason}
        return JsonResponse({"error": "the event was retracted", **reason}, status=410)
    evidence = [
        {"article": row.article.url, "outlet": row.article.outlet.name, "quote": row.quote, "begin": row.begin,
         "end": row.end, "spans": row.spans, "why": row.why, "published_at": row.article.published_at,
         "fetched_at": row.article.fetched_at, "codebook": row.codebook, "confidence": row.confidence}
        for row in found.evidence
    ]  # fmt: skip
    return JsonResponse(event_values(found.row) | {"codebook": found.event.codebook, "evidence": evidence})
