import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, time, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, t

from improve.demo import (
    DEFAULT_ORGANISATION,
    ROUNDS,
    STORIES,
    demonstration_batches,
    read_demonstration_register,
)
from improve.demo.comment import read_phrases
from improve.instruments import QuestionKind, Survey, read_library
from improve.store.batch import ANSWER, ANSWERS, COMMENTS, RESPONSES

NEWEST = ROUNDS[-1]


@pytest.fixture(scope="module")
def survey():
    return read_library().get("satisfaction")


@pytest.fixture(scope="module")
def entries(survey):
    return list(demonstration_batches(survey))


@pytest.fixture(scope="module")
def newest(entries):
    return {entry.organisation: entry for entry in entries if entry.round == NEWEST}


@pytest.fixture(scope="module")
def answers(newest):
    return pd.concat(
        entry.batch.answers.to_pandas().assign(organisation=code) for code, entry in newest.items()
    )


@pytest.fixture(scope="module")
def overall(answers, survey):
    return answers[answers["item"] == survey.headline.id].groupby("organisation")["code"].mean()


@pytest.fixture(scope="module")
def means(answers):
    rated = answers[answers["measure"] != ANSWER]
    return rated.groupby(["organisation", "measure", "item"])["code"].agg(["mean", "std", "count"])


@pytest.fixture(scope="module")
def welsh():
    return {one.code for one in read_demonstration_register() if one.nation == "Wales" and not one.is_trial}


def codes_of(entry, item, measure=ANSWER):
    frame = entry.batch.answers.to_pandas()
    return frame[(frame["item"] == item) & (frame["measure"] == measure)]["code"].to_numpy(float)


def of(entries, story, label):
    code = STORIES[story].organisation
    return next(entry for entry in entries if (entry.organisation, entry.round) == (code, label))


def digest(entries):
    seen = hashlib.sha256()
    for entry in entries:
        seen.update(repr((entry.round, entry.organisation, entry.invited, entry.opened)).encode())
        seen.update(repr((entry.closed, entry.reminders, sorted(entry.batch.asked))).encode())
        seen.update(repr(dict(entry.batch.options)).encode())
        for table in (entry.batch.responses, entry.batch.answers):
            for column in table.columns:
                for buffer in column.combine_chunks().buffers():
                    seen.update(b"" if buffer is None else buffer)
        seen.update(repr(entry.batch.comments.to_pylist()).encode())
    return seen.hexdigest()


# What the whole looks like


def test_four_rounds_in_order_and_everybody_in_the_newest(entries, newest):
    assert list(dict.fromkeys(entry.round for entry in entries)) == ["2023", "2024", "2025", "2026"]
    assert set(newest) == {one.code for one in read_demonstration_register() if not one.is_trial}
    assert len({(entry.round, entry.organisation) for entry in entries}) == len(entries)
    by_round = Counter(entry.round for entry in entries)
    assert [by_round[label] for label in ROUNDS] == sorted(by_round.values())
    assert by_round["2023"] >= 50


def test_about_thirty_thousand_responses_in_the_newest(newest):
    sizes = {code: entry.batch.n for code, entry in newest.items()}
    assert 29_500 <= sum(sizes.values()) <= 30_500
    assert sum(size < 10 for size in sizes.values()) == 2
    assert sum(10 <= size < 30 for size in sizes.values()) == 4
    assert all(50 <= size <= 1_500 for size in sizes.values() if size >= 30)


def test_those_too_small_leave_every_cohort_its_median(newest):
    register = [one for one in read_demonstration_register() if not one.is_trial]
    scored = [one for one in register if newest[one.code].batch.n >= 10]
    for fact in ("nation", "region", "type"):
        everybody = Counter(getattr(one, fact) for one in register)
        released = Counter(getattr(one, fact) for one in scored)
        assert [key for key, n in everybody.items() if n >= 7 and released[key] < 7] == []


def test_the_same_survey_gives_the_same_bytes_in_another_process(entries):
    code = (
        "import sys; from pathlib import Path; import importlib.util as u;"
        "spec = u.spec_from_file_location('again', sys.argv[1]); again = u.module_from_spec(spec);"
        "spec.loader.exec_module(again);"
        "survey = again.read_library().get('satisfaction');"
        "print(again.digest(again.demonstration_batches(survey)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, __file__],
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest(entries)


def test_progress_rises_to_one(survey):
    shares = []
    taken = sum(1 for _ in demonstration_batches(survey, shares.append))
    assert len(shares) == taken
    assert shares == sorted(shares)
    assert shares[0] > 0
    assert shares[-1] == 1.0


# Every batch is what intake would hand over


def test_tables_have_the_schemas_of_a_batch(entries):
    for entry in entries:
        assert entry.batch.responses.schema == RESPONSES
        assert entry.batch.answers.schema == ANSWERS
        assert entry.batch.comments.schema == COMMENTS


def test_every_common_item_is_asked_and_no_other(newest, survey):
    aspects = {
        (aspect.id, measure.id)
        for aspect in survey.aspects
        if not aspect.optional
        for measure in survey.measures
    }
    expected = aspects | {(question.id, ANSWER) for question in survey.all_questions()}
    assert all(entry.batch.asked == expected for entry in newest.values())


def test_answers_lie_within_their_questions(answers, newest, survey):
    assert not answers.duplicated(["organisation", "response", "item", "measure"]).any()
    rated = answers[answers["measure"] != ANSWER]["code"]
    assert (rated.min(), rated.max()) == (survey.scale.low, survey.scale.high)
    sizes = answers["organisation"].map({code: entry.batch.n for code, entry in newest.items()})
    assert answers["response"].between(0, sizes - 1).all()
    for question in survey.all_questions():
        mine = answers[answers["item"] == question.id]
        if question.kind is QuestionKind.TEXT:
            assert mine.empty
            continue
        assert len(mine) > 25_000, question.id
        if question.kind is QuestionKind.NUMBER:
            assert mine["code"].isna().all()
            assert mine["number"].between(question.low, question.high).all()
        elif question.options_from:
            for code, group in mine.groupby("organisation"):
                labels = newest[code].batch.options[question.id]
                assert group["code"].between(1, len(labels)).all()
                assert len(set(labels)) == len(labels) >= 5
        elif question.options:
            assert set(mine["code"]) == {option.code for option in question.options}
        else:
            scale = survey.scale_of(question)
            assert mine["code"].between(scale.low, scale.high).all()
            assert mine["number"].isna().all()


def test_directorates_stay_the_same_from_round_to_round(entries):
    lists = {}
    for entry in entries:
        lists.setdefault(entry.organisation, set()).add(tuple(entry.batch.options.items()))
    assert {len(seen) for seen in lists.values()} == {1}


def test_answers_come_in_the_order_of_items_and_people(newest):
    frame = newest[DEFAULT_ORGANISATION].batch.answers.to_pandas()
    runs = (frame[["item", "measure"]] != frame[["item", "measure"]].shift()).any(axis=1).cumsum()
    assert runs.max() == len(frame.groupby(["item", "measure"]))
    assert frame.groupby(runs)["response"].apply(lambda column: column.is_monotonic_increasing).all()


def test_times_lie_within_the_survey_and_rise_after_a_reminder(entries):
    gaps = []
    for entry in entries:
        times = entry.batch.responses["answered_at"].to_pylist()
        assert times == sorted(times)
        assert datetime.combine(entry.opened, time.min) <= times[0]
        assert times[-1] <= datetime.combine(entry.closed, time.max)
        assert all(entry.opened < day < entry.closed for day in entry.reminders)
        days = Counter(moment.date() for moment in times)
        gaps.append(days[entry.reminders[0]] > days[entry.reminders[0] - timedelta(days=1)])
        assert entry.opened.year == int(entry.round)
    assert np.mean(gaps) > 0.9


def test_rows_are_counted_from_below_the_header(newest):
    rows = newest[DEFAULT_ORGANISATION].batch.responses["source_row"].to_pylist()
    assert rows == list(range(2, len(rows) + 2))


# The published shape


def test_one_welsh_score_is_low_and_the_best_has_somebody_who_gave_the_lowest(overall, newest, welsh, survey):
    scores = overall[sorted(welsh)]
    assert list(scores[scores < 4.9].index) == [STORIES["lowest"].organisation]
    best = STORIES["best"].organisation
    assert scores.idxmax() == best
    assert f"{scores[best]:.2f}" == "6.06"
    assert (codes_of(newest[best], survey.headline.id) == survey.scale.low).any()


def test_welsh_responses_and_response_rates(newest, welsh):
    assert 8_200 <= sum(newest[code].batch.n for code in welsh) <= 8_600
    rates = {code: newest[code].batch.n / newest[code].invited for code in welsh}
    assert sum(rate > 0.30 for rate in rates.values()) == 5
    assert max(rates, key=rates.get) == STORIES["best_response"].organisation
    assert f"{max(rates.values()):.0%}" == "38%"


def test_national_response_rate(newest):
    rates = [entry.batch.n / entry.invited for entry in newest.values()]
    assert f"{np.median(rates):.0%}" == "24%"
    assert 0.05 < min(rates) < max(rates) < 0.4


def test_earlier_response_rates_are_believable(entries):
    assert all(0.04 < entry.batch.n / entry.invited < 0.5 for entry in entries)


def test_councils_differ_as_councils_do(overall, newest):
    released = overall[[code for code, entry in newest.items() if entry.batch.n >= 10]]
    assert 0.40 <= released.std() <= 0.50
    assert 4.95 <= released.median() <= 5.2


def test_reliability_is_first_in_importance_and_consultation_last_in_satisfaction(means):
    medians = means["mean"].groupby(["measure", "item"]).median()
    assert medians["importance"].idxmax() == "SYS1"
    assert medians["satisfaction"].idxmin() == "PAR2"


def test_importance_is_higher_and_less_spread_than_satisfaction(means):
    of_measure = means.groupby("measure")[["mean", "std"]].mean()
    assert of_measure.loc["importance", "mean"] > of_measure.loc["satisfaction", "mean"] + 0.5
    assert of_measure.loc["importance", "std"] < of_measure.loc["satisfaction", "std"] - 0.2


def test_missing_answers(answers, newest):
    rated = answers[answers["measure"] != ANSWER]
    sizes = pd.Series({code: entry.batch.n for code, entry in newest.items()})
    given = rated.groupby(["item", "measure", "organisation"]).size().unstack()
    missing = 1 - given[sizes[sizes >= 60].index] / sizes[sizes >= 60]
    assert 0.025 < missing.mean().mean() < 0.035
    many = missing.stack()
    many = many[many > 0.25]
    story = STORIES["many_missing"]
    assert {(item, code) for item, _, code in many.index} == {(story.aspects[0], story.organisation)}


# The stories


def test_the_visitors_organisation_has_some_of_every_word(entries, means):
    satisfaction = means.xs("satisfaction", level="measure")
    own = satisfaction.loc[DEFAULT_ORGANISATION]
    scored = satisfaction[satisfaction["count"] >= 10]
    median = scored["mean"].groupby("item").median()
    error = scored["std"] ** 2 / scored["count"]
    of_median = np.pi / 2 * error.groupby("item").mean() / error.groupby("item").size()
    difference = own["mean"] - median
    value = difference / np.sqrt(own["std"] ** 2 / own["count"] + of_median)
    p = pd.Series(2 * t.sf(value.abs(), own["count"] - 1), index=value.index)
    is_real = false_discovery_control(p) < 0.05
    assert (is_real & (difference > 0)).sum() >= 3
    assert (is_real & (difference < 0)).sum() >= 3
    assert (~is_real).sum() >= 5
    assert sum(entry.organisation == DEFAULT_ORGANISATION for entry in entries) == len(ROUNDS)


@pytest.mark.parametrize(
    ("story", "before", "after", "change"),
    [("devices_replaced", "2024", "2025", 0.8), ("system_changed", "2025", "2026", -0.7)],
)
def test_a_change_shows_between_two_rounds_and_only_there(entries, story, before, after, change):
    for aspect in STORIES[story].aspects:
        series = {
            label: codes_of(of(entries, story, label), aspect, "satisfaction").mean() for label in ROUNDS
        }
        assert series[after] - series[before] == pytest.approx(change, abs=0.2)
        for one, other in pairwise(ROUNDS):
            if other != after:
                assert abs(series[other] - series[one]) < 0.4


def test_a_mean_that_hides_two_camps(newest, means):
    story = STORIES["polarised"]
    aspect = story.aspects[0]
    codes = codes_of(newest[story.organisation], aspect, "satisfaction")
    middle = np.isin(codes, (3, 4, 5)).mean()
    assert middle < 0.3
    assert np.isin(codes, (1, 2)).mean() > 0.15
    assert np.isin(codes, (6, 7)).mean() > 0.4
    national = means.xs("satisfaction", level="measure")["mean"].groupby("item").median()[aspect]
    assert codes.mean() == pytest.approx(national, abs=0.2)


@pytest.mark.parametrize(("story", "nation"), [("skipped_wales", "Wales"), ("skipped_england", "England")])
def test_some_skipped_last_year(entries, story, nation):
    code = STORIES[story].organisation
    took_part = [entry.round for entry in entries if entry.organisation == code]
    assert took_part == [label for label in ROUNDS if label != "2025"]
    assert {one.nation for one in read_demonstration_register() if one.code == code} == {nation}


def test_others_took_part_both_times(entries):
    parts = {}
    for entry in entries:
        parts.setdefault(entry.organisation, set()).add(entry.round)
    for before, after in pairwise(ROUNDS):
        assert sum({before, after} <= seen for seen in parts.values()) >= 30


# Comments


def test_one_in_three_comments(newest):
    speaking = sum(len(set(entry.batch.comments["response"].to_pylist())) for entry in newest.values())
    assert speaking / sum(entry.batch.n for entry in newest.values()) == pytest.approx(0.32, abs=0.02)


def test_comments_belong_to_responses_and_text_questions(newest, survey):
    texts = {question.id for question in survey.comments}
    for entry in newest.values():
        for row in entry.batch.comments.to_pylist():
            assert 0 <= row["response"] < entry.batch.n
            assert row["item"] in texts
            assert row["text"].strip()


def test_planted_details_are_there_and_are_fictional(newest):
    text = "\n".join(row["text"] for entry in newest.values() for row in entry.batch.comments.to_pylist())
    phones = re.findall(r"\b0\d{4} ?\d{6}\b", text)
    assert len(phones) > 20
    assert all(re.fullmatch(r"01632 960\d{3}|07700 900\d{3}", phone) for phone in phones)
    mails = re.findall(r"\S+@\S+?(?=[).,\s]|$)(?:\.\w+)?", text)
    assert len(mails) > 20
    assert all(mail.rstrip(").").endswith("@example.org") for mail in mails)
    planted = read_phrases().planted
    names = [f"{first} {last}" for first in planted.first for last in planted.last]
    assert sum(name in text for name in names) > 20
    assert "{" not in text


# Nothing knows the instrument


def test_another_instrument_on_another_scale_gets_answers_of_its_own():
    scale = {"low": 0, "high": 10}
    survey = Survey.model_validate(
        {
            "id": "other",
            "version": "3",
            "kind": "survey",
            "title": "Another",
            "wording": "Ours",
            "scale": scale,
            "measures": [{"id": "need", "name": "Need", "question": "Do you need it?"}],
            "categories": [{"id": "ONE", "name": "One"}],
            "aspects": [{"id": "A1", "category": "ONE", "short": "A", "text": "A"}],
            "overall": [{"id": "TOP", "role": "headline", "kind": "rating", "short": "T", "text": "T"}],
            "questions": [
                {
                    "id": "MANY",
                    "kind": "multiple",
                    "short": "M",
                    "text": "M",
                    "options": [
                        {"code": 3, "id": "x", "label": "X"},
                        {"code": 200, "id": "y", "label": "Y"},
                    ],
                },
                {"id": "DAYS", "kind": "number", "short": "D", "text": "D", "low": 1, "high": 9, "step": 0.5},
            ],
        }
    )
    last = {entry.organisation: entry for entry in demonstration_batches(survey) if entry.round == NEWEST}
    best = last[STORIES["best"].organisation]
    top = codes_of(best, "TOP")
    assert top.mean() == pytest.approx((6.06 - 1) / 6 * 10, abs=0.01)
    assert top.min() == 0
    assert best.batch.asked == {("A1", "need"), ("TOP", ANSWER), ("MANY", ANSWER), ("DAYS", ANSWER)}
    frame = best.batch.answers.to_pandas()
    assert set(frame[frame["item"] == "MANY"]["code"]) == {3, 200}
    days = frame[frame["item"] == "DAYS"]["number"]
    assert days.between(1, 9).all()
    assert (days % 0.5 == 0).all()
    assert days.nunique() > 5
    assert frame[frame["item"] == "A1"]["code"].max() == 10
