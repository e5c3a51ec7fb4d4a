"""Editors' pages for evidence. What was published is shown, never edited."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles import store
from articles.forms import FeedForm
from articles.models import Article, Feed, Fetch, Outlet, Story
from articles.tasks import ring


@admin.register(Outlet)
class OutletAdmin(admin.ModelAdmin[Outlet]):
    list_display = ("name", "country", "language", "control", "family", "bloc", "reliability", "is_sample")
    list_filter = ("control", "bloc", "reliability", "language", "is_sample")
    search_fields = ("name", "slug", "family")
    search_help_text = _("Name, slug or publisher family")
    prepopulated_fields = {"slug": ("name",)}
    show_facets = admin.ShowFacets.ALWAYS


class FetchInline(admin.TabularInline[Fetch, Feed]):
    """The newest fetches of a feed, to read."""

    model = Fetch
    fields = readonly_fields = (
        "started_at",
        "outcome",
        "reason",
        "http_status",
        "n_entries",
        "n_stored",
        "n_duplicate",
        "n_broken",
        "n_undated",
    )
    extra = 0
    can_delete = False
    ordering = ("-started_at",)
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fetch]:
        newest = Fetch.objects.filter(
            feed=request.resolver_match.kwargs.get("object_id") if request.resolver_match else 0
        )
        ids = list(newest.order_by("-started_at").values_list("pk", flat=True)[:20])
        return super().get_queryset(request).filter(pk__in=ids)

    def has_add_permission(self, request: HttpRequest, obj: Feed | None = None) -> bool:
        return False


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin[Feed]):
    form = FeedForm
    list_display = ("__str__", "outlet", "is_paused", "state", "state_reason", "fetched_at", "changed_at", "next_at")
    list_filter = ("is_paused", "state", "outlet__bloc")
    list_select_related = ("outlet",)
    search_fields = ("url", "title", "outlet__name")
    autocomplete_fields = ("outlet",)
    fields = (
        "outlet",
        "url",
        "title",
        "is_paused",
        "interval_s",
        "confirmed",
        "state",
        "state_reason",
        "failing_since",
        "fetched_at",
        "changed_at",
        "next_at",
        "fetch_now_button",
    )
    readonly_fields = (
        "state",
        "state_reason",
        "failing_since",
        "fetched_at",
        "changed_at",
        "next_at",
        "fetch_now_button",
    )
    inlines = (FetchInline,)
    actions = ("fetch_now", "try_again", "turn_on", "pause")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.fetch_one_now)
        return [path("<int:feed_id>/fetch-now/", view, name="articles_feed_fetch_now"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Feed | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "url") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Feed, form: ModelForm[Feed], change: bool) -> None:
        if change:
            store.change_feed(obj, form.changed_data, timezone.now())
            return
        feed, is_new = store.add_feed(
            obj.url, outlet=obj.outlet, title=obj.title, is_paused=obj.is_paused, now=timezone.now()
        )
        obj.pk = feed.pk
        if is_new:
            store.change_feed(obj, ["interval_s", "confirmed"], timezone.now())
        else:
            self.message_user(request, _("This feed is there already."), messages.WARNING)

    @admin.display(description=_("Fetch now"))
    def fetch_now_button(self, feed: Feed) -> str:
        if not feed.pk:
            return "–"
        return format_html(
            '<button type="submit" class="button" formmethod="post" formaction="{}">{}</button>',
            reverse("admin:articles_feed_fetch_now", args=[feed.pk]),
            _("Fetch now"),
        )

    def fetch_one_now(self, request: HttpRequest, feed_id: int) -> HttpResponseRedirect:
        if request.method == "POST" and self.has_change_permission(request):
            self.fetch_now(request, self.get_queryset(request).filter(pk=feed_id))
        return HttpResponseRedirect(reverse("admin:articles_feed_change", args=[feed_id]))

    @admin.action(description=_("Fetch now"), permissions=["change"])
    def fetch_now(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        store.request_fetch(queryset, timezone.now())
        ring()
        n_feeds = queryset.count()
        self.message_user(
            request, ngettext("%d feed is being fetched.", "%d feeds are being fetched.", n_feeds) % n_feeds
        )

    @admin.action(description=_("Try again what was set aside"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        n_feeds = store.try_again(queryset, timezone.now())
        ring()
        self.message_user(request, ngettext("%d feed is tried again.", "%d feeds are tried again.", n_feeds) % n_feeds)

    @admin.action(description=_("Turn on"), permissions=["change"])
    def turn_on(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        n_feeds = store.resume_feeds(queryset, timezone.now())
        self.message_user(request, ngettext("%d feed is on.", "%d feeds are on.", n_feeds) % n_feeds)

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        n_feeds = store.pause_feeds(queryset)
        self.message_user(request, ngettext("%d feed is paused.", "%d feeds are paused.", n_feeds) % n_feeds)


class ArticleAdmin(admin.ModelAdmin[Article]):
    """Registered by `timeline`, which adds the tags and the way from a sentence to an event."""

    list_display = ("title", "outlet", "lang", "published_at", "published_kind", "fetched_at")
    list_filter = ("lang", "text_kind", "published_kind", "outlet__bloc")
    list_select_related = ("outlet",)
    search_fields = ("title", "url")
    date_hierarchy = "published_at"
    show_full_result_count = False
    readonly_fields = (
        "title",
        "outlet",
        "feed",
        "url",
        "lang",
        "author",
        "published_at",
        "published_kind",
        "fetched_at",
        "text_kind",
        "text",
        "later_titles",
        "extractor",
        "story",
    )
    fields: ClassVar[tuple[str, ...]] = readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False


class StoryArticleInline(admin.TabularInline[Article, Story]):
    model = Article
    fields = readonly_fields = ("title", "outlet", "published_at")
    show_change_link = True
    can_delete = False
    max_num = 0
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Story | None = None) -> bool:
        return False


@admin.register(Story)
class StoryAdmin(admin.ModelAdmin[Story]):
    list_display = ("title", "n_articles", "first_published_at")
    search_fields = ("title",)
    date_hierarchy = "first_published_at"
    show_full_result_count = False
    fields = readonly_fields = ("title", "n_articles", "first_published_at")
    inlines = (StoryArticleInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Story | None = None) -> bool:
        return False
