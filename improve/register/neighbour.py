"""Statistical nearest neighbours: how alike two councils are, by public facts of the register alone.

The formula is published where its neighbours are shown, and here: distance = how often one
population must be doubled to reach the other, plus 1 for every 200 km between them, plus 2 where they
do different services (0.5 where only the type differs), plus 0.5 where the nation differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from improve.model import Organisation

KILOMETRES = 200.0
"""Kilometres that weigh as much as one doubling of the population."""
OTHER_SERVICES = 2.0
OTHER_TYPE = 0.5
OTHER_NATION = 0.5
_UPPER, _LOWER, _ALL = "upper", "lower", "all"
_SERVICES = {"county": _UPPER, "district": _LOWER}
_EARTH = 6371.0
"""The mean radius of the earth in km."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """How far another organisation is, and why.

    `times` is its population over one's own; `distance` is the sum that the formula gives.
    """

    organisation: Organisation
    distance: float
    times: float
    kilometres: float
    is_same_type: bool
    has_same_services: bool
    is_same_nation: bool


def neighbours(of: Organisation, among: Iterable[Organisation]) -> tuple[Neighbour, ...]:
    """The other organisations, nearest first; of equally near ones by code."""
    others = [one for one in among if one.code != of.code]
    if not others:
        return ()
    far, apart = distances([of], others)[0], _kilometres([of], others)[0]
    found = [
        Neighbour(
            organisation=one,
            distance=float(far[at]),
            times=max(1, one.population) / max(1, of.population),
            kilometres=float(apart[at]),
            is_same_type=one.type == of.type,
            has_same_services=_services(one) == _services(of),
            is_same_nation=one.nation == of.nation,
        )
        for at, one in enumerate(others)
    ]
    return tuple(sorted(found, key=lambda one: (one.distance, one.organisation.code)))


def distances(these: Sequence[Organisation], those: Sequence[Organisation]) -> NDArray[np.float64]:
    """The distance of each of these from each of those, by the formula above."""
    people = [np.log2([max(1, one.population) for one in side]) for side in (these, those)]
    far: NDArray[np.float64] = np.abs(people[0][:, None] - people[1][None, :])
    far += _kilometres(these, those) / KILOMETRES
    type_differs = _differs([one.type for one in these], [one.type for one in those])
    services_differ = _differs([_services(one) for one in these], [_services(one) for one in those])
    nation_differs = _differs([one.nation for one in these], [one.nation for one in those])
    far += np.where(services_differ, OTHER_SERVICES, np.where(type_differs, OTHER_TYPE, 0.0))
    return far + np.where(nation_differs, OTHER_NATION, 0.0)


def _services(organisation: Organisation) -> str:
    return _SERVICES.get(organisation.type, _ALL)


def _differs(these: Sequence[str], those: Sequence[str]) -> NDArray[np.bool_]:
    differs: NDArray[np.bool_] = np.array(these)[:, None] != np.array(those)[None, :]
    return differs


def _kilometres(these: Sequence[Organisation], those: Sequence[Organisation]) -> NDArray[np.float64]:
    """Great-circle distances (haversine), in km."""
    lat = [np.radians([one.lat for one in side]) for side in (these, those)]
    lon = [np.radians([one.lon for one in side]) for side in (these, those)]
    half = np.sin((lat[0][:, None] - lat[1][None, :]) / 2) ** 2 + np.cos(lat[0])[:, None] * np.cos(lat[1])[
        None, :
    ] * (np.sin((lon[0][:, None] - lon[1][None, :]) / 2) ** 2)
    return np.asarray(2 * _EARTH * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))), np.float64)
