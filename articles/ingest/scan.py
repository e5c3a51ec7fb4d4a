"""A look at a feed's bytes before a parser gets them. What would keep a parser busy for minutes is refused or cut out,
what makes it give up is repaired. Pure; one pass, whatever the bytes.
"""

import codecs
import re
from dataclasses import dataclass
from html.entities import name2codepoint

MOST_BYTES, MOST_ENTRIES = 5_000_000, 2_000
MOST_TAGS, MOST_DEPTH, MOST_ATTRIBUTES, MOST_REFERENCES = 100_000, 200, 256, 1_000_000
MOST_AUTHOR, LONGEST_WORD, MOST_PEOPLE = 4_096, 256, 4 * MOST_ENTRIES
MOST_JUNK = 100_000  # bytes before the first element: messages of a server that failed half-way

_PROLOG = re.compile(rb"\s*+(<\?xml\b[^<>]{0,500}\?>)?+(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+>|>)(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL | re.IGNORECASE)
_TOKEN = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)([A-Za-z_][^\s/<>]*+)([^<>]*+)>|<", re.DOTALL)
_ROOT = re.compile(rb"<\?xml\b|<(?:[\w.\-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_REFERENCE = re.compile(rb"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));?|&([A-Za-z][A-Za-z0-9]{1,30});")
_WORD = re.compile(rb"[\w.+\-&#;]{%d}" % LONGEST_WORD)
_XML_NAMES = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
_ENTRIES = {b"item", b"entry"}
_PEOPLE = {b"author", b"creator", b"managingeditor", b"webmaster", b"publisher", b"owner", b"contributor", b"name"}
_UNREAD = {b"category", b"subject", b"keywords"}  # feedparser compares each with every other
_NEVER_CLOSED = {b"br", b"hr", b"img", b"input", b"meta", b"wbr"}  # HTML that stands unescaped in careless feeds


class Unreadable(ValueError):
    """No parser is let near these bytes; the message says why in plain words."""


class TooComplex(Unreadable):
    """They would cost too much time or memory."""

    def __init__(self, why: str) -> None:
        super().__init__(f"too complex: {why.removeprefix('too complex: ')}")


@dataclass(frozen=True, slots=True)
class Scanned:
    """`note` is empty, or says what was left out."""

    body: bytes
    note: str = ""


@dataclass(slots=True)
class _Open:
    name: bytes
    local: bytes
    start: int
    end: int


def scan(body: bytes) -> Scanned:
    """The bytes a parser may have, of a body in UTF-8. Raises Unreadable."""
    if len(body) > MOST_BYTES:
        raise TooComplex(f"more than {MOST_BYTES // 1_000_000} MB")
    if body.count(b"&") > MOST_REFERENCES:
        raise TooComplex(f"more than {MOST_REFERENCES:,} references")
    body = _without_prolog(_printable(body))
    return _Scan(_REFERENCE.sub(_sound_reference, body)).run()


class _Scan:
    """Follows the tags, without a word about what they mean."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.open: list[_Open] = []
        self.cuts: list[tuple[int, int]] = []
        self.n_tags = self.n_entries = self.n_people = 0

    def run(self) -> Scanned:
        end = len(self.body)
        for token in _TOKEN.finditer(self.body):
            self._count(token)
            if token[2] is None:
                continue
            local = token[2].rpartition(b":")[2].lower()
            if token[1]:
                self._close(token)
            elif local in _ENTRIES and self.n_entries == MOST_ENTRIES:
                return self._cut_at(token.start(), f"only the first {MOST_ENTRIES:,} entries were read")
            else:
                self.n_entries += local in _ENTRIES
                self._begin(token, local)
        for element in self.open:
            self._forget(element, end, end)
        return Scanned(self._result(end))

    def _count(self, token: re.Match[bytes]) -> None:
        self.n_tags += not token[0].startswith(b"<!")
        if self.n_tags > MOST_TAGS:
            raise TooComplex(f"more than {MOST_TAGS:,} tags")

    def _begin(self, token: re.Match[bytes], local: bytes) -> None:
        rest = token[3]
        if len(rest) > 2 * MOST_ATTRIBUTES and max(rest.count(b"="), len(rest.split())) > MOST_ATTRIBUTES:
            raise TooComplex(f"an element has more than {MOST_ATTRIBUTES} attributes")
        if rest.endswith(b"/") or local in _NEVER_CLOSED:
            self.cuts += [token.span()] if local in _UNREAD else []
            return
        self.n_people += local in _PEOPLE
        self.open.append(_Open(token[2], local, token.start(), token.end()))
        if len(self.open) > MOST_DEPTH:
            raise TooComplex(f"elements stand more than {MOST_DEPTH} deep in one another")

    def _close(self, token: re.Match[bytes]) -> None:
        """Ends the element of this name and those that stand open in it; a name that is not open ends nothing."""
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place].name == token[2]:
                self._forget(self.open[place], token.start(), token.end())
                for element in self.open[place + 1 :]:
                    self._forget(element, token.start(), token.start())
                del self.open[place:]
                return

    def _forget(self, element: _Open, inner_end: int, end: int) -> None:
        """Cuts out what is not read, and names that are no names: e-mail addresses are sought in them at great cost."""
        if element.local in _UNREAD:
            self.cuts.append((element.start, end))
        elif element.local in _PEOPLE:
            text = self.body[element.end : inner_end]
            if len(text) > MOST_AUTHOR or self.n_people > MOST_PEOPLE or _WORD.search(text):
                self.cuts.append((element.end, inner_end))

    def _cut_at(self, position: int, note: str) -> Scanned:
        closing = b"".join(b"</" + element.name + b">" for element in reversed(self.open))
        return Scanned(self._result(position) + closing, note)

    def _result(self, end: int) -> bytes:
        if not self.cuts:
            return self.body[:end]
        pieces, position = [], 0
        for start, stop in sorted(self.cuts):
            pieces.append(self.body[position:start])
            position = max(position, stop)
        return b"".join([*pieces, self.body[position:end]])


def _printable(body: bytes) -> bytes:
    return body.translate(None, _CONTROLS)


def _without_prolog(body: bytes) -> bytes:
    """Declaration and root element, without comments, instructions and document type between them."""
    mark = codecs.BOM_UTF8 if body.startswith(codecs.BOM_UTF8) else b""
    prolog = _PROLOG.match(body, len(mark))
    if prolog is None:
        return body
    start = (_DOCTYPE.match(body, prolog.end()) or prolog).end()
    if not re.compile(rb"<[A-Za-z_]").match(body, start):
        root = _ROOT.search(body, start, start + MOST_JUNK)
        if root is None:
            raise Unreadable("nothing that looks like a feed at its beginning")
        start = root.start()
    return mark + (prolog[1] or b"") + body[start:]


def _sound_reference(found: re.Match[bytes]) -> bytes:
    """What is no character (a surrogate, nothing, beyond Unicode) makes feedparser raise; HTML's names break XML."""
    if found[3]:
        named = name2codepoint.get(found[3].decode()) if found[3] not in _XML_NAMES else None
        return b"&#%d;" % named if named else found[0]
    digits = found[1] or found[2]
    code = int(digits, 16 if found[1] else 10) if len(digits) < 9 else 0x110000
    if code in {9, 10, 13} or 32 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF:
        return found[0]
    return b"" if code < 32 else b"&#xFFFD;"
