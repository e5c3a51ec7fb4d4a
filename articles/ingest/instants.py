"""What feeds say about when → an aware UTC instant, or None where that would be a guess. Pure.

Forms: RFC 822 and RFC 3339 with their usual mistakes, asctime, ISO 8601 without colons, seconds since 1970, days
written with dots, and months named in a dozen languages. A day and month that could be read either way round, a year
alone, and years before 1 or after 9999 are None. A time without a zone is UTC, as RFC 822 says of unknown ones.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

LONGEST = 100
_CLOCK = r"(?:(?:\s*,)?[\sT]+(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?)?"
_HALF = r"\s*(?P<half>[ap]\.?m\b\.?)?"
_ZONE = r"\s*(?P<zone>\(?[A-Za-z]{1,5}\)?|(?:UTC|GMT)?\s*[+\-−]\s*\d{1,2}:?(?:\d\d)?)?(?:\s*\([^()]*\))?"
_WEEKDAY = r"(?:[^\W\d_]+\.?\s*,?\s+)?"
_FORMS = [
    re.compile(form + r"\s*\Z", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})[\-/.](?P<month>\d{1,2})[\-/.](?P<day>\d{1,2})" + _CLOCK + _HALF + _ZONE,
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:T(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?)?" + _ZONE,
        _WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th|º|\.)?[\s\-]+(?:de\s+)?(?P<name>[^\W\d_]+)\.?,?[\s\-]+(?:de\s+)?"
        r"(?P<year>\d{4}|\d\d)" + _CLOCK + _HALF + _ZONE,
        _WEEKDAY + r"(?P<name>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
        + _CLOCK + _HALF + _ZONE,
        _WEEKDAY + r"(?P<name>[^\W\d_]+)\s+(?P<day>\d{1,2})" + _CLOCK + _ZONE + r"\s+(?P<year>\d{4})",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + _CLOCK + _ZONE,
        r"(?P<first>\d{1,2})/(?P<other>\d{1,2})/(?P<year>\d{4})" + _CLOCK + _HALF + _ZONE,
    )
]  # fmt: skip
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+|\d{3})?\Z")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\-])\s*(\d{1,2}):?(\d\d)?\Z")
# Hours east of Greenwich. IST (Israel, India, Ireland) and CST (America, China) are whoever's: CST as RFC 822 has it.
_ZONES = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "BST": 1, "CET": 1,
    "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "IRST": 3.5, "IRDT": 4.5, "IDT": 3, "GST": 4,
    "PKT": 5, "JST": 9, "KST": 9, "HKT": 8, "AEST": 10, "AEDT": 11, "TRT": 3, "WIB": 7, "WEST": 1, "SAST": 2,
}  # fmt: skip
_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "january february march april may june july august september october november december",
        "- - - - - - - - sept - - -",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv févr mars avr mai juin juil août sept oct nov déc",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jän feb mär apr mai jun jul aug sep okt nov dez",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sep oct nov dic",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
        "oca şub mar nis may haz tem ağu eyl eki kas ara",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "янв фев мар апр май июн июл авг сен окт ноя дек",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "- - - ابريل - - - اغسطس - اكتوبر - -",
        "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
        "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
        "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    )
    for number, name in enumerate(names.split(), start=1)
    if name != "-"
}


def instant_of(text: str) -> datetime | None:
    """The instant that `text` names, in UTC; None when it names none for sure. Never raises."""
    plain = _ascii_digits(" ".join(text.split()))
    if len(plain) > LONGEST:
        return None
    epoch = _EPOCH.match(plain)
    if epoch:
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    for form in _FORMS:
        found = form.match(plain)
        if found:
            try:
                return _instant(found.groupdict())
            except (ValueError, OverflowError):
                return None
    return None


def _ascii_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter for letter in text
    )


def _instant(parts: dict[str, str | None]) -> datetime:
    """Raises ValueError for what no calendar or clock has."""
    year, month, day = int(parts["year"] or 0), _month(parts), _day(parts)
    year += 0 if len(parts["year"] or "") > 2 else 2000 if year < 70 else 1900
    hour, minute = int(parts.get("hour") or 0), int(parts.get("minute") or 0)
    second = min(int(parts.get("second") or 0), 59)  # leap seconds
    if parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError(f"{hour} o'clock has no half of the day")
        hour = hour % 12 + (12 if (parts["half"] or "").lower().startswith("p") else 0)
    is_midnight = (hour, minute, second) == (24, 0, 0)
    local = datetime(
        year, month, day, 0 if is_midnight else hour, minute, second, tzinfo=_zone(parts.get("zone") or "")
    )
    return (local + timedelta(days=int(is_midnight))).astimezone(UTC)


def _month(parts: dict[str, str | None]) -> int:
    if parts.get("name"):
        name = unicodedata.normalize("NFC", parts["name"] or "").lower()
        if name not in _MONTHS:
            raise ValueError(f"{name} is no month")
        return _MONTHS[name]
    if parts.get("first"):
        first, other = int(parts["first"] or 0), int(parts["other"] or 0)
        if first <= 12 and other <= 12 and first != other:
            raise ValueError("day and month could be either")
        return min(first, other)
    return int(parts["month"] or 0)


def _day(parts: dict[str, str | None]) -> int:
    if parts.get("first"):
        return max(int(parts["first"] or 0), int(parts["other"] or 0))
    return int(parts["day"] or 0)


def _zone(text: str) -> timezone:
    text = text.strip("() ").replace("−", "-").upper()
    offset = _OFFSET.match(text)
    if offset:
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(ahead if offset[1] == "+" else -ahead)
    return timezone(timedelta(hours=_ZONES.get(text, 0)))
