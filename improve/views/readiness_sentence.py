"""The sentences of the readiness map. None names an organisation: names stand in its rows alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from improve.disclosure import MINIMUM_FOR_MEDIAN, Figure, Reason
from improve.instruments import Readiness, say
from improve.language import _, ngettext, number, signed
from improve.scoring import WIDE_RANGE
from improve.views.choice import reason_sentences
from improve.views.readiness_part import (
    Area,
    Cell,
    Fit,
    Kind,
    Move,
    RoleDifference,
    Row,
    StatementFigures,
    ToAgree,
)

if TYPE_CHECKING:
    from improve.views.readiness import ReadinessView


def score(figure: Figure[float]) -> str:
    """A score as it is written: in whole points; empty where it is withheld."""
    return "" if figure.value is None else number(figure.value, 0)


def because(figure: Figure[object]) -> str:
    """Why a figure is withheld; empty for one that is released."""
    return "" if figure.withheld is None else reason_sentences()[figure.withheld]


def state(instrument: Readiness, code: int | None) -> str:
    """How far somebody is with a statement, in the instrument's words."""
    return next((say(one.label) for one in instrument.answers if one.code == code), "")


def area_names(view: ReadinessView, ids: Sequence[str]) -> str:
    """Areas by name, in the order of the instrument."""
    return ", ".join(one.name for one in view.areas if one.id in ids)


def finding(view: ReadinessView) -> str:
    """What stands out: overall with the weakest area beside it, and where partners are far apart."""
    if view.instrument is None:
        return _("Nobody has answered the statements of readiness yet.")
    overall = view.overall
    parts = []
    if overall is not None and overall.score.value is not None:
        parts.append(_with_weakest(view, score(overall.score)))
    elif view.weakest.value:
        parts.append(
            _("There is no overall score: not every area has one. Weakest of those known: {areas}.").format(
                areas=area_names(view, view.weakest.value)
            )
        )
    elif view.partnership is not None:
        parts.append(_in_progress(view))
    elif view.choice.organisation is not None:
        parts.append(_("The organisation belongs to no partnership that you may look into."))
    wide = [one for one in view.areas if one.is_wide]
    if wide:
        parts.append(
            ngettext(
                "Partners are {most} points or more apart in {n} area: {areas}.",
                "Partners are {most} points or more apart in {n} areas: {areas}.",
                len(wide),
            ).format(most=WIDE_RANGE, n=len(wide), areas=", ".join(one.name for one in wide))
        )
    if overall is not None and overall.median.value is not None:
        parts.append(
            _("The national median of overall scores is {median}, over {n} organisations.").format(
                median=score(overall.median), n=overall.organisations.value
            )
        )
    return " ".join(one for one in parts if one)


def _with_weakest(view: ReadinessView, value: str) -> str:
    weakest = view.weakest.value or ()
    lowest = next((one.score for one in view.areas if one.id in weakest), None)
    return _("Overall readiness is {value} of 100; weakest: {areas} ({lowest}).").format(
        value=value, areas=area_names(view, weakest), lowest="" if lowest is None else score(lowest)
    )


def _in_progress(view: ReadinessView) -> str:
    own = view.own
    text = _("No partner has completed this round yet.")
    if own is not None and own.overall.value is not None:
        text += " " + _("So far your own people's answers come to {value} of 100.").format(
            value=score(own.overall)
        )
    return text


def of_area(area: Area) -> str:
    """All that there is to say of an area."""
    parts = [_("{area}: {score}.").format(area=area.name, score=score(area.score) or because(area.score))]
    if area.span.value is not None:
        low, high = area.span.value
        parts.append(
            _("Partners range from {low} to {high}: far apart.").format(
                low=number(low, 0), high=number(high, 0)
            )
            if area.is_wide
            else _("Partners range from {low} to {high}.").format(low=number(low, 0), high=number(high, 0))
        )
    if area.change.value is not None:
        parts.append(_("Since the round before: {change}.").format(change=signed(area.change.value, 0)))
    if area.median.value is not None:
        parts.append(_("The national median is {median}.").format(median=score(area.median)))
    return " ".join(parts)


def of_cell(row: Row, cell: Cell, area: Area) -> str:
    """A cell of the map. The row's name stands beside it, and is no part of the sentence."""
    parts = [_("{area}: {score}.").format(area=area.name, score=score(cell.score) or because(cell.score))]
    if cell.spread.value is not None and row.respondents.value is not None and row.respondents.value > 1:
        low, high = cell.spread.value
        parts.append(
            _("Your respondents range from {low} to {high}.").format(low=number(low, 0), high=number(high, 0))
        )
    if cell.blind.value:
        parts.append(
            ngettext(
                "{n} respondent has too many blind spots to count.",
                "{n} respondents have too many blind spots to count.",
                cell.blind.value,
            ).format(n=cell.blind.value)
        )
    if cell.change.value is not None:
        parts.append(_("Since the round before: {change}.").format(change=signed(cell.change.value, 0)))
    return " ".join(parts)


def of_row(view: ReadinessView, row: Row) -> str:
    """An organisation's overall score with its weakest area."""
    if row.overall.value is not None and row.weakest.value is not None:
        return _("Overall {score}; weakest: {areas}.").format(
            score=score(row.overall), areas=area_names(view, row.weakest.value)
        )
    return because(row.overall)


def how_far(instrument: Readiness, states: Figure[tuple[int, ...]], codes: Sequence[int]) -> str:
    """How many partners are how far with a statement: "2 partners fully in place, 1 not started"."""
    if states.value is None:
        return because(states)
    told = [(code, n) for code, n in zip(codes, states.value, strict=True) if n]
    return "; ".join(
        ngettext("{n} partner: {state}", "{n} partners: {state}", n).format(
            n=n, state=state(instrument, code)
        )
        for code, n in reversed(told)
    )


def of_statement(view: ReadinessView, one: StatementFigures, codes: Sequence[int]) -> str:
    """A statement's topic and how far all are; the organisation itself where that is all there is."""
    assert view.instrument is not None
    if one.states.value is None and one.own.value is not None:
        return _("{topic}: {state}.").format(topic=one.topic, state=state(view.instrument, one.own.value))
    return _("{topic}: {state}.").format(
        topic=one.topic, state=how_far(view.instrument, one.states, codes).rstrip(".")
    )


def of_replies(view: ReadinessView, one: StatementFigures) -> str:
    """What the organisation's own people answered, by role."""
    if one.replies.value is None or view.instrument is None:
        return ""
    instrument = view.instrument
    return "; ".join(
        _("{role}: {states}").format(
            role=reply.name, states=", ".join(state(instrument, code) for code in reply.codes)
        )
        for reply in one.replies.value
    )


def why(view: ReadinessView, one: StatementFigures, codes: Sequence[int]) -> str:
    """Why a statement is among those to prepare first."""
    parts = [of_statement(view, one, codes)]
    weakest = view.weakest.value or ()
    if one.statement.area in weakest:
        parts.append(_("It belongs to the weakest area."))
    if Kind.DISAGREEMENT in one.kinds:
        parts.append(
            _("Partners are far apart.")
            if one.states.value is not None
            else _("Your own people are far apart.")
        )
    return " ".join(parts)


def prepare(one: StatementFigures) -> str:
    """What to do about a statement next."""
    return "" if one.statement.prepare is None else say(one.statement.prepare)


def of_difference(view: ReadinessView, one: RoleDifference) -> str:
    """Who disagrees with whom, by role; the organisation's name stands beside it."""
    return _("{area}: {higher} ({high}) and {lower} ({low}) see it differently.").format(
        area=area_names(view, [one.area]),
        higher=one.higher,
        high=score(one.high),
        lower=one.lower,
        low=score(one.low),
    )


def of_fit(view: ReadinessView, fit: Fit) -> str:
    """What a candidate would do to the partnership."""
    parts = []
    if fit.lifts:
        parts.append(_("It would lift {areas}.").format(areas=area_names(view, fit.lifts)))
    if fit.lowers:
        parts.append(_("It would lower {areas}.").format(areas=area_names(view, fit.lowers)))
    if not parts:
        parts.append(_("It would leave every area as it is."))
    change = fit.weakest_change.value
    if change is not None and round(change):
        parts.append(
            _("The weakest area would then be {areas} ({change} points).").format(
                areas=area_names(view, fit.weakest_after), change=signed(change, 0)
            )
        )
    return " ".join(parts)


def to_agree(view: ReadinessView, one: ToAgree, codes: Sequence[int]) -> str:
    """A statement to agree on first: the candidate beside the partners."""
    assert view.instrument is not None
    if one.states.value is None:
        return _("{topic}: the candidate {state}.").format(
            topic=one.topic, state=state(view.instrument, one.candidate.value)
        )
    return _("{topic}: the candidate {state}; {partners}.").format(
        topic=one.topic,
        state=state(view.instrument, one.candidate.value),
        partners=how_far(view.instrument, one.states, codes),
    )


def of_move(move: Move) -> str:
    """A score before and after."""
    if move.after.value is None:
        return _("{area}: {reason}").format(area=move.name, reason=because(move.after))
    if move.before.value is None:
        return _("{area}: {after}.").format(area=move.name, after=score(move.after))
    return _("{area}: from {before} to {after}.").format(
        area=move.name, before=score(move.before), after=score(move.after)
    )


def progress(view: ReadinessView) -> str:
    """What has moved since the round before."""
    if view.before is None or view.overall is None:
        return ""
    moved = [one for one in view.areas if one.change.value is not None]
    rose = [one.name for one in moved if (one.change.value or 0) >= 1]
    fell = [one.name for one in moved if (one.change.value or 0) <= -1]
    if not moved:
        return ""
    parts = []
    if view.overall.change.value is not None:
        parts.append(
            _("Overall readiness has moved by {change} points since round {number}.").format(
                change=signed(view.overall.change.value, 0), number=view.before.number
            )
        )
    if rose:
        parts.append(_("Risen: {areas}.").format(areas=", ".join(rose)))
    if fell:
        parts.append(_("Fallen: {areas}.").format(areas=", ".join(fell)))
    return " ".join(parts) or _("No area has moved since the round before.")


def notes(view: ReadinessView) -> tuple[str, ...]:
    """What a reader should know before reading."""
    found = []
    if view.partnership is not None and view.partnership.is_confidential:
        found.append(_("Confidential: only members of your own organisation see this."))
    waiting = sum(one.completed_at.withheld is Reason.NOT_COMPLETED for one in view.rows)
    if waiting and view.partnership is not None and not view.is_alone:
        found.append(
            ngettext(
                "{n} of {all} organisations has not completed this round; its row stays empty.",
                "{n} of {all} organisations have not completed this round; their rows stay empty.",
                waiting,
            ).format(n=waiting, all=len(view.rows))
        )
    round_ = view.choice.round
    if round_ is not None and not round_.is_closed:
        found.append(
            _("Round {round} is still collecting: medians are made when it is closed.").format(
                round=round_.label
            )
        )
    return tuple(found)


def method(view: ReadinessView) -> tuple[str, ...]:
    """How the figures were made."""
    lines = [
        _(
            "An area's score is the mean of the statements answered, divided by the most points and times "
            "100, from two thirds of them answered up. “Don't know” is a blind spot, not a zero."
        ),
        _(
            "An organisation's score is the mean of its respondents', one vote each; the partnership's is "
            "the mean of its partners that have completed the round. Overall: the mean of the areas. Change "
            "is that of the partners that completed both rounds."
        ),
        _("A range of {points} points or more between partners, or between roles, is flagged.").format(
            points=WIDE_RANGE
        ),
        _(
            "How far a partner is with a statement is its people's mean in whole steps; a blind spot where "
            "more do not know than do. Partners are counted, not named."
        ),
        _(
            "National medians stand on at least {n} organisations with an open, completed assessment, in "
            "steps of 5 points: one answer of one person moves an area by 4. They are made when a round is "
            "closed. Confidential assessments are in no figure but their own."
        ).format(n=MINIMUM_FOR_MEDIAN),
    ]
    if view.instrument is not None:
        lines.append(
            _("Instrument: {title}, version {version}; rule {rule}.").format(
                title=say(view.instrument.title), version=view.instrument.version, rule=view.instrument.rule
            )
        )
    return tuple(lines)


def alt(view: ReadinessView) -> str:
    """What a screen reader hears of the map."""
    return " ".join(
        [_("Readiness by partner and area, from 0 to 100; each cell has its score."), finding(view)]
    )
