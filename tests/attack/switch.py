"""A rule of disclosure, how it is switched off, and who attacks it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from improve.disclosure import Reason

Switch = Callable[[pytest.MonkeyPatch], object]


def set_to(place, name, value):
    def switch_off(patch):
        patch.setattr(place, name, value)

    return switch_off


def all_of(*switches):
    def switch_off(patch):
        for one in switches:
            one(patch)

    return switch_off


@dataclass(frozen=True)
class Rule:
    """What is forbidden, the reason a reader is given (if any), how to switch it off, who attacks it."""

    name: str
    reason: Reason | None
    switch_off: Switch
    attack: Callable[[Path], bool]
