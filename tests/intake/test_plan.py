"""When a survey was asked: what is told with a file, what was known before, and what cannot be."""

from datetime import date

import pytest

from improve.errors import IntakeError
from improve.instruments import read_library
from improve.intake import Request, plan_import, take_in
from improve.store import Fieldwork, read_fieldwork, responses_changed
from tests.factory import CARDIFF, make_store
from tests.respondents import as_csv, filled

LIBRARY = read_library()
OPENED, CLOSED = date(2026, 5, 4), date(2026, 5, 22)
FIRST, SECOND = date(2026, 5, 11), date(2026, 5, 18)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    store = make_store(tmp_path_factory.mktemp("days"))
    yield store
    store.close()


@pytest.fixture
def own(tmp_path):
    store = make_store(tmp_path)
    yield store
    store.close()


def content(people=12, seed=1, times=()):
    header, rows = filled(people, seed)
    if not times:
        return as_csv(header, rows)
    return as_csv(["Timestamp", *header], [[time, *row] for time, row in zip(times, rows, strict=True)])


def planned(store, file=None, **told):
    request = Request(file or content(), "a.csv", "Cardiff", "2026", **told)
    return plan_import(store, LIBRARY, request)


def test_without_days_nothing_is_known(empty):
    plan = planned(empty)
    assert plan.fieldwork == Fieldwork(None, 0, None, None, ())
    assert plan.answered_on is None
    assert not plan.refusals


def test_days_are_planned_in_order_and_once(empty):
    plan = planned(empty, opened_on=OPENED, closed_on=CLOSED, reminders=(SECOND, FIRST, SECOND), invited=99)
    assert plan.fieldwork == Fieldwork(99, 0, OPENED, CLOSED, (FIRST, SECOND))
    assert not plan.refusals


def test_days_are_stored_and_kept_until_told_otherwise(own):
    take_in(own, planned(own, opened_on=OPENED, closed_on=CLOSED, reminders=(FIRST,), invited=50))
    assert read_fieldwork(own, "2026", CARDIFF, "satisfaction") == Fieldwork(50, 12, OPENED, CLOSED, (FIRST,))
    plan = planned(own, content(15, 2), replace=True, reminders=(SECOND,))
    assert plan.fieldwork == Fieldwork(50, 12, OPENED, CLOSED, (SECOND,))
    take_in(own, plan)
    assert read_fieldwork(own, "2026", CARDIFF, "satisfaction") == Fieldwork(
        50, 15, OPENED, CLOSED, (SECOND,)
    )


@pytest.mark.parametrize(
    ("told", "sentences"),
    [
        (
            {"opened_on": CLOSED, "closed_on": OPENED, "reminders": (FIRST,)},
            ["The survey cannot have closed on 2026-05-04, before it opened on 2026-05-22."],
        ),
        (
            {"opened_on": FIRST, "reminders": (OPENED, SECOND)},
            ["No reminder can have gone out on 2026-05-04, before the survey opened on 2026-05-11."],
        ),
        (
            {"closed_on": FIRST, "reminders": (OPENED, SECOND)},
            ["No reminder can have gone out on 2026-05-18, after the survey closed on 2026-05-11."],
        ),
        (
            {"reminders": tuple(date(2026, 5, day) for day in range(1, 22))},
            ["There are 21 reminders; at most 20 can be kept."],
        ),
        ({"reminders": tuple(date(2026, 5, day) for day in range(1, 21))}, []),
        ({"opened_on": OPENED, "closed_on": OPENED, "reminders": (OPENED,)}, []),
    ],
)
def test_days_that_cannot_be(empty, told, sentences):
    plan = planned(empty, **told)
    assert list(plan.refusals) == sentences


def test_days_are_refused_beside_those_known_before(own):
    take_in(own, planned(own, opened_on=OPENED, closed_on=CLOSED))
    plan = planned(own, content(15, 2), replace=True, reminders=(date(2026, 6, 1),))
    assert "after the survey closed on 2026-05-22" in plan.refusals[0]
    with pytest.raises(IntakeError):
        take_in(own, plan)
    assert read_fieldwork(own, "2026", CARDIFF, "satisfaction") == Fieldwork(None, 12, OPENED, CLOSED, ())


TIMES = tuple(f"{day:02d}/05/2026 09:00:00" for day in range(4, 16))


def test_the_days_of_the_answers_are_found(empty):
    plan = planned(empty, content(12, 1, TIMES), opened_on=OPENED, closed_on=CLOSED)
    assert plan.answered_on == (OPENED, date(2026, 5, 15))
    assert not [one for one in plan.remarks if "outside" in one]


@pytest.mark.parametrize("told", [{"opened_on": date(2026, 5, 5)}, {"closed_on": date(2026, 5, 14)}])
def test_answers_outside_the_days_are_remarked_upon(empty, told):
    plan = planned(empty, content(12, 1, TIMES), **told)
    assert not plan.refusals
    assert plan.remarks[-1] == (
        "Some answers lie outside the days on which the survey was open: by the times in column A, they came "
        "from 2026-05-04 to 2026-05-15. See whether those days are right."
    )


# ── A file that takes another's place ──────────────────────────────────────────────────────────


def rewritten(people=40, more=0, corrected=0, seed=1):
    """The file of `people`, of whom some answered otherwise, with more of them; in another order."""
    header, rows = filled(60, seed)
    rows = rows[: people + more]
    at = header.index("OVR1")
    for row in rows[:corrected]:
        row[at] = str(1 + int(row[at]) % 7) if row[at].isdigit() else "4"
    return as_csv(header, rows[::-1])


@pytest.mark.parametrize(
    ("file", "is_refused"),
    [
        (rewritten(), False),
        (rewritten(more=1), True),
        (rewritten(more=9), True),
        (rewritten(more=10), False),
        # One who is corrected goes and comes.
        (rewritten(corrected=1), True),
        (rewritten(corrected=4), True),
        (rewritten(corrected=5), False),
        (rewritten(people=31), True),
        (rewritten(people=30), False),
        (rewritten(people=9), False),
    ],
)
def test_a_file_that_changes_a_few_responses_takes_no_place(own, file, is_refused):
    """Who looks before and after would see what those few said."""
    take_in(own, planned(own, rewritten()))
    plan = planned(own, file, replace=True)
    assert plan.changes_few == is_refused
    assert [one for one in plan.refusals if "fewer than 10 responses" in one] == list(plan.refusals)
    assert bool(plan.refusals) == is_refused
    if is_refused:
        with pytest.raises(IntakeError):
            take_in(own, plan)
        take_in(own, planned(own, file, replace=True, even_if_few_change=True))
    assert not planned(own, file).changes_few


def test_of_nine_responses_nothing_is_shown_so_any_file_may_follow(own):
    take_in(own, planned(own, rewritten(people=9)))
    assert not planned(own, rewritten(people=10), replace=True).changes_few


def test_own_answers_are_compared_by_what_they_are_called(own):
    """A file codes its service areas in its own order."""
    header, rows = filled(40, 3)
    at = header.index("PRF1")
    rows = [
        [*row[:at], ("Housing", "Roads ", "roads")[place % 3], *row[at + 1 :]]
        for place, row in enumerate(rows)
    ]
    take_in(own, planned(own, as_csv(header, rows)))
    assert responses_changed_by(own, as_csv(header, rows[1:] + rows[:1])) == 0
    rows[1][at] = "Parks"
    assert responses_changed_by(own, as_csv(header, rows[::-1])) == 2


def responses_changed_by(store, file):
    checked = planned(store, file, replace=True).checked
    return responses_changed(store, "2026", CARDIFF, "satisfaction", checked.batch)
