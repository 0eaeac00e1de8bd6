"""Two curious people compare notes over every profile and group, and work out what they can be sure of.

They know their own answers, who takes part and where, and how the figures are made. A logic of theirs goes
over sets: of each one that they know a range for, and of what two of them differ by, are all the others sure
to have a criterion, or to be at a level? The judge has the raw answers.
"""

import json
import random
from math import ceil, floor

import pytest

from improve import commands, disclosure
from improve.model import Role, Selection, Viewer
from improve.register import built_in_cohorts
from improve.views import choice
from improve.views.maturity import maturity_view
from improve.views.maturity_shown import maturity_as_json
from tests.attack.switch import set_to
from tests.attack.test_maturity import code_of, tell_of_groups
from tests.factory import NO, YES, make_organisation, make_store, small_maturity, write_assessed

INSTRUMENT = small_maturity()
LABEL = "2026"
PLACES = (
    ("Wales", "Wales", "Welsh unitary"),
    ("England", "London", "London borough"),
    ("England", "South West", "district"),
    ("England", "South West", "unitary"),
)
SIZES = (7, 8, 10, 14, 22)
DELEGATE, MEMBER = Viewer(Role.DELEGATE, code_of(0)), Viewer(Role.MEMBER, code_of(1))
WHO = (DELEGATE, MEMBER, Viewer(Role.FACILITATOR), Viewer(Role.PUBLIC))


class Town:
    """A closed round of so many organisations, with their answers as yes (True) and no."""

    def __init__(self, folder, raw, places, name):
        self.raw = raw
        self.organisations = tuple(
            make_organisation(code_of(at), **dict(zip(("nation", "region", "type"), place, strict=True)))
            for at, place in enumerate(places)
        )
        self.store = make_store(folder, organisations=self.organisations, name=f"{name}.duckdb")
        answers = {
            code_of(at): {item: YES if has else NO for item, has in given.items()}
            for at, given in enumerate(self.raw)
        }
        write_assessed(self.store, {LABEL: answers}, closed=(LABEL,))

    def level(self, town, function):
        at = 0
        for level in (1, 2, 3):
            here = [
                self.raw[town][one.id]
                for one in INSTRUMENT.criteria
                if one.function == function and one.level == level
            ]
            if not all(here):
                return at
            at = level
        return at

    def groups(self):
        """Key -> places of its members, of every built-in group."""
        return {
            one.key: frozenset(int(code[1:]) for code in one.members)
            for one in built_in_cohorts(self.organisations)
        }


def random_town(folder, size, seed):
    chance = random.Random(seed)
    ease = {one.id: 1.2 - 0.3 * one.level + chance.gauss(0, 0.35) for one in INSTRUMENT.criteria}
    able = [chance.gauss(0, 0.3) for _town in range(size)]
    places = [chance.choices(PLACES, (5, 3, 4, 1))[0] for _town in range(size)]
    raw = [{item: chance.random() < ease[item] + able[town] for item in ease} for town in range(size)]
    return Town(folder, raw, places, f"{size}-{seed}")


def even_town(folder):
    """Of eight the two curious ones are at levels 0 and 3, and all the others at 2."""
    levels = (0, 3, *[2] * 6)
    raw = [{one.id: one.level <= level for one in INSTRUMENT.criteria} for level in levels]
    return Town(folder, raw, [PLACES[0]] * 8, "even")


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    folder = tmp_path_factory.mktemp("towns")
    made = [even_town(folder), *(random_town(folder, size, seed) for size in SIZES for seed in range(2))]
    yield made
    for one in made:
        one.store.close()


def notebook(town):
    """What all of them are told: a list of (group, JSON of the profile)."""
    return [
        (key, maturity_as_json(maturity_view(town.store, viewer, Selection(round=LABEL, cohort=key))))
        for key in town.groups()
        for viewer in WHO
    ]


# The logic of two who compare notes


def numbers_behind(word, n):
    """From how many to how many of n the word means; they know how far the words at the ends reach."""
    reach = max(0.15 * n, disclosure.SAFE_COUNT)
    if word in ("few", "fewer than half"):
        return 0, min(n, floor(reach + 1e-9))
    if word in ("nearly all", "more than half"):
        return max(0, ceil(n - reach - 1e-9)), n
    tenth = int(word.split()[1])
    fitting = [one for one in range(n + 1) if min(8, max(2, floor(one / n * 10 + 0.5))) == tenth]
    fitting = [one for one in fitting if reach + 1e-9 < one < n - reach - 1e-9]
    return fitting[0], fitting[-1]


def numbers_from(value, place, n, least):
    """From how many to how many of n are at level `least` or above, by a quantile at this place (from 0)."""
    below, above = floor(place), ceil(place)
    pairs = [
        (one, other)
        for one in range(4)
        for other in (range(one, 4) if above > below else [one])
        if abs(one + (place - below) * (other - one) - value) <= 0.051
    ]
    low = min(n - below if one >= least else n - above if other >= least else 0 for one, other in pairs)
    high = max(
        n if one >= least else n - 1 - below if other >= least else n - 1 - above for one, other in pairs
    )
    return low, high


def sure(ranges, mine):
    """Place -> yes or no, where they are sure; `ranges`: set -> (from, to), `mine`: place -> yes or no."""
    known = dict(ranges)
    for one, (low, high) in ranges.items():
        for other, (other_low, other_high) in ranges.items():
            if other < one:
                rest, was = one - other, known.get(one - other, (0, len(one - other)))
                known[rest] = max(was[0], low - other_high), min(was[1], high - other_low)
    found = {}
    for members, (low, high) in known.items():
        others = members - set(mine)
        already = sum(mine.get(one, False) for one in members)
        if high - already <= 0:
            found |= dict.fromkeys(others, False)
        elif low - already >= len(others):
            found |= dict.fromkeys(others, True)
    return found


def sure_of_answers(town, notes):
    """(place, criterion) -> answer, of which they are sure."""
    groups, found = town.groups(), {}
    whole = {one["id"]: one["peers"].get("value") for one in notes[0][1]["criteria"]}
    told = {key: {one["id"]: one["peers"].get("value") for one in note["criteria"]} for key, note in notes}
    for item, word in whole.items():
        ranges = {}
        for key, members in groups.items():
            # Where the words of a group are the whole's throughout, they are the whole's.
            if told[key][item] is not None and (key == "all" or told[key] != whole):
                ranges[members] = numbers_behind(told[key][item], len(members))
        if word is None:
            continue
        mine = {place: town.raw[place][item] for place in (0, 1)}
        for place, has in sure(ranges, mine).items():
            found[place, item] = has
    for _key, note in notes:
        found |= sure_by_level(town, note)
    return found


def sure_by_level(town, note):
    """What is told of those at the next level: that it is told, where all the others must be there."""
    found = {}
    for one in note["functions"]:
        beyond = one["next_level"].get("value")
        items = [each for each in note["criteria"] if each["function"] == one["id"]]
        if beyond is None or not any(each["ahead"].get("value") for each in items):
            continue
        mine = [town.level(place, one["id"]) for place in (0, 1)]
        there = sum(level == beyond for level in mine)
        if 7 - there >= len(town.raw) - 2:
            met = [each["id"] for each in items if each["level"] <= beyond]
            found |= {(place, item): True for place in range(2, len(town.raw)) for item in met}
    return found


def sure_of_levels(town, notes):
    """(place, function) -> level, of which they are sure."""
    groups, found = town.groups(), {}
    for at, function in enumerate(one.id for one in INSTRUMENT.functions):
        least = {}
        for level in (1, 2, 3):
            ranges = {}
            for key, note in notes:
                n, figures = len(groups[key]), note["functions"][at]["level"]
                name = "median" if key == "all" else "cohort_median"
                quantiles = [((n - 1) / 2, figures[name].get("value"))]
                if key == "all" and "value" in figures["quartiles"]:
                    low, high = figures["quartiles"]["value"]
                    quantiles += [((n - 1) / 4, low), ((n - 1) * 3 / 4, high)]
                for place, value in quantiles:
                    if value is not None:
                        low, high = numbers_from(value, place, n, level)
                        was = ranges.get(groups[key], (0, n))
                        ranges[groups[key]] = max(low, was[0]), min(high, was[1])
            mine = {place: town.level(place, function) >= level for place in (0, 1)}
            least[level] = sure(ranges, mine)
        for place in range(2, len(town.raw)):
            for level in range(4):
                is_there = level == 0 or least[level].get(place) is True
                if is_there and (level == 3 or least[level + 1].get(place) is False):
                    found[place, function] = level
    return found


def won(towns):
    """Everything that they are sure of, and right; their logic is never sure of what is wrong."""
    found = []
    for town in towns:
        notes = notebook(town)
        for (place, item), has in sure_of_answers(town, notes).items():
            assert town.raw[place][item] is has, (place, item)
            found.append((place, item))
        for (place, function), level in sure_of_levels(town, notes).items():
            assert town.level(place, function) == level, (place, function)
            found.append((place, function))
    return found


def test_they_are_sure_of_nothing(towns):
    assert won(towns) == []


@pytest.mark.parametrize(
    "switch_off",
    [
        pytest.param(tell_of_groups, id="no shares of groups"),
        pytest.param(set_to(disclosure, "SAFE_COUNT", 0), id="words reach away from the ends"),
        pytest.param(set_to(disclosure, "MINIMUM_FOR_TIED_QUARTILES", 8), id="quartiles from thirteen"),
    ],
)
def test_without_a_rule_the_same_logic_wins(towns, switch_off, monkeypatch):
    switch_off(monkeypatch)
    assert won(towns)


def test_what_they_read_is_in_steps_and_names_nobody(towns):
    for town in towns:
        for key, note in notebook(town):
            assert note["cohort"] == key
            own = (note["organisation"] or {}).get("code")
            text = json.dumps(note)
            assert not [one for one in town.organisations if one.code != own and one.name in text]
            for one in (note["overall"], note["provision"], note["take_up"], *parts(note)):
                for name, step in (("median", 20), ("cohort_median", 20), ("quartiles", 20)):
                    value = one[name].get("value")
                    for number in value if isinstance(value, list) else [value or 0]:
                        assert abs(number * step - round(number * step)) < 1e-9
                for name in ("organisations", "cohort_organisations"):
                    assert one[name].get("value") in (
                        None,
                        len(town.groups()["all" if name[0] == "o" else key]),
                    )


def parts(note):
    return (one[name] for one in note["functions"] for name in ("level", "share", "commitment"))


def test_an_address_and_a_command_give_no_right(towns):
    town = towns[-1]
    for viewer in WHO:
        role = viewer.role.value + (f":{viewer.organisation}" if viewer.organisation else "")
        wish = {"round": LABEL, "role": role, "organisation": code_of(5)}
        outcome = commands.run(town.store, "figures maturity", wish, {})
        assert (outcome.status, outcome.result) == (2, None)
        view = maturity_view(town.store, viewer, Selection(round=LABEL, organisation=code_of(5)))
        assert view.choice.organisation is None or view.choice.organisation.code == viewer.organisation


def test_drafts_and_late_ones_move_nothing_that_others_read(towns):
    town = towns[1]
    before = notebook(town)
    other = {code_of(3): dict.fromkeys((one.id for one in INSTRUMENT.criteria), YES)}
    write_assessed(town.store, {LABEL: other})
    choice.cohort_reasons.cache_clear()
    assert notebook(town) == before
