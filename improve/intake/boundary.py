"""A boundary file: GeoJSON with the areas of councils, as the ONS publishes it.

It is read under hard bounds, matched to the register by GSS code, and reduced to what a map needs:
coordinates to about ten metres, and no property but the council's code.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from improve.errors import IntakeError
from improve.intake.plan import base_name
from improve.intake.record import listed, shortened
from improve.language import _, ngettext, whole
from improve.store import Store, StoreKind, read_organisations, write_boundaries

LARGEST = 30_000_000
"""Bytes of a file, at most; the ONS's generalised files of all the United Kingdom have 2 to 8 million."""
MOST_FEATURES = 2_000
MOST_POINTS = 400_000
"""Points of all outlines together that a browser is asked to draw, at most."""
_PLACES = 4
"""Decimals of a degree that are kept: about ten metres."""
_WEST, _SOUTH, _EAST, _NORTH = -9.5, 49.0, 3.0, 61.5
"""Degrees between which the United Kingdom lies, with room."""
_SHOWN = 5

Ring = list[list[float]]


@dataclass(frozen=True, slots=True)
class BoundaryRequest:
    """A boundary file that somebody wants taken in."""

    content: bytes = field(repr=False)
    file_name: str


@dataclass(frozen=True, slots=True)
class BoundaryPlan:
    """What taking in a boundary file would do. `refusals` are the sentences that stand against it.

    `outlines` are the coordinates of a GeoJSON MultiPolygon as text, by the code of a council of the
    register; `property` is where the file keeps its codes.
    """

    file_name: str
    sha256: str
    property: str | None
    features: int
    outlines: Mapping[str, str] = field(repr=False)
    points: int
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]


def plan_boundaries(store: Store, request: BoundaryRequest) -> BoundaryPlan:
    """Works out what taking in a boundary file would do. Writes nothing.

    Raises IntakeError where there is nothing to show: it is too large, or no GeoJSON with areas.
    """
    if store.kind is StoreKind.DEMONSTRATION:
        raise IntakeError(
            _("The councils of the demonstration are invented; boundaries go with a store of real ones.")
        )
    name = base_name(request.file_name)
    features = _features(name, request.content)
    known = {
        code.upper(): one.code for one in read_organisations(store) for code in (*one.former_codes, one.code)
    }
    column = _code_column(features, known)
    refusals: list[str] = []
    remarks: list[str] = []
    outlines: dict[str, list[list[Ring]]] = {}
    if column is None:
        refusals.append(
            _(
                "{file}: no property holds the codes of councils, such as E06000001. Take a file of local "
                "authority districts or of counties with a property like LAD25CD."
            ).format(file=name)
        )
    else:
        outlines, wrong, strangers = _outlines(features, column, known)
        refusals += wrong
        if strangers:
            remarks.append(
                ngettext(
                    "{n} area is of no council in the register, and is left out: {codes}.",
                    "{n} areas are of no council in the register, and are left out: {codes}.",
                    len(strangers),
                ).format(n=len(strangers), codes=listed(strangers[:_SHOWN]))
            )
    points = sum(len(ring) for area in outlines.values() for polygon in area for ring in polygon)
    if points > MOST_POINTS:
        refusals.append(
            _(
                "{file}: its outlines have {n} points, and the map draws {most} at most. Take a more "
                "generalised file: the ONS calls them BUC and BSC."
            ).format(file=name, n=whole(points), most=whole(MOST_POINTS))
        )
    return BoundaryPlan(
        file_name=name,
        sha256=hashlib.sha256(request.content).hexdigest(),
        property=column,
        features=len(features),
        outlines={code: json.dumps(area, separators=(",", ":")) for code, area in outlines.items()},
        points=points,
        refusals=tuple(refusals),
        remarks=tuple(remarks),
    )


def take_in_boundaries(store: Store, plan: BoundaryPlan) -> None:
    """Puts a plan's outlines in the place of those before. ValueError where something stands against it."""
    if plan.refusals:
        raise ValueError("a plan with refusals is not taken in")
    write_boundaries(store, plan.outlines, plan.file_name, plan.sha256)


def _features(name: str, content: bytes) -> list[Mapping[str, Any]]:
    """The features of a file, each with properties and a geometry of areas."""
    if len(content) > LARGEST:
        raise IntakeError(
            _("{file} has {size} MB; a boundary file may have {most} MB.").format(
                file=name, size=whole(len(content) // 1_000_000), most=LARGEST // 1_000_000
            )
        )
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise IntakeError(
            _("{file} is not GeoJSON: it cannot be read as JSON in UTF-8.").format(file=name)
        ) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection" or not features:
        raise IntakeError(
            _("{file} is not GeoJSON with areas: it must be a FeatureCollection with features.").format(
                file=name
            )
        )
    if len(features) > MOST_FEATURES:
        raise IntakeError(
            _("{file} has {n} features; {most} are the most. Take a file of councils, not of wards.").format(
                file=name, n=whole(len(features)), most=whole(MOST_FEATURES)
            )
        )
    for place, one in enumerate(features, start=1):
        if not (
            isinstance(one, dict)
            and isinstance(one.get("properties"), dict)
            and isinstance(one.get("geometry"), dict)
            and one["geometry"].get("type") in ("Polygon", "MultiPolygon")
        ):
            raise IntakeError(
                _("{file}, feature {n}: it must have properties and a Polygon or MultiPolygon.").format(
                    file=name, n=place
                )
            )
    return features


def _no_number(_text: str) -> NoReturn:
    raise ValueError("no number of JSON")


def _code_column(features: list[Mapping[str, Any]], known: Mapping[str, str]) -> str | None:
    """The property that holds the most codes of the register; None where none holds any."""
    found = Counter(
        key
        for one in features
        for key, value in one["properties"].items()
        if isinstance(value, str) and value.strip().upper() in known
    )
    return found.most_common(1)[0][0] if found else None


def _outlines(
    features: list[Mapping[str, Any]], column: str, known: Mapping[str, str]
) -> tuple[dict[str, list[list[Ring]]], list[str], list[str]]:
    """The areas by the register's codes; what is wrong with them; and codes that the register has not."""
    outlines: dict[str, list[list[Ring]]] = {}
    seen: dict[str, int] = {}
    wrong: list[str] = []
    strangers: list[str] = []
    for place, one in enumerate(features, start=1):
        said = str(one["properties"].get(column) or "").strip().upper()
        code = known.get(said)
        if code is None:
            strangers.append(shortened(said) or _("(no code)"))
            continue
        if code in seen:
            wrong.append(
                _("Features {first} and {second} are both of {code}: a council has one area.").format(
                    first=seen[code], second=place, code=code
                )
            )
            continue
        seen[code] = place
        geometry = one["geometry"]
        polygons = geometry.get("coordinates")
        try:
            area = [polygons] if geometry["type"] == "Polygon" else polygons
            outlines[code] = [rings for polygon in _list(area) if (rings := list(_rings(polygon)))]
            if not outlines[code]:
                raise _OutlineError(_("It has no ring of four points that differ."))
        except _OutlineError as error:
            wrong.append(_("Feature {n} ({code}): {reason}").format(n=place, code=code, reason=str(error)))
        if len(wrong) >= _SHOWN:
            break
    return outlines, wrong, strangers


class _OutlineError(Exception):
    """What is wrong with one area, in words."""


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise _OutlineError(_("Its coordinates are no lists of points."))
    return value


def _rings(polygon: object) -> Iterator[Ring]:
    """The rings of a polygon, rounded; one that has shrunk to nothing is left out, with it its holes."""
    for number, points in enumerate(_list(polygon)):
        ring: Ring = []
        for point in _list(points):
            rounded = _point(point)
            if not ring or rounded != ring[-1]:
                ring.append(rounded)
        if ring and ring[0] != ring[-1]:
            raise _OutlineError(_("One of its rings does not end where it begins."))
        if len(ring) >= 4:
            yield ring
        elif number == 0:
            return


def _point(point: object) -> list[float]:
    if not isinstance(point, list) or len(point) < 2:
        raise _OutlineError(_("Its coordinates are no lists of points."))
    lon, lat = point[0], point[1]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in (lon, lat)):
        raise _OutlineError(_("A coordinate is no number."))
    if not (_WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH):
        if abs(lon) > 180 or abs(lat) > 90:
            raise _OutlineError(
                _("Its coordinates are metres of the national grid; take the file in degrees (WGS 84).")
            )
        raise _OutlineError(_("A point lies outside the United Kingdom."))
    return [round(float(lon), _PLACES), round(float(lat), _PLACES)]
