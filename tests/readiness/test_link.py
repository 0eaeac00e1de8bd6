"""Respondents and their links: each opens its own form, and nothing else, for as long as it stands."""

import base64
import json

import pytest
from itsdangerous import URLSafeSerializer

from improve import readiness
from improve.errors import AssessmentError
from improve.model import Role, Viewer
from improve.store import (
    Reply,
    add_respondent,
    open_round,
    open_store,
    read_partner_assessment,
    start_partnership_round,
)
from tests.factory import copy_store, make_store
from tests.partners import DONT_KNOW, ITEMS, READINESS, assessment_of, make_partnership, reply
from tests.views.town import code_of, towns

A, B, C = (code_of(place) for place in range(3))
OPERATOR = Viewer(Role.OPERATOR)
ANN, BEN = Viewer(Role.MEMBER, A), Viewer(Role.MEMBER, B)
FULL = "444 444 444"


@pytest.fixture
def store(tmp_path):
    opened = make_store(tmp_path, organisations=towns(3))
    yield opened
    opened.close()


def invited(store, viewer, partnership, organisation, role="ict", label=""):
    """Asks somebody: their number and link."""
    number = readiness.ask(
        store, viewer, readiness.sheet_for(store, viewer, partnership, organisation), role, label
    )
    sheet = readiness.sheet_for(store, viewer, partnership, organisation)
    return number, readiness.link_of(store, viewer, sheet, number)


def answer_all(store, link, code=4):
    for item in ITEMS:
        readiness.answer(store, link, item, code)


def replies(store, partnership, organisation):
    return {one.number: one.replies for one in assessment_of(store, partnership, organisation).respondents}


def test_a_form_is_one_persons(store):
    id_ = make_partnership(store, A, B)
    (first, link), (second, other) = (invited(store, ANN, id_, A, role) for role in ("ict", "hr"))
    form = readiness.form_of(store, link)
    assert (form.partnership, form.role, form.number, form.answered) == (
        "Shared ICT",
        "ict",
        first,
        frozenset(),
    )
    assert form.instrument == READINESS
    assert form.promise == readiness.agreement(is_confidential=False)
    readiness.answer(store, link, "VIS1", 3)
    readiness.note(store, link, "VIS1", evidence=" Minute \n of 3 May ", text="Ask again")
    readiness.answer(store, link, "VIS1", DONT_KNOW)
    assert readiness.form_of(store, link).answered == {"VIS1"}
    assert readiness.form_of(store, other).answered == frozenset()
    assert replies(store, id_, A) == {
        first: {"VIS1": Reply(DONT_KNOW, "Minute of 3 May", "Ask again")},
        second: {},
    }


def test_neither_a_form_nor_a_sheet_holds_what_was_answered(store):
    id_ = make_partnership(store, A, B)
    _number, link = invited(store, ANN, id_, A, label="Jo of ICT")
    readiness.answer(store, link, "VIS1", 3)
    readiness.note(store, link, "VIS1", evidence="Minute", text="Secret")
    form = readiness.form_of(store, link)
    for viewer in (ANN, OPERATOR):
        sheet = readiness.sheet_for(store, viewer, id_, A)
        assert [(one.role, one.label, one.answered) for one in sheet.asked] == [("ict", "Jo of ICT", 1)]
        for held in (repr(form), repr(sheet)):
            assert "Reply(" not in held
            assert "Secret" not in held
    assert "Jo of ICT" not in repr(form)


@pytest.mark.parametrize(
    ("item", "code", "says"),
    [
        ("VIS9", 1, "no statement called VIS9"),
        ("VIS1", 7, "7 is none of the answers"),
        ("VIS1", -1, "none of"),
    ],
)
def test_what_cannot_be_answered(store, item, code, says):
    id_ = make_partnership(store, A)
    _number, link = invited(store, ANN, id_, A)
    with pytest.raises(AssessmentError, match=says):
        readiness.answer(store, link, item, code)
    assert replies(store, id_, A) == {1: {}}


def test_notes_come_after_an_answer_and_are_not_long(store):
    id_ = make_partnership(store, A)
    _number, link = invited(store, ANN, id_, A)
    with pytest.raises(AssessmentError, match="Answer the statement first"):
        readiness.note(store, link, "VIS1", text="Soon")
    readiness.answer(store, link, "VIS1", 3)
    with pytest.raises(AssessmentError, match="these are 1001"):
        readiness.note(store, link, "VIS1", evidence="x" * 1001)
    with pytest.raises(AssessmentError, match="no statement"):
        readiness.note(store, link, "VIS9", text="x")
    readiness.note(store, link, "VIS1", evidence="x" * 1000)
    readiness.note(store, link, "VIS1", text="y")
    assert replies(store, id_, A) == {1: {"VIS1": Reply(3, "x" * 1000, "y")}}


# ── A link ends ────────────────────────────────────────────────────────────────────────────────


def closed(store, link, says):
    for attempt in (
        lambda: readiness.form_of(store, link),
        lambda: readiness.answer(store, link, "VIS1", 0),
        lambda: readiness.note(store, link, "VIS1", text="x"),
    ):
        with pytest.raises(AssessmentError, match=says):
            attempt()


def test_withdrawn(store):
    id_ = make_partnership(store, A)
    (number, link), (_other, stays) = invited(store, ANN, id_, A), invited(store, ANN, id_, A)
    readiness.withdraw(store, ANN, readiness.sheet_for(store, ANN, id_, A), number)
    closed(store, link, "withdrawn")
    sheet = readiness.sheet_for(store, ANN, id_, A)
    with pytest.raises(AssessmentError, match="withdrawn"):
        readiness.link_of(store, ANN, sheet, number)
    readiness.answer(store, stays, "VIS1", 1)
    assert [one.answered for one in sheet.asked] == [0]


def test_with_the_round(store):
    id_ = make_partnership(store, A)
    _number, link = invited(store, ANN, id_, A)
    readiness.start_round(store, ANN, id_, 1, READINESS, "Ann")
    closed(store, link, "closed")


def test_with_completing(store):
    id_ = make_partnership(store, A)
    _number, link = invited(store, ANN, id_, A)
    answer_all(store, link)
    sheet = readiness.sheet_for(store, ANN, id_, A)
    assert sheet.can_be_completed
    assert readiness.complete(store, ANN, sheet, "Ann") is None  # no round was opened yet
    closed(store, link, "closed")
    done = readiness.sheet_for(store, ANN, id_, A)
    assert done.completed_at is not None
    assert not done.can_be_completed


def test_with_leaving(store):
    id_ = make_partnership(store, A, B)
    _number, link = invited(store, BEN, id_, B)
    readiness.leave(store, BEN, id_, B)
    closed(store, link, "closed")


def test_with_the_backup_that_did_not_know_it(store, tmp_path):
    """A store was restored; the same numbers are somebody else's now."""
    id_ = make_partnership(store, A, B)
    readiness.form_of(store, invited(store, ANN, id_, A)[1])
    store.close()
    (tmp_path / "kept").mkdir()
    backup = copy_store(store.path, tmp_path / "kept")
    again = open_store(store.path)
    _number, link = invited(again, BEN, id_, B)
    again.close()
    restored = open_store(backup)
    other, _theirs = invited(restored, ANN, make_partnership(restored, A, confidential=True), A)
    assert other == 1
    closed(restored, link, "withdrawn")
    restored.close()


# ── A link cannot be turned into another ───────────────────────────────────────────────────────


def test_of_a_confidential_assessment_into_anothers(store):
    mine, open_ = make_partnership(store, A, confidential=True), make_partnership(store, A, B)
    _number, link = invited(store, ANN, mine, A)
    _number, other = invited(store, BEN, open_, B)
    first, second = (assessment_of(store, *one).id for one in ((mine, A), (open_, B)))
    assert first != second
    form = readiness.form_of(store, link)
    assert form.promise == readiness.agreement(is_confidential=True)
    body, signature = link.split(".")[0], link.split(".")[-1]
    forged = base64.urlsafe_b64encode(json.dumps([second, 1, "x"]).encode()).decode().rstrip("=")
    for attack in (
        forged,
        f"{forged}.{signature}",
        f"{other.split('.')[0]}.{signature}",
        f"{body}.{other.split('.')[-1]}",
        link[:-1],
        link + "x",
        link.replace(".", ""),
        "",
        "..",
        URLSafeSerializer("", salt="readiness").dumps([second, 1, "x"]),
        URLSafeSerializer("poll", salt="readiness").dumps([second, 1, "x"]),
    ):
        closed(store, attack, "opens no form")
    assert replies(store, open_, B) == {1: {}}


def test_of_a_poll_into_a_form(store):
    """Another room's links are signed too, for something else."""
    from improve.assessment.link import _signer

    id_ = make_partnership(store, A)
    invited(store, ANN, id_, A)
    closed(store, _signer(store).dumps([1, 1, "x"]), "opens no form")


@pytest.mark.parametrize(
    "content", [[1], [1, 2, 3, 4], {"a": 1}, 7, None, "abc", [None, None, None], ["1", 1, "x"]]
)
def test_what_is_signed_but_senseless_opens_nothing(store, content):
    from improve.readiness.link import _signer

    make_partnership(store, A)
    with pytest.raises(AssessmentError):
        readiness.form_of(store, _signer(store).dumps(content))


# ── Who may ────────────────────────────────────────────────────────────────────────────────────


def test_the_sheet_is_its_organisations_and_of_an_open_one_the_operators(store):
    id_ = make_partnership(store, A, B)
    number, _link = invited(store, OPERATOR, id_, A)
    sheet = readiness.sheet_for(store, ANN, id_, A)
    for viewer in (Viewer(Role.DELEGATE, A), Viewer(Role.FACILITATOR), BEN):
        for attempt in (
            lambda viewer=viewer: readiness.sheet_for(store, viewer, id_, A),
            lambda viewer=viewer: readiness.ask(store, viewer, sheet, "ict"),
            lambda viewer=viewer: readiness.link_of(store, viewer, sheet, number),
            lambda viewer=viewer: readiness.withdraw(store, viewer, sheet, number),
            lambda viewer=viewer: readiness.complete(store, viewer, sheet, "Eve"),
        ):
            with pytest.raises(AssessmentError, match=r"no such partnership|Only the organisation's own"):
                attempt()


def test_of_a_confidential_one_the_operator_has_nothing(store):
    id_ = make_partnership(store, A, confidential=True)
    number, _link = invited(store, ANN, id_, A)
    sheet = readiness.sheet_for(store, ANN, id_, A)
    for attempt in (
        lambda: readiness.sheet_for(store, OPERATOR, id_, A),
        lambda: readiness.ask(store, OPERATOR, sheet, "ict"),
        lambda: readiness.link_of(store, OPERATOR, sheet, number),
        lambda: readiness.withdraw(store, OPERATOR, sheet, number),
        lambda: readiness.complete(store, OPERATOR, sheet, "Olu"),
    ):
        with pytest.raises(AssessmentError, match=r"no such partnership|Only the organisation's own"):
            attempt()


def test_who_is_asked_has_a_role_and_there_is_a_limit(store, monkeypatch):
    id_ = make_partnership(store, A)
    sheet = readiness.sheet_for(store, ANN, id_, A)
    with pytest.raises(AssessmentError, match="no role called king"):
        readiness.ask(store, ANN, sheet, "king")
    with pytest.raises(AssessmentError, match="these are 101"):
        readiness.ask(store, ANN, sheet, "ict", "x" * 101)
    with pytest.raises(AssessmentError, match="Nobody was asked"):
        readiness.complete(store, ANN, sheet, "Ann")
    monkeypatch.setattr("improve.readiness.respondent.MOST_RESPONDENTS", 1)
    invited(store, ANN, id_, A)
    with pytest.raises(AssessmentError, match="1 people at most"):
        readiness.ask(store, ANN, readiness.sheet_for(store, ANN, id_, A), "hr")


def test_completing_belongs_to_the_season_but_for_a_confidential_one(store):
    open_round(store, "2026")
    id_, own = make_partnership(store, A, B), make_partnership(store, A, confidential=True)
    reply(store, id_, A, ("ict", FULL))
    reply(store, own, A, ("ict", FULL))
    assert readiness.complete(store, ANN, readiness.sheet_for(store, ANN, own, A), "Ann") is None
    assert readiness.complete(store, OPERATOR, readiness.sheet_for(store, OPERATOR, id_, A), "Olu") == "2026"
    assert assessment_of(store, own, A).round is None


def test_who_has_not_joined_has_no_sheet(store):
    id_ = make_partnership(store, A)
    readiness.invite(store, ANN, id_, B, "Ann", as_candidate=False)
    with pytest.raises(AssessmentError, match="has not joined"):
        readiness.sheet_for(store, BEN, id_, B)


def test_a_stale_sheet_writes_into_no_other_round(store):
    id_ = make_partnership(store, A)
    number, _link = invited(store, ANN, id_, A)
    stale = readiness.sheet_for(store, ANN, id_, A)
    start_partnership_round(store, id_, 1, READINESS, "Ann")
    add_respondent(store, id_, 2, A, "hr", "")
    for attempt in (
        lambda: readiness.ask(store, ANN, stale, "ict"),
        lambda: readiness.withdraw(store, ANN, stale, number),
    ):
        with pytest.raises(AssessmentError, match="its answers stay"):
            attempt()
    newer = assessment_of(store, id_, A)
    assert len(read_partner_assessment(store, newer.id).counting) == 1
