"""The readiness map a second time: slow, obvious, from the raw answers, after guides/statistics.md section 8.

Nothing here comes from improve/scoring, improve/disclosure.py or improve/views. A figure is a value,
or `Withheld("reason")`.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from statistics import median, quantiles

from tests.oracle import Withheld, stepped
from tests.partners import AREAS, ITEMS

BLIND = "?"
ROLES = ("leader", "finance", "ict", "hr")
STEPS = (0, 1, 2, 3, 4, BLIND)
CODES = {BLIND: 9, **{step: step for step in range(5)}}


@dataclass
class Club:
    """A partnership: rounds of {organisation: (season or None, [(role, {item: step}), ...])}."""

    name: str
    founder: str
    candidates: tuple
    left: tuple
    rounds: list
    confidential: bool = False

    @property
    def ever(self):
        return list(dict.fromkeys([self.founder, *(code for one in self.rounds for code in one)]))

    @property
    def joined(self):
        return [code for code in self.ever if code not in self.left]

    def completed(self, number, code):
        return (
            1 <= number <= len(self.rounds) and self.rounds[number - 1].get(code, (None, []))[0] is not None
        )

    def people(self, number, code):
        if not 1 <= number <= len(self.rounds):
            return []
        return self.rounds[number - 1].get(code, (None, []))[1]


# ── Scores ─────────────────────────────────────────────────────────────────────────────────────


def person(said, area):
    items = [item for item in ITEMS if item.startswith(area)]
    steps = [said[item] for item in items if said.get(item, BLIND) != BLIND]
    return (
        Fraction(25 * sum(steps), len(steps)) if Fraction(len(steps), len(items)) >= Fraction(2, 3) else None
    )


def mean(values):
    known = [one for one in values if one is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def areas_of(people):
    return [mean([person(said, area) for _role, said in people]) for area in AREAS]


def overall_of(areas):
    return None if not areas or None in areas else mean(areas)


def state_of(people, item):
    """A step, BLIND, or None where nobody answered."""
    steps = [said[item] for _role, said in people if item in said]
    known = [one for one in steps if one != BLIND]
    if not steps:
        return None
    if len(steps) - len(known) > len(known):
        return BLIND
    return floor(Fraction(sum(known), len(known)) + Fraction(1, 2))


def told(value, step):
    return None if value is None else stepped(float(value), step)


# ── What a viewer is told ──────────────────────────────────────────────────────────────────────


@dataclass
class Oracle:
    """One round of a club as somebody sees it; `season` is organisation -> its area scores at closing."""

    role: str
    own: str | None
    club: Club
    number: int
    clubs: list
    season: dict

    @property
    def is_member(self):
        return self.role == "member"

    def sees(self, code):
        if self.is_member and code == self.own:
            return True
        if self.club.confidential or code not in self.club.joined:
            return False
        return self.role == "operator" or (self.is_member and self.own in self.club.joined)

    @property
    def shares(self):
        if self.is_member:
            return self.own in self.club.joined
        return self.role == "operator" and not self.club.confidential

    def score(self, code, area, number):
        people = self.club.people(number, code)
        scores = areas_of(people)
        value = overall_of(scores) if area is None else scores[area]
        if number < 1:
            return Withheld("unknown")
        is_mine = self.is_member and code == self.own
        if not self.club.completed(number, code) and (not is_mine or value is None):
            return Withheld("not_completed")
        return Withheld("blind_spots") if value is None else told(value, "1")

    def rows(self):
        codes = [code for code in self.club.ever if self.sees(code)]
        codes.sort(key=lambda code: (code != self.own, code in self.club.candidates, code))
        return [self.row(code) for code in codes]

    def row(self, code):
        people = self.club.people(self.number, code)
        cells = []
        for place, area in enumerate(AREAS):
            scores = [person(said, area) for _role, said in people]
            known = [float(one) for one in scores if one is not None]
            now, then = (self.score(code, place, number) for number in (self.number, self.number - 1))
            if self.is_member and code == self.own:
                spread = [min(known), max(known)] if known else Withheld("not_completed")
                blind = scores.count(None) if people else Withheld("not_completed")
            else:
                spread = blind = Withheld("not_yours")
            cells.append(
                {
                    "area": area,
                    "score": now,
                    "previous": then,
                    "change": change(then, now),
                    "spread": spread,
                    "blind": blind,
                }
            )
        known = [one["score"] for one in cells if not isinstance(one["score"], Withheld)]
        return {
            "organisation": code,
            "is_own": code == self.own,
            "is_candidate": code in self.club.candidates,
            "overall": self.score(code, None, self.number),
            "weakest": [one["area"] for one in cells if one["score"] == min(known)]
            if known
            else cells[0]["score"],
            "respondents": Withheld("not_yours")
            if not (self.is_member and code == self.own)
            else sum(bool(said) for _role, said in people)
            if people
            else Withheld("not_completed"),
            "cells": cells,
        }

    def partners(self):
        return [
            one
            for one in self.rows()
            if not one["is_candidate"] and self.club.completed(self.number, one["organisation"])
        ]

    def area(self, place):
        """An area by its place, the overall one for None."""
        partners = self.partners()
        own = next((one for one in self.rows() if one["is_own"]), None)

        def of(row, name):
            return row["overall"] if place is None else row["cells"][place][name]

        names = ("score", "previous", "change")
        if place is None:
            every = [self.area(at) for at in range(len(AREAS))]
            score, previous, moved = (whole([one[name] for one in every]) for name in names)
        else:
            score, previous, moved = (average([of(one, name) for one in partners]) for name in names)
        known = [of(one, "score") for one in partners if not isinstance(of(one, "score"), Withheld)]
        mine = Withheld("no_organisation") if own is None else of(own, "score")
        median_, quartiles, n = self.benchmark(place)
        return {
            "id": "" if place is None else AREAS[place],
            "score": score,
            "previous": previous,
            "change": moved,
            "span": [min(known), max(known)] if len(known) > 1 else Withheld("few_partners"),
            "is_wide": len(known) > 1 and max(known) - min(known) >= 25,
            "own": mine,
            "median": median_,
            "quartiles": quartiles,
            "organisations": n,
            "difference": mine
            if isinstance(mine, Withheld)
            else median_
            if isinstance(median_, Withheld)
            else mine - median_,
        }

    def benchmark(self, place):
        values = {
            code: overall_of(scores) if place is None else scores[place]
            for code, scores in self.season.items()
        }
        values = {code: float(one) for code, one in values.items() if one is not None}
        few = Withheld("few_organisations")
        for code in {code for club in self.clubs for code in club.ever}:
            circle = {other for club in self.clubs if code in club.ever for other in club.ever}
            if len(set(values) - circle) < 3:
                return few, few, few
        if len(values) < 7:
            return few, few, few
        lower, _middle, upper = quantiles(values.values(), n=4, method="inclusive")
        return (
            stepped(median(values.values()), "5"),
            [stepped(lower, "5"), stepped(upper, "5")] if len(values) >= 8 else few,
            len(values),
        )

    def weakest(self):
        areas = [self.area(place) for place in range(len(AREAS))]
        known = [one["score"] for one in areas if not isinstance(one["score"], Withheld)]
        if not known:
            return areas[0]["score"]
        return [one["id"] for one in areas if one["score"] == min(known)]

    # ── Statements ─────────────────────────────────────────────────────────────────────────────

    def states(self, item):
        counted = [
            code
            for code in self.club.ever
            if code not in self.club.candidates and self.club.completed(self.number, code)
        ]
        if not self.shares:
            return Withheld("not_yours")
        if len(counted) < 2:
            return Withheld("few_partners")
        found = [state_of(self.club.people(self.number, code), item) for code in counted]
        return [found.count(step) for step in STEPS]

    def statement(self, item):
        states, own, split = self.states(item), Withheld("not_yours"), Withheld("not_yours")
        previous, replies = Withheld("not_yours"), Withheld("not_yours")
        if self.own is None:
            own = split = previous = replies = Withheld("no_organisation")
        if self.is_member:
            people = self.club.people(self.number, self.own)
            steps = [said[item] for _role, said in people if item in said]
            known = [one for one in steps if one != BLIND]
            nothing = Withheld("not_completed")
            own = CODES[state_of(people, item)] if steps else nothing
            split = (bool(known) and max(known) - min(known) >= 2) if steps else nothing
            before = state_of(self.club.people(self.number - 1, self.own), item)
            previous = nothing if before is None else CODES[before]
            replies = [
                {
                    "role": role,
                    "codes": sorted(
                        CODES[said[item]] for who, said in people if who == role and item in said
                    ),
                }
                for role in ROLES
                if any(who == role and item in said for who, said in people)
            ] or nothing
        return {
            "id": item,
            "states": states,
            "own": own,
            "previous": previous,
            "is_split": split,
            "replies": replies,
            "kinds": self.kinds(item, states, own, split),
        }

    def told_steps(self, states, own):
        if not isinstance(states, Withheld):
            return [step for step, n in zip(STEPS, states, strict=True) for _one in range(n)]
        return [] if isinstance(own, Withheld) else [BLIND if own == CODES[BLIND] else own]

    def kinds(self, item, states, own, split):
        steps = self.told_steps(states, own)
        known = [one for one in steps if one != BLIND]
        kinds = []
        if steps and len(known) == len(steps) and min(known) >= 3:
            kinds.append("strength")
        if known and min(known) < 2:
            kinds.append("weakness")
        if len(known) < len(steps):
            kinds.append("blind_spot")
        if (known and max(known) - min(known) >= 2) or (isinstance(states, Withheld) and split is True):
            kinds.append("disagreement")
        return sorted(kinds)

    def prepare(self):
        weakest = self.weakest()
        found = []
        for place, item in enumerate(ITEMS):
            one = self.statement(item)
            steps = self.told_steps(one["states"], one["own"])
            known = [step for step in steps if step != BLIND]
            if not steps or (len(known) == len(steps) and min(known) >= 3):
                continue
            weak = sum(step == BLIND or step < 2 for step in steps)
            in_weakest = not isinstance(weakest, Withheld) and item[:3] in weakest
            lowest = float(Fraction(sum(known), len(known))) if known else 2.0
            found.append(((-weak, not in_weakest, lowest, place), item))
        return [item for _key, item in sorted(found)[:3]]

    # ── Roles and candidates ───────────────────────────────────────────────────────────────────

    def role_scores(self, code, place):
        """Role -> its score in an area, as far as it is told."""
        area = AREAS[place]
        scores = {}
        for role, said in self.club.people(self.number, code):
            if person(said, area) is not None:
                scores.setdefault(role, []).append(person(said, area))
        if self.is_member and code == self.own:
            return {role: float(mean(some)) for role, some in scores.items()}
        if not (self.sees(code) and self.shares and self.club.completed(self.number, code)):
            return {}
        shown = {role: some for role, some in scores.items() if len(some) >= 2}
        if shown and sum(len(some) for role, some in scores.items() if role not in shown) == 1:
            del shown[min(shown, key=lambda role: (len(shown[role]), role))]
        return {role: told(mean(some), "5") for role, some in shown.items()}

    def role_differences(self):
        found = []
        for row in self.rows():
            for place, area in enumerate(AREAS):
                scores = self.role_scores(row["organisation"], place)
                values = sorted(scores.values())
                if len(values) > 1 and values[-1] - values[0] >= 25 - 1e-9:
                    found.append((row["organisation"], area, values[-1], values[0]))
        return sorted(found)

    def fits(self):
        partners = self.partners()
        found = []
        for row in self.rows():
            scores = [cell["score"] for cell in row["cells"]]
            is_told = any(not isinstance(one, Withheld) for one in scores)
            if not (row["is_candidate"] and is_told):
                continue
            before = [self.area(place)["score"] for place in range(len(AREAS))]
            if all(isinstance(one, Withheld) for one in before):
                continue
            after = [
                average([*(one["cells"][place]["score"] for one in partners), scores[place]])
                for place in range(len(AREAS))
            ]
            pairs = {
                area: (was, now)
                for area, was, now in zip(AREAS, before, after, strict=True)
                if not isinstance(was, Withheld)
            }
            found.append(
                {
                    "organisation": row["organisation"],
                    "after": after,
                    "lifts": [area for area, (was, now) in pairs.items() if now > was + 1e-9],
                    "lowers": [area for area, (was, now) in pairs.items() if now < was - 1e-9],
                    "weakest_change": min(now for _was, now in pairs.values())
                    - min(was for was, _now in pairs.values()),
                }
            )
        return found


def change(before, after):
    if isinstance(after, Withheld):
        return after
    return before if isinstance(before, Withheld) else after - before


def average(values):
    known = [one for one in values if not isinstance(one, Withheld)]
    if known:
        return sum(known) / len(known)
    return values[0] if values else Withheld("not_completed")


def whole(values):
    return next((one for one in values if isinstance(one, Withheld)), None) or sum(values) / len(values)
