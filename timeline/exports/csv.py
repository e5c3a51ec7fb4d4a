"""Rows → CSV, UTF-8. A cell that a spreadsheet would run as a formula begins with an apostrophe."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from timeline.exports.provenance import Provenance

_FORMULA = re.compile(r"[\s\x00]*[=+\-@\t\r|%]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?\Z")


def csv_lines(rows: Iterable[Mapping[str, object]], columns: tuple[str, ...], about: Provenance) -> Iterator[str]:
    """A comment line with the provenance, the header, then a line a row."""
    yield "# " + "; ".join(f"{name}: {value}" for name, value in about.as_dict().items()).replace("\n", " ") + "\r\n"
    yield _line(columns)
    for row in rows:
        yield _line([cell(row.get(column)) for column in columns])


def cell(value: object) -> str:
    """A value as text that no spreadsheet runs; lists joined by a semicolon."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        value = "; ".join(str(part) for part in value)
    text = str(value).replace("\x00", "")
    return "'" + text if _FORMULA.match(text) and not _NUMBER.match(text) else text


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
