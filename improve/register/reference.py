"""The register of real councils, read from data/reference/councils.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from improve.errors import RegisterError
from improve.language import _
from improve.model import Organisation
from improve.register.cohort import TYPES

COUNCILS = Path(__file__).resolve().parents[2] / "data" / "reference" / "councils.csv"

_NEEDED = (
    "gss_code",
    "short_name",
    "official_name",
    "welsh_name",
    "type",
    "nation",
    "region",
    "parent_county",
    "lon",
    "lat",
    "population",
    "former_gss_codes",
)


def read_register(path: Path = COUNCILS) -> tuple[Organisation, ...]:
    """Every organisation of the file, in its order. RegisterError names file, line and column."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RegisterError(
            _("{file}: the register cannot be read: {error}.").format(file=path.name, error=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise RegisterError(_("{file}: the register is not in UTF-8.").format(file=path.name)) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in _NEEDED if column not in (reader.fieldnames or ())]
    if missing:
        raise RegisterError(
            _("{file}: the register has no column {columns}.").format(
                file=path.name, columns=", ".join(missing)
            )
        )
    organisations = []
    seen: dict[str, int] = {}
    for row in reader:
        place = _("{file}, line {line}").format(file=path.name, line=reader.line_num)
        organisation = _organisation(row, place)
        for code in (organisation.code, *organisation.former_codes):
            if code in seen:
                raise RegisterError(
                    _("{place}: the code {code} stands in line {line} already.").format(
                        place=place, code=code, line=seen[code]
                    )
                )
            seen[code] = reader.line_num
        organisations.append(organisation)
    if not organisations:
        raise RegisterError(_("{file}: the register has no organisation.").format(file=path.name))
    return tuple(organisations)


def _organisation(row: Mapping[str, str | None], place: str) -> Organisation:
    def word(column: str) -> str:
        return (row[column] or "").strip()

    def needed(column: str) -> str:
        if not word(column):
            raise RegisterError(_("{place}, {column}: it is empty.").format(place=place, column=column))
        return word(column)

    def degrees(column: str, limit: int) -> float:
        try:
            value = float(word(column))
        except ValueError:
            value = float("nan")
        if not -limit <= value <= limit:
            raise RegisterError(
                _("{place}, {column}: it must be a number of degrees.").format(place=place, column=column)
            )
        return value

    if needed("type") not in TYPES:
        raise RegisterError(
            _("{place}, type: it must be one of {types}.").format(place=place, types=", ".join(TYPES))
        )
    population = word("population")
    if not (population.isascii() and population.isdigit()):
        raise RegisterError(_("{place}, population: it must be a whole number.").format(place=place))
    return Organisation(
        code=needed("gss_code"),
        name=needed("short_name"),
        official_name=needed("official_name"),
        welsh_name=word("welsh_name"),
        type=word("type"),
        nation=needed("nation"),
        region=needed("region"),
        parent_county=word("parent_county"),
        lon=degrees("lon", 180),
        lat=degrees("lat", 90),
        population=int(population),
        former_codes=tuple(code.strip() for code in word("former_gss_codes").split(";") if code.strip()),
    )
