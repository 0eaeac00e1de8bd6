"""Groups that people build, and neighbours: what somebody could work out from several, and may not.

Each attack runs twice, as in tests/views/test_rules_matter.py: with all rules, and without its own.
"""

from statistics import median

import pytest

from improve import cohort as building
from improve import disclosure
from improve.disclosure import Reason
from improve.errors import CohortError
from improve.model import Role, Selection, Viewer
from improve.store import close_round, read_groups, read_rounds
from improve.store import cohort as cohort_store
from improve.views import choice
from improve.views.choice import choose, group_key
from improve.views.scores import scores_view
from improve.views.trend import trend_view
from tests.attack.switch import Rule, all_of, set_to
from tests.factory import make_store
from tests.views.town import LABEL, code_of, everything, town_store, towns

EARLIER = "2025"
ANN, BEN = Viewer(Role.MEMBER, code_of(0)), Viewer(Role.MEMBER, code_of(19))


def score(number):
    return 2.0 + 0.12 * number


def ladder(number):
    return [everything(score(place), 20) for place in range(number)]


def line(number):
    """Towns alike but for where they lie: each nearest to those beside it."""
    return towns(number, lat=[50.0 + place / 10 for place in range(number)])


def built(store, viewer, members, name="Ours"):
    """The key of a group, or None where it is refused."""
    try:
        wished = choose(store, viewer, Selection(round=LABEL))
        return building.build(store, wished, name, [code_of(one) for one in members])
    except CohortError:
        return None


def overall(store, viewer, key):
    return scores_view(store, viewer, Selection(round=LABEL, cohort=key)).overall


def seen_median(store, viewer, key):
    """The median of a group, where it is the very one that is shown."""
    view = scores_view(store, viewer, Selection(round=LABEL, cohort=key))
    if view.choice.cohort is None or view.choice.cohort.cohort.key != key:
        return None
    return view.overall.cohort_median.value


def learned_side(larger, smaller, of, members):
    """Whether the one by which two groups differ is known to lie on its side of the median."""
    if larger is None or smaller is None:
        return False
    truth = score(of) - median(score(one) for one in members)
    return larger != smaller and (larger > smaller) == (truth > 0)


def one_by_which_two_groups_differ(folder):
    some = list(range(4, 12))
    store = town_store(folder, ladder(20), organisations=towns(20))
    first, second = built(store, ANN, [*some, 18], "With"), built(store, BEN, some, "Without")
    medians = [
        None if key is None else seen_median(store, who, key) for who, key in ((ANN, first), (BEN, second))
    ]
    store.close()
    return learned_side(*medians, of=18, members=some)


def one_by_which_a_group_differs_from_a_deleted_one(folder):
    some = list(range(4, 12))
    store = town_store(folder, ladder(20), organisations=towns(20))
    first = built(store, ANN, [*some, 18], "With")
    larger = seen_median(store, ANN, first)
    building.delete(store, ANN, first.partition(":")[2])
    second = built(store, ANN, some, "Without")
    smaller = None if second is None else seen_median(store, ANN, second)
    store.close()
    return learned_side(larger, smaller, of=18, members=some)


def a_quarter_of_a_group(folder):
    store = town_store(folder, ladder(20), organisations=towns(20))
    seen = overall(store, ANN, built(store, ANN, range(4, 12)))
    store.close()
    assert seen.cohort_median.is_released
    found = seen.cohort_quartiles.value
    return found is not None


def the_middle_one_of_seven(folder):
    store = town_store(folder, ladder(20), organisations=towns(20))
    key = built(store, ANN, range(4, 11))
    found = None if key is None else seen_median(store, ANN, key)
    store.close()
    return found is not None and abs(found - score(7)) < 0.08


def more_than_six_groups(folder):
    store = town_store(folder, [*ladder(21), *ladder(21)], organisations=towns(42))
    seen = set()
    for number in range(7):
        members = [*range(15 + number * 3, 23 + number * 3)]
        key = built(store, ANN, members, f"G{number}")
        if key is None:
            # Deleting one gives none back, and a colleague's link is a look too.
            building.delete(store, ANN, next(iter(read_groups(store))))
            theirs = built(store, BEN, members, f"G{number}")
            try:
                key = building.open_(
                    store, choose(store, ANN, Selection(round=LABEL)), theirs.partition(":")[2]
                )
            except CohortError:
                continue
        if seen_median(store, ANN, key) is not None:
            seen.add(key)
    store.close()
    return len(seen) > 6


def a_group_that_others_opened(folder):
    """Its address is tried on every page, in the round it was built in and in the one before."""
    store = make_store(
        folder,
        {label: dict(zip(map(code_of, range(20)), ladder(20), strict=True)) for label in (EARLIER, LABEL)},
        organisations=towns(20),
        closed=(EARLIER, LABEL),
    )
    key = built(store, BEN, range(4, 12))
    assert key is not None
    on_scores = seen_median(store, ANN, key)
    view = trend_view(store, ANN, Selection(round=LABEL, cohort=key))
    on_trend = [
        point.cohort_median.value
        for series in (view.overall, *view.series)
        if series is not None
        for point in series.points
    ]
    store.close()
    return on_scores is not None and any(on_trend)


def what_two_neighbours_groups_differ_by(folder):
    """Two members compare the medians of their councils like us; who is in them follows from public facts."""
    store = town_store(folder, ladder(24), organisations=line(24))
    seen = {}
    for number in range(24):
        viewer = Viewer(Role.MEMBER, code_of(number))
        offered = choice.cohorts_for(
            store, viewer, choice.rounds_for(store, viewer)[0], _survey(store, viewer), code_of(number)
        )
        for one in offered:
            if one.cohort.kind == "like" and one.reason is None:
                seen[one.cohort.members] = seen_median(store, viewer, one.cohort.key)
    store.close()
    assert seen
    return any(
        0 < len(one ^ other) < 3 and seen[one] is not None and seen[other] is not None
        for one in seen
        for other in seen
    )


def _survey(store, viewer):
    return choose(store, viewer, Selection(round=LABEL)).survey


def the_one_whom_neighbours_of_the_first_closing_had(folder):
    """The councils like us are seen; after a second closing they are gone, and block nobody."""
    store = town_store(folder, ladder(24), organisations=line(24))
    key = f"like:{code_of(5)}"
    viewer = Viewer(Role.MEMBER, code_of(5))
    view = scores_view(store, viewer, Selection(round=LABEL, cohort=key))
    alike, larger = view.choice.cohort.cohort.members, view.overall.cohort_median.value
    close_round(store, LABEL)
    without = sorted(int(one[1:]) for one in alike - {max(alike)})
    group = built(store, viewer, without)
    smaller = None if group is None else seen_median(store, viewer, group)
    store.close()
    return learned_side(larger, smaller, of=int(max(alike)[1:]), members=without)


_ALIKE = choice._alike


def gone_when_closed_again(store, counts, *facts):
    """Neighbours alone follow the rule."""
    (round_,) = (one for one in read_rounds(store) if one.label == counts.round)
    return () if round_.closings > 1 else _ALIKE(store, counts, *facts)


def everything_opened(store, _viewer, _label):
    return frozenset(map(group_key, read_groups(store)))


RULES = (
    Rule(
        "groups differ by three",
        Reason.COHORT_TOO_CLOSE,
        set_to(disclosure, "SAFE_DIFFERENCE", 1),
        one_by_which_two_groups_differ,
    ),
    Rule(
        "deleted ones too",
        Reason.COHORT_TOO_CLOSE,
        set_to(
            choice,
            "read_groups",
            lambda store: {id_: one for id_, one in read_groups(store).items() if one.deleted_at is None},
        ),
        one_by_which_a_group_differs_from_a_deleted_one,
    ),
    Rule(
        "a group has its median alone",
        Reason.MEDIAN_ALONE,
        set_to(disclosure, "group_quartiles_reason", lambda _cohort, reason: reason),
        a_quarter_of_a_group,
    ),
    Rule(
        "eight in a group",
        Reason.FEW_ORGANISATIONS,
        set_to(disclosure, "MINIMUM_FOR_GROUP", 7),
        the_middle_one_of_seven,
    ),
    Rule("six groups", None, set_to(cohort_store, "MOST_SEEN", 99), more_than_six_groups),
    Rule(
        "groups are opened",
        Reason.NOT_OPENED,
        set_to(choice, "opened_groups", everything_opened),
        a_group_that_others_opened,
    ),
    Rule(
        "no groups in a round closed again",
        Reason.CLOSED_AGAIN,
        all_of(
            set_to(disclosure, "closed_again_reason", lambda _round: None),
            set_to(choice, "_alike", gone_when_closed_again),
        ),
        the_one_whom_neighbours_of_the_first_closing_had,
    ),
    Rule(
        "neighbours keep apart",
        Reason.COHORT_TOO_CLOSE,
        set_to(disclosure, "SAFE_DIFFERENCE", 1),
        what_two_neighbours_groups_differ_by,
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
    for name in ("on", "off"):
        (tmp_path / name).mkdir()
    assert not rule.attack(tmp_path / "on")
    forget()
    rule.switch_off(monkeypatch)
    assert rule.attack(tmp_path / "off")
