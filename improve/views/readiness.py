"""The readiness map: partners and areas, statements to prepare, a candidate's fit, what if."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from improve import disclosure, scoring
from improve.disclosure import READINESS_STEP, Figure, Reason
from improve.errors import SelectionError
from improve.instruments import Readiness, Statement, say
from improve.language import _
from improve.model import Role, Selection, Viewer
from improve.store import (
    PartnershipRound,
    Store,
    read_partnerships,
    read_readinesses,
    read_season_readiness,
)
from improve.views import readiness_sentence as sentence
from improve.views.choice import READINESS, Choice, Subject, choose, exact_choice, version_order
from improve.views.readiness_choice import (
    PartnershipChoice,
    RoundChoice,
    Wish,
    pick,
    round_choice,
    rounds_seen,
    usual_round,
)
from improve.views.readiness_fit import differences_of, fits_of, roles_of, what_if_of
from improve.views.readiness_material import (
    Look,
    Material,
    change_of,
    code_of,
    look_alone,
    look_at_nothing,
    look_of,
    material_of,
    options_of,
    partners_of,
    score_of,
    told_states,
)
from improve.views.readiness_part import (
    Area,
    Cell,
    Fit,
    Kind,
    RoleDifference,
    RoleReply,
    RoleScore,
    Row,
    StatementFigures,
    WhatIf,
)
from improve.views.readiness_scored import SeasonBoard


@dataclass(frozen=True, slots=True)
class ReadinessView:
    """All that the readiness map and its report show.

    `rows` are the organisation's own first, then partners, then candidates. `areas` and `statements`
    are in the order of the instrument. `is_alone`: the partnership is one organisation. `weakest` are
    ids of areas of the whole partnership. `prepare` are ids of statements, the most urgent first.
    `number` and `before` are rounds of the partnership.
    """

    choice: Choice
    partnerships: tuple[PartnershipChoice, ...]
    partnership: PartnershipChoice | None
    number: RoundChoice | None
    before: RoundChoice | None
    instrument: Readiness | None
    is_alone: bool
    rows: tuple[Row, ...]
    areas: tuple[Area, ...]
    overall: Area | None
    weakest: Figure[tuple[str, ...]]
    statements: tuple[StatementFigures, ...]
    roles: tuple[RoleScore, ...]
    differences: tuple[RoleDifference, ...]
    fits: tuple[Fit, ...]
    what_if: WhatIf | None
    prepare: tuple[str, ...]
    notices: tuple[str, ...]
    finding: str
    notes: tuple[str, ...]
    method: tuple[str, ...]
    alt: str

    def area(self, id_: str) -> Area:
        """An area by its id."""
        return next(one for one in self.areas if one.id == id_)

    def statements_of(self, area: str, kind: Kind | None = None) -> tuple[StatementFigures, ...]:
        """The statements of an area, all or those of a kind."""
        return tuple(
            one
            for one in self.statements
            if one.statement.area == area and (kind is None or kind in one.kinds)
        )

    @property
    def own(self) -> Row | None:
        """The organisation's own row."""
        return next((one for one in self.rows if one.is_own), None)


def readiness_view(
    store: Store, viewer: Viewer, selection: Selection, wish: Wish | None = None
) -> ReadinessView:
    """The readiness map that a viewer's selection and wish come to."""
    return _view(store, choose(store, viewer, selection, Subject.READINESS), wish or Wish())


def readiness_figures(
    store: Store, viewer: Viewer, selection: Selection, wish: Wish | None = None
) -> ReadinessView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    if selection.cohort is not None:
        raise SelectionError(_("Readiness is compared with all organisations alone, with no group."))
    if selection.survey not in (None, READINESS):
        raise SelectionError(
            _("{instrument} is no instrument of readiness; there is: {known}.").format(
                instrument=selection.survey, known=READINESS
            )
        )
    view = _view(store, exact_choice(store, viewer, selection, Subject.READINESS), wish or Wish())
    if view.notices:
        raise SelectionError(" ".join(view.notices))
    return view


def _view(store: Store, choice: Choice, wish: Wish) -> ReadinessView:
    offered, picked, wanted, notices = pick(store, choice, wish)
    own = choice.organisation.code if choice.organisation else None
    number, before, now, then = None, None, None, None
    if picked is not None:
        partnership = read_partnerships(store)[picked.id]
        seen = {one.number: one for one in rounds_seen(choice.viewer, partnership)}
        number = seen[wanted] if wanted is not None else usual_round(store, partnership, seen)
        before = seen.get(number.number - 1)
        now = look_of(store, partnership, number)
        then = None if before is None else look_of(store, partnership, before)
    elif choice.viewer.role is Role.DELEGATE and choice.round is not None:
        completed = read_season_readiness(store, choice.round.label, READINESS)
        found = next((one for one in completed.assessments if one.organisation == own), None)
        now = None if found is None else look_alone(store, found)
    instrument = now.instrument if now is not None else _newest_instrument(store)
    view = _empty(choice, offered, picked, number, before, instrument, (*choice.notices, *notices))
    if instrument is None:
        return _told(view)
    look = now or look_at_nothing(instrument)
    material = material_of(store, choice, own, look, then)
    rows = _rows(material)
    areas, overall = _areas(material, rows)
    statements = _statements(material)
    view = replace(
        view,
        is_alone=len(rows) == 1,
        rows=rows,
        areas=areas,
        overall=overall,
        weakest=_weakest(areas),
        statements=statements,
        roles=roles_of(material),
        differences=differences_of(material, rows),
        fits=fits_of(material, rows, areas, statements),
        what_if=what_if_of(material, rows, overall, wish.targets),
        prepare=_prepare(instrument, areas, statements),
    )
    return _told(view)


def _newest_instrument(store: Store) -> Readiness | None:
    versions = [one for (id_, _version), one in read_readinesses(store).items() if id_ == READINESS]
    return max(versions, key=lambda one: version_order(one.version), default=None)


def _empty(
    choice: Choice,
    offered: tuple[PartnershipChoice, ...],
    picked: PartnershipChoice | None,
    number: PartnershipRound | None,
    before: PartnershipRound | None,
    instrument: Readiness | None,
    notices: tuple[str, ...],
) -> ReadinessView:
    nothing: Figure[tuple[str, ...]] = disclosure.answered_figure(None, None)
    return ReadinessView(
        choice=choice,
        partnerships=offered,
        partnership=picked,
        number=round_choice(number),
        before=round_choice(before),
        instrument=instrument,
        is_alone=True,
        rows=(),
        areas=(),
        overall=None,
        weakest=nothing,
        statements=(),
        roles=(),
        differences=(),
        fits=(),
        what_if=None,
        prepare=(),
        notices=notices,
        finding="",
        notes=(),
        method=(),
        alt="",
    )


def _told(view: ReadinessView) -> ReadinessView:
    return replace(
        view,
        finding=sentence.finding(view),
        notes=sentence.notes(view),
        method=sentence.method(view),
        alt=sentence.alt(view),
    )


# ── Partners and areas ─────────────────────────────────────────────────────────────────────────


def _rows(material: Material) -> tuple[Row, ...]:
    look = material.now
    shown = [one for one in look.members if material.reason(one) is None]
    shown.sort(key=lambda one: (one != material.own, one in look.candidates, material.names.get(one, one)))
    return tuple(_row(material, one) for one in shown)


def _row(material: Material, organisation: str) -> Row:
    look = material.now
    found, assessment = look.scores.get(organisation), look.assessments.get(organisation)
    inner = disclosure.respondents_reason(material.viewer, organisation)
    cells = []
    for place, area in enumerate(look.instrument.areas):
        one = None if found is None else found.areas[place]
        score = score_of(material, look, organisation, area.id)
        previous = score_of(material, material.before, organisation, area.id)
        spread = None if one is None or one.low is None or one.high is None else (one.low, one.high)
        cells.append(
            Cell(
                area.id,
                score,
                previous,
                change_of(previous, score),
                disclosure.answered_figure(inner, spread),
                disclosure.answered_figure(inner, None if one is None else one.blind),
            )
        )
    ids = [cell.area for cell in cells]
    weakest = tuple(ids[at] for at in scoring.weakest_areas([cell.score.value for cell in cells]))
    done = None if assessment is None else assessment.submitted_at
    return Row(
        organisation=organisation,
        name=material.names.get(organisation, organisation),
        is_own=organisation == material.own,
        is_candidate=organisation in look.candidates,
        cells=tuple(cells),
        overall=score_of(material, look, organisation, ""),
        weakest=disclosure.drawn_figure(weakest or None, cells[0].score.withheld or Reason.NOT_COMPLETED),
        completed_at=disclosure.answered_figure(material.reason(organisation), done),
        respondents=disclosure.answered_figure(
            inner, None if assessment is None else sum(bool(one.replies) for one in assessment.counting)
        ),
    )


def _mean(figures: Sequence[Figure[float]]) -> Figure[float]:
    """The mean of the figures that are released."""
    value = scoring.partnership_score([one.value for one in figures])
    return disclosure.drawn_figure(value, _why_none(figures))


def _overall(areas: Sequence[Figure[float]]) -> Figure[float]:
    """The mean of the areas; none where one of them is withheld."""
    value = scoring.overall_score([one.value for one in areas])
    return disclosure.drawn_figure(value, _why_none(areas))


def _why_none(figures: Sequence[Figure[float]]) -> Reason:
    return next((one.withheld for one in figures if one.withheld is not None), Reason.NOT_COMPLETED)


def _areas(material: Material, rows: Sequence[Row]) -> tuple[tuple[Area, ...], Area]:
    partners = partners_of(rows)
    own = next((one for one in rows if one.is_own), None)
    areas = []
    for place, area in enumerate(material.now.instrument.areas):
        cells = [one.cells[place] for one in partners]
        areas.append(
            _area(
                material,
                (area.id, say(area.name), "" if area.summary is None else say(area.summary)),
                (
                    _mean([one.score for one in cells]),
                    _mean([one.previous for one in cells]),
                    # Of those that completed both rounds: who came or stayed away is no progress.
                    _mean([one.change for one in cells]),
                ),
                [one.score for one in cells],
                own.cells[place].score if own else None,
            )
        )
    return tuple(areas), _area(
        material,
        ("", _("Overall"), ""),
        (
            _overall([one.score for one in areas]),
            _overall([one.previous for one in areas]),
            _overall([one.change for one in areas]),
        ),
        [one.overall for one in partners],
        own.overall if own else None,
    )


def _area(
    material: Material,
    named: tuple[str, str, str],
    scores: tuple[Figure[float], Figure[float], Figure[float]],
    of_partners: Sequence[Figure[float]],
    own: Figure[float] | None,
) -> Area:
    """`named` is id, name and summary; `scores` are now, before, and the change."""
    span = scoring.score_range([one.value for one in of_partners])
    reason, values = _benchmark(material, material.board, named[0])
    reason_before, then = _benchmark(material, material.board_before, named[0])
    median = disclosure.median_figure(reason, len(values), _median(values), READINESS_STEP)
    mine = own if own is not None else disclosure.partner_figure(Reason.NO_ORGANISATION, False, False, None)
    return Area(
        *named,
        score=scores[0],
        previous=scores[1],
        change=scores[2],
        span=disclosure.drawn_figure(span, Reason.FEW_PARTNERS),
        is_wide=span is not None and scoring.is_wide(*span),
        own=mine,
        median=median,
        quartiles=disclosure.quartiles_figure(
            reason, len(values), scoring.quartiles(values) if values else (0.0, 0.0), READINESS_STEP
        ),
        organisations=disclosure.number_of_organisations(reason, len(values)),
        difference=disclosure.difference_figure(mine, median),
        median_before=disclosure.median_figure(reason_before, len(then), _median(then), READINESS_STEP),
    )


def _benchmark(material: Material, board: SeasonBoard | None, name: str) -> tuple[Reason | None, list[float]]:
    """The scores of a season in an area, and why their median may not be seen."""
    if board is None:
        return Reason.UNKNOWN, []
    found = board.values(name)
    reason = disclosure.circle_reason(material.benchmark_reason, found, material.circles)
    return reason, list(found.values())


def _median(values: Sequence[float]) -> float:
    return scoring.median(values) if values else 0.0


def _weakest(areas: Sequence[Area]) -> Figure[tuple[str, ...]]:
    found = tuple(areas[at].id for at in scoring.weakest_areas([one.score.value for one in areas]))
    return disclosure.drawn_figure(found or None, _why_none([one.score for one in areas]))


# ── Statements ─────────────────────────────────────────────────────────────────────────────────


def _counted(look: Look) -> list[str]:
    """The partners whose statements are counted: those that completed it, those that have left too.

    What they completed stays in the counts: else these, before and after somebody left, would tell
    exactly what that one had answered.
    """
    return [one for one in look.members if one not in look.candidates and look.is_completed(one)]


def _statements(material: Material) -> tuple[StatementFigures, ...]:
    return tuple(
        _statement(material, place, one) for place, one in enumerate(material.now.instrument.statements)
    )


def _statement(material: Material, place: int, statement: Statement) -> StatementFigures:
    look, own = material.now, material.own or ""
    options = options_of(look.instrument)
    counted = _counted(look)
    codes = [code_of(look.instrument, look.scores[one].states[place]) for one in counted]
    states = disclosure.states_figure(
        material.shared_reason, len(counted), tuple(codes.count(one) for one in options)
    )
    inner = disclosure.respondents_reason(material.viewer, material.own)
    mine = look.scores.get(own)
    is_answered = mine is not None and place in mine.answered
    now: Figure[int] = disclosure.answered_figure(
        inner, code_of(look.instrument, mine.states[place]) if mine is not None and is_answered else None
    )
    split: Figure[bool] = disclosure.answered_figure(
        inner, place in mine.split if mine is not None and is_answered else None
    )
    return StatementFigures(
        statement=statement,
        topic=say(statement.topic or statement.text),
        states=states,
        own=now,
        previous=_previous(material, statement.id, inner),
        replies=disclosure.answered_figure(inner, _replies(look, own, statement.id) or None),
        is_split=split,
        kinds=_kinds(look.instrument, states, now, split),
    )


def _previous(material: Material, item: str, inner: Reason | None) -> Figure[int]:
    before, own = material.before, material.own or ""
    value = None
    if before is not None and own in before.scores:
        ids = [one.id for one in before.instrument.statements]
        if item in ids and ids.index(item) in before.scores[own].answered:
            value = code_of(before.instrument, before.scores[own].states[ids.index(item)])
    return disclosure.answered_figure(inner, value)


def _replies(look: Look, own: str, item: str) -> tuple[RoleReply, ...]:
    """What the organisation's people said, by role; sorted, so that no order leads to a person."""
    if own not in look.assessments:
        return ()
    found = []
    for role in look.instrument.roles:
        said = [
            one.replies[item]
            for one in look.assessments[own].counting
            if one.role == role.id and item in one.replies
        ]
        if said:
            found.append(
                RoleReply(
                    role.id,
                    say(role.name),
                    tuple(sorted(one.code for one in said)),
                    tuple(sorted(one.evidence for one in said if one.evidence)),
                    tuple(sorted(one.note for one in said if one.note)),
                )
            )
    return tuple(found)


def _kinds(
    instrument: Readiness, states: Figure[tuple[int, ...]], own: Figure[int], split: Figure[bool]
) -> frozenset[Kind]:
    told = told_states(instrument, states, own)
    kinds = set()
    if told and all(scoring.is_strong(one) for one in told):
        kinds.add(Kind.STRENGTH)
    if any(one is not None and scoring.is_weak(one) for one in told):
        kinds.add(Kind.WEAKNESS)
    if None in told:
        kinds.add(Kind.BLIND_SPOT)
    if scoring.are_far_apart(told) or (states.value is None and split.value):
        kinds.add(Kind.DISAGREEMENT)
    return frozenset(kinds)


def _prepare(
    instrument: Readiness, areas: Sequence[Area], statements: Sequence[StatementFigures]
) -> tuple[str, ...]:
    """The three statements to prepare first; of what is told alone, so that it tells nothing more."""
    weakest = _weakest(areas).value or ()
    told = [told_states(instrument, one.states, one.own) for one in statements]
    known = [place for place, some in enumerate(told) if some]
    found = scoring.urgent_statements(
        [told[place] for place in known], [statements[place].statement.area in weakest for place in known]
    )
    return tuple(statements[known[place]].statement.id for place in found)
