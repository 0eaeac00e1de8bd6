"""The demonstration through the view: the published facts, and every figure against the oracle."""

import duckdb
import pytest

from improve.demo import DEFAULT_ORGANISATION, read_demonstration_register
from improve.disclosure import Reason
from improve.instruments import read_library
from improve.model import Role, Selection, Viewer
from improve.store import read_rounds
from improve.views.choice import cohorts_for
from improve.views.scores import scores_figures, scores_view
from tests import oracle
from tests.factory import copy_store
from tests.views.world import differences, figures_of, form_of

OPERATOR = Viewer(Role.OPERATOR)
REGISTER = {one.code: one for one in read_demonstration_register()}
WELSH = sorted(code for code, one in REGISTER.items() if one.nation == "Wales" and not one.is_trial)

RAW = """
select round, organisation, item, list(code order by response_id) as codes
from answer join import on import.id = answer.import_id
where instrument = 'satisfaction' and measure in ('satisfaction', 'answer')
    and (measure = 'satisfaction' or item = $headline)
group by all
"""
PEOPLE = """
select participation.round, organisation, count(*) as people, any_value(invited) as invited
from participation join import using (round, organisation, instrument)
join response on response.import_id = import.id
where instrument = 'satisfaction'
group by all
"""


@pytest.fixture(scope="module")
def survey():
    return read_library().get("satisfaction")


@pytest.fixture(scope="module")
def seasons(demonstration, tmp_path_factory, survey):
    """The oracle's seasons, from the raw answers alone."""
    form = form_of(survey)
    path = copy_store(demonstration, tmp_path_factory.mktemp("raw"))
    with duckdb.connect(str(path), read_only=True) as connection:
        parts = {
            (label, code): oracle.Part(form, people, invited, {})
            for label, code, people, invited in connection.execute(PEOPLE).fetchall()
        }
        for label, code, item, codes in connection.execute(RAW, {"headline": survey.headline.id}).fetchall():
            part = parts[label, code]
            part.answers[item] = codes + [None] * (part.people - len(codes))
    labels = sorted({label for label, _code in parts})
    rounds = {
        label: {code: part for (where, code), part in parts.items() if where == label} for label in labels
    }
    return [oracle.Season(label, now, now) for label, now in rounds.items()]


@pytest.fixture(scope="module")
def look(demonstration_store):
    newest = read_rounds(demonstration_store)[-1].label

    def view(viewer=OPERATOR, **wishes):
        return scores_figures(demonstration_store, viewer, Selection(**{"round": newest, **wishes}))

    return view


@pytest.fixture(scope="module")
def welsh(look):
    return {code: look(organisation=code) for code in WELSH}


@pytest.mark.parametrize(
    ("role", "own", "wanted", "label", "cohort"),
    [
        ("member", DEFAULT_ORGANISATION, None, "2026", "nation:Wales"),
        ("member", "DW13", None, "2026", "all"),  # skipped the round before
        ("delegate", "DE17", None, "2026", "region:London"),  # fewer than ten answers
        ("operator", None, "DE18", "2026", "type:district"),  # a small sample
        ("operator", None, "DW05", "2025", "nation:Scotland"),
        ("operator", None, "DE53", "2025", "nation:England"),  # skipped this one
        ("facilitator", None, None, "2024", "region:South West"),
        ("public", None, None, "2026", "nation:Northern Ireland"),
    ],
)
def test_every_figure_equals_the_oracle(
    demonstration_store, seasons, survey, role, own, wanted, label, cohort
):
    places = {code: (one.nation, one.region, one.type) for code, one in REGISTER.items()}
    form = form_of(survey)
    asked = oracle.Look(role, own, wanted, label, cohort)
    page = oracle.Page(seasons, places, {form.version: form}, asked)
    selection = Selection(organisation=wanted, round=label, cohort=cohort)
    view = scores_view(demonstration_store, Viewer(Role(role), own), selection)
    assert differences(figures_of(view), page.figures()) == []


def test_one_welsh_overall_score_is_below_4_9(welsh):
    scores = sorted(view.overall.mean.value for view in welsh.values())
    assert len(scores) == 14
    assert scores[0] < 4.9 <= scores[1]


def test_the_best_of_wales_is_6_06_and_has_somebody_who_gave_1(welsh):
    best = max(welsh.values(), key=lambda view: view.overall.mean.value)
    assert f"{best.overall.mean.value:.2f}" == "6.06"
    assert best.overall.distribution.value[0] >= 1


def test_more_than_eight_thousand_welsh_responses(welsh):
    assert sum(view.responses.value for view in welsh.values()) > 8000


def test_welsh_response_rates(welsh):
    rates = sorted(view.response_rate.value for view in welsh.values())
    assert sum(rate > 0.30 for rate in rates) == 5
    assert f"{rates[-1]:.2f}" == "0.38"
    assert {view.response_median.value for view in welsh.values()} == {0.24}


def test_wales_has_quartiles_and_ranges(look):
    view = look(Viewer(Role.MEMBER, DEFAULT_ORGANISATION), cohort="nation:Wales")
    for score in (view.overall, *view.scores):
        assert score.cohort_organisations.value == 14
        assert score.cohort_median.is_released
        assert score.cohort_quartiles.is_released
    assert view.overall.organisations.value == 94  # of 96, two have too few answers


def test_northern_ireland_is_too_small_and_says_so(look):
    view = look(cohort="nation:Northern Ireland")
    assert view.choice.cohort.reason is Reason.FEW_ORGANISATIONS
    assert view.overall.cohort_median.withheld is Reason.FEW_ORGANISATIONS
    assert (
        "Northern Ireland: no median, because fewer than 7 of its organisations count in this round."
        in view.notes
    )


def test_the_boroughs_are_not_offered_beside_london(demonstration_store, look):
    survey = look().survey
    offered = {
        one.cohort.key: one.reason
        for one in cohorts_for(demonstration_store, OPERATOR, read_rounds(demonstration_store)[-1], survey)
    }
    assert offered["region:London"] is None
    assert offered["type:London borough"] is Reason.COHORT_TOO_CLOSE
    view = look(cohort="type:London borough")
    assert {score.cohort_median.withheld for score in view.scores} == {Reason.COHORT_TOO_CLOSE}
    assert {score.cohort_organisations.withheld for score in view.scores} == {Reason.COHORT_TOO_CLOSE}


def test_the_first_visitor_sees_all_three_words(look):
    view = look(Viewer(Role.MEMBER, DEFAULT_ORGANISATION))
    assert {score.comparison.value for score in view.scores} == {"higher", "similar", "lower"}
    assert view.overall.previous.is_released


def test_the_empty_place_waits_for_its_file(demonstration_store, look):
    trial = next(one.code for one in REGISTER.values() if one.is_trial)
    view = look(organisation=trial)
    assert view.overall.mean.withheld is Reason.DID_NOT_TAKE_PART
    assert view.overall.median.is_released
    assert "did not take part" in view.finding
