"""Settings of an installation, read once from the environment.

IMPROVE_STORE     the store's file; without it data/improve.duckdb when that exists, else the
                  demonstration at data/demonstration.duckdb, made on the spot
IMPROVE_LANGUAGE  the language of everybody who has not chosen one: "en" (default), "x-pseudo"
IMPROVE_MEMORY    what DuckDB may take, such as "512MB" (default)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
REAL_STORE = DATA / "improve.duckdb"
DEMONSTRATION_STORE = DATA / "demonstration.duckdb"


class Settings(BaseModel):
    """The settings in force."""

    model_config = ConfigDict(frozen=True)

    store: Path | None = None
    language: str = "en"
    memory: str = "512MB"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an environment; an unset or empty variable leaves its default."""
    given = {
        name: environment[variable]
        for name, variable in (
            ("store", "IMPROVE_STORE"),
            ("language", "IMPROVE_LANGUAGE"),
            ("memory", "IMPROVE_MEMORY"),
        )
        if environment.get(variable)
    }
    return Settings.model_validate(given)
