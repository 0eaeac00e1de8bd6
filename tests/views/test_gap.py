"""The Expectation gap page's view against the oracle, and who sees what of it."""

import random
from statistics import mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from improve.charts.quadrant import HEIGHT, Plane, placed
from improve.charts.theme import text_width
from improve.disclosure import Reason
from improve.errors import SelectionError
from improve.instruments import Question, QuestionKind
from improve.model import Role, Selection, Viewer
from improve.store import write_responses
from improve.views import gap_sentence
from improve.views.gap import gap_figures, gap_view
from improve.views.gap_shown import gap_as_json, joint_rows, list_rows, point, table_rows
from tests.factory import make_delivery, make_organisation, make_store, small_survey
from tests.views import oracle_gap as oracle

LABEL = "2026"
AREAS = ("Adults", "Housing", "Highways", "Libraries")
SURVEY = small_survey(
    profile=(
        Question(
            id="AREA",
            role="service_area",
            kind=QuestionKind.SINGLE,
            short="Directorate",
            text="Where do you work?",
            options_from="organisation",
        ),
    ),
    questions=(),
)
OPERATOR = Viewer(Role.OPERATOR)


def code_of(place):
    return f"X{place:02d}"


def member(place, role=Role.MEMBER):
    return Viewer(role, code_of(place))


def people(chance, n, weights=(5, 4, 2, 1)):
    def ratings(centre):
        return [
            None if chance.random() < 0.1 else min(5, max(1, round(chance.gauss(centre, 1.1))))
            for _ in range(n)
        ]

    answers = {
        (item, measure): ratings(
            chance.uniform(3.2, 4.5) if measure == "importance" else chance.uniform(2.2, 4)
        )
        for item in ("A1", "A2")
        for measure in ("importance", "satisfaction")
    }
    answers["OVR"] = ratings(3.5)
    answers["AREA"] = [chance.choices((*AREAS, None), (*weights, 1))[0] for _ in range(n)]
    return answers


def world(folder, seed, towns=16, *, closed=True):
    chance = random.Random(seed)
    everybody = {code_of(place): people(chance, chance.choice((9, 12, 25, 40, 90))) for place in range(towns)}
    everybody[code_of(0)] = people(chance, 90)
    store = make_store(
        folder,
        {LABEL: everybody},
        survey=SURVEY,
        organisations=tuple(make_organisation(code_of(place)) for place in range(towns + 1)),
        closed=(LABEL,) if closed else (),
    )
    return store, everybody


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    store, everybody = world(tmp_path_factory.mktemp("gap"), 3)
    yield store, everybody
    store.close()


@pytest.mark.parametrize("seed", range(6))
def test_every_figure_is_the_oracles(tmp_path, seed):
    store, everybody = world(tmp_path, seed)
    view = gap_view(store, member(0), Selection(), aspect="A1")
    assert {gap.id for gap in view.gaps} == {"A1", "A2"}
    mine = everybody[code_of(0)]
    lines = {
        measure: round(oracle.national_level(everybody, ("A1", "A2"), measure) + 1e-9, 1)
        for measure in ("satisfaction", "importance")
    }
    assert view.lines.satisfaction.value == pytest.approx(lines["satisfaction"])
    assert view.lines.importance.value == pytest.approx(lines["importance"])
    for gap in view.gaps:
        value, interval = oracle.gap(mine, gap.id)
        national, organisations = oracle.national_gap(everybody, gap.id)
        assert gap.gap.value == pytest.approx(value)
        assert gap.interval.value == pytest.approx(interval)
        assert gap.n.value == len(oracle.pairs(mine, gap.id))
        assert gap.national.value == pytest.approx(national, abs=0.0501)
        assert round(gap.national.value * 10) == pytest.approx(gap.national.value * 10)
        assert gap.organisations.value == organisations
        assert gap.difference.value == pytest.approx(value - gap.national.value)
        name, share = oracle.quadrant(mine, gap.id, lines["satisfaction"], lines["importance"])
        quadrant, certainty = gap.quadrant.value
        assert quadrant.value == name
        assert certainty.value == (
            "firmly" if share >= 0.95 else "probably" if share >= 0.8 else "borderline"
        )
    both = oracle.pairs(mine, "A1")
    assert view.joint.n.value == len(both)
    assert view.joint.shares.value[4][2] == pytest.approx(both.count((5, 3)) / len(both))
    assert view.joint.above.value == pytest.approx(mean(i > s for i, s in both))
    store.close()


@pytest.mark.parametrize("seed", range(8))
def test_groups_of_people_are_hidden_as_the_slow_way_hides_them(tmp_path, seed):
    chance = random.Random(seed)
    answers = people(
        chance, chance.choice((15, 28, 45, 90)), weights=chance.choice(((1, 1, 1, 1), (9, 5, 2, 1)))
    )
    store = make_store(
        tmp_path, {LABEL: {code_of(0): answers}}, survey=SURVEY, organisations=(make_organisation("X00"),)
    )
    view = gap_view(store, member(0), Selection(), aspect="A1", compared="areas")
    hidden = set()
    for measure in ("importance", "satisfaction"):
        hidden |= oracle.hidden_groups(answers["AREA"], [one is not None for one in answers["A1", measure]])
    assert {one.label for one in view.positions if one.satisfaction.value is None} == hidden
    assert {one.label for one in view.positions} == {area for area in answers["AREA"] if area}
    for one in view.positions:
        if one.label not in hidden:
            inside = [
                s
                for s, area in zip(answers["A1", "satisfaction"], answers["AREA"], strict=True)
                if area == one.label
            ]
            assert one.satisfaction.value == pytest.approx(
                mean(s for s in inside if s is not None), abs=0.0501
            )
            assert round(one.satisfaction.value, 1) == one.satisfaction.value
        else:
            assert one.n.withheld is Reason.SMALL_GROUP
            assert one.satisfaction_interval.withheld is Reason.SMALL_GROUP
    store.close()


@pytest.mark.parametrize("lines", ["own", "middle"])
def test_the_lines_may_be_elsewhere_and_are_named(town, lines):
    store, everybody = town
    view = gap_view(store, member(0), Selection(), lines=lines)
    mine = everybody[code_of(0)]
    expected = {
        "own": mean(mean(oracle.given(mine, item, "satisfaction")) for item in ("A1", "A2")),
        "middle": 3.0,
    }[lines]
    assert view.lines.satisfaction.value == pytest.approx(expected)
    assert gap_sentence.lines_label(view.lines) in view.notes[0]
    for gap in view.gaps:
        name, _share = oracle.quadrant(mine, gap.id, expected, view.lines.importance.value)
        assert gap.quadrant.value[0].value == name


def test_nonsense_falls_back(town):
    view = gap_view(town[0], member(0), Selection(), lines="<b>", aspect="A9", compared="shoes", sort="up")
    assert (view.lines.kind, view.chosen, view.compared, view.sort) == ("national", None, None, "gap")


def test_the_list_is_in_its_order(town):
    view = gap_view(town[0], member(0), Selection())
    gaps = [gap.gap.value for gap in view.gaps]
    assert gaps == sorted(gaps, reverse=True)
    view = gap_view(town[0], member(0), Selection(), sort="national")
    differences = [gap.difference.value for gap in view.gaps]
    assert differences == sorted(differences, reverse=True)


@pytest.mark.parametrize(
    ("viewer", "has_own", "has_joint", "offered"),
    [
        (Viewer(Role.PUBLIC), False, False, ("groups",)),
        (Viewer(Role.FACILITATOR), False, False, ("groups",)),
        (member(0, Role.DELEGATE), True, False, ("groups",)),
        (member(0), True, True, ("groups", "areas")),
        (OPERATOR, False, False, ("groups",)),
    ],
)
def test_each_role_sees_what_it_may(town, viewer, has_own, has_joint, offered):
    view = gap_view(
        town[0], viewer, Selection(organisation=code_of(0) if viewer.organisation else None), aspect="A1"
    )
    assert view.has_own == has_own
    assert view.joint.shares.is_released == has_joint
    assert view.offered == offered
    assert all(gap.national.is_released for gap in view.gaps)
    if not has_own:
        assert {gap.gap.withheld for gap in view.gaps} == {Reason.NO_ORGANISATION}
        assert {gap.quadrant.withheld for gap in view.gaps} == {Reason.NO_ORGANISATION}


def test_the_operator_sees_everybodys(town):
    view = gap_view(town[0], OPERATOR, Selection(organisation=code_of(0)), aspect="A1", compared="areas")
    assert view.has_own
    assert view.joint.shares.is_released
    assert any(one.satisfaction.is_released for one in view.positions)


def test_nobody_sees_anothers(town):
    store, _everybody = town
    view = gap_view(store, member(1), Selection(organisation=code_of(0)))
    assert view.choice.organisation.code == code_of(1)
    with pytest.raises(SelectionError):
        gap_figures(store, member(1), Selection(organisation=code_of(0)))
    delegate = gap_view(store, member(0, Role.DELEGATE), Selection(), aspect="A1", compared="areas")
    assert delegate.compared is None
    assert delegate.joint.n.withheld is Reason.NOT_YOURS


def test_while_it_collects_there_are_own_figures_alone(tmp_path):
    store, _everybody = world(tmp_path, 4, closed=False)
    view = gap_view(store, member(0), Selection())
    assert all(gap.gap.is_released for gap in view.gaps)
    assert {gap.national.withheld for gap in view.gaps} == {Reason.COLLECTING}
    assert {gap.quadrant.withheld for gap in view.gaps} == {Reason.COLLECTING}
    assert view.offered == ("areas",)
    middle = gap_view(store, member(0), Selection(), lines="middle")
    assert all(gap.quadrant.is_released for gap in middle.gaps)
    operator = gap_view(store, OPERATOR, Selection(organisation=code_of(0)))
    assert operator.is_provisional
    assert all(gap.national.is_released for gap in operator.gaps)
    store.close()


def test_who_comes_after_the_closing_does_not_move_the_national_gap(tmp_path):
    store, _everybody = world(tmp_path, 5)
    before = [gap.national.value for gap in gap_view(store, member(0), Selection()).gaps]
    late = {
        (item, measure): [5 if measure == "importance" else 1] * 40
        for item in ("A1", "A2")
        for measure in ("importance", "satisfaction")
    }
    write_responses(store, [make_delivery(SURVEY, LABEL, code_of(16), late)])
    assert [gap.national.value for gap in gap_view(store, member(0), Selection()).gaps] == before
    mine = gap_view(store, member(16), Selection())
    assert [gap.gap.value for gap in mine.gaps] == [4.0, 4.0]
    store.close()


def test_nine_pairs_have_no_gap(tmp_path):
    answers = {
        ("A1", "importance"): [5] * 20,
        ("A1", "satisfaction"): [3] * 9 + [None] * 11,
        ("A2", "importance"): [4] * 20,
        ("A2", "satisfaction"): [2] * 20,
    }
    store = make_store(
        tmp_path,
        {LABEL: {"X00": answers}},
        survey=SURVEY,
        organisations=(make_organisation("X00"),),
        closed=(LABEL,),
    )
    view = gap_view(store, member(0), Selection(), aspect="A1")
    gaps = {gap.id: gap for gap in view.gaps}
    assert gaps["A1"].gap.withheld is Reason.FEW_ANSWERS
    assert gaps["A1"].n.withheld is Reason.FEW_ANSWERS
    assert view.joint.shares.withheld is Reason.FEW_ANSWERS
    assert joint_rows(view) == []
    assert gaps["A2"].gap.value == 2.0
    assert gaps["A2"].national.withheld is Reason.FEW_ORGANISATIONS
    assert "Fewer than 10 answers" in table_rows(view)[-1]["Gap"]
    store.close()


def test_an_empty_store_says_so(tmp_path):
    store = make_store(tmp_path)
    view = gap_view(store, OPERATOR, Selection())
    assert view.finding == "There are no figures yet. Import a survey file to begin."
    assert gap_as_json(view)["aspects"] == []
    store.close()


def test_the_json_is_what_the_page_says(town):
    view = gap_figures(town[0], OPERATOR, Selection(organisation=code_of(0)))
    written = gap_as_json(view)
    for gap, aspect in zip(view.gaps, written["aspects"], strict=True):
        assert aspect["gap"] == {"value": gap.gap.value}
        assert aspect["quadrant"] == {"value": [one.value for one in gap.quadrant.value]}
    assert written["lines"]["kind"] == "national"


def test_without_an_organisation_the_points_are_the_medians(town):
    view = gap_view(town[0], Viewer(Role.PUBLIC), Selection())
    for gap in view.gaps:
        assert point(gap) == (gap.satisfaction.median.value, gap.importance.median.value)
    assert all(row["mean"] is None for row in list_rows(view))


def test_raise_first_names_the_widest_that_matter(demonstration_store):
    view = gap_view(demonstration_store, Viewer(Role.MEMBER, "DW07"), Selection())
    first = [
        gap
        for gap in view.gaps
        if gap.quadrant.value
        and gap.quadrant.value[0].value == "concentrate"
        and gap.quadrant.value[1].value != "borderline"
    ]
    assert view.finding.startswith(f"Raise first: {first[0].short} (gap ")


PLANES = st.lists(st.tuples(st.floats(1, 7), st.floats(1, 7)), min_size=1, max_size=25)


@given(PLANES, st.sampled_from(["screen", "present"]))
def test_no_two_numbers_overlap_and_none_leaves_the_plane(points, size):
    check_apart(points, [str(place) for place in range(1, len(points) + 1)], 480, size)


@pytest.mark.parametrize("seed", range(10))
def test_twenty_names_stand_apart(seed):
    """As crowded as real aspects are: most of them within one and a half points of each other."""
    chance = np.random.default_rng(seed)
    points = [tuple(one) for one in chance.normal((4, 5), (0.9, 0.8), (20, 2)).clip(1.1, 6.9)]
    names = [
        "Reliability",
        "Business systems",
        "Network and Wi-Fi",
        "New kit and access",
        "Right first time",
    ] * 4
    check_apart(points, names, 560, "screen")


def check_apart(points, labels, width, size):
    factor = 1.5 if size == "present" else 1.0
    plane = Plane((1, 7), (1, 7), None, None)
    places = placed(points, labels, plane, width, size)
    boxes = []
    for (x, y), label, (dx, dy) in zip(points, labels, places, strict=True):
        left = 34 * factor + (x - 1) / 6 * (width - 68 * factor) + dx
        top = 34 * factor + (7 - y) / 6 * (HEIGHT * factor - 68 * factor) + dy
        boxes.append((left, top, text_width(label, 13 * factor) / 2, 7 * factor))
    for place, (x, y, half_x, half_y) in enumerate(boxes):
        assert x - half_x >= -1
        assert x + half_x <= width + 1
        assert -1 <= y - half_y <= y + half_y <= HEIGHT * factor + 1
        for other_x, other_y, other_half_x, other_half_y in boxes[place + 1 :]:
            assert abs(x - other_x) >= half_x + other_half_x or abs(y - other_y) >= half_y + other_half_y
