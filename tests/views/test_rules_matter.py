"""No rule of disclosure is there for show: an attack fails while it stands, and succeeds without it.

An attacker reads released figures alone, through the JSON of the view, in some role; whether a guess
is right is judged against the raw answers. Each attack runs twice: with all rules, and with its own
rule, and no other, switched off.
"""

from contextlib import contextmanager
from statistics import median

import pytest

from improve import disclosure, scoring
from improve.disclosure import Reason
from improve.errors import ImproveError
from improve.model import Role, Selection, Viewer
from improve.store import benchmark as closing
from improve.store import close_round, round_counts, write_responses
from improve.views import choice, ground, season
from improve.views.scores import scores_figures, scores_view
from tests.attack.switch import Rule, set_to
from tests.attack.test_groups import RULES as GROUPS
from tests.attack.test_maturity import RULES as MATURITY
from tests.attack.test_partners import RULES as PARTNERS
from tests.attack.test_people import RULES as PEOPLE
from tests.views.town import LABEL, code_of, delivery, everything, rated, town_store, towns
from tests.views.world import written

PUBLIC, FACILITATOR = Viewer(Role.PUBLIC), Viewer(Role.FACILITATOR)


def member(number):
    return Viewer(Role.MEMBER, code_of(number))


def delegate(number):
    return Viewer(Role.DELEGATE, code_of(number))


@contextmanager
def opened(folder, answers, **facts):
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{len(list(folder.iterdir()))}.duckdb"
    store = town_store(folder, answers, name=name, **facts)
    try:
        yield store
    finally:
        store.close()


def read(store, viewer, item="OVR", **wishes):
    """The figures of an item as {name: value, or None where withheld}; empty where all is refused."""
    try:
        found = written(scores_figures(store, viewer, Selection(round=LABEL, **wishes)))
    except ImproveError:
        return {}
    every = {one["id"]: one for one in (found["overall"], *found["aspects"])}
    figures = {name: one.get("value") for name, one in every[item].items() if isinstance(one, dict)}
    return figures | {name: one.get("value") for name, one in found.items() if name.startswith("resp")}


def is_near(guess, truth, by=0.051):
    return guess is not None and abs(guess - truth) <= by


def mean(answers):
    given = [one for one in answers if one is not None]
    return sum(given) / len(given)


def all_means(answers, item="OVR"):
    return sorted(mean(one[item]) for one in answers)


def ladder(number, first=2.0, step=0.3, n=20):
    """Towns a step apart."""
    return [everything(first + step * place, n) for place in range(number)]


def nine_of(mean_, people=20):
    return rated(mean_, 9) + [None] * (people - 9)


# The attacks: each returns whether it learned what it must not


def own_score_of_nine_answers(folder):
    answers = ladder(8, step=0.2)
    answers[2]["A1"] = nine_of(1.4)
    with opened(folder, answers) as store:
        return is_near(read(store, member(2), "A1")["mean"], mean(answers[2]["A1"]))


def how_many_of_nine_answers(folder):
    answers = ladder(8, step=0.2)
    answers[2]["A1"] = nine_of(1.4)
    with opened(folder, answers) as store:
        return read(store, member(2), "A1")["n"] == 9


def how_many_from_the_share_missing(folder):
    answers = ladder(8, step=0.2)
    answers[2]["A1"] = nine_of(1.4)
    with opened(folder, answers) as store:
        found = read(store, member(2), "A1")
        return found["missing"] is not None and round(found["responses"] * (1 - found["missing"])) == 9


def a_small_towns_score_at_the_end_of_the_spread(folder):
    answers = [*ladder(10, step=0.2), everything(1.2, 9)]
    with opened(folder, answers) as store:
        bins = read(store, delegate(5))["spread"]
        return is_near(bins[0]["score"], mean(answers[10]["OVR"]))


def another_towns_score(folder):
    answers = ladder(8)
    with opened(folder, answers) as store:
        truth, learned = mean(answers[5]["OVR"]), []
        for viewer in (PUBLIC, FACILITATOR, member(2), delegate(2)):
            wish = Selection(round=LABEL, organisation=code_of(5))
            by_page = scores_view(store, viewer, wish).overall.mean.value
            by_command = read(store, viewer, organisation=code_of(5)).get("mean")
            learned.append(is_near(by_page, truth, 0.001) and is_near(by_command, truth, 0.001))
        assert len(set(learned)) == 1
        return learned[0]


def an_arrival(folder, is_closed):
    """Two looks, and one known town between them: it lies where the median moved."""
    answers = ladder(9)
    newcomer = everything(3.35, 20)
    with opened(folder, answers, closed=is_closed, organisations=towns(10)) as store:
        before = read(store, FACILITATOR)["median"]
        write_responses(store, [delivery(code_of(9), newcomer)])
        if is_closed == "twice":
            try:
                close_round(store, LABEL)
            except ImproveError:
                return False
        after = read(store, FACILITATOR)["median"]
    if before is None or after is None or before == after:
        return False
    return is_near(2 * after - before, mean(newcomer["OVR"]), 0.16)


def an_arrival_while_collecting(folder):
    return an_arrival(folder, is_closed=False)


def an_arrival_after_closing(folder):
    return an_arrival(folder, is_closed=True)


def an_arrival_between_two_closings(folder):
    return an_arrival(folder, is_closed="twice")


def the_round_that_collects(folder):
    with opened(folder, ladder(8), closed=False) as store:
        return bool(read(store, PUBLIC))


def the_ends_seen_by_the_public(folder):
    answers = ladder(10)
    with opened(folder, answers) as store:
        bins = read(store, PUBLIC)["spread"]
        means = all_means(answers)
        return bool(bins) and is_near(bins[0]["score"], means[0]) and is_near(bins[-1]["score"], means[-1])


def the_ends_of_eight_in_the_spread(folder):
    answers = ladder(8)
    with opened(folder, answers) as store:
        bins = read(store, delegate(3))["spread"]
        means = all_means(answers)
        return bool(bins) and is_near(bins[0]["score"], means[0]) and is_near(bins[-1]["score"], means[-1])


def the_ends_of_eight_in_the_interval(folder):
    answers = ladder(8)
    with opened(folder, answers) as store:
        ends = read(store, PUBLIC)["median_interval"]
        means = all_means(answers)
        return bool(ends) and is_near(ends[0], means[0]) and is_near(ends[1], means[-1])


def the_other_of_two(folder):
    answers = [everything(2.4, 20), everything(4.1, 20)]
    with opened(folder, answers) as store:
        found = read(store, member(0))
        if found["median"] is None:
            return False
        return is_near(2 * found["median"] - found["mean"], mean(answers[1]["OVR"]), 0.11)


def the_others_of_three(folder):
    answers = [everything(one, 20) for one in (2.4, 3.2, 4.1)]
    with opened(folder, answers) as store:
        found = read(store, member(1))
        if found["quartiles"] is None:
            return False
        lower, upper = (2 * one - found["mean"] for one in found["quartiles"])
        return is_near(lower, mean(answers[0]["OVR"]), 0.11) and is_near(upper, mean(answers[2]["OVR"]), 0.11)


def whether_the_other_has_ten_answers(folder):
    guesses = []
    for people in (9, 10):
        with opened(folder, [everything(3.0, 20), everything(3.5, people)]) as store:
            number = read(store, member(0))["organisations"]
            guesses.append(None if number is None else number == 2)
    return guesses == [False, True]


def whether_the_only_town_of_a_nation_has_ten_answers(folder):
    nations = ["Wales"] * 9 + ["Northern Ireland"]
    guesses = []
    for people in (9, 10):
        answers = [*ladder(9), everything(3.5, people)]
        places = towns(10, nation=nations, region=nations)
        with opened(folder, answers, organisations=places) as store:
            found = read(store, PUBLIC, cohort="nation:Northern Ireland")
            number = found["cohort_organisations"]
            guesses.append(None if number is None else number == 1)
    return guesses == [False, True]


def whether_the_other_lies_below(folder):
    guesses = []
    for other in (1.5, 4.5):
        with opened(folder, [everything(3.0, 60), everything(other, 60)]) as store:
            position = read(store, member(0))["position"]
            guesses.append(None if position is None else position[0] == 1)
    return guesses == [True, False]


UNEVEN = [23, 29, 31, 37, 41, 43, 47]


def one_towns_exact_score(folder):
    """Of seven the median is one town's mean: exact, it is a fraction that few numbers of people have."""
    answers = [everything(2.0 + 0.37 * place, n) for place, n in enumerate(UNEVEN)]
    with opened(folder, answers) as store:
        return any(is_near(read(store, PUBLIC)["median"], one, 1e-6) for one in all_means(answers))


def exact_scores_in_the_spread(folder):
    answers = [everything(2.0 + 0.27 * place, n) for place, n in enumerate([*UNEVEN, 53, 59, 61])]
    with opened(folder, answers) as store:
        bins = [one["score"] for one in read(store, delegate(0))["spread"]]
        return all(is_near(shown, one, 1e-6) for shown, one in zip(bins, all_means(answers), strict=False))


def the_exact_median_from_the_difference(folder):
    answers = [everything(2.0 + 0.37 * place, n) for place, n in enumerate(UNEVEN)]
    with opened(folder, answers) as store:
        found = read(store, member(0))
        return is_near(found["mean"] - found["difference"], median(all_means(answers)), 1e-6)


def one_towns_exact_response_rate(folder):
    with opened(folder, {}, organisations=towns(7), closed=False) as store:
        invited = [101, 127, 149, 163, 191, 223, 251]
        write_responses(
            store,
            [delivery(code_of(at), everything(3.0, 31), invited=one) for at, one in enumerate(invited)],
        )
        close_round(store, LABEL)
        return is_near(read(store, PUBLIC)["response_rate_median"], 31 / 163, 1e-6)


def the_side_of_its_step_on_which_the_median_lies(folder):
    """Everybody invited answered, so each difference is real; the median, 3.96, is shown as 4.0."""
    answers = [everything(one, 50) for one in (2.5, 3.0, 3.2, 3.96, 3.98, 4.4, 4.6)]
    with opened(folder, {}, organisations=towns(7), closed=False) as store:
        write_responses(store, [delivery(code_of(at), one, invited=50) for at, one in enumerate(answers)])
        close_round(store, LABEL)
        found = read(store, member(4))
        assert found["difference"] < 0
        return found["comparison"] == "higher"


def the_one_that_two_cohorts_differ_by(folder, small=0):
    """London has the boroughs and the City, and the City's score lies where the two medians part."""
    number = 12 if small else 10
    types = ["London borough"] * 9 + ["City corporation"] * (number - 9)
    answers = [*ladder(9), *(everything(3.35, 20) for _ in range(number - 9))]
    for place in range(small):
        answers[10 + place]["A1"] = nine_of(3.0)
    with opened(
        folder, answers, organisations=towns(number, nation="England", region="London", type=types)
    ) as store:
        whole = read(store, PUBLIC, "A1")["median"]
        part = read(store, PUBLIC, "A1", cohort="type:London borough")["cohort_median"]
        if part is None:
            return False
        return is_near(2 * whole - part, mean(answers[9]["A1"]), 0.16)


def the_one_that_two_cohorts_differ_by_in_one_item(folder):
    return the_one_that_two_cohorts_differ_by(folder, small=2)


# The switches


def all_of(*switches):
    def switch_off(patch):
        for one in switches:
            one(patch)

    return switch_off


def never(*_anything):
    return None


def tell_few(is_told):
    """Own figures of fewer than ten answers are shown where `is_told(value)`."""
    strict = disclosure.own_figure

    def own_figure(reason, n, asked, value):
        figure = strict(reason, n, asked, value)
        is_few = figure.withheld is Reason.FEW_ANSWERS
        return disclosure._released(value) if is_few and is_told(value) else figure

    return set_to(disclosure, "own_figure", own_figure)


def from_the_exact_median(patch):
    exact = {}
    strict = disclosure.median_figure

    def median_figure(reason, organisations, value, step=disclosure.STEP):
        figure = strict(reason, organisations, value, step)
        exact[id(figure)] = figure, value
        return figure

    def difference_figure(own, shown):
        return disclosure._released(own.value - exact[id(shown)][1])

    patch.setattr(disclosure, "median_figure", median_figure)
    patch.setattr(disclosure, "difference_figure", difference_figure)


FEW_COUNT = set_to(season, "MINIMUM_ANSWERS", 1)
LATE_COUNT = all_of(
    *(
        set_to(place, "benchmark_of", lambda store, round_, survey: round_counts(store, round_.label, survey))
        for place in (choice, ground)
    )
)


RULES = (
    Rule(
        "own scores from ten answers",
        Reason.FEW_ANSWERS,
        set_to(disclosure, "MINIMUM_ANSWERS", 1),
        own_score_of_nine_answers,
    ),
    Rule(
        "a number below ten is not told",
        Reason.FEW_ANSWERS,
        tell_few(lambda value: isinstance(value, int)),
        how_many_of_nine_answers,
    ),
    Rule(
        "nor the share that gives it",
        Reason.FEW_ANSWERS,
        tell_few(lambda value: isinstance(value, float) and 0 < value < 1),
        how_many_from_the_share_missing,
    ),
    Rule("below ten counts nowhere", None, FEW_COUNT, a_small_towns_score_at_the_end_of_the_spread),
    Rule("own figures", Reason.NOT_YOURS, set_to(disclosure, "own_reason", never), another_towns_score),
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
    Rule("the benchmark stands as it was closed", None, LATE_COUNT, an_arrival_after_closing),
    Rule(
        "closing again takes three",
        None,
        set_to(closing, "SAFE_DIFFERENCE", 1),
        an_arrival_between_two_closings,
    ),
    Rule(
        "no spread for the public",
        Reason.NOT_YOURS,
        set_to(disclosure, "spread_reason", never),
        the_ends_seen_by_the_public,
    ),
    Rule(
        "the spread from ten",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "MINIMUM_FOR_SPREAD", 1),
        the_ends_of_eight_in_the_spread,
    ),
    Rule(
        "no interval from lowest to highest",
        Reason.LOWEST_AND_HIGHEST,
        set_to(scoring, "median_ranks", lambda n: (2, n - 1)),
        the_ends_of_eight_in_the_interval,
    ),
    Rule(
        "the median from seven",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "MINIMUM_FOR_MEDIAN", 1),
        the_other_of_two,
    ),
    Rule(
        "quartiles from eight",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "MINIMUM_FOR_QUARTILES", 1),
        the_others_of_three,
    ),
    Rule(
        "the number of organisations from seven",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "number_of_organisations", lambda _reason, n: disclosure._released(n)),
        whether_the_other_has_ten_answers,
    ),
    Rule(
        "the same for a cohort",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "number_of_organisations", lambda _reason, n: disclosure._released(n)),
        whether_the_only_town_of_a_nation_has_ten_answers,
    ),
    Rule(
        "no place where there is no median",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "position_figure", lambda _own, _median, place: disclosure._released(place)),
        whether_the_other_lies_below,
    ),
    Rule(
        "medians in steps",
        None,
        set_to(disclosure, "in_steps", lambda value, _step=0.1: value),
        one_towns_exact_score,
    ),
    Rule(
        "the spread in steps",
        None,
        set_to(disclosure, "STEP", 1e-9),
        exact_scores_in_the_spread,
    ),
    Rule("rates in steps", None, set_to(disclosure, "RATE_STEP", 1e-9), one_towns_exact_response_rate),
    Rule(
        "the difference from the median as shown",
        None,
        from_the_exact_median,
        the_exact_median_from_the_difference,
    ),
    Rule(
        "no word against the difference",
        None,
        set_to(disclosure, "comparison_figure", lambda _difference, word: disclosure._released(word)),
        the_side_of_its_step_on_which_the_median_lies,
    ),
    Rule(
        "cohorts differ by three",
        Reason.COHORT_TOO_CLOSE,
        set_to(disclosure, "SAFE_DIFFERENCE", 1),
        the_one_that_two_cohorts_differ_by,
    ),
    Rule(
        "in every item",
        Reason.COHORT_TOO_CLOSE,
        set_to(
            ground, "cohort_reasons", lambda cohorts, _counting: dict.fromkeys(one.key for one in cohorts)
        ),
        the_one_that_two_cohorts_differ_by_in_one_item,
    ),
)


def forget():
    """What is kept was made under other rules."""
    for kept in (season.season, season.benchmark, choice.cohort_reasons, choice.counting_organisations):
        kept.cache_clear()


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


def test_every_reason_that_hides_something_is_attacked():
    silent = {
        Reason.NO_ORGANISATION,
        Reason.DID_NOT_TAKE_PART,
        Reason.NOT_ASKED,
        Reason.ANOTHER_SCALE,
        Reason.NOT_COMPARED,
        Reason.NOT_SUBMITTED,
        Reason.NO_LEVEL,
        Reason.TOP_LEVEL,
        Reason.BLIND_SPOTS,
        Reason.UNKNOWN,
    }
    attacked = {rule.reason for rule in (*RULES, *PEOPLE, *MATURITY, *PARTNERS, *GROUPS)}
    assert attacked - {None} == set(Reason) - silent
