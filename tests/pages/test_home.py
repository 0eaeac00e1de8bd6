"""Home: the first page somebody sees."""

import pytest

from improve.model import Role
from tests.pages.conftest import HOME, charts, visit, words


def test_it_answers_in_one_glance(on_demonstration):
    app = visit(HOME)
    assert not app.exception
    assert [one.label for one in app.metric] == [
        "Overall score",
        "Response rate",
        "Change since last round",
        "Skill index",
    ]
    assert [one.value for one in app.header] == ["Strengths", "Gaps", "Among peers", "Where to look next"]
    assert "against the national median of" in words(app)
    assert len(charts(app)) == 1


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.FACILITATOR])
def test_without_an_organisation_it_shows_the_medians(on_demonstration, role):
    app = visit(HOME, role)
    assert not app.exception
    assert "Highest national medians" in [one.value for one in app.header]
    assert app.metric[0].label == "National median"


def test_an_organisation_that_took_no_part_is_told_so(on_demonstration):
    app = visit(HOME, org="Your organisation (trial)")
    assert not app.exception
    assert "did not take part" in words(app)


def test_presenting_names_nobody(on_demonstration):
    app = visit(HOME, present="true", shown_org="DW07")
    assert not app.exception
    assert "Ardudfryn" not in words(app)
