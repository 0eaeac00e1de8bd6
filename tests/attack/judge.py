"""What can be worked out from what was written down, and whether it is true: by the raw answers."""

from collections.abc import Iterator
from itertools import combinations, groupby, pairwise
from math import sqrt
from statistics import mean, stdev

from scipy.stats import t as student

from improve.model import Role
from tests.attack.county import AREAS, COLLECTING, LISTED, PARTS, WORDS, County
from tests.attack.notebook import OTHER, Look

COUNTS = {"n", "responses", "people", "found", "answers", "untimed"}
FEW = 10
BOROUGHS = frozenset(f"X{place:02d}" for place in range(2, 11))
ALL = frozenset(PARTS["2026"][:12])
MEMBERS = {
    "all": ALL,
    "type:London borough": BOROUGHS,
    "nation:England": BOROUGHS | {"X11"},
    "nation:Wales": frozenset({"X00", OTHER}),
}
LABELS = {"All UK councils": "all", "London boroughs": "type:London borough", "England": "nation:England"}


def given(one, key):
    """What people said to one question."""
    return [value for value in one.get(key, ()) if value is not None]


def near(value):
    """A number as it is looked up; None for what a figure in steps may be by chance."""
    return None if abs(value * 100 - round(value * 100)) < 1e-6 else round(value, 9)


def differences(one, item):
    both = zip(one[item, "importance"], one[item, "satisfaction"], strict=True)
    return [i - s for i, s in both if i is not None and s is not None]


def scores(one):
    """Every mean of an organisation's answers, and of how many."""
    found = {}
    for key in one:
        if key not in ("AREA", "JOB", "COM") and given(one, key):
            found[key] = mean(given(one, key)), len(given(one, key))
    for item in ("A1", "A2"):
        if differences(one, item):
            found[item, "gap"] = mean(differences(one, item)), len(differences(one, item))
    found["rate"] = None
    return found


class Judge:
    """Says what somebody has found out. `findings` of nothing are what the rules promise."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.raw = county.before
        self.secrets: dict[float, tuple[str | None, str]] = {}
        for rounds in (county.before, county.after):
            self._scores_of(rounds)
        self._changes_of_others()
        self._people()
        self._skills()

    def _keep(self, value, whose, what):
        if (found := near(value)) is not None:
            self.secrets.setdefault(found, (whose, what))

    def _scores_of(self, rounds):
        for label, parts in rounds.items():
            for code, one in parts.items():
                for key, found in scores(one).items():
                    if found is not None:
                        whose = code if found[1] >= FEW else None
                        self._keep(found[0], whose, f"{key} of {code} in {label}")
                invited = 3 * len(one["OVR"]) + 2 * int(code[1:]) + 1
                self._keep(len(one["OVR"]) / invited, code, f"response rate of {code} in {label}")

    def _changes_of_others(self):
        """The exact mean change of all but one, which nobody is to know."""
        for before, after in pairwise(("2024", "2025", "2026")):
            both = [code for code in self.raw[before] if code in self.raw[after]]
            for key in ("OVR", ("A1", "satisfaction"), ("A2", "satisfaction")):
                moved = {
                    code: mean(given(self.raw[after][code], key)) - mean(given(self.raw[before][code], key))
                    for code in both
                    if min(len(given(self.raw[label][code], key)) for label in (before, after)) >= FEW
                }
                for own in moved:
                    others = [code for code in moved if code != own]
                    if others:
                        whose = others[0] if len(others) == 1 else None
                        told = f"change of {key} of all but {own}"
                        self._keep(mean(moved[code] for code in others), whose, told)

    def _people(self):
        """Exact means, and ends of intervals, of an organisation's own groups."""
        for code, one in self.raw["2026"].items():
            for area in set(one["AREA"]) - {None}:
                for measure in ("importance", "satisfaction"):
                    inside = [
                        value
                        for value, name in zip(one["A1", measure], one["AREA"], strict=True)
                        if name == area and value is not None
                    ]
                    if len(inside) < 2 or len(inside) == len(one["AREA"]):
                        continue
                    half = student.ppf(0.975, len(inside) - 1) * stdev(inside) / sqrt(len(inside))
                    for value in (mean(inside), mean(inside) - half, mean(inside) + half):
                        self._keep(value, None, f"{measure} of {area} in {code}")

    def _skills(self):
        for code, one in self.county.skills.items():
            for item in ("HAD", "WANT"):
                n = len(given(one, item))
                self._keep(mean(given(one, item)), code if n >= FEW else None, f"{item} of {code}")
            people = list(zip(one["S1"], one["S2"], strict=True))
            self._keep(mean(25 * sum(points) for points in people), code, f"skill index of {code}")
            self._keep(mean(one["S1"][at] == 2 for at in range(len(people))), code, f"S1 of {code}")
            self._keep(
                mean(mood == 3 for mood in one["MOOD"][:12]), None, f"moods at the front line of {code}"
            )

    # ── One look ───────────────────────────────────────────────────────────────────────────────

    def of_look(self, look: Look) -> Iterator[str]:
        """What one look alone tells that it must not."""
        written = look.written()
        numbers = {path: value for path, value in written if isinstance(value, int | float)}
        yield from self._exact(look, numbers)
        yield from self._reckoned(look, numbers)
        yield from self._too_few(look, numbers)
        yield from self._organisations_behind(look, numbers)
        yield from self._left_over(look)
        yield from self._named(look, written)
        if look.page == "comments":
            yield from self._comments(look)
        if look.viewer.role in (Role.DELEGATE, Role.PUBLIC) and any(
            {"joint", "breakdowns", "chosen.groups"} & {str(part) for part in path} for path in numbers
        ):
            yield f"{look.viewer.role} sees an organisation's people on {look.page}"
        if look.viewer.role is Role.PUBLIC and look.round == COLLECTING:
            yield "the public knows of a round that collects"

    def _is_secret(self, look, value):
        found = self.secrets.get(round(value, 9)) if isinstance(value, float) else None
        return found is not None and (found[0] is None or found[0] != look.viewer.organisation) and found[1]

    def _exact(self, look, numbers):
        for path, value in numbers.items():
            if what := self._is_secret(look, value):
                yield f"{look.page} {path} is the {what}"

    def _reckoned(self, look, numbers):
        """One figure less another: own mean less the difference, own change less what it is beyond others."""
        for path, value in numbers.items():
            *base, name = path
            partners = {"mean": [("difference",)], "own": [("move", "change")]}.get(str(name), [])
            partners += [("beyond", 0)] if name == "change" else []
            for partner in partners:
                other = numbers.get((*base, *partner))
                if other is not None and (what := self._is_secret(look, float(value - other))):
                    yield f"{look.page} {path} less {partner} is the {what}"

    def _too_few(self, look, numbers):
        for path, value in numbers.items():
            name = path[-1]
            if path[0] == "positions" and name == "n" and look.view.compared == "groups":
                name = "organisations"
            if name in COUNTS and "spread" not in path and 0 < value < FEW:
                yield f"{look.page} {path} is {value}"
            if name in ("organisations", "cohort_organisations") and 0 < value < 7:
                yield f"{look.page} {path} is {value}"
            if name == "missing" and 0 < value < 1:
                asked = next((n for one, n in numbers.items() if one == ("responses",)), 0)
                if 0 < round(asked * (1 - value)) < FEW:
                    yield f"{look.page} {path} gives the number of answers"

    def counting(self, label, key, cohort="all"):
        """Who counts in a benchmark."""
        if label not in self.raw:
            return frozenset()
        parts = self.raw[label]
        return frozenset(
            code for code in MEMBERS[cohort] if code in parts and len(given(parts[code], key)) >= FEW
        )

    def _organisations_behind(self, look, numbers):
        """Medians, quartiles, places and spreads of fewer organisations than they take."""
        label = look.round
        if look.page == "scores" and label is not None:
            for score in (look.view.overall, *look.view.scores):
                key = "OVR" if score.id == "OVR" else (score.id, "satisfaction")
                n = len(self.counting(label, key))
                own = look.wishes.get("cohort")
                group = len(self.counting(label, key, own)) if own in MEMBERS else 7
                for name, least, of in (
                    ("median", 7, n),
                    ("position", 7, n),
                    ("median_interval", 9, n),
                    ("quartiles", 8, n),
                    ("spread", 10, n),
                    ("cohort_median", 7, group),
                ):
                    if getattr(score, name).is_released and of < least:
                        yield f"{name} of {score.id} stands on {of} in {label}"
                if score.spread.value is not None:
                    if look.viewer.role is Role.PUBLIC:
                        yield f"the public sees where the ends lie of {score.id}"
                    if sum(one.n for one in score.spread.value) > n:
                        yield f"somebody with fewer than ten answers is in the spread of {score.id}"
        if look.page == "trend":
            for one in look.view.every:
                move = one.move
                if move is None:
                    continue
                key = "OVR" if one.id == "OVR" else (one.id, "satisfaction")
                both = self.counting(move.before, key) & self.counting(move.after, key)
                if move.peers.is_released and len(both - {look.viewer.organisation}) < 6:
                    yield f"the change of {len(both) - 1} others is told"
                earlier = self.raw[move.before].get(look.viewer.organisation, {})
                if move.change.is_released and len(given(earlier, key)) < FEW:
                    yield f"{one.id} less its change is a score of fewer than ten"

    def _left_over(self, look):
        """The whole less the groups that are shown."""
        if look.page == "response" and look.view.chosen is not None and look.view.chosen.by == "service_area":
            whole, groups = look.view.responses.value, look.view.chosen.groups
            shown = {one.label: one.responses.value for one in groups if one.responses.is_released}
            names = {one.label for one in groups}
        elif look.page == "gap" and look.view.compared == "areas" and look.view.chosen.id == "A1":
            whole = look.view.chosen.n.value
            groups = [one for one in look.view.positions if not one.is_own]
            shown = {one.label: one.n.value for one in groups if one.n.is_released}
            names = {one.label for one in groups}
        else:
            return
        if whole is None or not shown:
            return
        left = whole - sum(shown.values())
        hidden = names - set(shown)
        unnamed = any(area is None for area in self.raw["2026"][look.organisation]["AREA"])
        if 0 < left < FEW or (left and len(hidden) + unnamed == 1):
            yield f"{look.page}: {left} are left of {look.organisation}"
        if look.organisation == LISTED and not left and "Parks" not in shown:
            yield f"{look.page}: Parks of {LISTED} have nobody"

    def _named(self, look, written):
        text = " ".join(value for _path, value in written if isinstance(value, str))
        for code in WORDS:
            if code != look.viewer.organisation and f"Town {code}" in text:
                yield f"{look.page} names {code}"

    # ── Comments ───────────────────────────────────────────────────────────────────────────────

    def _comments(self, look):
        texts = [one.text for one in look.view.comments]
        told = " ".join(texts).casefold()
        if texts and look.viewer.role in (Role.DELEGATE, Role.PUBLIC):
            yield "a delegate reads comments"
        if "sarah" in told or "960123" in told:
            yield "somebody is named in a comment"
        if any(f"town {code.lower()}" in told for code in WORDS):
            yield "a comment says whose it is"
        if 0 < len(texts) < FEW and look.view.pages == 1:
            yield f"{len(texts)} comments of {dict(look.wishes)}"
        if look.view.themes and look.view.people.value is None and not look.wishes.get("words"):
            yield "themes of few people"
        if look.wishes.get("sort") == "grumpiest":
            one = self.raw["2026"][OTHER]
            low = {text.split()[-1] for text, n in zip(one["COM"], one["OVR"], strict=True) if n <= 2}
            if {text.split()[-1] for text in texts[:4]} == low:
                yield "the four who rated lowest stand first"
        if look.view.is_pooled and len(texts) > FEW:
            whose = [next((code for code, word in WORDS.items() if word in text), None) for text in texts]
            if len(list(groupby(whose))) <= max(len(set(whose)), len(whose) // 3):
                yield "the comments of an organisation stand together"

    # ── Several looks ──────────────────────────────────────────────────────────────────────────

    def of_looks(self, looks: list[Look]) -> Iterator[str]:
        """What two who compare notes, or one who remembers, make of several."""
        yield from self._two_cohorts(looks)
        yield from self._two_pages(looks)
        yield from self._two_filters(looks)
        yield from self._two_people(looks)

    def _two_cohorts(self, looks):
        medians: dict[tuple, set[str]] = {}
        for look in looks:
            for name, key, cohort in self._medians(look):
                medians.setdefault((name, key), set()).add(cohort)
        for (name, key), cohorts in medians.items():
            for one, other in combinations(sorted(cohorts), 2):
                apart = self._behind(name, key, one) ^ self._behind(name, key, other)
                if 0 < len(apart) < 3:
                    yield f"{name} {key}: {one} and {other} differ by {sorted(apart)}"

    def _medians(self, look):
        if look.round != "2026":
            return
        cohort = look.wishes.get("cohort")
        if look.page == "scores":
            for score in (look.view.overall, *look.view.scores):
                key = "OVR" if score.id == "OVR" else (score.id, "satisfaction")
                if score.median.is_released:
                    yield "scores", key, "all"
                if score.cohort_median.is_released and cohort:
                    yield "scores", key, cohort
        if look.page == "gap" and look.view.compared == "groups":
            for one in look.view.positions:
                if one.satisfaction.is_released and one.label in LABELS:
                    yield "gap", (look.view.chosen.id, "satisfaction"), LABELS[one.label]
        if look.page == "trend" and cohort:
            for one in look.view.every:
                key = "OVR" if one.id == "OVR" else (one.id, "satisfaction")
                point = next(each for each in one.points if each.round == "2026")
                if point.median.is_released:
                    yield "trend", key, "all"
                if point.cohort_median.is_released:
                    yield "trend", key, cohort
        if look.page == "skills" and cohort and look.view.received is not None:
            one = look.view.received
            if one.median.is_released:
                yield "skills", "HAD", "all"
            if one.cohort_median.is_released:
                yield "skills", "HAD", cohort

    def _behind(self, name, key, cohort):
        if name != "skills":
            return self.counting("2026", key, cohort)
        return frozenset(
            code
            for code, one in self.county.skills.items()
            if code in MEMBERS[cohort] and len(given(one, key)) >= FEW
        )

    def _two_pages(self, looks):
        """A group that one page hides and another tells."""
        told: dict[str, dict[str, set[str]]] = {}
        for look in looks:
            groups = ()
            if look.page == "response" and look.view.chosen is not None:
                groups = [(one.label, one.responses) for one in look.view.chosen.groups]
            if look.page == "gap" and look.view.compared == "areas" and look.view.chosen.id == "A1":
                groups = [(one.label, one.n) for one in look.view.positions if not one.is_own]
            for label, figure in groups:
                if label in {area for one in AREAS.values() for area in one}:
                    kept = told.setdefault(look.organisation, {"shown": set(), "hidden": set()})
                    kept["shown" if figure.is_released else "hidden"].add(label)
        for code, kept in told.items():
            if both := kept["shown"] & kept["hidden"]:
                yield f"{sorted(both)} of {code} are hidden on one page and told on another"

    def _two_filters(self, looks):
        """Comments with a word, less those that were rated high too: a few are left who rated otherwise."""
        told = {
            (look.wishes.get("words"), look.wishes.get("band")): {one.text for one in look.view.comments}
            for look in looks
            if look.page == "comments" and look.viewer.organisation == OTHER
        }
        for (word, band), texts in told.items():
            rest = told.get((word, None), set()) - texts
            if word and band and texts and 0 < len(rest) < FEW:
                yield f"{len(rest)} who write of a {word} did not rate it {band}"

    def _two_people(self, looks):
        """Sums and differences of what a delegate and a member of another council were told."""
        theirs = [look for look in looks if look.viewer.role in (Role.DELEGATE, Role.MEMBER)]
        ours = {look.viewer.organisation for look in theirs}
        written = {value for look in theirs for _path, value in look.written() if isinstance(value, float)}
        fine = [value for value in written if abs(value) < 8 and near(value) is not None]
        for one in fine:
            for tenth in range(-60, 61):
                whose, what = self.secrets.get(round(one + tenth / 10, 9), (None, ""))
                if whose is not None and whose not in ours:
                    yield f"{one} and {tenth / 10} make the {what}"

    def of_two_looks(self, before: Look, after: Look) -> Iterator[str]:
        """What moved between two looks at the same thing, while files came."""
        was, now = dict(before.written()), dict(after.written())
        if before.page in ("response", "gap") and before.viewer.role is Role.MEMBER:
            # When people answered is put together anew as they come: that alone may move by a few.
            for path, value in was.items():
                moved = abs(now.get(path, value) - value) if path[-1] in COUNTS else 0
                if 0 < moved < FEW and path[0] != "arrivals":
                    yield f"{before.page} {path} moved by {moved}"
            return
        moved = [path for path in was.keys() | now.keys() if was.get(path) != now.get(path)]
        if moved:
            yield f"{before.viewer.role} {before.page} {before.round}: {sorted(map(str, moved))[:2]} moved"
