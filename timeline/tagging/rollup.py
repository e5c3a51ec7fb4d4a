"""Whom an actor stands for: the state, or the group or organisation that stands for itself. Pure."""

from datetime import date

from timeline.tagging.records import Registry, RegistryRole


def stands_for(registry: Registry, slug: str, day: date) -> str:
    """The slug at the top of an actor's roll-up on a day.

    A person in office stands for what the office belongs to; out of office for nobody but themselves. An
    organisation, force or company rolls up through its parents. States, armed groups without a parent and
    international organisations stand for themselves.
    """
    actor = registry.actors[slug]
    if actor.kind == "person":
        held = roles_on(registry, slug, day)
        return stands_for(registry, held[0].organisation, day) if held else slug
    while actor.parent:
        actor = registry.actors[actor.parent]
    return actor.slug


def roles_on(registry: Registry, slug: str, day: date) -> tuple[RegistryRole, ...]:
    """The roles a person holds on a day; an open end (None) counts as held."""
    return tuple(
        role
        for role in registry.actors[slug].roles
        if (role.from_on is None or role.from_on <= day) and (role.to_on is None or day <= role.to_on)
    )
