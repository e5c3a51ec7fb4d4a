"""YAML and CSV that people edit, read so that every mistake is named by file and line. No Django."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml


class MalformedFile(ValueError):
    """A mistake in a file that people edit: `path:line: what is wrong`."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path.name}:{line}: {message}")
        self.path, self.line = path, line


class Row(dict[str, Any]):
    """A mapping that knows the line it began on."""

    line: int = 0


class _LineLoader(yaml.CSafeLoader):
    pass


def _construct_row(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> Row:
    row = Row()
    row.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} is no word for a key", key_node.start_mark)
        if key in row:
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} is given twice", key_node.start_mark)
        try:
            row[key] = loader.construct_object(value_node, deep=True)
        except ValueError as error:  # a day like 2025-02-30
            raise yaml.constructor.ConstructorError(None, None, str(error), value_node.start_mark) from error
    return row


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_row)


def read_yaml(path: Path) -> Any:
    """The file's content, with every mapping a `Row`. Raises MalformedFile for bad syntax or a key given twice."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LineLoader)  # noqa: S506 - a safe loader's child
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MalformedFile(path, line, error.problem or "bad YAML") from error
    except UnicodeDecodeError as error:
        raise MalformedFile(path, _line_of_byte(path, error.start), "not UTF-8") from error
    except yaml.reader.ReaderError as error:
        raise MalformedFile(path, _line_of_byte(path, error.position), "a control character") from error


def read_yaml_rows(path: Path) -> list[Row]:
    """A file that is a list of mappings."""
    rows = read_yaml(path)
    if not isinstance(rows, list):
        raise MalformedFile(path, 1, "must be a list")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Row):
            raise MalformedFile(path, 1, f"item {number} must be a mapping")
    return rows


def read_csv_rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """A CSV file with exactly these columns, UTF-8, one record a line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MalformedFile(path, _line_of_byte(path, error.start), "not UTF-8") from error
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if tuple(next(reader, ())) != columns:
            raise MalformedFile(path, 1, f"columns must be {','.join(columns)}")
        for cells in reader:
            if len(cells) != len(columns):
                raise MalformedFile(path, reader.line_num, f"{len(cells)} cells where {len(columns)} belong")
            row = Row(zip(columns, (cell.strip() for cell in cells), strict=True))
            row.line = reader.line_num
            rows.append(row)
    except csv.Error as error:
        raise MalformedFile(path, reader.line_num, str(error)) from error
    return rows


def require(path: Path, row: Row, allowed: Iterable[str], needed: Iterable[str]) -> None:
    """Raises MalformedFile when `row` has a key that is not allowed or lacks one that is needed."""
    unknown = set(row) - set(allowed)
    if unknown:
        raise MalformedFile(path, row.line, f"unknown field {sorted(unknown)[0]!r}")
    for name in needed:
        if row.get(name) in (None, ""):
            raise MalformedFile(path, row.line, f"{name!r} is missing")


def listed(path: Path, row: Row, name: str, kind: type[Any]) -> list[Any]:
    """The list below a field, empty when the field is; raises MalformedFile when it is no list of `kind`."""
    items = row.get(name) or []
    if not isinstance(items, list) or any(not isinstance(item, kind) for item in items):
        raise MalformedFile(path, row.line, f"{name!r} must be a list of {'mappings' if kind is Row else 'words'}")
    return items


def _line_of_byte(path: Path, at: int) -> int:
    return path.read_bytes()[:at].count(b"\n") + 1
