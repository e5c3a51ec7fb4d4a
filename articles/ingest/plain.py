"""Markup to plain text. Pure, and in time that grows with the text alone (html.parser's squares on hostile text)."""

import html
import re
from collections.abc import Iterator

_BLOCKS = {
    "p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "tr", "td",
    "th", "blockquote", "section", "article", "header", "footer", "figure", "figcaption", "pre",
}  # fmt: skip
_SILENT = {"iframe", "object", "svg", "noscript", "template", "head", "math", "select", "button"}
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[(?P<raw>.*?)(?:\]\]>|\Z)|<[!?][^>]*+(?:>|\Z)"
    r"|<(?P<unread>script|style)\b[^>]*+>.*?(?:</(?P=unread)\s*>|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-z][^\s/>]*+)(?P<rest>(?:=\s*+(?:\"[^\"]*+\"|'[^']*+')|[^>])*+)(?P<end>>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)


def plain_text(markup: str) -> str:
    """The text of a piece of HTML: no tags, entities decoded, one line a paragraph."""
    if "<" not in markup and "&" not in markup:
        return clean_lines(markup)
    return clean_lines(html.unescape("".join(_pieces(markup))))


def clean_lines(text: str) -> str:
    """Without what PostgreSQL cannot store, without empty lines, with single spaces."""
    lines = (" ".join(line.split()) for line in _UNSTORABLE.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """A short text from outside, such as a header's value: without control characters, on one line."""
    return " ".join(_UNSTORABLE.sub("", text.replace("\t", "")).split())


def _pieces(markup: str) -> Iterator[str]:
    position, silent = 0, ""  # the element of which nothing is told, until it ends
    endless: set[str] = set()  # elements that never end: they must not swallow the article behind them
    for token in _TOKEN.finditer(markup):
        if not silent:
            yield markup[position : token.start()]
        position = token.end()
        name = (token["name"] or "").lower()
        if silent:
            silent = "" if token["close"] and name == silent else silent
        elif token["raw"] is not None:
            yield html.escape(token["raw"])
        elif token["end"] == "":  # a tag that does not end is text: "fewer than <ten"
            yield token[0]
        elif name in _SILENT and not token["close"] and not token["rest"].endswith("/") and name not in endless:
            silent = name if _ends(markup, name, position) else ""
            endless |= set() if silent else {name}
        elif name in _BLOCKS:
            yield "\n"
    if not silent:
        yield markup[position:]


def _ends(markup: str, name: str, position: int) -> bool:
    return any(markup.find(f"</{form}", position) >= 0 for form in (name, name.upper(), name.title()))
