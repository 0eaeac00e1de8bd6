"""The Trend page a second time, slow and obvious: loops over raw answers, formulas as section 4 has them.

It stands on `tests/oracle.py`, whose Page knows who may look at what.
"""

from math import ceil, sqrt
from statistics import median

from scipy.stats import t

from tests.oracle import Withheld, _p, _welch, benjamini_hochberg, cohort_reasons, stepped


class Trend:
    """The rounds and moves of every item, as the oracle's Page `page` has the choice."""

    def __init__(self, page):
        self.page, self.form, self.own = page, page.form, page.organisation
        self.seasons = [one for one in page.seasons if one.now and self.may_see(one)]
        self.mine = [one for one in self.seasons if self.own in one.now]

    def may_see(self, season):
        return season.closing is not None or self.page.look.role != "public"

    def figures(self):
        items = [
            item
            for item, optional in self.form.aspects.items()
            if not optional or (self.page.part is not None and self.page.part.answers.get(item))
        ]
        headline = [] if self.form.headline is None else [self.form.headline]
        return {
            "overall": next(iter(self.together(headline)), None),
            "aspects": self.together(items),
        }

    def together(self, items):
        """Items that are tested together."""
        at = self.seasons.index(self.page.season)
        before = [one for one in self.mine if self.seasons.index(one) < at]
        moves = dict.fromkeys(items)
        if before and self.page.season in self.mine:
            moves = self.moves(before[-1], self.page.season, items)
        return [
            {
                "id": item,
                "rounds": [self.point(season, item) for season in self.seasons],
                "move": moves[item],
            }
            for item in items
        ]

    def collecting(self, season):
        is_open = season.closing is None and self.page.look.role != "operator"
        return Withheld("collecting") if is_open else None

    def benchmark_reason(self, season, item):
        is_optional = self.form.aspects.get(item, False)
        return Withheld("not_compared") if is_optional else self.collecting(season)

    def point(self, season, item):
        scale = self.form.scale_of(item)
        part = season.now.get(self.own)
        looked_at = [part] if part is not None else list(season.bench.values())
        is_break = (
            bool(looked_at)
            and all(one.form.scale_of(item) != scale for one in looked_at)
            and any(one.answers.get(item) for one in looked_at)
        )
        figures = self.own_figures(part, item, is_break)
        counted = season.counted(item, scale)
        scores = sorted(one.score(item)[1] for one in counted.values())
        reason = self.benchmark_reason(season, item)
        enough = Withheld("few_organisations")
        return {
            "round": season.label,
            "is_break": is_break,
            **figures,
            "median": reason or (stepped(median(scores)) if len(scores) >= 7 else enough),
            "quartiles": reason
            or ([stepped(quantile(scores, q)) for q in (0.25, 0.75)] if len(scores) >= 8 else enough),
            "organisations": reason or (len(scores) if len(scores) >= 7 else enough),
            "cohort_median": self.cohort_median(season, counted, item, reason),
        }

    def own_figures(self, part, item, is_break):
        if self.own is None:
            reason = Withheld("no_organisation")
        elif part is None:
            reason = Withheld("did_not_take_part")
        elif is_break:
            reason = Withheld("another_scale")
        elif not part.answers.get(item) or part.form.scale_of(item) != self.form.scale_of(item):
            reason = Withheld("not_asked")
        elif part.score(item)[0] < 10:
            reason = Withheld("few_answers")
        else:
            n, mean, _error, low, high = part.score(item)
            return {"n": n, "own": mean, "interval": [low, high]}
        return {"n": reason, "own": reason, "interval": reason}

    def cohort_median(self, season, counted, item, reason):
        key = self.page.cohort
        if key in (None, "all"):
            return Withheld("unknown")
        cohorts = self.page.cohorts
        reason = reason or cohort_reasons(cohorts, season.counting()).get(key)
        reason = reason or cohort_reasons(cohorts, counted).get(key)
        scores = [part.score(item)[1] for code, part in counted.items() if code in cohorts[key]]
        return reason or (stepped(median(scores)) if len(scores) >= 7 else Withheld("few_organisations"))

    def moves(self, before, after, items):
        found = {item: self.move(before, after, item) for item in items}
        tested = benjamini_hochberg({item: one["p"] for item, one in found.items() if one["p"] is not None})
        for item, one in found.items():
            del one["p"]
            if item in tested:
                is_up = one["change"] > 0
                one["word"] = ("higher" if is_up else "lower") if tested[item] else "similar"
        return found

    def move(self, before, after, item):
        first, last = self.point(before, item)["own"], self.point(after, item)["own"]
        hidden = next((one for one in (last, first) if isinstance(one, Withheld)), None)
        found = {"before": before.label, "after": after.label, "p": None}
        if hidden is None:
            change, error, low, high, p = welch(before.now[self.own], after.now[self.own], item)
            found |= {"change": change, "interval": [low, high], "p": p}
        else:
            found |= {"change": hidden, "interval": hidden, "word": hidden}
        reason = self.benchmark_reason(after, item) or self.collecting(before)
        scale = self.form.scale_of(item)
        was, now = before.counted(item, scale), after.counted(item, scale)
        both = [code for code in now if code in was and code != self.own]
        reason = reason or (Withheld("few_peers") if len(both) < 6 else None)
        few = reason if reason != Withheld("few_peers") else Withheld("few_organisations")
        found["organisations"] = few or len(both) + 1
        if reason is not None:
            return found | {"peers": reason, "beyond": hidden or reason}
        changes = [welch(was[code], now[code], item)[:2] for code in both]
        m = len(changes)
        mean = sum(value for value, _error in changes) / m
        spread = sum((value - mean) ** 2 for value, _error in changes) / (m - 1)
        noise = sum(one_error**2 for _value, one_error in changes) / m
        found["peers"] = stepped(mean)
        if hidden is not None:
            return found | {"beyond": hidden}
        total = sqrt(error**2 + max(0, spread - noise) + spread / m)
        half = ceil(float(t.ppf(0.975, m - 1)) * total / 0.1 - 1e-9) * 0.1
        value = change - found["peers"]
        return found | {"beyond": [value, value - half, value + half]}


def welch(before, after, item):
    """Change, standard error, both ends of the 95 % interval and p, of one organisation's two parts."""
    n, m, error, *_ = before.score(item)
    other_n, other_m, other_error, *_ = after.score(item)
    variance = error**2 + other_error**2
    freedom = _welch(error, n, other_error, other_n)
    half = float(t.ppf(0.975, freedom)) * sqrt(variance)
    change = other_m - m
    return change, sqrt(variance), change - half, change + half, _p(change, variance, freedom)


def quantile(ordered, share):
    """Linear interpolation between the neighbours of place (n - 1) * share (type 7)."""
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
