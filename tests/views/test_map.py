"""The map: who takes part, told to whom; the medians it may show; and no value of anybody else."""

import json

import pytest

from improve.demo import DEFAULT_ORGANISATION
from improve.disclosure import Reason
from improve.errors import SelectionError
from improve.model import Role, Selection, Viewer
from improve.store import close_round, open_round, write_responses
from improve.views.map import Module, areas_of, map_figures, map_view, place_called
from improve.views.map_shown import (
    area_labels,
    area_rows,
    dot_rows,
    hexagon_rows,
    layouts,
    map_as_json,
    table_rows,
    without_hexagon,
)
from improve.views.scores import scores_view
from tests.factory import assessed, make_store, write_assessed
from tests.partners import past, write_past
from tests.views.town import code_of, delivery, everything, towns

OPERATOR, PUBLIC, FACILITATOR = (Viewer(role) for role in (Role.OPERATOR, Role.PUBLIC, Role.FACILITATOR))
OWN, ASSESSED, PARTNER = code_of(1), code_of(11), code_of(12)
MEMBER = Viewer(Role.MEMBER, OWN)
NATIONS = ["Wales"] * 8 + ["Scotland"] * 6
CLOSED, OPEN = Selection(round="2025"), Selection(round="2026")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Eight Welsh towns and three Scottish ones answered, one was only assessed, one only prepares."""
    made = make_store(tmp_path_factory.mktemp("map"), organisations=towns(14, nation=NATIONS, region=NATIONS))
    write_responses(
        made, [delivery(code_of(place), everything(3 + place / 10), "2025") for place in range(11)]
    )
    write_responses(made, [delivery(code_of(place), everything(4.0), "2026") for place in range(3)])
    write_assessed(made, {"2025": {code: assessed("yyyyyy") for code in (OWN, ASSESSED)}})
    write_past(made, past({PARTNER: ("2025", ("ict", "234 342 232"))}))
    close_round(made, "2025")
    yield made
    made.close()


def parts(view):
    return {one.organisation.code: one.modules for one in view.places if one.modules}


@pytest.mark.parametrize("viewer", [OPERATOR, PUBLIC, FACILITATOR, MEMBER], ids=lambda one: one.role.value)
def test_everybody_sees_who_took_part_in_a_closed_round(store, viewer):
    found = parts(map_view(store, viewer, CLOSED))
    assert found[OWN] == (Module.SURVEY, Module.MATURITY)
    assert found[ASSESSED] == (Module.MATURITY,)
    # Who prepares a partnership is nobody else's business.
    assert set(found) == {*map(code_of, range(11)), ASSESSED}


def test_the_public_knows_nothing_of_a_round_that_collects(store):
    assert set(parts(map_view(store, MEMBER, OPEN))) == {code_of(place) for place in range(3)}
    public = map_view(store, PUBLIC, OPEN)
    assert public.choice.round.label == "2025"
    assert public.choice.notices


def test_the_medians_are_those_of_the_scores_page(store):
    view = map_view(store, MEMBER, CLOSED)
    scotland, wales = view.areas
    scores = scores_view(store, MEMBER, Selection(round="2025", cohort="nation:Wales"))
    assert wales.median.value == scores.overall.cohort_median.value is not None
    assert wales.organisations.value == scores.overall.cohort_organisations.value == 8
    assert view.national.value == scores.overall.median.value
    assert view.own.value == scores.overall.mean.value
    assert (wales.places, wales.taking_part, wales.reason) == (8, 8, None)
    assert (scotland.places, scotland.taking_part) == (6, 4)
    assert scotland.reason is scotland.median.withheld is Reason.FEW_ORGANISATIONS
    assert scotland.organisations.withheld is Reason.FEW_ORGANISATIONS
    assert [row["row"] for row in area_labels(view, None)] == ["nation:Wales"]
    assert [row["median"] is None for row in area_rows(view)] == [True, False]


def test_while_a_round_collects_the_operator_alone_sees_medians(store):
    for viewer in (MEMBER, FACILITATOR):
        view = map_view(store, viewer, OPEN)
        assert {one.median.withheld for one in view.areas} == {Reason.COLLECTING}
        assert "still collecting" in " ".join(view.notes)
    assert map_view(store, OPERATOR, OPEN).is_provisional


@pytest.mark.parametrize("viewer", [PUBLIC, FACILITATOR, MEMBER], ids=lambda one: one.role.value)
def test_only_ones_own_organisation_has_a_figure(store, viewer):
    view = map_view(store, viewer, Selection(round="2025", organisation=code_of(5)))
    own = view.choice.organisation
    assert (own is None) == (viewer is not MEMBER)
    assert view.own.is_released == (viewer is MEMBER)
    assert [one.organisation.code for one in view.places if view.may_show(one)] == ([OWN] if own else [])
    assert [one.organisation.code for one in view.places if view.is_own(one)] == ([OWN] if own else [])
    with pytest.raises(SelectionError):
        map_figures(store, viewer, Selection(round="2025", organisation=code_of(5)))


def test_an_operator_may_look_at_anybody(store):
    view = map_view(store, OPERATOR, Selection(round="2025", organisation=code_of(5)))
    assert all(view.may_show(one) for one in view.places)
    assert view.own.is_released


def test_a_place_knows_its_areas(store):
    view = map_view(store, MEMBER, CLOSED)
    place = place_called(view, OWN)
    assert [one.cohort.key for one in areas_of(view, place)] == ["nation:Wales"]
    assert place_called(view, "nowhere") is place_called(view, None) is None


def test_without_names_nothing_names_anybody(store):
    view = map_view(store, MEMBER, CLOSED)
    shown = json.dumps([dot_rows(view, is_named=False), table_rows(view, is_named=False)])
    names = [one.organisation.name for one in view.places]
    assert not [name for name in names if name in shown]
    shown = json.dumps([dot_rows(view, is_named=True), table_rows(view, is_named=True)])
    assert all(name in shown for name in names)
    told = (view.finding, view.alt, *view.notes, *view.method)
    assert not [name for name in names if name in " ".join(told)]


def test_what_stands_of_a_council_on_the_map_is_in_the_register(store):
    """Nothing of a council but its place, size and what it takes part in."""
    view = map_view(store, OPERATOR, CLOSED)
    for row in dot_rows(view, is_named=True):
        assert set(row) == {"row", "lon", "lat", "population", "part", "nation", "sentence"}
        assert not any(letter.isdigit() for letter in row["sentence"].replace(f"Town {row['row']}", ""))
    for one in map_as_json(view)["councils"]:
        assert set(one) == {
            *("code", "name", "type", "nation", "region", "lon", "lat", "population", "modules"),
        }


def test_an_empty_store_says_what_to_do(tmp_path):
    made = make_store(tmp_path)
    assert map_view(made, OPERATOR, Selection()).finding.endswith("Import a survey file to begin.")
    assert list(map_view(made, PUBLIC, Selection()).places) == []
    open_round(made, "2026")
    view = map_view(made, OPERATOR, Selection())
    assert view.finding == "0 of 382 councils take part in round 2026 so far."
    assert view.taking_part == 0
    assert list(layouts(view)) == ["lower", "upper"]
    assert [len(hexagon_rows(view, layout, is_named=True)) for layout in layouts(view)] == [361, 218]
    assert [without_hexagon(view, layout) for layout in layouts(view)] == [0, 0]
    assert not any(one.median.is_released for one in view.areas)
    made.close()


def test_the_demonstration(demonstration_store):
    view = map_view(demonstration_store, Viewer(Role.MEMBER, DEFAULT_ORGANISATION), Selection())
    assert view.finding.startswith("96 of 96 councils took part in round 2026. 10 of the 13 nations")
    assert len(hexagon_rows(view, "invented", is_named=True)) == 96
    assert list(layouts(view)) == ["invented"]
    # The empty place is there for who uses it.
    trial = map_view(demonstration_store, OPERATOR, Selection(organisation="TRIAL"))
    assert len(trial.places) == 97
    assert place_called(trial, "TRIAL").modules == ()
