"""All pages part an organisation's people alike: what one hides, no other gives away."""

import pytest

from improve.disclosure import Reason
from improve.model import Role, Selection, Viewer
from improve.store import write_responses, write_staff
from improve.views.gap import gap_view
from improve.views.response import response_view
from improve.views.skills import skills_view
from tests.factory import make_delivery, make_organisation, make_store
from tests.views import test_skills
from tests.views.oracle_response import JOBS, LABEL, SURVEY

OWN = "X00"
MEMBER = Viewer(Role.MEMBER, OWN)
SIDES = {"areas": "service_area", "jobs": "job"}


def answers(areas=(), jobs=()):
    """People by group, {name: n} each; everybody rates everything."""
    named = [[name for name, n in dict(one).items() for _person in range(n)] for one in (areas, jobs)]
    n = max(len(one) for one in named)
    area, job = ([*one, *[None] * (n - len(one))] for one in named)
    ratings = {("A1", measure): [1 + at % 5 for at in range(n)] for measure in ("importance", "satisfaction")}
    return {**ratings, "OVR": [3] * n, "AREA": area, "JOB": job}


@pytest.fixture
def told(tmp_path):
    """By either page, and either way of parting: {group: number}, None where it is hidden."""
    store = make_store(tmp_path, organisations=(make_organisation(OWN),))

    def look(given, staff=(), delivery=None):
        write_responses(store, [delivery or make_delivery(SURVEY, LABEL, OWN, given)], replace=True)
        if staff:
            write_staff(store, LABEL, OWN, list(staff), "staff.csv", "0" * 64)
        found = {}
        for compared, by in SIDES.items():
            positions = gap_view(store, MEMBER, Selection(), aspect="A1", compared=compared).positions
            view = response_view(store, MEMBER, Selection(), by=by)
            chosen = view.chosen if view.chosen and view.chosen.by == by else None
            found[by] = (
                {one.label: one.n.value for one in positions if not one.is_own},
                {one.label: one.responses.value for one in (chosen.groups if chosen else ())},
            )
        return found

    yield look
    store.close()


def test_a_role_that_nobody_has_is_hidden_on_both_with_the_next_smallest(told):
    gap, response = told(answers(jobs={1: 40, 2: 30}))["job"]
    assert gap == response == dict(zip(JOBS, (40, None, None), strict=True))


def test_so_is_a_service_area_of_the_staff_list_alone(told):
    gap, response = told(answers({"Care": 40, "Roads": 30}), [("AREA", "Parks", 12)])["service_area"]
    assert gap == response == {"Parks": None, "Care": 40, "Roads": None}


def test_two_spellings_are_one_group_on_both(told):
    gap, response = told(answers({"Care & Health": 30, "Roads": 25, "care and health": 7}))["service_area"]
    assert gap == response == {"Care & Health": 37, "Roads": 25}


def test_a_group_that_one_question_leaves_alone_stays_hidden_there(told):
    """Nobody on the roads rated A1: without them nothing would be hidden, and Parks would be told."""
    given = answers({"Care": 40, "Housing": 30, "Parks": 12, "Roads": 5})
    for measure in ("importance", "satisfaction"):
        given["A1", measure][-5:] = [None] * 5
    gap, response = told(given)["service_area"]
    assert gap == response == {"Care": 40, "Housing": 30, "Parks": None, "Roads": None}


@pytest.mark.parametrize("n", [2, 9])
def test_of_fewer_than_ten_not_even_the_groups_are_named(told, n):
    found = told(answers({f"Area {at}": 1 for at in range(n)}))
    assert found["service_area"] == ({}, {})
    assert found["job"] == ({}, dict.fromkeys(JOBS))


def test_of_fewer_than_ten_the_groups_of_the_staff_list_still_have_to_be_asked(told):
    found = told(answers({"Care": 3, "Law": 4}), [("AREA", "Care", 30), ("AREA", "Roads", 20)])
    assert found["service_area"] == ({}, {"Care": None, "Roads": None})


def test_skills_of_fewer_than_ten_name_no_group_either(tmp_path):
    own = test_skills.answers(9)
    store = make_store(
        tmp_path, {LABEL: {OWN: own}}, survey=test_skills.skilled(), organisations=(make_organisation(OWN),)
    )
    view = skills_view(store, MEMBER, Selection())
    assert (view.chosen, view.groups_reason) == (None, Reason.FEW_ANSWERS)
    store.close()
