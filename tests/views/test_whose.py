"""The table "Who sees whose figures" of design.md, through the view: role x figure x state of the round."""

import pytest

from improve.disclosure import Reason
from improve.errors import SelectionError
from improve.model import Role, Selection, Viewer
from improve.store import close_round, write_responses
from improve.views.choice import cohorts_for, organisations_for, rounds_for
from improve.views.preview import may_import
from improve.views.scores import scores_figures, scores_view
from improve.views.scores_shown import table_rows
from tests.views.town import code_of, delivery, everything, town_store, towns
from tests.views.world import written

OWN, OTHER = code_of(3), code_of(7)
VIEWERS = {
    "public": Viewer(Role.PUBLIC),
    "delegate": Viewer(Role.DELEGATE, OWN),
    "member": Viewer(Role.MEMBER, OWN),
    "facilitator": Viewer(Role.FACILITATOR),
    "operator": Viewer(Role.OPERATOR),
}
KINDS = {
    "own": ("n", "mean", "interval", "distribution", "missing", "previous"),
    "compared": ("difference", "comparison", "position"),
    "benchmark": ("median", "median_interval", "quartiles", "organisations", "answers"),
    "cohort": ("cohort_median", "cohort_quartiles", "cohort_organisations"),
    "spread": ("spread",),
}
SEES = {
    ("public", "closed"): {"benchmark", "cohort"},
    ("delegate", "closed"): {"own", "compared", "benchmark", "cohort", "spread"},
    ("member", "closed"): {"own", "compared", "benchmark", "cohort", "spread"},
    ("facilitator", "closed"): {"benchmark", "cohort", "spread"},
    ("operator", "closed"): {"own", "compared", "benchmark", "cohort", "spread"},
    ("delegate", "open"): {"own"},
    ("member", "open"): {"own"},
    ("facilitator", "open"): set(),
    ("operator", "open"): {"own", "compared", "benchmark", "cohort", "spread"},
}
"""public, open: that round is not there at all."""
ROUND = {"closed": "2025", "open": "2026"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Fourteen towns in three rounds, the last still open; eight of them are Welsh."""
    number = 14
    nations = ["Wales" if place < 8 else "England" for place in range(number)]
    made = town_store(
        tmp_path_factory.mktemp("whose"),
        {},
        organisations=towns(number, nation=nations, region=nations),
        closed=False,
    )
    for label, shift in (("2024", 0.0), ("2025", 0.2), ("2026", 0.4)):
        write_responses(
            made,
            [
                delivery(code_of(place), everything(2.0 + place / 10 + shift, 40), label, invited=120 + place)
                for place in range(number)
            ],
        )
        if label != "2026":
            close_round(made, label)
    yield made
    made.close()


def look(store, role, state, **wishes):
    return scores_view(store, VIEWERS[role], Selection(round=ROUND[state], **wishes))


@pytest.mark.parametrize(("role", "state"), SEES)
def test_each_role_sees_its_kinds_of_figure_and_no_other(store, role, state):
    view = look(store, role, state, organisation=OWN, cohort="nation:Wales")
    seen = set()
    for score in (view.overall, *view.scores):
        for kind, names in KINDS.items():
            released = {getattr(score, name).is_released for name in names}
            if released - {False}:
                seen.add(kind)
            if kind in SEES[role, state] and kind != "cohort":
                assert released == {True}, (kind, score.id)
    assert seen == SEES[role, state]
    sees_own = "own" in SEES[role, state]
    assert [figure.is_released for figure in (view.average, view.responses, view.response_rate)] == [
        sees_own
    ] * 3
    assert view.response_median.is_released is ("benchmark" in SEES[role, state])
    assert view.is_provisional is ((role, state) == ("operator", "open"))


@pytest.mark.parametrize(("role", "state"), SEES)
def test_a_withheld_figure_says_whose_or_why_and_leaves_nothing_in_the_table(store, role, state):
    view = look(store, role, state, organisation=OWN, cohort="nation:Wales")
    own = {score.mean.withheld for score in view.scores}
    assert own == ({None} if "own" in SEES[role, state] else {Reason.NO_ORGANISATION})
    if state == "open" and role != "operator":
        assert {score.median.withheld for score in view.scores} == {Reason.COLLECTING}
        assert view.choice.cohort is None
        assert cohorts_for(store, VIEWERS[role], view.choice.round, view.survey) == ()
    for row in table_rows(view):
        if "own" not in SEES[role, state]:
            assert row["95 % interval"] == row["Difference"] == row["Place"] == row["No answer"] == ""
        if "benchmark" not in SEES[role, state]:
            assert row["Its 95 % interval"] == row["Middle half of organisations"] == ""
            assert row["Organisations"] == ""


def test_the_public_sees_no_spread(store):
    spread = {score.spread.withheld for score in look(store, "public", "closed").scores}
    assert spread == {Reason.NOT_YOURS}


def test_an_open_round_is_not_there_for_the_public(store):
    public = VIEWERS["public"]
    assert [one.label for one in rounds_for(store, public)] == ["2025", "2024"]
    view = look(store, "public", "open")
    assert view.choice.round.label == "2025"
    assert view.choice.notices == ("There is no round called 2026. There are: 2025, 2024.",)
    with pytest.raises(SelectionError, match=r"no round called 2026. There are: 2025, 2024"):
        scores_figures(store, public, Selection(round="2026"))
    for role in ("delegate", "member", "facilitator", "operator"):
        assert [one.label for one in rounds_for(store, VIEWERS[role])] == ["2026", "2025", "2024"]


def test_the_newest_closed_round_comes_first(store):
    for viewer in VIEWERS.values():
        assert scores_view(store, viewer, Selection()).choice.round.label == "2025"


@pytest.mark.parametrize("role", ["delegate", "member"])
@pytest.mark.parametrize("state", ["closed", "open"])
def test_an_address_for_another_organisation_opens_ones_own_and_says_so(store, role, state):
    wished, own = look(store, role, state, organisation=OTHER), look(store, role, state)
    assert wished.choice.organisation.code == OWN
    assert written(wished) == written(own)
    assert own.choice.notices == ()
    assert len(wished.choice.notices) == 1
    assert "was for another organisation" in wished.choice.notices[0]
    assert f"Town {OTHER}" not in wished.choice.notices[0]


@pytest.mark.parametrize("role", ["public", "facilitator"])
def test_an_address_for_an_organisation_gives_the_medians_to_those_who_have_none(store, role):
    view = look(store, role, "closed", organisation=OTHER)
    assert view.choice.organisation is None
    assert "may not see" in view.choice.notices[0]
    assert written(view) == written(look(store, role, "closed"))


@pytest.mark.parametrize("role", ["public", "delegate", "member", "facilitator"])
def test_the_command_line_refuses_another_organisation(store, role):
    for wish in (OTHER, f"Town {OTHER}"):
        with pytest.raises(SelectionError, match=f"The role {role} may not see the figures of Town"):
            scores_figures(store, VIEWERS[role], Selection(organisation=wish, round="2025"))


def test_ones_own_organisation_may_be_named(store):
    for wish in (OWN, f"Town {OWN}", None):
        view = scores_figures(store, VIEWERS["member"], Selection(organisation=wish, round="2025"))
        assert view.choice.organisation.code == OWN


def test_a_role_without_its_organisation_sees_medians(store):
    for role in (Role.DELEGATE, Role.MEMBER):
        view = scores_view(store, Viewer(role), Selection(organisation=OTHER, round="2025"))
        assert view.choice.organisation is None
        assert view.overall.mean.withheld is Reason.NO_ORGANISATION
        assert view.overall.median.is_released
        assert "may not see" in view.choice.notices[0]


def test_who_may_choose_whom(store):
    names = {role: [one.code for one in organisations_for(store, who)] for role, who in VIEWERS.items()}
    assert names["public"] == names["facilitator"] == []
    assert names["delegate"] == names["member"] == [OWN]
    assert names["operator"] == [code_of(place) for place in range(14)]


def test_only_the_operator_takes_in_files():
    assert [role for role, viewer in VIEWERS.items() if may_import(viewer)] == ["operator"]


def test_no_role_hears_the_name_of_an_organisation(store):
    """Not in any sentence of the page, which stand on shared screens; its own is `organisation` alone."""
    for role, state in SEES:
        found = written(look(store, role, state, organisation=OWN, cohort="nation:Wales"))
        found.pop("organisation")
        assert "Town" not in str(found)
        assert code_of(0)[:2] not in str(found)
