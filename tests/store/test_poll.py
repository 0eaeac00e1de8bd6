"""Polls in the store: turns, invitations and private answers, and what is refused at which point."""

import threading

import duckdb
import pytest

from improve.errors import AssessmentError
from improve.store import (
    Wording,
    answer_poll,
    check_store,
    close_poll,
    invite,
    keep_secret,
    open_round,
    open_store,
    read_assessments,
    read_ballots,
    read_poll,
    read_polls,
    read_voters,
    reopen_poll,
    settle_poll,
    start_assessment,
    start_poll,
    submit_assessment,
    withdraw,
    write_answers,
)
from tests.factory import NO, YES, copy_store, make_organisation, make_store, small_maturity

INSTRUMENT = small_maturity()
ITEMS = tuple(one.id for one in INSTRUMENT.criteria)


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path, organisations=(make_organisation("X00"), make_organisation("X01")))
    open_round(store, "2026")
    yield store
    store.close()


def begun(store, organisation="X00"):
    start_assessment(store, organisation, INSTRUMENT, "Ann")
    return read_assessments(store, organisation, "dma")[-1]


@pytest.fixture
def place(store):
    """A poll of LEAD with two colleagues invited: numbers 1 and 2."""
    place = read_poll(store, start_poll(store, begun(store), "LEAD", "Ann"))
    assert [invite(store, place, name) for name in ("Bob", "Cy")] == [1, 2]
    return place


def again(store, place):
    return read_poll(store, place.poll.id)


def ballots(store, place):
    return [(one.turn, one.voter, one.item, one.code) for one in read_ballots(store, place.poll)]


MOVED = "The poll is no longer at that point"


def test_a_poll_and_where_it_belongs(store, place):
    (poll,) = read_polls(store, read_assessments(store, "X00", "dma")[0])
    assert poll == place.poll
    assert (place.organisation, place.instrument, place.version) == ("X00", "dma", "1.0")
    assert (poll.section, poll.turn, poll.started_by, poll.is_open) == ("LEAD", 1, "Ann", True)
    assert not place.is_submitted
    assert read_poll(store, 999) is None
    assert [(one.number, one.name, one.withdrawn_in) for one in read_voters(store, poll)] == [
        (1, "Bob", None),
        (2, "Cy", None),
    ]


def test_a_section_has_one_poll_at_a_time(store, place):
    mine = read_assessments(store, "X00", "dma")[0]
    with pytest.raises(AssessmentError, match="A poll of this function is going on already"):
        start_poll(store, mine, "LEAD", "Ann")
    other = start_poll(store, mine, "WEB", "Ann")
    theirs = start_poll(store, begun(store, "X01"), "LEAD", "Dee")
    assert len({place.poll.id, other, theirs}) == 3
    settle_poll(store, place)
    start_poll(store, mine, "LEAD", "Ann")
    assert len(read_polls(store, mine)) == 3


def test_another_answer_in_the_same_turn_takes_its_place(store, place):
    answer_poll(store, place, 1, "LEAD1a", NO)
    answer_poll(store, place, 2, "LEAD1a", NO)
    answer_poll(store, place, 1, "LEAD1a", YES)
    assert ballots(store, place) == [(1, 1, "LEAD1a", YES), (1, 2, "LEAD1a", NO)]


def test_the_first_turn_stays_as_it_was_when_there_is_a_second(store, place):
    answer_poll(store, place, 1, "LEAD1a", NO)
    close_poll(store, place)
    reopen_poll(store, place)
    answer_poll(store, place, 1, "LEAD1a", YES)
    assert again(store, place).poll.turn == 2
    assert ballots(store, place) == [(1, 1, "LEAD1a", NO), (2, 1, "LEAD1a", YES)]


def test_each_step_has_its_place(store, place):
    with pytest.raises(AssessmentError, match=MOVED):
        reopen_poll(store, place)
    close_poll(store, place)
    for step in (lambda: close_poll(store, place), lambda: invite(store, place, "Dee")):
        with pytest.raises(AssessmentError, match=MOVED):
            step()
    with pytest.raises(AssessmentError, match="This poll is closed, so the answer was not kept"):
        answer_poll(store, place, 1, "LEAD1a", YES)
    reopen_poll(store, place)
    assert invite(store, place, "Dee") == 3
    close_poll(store, place)
    with pytest.raises(AssessmentError, match=MOVED):
        reopen_poll(store, place)
    settle_poll(store, place)
    for step in (settle_poll, close_poll, reopen_poll):
        with pytest.raises(AssessmentError, match=MOVED):
            step(store, place)
    with pytest.raises(AssessmentError, match=MOVED):
        withdraw(store, place, 1)
    assert ballots(store, place) == []


def test_an_open_poll_can_be_given_up_and_takes_no_answer_then(store, place):
    settle_poll(store, place)
    assert not again(store, place).poll.is_open
    with pytest.raises(AssessmentError):
        answer_poll(store, place, 1, "LEAD1a", YES)


def test_whose_invitation_was_withdrawn_has_no_answers_from_that_turn_on(store, place):
    for voter, code in ((1, YES), (2, NO)):
        answer_poll(store, place, voter, "LEAD1a", code)
    close_poll(store, place)
    with pytest.raises(AssessmentError, match=MOVED):
        withdraw(store, place, 2)
    reopen_poll(store, place)
    answer_poll(store, place, 2, "LEAD1a", YES)
    withdraw(store, place, 2)
    assert ballots(store, place) == [(1, 1, "LEAD1a", YES), (1, 2, "LEAD1a", NO)]
    with pytest.raises(AssessmentError):
        answer_poll(store, place, 2, "LEAD1a", NO)
    with pytest.raises(AssessmentError, match=MOVED):
        withdraw(store, place, 2)
    assert invite(store, place, "Cy") == 3


def test_withdrawn_in_the_first_turn_leaves_nothing(store, place):
    answer_poll(store, place, 1, "LEAD1a", YES)
    withdraw(store, place, 1)
    assert ballots(store, place) == []
    assert [one.withdrawn_in for one in read_voters(store, place.poll)] == [1, None]


def test_somebody_who_was_not_invited_has_no_say(store, place):
    for stranger in (0, 3, 999):
        with pytest.raises(AssessmentError):
            answer_poll(store, place, stranger, "LEAD1a", YES)
    assert ballots(store, place) == []


def test_nothing_is_asked_of_what_is_submitted(store, place):
    mine = read_assessments(store, "X00", "dma")[0]
    write_answers(store, mine, [Wording(item, YES) for item in ITEMS], "Ann")
    submit_assessment(store, mine, "2026", ITEMS, "Ann")
    assert again(store, place).is_submitted
    with pytest.raises(AssessmentError):
        answer_poll(store, place, 1, "LEAD1a", YES)
    with pytest.raises(AssessmentError):
        start_poll(store, mine, "WEB", "Ann")


def test_colleagues_who_answer_at_once_lose_nothing(store, place):
    numbers = [1, 2, *(invite(store, place, f"Person {one}") for one in range(6))]
    together = threading.Barrier(len(numbers))
    failed = []

    def answer(voter):
        together.wait()
        for item in ITEMS[:3]:
            for code in (NO, YES):
                try:
                    answer_poll(store, place, voter, item, code)
                except Exception as error:
                    failed.append(error)

    threads = [threading.Thread(target=answer, args=(voter,)) for voter in numbers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    assert ballots(store, place) == [(1, voter, item, YES) for voter in numbers for item in sorted(ITEMS[:3])]


def test_every_step_moves_the_organisations_topic(store, place):
    seen = store.revision("assessment/X00")
    for step in (
        lambda: invite(store, place, "Dee"),
        lambda: answer_poll(store, place, 1, "LEAD1a", YES),
        lambda: withdraw(store, place, 3),
        lambda: close_poll(store, place),
        lambda: reopen_poll(store, place),
        lambda: settle_poll(store, place),
    ):
        step()
        assert store.revision("assessment/X00") == seen + 1
        seen += 1
    (poll,) = read_polls(store, read_assessments(store, "X00", "dma")[0])
    assert poll.settled_at is not None


def test_a_secret_is_made_once(store):
    assert keep_secret(store, "poll_secret", "first") == "first"
    assert keep_secret(store, "poll_secret", "second") == "first"
    assert keep_secret(store, "another", "second") == "second"


def test_planted_damage_is_found(store, place, tmp_path):
    answer_poll(store, place, 1, "LEAD1a", YES)
    answer_poll(store, place, 1, "LEAD1b", YES)
    assert check_store(store) == []
    store.close()
    (tmp_path / "copy").mkdir()
    path = copy_store(store.path, tmp_path / "copy")
    with duckdb.connect(str(path)) as connection:
        for tampering in (
            "update poll_answer set voter = 9 where item = 'LEAD1a'",
            "update poll_answer set poll_id = 9 where item = 'LEAD1b'",
            "update poll_voter set poll_id = 9 where voter = 2",
        ):
            assert connection.execute(tampering).fetchall()[0][0] == 1
    damaged = open_store(path)
    assert check_store(damaged) == [
        "3 rows belong to nothing: their response, import, assessment or poll is missing."
    ]
    damaged.close()
