"""The readiness map against its oracle on small random worlds, and its edges by hand."""

import json
import random
from collections import Counter

import pytest

from improve.errors import SelectionError
from improve.model import Role, Selection, Viewer
from improve.store import (
    add_respondent,
    admit_candidate,
    close_round,
    invite_member,
    open_round,
    start_partnership_round,
)
from improve.views import readiness_sentence as sentence
from improve.views import readiness_shown as shown
from improve.views.readiness import readiness_figures, readiness_view
from improve.views.readiness_choice import Wish
from improve.views.readiness_part import Kind
from tests.factory import make_store
from tests.oracle import Withheld
from tests.partners import (
    AREAS,
    ITEMS,
    READINESS,
    make_partnership,
    past,
    reply,
    said,
    small_readiness,
    write_past,
)
from tests.views.oracle_readiness import BLIND, ROLES, Club, Oracle, areas_of
from tests.views.town import code_of, towns
from tests.views.world import differences, plain

A, B, C, D = (code_of(place) for place in range(4))
OPERATOR, PUBLIC = Viewer(Role.OPERATOR), Viewer(Role.PUBLIC)
FULL, HALF, NONE = "444 444 444", "222 222 222", "000 000 000"


def member(code):
    return Viewer(Role.MEMBER, code)


def written(view):
    return json.loads(json.dumps(shown.readiness_as_json(view), allow_nan=False))


# ── Random worlds ──────────────────────────────────────────────────────────────────────────────


def random_word(chance):
    centre = chance.choice((0, 2, 3, 4))
    letters = [str(min(4, max(0, centre + chance.choice((-1, 0, 0, 1))))) for _ in ITEMS]
    blind = chance.choice((0.0, 0.1, 0.4))
    return "".join(chance.choice("?-") if chance.random() < blind else one for one in letters)


def random_round(chance, codes):
    found = {}
    for code in codes:
        people = [
            (chance.choice(ROLES[: chance.randint(1, 4)]), random_word(chance))
            for _ in range(chance.choice((0, 1, 1, 2, 3, 5)))
        ]
        if people:
            # Somebody answers everything, else it could not be completed.
            people[0] = (people[0][0], people[0][1].replace("-", "?"))
        found[code] = ("2026" if people and chance.random() < 0.7 else None, *people)
    return found


def random_clubs(chance, codes):
    clubs, pasts = [], []
    for number in range(4):
        is_own = number == 3
        members = [codes[0]] if is_own else chance.sample(codes[:7], chance.choice((1, 2, 3, 4)))
        others = members[1:]
        candidates = tuple(code for code in others if chance.random() < 0.3)
        left = tuple(code for code in others if chance.random() < 0.2)
        rounds = [random_round(chance, members) for _ in range(chance.choice((1, 2)))]
        facts = {"candidates": candidates, "left": left, "name": f"Club {number}", "confidential": is_own}
        pasts.append(past(*rounds, founder=members[0], **facts))
        told = [
            {
                code: (season, [(role, steps_of(word)) for role, word in people])
                for code, (season, *people) in one.items()
            }
            for one in rounds
        ]
        clubs.append(Club(f"Club {number}", members[0], candidates, left, told, is_own))
    for code in codes[7:]:
        word = random_word(chance).replace("-", "?")
        pasts.append(past({code: ("2026", ("ict", word))}, name=f"Alone {code}"))
        clubs.append(Club(f"Alone {code}", code, (), (), [{code: ("2026", [("ict", steps_of(word))])}]))
    return clubs, pasts


def steps_of(word):
    return {item: BLIND if code == 9 else code for item, code in said(word).items()}


def season_of(clubs):
    """Organisation -> its areas, of the open assessment completed last (the later round, the later club)."""
    found = {}
    for at, club in enumerate(clubs):
        for number, one in enumerate(club.rounds, start=1):
            for code, (season, people) in one.items():
                if season is not None and not club.confidential:
                    found.setdefault(code, []).append(((number, at), areas_of(people)))
    return {code: max(some, key=lambda one: one[0])[1] for code, some in found.items()}


@pytest.fixture(scope="module", params=range(2))
def world(request, tmp_path_factory):
    chance = random.Random(request.param)
    codes = [code_of(place) for place in range(14)]
    clubs, pasts = random_clubs(chance, codes)
    store = make_store(tmp_path_factory.mktemp("readiness"), organisations=towns(14))
    open_round(store, "2026")
    write_past(store, *pasts)
    close_round(store, "2026")
    yield store, clubs
    store.close()


def figures_of(view):
    """The JSON in the oracle's form."""
    found = written(view)

    def pick(one, *names):
        return {name: plain(one[name]) if isinstance(one[name], dict) else one[name] for name in names}

    areas = ("score", "previous", "change", "span", "own", "median", "quartiles", "organisations")
    cells = ("area", "score", "previous", "change", "spread", "blind")
    rows = ("organisation", "is_own", "is_candidate", "overall", "weakest", "respondents")
    statements = ("id", "states", "own", "previous", "is_split", "kinds")
    return {
        "rows": [
            {**pick(one, *rows), "cells": [pick(cell, *cells) for cell in one["cells"]]}
            for one in found["rows"]
        ],
        "areas": [
            pick(one, "id", *areas, "is_wide", "difference") for one in (*found["areas"], found["overall"])
        ],
        "weakest": plain(found["weakest"]),
        "statements": [
            {
                **pick(one, *statements),
                "replies": [pick(reply, "role", "codes") for reply in one["replies"]["value"]]
                if "value" in one["replies"]
                else plain(one["replies"]),
            }
            for one in found["statements"]
        ],
        "prepare": [one["statement"] for one in found["prepare"]],
        "differences": sorted(
            [one["organisation"], one["area"], plain(one["high"]), plain(one["low"])]
            for one in found["differences"]
        ),
        "fits": [
            {
                **pick(one, "organisation", "lifts", "lowers", "weakest_change"),
                "after": [plain(move["after"]) for move in one["moves"]],
            }
            for one in found["fits"]
        ],
    }


def wanted_of(oracle):
    return {
        "rows": oracle.rows(),
        "areas": [oracle.area(place) for place in (*range(len(AREAS)), None)],
        "weakest": oracle.weakest(),
        "statements": [oracle.statement(item) for item in ITEMS],
        "prepare": oracle.prepare(),
        "differences": [list(one) for one in oracle.role_differences()],
        "fits": oracle.fits(),
    }


def test_every_look_is_the_oracles(world):
    store, clubs = world
    season, seen = season_of(clubs), Counter()
    for club in clubs[:4]:
        looks = [("member", code) for code in club.ever]
        if not club.confidential:
            looks.append(("operator", None))
        for role, own in looks:
            for number in range(1, len(club.rounds) + 1):
                view = readiness_view(
                    store, Viewer(Role(role), own), Selection(), Wish(club.name, str(number))
                )
                assert (view.partnership.label, view.number.number) == (club.name, number)
                oracle = Oracle(
                    role, own, club, number, [one for one in clubs if not one.confidential], season
                )
                found, wanted = figures_of(view), wanted_of(oracle)
                assert not differences(found, wanted, f"{club.name} {number} {role} {own}")
                seen.update(one for one in ("differences", "fits", "prepare") if wanted[one])
                seen.update("median" for one in wanted["areas"] if not isinstance(one["median"], Withheld))
    assert seen["prepare"]


def test_the_worlds_hold_what_they_shall(world):
    store, clubs = world
    looks = [
        readiness_view(store, member(code), Selection(), Wish(club.name))
        for club in clubs[:4]
        for code in club.ever
    ]
    assert any(one.overall.median.is_released for one in looks)
    assert any(cell.spread.is_released for one in looks for row in one.rows for cell in row.cells)


# ── Who may look into what ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def store(tmp_path):
    opened = make_store(tmp_path, organisations=towns(12))
    open_round(opened, "2026")
    yield opened
    opened.close()


def labels(store, viewer, **wishes):
    return [one.label for one in readiness_view(store, viewer, Selection(**wishes)).partnerships]


def test_nobody_has_answered_anything(store):
    for viewer in (PUBLIC, OPERATOR, member(A)):
        view = readiness_view(store, viewer, Selection())
        assert view.finding == "Nobody has answered the statements of readiness yet."
        assert view.areas == view.rows == ()


def test_open_ones_come_first_and_names_are_told_apart(store):
    make_partnership(store, A, confidential=True, name="Private")
    first = past({A: (None,), B: (None,)}, name="Shared")
    second = past({A: (None,), C: (None,)}, {}, name="Shared")
    write_past(store, first, second)
    assert labels(store, member(A)) == ["Shared · 2", "Shared", "Private"]
    assert labels(store, OPERATOR) == ["Shared · 2", "Shared"]
    assert labels(store, member(B)) == ["Shared"]
    for viewer in (PUBLIC, Viewer(Role.FACILITATOR), Viewer(Role.DELEGATE, A), member(D)):
        assert labels(store, viewer) == []
    view = readiness_view(store, member(A), Selection(), Wish("Shared · 2"))
    assert [row.organisation for row in view.rows] == [A, C]


def test_what_is_not_there_for_a_viewer_is_as_if_it_never_was(store):
    write_past(store, past({A: ("2026", ("ict", FULL)), B: ("2026", ("ict", NONE))}, name="Theirs"))
    make_partnership(store, C, name="Ours")
    looks = [
        written(readiness_view(store, member(C), Selection(), Wish(name, number)))
        for name in ("Theirs", "Nonsense", "1")
        for number in (None, "1")
    ]
    assert all(one == looks[0] for one in looks)
    notices = {
        readiness_view(store, member(C), Selection(), Wish(name)).notices for name in ("Theirs", "Nonsense")
    }
    assert notices == {("There is no such partnership for you to look into.",)}
    with pytest.raises(SelectionError, match="no such partnership"):
        readiness_figures(store, member(C), Selection(), Wish("Theirs"))


def test_the_usual_round_is_the_newest_that_anybody_completed(store):
    (id_,) = write_past(store, past({A: ("2026", ("ict", FULL))}, {A: ("2026", ("ict", HALF))}))
    start_partnership_round(store, id_, 2, READINESS, "Ann")
    view = readiness_view(store, member(A), Selection())
    assert (view.number.number, view.before.number, view.partnership.numbers) == (2, 1, (3, 2, 1))
    assert view.area("VIS").change.value == -50
    assert sentence.progress(view) == (
        "Overall readiness has moved by −50 points since round 1. Fallen: Vision, Resources, Governance."
    )
    newest = readiness_view(store, member(A), Selection(), Wish(number="3"))
    assert newest.finding == "No partner has completed this round yet."
    assert readiness_view(store, member(A), Selection(), Wish(number="7")).notices == (
        "This partnership has no round 7.",
    )


def test_an_answering_organisation_sees_itself_grow_and_nobody_else_does(store):
    id_ = make_partnership(store, A, B)
    add_respondent(store, id_, 1, A, "ict", "")
    reply(store, id_, A, ("ict", "444 --- ---"))
    reply(store, id_, B, ("ict", HALF), complete="2026")
    own = readiness_view(store, member(A), Selection()).own
    assert own.cells[0].score.value == 100
    assert not own.completed_at.is_released
    assert own.respondents.value == 1
    for viewer in (member(B), OPERATOR):
        for wish in (Selection(), Selection(organisation=A)):
            rows = {one.organisation: one for one in readiness_view(store, viewer, wish).rows}
            assert [cell.score.withheld for cell in rows[A].cells] == ["not_completed"] * 3
    view = readiness_view(store, member(B), Selection())
    assert view.area("VIS").score.value == 50
    assert "1 of 2 organisations has not completed this round; its row stays empty." in view.notes


def test_a_member_that_joined_later_has_no_row_in_an_older_round(store):
    (id_,) = write_past(store, past({A: ("2026", ("ict", FULL))}, {A: (None,), B: (None,)}))
    rows = [
        [one.organisation for one in readiness_view(store, member(A), Selection(), Wish(number=number)).rows]
        for number in ("1", "2")
    ]
    assert rows == [[A, B], [A, B]]  # `past` lets all join at the start
    invite_member(store, id_, C, "Ann", as_candidate=False)
    assert [one.organisation for one in readiness_view(store, member(A), Selection()).rows] == [A, B]


def test_a_candidate_is_one_until_it_is_admitted(store):
    (id_,) = write_past(
        store,
        past(
            {A: ("2026", ("ict", HALF)), B: ("2026", ("ict", NONE))},
            {A: ("2026", ("ict", HALF)), B: ("2026", ("ict", NONE))},
            candidates=(B,),
        ),
    )
    assert readiness_view(store, member(B), Selection()).partnership.is_candidate
    admit_candidate(store, id_, B)
    view = readiness_view(store, member(A), Selection())
    assert (view.fits, view.area("VIS").score.value) == ((), 25)
    before = readiness_view(store, member(A), Selection(), Wish(number="1"))
    (fit,) = before.fits
    assert (fit.organisation, before.area("VIS").score.value) == (B, 50)
    assert [move.after.value for move in fit.moves] == [25, 25, 25]


def test_who_has_left_keeps_its_own_figures_and_no_others(store):
    (id_,) = write_past(
        store,
        past({A: ("2026", ("ict", HALF)), B: ("2026", ("ict", NONE))}, left=(B,)),
    )
    start_partnership_round(store, id_, 1, READINESS, "Ann")
    view = readiness_view(store, member(B), Selection())
    assert view.partnership.numbers == (1,)
    assert [one.organisation for one in view.rows] == [B]
    assert view.own.cells[0].score.value == 0
    assert {one.states.withheld for one in view.statements} == {"not_yours"}
    stays = readiness_view(store, member(A), Selection(), Wish(number="1"))
    assert [one.organisation for one in stays.rows] == [A]
    assert stays.area("VIS").score.value == 50


def test_a_delegate_sees_the_own_organisations_scores_alone(store):
    facts = ("leader", FULL), ("finance", NONE)
    write_past(store, past({A: ("2026", *facts), B: ("2026", ("ict", NONE))}))
    write_past(store, past({A: (None, ("ict", NONE))}, confidential=True))
    view = readiness_view(store, Viewer(Role.DELEGATE, A), Selection())
    assert (view.partnerships, view.partnership) == ((), None)
    (row,) = view.rows
    assert (row.organisation, row.cells[0].score.value) == (A, 50)
    assert row.cells[0].spread.withheld == row.respondents.withheld == "not_yours"
    assert view.roles == view.differences == ()
    assert {one.own.withheld for one in view.statements} == {"not_yours"}
    assert view.what_if is None
    assert readiness_view(store, Viewer(Role.DELEGATE, C), Selection()).rows == ()


# ── What if ────────────────────────────────────────────────────────────────────────────────────


def test_what_if_moves_the_area_and_nothing_is_kept(store):
    write_past(
        store,
        past({A: ("2026", ("ict", "333 300 222"), ("hr", "111 300 222")), B: ("2026", ("ict", FULL))}),
    )
    wish = Wish(targets={"RES2": 4, "RES3": 4, "NONE": 4, "VIS1": 9, "VIS2": 77})
    view = readiness_view(store, member(A), Selection(), wish)
    found = view.what_if
    assert dict(found.targets) == {"RES2": 4, "RES3": 4}
    assert [(one.area, one.before.value, one.after.value) for one in found.moves] == [
        *(("VIS", 50, 50), ("RES", 25, 92), ("GOV", 50, 50)),
    ]
    assert (found.overall.before.value, found.overall.after.value) == (42, 64)
    assert found.partnership.before.value == pytest.approx((75 + 62.5 + 75) / 3)
    assert found.partnership.after.value == pytest.approx((75 + 96 + 75) / 3)
    assert sentence.of_move(found.overall) == "Overall: from 42 to 64."
    again = readiness_view(store, member(A), Selection())
    assert [cell.score.value for cell in again.own.cells] == [50, 25, 50]
    assert readiness_view(store, OPERATOR, Selection(organisation=A), wish).what_if is None
    assert readiness_view(store, member(B), Selection(), wish).what_if.moves[1].before.value == 100


def test_what_if_can_lift_a_blind_spot(store):
    write_past(store, past({A: ("2026", ("ict", "4?? 444 444"))}))
    view = readiness_view(store, member(A), Selection(), Wish(targets={"VIS2": 4}))
    assert view.overall.score.withheld == "blind_spots"
    assert "not every area has one. Weakest of those known: Resources, Governance." in view.finding
    assert view.what_if.moves[0].before.withheld == "blind_spots"
    assert (view.what_if.moves[0].after.value, view.what_if.overall.after.value) == (100, 100)
    assert sentence.of_move(view.what_if.moves[0]) == "Vision: 100."


# ── By hand ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def three(store):
    """Two partners that differ, one of them within itself, and a candidate that knows little."""
    write_past(
        store,
        past(
            {
                A: (
                    "2026",
                    ("leader", "444 444 331"),
                    ("finance", "444 000 331"),
                    ("finance", "444 000 331"),
                ),
                B: ("2026", ("ict", "340 111 33?")),
                C: ("2026", ("hr", "??0 111 444")),
            },
            candidates=(C,),
        ),
    )
    return store


def test_what_the_sentences_say(three):
    view = readiness_view(three, member(A), Selection())
    assert view.finding == (
        "Overall readiness is 58 of 100; weakest: Resources (29). "
        "Partners are 25 points or more apart in 1 area: Vision."
    )
    codes = shown.codes_of(view)
    by_id = {one.statement.id: one for one in view.statements}
    assert sentence.of_statement(view, by_id["VIS3"], codes) == (
        "Topic VIS3: 1 partner: Fully in place; 1 partner: Not started."
    )
    assert sentence.of_statement(view, by_id["GOV3"], codes) == (
        "Topic GOV3: 1 partner: Don't know; 1 partner: Talked about."
    )
    assert sentence.why(view, by_id["RES1"], codes) == (
        "Topic RES1: 2 partners: Talked about. It belongs to the weakest area."
    )
    assert by_id["RES1"].is_split.value
    assert (
        sentence.of_replies(view, by_id["RES1"])
        == "Leader: Fully in place; Finance: Not started, Not started"
    )
    assert [one.statement.id for one in view.statements_of("VIS", Kind.STRENGTH)] == ["VIS1", "VIS2"]
    assert shown.listed(view, "VIS", Kind.DISAGREEMENT) == [
        {
            "statement": "VIS3",
            "sentence": "Topic VIS3: 1 partner: Fully in place; 1 partner: Not started.",
            "prepare": "Write VIS3 down",
        }
    ]
    (difference,) = view.differences
    assert sentence.of_difference(view, difference) == (
        "Resources: Leader (100) and Finance (0) see it differently."
    )
    assert shown.report_preparations(view)[0]["prepare"] == "Write RES1 down"


def test_the_map_as_rows_and_as_a_table(three):
    view = readiness_view(three, member(A), Selection())
    cells = {(one["row"], one["area"]): one for one in shown.map_rows(view)}
    assert (cells[A, "RES"]["text"], cells[A, "RES"]["spread"]) == ("33", "0 – 100")
    assert cells[C, "VIS"]["text"] == "–"
    assert cells[B, "VIS"]["spread"] == ""
    table = shown.map_table(view)
    assert [one["Organisation"] for one in table] == [
        *("Town X00", "Town X01", "Town X02 (candidate)"),
        *("Mean of partners", "Range of partners", "National median"),
    ]
    assert table[0]["Resources"] == "33 (0 – 100)"
    assert table[2]["Vision"].startswith("Too many blind spots")
    assert table[4]["Vision"] == "58 – 100"
    assert [one["Area"] for one in shown.progress_table(view)] == []
    assert len(shown.area_rows(view)) == 3
    assert shown.role_table(view)[0] == {
        "Role": "Leader",
        "Respondents": "1",
        "Vision": "100",
        "Resources": "100",
        "Governance": "58",
    }
    evidence = shown.reply_rows(view.statements[0])
    assert [(one["role"], one["evidence"]) for one in evidence] == [
        ("Leader", ["Seen by leader"]),
        ("Finance", ["Seen by finance", "Seen by finance"]),
    ]


def test_a_candidates_fit(three):
    for viewer in (member(A), member(B), member(C), OPERATOR):
        (fit,) = readiness_view(three, viewer, Selection()).fits
        assert (fit.lifts, fit.lowers, fit.weakest_after) == (("GOV",), ("RES",), ("RES",))
        assert fit.weakest_change.value == pytest.approx((33 + 25 + 25) / 3 - 29)
        first = [one.statement.id for one in fit.first]
        assert first[:2] == ["VIS3", "GOV3"]
    view = readiness_view(three, member(A), Selection())
    assert sentence.of_fit(view, view.fits[0]) == (
        "It would lift Governance. It would lower Resources. The weakest area would then be Resources "
        "(−1 points)."
    )
    assert sentence.to_agree(view, view.fits[0].first[0], shown.codes_of(view)) == (
        "Topic VIS3: the candidate Not started; 1 partner: Fully in place; 1 partner: Not started."
    )
    assert shown.move_table(view.fits[0].moves)[0]["Then"] == "79"


def test_one_organisation_alone_has_its_statements(store):
    write_past(store, past({A: ("2026", ("ict", "40? 333 444"))}, confidential=True))
    view = readiness_view(store, member(A), Selection())
    assert view.is_alone
    cells = shown.statement_rows(view)
    assert [one["text"] for one in cells] == ["4", "0", "?", "3", "3", "3", "4", "4", "4"]
    assert [one["state"] for one in cells[:3]] == [4, 0, None]
    assert cells[1]["sentence"] == "Topic VIS2: Not started."
    assert view.notes[0] == "Confidential: only members of your own organisation see this."
    assert view.prepare[:2] == ("VIS2", "VIS3")
    assert {one.states.withheld for one in view.statements} == {"few_partners"}
    table = shown.statement_table(view, view.statements_of("VIS"))
    assert table[1]["Our own"] == "Not started"
    assert "Partners" not in table[1]


def test_an_older_version_in_the_round_before(store):
    old = small_readiness("0.9", statements=tuple(one for one in READINESS.statements if one.id != "VIS3"))
    (id_,) = write_past(store, past({A: ("2026", ("ict", FULL))}))
    start_partnership_round(store, id_, 1, old, "Ann")
    reply(store, id_, A, ("ict", "22- 222 222"))
    view = readiness_view(store, member(A), Selection(), Wish(number="2"))
    assert view.instrument.version == "0.9"
    assert view.own.cells[0].change.value == -50
    assert view.statements[0].previous.value == 4
    start_partnership_round(store, id_, 2, READINESS, "Ann")
    reply(store, id_, A, ("ict", FULL))
    newer = readiness_view(store, member(A), Selection(), Wish(number="3"))
    assert newer.statements[2].previous.withheld == "not_completed"


# ── Seasons ────────────────────────────────────────────────────────────────────────────────────


def alone(store, count, first=4):
    write_past(
        store,
        *(past({code_of(first + place): ("2026", ("ict", HALF))}) for place in range(count)),
    )


def test_medians_stand_on_a_closed_season_and_steps_of_five(store):
    write_past(store, past({A: ("2026", ("ict", "333 222 111"))}))
    alone(store, 7)
    for viewer in (member(A), PUBLIC):
        assert (
            readiness_view(store, viewer, Selection(round="2026")).overall is None
            or not readiness_view(store, viewer, Selection(round="2026")).overall.median.is_released
        )
    provisional = readiness_view(store, OPERATOR, Selection(round="2026"))
    assert provisional.overall.median.value == 50
    close_round(store, "2026")
    view = readiness_view(store, PUBLIC, Selection())
    assert (view.overall.median.value, view.overall.organisations.value) == (50, 8)
    assert view.finding == "The national median of overall scores is 50, over 8 organisations."
    open_round(store, "2027")
    assert readiness_view(store, member(A), Selection()).choice.round.label == "2026"


@pytest.mark.parametrize(("count", "is_told"), [(5, False), (6, True)])
def test_a_median_needs_seven(store, count, is_told):
    write_past(store, past({A: ("2026", ("ict", HALF))}))
    alone(store, count)
    close_round(store, "2026")
    assert readiness_view(store, member(A), Selection()).overall.median.is_released is is_told


def test_a_median_is_not_told_where_partners_know_all_but_two(store):
    write_past(store, past({code_of(place): ("2026", ("ict", HALF)) for place in range(6)}))
    alone(store, 2, first=6)
    close_round(store, "2026")
    for viewer in (member(A), PUBLIC):
        assert not readiness_view(store, viewer, Selection()).overall.median.is_released
    alone(store, 3, first=8)
    close_round(store, "2026")
    for viewer in (member(A), PUBLIC):
        assert readiness_view(store, viewer, Selection()).overall.median.is_released


# ── The command line's wishes ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("selection", "wish", "says"),
    [
        (Selection(cohort="all"), Wish(), "no group"),
        (Selection(survey="dma"), Wish(), "no instrument of readiness"),
        (Selection(round="1999"), Wish(), "no round called 1999"),
        (Selection(organisation=code_of(13)), Wish(), "may not see the figures"),
        (Selection(), Wish(number="4"), "no round 4"),
    ],
)
def test_a_wish_that_cannot_be_followed_is_refused(world, selection, wish, says):
    store, clubs = world
    with pytest.raises(SelectionError, match=says):
        readiness_figures(store, member(clubs[0].founder), selection, wish)
