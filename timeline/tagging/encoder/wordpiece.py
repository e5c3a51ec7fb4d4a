"""Text into the word pieces that the encoder knows, with their places in the text. Pure.

The uncased WordPiece of BERT (Devlin et al. 2019): lower case without accents, words and single punctuation marks, each
word as the longest pieces of the vocabulary from its beginning.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

LONGEST_WORD = 100  # letters; a longer one is one unknown piece


@dataclass(frozen=True, slots=True)
class Pieces:
    """`ids` with [CLS] and [SEP]; `spans` are begin and end in the text, (-1, -1) for those two."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


class WordPiece:
    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.ids: Mapping[str, int] = {piece: number for number, piece in enumerate(vocabulary)}
        self._unknown, self._first, self._last = (self.ids[name] for name in ("[UNK]", "[CLS]", "[SEP]"))

    def split(self, text: str, most: int) -> Pieces:
        """The pieces of a text, at most `most` of them with both ends."""
        ids, spans = [self._first], [(-1, -1)]
        for word, places in _words(text):
            for id_, begin, end in self._pieces(word):
                ids.append(id_)
                spans.append((places[begin], places[end - 1] + 1))
            if len(ids) >= most:
                break
        return Pieces((*ids[: most - 1], self._last), (*spans[: most - 1], (-1, -1)))

    def _pieces(self, word: str) -> Iterator[tuple[int, int, int]]:
        if len(word) > LONGEST_WORD:
            yield self._unknown, 0, len(word)
            return
        found, begin = [], 0
        while begin < len(word):
            for end in range(len(word), begin, -1):
                id_ = self.ids.get(("##" if begin else "") + word[begin:end])
                if id_ is not None:
                    found.append((id_, begin, end))
                    begin = end
                    break
            else:
                yield self._unknown, 0, len(word)
                return
        yield from found


def _words(text: str) -> Iterator[tuple[str, list[int]]]:
    """Words and punctuation marks in lower case without accents, each letter with its place in the text."""
    word: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in _fold(char):
            if letter == " " or _is_mark(letter):
                if word:
                    yield "".join(word), places
                    word, places = [], []
                if letter != " ":
                    yield letter, [place]
            else:
                word.append(letter)
                places.append(place)
    if word:
        yield "".join(word), places


@cache
def _fold(char: str) -> str:
    """The letter as the vocabulary has it; a blank for white space, nothing for marks that are left out."""
    if char.isspace():
        return " "
    if char == "\ufffd" or unicodedata.category(char).startswith("C"):
        return ""
    return "".join(c for c in unicodedata.normalize("NFD", char.lower()) if unicodedata.category(c) != "Mn")


@cache
def _is_mark(char: str) -> bool:
    is_ascii_mark = char.isascii() and not char.isalnum() and char.isprintable()
    is_ideograph = 0x4E00 <= ord(char) <= 0x9FFF or 0x3400 <= ord(char) <= 0x4DBF or 0xF900 <= ord(char) <= 0xFAFF
    return is_ascii_mark or is_ideograph or unicodedata.category(char).startswith("P")
