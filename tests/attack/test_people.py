"""Attacks on an organisation's people: their groups, comments and changes, with and without each rule.

As in tests/views/test_rules_matter.py: an attacker reads what is released, in some role, and a guess is
judged against the raw answers. Each attack fails while its rule stands, and wins when that rule, and no
other, is switched off.
"""

from contextlib import contextmanager
from datetime import datetime
from statistics import mean

import numpy as np
import pyarrow as pa
import pytest

from improve import disclosure
from improve.disclosure import Reason
from improve.errors import IntakeError
from improve.instruments import Question, QuestionKind, read_library
from improve.intake import Request, plan, plan_import, take_in
from improve.model import Role, Selection, Viewer
from improve.store import (
    RESPONSES,
    Delivery,
    close_round,
    read_approved,
    round_sums,
    write_responses,
)
from improve.views import comments as comments_page
from improve.views import gap as gap_page
from improve.views import season
from improve.views.comments import Wish, approve, comments_view
from improve.views.gap import gap_view
from improve.views.response import response_view
from improve.views.scores import scores_view
from improve.views.skills import skills_view
from improve.views.trend import trend_view
from tests.attack.switch import Rule, all_of, set_to
from tests.factory import make_batch, make_delivery, make_organisation, make_store, small_survey
from tests.respondents import as_csv, filled

EVERYTHING = Wish()
LABEL = "2026"
OWN = "X00"
MEMBER, DELEGATE = Viewer(Role.MEMBER, OWN), Viewer(Role.DELEGATE, OWN)
FACILITATOR = Viewer(Role.FACILITATOR)
SURVEY = small_survey(
    profile=tuple(
        Question(
            id=id_, role=role, kind=QuestionKind.SINGLE, short=id_, text=id_, options_from="organisation"
        )
        for id_, role in (("AREA", "service_area"), ("JOB", "job"))
    ),
    questions=(),
)


def rate(places, low=2, high=5):
    """Ratings that differ from person to person, and from group to group."""
    return [low + (7 * place + place // 3) % (high - low + 1) for place in places]


def people(**groups):
    """Answers of an organisation with so many people in each group; `nobody` named none."""
    areas = [None if name == "nobody" else name for name, n in groups.items() for _ in range(n)]
    n = len(areas)
    return {
        ("A1", "importance"): rate(range(n)),
        ("A1", "satisfaction"): rate(range(5, n + 5), 1, 4),
        ("A2", "importance"): rate(range(n)),
        ("A2", "satisfaction"): rate(range(n)),
        "OVR": rate(range(3, n + 3)),
        "AREA": areas,
    }


@contextmanager
def opened(folder, rounds, closed=(LABEL,), names=None):
    folder.mkdir(parents=True, exist_ok=True)
    codes = sorted({code for taking_part in rounds.values() for code in taking_part} | {OWN})
    store = make_store(
        folder,
        rounds,
        survey=SURVEY,
        organisations=tuple(make_organisation(code, **((names or {}).get(code, {}))) for code in codes),
        closed=closed,
        name=f"{len(list(folder.iterdir()))}.duckdb",
    )
    try:
        yield store
    finally:
        store.close()


def responses_by_area(store, viewer=MEMBER):
    """Released: all responses, and those of each group that is shown."""
    view = response_view(store, viewer, Selection(round=LABEL))
    groups = view.chosen.groups if view.chosen else ()
    return view.responses.value, {one.label: one.responses.value for one in groups}


def satisfaction_by_area(store):
    view = gap_view(store, MEMBER, Selection(round=LABEL), aspect="A1", compared="areas")
    groups = {one.label: one for one in view.positions if one.label != "Own organisation"}
    return view.chosen.satisfaction, groups


# Groups: what the shown ones tell of the hidden


def a_group_of_nine(folder):
    answers = people(Adults=40, Housing=30, Roads=9)
    with opened(folder, {LABEL: {OWN: answers}}) as store:
        found = satisfaction_by_area(store)[1]["Roads"].satisfaction.value
    truth = mean(
        one
        for one, area in zip(answers["A1", "satisfaction"], answers["AREA"], strict=True)
        if area == "Roads"
    )
    return found is not None and abs(found - truth) <= 0.0501


def the_number_that_is_left(folder, sizes, fewer=10):
    """All responses less the shown groups': the number of one hidden group, or of fewer than ten people."""
    with opened(folder, {LABEL: {OWN: people(**sizes)}}) as store:
        total, shown = responses_by_area(store)
    if total is None:
        return False
    left = total - sum(n for n in shown.values() if n is not None)
    hidden = [n for name, n in sizes.items() if shown.get(name) is None]
    return 0 < left < fewer or (left > 0 and len(hidden) == 1 and left < fewer)


def the_rest_beside_a_large_group(folder):
    return the_number_that_is_left(folder, {"Adults": 60, "Roads": 9})


def the_only_one_that_is_hidden(folder):
    return the_number_that_is_left(folder, {"Adults": 60, "Housing": 30, "Roads": 7})


def two_that_are_hidden_together(folder):
    return the_number_that_is_left(folder, {"Adults": 60, "Housing": 30, "Parks": 5, "Roads": 4})


def those_who_named_no_group(folder):
    return the_number_that_is_left(folder, {"Adults": 60, "Housing": 30, "Parks": 20, "nobody": 3})


def one_newcomer_in_a_group(folder):
    """Ten people are added, one of them to a group: its sum before and after is that person's answer."""
    first = people(Adults=10, Housing=40, Parks=40)
    more = people(Adults=1, Housing=19, Parks=20)
    more["A1", "satisfaction"][0] = 1
    with opened(folder, {LABEL: {OWN: first}}) as store:
        looks = []
        for _look in range(2):
            one = satisfaction_by_area(store)[1]["Adults"]
            looks.append((one.n.value, one.satisfaction.value))
            if len(looks) == 1:
                write_responses(store, [make_delivery(SURVEY, LABEL, OWN, more)])
    (n, before), (n_after, after) = looks
    if None in (n, before, n_after, after) or n_after != n + 1:
        return False
    return abs(n_after * after - n * before - 1) < 0.6


def the_exact_sum_of_a_group(folder):
    answers = people(Adults=37, Housing=30, Parks=20)
    with opened(folder, {LABEL: {OWN: answers}}) as store:
        found = satisfaction_by_area(store)[1]["Adults"]
    total = sum(answers["A1", "satisfaction"][:37])
    return abs(found.satisfaction.value * found.n.value - total) < 1e-6


def the_exact_interval_of_a_group(folder):
    """Its half width gives the spread of the answers."""
    answers = people(Adults=37, Housing=30, Parks=20)
    with opened(folder, {LABEL: {OWN: answers}}) as store:
        low, high = satisfaction_by_area(store)[1]["Adults"].satisfaction_interval.value
    t = 2.0280940009804502  # 0.975 of t with 36 degrees of freedom
    spread = np.std(answers["A1", "satisfaction"][:37], ddof=1)
    return abs((high - low) / 2 / t * np.sqrt(37) - spread) < 1e-6


def how_few_there_are_in_a_group(folder):
    """A number below ten, read from the group itself."""
    with opened(folder, {LABEL: {OWN: people(Adults=40, Housing=30, Roads=7)}}) as store:
        return satisfaction_by_area(store)[1]["Roads"].n.value == 7


# Whose


def what_a_delegate_reads_of_people(folder):
    with opened(folder, {LABEL: {OWN: people(Adults=40, Housing=30)}}) as store:
        view = gap_view(store, DELEGATE, Selection(round=LABEL), aspect="A1", compared="areas")
        return (
            view.joint.shares.is_released
            or bool(view.positions)
            or bool(responses_by_area(store, DELEGATE)[1])
        )


def a_joint_picture_of_nine(folder):
    answers = people(Adults=9)
    with opened(folder, {LABEL: {OWN: answers}}) as store:
        view = gap_view(store, MEMBER, Selection(round=LABEL), aspect="A1")
    shares = view.joint.shares.value
    if shares is None:
        return False
    both = list(zip(answers["A1", "importance"], answers["A1", "satisfaction"], strict=True))
    return all(round(shares[i - 1][s - 1] * 9) == both.count((i, s)) for i, s in both)


# Comments


def commenting(low=12, middle=12, high=12, text="The printer is slow"):
    overall = [1] * low + [3] * middle + [5] * high
    return {
        "OVR": overall,
        "COM": [f"{text} {place}x" for place in range(len(overall))],
        "A1": rate(range(len(overall))),
    }


def read(store, viewer, wish=EVERYTHING, **options):
    view = comments_view(store, viewer, Selection(round=LABEL), wish, **options)
    pages = [
        comments_view(store, viewer, Selection(round=LABEL), wish, page=page, **options)
        for page in range(1, view.pages + 1)
    ]
    return [one.text for each in pages for one in each.comments]


def what_a_delegate_reads(folder):
    with opened(folder, {LABEL: {OWN: commenting()}}) as store:
        return bool(read(store, DELEGATE))


def what_few_people_say(folder):
    answers = commenting()
    answers["COM"][4] = "Only I have a lathe"
    with opened(folder, {LABEL: {OWN: answers}}) as store:
        view = comments_view(store, MEMBER, Selection(round=LABEL), Wish(words="lathe"))
        return len(view.comments) == 1


def how_one_person_rated(folder):
    """Twelve write of a lathe; those of them who did not rate high are the two that are left."""
    answers = commenting()
    for place in (3, 4, *range(24, 34)):
        answers["COM"][place] = f"The lathe is slow {place}x"
    with opened(folder, {LABEL: {OWN: answers}}) as store:
        every = set(read(store, MEMBER, Wish(words="lathe")))
        high = set(read(store, MEMBER, Wish(words="lathe", band="high")))
    return len(every) == 12 and every - high == {f"The lathe is slow {place}x" for place in (3, 4)}


def a_band_by_subtraction(folder):
    with opened(folder, {LABEL: {OWN: commenting(low=4)}}) as store:
        rest = set(read(store, MEMBER))
        for band in ("low", "middle", "high"):
            rest -= set(read(store, MEMBER, Wish(band=band)))
        low = {f"The printer is slow {place}x" for place in range(4)}
        return rest == low or set(read(store, MEMBER, Wish(band="low"))) == low


def who_rated_lowest_by_order(folder):
    """Comments with the same words, and few of them from people who gave 1."""
    answers = commenting(low=4, middle=0, high=20)
    order = [(place * 7) % 24 for place in range(24)]
    answers = {key: [given[place] for place in order] for key, given in answers.items()}
    with opened(folder, {LABEL: {OWN: answers}}) as store:
        first = read(store, MEMBER, sort="grumpiest")[:4]
    lowest = {text for text, overall in zip(answers["COM"], answers["OVR"], strict=True) if overall == 1}
    return set(first) == lowest


def a_name_in_a_comment(folder):
    with opened(
        folder, {LABEL: {OWN: commenting(text="Ask Sarah Jones on 01632 960123 about printer")}}
    ) as store:
        return any("Sarah" in text or "960123" in text for text in read(store, MEMBER))


def whose_comment_it_is(folder):
    names = {OWN: {"name": "Llanfair", "official_name": "Llanfair Borough Council"}}
    with opened(folder, {LABEL: {OWN: commenting(text="Here at llanfair we wait")}}, names=names) as store:
        return any("llanfair" in text.casefold() for text in read(store, FACILITATOR))


def what_a_member_puts_on_the_big_screen(folder):
    with opened(folder, {LABEL: {OWN: commenting()}}) as store:
        view = comments_view(store, MEMBER, Selection(round=LABEL))
        approve(store, MEMBER, LABEL, [view.comments[0].key], True)
        return bool(read_approved(store, LABEL))


# Response


def a_day_with_three(folder):
    """Nobody else answered on the last day."""
    batch = make_batch(SURVEY, {"OVR": [3] * 43})
    days = [datetime(2026, 5, 4, 9)] * 40 + [datetime(2026, 5, 5, 9)] * 3
    times = pa.array(days, RESPONSES.field("answered_at").type)
    at = batch.responses.schema.get_field_index("answered_at")
    table = batch.responses.set_column(at, RESPONSES.field("answered_at"), times)
    batch = type(batch)(table, batch.answers, batch.comments, batch.asked, batch.options)
    with opened(folder, {}, closed=()) as store:
        write_responses(store, [Delivery(LABEL, OWN, SURVEY, batch, rows_read=43)])
        close_round(store, LABEL)
        view = response_view(store, MEMBER, Selection(round=LABEL))
        return any(period.n == 3 for period in view.periods)


def how_many_answered(folder):
    with opened(folder, {LABEL: {OWN: people(Adults=7)}}) as store:
        return response_view(store, MEMBER, Selection(round=LABEL)).responses.value == 7


# Changes


def overall_of(total, n=40):
    """n ratings with this sum."""
    return [total // n + (place < total % n) for place in range(n)]


def the_change_of_the_only_other(folder):
    rounds = {
        "2025": {OWN: {"OVR": overall_of(120)}, "X01": {"OVR": overall_of(100)}},
        "2026": {OWN: {"OVR": overall_of(130)}, "X01": {"OVR": overall_of(148)}},
    }
    with opened(folder, rounds, closed=("2025", "2026")) as store:
        peers = trend_view(store, MEMBER, Selection(round=LABEL)).overall.move.peers.value
    return peers is not None and abs(peers - 48 / 40) < 0.06


def the_change_of_one_that_skipped(folder):
    """Means of changes, and one council that took no part in the middle: exact, they tell its change."""
    totals = {f"X{place:02d}": (100 + 3 * place, 97 + 5 * place, 103 + 4 * place) for place in range(9)}
    rounds = {
        label: {
            code: {"OVR": overall_of(total[year])}
            for code, total in totals.items()
            if not (code == "X08" and year == 1)
        }
        for year, label in enumerate(("2024", "2025", "2026"))
    }
    with opened(folder, rounds, closed=("2024", "2025", "2026")) as store:
        first = trend_view(store, MEMBER, Selection(round="2025")).overall.move.peers.value
        second = trend_view(store, MEMBER, Selection(round="2026")).overall.move.peers.value
    # The attacker is told by X08's own member what X08 was shown: the peers' change from 2024 to 2026.
    with opened(folder / "again", rounds, closed=("2024", "2025", "2026")) as store:
        theirs = trend_view(
            store, Viewer(Role.MEMBER, "X08"), Selection(round="2026")
        ).overall.move.peers.value
    known = sum(total[2] - total[0] for code, total in totals.items() if code in (OWN,)) / 40
    # X00's note is the sum over X01 to X07, X08's that over X00 to X07: exact, they give sums away.
    seven = 7 * (first + second)
    truth = sum(total[2] - total[0] for code, total in totals.items() if code not in (OWN, "X08")) / 40
    return abs(seven - truth) < 1e-9 and abs(8 * theirs - truth - known) < 1e-9


def the_exact_change_of_peers(folder):
    """Own change less what it is beyond the peers: exact, it is a mean that few sums have."""
    totals = {f"X{place:02d}": (100 + 3 * place, 103 + 4 * place) for place in range(8)}
    rounds = {
        label: {code: {"OVR": overall_of(total[year])} for code, total in totals.items()}
        for year, label in enumerate(("2025", "2026"))
    }
    with opened(folder, rounds, closed=("2025", "2026")) as store:
        move = trend_view(store, MEMBER, Selection(round=LABEL)).overall.move
    truth = mean(total[1] - total[0] for code, total in totals.items() if code != OWN) / 40
    return abs(move.change.value - move.beyond.value[0] - truth) < 1e-9


def whether_anybody_in_a_group_does_not_mind(folder):
    """Of twelve people: nobody, or one of them."""
    skills = read_library().get("user_skills")
    guesses = []
    for one in (0, 1):
        attitudes = [6] * one + [1] * (12 - one) + [1] * 36
        given = {
            "SKA1": attitudes,
            "SK01": rate(range(48), 0, 4),
            "PRF1": ["Adults"] * 12 + ["Housing"] * 12 + ["Roads"] * 24,
        }
        folder.mkdir(parents=True, exist_ok=True)
        store = make_store(
            folder,
            {LABEL: {OWN: given}},
            survey=skills,
            organisations=(make_organisation(OWN),),
            closed=(LABEL,),
            name=f"{len(list(folder.iterdir()))}.duckdb",
        )
        view = skills_view(store, MEMBER, Selection(round=LABEL), by="service_area")
        store.close()
        group = next(each for each in view.chosen.groups if each.label == "Adults")
        guesses.append(group.do_not_mind.value)
    return guesses[0] != guesses[1]


def a_change_from_a_score_of_nine(folder):
    rounds = {"2025": {OWN: {"OVR": overall_of(27, 9)}}, "2026": {OWN: {"OVR": overall_of(130)}}}
    with opened(folder, rounds, closed=("2025", "2026")) as store:
        move = trend_view(store, MEMBER, Selection(round=LABEL)).overall.move
    if move is None or move.change.value is None:
        return False
    return abs(130 / 40 - move.change.value - 3.0) < 1e-9


def a_late_arrival(folder):
    """Nine towns at closing, one known newcomer: the national gap moves to where it lies."""

    def gaps(value, n=20):
        return {("A1", "importance"): [4] * n, ("A1", "satisfaction"): overall_of(round((4 - value) * n), n)}

    towns = {f"X{place:02d}": gaps(0.4 * place - 0.6) for place in range(9)}
    with opened(folder, {LABEL: towns}, names={"X09": {}}) as store:
        before = {
            gap.id: gap.national.value for gap in gap_view(store, FACILITATOR, Selection(round=LABEL)).gaps
        }
        write_responses(store, [make_delivery(SURVEY, LABEL, OWN, gaps(2.9))], replace=True)
        after = {
            gap.id: gap.national.value for gap in gap_view(store, FACILITATOR, Selection(round=LABEL)).gaps
        }
    return before["A1"] is not None and before != after


def one_persons_answer_between_two_files(folder, **how):
    """Forty people, then one more: two looks at how the answers are spread are that person's answer."""
    folder.mkdir(parents=True, exist_ok=True)
    store = make_store(folder, organisations=(make_organisation(OWN),))
    header, rows = filled(41, 1)

    def take(some, **options):
        request = Request(as_csv(header, some), f"{len(some)}.csv", OWN, LABEL, **options)
        take_in(store, plan_import(store, read_library(), request))
        return scores_view(store, MEMBER, Selection(round=LABEL)).overall.distribution.value

    try:
        before = take(rows[:40])
        after = take(rows if "replace" in how else rows[40:], **how)
    except IntakeError:
        return False
    finally:
        store.close()
    more = [now - then for then, now in zip(before, after, strict=True)]
    return more.index(1) + 1 == int(rows[40][header.index("OVR1")])


def one_who_is_added(folder):
    return one_persons_answer_between_two_files(folder, add=True)


def one_more_in_a_growing_export(folder):
    return one_persons_answer_between_two_files(folder, replace=True)


# Switches


def shown_without(rule):
    """disclosure.shown_groups without one of its rules, written as plainly as can be."""

    def shown_groups(added):
        n = np.asarray(added).sum(axis=0)
        if rule == "few":
            return (True,) * (len(n) - 1)
        if rule != "a file that changes it by few":
            few = (added > 0) & (added < 10)
            changed = few.any(axis=0)
        else:
            changed = np.zeros(len(n), dtype=bool)
        shown = (n >= 10) & ~changed
        if rule != "the rest":
            shown &= n.sum() - n >= 10
        shown[-1] = False
        while shown.any():
            hidden = n[~shown & (n > 0)]
            if rule == "nobody":
                hidden = n[:-1][~shown[:-1] & (n[:-1] > 0)]
            is_enough = {"the rest": True, "next": True, "ten": hidden.size > 1}.get(
                rule, hidden.size > 1 and hidden.sum() >= 10
            )
            if hidden.size == 0 or is_enough:
                break
            shown[min(np.flatnonzero(shown).tolist(), key=lambda at: (n[at], at))] = False
        return tuple(shown[:-1].tolist())

    return set_to(disclosure, "shown_groups", shown_groups)


def every_number(patch):
    strict = disclosure.own_figure

    def own_figure(reason, n, asked, value):
        figure = strict(reason, n, asked, value)
        return disclosure._released(value) if figure.withheld is Reason.FEW_ANSWERS else figure

    patch.setattr(disclosure, "own_figure", own_figure)


def by_rating(patch):
    def order(comments, sort):
        return (
            sorted(comments, key=lambda one: one.comment.overall or 0)
            if sort == "grumpiest"
            else list(comments)
        )

    patch.setattr(comments_page, "_sorted", order)


def day_by_day(reason, arrivals):
    if reason is not None:
        return disclosure._withheld(reason)
    return disclosure._released(tuple(disclosure.Period(day, day, n) for day, n in arrivals))


def comments_without(rule):
    strict = disclosure.comments_figure

    def comments_figure(reason, filters, responses, texts):
        return strict(
            reason, 0 if rule == "filters" else filters, 99 if rule == "people" else responses, texts
        )

    return set_to(disclosure, "comments_figure", comments_figure)


def unmasked(patch):
    patch.setattr(disclosure, "masked", lambda text: text)
    disclosure._readable.cache_clear()


def with_names(patch):
    patch.setattr(comments_page, "_names", lambda _organisation: ())


def released_group(_reason, _is_shown, n):
    return disclosure._released(n)


def from_the_exact_change(patch):
    exact = {}
    strict = disclosure.peers_change_figure

    def peers_change_figure(reason, peers, value):
        figure = strict(reason, peers, value)
        exact[id(figure)] = figure, value
        return figure

    def beyond_peers_figure(change, peers, half):
        if change.value is None or peers.value is None:
            return disclosure._withheld(Reason.UNKNOWN)
        value = change.value - exact[id(peers)][1]
        return disclosure._released((value, value - half, value + half))

    patch.setattr(disclosure, "peers_change_figure", peers_change_figure)
    patch.setattr(disclosure, "beyond_peers_figure", beyond_peers_figure)


def exact_share(reason, is_shown, share):
    return (
        disclosure._released(share)
        if reason is None and is_shown
        else disclosure._withheld(Reason.SMALL_GROUP)
    )


def all_changes(_before, _after, value):
    return disclosure._released(value)


def exact(name):
    """A maker of figures that forgets its steps."""
    strict = getattr(disclosure, name)

    def maker(*given):
        patched = disclosure.in_steps
        disclosure.in_steps = lambda value, _step=0.1: value
        try:
            return strict(*given)
        finally:
            disclosure.in_steps = patched

    return set_to(disclosure, name, maker)


RULES = (
    Rule("groups from ten", Reason.SMALL_GROUP, shown_without("few"), a_group_of_nine),
    Rule("and so the rest", Reason.SMALL_GROUP, shown_without("the rest"), the_rest_beside_a_large_group),
    Rule("the next smallest too", Reason.SMALL_GROUP, shown_without("next"), the_only_one_that_is_hidden),
    Rule("ten between two", Reason.SMALL_GROUP, shown_without("ten"), two_that_are_hidden_together),
    Rule("nobody is a group", Reason.SMALL_GROUP, shown_without("nobody"), those_who_named_no_group),
    Rule(
        "changed by few",
        Reason.SMALL_GROUP,
        shown_without("a file that changes it by few"),
        one_newcomer_in_a_group,
    ),
    Rule("group means in steps", None, exact("group_figure"), the_exact_sum_of_a_group),
    Rule("group intervals in steps", None, exact("group_interval"), the_exact_interval_of_a_group),
    Rule(
        "group counts",
        Reason.SMALL_GROUP,
        set_to(disclosure, "group_count", released_group),
        how_few_there_are_in_a_group,
    ),
    Rule(
        "people are for members",
        Reason.NOT_YOURS,
        set_to(disclosure, "inner_reason", disclosure.own_reason),
        what_a_delegate_reads_of_people,
    ),
    Rule("joint pictures from ten", Reason.FEW_ANSWERS, every_number, a_joint_picture_of_nine),
    Rule(
        "comments are for members",
        Reason.NOT_YOURS,
        set_to(disclosure, "comments_reason", lambda *_anything: None),
        what_a_delegate_reads,
    ),
    Rule("comments of ten people", Reason.FEW_COMMENTS, comments_without("people"), what_few_people_say),
    Rule(
        "one filter at a time",
        Reason.ONE_FILTER,
        all_of(comments_without("filters")),
        how_one_person_rated,
    ),
    Rule(
        "no band by subtraction",
        Reason.FEW_COMMENTS,
        set_to(disclosure, "shown_groups", lambda added: (True,) * (added.shape[1] - 1)),
        a_band_by_subtraction,
    ),
    Rule("no order by rating", None, by_rating, who_rated_lowest_by_order),
    Rule("names are masked", None, unmasked, a_name_in_a_comment),
    Rule("councils are masked", None, with_names, whose_comment_it_is),
    Rule(
        "facilitators approve",
        None,
        set_to(disclosure, "may_approve", lambda _viewer: True),
        what_a_member_puts_on_the_big_screen,
    ),
    Rule(
        "arrivals ten at a time",
        Reason.FEW_ANSWERS,
        set_to(disclosure, "arrivals_figure", day_by_day),
        a_day_with_three,
    ),
    Rule("no number below ten", Reason.FEW_ANSWERS, every_number, how_many_answered),
    Rule(
        "peers are six",
        Reason.FEW_PEERS,
        set_to(disclosure, "MINIMUM_PEERS", 1),
        the_change_of_the_only_other,
    ),
    Rule("peers' change in steps", None, exact("peers_change_figure"), the_change_of_one_that_skipped),
    Rule("beyond peers as shown", None, from_the_exact_change, the_exact_change_of_peers),
    Rule(
        "shares of a group in tenths",
        None,
        set_to(disclosure, "tenths_figure", exact_share),
        whether_anybody_in_a_group_does_not_mind,
    ),
    Rule(
        "a change needs both scores",
        Reason.FEW_ANSWERS,
        all_of(set_to(disclosure, "change_figure", all_changes), set_to(season, "MINIMUM_ANSWERS", 1)),
        a_change_from_a_score_of_nine,
    ),
    Rule("ten are added at least", None, set_to(plan, "MINIMUM_ANSWERS", 1), one_who_is_added),
    Rule("ten are replaced at least", None, set_to(plan, "MINIMUM_ANSWERS", 1), one_more_in_a_growing_export),
    Rule("gaps stand as closed", None, set_to(gap_page, "benchmark_sums", round_sums), a_late_arrival),
)


@pytest.fixture(autouse=True)
def fresh():
    disclosure._readable.cache_clear()
    yield
    disclosure._readable.cache_clear()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_attack_fails_with_the_rule_and_wins_without_it(rule, tmp_path, monkeypatch):
    assert not rule.attack(tmp_path / "on")
    disclosure._readable.cache_clear()
    rule.switch_off(monkeypatch)
    assert rule.attack(tmp_path / "off")
