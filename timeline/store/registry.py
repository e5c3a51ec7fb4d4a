"""Writes the registry's files into the database. Rows that an editor has changed or added are left alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from timeline.models import Actor, Alias, Place, Role, Situation
from timeline.tagging.records import Registry, RegistryActor, RegistryPlace


@dataclass(frozen=True, slots=True)
class RegistryCounts:
    n_actors: int
    n_aliases: int
    n_roles: int
    n_places: int
    n_situations: int


@transaction.atomic
def save_registry(registry: Registry) -> RegistryCounts:
    """Brings the database to what the files say; repeating it changes nothing.

    A row is the file's as long as its `is_from_file` is set; the admin clears it when an editor saves the row.
    Actors and places that the files no longer name stay: events may point at them.
    """
    actors = _save_actors(registry.actors)
    n_aliases = _save_aliases(registry.actors, actors)
    n_roles = _save_roles(registry.actors, actors)
    places = _save_places(registry.places)
    _save_situations(registry, actors, places)
    return RegistryCounts(len(actors), n_aliases, n_roles, len(places), len(registry.situations))


def _save_actors(rows: Mapping[str, RegistryActor]) -> dict[str, Actor]:
    fields = ("name", "kind", "sector", "country", "wikidata", "confirmed", "note")
    _upsert(Actor, rows.values(), lambda row: {field: getattr(row, field) for field in fields})
    actors = {actor.slug: actor for actor in Actor.objects.all()}
    _link_parents(Actor, actors, {slug: row.parent for slug, row in rows.items()})
    return actors


def _save_places(rows: Mapping[str, RegistryPlace]) -> dict[str, Place]:
    fields = ("name", "kind", "country", "latitude", "longitude", "precision", "wikidata", "confirmed")
    _upsert(
        Place,
        rows.values(),
        lambda row: {
            **{field: getattr(row, field) for field in fields},
            "names": {lang: list(names) for lang, names in row.names.items()},
        },
    )
    places = {place.slug: place for place in Place.objects.all()}
    _link_parents(Place, places, {slug: row.parent for slug, row in rows.items()})
    return places


def _upsert(model: type[Any], rows: Iterable[Any], columns: Callable[[Any], dict[str, Any]]) -> None:
    """Inserts rows that are new and updates those that are still the file's and differ."""
    held = {row.slug: row for row in model.objects.all()}
    new, changed, names = [], [], set[str]()
    for row in rows:
        values = columns(row)
        names |= set(values)
        if row.slug not in held:
            new.append(model(slug=row.slug, is_from_file=True, **values))
            continue
        old = held[row.slug]
        if old.is_from_file and any(getattr(old, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(old, name, value)
            changed.append(old)
    model.objects.bulk_create(new)
    if changed:
        model.objects.bulk_update(changed, sorted(names))


def _link_parents(model: type[Any], held: Mapping[str, Any], parents: Mapping[str, str]) -> None:
    changed = []
    for slug, parent in parents.items():
        wanted = held[parent].pk if parent else None
        if held[slug].is_from_file and held[slug].parent_id != wanted:
            held[slug].parent_id = wanted
            changed.append(held[slug])
    if changed:
        model.objects.bulk_update(changed, ["parent"])


def _save_aliases(rows: Mapping[str, RegistryActor], actors: Mapping[str, Actor]) -> int:
    wanted = {
        (actors[row.slug].pk, alias.lang, alias.text): alias
        for row in rows.values()
        if actors[row.slug].is_from_file
        for alias in row.aliases
    }
    held = {(alias.actor_id, alias.lang, alias.text): alias for alias in Alias.objects.all()}
    edited = {actor.pk for actor in actors.values() if not actor.is_from_file}
    gone = [
        alias.pk
        for key, alias in held.items()
        if alias.is_from_file and key not in wanted and alias.actor_id not in edited
    ]
    Alias.objects.filter(pk__in=gone).delete()
    Alias.objects.bulk_create(
        Alias(actor_id=key[0], lang=key[1], text=key[2], kind=alias.kind, rule=alias.rule, is_from_file=True)
        for key, alias in wanted.items()
        if key not in held
    )
    changed = []
    for key, alias in wanted.items():
        old = held.get(key)
        if old and old.is_from_file and (old.kind, old.rule) != (alias.kind, alias.rule):
            old.kind, old.rule = alias.kind, alias.rule
            changed.append(old)
    Alias.objects.bulk_update(changed, ["kind", "rule"])
    return len(wanted)


def _save_roles(rows: Mapping[str, RegistryActor], actors: Mapping[str, Actor]) -> int:
    n_roles = 0
    for row in rows.values():
        person = actors[row.slug]
        if not person.is_from_file or (not row.roles and not person.roles.exists()):
            continue
        wanted = {(actors[r.organisation].pk, r.title, r.from_on, r.to_on, r.confirmed) for r in row.roles}
        held = {(r.organisation_id, r.title, r.from_on, r.to_on, r.confirmed) for r in person.roles.all()}
        n_roles += len(wanted)
        if wanted == held:
            continue
        person.roles.all().delete()
        Role.objects.bulk_create(
            Role(person=person, organisation_id=o, title=title, from_on=first, to_on=last, confirmed=how)
            for o, title, first, last, how in sorted(wanted, key=str)
        )
    return n_roles


def _save_situations(registry: Registry, actors: Mapping[str, Actor], places: Mapping[str, Place]) -> None:
    """Situations are only ever created from the files: what an editor does to one afterwards counts."""
    for row in registry.situations.values():
        situation, is_new = Situation.objects.get_or_create(
            slug=row.slug,
            defaults={
                "name": row.name,
                "summary": row.summary,
                "terms": list(row.terms),
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "is_default": row.is_default,
            },
        )
        if is_new:
            situation.core_actors.set([actors[slug] for slug in row.core_actors])
            situation.places.set([places[slug] for slug in row.places])
