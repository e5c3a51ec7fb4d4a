"""What was read, what was set aside and why."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from timeline.models import Reading
from timeline.store import try_again


@admin.register(Reading)
class ReadingAdmin(admin.ModelAdmin[Reading]):
    list_display = ("article", "outcome", "reason", "n_events", "attempts", "finished_at", "codebook")
    list_filter = ("outcome",)
    list_select_related = ("article",)
    show_full_result_count = False
    fields = readonly_fields = ("article", "codebook", "outcome", "reason", "n_events", "attempts", "finished_at")
    actions = ("try_again_selected",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Reading | None = None) -> bool:
        return False

    @admin.action(description=_("Read again"), permissions=["change"])
    def try_again_selected(self, request: HttpRequest, queryset: QuerySet[Reading]) -> None:
        n_articles = try_again(queryset)
        self.message_user(
            request,
            ngettext("%d article will be read again.", "%d articles will be read again.", n_articles) % n_articles,
        )
