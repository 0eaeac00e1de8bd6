"""The Response page: its controls, what it says to whom, and what it says when facts are missing."""

from datetime import date

import pytest

from improve.model import Role
from improve.opening import open_with_register
from improve.store import StoreKind, close_round, open_store, write_responses, write_staff
from improve.views.response_shown import group_rows, point_rows, rate_rows
from improve.views.sentence import role_label
from tests.factory import CARDIFF, SWANSEA
from tests.pages.conftest import RESPONSE, charts, rows, serving, visit, words
from tests.views.oracle_response import JOBS, LABEL, Person, delivery, people
from tests.views.test_response import MEMBER, OPENED, look, spread_over

TORFAEN = "W06000020"
AREAS = ["Care <b>", "Care <b>", "Roads"]


def of(organisation, role=Role.MEMBER):
    return type(MEMBER)(role, organisation if role.has_organisation else None)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A real store: Cardiff has everything, Swansea nothing but answers; nine more make a benchmark."""
    path = tmp_path_factory.mktemp("response") / "store.duckdb"
    store = open_with_register(path, StoreKind.REAL, "512MB")
    own = [
        Person(area=AREAS[at % 3], job=1 + at % 3, overall=1 + at % 5, day=one.day)
        for at, one in enumerate(spread_over(90))
    ]
    write_responses(
        store,
        [
            delivery(
                CARDIFF,
                own,
                invited=300,
                opened_on=OPENED,
                closed_on=date(2026, 5, 29),
                reminders=(date(2026, 5, 18),),
            ),
            delivery(SWANSEA, people(9, area="Care")),
            *(delivery(f"W060000{at:02}", people(40), invited=100 + at) for at in range(1, 7)),
            *(delivery(f"W060000{at:02}", people(40), invited=200 + at) for at in (8, 9, 10)),
            delivery(TORFAEN, people(40), "2025"),
        ],
    )
    for label in ("2025", LABEL):
        close_round(store, label)
    staff = [("AREA", "Care <b>", 150), ("AREA", "Roads", 150), ("AREA", "Parks", 30)]
    write_staff(store, LABEL, CARDIFF, [*staff, *(("JOB", job, 110) for job in JOBS)], "s.csv", "0" * 64)
    store.close()
    return path


@pytest.fixture
def on_place(place):
    with serving(place):
        yield


def view_of(place, **wishes):
    store = open_store(place)
    try:
        return look(store, **wishes)
    finally:
        store.close()


def visit_as(role, organisation=None, **address):
    app = visit(RESPONSE, **{"as": role_label(role)}, **address)
    if organisation is not None:
        app.selectbox(key="org").select(organisation).run()
    return app


def test_it_shows_the_figures_of_the_view(place):
    view = view_of(place, viewer=of(CARDIFF), organisation=CARDIFF)
    with serving(place):
        app = visit_as(Role.MEMBER, CARDIFF)
    assert not app.exception
    assert [one.value for one in app.metric] == ["30%", "90", f"±{view.margin.value:.2f}"]
    headings = [one.value for one in app.header]
    assert headings == [
        "Response rate against the national median",
        "Can the scores be relied on?",
        "When the responses came",
        "Who answered, by service area",
        "What the best responders do",
    ]
    assert [rows(chart) for chart in charts(app)] == [
        rate_rows(view),
        point_rows(view),
        group_rows(view, view.chosen),
    ]
    text = words(app)
    assert view.finding in text
    assert "Publicise early" in text
    assert "(not done): No action has been written down" in text
    assert "ask all of these: Parks" in text or "ask all of these: Roads, Parks" in text
    assert not any("Not brought in yet" in one.value for one in app.markdown)


def test_the_other_question_takes_the_place_of_the_first(on_place):
    app = visit_as(Role.MEMBER, CARDIFF)
    assert [row["label"] for row in rows(charts(app)[2])] == ["Care <b>", "Roads", "Parks"]
    app.get_by_key("by").select("job").run()
    assert [row["label"] for row in rows(charts(app)[2])] == list(JOBS)
    assert "Who answered, by role" in [one.value for one in app.header]
    app = visit(RESPONSE, **{"as": role_label(Role.OPERATOR), "by": "Role", "org": "Cardiff"})
    assert [row["label"] for row in rows(charts(app)[2])] == list(JOBS)


def test_what_people_typed_is_no_markup(on_place, downloads):
    app = visit(
        RESPONSE,
        state={"table_groups": True},
        **{"as": role_label(Role.MEMBER), "org": "Cardiff"},
    )
    cells = app.table[0].value["Service area"].tolist()
    assert cells[0] == "Care \\<b\\>"
    assert b"Care <b>" in downloads["csv_groups"]()
    for key in ("rate", "arrivals", "groups"):
        assert downloads[f"svg_{key}"]().startswith("<svg")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_its_own_and_no_more(on_place, role):
    app = visit_as(role, CARDIFF if role.has_organisation or role is Role.OPERATOR else None)
    text = words(app)
    assert not app.exception
    assert len(app.title) == 1
    assert all(chart.proto.alt for chart in charts(app))
    has_own, has_groups = role in (Role.MEMBER, Role.DELEGATE, Role.OPERATOR), "Parks" in text
    assert has_groups == (role in (Role.MEMBER, Role.OPERATOR))
    assert len(charts(app)) == 1 + has_own + has_groups
    assert ("Can the scores be relied on?" in text) == has_own
    if role is Role.DELEGATE:
        assert "Groups of people are not shown: Only members of the organisation see this." in text
    if not has_own:
        (metric,) = app.metric
        assert metric.label == "Median response rate"


def test_nine_responses_and_no_facts(on_place):
    app = visit_as(Role.MEMBER, SWANSEA)
    text = words(app)
    assert [one.value for one in app.metric] == ["–", "–", "–"]
    assert "No: too little is behind them." in text
    assert "When the responses came is not shown" in text
    assert "Not brought in yet, so not shown:" in text
    assert text.count("import survey --") == 4
    assert text.count("import staff") == 1
    assert not app.exception


def test_a_council_that_did_not_take_part_sees_the_median(on_place):
    app = visit_as(Role.MEMBER, TORFAEN)
    text = words(app)
    assert not app.exception
    assert "national median of response rates is" in text
    assert len(charts(app)) == 1


def test_presenting_names_no_council(on_place, downloads):
    app = visit_as(Role.MEMBER, CARDIFF)
    app.toggle(key="present").set_value(True).run()
    assert not app.exception
    assert not app.sidebar.children
    assert "Cardiff" not in words(app)
    assert b"Cardiff" not in downloads["csv_rate"]()


def test_a_group_to_compare_with_changes_nothing_and_says_so(on_demonstration):
    app = visit(RESPONSE)
    before = [one.value for one in app.metric]
    app.selectbox(key="cohort").select("nation:Wales").run()
    assert [one.value for one in app.metric] == before
    assert "compared with those of all organisations" in words(app)


def test_an_empty_store_says_what_to_do(empty_store):
    with serving(empty_store):
        app = visit(RESPONSE)
        assert [one.value for one in app.info] == ["There are no figures yet. Import a survey file to begin."]
