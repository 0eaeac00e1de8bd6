"""Many answers at once, with a beginning before them and a submission after: all of it, or nothing."""

import pytest

from improve.assessment import assign, begin, fill, sheet_for
from improve.errors import AssessmentError
from improve.model import Role, Viewer
from improve.store import Wording, open_round, read_assessments, read_rounds
from tests.factory import NOT_APPLICABLE, YES, make_organisation, make_store, small_maturity

OPERATOR, MEMBER = Viewer(Role.OPERATOR), Viewer(Role.MEMBER, "E1")
SMALL = small_maturity()
ALL = [Wording(one.id, YES) for one in SMALL.criteria]


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path, organisations=(make_organisation("E1"), make_organisation("E2")))
    yield store
    store.close()


@pytest.mark.parametrize(
    ("answers", "part"),
    [
        ([*ALL, Wording("LEAD1a", NOT_APPLICABLE)], "LEAD1a: say why it does not apply"),
        ([*ALL, Wording("NOWHERE", YES)], "no criterion called NOWHERE"),
        ([*ALL, Wording("LEAD1a", 77)], "none of the answers"),
        (ALL[1:], "These criteria have no answer yet: LEAD1a"),
    ],
)
def test_one_wrong_answer_and_nothing_is_begun_written_or_submitted(store, answers, part):
    with pytest.raises(AssessmentError, match=part):
        fill(store, OPERATOR, "E1", SMALL, answers, "Ann", round_label="2026")
    assert not read_assessments(store, "E1", "dma")
    assert not read_rounds(store)


def test_another_version_is_not_mixed_with_the_one_that_is_open(store):
    begin(store, MEMBER, "E1", SMALL, "Ann")
    with pytest.raises(AssessmentError, match=r"version 1\.0 of the criteria, not 2\.0"):
        fill(store, MEMBER, "E1", small_maturity("2.0"), ALL, "Ann")
    assert not sheet_for(store, MEMBER, "E1", "dma").answers


def test_members_submit_into_the_present_season_alone(store):
    open_round(store, "2026")
    for label in ("2025", "2027"):
        with pytest.raises(AssessmentError, match="present season"):
            fill(store, MEMBER, "E1", SMALL, ALL, "Ann", round_label=label)
    with pytest.raises(AssessmentError, match="own members"):
        fill(store, MEMBER, "E2", SMALL, ALL, "Ann")
    fill(store, MEMBER, "E1", SMALL, ALL, "Ann", round_label="2026")
    assert [one.round for one in read_assessments(store, "E1", "dma")] == ["2026"]
    assert [one.label for one in read_rounds(store)] == ["2026"]


def test_who_is_to_answer_what_is_asked_again_but_not_for_functions_that_are_gone(store):
    begin(store, MEMBER, "E1", SMALL, "Ann")
    for function, who in (("WEB", "Web team"), ("SAFE", "Security")):
        assign(store, MEMBER, sheet_for(store, MEMBER, "E1", "dma"), function, who, "Ann")
    fill(store, OPERATOR, "E1", SMALL, ALL, "Ann", round_label="2026")
    smaller = small_maturity(
        "2.0",
        functions=SMALL.functions[:2],
        criteria=tuple(one for one in SMALL.criteria if one.function != "SAFE"),
    )
    begin(store, MEMBER, "E1", smaller, "Bob")
    assert sheet_for(store, MEMBER, "E1", "dma").sections == {"WEB": "Web team"}
