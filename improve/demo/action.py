"""What the demonstration's councils decided to do after their surveys."""

from __future__ import annotations

from datetime import date
from functools import cache

import yaml

from improve.demo.plan import Parameters
from improve.demo.register import DATA


class PlannedAction(Parameters):
    """One action of data/demonstration/actions.yaml; `aspect` is "" for the service as a whole."""

    organisation: str
    aspect: str
    what: str
    done_on: date
    done_by: str
    closed_on: date | None = None


@cache
def read_planned_actions() -> tuple[PlannedAction, ...]:
    """All actions, organisation by organisation."""
    listed = yaml.safe_load((DATA / "actions.yaml").read_text(encoding="utf-8"))
    return tuple(PlannedAction.model_validate(one) for one in listed)
