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
    """A number question."""

    mean: float
    sd: float


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
    lists: Mapping[str, tuple[str, ...]]


@cache
def read_priors() -> Priors:
    """The assumed means and spreads of the synthetic answers."""
    return Priors.model_validate(yaml.safe_load((DATA / "priors.yaml").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Plan:
    """One row per round, one column per organisation of the register (the trial place left out).

    `responses` is 0 where an organisation takes no part. `overall` is on the scale of priors.yaml.
    `opened` and `closed` are days, both within the survey.
    """

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
    return Plan(codes, responses, np.rint(responses / rates).astype(np.int64), overall, opened, closed)
