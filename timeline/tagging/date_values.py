"""Calendar arithmetic on TIMEX3 values: what days a value means, and values relative to a day. Pure.

Sources: ISO 8601 weeks; the Jalali calendar by the 33-year rule, which agrees with the official calendar of Iran for
the years 1178 to 1633 (1799 to 2254); the Hijri calendar by the tables of Umm al-Qura for 1343 to 1500 (1924 to 2077).
"""

import re
from datetime import MAXYEAR, date, timedelta

from hijridate import Gregorian, Hijri

_JALALI_LEAPS = frozenset((1, 5, 9, 13, 17, 22, 26, 30))
_JALALI_EPOCH = date(2025, 3, 21)  # 1 Farvardin 1404
_JALALI_YEARS = (1178, 1633)
_SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(-WE)?\Z")
_MONTH = re.compile(r"(\d{4})-(\d\d)\Z")
_PART = re.compile(r"(\d{4})-(Q[1-4]|H[12]|SP|SU|FA|WI)\Z")
_YEAR = re.compile(r"\d{4}\Z")
_DURATION = re.compile(r"P[\dXT]")
_DECADE = re.compile(r"\d{3}\Z")
_CENTURY = re.compile(r"\d{2}\Z")


def bounds(value: str) -> tuple[date | None, date | None, str]:
    """First day, last day and precision (day, week, month, year, span) of a TIMEX3 value.

    None, None and "duration", "set" or "reference" for a value that names no days.
    """
    if "/" in value:
        first, last = (bounds(part) for part in value.split("/", 1))
        return (first[0], last[1], "span") if first[0] and last[1] else (None, None, "reference")
    try:
        return _bounds(value)
    except ValueError:
        return None, None, "reference"


def day_value(year: int, month: int, day: int) -> str | None:
    """The value of a calendar day, None when there is no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def week_value(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def shifted(day: date, unit: str, count: int) -> str | None:
    """The value `count` units from a day, as fine as the unit: a day, a week, a month, a quarter, a year, a decade."""
    try:
        return _shifted(day, unit, count)
    except (ValueError, OverflowError):
        return None


def jalali_day(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Jalali one; None when there is none or it lies outside the rule's years."""
    if not (_JALALI_YEARS[0] <= year <= _JALALI_YEARS[1] and 1 <= month <= 12):
        return None
    if not 1 <= day <= _jalali_month_days(year, month):
        return None
    return jalali_new_year(year) + timedelta(days=31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1)


def jalali_new_year(year: int) -> date:
    days = sum(366 if _is_jalali_leap(y) else 365 for y in range(min(year, 1404), max(year, 1404)))
    return _JALALI_EPOCH + timedelta(days=days if year > 1404 else -days)


def jalali_month(year: int, month: int) -> tuple[date, date] | None:
    first = jalali_day(year, month, 1)
    return (first, first + timedelta(days=_jalali_month_days(year, month) - 1)) if first else None


def jalali_year_of(day: date) -> int:
    year = day.year - 621
    return year if day >= jalali_new_year(year) else year - 1


def hijri_day(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Hijri one; None when there is none or it lies outside the tables."""
    try:
        return date(*Hijri(year, month, day).to_gregorian().datetuple())
    except (ValueError, OverflowError):
        return None


def hijri_month(year: int, month: int) -> tuple[date, date] | None:
    first = hijri_day(year, month, 1)
    return (first, first + timedelta(days=Hijri(year, month, 1).month_length() - 1)) if first else None


def hijri_year_of(day: date) -> int:
    """The Hijri year of a day; outside the tables a year that no table has."""
    try:
        return Gregorian.fromdate(day).to_hijri().year
    except (ValueError, OverflowError):
        return 0


def _bounds(value: str) -> tuple[date | None, date | None, str]:
    if match := _DAY.match(value):
        day = date(*(int(part) for part in match.groups()))
        return day, day, "day"
    if match := _WEEK.match(value):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        if match[3]:
            return monday + timedelta(days=5), monday + timedelta(days=6), "span"
        return monday, monday + timedelta(days=6), "week"
    if match := _MONTH.match(value):
        return *_months(int(match[1]), int(match[2]), 1), "month"
    if match := _PART.match(value):
        return *_part(int(match[1]), match[2]), "span"
    if _YEAR.match(value):
        return date(int(value), 1, 1), date(int(value), 12, 31), "year"
    if _DECADE.match(value):
        return date(int(value) * 10, 1, 1), date(int(value) * 10 + 9, 12, 31), "span"
    if _CENTURY.match(value) and value != "00":
        return date(int(value) * 100, 1, 1), date(int(value) * 100 + 99, 12, 31), "span"
    return None, None, "duration" if _DURATION.match(value) else "reference"


def _part(year: int, part: str) -> tuple[date, date]:
    if part[0] == "Q":
        return _months(year, int(part[1]) * 3 - 2, 3)
    if part[0] == "H":
        return _months(year, int(part[1]) * 6 - 5, 6)
    return _months(year, _SEASON_MONTHS[part], 3)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    behind = year * 12 + month - 1 + count
    return date(year, month, 1), date(behind // 12, behind % 12 + 1, 1) - timedelta(days=1)


def _shifted(day: date, unit: str, count: int) -> str | None:
    if unit == "D":
        return (day + timedelta(days=count)).isoformat()
    if unit in ("W", "WE"):
        return week_value(day + timedelta(weeks=count)) + ("-WE" if unit == "WE" else "")
    if unit in ("M", "Q"):
        size = 1 if unit == "M" else 3
        at = (day.year * 12 + day.month - 1) // size + count
        year, part = divmod(at, 12 // size)
        return _in_years(year, f"{year:04d}-{part + 1:02d}" if unit == "M" else f"{year:04d}-Q{part + 1}")
    if unit == "Y":
        return _in_years(day.year + count, f"{day.year + count:04d}")
    if unit == "E":
        return _in_years(day.year + count * 10, f"{day.year // 10 + count:03d}")
    if unit == "C":
        return _in_years(day.year + count * 100, f"{day.year // 100 + count:02d}")
    return day.isoformat() if unit.startswith("T") else None


def _in_years(year: int, value: str) -> str | None:
    return value if 1 <= year <= MAXYEAR else None


def _is_jalali_leap(year: int) -> bool:
    return year % 33 in _JALALI_LEAPS


def _jalali_month_days(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or _is_jalali_leap(year) else 29
