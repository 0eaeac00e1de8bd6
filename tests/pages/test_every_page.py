"""Every page for every role: it renders, with one title, and nothing on it is without a name."""

import json
from functools import cache

import altair as alt
import pytest

from improve.model import Role
from improve.register import cohort_label
from improve.views.choice import cohorts_of
from tests.pages.conftest import (
    ASSESS,
    GAP,
    IMPORT,
    PAGES,
    POLL,
    READINESS_ASSESS,
    READINESS_FORM,
    SCORES,
    TREND,
    charts,
    serving,
    visit,
    words,
)

NOTHING_YET = (
    "There are no figures yet. Import a survey file to begin.",
    "There are no comments yet.",
    "There are no assessments yet. Open a round, then answer the criteria or import them, to begin.",
    "Nobody has answered the statements of readiness yet.",
)


@cache
def validated(spec):
    """Raises where a chart's spec, as the browser gets it, is not valid."""
    alt.LayerChart.validate(json.loads(spec))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    "page", [one for one in PAGES if one not in (POLL, READINESS_FORM)], ids=lambda page: page.stem
)
def test_it_renders_with_one_title_and_a_name_for_every_chart_and_table(on_demonstration, page, role):
    app = visit(page, role)
    if page in (SCORES, GAP, TREND):
        app.selectbox(key="aspect").select("SYS1").run()
        assert charts(app)
    for expander in app.expander:
        if expander.key is not None:
            app.session_state[expander.key] = True
    app.run()
    if charts(app):
        assert app.table
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1
    assert all(chart.proto.alt for chart in charts(app))
    for chart in charts(app):
        validated(chart.proto.spec)
    assert all(table.proto.alt for table in app.table)
    assert "Demonstration data" in words(app)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_nonsense_in_the_address_falls_back_to_what_is_usual(on_demonstration, page):
    usual = visit(page)
    nonsense = {
        "org": "<script>alert(1)</script>",
        "as": "god",
        "round": "1066",
        "cohort": "'; drop table response; --",
        "survey": "../../etc/passwd",
        "sort": "sideways",
        "aspect": "OVR9",
        "present": "perhaps",
        "shown_org": "NOWHERE",
        "shown_import_done": "Stored!",
    }
    app = visit(page, **nonsense)
    assert not app.exception
    assert words(app) == words(usual)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_an_empty_real_store_says_what_to_do(tmp_path, page, empty_store):
    with serving(empty_store):
        app = visit(page)
        assert not app.exception
        assert len(app.title) == 1
        assert "Demonstration data" not in words(app)
        if page is IMPORT:
            assert app.file_uploader
        elif page in (ASSESS, READINESS_ASSESS):
            assert len(app.selectbox(key="assess_organisation").options) > 300
        elif page is POLL:
            assert "This link opens no poll." in words(app)
        elif page is READINESS_FORM:
            assert "This link opens no form." in words(app)
        else:
            said = words(app)
            assert any(sentence in said for sentence in NOTHING_YET), said


def test_only_an_operator_finds_the_import(on_demonstration):
    for role in Role:
        assert bool(visit(IMPORT, role).file_uploader) == (role is Role.OPERATOR)


def test_no_two_groups_share_a_label_because_the_address_spells_it(demonstration_store):
    labels = [cohort_label(cohort) for cohort in cohorts_of(demonstration_store)]
    assert len(set(labels)) == len(labels)
