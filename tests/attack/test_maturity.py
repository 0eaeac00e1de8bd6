"""Attacks on assessments of digital maturity, with and without each rule (see test_rules_matter.py).

An attacker, or two who compare notes, know their own answers, who takes part and where, and read the JSON
of the profile in their roles. A guess is judged against the raw answers. Each attack fails while its rule
stands, and wins when that rule, and no other, is switched off.
"""

from contextlib import contextmanager
from datetime import datetime
from itertools import count

import pytest

from improve import assessment as room
from improve import disclosure
from improve.disclosure import Reason
from improve.errors import ImproveError
from improve.model import Role, Selection, Viewer
from improve.store import benchmark as closing
from improve.store import close_round, open_round, read_submitted, write_assessments
from improve.store.assessment import Past
from improve.views import choice, maturity
from improve.views.maturity import maturity_figures, maturity_view
from improve.views.maturity_shown import maturity_as_json
from tests.attack.switch import Rule, set_to
from tests.factory import YES, assessed, make_organisation, make_store, small_maturity, write_assessed

LABEL = "2026"
PUBLIC = Viewer(Role.PUBLIC)
NOTHING, ALL = "nnnnnn", "yyyyyy"
LEVELS = ("nnnnnn", "yynnnn", "yyyynn", "yyyyyy")
"""A function's answers that come to level 0, 1, 2 and 3."""
_NUMBER = count()


def code_of(number):
    return f"X{number:02d}"


def member(number):
    return Viewer(Role.MEMBER, code_of(number))


def delegate(number):
    return Viewer(Role.DELEGATE, code_of(number))


_KEPT = {}
"""Stores that nobody writes to, by what is in them: the run with a rule and the one without share one."""


@pytest.fixture(scope="module", autouse=True)
def kept_stores():
    yield
    for store in _KEPT.values():
        store.close()
    _KEPT.clear()


@contextmanager
def opened(folder, words, *, places=(), closed=True, late=0, writes=False):
    """A store in which each town answered LEAD with its word; `places` are facts of each town."""
    if not writes and late == 0:
        key = repr((words, places, closed))
        if key not in _KEPT:
            _KEPT[key] = filled(folder, words, places, closed, late)
        yield _KEPT[key]
        return
    store = filled(folder, words, places, closed, late)
    try:
        yield store
    finally:
        store.close()


def filled(folder, words, places, closed, late):
    folder.mkdir(parents=True, exist_ok=True)
    number = len(words) + late
    store = make_store(
        folder,
        organisations=tuple(
            make_organisation(code_of(one), **(places[one] if places else {})) for one in range(number)
        ),
        name=f"{next(_NUMBER)}.duckdb",
    )
    open_round(store, LABEL)
    submit(store, enumerate(words))
    if closed:
        close_round(store, LABEL)
    return store


def submit(store, towns):
    """Each town's word is its answer to LEAD, or a tuple of words, one for each function."""
    answers = {code_of(at): assessed(*([word] if isinstance(word, str) else word)) for at, word in towns}
    write_assessed(store, {LABEL: answers})


def read(store, viewer, **wishes):
    """The released figures: {name: value} of LEAD, and of its criteria what is told of peers."""
    try:
        found = maturity_as_json(maturity_figures(store, viewer, Selection(round=LABEL, **wishes)))
    except ImproveError:
        return None
    if found["instrument"] is None:
        return None
    functions = {one["id"]: one for one in found["functions"]}
    criteria = {one["id"]: one for one in found["criteria"]}
    return functions, criteria


def value(figure):
    return figure.get("value")


def level_median(store, viewer, name="median", **wishes):
    found = read(store, viewer, **wishes)
    return None if found is None else value(found[0]["LEAD"]["level"][name])


def word_of(store, viewer, criterion="LEAD3b", field="peers", **wishes):
    found = read(store, viewer, **wishes)
    return None if found is None else value(found[1][criterion][field])


def counts_behind(word, n):
    """The numbers of n organisations that the guide's words can mean (section 7), however few these are.

    Where the words at the ends reach further than the guide's, the attacker knows that too.
    """
    reach = max(0.15 * n, disclosure.SAFE_COUNT)
    low, high = ("few", "fewer than half"), ("nearly all", "more than half")
    found = []
    for met in range(n + 1):
        if met <= reach + 1e-9:
            said = low
        elif met >= n - reach - 1e-9:
            said = high
        else:
            said = (f"about {min(8, max(2, int(met / n * 10 + 0.5)))} in 10",)
        if word in said:
            found.append(met)
    return found


# What is told of a criterion


def nobody_else_has_it(folder, attackers):
    """The attackers alone have it, of seven."""
    words = [ALL if place < attackers else NOTHING for place in range(7)]
    with opened(folder, words) as store:
        possible = counts_behind(word_of(store, delegate(0)), 7)
    return bool(possible) and max(possible) == attackers


def nobody_else_has_it_says_one(folder):
    return nobody_else_has_it(folder, 1)


def nobody_else_has_it_say_two(folder):
    return nobody_else_has_it(folder, 2)


def everybody_else_has_it_say_two(folder):
    words = [NOTHING, NOTHING, *[ALL] * 5]
    with opened(folder, words) as store:
        possible = counts_behind(word_of(store, delegate(0)), 7)
    return bool(possible) and min(possible) == 5


def all_four_others_have_it(folder):
    """Of six; "more than half" are four at least, and the two who compare notes have it not."""
    with opened(folder, [NOTHING, NOTHING, *[ALL] * 4]) as store:
        possible = counts_behind(word_of(store, delegate(0)), 6)
    return bool(possible) and min(possible) == 4


WELSH = {"nation": "Wales", "region": "Wales", "type": "Welsh unitary"}
LONDON = {"nation": "England", "region": "London", "type": "London borough"}
WESTERN = {"nation": "England", "region": "South West", "type": "district"}


def what_the_rest_of_a_group_have(folder):
    """Ten towns, four of which have it, all Welsh: of the three others, nobody."""
    words = [*[ALL] * 4, *[NOTHING] * 6]
    with opened(folder, words, places=[*[WELSH] * 7, *[LONDON] * 3]) as store:
        whole = word_of(store, PUBLIC)
        part = word_of(store, PUBLIC, cohort="nation:Wales")
    if part == whole:
        return False
    return max(counts_behind(whole, 10)) - min(counts_behind(part, 7)) == 0


def tell_of_groups(patch):
    """The words of the chosen group instead of the whole round's."""
    strict = maturity._tenths

    def _tenths(material, reason, item, inside):
        return strict(material, reason, item, inside or (material.cohort and material.cohort.members))

    patch.setattr(maturity, "_tenths", _tenths)


def the_level_of_all_others(folder):
    """Eight towns, seven at level 1: that anything is told of those at level 1 says so."""
    words = [NOTHING, *["yynnnn"] * 7]
    with opened(folder, words) as store:
        told = word_of(store, delegate(0), field="ahead")
    return told is not None and len(words) - 1 == 7


def nearly_all_may_be_there(at_level, _with_level):
    return Reason.FEW_ORGANISATIONS if at_level < 7 else None


def who_answered_that_nothing_applies(folder):
    """One of London's towns is of another type; its SAFE is missing in both of its groups' numbers."""
    places = [*[LONDON] * 9, {**LONDON, "type": "unitary"}]
    places += [*[{**WESTERN, "type": "unitary"}] * 9, *[WESTERN] * 2]
    words = [(ALL, ALL, "------" if place == 9 else ALL) for place in range(len(places))]
    with opened(folder, words, places=places) as store:
        suspects = set(range(len(places)))
        for cohort, is_in in (
            ("region:London", lambda place: place["region"] == "London"),
            ("type:unitary", lambda place: place["type"] == "unitary"),
        ):
            found = read(store, PUBLIC, cohort=cohort)
            numbers = [value(found[0][one]["level"]["cohort_organisations"]) for one in ("LEAD", "SAFE")]
            if numbers[0] is None or numbers[1] is None or numbers[0] == numbers[1]:
                return False
            suspects &= {at for at, place in enumerate(places) if is_in(place)}
    return suspects == {9}


# Medians and quartiles


def the_other_of_two(folder):
    with opened(folder, [LEVELS[1], LEVELS[3]]) as store:
        median = level_median(store, delegate(0))
    return median is not None and 2 * median - 1 == 3


def the_level_of_six_others(folder):
    """Two who compare notes are at levels 0 and 3; both quartiles of eight are 2."""
    with opened(folder, [LEVELS[0], LEVELS[3], *[LEVELS[2]] * 6]) as store:
        quartiles = level_median(store, delegate(0), "quartiles")
    # At places 1.75 and 5.25 of 0 to 7: the second to the seventh are alike.
    return quartiles == [2.0, 2.0]


def what_all_others_decided(folder):
    """A share of one decision is nothing or all: of eight whose lower quartile is all, one has none."""
    instrument = small_maturity()
    assert sum("commitment" in one.tags for one in instrument.criteria if one.function == "SAFE") == 1
    words = [(NOTHING, NOTHING, NOTHING if place == 0 else ALL) for place in range(8)]
    with opened(folder, words) as store:
        functions, _criteria = read(store, delegate(0))
        quartiles = value(functions["SAFE"]["commitment"]["quartiles"])
    return quartiles is not None and quartiles[0] == 1.0


def one_towns_exact_share(folder):
    """Exact, the median of seven says of how many criteria it is the share: how many do not apply there."""
    words = ["yyy---", "yyyyy-", "yyyyn-", "yyn---", "yynn--", "yynnn-", "ynnnnn"]
    with opened(folder, words) as store:
        functions, _criteria = read(store, PUBLIC)
        median = value(functions["LEAD"]["share"]["median"])
    shares = [word.count("y") / (6 - word.count("-")) for word in words]
    is_exact = any(abs(median - one) < 1e-6 for one in shares)
    return is_exact and abs(median * 20 - round(median * 20)) > 1e-6


def the_one_that_two_groups_differ_by(folder):
    """London has the boroughs and one other, whose level is where the medians part."""
    places = [*[LONDON] * 7, {**LONDON, "type": "City corporation"}, *[WESTERN] * 4]
    words = [LEVELS[one] for one in (0, 0, 0, 1, 3, 3, 3, 2, 0, 0, 1, 1)]
    with opened(folder, words, places=places) as store:
        whole = level_median(store, PUBLIC, "cohort_median", cohort="region:London")
        part = level_median(store, PUBLIC, "cohort_median", cohort="type:London borough")
    return None not in (whole, part) and 2 * whole - part == 2


def the_three_that_two_groups_differ_by(folder):
    """Half of the South West is at level 0, half of its districts at level 1: its three others are not."""
    places = [*[WESTERN] * 9, *[{**WESTERN, "type": "unitary"}] * 3, *[LONDON] * 10]
    levels = (0, 0, 0, 0, 1, 1, 1, 1, 2, *[0] * 3, *[1, 2] * 5)
    with opened(folder, [LEVELS[one] for one in levels], places=places) as store:
        whole = level_median(store, PUBLIC, "cohort_median", cohort="region:South West")
        part = level_median(store, PUBLIC, "cohort_median", cohort="type:district")
    # Five of nine at least, and five of twelve at most.
    return (whole, part) == (0, 1)


# Two looks


def the_newcomers_answers(folder, is_closed, newcomers=1):
    """Ten towns, five of which have it; the words before and after say how many of the newcomers do."""
    words = [*[ALL] * 5, *[NOTHING] * 5]
    with opened(folder, words, closed=bool(is_closed), late=newcomers) as store:
        before = word_of(store, Viewer(Role.FACILITATOR))
        submit(store, ((10 + one, ALL) for one in range(newcomers)))
        if is_closed == "twice":
            try:
                close_round(store, LABEL)
            except ImproveError:
                return False
        after = word_of(store, Viewer(Role.FACILITATOR))
    if before is None or after == before:
        return False
    came = min(counts_behind(after, 10 + newcomers)) - max(counts_behind(before, 10))
    return came == newcomers


def an_arrival_while_collecting(folder):
    return the_newcomers_answers(folder, is_closed=False, newcomers=3)


def an_arrival_after_closing(folder):
    return the_newcomers_answers(folder, is_closed=True, newcomers=3)


def three_arrivals_between_two_closings(folder):
    return the_newcomers_answers(folder, is_closed="twice", newcomers=3)


def one_of_a_group_between_two_closings(folder):
    """Eight came, and one of them is Welsh: its level is where the Welsh median moved."""
    words = [LEVELS[one] for one in (0, 0, 0, 1, 3, 3, 3)]
    with opened(folder, words, places=[*[WELSH] * 8, *[LONDON] * 7], late=8) as store:
        before = level_median(store, PUBLIC, "cohort_median", cohort="nation:Wales")
        submit(store, [(7, LEVELS[2]), *((at, LEVELS[0]) for at in range(8, 15))])
        try:
            close_round(store, LABEL)
        except ImproveError:
            return False
        after = level_median(store, PUBLIC, "cohort_median", cohort="nation:Wales")
    return None not in (before, after) and 2 * after - before == 2


def the_round_that_collects(folder):
    with opened(folder, [ALL] * 8, closed=False) as store:
        return read(store, PUBLIC) is not None


# Whose


def another_towns_level_and_answers(folder):
    with opened(folder, [LEVELS[at % 4] for at in range(8)]) as store:
        learned = []
        for viewer in (PUBLIC, Viewer(Role.FACILITATOR), member(2), delegate(2)):
            view = maturity_view(store, viewer, Selection(round=LABEL, organisation=code_of(5)))
            by_page = view.choice.organisation is not None and view.choice.organisation.code == code_of(5)
            by_command = read(store, viewer, organisation=code_of(5))
            learned += [
                by_page and view.functions[0].level.own.value == 1,
                by_command is not None and value(by_command[0]["LEAD"]["level"]["own"]) == 1,
            ]
        assert len(set(learned)) == 1
        return learned[0]


def a_draft(folder):
    """What is being answered counts nowhere, and shows on no profile."""
    with opened(folder, [NOTHING] * 8, writes=True) as store:
        draft = Past(*(code_of(3), LABEL, (), "Ann", datetime(2026, 4, 1)), is_submitted=False)
        write_assessments(store, small_maturity(), [draft])
        sheet = room.sheet_for(store, member(3), code_of(3), "dma")
        room.answer(store, member(3), sheet, "LEAD3b", YES, "Ann")
        return word_of(store, Viewer(Role.OPERATOR), organisation=code_of(3), field="answer") == "met"


def what_a_delegate_reads_of_the_sheet(folder):
    with opened(folder, [NOTHING] * 8, writes=True) as store:
        room.begin(store, member(3), code_of(3), small_maturity(), "Ann")
        sheet = room.sheet_for(store, member(3), code_of(3), "dma")
        room.answer(store, member(3), sheet, "LEAD1a", YES, "Ann")
        room.note_evidence(store, member(3), sheet, "LEAD1a", "Secret minutes", "Ann")
        try:
            read_ = room.sheet_for(store, delegate(3), code_of(3), "dma")
        except ImproveError:
            return False
        return read_.answers["LEAD1a"].evidence == "Secret minutes"


# Polls


@contextmanager
def polled(folder, voters):
    """A poll of LEAD that is open, and each voter's answer to its first criterion given."""
    with opened(folder, [NOTHING] * 2, writes=True) as store:
        room.begin(store, member(0), code_of(0), small_maturity(), "Ann")
        sheet = room.sheet_for(store, member(0), code_of(0), "dma")
        room.begin_poll(store, member(0), sheet, "LEAD", "Ann")
        poll = room.polls_of(store, member(0), sheet)["LEAD"]
        for one in range(voters):
            number = room.invite_colleague(store, member(0), sheet, poll, f"Colleague {one}")
            room.vote(store, room.link_of(store, poll, number), "LEAD1a", YES)
        yield store, sheet, poll


def a_ballot_while_the_poll_is_open(folder):
    with polled(folder, 2) as (store, sheet, poll):
        return room.tally_of(store, member(0), sheet, poll).spread[1]["LEAD1a"].value == (2, 0, 0, 0)


def the_only_ballot(folder):
    with polled(folder, 1) as (store, sheet, poll):
        room.close_turn(store, member(0), sheet, poll)
        closed = room.polls_of(store, member(0), sheet)["LEAD"]
        return room.tally_of(store, member(0), sheet, closed).spread[1]["LEAD1a"].value == (1, 0, 0, 0)


# The switches


def never(*_anything):
    return None


def show_open_turns(patch):
    strict = disclosure.poll_figure
    patch.setattr(disclosure, "poll_figure", lambda _is_open, counts: strict(False, counts))


def count_the_late(patch):
    def standing(store, round_):
        return read_submitted(store, round_.label, choice.MATURITY)

    for place in (choice, maturity):
        patch.setattr(place, "assessments_of", standing)


def number_of_those_with_a_level(_reason, having, _submitted):
    return disclosure._released(having)


RULES = (
    Rule(
        "own figures",
        Reason.NOT_YOURS,
        set_to(disclosure, "own_reason", never),
        another_towns_level_and_answers,
    ),
    Rule(
        "the sheet is its members'",
        None,
        set_to(disclosure, "inner_reason", disclosure.own_reason),
        what_a_delegate_reads_of_the_sheet,
    ),
    Rule(
        "no benchmark while collecting",
        Reason.COLLECTING,
        set_to(disclosure, "benchmark_reason", never),
        an_arrival_while_collecting,
    ),
    Rule(
        "a round that collects is not public",
        None,
        set_to(disclosure, "sees_round", lambda *_anything: True),
        the_round_that_collects,
    ),
    Rule("the benchmark stands as it was closed", None, count_the_late, an_arrival_after_closing),
    Rule(
        "closing again takes seven",
        None,
        set_to(closing, "SAFE_TIED_DIFFERENCE", 1),
        three_arrivals_between_two_closings,
    ),
    Rule(
        "peers from seven up",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "MINIMUM_FOR_MEDIAN", 1),
        all_four_others_have_it,
    ),
    Rule(
        "medians from seven up",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "MINIMUM_FOR_MEDIAN", 1),
        the_other_of_two,
    ),
    Rule(
        "the words reach away from nobody",
        None,
        set_to(disclosure, "SAFE_COUNT", 1),
        nobody_else_has_it_says_one,
    ),
    Rule(
        "also for two who compare notes",
        None,
        set_to(disclosure, "SAFE_COUNT", 2),
        nobody_else_has_it_say_two,
    ),
    Rule(
        "and from everybody",
        None,
        set_to(disclosure, "SAFE_COUNT", 2),
        everybody_else_has_it_say_two,
    ),
    Rule(
        "in each group",
        None,
        set_to(closing, "SAFE_TIED_DIFFERENCE", 1),
        one_of_a_group_between_two_closings,
    ),
    Rule("no shares of groups", None, tell_of_groups, what_the_rest_of_a_group_have),
    Rule(
        "nothing of those at the next level where nearly all are",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "at_level_reason", nearly_all_may_be_there),
        the_level_of_all_others,
    ),
    Rule(
        "one number of organisations for every function",
        None,
        set_to(disclosure, "number_of_assessments", number_of_those_with_a_level),
        who_answered_that_nothing_applies,
    ),
    Rule(
        "quartiles of levels from thirteen",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "MINIMUM_FOR_TIED_QUARTILES", 8),
        the_level_of_six_others,
    ),
    Rule(
        "and of shares of few criteria",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "MINIMUM_FOR_TIED_QUARTILES", 8),
        what_all_others_decided,
    ),
    Rule(
        "medians of shares in steps",
        None,
        set_to(maturity, "SHARE_STEP", 1e-9),
        one_towns_exact_share,
    ),
    Rule(
        "groups differ by seven",
        Reason.COHORT_TOO_CLOSE,
        set_to(disclosure, "SAFE_TIED_DIFFERENCE", 1),
        the_one_that_two_groups_differ_by,
    ),
    Rule(
        "three would not do",
        Reason.COHORT_TOO_CLOSE,
        set_to(disclosure, "SAFE_TIED_DIFFERENCE", 3),
        the_three_that_two_groups_differ_by,
    ),
    Rule("nothing of an open turn", Reason.POLL_OPEN, show_open_turns, a_ballot_while_the_poll_is_open),
    Rule(
        "no spread of one",
        Reason.FEW_VOTERS,
        set_to(disclosure, "MINIMUM_VOTERS", 1),
        the_only_ballot,
    ),
)


def forget():
    """What is kept was made under other rules."""
    choice.cohort_reasons.cache_clear()


@pytest.fixture(autouse=True)
def fresh():
    forget()
    yield
    forget()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_attack_fails_with_the_rule_and_succeeds_without_it(rule, tmp_path, monkeypatch):
    assert not rule.attack(tmp_path / "on")
    forget()
    rule.switch_off(monkeypatch)
    assert rule.attack(tmp_path / "off")


def test_a_draft_is_on_no_profile(tmp_path):
    assert not a_draft(tmp_path)
