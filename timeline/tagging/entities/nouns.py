"""What entities are told by: kinds and forms, the lists of `data/entities.yaml`, a found stretch. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from timeline.tagging.wordlists import load_wordlist, word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc

PERSON, ORGANISATION, PLACE, NATIONALITY = "person", "organisation", "place", "nationality"
NAME, DESCRIPTION, PRONOUN, VALUE = "name", "description", "pronoun", "value"
FROM_SPACY = {
    "PERSON": PERSON,
    "ORG": ORGANISATION,
    "GPE": PLACE,
    "LOC": PLACE,
    "FAC": PLACE,
    "NORP": NATIONALITY,
    "DATE": "date",
    "TIME": "date",
    "MONEY": "money",
    "QUANTITY": "quantity",
    "PERCENT": "quantity",
    "CARDINAL": "quantity",
    "LAW": "document",
    "WORK_OF_ART": "document",
}
ARMS = frozenset({"weapon", "vehicle", "platform"})


@dataclass(frozen=True, slots=True)
class Nouns:
    """noun (or two with a hyphen) → kind, for one and for several; the other lists as the file has them."""

    one: Mapping[str, str]
    several: Mapping[str, str]
    pronouns: Mapping[str, str]
    lists: Mapping[str, frozenset[str]]


@cache
def load_nouns() -> Nouns:
    lists = load_wordlist("entities")
    kinds = {"people": PERSON, "places": PLACE, "weapons": "weapon", "vehicles": "vehicle", "platforms": "platform"}
    kinds |= {"documents": "document", "groups": ORGANISATION}
    one = {word: kind for name, kind in kinds.items() for word in lists[name].split()}
    return Nouns(
        one,
        {word: ORGANISATION if kind == PERSON else kind for word, kind in one.items()},
        {word: kind for kind, words in lists["pronouns"].items() for word in words.split()},
        {name: word_set(words) for name, words in lists.items() if name not in kinds and name != "pronouns"}
        | {"groups": word_set(lists["groups"])},
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a sentence's characters; form and `ref` as `EntityMention` has them.

    `is_sure`: needs no second witness. `is_state`: names a country, or what stands for one.
    """

    begin: int
    end: int
    kind: str
    form: str
    ref: str = ""
    is_sure: bool = True
    is_state: bool = False


def end_of(doc: Doc, last: int) -> int:
    """The offset behind the token before `last`."""
    return int(doc[last - 1].idx + len(doc[last - 1]))
