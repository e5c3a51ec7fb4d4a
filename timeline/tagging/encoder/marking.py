"""Marks around the words that a question is about: `< word >`, `[ actor ]`, `{ recipient }`. Pure."""

from bisect import bisect_right
from dataclasses import dataclass

Place = tuple[int, int]
MARKS = {"word": ("<", ">"), "actor": ("[", "]"), "recipient": ("{", "}")}
_FREE = str.maketrans("<>[]{}", "()()()")


@dataclass(frozen=True, slots=True)
class Marked:
    """`text` with marks; `cuts` are the places of the plain text before which `widths` characters were put."""

    text: str
    cuts: tuple[int, ...]
    widths: tuple[int, ...]

    def moved(self, place: int, *, is_end: bool = False) -> int:
        """Where a place of the plain text stands now; an end stays before a mark that opens there."""
        last = bisect_right(self.cuts, place - 1 if is_end else place)
        return place + sum(self.widths[:last])

    def back(self, place: int) -> int:
        """Where a place of the marked text stood."""
        added = 0
        for cut, width in zip(self.cuts, self.widths, strict=True):
            if cut + added + width > place:
                break
            added += width
        return place - added


def mark(text: str, *, word: Place | None = None, actor: Place | None = None, recipient: Place | None = None) -> Marked:
    """The text with its own brackets made round, and marks around what is named."""
    inserts: list[tuple[int, int, str]] = []
    for name, place in (("word", word), ("actor", actor), ("recipient", recipient)):
        if place is not None:
            before, after = MARKS[name]
            inserts += [(place[0], 1, f"{before} "), (place[1], 0, f" {after}")]
    inserts.sort(key=lambda insert: (insert[0], insert[1]))
    text = text.translate(_FREE)
    parts, at = [], 0
    for where, _, what in inserts:
        parts += [text[at:where], what]
        at = where
    return Marked("".join([*parts, text[at:]]), tuple(i[0] for i in inserts), tuple(len(i[2]) for i in inserts))
