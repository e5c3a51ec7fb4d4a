"""All that the page of one event, actor or situation shows."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from articles.models import Article
from timeline.analytics.articles import pieces_of
from timeline.analytics.events import REVIEWED, actors_within, event_rows, is_hidden_from, shown_events
from timeline.models import Actor, Event, Evidence, Membership, Role, Ruling, Situation
from timeline.rows import EventRow
from timeline.segments import Segment


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """An evidence with its quote cut into marked pieces; none when the text it was coded from is not kept."""

    row: Evidence
    pieces: list[Segment]

    @property
    def article(self) -> Article:
        return self.row.article

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


@dataclass(frozen=True, slots=True)
class EventPage:
    event: Event
    row: EventRow
    evidence: list[EvidenceView]
    rulings: list[Ruling]
    situations: list[Membership]


def event_page(event_id: str, user: AbstractBaseUser | AnonymousUser) -> EventPage | None:
    """An event with all that its page shows; None when there is none that this user may see."""
    events = Event.objects.filter(pk=event_id)
    if is_hidden_from(user):
        events = events.filter(state__in=REVIEWED)
    event = events.first()
    if event is None:
        return None
    row = event_rows(events)[0]
    evidence = event.evidence.select_related("article__outlet").order_by("article__published_at", "begin")
    views = [EvidenceView(e, pieces_of(e)) for e in evidence]
    rulings = list(event.rulings.select_related("user"))
    return EventPage(event, row, views, rulings, list(event.membership_set.select_related("situation")))


@dataclass(frozen=True, slots=True)
class ActorPage:
    actor: Actor
    roles: list[Role]
    holders: list[Role]
    parts: list[Actor]
    line: list[Actor]
    aliases: dict[str, list[str]]
    within: list[str]


def actor_page(slug: str) -> ActorPage | None:
    actor = Actor.objects.select_related("parent").filter(slug=slug).first()
    if actor is None:
        return None
    line = []
    at = actor.parent
    while at is not None:
        line.append(at)
        at = at.parent
    aliases: dict[str, list[str]] = defaultdict(list)
    for alias in actor.aliases.all():
        aliases[alias.lang].append(alias.text)
    within = list(Actor.objects.filter(pk__in=actors_within(slug)).values_list("slug", flat=True))
    return ActorPage(
        actor,
        list(actor.roles.select_related("organisation").order_by("-from_on")),
        list(actor.holders.select_related("person").order_by("-from_on")[:40]),
        list(actor.parts.order_by("name")),
        line,
        dict(aliases),
        within,
    )


def situations(user: AbstractBaseUser | AnonymousUser) -> list[Situation]:
    """Each with `n_events`: how many of its events this user sees."""
    n_events = Count("membership", filter=Q(membership__event__in=shown_events(user)))
    return list(Situation.objects.annotate(n_events=n_events).order_by("-is_default", "name"))


def situation(slug: str) -> Situation | None:
    return Situation.objects.prefetch_related("core_actors", "places").filter(slug=slug).first()


def count_memberships(situation_id: int, user: AbstractBaseUser | AnonymousUser) -> dict[str, int]:
    shown = Membership.objects.filter(situation=situation_id, event__in=shown_events(user))
    rows = shown.values_list("rule").annotate(n=Count("pk"))
    return dict(rows.order_by("-n"))
