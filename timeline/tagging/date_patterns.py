"""Which strings of word classes are expressions of time. The classes are those of `date_words.py`. Pure.

Patterns stand from the most specific to the least: at each word the first that fits wins. All are bounded, so the
time to match is linear in the number of words. The name of a pattern, up to a final digit, is that of its reading in
`date_readings.py`.
"""

import re

_DAY = "[NO]"
_MONTH = r"[MjZ](?:/M)?\.?"
_WEEKDAY = r"(?:(?:W|V(?=[.,MNO]))\.?,?d?)"
_LATER_YEAR = "(?:o?[ltn]U)"
_YEAR = "(?:,|o?U?)Y"
_COUNT = "(?:ac?o?|a?xo?|[NG]?-?N|G|co?)1?"
_PART = "(?:d?Pi?o?d?)?"
_EARLY = "(?:d?E-?o?|[ef](?=[tlnd]))"

PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", "I"),
    ("slashed", "J"),
    ("clock_day", f"(?:Km?|Nm)_?,?i?d?(?:(?:l|n|t)?[WT]|{_MONTH}{_DAY}(?:,?Y)?(?!-?[NG]))"),
    ("night_between", "d?Po?bW&W|d?P[or]?dW[ui]W|d?PoWiW"),
    ("range_between", f"bd?(?:{_MONTH})?{_DAY}&d?(?:{_MONTH}{_DAY}|{_DAY}o?{_MONTH}|{_DAY})(?:{_YEAR})?"),
    ("range_years0", "bY&Y"),
    ("range", f"{_WEEKDAY}?{_MONTH}{_DAY}[-u](?:{_MONTH})?{_DAY}(?:,?Y)?"),
    ("range0", f"{_DAY}(?:o?{_MONTH})?(?:,?Y)?[-u]i?d?{_DAY}o?{_MONTH}(?:{_YEAR})?U?"),
    ("range1", f"{_WEEKDAY}?{_MONTH}{_DAY}&{_DAY}(?=[.,|);iu]|$)"),
    ("week_of", f"d?Uo{_MONTH}{_DAY}(?:,?Y)?"),
    ("full_day", f"{_PART}{_WEEKDAY}?{_MONTH}{_DAY},?Y"),
    ("full_day0", f"{_PART}{_WEEKDAY}?d?{_DAY}o?{_MONTH}{_YEAR}U?"),
    ("month_day", f"{_PART}l?{_WEEKDAY}?{_MONTH}{_DAY}(?!-?[NG]?[/:])"),
    ("month_day0", f"{_PART}[ln]?{_WEEKDAY}?d?{_DAY}o?{_MONTH}(?:{_LATER_YEAR}|[ln](?!U))?"),
    ("month_of_year", f"{_MONTH},?{_LATER_YEAR}"),
    ("holiday", f"[ltn]?2(?:,?o?Y|,?{_LATER_YEAR})?"),
    ("month_year", rf"(?:{_EARLY})?-?{_MONTH}{_YEAR}U?"),
    ("range_months", f"{_MONTH}[-u]{_MONTH},?Y?"),
    ("range_years", "Y[-u][YN]"),
    ("year_quarter", "d?Y(?:[Ol]-?Q|Q|q)"),
    ("possessive_quarter", "[ltn]U'_[Ol]?-?[Qq]"),
    ("back_period", "[da]?U-[ge](?:[Ol]?-?[Qq])?"),
    ("latest", "d?3[Qq]"),
    ("year_end", "U-?E|U'_E"),
    ("century", "d?E?-?O-?C"),
    ("quarter", "d?[ltn]?[Ol]-?Q(?:,?o?d?(?:Y|[ltn]U))?"),
    ("relative_quarter", "d?[ltn]Q"),
    ("the_quarter", "d[L_]?Q(?!-)"),
    ("half", "d?[Ol]-?H(?:o?d?(?:Y|[ltn]U))"),
    ("fiscal", "FU?Y"),
    ("fiscal_relative", "[ltn]FU"),
    ("season", rf"(?:{_EARLY})?-?[ltn]S|(?:{_EARLY})?-?d?'?So?U?Y|d'?S[ltn]?|S[ltn]"),
    ("weekday_of_week", "[ltn]?W,?o?d?[ltn]U|d?[ltn]U'?s?o?W"),
    ("deictic", "(?:d?E?-?Po?)?E?T(?:P|(?:,?i?Km?))?"),
    ("night", "X(?:iW)?|lP|Pl"),
    ("part_today", "(?:[ef])?tP"),
    ("weekday", r"d?[ltn]?E?-?(?:d?Pi?o?)?(?:W|V\.)(?:[ltn](?!U))?P?"),
    ("ago", f"A?A?{_COUNT}-?(?:[UC]&{_COUNT}-?)?[UhQC][gef]|p{_COUNT}U|pB|A?Bg|xUg"),
    ("weekend", rf"(?:{_EARLY})?(?:d?[ltn]h|dh)|h[ln]"),
    ("same_day", "d?7?7[UP](?=[_,.|)'&vwi-]|$)|d[nl]P"),
    ("eve", "d?'?8(?![dao])"),
    ("relative_day", "d?[nl]U(?=[_,.|)'-])"),
    ("duration_of", f"d?[ltn]A?{_COUNT}-?[UQ]"),
    ("relative_unit", rf"(?:{_EARLY})?d?[ltn]U(?!_?Y)|U[ltnge]"),
    ("end_of_unit", "d?Eod?'?U"),
    ("month", rf"(?:[ltn]|{_EARLY})?-?{_MONTH}(?:[ltn])?"),
    ("decade", "d?(?:E-?)?z"),
    ("age", f"{_COUNT}-?U-?0"),
    ("the_past", "dl(?![UCNGaxcQhMSEWVP12-])"),
    ("future", "d4(?!_s)|5(?!i)|4(?=U)"),
    ("every", "kW|k(?:U|Q|S|h)"),
    ("set", "D"),
    ("duration", f"A?A?d?O?{_COUNT}(?:u{_COUNT}|&{_COUNT})?-?(?:[UC]|Q(?!o))|d?xQ|B"),
    ("the_unit", "d1?F?U(?=[_,.|)'&vwi]|$)"),
    ("duration_vague", "[UC]"),
    ("clock", "(?:Km?|Nm)"),
    ("present", "R"),
    ("past", "L"),
    ("year", "(?:E-?)?Y-?U?"),
    ("current", "t"),
)  # fmt: skip
GRAMMAR = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in PATTERNS))
