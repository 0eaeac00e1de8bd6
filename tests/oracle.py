"""The Scores page a second time: slow, obvious, from the raw answers, after guides/statistics.md.

Nothing here comes from improve/scoring, improve/disclosure.py or improve/views. A figure is a value,
or `Withheld("reason")`.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import comb, nan, pi, sqrt
from statistics import mean, median, quantiles

from scipy.stats import t


@dataclass(frozen=True)
class Withheld:
    reason: str


@dataclass(frozen=True)
class Scale:
    low: int
    high: int


@dataclass(frozen=True)
class Form:
    """A version of the survey: {aspect: is it optional}, the scale of the aspects and of the headline."""

    version: str
    aspects: dict
    scale: Scale
    headline: str | None
    headline_scale: Scale | None

    def scale_of(self, item):
        return self.headline_scale if item == self.headline else self.scale


@dataclass
class Part:
    """One organisation's part in a round: {item: what each person asked answered, None for nothing}."""

    form: Form
    people: int
    invited: int | None
    answers: dict
    kept: dict = field(default_factory=dict)

    def score(self, item):
        """n, mean, standard error and 95 % interval of an item; everything NaN but n where n < 2."""
        if item not in self.kept:
            self.kept[item] = self._score(item)
        return self.kept[item]

    def _score(self, item):
        scale = self.form.scale_of(item)
        given = [one for one in self.answers.get(item, ()) if one is not None]
        n = len(given)
        if n < 2:
            return n, nan, nan, nan, nan
        m = sum(given) / n
        s = sqrt(sum((one - m) ** 2 for one in given) / (n - 1))
        error = s / sqrt(n)
        if self.invited is not None and self.invited >= n and n / self.invited > 0.05:
            error *= sqrt((self.invited - n) / max(self.invited - 1, 1))
        half = float(t.ppf(0.975, n - 1)) * error
        return n, m, error, max(float(scale.low), m - half), min(float(scale.high), m + half)

    @property
    def rate(self):
        known = self.invited is not None and self.invited >= max(self.people, 1)
        return self.people / self.invited if known else None


@dataclass
class Season:
    """A round: organisation -> Part as it stands now, and as it stood at closing (None: collecting)."""

    label: str
    now: dict
    closing: dict | None
    kept: dict = field(default_factory=dict)

    @property
    def bench(self):
        return self.now if self.closing is None else self.closing

    def counted(self, item, scale):
        """organisation -> Part of those whose score on this scale counts."""
        key = item, scale
        if key not in self.kept:
            self.kept[key] = {
                code: part
                for code, part in self.bench.items()
                if part.form.scale_of(item) == scale and part.score(item)[0] >= 10
            }
        return self.kept[key]

    def counting(self):
        """Who has ten answers to anything."""
        return {
            code
            for code, part in self.bench.items()
            if any(sum(one is not None for one in given) >= 10 for given in part.answers.values())
        }


@dataclass(frozen=True)
class Look:
    """Who looks at what."""

    role: str
    own: str | None
    organisation: str | None
    round: str
    cohort: str


def stepped(value, step="0.1"):
    exact = Decimal(repr(round(value, 8)))
    return float((exact / Decimal(step)).quantize(Decimal(1), ROUND_HALF_UP) * Decimal(step))


def cohorts_of(places):
    """Key -> members, in the order of precedence; places: {organisation: (nation, region, type)}."""
    found = {"all": frozenset(places)}
    for at, kind in enumerate(("nation", "region", "type")):
        for value in sorted({facts[at] for facts in places.values()}):
            members = frozenset(code for code, facts in places.items() if facts[at] == value)
            if members not in found.values():
                found[f"{kind}:{value}"] = members
    return found


def cohort_reasons(cohorts, counting):
    reasons, offered = {}, []
    for key, members in cohorts.items():
        inside = members & set(counting)
        if len(inside) < 7:
            reasons[key] = Withheld("few_organisations")
        elif any(0 < len(inside ^ other) < 3 for other in offered):
            reasons[key] = Withheld("cohort_too_close")
        else:
            offered.append(inside)
    return reasons


def median_places(n):
    """The order statistics (from 1) that enclose the median with 95 %: the binomial, spelt out."""
    best = None
    for rank in range(1, n // 2 + 1):
        outside = 2 * sum(comb(n, heads) for heads in range(rank)) / 2**n
        if outside <= 0.05:
            best = rank, n + 1 - rank
    return best


def significant(a, b, item):
    """Whether two organisations' means differ: Welch's t-test at 5 %."""
    n, m, error, *_ = a.score(item)
    other_n, other_m, other_error, *_ = b.score(item)
    return _p(m - other_m, error**2 + other_error**2, _welch(error, n, other_error, other_n)) <= 0.05


def _welch(error, n, other_error, other_n):
    below = error**4 / (n - 1) + other_error**4 / (other_n - 1)
    return (error**2 + other_error**2) ** 2 / below if below else 1


def _p(difference, variance, freedom):
    if variance == 0:
        return 1.0 if difference == 0 else 0.0
    return 2 * float(t.sf(abs(difference) / sqrt(variance), freedom))


def benjamini_hochberg(p_values):
    """key -> whether it is a discovery at 5 %: the largest k with p(k) <= k/m 5 %, and all below it."""
    ordered = sorted(p_values, key=p_values.get)
    limit = max(
        (place for place, key in enumerate(ordered, 1) if p_values[key] <= 0.05 * place / len(ordered)),
        default=0,
    )
    return {key: place <= limit for place, key in enumerate(ordered, 1)}


class Page:
    """All figures of the Scores page for one look."""

    def __init__(self, seasons, places, forms, look):
        self.seasons, self.places, self.forms, self.look = seasons, places, forms, look
        visible = [one for one in seasons if one.closing is not None or look.role != "public"]
        self.season = next(one for one in visible if one.label == look.round)
        before = visible[: visible.index(self.season)]
        self.before = next((one for one in reversed(before) if one.now), None)
        self.organisation = self._organisation()
        self.part = self.season.now.get(self.organisation)
        self.own_reason = (
            Withheld("no_organisation")
            if self.organisation is None
            else Withheld("did_not_take_part")
            if self.part is None
            else None
        )
        is_open = self.season.closing is None
        self.collecting = Withheld("collecting") if is_open and look.role != "operator" else None
        self.form = self._form()
        self.cohorts = cohorts_of(places)
        self.cohort = self._cohort()

    def _organisation(self):
        if self.look.role in ("member", "delegate"):
            return self.look.own
        if self.look.role != "operator":
            return None
        taking_part = {code for season in self.seasons for code in season.now}
        if self.look.organisation is None:
            return next(iter(taking_part)) if len(taking_part) == 1 else None
        return self.look.organisation if self.look.organisation in taking_part else None

    def _form(self):
        if self.part is not None:
            return self.part.form
        used = Counter(part.form.version for part in (self.season.bench or self.season.now).values())
        most = max(used.values())
        return self.forms[min(version for version, n in used.items() if n == most)]

    def _cohort(self):
        if self.collecting:
            return None
        members = self.cohorts.get(self.look.cohort, frozenset())
        return self.look.cohort if members & set(self.season.bench) else "all"

    def figures(self):
        """The object that --json prints, figures alone."""
        items = [
            item
            for item, optional in self.form.aspects.items()
            if not optional or (self.part is not None and self.part.answers.get(item))
        ]
        aspects = [self._score(item, self.form.aspects[item]) for item in items]
        words = self._words({one["id"]: one for one in aspects if not self.form.aspects[one["id"]]})
        for one in aspects:
            one["comparison"] = words.get(one["id"], _first(one["mean"], one["median"]))
        overall = None
        if self.form.headline is not None:
            overall = self._score(self.form.headline, False)
            overall["comparison"] = self._words({overall["id"]: overall}).get(
                overall["id"], _first(overall["mean"], overall["median"])
            )
        return {
            "organisation": self.organisation,
            "cohort": self.cohort,
            "version": self.form.version,
            "is_provisional": self.season.closing is None and self.look.role == "operator",
            "overall": overall,
            "aspects": aspects,
            "average_of_aspects": self._average(aspects),
            **self._response(),
        }

    def _score(self, item, is_optional):
        scale = self.form.scale_of(item)
        counted = self.season.counted(item, scale)
        reason = Withheld("not_compared") if is_optional else self.collecting
        return {
            "id": item,
            **self._own(item, scale),
            **_national(counted, item, reason),
            **self._cohort_figures(item, scale, reason),
            **self._against(item, counted, reason),
            "previous": self._previous(item, scale),
            "spread": self._spread(counted, item, is_optional),
        }

    def _own(self, item, scale):
        names = ("n", "mean", "interval", "distribution", "missing")
        reason = self.own_reason
        asked = [] if self.part is None else self.part.answers.get(item, [])
        given = [one for one in asked if one is not None]
        if reason is None and not asked:
            reason = Withheld("not_asked")
        if reason is None and len(given) < 10:
            reason = Withheld("few_answers")
        if reason is not None:
            return {**dict.fromkeys(names, reason), "is_small_sample": False, "is_much_missing": False}
        n, m, _error, low, high = self.part.score(item)
        missing = asked.count(None) / len(asked)
        return {
            "n": n,
            "mean": m,
            "interval": [low, high],
            "distribution": [given.count(code) for code in range(scale.low, scale.high + 1)],
            "missing": missing,
            "is_small_sample": n < 30,
            "is_much_missing": missing > 0.25,
        }

    def _cohort_figures(self, item, scale, reason):
        names = ("cohort_median", "cohort_quartiles", "cohort_organisations")
        if self.cohort in (None, "all"):
            return dict.fromkeys(names, Withheld("unknown"))
        counted = self.season.counted(item, scale)
        reason = (
            reason
            or cohort_reasons(self.cohorts, self.season.counting()).get(self.cohort)
            or cohort_reasons(self.cohorts, counted).get(self.cohort)
        )
        inside = {code: part for code, part in counted.items() if code in self.cohorts[self.cohort]}
        found = _national(inside, item, reason)
        return dict(zip(names, (found["median"], found["quartiles"], found["organisations"]), strict=True))

    def _against(self, item, counted, reason):
        own = self._own(item, self.form.scale_of(item))["mean"]
        if reason is None and len(counted) < 7:
            reason = Withheld("few_organisations")
        withheld = _first(own, reason)
        if isinstance(withheld, Withheld):
            return {"difference": withheld, "position": withheld}
        scores = [part.score(item)[1] for part in counted.values()]
        others = [part for code, part in counted.items() if code != self.organisation]
        above = sum(significant(self.part, part, item) for part in others if part.score(item)[1] > own)
        below = sum(significant(self.part, part, item) for part in others if part.score(item)[1] < own)
        return {
            "difference": own - stepped(median(scores)),
            "position": [1 + above, 1 + len(others) - below, 1 + len(others)],
        }

    def _words(self, scores):
        """item -> word, of those that have a difference: tested together."""
        p_values, exact = {}, {}
        for item, score in scores.items():
            if isinstance(score["difference"], Withheld):
                continue
            counted = self.season.counted(item, self.form.scale_of(item))
            n, m, error, *_ = self.part.score(item)
            squares = [part.score(item)[2] ** 2 for part in counted.values()]
            variance = error**2 + pi / 2 * mean(squares) / len(squares)
            exact[item] = m - median(part.score(item)[1] for part in counted.values())
            p_values[item] = _p(exact[item], variance, n - 1)
        is_real = benjamini_hochberg(p_values)
        return {
            item: "higher"
            if is_real[item] and difference > 0 and scores[item]["difference"] > 0
            else "lower"
            if is_real[item] and difference < 0 and scores[item]["difference"] < 0
            else "similar"
            for item, difference in exact.items()
        }

    def _previous(self, item, scale):
        if self.organisation is None:
            return Withheld("no_organisation")
        before = None if self.before is None else self.before.now.get(self.organisation)
        if before is None:
            return Withheld("did_not_take_part")
        if before.form.scale_of(item) != scale:
            return Withheld("another_scale")
        if not before.answers.get(item):
            return Withheld("not_asked")
        n, m, *_ = before.score(item)
        return m if n >= 10 else Withheld("few_answers")

    def _spread(self, counted, item, is_optional):
        if is_optional:
            return Withheld("not_compared")
        if self.look.role == "public":
            return Withheld("not_yours")
        if self.collecting:
            return self.collecting
        if len(counted) < 10:
            return Withheld("few_organisations")
        bins = Counter(stepped(part.score(item)[1]) for part in counted.values())
        return [{"score": score, "n": bins[score]} for score in sorted(bins)]

    def _average(self, aspects):
        if self.own_reason is not None:
            return self.own_reason
        common = [
            one["mean"]
            for one in aspects
            if not self.form.aspects[one["id"]] and one["mean"] != Withheld("not_asked")
        ]
        if not common:
            return Withheld("not_asked")
        if any(isinstance(one, Withheld) for one in common):
            return Withheld("few_answers")
        return mean(common)

    def _response(self):
        responses = rate = self.own_reason
        if self.own_reason is None and self.part.people < 10:
            responses = rate = Withheld("few_answers")
        elif self.own_reason is None:
            responses = self.part.people
            rate = Withheld("unknown") if self.part.rate is None else self.part.rate
        rates = [
            part.rate for part in self.season.bench.values() if part.people >= 10 and part.rate is not None
        ]
        middle = self.collecting or (
            stepped(median(rates), "0.01") if len(rates) >= 7 else Withheld("few_organisations")
        )
        return {"responses": responses, "response_rate": rate, "response_rate_median": middle}


def _first(*figures):
    """The first that is withheld, else the last."""
    return next((one for one in figures if isinstance(one, Withheld)), figures[-1])


def _national(counted, item, reason):
    n = len(counted)
    names = ("median", "median_interval", "quartiles", "organisations", "answers")
    if reason is None and n < 7:
        reason = Withheld("few_organisations")
    if reason is not None:
        return dict.fromkeys(names, reason)
    scores = sorted(part.score(item)[1] for part in counted.values())
    first, last = median_places(n)
    lower, _middle, upper = quantiles(scores, n=4, method="inclusive")
    return {
        "median": stepped(median(scores)),
        "median_interval": Withheld("lowest_and_highest")
        if first == 1
        else [stepped(scores[first - 1]), stepped(scores[last - 1])],
        "quartiles": [stepped(lower), stepped(upper)] if n >= 8 else Withheld("few_organisations"),
        "organisations": n,
        "answers": sum(part.score(item)[0] for part in counted.values()),
    }
