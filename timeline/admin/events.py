"""Events with their evidence beside the coded fields. Every change is a ruling; nothing is edited behind its back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from timeline import store
from timeline.admin.forms import EventForm, signed_in
from timeline.models import Event, Ruling

RULINGS = {"_accept": Ruling.Verb.ACCEPT, "_reject": Ruling.Verb.REJECT, "_correct": Ruling.Verb.CORRECT}


@admin.register(Event)
class EventAdmin(admin.ModelAdmin[Event]):
    list_display = (
        "occurred_on",
        "who",
        "type",
        "whom",
        "modality",
        "place",
        "confidence",
        "state",
    )
    list_display_links = ("occurred_on", "type")
    list_filter = ("state", "type", "modality", "quad", "situations")
    search_fields = ("id", "verb", "participants__actor__name", "evidence__quote")
    search_help_text = _("Id, words, actor or quoted sentence")
    date_hierarchy = "occurred_on"
    show_full_result_count = False
    list_select_related = ("place",)
    actions = ("accept_selected", "reject_selected")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).prefetch_related("participants__actor")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.change_view)
        return [path("<str:object_id>/change/", view, name="timeline_event_change"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # events are added from a sentence, on the article's page

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False  # reject it: rulings are kept

    @admin.display(description=_("Who"))
    def who(self, event: Event) -> str:
        return ", ".join(p.actor.name for p in event.participants.all() if p.part == "actor")

    @admin.display(description=_("To whom"))
    def whom(self, event: Event) -> str:
        return ", ".join(p.actor.name for p in event.participants.all() if p.part == "recipient") or "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        event = self.get_queryset(request).filter(pk=object_id).first()
        if event is None:
            raise Http404
        if not self.has_view_permission(request, event):
            raise PermissionDenied
        form = EventForm(request.POST or None, initial=_initial(event))
        if request.method == "POST":
            if not self.has_change_permission(request, event):
                raise PermissionDenied
            if form.is_valid() and self._rule(request, event, form):
                return self._next(request, event)
        return self._page(request, event, form)

    def _rule(self, request: HttpRequest, event: Event, form: EventForm) -> bool:
        """Carries out what the pressed button says; False (with a message) when somebody was faster."""
        verb = next((verb for name, verb in RULINGS.items() if name in request.POST), Ruling.Verb.CORRECT)
        changes = form.coded() if verb == Ruling.Verb.CORRECT else None
        try:
            store.rule_event(
                event.pk, signed_in(request), verb, changes, form.cleaned_data["reason"], form.cleaned_data["version"]
            )
        except store.StaleEvent:
            self.message_user(
                request,
                _("Somebody else has ruled on this event since you opened it. Nothing of yours was saved: look again."),
                messages.ERROR,
            )
            return False
        except ValidationError as error:
            form.add_error(None, error)
            return False
        store.set_tags(signed_in(request), form.cleaned_data["tags"].split(","), event=event)
        self.message_user(request, _("The event was %s.") % Ruling.Verb(verb).label)
        return True

    def _next(self, request: HttpRequest, event: Event) -> HttpResponseRedirect:
        if "_accept" in request.POST or "_reject" in request.POST:
            return HttpResponseRedirect(reverse("admin:timeline_event_changelist"))
        return HttpResponseRedirect(reverse("admin:timeline_event_change", args=[event.pk]))

    def _page(self, request: HttpRequest, event: Event, form: EventForm) -> TemplateResponse:
        evidence = event.evidence.select_related("article__outlet").order_by("article__published_at")[:50]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Event"),
            "subtitle": str(event),
            "original": event,
            "event": event,
            "form": form,
            "evidence": evidence,
            "rulings": event.rulings.select_related("user")[:50],
            "has_change_permission": self.has_change_permission(request, event),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/timeline/event/change_form.html", context)

    @admin.action(description=_("Accept"), permissions=["change"])
    def accept_selected(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        self._rule_all(request, queryset, Ruling.Verb.ACCEPT)

    @admin.action(description=_("Reject"), permissions=["change"])
    def reject_selected(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        self._rule_all(request, queryset, Ruling.Verb.REJECT)

    def _rule_all(self, request: HttpRequest, queryset: QuerySet[Event], verb: Ruling.Verb) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        for pk in ids:
            store.rule_event(pk, signed_in(request), verb)
        text = ngettext("%(n)d event was %(verb)s.", "%(n)d events were %(verb)s.", len(ids))
        self.message_user(request, text % {"n": len(ids), "verb": verb.label})


@admin.register(Ruling)
class RulingAdmin(admin.ModelAdmin[Ruling]):
    """Who decided what, when. To read only."""

    list_display = ("made_at", "user", "verb", "event", "article", "reason")
    list_filter = ("verb", "user")
    list_select_related = ("user", "event", "article")
    date_hierarchy = "made_at"
    fields = readonly_fields = ("made_at", "user", "verb", "event", "article", "before", "after", "reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Ruling | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Ruling | None = None) -> bool:
        return False


def _initial(event: Event) -> dict[str, Any]:
    parts = list(event.participants.all())
    return {
        "actors": [p.actor_id for p in parts if p.part == "actor"],
        "recipients": [p.actor_id for p in parts if p.part == "recipient"],
        "type": event.type,
        "mode": event.mode,
        "modality": event.modality,
        "occurred_on": event.occurred_on,
        "occurred_until": event.occurred_until,
        "date_precision": event.date_precision,
        "place": event.place_id,
        "contexts": event.contexts,
        "tags": ", ".join(event.tags.values_list("name", flat=True)),
        "version": event.version,
    }
