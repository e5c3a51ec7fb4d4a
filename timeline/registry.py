"""Actors, places, situations and codebook as the database and the files hold them now. Reads only.

The tagger and its version are kept in the process for `FRESH_S` seconds: an editor's new alias counts after that.
"""

import hashlib
import time
from collections import defaultdict
from dataclasses import dataclass

from timeline.models import Actor, Place, Situation
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.records import (
    Registry,
    RegistryActor,
    RegistryAlias,
    RegistryPlace,
    RegistryRole,
    RegistrySituation,
)
from timeline.tagging.registry_files import registry_hash

FRESH_S = 20.0


@dataclass(slots=True)
class _Kept:
    registry: Registry
    version: str
    read_at: float
    tagger: Tagger | None = None


_kept: list[_Kept] = []


def current_registry() -> Registry:
    return _fresh().registry


def codebook_version() -> str:
    """64 hex digits that change with every rule, alias and weight that the tagger follows."""
    return _fresh().version


def current_tagger() -> tuple[Tagger, str]:
    """The tagger and the version that it codes with; the same object until something changes."""
    kept = _fresh()
    if kept.tagger is None:
        kept.tagger = Tagger(load_codebook(), kept.registry)
    return kept.tagger, kept.version


def forget_kept() -> None:
    """Makes the next call read the database: for tests and for who has just changed the registry."""
    _kept.clear()


def _fresh() -> _Kept:
    now = time.monotonic()
    if _kept and now - _kept[0].read_at < FRESH_S:
        return _kept[0]
    registry = _read_registry()
    version = hashlib.sha256(f"{load_codebook().version} {registry_hash(registry)}".encode()).hexdigest()
    if _kept and _kept[0].version == version:
        _kept[0].read_at = now
    else:
        _kept[:] = [_Kept(registry, version, now)]
    return _kept[0]


def _read_registry() -> Registry:
    return Registry(_read_actors(), _read_places(), _read_situations())


def _read_actors() -> dict[str, RegistryActor]:
    roles: dict[int, list[RegistryRole]] = defaultdict(list)
    aliases: dict[int, list[RegistryAlias]] = defaultdict(list)
    actors = Actor.objects.select_related("parent").prefetch_related("roles__organisation", "aliases")
    for actor in actors:
        for role in sorted(actor.roles.all(), key=lambda role: (str(role.from_on), role.title, role.pk)):
            roles[actor.pk].append(RegistryRole(role.organisation.slug, role.title, role.from_on, role.to_on))
        for alias in sorted(actor.aliases.all(), key=lambda alias: (alias.lang, alias.text)):
            aliases[actor.pk].append(RegistryAlias(alias.text, alias.lang, alias.kind, alias.rule))
    return {
        actor.slug: RegistryActor(
            slug=actor.slug,
            name=actor.name,
            kind=actor.kind,
            sector=actor.sector,
            country=actor.country,
            parent=actor.parent.slug if actor.parent else "",
            roles=tuple(roles[actor.pk]),
            aliases=tuple(aliases[actor.pk]),
        )
        for actor in sorted(actors, key=lambda actor: actor.slug)
    }


def _read_places() -> dict[str, RegistryPlace]:
    return {
        place.slug: RegistryPlace(
            slug=place.slug,
            name=place.name,
            kind=place.kind,
            country=place.country,
            parent=place.parent.slug if place.parent else "",
            latitude=place.latitude,
            longitude=place.longitude,
            precision=place.precision,
            names={lang: tuple(names) for lang, names in sorted(place.names.items())},
        )
        for place in Place.objects.select_related("parent").order_by("slug")
    }


def _read_situations() -> dict[str, RegistrySituation]:
    return {
        row.slug: RegistrySituation(
            slug=row.slug,
            name=row.name,
            summary="",
            core_actors=tuple(sorted(actor.slug for actor in row.core_actors.all())),
            places=tuple(sorted(place.slug for place in row.places.all())),
            terms=tuple(row.terms),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            is_default=row.is_default,
        )
        for row in Situation.objects.prefetch_related("core_actors", "places").order_by("slug")
    }
