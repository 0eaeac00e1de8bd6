"""People of one's choice who answer a survey, and the Response page's figures worked out the slow way.

Each person is a row; everything is counted person by person, from what they said and when. Nothing
here imports scoring, disclosure or the views.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from statistics import median, quantiles, stdev

import pyarrow as pa
from scipy.stats import t

from improve.instruments.model import Option, Question, QuestionKind, Sampling
from improve.store import RESPONSES
from tests.factory import make_batch, make_delivery, small_survey

LABEL = "2026"
JOBS = ("Front-line", "Office-based", "Manager")
SURVEY = small_survey(
    sampling=Sampling(recommended_responses=100, maximum_age_months=24, response_rate="Usable / invited"),
    profile=(
        Question(
            id="AREA",
            role="service_area",
            kind=QuestionKind.SINGLE,
            short="Service area",
            text="Where do you work?",
            options_from="organisation",
        ),
        Question(
            id="JOB",
            role="job",
            kind=QuestionKind.SINGLE,
            short="Role",
            text="What do you do?",
            options=tuple(
                Option(code=code, id=f"job{code}", label=label) for code, label in enumerate(JOBS, start=1)
            ),
        ),
    ),
)
FEW = 10


@dataclass(frozen=True)
class Person:
    """One response: the group named (None for none), the overall rating, the day (None: not known)."""

    area: str | None = None
    job: int | None = None
    overall: int | None = 3
    day: date | None = None


def people(n, **facts):
    """That many people; a fact is one value for all, or a list to be given out in turn."""
    return [
        Person(**{key: one[at % len(one)] if isinstance(one, list) else one for key, one in facts.items()})
        for at in range(n)
    ]


def delivery(code, persons, label=LABEL, survey=SURVEY, **facts):
    """These people's responses as a file of an organisation."""
    answers = {
        "A1": [3] * len(persons),
        "OVR": [one.overall for one in persons],
        "AREA": [one.area for one in persons],
        "JOB": [one.job for one in persons],
    }
    made = make_delivery(survey, label, code, answers, **facts)
    times = [None if one.day is None else datetime.combine(one.day, time(12)) for one in persons]
    responses = pa.Table.from_pydict(
        {"source_row": list(range(2, 2 + len(persons))), "answered_at": times}, schema=RESPONSES
    )
    return replace(made, batch=replace(make_batch(survey, answers), responses=responses))


def stepped(value, step="0.01"):
    """A value in whole steps, halves up."""
    steps = (Decimal(repr(value)) / Decimal(step)).quantize(Decimal(1), ROUND_HALF_UP)
    return float(steps * Decimal(step))


def rates(places):
    """The rates that count, of {code: (people, invited)}."""
    return [
        len(persons) / invited
        for persons, invited in places.values()
        if len(persons) >= FEW and invited is not None and invited >= len(persons)
    ]


def national(found):
    """Median and quartiles of rates, None where too few."""
    middle = stepped(median(found)) if len(found) >= 7 else None
    if len(found) < 8:
        return middle, None
    lower, _middle, upper = quantiles(found, n=4, method="inclusive")
    return middle, (stepped(lower), stepped(upper))


def margin(persons, invited=None):
    """Half the width of the 95 % interval of the overall score; None below ten answers."""
    given = [one.overall for one in persons if one.overall is not None]
    n = len(given)
    if n < FEW:
        return None
    half = t.ppf(0.975, n - 1) * stdev(given) / sqrt(n)
    if invited is not None and invited >= n and n / invited > 0.05:
        half *= sqrt((invited - n) / (invited - 1))
    return float(half)


def told(files, names):
    """The groups that may be told, of [{group: n}] by file (None: named none), by trying how many to hide.

    All but the first k in ascending size of those that could be told are told; the least k for which
    what is not told is nothing at all, or ten people from two groups at least.
    """
    total = Counter()
    for one in files:
        total.update(one)
    everybody = sum(total.values())

    def is_alone(group):
        if total[group] < FEW or everybody - total[group] < FEW:
            return False
        for one in files:
            mine, rest = one.get(group, 0), sum(one.values()) - one.get(group, 0)
            if 0 < mine < FEW or (mine and 0 < rest < FEW):
                return False
        return True

    alone = sorted((name for name in names if is_alone(name)), key=lambda name: total[name])
    for hidden in range(len(alone) + 1):
        shown = set(alone[hidden:])
        rest = [n for group, n in total.items() if group not in shown and n]
        if not shown or not rest or (len(rest) > 1 and sum(rest) >= FEW):
            return shown
    raise AssertionError("nothing at all is always safe")


def shown_groups(files, names):
    """`told`, and told again as if every group that has nobody had somebody: none can tell."""
    empty = {name: 1 for name in names if not any(one.get(name) for one in files)}
    return told(files, names) & told([*files, empty], names)


def by_group(files, field):
    """[{group: n}] by file, of files of people."""
    return [Counter(getattr(one, field) for one in persons) for persons in files]
