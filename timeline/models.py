"""Interpretation at rest. Written by `timeline.store` alone; machine output is rebuilt, rulings are kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Article


class EventType(models.TextChoices):
    """PLOVER 2.0 event types, in the order of the manual's quad classes."""

    AGREE = "AGREE", _("Agree")
    CONSULT = "CONSULT", _("Consult")
    SUPPORT = "SUPPORT", _("Support")
    CONCEDE = "CONCEDE", _("Concede")
    COOPERATE = "COOPERATE", _("Cooperate")
    AID = "AID", _("Aid")
    RETREAT = "RETREAT", _("Retreat")
    REQUEST = "REQUEST", _("Request")
    ACCUSE = "ACCUSE", _("Accuse")
    REJECT = "REJECT", _("Reject")
    THREATEN = "THREATEN", _("Threaten")
    PROTEST = "PROTEST", _("Protest")
    SANCTION = "SANCTION", _("Sanction")
    MOBILIZE = "MOBILIZE", _("Mobilize")
    COERCE = "COERCE", _("Coerce")
    ASSAULT = "ASSAULT", _("Assault")


class Quad(models.IntegerChoices):
    VERBAL_COOPERATION = 1, _("Verbal cooperation")
    MATERIAL_COOPERATION = 2, _("Material cooperation")
    VERBAL_CONFLICT = 3, _("Verbal conflict")
    MATERIAL_CONFLICT = 4, _("Material conflict")


class Modality(models.TextChoices):
    ASSERTED = "asserted", _("asserted")
    PLANNED = "planned", _("planned")
    CONDITIONAL = "conditional", _("conditional")
    DENIED = "denied", _("denied")
    HISTORICAL = "historical", _("historical")


class DatePrecision(models.TextChoices):
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    YEAR = "year", _("year")
    SPAN = "span", _("span")
    UNKNOWN = "unknown", _("on or before publication")


class Actor(models.Model):
    """Who can act. An organisation rolls up through `parent`; a person through `Role`, with validity dates."""

    class Kind(models.TextChoices):
        STATE = "state", _("State")
        ORGANISATION = "organisation", _("Organisation")
        GROUP = "group", _("Armed or political group")
        COMPANY = "company", _("Company")
        PERSON = "person", _("Person")
        INTERNATIONAL = "international", _("International organisation")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    sector = models.CharField(max_length=3, blank=True, help_text=_("PLOVER sector, such as GOV or MIL"))
    country = models.CharField(max_length=3, blank=True, help_text=_("ISO 3166-1 alpha-3"))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    wikidata = models.CharField(max_length=16, blank=True)
    confirmed = models.TextField(blank=True)
    note = models.TextField(blank=True)
    is_from_file = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """An office that a person holds in an organisation or a state, from a day to a day (None: open)."""

    person = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="holders")
    title = models.CharField(max_length=200)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    confirmed = models.TextField(blank=True)

    class Meta:
        ordering = ("person", "from_on")
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "title", "from_on"], name="role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}"


class Alias(models.Model):
    """A name that an actor goes by. `rule` names the context rule it needs, such as `government` for a capital."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=200)
    lang = models.CharField(max_length=8, blank=True)
    kind = models.CharField(max_length=16, default="name")
    rule = models.CharField(max_length=40, blank=True)
    is_from_file = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("lang", "text")
        verbose_name_plural = _("aliases")
        constraints = [models.UniqueConstraint(fields=["actor", "lang", "text"], name="alias_once")]

    def __str__(self) -> str:
        return self.text


class Place(models.Model):
    """Where things happen. `latitude` and `longitude` in degrees (WGS 84), empty when not confirmed."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=24)
    country = models.CharField(max_length=3, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    precision = models.CharField(max_length=16, blank=True, help_text=_("site, city, admin1, country or water"))
    names = models.JSONField(default=dict, blank=True, help_text=_("Language to list of names"))
    wikidata = models.CharField(max_length=16, blank=True)
    confirmed = models.TextField(blank=True)
    is_from_file = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Situation(models.Model):
    """A crisis being tracked. Which events belong to it follows from core actors, places and terms."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    core_actors = models.ManyToManyField(Actor, blank=True, related_name="situations")
    places = models.ManyToManyField(Place, blank=True, related_name="situations")
    terms = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """That an article was, or is being, read by a codebook version. The row is the claim."""

    class Outcome(models.TextChoices):
        CLAIMED = "claimed", _("being read")
        CODED = "coded", _("events found")
        NO_EVENT = "no-event", _("no event found")
        UNSUPPORTED = "unsupported", _("language not coded")
        QUARANTINED = "quarantined", _("set aside after repeated failures")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="readings")
    codebook = models.CharField(max_length=64)
    claimed_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.CLAIMED)
    reason = models.TextField(blank=True)
    n_events = models.PositiveSmallIntegerField(default=0)
    spans = models.JSONField(default=list, blank=True, help_text=_("Mentions that the reader marks"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "codebook"], name="reading_once")]
        indexes = [
            models.Index(fields=["codebook", "finished_at"], name="reading_unfinished"),
            models.Index(fields=["claimed_until"], name="reading_claimed", condition=models.Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.codebook[:8]} {self.outcome}"


class Event(models.Model):
    """Who did what to whom, when and where. `id` is opaque, made from `key_sha256` and never reused.

    The coded columns hold what counts now; `machine` holds what the codebook last said. They differ after a correction.
    `series_sha256` and `first_report_on` are set for asserted deeds whose day no report names: what such reports have
    in common, and the first of the days on which this event was reported.
    """

    class State(models.TextChoices):
        AUTO = "auto", _("Auto-coded, not reviewed")
        ACCEPTED = "accepted", _("Accepted")
        CORRECTED = "corrected", _("Corrected")
        REJECTED = "rejected", _("Rejected")
        DUPLICATE = "duplicate", _("Duplicate")

    id = models.CharField(max_length=16, primary_key=True, editable=False)
    key_sha256 = models.BinaryField(max_length=32, unique=True, editable=False)
    series_sha256 = models.BinaryField(max_length=32, null=True, editable=False)
    first_report_on = models.DateField(null=True, editable=False)
    type = models.CharField(max_length=12, choices=EventType.choices)
    mode = models.CharField(max_length=24, blank=True)
    contexts = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    quad = models.PositiveSmallIntegerField(choices=Quad.choices)
    intensity = models.FloatField()
    modality = models.CharField(max_length=12, choices=Modality.choices, default=Modality.ASSERTED)
    occurred_on = models.DateField()
    occurred_until = models.DateField(null=True, blank=True)
    date_precision = models.CharField(max_length=8, choices=DatePrecision.choices)
    place = models.ForeignKey(Place, on_delete=models.SET_NULL, null=True, blank=True, related_name="events")
    speaker = models.ForeignKey(Actor, on_delete=models.SET_NULL, null=True, blank=True, related_name="spoken_events")
    speaker_text = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=120, blank=True, help_text=_("The words coded as what was done"))
    confidence = models.FloatField(default=0.0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.AUTO)
    machine = models.JSONField(default=dict, blank=True)
    codebook = models.CharField(max_length=64, blank=True)
    n_articles = models.PositiveIntegerField(default=0)
    n_families = models.PositiveIntegerField(default=0)
    first_published_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    retracted_at = models.DateTimeField(null=True, blank=True)
    retracted_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    actors: models.ManyToManyField[Actor, "Participant"] = models.ManyToManyField(
        Actor, through="Participant", related_name="events"
    )
    situations: models.ManyToManyField[Situation, "Membership"] = models.ManyToManyField(
        Situation, through="Membership", related_name="events"
    )

    class Meta:
        ordering = ("-occurred_on", "-id")
        indexes = [
            models.Index(fields=["-occurred_on", "-id"], name="event_newest"),
            models.Index(fields=["quad", "occurred_on"], name="event_quad_day"),
            models.Index(fields=["type", "occurred_on"], name="event_type_day"),
            models.Index(
                fields=["series_sha256", "first_report_on"],
                condition=models.Q(series_sha256__isnull=False),
                name="event_series",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.occurred_on} {self.id}"


class Participant(models.Model):
    """An actor in an event. `occurred_on` repeats the event's day so that one index answers an actor's timeline."""

    class Part(models.TextChoices):
        ACTOR = "actor", _("Actor")
        RECIPIENT = "recipient", _("Recipient")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participants")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="participations")
    part = models.CharField(max_length=10, choices=Part.choices)
    position = models.PositiveSmallIntegerField(default=0)
    occurred_on = models.DateField()

    class Meta:
        ordering = ("part", "position")
        constraints = [models.UniqueConstraint(fields=["event", "actor", "part"], name="participant_once")]
        indexes = [models.Index(fields=["actor", "-occurred_on", "-event"], name="participant_actor_newest")]

    def __str__(self) -> str:
        return f"{self.part}: {self.actor_id}"


class Membership(models.Model):
    """That an event belongs to a situation, by which rule, in which version of the rules."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    situation = models.ForeignKey(Situation, on_delete=models.CASCADE)
    rule = models.CharField(max_length=40)
    rule_version = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "situation"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.event_id} in {self.situation_id}: {self.rule}"


class Evidence(models.Model):
    """What supports an event: characters `begin` to `end` of the article's document, and the parts marked in them.

    `spans` is a list of {"role", "begin", "end", "text", "ref"}: roles are actor, recipient, verb, place, date,
    speaker and cue; offsets count characters of the article's document; `ref` is a slug or a TIMEX3 value or empty.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="evidence")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="evidence")
    codebook = models.CharField(max_length=64, blank=True, help_text=_("Empty: pointed at by an editor"))
    sentence_no = models.PositiveIntegerField()
    begin = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    spans = models.JSONField(default=list, blank=True)
    coded = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("What this evidence alone was coded as: sides, type, verb, speaker and the rest"),
    )
    why = models.JSONField(default=list, blank=True, help_text=_("Rules and cues that led to the code, in order"))
    confidence = models.FloatField(default=0.0)

    class Meta:
        ordering = ("article__published_at", "article_id", "begin")
        verbose_name_plural = _("evidence")
        constraints = [models.UniqueConstraint(fields=["event", "article", "begin", "end"], name="evidence_once")]

    def __str__(self) -> str:
        return self.quote[:80]


class Tag(models.Model):
    """A free word that an editor puts on an event or an article; not a coded field."""

    name = models.CharField(max_length=60, unique=True)
    events = models.ManyToManyField(Event, blank=True, related_name="tags")
    articles = models.ManyToManyField(Article, blank=True, related_name="tags")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Ruling(models.Model):
    """An editor's decision: who, when, what stood before and after, and why. Kept apart and never changed."""

    class Verb(models.TextChoices):
        ACCEPT = "accept", _("accepted")
        REJECT = "reject", _("rejected")
        CORRECT = "correct", _("corrected")
        ADD = "add", _("added")
        TAG = "tag", _("tags changed")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="rulings")
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="rulings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rulings")
    verb = models.CharField(max_length=8, choices=Verb.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"{self.get_verb_display()} by {self.user_id}"
