"""Where the people of the demonstration's councils work, who of them answers, and the staff lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from improve.demo.plan import SEED, Plan, read_priors
from improve.demo.register import read_demonstration_register
from improve.demo.story import STORIES, WELSH
from improve.instruments import Survey, say
from improve.instruments.model import Question

STAFF_LISTS = 70
"""How many organisations have given a staff list of the newest round."""
MOST_NOT_INVITED = 0.15
"""Up to this share there are more people than were invited."""
SMALLEST_SHARE = 0.03
"""No group of people is smaller, so that nobody answers who is not on the list."""
CONCENTRATION, UNEVENNESS = 2.0, 0.1
"""How even the service areas are in size, and how far eagerness to answer varies between councils."""

Floats = NDArray[np.float64]
Row = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Workforce:
    """An organisation's service areas, and the share of each among those of its people who answer."""

    areas: tuple[str, ...]
    shares: Floats


@cache
def read_workforces() -> tuple[Workforce, ...]:
    """One per organisation of the register (the trial place left out): the same in every survey and round.

    The list of areas is a few of those that its type of council has.
    """
    rng = np.random.default_rng([SEED, 3])
    lists = read_priors().lists
    workforces = []
    for organisation in read_demonstration_register():
        if not organisation.is_trial:
            labels = lists.get(organisation.type, lists["default"])
            kept = np.sort(rng.permutation(len(labels))[: rng.integers(5, len(labels) + 1)])
            shares = rng.dirichlet(np.full(len(kept), CONCENTRATION))
            workforces.append(Workforce(tuple(labels[place] for place in kept), shares))
    return tuple(workforces)


def option_shares(question: Question, otherwise: float) -> Floats:
    """The weight of each option of a question in priors.yaml, by the question's id or its role."""
    shares = read_priors().shares
    told = shares.get(question.id, shares.get(question.role or "", {}))
    return np.array([told.get(option.id, otherwise) for option in question.options])


def staff_lists(survey: Survey, plan: Plan) -> Iterator[tuple[str, list[Row]]]:
    """(organisation, rows) of those that gave a list of their people in the newest round of a plan.

    A row is (item, label, people), by service area and by job; each of the two adds up to the headcount.
    """
    rng = np.random.default_rng([SEED, 4])
    without = STORIES["no_staff_list"].organisation
    others = [
        place for place, code in enumerate(plan.codes) if code not in WELSH and plan.responses[-1, place]
    ]
    gave = [place for place, code in enumerate(plan.codes) if code in WELSH and code != without]
    gave += rng.permutation(others)[: STAFF_LISTS - len(gave)].tolist()
    for place in sorted(gave):
        headcount = round(plan.invited[-1, place] * (1 + MOST_NOT_INVITED * rng.random()))
        workforce, rows = read_workforces()[place], list[Row]()
        for question in survey.profile:
            if question.options_from == "organisation":
                names = labels = workforce.areas
                shares = workforce.shares
            elif question.role == "job":
                names = tuple(option.id for option in question.options)
                labels = tuple(say(option.label) for option in question.options)
                shares = option_shares(question, 1.0)
            else:
                continue
            eagerness = np.array([read_priors().eagerness.get(name, 1.0) for name in names])
            eagerness *= np.exp(UNEVENNESS * rng.standard_normal(len(names)))
            people = _whole(np.maximum(shares / eagerness, SMALLEST_SHARE), headcount)
            rows += [(question.id, label, n) for label, n in zip(labels, people, strict=True)]
        yield plan.codes[place], rows


def _whole(weights: Floats, total: int) -> list[int]:
    """Whole numbers in proportion to weights that add up to `total` (largest remainders)."""
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact)[: total - whole.sum()]] += 1
    return [int(n) for n in whole]
