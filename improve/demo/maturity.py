"""What the demonstration's councils answer to the criteria of digital maturity, from a fixed seed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from improve.demo.plan import ROUNDS, SEED, Parameters, make_plan
from improve.demo.rating import mixed
from improve.demo.register import DATA
from improve.demo.story import STORIES, WELSH
from improve.instruments import CriterionTag, Maturity, say
from improve.instruments.model import Criterion
from improve.store.assessment import Past, Wording

MATURITY_ROUNDS, MATURITY_ORGANISATIONS = ("2025", "2026"), (48, 60)
"""When councils assessed themselves, and how many; in the newest all Welsh ones did."""
LEAVERS = 2
"""How many of the earlier round did not come back."""
SATISFACTION_WEIGHT = 0.4
"""Correlation of how far a council is with how content its people are."""
FUNCTION_WEIGHT, CRITERION_WEIGHT, LASTING_WEIGHT = 0.84, 0.8, 0.93
"""Correlation of a function with the council as a whole, of a criterion with its function, and of what is
peculiar to a criterion with the same at any time."""
EASIEST, HARDEST, DIFFICULTY_SD = -2.3, 1.5, 0.12
"""How far half of all councils must be to meet a criterion of the lowest and of the highest level, and
how much criteria of one level differ in this."""
DECIDES_SD = 0.3
"""How councils differ in deciding (what is tagged as commitment) before they do."""
GROWTH, GROWTH_SD = 0.14, 0.12
"""How much further a council is a round later."""
UNKNOWN_SHARE, UNKNOWN_MET_SHARE = 0.1, 0.015
"""Share of don't-knows of what is not met, and of what is."""
APART_SHARE, OTHER_APART_SHARE = 0.09, 0.002
"""Share of councils to which a criterion does not apply: one of which that can be said, and any other."""
EVIDENCE_SHARE, NOTE_SHARE = 0.2, 0.4
"""How often a yes comes with evidence, and a don't know with a note."""
NEXT_DELAY = 90
"""Days after the newest survey was closed on which the assessments that are still open were started."""
DAYS_BETWEEN = 3
"""Between those who answer one of them in turn."""

YES, NO, UNKNOWN, APART, OPEN = "yn?-."
"""The letters that answers are told by: yes, no, don't know, does not apply, none yet."""


class Words(Parameters):
    """data/demonstration/maturity.yaml; `roles` by function and `reasons` by criterion have a default."""

    functions: Mapping[str, float]
    tags: Mapping[CriterionTag, float]
    roles: Mapping[str, tuple[str, ...]]
    evidence: tuple[str, ...]
    to_find_out: tuple[str, ...]
    reasons: Mapping[str, tuple[str, ...]]


@cache
def read_words() -> Words:
    """The assumed differences between functions, and what the councils write beside their answers."""
    return Words.model_validate(yaml.safe_load((DATA / "maturity.yaml").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one person answered in an assessment that is still open."""

    organisation: str
    by: str
    answered_at: datetime
    answers: tuple[Wording, ...]


def demonstration_assessments(instrument: Maturity) -> tuple[Past, ...]:
    """Every assessment of the demonstration in the order of time; the same instrument gives the same.

    Those still open come last, with nothing answered: `demonstration_contributions` are their answers.
    """
    return tuple(sorted(_Assessing(instrument).assessments(), key=lambda one: one.answered_at))


def demonstration_contributions(instrument: Maturity) -> tuple[Contribution, ...]:
    """The answers of the assessments that are still open, half of them given, in the order of time."""
    return tuple(sorted(_Assessing(instrument).contributions(), key=lambda one: one.answered_at))


class _Assessing:
    """All answers of the demonstration to one instrument.

    Arrays are times x organisations x criteria; a time is a round, and last the season to come.
    """

    def __init__(self, instrument: Maturity) -> None:
        self.instrument, self.words = instrument, read_words()
        self.plan = make_plan(np.random.default_rng([SEED, 0]))
        self.rows = [ROUNDS.index(label) for label in MATURITY_ROUNDS]
        self.place_of = {code: place for place, code in enumerate(self.plan.codes)}
        rng = np.random.default_rng([SEED, 6])
        self.takes_part = self._takes_part(rng)
        self.letters = self._letters(rng)
        shape = (len(self.plan.codes), len(instrument.criteria))
        self.draws = rng.random((*shape, 2))
        self.people = rng.random((len(self.plan.codes), len(instrument.functions) + 1))
        self.days = rng.integers(5, 17, (len(self.rows), len(self.plan.codes)))
        self.seconds = rng.integers(9 * 3_600, 17 * 3_600, (len(self.rows) + 1, len(self.plan.codes)))
        counting = {one.group: one.code for one in instrument.answers if one.counts}
        apart = next((one.code for one in instrument.answers if not one.counts), counting["not_met"])
        self.code_of = {
            YES: counting["met"],
            NO: counting["not_met"],
            UNKNOWN: counting.get("to_find_out", counting["not_met"]),
            APART: apart,
        }

    def assessments(self) -> Iterator[Past]:
        """Of every round, and the open ones without their answers."""
        for time, label in enumerate(MATURITY_ROUNDS):
            for place in np.flatnonzero(self.takes_part[time]).tolist():
                yield Past(
                    organisation=self.plan.codes[place],
                    round=label,
                    answers=tuple(self._wordings(time, place, range(len(self.instrument.criteria)))),
                    by=self._person(place),
                    answered_at=self._submitted_at(time, place),
                    sections=self._sections(place),
                )
        for place in self._half_answered():
            yield Past(
                organisation=self.plan.codes[place],
                round="",
                answers=(),
                by=self._person(place),
                answered_at=self._begun_at(place),
                sections=self._sections(place),
                is_submitted=False,
            )

    def contributions(self) -> Iterator[Contribution]:
        """Function by function, each by whom it was given to."""
        for place in self._half_answered():
            roles, turn = dict(self._sections(place)), 0
            for function in self.instrument.functions:
                criteria = [
                    at for at, one in enumerate(self.instrument.criteria) if one.function == function.id
                ]
                answers = tuple(self._wordings(len(self.rows), place, criteria))
                if answers:
                    turn += 1
                    moment = self._begun_at(place) + timedelta(days=DAYS_BETWEEN * turn, minutes=37 * turn)
                    yield Contribution(self.plan.codes[place], roles[function.id], moment, answers)

    # Who takes part, and what they answer

    def _takes_part(self, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Rounds x organisations: all Welsh ones that took part in the survey, and enough others."""
        surveyed = self.plan.responses[self.rows] > 0
        is_welsh = np.array([code in WELSH for code in self.plan.codes])
        takes_part = surveyed & is_welsh
        others = rng.permutation(np.flatnonzero(surveyed.all(axis=0) & ~is_welsh))
        for time, organisations in enumerate(MATURITY_ORGANISATIONS):
            wanted = organisations - takes_part[time].sum()
            is_newest = time == len(self.rows) - 1
            takes_part[time, others[LEAVERS : LEAVERS + wanted] if is_newest else others[:wanted]] = True
        return np.asarray(takes_part)

    def _letters(self, rng: np.random.Generator) -> NDArray[np.str_]:
        """The answers, as letters: drawn, and then as the stories tell."""
        criteria, codes = self.instrument.criteria, self.plan.codes
        times, top = len(self.rows) + 1, len(self.instrument.levels)
        functions = {one.id: at for at, one in enumerate(self.instrument.functions)}
        shape = (len(codes), len(criteria))

        content = ndtri((rankdata(self.plan.overall[-1]) - 0.5) / len(codes))
        whole = mixed(SATISFACTION_WEIGHT, content, rng.standard_normal(len(codes)))
        # Laid out, not drawn, over those of the newest round: its medians are as meant whatever the seed.
        newest = self.takes_part[-1]
        places = np.searchsorted(np.sort(whole[newest]), whole, side="right").clip(1)
        whole = ndtri((places - 0.5) / newest.sum())
        far = mixed(FUNCTION_WEIGHT, whole[:, None], rng.standard_normal((len(codes), len(functions))))
        peculiar = mixed(
            LASTING_WEIGHT, rng.standard_normal(shape)[None], rng.standard_normal((times, *shape))
        )
        able = mixed(CRITERION_WEIGHT, far[:, [functions[one.function] for one in criteria]], peculiar)
        decides = DECIDES_SD * rng.standard_normal((len(codes), 1))
        able = able + decides * np.array([CriterionTag.COMMITMENT in one.tags for one in criteria])
        growth = GROWTH + GROWTH_SD * rng.standard_normal(len(codes))
        able = able + growth[None, :, None] * (np.arange(times) - (times - 2))[:, None, None]
        thresholds = np.linspace(EASIEST, HARDEST, top)[[one.level - 1 for one in criteria]]
        effects = [
            self.words.functions.get(one.function, 0.0)
            + sum(self.words.tags.get(tag, 0.0) for tag in one.tags)
            for one in criteria
        ]
        is_met = able + effects > thresholds + DIFFICULTY_SD * rng.standard_normal(len(criteria))

        letters = np.where(is_met, YES, NO)
        is_unknown = rng.random(is_met.shape) < np.where(is_met, UNKNOWN_MET_SHARE, UNKNOWN_SHARE)
        letters[is_unknown] = UNKNOWN
        shares = [
            APART_SHARE if one.id in self.words.reasons else OTHER_APART_SHARE * (one.level > 1)
            for one in criteria
        ]
        letters[:, rng.random(shape) < shares] = APART
        self._leave_open(letters[-1], rng)
        self._tell(letters)
        return np.asarray(letters)

    def _leave_open(self, letters: NDArray[np.str_], rng: np.random.Generator) -> None:
        """Leaves the second half without an answer, function after function in an order of its own."""
        criteria = self.instrument.criteria
        for place in self._half_answered():
            order = rng.permutation(len(self.instrument.functions)).tolist()
            turn = {one.id: order[at] for at, one in enumerate(self.instrument.functions)}
            in_turn = sorted(range(len(criteria)), key=lambda at: turn[criteria[at].function])
            letters[place, in_turn[len(criteria) // 2 :]] = OPEN

    def _tell(self, letters: NDArray[np.str_]) -> None:
        """Puts in what the stories tell, of functions that the instrument has."""
        for story in STORIES.values():
            for function, told in story.maturity.items():
                criteria = [at for at, one in enumerate(self.instrument.criteria) if one.function == function]
                for time, answers in enumerate(told):
                    given = answers.replace(" ", "")
                    for at, letter in zip(criteria, given, strict=False):
                        letters[time, self.place_of[story.organisation], at] = letter

    def _half_answered(self) -> list[int]:
        """The places of those whose next assessment is still open."""
        return sorted(self.place_of[one.organisation] for one in STORIES.values() if one.is_half_answered)

    # In whose words, and when

    def _wordings(self, time: int, place: int, criteria: Iterable[int]) -> Iterator[Wording]:
        """The answers of one organisation to these criteria, those that there are."""
        year = MATURITY_ROUNDS[min(time, len(MATURITY_ROUNDS) - 1)]
        letters, draws = self.letters[time, place].tolist(), self.draws[place].tolist()
        for at in criteria:
            letter, (whether, which) = letters[at], draws[at]
            if letter == OPEN:
                continue
            criterion = self.instrument.criteria[at]
            evidence = reason = ""
            if letter == YES and whether < EVIDENCE_SHARE:
                evidence = _one(self.words.evidence, which).format(year=year, page=_page(criterion))
            elif letter == UNKNOWN and whether < NOTE_SHARE:
                evidence = _one(self.words.to_find_out, which)
            elif letter == APART:
                reason = _one(_of(self.words.reasons, criterion.id), which)
            yield Wording(criterion.id, self.code_of[letter], evidence, reason)

    def _person(self, place: int) -> str:
        """Who answers for all functions of an organisation."""
        return _one(self.words.roles["default"], self.people[place, 0])

    def _sections(self, place: int) -> tuple[tuple[str, str], ...]:
        """Who is to answer each function."""
        return tuple(
            (one.id, _one(_of(self.words.roles, one.id), draw))
            for one, draw in zip(self.instrument.functions, self.people[place, 1:].tolist(), strict=True)
        )

    def _submitted_at(self, time: int, place: int) -> datetime:
        """A working day while the organisation's survey of that round was open."""
        opened = self.plan.opened[self.rows[time], place]
        return self._on(np.busday_offset(opened + self.days[time, place], 0, roll="backward"), time, place)

    def _begun_at(self, place: int) -> datetime:
        """When the assessment that is still open was started."""
        day = np.busday_offset(self.plan.closed[-1, place] + NEXT_DELAY, 0, roll="forward")
        return self._on(day, len(self.rows), place)

    def _on(self, day: np.datetime64, time: int, place: int) -> datetime:
        midnight: datetime = day.astype("datetime64[s]").item()
        return midnight + timedelta(seconds=int(self.seconds[time, place]))


def _one(texts: Sequence[str], draw: float) -> str:
    return texts[int(draw * len(texts))]


def _of(texts: Mapping[str, tuple[str, ...]], key: str) -> tuple[str, ...]:
    return texts.get(key, texts["default"])


def _page(criterion: Criterion) -> str:
    """A criterion's topic as the last part of an address."""
    return re.sub("[^a-z0-9]+", "-", say(criterion.topic).lower()).strip("-")
