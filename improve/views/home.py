"""Home: what stands out for an organisation, and what to look at next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from improve.disclosure import Figure
from improve.model import Comparison, Selection, Viewer
from improve.store import Store
from improve.views.choice import NATIONAL, Choice, CohortChoice, cohorts_for
from improve.views.ground import Score, ground, headline_score
from improve.views.scores import ScoresView, scores_view
from improve.views.skills import SkillsView, skills_view
from improve.views.trend import TrendView, trend_view

STAND_OUT = 3
"""Strengths and gaps shown, at most."""


@dataclass(frozen=True, slots=True)
class Peers:
    """A group that the organisation belongs to, and how the overall scores lie in it."""

    key: str
    label: str
    median: Figure[float]
    quartiles: Figure[tuple[float, float]]
    organisations: Figure[int]


@dataclass(frozen=True, slots=True)
class HomeView:
    """Home of one viewer and selection.

    `strengths` and `gaps` are aspects whose difference from the national median is unlikely to be
    chance, the largest first; none is an answer too. Without an organisation they are the highest
    and the lowest national medians. `peers` begin with all organisations.
    """

    choice: Choice
    scores: ScoresView
    strengths: tuple[Score, ...]
    gaps: tuple[Score, ...]
    peers: tuple[Peers, ...]
    trend: TrendView
    skills: SkillsView

    @property
    def has_own(self) -> bool:
        """Whether it is about an organisation with scores of its own."""
        return any(score.mean.is_released for score in self.scores.scores)


def home_view(store: Store, viewer: Viewer, selection: Selection) -> HomeView:
    """The page for this viewer; a wish that cannot be followed leaves a notice."""
    scores = scores_view(store, viewer, selection)
    strengths, gaps = _standing_out(scores)
    return HomeView(
        choice=scores.choice,
        scores=scores,
        strengths=strengths,
        gaps=gaps,
        peers=_peers(store, scores.choice),
        trend=trend_view(store, viewer, selection),
        skills=skills_view(store, viewer, replace(selection, survey=None)),
    )


def _standing_out(scores: ScoresView) -> tuple[tuple[Score, ...], tuple[Score, ...]]:
    def compared(word: Comparison) -> tuple[Score, ...]:
        found = [one for one in scores.scores if one.comparison.value is word]
        return tuple(sorted(found, key=lambda one: -abs(one.difference.value or 0.0))[:STAND_OUT])

    if any(one.mean.is_released for one in scores.scores):
        return compared(Comparison.HIGHER), compared(Comparison.LOWER)
    with_median = [one for one in scores.scores if one.median.is_released]
    highest = sorted(with_median, key=lambda one: -(one.median.value or 0.0))
    if len(highest) < 2 * STAND_OUT:
        return (), ()
    return tuple(highest[:STAND_OUT]), tuple(reversed(highest[-STAND_OUT:]))


def _peers(store: Store, choice: Choice) -> tuple[Peers, ...]:
    """All organisations, and the groups with something in common with this one."""
    base = ground(store, choice)
    if base is None or choice.round is None or choice.survey is None:
        return ()
    own = choice.organisation.code if choice.organisation else None
    offered = cohorts_for(store, choice.viewer, choice.round, choice.survey, own)
    found = []
    for one in offered:
        if one.cohort.key == NATIONAL or own in one.cohort.members:
            score = headline_score(store, replace(base, choice=replace(choice, cohort=one)))
            if score is not None:
                found.append(_group(one, score))
    return tuple(found)


def _group(one: CohortChoice, score: Score) -> Peers:
    if one.cohort.key == NATIONAL:
        return Peers(one.cohort.key, one.label, score.median, score.quartiles, score.organisations)
    return Peers(
        *(one.cohort.key, one.label, score.cohort_median, score.cohort_quartiles),
        score.cohort_organisations,
    )
