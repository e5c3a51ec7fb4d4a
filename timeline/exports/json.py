"""Rows → one JSON object: {"about": provenance, "rows": […]}, in pieces so that a long file streams."""

import json
from collections.abc import Iterable, Iterator, Mapping

from timeline.exports.provenance import Provenance


def json_pieces(rows: Iterable[Mapping[str, object]], about: Provenance) -> Iterator[str]:
    yield '{"about": ' + json.dumps(about.as_dict(), ensure_ascii=False) + ', "rows": [\n'
    for number, row in enumerate(rows):
        yield (",\n" if number else "") + json.dumps(row, ensure_ascii=False, default=str)
    yield "\n]}\n"
