"""Bytes in whatever charset → UTF-8, so that everything after this reads one alphabet. Pure.

A byte order mark is believed first, then bytes that are sound UTF-8, then what the server says, then what the document
says (RFC 7303); a server that says no more than the usual default knows less than the document. What nobody declared,
or was declared wrongly, is told by the language of the feed or by letter statistics. Labels mean what browsers take
them for (WHATWG Encoding): "iso-8859-1" is Windows-1252. Source of the byte patterns: XML 1.0, appendix F.
"""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_WIDE = re.compile(
    rb"(?P<utf_32_le>[<{\[\s]\0\0\0)|(?P<utf_32_be>\0\0\0[<{\[\s])|(?P<utf_16_le>[<{\[\s]\0[^\0]\0)"
    rb"|(?P<utf_16_be>\0[<{\[\s]\0[^\0])|(?P<cp037>\x4c\x6f\xa7\x94)"
)
_DECLARED = re.compile(rb"\s*<\?xml\b[^<>]{0,400}?\sencoding\s*=\s*[\"']\s*([A-Za-z0-9._:\-]{1,40})\s*[\"']")
_DECLARATION = re.compile(r"(<\?xml\b[^<>]{0,400}?)\sencoding\s*=\s*[\"'][^\"'<>]{0,60}[\"']")
_CHARSET = re.compile(r"(?i)\bcharset\s*=\s*[\"'\s]*([A-Za-z0-9._:\-]{1,40})")
_LANGUAGE = re.compile(rb"<(?:dc:)?language>\s*([a-z]{2})\b|\bxml:lang\s*=\s*[\"']([a-z]{2})\b", re.IGNORECASE)
# What a label stands for, by Python's name of it; only names that are listed here are charsets of ours.
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_KNOWN = {
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "gb18030", "big5hkscs", "cp932",
    "cp949", "cp874", "cp866", "euc_jp", "hz", "iso2022_jp", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "ptcp154",
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    "cp037", "cp500", "cp1140", "cp424", "cp1026",
}  # fmt: skip
_SEVEN_BIT = {"hz", "iso2022_jp"}
_ALIASES = {"x-sjis": "cp932", "windows-31j": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "unicode": "utf-16"}
_USUAL = {
    "ar": "cp1256", "fa": "cp1256", "ur": "cp1256", "he": "cp1255", "ru": "cp1251", "uk": "cp1251", "bg": "cp1251",
    "el": "cp1253", "tr": "cp1254", "th": "cp874", "zh": "gb18030", "ja": "cp932", "ko": "cp949", "pl": "cp1250",
    "cs": "cp1250", "hu": "cp1250", "hr": "cp1250", "sk": "cp1250", "vi": "cp1258",
}  # fmt: skip
_GUESSED = sorted({*_USUAL.values(), "cp1252", "koi8_r", "euc_jp", "big5"})
SAMPLE, ENOUGH_GOOD, FEW = 20_000, 3, 12


@dataclass(frozen=True, slots=True)
class Utf8:
    """`body` has no mark and no declaration that says otherwise; `note` says what had to be guessed."""

    body: bytes
    charset: str
    note: str = ""


def as_utf8(body: bytes, content_type: str = "") -> Utf8:
    """Never raises: bytes that no charset explains become U+FFFD, and the note says so."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], charset)
    wide = _WIDE.match(body)
    if wide and wide.lastgroup:
        return _decoded_wide(body, wide.lastgroup.replace("_", "-"))
    by_document, by_server = _named(_in_document(body)), _named(_in_header(content_type))
    for charset in _SEVEN_BIT & {by_document, by_server}:
        if body.isascii() and _fits(body, charset):
            return _decoded(body, charset)
    if _is_utf8(body) and not _is_too_short_to_tell(body, by_server or by_document):
        return Utf8(_undeclared(body), "utf-8")
    named = [by_server, by_document]
    if by_server == "cp1252":
        named = [by_document or _usual(body), by_server]
    for fits, charsets in ((_nearly_fits, ["utf-8"]), (_fits, named), (_nearly_fits, named)):
        for charset in filter(None, charsets):
            if fits(body, charset):
                return _decoded(body, charset)
    charset = _guess(body)
    return _decoded(body, charset, f"its charset was not declared or is wrong: read as {charset}")


def _in_header(content_type: str) -> str:
    found = _CHARSET.search(content_type)
    return found[1] if found else ""


def _in_document(body: bytes) -> str:
    found = _DECLARED.match(body)
    return found[1].decode("ascii") if found else ""


def _named(label: str) -> str:
    """Python's name of the charset that a label stands for, "" for none or an unknown one."""
    try:
        name = _ALIASES.get(label.lower()) or codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if name in _KNOWN and not name.startswith(("utf-16", "utf-32")) else ""  # those have marks or zeros


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_too_short_to_tell(body: bytes, declared: str) -> bool:
    """A handful of letters of a Chinese charset can be sound UTF-8 by chance."""
    is_other = declared in {"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp"}
    return is_other and len(body.translate(None, bytes(range(128)))) < FEW and _fits(body, declared)


def _fits(body: bytes, charset: str) -> bool:
    try:
        return not re.search("[\x80-\x9f]", body.decode(charset))  # control characters are nobody's letters
    except (UnicodeError, ValueError):
        return False


def _nearly_fits(body: bytes, charset: str) -> bool:
    """A letter cut in half here and there does not speak against a charset."""
    text = body.decode(charset, "replace")
    n_bad = text.count("\ufffd") + len(re.findall("[\x80-\x9f]", text))
    return len(text) - len(text.encode("ascii", "ignore")) - n_bad > ENOUGH_GOOD * n_bad


def _usual(body: bytes) -> str:
    """What is usual for the language that the feed says it is in, "" when it says none."""
    language = _LANGUAGE.search(body[:SAMPLE])
    return _USUAL.get((language[1] or language[2]).decode().lower(), "") if language else ""


def _guess(body: bytes) -> str:
    usual = _usual(body)
    if usual and _fits(body, usual):
        return usual
    telling = b"\n".join(line[:2_000] for line in body.split(b"\n") if not line.isascii())[:SAMPLE]
    if len(telling.translate(None, bytes(range(128)))) < FEW:
        return "cp1252"
    best = from_bytes(telling, cp_isolation=_GUESSED, steps=5, chunk_size=512).best()
    return best.encoding if best else "cp1252"


def _decoded(body: bytes, charset: str, note: str = "") -> Utf8:
    text = body.decode(charset, "replace")
    n_bad = text.count("\ufffd")
    if n_bad and not note:
        note = f"{n_bad} of its characters are broken {charset}"
    return Utf8(_DECLARATION.sub(r"\1", text, count=1).encode("utf-8", "replace"), charset, note)


def _decoded_wide(body: bytes, charset: str) -> Utf8:
    """EBCDIC is many; which of them, the declaration says in letters that all of them share."""
    if charset == "cp037":
        named = _named(_in_document(body[:500].decode("cp037").encode("ascii", "replace")))
        charset = named if named and named[:2] == "cp" else charset
    return _decoded(body, charset)


def _undeclared(body: bytes) -> bytes:
    """`body`, with no word of the charset in its declaration."""
    found = _DECLARATION.match(body[:1_000].decode("utf-8", "replace").lstrip())
    if found is None:
        return body
    skipped = len(body) - len(body.lstrip())
    return body[:skipped] + found[1].encode() + body[skipped + len(found[0].encode()) :]
