"""What a viewer may choose from, and what their selection comes to.

An address or a widget may say anything: a selection carries a wish, and `choose` turns it into what
this viewer really gets to see, with a sentence for every wish that was not followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from weakref import WeakKeyDictionary

from improve import disclosure
from improve.disclosure import Reason
from improve.errors import SelectionError
from improve.instruments import Survey
from improve.language import _, current
from improve.model import Cohort, CohortKind, Cohorts, Organisation, Round, Selection, Viewer
from improve.register import built_in_cohorts, cohort_label, find_organisation
from improve.store import (
    RoundCounts,
    Store,
    Submitted,
    benchmark_counts,
    read_assessed_rounds,
    read_groups,
    read_instruments,
    read_openings,
    read_organisations,
    read_participants,
    read_readiness_rounds,
    read_rounds,
    read_submitted,
    read_surveys,
    round_counts,
)
from improve.views.alike import alike_cohorts

NATIONAL = "all"


class Subject(StrEnum):
    """What a page is about; it decides which surveys it can show."""

    RATINGS = "ratings"
    SKILLS = "skills"
    MATURITY = "maturity"
    """No survey at all: assessments that organisations submitted."""
    READINESS = "readiness"
    """The same, of partnerships."""

    def is_in(self, survey: Survey) -> bool:
        """Whether a survey asks about this: aspects to be rated, or skills."""
        if self in (Subject.MATURITY, Subject.READINESS):
            return False
        if self is Subject.RATINGS:
            return bool(survey.aspects)
        return any(question.role == SKILL for question in survey.questions)


MATURITY = "dma"
"""The id of the instrument of digital maturity."""
READINESS = "rasp"
"""The id of the instrument of readiness for a shared service."""
SKILL = "skill"
"""The role of a question about what somebody can do."""


@dataclass(frozen=True, slots=True)
class CohortChoice:
    """A cohort with its label, and the reason why it cannot be compared with (None when it can)."""

    cohort: Cohort
    label: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a selection comes to for a viewer. None where the store or the role has nothing to offer.

    `notices` are whole sentences about wishes that were not followed.
    """

    viewer: Viewer
    organisation: Organisation | None
    round: Round | None
    previous: Round | None
    cohort: CohortChoice | None
    survey: Survey | None
    notices: tuple[str, ...]


def organisation_name(organisation: Organisation) -> str:
    """An organisation's short name in the current language."""
    return organisation.welsh_name or organisation.name if current() == "cy" else organisation.name


def organisation_called(store: Store, wanted: str | None) -> str | None:
    """The code of the organisation that an address names, by code or as people see it; else as it is."""
    known = {organisation_name(one): one.code for one in read_organisations(store)}
    return known.get(wanted, wanted) if wanted else None


def rounds_for(store: Store, viewer: Viewer) -> tuple[Round, ...]:
    """The rounds this viewer may know of, newest season first."""
    return tuple(one for one in reversed(read_rounds(store)) if disclosure.sees_round(viewer, one))


def organisations_for(store: Store, viewer: Viewer) -> tuple[Organisation, ...]:
    """The organisations whose own figures this viewer may choose, by name."""
    known = {one.code: one for one in read_organisations(store)}
    wanted = [*read_participants(store), *(one.code for one in known.values() if one.is_trial)]
    if viewer.organisation is not None:
        wanted.append(viewer.organisation)
    codes = disclosure.sees_organisations(viewer, dict.fromkeys(wanted))
    return tuple(sorted((known[code] for code in codes if code in known), key=organisation_name))


def cohorts_for(
    store: Store, viewer: Viewer, round_: Round, survey: Survey, organisation: str | None = None
) -> tuple[CohortChoice, ...]:
    """The cohorts with anybody in this round, and whether each is offered.

    The neighbours are those of the organisation chosen, and of the groups that people built those that
    the viewer's organisation opened. A cohort whose only organisation has too few answers is listed
    too: its absence would say so.
    """
    if disclosure.benchmark_reason(viewer, round_) is not None:
        return ()
    return _choices(store, viewer, organisation, round_, benchmark_of(store, round_, survey.id))


def assessment_cohorts_for(
    store: Store, viewer: Viewer, round_: Round, organisation: str | None = None
) -> tuple[CohortChoice, ...]:
    """The same for the assessments of digital maturity that were submitted in a round."""
    if disclosure.benchmark_reason(viewer, round_) is not None:
        return ()
    return _choices(store, viewer, organisation, round_, assessments_of(store, round_))


def _choices(
    store: Store, viewer: Viewer, organisation: str | None, round_: Round, bench: RoundCounts | Submitted
) -> tuple[CohortChoice, ...]:
    cohorts, taking_part = cohorts_of(store, bench), frozenset(bench.organisations)
    counting, is_tied = counting_in(bench), isinstance(bench, Submitted)
    reasons = cohort_reasons(cohorts, counting, is_tied=is_tied)
    opened = opened_groups(store, viewer, bench.round)
    own = organisation if disclosure.own_reason(viewer, organisation) is None else None
    found: list[CohortChoice] = []
    for one in cohorts:
        reason = reasons[one.key]
        match one.kind:
            case CohortKind.ALL:
                is_listed = True
            case CohortKind.LIKE:
                is_listed = one.value == own
            case CohortKind.GROUP:
                is_listed = one.key in opened
                reason = disclosure.closed_again_reason(round_) or reason
                reason = reason or among_participants(cohorts, taking_part, is_tied=is_tied)[one.key]
            case _:
                is_listed = bool(one.members & taking_part)
        if is_listed:
            found.append(CohortChoice(one, _told_apart(cohort_label(one), found), reason))
    return tuple(found)


def _told_apart(label: str, found: Sequence[CohortChoice]) -> str:
    """A label that no earlier one has: people may give two groups one name."""
    place = 1 + sum(one.label == label or one.label.startswith(label + " · ") for one in found)
    return label if place == 1 else f"{label} · {place}"


def among_participants(
    cohorts: Cohorts, taking_part: frozenset[str], *, is_tied: bool
) -> Mapping[str, Reason | None]:
    """The same rule over all who take part: whether somebody counts must not show in a refusal."""
    return cohort_reasons(cohorts, taking_part, is_tied=is_tied)


def group_key(id_: str) -> str:
    """The key of the cohort that a saved group is."""
    return f"{CohortKind.GROUP}:{id_}"


def opened_groups(store: Store, viewer: Viewer, round_label: str) -> frozenset[str]:
    """The keys of the saved groups that a viewer's organisation has opened in a round, deleted ones not."""
    if not disclosure.may_compare_with_groups(viewer):
        return frozenset()
    opened = read_openings(store).get((round_label, viewer.organisation or ""), ())
    return frozenset(
        group_key(one.id)
        for one in read_groups(store).values()
        if one.id in opened and one.deleted_at is None
    )


def assessments_of(store: Store, round_: Round) -> Submitted:
    """The assessments that a benchmark of this round stands on: as at closing, or provisional."""
    return read_submitted(store, round_.label, MATURITY, as_at_closing=round_.is_closed)


def cohorts_of(store: Store, counts: RoundCounts | Submitted | None = None) -> Cohorts:
    """All cohorts of a store: built-in ones, in a round the neighbours of each, and those that people built.

    A closed round keeps its groups when the register changes: a council that moved from one to
    another would be the difference between two looks. Kept until register or groups are written again.
    """
    register, groups = read_organisations(store), read_groups(store)
    kept: WeakKeyDictionary[object, tuple[object, object, Cohorts]] = store.kept.setdefault(
        "cohorts", WeakKeyDictionary()
    )
    key = store if counts is None else counts
    found = kept.get(key)
    if found is None or found[0] is not register or found[1] is not groups:
        were = {} if counts is None else dict(zip(counts.organisations, counts.facts, strict=True))
        then = [replace(one, **were[one.code]._asdict()) if one.code in were else one for one in register]
        built_in = built_in_cohorts(then)
        alike = () if counts is None else _alike(store, counts, then, built_in)
        built = tuple(
            Cohort(group_key(one.id), CohortKind.GROUP, one.name, one.members) for one in groups.values()
        )
        found = kept[key] = (register, groups, Cohorts((*built_in, *alike, *built)))
    return found[2]


def _alike(
    store: Store,
    counts: RoundCounts | Submitted,
    register: Sequence[Organisation],
    built_in: tuple[Cohort, ...],
) -> tuple[Cohort, ...]:
    """The neighbours of everybody who counts; none in a round that was closed again.

    Its neighbours would then be other ones, and a council that came between shows in the difference.
    """
    round_ = next((one for one in read_rounds(store) if one.label == counts.round), None)
    if round_ is not None and disclosure.closed_again_reason(round_) is not None:
        return ()
    counting = counting_in(counts)
    return alike_cohorts(
        [one for one in register if one.code in counting], built_in, is_tied=isinstance(counts, Submitted)
    )


@lru_cache(maxsize=1024)
def cohort_reasons(
    cohorts: Cohorts, counting: frozenset[str], *, is_tied: bool = False
) -> Mapping[str, Reason | None]:
    """Why each cohort is not offered (improve.disclosure.cohort_reasons), kept: it knows no viewer."""
    return disclosure.cohort_reasons(cohorts, counting, is_tied=is_tied)


def surveys_for(store: Store, round_: Round, subject: Subject = Subject.RATINGS) -> tuple[Survey, ...]:
    """The surveys about this that were used in a round, most used first, newest version."""
    newest: dict[str, Survey] = {}
    for (id_, version), survey in read_instruments(store).items():
        known = newest.get(id_)
        if subject.is_in(survey) and (known is None or version_order(version) > version_order(known.version)):
            newest[id_] = survey
    return tuple(newest[id_] for id_ in read_surveys(store, round_.label) if id_ in newest)


def version_order(version: str) -> tuple[int, ...]:
    """Versions in numeric order: 1.10 comes after 1.9."""
    return tuple(int(part) for part in version.split("."))


def benchmark_of(store: Store, round_: Round, survey_id: str) -> RoundCounts:
    """The counts that a benchmark of this round stands on: as at closing, or provisional."""
    read = benchmark_counts if round_.is_closed else round_counts
    return read(store, round_.label, survey_id)


@lru_cache(maxsize=64)
def counting_organisations(counts: RoundCounts) -> frozenset[str]:
    """The organisations with at least one released score in these counts."""
    most = counts.n.max(axis=1) if counts.n.size else counts.responses * 0
    return frozenset(
        code
        for code, answers in zip(counts.organisations, most, strict=True)
        if disclosure.counts_in_benchmark(int(answers))
    )


def counting_in(counts: RoundCounts | Submitted) -> frozenset[str]:
    """The organisations that count in a benchmark of these counts, in any item of it."""
    if isinstance(counts, Submitted):
        return frozenset(counts.organisations)
    return counting_organisations(counts)


def _listed(known: Iterable[str]) -> str:
    return ", ".join(known) or _("none yet")


def _pick_round(
    store: Store, viewer: Viewer, wanted: str | None, among: frozenset[str] = frozenset()
) -> tuple[Round | None, str | None]:
    """The round wished for, else the newest closed one (among these labels, if any), else the newest."""
    rounds = rounds_for(store, viewer)
    by_label = {one.label: one for one in rounds}
    notice = None
    if wanted and wanted not in by_label:
        notice = _("There is no round called {wanted}. There are: {known}.").format(
            wanted=wanted, known=_listed(by_label)
        )
    closed = [one for one in rounds if one.is_closed]
    picked = by_label.get(wanted or "") or next(
        (one for one in (*(one for one in closed if one.label in among), *closed)), None
    )
    if picked is None and rounds:
        picked = rounds[0]
    return picked, notice


def _round_before(store: Store, viewer: Viewer, round_: Round, survey: Survey) -> Round | None:
    """The last round before this one that asked the same survey."""
    rounds = rounds_for(store, viewer)
    earlier = rounds[rounds.index(round_) + 1 :]
    return next((one for one in earlier if survey.id in read_surveys(store, one.label)), None)


def _pick_organisation(
    store: Store, viewer: Viewer, wanted: str | None
) -> tuple[Organisation | None, str | None]:
    offered = organisations_for(store, viewer)
    by_code = {one.code: one for one in offered}
    own = by_code.get(viewer.organisation or "")
    if wanted is None or wanted in by_code:
        only = offered[0] if len(offered) == 1 and own is None else own
        return by_code.get(wanted or "", only), None
    known = {one.code: one for one in read_organisations(store)}
    if wanted not in known:
        return own, _("The address names an organisation that the register does not know.")
    if own is not None:
        return own, _(
            "The address you followed was for another organisation. Figures are shown to each "
            "organisation alone, so you see those of {own}."
        ).format(own=organisation_name(own))
    if viewer.role.has_organisation or not offered:
        return None, _(
            "The address you followed was for an organisation whose figures you may not see. "
            "You see the medians of all."
        )
    return None, _("{name} takes part in no round yet.").format(name=organisation_name(known[wanted]))


def _pick_cohort(
    offered: Sequence[CohortChoice], wanted: str | None
) -> tuple[CohortChoice | None, str | None]:
    by_key = {one.cohort.key: one for one in offered}
    notice = None
    if wanted and wanted not in by_key and offered:
        notice = _("There is no group called {wanted}. There are: {known}.").format(
            wanted=wanted, known=_listed(by_key)
        )
    return by_key.get(wanted or NATIONAL) or by_key.get(NATIONAL), notice


def _pick_survey(
    store: Store, round_: Round, subject: Subject, wanted: str | None
) -> tuple[Survey | None, str | None]:
    offered = surveys_for(store, round_, subject)
    by_id = {one.id: one for one in offered}
    notice = None
    if wanted and wanted not in by_id:
        notice = _("Round {round} has no survey called {wanted}. There are: {known}.").format(
            round=round_.label, wanted=wanted, known=_listed(by_id)
        )
    return by_id.get(wanted or "") or next(iter(offered), None), notice


def _before(store: Store, viewer: Viewer, round_: Round, assessed: frozenset[str]) -> Round | None:
    """The last round before this one in which anybody submitted an assessment."""
    rounds = rounds_for(store, viewer)
    return next((one for one in rounds[rounds.index(round_) + 1 :] if one.label in assessed), None)


def choose(store: Store, viewer: Viewer, selection: Selection, subject: Subject = Subject.RATINGS) -> Choice:
    """What a selection comes to for this viewer; a wish not followed leaves a notice."""
    prepared = read_readiness_rounds(store, READINESS) if subject is Subject.READINESS else frozenset()
    round_, round_notice = _pick_round(store, viewer, selection.round, prepared)
    organisation, organisation_notice = _pick_organisation(store, viewer, selection.organisation)
    own = None if organisation is None else organisation.code
    survey, survey_notice, previous, cohort, cohort_notice = None, None, None, None, None
    if round_ is not None and subject is Subject.MATURITY:
        previous = _before(store, viewer, round_, read_assessed_rounds(store, MATURITY))
        offered = assessment_cohorts_for(store, viewer, round_, own)
        cohort, cohort_notice = _pick_cohort(offered, selection.cohort)
    elif round_ is not None and subject is Subject.READINESS:
        previous = _before(store, viewer, round_, prepared)
    elif round_ is not None:
        survey, survey_notice = _pick_survey(store, round_, subject, selection.survey)
        if survey is not None:
            previous = _round_before(store, viewer, round_, survey)
            offered = cohorts_for(store, viewer, round_, survey, own)
            cohort, cohort_notice = _pick_cohort(offered, selection.cohort)
    notices = tuple(one for one in (organisation_notice, round_notice, survey_notice, cohort_notice) if one)
    return Choice(viewer, organisation, round_, previous, cohort, survey, notices)


def exact_choice(
    store: Store, viewer: Viewer, selection: Selection, subject: Subject = Subject.RATINGS
) -> Choice:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError).

    An organisation may be wished for by code or by name.
    """
    if selection.organisation:
        found = find_organisation(read_organisations(store), selection.organisation)
        if disclosure.own_reason(viewer, found.code) is not None:
            raise SelectionError(
                _("The role {role} may not see the figures of {name}.").format(
                    role=viewer.role.value, name=organisation_name(found)
                )
            )
        # It may take part in no round yet: its figures then say so.
        choice = replace(
            choose(store, viewer, replace(selection, organisation=None), subject), organisation=found
        )
    else:
        choice = choose(store, viewer, selection, subject)
    if choice.notices:
        raise SelectionError(" ".join(choice.notices))
    is_asked = choice.survey is not None or subject is Subject.MATURITY
    if selection.cohort not in (None, NATIONAL) and is_asked and choice.cohort is None:
        raise SelectionError(reason_sentences()[Reason.COLLECTING])
    return choice


def reason_sentences() -> Mapping[Reason, str]:
    """Why a figure is withheld, in words for the person who reads it."""
    return {
        Reason.NOT_YOURS: _("Only the organisation itself may see this."),
        Reason.NO_ORGANISATION: _("No organisation is chosen."),
        Reason.DID_NOT_TAKE_PART: _("The organisation did not take part in this round."),
        Reason.NOT_ASKED: _("This was not asked."),
        Reason.FEW_ANSWERS: _("Fewer than 10 answers."),
        Reason.FEW_ORGANISATIONS: _("Too few organisations."),
        Reason.LOWEST_AND_HIGHEST: _("With so few organisations it would show the lowest and the highest."),
        Reason.COLLECTING: _("The round is still collecting; medians are made when it is closed."),
        Reason.COHORT_TOO_CLOSE: _(
            "This group differs from another by a few organisations, whose figures could be worked out."
        ),
        Reason.MEDIAN_ALONE: _("A group that somebody built has a median alone."),
        Reason.NOT_OPENED: _("Your organisation has not opened this group in this round."),
        Reason.CLOSED_AGAIN: _(
            "The round was closed again: beside what it showed before, this would tell of single councils."
        ),
        Reason.ANOTHER_SCALE: _("It was asked on another scale."),
        Reason.SMALL_GROUP: _(
            "Fewer than 10 answers here or in the rest, or it would give away a group that has fewer."
        ),
        Reason.FEW_PEERS: _("Fewer than six other organisations took part both times."),
        Reason.FEW_COMMENTS: _("Comments of fewer than 10 people."),
        Reason.ONE_FILTER: _("One filter at a time: two together could lead to a person."),
        Reason.NOT_COMPARED: _("An optional question is not part of the common benchmark."),
        Reason.POLL_OPEN: _("The poll is open; nothing is shown until it is closed."),
        Reason.FEW_VOTERS: _("Fewer than two colleagues answered this."),
        Reason.NOT_SUBMITTED: _("No assessment was submitted in this round."),
        Reason.NO_LEVEL: _("No criterion applies, so there is no level."),
        Reason.TOP_LEVEL: _("There is no higher level."),
        Reason.NOT_COMPLETED: _("The assessment is not completed yet."),
        Reason.BLIND_SPOTS: _("Too many blind spots: fewer than two thirds of the statements were answered."),
        Reason.FEW_PARTNERS: _("Fewer than two partners have completed their assessment."),
        Reason.ONE_RESPONDENT: _("A role with one respondent is shown to its own organisation alone."),
        Reason.UNKNOWN: _("Not known."),
    }
