"""Words and small shapes that templates share."""

import re
from datetime import date
from urllib.parse import urlsplit

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from timeline.analytics import NamedDyad
from timeline.filters import EARLIEST, EventFilter
from timeline.models import DatePrecision, Event, Modality, Quad, Ruling
from timeline.rows import DyadRow, EventRow
from timeline.tagging import load_codebook
from timeline.views.bins import TableRow, Window

register = template.Library()


@register.filter
def quad_name(quad: int) -> str:
    return str(Quad(quad).label)


@register.filter
def state_name(state: str) -> str:
    return str(Event.State(state).label)


@register.filter
def modality_name(modality: str) -> str:
    return str(Modality(modality).label)


@register.filter
def phrase(row: EventRow) -> str:
    """How a page says what was done: “attacked” for ASSAULT; without a recipient no “with” is left hanging."""
    words = load_codebook().kinds[row.type].phrase
    return _(words if row.recipients else re.sub(r" (with|to|against|from)$", "", words))


@register.filter
def who_whom_words(row: EventRow) -> str:
    actors = ", ".join(party.name for party in row.actors) or _("unknown")
    recipients = ", ".join(party.name for party in row.recipients) or _("none")
    return f"{_('Actor:')} {actors}; {phrase(row)}; {_('Recipient:')} {recipients}"


@register.filter
def when(row: EventRow) -> str:
    """The day as exactly as it is known."""
    day = row.occurred_on
    if row.date_precision == DatePrecision.YEAR:
        return str(day.year)
    if row.date_precision == DatePrecision.MONTH:
        return date_format(day, "F Y")
    if row.date_precision == DatePrecision.WEEK:
        return _("week of %s") % _digits(day)
    if row.date_precision == DatePrecision.UNKNOWN:
        return _("by %s") % _digits(day)
    return f"{_digits(day)} – {_digits(row.occurred_until)}" if row.occurred_until else _digits(day)


def _digits(day: date) -> str:
    """2025-06-23, isolated: after Arabic letters a reader would else see it turned round."""
    return f"\u2066{day:%Y-%m-%d}\u2069" if get_language_bidi() else f"{day:%Y-%m-%d}"


@register.filter
def percent(share: float) -> str:
    return f"{share:.0%}"


@register.simple_tag
def bin_query(found: EventFilter, row: TableRow) -> str:
    """The query string that opens one bin of the chart."""
    return found.query(from_on=row.first, to_on=row.last, bin="", after="", before="")


@register.simple_tag
def quad_query(found: EventFilter, quad: int) -> str:
    """The query string of one class alone; of all when it stands alone already."""
    return found.query(quad=() if found.quad == (quad,) else (quad,), after="", before="")


@register.simple_tag
def dyad_query(found: EventFilter, row: NamedDyad | DyadRow, window: Window | None) -> str:
    """The query string of the events behind one arrow: the same days (all, without a window), the same direction."""
    days = {"from_on": window.first, "to_on": window.last} if window else {"from_on": EARLIEST}
    role = "together" if row.is_reciprocal else "actor"
    return found.query(actor=row.actor, actor2=row.recipient, role=role, after="", before="", **days)


@register.simple_tag
def bin_words(row: TableRow) -> str:
    """One bin of the chart in words, for the day cursor."""
    days = _digits(row.first) if row.first == row.last else f"{_digits(row.first)} – {_digits(row.last)}"
    events = ngettext("%d event", "%d events", row.n_events) % row.n_events
    by_class = ", ".join(f"{n} {Quad(quad).label.lower()}" for quad, n in enumerate(row.counts, 1) if n)
    articles = ngettext("%d article", "%d articles", row.n_articles) % row.n_articles
    return f"{days}: {events}{f' ({by_class})' if by_class else ''}; {articles}"


@register.filter
def web_link(address: str) -> str:
    """An address that a reader may follow, or nothing: only the web, no scripts and no files."""
    return address if urlsplit(address).scheme in ("http", "https") else ""


@register.simple_tag
def ruling_before(ruling: Ruling, name: str) -> str:
    return said_plainly(ruling.before.get(name))


@register.filter
def said_plainly(value: object) -> str:
    """A stored value as a history shows it: lists joined, nothing as a dash."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value)


@register.simple_tag
def hex(value: bytes | memoryview) -> str:
    return bytes(value).hex()
