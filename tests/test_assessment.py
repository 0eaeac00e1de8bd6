"""Answering an assessment: who may, what is taken, and that a private link opens its own form alone."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from improve import assessment as room
from improve.assessment.poll import MOST_VOTERS
from improve.assessment.sheet import LONGEST_EVIDENCE, LONGEST_NAME, LONGEST_REASON
from improve.disclosure import Reason
from improve.errors import AssessmentError
from improve.model import Role, Viewer
from improve.store import (
    Wording,
    close_round,
    open_round,
    read_answers,
    read_assessments,
    read_ballots,
    read_poll,
    read_voters,
)
from tests.factory import (
    DONT_KNOW,
    NO,
    NOT_APPLICABLE,
    YES,
    assessed,
    make_organisation,
    make_store,
    small_maturity,
    write_assessed,
)

INSTRUMENT = small_maturity()
ITEMS = tuple(one.id for one in INSTRUMENT.criteria)
MEMBER, OTHER = Viewer(Role.MEMBER, "X00"), Viewer(Role.MEMBER, "X01")
OPERATOR = Viewer(Role.OPERATOR)
STRANGERS = (
    OTHER,
    Viewer(Role.DELEGATE, "X00"),
    Viewer(Role.DELEGATE, "X01"),
    Viewer(Role.FACILITATOR),
    Viewer(Role.PUBLIC),
)


def fresh(folder, name="store.duckdb"):
    folder.mkdir(exist_ok=True)
    store = make_store(
        folder, organisations=tuple(make_organisation(f"X{one:02d}") for one in range(3)), name=name
    )
    open_round(store, "2026")
    return store


@pytest.fixture
def store(tmp_path):
    store = fresh(tmp_path)
    yield store
    store.close()


def sheet_of(store, viewer=MEMBER, organisation="X00"):
    return room.sheet_for(store, viewer, organisation, "dma")


def begun(store, viewer=MEMBER, organisation="X00"):
    room.begin(store, viewer, organisation, INSTRUMENT, "Ann")
    return sheet_of(store, viewer, organisation)


def polled(store, sheet, *names, viewer=MEMBER, function="LEAD"):
    """A poll with these colleagues invited; the poll and their links."""
    room.begin_poll(store, viewer, sheet, function, "Ann")
    poll = room.polls_of(store, viewer, sheet)[function]
    numbers = [room.invite_colleague(store, viewer, sheet, poll, name) for name in names]
    return poll, [room.link_of(store, poll, one) for one in numbers]


# ── Who may ────────────────────────────────────────────────────────────────────────────────────


def everything(store, viewer, sheet, poll):
    """Every door of the room, as a viewer would knock at it."""
    wording = Wording("LEAD1a", YES)
    return {
        "sheet_for": lambda: room.sheet_for(store, viewer, "X00", "dma"),
        "begin": lambda: room.begin(store, viewer, "X00", INSTRUMENT, "Eve"),
        "answer": lambda: room.answer(store, viewer, sheet, "LEAD1a", YES, "Eve"),
        "answer_many": lambda: room.answer_many(store, viewer, sheet, [wording], "Eve"),
        "fill": lambda: room.fill(store, viewer, "X00", INSTRUMENT, [wording], "Eve"),
        "note_evidence": lambda: room.note_evidence(store, viewer, sheet, "LEAD1a", "x", "Eve"),
        "assign": lambda: room.assign(store, viewer, sheet, "LEAD", "Eve", "Eve"),
        "history": lambda: room.history(store, viewer, sheet, "LEAD1a"),
        "submit": lambda: room.submit(store, viewer, sheet, "Eve"),
        "polls_of": lambda: room.polls_of(store, viewer, sheet),
        "begin_poll": lambda: room.begin_poll(store, viewer, sheet, "WEB", "Eve"),
        "voters_of": lambda: room.voters_of(store, viewer, sheet, poll),
        "invite_colleague": lambda: room.invite_colleague(store, viewer, sheet, poll, "Eve"),
        "withdraw_colleague": lambda: room.withdraw_colleague(store, viewer, sheet, poll, 1),
        "close_turn": lambda: room.close_turn(store, viewer, sheet, poll),
        "open_second_turn": lambda: room.open_second_turn(store, viewer, sheet, poll),
        "put_away": lambda: room.put_away(store, viewer, sheet, poll),
        "tally_of": lambda: room.tally_of(store, viewer, sheet, poll),
    }


def test_nobody_but_its_own_members_and_the_operator_comes_in(store):
    begun(store)
    room.answer(store, MEMBER, sheet_of(store), "LEAD1a", NO, "Ann")
    sheet = sheet_of(store)
    poll, _links = polled(store, sheet, "Bob")
    before = read_answers(store, sheet.assessment), read_voters(store, poll), read_poll(store, poll.id)
    for viewer in STRANGERS:
        for name, knock in everything(store, viewer, sheet, poll).items():
            with pytest.raises(AssessmentError) as caught:
                knock()
            assert str(caught.value) == "Only the organisation's own members answer its assessment.", name
    after = read_answers(store, sheet.assessment), read_voters(store, poll), read_poll(store, poll.id)
    assert after == before
    assert sheet_of(store, OPERATOR) == sheet_of(store)


def test_a_poll_of_another_sheet_is_none(store):
    """A member of one council hands in the number of another's poll, with their own sheet."""
    mine, theirs = begun(store), begun(store, OTHER, "X01")
    poll, _links = polled(store, theirs, "Dee", viewer=OTHER)
    for name, knock in everything(store, MEMBER, mine, poll).items():
        if name in ("voters_of", "tally_of", "put_away", "close_turn", "open_second_turn") or "coll" in name:
            with pytest.raises(AssessmentError, match="This assessment has no such poll"):
                knock()
    assert read_poll(store, poll.id).poll.is_open


# ── The sheet ──────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_kept_with_who_and_when(store):
    sheet = begun(store)
    assert (sheet.answered(), sheet.is_whole, sheet.last, sheet.last_round) == (0, False, {}, None)
    room.answer(store, MEMBER, sheet, "LEAD1a", YES, "  Ann\t Smith ")
    found = sheet_of(store).answers["LEAD1a"]
    assert (found.code, found.answered_by, found.evidence, found.reason) == (YES, "Ann Smith", "", "")
    assert (sheet_of(store).answered(), sheet_of(store).answered("WEB")) == (1, 0)
    assert [one.id for one in sheet.criteria_of("WEB")] == [
        *(f"WEB{at}{one}" for at in "123" for one in "ab")
    ]


def test_evidence_stays_when_the_answer_changes(store):
    sheet = begun(store)
    with pytest.raises(AssessmentError, match="Answer the criterion first"):
        room.note_evidence(store, MEMBER, sheet, "LEAD1a", "x", "Ann")
    room.answer(store, MEMBER, sheet, "LEAD1a", YES, "Ann")
    room.note_evidence(store, MEMBER, sheet_of(store), "LEAD1a", "https://x.test/a?b=1#c", "Bob")
    room.answer(store, MEMBER, sheet_of(store), "LEAD1a", NO, "Cy")
    found = sheet_of(store).answers["LEAD1a"]
    assert (found.code, found.evidence, found.answered_by) == (NO, "https://x.test/a?b=1#c", "Cy")
    assert [one.answered_by for one in room.history(store, MEMBER, sheet, "LEAD1a")] == ["Cy", "Bob", "Ann"]


def test_not_applicable_needs_a_reason_and_no_other_answer_keeps_one(store):
    sheet = begun(store)
    for reason in ("", "   ", "\u200b\n\x00"):
        with pytest.raises(AssessmentError, match="LEAD1a: say why it does not apply, in 1 to 300"):
            room.answer(store, MEMBER, sheet, "LEAD1a", NOT_APPLICABLE, "Ann", reason=reason)
    with pytest.raises(AssessmentError, match="these are 301"):
        room.answer(store, MEMBER, sheet, "LEAD1a", NOT_APPLICABLE, "Ann", reason="x" * (LONGEST_REASON + 1))
    assert sheet_of(store).answers == {}
    room.answer(store, MEMBER, sheet, "LEAD1a", NOT_APPLICABLE, "Ann", reason="x" * LONGEST_REASON)
    assert sheet_of(store).answers["LEAD1a"].reason == "x" * LONGEST_REASON
    for code in (YES, NO, DONT_KNOW):
        room.answer(store, MEMBER, sheet_of(store), "LEAD1a", code, "Ann", reason="because")
        assert sheet_of(store).answers["LEAD1a"].reason == ""


def test_a_note_on_what_does_not_apply_keeps_its_reason(store):
    sheet = begun(store)
    room.answer(store, MEMBER, sheet, "LEAD1a", NOT_APPLICABLE, "Ann", reason="The county does it")
    room.note_evidence(store, MEMBER, sheet_of(store), "LEAD1a", "Minutes of May", "Bob")
    found = sheet_of(store).answers["LEAD1a"]
    assert (found.code, found.reason, found.evidence) == (
        NOT_APPLICABLE,
        "The county does it",
        "Minutes of May",
    )


@pytest.mark.parametrize(
    ("item", "code", "message"),
    [
        ("LEAD9z", YES, "There is no criterion called LEAD9z"),
        ("", YES, "There is no criterion called"),
        ("lead1a", YES, "There is no criterion called lead1a"),
        ("LEAD1a", 77, "LEAD1a: 77 is none of the answers"),
        ("LEAD1a", -1, "LEAD1a: -1 is none of the answers"),
        ("LEAD1a", 0, "LEAD1a: 0 is none of the answers"),
    ],
)
def test_what_was_not_asked_is_refused(store, item, code, message):
    sheet = begun(store)
    with pytest.raises(AssessmentError, match=message):
        room.answer(store, MEMBER, sheet, item, code, "Ann")
    assert sheet_of(store).answers == {}


def test_several_answers_go_in_together_or_not_at_all(store):
    sheet = begun(store)
    with pytest.raises(AssessmentError):
        room.answer_many(store, MEMBER, sheet, [Wording("LEAD1a", YES), Wording("LEAD1b", 77)], "Ann")
    assert sheet_of(store).answers == {}
    room.answer_many(store, MEMBER, sheet, [Wording(item, YES) for item in ITEMS], "Ann")
    assert sheet_of(store).is_whole


def test_texts_have_their_lengths(store):
    sheet = begun(store)
    room.answer(store, MEMBER, sheet, "LEAD1a", YES, "x" * LONGEST_NAME)
    for name in ("", " \n", "x" * (LONGEST_NAME + 1)):
        with pytest.raises(AssessmentError, match="Give a name or role, in 1 to 100 characters"):
            room.answer(store, MEMBER, sheet, "LEAD1a", NO, name)
    room.note_evidence(store, MEMBER, sheet_of(store), "LEAD1a", "x" * LONGEST_EVIDENCE, "Ann")
    with pytest.raises(AssessmentError, match="the evidence has 1000 characters at most; these are 1001"):
        room.note_evidence(store, MEMBER, sheet_of(store), "LEAD1a", "x" * (LONGEST_EVIDENCE + 1), "Ann")
    room.assign(store, MEMBER, sheet, "LEAD", "x" * LONGEST_NAME, "Ann")
    with pytest.raises(AssessmentError, match="has 100 characters at most; these are 101"):
        room.assign(store, MEMBER, sheet, "LEAD", "x" * (LONGEST_NAME + 1), "Ann")
    found = sheet_of(store)
    assert found.sections == {"LEAD": "x" * LONGEST_NAME}
    assert (found.answers["LEAD1a"].code, len(found.answers["LEAD1a"].evidence)) == (YES, LONGEST_EVIDENCE)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A store with an open assessment, for tests that may write whatever they like."""
    store = fresh(tmp_path_factory.mktemp("shared"))
    begun(store)
    yield store
    store.close()


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "'; drop table assessment; --",
            "$item",
            "<script>alert(1)</script>",
            "=HYPERLINK(1)",
            "\u202eabc",
            "a\x00b",
            "\ud800",
            "line\nline\r\nline\u2028line",
        ]
    ),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=HOSTILE, evidence=HOSTILE, reason=HOSTILE)
def test_hostile_text_is_kept_as_text_on_one_line_or_refused(shared, name, evidence, reason):
    sheet = sheet_of(shared)
    before = room.history(shared, MEMBER, sheet, "LEAD1a")
    try:
        room.answer_many(shared, MEMBER, sheet, [Wording("LEAD1a", NOT_APPLICABLE, evidence, reason)], name)
    except AssessmentError as error:
        assert len(str(error).splitlines()) == 1
        assert room.history(shared, MEMBER, sheet, "LEAD1a") == before
        return
    found = sheet_of(shared).answers["LEAD1a"]
    for kept, given_ in ((found.answered_by, name), (found.evidence, evidence), (found.reason, reason)):
        assert kept.isprintable()
        assert "".join(kept.split()) == "".join(one for one in "".join(given_.split()) if one.isprintable())
    assert len(room.history(shared, MEMBER, sheet, "LEAD1a")) == len(before) + 1


def test_who_answers_what(store):
    sheet = begun(store)
    room.assign(store, MEMBER, sheet, "LEAD", " Chief\texecutive ", "Ann")
    assert sheet_of(store).sections == {"LEAD": "Chief executive"}
    with pytest.raises(AssessmentError, match="There is no function called NOPE"):
        room.assign(store, MEMBER, sheet, "NOPE", "Ann", "Ann")
    room.assign(store, MEMBER, sheet, "LEAD", "", "Ann")
    assert sheet_of(store).sections == {}


def whole(store, sheet, code=YES, viewer=MEMBER):
    room.answer_many(store, viewer, sheet, [Wording(item, code) for item in ITEMS], "Ann")
    return sheet_of(store, viewer, sheet.assessment.organisation)


def test_submitting_freezes_and_the_next_one_starts_empty(store):
    sheet = begun(store)
    with pytest.raises(AssessmentError, match="These criteria have no answer yet: LEAD1a"):
        room.submit(store, MEMBER, sheet, "Ann")
    room.assign(store, MEMBER, sheet, "LEAD", "Chief executive", "Ann")
    sheet = whole(store, sheet)
    assert room.submit(store, MEMBER, sheet, "Ann") == "2026"
    assert sheet_of(store) is None
    for knock in (
        lambda: room.answer(store, MEMBER, sheet, "LEAD1a", NO, "Ann"),
        lambda: room.note_evidence(store, MEMBER, sheet, "LEAD1a", "x", "Ann"),
        lambda: room.begin_poll(store, MEMBER, sheet, "LEAD", "Ann"),
        lambda: room.submit(store, MEMBER, sheet, "Ann"),
    ):
        with pytest.raises(AssessmentError):
            knock()
    again = begun(store)
    assert again.answers == {}
    assert again.last == dict.fromkeys(ITEMS, YES)
    assert again.last_round == "2026"
    assert again.sections == {"LEAD": "Chief executive"}
    with pytest.raises(AssessmentError, match="An assessment is open already"):
        begun(store)


def test_an_assessment_belongs_to_the_season_that_collects(store):
    open_round(store, "2027")
    close_round(store, "2026")
    assert room.season_for(store).label == "2027"
    open_round(store, "2025")
    # The newest that collects, not the one that was opened last.
    assert room.season_for(store).label == "2027"
    for label in ("2025", "2027"):
        close_round(store, label)
    assert room.season_for(store).label == "2027"
    assert room.submit(store, MEMBER, whole(store, begun(store)), "Ann") == "2027"


def test_without_a_round_the_answers_are_kept_and_wait(tmp_path):
    store = make_store(tmp_path, organisations=(make_organisation("X00"),))
    sheet = whole(store, begun(store))
    with pytest.raises(AssessmentError, match="There is no round yet"):
        room.submit(store, MEMBER, sheet, "Ann")
    assert sheet_of(store).is_whole
    store.close()


def test_last_time_is_the_newest_that_was_submitted(store):
    write_assessed(store, {"2025": {"X00": assessed("yyyyyy")}, "2026": {"X00": assessed("nnnnnn")}})
    sheet = begun(store)
    assert (sheet.last["LEAD1a"], sheet.last_round) == (NO, "2026")


def test_the_newest_version_is_begun():
    versions = [small_maturity(version) for version in ("1.9", "1.10", "1.2")]
    assert room.newest_instrument(versions, "dma").version == "1.10"
    with pytest.raises(AssessmentError, match="no maturity instrument called rasp"):
        room.newest_instrument(versions, "rasp")


# ── Polls ──────────────────────────────────────────────────────────────────────────────────────


def test_a_poll_from_private_answers_to_the_spread(store):
    sheet = begun(store)
    poll, links = polled(store, sheet, "Bob", "Cy", "Dee")
    for item in ITEMS[:6]:
        room.vote(store, links[0], item, YES)
        room.vote(store, links[1], item, YES if item != "LEAD3b" else NO)
    room.vote(store, links[2], "LEAD1a", YES)
    found = room.tally_of(store, MEMBER, sheet, poll)
    assert (found.invited, found.finished, found.agreed) == (3, 2, {})
    assert {one.withheld for one in found.spread[1].values()} == {Reason.POLL_OPEN}
    room.close_turn(store, MEMBER, sheet, poll)
    poll = room.polls_of(store, MEMBER, sheet)["LEAD"]
    found = room.tally_of(store, MEMBER, sheet, poll)
    # In the order of the instrument's answers: yes, no, don't know, does not apply.
    assert found.spread[1]["LEAD1a"].value == (3, 0, 0, 0)
    assert found.spread[1]["LEAD3b"].value == (1, 1, 0, 0)
    assert found.agreed == dict.fromkeys(ITEMS[:5], YES)
    room.open_second_turn(store, MEMBER, sheet, poll)
    poll = room.polls_of(store, MEMBER, sheet)["LEAD"]
    room.vote(store, links[1], "LEAD3b", YES)
    found = room.tally_of(store, MEMBER, sheet, poll)
    assert found.spread[1]["LEAD3b"].value == (1, 1, 0, 0)
    assert {one.withheld for one in found.spread[2].values()} == {Reason.POLL_OPEN}
    assert found.finished == 0
    room.put_away(store, MEMBER, sheet, poll)
    assert room.polls_of(store, MEMBER, sheet) == {}


def test_of_one_who_answered_nothing_is_shown(store):
    """The spread of one is their private answer, and so is that of the only one to answer a criterion."""
    sheet = begun(store)
    poll, links = polled(store, sheet, "Bob", "Cy")
    room.vote(store, links[0], "LEAD1a", NO)
    room.vote(store, links[1], "LEAD1b", NO)
    room.vote(store, links[0], "LEAD1b", NO)
    room.close_turn(store, MEMBER, sheet, poll)
    found = room.tally_of(store, MEMBER, sheet, room.polls_of(store, MEMBER, sheet)["LEAD"])
    assert found.spread[1]["LEAD1a"].withheld is Reason.FEW_VOTERS
    assert found.spread[1]["LEAD1b"].value == (0, 2, 0, 0)
    assert found.agreed == {"LEAD1b": NO}


def test_the_withdrawn_leave_no_trace_in_an_open_turn(store):
    sheet = begun(store)
    poll, links = polled(store, sheet, "Bob", "Cy", "Dee")
    for link in links:
        room.vote(store, link, "LEAD1a", NO)
    room.withdraw_colleague(store, MEMBER, sheet, poll, 3)
    assert [one.name for one in room.voters_of(store, MEMBER, sheet, poll)] == ["Bob", "Cy"]
    assert room.tally_of(store, MEMBER, sheet, poll).invited == 2
    room.close_turn(store, MEMBER, sheet, poll)
    poll = room.polls_of(store, MEMBER, sheet)["LEAD"]
    assert room.tally_of(store, MEMBER, sheet, poll).spread[1]["LEAD1a"].value == (0, 2, 0, 0)


def test_nobody_is_withdrawn_from_a_turn_that_was_shown(store):
    """The spread with and without somebody would be that person's answers."""
    sheet = begun(store)
    poll, links = polled(store, sheet, "Bob", "Cy", "Dee")
    for link, code in zip(links, (YES, NO, NO), strict=True):
        room.vote(store, link, "LEAD1a", code)
    room.close_turn(store, MEMBER, sheet, poll)
    with pytest.raises(AssessmentError):
        room.withdraw_colleague(store, MEMBER, sheet, poll, 1)
    room.open_second_turn(store, MEMBER, sheet, poll)
    poll = room.polls_of(store, MEMBER, sheet)["LEAD"]
    room.withdraw_colleague(store, MEMBER, sheet, poll, 1)
    assert room.tally_of(store, MEMBER, sheet, poll).spread[1]["LEAD1a"].value == (1, 2, 0, 0)


def test_of_two_who_agree_at_once_one_does(store):
    """The other is told, and nothing of theirs is kept."""
    sheet = begun(store)
    poll, links = polled(store, sheet, "Bob", "Cy")
    for link in links:
        room.vote(store, link, "LEAD1a", YES)
    room.close_turn(store, MEMBER, sheet, poll)
    together, told = threading.Barrier(4), []

    def agree(code):
        together.wait()
        try:
            room.agree(store, MEMBER, sheet, poll, dict.fromkeys(ITEMS[:6], (code, "")), f"Person {code}")
        except AssessmentError as error:
            told.append(str(error))

    people = [threading.Thread(target=agree, args=(code,)) for code in (YES, NO, YES, NO)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert told == ["The poll is no longer at that point: somebody moved it on meanwhile."] * 3
    assert len(room.history(store, MEMBER, sheet, "LEAD1a")) == 1
    assert len({one.code for one in sheet_of(store).answers.values()}) == 1


def test_colleagues_are_invited_once_and_thirty_at_most(store):
    sheet = begun(store)
    poll, _links = polled(store, sheet, "Bob")
    with pytest.raises(AssessmentError, match="BOB is invited already"):
        room.invite_colleague(store, MEMBER, sheet, poll, " BOB ")
    for name in ("", "x" * (LONGEST_NAME + 1)):
        with pytest.raises(AssessmentError):
            room.invite_colleague(store, MEMBER, sheet, poll, name)
    for one in range(MOST_VOTERS - 1):
        room.invite_colleague(store, MEMBER, sheet, poll, f"Person {one}")
    with pytest.raises(AssessmentError, match="A poll asks 30 people at most"):
        room.invite_colleague(store, MEMBER, sheet, poll, "One more")
    with pytest.raises(AssessmentError, match="There is no function called NOPE"):
        room.begin_poll(store, MEMBER, sheet, "NOPE", "Ann")


# ── Private links ──────────────────────────────────────────────────────────────────────────────

CLOSED = "This poll is closed. Thank you for taking part."
NO_POLL = "This link opens no poll. It may have been cut off; copy it again, whole."
WITHDRAWN = "This invitation was withdrawn."


def opens(store, link):
    """(poll, voter) of the form that a link opens; the sentence where it opens none."""
    try:
        form = room.form_of(store, link)
    except AssessmentError as error:
        return str(error)
    return form.place.poll.id, form.voter


def test_a_link_opens_one_form_with_nothing_of_earlier_answers(store):
    sheet = begun(store)
    room.answer(store, MEMBER, sheet, "LEAD1a", YES, "Ann")
    poll, links = polled(store, sheet, "Bob", "Cy")
    room.vote(store, links[0], "LEAD1a", NO)
    form = room.form_of(store, links[0])
    assert (form.place.poll.id, form.voter, form.function.id) == (poll.id, 1, "LEAD")
    assert [one.id for one in form.criteria] == list(ITEMS[:6])
    assert form.answered == {"LEAD1a"}
    assert room.form_of(store, links[1]).answered == frozenset()
    assert {name for name in form.__slots__ if "code" in name or name == "answers"} == set()
    room.close_turn(store, MEMBER, sheet, poll)
    assert opens(store, links[0]) == CLOSED
    room.open_second_turn(store, MEMBER, sheet, poll)
    assert room.form_of(store, links[0]).answered == frozenset()


def test_a_link_answers_its_own_function_with_its_own_answers(store):
    poll, (link,) = polled(store, begun(store), "Bob")
    with pytest.raises(AssessmentError, match="There is no criterion called WEB1a"):
        room.vote(store, link, "WEB1a", YES)
    with pytest.raises(AssessmentError, match="LEAD1a: 77 is none of the answers"):
        room.vote(store, link, "LEAD1a", 77)
    assert read_ballots(store, poll) == ()


def test_a_link_is_over_when_its_poll_is(store):
    sheet = begun(store)
    poll, links = polled(store, sheet, "Bob", "Cy")
    room.withdraw_colleague(store, MEMBER, sheet, poll, 1)
    assert opens(store, links[0]) == WITHDRAWN
    assert opens(store, links[1]) == (poll.id, 2)
    web, (last,) = polled(store, sheet, "Dee", function="WEB")
    room.put_away(store, MEMBER, sheet, poll)
    assert opens(store, links[1]) == CLOSED
    assert opens(store, last) == (web.id, 1)
    room.submit(store, MEMBER, whole(store, sheet), "Ann")
    assert opens(store, last) == CLOSED
    with pytest.raises(AssessmentError, match="This poll is closed"):
        room.vote(store, last, "WEB1a", YES)


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """Two councils with a poll each, and a store of somebody else; (store, links, other store, its links)."""
    folder = tmp_path_factory.mktemp("linked")
    store, elsewhere = fresh(folder), fresh(folder, "other.duckdb")
    mine, theirs = begun(store), begun(store, OTHER, "X01")
    links = [
        *polled(store, mine, "Bob", "Cy")[1],
        *polled(store, theirs, "Dee", "Eve", viewer=OTHER)[1],
    ]
    others = polled(elsewhere, begun(elsewhere), "Bob", "Cy")[1]
    yield store, links, elsewhere, others
    store.close()
    elsewhere.close()


def test_every_link_opens_its_own(linked):
    store, links, elsewhere, others = linked
    assert [opens(store, one) for one in links] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert len(set(links)) == 4
    # The same poll and person of another store: another secret.
    assert [opens(elsewhere, one) for one in others] == [(1, 1), (1, 2)]
    assert {opens(store, one) for one in others} == {NO_POLL}


def test_a_link_that_was_cut_or_changed_opens_nothing(linked):
    store, links, _elsewhere, _others = linked
    link = links[0]
    assert {opens(store, link[:cut]) for cut in range(len(link))} == {NO_POLL}
    # The last letter of a signature has bits that say nothing: what it opens is still its own form.
    for place in range(len(link)):
        for letter in "A9_-.":
            changed = link[:place] + letter + link[place + 1 :]
            assert changed == link or opens(store, changed) in (NO_POLL, (1, 1)), changed
    for wrong in ("", " ", ".", "..", "1.1", "é", "\ud800", "[1,1]", link + "x", link + "." + link, link * 2):
        assert opens(store, wrong) == NO_POLL


def test_parts_of_two_links_make_no_third(linked):
    store, links, _elsewhere, _others = linked
    for one in links:
        for other in links:
            mixed = one.split(".")[0] + "." + other.split(".")[1]
            assert opens(store, mixed) == (opens(store, one) if one == other else NO_POLL)


@settings(max_examples=60)
@given(st.text(max_size=80), st.integers(0, 3))
def test_a_forged_link_opens_nothing(linked, text, number):
    store, links, _elsewhere, _others = linked
    assert opens(store, text) == NO_POLL
    assert opens(store, links[number].split(".")[0] + "." + text) == NO_POLL


def test_a_link_signed_for_something_else_opens_nothing(linked):
    store, _links, _elsewhere, _others = linked
    secret = store.rows("meta", {"name": "poll_secret"})[0][0]
    for other in (URLSafeSerializer(secret, salt="respondent"), URLSafeSerializer("guess", salt="poll")):
        assert opens(store, other.dumps([1, 1])) == NO_POLL


def test_a_link_to_a_poll_or_person_that_is_not_there(linked):
    store, links, _elsewhere, _others = linked
    secret = store.rows("meta", {"name": "poll_secret"})[0][0]
    signer = URLSafeSerializer(secret, salt="poll")
    assert signer.dumps([1, 1]) == links[0]
    for wrong in ([99, 1], [1, 99], [1, 0]):
        assert opens(store, signer.dumps(wrong)) == WITHDRAWN


def test_what_a_link_answers_is_written_to_its_own_poll_alone(linked):
    store, links, _elsewhere, _others = linked
    room.vote(store, links[2], "LEAD1a", NO)
    assert read_ballots(store, read_poll(store, 1).poll) == ()
    assert [(one.voter, one.code) for one in read_ballots(store, read_poll(store, 2).poll)] == [(1, NO)]
    for organisation in ("X00", "X01"):
        (assessment,) = read_assessments(store, organisation, "dma")
        assert read_answers(store, assessment) == {}
