"""How much of a text an outlet lets us keep. Pure. What is kept is a beginning of the text: offsets stay right."""

import re

_SENTENCE_END = re.compile(r"(?:[.!?…؟۔][\"”»’')]*(?=\s)|[。！？][”」』)]*)")


def excerpt(text: str, most: int) -> str:
    """The first sentences of `text` that fit into `most` characters, or the first words when not one does."""
    if len(text) <= most:
        return text
    start = text[: most + 1]
    ends = [found.end() for found in _SENTENCE_END.finditer(start) if found.end() <= most]
    if ends:
        return text[: ends[-1]]
    space = max(start.rfind(" "), start.rfind("\n"))
    return text[:space].rstrip() if space > 0 else text[:most]
