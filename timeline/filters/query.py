"""Single values out of a query string. What cannot be used is dropped or clamped, and named in `notices`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")
LONGEST_TEXT = 200
_RELATIVE = re.compile(r"now-(\d{1,4})([dwmy])\Z")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter with the query string that takes it away."""

    field: str
    label: str
    value: str
    query: str


class QueryReader:
    """Reads single values, and notes in words what it could not use."""

    def __init__(self, query: QueryDict, today: date) -> None:
        self.query, self.today, self.notices = query, today, list[str]()

    def day(self, name: str) -> date | None:
        text = self.query.get(name, "").strip()
        if not text:
            return None
        relative = _RELATIVE.match(text)
        if text == "now":
            return self.today
        if relative:
            return max(EARLIEST, self.today - timedelta(days=int(relative[1]) * _DAYS[relative[2]]))
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.drop(name, text)
            return None
        kept = min(max(day, EARLIEST), LATEST)
        if kept != day:
            values = {"name": name, "value": text[:40], "kept": kept.isoformat()}
            self.notices.append(_("“%(name)s=%(value)s” was taken as %(kept)s.") % values)
        return kept

    def choice(self, name: str, choices: Iterable[Any], *, upper: bool = False) -> str:
        text = self.query.get(name, "").strip()
        text = text.upper() if upper else text
        if not text or text in choices:
            return text
        self.drop(name, text)
        return ""

    def number(self, name: str, least: int, most: int, default: int) -> int:
        text = self.query.get(name, "").strip()
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            self.drop(name, text)
            return default
        kept = min(max(int(text), least), most)
        if kept != int(text):
            values = {"name": name, "value": text, "kept": kept}
            self.notices.append(_("“%(name)s=%(value)s” was taken as %(kept)s.") % values)
        return kept

    def slug(self, name: str) -> str:
        return self.matching(name, SLUG)

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        text = self.query.get(name, "").strip()
        if not text or pattern.match(text):
            return text
        self.drop(name, text)
        return ""

    def words(self, name: str, longest: int = LONGEST_TEXT) -> str:
        text = self.query.get(name, "").replace("\x00", "").strip()
        if len(text) > longest:
            values = {"name": name, "n": longest}
            self.notices.append(_("“%(name)s” was cut to %(n)s characters.") % values)
        return text[:longest]

    def quads(self) -> tuple[int, ...]:
        found = set()
        for text in self.query.getlist("quad"):
            if text in {"1", "2", "3", "4"}:
                found.add(int(text))
            elif text:
                self.drop("quad", text)
        return tuple(sorted(found)) if len(found) < 4 else ()

    def name_unknown_keys(self, known: set[str]) -> None:
        for name in self.query:
            if name not in known:
                self.notices.append(_("“%s” is not a filter and was ignored.") % name[:40])

    def drop(self, name: str, text: str) -> None:
        """Notes it; the caller goes on without the value."""
        self.notices.append(_("“%(name)s=%(value)s” was ignored.") % {"name": name, "value": text[:40]})
