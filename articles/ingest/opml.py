"""OPML in and out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException, ElementTree

from articles.ingest.plain import clean_lines

MOST_BYTES, MOST_FEEDS = 1_000_000, 1_000


class MalformedOpml(ValueError):
    """The file is no OPML that we take; the message says why."""


@dataclass(frozen=True, slots=True)
class Outline:
    url: str
    title: str = ""
    homepage: str = ""


def parse_opml(body: bytes) -> list[Outline]:
    """Every outline with an xmlUrl, once, in the order of the file. Raises MalformedOpml."""
    if len(body) > MOST_BYTES:
        raise MalformedOpml("larger than 1 MB")
    if not body.strip():
        raise MalformedOpml("it is empty")
    try:
        root = ElementTree.fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise MalformedOpml("a document type (<!DOCTYPE …>), which we do not take") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise MalformedOpml(f"not XML: {error}") from error
    if root.tag.lower() != "opml":
        raise MalformedOpml(f"<{root.tag[:40]}> where <opml> belongs")
    found: dict[str, Outline] = {}
    for element in root.iter():
        url = (element.get("xmlUrl") or "").strip()
        if url and url not in found:
            found[url] = Outline(
                url, (element.get("title") or element.get("text") or "").strip(), element.get("htmlUrl") or ""
            )
    if len(found) > MOST_FEEDS:
        raise MalformedOpml(f"more than {MOST_FEEDS:,} feeds")
    return list(found.values())


def write_opml(title: str, outlines: Iterable[Outline]) -> str:
    lines = [
        f'    <outline type="rss" text={_quoted(o.title or o.url)} xmlUrl={_quoted(o.url)}'
        f" htmlUrl={_quoted(o.homepage)}/>"
        for o in outlines
    ]
    head = f"  <head><title>{escape(_one_line(title))}</title></head>\n  <body>\n"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        + head
        + "\n".join(lines)
        + "\n  </body>\n</opml>\n"
    )


def _quoted(text: str) -> str:
    return quoteattr(_one_line(text))


def _one_line(text: str) -> str:
    """XML holds no control characters, not even as references."""
    return " ".join(clean_lines(text).split())
