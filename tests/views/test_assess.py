"""The Assess page's view: whose, how far, what it would come to, and what stands beside each answer."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from improve import assessment
from improve.model import Role, Selection, Viewer
from improve.store import open_round, open_store
from improve.views import assess_sentence, poll
from improve.views.assess import assess_view, assessable, half_answered, revision_of
from improve.views.choice import Subject, choose
from tests.factory import (
    CARDIFF,
    NO,
    NOT_APPLICABLE,
    SWANSEA,
    YES,
    assessed,
    copy_store,
    make_store,
    write_assessed,
    write_open,
)

MEMBER = Viewer(Role.MEMBER, CARDIFF)
WISH = Selection(organisation=CARDIFF)
LEAD = ("LEAD1a", "LEAD1b", "LEAD2a", "LEAD2b", "LEAD3a", "LEAD3b")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Cardiff submitted in 2025; of the next one LEAD is whole, WEB half answered, SAFE not begun."""
    made = make_store(tmp_path_factory.mktemp("begun"))
    write_assessed(made, {"2025": {CARDIFF: assessed("yyyynn", "yyyyyy")}})
    write_open(made, CARDIFF, assessed("yyy-n?", "yny   ", "      "))
    made.close()
    return made.path


@pytest.fixture
def store(begun, tmp_path):
    opened = open_store(copy_store(begun, tmp_path))
    yield opened
    opened.close()


def view_of(store, viewer=MEMBER, selection=WISH):
    return assess_view(store, viewer, selection)


def sheet_of(store):
    return assessment.sheet_for(store, MEMBER, CARDIFF, "dma")


STRANGERS = [
    Viewer(Role.PUBLIC),
    Viewer(Role.FACILITATOR),
    Viewer(Role.DELEGATE, CARDIFF),
]


@pytest.mark.parametrize("viewer", STRANGERS, ids=lambda one: one.role)
def test_strangers_see_one_sentence_and_nothing_of_it(store, viewer):
    view = view_of(store, viewer)
    assert not view.may_assess
    assert (view.sheet, view.season) == (None, None)
    assert view.functions == view.criteria == view.submitted == ()
    assert view.finding.startswith("An assessment is answered by the organisation's own members.")
    assert half_answered(store, choose(store, viewer, WISH, Subject.MATURITY)) is None
    assert assessable(store, viewer) == ()


def test_a_member_of_another_organisation_gets_their_own(store):
    view = view_of(store, Viewer(Role.MEMBER, SWANSEA))
    assert view.choice.organisation.code == SWANSEA
    assert view.may_assess
    assert view.sheet is None
    assert view.finding == "No assessment of digital maturity has been started yet."


def test_the_operator_answers_for_any_organisation_of_the_register(store):
    operator = Viewer(Role.OPERATOR)
    assert not view_of(store, operator, Selection()).may_assess or view_of(store, operator, Selection()).sheet
    assert SWANSEA in {one.code for one in assessable(store, operator)}
    view = view_of(store, operator, Selection(organisation=SWANSEA))
    assert view.may_assess
    assert view.choice.organisation.code == SWANSEA
    assert view.choice.notices == ()
    assert assessable(store, MEMBER) == ()


def test_progress_and_level_of_what_is_whole_alone(store):
    view = view_of(store)
    assert view.finding == "9 of 18 criteria are answered; 1 of 3 functions are complete."
    lead, web, safe = view.functions
    assert (lead.answered, lead.level.value, lead.next_level, lead.missing) == (6, 2, 3, 2)
    assert (lead.share.value, lead.not_applicable) == (3 / 5, 1)
    assert assess_sentence.so_far(lead) == "Level 2 so far, 2 answers from level 3; 60% of the criteria met."
    assert assess_sentence.without_those(lead).startswith("1 criterion was said not to apply")
    assert (web.answered, web.asked, web.level, web.share) == (3, 6, None, None)
    assert assess_sentence.so_far(web) == assess_sentence.without_those(web) == ""
    assert (safe.answered, safe.is_whole) == (0, False)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("yyyyyy", "Level 3 so far, the highest; 100% of the criteria met."),
        ("nyyyyy", "Level 0 so far, 1 answer from level 1; 83% of the criteria met."),
        ("------", "No criterion applies, so there is no level."),
    ],
)
def test_what_a_whole_function_would_come_to(tmp_path, word, sentence):
    opened = make_store(tmp_path)
    write_open(opened, CARDIFF, assessed(word, " " * 6, " " * 6))
    assert assess_sentence.so_far(view_of(opened).functions[0]) == sentence
    opened.close()


def test_last_time_s_answer_stands_beside_and_a_difference_is_counted(store):
    view = view_of(store)
    by_id = {one.criterion.id: one for one in view.criteria}
    round_ = view.sheet.last_round
    assert assess_sentence.beside(by_id["LEAD1a"], round_) == ("Last time (2025): Yes",)
    assert assess_sentence.beside(by_id["LEAD2b"], round_) == (
        "Last time (2025): Yes. This differs.",
        "Does not apply because: Not our task",
    )
    assert assess_sentence.beside(by_id["SAFE1a"], round_) == ("Last time (2025): No",)
    assert [one.changed for one in view.functions] == [2, 1, 0]
    assert "2 answers differ from last time" in assess_sentence.in_brief(view.functions[0])


def test_who_and_when_in_the_reader_s_own_time(store):
    assessment.note_evidence(store, MEMBER, sheet_of(store), "LEAD1a", "the strategy", "Ben")
    one = view_of(store).criteria[0]
    assert one.answer.answered_by == "Ben"
    assert "Evidence: the strategy" in assess_sentence.beside(one, "2025")
    moment, now = datetime(2026, 7, 1, 23, 30), datetime(2026, 7, 2, 8, tzinfo=UTC)
    assert assess_sentence.moment(moment, ZoneInfo("Europe/London"), now) == "00:30"
    assert assess_sentence.moment(moment, UTC, now) == "1 July 2026, 23:30"


def test_somebody_else_s_answer_makes_a_view_old(store):
    view = view_of(store)
    assert revision_of(store, view) == view.revision
    assessment.answer(store, MEMBER, sheet_of(store), "SAFE1a", YES, "Ben")
    assert revision_of(store, view) != view.revision
    assert view_of(store).functions[2].answered == 1


def test_half_answered_says_how_far_the_next_one_is(store):
    choice = choose(store, MEMBER, WISH, Subject.MATURITY)
    assert half_answered(store, choice) == "The next assessment is 9 of 18 answered."
    rest = [item for item in assessed() if item not in sheet_of(store).answers]
    for item in rest:
        assessment.answer(store, MEMBER, sheet_of(store), item, NO, "Ben")
    assessment.submit(store, MEMBER, sheet_of(store), "Ben")
    submitted = "The last assessment is submitted, and the next one is not started yet."
    assert half_answered(store, choice) == submitted
    view = view_of(store)
    assert view.sheet is None
    assert [one.round for one in view.submitted] == ["2025", "2025"]
    assert view.finding == half_answered(store, choice)
    other = choose(store, Viewer(Role.MEMBER, SWANSEA), Selection(organisation=SWANSEA), Subject.MATURITY)
    assert half_answered(store, other) == "No assessment of digital maturity has been started yet."
    write_open(store, SWANSEA, {"LEAD1a": NO})
    assert half_answered(store, other) == "The first assessment is 1 of 18 answered."


def test_before_submitting_all_that_happens_is_said(store):
    text = assess_sentence.before_submitting(view_of(store))
    assert "freezes all 18 answers as they stand and puts them into round 2025" in text
    assert "takes the place of the version you submitted for that round before" in text
    assert "1 criterion was said not to apply." in text
    assert "poll" not in text
    open_round(store, "2026")
    assessment.begin_poll(store, MEMBER, sheet_of(store), "WEB", "Ann")
    text = assess_sentence.before_submitting(view_of(store))
    assert "round 2026" in text
    assert "takes the place" not in text
    assert "A poll is still going on, and what it finds would not count: Website." in text


def now(store):
    """The poll of LEAD as it stands."""
    one = assessment.polls_of(store, MEMBER, sheet_of(store))["LEAD"]
    return poll.poll_view(store, MEMBER, sheet_of(store), one)


class TestPoll:
    @pytest.fixture
    def poll_of(self, store):
        def make(*voters, close=True):
            sheet = sheet_of(store)
            assessment.begin_poll(store, MEMBER, sheet, "LEAD", "Ann")
            one = assessment.polls_of(store, MEMBER, sheet)["LEAD"]
            for place, codes in enumerate(voters):
                number = assessment.invite_colleague(store, MEMBER, sheet, one, f"Colleague {place}")
                link = assessment.link_of(store, one, number)
                for item, code in zip(LEAD, codes, strict=False):
                    assessment.vote(store, link, item, code)
            if close:
                assessment.close_turn(store, MEMBER, sheet, one)
            return now(store)

        return make

    def test_an_open_poll_tells_how_many_have_finished_and_nothing_else(self, poll_of):
        view = poll_of([YES] * 6, [NO] * 5, close=False)
        assert poll.state(view) == (
            "1 of 2 colleagues have finished. Nothing is shown until the poll is closed."
        )
        assert [one.name for one in view.invited] == ["Colleague 0", "Colleague 1"]
        assert view.shown_turn == 0
        assert all(one.spread == {} and one.agreed is None for one in view.criteria)
        assert view.finding == ""

    def test_closed_it_tells_the_spread_and_where_all_agree(self, poll_of):
        view = poll_of([YES] * 6, [YES] * 4 + [NO, NOT_APPLICABLE])
        assert view.finding == (
            "Everybody agrees on 4 of 6 criteria. Talk about these: Topic LEAD3a, Topic LEAD3b."
        )
        table = poll.spread_table(view)
        assert [row["First answers"] for row in table] == [
            *["Yes 2"] * 4,
            "Yes 1, No 1",
            "Yes 1, Does not apply 1",
        ]
        assert poll.drawn_answers(view) == ("No", "Don't know", "Does not apply", "Yes")
        bars = [bar for bar in poll.spread_bars(view) if bar["order"] == 5]
        assert [(bar["place"], bar["x0"], bar["x1"], bar["label"]) for bar in bars] == [
            (2, 0.0, 0.5, "1"),
            (3, 0.5, 1.0, "1"),
        ]
        assert [row["note"] for row in poll.spread_rows(view)] == [*["all agree"] * 4, "", ""]

    def test_of_one_alone_nothing_is_told(self, poll_of):
        view = poll_of([YES] * 6, [])
        assert view.finding == "Fewer than two colleagues answered, so there is no spread to show."
        assert poll.spread_bars(view) == []
        assert {row["First answers"] for row in poll.spread_table(view)} == {
            "Fewer than two colleagues answered this."
        }
        assert all(one.agreed is None for one in view.criteria)

    def test_a_second_turn_keeps_the_first_and_is_told_when_closed(self, store, poll_of):
        view = poll_of([YES] * 6, [NO] * 6)
        sheet = sheet_of(store)
        assessment.open_second_turn(store, MEMBER, sheet, view.poll)
        again = now(store)
        assert poll.state(again).startswith("Second time: 0 of 2")
        assert list(poll.spread_table(again)[0])[-1] == "First answers"
        for one in again.invited:
            assessment.vote(store, one.link, "LEAD1a", YES)
        assessment.close_turn(store, MEMBER, sheet, view.poll)
        last = now(store)
        first = poll.spread_table(last)[0]
        assert (first["First answers"], first["Second answers"]) == ("Yes 1, No 1", "Yes 2")
        assert last.criteria[0].agreed == YES
