"""What of the events is wanted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Outlet
from timeline.analytics import REVIEWED, actors_within, is_hidden_from
from timeline.filters.query import Chip, QueryReader
from timeline.models import Actor, Event, EventType, Evidence, Modality, Participant, Place, Quad, Situation

BINS = ("day", "week", "month", "year")
ROLES = {
    "any": gettext_lazy("on either side"),
    "actor": gettext_lazy("who acts"),
    "recipient": gettext_lazy("who is acted upon"),
    "together": gettext_lazy("one of those who act together"),
}
SIDES = {"any": ("any", "any"), "actor": ("actor", "recipient"), "recipient": ("recipient", "actor"),
         "together": ("actor", "actor")}  # fmt: skip
STATES = (*Event.State.values, "reviewed")
LANGUAGES = ("en", "fr", "ar", "fa", "ru", "he", "es", "de", "it", "tr")
KEPT_BY_PAGES = {"view", "nodes", "level", "sort"}
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)_([a-z0-9]{1,16})\Z")
_ID = re.compile(r"[a-z0-9]{1,16}\Z")


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Empty fields filter nothing; days are inclusive."""

    from_on: date | None = None
    to_on: date | None = None
    bin: str = ""
    situation: str = ""
    actor: str = ""
    actor2: str = ""
    role: str = "any"
    type: str = ""
    mode: str = ""
    context: str = ""
    modality: str = ""
    quad: tuple[int, ...] = ()
    place: str = ""
    bloc: str = ""
    outlet: str = ""
    lang: str = ""
    tag: str = ""
    state: str = ""
    q: str = ""
    sel: str = ""
    after: str = ""
    before: str = ""
    notices: tuple[str, ...] = ()

    @classmethod
    def parse(cls, query: QueryDict, today: date) -> "EventFilter":
        reader = QueryReader(query, today)
        found = cls(
            from_on=reader.day("from"),
            to_on=reader.day("to"),
            bin=reader.choice("bin", BINS),
            situation=reader.slug("situation"),
            actor=reader.slug("actor"),
            actor2=reader.slug("actor2"),
            role=reader.choice("role", ROLES) or "any",
            type=reader.choice("type", EventType.values, upper=True),
            mode=reader.slug("mode"),
            context=reader.slug("context"),
            modality=reader.choice("modality", Modality.values),
            quad=reader.quads(),
            place=reader.slug("place"),
            bloc=reader.choice("bloc", Outlet.Bloc.values),
            outlet=reader.slug("outlet"),
            lang=reader.choice("lang", LANGUAGES),
            tag=reader.words("tag", 60),
            state=reader.choice("state", STATES),
            q=reader.words("q"),
            sel=reader.matching("sel", _ID),
            after=_cursor(reader, "after"),
            before=_cursor(reader, "before"),
        )
        if found.from_on and found.to_on and found.from_on > found.to_on:
            reader.notices.append(_("“from” lies after “to”: they were swapped."))
            found = replace(found, from_on=found.to_on, to_on=found.from_on)
        reader.name_unknown_keys({f.name.replace("_on", "") for f in fields(cls)} | KEPT_BY_PAGES)
        return replace(found, notices=tuple(reader.notices))

    def events(self, user: AbstractBaseUser | AnonymousUser | None = None) -> QuerySet[Event]:
        """The events, newest first; rejected ones only when asked for, unreviewed ones as the site allows."""
        found = Event.objects.filter(retracted_at=None).filter(self._plain())
        if self.state == "reviewed":
            found = found.filter(state__in=REVIEWED)
        elif self.state:
            found = found.filter(state=self.state)
        else:
            found = found.exclude(state__in=("rejected", "duplicate"))
        if is_hidden_from(user):
            found = found.filter(state__in=REVIEWED)
        for condition in (*self._sides(), *self._by_evidence()):
            found = found.filter(condition)
        return found.order_by("-occurred_on", "-id")

    def page(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """The slice that `after` (older than) or `before` (newer than) asks for, still newest first."""
        for cursor, newer in ((self.after, False), (self.before, True)):
            match = _CURSOR.match(cursor)
            if match:
                day, pk = match.groups()
                op = "gt" if newer else "lt"
                edge = Q(**{f"occurred_on__{op}": day}) | Q(occurred_on=day, **{f"id__{op}": pk})
                events = events.filter(edge)
        return events

    def query(self, **changes: object) -> str:
        """The canonical query string of this filter with changes; None takes a field away."""
        now = replace(self, **changes)  # type: ignore[arg-type]
        pairs: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(now, field.name)
            if field.name in ("notices", "sel") or not value or (field.name == "role" and value == "any"):
                continue
            name = field.name.replace("_on", "")
            pairs += [(name, str(v)) for v in (value if isinstance(value, tuple) else (value,))]
        return urlencode(pairs)

    def without(self, name: str) -> "EventFilter":
        """This filter without one of its fields, from its first page on."""
        empty = {field.name: field.default for field in fields(self)}
        return replace(self, after="", before="", **{name: empty[name]})  # type: ignore[arg-type]

    def chips(self) -> list[Chip]:
        names = self._names()
        empty = {field.name: field.default for field in fields(self)}
        return [
            Chip(name, str(label), names.get(name) or str(getattr(self, name)), self.without(name).query())
            for name, label in _LABELS.items()
            if getattr(self, name) != empty[name]
        ]

    @property
    def has_more(self) -> bool:
        """Whether a filter is set that the form keeps under "more"."""
        hidden = (self.type, self.modality, self.context, self.situation, self.bloc, self.q)
        return any(hidden) or self.role != "any"

    def _names(self) -> dict[str, str]:
        """What a reader calls the values: names for slugs, labels for codes."""
        slugs = {"actor": self.actor, "actor2": self.actor2}
        actors = dict(Actor.objects.filter(slug__in=[s for s in slugs.values() if s]).values_list("slug", "name"))
        names = {field: actors.get(slug, slug) for field, slug in slugs.items() if slug}
        for field, model in (("place", Place), ("outlet", Outlet), ("situation", Situation)):
            slug = getattr(self, field)
            if slug:
                row = model.objects.filter(slug=slug).first()
                names[field] = row.name if row else slug
        states = {**dict(Event.State.choices), "reviewed": _("Reviewed only")}
        labels: dict[str, Mapping[str, object]] = {
            "state": states,
            "type": dict(EventType.choices),
            "modality": dict(Modality.choices),
            "bloc": dict(Outlet.Bloc.choices),
            "role": ROLES,
        }
        names |= {name: str(some[getattr(self, name)]) for name, some in labels.items() if getattr(self, name)}
        return names | {"quad": ", ".join(str(Quad(n).label) for n in self.quad)}

    def _plain(self) -> Q:
        condition = Q()
        if self.from_on:
            condition &= Q(occurred_on__gte=self.from_on)
        if self.to_on:
            condition &= Q(occurred_on__lte=self.to_on)
        for name in ("type", "mode", "modality"):
            if getattr(self, name):
                condition &= Q(**{name: getattr(self, name)})
        if self.quad:
            condition &= Q(quad__in=self.quad)
        if self.context:
            condition &= Q(contexts__contains=[self.context])
        if self.place:
            condition &= Q(place__slug=self.place) | Q(place__parent__slug=self.place)
        if self.situation:
            condition &= Q(situations__slug=self.situation)
        if self.tag:
            condition &= Q(tags__name=self.tag)
        return condition

    def _sides(self) -> list[Q]:
        """One condition for each actor asked for. Their parts and people in office count as them."""
        conditions = [
            Q(Exists(_takes_part(actors_within(slug), part)))
            for slug, part in zip((self.actor, self.actor2), SIDES[self.role], strict=True)
            if slug
        ]
        if self.role == "together":
            conditions.append(~Q(Exists(Participant.objects.filter(event=OuterRef("pk"), part="recipient"))))
        return conditions

    def _by_evidence(self) -> list[Q]:
        rows = Evidence.objects.filter(event=OuterRef("pk"))
        conditions = []
        if self.bloc:
            conditions.append(Q(Exists(rows.filter(article__outlet__bloc=self.bloc))))
        if self.outlet:
            conditions.append(Q(Exists(rows.filter(article__outlet__slug=self.outlet))))
        if self.lang:
            conditions.append(Q(Exists(rows.filter(article__lang=self.lang))))
        if self.q:
            conditions.append(Q(Exists(rows.filter(Q(quote__icontains=self.q) | Q(article__title__icontains=self.q)))))
        return conditions


def _takes_part(actor_ids: list[int], part: str) -> QuerySet[Participant]:
    found = Participant.objects.filter(event=OuterRef("pk"), actor__in=actor_ids)
    return found if part == "any" else found.filter(part=part)


def _cursor(reader: QueryReader, name: str) -> str:
    """A cursor whose day exists, or nothing."""
    text = reader.matching(name, _CURSOR)
    try:
        date.fromisoformat(text[:10]) if text else None
    except ValueError:
        reader.drop(name, text)
        return ""
    return text


_LABELS: Mapping[str, object] = {
    "from_on": gettext_lazy("From"),
    "to_on": gettext_lazy("To"),
    "situation": gettext_lazy("Situation"),
    "actor": gettext_lazy("Actor"),
    "actor2": gettext_lazy("Other side"),
    "role": gettext_lazy("The actor is"),
    "type": gettext_lazy("Type"),
    "mode": gettext_lazy("Mode"),
    "context": gettext_lazy("Context"),
    "modality": gettext_lazy("Modality"),
    "quad": gettext_lazy("Class"),
    "place": gettext_lazy("Place"),
    "bloc": gettext_lazy("Bloc"),
    "outlet": gettext_lazy("Outlet"),
    "lang": gettext_lazy("Language"),
    "tag": gettext_lazy("Tag"),
    "state": gettext_lazy("Review"),
    "q": gettext_lazy("Words"),
}
