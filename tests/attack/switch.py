"""How a rule is switched off."""

from collections.abc import Callable

import pytest

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
