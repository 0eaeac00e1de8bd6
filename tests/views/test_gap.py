"""The Expectation gap page's view against the oracle, and who sees what of it."""

import json
import random
from statistics import mean

import pytest

from improve.disclosure import Reason
from improve.errors import SelectionError
from improve.instruments import Question, QuestionKind, Scale
from improve.model import Certainty, Comparison, Quadrant, Role, Selection, Viewer
from improve.store import close_round, write_responses
from improve.views import gap_sentence
from improve.views.gap import gap_figures, gap_view
from improve.views.gap_shown import chart_rows, gap_as_json, joint_rows, list_rows, point, spans, table_rows
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
    whole, *groups = view.positions
    assert (whole.is_own, whole.n.value) == (True, len(oracle.pairs(answers, "A1")))
    assert whole.satisfaction.value == pytest.approx(mean(oracle.given(answers, "A1", "satisfaction")))
    assert not any(one.is_own for one in groups)
    hidden = set()
    for measure in ("importance", "satisfaction"):
        hidden |= oracle.hidden_groups(answers["AREA"], [one is not None for one in answers["A1", measure]])
    assert {one.label for one in groups if one.satisfaction.value is None} == hidden
    assert {one.label for one in groups if one.importance.value is None} == hidden
    assert {one.label for one in groups} == {area for area in answers["AREA"] if area}
    for one in groups:
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
    assert gap_sentence.lines_label(view.lines) + "." in view.method
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
    assert (written["joint"], written["groups"]) == (None, [])


def test_the_json_of_one_aspect_has_its_joint_picture_and_groups(town):
    view = gap_figures(town[0], OPERATOR, Selection(organisation=code_of(0)), aspect="A2", compared="areas")
    written = json.loads(json.dumps(gap_as_json(view)))
    assert (written["chosen"], written["compared"]) == ("A2", "areas")
    assert written["joint"]["n"] == {"value": view.joint.n.value}
    assert written["joint"]["shares"]["value"][4][2] == view.joint.shares.value[4][2]
    assert written["groups"][0]["label"] == "Own organisation"
    assert {one["label"] for one in written["groups"][1:]} == set(AREAS)
    for one, position in zip(written["groups"], view.positions, strict=True):
        assert one["satisfaction"] == (
            {"value": position.satisfaction.value}
            if position.satisfaction.is_released
            else {"withheld": "small_group"}
        )
        interval = position.importance_interval
        assert one["importance_interval"] == (
            {"value": list(interval.value)} if interval.is_released else {"withheld": "small_group"}
        )
    of_councils = gap_figures(town[0], OPERATOR, Selection(), aspect="A2", compared="groups")
    assert {one["satisfaction_interval"] for one in gap_as_json(of_councils)["groups"]} == {None}
    delegate = gap_figures(town[0], member(0, Role.DELEGATE), Selection(), aspect="A2")
    assert gap_as_json(delegate)["joint"]["shares"] == {"withheld": "not_yours"}


def test_without_an_organisation_the_points_are_the_medians(town):
    view = gap_view(town[0], Viewer(Role.PUBLIC), Selection())
    for gap in view.gaps:
        assert point(gap) == (gap.satisfaction.median.value, gap.importance.median.value)
    assert all(row["gap"] is None for row in list_rows(view))


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


# ── Worked out by hand ─────────────────────────────────────────────────────────────────────────


def ratings(importance, satisfaction, other=(4, 4)):
    """Twelve people's answers: the same list six times over for A1, one answer each for A2."""
    n = 6 * len(importance)
    return {
        ("A1", "importance"): importance * 6,
        ("A1", "satisfaction"): satisfaction * 6,
        ("A2", "importance"): [other[0]] * n,
        ("A2", "satisfaction"): [other[1]] * n,
    }


def small_world(folder, everybody, **facts):
    return make_store(
        folder,
        {LABEL: {code_of(place): answers for place, answers in enumerate(everybody)}},
        survey=SURVEY,
        organisations=tuple(make_organisation(code_of(place), **facts) for place in range(len(everybody))),
        closed=(LABEL,),
    )


def test_check_values_of_one_organisation(tmp_path):
    """Gaps of A1 are 3 and 1, six times each: mean 2, sd 1.0445, half width 2.201 x 1.0445 / sqrt(12)."""
    store = small_world(tmp_path, [ratings([5, 4], [2, 3]), *[ratings([4, 4], [3, 3])] * 7])
    view = gap_view(store, member(0), Selection(), aspect="A1")
    gap = next(one for one in view.gaps if one.id == "A1")
    assert gap.gap.value == 2.0
    assert gap.interval.value == pytest.approx((2 - 0.6636, 2 + 0.6636), abs=1e-4)
    # Eight gaps: 2 and seven times 1.
    assert (gap.national.value, gap.organisations.value, gap.difference.value) == (1.0, 8, 1.0)
    # t = 1 / 0.3015 with 11 degrees of freedom: p = 0.007, of two tests.
    assert gap.comparison.value is Comparison.HIGHER
    # Averages over the aspects: satisfaction (2.5 + 4) / 2 of its own, (3 + 4) / 2 of the others.
    assert (view.lines.satisfaction.value, view.lines.importance.value) == (3.5, 4.0)
    # Satisfaction 2.5 (standard error 0.15) lies far below 3.5, importance 4.5 (0.15) above 4.0.
    assert gap.quadrant.value == (Quadrant.CONCENTRATE, Certainty.FIRMLY)
    assert view.joint.shares.value[4][1] == view.joint.shares.value[3][2] == 0.5
    assert view.joint.above.value == 1.0
    assert view.finding == (
        "Raise first: Reliability (gap 2.0: importance 4.5, satisfaction 2.5). Importance is above the "
        "national median there, satisfaction below it."
    )
    assert gap_sentence.of_gap(gap).endswith(
        "Gap 2.00 (1.34 to 2.66). Wider than the national gap of 1.0; unlikely to be chance. "
        "Concentrate here (firmly)."
    )
    store.close()


def test_no_gap_above_zero_is_an_answer_too(tmp_path):
    store = small_world(tmp_path, [ratings([3, 4], [4, 4])] * 8)
    view = gap_view(store, member(0), Selection())
    assert view.finding.startswith("Nothing to raise first")
    assert not any(row["is_first"] for row in list_rows(view))
    store.close()


def test_gaps_above_zero_are_raised_where_nothing_is_to_concentrate_on(tmp_path):
    store = small_world(tmp_path, [ratings([5, 4], [4, 4])] * 8)
    view = gap_view(store, member(0), Selection())
    assert "Reliability (gap 0.5: importance 4.5, satisfaction 4.0)" in view.finding
    assert "These gaps are the widest" in view.finding
    assert [row["row"] for row in list_rows(view) if row["is_first"]] == ["A1"]
    store.close()


def test_the_crosshair_is_the_median_as_released(tmp_path):
    """3.26 is shown, and tested against, as 3.3: an own mean of 3.28 is more likely below it."""
    others = [ratings([5] * 25, [3] * 12 + [4] * 13, (3, 3)) for _place in range(9)]
    own = ratings([5] * 25, [3] * 18 + [4] * 7, (3, 3))
    store = small_world(tmp_path, [own, *others])
    view = gap_view(store, member(0), Selection())
    gap = next(one for one in view.gaps if one.id == "A1")
    assert gap.satisfaction.mean.value == pytest.approx(3.28)
    assert (view.lines.satisfaction.value, view.lines.importance.value) == (3.3, 4.0)
    assert gap.quadrant.value == (Quadrant.CONCENTRATE, Certainty.BORDERLINE)
    store.close()


def test_an_optional_aspect_has_its_quadrant_and_nothing_national(tmp_path):
    asked = {**ratings([5, 4], [2, 3]), ("A3", "importance"): [5] * 12, ("A3", "satisfaction"): [2] * 12}
    store = small_world(tmp_path, [asked] * 8)
    view = gap_view(store, member(0), Selection(), aspect="A3", compared="groups")
    gap = next(one for one in view.gaps if one.id == "A3")
    assert gap.gap.value == 3.0
    assert gap.quadrant.is_released
    assert {gap.national.withheld, gap.importance.median.withheld, gap.difference.withheld} == {
        Reason.NOT_COMPARED
    }
    assert {one.satisfaction.withheld for one in view.positions if not one.is_own} == {Reason.NOT_COMPARED}
    store.close()


def test_a_group_of_organisations_needs_both_measures(tmp_path):
    """Seven organisations of Wales rate importance, six of them satisfaction: Wales is not shown."""
    full = ratings([5, 4], [2, 3])
    half = {**full, ("A1", "satisfaction"): [None] * 12}
    organisations = tuple(
        make_organisation(code_of(place), nation="Wales" if place < 7 else "England") for place in range(15)
    )
    store = make_store(
        tmp_path,
        {LABEL: {code_of(place): half if place == 0 else full for place in range(15)}},
        survey=SURVEY,
        organisations=organisations,
        closed=(LABEL,),
    )
    by_aspect = {}
    for aspect in ("A1", "A2"):
        view = gap_view(store, Viewer(Role.PUBLIC), Selection(), aspect=aspect, compared="groups")
        by_aspect[aspect] = {one.label: one for one in view.positions}
    for one in (by_aspect["A1"]["Wales"].satisfaction, by_aspect["A1"]["Wales"].importance):
        assert one.withheld is Reason.FEW_ORGANISATIONS
    assert by_aspect["A1"]["All UK councils"].n.value == 14
    assert by_aspect["A2"]["Wales"].satisfaction.is_released
    assert by_aspect["A2"]["Wales"].n.value == 7
    store.close()


def test_another_scale_before_has_no_last_position(tmp_path):
    """The round before used 1 to 10: its means are not beside these."""
    tens = SURVEY.model_copy(
        update={"version": "0.9", "scale": Scale(low=1, high=10, ends={1: "a", 10: "b"})}
    )
    store = small_world(tmp_path, [ratings([5, 4], [2, 3])] * 8)
    write_responses(store, [make_delivery(tens, "2025", code_of(0), ratings([10, 9], [6, 7]))])
    view = gap_view(store, member(0), Selection(round=LABEL), aspect="A1")
    assert view.choice.previous.label == "2025"
    assert view.chosen.satisfaction.previous.withheld is Reason.ANOTHER_SCALE
    assert gap_sentence.moved(view) == "Round 2025 is not shown beside it: It was asked on another scale."
    before = gap_view(store, member(0), Selection(round="2025"), lines="middle")
    assert before.lines.satisfaction.value == 5.5
    assert before.gaps[0].gap.value == 3.0
    store.close()


def test_an_organisation_on_another_scale_is_not_in_the_national_gap(tmp_path):
    tens = SURVEY.model_copy(
        update={"version": "0.9", "scale": Scale(low=1, high=10, ends={1: "a", 10: "b"})}
    )
    everybody = tuple(make_organisation(code_of(place)) for place in range(9))
    store = make_store(tmp_path, organisations=everybody)
    deliveries = [make_delivery(SURVEY, LABEL, code_of(place), ratings([5, 4], [2, 3])) for place in range(8)]
    write_responses(store, [*deliveries, make_delivery(tens, LABEL, code_of(8), ratings([10, 10], [1, 1]))])
    close_round(store, LABEL)
    view = gap_view(store, member(0), Selection())
    gap = next(one for one in view.gaps if one.id == "A1")
    assert (gap.organisations.value, gap.national.value) == (8, 2.0)
    assert "1 organisation answered on another scale and is not compared." in view.notes
    store.close()


def test_the_last_position_is_that_of_the_round_before(tmp_path):
    everybody = {code_of(place): ratings([5, 4], [2, 3]) for place in range(8)}
    store = make_store(
        tmp_path,
        {"2025": {code_of(0): ratings([4, 4], [2, 2])}, LABEL: everybody},
        survey=SURVEY,
        organisations=tuple(make_organisation(code) for code in everybody),
        closed=("2025", LABEL),
    )
    view = gap_view(store, member(0), Selection(), aspect="A1")
    assert gap_sentence.moved(view) == "In round 2025 importance was 4.00, satisfaction 2.00."
    [row] = [row for row in chart_rows(view) if row["chosen"]]
    assert (row["x_before"], row["y_before"]) == (2.0, 4.0)
    store.close()


# ── Wishes that cannot be followed, and how the picture is cut ─────────────────────────────────


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"lines": "shoes"}, "There are: national, own, middle."),
        ({"aspect": "A9"}, "There is no aspect called A9"),
        ({"compared": "places"}, "What can: groups, areas."),
    ],
)
def test_the_command_line_refuses_what_the_page_forgives(town, wish, says):
    with pytest.raises(SelectionError, match=says):
        gap_figures(town[0], OPERATOR, Selection(organisation=code_of(0)), **wish)


@pytest.mark.parametrize("lines", ["national", "own", "middle"])
def test_the_axes_hold_every_mark_and_a_part_of_the_diagonal(town, lines):
    for aspect in (None, "A1"):
        view = gap_view(town[0], member(0), Selection(), lines=lines, aspect=aspect)
        (x_low, x_high), (y_low, y_high) = spans(view, is_whole=False)
        for row in chart_rows(view):
            for x in (row["x"], row["x_national"], view.lines.satisfaction.value):
                assert x_low <= x <= x_high
            for y in (row["y"], row["y_national"], view.lines.importance.value):
                assert y_low <= y <= y_high
        assert min(x_high, y_high) > max(x_low, y_low)
        assert {2 * end % 1 for end in (x_low, x_high, y_low, y_high)} == {0}
        assert spans(view, is_whole=True) == ((1, 5), (1, 5))


def test_the_diagonal_stays_on_the_plane_of_the_least_satisfied(tmp_path):
    store = small_world(tmp_path, [ratings([5, 5], [1, 1], (5, 1))] * 8)
    view = gap_view(store, member(0), Selection())
    (x_low, x_high), (y_low, y_high) = spans(view, is_whole=False)
    assert min(x_high, y_high) - max(x_low, y_low) >= 0.5
    store.close()


def test_two_rows_of_the_list_say_which_place_and_how_it_compares(town):
    view = gap_view(town[0], member(0), Selection())
    for row, gap in zip(list_rows(view), view.gaps, strict=True):
        quadrant, certainty = gap.quadrant.value
        assert row["place"] == (
            f"{gap_sentence.quadrant_label(quadrant)} ({gap_sentence.certainty_label(certainty)})"
        )
        assert row["note"].startswith(f"{gap.gap.value:.1f} (")
        assert gap_sentence.word(gap.comparison.value) in row["note"]


def test_no_sentence_names_the_organisation(town):
    view = gap_view(town[0], member(0), Selection(), aspect="A1", compared="areas")
    said = [
        view.finding,
        view.alt,
        *view.notes,
        *view.method,
        gap_sentence.moved(view),
        gap_sentence.joint(view),
    ]
    said += [gap_sentence.of_gap(gap) for gap in view.gaps] + [gap_sentence.positions(view)]
    assert not [one for one in said if "Town" in one or "X00" in one]


def test_a_group_is_shown_where_both_measures_may_be(tmp_path):
    """Housing has 12 answers to one question and 9 to the other; the three others have 12 to both."""
    areas = [area for area in AREAS for _person in range(12)]
    few = [None if area == "Housing" and person % 12 < 3 else 4 for person, area in enumerate(areas)]
    for measure in ("importance", "satisfaction"):
        answers = {
            ("A1", "importance"): [5] * 48,
            ("A1", "satisfaction"): [3] * 48,
            ("A1", measure): few,
            "AREA": areas,
        }
        store = make_store(
            tmp_path,
            {LABEL: {code_of(0): answers}},
            survey=SURVEY,
            organisations=(make_organisation(code_of(0)),),
            name=f"{measure}.duckdb",
        )
        view = gap_view(store, member(0), Selection(), aspect="A1", compared="areas")
        by_label = {one.label: one for one in view.positions}
        hidden = by_label["Housing"]
        for figure in (hidden.satisfaction, hidden.importance, hidden.n, hidden.importance_interval):
            assert figure.withheld is Reason.SMALL_GROUP
        assert sum(one.satisfaction.is_released for one in view.positions) < len(view.positions)
        store.close()


def test_what_was_not_asked_is_not_offered(tmp_path):
    store = small_world(tmp_path, [ratings([5, 4], [2, 3])] * 8)
    view = gap_view(store, member(0), Selection(), compared="areas")
    assert (view.offered, view.compared, view.positions) == (("groups",), None, ())
    store.close()
