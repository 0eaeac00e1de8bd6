"""The Trend view: against the oracle, by hand, and the stories of the demonstration."""

import json
import re
from datetime import date

import pytest
from scipy.stats import ttest_ind

from improve import action
from improve.action import Wording
from improve.disclosure import Reason
from improve.errors import SelectionError
from improve.instruments import Scale
from improve.model import Comparison, Role, Selection, Viewer
from improve.store import close_round, write_responses
from improve.views import trend_sentence, trend_shown
from improve.views.trend import Lack, looking_into, told_actions, trend_figures, trend_view
from tests.factory import make_delivery, make_store, small_survey
from tests.oracle import Look
from tests.views.oracle_trend import Trend
from tests.views.test_oracle import looks_at
from tests.views.town import SURVEY, code_of, everything, rated, towns
from tests.views.world import differences, plain, random_world, viewer_of

SEEDS = (0, 1, 2, 3, 8, 10, 13, 17, 19, 23)
OPERATOR = Viewer(Role.OPERATOR)


def member(code):
    return Viewer(Role.MEMBER, code)


def written(view):
    return json.loads(json.dumps(trend_shown.trend_as_json(view), allow_nan=False))


def figures_of(view):
    found = written(view)

    def flat(one, *dropped):
        return {
            name: plain(value) if isinstance(value, dict) else value
            for name, value in one.items()
            if name not in dropped
        }

    def series(one):
        return {
            "id": one["id"],
            "rounds": [flat(point, "day") for point in one["rounds"]],
            "move": one["move"] and flat(one["move"]),
        }

    return {
        "overall": found["overall"] and series(found["overall"]),
        "aspects": [series(one) for one in found["aspects"]],
    }


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """The worlds by seed, for tests that only read."""
    folder = tmp_path_factory.mktemp("worlds")
    made = {seed: random_world(seed, folder) for seed in SEEDS}
    yield made
    for world in made.values():
        world.store.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_equals_the_oracle_or_is_withheld_for_the_same_reason(seed, worlds):
    world = worlds[seed]
    for season in world.seasons:
        for look in looks_at(world, season):
            selection = Selection(organisation=look.organisation, round=look.round, cohort=look.cohort)
            found = figures_of(trend_view(world.store, viewer_of(look), selection))
            wanted = Trend(world.page(look)).figures()
            assert differences(found, wanted) == [], look


def test_the_worlds_reach_every_word_and_reason(worlds):
    found = set()
    for world in worlds.values():
        for season in world.seasons:
            for one in world.organisations:
                look = Look("operator", None, one.code, season.label, "all")
                text = json.dumps(figures_of_look(world, look), default=str)
                found |= set(
                    re.findall(r"higher|similar|lower|few_peers|another_scale|few_answers|not_asked", text)
                )
    assert found == {"higher", "similar", "lower", "few_peers", "another_scale", "few_answers", "not_asked"}


def figures_of_look(world, look):
    return Trend(world.page(look)).figures()


# ── By hand ────────────────────────────────────────────────────────────────────────────────────


def two_rounds(folder, before, after, closed=("2025", "2026"), rounds=("2025", "2026"), towns_=None):
    """A store with two rounds: [answers of organisation 0, of 1, ...] each."""
    given = [{code_of(at): one for at, one in enumerate(part)} for part in (before, after)]
    number = towns_ or max(len(before), len(after))
    return make_store(
        folder,
        dict(zip(rounds, given, strict=True)),
        organisations=towns(number),
        closed=closed,
    )


def test_a_change_is_that_of_scipy(tmp_path):
    first, last = [1, 2, 2, 3, 3, 3, 4, 2, 1, 3, 2], [4, 5, 3, 4, 5, 5, 4, 3, 5, 4, 4, 5]
    store = two_rounds(tmp_path, [{"A1": first}], [{"A1": last}])
    move = trend_view(store, member(code_of(0)), Selection()).series[0].move
    test = ttest_ind(last, first, equal_var=False)
    interval = test.confidence_interval(0.95)
    assert move.change.value == pytest.approx(sum(last) / 12 - sum(first) / 11)
    assert move.interval.value == pytest.approx((interval.low, interval.high))
    assert move.word.value is Comparison.HIGHER
    assert test.pvalue < 0.05
    store.close()


def steps(*totals, n=10):
    """Towns whose answers to everything have these sums, of n people."""
    return [everything(total / n, n) for total in totals]


def test_difference_in_differences_by_hand(tmp_path):
    """Own change 1.0; six peers change by 0.1, 0.2, 0.3, 0.3, 0.4, 0.5: mean 0.3, S^2 = 0.02."""
    before = steps(30, 30, 30, 30, 30, 30, 30)
    after = steps(40, 31, 32, 33, 33, 34, 35)
    store = two_rounds(tmp_path, before, after)
    move = trend_view(store, member(code_of(0)), Selection()).series[0].move

    def error2(answers):
        mean = sum(answers) / 10
        return sum((one - mean) ** 2 for one in answers) / 9 / 10

    errors = [error2(a["A1"]) + error2(b["A1"]) for a, b in zip(before, after, strict=True)]
    spread = 0.02
    noise = sum(errors[1:]) / 6
    half = 2.5705818 * (errors[0] + max(0, spread - noise) + spread / 6) ** 0.5
    assert move.change.value == pytest.approx(1.0)
    assert move.organisations.value == 7
    assert move.peers.value == 0.3
    value, low, high = move.beyond.value
    assert value == pytest.approx(0.7)
    assert high - low == pytest.approx(2 * half, abs=0.2)
    assert high - low >= 2 * half
    assert (high - value) * 10 == pytest.approx(round((high - value) * 10))
    store.close()


def test_fewer_than_six_peers_are_not_told_of(tmp_path):
    store = two_rounds(tmp_path, steps(*[30] * 6), steps(40, 31, 32, 33, 33, 34))
    view = trend_view(store, member(code_of(0)), Selection())
    move = view.series[0].move
    assert move.change.value == pytest.approx(1.0)
    assert move.peers.withheld is move.beyond.withheld is Reason.FEW_PEERS
    assert move.organisations.value is None
    assert "Fewer than six other organisations" in " ".join(view.notes)
    assert "Fewer than six" in trend_sentence.of_move("X", move)
    store.close()


def test_who_has_fewer_than_ten_answers_in_one_of_the_rounds_is_no_peer(tmp_path):
    after = steps(40, 31, 32, 33, 33, 34, 35)
    after[6]["A1"] = [*after[6]["A1"][:9], None]
    store = two_rounds(tmp_path, steps(*[30] * 7), after)
    a1, a2 = trend_view(store, member(code_of(0)), Selection()).series[:2]
    assert a1.move.peers.withheld is Reason.FEW_PEERS
    assert a2.move.peers.value == 0.3
    store.close()


def test_peers_are_those_of_the_closings(tmp_path):
    """Who is replaced after the closing moves no peer figure, and its own at once."""
    store = two_rounds(tmp_path, steps(*[30] * 7), steps(40, 31, 32, 33, 33, 34, 35))
    write_responses(store, [make_delivery(SURVEY, "2026", code_of(6), everything(4.9, 20))], replace=True)
    move = trend_view(store, member(code_of(0)), Selection()).series[0].move
    assert move.peers.value == 0.3
    own = trend_view(store, member(code_of(6)), Selection()).series[0].move
    assert own.change.value == pytest.approx(1.9)
    store.close()


def test_a_collecting_round_shows_own_figures_alone_but_to_the_operator(tmp_path):
    store = two_rounds(tmp_path, steps(*[30] * 8), steps(*[40] * 8), closed=("2025",))
    selection = Selection(organisation=code_of(0), round="2026")
    own = trend_view(store, member(code_of(0)), selection).series[0]
    assert own.points[1].own.value == 4.0
    assert own.points[1].median.withheld is own.move.peers.withheld is Reason.COLLECTING
    assert own.points[0].median.value == 3.0
    assert own.move.change.value == pytest.approx(1.0)
    operator = trend_view(store, OPERATOR, selection)
    assert operator.series[0].points[1].median.value == 4.0
    assert operator.is_provisional
    # The public does not know of the round.
    assert [one.round for one in trend_view(store, Viewer(Role.PUBLIC), Selection()).series[0].points] == [
        "2025"
    ]
    store.close()


def test_another_scale_breaks_the_line_and_compares_nothing(tmp_path):
    old = small_survey("0.9", scale=Scale(low=1, high=10))
    store = two_rounds(tmp_path, [], steps(*[30] * 8), closed=(), rounds=("2024", "2026"), towns_=8)
    write_responses(
        store,
        [make_delivery(old, "2025", code_of(at), {"A1": [8, 9] * 6, "A2": [7] * 12}) for at in range(8)],
    )
    for label in ("2025", "2026"):
        close_round(store, label)
    view = trend_view(store, member(code_of(0)), Selection())
    first, last = view.series[0].points
    assert (first.round, first.is_break, last.is_break) == ("2025", True, False)
    assert first.own.withheld is Reason.ANOTHER_SCALE
    assert first.median.value is None
    assert view.series[0].move.change.withheld is Reason.ANOTHER_SCALE
    assert "another scale" in " ".join(view.notes)
    rows = trend_shown.point_rows(view.series[:1], trend_shown.span(view.series[:1]))
    assert rows[0]["is_break"]
    assert {rows[0][name] for name in ("mean", "lower", "median", "q1", "cohort_median")} == {None}
    assert rows[0]["own_part"] != rows[1]["own_part"] or rows[0]["mean"] is None
    # Nobody's own: everybody used the other scale.
    public = trend_view(store, Viewer(Role.PUBLIC), Selection()).series[0]
    assert [point.is_break for point in public.points] == [True, False]
    store.close()


def test_a_question_that_an_old_version_lacks_is_a_gap(tmp_path):
    new = SURVEY.aspects[0].model_copy(update={"id": "A9"})
    extra = small_survey("1.1", aspects=(*SURVEY.aspects, new))
    store = two_rounds(tmp_path, steps(30), [], closed=("2025",), towns_=1)
    write_responses(
        store, [make_delivery(extra, "2026", code_of(0), {**everything(4.0, 10), "A9": [3, 4] * 6})]
    )
    view = trend_view(store, member(code_of(0)), Selection(round="2026"))
    one = next(one for one in view.series if one.id == "A9")
    assert one.points[0].own.withheld is Reason.NOT_ASKED
    assert not one.points[0].is_break
    assert one.move.change.withheld is Reason.NOT_ASKED
    store.close()


def test_an_organisation_that_skipped_a_round_has_a_gap_and_its_own_last_round(demonstration_store):
    view = trend_view(demonstration_store, member("DW13"), Selection())
    assert view.overall.move.before == "2024"
    rows = trend_shown.point_rows((view.overall,), trend_shown.span((view.overall,)))
    parts = {row["round"]: row["own_part"] for row in rows}
    assert parts["2024"] != parts["2026"]
    assert {row["round"]: row["mean"] is None for row in rows}["2025"]
    assert "did not take part in round 2025" in " ".join(view.notes)


def test_one_round_has_points_and_no_change(tmp_path):
    store = make_store(
        tmp_path, {"2026": {code_of(0): everything(3.0)}}, organisations=towns(1), closed=("2026",)
    )
    view = trend_view(store, member(code_of(0)), Selection())
    assert view.finding == "There is no earlier round of the organisation to compare this one with."
    assert trend_shown.change_rows(view) == []
    assert [row["x"] for row in trend_shown.point_rows(view.every, trend_shown.span(view.every))] == [0.5] * 3
    store.close()


def test_an_empty_store_says_so(tmp_path):
    store = make_store(tmp_path)
    view = trend_view(store, OPERATOR, Selection())
    assert view.finding == "There are no figures yet. Import a survey file to begin."
    assert written(view)["aspects"] == []
    assert trend_view(store, Viewer(Role.PUBLIC), Selection()).finding == "There are no figures yet."
    store.close()


def test_without_an_organisation_there_are_medians_over_the_rounds(demonstration_store):
    view = trend_view(demonstration_store, Viewer(Role.FACILITATOR), Selection())
    assert all(point.median.is_released for one in view.series if one.id != "OPT1" for point in one.points)
    assert all(one.move is None for one in view.every)
    assert {point.own.withheld for one in view.every for point in one.points} == {Reason.NO_ORGANISATION}
    medians = [f"{point.round}: {point.median.value:.1f}" for point in view.overall.points]
    assert view.finding == f"National median of “Overall” by round: {', '.join(medians)}."
    assert view.actions is None


def test_the_command_line_refuses_what_the_page_overlooks(demonstration_store):
    with pytest.raises(SelectionError):
        trend_figures(demonstration_store, OPERATOR, Selection(round="1066"))
    view = trend_figures(demonstration_store, OPERATOR, Selection(organisation="DW05"), aspect="EQP1")
    assert view.chosen.id == "EQP1"


# ── The demonstration's stories ────────────────────────────────────────────────────────────────


def test_who_replaced_its_devices_rose_beyond_its_peers(demonstration_store):
    view = trend_view(demonstration_store, member("DW05"), Selection(round="2025"))
    for one in view.series:
        if one.id in ("EQP1", "EQP2"):
            assert one.move.word.value is Comparison.HIGHER
            assert one.move.change.value == pytest.approx(0.8, abs=0.15)
            assert one.move.beyond.value[1] > 0
            assert one.short + " rose by" in trend_sentence.of_move(one.short, one.move)
            assert "moved up by" in trend_sentence.of_move(one.short, one.move)
    assert {row["row"] for row in trend_shown.change_rows(view)[1:3]} == {"EQP1", "EQP2"}


def test_who_changed_its_main_system_fell(demonstration_store):
    view = trend_view(demonstration_store, member("DE29"), Selection(round="2026"))
    fallen = [one for one in view.series if one.move.word.value is Comparison.LOWER]
    assert [one.id for one in fallen] == ["SYS1", "SYS3"]
    for one in fallen:
        assert one.move.beyond.value[2] < 0
        assert "fell by" in trend_sentence.of_move(one.short, one.move)
        assert "moved down by" in trend_sentence.of_move(one.short, one.move)


# ── Actions ────────────────────────────────────────────────────────────────────────────────────


def log(store, code, aspect, done_on, what="Something"):
    return action.log_action(store, member(code), code, Wording(what, aspect, done_on, "ICT"))


@pytest.fixture
def three_rounds(tmp_path):
    """Organisation 0 in 2024, 2025 and 2026; organisation 1 in 2024 and 2026, 2 in 2024 alone."""
    rounds = {
        "2024": dict(zip(map(code_of, range(3)), steps(20, 30, 30), strict=True)),
        "2025": {code_of(0): everything(3.0)},
        "2026": dict(zip(map(code_of, range(2)), steps(45, 30), strict=True)),
    }
    store = make_store(tmp_path, rounds, organisations=towns(4), closed=tuple(rounds))
    yield store
    store.close()


def pairs(told):
    return [(move.before, move.after, move.change.value) for move in told.moves]


def test_before_and_after_are_the_neighbours_and_the_newest(three_rounds):
    store, own = three_rounds, code_of(0)
    log(store, own, "A1", date(2024, 11, 15))
    log(store, own, "", date(2026, 1, 1))
    told = trend_view(store, member(own), Selection()).actions
    assert [one.short for one in told] == ["Reliability", "The service as a whole"]
    assert pairs(told[0]) == [("2024", "2025", pytest.approx(1.0)), ("2024", "2026", pytest.approx(2.5))]
    assert pairs(told[1]) == [("2025", "2026", pytest.approx(1.5))]
    assert told[1].series == "OVR"


@pytest.mark.parametrize(
    ("organisation", "aspect", "done_on", "lack"),
    [
        (0, "A1", date(2026, 8, 1), Lack.NOT_MEASURED_YET),
        (0, "A1", date(2023, 8, 1), Lack.NO_ROUND_BEFORE),
        (2, "A1", date(2024, 8, 1), Lack.TOOK_NO_PART_SINCE),
        (0, "A3", date(2025, 8, 1), Lack.NOT_ASKED),
    ],
)
def test_without_a_before_or_an_after_it_says_why(three_rounds, organisation, aspect, done_on, lack):
    code = code_of(organisation)
    log(three_rounds, code, aspect, done_on)
    label = "2024" if organisation == 2 else "2026"
    (told,) = trend_view(three_rounds, member(code), Selection(round=label)).actions
    assert told.lack is lack
    assert told.moves == ()
    assert trend_sentence.of_action(told) == (trend_sentence.of_lack(lack),)


def test_a_skipped_round_is_passed_over(three_rounds):
    log(three_rounds, code_of(1), "A1", date(2025, 8, 1))
    (told,) = trend_view(three_rounds, member(code_of(1)), Selection()).actions
    assert [(move.before, move.after) for move in told.moves] == [("2024", "2026")]


@pytest.mark.parametrize("role", list(Role))
def test_actions_are_seen_by_members_and_the_operator_alone(three_rounds, role):
    own = code_of(0)
    log(three_rounds, own, "A1", date(2024, 11, 15), what="Secret laptops")
    viewer = Viewer(role, own if role.has_organisation else None)
    view = trend_view(three_rounds, viewer, Selection(organisation=own))
    may = role in (Role.MEMBER, Role.OPERATOR)
    assert (view.actions is not None) == may
    assert ("Secret laptops" in json.dumps(written(view))) == may
    other = trend_view(three_rounds, member(code_of(1)), Selection(organisation=own))
    assert "Secret laptops" not in json.dumps(written(other))


def test_actions_stand_on_the_chart_of_their_aspect_between_the_rounds(three_rounds):
    own = code_of(0)
    log(three_rounds, own, "A1", date(2024, 12, 30), what="Half way")
    log(three_rounds, own, "A1", date(2027, 7, 1), what="Planned")
    log(three_rounds, own, "A2", date(2025, 12, 30))
    view = looking_into(trend_view(three_rounds, member(own), Selection()), "A1")
    actions = told_actions(view.actions, view.chosen)
    days = trend_shown.span((view.chosen,), actions)
    assert days == (date(2024, 7, 1), date(2027, 7, 1))
    rows = trend_shown.action_rows(actions, days, is_presenting=False)
    assert [row["label"] for row in rows] == ["30 December 2024: Half way", "1 July 2027: Planned"]
    assert [row["x"] for row in rows] == [pytest.approx(1 / 6, abs=0.001), 1.0]
    shown = trend_shown.action_rows(actions, days, is_presenting=True)
    assert [row["label"] for row in shown] == ["30 December 2024", "1 July 2027"]


def test_the_day_of_a_survey_is_the_middle_of_its_fieldwork(tmp_path):
    store = make_store(tmp_path, organisations=towns(1))
    for label, days in (
        ("2025", {"opened_on": date(2025, 3, 1), "closed_on": date(2025, 3, 31)}),
        ("2026", {}),
        ("2026 again", {}),
    ):
        write_responses(store, [make_delivery(SURVEY, label, code_of(0), everything(3.0), **days)])
    view = trend_view(store, OPERATOR, Selection(organisation=code_of(0), round="2026"))
    found = {point.round: point.day for point in view.overall.points}
    assert found["2025"] == date(2025, 3, 16)
    assert found["2026"] == date(2026, 7, 1)
    # The same guess twice would put one round upon the other.
    assert found["2026 again"] == date(2026, 9, 30)
    store.close()


def test_no_sentence_claims_a_cause(demonstration_store):
    for code in ("DW05", "DE29", "DW13"):
        view = trend_view(demonstration_store, OPERATOR, Selection(organisation=code))
        text = json.dumps(written(view)) + view.alt
        assert not re.search(r"because|thanks to|due to|led it|caused", text, re.IGNORECASE)


# ── As it is shown ─────────────────────────────────────────────────────────────────────────────


def test_the_rows_of_the_changes_are_the_figures(demonstration_store):
    view = trend_view(demonstration_store, member("DW05"), Selection())
    rows = trend_shown.change_rows(view)
    assert rows[0]["row"] == "OVR1"
    assert len(rows) == len(view.every)
    changes = [row["mean"] for row in rows[1:]]
    assert changes == sorted(changes, reverse=True)
    far = trend_shown.change_domain(view)
    assert all(-far <= row["lower"] <= row["mean"] <= row["upper"] <= far for row in rows)
    table = trend_shown.change_table(view)
    assert [row["Aspect"] for row in table] == [row["label"] for row in rows]
    assert table[0]["To"] == "2026"


def test_the_panels_hold_every_mark(demonstration_store):
    view = trend_view(demonstration_store, member("DW05"), Selection(cohort="nation:Wales"))
    series = trend_shown.panels(view)
    assert series == view.every
    low, high = trend_shown.score_domain(series)
    rows = trend_shown.point_rows(series, trend_shown.span(series))
    values = [
        row[name] for row in rows for name in ("lower", "upper", "q1", "q3", "cohort_median") if row[name]
    ]
    assert low <= min(values) < low + 0.5
    assert high - 0.5 < max(values) <= high
    assert len(rows) == 21 * 4
    assert {row["own_part"] for row in rows} == {0}
    assert {row["x"] for row in rows if row["round"] in ("2023", "2026")} == {0.0, 1.0}
    assert len(trend_shown.series_table(series)) == len(rows)


def test_a_headline_on_another_scale_has_no_panel_beside_the_aspects(tmp_path):
    headline = SURVEY.overall[0].model_copy(update={"scale": Scale(low=1, high=10)})
    survey = small_survey(overall=(headline,))
    store = make_store(
        tmp_path,
        {"2026": {code_of(0): {"A1": rated(3.0), "A2": rated(3.0), "OVR": [8] * 12}}},
        survey=survey,
        organisations=towns(1),
    )
    view = trend_view(store, OPERATOR, Selection(organisation=code_of(0)))
    assert [one.id for one in trend_shown.panels(view)] == ["A1", "A2"]
    assert view.overall.points[0].own.value == 8.0
    low, high = trend_shown.score_domain((view.overall,))
    assert low <= 8 <= high
    store.close()
