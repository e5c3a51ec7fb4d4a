"""Takes what is not the article out of a page's tree: blocks beside it, links to others, captions, banners. Pure."""

import re
from typing import Any

_BESIDE = {"aside", "figcaption", "nav", "form", "button", "select", "dialog", "template", "footer"}
_NAMED = {"div", "section", "ul", "p", "span", "header", "figure"}
_LINKED = {"p", "li", "ul", "ol", "h2", "h3", "h4", "h5", "h6"}
# What builders of pages call these blocks, in class names and identifiers.
_NAMES = re.compile(
    r"(?:^|[\s_-])(related|recirc\w*|recommend\w*|read-?more|more-?(?:from|on|stories)|newsletter\w*|promo\w*|"
    r"fact-?box\w*|info-?box\w*|paywall|comments?|share|social\w*|byline|dateline|timestamp|caption|credit|"
    r"most-?read|popular|trending|sponsor\w*|breadcrumbs?|disclaimer|copyright|also-?read|see-?also)(?:$|[\s_-])",
    re.IGNORECASE,
)
MOST_OF_THE_TEXT = 0.4  # a block with more than this share of the page's paragraphs is no block beside them
LINKS_IN_A_LINE, LINKS_IN_A_LIST, LONGEST_LINK_LINE = 0.75, 0.6, 300


def prune(tree: Any) -> int:
    """Changes lxml's `tree`; returns the letters in the paragraphs that are left."""
    paragraphs = _in_paragraphs(tree)
    letters = _letters(tree)
    for element in [e for e in tree.iter() if isinstance(e.tag, str)]:
        if _is_beside(element) and _is_attached(element, tree):
            is_small = _in_paragraphs(element) <= MOST_OF_THE_TEXT * paragraphs
            if is_small and _letters(element) <= MOST_OF_THE_TEXT * letters:
                element.drop_tree()
    return _in_paragraphs(tree)


def _is_beside(element: Any) -> bool:
    tag = element.tag
    if tag in _BESIDE or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if "display:none" in (element.get("style") or "").replace(" ", ""):
        return True
    if tag in _NAMED and _NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
        return True
    return tag in _LINKED and _is_links(element)


def _is_links(element: Any) -> bool:
    """Whether it is little but links to other pages."""
    letters = _letters(element)
    if not letters:
        return False
    share = sum(_letters(link) for link in element.iter("a")) / letters
    is_list = element.tag in ("ul", "ol")
    return (share > LINKS_IN_A_LINE and letters < LONGEST_LINK_LINE) or (is_list and share > LINKS_IN_A_LIST)


def _is_attached(element: Any, tree: Any) -> bool:
    while element is not None and element is not tree:
        element = element.getparent()
    return element is tree


def _in_paragraphs(element: Any) -> int:
    return sum(_letters(paragraph) for paragraph in element.iter("p"))


def _letters(element: Any) -> int:
    return sum(map(len, (element.text_content() or "").split()))
