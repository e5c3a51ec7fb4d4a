"""The only writer of interpretation: readings and events, rulings, the registry."""

from timeline.store.events import renew_memberships
from timeline.store.keeping import cut_quotes, read_anew
from timeline.store.readings import Claim, claim_unread, forget_articles, save_tags, set_aside, try_again
from timeline.store.registry import RegistryCounts, save_registry
from timeline.store.rulings import NewEvent, StaleEvent, add_event, rule_event, set_tags

__all__ = [
    "Claim",
    "NewEvent",
    "RegistryCounts",
    "StaleEvent",
    "add_event",
    "claim_unread",
    "cut_quotes",
    "forget_articles",
    "read_anew",
    "renew_memberships",
    "rule_event",
    "save_registry",
    "save_tags",
    "set_aside",
    "set_tags",
    "try_again",
]
