"""The readiness pages: what they show to whom, what they try without saving it, what a projector hides."""

import pytest

from improve.model import Role, Selection, Viewer
from improve.store import close_round, open_round
from improve.views import readiness_grid as grid
from improve.views.readiness import readiness_view
from improve.views.readiness_choice import Wish
from tests.factory import make_store
from tests.pages.conftest import READINESS, REPORT, charts, rows, serving, visit, words
from tests.partners import past, write_past
from tests.views.town import code_of, towns

A, B, C, D = (code_of(place) for place in range(4))
NAMES = ("Alderby", "Brockley", "Corham", "Dunwick")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Two partners, one silent, and a candidate; and what A looks at alone."""
    names = (*NAMES, *(f"Town {place}" for place in range(8)))
    opened = make_store(tmp_path_factory.mktemp("pages"), organisations=towns(12, name=names))
    open_round(opened, "2026")
    before = {A: ("2026", ("leader", "222 222 111")), B: ("2026", ("leader", "111 111 111"))}
    now = {
        A: ("2026", ("leader", "444 444 111"), ("finance", "222 222 000")),
        B: ("2026", ("leader", "111 333 1?1")),
        C: (None,),
        D: ("2026", ("leader", "444 000 444")),
    }
    write_past(
        opened,
        past(before, now, candidates=(D,), name="Alderby and others"),
        past({A: (None, ("leader", "432 10? 444"))}, name="Alone", confidential=True),
    )
    close_round(opened, "2026")
    yield opened
    opened.close()


@pytest.fixture
def served(store):
    with serving(store.path, store=store):
        yield store


def as_member(page=READINESS, **address):
    app = visit(page, Role.MEMBER, **address)
    app.selectbox(key="org").select(A).run()
    assert not app.exception
    return app


def test_partners_and_areas_with_the_scores_of_the_view(served):
    app = as_member()
    view = readiness_view(served, Viewer(Role.MEMBER, A), Selection(A, "2026"))
    assert view.finding in words(app)
    assert [row["label"] for row in rows(charts(app)[0])] == [row.name for row in view.rows]
    drawn = grid.partner_grid(view, "GOV")
    silent = next(place for place, row in enumerate(view.rows) if row.organisation == C)
    assert {one["step"] for one in drawn.cells if one["order"] == silent} == {None}
    assert any("far apart" in one["flag"] for one in drawn.columns)
    assert drawn.cells[0]["note"] == "50 – 100"
    assert "To agree first" in words(app)
    assert "Progress between rounds" in words(app)


def test_an_area_opens_on_its_statements_and_what_to_prepare(served):
    app = as_member()
    app.selectbox(key="area").select("RES").run()
    said = words(app)
    assert "Resources:" in said
    assert "Prepare: Write RES" not in said
    app.selectbox(key="area").select("VIS").run()
    assert "Prepare: Write VIS1 down" in words(app)
    assert "Disagreements: 3" in [one.value.replace("\\", "") for one in app.subheader]


def test_alone_there_are_areas_and_statements(served):
    app = as_member()
    ids = {
        one.label: str(one.id)
        for one in readiness_view(served, Viewer(Role.MEMBER, A), Selection(A)).partnerships
    }
    app.selectbox(key="partnership").select(ids["Alone"]).run()
    view = readiness_view(served, Viewer(Role.MEMBER, A), Selection(A, "2026"), Wish("Alone"))
    assert [row["label"] for row in rows(charts(app)[0])] == ["Vision", "Resources", "Governance"]
    cells = grid.statement_grid(view, "").cells
    assert [one["text"] for one in cells] == list("43210?444")
    assert [one["step"] for one in cells] == [4, 3, 2, 1, 0, None, 4, 4, 4]
    assert "Confidential" in words(app)


def test_what_if_moves_scores_and_saves_nothing(served):
    app = as_member()
    assert "Our overall score" not in words(app)
    revision = served.revision("readiness/2026")
    app.multiselect(key="if_statements").select("GOV1").select("GOV2").select("GOV3").run()
    assert not app.exception
    assert "Our overall score" in words(app)
    assert "Governance +87" in words(app)
    assert served.revision("readiness/2026") == revision
    assert readiness_view(served, Viewer(Role.MEMBER, A), Selection(A)).own.cells[2].score.value < 20


def test_the_report_has_its_parts_on_one_sheet(served):
    app = as_member(REPORT)
    said = words(app)
    assert len(app.table) == 2
    assert "(weakest)" in said
    assert "Who sees it differently" in said
    assert "Alderby and others, round 2" in said


@pytest.mark.parametrize("page", [READINESS, REPORT])
def test_a_projector_names_nobody(served, page):
    app = as_member(page)
    assert "Brockley" in words(app)
    app.session_state["present"] = True
    app.run()
    assert not app.exception
    assert not any(name in words(app) for name in NAMES)
    assert "Partner 1" in words(app)
    assert not any(name in str(app.query_params) for name in NAMES)


def test_others_see_no_partner(served):
    for role in (Role.PUBLIC, Role.FACILITATOR):
        for page in (READINESS, REPORT):
            app = visit(page, role)
            assert not app.exception
            assert not any(name in words(app) for name in NAMES)
