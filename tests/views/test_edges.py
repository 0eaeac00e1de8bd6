"""Each minimum at its edge, in a store of just so many organisations or answers."""

from math import isnan

import pytest

from improve import scoring
from improve.disclosure import Reason
from improve.model import Role, Selection, Viewer
from improve.store import write_responses
from improve.views import sentence
from improve.views.choice import cohorts_for
from improve.views.scores import scores_view
from tests.views.town import code_of, delivery, everything, rated, town_store, towns

OPERATOR = Viewer(Role.OPERATOR)


def look(store, viewer=OPERATOR, **wishes):
    view = scores_view(store, viewer, Selection(**wishes))
    store.close()
    return view


def aspect(view, id_):
    return next(score for score in view.scores if score.id == id_)


def blank(answers, n):
    """The answers with all but n of them left out."""
    return answers[:n] + [None] * (len(answers) - n)


@pytest.mark.parametrize(
    ("number", "has_median", "has_quartiles", "interval", "has_spread"),
    [
        (6, False, False, Reason.FEW_ORGANISATIONS, False),
        (7, True, False, Reason.LOWEST_AND_HIGHEST, False),
        (8, True, True, Reason.LOWEST_AND_HIGHEST, False),
        (9, True, True, None, False),
        (10, True, True, None, True),
    ],
)
@pytest.mark.parametrize("small", [0, 3])
def test_so_many_organisations(tmp_path, number, small, has_median, has_quartiles, interval, has_spread):
    """Those with nine answers are there, and do not count."""
    answers = [everything(3 + place / 10) for place in range(number)]
    answers += [everything(4.8, 9) for _ in range(small)]
    view = look(town_store(tmp_path, answers), organisation=code_of(0))
    for score in (view.overall, *view.scores):
        assert score.median.is_released is has_median
        assert score.organisations.value == (number if has_median else None)
        assert score.answers.value == (number * 10 if has_median else None)
        assert score.quartiles.is_released is has_quartiles
        assert score.median_interval.withheld is interval
        assert score.spread.is_released is has_spread
        assert score.comparison.is_released is has_median
        assert score.position.is_released is has_median


@pytest.mark.parametrize("number", [9, 10])
def test_ten_answers_to_one_item(tmp_path, number):
    """Item by item: a town's other scores stand, and its nine answers count nowhere."""
    answers = [everything(3 + place / 10, 20) for place in range(8)]
    answers[2]["A1"] = blank(rated(1.2, 20), number)
    store = town_store(tmp_path, answers)
    view = look(store, Viewer(Role.MEMBER, code_of(2)))
    one, other = aspect(view, "A1"), aspect(view, "A2")
    assert other.mean.is_released
    assert other.organisations.value == 8
    if number == 10:
        assert one.n.value == 10
        assert one.organisations.value == 8
        assert one.median.value == 3.4
        assert one.missing.value == 0.5
        assert view.average.is_released
    else:
        for figure in (one.n, one.mean, one.interval, one.distribution, one.missing, one.difference):
            assert figure.withheld is Reason.FEW_ANSWERS
        assert one.comparison.withheld is one.position.withheld is Reason.FEW_ANSWERS
        assert one.organisations.value == 7
        assert one.median.value == 3.4  # without the 1.2
        assert view.average.withheld is Reason.FEW_ANSWERS  # else it would give the hidden score away
        assert "1 aspect has fewer than 10 answers, and is not shown." in view.notes


@pytest.mark.parametrize(("number", "is_small"), [(29, True), (30, False)])
def test_a_small_sample(tmp_path, number, is_small):
    view = look(town_store(tmp_path, [everything(3.5, number)]))
    assert view.overall.is_small_sample is is_small
    assert ("Small sample" in sentence.of_score(view.overall)) is is_small
    assert aspect(view, "A1").n.value == number


@pytest.mark.parametrize(("given", "is_much"), [(30, False), (29, True)])
def test_a_quarter_missing_is_not_yet_much(tmp_path, given, is_much):
    answers = {**everything(3.5, 40), "A1": blank(rated(3.5, 40), given)}
    view = look(town_store(tmp_path, [answers]))
    assert aspect(view, "A1").missing.value == (40 - given) / 40
    assert aspect(view, "A1").is_much_missing is is_much
    assert not aspect(view, "A2").is_much_missing


def test_an_item_that_was_not_asked(tmp_path):
    answers = [everything(3 + place / 10) for place in range(8)]
    del answers[0]["A2"]
    view = look(town_store(tmp_path, answers), Viewer(Role.DELEGATE, code_of(0)))
    assert aspect(view, "A2").mean.withheld is Reason.NOT_ASKED
    assert aspect(view, "A2").organisations.value == 7
    assert view.average.value == pytest.approx(aspect(view, "A1").mean.value)


def test_an_optional_aspect_is_ones_own_alone(tmp_path):
    answers = [{**everything(3 + place / 10), "A3": rated(4.0)} for place in range(12)]
    view = look(town_store(tmp_path, answers), Viewer(Role.MEMBER, code_of(0)), cohort="nation:England")
    one = aspect(view, "A3")
    assert one.mean.value == 4.0
    for figure in (one.median, one.quartiles, one.organisations, one.answers, one.spread, one.comparison):
        assert figure.withheld is Reason.NOT_COMPARED
    for figure in (one.position, one.difference, one.median_interval):
        assert figure.withheld is Reason.NOT_COMPARED
    assert view.average.value == pytest.approx(3.0)


def test_an_optional_aspect_is_not_tested_with_the_others(tmp_path, monkeypatch):
    """It would change how many flags the false discovery rate allows among the common ones."""
    tested = []
    strict = scoring.words

    def words(differences, p_values):
        tested.append(sum(not isnan(p) for p in p_values))
        return strict(differences, p_values)

    monkeypatch.setattr(scoring, "words", words)
    answers = [{**everything(3 + place / 10), "A3": rated(2 + place / 10)} for place in range(12)]
    look(town_store(tmp_path, answers), Viewer(Role.MEMBER, code_of(0)))
    assert tested == [2, 1]  # the two common aspects, and the overall question


@pytest.mark.parametrize(
    ("others", "reason"),
    [(1, Reason.COHORT_TOO_CLOSE), (2, Reason.COHORT_TOO_CLOSE), (3, None)],
)
def test_a_nation_beside_all(tmp_path, others, reason):
    nations = ["Wales"] * 9 + ["Scotland"] * others
    answers = [everything(3 + place / 10) for place in range(9 + others)]
    store = town_store(tmp_path, answers, organisations=towns(9 + others, nation=nations, region=nations))
    view = look(store, cohort="nation:Wales")
    assert view.choice.cohort.reason is reason
    assert {score.cohort_median.withheld for score in (view.overall, *view.scores)} == {reason}
    assert {score.cohort_quartiles.withheld for score in view.scores} == {reason}
    assert {score.cohort_organisations.withheld for score in view.scores} == {reason}


@pytest.mark.parametrize(("small", "reason"), [(0, None), (1, Reason.COHORT_TOO_CLOSE), (3, None)])
def test_a_cohort_that_is_offered_may_be_too_close_for_one_item(tmp_path, small, reason):
    """Three Scots beside the Welsh; where one has nine answers to an item, two are left of them."""
    nations = ["Wales"] * 9 + ["Scotland"] * 3
    answers = [everything(3 + place / 10, 20) for place in range(12)]
    for place in range(small):
        answers[9 + place]["A1"] = blank(rated(3.0, 20), 9)
    store = town_store(tmp_path, answers, organisations=towns(12, nation=nations, region=nations))
    view = look(store, Viewer(Role.PUBLIC), cohort="nation:Wales")
    assert view.choice.cohort.reason is None
    assert aspect(view, "A2").cohort_median.is_released
    assert aspect(view, "A1").cohort_median.withheld is reason
    assert aspect(view, "A1").cohort_quartiles.withheld is reason
    assert aspect(view, "A1").cohort_organisations.withheld is reason


def test_a_cohort_keeps_its_minimum_for_each_item(tmp_path):
    nations = ["Wales"] * 7 + ["Scotland"] * 7
    answers = [everything(3 + place / 10, 20) for place in range(14)]
    answers[0]["A1"] = blank(rated(3.0, 20), 9)
    store = town_store(tmp_path, answers, organisations=towns(14, nation=nations, region=nations))
    view = look(store, Viewer(Role.PUBLIC), cohort="nation:Wales")
    assert aspect(view, "A2").cohort_organisations.value == 7
    assert aspect(view, "A2").cohort_quartiles.withheld is Reason.FEW_ORGANISATIONS
    assert aspect(view, "A1").cohort_median.withheld is Reason.FEW_ORGANISATIONS
    assert aspect(view, "A1").cohort_organisations.withheld is Reason.FEW_ORGANISATIONS


def test_the_nation_goes_before_the_region_and_the_type(tmp_path):
    """England and its districts differ by one: the districts are not offered."""
    number = 20
    places = {
        "nation": ["England"] * 12 + ["Wales"] * 8,
        "region": ["South West"] * 10 + ["London"] * 2 + ["Wales"] * 8,
        "type": ["district"] * 11 + ["London borough"] + ["Welsh unitary"] * 8,
    }
    store = town_store(
        tmp_path,
        [everything(3 + place / 20) for place in range(number)],
        organisations=towns(number, **places),
    )
    view = scores_view(store, OPERATOR, Selection())
    reasons = {
        one.cohort.key: one.reason for one in cohorts_for(store, OPERATOR, view.choice.round, view.survey)
    }
    store.close()
    assert reasons == {
        "all": None,
        "nation:England": None,
        "nation:Wales": None,
        "region:London": Reason.FEW_ORGANISATIONS,
        "region:South West": Reason.COHORT_TOO_CLOSE,
        "type:district": Reason.COHORT_TOO_CLOSE,
        "type:London borough": Reason.FEW_ORGANISATIONS,
    }


def test_a_late_arrival_has_no_place_among_six(tmp_path):
    """Six count in the benchmark; with the one who came late they are seven, and still too few."""
    store = town_store(tmp_path, [everything(3 + place / 10) for place in range(6)], organisations=towns(7))
    write_responses(store, [delivery(code_of(6), everything(4.4))])
    view = look(store, Viewer(Role.MEMBER, code_of(6)))
    assert view.overall.mean.value == 4.4
    for score in (view.overall, *view.scores):
        assert score.position.withheld is score.median.withheld is Reason.FEW_ORGANISATIONS


def test_a_late_arrival_is_compared_with_the_benchmark_as_it_stands(tmp_path):
    store = town_store(tmp_path, [everything(3 + place / 10) for place in range(9)], organisations=towns(10))
    write_responses(store, [delivery(code_of(9), everything(5.0))])
    view = look(store, Viewer(Role.MEMBER, code_of(9)))
    assert view.overall.median.value == 3.4
    assert view.overall.organisations.value == 9
    assert view.overall.position.value == (1, 1, 10)
    assert view.overall.spread.withheld is Reason.FEW_ORGANISATIONS


@pytest.mark.parametrize(("number", "rate"), [(6, None), (7, 0.31)])
def test_the_median_response_rate_needs_seven_that_know_it(tmp_path, number, rate):
    store = town_store(tmp_path, {}, organisations=towns(12), closed=False)
    files = [
        delivery(code_of(place), everything(3.5, 20), invited=64 + place // 3) for place in range(number)
    ]
    files += [delivery(code_of(number), everything(3.5, 20))]  # nobody knows how many were invited
    files += [delivery(code_of(number + 1), everything(3.5, 20), invited=19)]  # more answered
    files += [delivery(code_of(number + 2), everything(3.5, 9), invited=10)]  # nine responses
    write_responses(store, files)
    view = look(store)
    assert view.response_median.value == rate
