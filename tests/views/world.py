"""Small random worlds: the raw answers, the store that holds them, and the oracle's seasons of them."""

import json
import random
from dataclasses import dataclass, replace

from improve.instruments import Aspect, Question, QuestionKind, Scale
from improve.model import Role, Viewer
from improve.store import close_round, write_responses
from improve.views.scores_shown import as_json
from tests import oracle
from tests.factory import make_delivery, make_organisation, make_store, small_survey

ROUNDS = ("2024", "2025", "2026")
PLACES = (
    ("Wales", "Wales", "Welsh unitary"),
    ("England", "London", "London borough"),
    ("England", "London", "London borough"),
    ("England", "London", "City corporation"),
    ("England", "South West", "district"),
    ("England", "South West", "unitary"),
    ("Northern Ireland", "Northern Ireland", "NI district"),
)
SIZES = (3, 9, 10, 11, 14, 29, 30, 31, 40)


def surveys():
    """Three versions of one survey: the usual one, an older scale, and one with changes."""
    usual = small_survey("1.0", scale=Scale(low=1, high=7))
    older = small_survey("0.9", scale=Scale(low=1, high=10))
    headline = Question(
        id="OVR",
        role="headline",
        kind=QuestionKind.RATING,
        short="Overall",
        text="All told?",
        scale=Scale(low=1, high=10),
    )
    extra = Aspect(id="A4", category="SUP", short="Speed", text="It is fast")
    newer = small_survey(
        "1.1", scale=Scale(low=1, high=7), aspects=(*usual.aspects, extra), overall=(headline,)
    )
    return {one.version: one for one in (usual, older, newer)}


SURVEYS = surveys()


def form_of(survey):
    def scale(one):
        return oracle.Scale(one.low, one.high)

    headline = survey.headline
    return oracle.Form(
        version=survey.version,
        aspects={aspect.id: aspect.optional for aspect in survey.aspects},
        scale=scale(survey.scale),
        headline=None if headline is None else headline.id,
        headline_scale=None if headline is None else scale(survey.scale_of(headline)),
    )


FORMS = {version: form_of(survey) for version, survey in SURVEYS.items()}


@dataclass(frozen=True)
class File:
    """One file as it is handed in."""

    round: str
    organisation: str
    version: str
    answers: dict
    invited: int | None

    @property
    def people(self):
        return max(len(given) for given in self.answers.values())

    def delivery(self):
        return make_delivery(
            SURVEYS[self.version],
            self.round,
            self.organisation,
            self.answers,
            invited=self.invited,
        )


@dataclass
class World:
    organisations: tuple
    store: object
    seasons: list

    @property
    def places(self):
        return {one.code: (one.nation, one.region, one.type) for one in self.organisations}

    def page(self, look):
        return oracle.Page(self.seasons, self.places, FORMS, look)


def part_of(files):
    """The oracle's part of an organisation: the files that stand for it, one after the other."""
    answers = {}
    for one in files:
        for item, given in one.answers.items():
            answers.setdefault(item, []).extend(given)
    told = [one.invited for one in files if one.invited is not None]
    return oracle.Part(
        form=FORMS[files[0].version],
        people=sum(one.people for one in files),
        invited=told[-1] if told else None,
        answers=answers,
    )


def seasons_of(stages):
    """stages: {round: (files now, files at closing or None)}, each {organisation: [files]}."""
    return [
        oracle.Season(
            label,
            {code: part_of(files) for code, files in now.items()},
            None if closing is None else {code: part_of(files) for code, files in closing.items()},
        )
        for label, (now, closing) in stages.items()
    ]


def random_file(chance, label, code, version, bias):
    survey = SURVEYS[version]
    people = chance.choice(SIZES)
    answers = {}
    for aspect in survey.aspects:
        if chance.random() < (0.5 if aspect.optional else 0.08):
            continue
        answers[aspect.id] = _given(chance, survey.scale, people, bias)
    if survey.headline is not None and (chance.random() > 0.05 or not answers):
        answers[survey.headline.id] = _given(chance, survey.scale_of(survey.headline), people, bias)
    invited = chance.choice((None, people, people * 3, people * 30, people * 4 + 1, people - 1))
    return File(label, code, version, answers, invited)


def _given(chance, scale, people, bias):
    if chance.random() < 0.04:
        return [chance.randint(scale.low, scale.high)] * people
    blank = chance.choice((0.0, 0.0, 0.1, 0.25, 0.3))
    nine = people > 9 and chance.random() < 0.12
    width = scale.high - scale.low
    given = []
    for person in range(people):
        value = scale.low + width * min(1, max(0, chance.gauss(bias, 0.18)))
        is_blank = (nine and person >= chance.choice((9, 10))) or chance.random() < blank
        given.append(None if is_blank else round(value))
    return given


def random_world(seed, folder):
    """1 to 30 organisations in three rounds; late arrivals, replaced and added files, two scales."""
    chance = random.Random(seed)
    size = chance.choice((1, 2, 6, 7, 8, 9, 10, 12, 16, 22, 30))
    organisations = tuple(
        make_organisation(f"X{number:02d}", **dict(zip(("nation", "region", "type"), place, strict=True)))
        for number in range(size + 4)
        for place in (chance.choice(PLACES if number % 3 else PLACES[:2]),)
    )
    usual = chance.choice(
        (("1.0",), ("1.0", "1.0", "1.0", "0.9"), ("1.0", "1.1", "1.1"), ("1.0", "1.1", "0.9"))
    )
    bias = {one.code: chance.uniform(0.45, 0.85) for one in organisations}
    open_rounds = chance.choice(((), ("2026",), ("2026",), ("2025",), ROUNDS))
    store = make_store(folder, organisations=organisations, name=f"{seed}.duckdb")
    stages = {}
    for label in ROUNDS:
        share = chance.choice((0.6, 0.9, 1.0))
        taking_part = [one.code for one in organisations[:size] if chance.random() < share]
        now = {
            code: [random_file(chance, label, code, chance.choice(usual), bias[code])] for code in taking_part
        }
        if not now:
            continue
        for code, files in now.items():
            if chance.random() < 0.1:
                files.append(random_file(chance, label, code, files[0].version, bias[code]))
        write_responses(store, [one.delivery() for files in now.values() for one in files])
        closing = None
        if label not in open_rounds:
            close_round(store, label)
            closing = {code: list(files) for code, files in now.items()}
            for one in organisations[:size]:
                if one.code not in now and chance.random() < 0.5:
                    now[one.code] = [random_file(chance, label, one.code, chance.choice(usual), 0.9)]
                    write_responses(store, [now[one.code][0].delivery()])
                elif one.code in now and chance.random() < 0.1:
                    version = now[one.code][0].version
                    again = random_file(chance, label, one.code, version, 0.3)
                    if again.invited is None:
                        again = replace(again, invited=now[one.code][-1].people * 5)
                    now[one.code] = [again]
                    write_responses(store, [again.delivery()], replace=True)
        stages[label] = (now, closing)
    return World(organisations, store, seasons_of(stages))


def viewer_of(look):
    return Viewer(Role(look.role), look.own)


FIGURES = (
    "n",
    "mean",
    "interval",
    "distribution",
    "missing",
    "median",
    "median_interval",
    "quartiles",
    "organisations",
    "answers",
    "cohort_median",
    "cohort_quartiles",
    "cohort_organisations",
    "difference",
    "comparison",
    "position",
    "previous",
    "spread",
)


def plain(figure):
    """A figure of the JSON as the oracle has it."""
    return oracle.Withheld(figure["withheld"]) if "withheld" in figure else figure["value"]


def written(view):
    """What a view releases, as a program reads it: through the text of its JSON."""
    return json.loads(json.dumps(as_json(view), allow_nan=False))


def figures_of(view):
    """What a view releases, in the oracle's form."""
    found = written(view)

    def score(one):
        return {
            "id": one["id"],
            "is_small_sample": one["is_small_sample"],
            "is_much_missing": one["is_much_missing"],
            **{name: plain(one[name]) for name in FIGURES},
        }

    return {
        "organisation": found["organisation"] and found["organisation"]["code"],
        "cohort": found["cohort"],
        "version": found["instrument"]["version"],
        "is_provisional": found["is_provisional"],
        "overall": found["overall"] and score(found["overall"]),
        "aspects": [score(one) for one in found["aspects"]],
        **{
            name: plain(found[name])
            for name in ("average_of_aspects", "responses", "response_rate", "response_rate_median")
        },
    }


def differences(found, wanted, at=""):
    """Where two figures differ, as lines to read; numbers may differ by float dust alone."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict) or set(found) != set(wanted):
            return [f"{at}: {found} is not {wanted}"]
        return [line for key in wanted for line in differences(found[key], wanted[key], f"{at}.{key}")]
    if isinstance(wanted, list):
        if not isinstance(found, list) or len(found) != len(wanted):
            return [f"{at}: {found} is not {wanted}"]
        pairs = enumerate(zip(found, wanted, strict=True))
        return [line for place, (a, b) in pairs for line in differences(a, b, f"{at}[{place}]")]
    if isinstance(wanted, float) and isinstance(found, (int, float)):
        return [] if abs(found - wanted) < 1e-9 else [f"{at}: {found} is not {wanted}"]
    return [] if found == wanted and type(found) is type(wanted) else [f"{at}: {found!r} is not {wanted!r}"]
