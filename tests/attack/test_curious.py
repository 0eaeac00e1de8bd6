"""A curious delegate and a member of another council read everything they can, and compare notes.

They look at every page's figures and at the command line, in every round, group, profile question and
address, before and after an import; what they were told is one notebook. Then they try: does any number
in it equal somebody else's hidden figure; does the whole less the shown groups leave a few people; is
any number below its minimum; is anybody named? The judge has the raw answers.
"""

import json
import random
from statistics import mean

import pytest

from improve import commands
from improve.errors import ImproveError
from improve.model import Role, Selection, Viewer
from improve.store import write_responses
from improve.views.comments import Band, Wish, comments_view
from improve.views.gap import COMPARED, gap_view
from improve.views.gap_shown import position_table, table_rows
from improve.views.response import response_view
from improve.views.scores import scores_view
from improve.views.trend import trend_view
from tests.attack.test_people import OWN, SURVEY
from tests.factory import make_delivery, make_organisation, make_store

ROUNDS = ("2024", "2025", "2026")
OTHER = "X01"
FIGURES = ("satisfaction", "gap", "trend", "response")
PLACES = (
    ("Wales", "Wales", "Welsh unitary"),
    ("England", "London", "London borough"),
    ("England", "London", "City corporation"),
)


def answers(chance, people):
    """Of a number of people that few others have, so that an exact mean is nobody else's."""

    def rating(centre):
        return [min(5, max(1, round(chance.gauss(centre, 1)))) for _ in range(people)]

    found = {
        (item, one): rating(chance.uniform(2.5, 4.5))
        for item in ("A1", "A2")
        for one in ("importance", "satisfaction")
    }
    areas = chance.choices(("Adults", "Housing", "Roads", "Parks", None), (8, 5, 2, 1, 1), k=people)
    jobs = chance.choices(("Desk", "Field", "Chief"), (6, 5, 1), k=people)
    texts = [f"{chance.choice(('Slow', 'Good', 'Fine'))} Wi-Fi {place}" for place in range(people)]
    return {**found, "OVR": rating(3.4), "AREA": areas, "JOB": jobs, "COM": texts}


def world(folder, seed):
    chance = random.Random(seed)
    sizes = [*chance.sample([23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97], 12), 9, 7]
    codes = [f"X{place:02d}" for place in range(14)]
    raw = {
        label: {
            code: answers(chance, size)
            for code, size in zip(codes, sizes, strict=True)
            if code in (OWN, OTHER) or label == ROUNDS[-1] or chance.random() < 0.85
        }
        for label in ROUNDS
    }
    organisations = tuple(
        make_organisation(code, **dict(zip(("nation", "region", "type"), PLACES[place % 3], strict=True)))
        for place, code in enumerate(codes)
    )
    store = make_store(
        folder, raw, survey=SURVEY, organisations=organisations, closed=ROUNDS, name=f"{seed}.duckdb"
    )
    return store, raw


def told(store, viewer):
    """Everything that one person is told: figures of all pages and commands, and whatever addresses give."""
    role = viewer.role.value + (f":{viewer.organisation}" if viewer.organisation else "")
    notes = []
    for label in ROUNDS:
        for cohort in (None, "Wales", "London", "London boroughs", "City corporations"):
            for name in FIGURES:
                arguments = {
                    "round": label,
                    "role": role,
                    "cohort": cohort,
                    "organisation": viewer.organisation,
                }
                extras = ({}, {"by": "job"}) if name == "response" else ({},)
                notes += [
                    commands.run(store, f"figures {name}", {**arguments, **extra}, {}).result
                    for extra in extras
                ]
        for wanted in (None, "X05", "nonsense"):
            selection = Selection(organisation=wanted, round=label)
            views = [scores_view, trend_view, response_view]
            notes += [
                repr([getattr(one, "mean", "") for one in scores_view(store, viewer, selection).scores])
            ]
            notes += [view(store, viewer, selection).finding for view in views]
            for compared in (None, "groups", *COMPARED):
                view = gap_view(store, viewer, selection, aspect="A1", compared=compared)
                notes += [table_rows(view), position_table(view.positions)]
            for wish in (Wish(), Wish(words="slow"), *(Wish(band=band.value) for band in Band)):
                view = comments_view(store, viewer, selection, wish)
                notes.append([one.text for one in view.comments])
    return notes


def numbers(value):
    """Every number of a notebook, however deep."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from numbers(one)


def hidden(raw, own):
    """Exact figures of everybody but one: scores, gaps, and changes from round to round."""
    found = {}
    for label, taking_part in raw.items():
        for code, given in taking_part.items():
            if code == own:
                continue
            for item, values in given.items():
                if item not in ("AREA", "JOB", "COM"):
                    found[label, code, item] = mean(values)
            for item in ("A1", "A2"):
                found[label, code, item, "gap"] = mean(given[item, "importance"]) - mean(
                    given[item, "satisfaction"]
                )
    for (label, code, *item), value in list(found.items()):
        before = found.get((str(int(label) - 1), code, *item))
        if before is not None:
            found[label, code, *item, "change"] = value - before
    # What is a whole number of tenths may be met by chance, in any median.
    return {key: value for key, value in found.items() if abs(value * 20 - round(value * 20)) > 1e-6}


def fields(value, *names):
    """The released values of all fields with these names."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name in names and isinstance(one, dict) and "value" in one:
                yield name, one["value"]
            yield from fields(one, *names)
    elif isinstance(value, list):
        for one in value:
            yield from fields(one, *names)


@pytest.fixture(scope="module", params=range(2))
def town(request, tmp_path_factory):
    store, raw = world(tmp_path_factory.mktemp("curious"), request.param)
    yield store, raw
    store.close()


WHO = (Viewer(Role.DELEGATE, OWN), Viewer(Role.MEMBER, OTHER), Viewer(Role.FACILITATOR), Viewer(Role.PUBLIC))


def test_nobody_is_told_anothers_figure(town):
    store, raw = town
    for viewer in WHO:
        known = sorted({round(one, 9) for one in numbers(told(store, viewer))})
        secrets = hidden(raw, viewer.organisation)
        mine = {round(one, 9) for one in hidden(raw, None).values()} - {
            round(one, 9) for one in secrets.values()
        }
        leaked = {
            key for key, value in secrets.items() if round(value, 9) in known and round(value, 9) not in mine
        }
        assert not leaked, (viewer, sorted(leaked)[:3])
        assert len(known) > 20


def test_two_who_compare_notes_find_no_third(town):
    """Their sums, differences and what is left of peers' means: nobody else's score or change."""
    store, raw = town
    first, second = (set(numbers(told(store, viewer))) for viewer in WHO[:2])
    ours = {round(value, 7) for key, value in hidden(raw, None).items() if key[1] in (OWN, OTHER)}
    secrets = {round(value, 7): key for key, value in hidden(raw, OWN).items() if key[1] != OTHER}
    fine = [one for one in first | second if 0 < abs(one) < 5 and abs(one * 20 - round(one * 20)) > 1e-6]
    coarse = [place / 10 for place in range(-50, 51)]
    for one in fine:
        if round(one, 7) in ours:
            continue
        for other in coarse:
            found = secrets.get(round(one + other, 7))
            assert found is None, (one, other, found)


def test_what_is_left_of_the_whole_is_nobody(town):
    store, _raw = town
    for label in ROUNDS:
        for role in (Role.DELEGATE, Role.MEMBER):
            for by in ("service_area", "job"):
                view = response_view(store, Viewer(role, OTHER), Selection(round=label), by=by)
                shown = [one.responses.value for one in (view.chosen.groups if view.chosen else ())]
                if role is Role.DELEGATE:
                    assert not [one for one in shown if one is not None]
                if any(one is not None for one in shown):
                    left = view.responses.value - sum(one or 0 for one in shown)
                    assert left == 0 or (left >= 10 and len(shown) - len([one for one in shown if one]) >= 1)


def test_no_number_is_below_its_minimum(town):
    store, _raw = town
    for viewer in WHO:
        for name, value in fields(told(store, viewer), "n", "responses", "organisations", "answers"):
            assert value >= (7 if name == "organisations" else 10), (viewer, name, value)


def test_nobody_is_named(town):
    store, raw = town
    for viewer in WHO:
        notes = json.dumps(told(store, viewer), default=str)
        for code in raw[ROUNDS[-1]]:
            assert code == viewer.organisation or f"Town {code}" not in notes, (viewer, code)


def test_a_late_file_moves_nothing_that_others_are_told(town):
    """What all are told before and after somebody's file came in: the newcomer's figures are in neither."""
    store, raw = town
    before = {viewer: told(store, viewer) for viewer in WHO}
    late = answers(random.Random(99), 101)
    write_responses(store, [make_delivery(SURVEY, ROUNDS[-1], "X05", late)], replace=True)
    try:
        for viewer in WHO:
            pooled = viewer.role is Role.FACILITATOR
            assert told(store, viewer) == before[viewer] or pooled
    finally:
        write_responses(
            store, [make_delivery(SURVEY, ROUNDS[-1], "X05", raw[ROUNDS[-1]]["X05"])], replace=True
        )


@pytest.mark.parametrize("viewer", WHO, ids=lambda viewer: viewer.role.value)
def test_an_address_gives_no_right(town, viewer):
    store, _raw = town
    for name in FIGURES:
        arguments = {"round": "2026", "organisation": "X05", "role": "member:" + OWN}
        outcome = commands.run(store, f"figures {name}", arguments, {})
        assert outcome.status == 2
        assert outcome.result is None
    view = scores_view(store, viewer, Selection(organisation="X05", round="2026"))
    assert view.choice.organisation is None or view.choice.organisation.code == viewer.organisation
    with pytest.raises(ImproveError):
        commands.viewer_of(store, "god")
