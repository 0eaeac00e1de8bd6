"""The Skills view: against a slow oracle over raw answers, worked out by hand, and for every role."""

import json
from dataclasses import fields, is_dataclass

import duckdb
import pytest

from improve.disclosure import Figure, Reason
from improve.errors import SelectionError
from improve.instruments import Option, Question, QuestionKind, read_library
from improve.language import speaking
from improve.model import Role, Selection, Viewer
from improve.store import close_round, write_responses
from improve.views import skills_sentence as sentence
from improve.views.skills import Need, arranged, skills_figures, skills_view
from improve.views.skills_shown import (
    answer_names,
    answer_rows,
    answers_domain,
    as_json,
    attitude_rows,
    attitudes_table,
    bar_rows,
    figure_rows,
    figures_domain,
    figures_table,
    group_rows,
    groups_domain,
    groups_table,
    lines_of,
    skills_table,
)
from tests.factory import copy_store, make_delivery, make_store, small_survey
from tests.views import oracle_skills as oracle
from tests.views.town import towns

OPERATOR = Viewer(Role.OPERATOR)

RAW = """
select organisation, answer.item, response_id, coalesce(code, number) as given
from answer join import on import.id = answer.import_id and replaced_at is null
where instrument = 'user_skills' and round = $round
"""
PARTS = """
select participation.organisation, invited, list(response.id)
from participation
join import using (round, organisation, instrument)
join response on response.import_id = import.id
where instrument = 'user_skills' and round = $round
group by all
"""


# ── Against the oracle ─────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def slow(demonstration, tmp_path_factory):
    """The oracle's newest round, read from the raw rows."""
    survey = read_library().get("user_skills")
    skills = {
        one.id: [option.code for option in one.options if option.counts]
        for one in survey.questions
        if one.role == "skill"
    }
    found = oracle.Skills(skills)
    path = copy_store(demonstration, tmp_path_factory.mktemp("raw"))
    with duckdb.connect(str(path), read_only=True) as connection:
        people = {}
        for code, invited, ids in connection.execute(PARTS, {"round": "2026"}).fetchall():
            people[code] = {id_: {} for id_ in ids}
            found.parts[code] = oracle.Part(list(people[code].values()), invited)
        for code, item, response, given in connection.execute(RAW, {"round": "2026"}).fetchall():
            people[code][response].setdefault(item, []).append(given)
    return found


@pytest.fixture(scope="module")
def names_of(demonstration, tmp_path_factory):
    """What the codes of DW07's service areas and of jobs stand for."""
    path = copy_store(demonstration, tmp_path_factory.mktemp("names"))
    own = """
        select code, label from own_option
        where organisation = 'DW07' and instrument = 'user_skills' and item = 'PRF1'
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        areas = dict(connection.execute(own).fetchall())
    jobs = next(one for one in read_library().get("user_skills").profile if one.role == "job")
    return {"service_area": areas, "job": {one.code: one.label["en"] for one in jobs.options}}


def view_of(store, viewer=OPERATOR, by=None, **wishes):
    return skills_view(store, viewer, Selection(**wishes), by=by)


def is_as(measured, own, everybody, step):
    """Compares a figure with the oracle's; returns (difference, p) for the words."""
    assert measured.n.value == own.n
    assert measured.value.value == pytest.approx(own.mean, rel=1e-9)
    assert measured.interval.value == pytest.approx((own.low, own.high), rel=1e-9)
    middle, n = oracle.national(everybody)
    assert measured.median.value == pytest.approx(oracle.in_steps(middle, step))
    assert measured.organisations.value == n
    assert measured.difference.value == pytest.approx(own.mean - measured.median.value)
    return own.mean - middle, oracle.p_value(own, everybody)


def word_of(measured):
    return measured.comparison.value.value


@pytest.mark.parametrize("code", ["DW07", "DW10", "DW11", "DW14"])
def test_every_figure_equals_the_oracle(demonstration_store, slow, code):
    view = view_of(demonstration_store, organisation=code, round="2026")

    def compared(measured, values_of, step, low=0.0, high=1.0):
        parts = slow.parts.items()
        everybody = [oracle.estimate(values_of(one), part.invited, low, high) for one, part in parts]
        own = oracle.estimate(values_of(code), slow.parts[code].invited, low, high)
        return measured, is_as(measured, own, everybody, step)

    def gaps():
        found = {
            one: oracle.difference(slow.numbers(one, "SKT1"), slow.numbers(one, "SKT2"), part.invited)
            for one, part in slow.parts.items()
        }
        return view.gap, is_as(view.gap, found[code], list(found.values()), 0.05)

    def named(measured, item, option, among):
        return compared(measured, lambda one: slow.shares(one, item, [option], among), 0.01)

    headline = [
        compared(view.index, slow.indexes, 1.0, 0, 100),
        compared(view.received, lambda one: slow.numbers(one, "SKT1"), 0.05, 0, 30),
        compared(view.enough, lambda one: slow.numbers(one, "SKT2"), 0.05, 0, 30),
        gaps(),
        compared(view.do_not_mind, slow.do_not_mind, 0.01),
    ]
    skills = [
        compared(one.able, lambda each, item=one.able.id: slow.able(each, item), 0.01) for one in view.skills
    ]
    barriers = [named(one, "SKT4", place, None) for place, one in enumerate(view.barriers, start=1)]
    learning = [named(one, "SKT3", place, None) for place, one in enumerate(view.learning, start=1)]
    counting = [1, 2, 3, 4, 5, 6]
    groups = dict(
        zip(("engaged", "needs_help", "dont_know_dont_care"), ([1, 2], [3, 4, 5], [6]), strict=True)
    )
    attitudes = [
        compared(
            one.whole,
            lambda each, codes=groups[one.whole.id]: slow.shares(each, "SKA1", codes, counting),
            0.01,
        )
        for one in view.attitudes
    ]
    options = [one for group in view.attitudes for one in group.options]
    attitudes += [named(one, "SKA1", place, counting) for place, one in enumerate(options, start=1)]
    assert (len(skills), len(barriers), len(learning), len(attitudes)) == (12, 6, 6, 9)
    for family in (headline, skills, barriers, learning, attitudes):
        assert [word_of(one) for one, _pair in family] == oracle.words([pair for _one, pair in family])


def test_answers_are_counted_and_those_that_do_not_count_stand_aside(demonstration_store, slow):
    view = view_of(demonstration_store, organisation="DW07", round="2026")
    for skill in view.skills:
        given = [person.get(skill.able.id, [None])[0] for person in slow.parts["DW07"].people]
        assert skill.answers.value == tuple(given.count(code) for code in range(5))
        answered = [one for one in given if one is not None]
        assert skill.aside.value == pytest.approx(answered.count(5) / len(answered))
        assert [option.code for option in skill.options] == [0, 1, 2, 3, 4]
    shares = [skill.able.value.value for skill in view.skills]
    assert shares == sorted(shares)


@pytest.mark.parametrize("by", ["service_area", "job"])
def test_groups_equal_the_oracle(demonstration_store, slow, names_of, by):
    view = view_of(demonstration_store, organisation="DW07", round="2026", by=by)
    names = names_of[by]
    item = {"service_area": "PRF1", "job": "PRF2"}[by]
    labels = {}
    for person in slow.parts["DW07"].people:
        labels.setdefault(person.get(item, [None])[0], []).append(person)
    seen = 0
    for code, people in labels.items():
        slow_group = oracle.Skills(slow.skills, parts={"X": oracle.Part(people)})
        indexes = slow_group.indexes("X")
        if code is None or len(indexes) < 10:
            continue
        own = oracle.estimate(indexes, None, 0, 100)
        group = next(one for one in view.chosen.groups if one.label == names[code])
        seen += 1
        assert group.n.value == len(indexes)
        assert group.index.value == pytest.approx(oracle.in_steps(own.mean, 2))
        assert group.interval.value == pytest.approx(
            (oracle.in_steps(own.low, 2), oracle.in_steps(own.high, 2))
        )
        gap = oracle.mean(slow_group.numbers("X", "SKT2")) - oracle.mean(slow_group.numbers("X", "SKT1"))
        assert group.gap.value == pytest.approx(round(gap * 10 + 1e-9) / 10, abs=0.001)
        share = oracle.mean(slow_group.do_not_mind("X"))
        assert group.do_not_mind.value == (1 if share <= 0.15 else int(share * 10 + 0.5))
    assert seen >= 4


# ── By hand ────────────────────────────────────────────────────────────────────────────────────

ABLE = (
    Option(code=2, id="alone", label="On my own"),
    Option(code=1, id="helped", label="With help"),
    Option(code=0, id="dk", label="Don't know, don't mind"),
    Option(code=9, id="never", label="Never needed", counts=False),
)
MOODS = (
    Option(code=1, id="keen", label="Keen", group="engaged"),
    Option(code=2, id="calm", label="Calm", group="engaged"),
    Option(code=3, id="dk", label="Don't know and don't mind", group="dont_know_dont_care"),
    Option(code=4, id="none", label="Rather not say", counts=False),
)
JOBS = (Option(code=1, id="front", label="Front-line"), Option(code=2, id="office", label="Office"))


def skilled(version="1.0", **changes):
    """Two skills of three answers that count; training, attitude, a barrier, a job."""

    def asked(item, kind, role, options=(), **facts):
        return Question(id=item, kind=kind, role=role, short=item, text=item, options=options, **facts)

    days = {"low": 0, "high": 9, "step": 0.5, "unit": "days"}
    return small_survey(
        version,
        **{
            "id": "abilities",
            "measures": (),
            "aspects": (),
            "overall": (),
            "questions": (
                asked("S1", QuestionKind.SINGLE, "skill", ABLE),
                asked("S2", QuestionKind.SINGLE, "skill", ABLE),
                asked("MOOD", QuestionKind.SINGLE, "attitude", MOODS),
                asked("HAD", QuestionKind.NUMBER, "training_received", **days),
                asked("WANT", QuestionKind.NUMBER, "training_enough", **days),
                asked("WHY", QuestionKind.MULTIPLE, "barrier", JOBS),
            ),
            "profile": (asked("JOB", QuestionKind.SINGLE, "job", JOBS),),
            **changes,
        },
    )


def answers(n=12, **given):
    """n people who all gave the same to everything that is not told otherwise."""
    usual = {"S1": [2] * n, "S2": [1] * n, "MOOD": [1] * n, "HAD": [0.5] * n, "WANT": [1.0] * n}
    usual |= {"WHY": [(1,)] * n, "JOB": [1] * n}
    return {**usual, **given}


def skills_store(folder, given, *, survey=None, closed=("2026",), labels=("2026",)):
    """A store in which organisation 0, 1, ... gave these answers in every one of the rounds."""
    parts = {f"X{at:02d}": one for at, one in enumerate(given)}
    return make_store(
        folder,
        dict.fromkeys(labels, parts),
        survey=survey or skilled(),
        organisations=towns(len(given) + 1),
        closed=closed,
    )


@pytest.fixture
def towns_store(tmp_path):
    """Eight towns; half of the first one's people can do everything, half nothing but with help."""
    mixed = answers(
        12,
        S1=[2] * 6 + [1] * 6,
        S2=[2] * 6 + [9] * 6,
        MOOD=[1] * 5 + [2] * 2 + [3] * 3 + [4] * 2,
        HAD=[0.0, 1.0] * 6,
        WANT=[2.0, 1.0] * 6,
        WHY=[(1, 2)] * 3 + [(2,)] * 9,
    )
    store = skills_store(tmp_path, [mixed, *(answers() for _ in range(7))])
    yield store
    store.close()


def test_worked_out_by_hand(towns_store):
    view = view_of(towns_store, organisation="X00")
    # Six people have 2 of 2 points, six have 1 of 2 (what does not count is left out): 100 and 50.
    assert view.index.value.value == 75
    assert view.index.n.value == 12
    # s = 26.11, t(0.975, 11) = 2.201: 75 -+ 2.201 * 26.11 / sqrt(12).
    assert view.index.interval.value == pytest.approx((58.41, 91.59), abs=0.01)
    # All the others have (2 + 1) / 2 of 2 points.
    assert view.index.median.value == 75
    assert view.index.organisations.value == 8
    assert view.index.comparison.value == "similar"
    assert (view.received.value.value, view.enough.value.value, view.gap.value.value) == (0.5, 1.5, 1.0)
    assert view.gap.median.value == 0.5
    # Seven are engaged and three do not mind, of the ten who said.
    assert [(one.whole.id, one.whole.value.value) for one in view.attitudes] == [
        ("engaged", 0.7),
        ("dont_know_dont_care", 0.3),
    ]
    assert [one.value.value for one in view.attitudes[0].options] == [0.5, 0.2]
    assert view.do_not_mind.value.value == 0.3
    assert view.do_not_mind.n.value == 10
    assert [one.value.value for one in view.barriers] == [0.25, 1.0]
    assert view.learning == ()
    skills = {skill.able.id: skill for skill in view.skills}
    assert skills["S1"].answers.value == (0, 6, 6)
    assert (skills["S1"].able.value.value, skills["S1"].aside.value) == (0.5, 0)
    # Six people say that work never calls for it: too few are left.
    assert skills["S2"].able.value.withheld is Reason.FEW_ANSWERS
    assert skills["S2"].answers.withheld is Reason.FEW_ANSWERS
    assert [skill.able.id for skill in view.skills] == ["S1", "S2"]  # what is withheld comes last
    assert "75.0 of 100" in view.finding
    assert "0.50 days received, 1.50 days judged enough, a gap of 1.00 days" in view.finding
    assert "30% say that they do not know much" in view.finding


def test_bars_part_where_people_need_no_help(towns_store):
    view = view_of(towns_store, organisation="X01")
    bars = [(row["order"], row["place"], row["x0"], row["x1"], row["label"]) for row in bar_rows(view)]
    # Nobody can do S2 alone, everybody can do S1.
    assert [skill.able.id for skill in view.skills] == ["S2", "S1"]
    assert bars == [
        (0, 0, -1.0, -1.0, "0%"),
        (0, 1, -1.0, 0.0, "100%"),
        (0, 2, 0.0, 0.0, "0%"),
        (1, 0, 0.0, 0.0, "0%"),
        (1, 1, 0.0, 0.0, "0%"),
        (1, 2, 0.0, 1.0, "100%"),
    ]
    assert answers_domain(view) == (-1.0, 1.0)
    assert answer_names(view) == ("Don't know, don't mind", "With help", "On my own")


@pytest.fixture
def parted(tmp_path):
    """60 people, 30 front-line: they know half as much, want a day more, and a third do not mind."""
    front, office = [1] * 30, [2] * 30
    own = answers(
        60,
        S1=[1] * 15 + [0] * 15 + [2] * 30,
        S2=[1] * 30 + [2] * 15 + [1] * 15,
        MOOD=[3] * 10 + [1] * 20 + [1] * 30,
        HAD=[0.0] * 30 + [1.0] * 30,
        WANT=[1.0] * 30 + [1.0] * 30,
        JOB=front + office,
    )
    store = skills_store(tmp_path, [own, *(answers() for _ in range(6))])
    yield store
    store.close()


def test_groups_by_hand(parted):
    view = view_of(parted, organisation="X00")
    assert [one.by for one in view.breakdowns] == ["job"]
    low, high = view.chosen.groups
    # Front-line: 15 have 1 and 1 of 2, 15 have 0 and 1: indexes 50 and 25. Office: 100 and 75.
    assert (low.label, low.index.value, low.n.value) == ("Front-line", 38, 30)
    assert (high.label, high.index.value, high.n.value) == ("Office", 88, 30)
    # s = 12.71, t(0.975, 29) = 2.045: 37.5 -+ 4.75, in steps of 2.
    assert low.interval.value == (32, 42)
    assert (low.gap.value, high.gap.value) == (1.0, 0.0)
    assert (low.do_not_mind.value, high.do_not_mind.value) == (3, 1)
    assert (low.need, high.need) == (Need.BOTH, Need.NEITHER)
    assert sentence.groups_finding(view.chosen) == (
        "Training is needed in: Front-line. Awareness is needed in: Front-line."
    )
    assert "about 3 in 10" in sentence.of_group(low)
    assert "Nothing stands out." in sentence.of_group(high)


@pytest.mark.parametrize(
    ("changes", "need"),
    [
        ({"HAD": [1.0] * 60, "WANT": [1.2] * 60, "MOOD": [1] * 60}, Need.TRAINING),  # the index alone
        ({"S1": [2] * 60, "S2": [1] * 60, "MOOD": [1] * 60}, Need.TRAINING),  # the gap of a day alone
        ({"S1": [2] * 60, "S2": [1] * 60, "HAD": [1.0] * 60}, Need.AWARENESS),
        ({"S1": [2] * 60, "S2": [1] * 60, "HAD": [1.0] * 60, "MOOD": [1] * 60}, Need.NEITHER),
        # 0.3 days are much wanted, 0.2 are not; 15 % are few, 16.7 % about 2 in 10
        ({"S1": [2] * 60, "S2": [1] * 60, "MOOD": [1] * 60, "WANT": [0.3] * 30 + [1.0] * 30}, Need.TRAINING),
        ({"S1": [2] * 60, "S2": [1] * 60, "MOOD": [1] * 60, "WANT": [0.2] * 30 + [1.0] * 30}, Need.NEITHER),
        (
            {"S1": [2] * 60, "S2": [1] * 60, "HAD": [1.0] * 60, "MOOD": [3] * 5 + [1] * 55},
            Need.AWARENESS,
        ),
        ({"S1": [2] * 60, "S2": [1] * 60, "HAD": [1.0] * 60, "MOOD": [3] * 4 + [1] * 56}, Need.NEITHER),
    ],
)
def test_what_a_group_needs(parted, changes, need):
    own = answers(
        60,
        **{
            "S1": [1] * 15 + [0] * 15 + [2] * 30,
            "S2": [1] * 30 + [2] * 15 + [1] * 15,
            "MOOD": [3] * 10 + [1] * 50,
            "HAD": [0.0] * 30 + [1.0] * 30,
            "WANT": [1.0] * 60,
            "JOB": [1] * 30 + [2] * 30,
            **changes,
        },
    )
    write_responses(parted, [make_delivery(skilled(), "2026", "X00", own)], replace=True)
    view = view_of(parted, organisation="X00")
    assert next(one for one in view.chosen.groups if one.label == "Front-line").need is need


def test_a_group_too_small_is_not_shown_and_says_so(parted):
    own = answers(60, JOB=[1] * 25 + [2] * 9 + [None] * 26)
    write_responses(parted, [make_delivery(skilled(), "2026", "X00", own)], replace=True)
    view = view_of(parted, organisation="X00")
    front, office = view.chosen.groups
    assert front.index.is_released
    for figure in (office.n, office.index, office.interval, office.gap, office.do_not_mind):
        assert figure.withheld is Reason.SMALL_GROUP
    assert office.need is None
    assert group_rows(view, view.chosen)[1]["withheld"] == sentence.too_few()
    assert "1 group is not shown" in sentence.groups_finding(view.chosen)
    assert groups_table(view.chosen)[1]["Needs"] == "not shown"


def test_a_job_that_nobody_named_looks_like_one_too_small(parted):
    everybody_front = answers(60)
    few_office = answers(60, JOB=[1] * 51 + [2] * 9)
    seen = []
    for own in (everybody_front, few_office):
        write_responses(parted, [make_delivery(skilled(), "2026", "X00", own)], replace=True)
        view = view_of(parted, organisation="X00")
        seen.append([(one.label, one.n.withheld, one.index.withheld) for one in view.chosen.groups])
    assert (
        seen[0]
        == seen[1]
        == [(one, Reason.SMALL_GROUP, Reason.SMALL_GROUP) for one in ("Front-line", "Office")]
    )
    assert sentence.groups_finding(view.chosen) == "No group is large enough to be shown."


def test_those_who_say_must_be_ten_not_those_who_answer(parted):
    own = answers(60, MOOD=[4] * 25 + [3] * 5 + [1] * 30, JOB=[1] * 30 + [2] * 30)
    write_responses(parted, [make_delivery(skilled(), "2026", "X00", own)], replace=True)
    front = next(
        one for one in view_of(parted, organisation="X00").chosen.groups if one.label == "Front-line"
    )
    assert front.index.is_released
    assert front.do_not_mind.withheld is Reason.SMALL_GROUP
    assert front.need is None


def test_a_file_that_brings_fewer_than_ten_to_a_group_hides_it(parted):
    more = answers(12, JOB=[1] * 3 + [2] * 9)
    write_responses(parted, [make_delivery(skilled(), "2026", "X00", more)])
    assert {one.index.withheld for one in view_of(parted, organisation="X00").chosen.groups} == {
        Reason.SMALL_GROUP
    }


# ── Who, how many, when ────────────────────────────────────────────────────────────────────────


def test_fewer_than_ten_people_have_no_figure_and_do_not_count(tmp_path):
    store = skills_store(tmp_path, [answers(9), *(answers() for _ in range(7))])
    view = view_of(store, organisation="X00")
    for one in (view.index, view.received, view.gap, view.do_not_mind, *view.barriers):
        assert one.value.withheld is Reason.FEW_ANSWERS
        assert one.n.withheld is Reason.FEW_ANSWERS
        assert one.organisations.value == 7
    assert view.skills[0].answers.withheld is Reason.FEW_ANSWERS
    assert bar_rows(view) == []
    assert "Fewer than 10 answers" in view.finding
    store.close()


def test_six_organisations_have_no_median(tmp_path):
    store = skills_store(tmp_path, [answers() for _ in range(6)])
    view = view_of(store, organisation="X00")
    for one in (view.index, view.gap, view.skills[0].able, view.barriers[0]):
        assert one.value.is_released
        assert one.median.withheld is one.comparison.withheld is Reason.FEW_ORGANISATIONS
        assert one.organisations.withheld is Reason.FEW_ORGANISATIONS
    store.close()


@pytest.mark.parametrize(
    ("viewer", "has_own", "has_groups"),
    [
        (Viewer(Role.OPERATOR), True, True),
        (Viewer(Role.MEMBER, "DW07"), True, True),
        (Viewer(Role.DELEGATE, "DW07"), True, False),
        (Viewer(Role.MEMBER, "DW01"), False, False),
        (Viewer(Role.FACILITATOR), False, False),
        (Viewer(Role.PUBLIC), False, False),
    ],
)
def test_who_sees_whose(demonstration_store, viewer, has_own, has_groups):
    """Each asks for DW07; a member of another sees its own organisation instead."""
    view = view_of(demonstration_store, viewer, organisation="DW07", round="2026")
    shown = view.choice.organisation
    is_asked = shown is not None and shown.code == "DW07"
    everything = [view.index, view.received, view.enough, view.gap, view.do_not_mind]
    everything += [skill.able for skill in view.skills]
    everything += [*view.barriers, *view.learning, *(one.whole for one in view.attitudes)]
    assert is_asked == has_own
    assert {one.median.is_released for one in everything} == {True}
    if viewer.role in (Role.FACILITATOR, Role.PUBLIC):
        assert {one.value.withheld for one in everything} == {Reason.NO_ORGANISATION}
        assert {skill.answers.withheld for skill in view.skills} == {Reason.NO_ORGANISATION}
        assert view.groups_reason is Reason.NO_ORGANISATION
    else:
        assert {one.value.is_released for one in everything} == {True}
    if viewer.role is Role.DELEGATE:
        assert view.groups_reason is Reason.NOT_YOURS
        assert "members" in sentence.groups_withheld(view)
    if is_asked:
        assert bool(view.breakdowns) == has_groups


def test_medians_wait_until_the_round_is_closed(tmp_path):
    store = skills_store(tmp_path, [answers() for _ in range(8)], closed=())
    member = view_of(store, Viewer(Role.MEMBER, "X00"), organisation="X00")
    assert member.index.value.is_released
    assert member.index.median.withheld is Reason.COLLECTING
    assert "still collecting" in " ".join(member.notes)
    operator = view_of(store, organisation="X00")
    assert operator.is_provisional
    assert operator.index.median.is_released
    assert "Provisional" in operator.notes[0]
    close_round(store, "2026")
    late = make_delivery(skilled(), "2026", "X08", answers(S1=[0] * 12, S2=[0] * 12))
    write_responses(store, [late])
    member = view_of(store, Viewer(Role.MEMBER, "X00"), organisation="X00")
    assert member.index.organisations.value == 8  # who came after closing does not count
    late = view_of(store, Viewer(Role.MEMBER, "X08"), organisation="X08")
    assert (late.index.value.value, late.index.median.value, late.index.comparison.value) == (0, 75, "lower")
    store.close()


def test_a_round_without_the_survey_says_in_which_it_was(demonstration_store):
    view = view_of(demonstration_store, organisation="DW07", round="2025")
    assert view.survey is None
    assert view.finding == "Nobody was asked about skills in round 2025. It was asked in: 2026, 2024."
    assert (view.index, view.skills, view.breakdowns) == (None, (), ())
    assert as_json(view)["asked_in"] == ["2026", "2024"]


def test_an_organisation_that_did_not_ask_learns_when_it_did(tmp_path):
    store = skills_store(tmp_path, [answers() for _ in range(8)])
    write_responses(store, [make_delivery(skilled(), "2024", "X08", answers())])
    view = view_of(store, organisation="X08", round="2026")
    assert view.index.value.withheld is Reason.DID_NOT_TAKE_PART
    assert view.groups_reason is Reason.DID_NOT_TAKE_PART
    assert view.index.median.is_released
    assert "did not ask about skills in this round; it did in: 2024." in view.notes[0]
    store.close()


@pytest.mark.parametrize(("role", "say"), [(Role.OPERATOR, "Import"), (Role.PUBLIC, "no figures yet")])
def test_an_empty_store_says_so(tmp_path, role, say):
    store = make_store(tmp_path, organisations=towns(2))
    view = view_of(store, Viewer(role))
    assert view.survey is None
    assert say in view.finding
    store.close()


def test_rounds_that_never_asked_say_so(tmp_path):
    ratings = {"A1": [3] * 12}
    store = make_store(tmp_path, {"2026": {"X00": ratings}}, organisations=towns(2), closed=("2026",))
    assert view_of(store).finding == "Nobody was asked about skills in any round yet."
    store.close()


def test_another_version_counts_where_its_answers_are_the_same(tmp_path):
    """Version 2 has a fourth point for S1: neither S1 nor the index is the same; S2 and days are."""
    store = skills_store(tmp_path, [answers() for _ in range(8)], closed=())
    steps = (Option(code=3, id="show", label="And show others"), *ABLE)
    first, *others = skilled().questions
    newer = skilled("2.0", questions=(first.model_copy(update={"options": steps}), *others))
    write_responses(store, [make_delivery(newer, "2026", "X08", answers())])
    close_round(store, "2026")
    view = view_of(store, organisation="X00")
    skills = {skill.able.id: skill.able.organisations.value for skill in view.skills}
    assert skills == {"S1": 8, "S2": 9}
    assert (view.index.organisations.value, view.gap.organisations.value) == (8, 9)
    newest = view_of(store, organisation="X08")
    # 2 of 3 points and 1 of 3; nobody else was asked like that.
    assert newest.index.value.value == 50
    assert newest.index.median.withheld is Reason.FEW_ORGANISATIONS
    store.close()


def test_a_survey_of_skills_alone_has_nothing_else(tmp_path):
    bare = skilled(questions=skilled().questions[:2], profile=())
    given = [{"S1": [2] * 12, "S2": [0] * 12} for _ in range(8)]
    store = skills_store(tmp_path, given, survey=bare)
    view = view_of(store, organisation="X00")
    assert view.index.value.value == 50
    assert (view.received, view.enough, view.gap, view.do_not_mind) == (None,) * 4
    assert (view.barriers, view.learning, view.attitudes) == ((), (), ())
    assert view.groups_reason is Reason.NOT_ASKED
    assert "did not ask" in sentence.groups_withheld(view)
    assert view.finding.startswith("The skill index is 50.0 of 100.")
    store.close()


# ── Cohorts, the command line, JSON ────────────────────────────────────────────────────────────


def test_a_cohort_has_medians_of_its_own(demonstration_store, slow):
    view = view_of(demonstration_store, organisation="DW07", round="2026", cohort="nation:Wales")
    welsh = [code for code in slow.parts if code.startswith("DW")]
    indexes = [oracle.mean(slow.indexes(code)) for code in welsh]
    assert view.index.cohort_median.value == oracle.in_steps(oracle.median(indexes), 1.0)
    assert view.index.cohort_organisations.value == len(welsh) == 14
    shares = [oracle.mean(slow.able(code, view.skills[0].able.id)) for code in welsh]
    assert view.skills[0].able.cohort_median.value == pytest.approx(
        oracle.in_steps(oracle.median(shares), 0.01)
    )
    assert "Median of Wales" in skills_table(view)[0]
    small = view_of(demonstration_store, organisation="DW07", round="2026", cohort="nation:Scotland")
    assert small.index.cohort_median.withheld is Reason.FEW_ORGANISATIONS
    assert "fewer than 7" in " ".join(small.notes)
    close = view_of(demonstration_store, organisation="DW07", round="2026")
    assert close.index.cohort_median.withheld is Reason.UNKNOWN


def test_the_command_line_refuses_what_cannot_be_followed(demonstration_store):
    member = Viewer(Role.MEMBER, "DW07")
    with pytest.raises(SelectionError, match="There are: service_area, job"):
        skills_figures(demonstration_store, member, Selection(round="2026"), by="place")
    delegate = Viewer(Role.DELEGATE, "DW07")
    with pytest.raises(SelectionError, match="members of the organisation"):
        skills_figures(demonstration_store, delegate, Selection(round="2026"), by="job")
    with pytest.raises(SelectionError, match="may not see"):
        skills_figures(demonstration_store, member, Selection(organisation="DW01"))
    found = skills_figures(demonstration_store, member, Selection(round="2026"), by="job")
    assert found.chosen.by == "job"
    assert found == view_of(demonstration_store, member, by="job", round="2026", organisation="DW07")
    assert arranged(found, "nonsense").chosen.by == "service_area"


def every_figure(value):
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from every_figure(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from every_figure(getattr(value, one.name))


def test_json_has_every_figure_or_why_not(demonstration_store):
    for viewer in (OPERATOR, Viewer(Role.DELEGATE, "DW07"), Viewer(Role.PUBLIC)):
        view = view_of(demonstration_store, viewer, organisation="DW07", round="2026", by="job")
        written = as_json(view)
        assert json.loads(json.dumps(written)) == written
        text = json.dumps(written)
        alone = arranged(view, None)
        parts = (view.index, view.received, view.enough, view.gap, view.do_not_mind, view.skills)
        parts += (view.barriers, view.learning, view.attitudes, view.chosen)
        figures = [one for part in parts for one in every_figure(part)]
        assert text.count('{"value"') + text.count('{"withheld"') == len(figures) + (view.chosen is None)
        assert alone.finding == written["finding"]
    assert written["groups"] == {"withheld": "no_organisation"}


def test_no_sentence_names_an_organisation(demonstration_store):
    view = view_of(demonstration_store, organisation="DW07", round="2026")
    texts = [view.finding, view.alt, *view.notes, *view.method, *sentence.groups_method()]
    texts += [row["sentence"] for row in (*answer_rows(view), *figure_rows(view.barriers))]
    texts += [row["sentence"] for groups in view.breakdowns for row in group_rows(view, groups)]
    assert view.choice.organisation.name == "Ardudfryn"
    assert not [text for text in texts if "Ardudfryn" in text]


def test_the_rules_are_stated(demonstration_store):
    rules = " ".join(sentence.groups_method())
    assert "at least 0.3 days" in rules
    assert "at least 2 in 10" in rules
    assert "one way at a time" in rules
    view = view_of(demonstration_store, organisation="DW07", round="2026")
    assert "version 1.1" in " ".join(view.method)


# ── As rows ────────────────────────────────────────────────────────────────────────────────────


def test_rows_say_what_the_view_says(demonstration_store):
    view = view_of(demonstration_store, organisation="DW07", round="2026", by="job")
    for row, skill in zip(answer_rows(view), view.skills, strict=True):
        assert (row["label"], row["median"]) == (skill.able.label, skill.able.median.value)
        assert skill.text in row["sentence"]
        assert row["note"].endswith(word_of(skill.able))
    bars = bar_rows(view)
    assert len(bars) == 60
    for order, skill in enumerate(view.skills):
        mine = [bar for bar in bars if bar["order"] == order]
        assert mine[-1]["x1"] == pytest.approx(skill.able.value.value)
        assert mine[0]["x0"] == pytest.approx(skill.able.value.value - 1)
        assert mine[2]["x1"] == pytest.approx(0, abs=1e-12)
    low, high = answers_domain(view)
    assert low <= min(bar["x0"] for bar in bars) < 0 < max(bar["x1"] for bar in bars) <= high
    training = figure_rows([view.received, view.enough, view.gap])
    assert [row["value"] for row in training] == [
        one.value.value for one in (view.received, view.enough, view.gap)
    ]
    assert training[0]["note"] == f"{view.received.value.value:.2f} days, {word_of(view.received)}"
    assert figures_domain(training)[0] == 0
    assert figures_domain([{**training[0], "lower": -0.31}])[0] == -0.4
    assert lines_of(training) == 1
    attitudes = attitude_rows(view.attitudes)
    # An answer that is a group of its own stands there once.
    assert len(attitudes) == 8
    assert [row["label"] for row in attitudes if row["head"]] == [
        "Engaged",
        "Need help",
        "Don't know, don't mind",
    ]
    assert lines_of(attitudes) == 2
    assert len(attitudes_table(view)) == 8
    groups = group_rows(view, view.chosen)
    low, high = groups_domain(groups)
    shown = [row for row in groups if row["value"] is not None]
    assert shown
    assert all(low <= row["lower"] <= row["value"] <= row["upper"] <= high for row in shown)
    assert {row["whole"] for row in shown} == {view.index.value.value}
    values = [row["value"] for row in shown]
    assert values == sorted(values)
    assert groups[-1]["value"] is None


def test_tables_have_a_cell_for_everything(demonstration_store):
    view = view_of(demonstration_store, organisation="DW07", round="2026", by="job")
    skills = skills_table(view)
    assert len(skills) == 12
    assert skills[0]["Without help"] == f"{view.skills[0].able.value.value:.0%}"
    assert skills[0]["I can do this on my own"].endswith("%")
    assert [row["Figure"] for row in figures_table(view, view.barriers)] == [
        one.label for one in view.barriers
    ]
    assert {row["Needs"] for row in groups_table(view.chosen)} <= {
        *("training, awareness", "training", "awareness", "neither", "not shown"),
    }
    public = view_of(demonstration_store, Viewer(Role.PUBLIC), round="2026")
    row = figures_table(public, [public.index])[0]
    assert (row["Value"], row["National median"]) == ("No organisation is chosen.", "64")
    assert [row["note"] for row in figure_rows([public.index])] == ["median 64"]
    assert answers_domain(public)[0] == 0


def test_in_another_language_everything_is_translated(demonstration_store):
    with speaking("x-pseudo"):
        view = view_of(demonstration_store, organisation="DW07", round="2026")
        found = [view.finding, *view.method, sentence.skills_finding(view), sentence.attitudes_finding(view)]
        found += [sentence.most_named(view.barriers), *(sentence.of_group(one) for one in view.chosen.groups)]
    assert all("⟦" in text for text in found)
