"""Chart builder > Digital maturity: how far each function is."""

from __future__ import annotations

from collections.abc import Mapping

from improve.disclosure import Reason
from improve.language import _, percent
from improve.model import Quadrant
from improve.views import maturity_sentence as sentence
from improve.views import maturity_shown
from improve.views.chart.groups import group_row, groups_finding, own_row
from improve.views.chart.part import (
    COHORTS,
    DIRECTORATES,
    JOBS,
    PLACES,
    ROUNDS,
    Asked,
    Axis,
    Built,
    Cell,
    Compared,
    Cross,
    Names,
    Opened,
    Picture,
    Place,
    Question,
    Row,
    Unit,
    nothing,
)
from improve.views.choice import Subject, reason_sentences
from improve.views.maturity import OVERALL, Function, MaturityView, cohort_levels, maturity_view
from improve.views.maturity_shown import Measure

FUNCTIONS = Compared("functions", lambda: _("Functions"))
_SHADES = 4


def _open(asked: Asked) -> Opened:
    view = maturity_view(asked.store, asked.viewer, asked.selection)
    if view.instrument is None:
        return nothing(view.choice, view.finding)
    pictures = [Picture.DOT_RANGE, Picture.BARS, Picture.SCATTER, Picture.TABLE]
    undrawn = {}
    if any(one.cells.value is not None for one in view.functions):
        pictures.insert(2, Picture.HEAT_MAP)
    else:
        undrawn[Picture.HEAT_MAP] = _("Criteria are counted for one's own organisation alone.")
    if not maturity_shown.commitment_rows(view, ""):
        pictures.remove(Picture.SCATTER)
        undrawn[Picture.SCATTER] = _("No function has both a level and policy decisions to show.")
    why_not = {
        ROUNDS.key: _("The last assessment is a mark beside this one: choose another round for more."),
        **dict.fromkeys(
            (DIRECTORATES.key, JOBS.key, PLACES.key), _("An assessment is of the whole organisation.")
        ),
    }

    ways: dict[str, tuple[Picture, ...]] = {FUNCTIONS.key: tuple(pictures)}
    if view.overall is None or view.overall.median.withheld is Reason.COLLECTING:
        why_not[COHORTS.key] = reason_sentences()[Reason.COLLECTING]
    else:
        ways[COHORTS.key] = (Picture.DOT_RANGE, Picture.BARS, Picture.TABLE)
    functions = {OVERALL: _("Overall level")} | {one.id: one.name for one in view.functions}

    def about(compare: str) -> Mapping[str, str]:
        if compare == COHORTS.key:
            return functions
        return {Measure.LEVEL.value: _("Level reached"), Measure.SHARE.value: _("Share met")}

    def build(compare: str, picture: Picture, of: str | None) -> Built:
        if compare == COHORTS.key:
            return _of_cohorts(asked, view, of or OVERALL, functions)
        measure = Measure.SHARE if of == Measure.SHARE.value else Measure.LEVEL
        return _built(view, measure, picture)

    return Opened(view.choice, view.finding, ways, why_not, about, build, undrawn)


QUESTION = Question("maturity", lambda: _("Digital maturity"), Subject.MATURITY, FUNCTIONS, _open)


def _built(view: MaturityView, measure: Measure, picture: Picture) -> Built:
    top = maturity_shown.top_of(view, measure)
    cohort = view.choice.cohort
    is_share = measure is Measure.SHARE
    text = _("Share of the criteria met") if is_share else _("Level reached, 0 to {top}").format(top=int(top))
    if picture is Picture.HEAT_MAP:
        text = _("Criteria met, of those that apply, at each level")
    levels = () if view.instrument is None else view.instrument.levels
    return Built(
        title=_("Digital maturity, function by function"),
        head=_("Function"),
        finding=sentence.commitment_finding(view)
        if picture is Picture.SCATTER
        else sentence.apart(view, of_share=is_share) or view.finding,
        axis=Axis(text, Unit.SHARE if is_share else Unit.LEVEL, 0.0, top),
        names=Names(
            own=_("This organisation"),
            median=_("National median"),
            cohort="" if cohort is None else _("Median of {group}").format(group=cohort.label),
            previous=_("Last time"),
        ),
        rows=tuple(_row(one, measure) for one in view.functions),
        organisations=None if view.overall is None else view.overall.organisations,
        responses=None,
        own_responses=None,
        notes=view.notes,
        method=view.method,
        columns=tuple(_("Level {level}").format(level=one.level) for one in levels),
        cross=_cross(view),
    )


def _row(function: Function, measure: Measure) -> Row:
    figures = measure.of(function)
    return Row(
        key=function.id,
        label=function.name,
        sentence=sentence.of_function(function),
        note=sentence.short_state(function) or measure.written(figures.median.value),
        own=figures.own,
        median=figures.median,
        quartiles=figures.quartiles,
        cohort=figures.cohort_median,
        previous=figures.previous,
        organisations=figures.organisations,
        place=Place(
            x=function.level.own,
            y=function.commitment.own,
            x_national=function.level.median,
            y_national=function.commitment.median,
        ),
        cells=tuple(
            _cell(function, cell.level, cell.met, cell.applicable) for cell in function.cells.value or ()
        ),
    )


def _of_cohorts(asked: Asked, view: MaturityView, of: str, names: Mapping[str, str]) -> Built:
    """A function's level, or the overall one: the groups of organisations by their medians."""
    function = next((one for one in view.functions if one.id == of), None)
    figures = view.overall if function is None else function.level
    assert figures is not None
    groups = cohort_levels(asked.store, view.choice, of)
    level = sentence.level(figures.own.value)
    told = "" if not level else _("{function}: level {level}.").format(function=names[of], level=level)
    own = own_row(told or sentence.because(figures.own), level, figures.own)
    rows = (
        *((own,) if view.choice.organisation else ()),
        *(group_row(group, Unit.LEVEL) for group in groups),
    )
    top = maturity_shown.top_of(view, Measure.LEVEL)
    return Built(
        title=_("{aspect}: groups of organisations beside each other").format(aspect=names[of]),
        head=_("Group"),
        finding=groups_finding(told, groups, Unit.LEVEL),
        axis=Axis(_("Level reached, 0 to {top}").format(top=int(top)), Unit.LEVEL, 0.0, top),
        names=Names(own=_("This organisation"), median=_("Median of the group")),
        rows=rows,
        organisations=figures.organisations,
        responses=None,
        own_responses=None,
        notes=view.notes,
        method=view.method,
    )


def _cell(function: Function, level: int, met: int, applicable: int) -> Cell:
    text = _("n/a") if not applicable else f"{met}/{applicable}"
    return Cell(
        text=text,
        step=None if not applicable else int(met / applicable * _SHADES),
        sentence=_("{function}, level {level}: {cell}.").format(
            function=function.name, level=level, cell=text
        ),
    )


def _cross(view: MaturityView) -> Cross:
    top = maturity_shown.top_of(view, Measure.LEVEL)
    return Cross(
        x=(0.0, 1.0),
        y=(0.0, 1.0),
        x_name=_("Level reached"),
        y_name=_("Policy decisions taken"),
        x_text=_("Level reached →"),
        y_text=_("Policy decisions taken →"),
        diagonal=_("as much decided as reached"),
        lines=_("Share of the policy decisions taken, against the level reached"),
        own=_("This organisation"),
        national=_("National median"),
        quadrants={
            Quadrant.CONCENTRATE: _("More decided than reached"),
            Quadrant.OVERKILL: _("More reached than decided"),
        },
        x_ticks=tuple((place / top, str(place)) for place in range(int(top) + 1)),
        y_ticks=tuple((place / 4, percent(place / 4)) for place in range(5)),
        x_unit=top,
        x_kind=Unit.LEVEL,
        y_kind=Unit.SHARE,
    )
