"""What figures say, in the language of the page."""

from dataclasses import dataclass


def shown(text: str) -> str:
    """A stored name as Plotly shows it letter by letter: it reads `<` and `&` in labels as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True, slots=True)
class Words:
    """`day_format` is d3's; empty leaves the days to Plotly, which names months in English."""

    classes: tuple[str, str, str, str] = (
        "Verbal cooperation",
        "Material cooperation",
        "Verbal conflict",
        "Material conflict",
    )
    cooperation: str = "cooperation"
    conflict: str = "conflict"
    articles: str = "articles"
    towards: str = "towards"
    together: str = "and"
    not_drawn: str = "neighbours not drawn"
    day_format: str = ""


ENGLISH = Words()
