"""The Response page's view: against an oracle, by hand, for every role, and against one who subtracts."""

import json
import random
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import isclose

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from improve.disclosure import Reason
from improve.errors import SelectionError
from improve.model import Role, Selection, Viewer
from improve.store import close_round, write_action, write_responses, write_staff
from improve.views import response as page
from improve.views import response_sentence, response_shown
from improve.views.response import Done, Quarter, Verdict, response_figures, response_view
from tests.factory import make_store
from tests.views import oracle_response as oracle
from tests.views.oracle_response import JOBS, LABEL, SURVEY, Person, delivery, people
from tests.views.town import code_of, towns

OWN = code_of(0)
OPENED = date(2026, 5, 4)
"""A Monday."""
CLOSED = date(2026, 5, 29)
MEMBER, DELEGATE = Viewer(Role.MEMBER, OWN), Viewer(Role.DELEGATE, OWN)
OPERATOR, FACILITATOR, PUBLIC = (Viewer(role) for role in (Role.OPERATOR, Role.FACILITATOR, Role.PUBLIC))
EVERYBODY = (MEMBER, DELEGATE, OPERATOR, FACILITATOR, PUBLIC)


@pytest.fixture
def written_in(tmp_path):
    """Makes stores with deliveries in them; closed where asked for."""
    stores = []

    def write(*deliveries, closed=True, number=12):
        store = make_store(tmp_path, organisations=towns(number), name=f"{len(stores)}.duckdb")
        stores.append(store)
        if deliveries:
            write_responses(store, deliveries)
        for label in sorted({one.round for one in deliveries}) if closed else ():
            close_round(store, label)
        return store

    yield write
    for store in stores:
        store.close()


def look(store, viewer=MEMBER, organisation=OWN, by=None, label=LABEL):
    return response_view(store, viewer, Selection(organisation=organisation, round=label), by=by)


def others(number=11, n=40, invited=160):
    """Organisations 1, 2, ... with rates n / invited, n / (invited + 10) ..."""
    return [delivery(code_of(at), people(n), invited=invited + 10 * (at - 1)) for at in range(1, number + 1)]


def spread_over(n, first=OPENED, **facts):
    """n people, five on each working day from a day on."""
    days = [first + timedelta(days=at) for at in range(200)]
    days = [day for day in days if day.weekday() < 5]
    return [Person(day=days[at // 5], **facts) for at in range(n)]


def written(view):
    return json.loads(json.dumps(response_shown.as_json(view), allow_nan=False))


# ── Headline, by hand and against the oracle ───────────────────────────────────────────────────


def test_the_rate_the_median_and_the_quartiles_are_those_of_the_organisations(written_in):
    own = people(60, overall=[1, 2, 3, 4, 5])
    view = look(written_in(delivery(OWN, own, invited=120), *others()))
    places = {OWN: (own, 120)} | {code_of(at): (people(40), 150 + 10 * at) for at in range(1, 12)}
    median, quartiles = oracle.national(oracle.rates(places))
    assert view.responses.value == 60
    assert view.invited.value == 120
    assert view.rate.value == 0.5
    assert view.median.value == median
    assert view.quartiles.value == quartiles
    assert view.organisations.value == 12
    assert isclose(view.margin.value, oracle.margin(own, 120))
    assert view.quarter is Quarter.HIGHEST
    assert view.finding.startswith(
        "50% of the 120 people invited answered: 60 responses. That is in the highest"
    )


def test_median_and_quartiles_by_hand(written_in):
    """Eight rates 0.10, 0.20 ... 0.80: median 0.45, quartiles (type 7) 0.275 and 0.625, in steps of 1 %."""
    store = written_in(
        *(delivery(code_of(at), people(10 * (at + 1)), invited=100) for at in range(8)), number=8
    )
    view = look(store)
    assert (view.median.value, view.quartiles.value) == (0.45, (0.28, 0.63))
    assert view.quarter is Quarter.LOWEST
    assert look(store, OPERATOR, code_of(3)).quarter is Quarter.MIDDLE
    assert look(store, OPERATOR, code_of(7)).quarter is Quarter.HIGHEST


@pytest.mark.parametrize(
    ("n", "invited", "margin", "word", "verdict"),
    [
        # s of 1 to 5, equally often: sqrt(2 n / (n - 1)). t(29) = 2.045: 2.045 x 1.438 / 5.477 = 0.54.
        (30, None, 0.54, "wide", Verdict.NO),
        # t(99) = 1.984: 1.984 x 1.421 / 10 = 0.28; of 120 people x sqrt(20 / 119) = 0.12.
        (100, None, 0.28, "fair", Verdict.CARE),
        (100, 120, 0.12, "tight", Verdict.YES),
    ],
)
def test_the_margin_by_hand(written_in, n, invited, margin, word, verdict):
    view = look(written_in(delivery(OWN, people(n, overall=[1, 2, 3, 4, 5]), invited=invited)))
    assert round(view.margin.value, 2) == margin
    assert response_sentence.margin_in_words(view) == word
    assert {one.key: one.verdict for one in view.supports}["margin"] is verdict


def test_the_margins_of_the_guide():
    """Section 11: s = 1.4, n 30: 0.52; n 100 of 120: 0.11."""
    from improve.scoring import margin

    assert round(float(margin(1.4, 30)), 2) == 0.52
    assert round(float(margin(1.4, 100, 120)), 2) == 0.11


def test_seven_have_a_median_and_no_quarter_six_have_nothing(written_in):
    deliveries = [delivery(code_of(at), people(20), invited=50 + at) for at in range(7)]
    view = look(written_in(*deliveries))
    assert view.median.is_released
    assert view.quartiles.withheld is Reason.FEW_ORGANISATIONS
    assert view.quarter is None
    view = look(written_in(*deliveries[:6]))
    assert view.median.withheld is view.organisations.withheld is Reason.FEW_ORGANISATIONS
    assert "There is no national median" in view.finding


# ── Who sees what ──────────────────────────────────────────────────────────────────────────────


def full_store(written_in, closed=True):
    areas = ["Care"] * 3 + ["Roads"] * 2
    own = [
        Person(area=areas[at % 5], job=1 + at % 3, overall=1 + at % 5, day=one.day)
        for at, one in enumerate(spread_over(120))
    ]
    store = written_in(
        delivery(OWN, own, invited=300, opened_on=OPENED, closed_on=CLOSED, reminders=(date(2026, 5, 18),)),
        *others(),
        closed=closed,
    )
    staff = [("AREA", "Care", 100), ("AREA", "Roads", 250), ("AREA", "Parks", 20)]
    staff += [("JOB", job, 120) for job in JOBS]
    write_staff(store, LABEL, OWN, staff, "staff.csv", "0" * 64)
    write_action(store, None, OWN, "", "Listened", date(2026, 5, 1), "ICT")
    return store


SEES = {
    "member": {"own", "national", "groups", "actions"},
    "delegate": {"own", "national"},
    "operator": {"own", "national", "groups", "actions"},
    "facilitator": {"national"},
    "public": {"national"},
}


@pytest.mark.parametrize("viewer", EVERYBODY, ids=lambda one: one.role.value)
def test_each_role_sees_its_own_and_no_more(written_in, viewer):
    view = look(full_store(written_in), viewer)
    own = (view.responses, view.invited, view.rate, view.margin, view.opened, view.closed, *view.arrivals)
    seen = set()
    for kind, figures in (
        ("own", own),
        ("national", (view.median, view.quartiles, view.organisations)),
        ("groups", [one.responses for one in view.breakdowns[0].groups[:1]] if view.breakdowns else []),
        ("actions", [one.figure for one in view.practices if one.key == "changed"]),
    ):
        released = {figure.is_released for figure in figures}
        assert len(released) <= 1, kind
        seen |= {kind} if released == {True} else set()
    assert seen == SEES[viewer.role.value]
    text = json.dumps(written(view))
    assert ("Care" in text) == ("Parks" in text) == ("groups" in seen)
    assert bool(view.supports) == bool(view.practices) == ("own" in seen)


def test_an_address_for_another_organisation_gives_nothing_of_it(written_in):
    store = full_store(written_in)
    stranger = Viewer(Role.MEMBER, code_of(1))
    assert written(look(store, stranger, OWN)) == written(look(store, stranger, None))
    assert look(store, FACILITATOR, OWN).responses.withheld is Reason.NO_ORGANISATION


def test_while_a_round_collects_own_figures_stand_alone(written_in):
    store = full_store(written_in, closed=False)
    view = look(store)
    assert view.rate.value == 0.4
    assert {view.median.withheld, view.quartiles.withheld, view.organisations.withheld} == {Reason.COLLECTING}
    assert view.quarter is None
    assert view.arrivals[0].is_released
    assert view.breakdowns
    operator = look(store, OPERATOR)
    assert operator.is_provisional
    assert operator.median.is_released
    assert "Provisional" in operator.notes[0]
    assert look(store, FACILITATOR).median.withheld is Reason.COLLECTING


def test_nothing_and_nobody(written_in):
    empty = written_in()
    for viewer in EVERYBODY:
        view = look(empty, viewer)
        assert view.survey is None
        assert view.finding.startswith("There are no figures yet.")
        assert written(view)["verdict"] is None
    alone = look(written_in(delivery(OWN, people(40, overall=[2, 4]), invited=80)))
    assert alone.rate.value == 0.5
    assert alone.median.withheld is Reason.FEW_ORGANISATIONS
    absent = look(written_in(*others()))
    assert absent.responses.withheld is absent.rate.withheld is Reason.DID_NOT_TAKE_PART
    assert absent.median.is_released
    assert (absent.verdict, absent.supports, absent.practices, absent.missing) == (None, (), (), ())


def test_nine_responses_are_fewer_than_ten(written_in):
    """Everything about them is the same as for two: the number is nowhere."""
    seen = []
    for n in (9, 2):
        store = written_in(
            delivery(
                OWN,
                people(n, day=date(2026, 5, 5), area="Care", overall=4),
                invited=40,
                opened_on=OPENED,
                closed_on=CLOSED,
                reminders=(date(2026, 5, 5),),
            ),
            *others(),
        )
        write_staff(store, LABEL, OWN, [("AREA", "Care", 30), ("AREA", "Roads", 5)], "s.csv", "0" * 64)
        seen.append([written(look(store, viewer)) for viewer in EVERYBODY])
    assert seen[0] == seen[1]
    view = look(store)
    for figure in (view.responses, view.rate, view.margin, *view.arrivals, view.reminders[0].responses):
        assert figure.withheld is Reason.FEW_ANSWERS
    assert view.invited.value == 40
    assert view.verdict is Verdict.NO
    assert view.chosen.to_ask == ("Care", "Roads")
    said = {one.key: response_sentence.support(view, one) for one in view.supports}
    assert said["rate"] == said["margin"] == "Fewer than 10 answers."
    assert said["balance"] == "It takes a staff list, and two of its groups that can be shown."
    (publicise,) = (one for one in view.practices if one.key == "publicise")
    assert response_sentence.practice(publicise) == "Fewer than 10 answers."


# ── When they came ─────────────────────────────────────────────────────────────────────────────


def test_arrivals_by_hand(written_in):
    """Five a working day: ten every two days; a week before the reminder, and 25 from it on to the end."""
    store = written_in(
        delivery(
            OWN,
            spread_over(60),
            invited=120,
            opened_on=OPENED,
            closed_on=date(2026, 5, 19),
            reminders=(date(2026, 5, 11),),
        )
    )
    view = look(store)
    # 4/5, 6/7+8 May (the odd Friday joins); 11/12, 13/14, 15/18, 19 joins: 4 to 8 May and 11 to 19 May.
    assert [(one.first.day, one.last.day, one.n) for one in view.periods] == [
        (4, 5, 10),
        (6, 8, 15),
        (11, 12, 10),
        (13, 14, 10),
        (15, 19, 15),
    ]
    (reminder,) = view.reminders
    # The third working day after 11 May is the 14th: 20 in whole periods.
    assert (reminder.until, reminder.responses.value) == (date(2026, 5, 14), 20)
    assert "20 responses came from the reminder of 11 May to 14 May." in response_sentence.arrived(view)
    points = response_shown.point_rows(view)
    assert [(one["day"], round(one["value"], 3)) for one in points] == [
        (0, 0.0),
        (2, 0.083),
        (5, 0.208),
        (9, 0.292),
        (11, 0.375),
        (16, 0.5),
    ]
    assert [(one["day"], one["label"]) for one in response_shown.event_rows(view)] == [
        (0, "Opened"),
        (7, "Reminder 1"),
        (16, "Closed"),
    ]
    assert view.untimed is None


@pytest.mark.parametrize(
    ("day", "third"),
    [
        (date(2026, 5, 11), date(2026, 5, 14)),
        (date(2026, 5, 15), date(2026, 5, 20)),
        (date(2026, 5, 16), date(2026, 5, 20)),
    ],
)
def test_the_third_working_day_passes_over_weekends(day, third):
    assert page._working_day(day) == third


DAYS = st.dictionaries(st.integers(0, 30), st.integers(1, 25), max_size=20)


@given(days=DAYS, untimed=st.integers(0, 30), sent=st.sets(st.integers(0, 35), max_size=3))
@example(days={0: 30, 1: 12}, untimed=3, sent={1})
@example(days={0: 12}, untimed=9, sent=set())
@example(days={0: 9}, untimed=30, sent={0})
@example(days={0: 10, 2: 7, 3: 11}, untimed=0, sent={2, 3})
def test_no_sum_or_difference_of_what_is_told_of_arrivals_is_fewer_than_ten(days, untimed, sent):
    arrivals = [(OPENED + timedelta(days=at), days[at]) for at in sorted(days)]
    responses = sum(days.values()) + untimed
    reminders = [OPENED + timedelta(days=at) for at in sorted(sent)]
    told = page._arrivals(None, arrivals, responses, reminders)
    periods = [one for figure in told["arrivals"] for one in figure.value or ()]
    assert all(one.n >= 10 for one in periods)
    assert all(one.last < following.first for one, following in pairwise(periods))
    for one in periods:
        assert one.n == sum(n for day, n in arrivals if one.first <= day <= one.last)
    rest = responses - sum(one.n for one in periods)
    assert rest == 0 or rest >= 10 or not periods
    if untimed == 0 and responses >= 10:
        assert rest == 0
    figure = told["untimed"]
    assert (figure is None) == (untimed == 0)
    if figure is not None and figure.is_released:
        assert figure.value == untimed >= 10
        assert sum(days.values()) == 0 or sum(days.values()) >= 10
    for one in told["reminders"]:
        if one.responses.is_released:
            inside = [
                period for period in periods if one.sent_on <= period.first and period.last <= one.until
            ]
            assert one.responses.value == sum(period.n for period in inside) >= 10
            assert one.responses.value == sum(n for day, n in arrivals if one.sent_on <= day <= one.until)


def test_those_without_a_time_are_counted_beside_the_picture(written_in):
    def arrived(timed, untimed):
        return look(written_in(delivery(OWN, spread_over(timed) + people(untimed), invited=200)))

    view = arrived(40, 15)
    assert view.untimed.value == 15
    assert sum(one.n for one in view.periods) == 40
    view = arrived(40, 3)
    assert view.untimed.withheld is Reason.FEW_ANSWERS
    assert sum(one.n for one in view.periods) == 30
    assert "left out together with the last ones" in response_sentence.arrived(view)
    view = arrived(0, 40)
    assert view.untimed.value == 40
    assert view.arrivals[0].withheld is Reason.UNKNOWN
    assert any("time of each response" in one for one in view.missing)


# ── Groups ─────────────────────────────────────────────────────────────────────────────────────


def released_groups(view, by):
    chosen = page.arranged(view, by).chosen
    return {one.label: one for one in chosen.groups}


@pytest.mark.parametrize("seed", range(8))
def test_groups_are_those_of_the_oracle_and_nobody_subtracts_a_few(written_in, seed):
    chance = random.Random(seed)
    areas = ["Care", "Roads", "Parks", "Law", "Schools"][: chance.randint(2, 5)]
    weights = [chance.choice((1, 3, 10)) for _ in areas]
    files = [
        [
            Person(
                area=None if chance.random() < 0.05 else chance.choices(areas, weights)[0],
                job=chance.choice((1, 1, 1, 2, 2, None)),
                overall=chance.choice((None, 1, 2, 3, 4, 5, 5)),
            )
            for _ in range(chance.choice((12, 40, 120)))
        ]
        for _ in range(chance.randint(1, 3))
    ]
    names = ["Care", "Roads", "Parks", "Law", "Schools", "Legal"]
    store, before = None, {}
    for number, persons in enumerate(files):
        if store is None:
            store = written_in(delivery(OWN, persons, invited=900), closed=False)
            staff = [("AREA", name, 50 + 10 * at) for at, name in enumerate(names)]
            write_staff(store, LABEL, OWN, staff, "staff.csv", "0" * 64)
        else:
            write_responses(store, [delivery(OWN, persons)])
        view = look(store)
        so_far = files[: number + 1]
        everybody = [one for part in so_far for one in part]
        for by, field, groups in (
            ("service_area", "area", {name: name for name in names}),
            ("job", "job", dict(enumerate(JOBS, start=1))),
        ):
            shown = oracle.shown_groups(oracle.by_group(so_far, field), list(groups))
            answered = [[one for one in part if one.overall is not None] for part in so_far]
            has_margin = shown & oracle.shown_groups(oracle.by_group(answered, field), list(groups))
            found = released_groups(view, by)
            assert set(found) == set(groups.values())
            for name, label in groups.items():
                mine = [one for one in everybody if getattr(one, field) == name]
                group = found[label]
                assert group.responses.value == (len(mine) if name in shown else None)
                on_list = 50 + 10 * names.index(label) if by == "service_area" else None
                assert group.people.value == on_list
                rate = None if on_list is None or len(mine) > on_list else oracle.stepped(len(mine) / on_list)
                assert group.rate.value == (rate if name in shown else None)
                margin = oracle.margin(mine, on_list)
                assert group.margin.value == (oracle.stepped(margin, "0.1") if name in has_margin else None)
            # What somebody works out who knows the total, and who looked before this file.
            told = {label: one.responses.value for label, one in found.items() if one.responses.is_released}
            rest = view.responses.value - sum(told.values()) if view.responses.is_released else 10
            assert rest >= 10 or len(told) == len(found) or not told
            for label, n in before.get(by, {}).items():
                assert label not in told or told[label] - n == 0 or told[label] - n >= 10
            before[by] = told


def test_how_many_a_hidden_group_has_moves_nothing(written_in):
    """Nine, two or one of Law, and the others named no area: nobody can tell."""
    seen = []
    for n in (9, 2, 1):
        persons = people(40, area="Care") + people(30, area="Roads") + people(n, area="Law")
        persons += people(14, area="Schools") + people(20 - n)
        store = written_in(delivery(OWN, persons, invited=300), *others())
        staff = [("AREA", name, 80) for name in ("Law", "Care", "Roads", "Schools")]
        write_staff(store, LABEL, OWN, staff, "staff.csv", "0" * 64)
        seen.append([written(look(store, viewer, by="service_area")) for viewer in EVERYBODY])
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0]["to_ask"] == ["Law"]


def test_where_only_an_empty_group_is_left_another_is_hidden_beside_it(written_in):
    """40 + 30 are all there are: told both, the third would be known to have none."""
    store = written_in(
        delivery(OWN, people(40, area="Care") + people(30, area="Roads") + people(20, area="Law"))
    )
    assert look(store).chosen.to_ask == ()
    staff = [("AREA", name, 80) for name in ("Roads", "Care", "Parks", "Law")]
    write_staff(store, LABEL, OWN, staff, "staff.csv", "0" * 64)
    assert look(store).chosen.to_ask == ("Parks", "Law")


def test_labels_meet_whatever_their_case_and_punctuation(written_in):
    persons = people(30, area="Children's Services") + people(25, area="Adults & Health, Care")
    persons += people(20, area="Planning")
    store = written_in(delivery(OWN, persons))
    staff = [
        ("AREA", "ADULTS AND HEALTH - CARE", 100),
        ("AREA", "childrens services", 60),
        ("AREA", "Waste", 10),
        ("JOB", "front line", 12),
    ]
    write_staff(store, LABEL, OWN, staff, "staff.csv", "0" * 64)
    view = look(store, by="service_area")
    assert [(one.label, one.people.value) for one in view.chosen.groups] == [
        ("ADULTS AND HEALTH - CARE", 100),
        ("childrens services", 60),
        ("Waste", 10),
        ("Planning", None),
    ]
    rates = {one.label: one.rate for one in view.chosen.groups}
    assert rates["ADULTS AND HEALTH - CARE"].value == 0.25
    assert rates["childrens services"].value == 0.5
    assert rates["Planning"].withheld is Reason.SMALL_GROUP
    jobs = page.arranged(view, "job").chosen.groups
    assert [one.label for one in jobs] == ["Front-line", "Office-based", "Manager"]
    assert jobs[0].people.value == 12


def test_the_largest_imbalance_by_hand(written_in):
    """Adults: 310 of 1,000 staff, 36 of 200 responses: 31 % and 18 %."""
    persons = people(36, area="Adults") + people(84, area="Roads") + people(80, area="Schools")
    store = written_in(delivery(OWN, persons + people(0), invited=1000))
    assert look(store).imbalance is None
    staff = [("AREA", "Adults", 310), ("AREA", "Roads", 360), ("AREA", "Schools", 330)]
    write_staff(store, LABEL, OWN, staff, "staff.csv", "0" * 64)
    view = look(store)
    assert response_sentence.imbalanced(view.imbalance) == "Adults (31% of the staff, 18% of the responses)"
    (support,) = (one for one in view.supports if one.key == "balance")
    assert (support.figure.value, support.verdict) == (-0.13, Verdict.CARE)
    assert look(store, DELEGATE).imbalance is None


def test_by_is_one_of_the_questions(written_in):
    store = full_store(written_in)
    assert look(store).chosen.by == look(store, by="nonsense").chosen.by == "service_area"
    assert look(store, by="job").chosen.by == "job"
    wish = Selection(round=LABEL)
    assert response_figures(store, MEMBER, wish, by="job").chosen.by == "job"
    with pytest.raises(SelectionError, match=r"cannot be parted by place. There are: service_area, job"):
        response_figures(store, MEMBER, wish, by="place")
    with pytest.raises(SelectionError, match="Only members"):
        response_figures(store, DELEGATE, wish, by="job")
    with pytest.raises(SelectionError, match="no round called 1066"):
        response_figures(store, MEMBER, Selection(round="1066"))


# ── Whether to rely on it, and what to do ──────────────────────────────────────────────────────


def supports(view):
    return {one.key: (one.verdict, one.figure.value) for one in view.supports}


def test_the_verdict_is_the_worst_of_its_reasons(written_in, monkeypatch):
    monkeypatch.setattr(page, "today", lambda: date(2026, 9, 28))

    def judged(n, **facts):
        own = delivery(OWN, people(n, overall=[3, 4]), invited=200, closed_on=CLOSED, **facts)
        return look(written_in(own, *others()))

    good = judged(150)
    assert supports(good) == {
        "responses": (Verdict.YES, 150),
        "rate": (Verdict.YES, 0.75),
        "margin": (Verdict.YES, good.margin.value),
        "balance": (None, None),
        "age": (Verdict.YES, 3),
        "missing": (Verdict.YES, 0),
    }
    assert good.verdict is Verdict.YES
    assert supports(judged(99))["responses"] == (Verdict.CARE, 99)
    assert judged(99).verdict is Verdict.CARE
    assert supports(judged(29))["responses"] == (Verdict.NO, 29)
    assert supports(judged(29))["rate"] == (Verdict.CARE, 0.145)
    assert judged(29).verdict is Verdict.NO
    monkeypatch.setattr(page, "today", lambda: date(2028, 5, 29))
    assert supports(judged(150))["age"] == (Verdict.YES, 24)
    monkeypatch.setattr(page, "today", lambda: date(2028, 6, 29))
    assert supports(judged(150))["age"] == (Verdict.CARE, 25)


def test_an_aspect_that_lacks_more_than_a_quarter_of_its_answers_is_counted(written_in):
    for lacking, aspects in ((25, 0), (26, 1)):
        one = delivery(OWN, people(100))
        answers = {"A1": [None] * lacking + [3] * (100 - lacking), "OVR": [3] * 100}
        batch = oracle.make_batch(SURVEY, answers)
        view = look(written_in(oracle.replace(one, batch=batch)))
        assert supports(view)["missing"] == (Verdict.CARE if aspects else Verdict.YES, aspects)


def practices(view):
    return {
        one.key: (one.done, one.figure.value, None if one.more is None else one.more.value)
        for one in view.practices
    }


def test_what_was_done_is_told_with_its_number(written_in):
    store = full_store(written_in)
    earlier = delivery(OWN, people(20), "2024", closed_on=date(2024, 5, 30))
    write_responses(store, [earlier])
    found = practices(look(store))
    # Ten had answered by the second day; 370 people in areas, 360 in roles: 300 invited are 81 %.
    assert found["publicise"] == (Done.DONE, 1, 10)
    assert found["remind"] == (Done.DONE, 1, 20)
    assert found["everyone"] == (Done.NOT_DONE, 300 / 370, None)
    assert found["regularly"] == (Done.DONE, 2, 23)
    assert found["changed"] == (Done.DONE, 1, None)
    write_action(store, None, OWN, "", "Too early", date(2024, 5, 30), "ICT")
    assert practices(look(store))["changed"] == (Done.DONE, 1, None)
    assert practices(look(store, DELEGATE))["changed"] == (Done.UNKNOWN, None, None)
    first = practices(look(store, label="2024"))
    assert first["regularly"] == (Done.UNKNOWN, 1, None)
    assert first["remind"] == first["publicise"] == (Done.UNKNOWN, None, None)


def test_what_was_not_done(written_in):
    own = spread_over(60, first=OPENED + timedelta(days=7))
    before = delivery(OWN, people(20), "2023", closed_on=date(2023, 5, 30))
    now = delivery(OWN, own, invited=95, opened_on=OPENED, closed_on=CLOSED)
    store = written_in(before, *others(), now)
    write_staff(store, LABEL, OWN, [("AREA", "Care", 100)], "staff.csv", "0" * 64)
    found = practices(look(store))
    assert found["publicise"] == (Done.NOT_DONE, 8, 10)
    assert found["remind"] == (Done.NOT_DONE, 0, None)
    assert found["everyone"] == (Done.DONE, 0.95, None)
    assert found["regularly"] == (Done.NOT_DONE, 2, 35)
    assert found["changed"] == (Done.NOT_DONE, 0, None)


def test_what_is_missing_is_named_and_the_rest_is_shown(written_in):
    bare = look(written_in(delivery(OWN, people(40, area=["Care", "Roads"], overall=[2, 5])), *others()))
    assert [one.split(",")[0].split(":")[0] for one in bare.missing] == [
        "The number of people invited",
        "The day on which the survey opened",
        "The day on which the survey closed",
        "The days on which people were reminded",
        "The time of each response",
        "The staff list",
    ]
    assert bare.rate.withheld is Reason.UNKNOWN
    assert bare.margin.is_released
    assert [one.responses.value for one in bare.chosen.groups] == [20, 20]
    assert {one.rate.withheld for one in bare.chosen.groups} == {Reason.UNKNOWN}
    assert look(full_store(written_in)).missing == ()
    assert not any("staff" in one for one in look(full_store(written_in), DELEGATE).missing)


def test_more_responses_than_people_invited_are_no_rate(written_in):
    view = look(written_in(delivery(OWN, people(40), invited=30)))
    assert view.rate.withheld is Reason.UNKNOWN
    assert "More people answered than were invited" in view.notes[0]


def test_a_round_is_never_older_than_it_is():
    assert page._months(date(2026, 1, 31), date(2026, 2, 28)) == 0
    assert page._months(date(2026, 1, 28), date(2026, 2, 28)) == 1
    assert page._months(date(2026, 3, 1), date(2026, 2, 28)) == 0
    assert isinstance(page.today(), date) and not isinstance(page.today(), datetime)


# ── As rows ────────────────────────────────────────────────────────────────────────────────────


def test_rows_and_tables_hold_what_is_released(written_in):
    view = look(full_store(written_in))
    (row,) = response_shown.rate_rows(view)
    assert (row["value"], row["mark"]) == (0.4, view.median.value)
    assert (row["low"], row["high"]) == view.quartiles.value
    assert response_shown.rate_domain([row]) == 0.5
    groups = response_shown.group_rows(view, view.chosen)
    assert [one["label"] for one in groups] == ["Care", "Roads", "Parks"]
    table = response_shown.group_table(view.chosen)
    assert [one["Service area"] for one in table] == ["Care", "Roads", "Parks"]
    for row, line, group in zip(groups, table, view.chosen.groups, strict=True):
        if group.responses.value is None:
            assert (row["value"], row["mark"], row["withheld"]) == (None, None, "ask them")
            assert line["Responses"].startswith("Fewer than 10")
        else:
            assert line["Responses"] == str(group.responses.value)
            assert str(group.responses.value) in row["note"]
    counted = Counter(one["To"] for one in response_shown.arrivals_table(view))
    assert len(counted) == len(view.periods)
    assert len(response_shown.tick_rows(view)) <= 5


def test_without_people_invited_arrivals_are_numbers(written_in):
    view = look(written_in(delivery(OWN, spread_over(45), opened_on=OPENED)))
    assert not response_shown.is_share(view)
    assert response_shown.point_rows(view)[-1]["value"] == 45
    assert response_shown.arrivals_domain(view) == 50
