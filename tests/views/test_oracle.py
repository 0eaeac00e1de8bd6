"""Every figure of the Scores page against a second, slow implementation from the raw answers."""

import pytest

from improve.model import Selection
from improve.views.scores import scores_view
from tests.oracle import Look
from tests.views.world import differences, figures_of, random_world, viewer_of

COHORTS = ("all", "nation:England", "nation:Wales", "region:London", "type:London borough", "type:district")

SEEDS = (0, 1, 2, 3, 6, 8, 9, 10, 12, 13, 14, 17, 18, 19, 20, 23)
"""Worlds of 1 to 30 organisations; together they reach every word, and every reason to withhold a figure."""


def looks_at(world, season):
    """Everybody who may look at a round, and every cohort."""
    codes = [one.code for one in world.organisations]
    is_closed = season.closing is not None
    for number, cohort in enumerate(COHORTS):
        yield Look("operator", None, codes[number % len(codes)], season.label, cohort)
        yield Look("operator", None, None, season.label, cohort)
        yield Look("facilitator", None, codes[0], season.label, cohort)
        for role in ("member", "delegate"):
            yield Look(role, codes[(number * 3 + 1) % len(codes)], None, season.label, cohort)
        if is_closed:
            yield Look("public", None, None, season.label, cohort)
    for code in codes:
        yield Look("member", code, None, season.label, "region:London")


def compare(world, look):
    selection = Selection(organisation=look.organisation, round=look.round, cohort=look.cohort)
    found = figures_of(scores_view(world.store, viewer_of(look), selection))
    wanted = world.page(look).figures()
    assert differences(found, wanted) == [], look
    return wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_equals_the_oracle_or_is_withheld_for_the_same_reason(seed, tmp_path):
    world = random_world(seed, tmp_path)
    for season in world.seasons:
        for look in looks_at(world, season):
            compare(world, look)
    world.store.close()
