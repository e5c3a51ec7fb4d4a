"""Events as rows, and what they are counted by. The number of queries does not grow with the rows."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Min, Prefetch, QuerySet
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek, TruncYear

from articles.models import Article
from timeline.models import Actor, Event, Evidence, Participant, Role
from timeline.rows import BinRow, EventRow, FacetRow, PartyRow, VolumeRow

REVIEWED = ("accepted", "corrected")
TRUNCATIONS = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth, "year": TruncYear}


def is_hidden_from(user: AbstractBaseUser | AnonymousUser | None) -> bool:
    """Whether this site shows that user only what editors have reviewed."""
    return not settings.SHOW_UNREVIEWED and not (user and user.is_authenticated)


def shown_events(user: AbstractBaseUser | AnonymousUser | None) -> QuerySet[Event]:
    """Events that count for this user: neither retracted nor rejected, unreviewed ones as the site allows."""
    found = Event.objects.filter(retracted_at=None).exclude(state__in=("rejected", "duplicate"))
    return found.filter(state__in=REVIEWED) if is_hidden_from(user) else found


def actors_within(slug: str) -> list[int]:
    """Ids of an actor and of all that roll up to it: its parts, their parts, and the people who hold office in them."""
    parents = list(Actor.objects.values_list("pk", "parent_id"))
    found = set(Actor.objects.filter(slug=slug).values_list("pk", flat=True))
    while more := {pk for pk, parent in parents if parent in found} - found:
        found |= more
    return sorted(found | set(Role.objects.filter(organisation__in=found).values_list("person_id", flat=True)))


def event_rows(events: QuerySet[Event], limit: int | None = None) -> list[EventRow]:
    """Events as rows, in the queryset's order, each with the headline of the article that reported it first."""
    first = Evidence.objects.select_related("article__outlet").order_by("event_id", "article__published_at", "pk")
    wanted = events.select_related("place", "speaker").prefetch_related(
        Prefetch("participants", Participant.objects.select_related("actor")),
        Prefetch("evidence", first.distinct("event_id"), to_attr="first_evidence"),
        "tags",
    )
    return [event_row(event) for event in (wanted[:limit] if limit else wanted)]


def event_row(event: Event) -> EventRow:
    sides: dict[str, list[PartyRow]] = {"actor": [], "recipient": []}
    for part in sorted(event.participants.all(), key=lambda p: p.position):
        actor = part.actor
        sides[part.part].append(PartyRow(actor.slug, actor.name, actor.kind, actor.country))
    held = getattr(event, "first_evidence", None)
    evidence = held[0] if held else None
    article = evidence.article if evidence else None
    return EventRow(
        id=event.pk, type=event.type, mode=event.mode, contexts=tuple(event.contexts), quad=event.quad,
        intensity=event.intensity, modality=event.modality, occurred_on=event.occurred_on,
        occurred_until=event.occurred_until, date_precision=event.date_precision, actors=tuple(sides["actor"]),
        recipients=tuple(sides["recipient"]), verb=event.verb, place_slug=event.place.slug if event.place else "",
        place_name=event.place.name if event.place else "", speaker_slug=event.speaker.slug if event.speaker else "",
        speaker_name=event.speaker.name if event.speaker else event.speaker_text, confidence=event.confidence,
        state=event.state, n_articles=event.n_articles, n_families=event.n_families,
        headline=article.title if article else "", headline_lang=article.lang if article else "",
        outlet_name=article.outlet.name if article else "", article_id=article.pk if article else 0,
        first_published_at=event.first_published_at, tags=tuple(tag.name for tag in event.tags.all()),
    )  # fmt: skip


def count_events_by_bin(events: QuerySet[Event], bin: str) -> list[BinRow]:
    rows = (
        events.order_by()
        .annotate(starts_on=TRUNCATIONS[bin]("occurred_on"))
        .values_list("starts_on", "quad")
        .annotate(n=Count("pk", distinct=True))
        .order_by("starts_on", "quad")
    )
    return [BinRow(starts_on, quad, n) for starts_on, quad, n in rows]


def count_articles_by_bin(first: date, last: date, bin: str) -> list[VolumeRow]:
    rows = (
        Article.objects.filter(published_at__date__gte=first, published_at__date__lte=last)
        .order_by()
        .annotate(starts_on=TRUNCATIONS[bin]("published_at"))
        .values_list("starts_on")
        .annotate(n=Count("pk"))
        .order_by("starts_on")
    )
    return [VolumeRow(starts_on.date(), n) for starts_on, n in rows]


def first_and_last_day(events: QuerySet[Event]) -> tuple[date, date] | None:
    found = events.order_by().aggregate(first=Min("occurred_on"), last=Max("occurred_on"))
    return (found["first"], found["last"]) if found["first"] else None


def recent_days(events: QuerySet[Event], days: int = 30) -> tuple[date, date] | None:
    """The last days that hold events: from at most `days` before the newest one. History dated long ago stays out."""
    span = first_and_last_day(events)
    if span is None:
        return None
    return max(span[0], span[1] - timedelta(days=days - 1)), span[1]


def count_by_field(events: QuerySet[Event], field: str) -> list[FacetRow]:
    rows = events.order_by().values_list(field).annotate(n=Count("pk", distinct=True)).order_by("-n", field)
    return [FacetRow(str(value), str(value), n) for value, n in rows if value]


def busiest_actors(events: QuerySet[Event], most: int = 60) -> list[FacetRow]:
    rows = (
        Participant.objects.filter(event__in=events.order_by().values("pk"))
        .values_list("actor__slug", "actor__name")
        .annotate(n=Count("event", distinct=True))
        .order_by("-n", "actor__name")[:most]
    )
    return [FacetRow(slug, name, n) for slug, name, n in rows]


def events_stamp() -> str:
    """Changes whenever an event or an article does."""
    newest = Event.objects.aggregate(at=Max("updated_at"), n=Count("pk"))
    articles = Article.objects.aggregate(pk=Max("pk"))
    return f"{newest['at'].timestamp() if newest['at'] else 0:.6f}-{newest['n']}-{articles['pk'] or 0}"
