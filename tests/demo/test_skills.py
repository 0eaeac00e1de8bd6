"""The demonstration's answers about skills: who asked, what they show, and the stories."""

import numpy as np
import pandas as pd
import pytest

from improve.demo import ROUNDS, STORIES, demonstration_batches, read_demonstration_register
from improve.instruments import QuestionKind, read_library
from improve.store.batch import ANSWER, ANSWERS

NEWEST = ROUNDS[-1]
POINTS = range(5)


@pytest.fixture(scope="module")
def survey():
    return read_library().get("user_skills")


@pytest.fixture(scope="module")
def entries(survey):
    return list(demonstration_batches(survey))


@pytest.fixture(scope="module")
def newest(entries):
    return {entry.organisation: entry for entry in entries if entry.round == NEWEST}


@pytest.fixture(scope="module")
def answers(newest):
    return pd.concat(
        (entry.batch.answers.to_pandas().assign(organisation=code) for code, entry in newest.items()),
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def able(answers, survey):
    """The share of each organisation's people who need no help, by skill."""
    skills = [one.id for one in survey.questions if one.role == "skill"]
    given = answers[answers["item"].isin(skills) & answers["code"].isin(POINTS)]
    return given.assign(able=given["code"] >= 3).groupby(["item", "organisation"])["able"].mean().unstack()


def test_two_rounds_about_sixty_organisations_and_all_of_wales(entries, newest):
    assert {entry.round for entry in entries} == {"2024", "2026"}
    welsh = {one.code for one in read_demonstration_register() if one.nation == "Wales" and not one.is_trial}
    for label, organisations in (("2024", 52), ("2026", 60)):
        asked = {entry.organisation for entry in entries if entry.round == label}
        assert welsh <= asked
        assert len(asked) == organisations
    sizes = [entry.batch.n for entry in entries]
    assert (min(sizes), max(sizes)) == (30, 250)
    assert all(0.1 < entry.batch.n / entry.invited < 0.65 for entry in entries)
    assert all(entry.opened.year == entry.closed.year == int(entry.round) for entry in entries)


def test_a_service_area_is_the_same_as_in_the_main_survey(newest):
    main = {
        entry.organisation: entry.batch.options["PRF1"]
        for entry in demonstration_batches(read_library().get("satisfaction"))
        if entry.round == NEWEST
    }
    assert {code: entry.batch.options["PRF1"] for code, entry in newest.items()} == {
        code: main[code] for code in newest
    }


def test_every_question_is_answered_as_it_may_be(newest, answers, survey):
    for entry in newest.values():
        assert entry.batch.answers.schema == ANSWERS
        assert entry.batch.asked == {(one.id, ANSWER) for one in survey.all_questions()}
    for question in survey.all_questions():
        given = answers[answers["item"] == question.id]
        if question.kind is QuestionKind.NUMBER:
            assert given["number"].between(question.low, question.high).all()
            assert (given["number"] % question.step == 0).all()
        elif question.options:
            assert set(given["code"]) == {option.code for option in question.options}


def test_who_names_nothing_in_the_way_names_nothing_else(answers, survey):
    barrier = next(one for one in survey.questions if one.role == "barrier")
    nothing = next(option.code for option in barrier.options if option.id == "nothing")
    given = answers[answers["item"] == barrier.id].groupby(["organisation", "response"])["code"].agg(set)
    assert all(codes == {nothing} for codes in given if nothing in codes)
    assert 0.1 < sum(nothing in codes for codes in given) / len(given) < 0.4


def test_training_is_what_was_published(answers):
    means = answers[answers["number"].notna()].groupby(["item", "organisation"])["number"].mean()
    medians = means.groupby("item").median()
    assert medians["SKT1"] == pytest.approx(0.59, abs=0.03)
    assert medians["SKT2"] == pytest.approx(0.80, abs=0.03)
    both = answers[answers["number"].notna()].pivot_table(
        index=["organisation", "response"], columns="item", values="number"
    )
    assert both.corr().loc["SKT1", "SKT2"] > 0.2  # those who had much want much


def test_one_in_ten_does_not_know_and_does_not_mind(answers):
    given = answers[(answers["item"] == "SKA1") & (answers["code"] < 7)]
    share = (given["code"] == 6).groupby(given["organisation"]).mean()
    assert share.median() == pytest.approx(0.1, abs=0.02)
    assert share[STORIES["do_not_mind"].organisation] > 0.25
    assert share.rank(ascending=False)[STORIES["do_not_mind"].organisation] <= 3


def test_some_skills_are_never_needed(answers):
    shares = (answers[answers["item"].str.startswith("SK0")]["code"] == 5).groupby(answers["item"]).mean()
    assert 0.02 < shares.min() < 0.06
    assert shares["SK03"] == pytest.approx(0.13, abs=0.02)


def test_organisations_differ_in_what_people_can_do(able):
    assert 0.02 < able.mean().std() < 0.12
    assert able.median(axis=1).idxmax() == "SK04"
    assert set(able.median(axis=1).nsmallest(3).index) == {"SK07", "SK08", "SK09"}


def test_one_is_strong_in_spreadsheets_and_the_visitors_is_not(able):
    strong = STORIES["spreadsheets"].organisation
    assert able.loc["SK07", strong] > able.loc["SK07"].median() + 0.2
    assert able.loc["SK07"].rank(ascending=False)[strong] <= 3
    own = STORIES["little_training"].organisation
    assert able.loc["SK07", own] < able.loc["SK07"].median() - 0.1


def test_people_of_some_areas_and_jobs_can_do_less(entries, survey):
    jobs = {
        option.id: option.code for option in next(one for one in survey.profile if one.role == "job").options
    }
    parts = {"care": [], "resources": [], "front": [], "office": []}
    for entry in entries:
        frame = entry.batch.answers.to_pandas()
        area = frame[frame["item"] == "PRF1"].set_index("response")["code"]
        job = frame[frame["item"] == "PRF2"].set_index("response")["code"]
        given = frame[(frame["item"] == "SK07") & frame["code"].isin(POINTS)].set_index("response")["code"]
        labels = dict(enumerate(entry.batch.options["PRF1"], start=1))
        named = given.index.map(area).map(labels)
        parts["care"] += list(given[named == "Adult Social Care"])
        parts["resources"] += list(given[named == "Corporate Resources"])
        parts["front"] += list(given[given.index.map(job) == jobs["front_line"]])
        parts["office"] += list(given[given.index.map(job) == jobs["office"]])
    means = {name: np.mean(given) for name, given in parts.items()}
    assert means["care"] < means["resources"] - 0.5
    assert means["front"] < means["office"] - 0.3


def test_the_same_survey_gives_the_same_answers(survey, entries):
    again = list(demonstration_batches(survey))
    assert all(
        one.batch.answers.equals(other.batch.answers) for one, other in zip(again, entries, strict=True)
    )
