"""What may be told of one organisation's groups, of its arrivals, and of what people wrote."""

from datetime import date, timedelta
from math import nan

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from improve import disclosure
from improve.disclosure import Reason
from improve.model import Role, Viewer

OWN, OTHER = "W06000015", "W06000011"
OPERATOR, FACILITATOR, PUBLIC = (Viewer(role) for role in (Role.OPERATOR, Role.FACILITATOR, Role.PUBLIC))
MEMBER, DELEGATE = Viewer(Role.MEMBER, OWN), Viewer(Role.DELEGATE, OWN)


def shown(*imports):
    return disclosure.shown_groups(np.array(imports))


# Whose


@pytest.mark.parametrize(
    ("viewer", "organisation", "reason"),
    [
        (MEMBER, OWN, None),
        (OPERATOR, OTHER, None),
        (MEMBER, OTHER, Reason.NOT_YOURS),
        (DELEGATE, OWN, Reason.NOT_YOURS),
        (FACILITATOR, OWN, Reason.NOT_YOURS),
        (PUBLIC, OWN, Reason.NOT_YOURS),
        (MEMBER, None, Reason.NO_ORGANISATION),
    ],
)
def test_what_is_inside_an_organisation_is_for_its_members_and_the_operator(viewer, organisation, reason):
    assert disclosure.inner_reason(viewer, organisation) == reason
    assert disclosure.may_act(viewer, organisation) == (reason is None)


@pytest.mark.parametrize(
    ("viewer", "organisation", "reason"),
    [
        (FACILITATOR, None, None),
        (FACILITATOR, OWN, Reason.NOT_YOURS),
        (MEMBER, OWN, None),
        (MEMBER, None, Reason.NOT_YOURS),
        (MEMBER, OTHER, Reason.NOT_YOURS),
        (DELEGATE, OWN, Reason.NOT_YOURS),
        (PUBLIC, None, Reason.NOT_YOURS),
        (OPERATOR, None, None),
        (OPERATOR, OTHER, None),
    ],
)
def test_a_facilitator_reads_comments_without_a_name_and_members_their_own(viewer, organisation, reason):
    assert disclosure.comments_reason(viewer, organisation) == reason


def test_facilitators_and_operators_approve():
    assert [
        role for role in (OPERATOR, FACILITATOR, MEMBER, DELEGATE, PUBLIC) if disclosure.may_approve(role)
    ] == [
        OPERATOR,
        FACILITATOR,
    ]


# Groups


def test_a_group_and_its_rest_have_ten_answers():
    assert shown([10, 10, 0]) == (True, True)
    assert shown([10, 9, 0]) == (False, False)
    assert shown([100, 9, 0]) == (False, False)


def test_beside_one_that_is_hidden_the_next_smallest_is_hidden_too():
    assert shown([40, 5, 30, 20, 0]) == (True, False, True, False)


def test_two_that_are_hidden_have_ten_answers_between_them():
    assert shown([40, 4, 5, 30, 20, 0]) == (True, False, False, True, False)
    assert shown([40, 4, 6, 30, 20, 0]) == (True, False, False, True, True)


def test_who_named_no_group_is_hidden_too():
    assert shown([40, 30, 20, 1]) == (True, True, False)
    assert shown([40, 30, 20, 0]) == (True, True, True)


def test_a_file_that_changes_a_group_by_few_hides_it():
    first, added = [40, 30, 20, 20, 0], [20, 1, 0, 0, 0]
    assert shown(first) == (True, True, True, True)
    assert shown(first, added) == (False, False, True, True)
    assert shown(first, [20, 10, 0, 0, 0]) == (True, True, True, True)


@given(
    st.integers(2, 8).flatmap(
        lambda groups: st.lists(st.integers(0, 40), min_size=groups, max_size=groups).map(tuple)
    )
)
@example((10, 10))
@example((9, 1, 10, 10, 0))
def test_nothing_hidden_can_be_worked_out_from_the_whole(counts):
    is_shown = shown(list(counts))
    hidden = [n for n, one in zip(counts, (*is_shown, False), strict=True) if not one and n]
    for n, one in zip(counts, is_shown, strict=False):
        if one:
            assert n >= 10
            assert sum(counts) - n >= 10
    if any(is_shown):
        assert not hidden or (len(hidden) > 1 and sum(hidden) >= 10)


def test_figures_of_a_group_are_in_steps():
    assert disclosure.group_figure(None, True, 5.4499).value == 5.4
    assert disclosure.group_interval(None, True, (4.96, 5.94)).value == (5.0, 5.9)
    assert disclosure.group_figure(None, True, 61.0, 2.0).value == 62.0
    assert disclosure.group_figure(None, False, 5.0).withheld is Reason.SMALL_GROUP
    assert disclosure.group_figure(None, True, nan).withheld is Reason.SMALL_GROUP
    assert disclosure.group_interval(None, False, (4.0, 5.0)).withheld is Reason.SMALL_GROUP
    assert disclosure.group_figure(Reason.NOT_YOURS, True, 5.0).withheld is Reason.NOT_YOURS
    assert disclosure.group_count(None, True, 12).value == 12
    assert disclosure.group_count(None, False, 12).withheld is Reason.SMALL_GROUP
    assert disclosure.group_count(Reason.NOT_YOURS, True, 12).withheld is Reason.NOT_YOURS


@pytest.mark.parametrize(
    ("share", "tenths"),
    [(0.0, 1), (0.1, 1), (0.15, 1), (0.1501, 2), (0.35, 4), (0.44, 4), (0.85, 9), (0.99, 9), (1.0, 9)],
)
def test_a_groups_share_is_told_in_tenths(share, tenths):
    assert disclosure.tenths_figure(None, True, share).value == tenths


# Changes


def test_a_change_needs_both_scores():
    five, six = disclosure.own_figure(None, 12, 12, 5.0), disclosure.own_figure(None, 12, 12, 6.0)
    none = disclosure.own_figure(None, 9, 12, 6.0)
    assert disclosure.change_figure(five, six, 1.0).value == 1.0
    assert disclosure.change_figure(none, six, 1.0).withheld is Reason.FEW_ANSWERS
    assert disclosure.change_figure(five, none, 1.0).withheld is Reason.FEW_ANSWERS


def test_the_peers_change_is_of_six_and_in_steps():
    assert disclosure.peers_change_figure(None, 6, 0.1499).value == 0.1
    assert disclosure.peers_change_figure(None, 5, 0.1).withheld is Reason.FEW_PEERS
    assert disclosure.peers_change_figure(Reason.COLLECTING, 9, 0.1).withheld is Reason.COLLECTING


def test_beyond_the_peers_is_reckoned_from_what_was_shown():
    own = disclosure.own_figure(None, 12, 12, 0.83)
    peers = disclosure.peers_change_figure(None, 6, 0.1499)
    assert disclosure.beyond_peers_figure(own, peers, 0.211).value == pytest.approx((0.73, 0.43, 1.03))
    few = disclosure.peers_change_figure(None, 5, 0.1)
    assert disclosure.beyond_peers_figure(own, few, 0.2).withheld is Reason.FEW_PEERS
    assert disclosure.beyond_peers_figure(own, peers, nan).withheld is Reason.UNKNOWN


# Arrivals


@given(st.lists(st.integers(0, 30), max_size=40))
def test_arrivals_are_told_ten_at_a_time(counts):
    days = [(date(2026, 5, 4) + timedelta(day), n) for day, n in enumerate(counts) if n]
    figure = disclosure.arrivals_figure(None, days)
    if sum(counts) < 10:
        assert figure.withheld in (Reason.FEW_ANSWERS, Reason.UNKNOWN)
        return
    assert all(period.n >= 10 for period in figure.value)
    assert sum(period.n for period in figure.value) == sum(counts)
    ends = [moment for period in figure.value for moment in (period.first, period.last)]
    assert ends == sorted(ends)
    for period in figure.value:
        assert period.n == sum(n for day, n in days if period.first <= day <= period.last)


# Comments


def texts():
    return ["Ring Sarah Jones on 01632 960123"]


def test_comments_are_of_ten_people_under_one_filter_and_masked():
    assert disclosure.comments_figure(None, 1, 9, texts).withheld is Reason.FEW_COMMENTS
    assert disclosure.comments_figure(None, 2, 99, texts).withheld is Reason.ONE_FILTER
    assert disclosure.comments_figure(Reason.NOT_YOURS, 0, 99, texts).withheld is Reason.NOT_YOURS
    (shown_text,) = disclosure.comments_figure(None, 1, 10, texts).value
    assert "Sarah" not in shown_text
    assert "960123" not in shown_text


def test_a_comment_does_not_name_its_organisation():
    names = ("Bath and North East Somerset Council", "Bath")
    read = disclosure.readable(
        "At bath we wait; Bath and North East Somerset council knows. Bathroom Wi-Fi.", names
    )
    assert read == "At [council] we wait; [council] knows. Bathroom Wi-Fi."
