"""What an expression of time means: one reading a pattern of `date_patterns.py`, each giving a TIMEX3 value. Pure.

A reading gets the expression's words as (class, value) pairs and what surrounds it, and returns a value, or None when
the words turn out not to name a time. "A/B" is a span from A to B.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from timeline.tagging.date_values import (
    bounds,
    day_value,
    hijri_day,
    hijri_month,
    hijri_year_of,
    jalali_day,
    jalali_month,
    jalali_year_of,
    shifted,
    week_value,
)

Word = tuple[str, Any]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_AHEAD = 90  # a day of another calendar without a year: further ahead than this the one before is meant
PAST_DAYS, PAST_MONTHS = 250, 8  # "said … in January" in October: further back than this the coming one is meant


@dataclass(frozen=True, slots=True)
class Context:
    """`published_on`; `direction` −1 past, +1 future, 0 unknown; `before` the preposition or word in front, folded;
    `anchor` the day last named before, or the publication day; `sentence_day` the day its sentence named before;
    `quarter` the quarter last named ("2025-Q3"), which "a year earlier" and "the quarter" refer back to; `month` the
    month last named ("2025-03"); `after` the word behind, folded."""

    published_on: date
    direction: int
    before: str
    anchor: date
    lang: str = "en"
    sentence_day: date | None = None
    quarter: str = ""
    month: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What another calendar than ours knows of its days."""

    day: Callable[[int, int, int], date | None]
    month: Callable[[int, int], tuple[date, date] | None]
    year_of: Callable[[date], int]


CALENDARS = {
    "j": _Calendar(jalali_day, jalali_month, jalali_year_of),
    "Z": _Calendar(hijri_day, hijri_month, hijri_year_of),
}
Reading = Callable[[Sequence[Word], Context], str | None]


def _values(words: Sequence[Word], classes: str) -> list[Any]:
    return [value for letter, value in words if letter in classes]


def _units(words: Sequence[Word]) -> list[str]:
    """Units as D, W, M …; the plural's mark is left out."""
    return [str(value).lstrip("+") for value in _values(words, "UChQB")]


def _sign(words: Sequence[Word]) -> int:
    """−1 for last, +1 for next, 0 for this, by the first such word."""
    for letter, _ in words:
        if letter in "ltn":
            return {"l": -1, "t": 0, "n": 1}[letter]
    return 0


def _count(words: Sequence[Word]) -> int | None:
    """The number that the words say; None when it is vague."""
    total, is_known = 0, False
    for letter, value in words:
        if letter in "xA" and letter == "x":
            return None
        if letter in "NG":
            total, is_known = (total + int(value)) if not (is_known and total < 20) else int(value), True
        elif letter == "c":
            return 2
    return total if is_known else 1


def _near_year(ctx: Context, month: int, day: int) -> int:
    """The year that puts a day without one where the tense wants it, else nearest to the publication."""
    base = ctx.published_on
    candidates: list[date] = []
    for year in (base.year - 1, base.year, base.year + 1):
        value = day_value(year, month, day)
        if value:
            candidates.append(date.fromisoformat(value))
    if not candidates:
        return base.year
    if ctx.direction > 0 or ctx.before in ("by", "until"):
        later = [c for c in candidates if c >= base]
        if later and (later[0] - base).days < 330:
            return later[0].year
    else:
        earlier = [c for c in candidates if c <= base]
        if earlier and (ctx.before in ("since", "ended") or (base - earlier[-1]).days < PAST_DAYS):
            return earlier[-1].year
    return min(candidates, key=lambda c: abs((c - base).days)).year


def _day_of(letter: str, year: int | None, month: int, day: int, ctx: Context) -> str | None:
    if letter in CALENDARS:
        calendar = CALENDARS[letter]
        named = calendar.day(year or calendar.year_of(ctx.published_on), month, day)
        is_far = named is None or (named - ctx.published_on).days > DAYS_AHEAD
        if year is None and is_far and ctx.direction <= 0:
            named = calendar.day(calendar.year_of(ctx.published_on) - 1, month, day)
        return named.isoformat() if named else None
    return day_value(year or _near_year(ctx, month, day), month, day)


def _months(words: Sequence[Word]) -> list[Word]:
    months: list[Word] = []
    for index, word in enumerate(words):
        if word[0] in "MjZ" and not (index and words[index - 1][0] == "/"):
            months.append(word)
    return months


def read_day(words: Sequence[Word], ctx: Context) -> str | None:
    (letter, month), *_ = _months(words)
    numbers, years = _values(words, "NO"), _values(words, "Y")
    ctx = replace(ctx, direction=-1) if _has(words, "l") else ctx
    if not 1 <= numbers[0] <= 31 or (ctx.before == "in" and not years and ctx.lang == "en"):
        return None
    year = int(years[0]) if years else _year_of(words, ctx) if letter == "M" else None
    return _day_of(letter, year, month, int(numbers[0]), ctx)


def read_iso(words: Sequence[Word], ctx: Context) -> str | None:
    value = str(words[0][1])
    return value if bounds(value)[0] else None


def read_slashed(words: Sequence[Word], ctx: Context) -> str | None:
    """13/6/2025 and 6/13/2025; what could be either is read with the month first in English, else the day."""
    first, second, year = words[0][1]
    year += 0 if year >= 100 else 2000 if year <= 50 else 1900
    if year < 1500 and ctx.lang == "fa":
        jalali = jalali_day(year, second, first)
        return jalali.isoformat() if jalali else None
    if first > 12 or (ctx.lang != "en" and second <= 12):
        first, second = second, first
    return day_value(year, first, second)


def read_range(words: Sequence[Word], ctx: Context) -> str | None:
    months, numbers, years = _months(words), _values(words, "NO"), _values(words, "Y")
    if len(numbers) < 2 or not months:
        return None
    year = int(years[-1]) if years else None
    first = _day_of(months[0][0], year, months[0][1], int(numbers[0]), ctx)
    if first and year is None and months[-1][0] == "M":
        year = int(first[:4]) + (months[-1][1] < months[0][1])
    last = _day_of(months[-1][0], year, months[-1][1], int(numbers[1]), ctx)
    return f"{first}/{last}" if first and last and first < last else None


def read_month_year(words: Sequence[Word], ctx: Context) -> str | None:
    (letter, month), *_ = _months(words)
    year = int(_values(words, "Y")[0])
    if letter in CALENDARS:
        span = CALENDARS[letter].month(year, month)
        return f"{span[0].isoformat()}/{span[1].isoformat()}" if span else None
    return f"{year:04d}-{month:02d}"


def read_range_months(words: Sequence[Word], ctx: Context) -> str | None:
    months, years = _months(words), _values(words, "Y")
    if any(letter in CALENDARS for letter, _ in months) or not years:
        return None
    year = int(years[0])
    return f"{year:04d}-{months[0][1]:02d}/{year:04d}-{months[1][1]:02d}" if months[0][1] < months[1][1] else None


def read_range_years(words: Sequence[Word], ctx: Context) -> str | None:
    years = _values(words, "Y")
    first = int(years[0])
    last = int(years[1]) if len(years) > 1 else first // 100 * 100 + int(_values(words, "N")[0])
    return f"{first:04d}/{last:04d}" if first < last <= first + 200 else None


def read_month(words: Sequence[Word], ctx: Context) -> str | None:
    (letter, month), *_ = _months(words)
    if letter in CALENDARS:
        return _read_other_month(CALENDARS[letter], month, ctx)
    base, sign = ctx.published_on, _sign(words)
    has_sign = bool(_values(words, "ltn")) or any(w[0] in "ltn" for w in words)
    year = base.year
    if has_sign and sign < 0:
        year -= month >= base.month
    elif has_sign and sign > 0:
        year += month <= base.month
    elif not has_sign and (ctx.direction > 0 or ctx.before in ("by", "until", "till")):
        year += month < base.month
    elif not has_sign:
        back = (base.month - month) % 12
        year -= month > base.month
        year += back > PAST_MONTHS and ctx.direction == 0 and ctx.before not in ("since", "ended")
    return f"{year:04d}-{month:02d}"


def _read_other_month(calendar: _Calendar, month: int, ctx: Context) -> str | None:
    year = calendar.year_of(ctx.published_on)
    span = calendar.month(year, month)
    if span and span[0] > ctx.published_on and ctx.direction <= 0:
        span = calendar.month(year - 1, month)
    return f"{span[0].isoformat()}/{span[1].isoformat()}" if span else None


def _year_of(words: Sequence[Word], ctx: Context) -> int | None:
    years = _values(words, "Y")
    if years:
        return int(years[0])
    if "Y" in _units(words):
        return ctx.published_on.year + _sign([w for w in words if w[0] in "ltn"][-1:])
    return None


def read_quarter(words: Sequence[Word], ctx: Context) -> str | None:
    ordinals = _values(words, "O")
    number = int(ordinals[0]) if ordinals else 4
    if not 1 <= number <= 4:
        return None
    year = _year_of(words, ctx)
    if year is None:
        year = ctx.published_on.year
        current = (ctx.published_on.month + 2) // 3
        year -= number > current and ctx.direction <= 0
    return f"{year:04d}-Q{number}"


def read_relative_quarter(words: Sequence[Word], ctx: Context) -> str | None:
    if any(str(value).startswith("+") for value in _values(words, "Q")):
        return ("PAST_REF", None, "FUTURE_REF")[_sign(words) + 1]
    return shifted(ctx.published_on, "Q", _sign(words))


def read_the_quarter(words: Sequence[Word], ctx: Context) -> str | None:
    return ctx.quarter or None


def read_half(words: Sequence[Word], ctx: Context) -> str | None:
    ordinals = _values(words, "O")
    number, year = int(ordinals[0]) if ordinals else 2, _year_of(words, ctx)
    return f"{year:04d}-H{number}" if year and number in (1, 2) else None


def read_fiscal(words: Sequence[Word], ctx: Context) -> str | None:
    return f"{int(_values(words, 'Y')[0]):04d}"


def read_fiscal_relative(words: Sequence[Word], ctx: Context) -> str | None:
    return shifted(ctx.published_on, "Y", _sign(words))


def read_season(words: Sequence[Word], ctx: Context) -> str | None:
    season, years = _values(words, "S")[0], _values(words, "Y")
    year = int(years[0]) if years else ctx.published_on.year
    if not years:
        first = bounds(f"{year:04d}-{season}")[0]
        is_ahead = first is None or (first > ctx.published_on and ctx.direction <= 0 and not _has(words, "tn"))
        year -= is_ahead or (_has(words, "l") and season == _season_of(ctx.published_on))
    return f"{year:04d}-{season}"


def _has(words: Sequence[Word], classes: str) -> bool:
    return any(letter in classes for letter, _ in words)


def _season_of(day: date) -> str:
    return ("WI", "SP", "SU", "FA")[day.month % 12 // 3]


def _weekday_date(number: int, sign: int | None, ctx: Context) -> date:
    """`sign` −1 last, +1 next, 0 this, None by tense."""
    base = ctx.published_on
    back, ahead = (base.weekday() - number) % 7, (number - base.weekday()) % 7
    if sign == -1:
        return base - timedelta(days=back or 7)
    if sign == 1:
        return base + timedelta(days=ahead or 7)
    if sign == 0:
        return base + timedelta(days=number - base.weekday())
    return base + timedelta(days=ahead) if ctx.direction > 0 else base - timedelta(days=back)


def read_weekday(words: Sequence[Word], ctx: Context) -> str | None:
    number = _values(words, "WV")[0]
    signs = [w for w in words if w[0] in "ltn" and (w[1] != "following" or _has(words, "d"))]
    sign = _sign(signs) if signs else None
    day = _weekday_date(int(number), sign, ctx).isoformat()
    parts = _values(words, "P")
    return f"{day}T{parts[0]}" if parts else day


def read_weekday_of_week(words: Sequence[Word], ctx: Context) -> str | None:
    if _units(words)[0] != "W":
        return None
    signs = [w for w in words if w[0] in "ltn"]
    monday = ctx.published_on - timedelta(days=ctx.published_on.weekday())
    return (monday + timedelta(weeks=_sign(signs[-1:]), days=int(_values(words, "W")[0]))).isoformat()


def read_deictic(words: Sequence[Word], ctx: Context) -> str | None:
    day = (ctx.published_on + timedelta(days=int(_values(words, "T")[0]))).isoformat()
    parts, clocks = _values(words, "P"), _values(words, "K")
    return f"{day}T{parts[0]}" if parts else f"{day}T{_clock(words)}" if clocks else day


def read_night(words: Sequence[Word], ctx: Context) -> str | None:
    if _has(words, "W"):
        return f"{_weekday_date(int(_values(words, 'W')[0]), None, ctx).isoformat()}TNI"
    offsets, parts = _values(words, "X"), _values(words, "P")
    back = int(offsets[0]) if offsets else -1
    return f"{(ctx.published_on + timedelta(days=back)).isoformat()}T{parts[0] if parts else 'NI'}"


def read_part_today(words: Sequence[Word], ctx: Context) -> str | None:
    return f"{ctx.published_on.isoformat()}T{_values(words, 'P')[0]}"


def read_weekend(words: Sequence[Word], ctx: Context) -> str | None:
    base, sign = ctx.published_on, _sign(words)
    if not _has(words, "ltn"):
        sign = 0 if ctx.direction > 0 or base.weekday() >= 5 else -1
    elif sign < 0 and base.weekday() >= 5 and ctx.lang == "en":
        sign = -1
    return shifted(base, "WE", sign)


def read_ago(words: Sequence[Word], ctx: Context) -> str | None:
    duals = _values(words, "B")
    if duals:
        return shifted(ctx.published_on, str(duals[0]), -2)
    unit = _units(words)[-1]
    sign, base = (1, ctx.anchor) if _has(words, "f") else (-1, ctx.published_on)
    if _has(words, "e"):
        base = ctx.anchor
    count = _count(words)
    if ctx.quarter and unit == "Y" and count == 1 and sign < 0:
        return f"{int(ctx.quarter[:4]) - 1}{ctx.quarter[4:]}"
    if count is None:
        return "PAST_REF" if base == ctx.published_on and sign < 0 else _period("X", unit)
    return shifted(base, unit, sign * count)


def read_relative_day(words: Sequence[Word], ctx: Context) -> str | None:
    """ "the next day", "the following day": counted from the day last named."""
    unit = _units(words)[0]
    if unit != "D":
        return read_relative_unit(words, ctx)
    return shifted(ctx.anchor, "D", _sign(words)) if ctx.anchor != ctx.published_on else None


def read_relative_unit(words: Sequence[Word], ctx: Context) -> str | None:
    unit, sign = _units(words)[0], _sign(words)
    if _has(words, "g") or (_has(words, "e") and not _has(words, "tln")):
        sign = -1
    if any(str(value).startswith("+") for value in _values(words, "U")):
        return ("PAST_REF", None, "FUTURE_REF")[sign + 1]
    if unit.startswith("T"):
        return None
    if unit == "D":
        return shifted(ctx.anchor, "D", sign) if ctx.anchor != ctx.published_on and ctx.lang != "en" else None
    if unit == "M" and ctx.month and any(value == "following" for value in _values(words, "n")):
        return shifted(date.fromisoformat(f"{ctx.month}-01"), "M", 1)
    is_following = any(value == "following" for value in _values(words, "n"))
    return shifted(ctx.anchor if is_following else ctx.published_on, unit, sign)


def read_end_of_unit(words: Sequence[Word], ctx: Context) -> str | None:
    unit = _units(words)[0]
    return shifted(ctx.published_on, unit, 0) if unit in ("W", "M", "Y", "E", "C") else None


def read_decade(words: Sequence[Word], ctx: Context) -> str | None:
    return str(_values(words, "z")[0])


def read_duration(words: Sequence[Word], ctx: Context) -> str | None:
    duals = _values(words, "B")
    if duals:
        return _period("2", str(duals[0]))
    count = _count(words)
    if "recent" in _values(words, "x"):
        return "PAST_REF"
    unit = _units(words)[0]
    if ctx.before == "," and ctx.after in ("after", "before") and ctx.sentence_day and count and unit in ("D", "W"):
        return shifted(ctx.sentence_day, "D", -count * (7 if unit == "W" else 1))  # "on Friday, two days after …"
    return _period("X" if count is None else str(count), _units(words)[0])


def read_duration_vague(words: Sequence[Word], ctx: Context) -> str | None:
    """A plural unit alone ("for months"); `PLURAL` marks it."""
    unit = str(words[0][1])
    return _period("X", unit[1:]) if unit.startswith("+") else None


def _period(count: str, unit: str) -> str:
    if unit.startswith("T"):
        return f"PT{count}{unit[1]}"
    if unit in ("E", "C"):
        size = 10 if unit == "E" else 100
        return f"P{int(count) * size}Y" if count != "X" else "PXY"
    return f"P{count}{unit}"


def read_every(words: Sequence[Word], ctx: Context) -> str | None:
    if _has(words, "W"):
        return f"XXXX-WXX-{int(_values(words, 'W')[0]) + 1}"
    units = _units(words)
    return _period("1", units[0]) if units else None


def read_set(words: Sequence[Word], ctx: Context) -> str | None:
    return str(words[0][1])


def _clock(words: Sequence[Word]) -> str:
    hour, minute = next(value for letter, value in words if letter == "K") if _has(words, "K") else (None, 0)
    if hour is None:
        hour = int(_values(words, "N")[0])
    half = _values(words, "m")
    if half:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    return f"{hour:02d}:{minute:02d}"


def read_clock(words: Sequence[Word], ctx: Context) -> str | None:
    """A clock time alone belongs to the day that its sentence named before; without one its day is not known."""
    is_marked = _has(words, "m") or ctx.before in ("at", "à", "в") or not _has(words, "KN")
    return f"{ctx.sentence_day.isoformat()}T{_clock(words)}" if is_marked and ctx.sentence_day else None


def read_week_of(words: Sequence[Word], ctx: Context) -> str | None:
    day = read_day(words, replace(ctx, before="")) if _units(words)[0] == "W" else None
    return week_value(date.fromisoformat(day)) if day else None


def read_clock_day(words: Sequence[Word], ctx: Context) -> str | None:
    if _months(words):
        at = next(index for index, word in enumerate(words) if word[0] in "MjZ")
        named = read_day(words[at:], replace(ctx, before=""))
        return f"{named}T{_clock(words[:at])}" if named else None
    rest = [word for word in words if word[0] in "WVTltn"]
    day = read_deictic(rest, ctx) if _has(rest, "T") else read_weekday(rest, ctx)
    return f"{day}T{_clock(words)}"


def read_present(words: Sequence[Word], ctx: Context) -> str | None:
    return "PRESENT_REF"


def read_past(words: Sequence[Word], ctx: Context) -> str | None:
    return "PAST_REF"


def read_year(words: Sequence[Word], ctx: Context) -> str | None:
    year = int(_values(words, "Y")[0])
    if ctx.lang in ("fa", "ar") and 1300 <= year <= 1500:
        calendar = CALENDARS["j" if ctx.lang == "fa" else "Z"]
        first, behind = calendar.day(year, 1, 1), calendar.day(year + 1, 1, 1)
        return f"{first.isoformat()}/{(behind - timedelta(days=1)).isoformat()}" if first and behind else None
    return f"{year:04d}" if 1500 <= year <= 2100 else None


def read_year_quarter(words: Sequence[Word], ctx: Context) -> str | None:
    """ "the 1988 third quarter", "the 1988 period": without an ordinal that of the quarter last named."""
    year, ordinals = int(_values(words, "Y")[0]), _values(words, "O")
    number = str(ordinals[0]) if ordinals else "4" if _has(words, "l") else ctx.quarter[-1:]
    if number and number not in "1234":
        return None
    return f"{year:04d}-Q{number}" if number else f"{year:04d}"


def read_possessive_quarter(words: Sequence[Word], ctx: Context) -> str | None:
    """ "this year's third quarter"."""
    year = _year_of([w for w in words if w[0] in "ltnU"], ctx)
    ordinals = _values(words, "O")
    number = str(ordinals[0]) if ordinals else ctx.quarter[-1:]
    return f"{year:04d}-Q{number}" if year and number and number in "1234" else None


def read_back_period(words: Sequence[Word], ctx: Context) -> str | None:
    """ "the year-earlier quarter", "year-ago": a year before the quarter last named, or before this year."""
    if _units(words)[0] != "Y":
        return None
    ordinals = _values(words, "O")
    if ordinals:
        return f"{ctx.published_on.year - 1:04d}-Q{ordinals[0]}" if 1 <= int(ordinals[0]) <= 4 else None
    return f"{int(ctx.quarter[:4]) - 1}{ctx.quarter[4:]}" if ctx.quarter else f"{ctx.published_on.year - 1:04d}"


def read_latest(words: Sequence[Word], ctx: Context) -> str | None:
    """ "the latest quarter" is the one last named, or the last one that is over."""
    before = shifted(ctx.published_on, "Q", -1) or ""
    return min(ctx.quarter, before) if ctx.quarter else before


def read_year_end(words: Sequence[Word], ctx: Context) -> str | None:
    return f"{ctx.published_on.year:04d}-12-31" if _units(words)[0] == "Y" and _values(words, "E") == ["end"] else None


def read_month_of_year(words: Sequence[Word], ctx: Context) -> str | None:
    """ "July last year"."""
    (letter, month), *_ = _months(words)
    year = _year_of(words, ctx)
    return f"{year:04d}-{month:02d}" if year and letter == "M" else None


def read_century(words: Sequence[Word], ctx: Context) -> str | None:
    return f"{int(_values(words, 'O')[0]) - 1:02d}"


def read_holiday(words: Sequence[Word], ctx: Context) -> str | None:
    month, *rule = str(_values(words, "2")[0]).split("-")
    years = _values(words, "Y")
    year = int(years[0]) if years else _year_of(words, ctx)
    if len(rule) == 1:
        return day_value(year or _near_year(ctx, int(month), int(rule[0])), int(month), int(rule[0]))
    year = year or _near_year(ctx, int(month), 7 * int(rule[1]))
    return day_value(year, int(month), _nth_weekday(year, int(month), rule[0], int(rule[1])))


def _nth_weekday(year: int, month: int, name: str, nth: int) -> int:
    """The day of a month's first, second … weekday."""
    first = date(year, month, 1).weekday()
    return 1 + (WEEKDAYS.index(name) - first) % 7 + 7 * (nth - 1)


def read_same_day(words: Sequence[Word], ctx: Context) -> str | None:
    """ "that night", "the next morning", "the same day": counted from the day last named."""
    base = ctx.sentence_day or ctx.anchor
    parts = _values(words, "P")
    if (not ctx.sentence_day and base == ctx.published_on) or (not parts and _units(words) != ["D"]):
        return None
    day = (base + timedelta(days=_sign(words))).isoformat()
    return f"{day}T{parts[0]}" if parts else day


def read_eve(words: Sequence[Word], ctx: Context) -> str | None:
    """The day before or after the one last named; "la veille" with none named is the day before publication."""
    offset, base = int(_values(words, "8")[0]), ctx.sentence_day or ctx.anchor
    is_named = ctx.sentence_day is not None or base != ctx.published_on
    return shifted(base, "D", offset) if is_named or offset < 0 else None


def read_night_between(words: Sequence[Word], ctx: Context) -> str | None:
    """ "dans la nuit de lundi à mardi": both days."""
    first, last = (_weekday_date(int(number), None, ctx) for number in _values(words, "W"))
    first = first if first <= last else first - timedelta(days=7)
    return f"{first.isoformat()}/{last.isoformat()}" if (last - first).days == 1 else None


def read_the_unit(words: Sequence[Word], ctx: Context) -> str | None:
    """ "the year" of the text; "the year ended June 30" is a length."""
    unit = _units(words)[0]
    if unit != "Y" or ctx.lang != "en":
        return None
    return "P1Y" if ctx.after in ("ended", "ending") else f"{ctx.published_on.year:04d}"


def read_the_past(words: Sequence[Word], ctx: Context) -> str | None:
    return "PAST_REF" if words[-1][1] == "past" else None


def read_future(words: Sequence[Word], ctx: Context) -> str | None:
    return None if ctx.after == "as" else "FUTURE_REF"  # "as soon as"


def read_current(words: Sequence[Word], ctx: Context) -> str | None:
    """ "current" before anything but a unit; "this" alone is no time."""
    return "PRESENT_REF" if words[0][1] == "current" else None


def read_nothing(words: Sequence[Word], ctx: Context) -> str | None:
    return None


READINGS: dict[str, Reading] = {
    "iso": read_iso, "slashed": read_slashed, "clock_day": read_clock_day, "range_between": read_range,
    "range": read_range, "full_day": read_day, "month_day": read_day, "month_year": read_month_year,
    "range_months": read_range_months, "range_years": read_range_years, "quarter": read_quarter,
    "relative_quarter": read_relative_quarter, "the_quarter": read_the_quarter, "half": read_half,
    "fiscal": read_fiscal,
    "fiscal_relative": read_fiscal_relative, "season": read_season, "weekday_of_week": read_weekday_of_week,
    "deictic": read_deictic, "night": read_night, "part_today": read_part_today, "weekday": read_weekday,
    "ago": read_ago, "weekend": read_weekend, "relative_day": read_relative_day, "duration_of": read_duration,
    "relative_unit": read_relative_unit, "end_of_unit": read_end_of_unit, "month": read_month,
    "decade": read_decade, "age": read_nothing, "every": read_every, "set": read_set, "duration": read_duration,
    "duration_vague": read_duration_vague, "clock": read_clock, "present": read_present, "past": read_past,
    "week_of": read_week_of, "year_quarter": read_year_quarter, "possessive_quarter": read_possessive_quarter,
    "back_period": read_back_period, "latest": read_latest, "year_end": read_year_end,
    "month_of_year": read_month_of_year, "century": read_century, "holiday": read_holiday,
    "same_day": read_same_day, "eve": read_eve, "night_between": read_night_between, "the_unit": read_the_unit,
    "future": read_future, "the_past": read_the_past, "current": read_current, "year": read_year,
}  # fmt: skip
