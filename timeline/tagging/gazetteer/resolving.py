"""Which of the places of a name a text means: size, what the text says behind a comma, what else it names. Pure.

Every name of a text starts with its likeliest place by size. Then, three times over, each name takes the place with
the most points given what the others now mean: points for size, for the country and the division that most other names
lie in, for nearness to them. A name means one place throughout a text, unless a comma says otherwise
("Athens, Ohio").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timeline.tagging.gazetteer.table import ADMIN1, ADMIN2, CITY, COUNTRY, NOWHERE, REGION, Gazetteer

MOST = 60  # places of one name that are weighed
ROUNDS = 3
NEAR_KM = 120.0
ALIAS = 1.0
BARE_DIVISION = 2.0  # "Boone" for Boone County
SIZES = {COUNTRY: 7.6, REGION: 7.2, ADMIN1: 6.8, ADMIN2: 4.6}  # no more than these; a division by its people
SAME_COUNTRY, SAME_DIVISION, NEARNESS = 2.5, 3.0, 4.0
SAID_SO = 3.0  # the text says elsewhere which place of the name it means
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Name:
    """What is asked: the places of a name as the table gives them, and how often the text names it.

    `inside` are rows that the place must lie in (a qualifier behind the comma); empty: anywhere. `spelling` is the name
    without it.
    """

    hits: tuple[int, ...]
    spelling: str = ""
    count: int = 1
    inside: frozenset[int] = frozenset()


class Resolver:
    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def resolve(self, names: Mapping[str, Name]) -> dict[str, int]:
        """The row that each name means; a name whose qualifier fits none of its places is left out."""
        rows: dict[str, NDArray[np.int32]] = {}
        priors: dict[str, NDArray[np.float64]] = {}
        for name, asked in names.items():
            found, prior = self._candidates(asked)
            if len(found):
                rows[name], priors[name] = found, prior
        chosen, sure = _choose(rows, priors)
        for _ in range(ROUNDS):
            weights = {name: sure[name] * names[name].count ** 0.5 for name in rows}
            points = {
                name: priors[name] + (self._support(found, name, chosen, weights, names) if len(found) > 1 else 0.0)
                for name, found in rows.items()
            }
            chosen, sure = _choose(rows, points)
        return chosen

    def _candidates(self, asked: Name) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Rows with their points, the best of each row, no more than MOST."""
        points: dict[int, float] = {}
        for hit in asked.hits:
            row = hit if hit >= 0 else -hit - 1
            if np.isnan(self.gazetteer.latitudes[row]) or (asked.inside and not self._is_inside(row, asked.inside)):
                continue
            points[row] = max(points.get(row, -9.0), self._size(row, is_alias=hit < 0))
        best = sorted(points, key=lambda row: (-points[row], row))[:MOST]
        return np.array(best, np.int32), np.array([points[row] for row in best])

    def _size(self, row: int, *, is_alias: bool) -> float:
        kind = int(self.gazetteer.kinds[row])
        if kind == CITY:
            return float(np.log10(self.gazetteer.populations[row] + 100)) - ALIAS * is_alias
        points = SIZES[kind] - (BARE_DIVISION if kind == ADMIN2 else ALIAS) * is_alias
        if kind == ADMIN1:
            points -= max(0.0, 6.0 - float(np.log10(self.gazetteer.populations[row] + 100)))
        return points

    def _is_inside(self, row: int, rows: frozenset[int]) -> bool:
        gazetteer = self.gazetteer
        if not rows.isdisjoint((int(gazetteer.admin1s[row]), int(gazetteer.admin2s[row]))) and row not in rows:
            return True
        countries = {int(gazetteer.countries[one]) for one in rows if gazetteer.kinds[one] == COUNTRY}
        return int(gazetteer.countries[row]) in countries and gazetteer.kinds[row] != COUNTRY

    def _support(
        self,
        rows: NDArray[np.int32],
        name: str,
        chosen: Mapping[str, int],
        by_name: Mapping[str, float],
        names: Mapping[str, Name],
    ) -> NDArray[np.float64]:
        """Points from the text's other names, each weighing as sure as it is, times the root of its count."""
        others = [other for other in chosen if other != name]
        if not others:
            return np.zeros(len(rows))
        gazetteer = self.gazetteer
        theirs = np.array([chosen[other] for other in others])
        weights = np.array([by_name[other] for other in others])
        total = weights.sum() + 1.0  # one more: a single other name does not decide everything
        same = (gazetteer.countries[rows][:, None] == gazetteer.countries[theirs]) & (
            gazetteer.countries[rows][:, None] > 0
        )
        country = (same * weights).sum(axis=1) / total
        is_division = gazetteer.admin1s[theirs] != NOWHERE
        divisions = (gazetteer.admin1s[rows][:, None] == gazetteer.admin1s[theirs]) & is_division
        division = (divisions * weights).sum(axis=1) / (weights[is_division].sum() + 1.0)
        is_small = np.isin(gazetteer.kinds[theirs], (CITY, ADMIN2))
        near = np.zeros(len(rows))
        if is_small.any():
            km = distances(gazetteer, rows, theirs[is_small])
            near = (np.exp(-km / NEAR_KM) * weights[is_small]).sum(axis=1) / (weights[is_small].sum() + 1.0)
        said = [chosen[other] for other in others if names[other].spelling == names[name].spelling]
        points: NDArray[np.float64] = SAME_COUNTRY * country + SAME_DIVISION * division + NEARNESS * near
        return points + SAID_SO * np.isin(rows, said)


def _choose(
    rows: Mapping[str, NDArray[np.int32]], points: Mapping[str, NDArray[np.float64]]
) -> tuple[dict[str, int], dict[str, float]]:
    """The place with the most points for each name, and its share if ten times as likely is one point more."""
    chosen, sure = {}, {}
    for name, found in rows.items():
        best = int(points[name].argmax())
        chosen[name] = int(found[best])
        sure[name] = float(1 / np.power(10.0, points[name] - points[name][best]).sum())
    return chosen, sure


def distances(
    gazetteer: Gazetteer, one: Sequence[int] | NDArray[np.int32], other: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Great-circle distances in km, of each row of `one` to each of `other` (haversine)."""
    return great_circle_km(
        gazetteer.latitudes[one][:, None],
        gazetteer.longitudes[one][:, None],
        gazetteer.latitudes[other],
        gazetteer.longitudes[other],
    )


def great_circle_km(
    latitude: object, longitude: object, latitude_b: object, longitude_b: object
) -> NDArray[np.float64]:
    """Haversine, on arrays or numbers in degrees."""
    a, b, c, d = (np.radians(np.asarray(x, np.float64)) for x in (latitude, longitude, latitude_b, longitude_b))
    h = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    km: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(h)))
    return km
