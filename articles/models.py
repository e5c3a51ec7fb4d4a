"""Evidence at rest. Rows here are written by `articles.store` alone and never rewritten by interpretation."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Func
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

web_address = RegexValidator(r"(?i)\Ahttps?://[^\s<>\"']+\Z", _("Enter an http:// or https:// address."))

HOST_IN_URL = r"^[A-Za-z]+://(?:[^/?#]*@)?([^/?#]+)"


class Outlet(models.Model):
    """Who publishes. `family` is the unit of independence: outlets that share an owner, newsroom or wire."""

    class Control(models.TextChoices):
        STATE = "state", _("State")
        PUBLIC = "public", _("Public service")
        PRIVATE = "private", _("Private")
        UNKNOWN = "unknown", _("Unknown")

    class Bloc(models.TextChoices):
        IRANIAN_STATE = "iranian-state", _("Iranian state")
        IRANIAN_OPPOSITION = "iranian-opposition", _("Iranian opposition")
        ISRAELI = "israeli", _("Israeli")
        US = "us", _("US")
        RUSSIAN_STATE = "russian-state", _("Russian state")
        RUSSIAN_INDEPENDENT = "russian-independent", _("Russian independent")
        GULF = "gulf", _("Gulf")
        ARAB = "arab", _("Arab, outside the Gulf")
        EUROPEAN = "european", _("European")
        TURKISH = "turkish", _("Turkish")
        CHINESE_STATE = "chinese-state", _("Chinese state")
        ASIAN = "asian", _("Asian")
        INDEPENDENT = "independent", _("Independent")
        UNKNOWN = "unknown", _("Unknown")

    class Reliability(models.TextChoices):
        A = "A", _("A completely reliable")
        B = "B", _("B usually reliable")
        C = "C", _("C fairly reliable")
        D = "D", _("D not usually reliable")
        E = "E", _("E unreliable")
        F = "F", _("F cannot be judged")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=3, blank=True, help_text=_("ISO 3166-1 alpha-3"))
    language = models.CharField(max_length=8, blank=True, help_text=_("ISO 639-1"))
    control = models.CharField(max_length=10, choices=Control.choices, default=Control.UNKNOWN)
    family = models.SlugField(
        max_length=80, blank=True, help_text=_("Publisher family. Empty: the outlet is a family of its own.")
    )
    bloc = models.CharField(max_length=24, choices=Bloc.choices, default=Bloc.UNKNOWN)
    reliability = models.CharField(max_length=1, choices=Reliability.choices, default=Reliability.F)
    homepage = models.TextField(blank=True, validators=[web_address])
    wikidata = models.CharField(max_length=16, blank=True)
    confirmed = models.TextField(blank=True, help_text=_("How homepage and identifiers were confirmed."))
    is_sample = models.BooleanField(default=False, help_text=_("Belongs to the demo, not to the world."))

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """An address that we poll. Due when not paused and `next_at` has passed; claimed by a lease with a token."""

    class State(models.TextChoices):
        NEW = "new", _("not read yet")
        OK = "ok", _("ok")
        NOT_MODIFIED = "not-modified", _("not modified")
        EMPTY = "empty", _("valid but empty")
        UNDATED = "undated", _("ok, entries without dates")
        INVALID = "invalid", _("not a feed we can read")
        BLOCKED = "blocked", _("refused by the outlet")
        REFUSED = "refused", _("refused by our own guard")
        GONE = "gone", _("gone")
        FAILING = "failing", _("failing")
        QUARANTINED = "quarantined", _("set aside: it killed its reader")

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="feeds")
    url = models.TextField(validators=[web_address])
    url_sha256 = models.BinaryField(max_length=32, unique=True, editable=False)
    title = models.CharField(max_length=300, blank=True)
    is_paused = models.BooleanField(default=False)
    confirmed = models.TextField(blank=True, help_text=_("How this address was confirmed."))

    state = models.CharField(max_length=16, choices=State.choices, default=State.NEW)
    state_reason = models.TextField(blank=True, help_text=_("In plain words."))
    failing_since = models.DateTimeField(null=True, blank=True)
    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    body_sha256 = models.BinaryField(max_length=32, null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True, help_text=_("When it last brought a new article."))

    interval_s = models.PositiveIntegerField(default=900)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_owner = models.UUIDField(null=True, blank=True, help_text=_("The task that holds it."))
    attempts = models.PositiveSmallIntegerField(default=0)
    n_begun = models.PositiveSmallIntegerField(default=0, help_text=_("Fetches begun since the last one that ended."))
    host = models.GeneratedField(
        expression=Lower(Coalesce(Func(models.F("url"), models.Value(HOST_IN_URL), function="substring"), "url")),
        output_field=models.TextField(),
        db_persist=True,
        help_text=_("Host and port: who is asked, and never twice at a time."),
    )

    class Meta:
        ordering = ("outlet__name", "url")
        indexes = [
            models.Index(fields=["host", "next_at"], name="feed_host_next"),
            models.Index(fields=["lease_until"], name="feed_leased", condition=models.Q(lease_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class Fetch(models.Model):
    """One attempt at a feed or a page, with its outcome and, when it failed, the reason in plain words."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, null=True, blank=True, related_name="fetches")
    url = models.TextField()
    started_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=16, choices=Feed.State.choices)
    reason = models.TextField(blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    n_bytes = models.PositiveIntegerField(default=0)
    n_entries = models.PositiveIntegerField(default=0)
    n_stored = models.PositiveIntegerField(default=0)
    n_duplicate = models.PositiveIntegerField(default=0)
    n_broken = models.PositiveIntegerField(default=0)
    n_undated = models.PositiveIntegerField(default=0)
    broken = models.JSONField(default=list, blank=True, help_text=_("Entry and reason of each broken entry."))

    class Meta:
        ordering = ("-started_at",)
        verbose_name_plural = _("fetches")
        indexes = [models.Index(fields=["feed", "-started_at"], name="fetch_feed_started")]

    def __str__(self) -> str:
        return f"{self.url} {self.started_at:%Y-%m-%d %H:%M}"


class Story(models.Model):
    """Articles that report the same thing, as their text and title show."""

    title = models.TextField()
    first_published_at = models.DateTimeField(null=True, blank=True, db_index=True)
    n_articles = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-first_published_at", "-id")
        verbose_name_plural = _("stories")

    def __str__(self) -> str:
        return self.title


class Article(models.Model):
    """The entry at rest.

    `document` (title, newline, text) is what taggers read: every offset of the interpretation counts its characters.
    """

    class TextKind(models.TextChoices):
        FULL = "full", _("full text")
        SUMMARY = "summary", _("summary")
        NONE = "none", _("headline only")

    class PublishedKind(models.TextChoices):
        DECLARED = "declared", _("as the outlet says")
        UPDATED = "updated", _("only the time of an update is known")
        CLAMPED = "clamped", _("was in the future: first seen instead")
        MISSING = "missing", _("undated: first seen instead")

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="articles")
    feed = models.ForeignKey(Feed, on_delete=models.SET_NULL, null=True, blank=True, related_name="articles")
    guid_sha256 = models.BinaryField(max_length=32, editable=False)
    url = models.TextField(blank=True, validators=[web_address])
    url_sha256 = models.BinaryField(max_length=32, unique=True, editable=False)
    title = models.TextField()
    text = models.TextField(blank=True)
    text_kind = models.CharField(max_length=8, choices=TextKind.choices, default=TextKind.SUMMARY)
    author = models.TextField(blank=True)
    lang = models.CharField(max_length=8, blank=True, db_index=True)
    published_at = models.DateTimeField(db_index=True)
    published_kind = models.CharField(max_length=10, choices=PublishedKind.choices, default=PublishedKind.DECLARED)
    fetched_at = models.DateTimeField(help_text=_("When we first saw it."))
    later_titles = models.JSONField(default=list, blank=True, help_text=_("Headlines the same address carried later."))
    content_sha256 = models.BinaryField(max_length=32, editable=False)
    likeness = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    extractor = models.CharField(max_length=60, blank=True)
    story = models.ForeignKey(Story, on_delete=models.SET_NULL, null=True, blank=True, related_name="articles")

    class Meta:
        ordering = ("-published_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["feed", "guid_sha256"], name="article_once_per_feed_and_guid"),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="article_newest"),
            GinIndex(fields=["likeness"], name="article_likeness"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def document(self) -> str:
        return f"{self.title}\n{self.text}" if self.text else self.title
