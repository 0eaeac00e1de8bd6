"""Who may make, know, join, leave and steer a partnership: everybody else meets a closed door."""

import pytest

from improve import readiness
from improve.errors import AssessmentError
from improve.model import Role, Viewer
from improve.store import read_partnerships
from tests.factory import make_store
from tests.partners import READINESS, make_partnership, small_readiness
from tests.views.town import code_of, towns

A, B, C, D = (code_of(place) for place in range(4))
OPERATOR = Viewer(Role.OPERATOR)
OUTSIDERS = [Viewer(Role.PUBLIC), Viewer(Role.FACILITATOR), Viewer(Role.DELEGATE, A)]


def member(code):
    return Viewer(Role.MEMBER, code)


@pytest.fixture
def store(tmp_path):
    opened = make_store(tmp_path, organisations=towns(4))
    yield opened
    opened.close()


def create(store, viewer, organisation, *, confidential=False, name="Shared ICT", by="Ann"):
    return readiness.create(store, viewer, organisation, name, READINESS, by, is_confidential=confidential)


def known(store, viewer):
    return [one.id for one in readiness.partnerships_for(store, viewer)]


def test_from_the_first_idea_to_a_partner_more(store):
    id_ = create(store, member(A), A, name="  Shared \n ICT ")
    readiness.invite(store, member(A), id_, B, "Ann", as_candidate=False)
    readiness.join(store, member(B), id_, B, "Ben")
    readiness.invite(store, member(B), id_, C, "Ben", as_candidate=True)
    readiness.join(store, member(C), id_, C, "Cy")
    readiness.admit(store, member(A), id_, C)
    assert readiness.start_round(store, member(C), id_, 1, READINESS, "Cy") == 2
    found = read_partnerships(store)[id_]
    assert (found.name, found.joined, found.newest.number) == ("Shared ICT", {A, B, C}, 2)
    readiness.leave(store, member(B), id_, B)
    assert (known(store, member(B)), known(store, member(A))) == ([], [id_])


def test_who_was_asked_knows_it_until_they_decline(store):
    id_ = create(store, member(A), A)
    readiness.invite(store, member(A), id_, B, "Ann", as_candidate=False)
    assert known(store, member(B)) == [id_]
    readiness.decline(store, member(B), id_, B)
    assert known(store, member(B)) == []
    with pytest.raises(AssessmentError, match="no such partnership"):
        readiness.join(store, member(B), id_, B, "Ben")


def test_a_partnership_is_not_there_for_anybody_else(store):
    id_, own = make_partnership(store, A, B), make_partnership(store, A, confidential=True)
    for viewer in (*OUTSIDERS, member(C)):
        assert known(store, viewer) == []
        for nothing in (id_, own, 99):
            with pytest.raises(AssessmentError) as refused:
                readiness.partnership_for(store, viewer, nothing)
            assert str(refused.value) == "There is no such partnership."
    assert known(store, member(A)) == [id_, own]
    assert known(store, member(B)) == known(store, OPERATOR) == [id_]


def test_nobody_but_its_members_and_the_operator_steers_an_open_one(store):
    id_ = make_partnership(store, A, B, candidates=(C,))
    readiness.invite(store, OPERATOR, id_, D, "Olu", as_candidate=False)
    for viewer in (*OUTSIDERS, member(C), member(D)):
        for attempt in (
            lambda viewer=viewer: readiness.invite(store, viewer, id_, D, "Eve", as_candidate=True),
            lambda viewer=viewer: readiness.admit(store, viewer, id_, C),
            lambda viewer=viewer: readiness.start_round(store, viewer, id_, 1, READINESS, "Eve"),
        ):
            with pytest.raises(AssessmentError, match=r"no such partnership|Only a partner's own members"):
                attempt()
    readiness.admit(store, OPERATOR, id_, C)
    readiness.start_round(store, OPERATOR, id_, 1, READINESS, "Olu")


def test_nobody_joins_declines_or_leaves_for_another(store):
    id_ = make_partnership(store, A, B)
    readiness.invite(store, member(A), id_, C, "Ann", as_candidate=False)
    for viewer in (*OUTSIDERS, member(A), member(D)):
        for attempt in (
            lambda viewer=viewer: readiness.join(store, viewer, id_, C, "Eve"),
            lambda viewer=viewer: readiness.decline(store, viewer, id_, C),
            lambda viewer=viewer: readiness.leave(store, viewer, id_, B),
        ):
            with pytest.raises(AssessmentError, match=r"no such partnership|Only the organisation's own"):
                attempt()
    assert read_partnerships(store)[id_].joined == {A, B}
    assert read_partnerships(store)[id_].asked == {C}


def test_a_confidential_check_has_no_door_for_anybody(store):
    with pytest.raises(AssessmentError, match="Only the organisation's own"):
        create(store, OPERATOR, A, confidential=True)
    id_ = create(store, member(A), A, confidential=True)
    for attempt in (
        lambda: readiness.invite(store, member(A), id_, B, "Ann", as_candidate=False),
        lambda: readiness.leave(store, member(A), id_, A),
    ):
        with pytest.raises(AssessmentError, match="nobody but your own"):
            attempt()
    for attempt in (
        lambda: readiness.invite(store, OPERATOR, id_, B, "Olu", as_candidate=False),
        lambda: readiness.start_round(store, OPERATOR, id_, 1, READINESS, "Olu"),
        lambda: readiness.sheet_for(store, OPERATOR, id_, A),
        lambda: readiness.join(store, member(B), id_, B, "Ben"),
    ):
        with pytest.raises(AssessmentError, match="no such partnership"):
            attempt()
    assert readiness.start_round(store, member(A), id_, 1, READINESS, "Ann") == 2


@pytest.mark.parametrize(
    ("viewer", "organisation", "name", "by", "says"),
    [
        (member(A), B, "Shared", "Ann", "Only the organisation's own"),
        (Viewer(Role.DELEGATE, A), A, "Shared", "Ann", "Only the organisation's own"),
        (OPERATOR, "X99", "Shared", "Olu", "no organisation X99"),
        (member(A), A, " ", "Ann", "1 to 100 characters; these are 0"),
        (member(A), A, "x" * 101, "Ann", "these are 101"),
        (member(A), A, "Shared", "", "these are 0"),
    ],
)
def test_what_cannot_be_made(store, viewer, organisation, name, by, says):
    with pytest.raises(AssessmentError, match=says):
        create(store, viewer, organisation, name=name, by=by)
    assert read_partnerships(store) == {}


def test_invitations_have_a_limit(store, monkeypatch):
    monkeypatch.setattr("improve.readiness.partnership.MOST_MEMBERS", 2)
    id_ = make_partnership(store, A)
    readiness.invite(store, member(A), id_, B, "Ann", as_candidate=False)
    with pytest.raises(AssessmentError, match="2 organisations at most"):
        readiness.invite(store, member(A), id_, C, "Ann", as_candidate=False)
    with pytest.raises(AssessmentError, match="no organisation X99"):
        readiness.decline(store, member(B), id_, B)
        readiness.invite(store, member(A), id_, "X99", "Ann", as_candidate=False)


def test_the_newest_instrument(store):
    versions = [small_readiness(one) for one in ("1.9", "1.10", "1.2")]
    assert readiness.newest_readiness(versions).version == "1.10"
    with pytest.raises(AssessmentError, match="no readiness instrument"):
        readiness.newest_readiness([])


def test_what_is_agreed_to_says_who_sees_what():
    partner, candidate, own = (
        " ".join(readiness.agreement(is_confidential=is_own, as_candidate=as_candidate))
        for is_own, as_candidate in ((False, False), (False, True), (True, False))
    )
    assert "candidates too, see your area scores with your organisation's name" in partner
    assert "without names" in partner
    assert "As a candidate you also show" in candidate
    assert "As a candidate" not in partner
    assert "only members of your own organisation" in own
    assert "national median" in own
