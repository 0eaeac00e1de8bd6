"""Chart builder > Readiness for a shared service: areas, and partners beside each other."""

from __future__ import annotations

from collections.abc import Mapping

from improve.language import _
from improve.views import readiness_grid as grid
from improve.views import readiness_sentence as sentence
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
    Names,
    Opened,
    Picture,
    Question,
    Row,
    Unit,
    nothing,
)
from improve.views.choice import Subject
from improve.views.readiness import ReadinessView, readiness_view
from improve.views.readiness_choice import Wish
from improve.views.readiness_part import Area

AREAS = Compared("areas", lambda: _("Areas"))


def _open(asked: Asked) -> Opened:
    view = _opened(asked)
    if view.instrument is None:
        return nothing(view.choice, view.finding)
    pictures: tuple[Picture, ...] = (Picture.DOT_RANGE, Picture.BARS, Picture.TABLE)
    undrawn = {}
    if view.rows:
        pictures = (Picture.HEAT_MAP, *pictures)
    else:
        undrawn[Picture.HEAT_MAP] = _("Partners are shown to the partners of one partnership alone.")
    why_not = {
        ROUNDS.key: _("A partnership's rounds stand beside each other on the page Readiness."),
        COHORTS.key: _("Readiness is compared with all organisations alone, with no group."),
        **dict.fromkeys(
            (DIRECTORATES.key, JOBS.key, PLACES.key),
            _("Readiness is answered by a few people in roles, who are not parted further."),
        ),
    }

    labels = {str(one.id): one.label for one in view.partnerships}

    def about(_compare: str) -> Mapping[str, str]:
        return labels if len(labels) > 1 else {}

    def build(_compare: str, picture: Picture, of: str | None) -> Built:
        looked_at = view if of is None or of == next(iter(labels), None) else _opened(asked, labels[of])
        return _of_partners(looked_at) if picture is Picture.HEAT_MAP else _of_areas(looked_at)

    return Opened(view.choice, view.finding, {AREAS.key: pictures}, why_not, about, build, undrawn)


def _opened(asked: Asked, partnership: str | None = None) -> ReadinessView:
    """The readiness map of a partnership, by its label; on a projector without any name."""
    view = readiness_view(asked.store, asked.viewer, asked.selection, Wish(partnership))
    return grid.without_names(view) if asked.is_presenting else view


QUESTION = Question("readiness", lambda: _("Readiness"), Subject.READINESS, AREAS, _open)


def _axis() -> Axis:
    return Axis(_("Score, 0 to 100"), Unit.POINTS, 0.0, 100.0)


def _of_areas(view: ReadinessView) -> Built:
    areas = (*(() if view.overall is None else (view.overall,)), *view.areas)
    return Built(
        title=_("Readiness for a shared service, area by area"),
        head=_("Area"),
        finding=view.finding,
        axis=_axis(),
        names=Names(
            own=_("Our organisation"),
            median=_("National median"),
            cohort="" if view.is_alone else _("Mean of partners"),
        ),
        rows=tuple(_area_row(view, one) for one in areas),
        organisations=None if view.overall is None else view.overall.organisations,
        responses=None,
        own_responses=None,
        notes=view.notes,
        method=view.method,
    )


def _area_row(view: ReadinessView, area: Area) -> Row:
    return Row(
        key=area.id or "overall",
        label=area.name,
        sentence=sentence.of_area(area),
        note=sentence.score(area.own) or sentence.score(area.median),
        is_head=not area.id,
        own=area.own,
        median=area.median,
        quartiles=area.quartiles,
        cohort=None if view.is_alone else area.score,
        organisations=area.organisations,
    )


def _of_partners(view: ReadinessView) -> Built:
    """The readiness map of partners and areas."""
    found = grid.partner_grid(view, "")
    by_row: dict[int, list[Cell]] = {}
    for cell in sorted(found.cells, key=lambda one: (one["order"], one["column"])):
        by_row.setdefault(cell["order"], []).append(Cell(cell["text"], cell["step"], cell["sentence"]))
    overall = view.overall
    return Built(
        title=_("Readiness map: partners and areas"),
        head=_("Organisation"),
        finding=view.finding,
        axis=Axis(_("Score, 0 to 100; darker is readier"), Unit.POINTS, 0.0, 100.0),
        names=Names(own=_("Overall")),
        rows=tuple(
            Row(
                key=f"row{order}",
                label=row.name,
                sentence=row.name + ": " + sentence.of_row(view, row),
                is_head=row.is_own,
                own=row.overall,
                cells=tuple(by_row.get(order, ())),
            )
            for order, row in enumerate(view.rows)
        ),
        organisations=None if overall is None else overall.organisations,
        responses=None,
        own_responses=None,
        notes=view.notes,
        method=view.method,
        columns=tuple(one.name for one in (*view.areas, *(() if overall is None else (overall,)))),
    )
