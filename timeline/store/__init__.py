"""The only writer of interpretation: readings and events, rulings, the registry."""

from timeline.store.claims import (
    Claim,
    begin_reading,
    claim_unread,
    document_of,
    give_back,
    has_run_out_claims,
    set_aside,
    sweep_readings,
    try_again,
)
from timeline.store.events import renew_memberships
from timeline.store.readings import forget_articles, save_tags
from timeline.store.registry import RegistryCounts, save_registry
from timeline.store.rulings import NewEvent, StaleEvent, add_event, rule_event, set_tags

__all__ = [
    "Claim",
    "NewEvent",
    "RegistryCounts",
    "StaleEvent",
    "add_event",
    "begin_reading",
    "claim_unread",
    "document_of",
    "forget_articles",
    "give_back",
    "has_run_out_claims",
    "renew_memberships",
    "rule_event",
    "save_registry",
    "save_tags",
    "set_aside",
    "set_tags",
    "sweep_readings",
    "try_again",
]
