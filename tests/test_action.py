"""What an organisation decided to do: who may write it down, what can be kept, and two at once."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improve import action
from improve.action import Wording
from improve.errors import ActionError, ImproveError
from improve.model import Role, Viewer
from tests.factory import make_store
from tests.views.town import code_of, everything, towns

OWN, OTHER = code_of(0), code_of(1)
MEMBER = Viewer(Role.MEMBER, OWN)
GOOD = Wording("Laptops replaced", "A1", date(2024, 11, 15), "ICT operations")


@pytest.fixture
def store(tmp_path):
    opened = make_store(
        tmp_path, {"2026": {OWN: everything(3.0), OTHER: everything(3.0)}}, organisations=towns(2)
    )
    yield opened
    opened.close()


def only(store, viewer=MEMBER):
    (found,) = action.actions_for(store, viewer, OWN)
    return found


def test_what_is_logged_is_read(store):
    id_ = action.log_action(store, MEMBER, OWN, GOOD)
    found = only(store)
    assert (found.id, found.what, found.aspect, found.done_on, found.done_by, found.closed_on) == (
        *(id_, "Laptops replaced", "A1", date(2024, 11, 15), "ICT operations", None),
    )
    assert action.actions_for(store, MEMBER, OTHER) == ()
    assert action.actions_for(store, MEMBER, None) == ()


STRANGERS = [
    Viewer(Role.PUBLIC),
    Viewer(Role.FACILITATOR),
    Viewer(Role.DELEGATE, OWN),
    Viewer(Role.MEMBER, OTHER),
]


@pytest.mark.parametrize("viewer", STRANGERS, ids=lambda one: f"{one.role}-{one.organisation}")
def test_strangers_neither_see_nor_write(store, viewer):
    id_ = action.log_action(store, MEMBER, OWN, GOOD)
    before = only(store)
    assert action.actions_for(store, viewer, OWN) == ()
    for attempt in (
        lambda: action.log_action(store, viewer, OWN, GOOD),
        lambda: action.change(store, viewer, OWN, id_, GOOD, before.changed_at),
        lambda: action.close(store, viewer, OWN, id_),
        lambda: action.reopen(store, viewer, OWN, id_),
    ):
        with pytest.raises(ActionError, match="Only the organisation's own members"):
            attempt()
    assert only(store) == before


def test_the_operator_writes_for_anybody(store):
    operator = Viewer(Role.OPERATOR)
    action.log_action(store, operator, OWN, GOOD)
    assert only(store, operator).what == "Laptops replaced"


def test_another_organisations_action_is_not_there(store):
    id_ = action.log_action(store, MEMBER, OWN, GOOD)
    found = only(store)
    other = Viewer(Role.MEMBER, OTHER)
    with pytest.raises(ActionError, match="no such action"):
        action.change(store, other, OTHER, id_, GOOD, found.changed_at)
    with pytest.raises(ActionError, match="no such action"):
        action.close(store, other, OTHER, id_)
    assert only(store) == found


def test_close_and_open_again(store):
    id_ = action.log_action(store, MEMBER, OWN, GOOD)
    action.close(store, MEMBER, OWN, id_)
    assert only(store).closed_on == date.today()
    action.reopen(store, MEMBER, OWN, id_)
    assert only(store).closed_on is None


def test_the_second_of_two_is_told_and_may_insist(store):
    id_ = action.log_action(store, MEMBER, OWN, GOOD)
    read_at = only(store).changed_at
    action.change(store, MEMBER, OWN, id_, Wording("First", "A1", date(2025, 1, 1), "Ann"), read_at)
    mine = Wording("Second", "", date(2025, 2, 1), "Ben")
    with pytest.raises(ActionError, match="It now reads “First” \\(Ann\\)"):
        action.change(store, MEMBER, OWN, id_, mine, read_at)
    assert only(store).what == "First"
    action.change(store, MEMBER, OWN, id_, mine, only(store).changed_at)
    assert (only(store).what, only(store).aspect) == ("Second", "")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("what", "", "Say what was done"),
        ("what", " \n\t ", "Say what was done"),
        ("what", "x" * 301, "these are 301"),
        ("done_by", "", "Say by whom"),
        ("done_by", "x" * 101, "these are 101"),
        ("aspect", "OVR", "no aspect called OVR"),
        ("aspect", "'; drop table action; --", "no aspect"),
        ("done_on", None, "Give a day"),
        ("done_on", date(1989, 12, 31), "between 1990-01-01"),
        ("done_on", date.today() + timedelta(days=732), "Give a day"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(store, field, value, says):
    wording = Wording(**{name: getattr(GOOD, name) for name in Wording.__slots__} | {field: value})
    with pytest.raises(ActionError, match=says):
        action.log_action(store, MEMBER, OWN, wording)
    assert action.actions_for(store, MEMBER, OWN) == ()


@pytest.mark.parametrize(
    "wording",
    [
        Wording("x" * 300, "", date(1990, 1, 1), "y" * 100),
        Wording("x", "A3", date.today() + timedelta(days=700), "y"),
    ],
)
def test_the_limits_themselves_are_kept(store, wording):
    action.log_action(store, MEMBER, OWN, wording)
    assert (only(store).what, only(store).done_by) == (wording.what, wording.done_by)


@given(what=st.text(max_size=320), done_by=st.text(max_size=110))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_kept_on_one_visible_line_or_refused(store, what, done_by):
    known = {one.id for one in action.actions_for(store, MEMBER, OWN)}
    try:
        id_ = action.log_action(store, MEMBER, OWN, Wording(what, "", date(2025, 1, 1), done_by))
    except ImproveError as error:
        assert str(error).endswith(".")
        assert {one.id for one in action.actions_for(store, MEMBER, OWN)} == known
        return
    found = next(one for one in action.actions_for(store, MEMBER, OWN) if one.id == id_)
    for text, typed, most in ((found.what, what, 300), (found.done_by, done_by, 100)):
        assert 1 <= len(text) <= most
        assert text.isprintable()
        assert text == text.strip()
        kept = [letter for letter in typed if letter.isprintable() and not letter.isspace()]
        assert [letter for letter in text if letter != " "] == kept
