"""The Digital maturity profile a second time: slow, obvious, from the raw answers, after section 7.

Nothing here comes from improve/scoring, improve/disclosure.py or improve/views. A figure is a value,
or `Withheld("reason")`; whole functions of the view's JSON are made here, field by field.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median

from tests.oracle import Withheld, stepped

TYPES = ("district", "unitary", "London borough", "City corporation", "Welsh unitary", "NI district")
"""In the register's order."""


@dataclass(frozen=True)
class Given:
    """One submitted assessment: the version answered, and criterion -> letter (y, n, ? or -)."""

    version: str
    letters: dict


@dataclass
class Season:
    """A round: organisation -> Given as it stands now, and at closing with everybody's place then.

    `closing` is None while it collects.
    """

    label: str
    now: dict
    closing: dict | None
    places: dict
    kept: dict = field(default_factory=dict)

    @property
    def bench(self):
        return self.now if self.closing is None else self.closing


@dataclass(frozen=True)
class Look:
    role: str
    own: str | None
    organisation: str | None
    round: str
    cohort: str


def cohorts_of(places):
    """Key -> members, in the order of precedence; one with an earlier one's members is left out."""
    found = {"all": frozenset(places)}
    for at, kind in enumerate(("nation", "region", "type")):
        values = {facts[at] for facts in places.values()}
        for value in [one for one in TYPES if one in values] if kind == "type" else sorted(values):
            members = frozenset(code for code, facts in places.items() if facts[at] == value)
            if members not in found.values():
                found[f"{kind}:{value}"] = members
    return found


def reason_for(cohorts, key, counting):
    """Why a cohort is not offered among those that count; None where it is."""
    offered = []
    for name, members in cohorts.items():
        inside = members & counting
        few, close = len(inside) < 7, any(0 < len(inside ^ other) < 7 for other in offered)
        if name == key:
            return Withheld("few_organisations") if few else Withheld("cohort_too_close") if close else None
        if not few and not close:
            offered.append(inside)
    return None


def level_of(rows):
    """Level and next level of [(level, letter)]; None for no level."""
    applicable = [(level, letter) for level, letter in rows if letter != "-"]
    if not applicable:
        return None, None
    missing = [level for level, letter in applicable if letter != "y"]
    if not missing:
        return max(level for level, _letter in applicable), None
    beyond = min(missing)
    return max((level for level, _letter in applicable if level < beyond), default=0), beyond


def share_of(letters):
    """Share met of letters; None where none is applicable."""
    applicable = [one for one in letters if one != "-"]
    return applicable.count("y") / len(applicable) if applicable else None


def quantile(ordered, share):
    """Linear interpolation between the neighbours of place (n - 1) * share (type 7)."""
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def told(met, n):
    """How many of n have it, in words, and these in an order."""
    if n < 7:
        return Withheld("few_organisations"), -1
    share = Fraction(met, n)
    if met <= 3 or share <= Fraction(15, 100):
        return ("few" if n >= 12 else "fewer than half"), 0
    if n - met <= 3 or share >= Fraction(85, 100):
        return ("nearly all" if n >= 12 else "more than half"), 10
    tenth = min(8, max(2, int(share * 10 + Fraction(1, 2))))
    return f"about {tenth} in 10", tenth


class Profile:
    """All figures of the page for one look. `forms`: version -> {criterion: (function, level, tags)}."""

    def __init__(self, seasons, register, forms, look):
        self.forms, self.look = forms, look
        visible = [one for one in seasons if one.closing is not None or look.role != "public"]
        self.season = next(one for one in visible if one.label == look.round)
        earlier = visible[: visible.index(self.season)]
        self.before = next((one for one in reversed(earlier) if one.now), None)
        self.own = look.own if look.role in ("member", "delegate") else None
        if look.role == "operator":
            self.own = look.organisation
        places = {**register, **(self.season.places if self.season.closing is not None else {})}
        self.cohorts = cohorts_of(places)
        self.cohort = self._cohort()
        self.is_withheld = self.season.closing is None and look.role != "operator"

    def _cohort(self):
        if self.season.closing is None and self.look.role != "operator":
            return None
        offered = {
            key for key, members in self.cohorts.items() if key == "all" or members & set(self.season.bench)
        }
        return self.look.cohort if self.look.cohort in offered else "all"

    # One organisation's own

    def given(self, season):
        """The own assessment of a season, or why there is none."""
        if self.own is None:
            return Withheld("no_organisation")
        found = None if season is None else season.now.get(self.own)
        return found if found is not None else Withheld("not_submitted")

    def letters(self, given, function=None, tag=None):
        form = self.forms[given.version]
        return [
            letter
            for criterion, letter in given.letters.items()
            if function in (None, form[criterion][0]) and (tag is None or tag in form[criterion][2])
        ]

    def rows(self, given, function):
        form = self.forms[given.version]
        return [
            (form[criterion][1], letter)
            for criterion, letter in given.letters.items()
            if form[criterion][0] == function
        ]

    def functions_of(self, version):
        return list(dict.fromkeys(function for function, _level, _tags in self.forms[version].values()))

    def value(self, given, quantity):
        """A quantity of one assessment: a number, or why there is none."""
        kind, _slash, function = quantity.partition("/")
        tag = {"commitment": "commitment", "provision": "provision", "take_up": "take_up"}.get(kind)
        if quantity == "overall":
            levels = [level_of(self.rows(given, one))[0] for one in self.functions_of(given.version)]
            levels = [one for one in levels if one is not None]
            return float(median(levels)) if levels else Withheld("no_level")
        if tag is not None:
            found = self.letters(given, function or None, tag)
            if not found:
                return Withheld("not_asked")
            share = share_of(found)
        else:
            rows = self.rows(given, function)
            if not rows:
                return Withheld("not_asked")
            share = share_of([letter for _level, letter in rows])
            if kind == "level" and share is not None:
                return float(level_of(rows)[0])
        return Withheld("no_level") if share is None else share

    def own_value(self, season, quantity):
        given = self.given(season)
        return given if isinstance(given, Withheld) else self.value(given, quantity)

    # Of all

    def values(self, season, quantity):
        if quantity not in season.kept:
            found = {code: self.value(given, quantity) for code, given in season.bench.items()}
            season.kept[quantity] = {
                code: one for code, one in found.items() if not isinstance(one, Withheld)
            }
        return season.kept[quantity]

    def measured(self, quantity):
        step = "0.1" if quantity.startswith(("level", "overall")) else "0.05"
        few = Withheld("few_organisations")
        hidden = Withheld("collecting") if self.is_withheld else None
        found = self.values(self.season, quantity)
        ordered = sorted(found.values())
        group = self.group(quantity, found, step)
        return {
            "own": self.own_value(self.season, quantity),
            "previous": self.own_value(self.before, quantity),
            "median": hidden or (stepped(median(ordered), step) if len(ordered) >= 7 else few),
            "quartiles": hidden
            or (
                [stepped(quantile(ordered, one), step) for one in (0.25, 0.75)] if len(ordered) >= 13 else few
            ),
            "organisations": hidden or (len(self.season.bench) if len(ordered) >= 7 else few),
            "cohort_median": group[0],
            "cohort_organisations": group[1],
            "median_before": self.median_before(quantity, step),
        }

    def group(self, quantity, found, step):
        if self.cohort in (None, "all"):
            reason = Withheld("unknown")
            return reason, reason
        members = self.cohorts[self.cohort]
        reason = reason_for(self.cohorts, self.cohort, set(self.season.bench))
        reason = reason or reason_for(self.cohorts, self.cohort, set(found))
        if reason is not None:
            return reason, reason
        inside = [value for code, value in found.items() if code in members]
        return stepped(median(inside), step), len(members & set(self.season.bench))

    def median_before(self, quantity, step):
        if self.before is None:
            return Withheld("unknown")
        if self.before.closing is None and self.look.role != "operator":
            return Withheld("collecting")
        found = self.values(self.before, quantity)
        return stepped(median(found.values()), step) if len(found) >= 7 else Withheld("few_organisations")

    # The parts of the page

    @property
    def version(self):
        given = self.given(self.season)
        if not isinstance(given, Withheld):
            return given.version
        used = [one.version for season in (self.season.now, self.season.bench) for one in season.values()]
        return max(used, key=lambda one: [int(part) for part in one.split(".")], default=None)

    def figures(self):
        if self.version is None:
            return None
        criteria = [self.criterion(one) for one in self.forms[self.version]]
        return {
            "cohort": self.cohort,
            "version": self.version,
            "overall": self.measured("overall"),
            "provision": self.measured("provision"),
            "take_up": self.measured("take_up"),
            "functions": [self.function(one) for one in self.functions_of(self.version)],
            "criteria": criteria,
        }

    def above(self, function):
        given = self.given(self.season)
        if isinstance(given, Withheld):
            return given
        level, beyond = level_of(self.rows(given, function))
        if level is None:
            return Withheld("no_level")
        return Withheld("top_level") if beyond is None else beyond

    def function(self, function):
        given = self.given(self.season)
        level, before = (self.own_value(season, f"level/{function}") for season in (self.season, self.before))
        found = {
            "id": function,
            **{one: self.measured(f"{one}/{function}") for one in ("level", "share", "commitment")},
            "next_level": self.above(function),
            "change": next(
                (one for one in (level, before) if isinstance(one, Withheld)),
                None if isinstance(level, Withheld) or isinstance(before, Withheld) else level - before,
            ),
        }
        fields = ("missing", "to_find_out", "level_if_found", "not_applicable", "applicable", "levels")
        if isinstance(given, Withheld):
            return found | dict.fromkeys(fields, given) | {"next_step": None}
        form = self.forms[given.version]
        mine = {
            criterion: letter for criterion, letter in given.letters.items() if form[criterion][0] == function
        }
        beyond = found["next_level"]
        missing = [one for one, letter in mine.items() if letter in "n?" and form[one][1] == beyond]
        best = [one for one in missing if self.peers(one)[1] >= 0]
        hoped = level_of([(form[one][1], letter.replace("?", "y")) for one, letter in mine.items()])[0]
        return found | {
            "missing": missing,
            "next_step": max(best, key=lambda one: self.peers(one)[1]) if best else None,
            "to_find_out": [one for one, letter in mine.items() if letter == "?"],
            "level_if_found": Withheld("no_level") if hoped is None else hoped,
            "not_applicable": [*mine.values()].count("-"),
            "applicable": len(mine) - [*mine.values()].count("-"),
            "levels": [
                {
                    "level": level,
                    "met": sum(letter == "y" and form[one][1] == level for one, letter in mine.items()),
                    "applicable": sum(
                        letter != "-" and form[one][1] == level for one, letter in mine.items()
                    ),
                }
                for level in (1, 2, 3)
            ],
        }

    def peers(self, criterion, inside=None):
        """In words, and in an order, of the benchmark or of some in it."""
        if self.is_withheld:
            return Withheld("collecting"), -1
        letters = [
            given.letters[criterion]
            for code, given in self.season.bench.items()
            if given.letters.get(criterion, "-") != "-" and (inside is None or code in inside)
        ]
        return told(letters.count("y"), len(letters))

    def ahead(self, criterion, function):
        beyond = self.above(function)
        if isinstance(beyond, Withheld):
            return beyond
        levels = self.values(self.season, f"level/{function}")
        group = {code for code, level in levels.items() if level == beyond}
        if not self.is_withheld and (len(group) < 7 or len(levels) - len(group) < 3):
            return Withheld("few_organisations")
        return self.peers(criterion, group)[0]

    def answer(self, season, criterion):
        given = self.given(season)
        if isinstance(given, Withheld):
            return given
        words = {"y": "met", "n": "not_met", "?": "to_find_out", "-": "not_applicable"}
        letter = given.letters.get(criterion)
        return Withheld("not_asked") if letter is None else words[letter]

    def criterion(self, criterion):
        function = self.forms[self.version][criterion][0]
        return {
            "id": criterion,
            "function": function,
            "answer": self.answer(self.season, criterion),
            "previous": self.answer(self.before, criterion),
            "peers": self.peers(criterion)[0],
            "ahead": self.ahead(criterion, function),
        }
