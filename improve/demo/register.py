"""The fictional councils of the demonstration."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from improve.model import Organisation

DATA = Path(__file__).parents[2] / "data" / "demonstration"


@cache
def read_demonstration_register() -> tuple[Organisation, ...]:
    """The 96 fictional councils, and last the empty place for a trial file (`is_trial`).

    Their codes ("DW07", "TRIAL") are too short to be GSS codes. The trial place is Welsh, as its
    newcomers are likely to be; it takes part in no round, so it counts in no cohort's figures.
    """
    with (DATA / "organisations.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Organisation(
                code=row["code"],
                name=row["name"],
                official_name=row["official_name"],
                welsh_name=row["welsh_name"],
                type=row["type"],
                nation=row["nation"],
                region=row["region"],
                parent_county=row["parent_county"],
                lon=float(row["lon"]),
                lat=float(row["lat"]),
                population=int(row["population"]),
                is_trial=row["is_trial"] == "true",
            )
            for row in csv.DictReader(file)
        )
