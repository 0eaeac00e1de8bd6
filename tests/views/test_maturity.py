"""The Digital maturity view: against the oracle in small random worlds, and by hand."""

import json
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from improve.disclosure import Reason
from improve.errors import SelectionError
from improve.instruments import Category, Criterion, CriterionTag
from improve.model import Role, Selection, Viewer
from improve.scoring import Mark
from improve.store import close_round, open_round, write_organisations
from improve.views import maturity_sentence as sentence
from improve.views import maturity_shown as shown
from improve.views.maturity import maturity_figures, maturity_view
from improve.views.maturity_shown import Measure
from tests.factory import LETTERS, assessed, make_organisation, make_store, small_maturity, write_assessed
from tests.views.oracle_maturity import Given, Look, Profile, Season
from tests.views.world import PLACES, differences, plain, viewer_of

ROUNDS = ("2024", "2025", "2026")
OPERATOR, PUBLIC = Viewer(Role.OPERATOR), Viewer(Role.PUBLIC)


def criterion(id_, function, level, *tags):
    return Criterion(id=id_, function=function, level=level, topic=id_, text=f"There is {id_}", tags=tags)


def versions():
    """The usual instrument; an older one without SAFE; a newer one with one more criterion and function."""
    usual = small_maturity("1.9")
    older = small_maturity(
        "1.2",
        functions=usual.functions[:2],
        criteria=tuple(one for one in usual.criteria if one.function != "SAFE"),
    )
    extra = (
        criterion("WEB3c", "WEB", 3, CriterionTag.TAKE_UP),
        criterion("DATA2a", "DATA", 2, CriterionTag.COMMITMENT, CriterionTag.PROVISION),
    )
    newer = small_maturity(
        "1.10",
        functions=(*usual.functions, Category(id="DATA", name="Data")),
        criteria=(*usual.criteria, *extra),
    )
    return {one.version: one for one in (usual, older, newer)}


VERSIONS = versions()
FORMS = {
    version: {one.id: (one.function, one.level, tuple(one.tags)) for one in instrument.criteria}
    for version, instrument in VERSIONS.items()
}


@dataclass
class World:
    organisations: tuple
    store: object
    seasons: list
    kept: dict = field(default_factory=dict)

    def profile(self, look):
        """What the oracle has for a look."""
        if look not in self.kept:
            places = {one.code: (one.nation, one.region, one.type) for one in self.organisations}
            self.kept[look] = Profile(self.seasons, places, FORMS, look).figures()
        return self.kept[look]


def random_given(chance, version, bias):
    """Better at low levels; here and there a function to which nothing applies."""
    letters, nothing = {}, {one for one in ("LEAD", "WEB", "SAFE", "DATA") if chance.random() < 0.04}
    for id_, (function, level, _tags) in FORMS[version].items():
        if function in nothing or chance.random() < 0.06:
            letters[id_] = "-"
        else:
            letters[id_] = "y" if chance.random() < bias - 0.15 * level else chance.choice("nnn?")
    return Given(version, letters)


def write(store, label, given, day):
    for version, instrument in VERSIONS.items():
        answers = {
            code: {id_: LETTERS[letter] for id_, letter in one.letters.items()}
            for code, one in given.items()
            if one.version == version
        }
        if answers:
            write_assessed(store, {label: answers}, instrument=instrument, day=day)


def random_world(seed, folder):
    """1 to 30 organisations in three rounds, with late arrivals, answers given again, and moves."""
    chance = random.Random(seed)
    size = chance.choice((1, 6, 7, 8, 11, 12, 13, 16, 22, 30, 30))
    organisations = [
        make_organisation(f"X{number:02d}", **dict(zip(("nation", "region", "type"), place, strict=True)))
        for number in range(size + 3)
        for place in (chance.choice(PLACES if number % 3 else PLACES[:2]),)
    ]
    store = make_store(folder, organisations=tuple(organisations), name=f"{seed}.duckdb")
    usual = chance.choice((("1.9",), ("1.9", "1.9", "1.10"), ("1.2", "1.9", "1.10")))
    low = chance.choice((0.3, 0.5, 0.8))
    bias = {one.code: chance.uniform(low, low + 0.8) for one in organisations}
    open_rounds = chance.choice(((), ("2026",), ("2025",), ("2025", "2026")))
    seasons = []
    for number, label in enumerate(ROUNDS):
        day = datetime(int(label), 3, 1, 9)
        share = chance.choice((0.0, 0.7, 1.0, 1.0)) if number < 2 else 1.0
        now = {
            one.code: random_given(chance, chance.choice(usual), bias[one.code])
            for one in organisations[:size]
            if chance.random() < share
        }
        open_round(store, label)
        write(store, label, now, day)
        places = {one.code: (one.nation, one.region, one.type) for one in organisations if one.code in now}
        closing = None
        if label not in open_rounds:
            close_round(store, label)
            closing = dict(now)
            late = {
                one.code: random_given(chance, chance.choice(usual), 1.4)
                for one in organisations[:size]
                if chance.random() < (0.1 if one.code in now else 0.6)
            }
            write(store, label, late, day + timedelta(days=9))
            now |= late
            moved = chance.randrange(size)
            organisations[moved] = replace(organisations[moved], nation="Scotland", region="Scotland")
            write_organisations(store, organisations)
        seasons.append(Season(label, now, closing, places))
    return World(tuple(organisations), store, seasons)


def written(view):
    """The view as a program reads it: through the text of its JSON."""
    return json.loads(json.dumps(shown.maturity_as_json(view), allow_nan=False))


def figures_of(view):
    """What a view releases, in the oracle's form."""
    found = written(view)
    if found["instrument"] is None:
        return None

    def flat(one, *names):
        return {name: plain(one[name]) if isinstance(one[name], dict) else one[name] for name in names}

    def measured(one):
        return flat(one, *one)

    return {
        "cohort": found["cohort"],
        "version": found["instrument"]["version"],
        **{one: measured(found[one]) for one in ("overall", "provision", "take_up")},
        "functions": [
            {
                **{name: measured(one[name]) for name in ("level", "share", "commitment")},
                **flat(
                    one,
                    *("id", "next_level", "missing", "next_step", "to_find_out", "level_if_found"),
                    *("not_applicable", "applicable", "change", "levels"),
                ),
            }
            for one in found["functions"]
        ],
        "criteria": [
            flat(one, "id", "function", "answer", "previous", "peers", "ahead") for one in found["criteria"]
        ],
    }


COHORTS = ("all", "nation:England", "nation:Wales", "region:London", "type:London borough", "type:district")
SEEDS = (0, 2, 5, 7, 8, 10, 14, 19, 21)
"""Of 13, 1, 30, 12, 8, 30, 6, 30 and 7 organisations; together they reach every word and reason."""


def looks_at(world, season):
    """Everybody who may look at a round, and every cohort."""
    codes = [one.code for one in world.organisations]
    known = sorted({code for one in world.seasons for code in one.now})
    for number, cohort in enumerate(COHORTS):
        if known:
            yield Look("operator", None, known[number % len(known)], season.label, cohort)
        yield Look("facilitator", None, None, season.label, cohort)
        yield Look("member", codes[(number * 3 + 1) % len(codes)], None, season.label, cohort)
        yield Look("delegate", codes[(number * 5 + 2) % len(codes)], None, season.label, cohort)
        if season.closing is not None:
            yield Look("public", None, None, season.label, cohort)
    for code in codes[::3]:
        yield Look("member", code, None, season.label, "region:London")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    made = {}

    def world(seed):
        if seed not in made:
            made[seed] = random_world(seed, tmp_path_factory.mktemp("worlds"))
        return made[seed]

    yield world
    for one in made.values():
        one.store.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_equals_the_oracle_or_is_withheld_for_the_same_reason(seed, worlds):
    world = worlds(seed)
    for season in world.seasons:
        for look in looks_at(world, season):
            selection = Selection(organisation=look.organisation, round=look.round, cohort=look.cohort)
            found = figures_of(maturity_view(world.store, viewer_of(look), selection))
            assert differences(found, world.profile(look)) == [], look


def test_the_worlds_reach_every_word_and_reason(worlds):
    """A field of the oracle that were always withheld would be compared with nothing."""
    reached, withheld, words = set(), set(), set()
    for seed in SEEDS:
        world = worlds(seed)
        for season in world.seasons:
            for look in looks_at(world, season):
                found = world.profile(look)
                for path, value in leaves(found):
                    if hasattr(value, "reason"):
                        withheld.add(value.reason)
                    elif value not in (None, [], {}):
                        reached.add(path)
                    if path.endswith(("peers", "ahead")) and isinstance(value, str):
                        words.add((path.rpartition(".")[2], value))
    assert reached >= {
        f"functions.{one}"
        for one in (
            *("level.own", "level.previous", "level.median", "level.quartiles", "level.organisations"),
            *("level.cohort_median", "level.cohort_organisations", "level.median_before"),
            *("share.quartiles", "share.cohort_median", "commitment.own", "commitment.cohort_median"),
            *("next_level", "missing", "next_step", "to_find_out", "level_if_found", "change", "levels"),
        )
    } | {"overall.median", "provision.median", "take_up.cohort_median", "criteria.peers", "criteria.ahead"}
    assert withheld == {
        *("no_organisation", "not_submitted", "no_level", "top_level", "not_asked", "few_organisations"),
        *("cohort_too_close", "collecting", "unknown"),
    }
    tenths = {f"about {one} in 10" for one in range(2, 9)}
    ends = {"few", "nearly all", "fewer than half", "more than half"}
    assert {word for where, word in words if where == "peers"} >= tenths | ends
    assert {word for where, word in words if where == "ahead"} >= ends - {"few"}


def leaves(value, path=""):
    """Every value of a nested object with the way to it, numbers of places left out."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and path in ("functions", "criteria"):
        for one in value:
            yield from leaves(one, path)
    else:
        yield path, value


# ── By hand ────────────────────────────────────────────────────────────────────────────────────

LADDER = (0, 0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6)
"""How many of LEAD's six criteria each of thirteen towns meets, from the lowest up."""


def code_of(number):
    return f"X{number:02d}"


def member(number):
    return Viewer(Role.MEMBER, code_of(number))


def ladder(extra="", safe="nnnnnn"):
    """The towns' answers; `extra` is what they answer in WEB."""
    return {
        code_of(place): assessed("y" * met + "n" * (6 - met), extra or "nnnnnn", safe)
        for place, met in enumerate(LADDER)
    }


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Thirteen towns in a closed round, the ladder; the year before all had met two more in SAFE."""
    store = make_store(
        tmp_path_factory.mktemp("town"),
        organisations=tuple(make_organisation(code_of(place)) for place in range(14)),
    )
    write_assessed(store, {"2025": ladder(safe="yynnnn")}, day=datetime(2025, 3, 2, 9), closed=("2025",))
    write_assessed(store, {"2026": ladder(extra="y-y?nn")}, day=datetime(2026, 3, 2, 9), closed=("2026",))
    yield store
    store.close()


def function_of(view, id_):
    return next(one for one in view.functions if one.id == id_)


def test_levels_shares_and_their_benchmark_by_hand(town):
    view = maturity_view(town, member(6), Selection(round="2026"))
    lead = function_of(view, "LEAD")
    assert lead.level.own.value == 1
    assert lead.level.median.value == 1
    assert lead.level.quartiles.value == (1.0, 2.0)
    assert lead.share.own.value == 0.5
    # 2 of 6 and 4 of 6, in steps of 0.05.
    assert lead.share.quartiles.value == (0.35, 0.65)
    assert lead.share.organisations.value == 13
    # LEAD1a and LEAD2a are decisions; this town took both.
    assert (lead.commitment.own.value, lead.commitment.median.value) == (1.0, 1.0)
    assert (lead.next_level.value, lead.missing.value, lead.next_step) == (2, ("LEAD2b",), "LEAD2b")
    assert lead.change.value == 0
    web = function_of(view, "WEB")
    assert (web.level.own.value, web.share.own.value) == (1, 2 / 5)
    assert (web.not_applicable.value, web.applicable.value) == (1, 5)
    assert (web.to_find_out.value, web.if_found.value) == (("WEB2b",), 2)
    assert [(one.met, one.applicable) for one in web.cells.value] == [(1, 1), (1, 2), (0, 2)]
    safe = function_of(view, "SAFE")
    assert (safe.level.previous.value, safe.level.own.value, safe.change.value) == (1, 0, -1)
    assert safe.level.median_before.value == 1
    # Levels 1, 1 and 0: their median, not their mean.
    assert view.overall.own.value == 1
    assert view.overall.median.value == 1
    assert (view.provision.own.value, view.take_up.own.value) == (1.0, 0.0)
    assert view.submitted_at.value == datetime(2026, 3, 2, 9)


def test_peers_in_words_by_hand(town):
    view = maturity_view(town, member(6), Selection(round="2026"))
    lead = {one.criterion.id: shown.tenths(one.peers) for one in view.criteria_of("LEAD")}
    assert lead == {
        "LEAD1a": "nearly all",  # 11 of 13
        "LEAD1b": "nearly all",  # 10, all but three
        "LEAD2a": "about 5 in 10",  # 7
        "LEAD2b": "about 5 in 10",  # 6
        "LEAD3a": "few",  # 3
        "LEAD3b": "few",  # 2
    }
    # Four towns are at level 2: too few for anything to be told of them.
    assert {one.ahead.withheld for one in view.criteria_of("LEAD")} == {Reason.FEW_ORGANISATIONS}
    answers = {one.criterion.id: one.answer.value for one in view.criteria_of("WEB")}
    assert answers["WEB1b"] is Mark.NOT_APPLICABLE
    assert answers["WEB2b"] is Mark.TO_FIND_OUT


def test_what_those_at_the_next_level_have(tmp_path):
    """Eight towns at level 1, which have some of level 2; three at level 0."""
    words = ["yyyn" if place < 6 else "yynn" for place in range(8)] + ["ynyn", "nnnn", "nnnn"]
    store = make_store(tmp_path, organisations=tuple(make_organisation(code_of(one)) for one in range(11)))
    answers = {code_of(place): assessed(word + "nn") for place, word in enumerate(words)}
    write_assessed(store, {"2026": answers}, closed=("2026",))
    view = maturity_view(store, member(9), Selection())
    ahead = {one.criterion.id: shown.tenths(one.ahead) for one in view.criteria_of("LEAD")}
    assert ahead == {
        "LEAD1a": "more than half",
        "LEAD1b": "more than half",
        "LEAD2a": "more than half",
        "LEAD2b": "fewer than half",
        "LEAD3a": "fewer than half",
        "LEAD3b": "fewer than half",
    }
    # Of its two missing criteria LEAD1a is met by nine and LEAD1b by eight: both "more than half".
    lead = function_of(view, "LEAD")
    assert (lead.missing.value, lead.next_step) == (("LEAD1a", "LEAD1b"), "LEAD1a")
    assert function_of(maturity_view(store, member(8), Selection()), "LEAD").next_step == "LEAD1b"
    store.close()


def test_the_sentences_of_a_function(town):
    view = maturity_view(town, member(6), Selection(round="2026"))
    assert view.finding == (
        "The overall level is 1, the median of all functions. The national median is 1. "
        "Highest: Leading, Website (1). Lowest: Safety (0)."
    )
    web = function_of(view, "WEB")
    assert sentence.of_function(web) == (
        "Website: Level 1, 40% of the criteria met. 1 answer from level 2. 1 criterion does not apply and is "
        "left out. The national median is level 1, 40% met. Last time it was level 0."
    )
    assert sentence.short_state(web) == "level 1 · 40% · 1 to level 2 · 1 n/a"
    assert sentence.find_out(web) == (
        "1 answer is to be found out: that costs least. If it turned out to be a yes, the level would be 2."
    )
    assert sentence.step(web, view.criteria_of("WEB")) == (
        "Most common next step: “Topic WEB2b”. Of all organisations of the round, few have it."
    )
    assert sentence.change_finding(view) == (
        "Since round 2025 the overall level has stayed at 1. The national median was 1 then and is 1 now. "
        "Level risen in Website. Level fallen in Safety. Criteria newly met: 2. No longer met: 2."
    )
    assert sentence.commitment_finding(view) == "More is decided than reached in Leading."
    assert sentence.provision_finding(view) == (
        "100% of the criteria on provision are met, 0% of those on take-up."
    )
    assert view.alt.startswith("Digital maturity by function, levels 0 to 3. The overall level is 1")
    assert shown.function_rows(view, Measure.LEVEL, "WEB")[0]["q3"] == 2.0


def test_whose_figures_they_are(town):
    for viewer, reason in (
        (Viewer(Role.FACILITATOR), Reason.NO_ORGANISATION),
        (PUBLIC, Reason.NO_ORGANISATION),
        (member(13), Reason.NOT_SUBMITTED),
    ):
        for wish in (None, code_of(6)):
            view = maturity_view(town, viewer, Selection(round="2026", organisation=wish))
            assert view.own_reason is reason
            for one in view.functions:
                mine = (one.level.own, one.share.own, one.commitment.own, one.cells, one.missing, one.change)
                assert {figure.withheld for figure in mine} == {reason}
                assert one.next_step is None
                assert one.level.median.is_released
            assert {one.answer.withheld for one in view.criteria} == {reason}
            assert view.submitted_at.withheld is reason
    for role in (Role.MEMBER, Role.DELEGATE):
        view = maturity_view(town, Viewer(role, code_of(12)), Selection(organisation=code_of(6)))
        assert view.choice.organisation.code == code_of(12)
        assert function_of(view, "LEAD").level.own.value == 3
        assert function_of(view, "LEAD").next_level.withheld is Reason.TOP_LEVEL


def test_while_a_round_collects_only_the_operator_sees_its_medians(tmp_path):
    store = make_store(tmp_path, organisations=tuple(make_organisation(code_of(one)) for one in range(13)))
    write_assessed(store, {"2025": ladder()}, day=datetime(2025, 3, 2, 9), closed=("2025",))
    write_assessed(store, {"2026": ladder()})
    view = maturity_view(store, member(6), Selection(round="2026"))
    lead = function_of(view, "LEAD")
    assert (lead.level.own.value, lead.level.previous.value) == (1, 1)
    hidden = (lead.level.median, lead.level.quartiles, lead.level.organisations, view.criteria[0].peers)
    assert {one.withheld for one in hidden} == {Reason.COLLECTING}
    # The year before is closed, and stays to be compared with.
    assert lead.level.median_before.value == 1
    assert not view.is_provisional
    assert view.notes == ("The round is still collecting; medians are made when it is closed.",)
    provisional = maturity_view(store, OPERATOR, Selection(round="2026", organisation=code_of(6)))
    assert function_of(provisional, "LEAD").level.median.value == 1
    assert provisional.is_provisional
    assert provisional.notes[0].startswith("Provisional: this round is still collecting")
    assert maturity_view(store, PUBLIC, Selection(round="2026")).choice.round.label == "2025"
    store.close()


def test_who_arrives_after_closing_moves_nothing(town, tmp_path):
    """Its own figures stand against the benchmark as it was made."""
    organisations = tuple(make_organisation(code_of(one)) for one in range(14))
    store = make_store(tmp_path, organisations=organisations)
    write_assessed(store, {"2026": ladder()}, closed=("2026",))
    before = written(maturity_view(store, PUBLIC, Selection()))
    write_assessed(store, {"2026": {code_of(13): assessed("yyyyyy", "yyyyyy", "yyyyyy")}})
    assert written(maturity_view(store, PUBLIC, Selection())) == before
    late = maturity_view(store, member(13), Selection())
    assert late.overall.own.value == 3
    assert (late.overall.median.value, late.overall.organisations.value) == (0.0, 13)
    store.close()


def test_nothing_to_show(tmp_path):
    store = make_store(tmp_path, organisations=(make_organisation("X00"), make_organisation("X01")))
    empty = maturity_view(store, OPERATOR, Selection())
    assert (empty.instrument, empty.functions) == (None, ())
    assert empty.finding.startswith("There are no assessments yet.")
    open_round(store, "2026")
    empty = maturity_view(store, member(0), Selection())
    assert empty.finding.startswith("No assessment of digital maturity was submitted in round 2026.")
    assert empty.own_reason is Reason.NOT_SUBMITTED
    assert written(empty)["overall"] is None
    write_assessed(store, {"2026": {"X01": assessed("yyyyyy")}}, closed=("2026",))
    few = maturity_view(store, member(0), Selection())
    assert few.overall.median.withheld is Reason.FEW_ORGANISATIONS
    assert few.notes == ("There is no national median: it needs at least 7 organisations.",)
    assert few.finding == "No assessment was submitted in this round."
    store.close()


def test_the_command_line_takes_no_wish_that_cannot_be_followed(town):
    for wish, message in (
        (Selection(round="2099"), "There is no round called 2099"),
        (Selection(round="2026", cohort="nation:Wales"), "There is no group called nation:Wales"),
        (Selection(round="2026", survey="rasp"), "rasp is no instrument of digital maturity; there is: dma"),
        (Selection(round="2026", organisation=code_of(3)), "may not see the figures of Town X03"),
    ):
        with pytest.raises(SelectionError, match=message):
            maturity_figures(town, member(6), wish)
    found = maturity_figures(town, member(6), Selection(round="2026", organisation="Town X06", survey="dma"))
    assert found.overall.own.value == 1
