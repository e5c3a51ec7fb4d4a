"""Place mentions: the registry's by longest match on word boundaries, beside them the gazetteer's. Pure.

Events happen at places of the registry alone; what only the gazetteer knows is shown, and has coordinates.
"""

import re
from collections.abc import Sequence
from functools import cached_property

import ahocorasick_rs

from timeline.tagging.gazetteer import ADJECTIVE, GazetteerFinder, load_gazetteer
from timeline.tagging.records import ActorMention, Document, PlaceMention, Registry, Sentence
from timeline.tagging.surface import fold, fold_document
from timeline.tagging.surroundings import load_words
from timeline.tagging.wordlists import load_wordlist

_LAST_WORD = re.compile(r"([^\W\d_]+)\W*\Z")
_WORD = re.compile(r"\w")
WIDE = {"country", "capital", "city"}
_NO_PLACE = ""  # what a name of not_actors.yaml stands for: it hides the place in it


class PlaceFinder:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._places: dict[str, str] = {}
        self._lowered: set[str] = set()
        for place in registry.places.values():
            for name in (place.name, *(n for names in place.names.values() for n in names)):
                self._places.setdefault(fold(name), place.slug)
                if not any(character.isupper() for character in name):
                    self._lowered.add(fold(name))
        for names in load_wordlist("not_actors").values():
            for name in names:
                self._places.setdefault(fold(name), _NO_PLACE)
        self._names = sorted(self._places)
        self._matcher = ahocorasick_rs.AhoCorasick(self._names)

    def find(
        self, document: Document, sentences: Sequence[Sentence], actors: Sequence[ActorMention]
    ) -> tuple[PlaceMention, ...]:
        """A country, capital or city that is an actor too is a place only where something is, moves or happens.

        A name that its list writes with a capital needs one: "in chad" and "in male dress" name no place.
        """
        surface = fold_document(document.text)
        taken = {(m.begin, m.end) for m in actors if m.rule != "government"}
        found: list[PlaceMention] = []
        last = -1
        hits = self._matcher.find_matches_as_indexes(surface.text, overlapping=True)
        for index, begin, end in sorted(hits, key=lambda hit: (hit[1], hit[1] - hit[2])):
            whole = not (_WORD.match(surface.text[begin - 1 : begin]) or _WORD.match(surface.text[end : end + 1]))
            if begin < last or not whole:
                continue
            first, final = surface.begin(begin), surface.end(end)
            name = self._names[index]
            slug = self._places[name]
            if name not in self._lowered and not any(c.isupper() for c in document.text[first:final]):
                continue
            last = end  # what stands inside a longer name is not that name's own: "Congo" in "Republic of the Congo"
            if slug == _NO_PLACE:
                continue
            is_wide = self.registry.places[slug].kind in WIDE
            if (is_wide or (first, final) in taken) and not _tells_where(document.text[max(0, first - 40) : first]):
                continue
            found.append(self._mention(document, first, final, slug))
        return tuple(found)

    def find_more(
        self, document: Document, known: Sequence[PlaceMention], actors: Sequence[ActorMention]
    ) -> tuple[PlaceMention, ...]:
        """Places that only the gazetteer knows, in English: beside those known, and where no actor is named."""
        if document.lang != "en":
            return ()
        taken = [(m.begin, m.end) for m in known] + [(m.begin, m.end) for m in actors]
        return tuple(
            m
            for m in self._gazetteer.find(document)
            if m.kind != ADJECTIVE and not any(begin < m.end and m.begin < end for begin, end in taken)
        )

    def find_everywhere(self, document: Document) -> tuple[PlaceMention, ...]:
        """All that names a place or a people, actor or not; of what both know, the gazetteer's reading."""
        found = self._gazetteer.find(document) if document.lang == "en" else ()
        more = [
            m for m in self.find(document, (), ()) if not any(one.begin < m.end and m.begin < one.end for one in found)
        ]
        return tuple(sorted((*found, *more), key=lambda m: m.begin))

    @cached_property
    def _gazetteer(self) -> GazetteerFinder:
        """Read when the first English text comes."""
        return GazetteerFinder(load_gazetteer())

    def _mention(self, document: Document, begin: int, end: int, slug: str) -> PlaceMention:
        place = self.registry.places[slug]
        where = (place.latitude, place.longitude, place.kind, None, place.country)
        return PlaceMention(begin, end, document.text[begin:end], slug, *where)


def _tells_where(before: str) -> bool:
    """Whether the last word before a name, an article aside, is one of place or direction ("near", "from")."""
    words = load_words()
    match = _LAST_WORD.search(before.lower().removesuffix("the "))
    return match is not None and match.group(1) in (words.locative | words.directional | words.motion | {"of", "on"})
