"""Who acts towards whom: ordered pairs of actors, rolled up or apart, and the actors of a map."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from timeline.models import Actor, Event, Participant, Role
from timeline.rows import DyadRow, NodeRow


def count_dyads(events: QuerySet[Event], stands_for: dict[int, int] | None = None) -> list[DyadRow]:
    """Ordered pairs of actors with their events by quad class, busiest first.

    `stands_for` maps actor ids to the ids they roll up to. A reciprocal event counts for the pair in the order of the
    slugs; an event within one side counts for nobody.
    """
    sides: dict[str, dict[str, set[int]]] = defaultdict(lambda: {"actor": set(), "recipient": set()})
    values = dict[str, tuple[int, float]]()
    ids = events.order_by().values("pk")
    rows = Participant.objects.filter(event__in=ids).values_list(
        "event_id", "actor_id", "part", "event__quad", "event__intensity"
    )
    for event_id, actor_id, part, quad, intensity in rows:
        sides[event_id][part].add((stands_for or {}).get(actor_id, actor_id))
        values[event_id] = (quad, intensity)
    slugs = dict(Actor.objects.values_list("pk", "slug"))
    counts: dict[tuple[str, str, bool], Counter[int]] = defaultdict(Counter)
    sums: Counter[tuple[str, str, bool]] = Counter()
    for event_id, parts in sides.items():
        for pair in _pairs(parts["actor"], parts["recipient"], slugs):
            counts[pair][values[event_id][0]] += 1
            sums[pair] += values[event_id][1]  # type: ignore[assignment]
    found = [
        DyadRow(a, b, sum(c.values()), (c[1], c[2], c[3], c[4]), sums[a, b, r] / sum(c.values()), r)
        for (a, b, r), c in counts.items()
    ]
    return sorted(found, key=lambda row: (-row.n_events, row.actor, row.recipient, row.is_reciprocal))


def _pairs(actors: set[int], recipients: set[int], slugs: dict[int, str]) -> Iterable[tuple[str, str, bool]]:
    if recipients:
        return [(slugs[a], slugs[r], False) for a in actors for r in recipients if a != r]
    names = sorted(slugs[a] for a in actors)
    return [(a, b, True) for i, a in enumerate(names) for b in names[i + 1 :]]


def roll_up(day: date) -> dict[int, int]:
    """Each actor's id → the id of the state or group that it stands for on a day."""
    actors = {actor.pk: actor for actor in Actor.objects.all()}
    held: dict[int, int] = {}
    for role in Role.objects.order_by("from_on"):
        if (role.from_on is None or role.from_on <= day) and (role.to_on is None or role.to_on >= day):
            held.setdefault(role.person_id, role.organisation_id)
    found = {}
    for pk in actors:
        at = held.get(pk, pk)
        while actors[at].parent_id:
            at = actors[at].parent_id or at
        found[pk] = at
    return found


def nodes_of(dyads: Iterable[DyadRow], most: int) -> tuple[list[NodeRow], int]:
    """The actors of these pairs with the most events, and how many there are in all."""
    weights: Counter[str] = Counter()
    neighbours: dict[str, set[str]] = defaultdict(set)
    for row in dyads:
        for one, other in ((row.actor, row.recipient), (row.recipient, row.actor)):
            weights[one] += row.n_events
            neighbours[one].add(other)
    kept = [slug for slug, _ in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:most]]
    actors = {actor.slug: actor for actor in Actor.objects.filter(slug__in=kept)}
    rows = [
        NodeRow(slug, actors[slug].name, actors[slug].kind, actors[slug].country, weights[slug],
                len(neighbours[slug] - set(kept)))
        for slug in kept
    ]  # fmt: skip
    return rows, len(weights)


@dataclass(frozen=True, slots=True)
class NamedDyad:
    """A pair with the names that a table shows."""

    actor: str
    actor_name: str
    recipient: str
    recipient_name: str
    n_events: int
    by_quad: tuple[int, int, int, int]
    mean_intensity: float
    is_reciprocal: bool


def named(dyads: Iterable[DyadRow]) -> list[NamedDyad]:
    rows = list(dyads)
    names = dict(Actor.objects.values_list("slug", "name"))
    return [
        NamedDyad(r.actor, names[r.actor], r.recipient, names[r.recipient], r.n_events, r.by_quad,
                  r.mean_intensity, r.is_reciprocal)
        for r in rows
    ]  # fmt: skip
