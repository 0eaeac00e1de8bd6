"""The Groups page: building, opening by a link, deleting, and the choice carried to every page."""

import pytest

from improve.model import Role
from improve.store import read_groups
from tests.pages.conftest import GROUPS, SCORES, serving, visit, words
from tests.views.town import LABEL, code_of, everything, town_store, towns

NAME = "<script>alert(1)</script> **us**"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = town_store(
        tmp_path_factory.mktemp("groups"),
        [everything(2 + 0.1 * (place % 20), 20) for place in range(30)],
        organisations=towns(30, lat=[51 + place / 10 for place in range(30)]),
    )
    yield made
    made.close()


@pytest.fixture(autouse=True)
def here(store):
    with serving(store.path, store=store):
        yield


def person(number, role="Member of an organisation", page=GROUPS, **address):
    return visit(page, **{"as": role}, org=f"Town {code_of(number)}", **address)


def click(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_a_group_from_the_first_name_to_the_deletion(store):
    app = person(0)
    app = click(app, "start_like")
    assert len(app.multiselect(key="group_members").value) == 15
    app.text_input(key="group_name").input(NAME)
    app.multiselect(key="group_members").set_value([code_of(one) for one in range(5)])
    app = click(app, "build")
    assert "Fewer than 8" in app.error[0].value
    assert app.text_input(key="group_name").value == NAME
    app.multiselect(key="group_members").set_value([code_of(one) for one in range(18, 26)])
    app = click(app, "build")
    assert not app.error
    (group,) = read_groups(store).values()
    assert app.session_state["cohort"] == f"group:{group.id}"
    assert NAME in words(app)
    assert "<script>" not in "".join(one.value for one in app.markdown)
    assert app.text_input(key="group_name").value == ""
    assert f"/groups?group={group.id}" in app.code[0].value

    other = person(1, group=group.id)
    assert f"You were sent a group: {NAME}" in words(other)
    other = click(other, "open_linked")
    assert other.session_state["cohort"] == f"group:{group.id}"
    assert "delete_" not in " ".join(str(one.key) for one in other.button)

    app = click(app, f"delete_{group.id}")
    assert read_groups(store)[group.id].deleted_at is not None
    assert NAME not in words(app)
    gone = person(1, group=group.id)
    assert "leads to no group" in words(gone)


def test_the_neighbours_are_compared_with_on_every_page():
    app = click(person(3), "compare_like")
    assert app.selectbox(key="cohort").value == f"like:{code_of(3)}"
    scores = person(3, page=SCORES, cohort="Councils like us")
    assert scores.selectbox(key="cohort").value == f"like:{code_of(3)}"
    assert "compared with Councils like us" in words(scores)


def test_the_public_builds_none_and_sees_what_is_built_in():
    app = visit(GROUPS, Role.PUBLIC)
    assert "build" not in {one.key for one in app.button}
    assert "All UK councils" in words(app)


def test_presenting_shows_no_organisations():
    app = person(3, present="true")
    assert not app.exception
    assert "Town X" not in words(app)


def test_a_delegate_may_build_too():
    assert "build" in {one.key for one in person(2, "Delegate at a workshop").button}
    assert LABEL in words(person(2))
