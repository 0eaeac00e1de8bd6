"""Partnerships under attack: a confidential check leaves no trace, and no rule is there for show.

An attacker reads what is told to their role alone: the view's JSON, every command. Each attack of
`RULES` runs twice: with all rules, and with its own rule, and no other, switched off.
"""

import json
import re
from contextlib import contextmanager

import pytest

from improve import commands, disclosure, readiness
from improve.disclosure import Reason
from improve.errors import ImproveError
from improve.model import Role, Selection, Viewer
from improve.store import (
    close_round,
    invite_member,
    leave_partnership,
    open_round,
)
from improve.views import readiness as page
from improve.views.readiness import readiness_view
from improve.views.readiness_choice import Wish
from improve.views.readiness_shown import codes_of, map_table, readiness_as_json, report_differences
from tests.attack.switch import Rule, all_of, set_to
from tests.factory import make_store
from tests.partners import ITEMS, make_partnership, past, reply, write_past
from tests.views.town import code_of, towns

A, B, C, D = (code_of(place) for place in range(4))
OPERATOR, PUBLIC, FACILITATOR = Viewer(Role.OPERATOR), Viewer(Role.PUBLIC), Viewer(Role.FACILITATOR)
FULL, HALF, NONE = "444 444 444", "222 222 222", "000 000 000"
ODD = "431 204 3?1"
"""Answers that nobody else gives: their exact scores are a trace."""


def member(code):
    return Viewer(Role.MEMBER, code)


def delegate(code):
    return Viewer(Role.DELEGATE, code)


@contextmanager
def opened(folder, *pasts, closed=False):
    folder.mkdir(parents=True, exist_ok=True)
    store = make_store(folder, organisations=towns(16), name=f"{len(list(folder.iterdir()))}.duckdb")
    try:
        open_round(store, "2026")
        write_past(store, *pasts)
        if closed:
            close_round(store, "2026")
        yield store
    finally:
        store.close()


def read(store, viewer, wish=None, **wishes):
    """What is told, as a program reads it."""
    view = readiness_view(store, viewer, Selection(**wishes), wish or Wish())
    return json.loads(json.dumps(readiness_as_json(view), allow_nan=False))


def row_of(found, organisation):
    return next((one for one in found["rows"] if one["organisation"] == organisation), None)


def scores(row):
    """The scores of a row that are told, in the order of the areas; empty without a row."""
    return [] if row is None else [one["score"].get("value") for one in row["cells"]]


def statement(found, item):
    return next((one for one in found["statements"] if one["id"] == item), None)


def alone(first, count, word=HALF):
    return [past({code_of(first + place): ("2026", ("ict", word))}) for place in range(count)]


# ── A confidential check leaves no trace ───────────────────────────────────────────────────────


LOOKING = [OPERATOR, PUBLIC, FACILITATOR, delegate(A), member(B), member(C), member(D)]


def told(store, viewer):
    """Everything that a viewer is told, by all commands and by the view for every wish."""
    role = viewer.role.value + (f":{viewer.organisation}" if viewer.organisation else "")
    notes = []
    for name in sorted(commands.COMMANDS):
        if name not in ("check", "round list") and not name.startswith("figures "):
            continue
        for organisation in (None, A):
            for partnership in (None, "Secret plan", "Shared ICT"):
                arguments = {"round": "2026", "role": role, "organisation": organisation}
                if name == "figures readiness":
                    arguments["partnership"] = partnership
                elif partnership:
                    continue
                outcome = commands.run(store, name, arguments, {})
                notes.append((outcome.status, outcome.message, outcome.result))
    for partnership in (None, "Secret plan"):
        for number in (None, "2"):
            for organisation in (None, A):
                wish = Wish(partnership, number, {"VIS1": 4})
                view = readiness_view(store, viewer, Selection(organisation=organisation), wish)
                notes += [readiness_as_json(view), map_table(view), report_differences(view), codes_of(view)]
                notes.append((view.notices, view.finding, view.alt))
    notes.append([one.name for one in readiness.partnerships_for(store, viewer)])
    for id_ in range(1, 8):
        try:
            notes.append(repr(readiness.partnership_for(store, viewer, id_).members))
        except ImproveError as error:
            notes.append(str(error))
    return json.dumps(notes, default=str)


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Two stores that differ in one organisation's confidential check alone, completed in two rounds."""
    stores = []
    for name in ("without", "with"):
        store = make_store(tmp_path_factory.mktemp(name), organisations=towns(16))
        open_round(store, "2026")
        shared = past({A: ("2026", ("ict", HALF)), B: ("2026", ("ict", FULL)), C: (None, ("hr", NONE))})
        write_past(store, shared, *alone(4, 8))
        if name == "with":
            secret = {A: ("2026", ("leader", ODD), ("finance", ODD))}
            write_past(store, past(secret, secret, name="Secret plan", confidential=True))
        close_round(store, "2026")
        stores.append(store)
    yield stores
    for store in stores:
        store.close()


@pytest.mark.parametrize("viewer", LOOKING, ids=lambda one: f"{one.role}-{one.organisation}")
def test_a_confidential_check_leaves_no_trace(twins, viewer):
    # The moments at which the two stores were made differ, and nothing else may.
    without, with_ = (re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.]+Z?", "then", told(store, viewer)) for store in twins)
    assert with_ == without


def test_its_own_members_see_it(twins):
    with_ = twins[1]
    found = read(with_, member(A), Wish("Secret plan", "2"))
    assert found["partnership"]["is_confidential"]
    assert scores(row_of(found, A)) == [67, 50, 50]
    assert found["overall"]["organisations"]["value"] == 10


# ── Attacks: each returns whether it learned what it must not ──────────────────────────────────


def a_confidential_score_on_the_operators_screen(folder):
    with opened(folder, past({A: ("2026", ("leader", ODD))}, name="Secret plan", confidential=True)) as store:
        found = read(store, OPERATOR, Wish("Secret plan"))
        return scores(row_of(found, A))[:1] == [67]


def a_partnership_of_others(folder):
    with opened(folder, past({A: ("2026", ("ict", ODD)), B: ("2026", ("ict", HALF))}), *alone(4, 1)) as store:
        return [one.name for one in readiness.partnerships_for(store, member(C))] == ["Shared ICT"] * 2


def what_one_sees_before_one_has_agreed(folder):
    with opened(folder, past({A: ("2026", ("ict", ODD))})) as store:
        invite_member(store, 1, B, "Ann", as_candidate=False)
        return scores(row_of(read(store, member(B)), A))[:1] == [67]


def what_one_sees_after_one_has_left(folder):
    with opened(folder, past({A: ("2026", ("ict", ODD)), B: ("2026", ("ict", HALF))}, left=(B,))) as store:
        return scores(row_of(read(store, member(B)), A))[:1] == [67]


def who_has_left_seen_by_those_who_stay(folder):
    with opened(folder, past({A: ("2026", ("ict", ODD)), B: ("2026", ("ict", HALF))}, left=(B,))) as store:
        return scores(row_of(read(store, member(A)), B))[:1] == [50]


def what_who_left_had_answered_by_the_counts(folder):
    """Five partners: what the counts lose when one leaves is that one's answers."""
    words = {A: FULL, B: FULL, C: HALF, D: HALF, code_of(4): ODD}
    clubs = past({code: ("2026", ("ict", word)) for code, word in words.items()})
    with opened(folder, clubs) as store:
        before = [statement(read(store, member(A)), item)["states"]["value"] for item in ITEMS]
        leave_partnership(store, 1, code_of(4))
        after = [statement(read(store, member(A)), item)["states"]["value"] for item in ITEMS]
        gone = [
            [place for place, (then, now) in enumerate(zip(*pair, strict=True)) if then > now]
            for pair in zip(before, after, strict=True)
        ]
        return gone == [[4], [3], [1], [2], [0], [4], [3], [5], [1]]


def what_an_open_assessment_comes_to_so_far(folder):
    clubs = past({A: (None, ("ict", ODD)), B: ("2026", ("ict", HALF))})
    with opened(folder, clubs) as store:
        found = [
            scores(row_of(read(store, one, **wish), A))[:1]
            for one, wish in (
                (member(B), {}),
                (OPERATOR, {}),
                (OPERATOR, {"organisation": B}),
            )
        ]
        return [67] in found


def what_a_candidate_comes_to_so_far(folder):
    clubs = past({A: ("2026", ("ict", HALF)), B: (None, ("ict", ODD))}, candidates=(B,))
    with opened(folder, clubs) as store:
        return any(fit["scores"][0].get("value") == 67 for fit in read(store, member(A))["fits"])


def what_a_candidate_had_answered_by_the_counts(folder):
    """Three partners agree; whoever else is among the counts is the candidate, by name."""
    words = {A: FULL, C: FULL, D: FULL, B: ODD}
    clubs = past({code: ("2026", ("ict", word)) for code, word in words.items()}, candidates=(B,))
    with opened(folder, clubs) as store:
        states = [statement(read(store, member(A)), item)["states"]["value"] for item in ITEMS]
        others = [[place for place, n in enumerate(one[:4] + one[5:]) if n] for one in states]
        return others[1:4] == [[3], [1], [2]]


def a_partners_people(folder):
    clubs = past({A: ("2026", ("leader", ODD), ("finance", FULL)), B: ("2026", ("ict", HALF))})
    with opened(folder, clubs) as store:
        for viewer in (member(B), OPERATOR, delegate(A)):
            found = read(store, viewer, organisation=A)
            row = row_of(found, A)
            replies = statement(found, "VIS2")["replies"].get("value") or []
            if row and "value" in row["cells"][0]["spread"]:
                return True
            if any(one["role"] == "leader" and one["codes"] == [3] for one in replies):
                return True
        return False


def the_answers_of_the_only_partner_that_completed(folder):
    with opened(folder, past({A: ("2026", ("ict", ODD)), B: (None,)})) as store:
        states = [statement(read(store, member(B)), item)["states"].get("value") for item in ITEMS]
        return states[0] == [0, 0, 0, 0, 1, 0]


def a_leaders_own_score(folder):
    people = ("leader", NONE), ("finance", FULL), ("finance", FULL)
    with opened(folder, past({A: ("2026", *people), B: ("2026", ("ict", HALF))})) as store:
        return any(one["lower"] == "Leader" for one in read(store, member(B))["differences"])


def the_last_role_by_subtraction(folder):
    """Two roles of two people each are told, and the organisation's score: the fifth person is the rest."""
    people = *[("finance", FULL)] * 2, *[("ict", NONE)] * 2, ("leader", "333 222 222")
    with opened(folder, past({A: ("2026", *people), B: ("2026", ("ict", HALF))})) as store:
        found = read(store, member(B))
        pair = next((one for one in found["differences"] if one["area"] == "VIS"), None)
        if pair is None:
            return False
        whole = scores(row_of(found, A))[0]
        guess = 5 * whole - 2 * pair["high"]["value"] - 2 * pair["low"]["value"]
        return abs(guess - 75) <= 3


def the_middle_one_of_seven(folder):
    with opened(folder, *alone(0, 3, NONE), *alone(3, 1, ODD), *alone(4, 3, FULL), closed=True) as store:
        exact = 100 * 8 / 12
        return abs(read(store, PUBLIC)["areas"][0]["median"]["value"] - exact) < 0.01


def the_seventh_that_six_partners_do_not_know(folder):
    six = past({code_of(place): ("2026", ("ict", HALF)) for place in range(6)})
    with opened(folder, six, *alone(6, 1, FULL), closed=True) as store:
        return "value" in read(store, member(A))["overall"]["median"]


def a_median_of_five(folder):
    with opened(folder, *alone(0, 5), closed=True) as store:
        return "value" in read(store, PUBLIC)["overall"]["median"]


def who_arrives_while_a_season_collects(folder):
    with opened(folder, *alone(0, 7, NONE), *alone(7, 7, FULL)) as store:
        before = read(store, member(A), round="2026")["overall"]["median"].get("value")
        write_past(store, *alone(14, 1, ODD))
        after = read(store, member(A), round="2026")["overall"]["median"].get("value")
        return before is not None and before != after


def what_would_be_if_a_partner_answered_otherwise(folder):
    """How far an area moves when one statement is set tells what was answered to it."""
    with opened(folder, past({A: ("2026", ("ict", ODD)), B: ("2026", ("ict", HALF))})) as store:
        found = read(store, OPERATOR, Wish(targets={"VIS3": 4}), organisation=A)["what_if"]
        return found is not None and round(found["moves"][0]["change"]["value"] * 12 / 100) == 3


def a_link_that_opens_a_colleagues_form(folder):
    """Somebody changes the number in their own link; without a signature that would be all it takes."""
    with opened(folder) as store:
        id_ = make_partnership(store, A, confidential=True)
        reply(store, id_, A, ("ict", HALF), ("hr", HALF))
        sheet = readiness.sheet_for(store, member(A), id_, A)
        own = readiness.link_of(store, member(A), sheet, 1)
        wanted = readiness.link_of(store, member(A), sheet, 2)
        forged = wanted.rpartition(".")[0] + "." + own.rpartition(".")[2]
        try:
            return readiness.form_of(store, forged).number == 2
        except ImproveError:
            return False


# ── Switches ───────────────────────────────────────────────────────────────────────────────────


def anybody(*_anything):
    return True


def no_reason(*_anything):
    return None


def by_role_alone(viewer, _is_confidential, members):
    return viewer.role is Role.OPERATOR or viewer.organisation in members


def open_to_the_operator(viewer, organisation, _is_confidential, joined):
    return PARTNER_REASON(viewer, organisation, False, joined)


def whoever_was_asked(viewer, organisation, is_confidential, _joined):
    return PARTNER_REASON(viewer, organisation, is_confidential, {viewer.organisation, organisation})


def seen_when_asked(folder_patch):
    """An invitation opens the partnership as if it had been accepted."""
    folder_patch.setattr(page, "rounds_seen", lambda _viewer, partnership: partnership.rounds)
    from improve.views import readiness_choice

    folder_patch.setattr(readiness_choice, "rounds_seen", lambda _viewer, partnership: partnership.rounds)
    folder_patch.setattr(
        readiness_choice,
        "_ever_joined",
        lambda partnership: partnership.joined | partnership.asked,
    )
    folder_patch.setattr(disclosure, "partner_reason", no_reason)


def completed_or_not(reason, _is_own, _is_completed, value):
    return PARTNER_FIGURE(reason, True, True, value)


def whatever_there_is(_reason, value):
    return disclosure._released(value)


def everybody_who_completed(look):
    return [one for one in look.members if look.is_completed(one)]


def no_rest(respondents):
    return frozenset(role for role, n in respondents.items() if n >= 2)


def those_that_stay(look):
    return [one for one in COUNTED(look) if one in look.joined]


class Unsigned:
    """A signer that does not look at the signature."""

    def __init__(self, _secret, salt):
        from itsdangerous import URLSafeSerializer

        self._signer = URLSafeSerializer("secret", salt=salt)

    def dumps(self, value):
        return self._signer.dumps(value)

    def loads(self, text):
        return self._signer.loads_unsafe(text)[1]


PARTNER_REASON, PARTNER_FIGURE, COUNTED = disclosure.partner_reason, disclosure.partner_figure, page._counted


RULES = (
    Rule(
        "confidential for the operator too",
        Reason.NOT_YOURS,
        all_of(
            set_to(disclosure, "knows_partnership", by_role_alone),
            set_to(disclosure, "partner_reason", open_to_the_operator),
        ),
        a_confidential_score_on_the_operators_screen,
    ),
    Rule(
        "others' partnerships are not there",
        None,
        set_to(disclosure, "knows_partnership", anybody),
        a_partnership_of_others,
    ),
    Rule("agreed first", Reason.NOT_YOURS, seen_when_asked, what_one_sees_before_one_has_agreed),
    Rule(
        "who left looks in no more",
        Reason.NOT_YOURS,
        set_to(disclosure, "partner_reason", whoever_was_asked),
        what_one_sees_after_one_has_left,
    ),
    Rule(
        "who left is seen no more",
        Reason.NOT_YOURS,
        set_to(disclosure, "partner_reason", whoever_was_asked),
        who_has_left_seen_by_those_who_stay,
    ),
    Rule(
        "counts keep who left",
        None,
        set_to(page, "_counted", those_that_stay),
        what_who_left_had_answered_by_the_counts,
    ),
    Rule(
        "completed first",
        Reason.NOT_COMPLETED,
        set_to(disclosure, "partner_figure", completed_or_not),
        what_an_open_assessment_comes_to_so_far,
    ),
    Rule(
        "a candidate completes first",
        Reason.NOT_COMPLETED,
        all_of(
            set_to(disclosure, "partner_figure", completed_or_not),
            set_to(disclosure, "answered_figure", whatever_there_is),
        ),
        what_a_candidate_comes_to_so_far,
    ),
    Rule(
        "no candidate in the counts",
        None,
        set_to(page, "_counted", everybody_who_completed),
        what_a_candidate_had_answered_by_the_counts,
    ),
    Rule(
        "people are for own members",
        Reason.NOT_YOURS,
        set_to(disclosure, "respondents_reason", no_reason),
        a_partners_people,
    ),
    Rule(
        "what if is for own members",
        Reason.NOT_YOURS,
        set_to(disclosure, "respondents_reason", no_reason),
        what_would_be_if_a_partner_answered_otherwise,
    ),
    Rule(
        "counts from two partners",
        Reason.FEW_PARTNERS,
        set_to(disclosure, "MINIMUM_PARTNERS", 1),
        the_answers_of_the_only_partner_that_completed,
    ),
    Rule(
        "roles of several",
        Reason.ONE_RESPONDENT,
        set_to(disclosure, "SEVERAL", 1),
        a_leaders_own_score,
    ),
    Rule(
        "and no role by subtraction",
        Reason.ONE_RESPONDENT,
        set_to(disclosure, "shown_roles", no_rest),
        the_last_role_by_subtraction,
    ),
    Rule("medians in steps", None, set_to(page, "READINESS_STEP", 1e-9), the_middle_one_of_seven),
    Rule(
        "three outside every circle",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "circle_reason", lambda reason, *_anything: reason),
        the_seventh_that_six_partners_do_not_know,
    ),
    Rule(
        "medians from seven",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "MINIMUM_FOR_MEDIAN", 1),
        a_median_of_five,
    ),
    Rule(
        "medians at closing",
        Reason.COLLECTING,
        set_to(disclosure, "benchmark_reason", no_reason),
        who_arrives_while_a_season_collects,
    ),
    Rule(
        "links are signed",
        None,
        lambda patch: patch.setattr("improve.readiness.link.URLSafeSerializer", Unsigned),
        a_link_that_opens_a_colleagues_form,
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_attack_fails_with_the_rule_and_wins_without_it(rule, tmp_path, monkeypatch):
    assert not rule.attack(tmp_path / "on")
    rule.switch_off(monkeypatch)
    assert rule.attack(tmp_path / "off")
