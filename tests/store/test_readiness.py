"""Respondents and their answers: append-only, several writers, completed ones, the benchmark."""

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import duckdb
import pytest

from improve import scoring
from improve.errors import AssessmentError, SelectionError, StoreError
from improve.store import (
    Reply,
    Saying,
    add_respondent,
    answer_statements,
    check_store,
    close_round,
    leave_partnership,
    open_round,
    open_store,
    read_participants,
    read_partner_assessment,
    read_partnerships,
    read_readiness_rounds,
    read_readinesses,
    read_season_readiness,
    start_partnership_round,
    submit_partner_assessment,
    withdraw_respondent,
)
from tests.factory import copy_store, make_store
from tests.partners import (
    AREAS,
    DAY,
    DONT_KNOW,
    ITEMS,
    READINESS,
    assessment_of,
    make_partnership,
    past,
    reply,
    said,
    write_past,
)
from tests.views.town import code_of, towns

A, B = code_of(0), code_of(1)
FULL = "444 444 444"
LATER = DAY + timedelta(days=30)


@pytest.fixture
def store(tmp_path):
    opened = make_store(tmp_path, organisations=towns(12))
    open_round(opened, "2026")
    yield opened
    opened.close()


def alone(store, words, moment=DAY):
    """Completes an assessment of each organisation in the season, each by one leader on its own."""
    write_past(
        store, *(past({code: ("2026", ("leader", word))}, moment=moment) for code, word in words.items())
    )


def of(store, partnership, organisation, number=None):
    """Role -> item -> code of those that count."""
    found = assessment_of(store, partnership, organisation, number)
    return {one.role: {item: said.code for item, said in one.replies.items()} for one in found.counting}


# ── Answers ────────────────────────────────────────────────────────────────────────────────────


def test_respondents_answer_side_by_side(store):
    id_ = make_partnership(store, A, B)
    reply(store, id_, A, ("leader", FULL), ("finance", "0?- 123 444"))
    reply(store, id_, B, ("leader", "000 000 000"))
    assert of(store, id_, A) == {"leader": said(FULL), "finance": said("0?- 123 444")}
    assert of(store, id_, B) == {"leader": said("000 000 000")}
    assert read_readinesses(store)["rasp", "1.0"] == READINESS


def test_what_was_said_stays_until_it_is_said_anew(store):
    id_ = make_partnership(store, A)
    one = add_respondent(store, id_, 1, A, "ict", "Jo")
    assessment = assessment_of(store, id_, A)
    with pytest.raises(AssessmentError, match="first"):
        answer_statements(store, assessment, one, [Saying("VIS1", 2), Saying("VIS2", note="Soon")])
    assert of(store, id_, A) == {"ict": {}}
    for saying in (
        Saying("VIS1", 2),
        Saying("VIS1", evidence="Minute of 3 May"),
        Saying("VIS1", note="Ask again"),
        Saying("VIS1", 3),
    ):
        answer_statements(store, assessment, one, [saying])
    (found,) = assessment_of(store, id_, A).respondents
    assert (found.number, found.role, found.label) == (one, "ict", "Jo")
    assert found.replies == {"VIS1": Reply(3, "Minute of 3 May", "Ask again")}
    answer_statements(store, assessment, one, [Saying("VIS1", 1, "", ""), Saying("VIS1", note="Last")])
    assert assessment_of(store, id_, A).respondents[0].replies == {"VIS1": Reply(1, "", "Last")}
    store.close()
    with duckdb.connect(str(store.path), read_only=True) as connection:
        (kept,) = connection.execute("select list(code order by id) from readiness_answer").fetchall()
    assert kept == ([2, 2, 2, 3, 1, 1],)


def test_several_writers_lose_nothing(store):
    """Six people answer three statements at the same time, one of them in two windows."""
    id_ = make_partnership(store, A, B)
    people = [
        (organisation, add_respondent(store, id_, 1, organisation, "ict", ""), code)
        for organisation in (A, B)
        for code in (0, 2, 4)
    ]

    def write(who, item):
        organisation, number, code = who
        answer_statements(store, assessment_of(store, id_, organisation), number, [Saying(item, code)])

    items = ITEMS[:3]
    work = [(who, item) for item in items for who in (*people, people[0])]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: write(*one), work))
    for organisation, number, code in people:
        found = {one.number: one for one in assessment_of(store, id_, organisation).respondents}[number]
        assert {item: one.code for item, one in found.replies.items()} == dict.fromkeys(items, code)
    assert check_store(store) == []


def test_a_withdrawn_link_neither_answers_nor_counts(store):
    id_ = make_partnership(store, A)
    reply(store, id_, A, ("leader", FULL), ("finance", FULL))
    assessment = assessment_of(store, id_, A)
    withdraw_respondent(store, assessment, 1)
    assert of(store, id_, A) == {"finance": said(FULL)}
    for attempt in (
        lambda: answer_statements(store, assessment, 1, [Saying("VIS1", 0)]),
        lambda: withdraw_respondent(store, assessment, 1),
        lambda: answer_statements(store, assessment, 7, [Saying("VIS1", 0)]),
    ):
        with pytest.raises(AssessmentError, match="its answers stay"):
            attempt()
    assert add_respondent(store, id_, 1, A, "leader", "") == 3


def test_a_new_round_begins_with_nothing_and_ends_the_old(store):
    id_ = make_partnership(store, A)
    reply(store, id_, A, ("leader", FULL))
    old = assessment_of(store, id_, A)
    start_partnership_round(store, id_, 1, READINESS, "Ann")
    assert assessment_of(store, id_, A) is None
    assert of(store, id_, A, 1) == {"leader": said(FULL)}
    for attempt in (
        lambda: answer_statements(store, old, 1, [Saying("VIS1", 0)]),
        lambda: add_respondent(store, id_, 1, A, "hr", ""),
        lambda: submit_partner_assessment(store, old, "2026", ITEMS, "Ann"),
    ):
        with pytest.raises(AssessmentError, match="its answers stay"):
            attempt()
    reply(store, id_, A, ("leader", "000 000 000"))
    assert of(store, id_, A) == {"leader": said("000 000 000")}
    assert of(store, id_, A, 1) == {"leader": said(FULL)}


# ── Completing ─────────────────────────────────────────────────────────────────────────────────


def test_a_completed_assessment_stays_as_it_is(store):
    id_ = make_partnership(store, A)
    reply(store, id_, A, ("leader", "44? 123 000"), ("hr", "4-- --- ---"), complete="2026", moment=DAY)
    done = assessment_of(store, id_, A)
    assert (done.round, done.submitted_at, done.submitted_by) == ("2026", DAY, "Ann")
    for attempt in (
        lambda: answer_statements(store, done, 1, [Saying("VIS1", 0)]),
        lambda: add_respondent(store, id_, 1, A, "ict", ""),
        lambda: withdraw_respondent(store, done, 2),
        lambda: submit_partner_assessment(store, done, "2026", ITEMS, "Ben"),
    ):
        with pytest.raises(AssessmentError, match="its answers stay"):
            attempt()
    assert assessment_of(store, id_, A) == done
    assert read_partner_assessment(store, done.id) == done
    assert read_partner_assessment(store, 99) is None


def test_somebody_must_have_answered_everything(store):
    id_ = make_partnership(store, A)
    reply(store, id_, A, ("leader", "444 444 44-"), ("finance", FULL))
    withdraw_respondent(store, assessment_of(store, id_, A), 2)
    with pytest.raises(AssessmentError, match="Nobody has answered every statement"):
        submit_partner_assessment(store, assessment_of(store, id_, A), "2026", ITEMS, "Ann")
    with pytest.raises(SelectionError, match="no round called 1999"):
        submit_partner_assessment(store, assessment_of(store, id_, A), "1999", ITEMS, "Ann")
    answer_statements(store, assessment_of(store, id_, A), 1, [Saying("GOV3", DONT_KNOW)])
    assert submit_partner_assessment(store, assessment_of(store, id_, A), "2026", ITEMS, "Ann") == "2026"


# ── Seasons ────────────────────────────────────────────────────────────────────────────────────


def test_what_counts_in_a_season_is_the_open_one_completed_last(store):
    first, second = make_partnership(store, A, B), make_partnership(store, A)
    own = make_partnership(store, A, confidential=True)
    assert read_readiness_rounds(store, "rasp") == frozenset()
    assert read_participants(store) == ()
    reply(store, own, A, ("leader", "000 000 000"), complete="2026", moment=DAY + timedelta(days=9))
    assert read_season_readiness(store, "2026", "rasp").assessments == ()
    assert read_participants(store) == ()
    assert assessment_of(store, own, A).round is None
    reply(store, first, A, ("leader", FULL), complete="2026", moment=DAY)
    reply(store, first, B, ("leader", FULL))
    reply(store, second, A, ("leader", "222 222 222"), complete="2026", moment=DAY + timedelta(days=1))
    (found,) = read_season_readiness(store, "2026", "rasp").assessments
    assert (found.organisation, found.partnership) == (A, second)
    assert read_readiness_rounds(store, "rasp") == {"2026"}
    assert read_participants(store) == (A,)
    assert read_season_readiness(store, "2026", "rasp", as_at_closing=True).assessments == ()


def test_who_leaves_still_counts_in_the_season(store):
    id_ = make_partnership(store, A, B)
    reply(store, id_, B, ("leader", FULL), complete="2026")
    leave_partnership(store, id_, B)
    assert [one.organisation for one in read_season_readiness(store, "2026", "rasp").assessments] == [B]


def test_the_benchmark_is_frozen_at_closing(store):
    codes = [code_of(place) for place in range(8)]
    alone(store, dict.fromkeys(codes, FULL))
    close_round(store, "2026")
    write_past(store, past({A: ("2026", ("ict", "000 000 000"))}, moment=LATER))
    then = read_season_readiness(store, "2026", "rasp", as_at_closing=True).assessments
    now = read_season_readiness(store, "2026", "rasp").assessments
    assert [one.organisation for one in then] == [one.organisation for one in now] == codes
    assert {one.respondents[0].role for one in then} == {"leader"}
    assert now[0].respondents[0].role == "ict"


@pytest.mark.parametrize(
    ("words", "is_refused"),
    [
        ([], False),
        ([FULL], True),
        (["000 000 000", FULL], True),
        ([FULL] * 3, False),
        # Three come, but in one area only one of them has a score: its median would tell.
        (["000 000 000", "222 222 ??1", "111 111 ??2"], True),
        # Three come, and only one has an overall score.
        (["000 000 000", "222 222 222", "111 ?1? 111"], True),
        # Nobody of the three has a score there.
        (["000 000 ??0", "222 222 ??1", "111 111 ??2"], False),
        # Too many blind spots everywhere change nothing.
        (["??0 ??0 ??0"], False),
    ],
)
def test_closing_again_gives_nobody_away(store, words, is_refused):
    alone(store, {code_of(place): FULL for place in range(7)})
    close_round(store, "2026")
    alone(store, {code_of(7 + place): word for place, word in enumerate(words)})
    if is_refused:
        with pytest.raises(StoreError, match="fewer than 3 organisations"):
            close_round(store, "2026")
        assert len(read_season_readiness(store, "2026", "rasp", as_at_closing=True).assessments) == 7
        close_round(store, "2026", even_if_few_change=True)
    else:
        close_round(store, "2026")
    assert len(read_season_readiness(store, "2026", "rasp", as_at_closing=True).assessments) == 7 + len(words)


def test_answering_again_alike_changes_no_benchmark(store):
    alone(store, {code_of(place): FULL for place in range(8)})
    close_round(store, "2026")
    alone(store, {code_of(place): "333 333 333" if place == 0 else FULL for place in range(3)}, LATER)
    with pytest.raises(StoreError, match="fewer than 3 organisations"):
        close_round(store, "2026")


def test_the_scores_that_closing_compares_are_those_of_the_formula(tmp_path):
    chance = random.Random(5)
    store = make_store(tmp_path, organisations=towns(1), name="scores.duckdb")
    wanted = {}
    sheets = [["??? 4?? ---"]]
    for _ in range(40):
        letters = (chance.choices("01234?-", (2, 2, 2, 2, 2, 3, 2), k=9) for _ in range(chance.randint(1, 3)))
        sheets.append(["".join(one) for one in letters])
    write_past(store, *(past({A: (None, *(("leader", word) for word in words))}) for words in sheets))
    for id_, words in enumerate(sheets, start=1):
        if len(words) > 1 and id_ % 8 == 0:
            withdraw_respondent(store, read_partner_assessment(store, id_), len(words))
            words.pop()
        areas = [
            scoring.area_score(
                [[_point(said(word), item) for item in ITEMS[at : at + 3]] for word in words], 4
            )
            for at in (0, 3, 6)
        ]
        scores = [one.score for one in areas]
        known = dict(zip((*AREAS, ""), (*scores, scoring.overall_score(scores)), strict=True))
        wanted[id_] = {area: score for area, score in known.items() if score is not None}
    store.close()
    found = {id_: {} for id_ in wanted}
    with duckdb.connect(str(store.path), read_only=True) as connection:
        for id_, area, score in connection.execute("from readiness_score").fetchall():
            found[id_][area] = score * 25
    assert {id_: set(one) for id_, one in found.items()} == {id_: set(one) for id_, one in wanted.items()}
    assert {len(one) for one in wanted.values()} >= {0, 2, 4}
    for id_, area in itertools.chain.from_iterable(((id_, area) for area in wanted[id_]) for id_ in wanted):
        assert found[id_][area] == pytest.approx(wanted[id_][area], abs=1e-4)


def _point(codes, item):
    return None if codes.get(item, DONT_KNOW) == DONT_KNOW else codes[item]


def test_what_is_stored_whole_is_as_if_it_had_been_done_step_by_step(store):
    given = ("leader", "44? 123 0--"), ("hr", FULL)
    whole = past(
        {A: ("2026", *given), B: (None, given[0])}, {A: (None, given[1])}, candidates=(B,), left=(B,)
    )
    (id_,) = write_past(store, whole)
    found = read_partnerships(store)[id_]
    assert (found.organisation, found.joined, [one.number for one in found.rounds]) == (A, {A}, [1, 2])
    assert [one.closed_at for one in found.rounds] == [whole.started[1], None]
    assert [one.as_candidate for one in found.members] == [False, True]
    assert of(store, id_, A, 1) == {role: said(word) for role, word in given}
    assert of(store, id_, B, 1) == {"leader": said(given[0][1])}
    assert assessment_of(store, id_, A, 1).round == "2026"
    assert assessment_of(store, id_, B, 1).submitted_at is None
    assert [one.id for one in read_season_readiness(store, "2026", "rasp").assessments] == [
        assessment_of(store, id_, A, 1).id
    ]
    assert check_store(store) == []


# ── check ──────────────────────────────────────────────────────────────────────────────────────


TAMPERINGS = [
    ("delete from partnership where id = 1", "belong"),
    ("delete from partner_assessment where id = 1", "belong"),
    ("delete from respondent where assessment_id = 1", "belong"),
    ("delete from partnership_round where partnership_id = 1", "belong"),
    ("delete from partnership_member where partnership_id = 1", "belong"),
    ("update benchmark_readiness set assessment_id = 77", "belong"),
    ("update partner_assessment set round = '1999' where id = 1", "not there"),
    ("update partnership_member set organisation = 'X99' where partnership_id = 1", "not there"),
    ("update partnership_round set version = '7' where partnership_id = 1", "not there"),
    ("update partner_assessment set round = '2026' where id = 2", "confidential"),
    ("update partnership set is_confidential = true where id = 1", "confidential"),
    ("update partnership_member set organisation = 'X05' where partnership_id = 2", "confidential"),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The path of a closed store with an open and a confidential assessment of one organisation."""
    store = make_store(tmp_path_factory.mktemp("sound"), organisations=towns(3))
    open_round(store, "2026")
    open_, own = make_partnership(store, A, B), make_partnership(store, A, confidential=True)
    reply(store, open_, A, ("leader", FULL), complete="2026")
    reply(store, own, A, ("leader", FULL), complete="")
    close_round(store, "2026")
    assert check_store(store) == []
    store.close()
    return store.path


@pytest.mark.parametrize(("statement", "says"), TAMPERINGS)
def test_check_finds_what_was_altered(sound, tmp_path, statement, says):
    path = copy_store(sound, tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)
    altered = open_store(path)
    assert any(says in one for one in check_store(altered))
    altered.close()
