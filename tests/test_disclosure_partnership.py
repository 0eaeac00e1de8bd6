"""Who sees what of a partnership, role by role, after design.md; and which roles partners may see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improve import disclosure
from improve.disclosure import Reason
from improve.model import Role, Viewer

OPERATOR, FACILITATOR, PUBLIC = (Viewer(role) for role in (Role.OPERATOR, Role.FACILITATOR, Role.PUBLIC))


def member(code):
    return Viewer(Role.MEMBER, code)


def delegate(code):
    return Viewer(Role.DELEGATE, code)


EVERYBODY = [
    *(OPERATOR, FACILITATOR, PUBLIC, Viewer(Role.MEMBER)),
    *(make(code) for code in ("A", "B", "X") for make in (member, delegate)),
]
JOINED = frozenset({"A", "B"})


def those(allowed, judged):
    return [viewer for viewer in EVERYBODY if judged(viewer)] == [
        viewer for viewer in EVERYBODY if viewer in allowed
    ]


def test_who_knows_of_a_partnership_and_steers_it():
    for ask in (disclosure.knows_partnership, disclosure.may_steer):
        assert those({OPERATOR, member("A"), member("B")}, lambda one, ask=ask: ask(one, False, JOINED))
        assert those({member("A")}, lambda one, ask=ask: ask(one, True, {"A"}))


def test_who_acts_for_an_organisation():
    assert those({OPERATOR, member("A")}, lambda one: disclosure.may_prepare(one, "A", False))
    assert those({member("A")}, lambda one: disclosure.may_prepare(one, "A", True))
    assert those(set(), lambda one: disclosure.may_prepare(one, None, False))


@pytest.mark.parametrize(
    ("organisation", "is_confidential", "joined", "allowed"),
    [
        ("A", False, JOINED, {OPERATOR, member("A"), member("B"), delegate("A")}),
        ("A", False, {"B"}, {member("A"), delegate("A")}),  # it has left
        ("A", False, {"A"}, {OPERATOR, member("A"), delegate("A")}),  # B has left
        ("A", True, {"A"}, {member("A")}),
        ("A", True, JOINED, {member("A")}),
    ],
)
def test_who_sees_an_organisations_scores(organisation, is_confidential, joined, allowed):
    assert those(
        allowed,
        lambda one: disclosure.partner_reason(one, organisation, is_confidential, joined) is None,
    )


def test_who_sees_what_partners_share_and_who_the_people():
    assert those(
        {OPERATOR, member("A"), member("B")},
        lambda one: disclosure.shared_reason(one, False, JOINED) is None,
    )
    assert those({member("A")}, lambda one: disclosure.shared_reason(one, True, {"A"}) is None)
    assert those({member("A")}, lambda one: disclosure.respondents_reason(one, "A") is None)
    assert disclosure.respondents_reason(OPERATOR, None) is Reason.NO_ORGANISATION


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 4)))
def test_no_role_leads_to_one_person(respondents):
    shown = disclosure.shown_roles(respondents)
    assert all(respondents[role] >= 2 for role in shown)
    assert sum(n for role, n in respondents.items() if role not in shown) != 1 or not shown
    several = {role for role, n in respondents.items() if n >= 2}
    rest = sum(n for role, n in respondents.items() if role not in several)
    assert len(several - shown) == (rest == 1 and bool(several))


def test_figures_in_their_steps():
    assert disclosure.partner_figure(None, False, True, 66.6).value == 67
    assert disclosure.partner_figure(None, False, False, 66.6).withheld is Reason.NOT_COMPLETED
    assert disclosure.partner_figure(None, True, False, 66.6).value == 67
    assert disclosure.partner_figure(None, True, False, None).withheld is Reason.NOT_COMPLETED
    assert disclosure.partner_figure(None, False, True, None).withheld is Reason.BLIND_SPOTS
    assert disclosure.partner_figure(Reason.NOT_YOURS, True, True, 1.0).withheld is Reason.NOT_YOURS
    assert disclosure.role_figure(None, False, True, 66.6).value == 65
    assert disclosure.role_figure(None, False, False, 66.6).withheld is Reason.ONE_RESPONDENT
    assert disclosure.role_figure(None, True, False, 66.6).value == 66.6
    assert disclosure.states_figure(None, 1, (1, 0)).withheld is Reason.FEW_PARTNERS
    assert disclosure.states_figure(None, 2, (1, 1)).value == (1, 1)


def test_a_median_speaks_of_three_outside_every_circle():
    members = {"A", "B", "C", "D", "E"}
    assert disclosure.circle_reason(None, members, []) is None
    assert disclosure.circle_reason(None, members, [{"A", "B"}, {"C"}]) is None
    assert disclosure.circle_reason(None, members, [{"A"}, {"A", "B", "C"}]) is Reason.FEW_ORGANISATIONS
    assert disclosure.circle_reason(None, members, [{"A", "X", "Y", "Z"}]) is None
    assert disclosure.circle_reason(Reason.COLLECTING, members, [members]) is Reason.COLLECTING


def test_what_is_drawn_from_figures():
    assert disclosure.drawn_figure(7, Reason.UNKNOWN).value == 7
    assert disclosure.drawn_figure(None, Reason.UNKNOWN).withheld is Reason.UNKNOWN
