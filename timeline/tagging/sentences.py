"""Cuts a document into sentences by rule, and finds where its body ends and a sidebar of other headlines begins.

The title is sentence 0. A newline always ends a sentence. A full stop ends one unless an abbreviation, an initial or
what follows says otherwise. Sidebars are known by their shape (a label, then short lines without full stops, many
with a bullet or a clock time) and not by any site's wording alone.
"""

import re
from collections.abc import Iterator

from timeline.tagging.records import Document, Sentence
from timeline.tagging.wordlists import load_wordlist, word_set

_STOP = re.compile(r"([.!?؟۔…]{1,4})((?:[\u00a0\u202f ]»|[\"'”’»)\]]){0,3})(?=\s|$)")
_FIRST_WORD = re.compile(r"\w{0,24}")
_DOTTED = re.compile(r"(?:[^\W\d_]\.){1,4}[^\W\d_]?\Z")
_OPENING = " \t\u00a0\"'“‘«([„-–—•"
_AROUND = "\"'“”‘’«»()[]„-–—/"
_WORDS = load_wordlist("sentences")
_NEVER_ENDS, _MAY_END = word_set(_WORDS["never_end"]), word_set(_WORDS["may_end"])
_STARTERS, _ABBREVIATED_MONTHS = word_set(_WORDS["starters"]), word_set(_WORDS["months"])
_LABEL = re.compile(rf"(?:{'|'.join(_WORDS['sidebar_labels'])})\s{{0,3}}[:：…]{{0,3}}\s{{0,3}}\Z", re.IGNORECASE)
_BULLET = re.compile(r"\s{0,8}[-–—•*·►▪●■>]{1,2}\s{1,4}(?=\S)")
_CLOCK = re.compile(
    r"\s{0,8}(?:[-–—•*·►▪●■>|]{1,2}\s{0,4})?\d{1,2}[:h]\d{2}(?:\s{0,2}[ap]\.?m\.?)?\s{0,3}[-–—|:]?\s{1,4}(?=\S)"
)
_SENTENCE_END = re.compile(r"[.!?؟۔…][\"'”’»)\]]{0,3}\s{0,3}\Z")
LABEL_WORDS, HEADLINE_CHARACTERS, TIMED_LINES = 6, 200, 3


class SentenceFinder:
    def find(self, document: Document) -> tuple[Sentence, ...]:
        """Every sentence in reading order, the sidebar's lines among them; see `find_boilerplate`."""
        spans: list[tuple[int, int]] = []
        body_begin = 0
        if document.title_end:
            spans += _trimmed(document.text, 0, document.title_end)
            body_begin = document.title_end
        for begin, end in _lines(document.text, body_begin):
            for first, last in _cuts(document.text, begin, end):
                spans += _trimmed(document.text, first, last)
        return tuple(Sentence(number, begin, end) for number, (begin, end) in enumerate(spans))

    def find_boilerplate(self, document: Document) -> int:
        """Offset where the article's body ends and a closing list of other headlines begins; the length when none."""
        text = document.text
        lines = [(b, e) for b, e in _lines(text, document.title_end) if text[b:e].strip()]
        first = len(lines)
        while first and _is_headline(text[lines[first - 1][0] : lines[first - 1][1]]):
            first -= 1
        tail = [text[begin:end] for begin, end in lines[first:]]
        is_timed = [bool(_CLOCK.match(line)) for line in tail]
        timed = sum(is_timed)
        for index, line in enumerate(tail):
            is_list = is_timed[index] and timed >= TIMED_LINES and timed * 3 >= (len(tail) - index) * 2
            if is_list or _is_label(line):
                return lines[first + index][0]
            timed -= is_timed[index]
        return len(text)

    def find_headlines(self, document: Document) -> tuple[Sentence, ...]:
        """The sidebar's headlines, without bullet and clock time, each to be judged as a headline of its own."""
        found: list[Sentence] = []
        for begin, end in _lines(document.text, self.find_boilerplate(document)):
            line = document.text[begin:end]
            lead = _CLOCK.match(line) or _BULLET.match(line)
            if not line.strip() or (not lead and _is_label(line)):
                continue
            for first, last in _trimmed(document.text, begin + (lead.end() if lead else 0), end):
                found.append(Sentence(len(found), first, last))
        return tuple(found)


def _lines(text: str, begin: int) -> Iterator[tuple[int, int]]:
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        if end > begin:
            yield begin, end
        begin = end + 1


def _cuts(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _STOP.finditer(text, begin, end):
        if _ends_sentence(text, match, end):
            yield begin, match.end()
            begin = match.end()
    yield begin, end


def _ends_sentence(text: str, stop: re.Match[str], line_end: int) -> bool:
    following = text[stop.end() : min(stop.end() + 24, line_end)].lstrip(_OPENING)
    if not following:
        return True
    if following[0].islower() or following[0] in ".…":
        return False
    if stop.group(1) != "." or stop.group(2):
        return True
    before = text[max(0, stop.start() - 24) : stop.start()]
    word = before.split()[-1].lower().strip(_AROUND) if before[-1:].strip() else ""
    next_word = _FIRST_WORD.match(following).group().lower()  # type: ignore[union-attr]  # matches the empty word
    if word in _NEVER_ENDS:
        return False
    if word in _ABBREVIATED_MONTHS and following[0].isdigit():
        return False
    if _DOTTED.match(word + ".") or word in _MAY_END:
        return next_word in _STARTERS and not (len(word) == 1 and word != "i")
    return True


def _trimmed(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return [(begin, end)] if begin < end else []


def _is_headline(line: str) -> bool:
    """Short, and without the full stop of prose (or with the clock time or bullet of a list)."""
    stripped = line.strip()
    if len(stripped) > HEADLINE_CHARACTERS:
        return False
    return bool(
        _CLOCK.match(line) or _BULLET.match(line) or not _SENTENCE_END.search(stripped[-8:]) or "?" in stripped[-3:]
    )


def _is_label(line: str) -> bool:
    stripped = line.strip()
    return len(stripped.split()) <= LABEL_WORDS and bool(_LABEL.match(stripped[:80]))
