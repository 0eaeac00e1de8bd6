"""Who takes part in which round of the demonstration, when, with how many people, how content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy.special import ndtri

from improve.demo.register import DATA, read_demonstration_register
from improve.demo.story import SMALL, STORIES, WELSH

SEED = 20260504
ROUNDS = ("2023", "2024", "2025", "2026")
TOTAL = 30_000
MEDIAN_RATE, SPREAD_OF_RATES, SMALL_RATE = 0.24, 0.05, 0.09
FIRST_SHARE = {"Wales": 0.85}
OTHER_FIRST_SHARE = 0.6
"""Share of a nation's organisations that took part in the first round; it grows to all in the newest."""
GROWTH = 0.08
"""By which share the responses of an organisation grow from round to round."""
SIZE = {
    "county": 600,
    "unitary": 380,
    "metropolitan borough": 480,
    "London borough": 420,
    "City corporation": 150,
    "district": 130,
    "Scottish council area": 430,
    "NI district": 250,
}
"""Typical number of responses in the newest round, before they are scaled to TOTAL."""
SMALLEST, LARGEST = 52, 1_480
SKILLS_ROUNDS, SKILLS_ORGANISATIONS = ("2024", "2026"), (52, 60)
"""When people were asked about their skills, and how many organisations asked; all Welsh ones did."""
SKILLS_SHARE, SKILLS_SMALLEST, SKILLS_LARGEST, SKILLS_RATE = 0.35, 30, 250, 0.31
"""Responses as a share of those to the main survey, their bounds, and the typical response rate."""
SKILLS_DELAY = 140
"""Days after the main survey on which that about skills was opened."""


class Parameters(BaseModel):
    """A part of priors.yaml: frozen, and no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bounds(Parameters):
    """The scale that all the other values are on."""

    low: float
    high: float


class Overall(Parameters):
    """Overall scores between organisations, and the spread between respondents within one."""

    mean: float
    sd: float
    floor: float
    ceiling: float
    respondent_sd: float


class Correlation(Parameters):
    """Between the measures: over the people of one aspect's chance part, and between persons."""

    aspect: float
    person: float


class Rated(Parameters):
    """A measure: its means per aspect, or how far each lies from the organisation's overall score."""

    sd: float
    mean: Mapping[str, float] | None = None
    offset_from_overall: Mapping[str, float] | None = None


class Number(Parameters):
    """A number question: its mean, the spread between people and between organisations.

    Half of an answer to the question `follows` is part of the answer to this one.
    """

    mean: float
    sd: float
    between: float = 0.0
    follows: str = ""


class Standing(Parameters):
    """What people can do, on one scale for all (standard normal): where groups and questions lie on it.

    `between` and `question_between` are the spread between organisations, of all and of one
    question. A group is a service area's name or an option's id; its effects go by question, "" being
    every choice that hangs on standing; those on number questions are in their unit.
    """

    between: float
    question_between: float
    questions: Mapping[str, float]
    groups: Mapping[str, Mapping[str, float]]


class Priors(Parameters):
    """data/demonstration/priors.yaml."""

    status: str
    scale: Bounds
    overall: Overall
    missing_rate: float
    correlation: Correlation
    measures: Mapping[str, Rated]
    ratings: Mapping[str, float]
    shares: Mapping[str, Mapping[str, float]]
    numbers: Mapping[str, Number]
    standing: Standing
    alone: tuple[str, ...]
    eagerness: Mapping[str, float]
    lists: Mapping[str, tuple[str, ...]]


@cache
def read_priors() -> Priors:
    """The assumed means and spreads of the synthetic answers."""
    return Priors.model_validate(yaml.safe_load((DATA / "priors.yaml").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Plan:
    """One row per round (`rounds`), one column per organisation of the register (the trial place left out).

    `responses` is 0 where an organisation takes no part. `overall` is on the scale of priors.yaml.
    `opened` and `closed` are days, both within the survey.
    """

    rounds: tuple[str, ...]
    codes: tuple[str, ...]
    responses: NDArray[np.int64]
    invited: NDArray[np.int64]
    overall: NDArray[np.float64]
    opened: NDArray[np.datetime64]
    closed: NDArray[np.datetime64]


def make_plan(rng: np.random.Generator) -> Plan:
    """Participation and overall scores of every round.

    The newest round is laid out by normal scores in random order rather than drawn, so that its
    medians and spreads are those asked for whatever the seed; earlier rounds walk back from it.
    """
    register = [one for one in read_demonstration_register() if not one.is_trial]
    codes = tuple(one.code for one in register)
    shape = (len(ROUNDS), len(codes))
    is_welsh = np.array([code in WELSH for code in codes])
    is_small = np.array([code in SMALL for code in codes])
    is_usual = ~is_welsh & ~is_small

    def normal_scores(n: int) -> NDArray[np.float64]:
        return rng.permutation(ndtri((np.arange(n) + 0.5) / n))

    size = np.zeros(len(codes))
    size[is_usual] = [SIZE[one.type] for one in register if one.code not in WELSH and one.code not in SMALL]
    size[is_usual] *= np.exp(0.35 * rng.standard_normal(is_usual.sum()))
    rate = np.full(len(codes), SMALL_RATE)
    rate[is_usual] = MEDIAN_RATE + SPREAD_OF_RATES * normal_scores(int(is_usual.sum()))
    newest = np.zeros(len(codes))
    for place, code in enumerate(codes):
        if code in WELSH:
            newest[place], size[place], rate[place] = WELSH[code]
        elif code in SMALL:
            size[place] = SMALL[code]
    size[is_usual] *= (TOTAL - size[~is_usual].sum()) / size[is_usual].sum()
    size[is_usual] = size[is_usual].clip(SMALLEST, LARGEST)

    prior = read_priors().overall
    others = ~is_welsh
    centre = (prior.mean * len(codes) - newest.sum()) / others.sum()
    scores = centre + prior.sd * normal_scores(int(others.sum()))
    newest[others] = scores.clip(prior.floor, prior.ceiling)

    back = np.arange(len(ROUNDS))[::-1, None]
    step = -0.04 + 0.11 * rng.standard_normal(shape)
    step[-1] = 0.0
    for story in STORIES.values():
        if story.since:
            step[ROUNDS.index(story.since) - 1, codes.index(story.organisation)] = 0.0
    overall = newest + np.cumsum(step[::-1], axis=0)[::-1]
    overall[:-1] = overall[:-1].clip(prior.floor, prior.ceiling)

    is_newest = back == 0
    chance = np.where(is_newest, 0.0, rng.standard_normal(shape))
    responses = np.rint(size * (1 - GROWTH) ** back * np.exp(0.12 * chance)).astype(np.int64).clip(5)
    rates = np.where(is_newest, rate, (rate * np.exp(0.1 * rng.standard_normal(shape))).clip(0.05, 0.45))
    first = np.array([FIRST_SHARE.get(one.nation, OTHER_FIRST_SHARE) for one in register])
    share = 1 - (1 - first) * back / (len(ROUNDS) - 1)
    takes_part = rng.random(shape) < share
    for story in STORIES.values():
        takes_part[:, codes.index(story.organisation)] = [label not in story.skipped for label in ROUNDS]
    responses = np.where(takes_part, responses, 0)

    may = np.array([f"{label}-05-01" for label in ROUNDS], dtype="datetime64[D]")
    tuesday = np.busday_offset(may, 0, roll="forward", weekmask="Tue")[:, None]
    opened = tuesday + 7 * rng.integers(0, 4, shape)
    closed = opened + 17 + 7 * rng.integers(0, 3, shape)
    return Plan(
        ROUNDS, codes, responses, np.rint(responses / rates).astype(np.int64), overall, opened, closed
    )


def make_skills_plan(main: Plan, rng: np.random.Generator) -> Plan:
    """Who asked about skills, beside the main survey: fewer organisations, and fewer of their people."""
    rows = [main.rounds.index(label) for label in SKILLS_ROUNDS]
    shape = (len(rows), len(main.codes))
    size = SKILLS_SHARE * main.responses[-1] * np.exp(0.08 * rng.standard_normal(shape))
    is_welsh = np.array([code in WELSH for code in main.codes])
    may = [place for place, code in enumerate(main.codes) if code not in WELSH and code not in SMALL]
    others = rng.permutation(may)
    takes_part = np.tile(is_welsh, (len(rows), 1))
    for row, organisations in enumerate(SKILLS_ORGANISATIONS):
        takes_part[row, others[: organisations - is_welsh.sum()]] = True
    responses = np.where(takes_part, size.clip(SKILLS_SMALLEST, SKILLS_LARGEST), 0).astype(np.int64)
    rates = (SKILLS_RATE * np.exp(0.2 * rng.standard_normal(shape))).clip(0.12, 0.6)
    return Plan(
        rounds=SKILLS_ROUNDS,
        codes=main.codes,
        responses=responses,
        invited=np.rint(responses / rates).astype(np.int64),
        overall=main.overall[rows],
        opened=main.opened[rows] + SKILLS_DELAY,
        closed=main.closed[rows] + SKILLS_DELAY,
    )
