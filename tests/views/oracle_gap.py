"""The expectation gap once more, slowly, from what each person gave."""

from math import sqrt
from statistics import mean, median, stdev

from scipy.stats import multivariate_normal
from scipy.stats import t as student

QUADRANTS = ("concentrate", "keep", "low", "overkill")


def pairs(answers, item):
    """(importance, satisfaction) of everybody who gave both."""
    both = zip(answers[item, "importance"], answers[item, "satisfaction"], strict=True)
    return [one for one in both if None not in one]


def given(answers, item, measure):
    return [one for one in answers[item, measure] if one is not None]


def gap(answers, item):
    """Mean and 95 % interval of importance minus satisfaction."""
    gaps = [importance - satisfaction for importance, satisfaction in pairs(answers, item)]
    half = student.ppf(0.975, len(gaps) - 1) * stdev(gaps) / sqrt(len(gaps))
    return mean(gaps), (mean(gaps) - half, mean(gaps) + half)


def national_gap(everybody, item):
    gaps = [gap(one, item)[0] for one in everybody.values() if len(pairs(one, item)) >= 10]
    return median(gaps), len(gaps)


def national_level(everybody, items, measure):
    """The median over organisations of their average over the items, of those that have them all."""
    levels = [
        mean(mean(given(one, item, measure)) for item in items)
        for one in everybody.values()
        if all(len(given(one, item, measure)) >= 10 for item in items)
    ]
    return median(levels)


def quadrant(answers, item, x_line, y_line):
    """The likeliest quadrant and its probability, by scipy's bivariate normal."""
    x, y = given(answers, item, "satisfaction"), given(answers, item, "importance")
    both = pairs(answers, item)
    gaps = [importance - satisfaction for importance, satisfaction in both]
    covariance = (stdev(x) ** 2 + stdev(y) ** 2 - stdev(gaps) ** 2) / 2 * len(both) / (len(x) * len(y))
    variance = stdev(x) ** 2 / len(x), stdev(y) ** 2 / len(y)
    found = {}
    for name, (sign_x, sign_y) in zip(QUADRANTS, ((-1, 1), (1, 1), (-1, -1), (1, -1)), strict=True):
        cross = sign_x * sign_y * covariance
        found[name] = multivariate_normal.cdf(
            [0, 0],
            mean=[-sign_x * (mean(x) - x_line), -sign_y * (mean(y) - y_line)],
            cov=[[variance[0], cross], [cross, variance[1]]],
            allow_singular=True,
        )
    best = max(found, key=found.get)
    return best, found[best]


def hidden_groups(areas, has_answer):
    """Which groups of one breakdown are hidden: the slow way, by trying who could be worked out."""
    sizes = {}
    for area, answered in zip(areas, has_answer, strict=True):
        if answered:
            sizes[area] = sizes.get(area, 0) + 1
    total = sum(sizes.values())
    named = [area for area in sizes if area is not None]
    shown = {area for area in named if sizes[area] >= 10 and total - sizes[area] >= 10}
    while shown:
        rest = [sizes[area] for area in sizes if area not in shown]
        if not rest or (len(rest) >= 2 and sum(rest) >= 10):
            break
        shown.remove(min(shown, key=lambda area: sizes[area]))
    return {area for area in named if area not in shown}
