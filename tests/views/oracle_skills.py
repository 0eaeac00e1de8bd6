"""The Skills page worked out slowly, person by person, from lists of what each gave.

`People` are one organisation's: a dict per person, item -> list of codes, or of one number. Nothing
is shared with the product: the formulas of guides/statistics.md, written out over plain lists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, pi, sqrt
from statistics import mean, median, stdev

from scipy.stats import t

Person = dict[str, list[float]]


@dataclass
class Part:
    """One organisation's part in a round."""

    people: list[Person]
    invited: int | None = None


@dataclass
class Skills:
    """A survey about skills: question -> the codes that count; the roles of the others as they are named."""

    skills: dict[str, list[int]]
    received: str = "SKT1"
    enough: str = "SKT2"
    attitude: tuple[str, list[int], list[int]] = ("SKA1", [1, 2, 3, 4, 5, 6], [6])
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def top(self):
        return max(code for codes in self.skills.values() for code in codes)

    def indexes(self, code):
        """Each person's mean points of a hundred, of those who answered any skill."""
        found = []
        for person in self.parts[code].people:
            points = [
                one
                for item, counting in self.skills.items()
                for one in person.get(item, [])
                if one in counting
            ]
            if points:
                found.append(100 * mean(points) / self.top)
        return found

    def numbers(self, code, item):
        return [one for person in self.parts[code].people for one in person.get(item, [])]

    def shares(self, code, item, codes, among):
        """One for each person who gave one of `codes`, nought for each who gave another of `among`."""
        return [
            float(any(one in codes for one in person[item]))
            for person in self.parts[code].people
            if any(among is None or one in among for one in person.get(item, []))
        ]

    def able(self, code, item):
        counting = self.skills[item]
        return self.shares(code, item, [one for one in counting if 2 * one > max(counting)], counting)

    def do_not_mind(self, code):
        item, counting, not_minding = self.attitude
        return self.shares(code, item, not_minding, counting)


@dataclass
class Estimate:
    n: int
    mean: float
    error: float
    low: float
    high: float


def correction(n, invited):
    if invited is None or invited < n or n / invited <= 0.05:
        return 1.0
    return sqrt((invited - n) / (invited - 1))


def estimate(values, invited, low=-inf, high=inf):
    """Section 2: mean, standard error, interval clipped to its ends."""
    n, middle = len(values), mean(values)
    error = stdev(values) / sqrt(n) * correction(n, invited)
    half = t.ppf(0.975, n - 1) * error
    return Estimate(n, middle, error, max(low, middle - half), min(high, middle + half))


def difference(before, after, invited):
    """The second mean minus the first, with Welch's interval."""
    one, other = estimate(before, invited), estimate(after, invited)
    error = sqrt(one.error**2 + other.error**2)
    freedom = error**4 / (one.error**4 / (one.n - 1) + other.error**4 / (other.n - 1))
    half = t.ppf(0.975, freedom) * error
    value = other.mean - one.mean
    return Estimate(min(one.n, other.n), value, error, value - half, value + half)


def national(estimates):
    """The middle one of those with ten answers, and how many they are."""
    counted = [one for one in estimates if one.n >= 10]
    return median(one.mean for one in counted), len(counted)


def p_value(own, estimates):
    """Section 4: a t-test against the median."""
    counted = [one for one in estimates if one.n >= 10]
    middle, n = national(estimates)
    error = sqrt(own.error**2 + pi / 2 * mean(one.error**2 for one in counted) / n)
    return 2 * t.sf(abs(own.mean - middle) / error, own.n - 1)


def words(pairs, rate=0.05):
    """Higher, similar or lower of (difference, p) pairs tested together (Benjamini-Hochberg)."""
    ordered = sorted(p for _difference, p in pairs)
    limit = max((p for k, p in enumerate(ordered, start=1) if p <= rate * k / len(pairs)), default=-1.0)
    return ["similar" if p > limit else "higher" if gap > 0 else "lower" for gap, p in pairs]


def in_steps(value, step):
    """To the nearest step, halves up."""
    return int(value / step + 0.5 + 1e-9) * step
