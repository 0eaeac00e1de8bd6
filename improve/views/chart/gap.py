"""Chart builder > Expectation gap: what matters most and satisfies least."""

from __future__ import annotations

from collections.abc import Mapping

from improve.instruments import say
from improve.language import _
from improve.model import Quadrant
from improve.views import gap_sentence, gap_shown
from improve.views.chart.axis import gap_axis
from improve.views.chart.part import (
    ASPECTS,
    COHORTS,
    ROUNDS,
    Asked,
    Built,
    Cross,
    Names,
    Opened,
    Picture,
    Place,
    Question,
    Row,
    nothing,
)
from improve.views.chart.people import BY, people_ways
from improve.views.choice import Subject, choose, reason_sentences
from improve.views.gap import GROUPS, Gap, GapView, Position, gap_view
from improve.views.ground import IMPORTANCE, SATISFACTION, ground


def _open(asked: Asked) -> Opened:
    choice = choose(asked.store, asked.viewer, asked.selection)
    base = ground(asked.store, choice)
    measures = () if base is None else [one.id for one in base.survey.measures]
    if base is None or not {IMPORTANCE, SATISFACTION} <= set(measures):
        return nothing(choice, gap_sentence.empty(choice))
    plane = (Picture.SCATTER, Picture.TABLE)
    ways: dict[str, tuple[Picture, ...]] = {
        ASPECTS.key: (Picture.SCATTER, Picture.DOT_RANGE, Picture.BARS, Picture.TABLE)
    }
    why_not = {ROUNDS.key: _("Gaps are worked out round by round: choose another round instead.")}
    if base.benchmark_reason is None:
        ways[COHORTS.key] = plane
    else:
        why_not[COHORTS.key] = reason_sentences()[base.benchmark_reason]
    people, why_no_people = people_ways(asked, choice, plane)
    aspects = {one.id: say(one.short) for one in base.aspects}

    def about(compare: str) -> Mapping[str, str]:
        return {} if compare == ASPECTS.key else aspects

    def build(compare: str, _picture: Picture, of: str | None) -> Built:
        if compare == ASPECTS.key:
            return _of_aspects(gap_view(asked.store, asked.viewer, asked.selection))
        aspect = of if of in aspects else next(iter(aspects), None)
        by = GROUPS if compare == COHORTS.key else BY[compare]
        return _of_groups(
            gap_view(asked.store, asked.viewer, asked.selection, compared=by, aspect=aspect), by
        )

    return Opened(choice, "", ways | people, why_not | why_no_people, about, build)


QUESTION = Question("gap", lambda: _("Expectation gap"), Subject.RATINGS, ASPECTS, _open)


def _row(view: GapView, gap: Gap) -> Row:
    return Row(
        key=gap.id,
        label=gap.short,
        sentence=gap_sentence.of_gap(gap),
        note=gap_sentence.note(view, gap),
        is_head=gap in gap_sentence.first(view),
        own=gap.gap,
        interval=gap.interval,
        word=gap.comparison,
        median=gap.national,
        n=gap.n,
        organisations=gap.organisations,
        place=Place(
            x=gap.satisfaction.mean,
            y=gap.importance.mean,
            x_national=gap.satisfaction.median,
            y_national=gap.importance.median,
            quadrant=gap.quadrant,
        ),
    )


def _of_aspects(view: GapView) -> Built:
    rows = tuple(_row(view, gap) for gap in view.gaps)
    overall = next(iter(view.gaps), None)
    return Built(
        title=_("Importance against satisfaction"),
        head=_("Aspect"),
        finding=view.finding,
        axis=gap_axis(rows, _("Importance minus satisfaction, in points of the scale")),
        names=Names(
            own=_("Own gap"),
            median=_("National gap"),
            higher=_("Own gap, wider"),
            similar=_("similar"),
            lower=_("narrower"),
        ),
        rows=rows,
        organisations=None if overall is None else overall.organisations,
        responses=None if overall is None else overall.satisfaction.answers,
        own_responses=None if overall is None else overall.n,
        notes=view.notes,
        method=view.method,
        cross=_cross(view, gap_shown.spans(view, False)),
    )


def _cross(view: GapView, spans: tuple[gap_shown.Span, gap_shown.Span]) -> Cross:
    assert view.lines is not None and view.survey is not None
    x_line, y_line = view.lines.satisfaction.value, view.lines.importance.value
    has_lines = x_line is not None and y_line is not None
    return Cross(
        x=spans[0],
        y=spans[1],
        x_name=_("Satisfaction"),
        y_name=_("Importance"),
        x_text=_("Satisfaction, {low} to {high} shown of the scale {ends} →").format(
            low=f"{spans[0][0]:g}", high=f"{spans[0][1]:g}", ends=_ends(view)
        ),
        y_text=_("Importance, {low} to {high} shown of the scale {ends} →").format(
            low=f"{spans[1][0]:g}", high=f"{spans[1][1]:g}", ends=_ends(view)
        ),
        diagonal=_("importance = satisfaction"),
        lines=gap_sentence.lines_label(view.lines),
        own=_("Group") if view.compared else _("Own position"),
        national="" if view.compared else _("National position"),
        first=_("Own organisation as a whole") if view.compared else _("Raise first"),
        x_line=x_line if has_lines else None,
        y_line=y_line if has_lines else None,
        quadrants={one: gap_sentence.quadrant_label(one) for one in Quadrant} if has_lines else {},
    )


def _ends(view: GapView) -> str:
    assert view.survey is not None
    return f"{view.survey.scale.low}–{view.survey.scale.high}"


def _of_groups(view: GapView, by: str) -> Built:
    """The groups of one aspect in its plane: cohorts by their medians, own people by their means."""
    assert view.chosen is not None
    short, of_cohorts = view.chosen.short, by == GROUPS
    rows = tuple(_position_row(one, of_cohorts) for one in view.positions)
    title = (
        _("{aspect}: groups of organisations beside each other")
        if of_cohorts
        else _("{aspect}: own people beside each other")
    )
    return Built(
        title=title.format(aspect=short),
        head=_("Group"),
        finding=gap_sentence.positions(view),
        axis=gap_axis((), _("Importance and satisfaction, in points of the scale")),
        names=Names(own=_("Group")),
        rows=rows,
        organisations=view.chosen.organisations if of_cohorts else None,
        responses=view.chosen.satisfaction.answers if of_cohorts else None,
        own_responses=view.chosen.n,
        notes=view.notes,
        method=view.method,
        cross=_cross(view, gap_shown.position_spans(view, False)),
    )


def _position_row(one: Position, of_cohorts: bool) -> Row:
    of_organisations = of_cohorts and not one.is_own
    return Row(
        key=one.label,
        label=one.label,
        sentence=gap_sentence.of_position(one),
        is_head=one.is_own,
        n=None if of_organisations else one.n,
        organisations=one.n if of_organisations else None,
        place=Place(x=one.satisfaction, y=one.importance),
    )
