"""What is hidden moves nothing: two stores that differ in it alone show every viewer the same, word for word.

The whole JSON is compared (figures, sentences, notes, order), for every role and cohort.
"""

import random

import pytest

from improve.model import Role, Selection, Viewer
from improve.store import close_round, write_responses
from improve.views.choice import choose, cohorts_for
from improve.views.scores import SORTS, arranged, scores_view
from improve.views.scores_shown import chart_rows, spread_rows, table_rows
from tests.views.town import LABEL, code_of, delivery, everything, rated, town_store, towns
from tests.views.world import written

NUMBER = 14
NATIONS = ["Wales"] * 7 + ["England"] * 6 + ["Northern Ireland"]
TYPES = ["Welsh unitary"] * 7 + ["district"] * 3 + ["unitary"] * 3 + ["NI district"]
COHORTS = ("all", "nation:Wales", "nation:England", "nation:Northern Ireland", "type:district")
ALONE = (Viewer(Role.PUBLIC), Viewer(Role.FACILITATOR))


def seen(store, viewers, codes=()):
    """Everything that these viewers are shown; operators look at each of the codes."""
    found = {}
    for viewer in viewers:
        for wish in codes if viewer.role is Role.OPERATOR else (None,):
            for cohort in COHORTS:
                view = scores_view(store, viewer, Selection(organisation=wish, round=LABEL, cohort=cohort))
                found[viewer, wish, cohort] = (
                    written(view),
                    view.choice.notices,
                    view.alt,
                    [
                        (table_rows(one), chart_rows(one), [spread_rows(score) for score in one.scores])
                        for one in (arranged(view, sort, "A1") for sort in SORTS)
                        if one.survey is not None
                    ],
                )
        choice = choose(store, viewer, Selection(round=LABEL))
        if choice.round is not None and choice.survey is not None:
            found[viewer, "cohorts"] = [
                (one.cohort.key, one.reason)
                for one in cohorts_for(store, viewer, choice.round, choice.survey)
            ]
    return found


def places(number=NUMBER):
    return towns(number, nation=NATIONS[:number], region=NATIONS[:number], type=TYPES[:number])


def usual(seed=1):
    chance = random.Random(seed)
    return [everything(chance.uniform(2.2, 4.6), 24) for _ in range(NUMBER)]


def seen_in(folder, answers, viewers, codes=(), **facts):
    folder.mkdir()
    store = town_store(folder, answers, organisations=places(), **facts)
    try:
        return seen(store, viewers, codes)
    finally:
        store.close()


def few(mean, n, people=24):
    return rated(mean, n)[:n] + [None] * (people - n) if n else [None] * people


def test_fewer_than_ten_answers_say_nothing_about_themselves(tmp_path):
    """Neither what they were nor how many, to nobody: the organisation itself and the operator included."""
    viewers = (
        *ALONE,
        Viewer(Role.OPERATOR),
        Viewer(Role.MEMBER, code_of(2)),
        Viewer(Role.DELEGATE, code_of(9)),
    )
    found = []
    for number, (mean, n) in enumerate(((1.2, 9), (4.8, 9), (3.0, 1), (3.0, 0))):
        answers = usual()
        answers[2]["A1"] = few(mean, n)
        answers[9]["OVR"] = few(5.0 - mean, 9 - n)
        answers[4]["A2"] = few(mean, n)
        found.append(seen_in(tmp_path / str(number), answers, viewers, [code_of(at) for at in range(NUMBER)]))
    assert all(one == found[0] for one in found[1:])


def test_a_part_of_fewer_than_ten_people_says_nothing_at_all(tmp_path):
    viewers = (*ALONE, Viewer(Role.OPERATOR), Viewer(Role.MEMBER, code_of(2)))
    codes = [code_of(at) for at in range(NUMBER)]
    found = []
    for number, (mean, people) in enumerate(((1.2, 9), (4.8, 4), (3.0, 1))):
        answers = usual()
        answers[2] = everything(mean, people)
        answers[13] = everything(mean, people)
        found.append(seen_in(tmp_path / str(number), answers, viewers, codes))
    assert all(one == found[0] for one in found[1:])


def test_an_open_round_says_nothing_about_the_others(tmp_path):
    viewers = (*ALONE, Viewer(Role.MEMBER, code_of(2)), Viewer(Role.DELEGATE, code_of(2)))
    one, other = usual(1), usual(2)
    other[2] = one[2]
    some = {code_of(at): other[at] for at in (0, 2, 5)}
    found = [
        seen_in(tmp_path / str(number), answers, viewers, closed=False)
        for number, answers in enumerate((one, other, some))
    ]
    assert found[0] == found[1] == found[2]


def test_who_comes_or_changes_after_closing_moves_nobody_elses_page(tmp_path):
    """Their own pages apart, and apart from the operator's of them."""
    early = dict(list(enumerate(usual()))[:12])
    store = town_store(
        tmp_path, {code_of(at): answers for at, answers in early.items()}, organisations=places()
    )
    viewers = (
        *ALONE,
        Viewer(Role.OPERATOR),
        Viewer(Role.MEMBER, code_of(1)),
        Viewer(Role.DELEGATE, code_of(8)),
    )
    codes = [code_of(at) for at in range(12) if at != 4]
    before = seen(store, viewers, codes)
    write_responses(
        store, [delivery(code_of(12), everything(1.1, 80)), delivery(code_of(13), everything(4.9, 80))]
    )
    write_responses(store, [delivery(code_of(4), everything(1.1, 90))], replace=True)
    assert seen(store, viewers, codes) == before
    mine = scores_view(store, Viewer(Role.MEMBER, code_of(4)), Selection())
    store.close()
    assert mine.overall.mean.value == pytest.approx(1.1)


def test_whose_score_is_which_moves_nothing_for_those_who_have_none(tmp_path):
    """Towns of the same nation, region and type change places: nobody could tell from the figures."""
    answers = usual()
    found = [seen_in(tmp_path / "0", answers, ALONE)]
    for number in (1, 2):
        chance = random.Random(number)
        changed = list(answers)
        for first, last in ((0, 7), (7, 10), (10, 13)):
            changed[first:last] = chance.sample(answers[first:last], last - first)
        assert changed != answers
        found.append(seen_in(tmp_path / str(number), changed, ALONE))
    assert found[0] == found[1] == found[2]


def test_which_groups_are_listed_does_not_say_who_has_too_few_answers(tmp_path):
    """Northern Ireland is one town here: it is listed, and too small, whatever its answers."""
    listed = []
    for number, people in enumerate((24, 9)):
        answers = usual()
        answers[13] = everything(3.0, people)
        (tmp_path / str(number)).mkdir()
        store = town_store(tmp_path / str(number), answers, organisations=places())
        view = scores_view(store, ALONE[0], Selection(cohort="nation:Northern Ireland"))
        listed.append(
            (
                [
                    (one.cohort.key, one.reason)
                    for one in cohorts_for(store, ALONE[0], view.choice.round, view.survey)
                ],
                {score.cohort_organisations.value for score in view.scores},
                view.notes,
            )
        )
        store.close()
    assert listed[0] == listed[1]
    assert listed[0][1] == {None}


def test_of_two_who_take_part_neither_learns_whether_the_other_has_ten_answers(tmp_path):
    found = []
    for number, people in enumerate((10, 9)):
        (tmp_path / str(number)).mkdir()
        store = town_store(tmp_path / str(number), [everything(3.4, 20), everything(4.0, people)])
        found.append(seen(store, (Viewer(Role.MEMBER, code_of(0)), *ALONE)))
        store.close()
    assert found[0] == found[1]


def test_closing_again_is_what_moves_a_benchmark(tmp_path):
    """The other tests would pass if nothing ever moved."""
    store = town_store(tmp_path, usual()[:10], organisations=places())
    before = seen(store, ALONE)
    write_responses(store, [delivery(code_of(at), everything(4.9, 30)) for at in (10, 11, 12)])
    assert seen(store, ALONE) == before
    close_round(store, LABEL)
    after = seen(store, ALONE)
    store.close()
    assert after != before
