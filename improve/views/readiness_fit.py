"""Roles that differ, a candidate beside the partners, and what would be if."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from improve import disclosure, scoring
from improve.disclosure import Figure, Reason
from improve.instruments import say
from improve.views.readiness_material import (
    Material,
    change_of,
    code_of,
    options_of,
    partners_of,
    told_states,
)
from improve.views.readiness_part import (
    Area,
    Fit,
    Move,
    RoleDifference,
    RoleScore,
    Row,
    StatementFigures,
    ToAgree,
    WhatIf,
)
from improve.views.readiness_scored import areas_if

MOST_AGREEMENTS = 5
"""Statements that a candidate and the partners must agree on first: so many are listed."""


# ── Roles ──────────────────────────────────────────────────────────────────────────────────────


def _role_figures(
    material: Material, organisation: str
) -> Iterable[tuple[str, str, tuple[Figure[float], ...]]]:
    """Role, its name and its scores by area, as far as this viewer may see them."""
    look = material.now
    found = look.scores.get(organisation)
    if found is None:
        return
    inner = disclosure.respondents_reason(material.viewer, organisation)
    shared = material.reason(organisation) or (
        None if look.is_completed(organisation) else Reason.NOT_COMPLETED
    )
    # A delegate sees scores of the own organisation, and nothing of its people.
    reason = None if inner is None else shared or material.shared_reason
    # Area by area: who has too many blind spots there is no respondent of it.
    shown = [
        disclosure.shown_roles(
            {role: scores[at].respondents for role, scores in found.roles.items() if scores[at].respondents}
        )
        for at in range(len(look.instrument.areas))
    ]
    for role in look.instrument.roles:
        if role.id in found.roles:
            scores = zip(found.roles[role.id], shown, strict=True)
            yield (
                role.id,
                say(role.name),
                tuple(
                    disclosure.role_figure(reason, inner is None, role.id in some, one.score)
                    for one, some in scores
                ),
            )


def roles_of(material: Material) -> tuple[RoleScore, ...]:
    """The scores of the organisation's own people by role, for its own members."""
    own = material.own
    inner = disclosure.respondents_reason(material.viewer, own)
    if own is None or inner is not None or own not in material.now.scores:
        return ()
    respondents = material.now.scores[own].respondents
    return tuple(
        RoleScore(role, name, disclosure.answered_figure(inner, respondents[role]), scores)
        for role, name, scores in _role_figures(material, own)
    )


def differences_of(material: Material, rows: Sequence[Row]) -> tuple[RoleDifference, ...]:
    """Roles of one organisation that are far apart in an area, the widest first."""
    found = []
    for row in rows:
        roles = list(_role_figures(material, row.organisation))
        for place, area in enumerate(material.now.instrument.areas):
            known = [
                (scores[place].value or 0.0, name, scores[place])
                for _role, name, scores in roles
                if scores[place].is_released
            ]
            if len(known) < 2:
                continue
            low, high = (pick(known, key=lambda one: one[0]) for pick in (min, max))
            if scoring.is_wide(low[0], high[0]):
                difference = RoleDifference(
                    *(row.organisation, row.name, row.is_own, area.id, high[1], low[1], high[2], low[2])
                )
                found.append((low[0] - high[0], not row.is_own, row.name, place, difference))
    return tuple(one[-1] for one in sorted(found, key=lambda one: one[:4]))


# ── A candidate's fit, and what if ─────────────────────────────────────────────────────────────


def _move(area: str, name: str, before: Figure[float], value: float | None, otherwise: Reason) -> Move:
    after: Figure[float] = disclosure.drawn_figure(value, otherwise)
    return Move(area, name, before, after, change_of(before, after))


def fits_of(
    material: Material,
    rows: Sequence[Row],
    areas: Sequence[Area],
    statements: Sequence[StatementFigures],
) -> tuple[Fit, ...]:
    """What each candidate that has completed would do to the partners; nothing where no partner has."""
    partners = [[cell.score.value for cell in one.cells] for one in partners_of(rows)]
    if not any(value is not None for one in partners for value in one):
        return ()
    return tuple(
        _fit(material, row, partners, areas, statements)
        for row in rows
        if row.is_candidate and any(cell.score.is_released for cell in row.cells)
    )


def _fit(
    material: Material,
    row: Row,
    partners: Sequence[Sequence[float | None]],
    areas: Sequence[Area],
    statements: Sequence[StatementFigures],
) -> Fit:
    scores = tuple(cell.score for cell in row.cells)
    found = scoring.candidate_fit(partners, [one.value for one in scores])
    ids = [one.id for one in areas]

    def of(places: Iterable[int]) -> tuple[str, ...]:
        return tuple(ids[at] for at in places)

    return Fit(
        organisation=row.organisation,
        name=row.name,
        scores=scores,
        moves=tuple(
            _move(area.id, area.name, area.score, after, score.withheld or Reason.NOT_COMPLETED)
            for area, after, score in zip(areas, found.after, scores, strict=True)
        ),
        lifts=of(found.lifts),
        lowers=of(found.lowers),
        weakest_before=of(found.weakest_before),
        weakest_after=of(found.weakest_after),
        weakest_change=disclosure.drawn_figure(found.weakest_change, Reason.NOT_COMPLETED),
        first=_to_agree(material, row.organisation, statements),
    )


def _to_agree(
    material: Material, candidate: str, statements: Sequence[StatementFigures]
) -> tuple[ToAgree, ...]:
    """Where a candidate is weak, does not know, or is far from a partner; the widest apart first."""
    look = material.now
    reason = material.reason(candidate) or material.shared_reason
    nobody: Figure[int] = disclosure.answered_figure(None, None)
    found = []
    for place, one in enumerate(statements):
        own = look.scores[candidate].states[place]
        figure: Figure[int] = disclosure.answered_figure(
            reason, code_of(look.instrument, own) if look.is_completed(candidate) else None
        )
        if figure.value is None:
            continue
        told = told_states(look.instrument, one.states, nobody)
        others = [state for state in told if state is not None]
        apart = 0 if own is None else max((abs(state - own) for state in others), default=0)
        if scoring.is_weak(own) or apart >= scoring.FAR_APART:
            found.append((-apart, place, ToAgree(one.statement, one.topic, figure, one.states)))
    return tuple(one[-1] for one in sorted(found, key=lambda one: one[:2])[:MOST_AGREEMENTS])


def what_if_of(
    material: Material, rows: Sequence[Row], overall: Area, targets: Mapping[str, int]
) -> WhatIf | None:
    """What if the organisation's own people answered so; for its own members alone."""
    look, own = material.now, material.own
    if (
        own is None
        or disclosure.respondents_reason(material.viewer, own) is not None
        or own not in look.scores
    ):
        return None
    instrument = look.instrument
    items, codes = {one.id for one in instrument.statements}, set(options_of(instrument)[:-1])
    kept = {item: code for item, code in targets.items() if item in items and code in codes}
    after = [one.score for one in areas_if(look.assessments[own], instrument, kept)]
    mine = next(one for one in rows if one.is_own)
    figures = [
        _move(
            area.id,
            say(area.name),
            cell.score,
            None if value is None else disclosure.in_steps(value, disclosure.POINT),
            Reason.BLIND_SPOTS,
        )
        for area, cell, value in zip(instrument.areas, mine.cells, after, strict=True)
    ]
    whole = scoring.overall_score(after)
    # The partnership's: its partners as they are told, the organisation as it would be.
    partners = [
        [cell.score.value for cell in one.cells] if not one.is_own else [move.after.value for move in figures]
        for one in partners_of(rows)
    ]
    shared = scoring.overall_score(
        [
            scoring.partnership_score([one[place] for one in partners])
            for place in range(len(instrument.areas))
        ]
    )
    return WhatIf(
        MappingProxyType(kept),
        tuple(figures),
        _move(
            "",
            overall.name,
            mine.overall,
            None if whole is None else disclosure.in_steps(whole, disclosure.POINT),
            Reason.BLIND_SPOTS,
        ),
        _move("", overall.name, overall.score, shared, Reason.BLIND_SPOTS),
    )
