"""Try the coder: paste a text, see what it sees and why. Nothing that is pasted reaches the board."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from articles.ingest.language import detect_language
from timeline import trying
from timeline.rows import SpanRow
from timeline.segments import Segment, segments
from timeline.tagging import Document
from timeline.tasks import tag_tried_text

EXAMPLE = (
    "Iran's foreign minister flew to Moscow on Monday to ask Russia for help, a day after the United States bombed "
    "three nuclear sites. The Kremlin condemned the strikes and offered to mediate. Britain ruled out new sanctions."
)


@dataclass(frozen=True, slots=True)
class TriedSentence:
    pieces: list[Segment]
    events: list[dict[str, Any]]


@require_http_methods(["GET", "HEAD", "POST"])
def try_text(request: HttpRequest) -> HttpResponse:
    today = timezone.now().date()
    form = {"text": request.POST.get("text", ""), "published": request.POST.get("published", today.isoformat())}
    if request.method != "POST":
        form["text"] = EXAMPLE if "example" in request.GET else ""
        return render(request, "timeline/try.html", {"form": form})
    published_on, error = _checked(form)
    if published_on is None:
        return render(request, "timeline/try.html", {"form": form, "error": error}, status=400)
    text = form["text"].replace("\r\n", "\n").strip()
    try:
        token = trying.ask(Document(text, published_on, detect_language(text)))
        if token:
            tag_tried_text.delay(token)
            return redirect("timeline:tried", token)
        error = _("Many texts are being read just now. Try again in a minute.")
    except (RedisError, OperationalError, OSError):
        error = _("The queue does not answer, so nothing can be read just now. Try again in a minute.")
    return render(request, "timeline/try.html", {"form": form, "error": error}, status=503)


@require_safe
def tried(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = trying.tried(token)
    except (RedisError, OSError):
        found = None
    if found is None:
        error = _("This text is no longer here: tried texts are kept for an hour. Paste it again.")
        return render(
            request, "timeline/try.html", {"form": {"published": timezone.now().date()}, "error": error}, status=404
        )
    form = {"text": found.document.text, "published": found.document.published_on.isoformat()}
    context: dict[str, Any] = {"form": form, "token": token, "codebook": found.codebook, "lang": found.document.lang}
    if found.tags is None:
        return render(request, "timeline/try.html", {**context, "is_waiting": True})
    context |= {"tags": found.tags, "sentences": _sentences(found.document.text, found.tags)}
    return render(request, "timeline/try.html", context)


def _checked(form: dict[str, str]) -> tuple[date | None, str]:
    if not form["text"].strip():
        return None, _("Paste a text first.")
    if len(form["text"]) > trying.LONGEST:
        return None, _("The text is too long: at most %(n)s characters.") % {"n": trying.LONGEST}
    try:
        return date.fromisoformat(form["published"]), ""
    except ValueError:
        return None, _("The publication day must look like 2025-06-23.")


def _sentences(text: str, tags: dict[str, Any]) -> list[TriedSentence]:
    """The text's sentences with their marked words and the events coded from each."""
    spans = [SpanRow("name", m["begin"], m["end"]) for m in tags["actors"]]
    spans += [SpanRow("place", m["begin"], m["end"]) for m in tags["places"]]
    spans += [SpanRow("date", m["begin"], m["end"]) for m in tags["dates"]]
    for number, event in enumerate(tags["events"], start=1):
        event["number"] = f"e{number}"
        spans += [SpanRow(s["role"], s["begin"], s["end"], event["number"]) for s in event["spans"]]
    return [
        TriedSentence(
            segments(text, s["begin"], s["end"], spans),
            [event for event in tags["events"] if event["sentence_no"] == s["number"]],
        )
        for s in tags["sentences"]
    ]
