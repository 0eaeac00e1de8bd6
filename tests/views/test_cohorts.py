"""The page of groups: what is offered to whom, why not, and the nearest group that is allowed."""

import pytest

from improve import cohort, disclosure
from improve.disclosure import Reason
from improve.errors import CohortError
from improve.model import CohortKind, Role, Selection, Viewer
from improve.store import close_round, open_round, write_responses
from improve.views.choice import choose
from improve.views.cohorts import as_json, check_group, cohorts_view
from improve.views.scores import scores_view
from tests.views.town import LABEL, code_of, delivery, everything, town_store, towns

ANN, BEN = Viewer(Role.MEMBER, code_of(0)), Viewer(Role.MEMBER, code_of(1))
PUBLIC, FACILITATOR, OPERATOR = Viewer(Role.PUBLIC), Viewer(Role.FACILITATOR), Viewer(Role.OPERATOR)
WISH = Selection(round=LABEL)
APART = frozenset(code_of(place) for place in range(10, 18))


@pytest.fixture
def store(tmp_path):
    """Thirty towns, ten of them Welsh; X29 has too few answers to count."""
    opened = town_store(
        tmp_path,
        [everything(2 + 0.1 * (place % 20), 20) for place in range(29)] + [everything(3, 9)],
        organisations=(
            *towns(10, nation="Wales", region="Wales", type="Welsh unitary"),
            *towns(30, lat=[51 + place / 10 for place in range(30)])[10:],
        ),
    )
    yield opened
    opened.close()


def kinds(store, viewer, **wishes):
    view = cohorts_view(store, viewer, Selection(round=LABEL, **wishes))
    return [one.kind for one in view.cohorts]


def test_neighbours_are_of_the_organisation_chosen_and_of_one_that_may_be_seen(store):
    assert CohortKind.LIKE in kinds(store, ANN)
    assert CohortKind.LIKE not in kinds(store, PUBLIC)
    assert CohortKind.LIKE not in kinds(store, FACILITATOR)
    assert CohortKind.LIKE not in kinds(store, OPERATOR)
    assert CohortKind.LIKE in kinds(store, OPERATOR, organisation=code_of(12))
    assert CohortKind.LIKE not in kinds(store, Viewer(Role.MEMBER, code_of(29)))  # it does not count


def test_neighbours_have_a_median_and_quartiles_on_the_pages(store):
    key = f"like:{ANN.organisation}"
    view = scores_view(store, ANN, Selection(round=LABEL, cohort=key))
    assert view.choice.cohort.label == "Councils like us"
    assert view.overall.cohort_median.is_released
    assert view.overall.cohort_quartiles.is_released
    near = cohorts_view(store, ANN, WISH).neighbours
    assert {one.organisation.code for one in near} | {ANN.organisation} == view.choice.cohort.cohort.members


def test_after_a_second_closing_there_are_no_neighbours(store):
    for place in range(29):
        write_responses(store, [delivery(code_of(place), everything(3, 21))], replace=True)
    close_round(store, LABEL)
    assert CohortKind.LIKE not in kinds(store, ANN)
    assert "the round was closed again" in cohorts_view(store, ANN, WISH).neighbours_finding


def test_a_group_is_built_seen_by_its_own_people_alone_and_shared_by_its_link(store):
    key = cohort.build(store, choose(store, ANN, WISH), "  Peers we\nknow ", APART)
    assert key.startswith("group:")
    wish = Selection(round=LABEL, cohort=key)
    view = scores_view(store, ANN, wish)
    assert view.choice.cohort.label == "Group “Peers we know”"
    assert view.overall.cohort_median.is_released
    assert view.overall.cohort_quartiles.withheld is Reason.MEDIAN_ALONE
    assert scores_view(store, BEN, wish).choice.cohort.cohort.key == "all"
    assert scores_view(store, BEN, wish).choice.notices
    (saved,) = cohorts_view(store, ANN, WISH).saved
    assert (saved.is_own, saved.is_opened, saved.missing, saved.reason) == (True, True, (), None)
    assert cohorts_view(store, BEN, WISH).saved == ()
    linked = cohorts_view(store, BEN, WISH, saved.id).linked
    assert (linked.name, linked.is_own, linked.is_opened) == ("Peers we know", False, False)
    assert cohorts_view(store, PUBLIC, WISH, saved.id).linked is None
    assert cohort.open_(store, choose(store, BEN, WISH), saved.id) == key
    assert scores_view(store, BEN, wish).overall.cohort_median == view.overall.cohort_median
    with pytest.raises(CohortError, match="Only the organisation that built"):
        cohort.delete(store, BEN, saved.id)
    cohort.delete(store, ANN, saved.id)
    assert cohorts_view(store, BEN, WISH).saved == ()
    assert cohorts_view(store, BEN, WISH, saved.id).linked is None
    with pytest.raises(CohortError, match="no such group"):
        cohort.open_(store, choose(store, BEN, WISH), saved.id)


def test_whom_the_register_does_not_know_is_no_member(store):
    key = cohort.build(store, choose(store, ANN, WISH), "Ours", APART | {"NOBODY"})
    (saved,) = (one for one in cohorts_view(store, ANN, WISH).cohorts if one.key == key)
    assert (saved.part, saved.of) == (8, 8)


def test_two_groups_of_one_name_are_told_apart(store):
    for members in (APART, frozenset(code_of(place) for place in range(14, 22))):
        cohort.build(store, choose(store, ANN, WISH), "Ours", members)
    labels = [one.label for one in cohorts_view(store, ANN, WISH).cohorts if one.kind is CohortKind.GROUP]
    assert labels == ["Group “Ours”", "Group “Ours” · 2"]


@pytest.mark.parametrize(
    ("viewer", "name", "members", "sentence"),
    [
        (PUBLIC, "Ours", APART, "Only people of an organisation"),
        (ANN, "", APART, "name of 1 to 60 characters"),
        (ANN, "x" * 61, APART, "this has 61"),
        (ANN, "Ours", frozenset(), "Fewer than 8"),
        (ANN, "Ours", frozenset({"X10", "NOBODY"}), "Fewer than 8"),
    ],
)
def test_what_cannot_be_built_says_why(store, viewer, name, members, sentence):
    with pytest.raises(CohortError, match=sentence):
        cohort.build(store, choose(store, viewer, WISH), name, members)
    assert cohorts_view(store, ANN, WISH).saved == ()


def test_a_group_that_nearly_is_a_built_in_one_names_it_and_the_nearest_allowed(store):
    wished = choose(store, ANN, WISH)
    welsh_but_one = frozenset(code_of(place) for place in range(9))
    verdict = check_group(store, wished, welsh_but_one)
    assert verdict.reason is Reason.COHORT_TOO_CLOSE
    assert "It is Wales but for 1 council: compare with Wales itself." in verdict.sentence
    assert "The nearest that is allowed: " in verdict.sentence
    assert check_group(store, wished, verdict.nearest).reason is None
    assert len(verdict.nearest ^ welsh_but_one) <= 3
    assert cohort.build(store, wished, "Nearly Wales", verdict.nearest)


def test_a_group_that_is_a_built_in_one_is_allowed(store):
    assert check_group(store, choose(store, ANN, WISH), frozenset(map(code_of, range(10)))).reason is None


def test_too_few_are_filled_up_with_those_most_like_them(store):
    wished = choose(store, ANN, WISH)
    verdict = check_group(store, wished, frozenset(map(code_of, range(10, 15))))
    assert verdict.reason is Reason.FEW_ORGANISATIONS
    assert {code_of(15), code_of(16)} <= verdict.nearest
    assert check_group(store, wished, verdict.nearest).reason is None


def test_whether_somebody_counts_does_not_show_in_a_refusal(store):
    """X29 takes part and does not count: with it or without, the group is another's of all who take part."""
    wished = choose(store, ANN, WISH)
    cohort.build(store, wished, "Ours", APART)
    with_it = check_group(store, wished, APART | {code_of(29)})
    with_another = check_group(store, wished, APART | {code_of(28)})
    assert with_it.reason is with_another.reason is Reason.COHORT_TOO_CLOSE


def test_in_another_round_it_is_checked_as_it_then_is(store):
    key = cohort.build(store, choose(store, ANN, WISH), "Ours", APART)
    open_round(store, "2027")
    for place in (*range(10), *range(10, 15), 20, 21, 22):
        write_responses(store, [delivery(code_of(place), everything(3, 20), "2027")])
    close_round(store, "2027")
    later = Selection(round="2027")
    (saved,) = cohorts_view(store, ANN, later).saved
    assert not saved.is_opened
    assert [one.code for one in saved.missing] == [code_of(15), code_of(16), code_of(17)]
    cohort.open_(store, choose(store, ANN, later), saved.id)
    (saved,) = cohorts_view(store, ANN, later).saved
    assert saved.reason == "Fewer than 8 of its councils count in this round."
    view = scores_view(store, ANN, Selection(round="2027", cohort=key))
    assert view.overall.cohort_median.withheld is Reason.FEW_ORGANISATIONS


def test_groups_wait_for_the_closing(tmp_path):
    store = town_store(tmp_path, [everything(3, 20)] * 20, closed=False)
    with pytest.raises(CohortError, match="no medians of this round yet"):
        cohort.build(store, choose(store, ANN, WISH), "Ours", APART)
    assert not cohorts_view(store, ANN, WISH).may_build
    assert cohorts_view(store, OPERATOR, WISH).notes
    store.close()


def test_written_out_it_names_every_group_with_its_reason(store):
    found = as_json(cohorts_view(store, ANN, WISH))
    by_key = {one["key"]: one for one in found["cohorts"]}
    assert by_key["all"] == {
        "key": "all",
        "kind": "all",
        "label": "All UK councils",
        "taking_part": 30,
        "members": 30,
        "why_not": None,
    }
    assert by_key["like:X00"]["why_not"] is None
    assert found["groups_at_most"] == 6
    assert disclosure.MINIMUM_FOR_GROUP == 8
