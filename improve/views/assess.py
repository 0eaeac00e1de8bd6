"""The Assess page: the sheet that an organisation answers, how far it is, and what it would come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from improve import disclosure, scoring
from improve.assessment import Sheet, polls_of, season_for, sheet_for
from improve.disclosure import Figure
from improve.instruments import Category, Criterion, Option, say
from improve.model import Organisation, Round, Selection, Viewer
from improve.scoring import FunctionScore
from improve.store import (
    Answer,
    Assessment,
    Poll,
    Store,
    assessment_topic_of,
    read_assessments,
    read_organisations,
)
from improve.views import assess_sentence
from improve.views.choice import MATURITY, Choice, Subject, choose, organisation_name


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a function is. `level` and what goes with it are None until all of it is answered.

    `missing` is how many answers stand before `next_level`; `changed` how many answers differ from last
    time's; `poll` the one that is going on.
    """

    id: str
    name: str
    summary: str
    assigned_to: str
    answered: int
    asked: int
    changed: int
    poll: Poll | None
    level: Figure[int] | None
    share: Figure[float] | None
    next_level: int | None
    missing: int
    not_applicable: int

    @property
    def is_whole(self) -> bool:
        """Whether every criterion has an answer."""
        return self.answered == self.asked


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion on the sheet, with the answer that stands and the one of last time."""

    criterion: Criterion
    answer: Answer | None
    option: Option | None
    last: Option | None

    @property
    def is_changed(self) -> bool:
        """Whether the answer is another one than last time's."""
        return self.option is not None and self.last is not None and self.option.code != self.last.code


@dataclass(frozen=True, slots=True)
class AssessView:
    """All that the Assess page shows. `sheet` is None where no assessment is open.

    `may_assess` says whether this viewer answers for the organisation; who may not sees `finding` alone.
    `submitted` are the versions that are frozen, newest first, and `season` is the round that one
    submitted now would belong to. `revision` dates the whole.
    """

    choice: Choice
    may_assess: bool
    sheet: Sheet | None
    functions: tuple[Progress, ...]
    criteria: tuple[Asked, ...]
    submitted: tuple[Assessment, ...]
    season: Round | None
    revision: int
    finding: str

    def criteria_of(self, function: str) -> tuple[Asked, ...]:
        """The criteria of a function, in the order of the levels."""
        return tuple(one for one in self.criteria if one.criterion.function == function)

    def function(self, wanted: str) -> Progress:
        """The function of this id."""
        return next(one for one in self.functions if one.id == wanted)


def assess_view(store: Store, viewer: Viewer, selection: Selection) -> AssessView:
    """The assessment that a viewer's selection comes to: of the round only the season counts."""
    choice = registered_choice(store, viewer, selection)
    code = None if choice.organisation is None else choice.organisation.code
    view = AssessView(choice, False, None, (), (), (), None, 0, "")
    if code is None or not disclosure.may_assess(viewer, code):
        return replace(view, finding=assess_sentence.not_for_you(choice))
    # Taken before what it dates: what is written meanwhile is seen as new.
    revision = store.revision(assessment_topic_of(code))
    sheet = sheet_for(store, viewer, code, MATURITY)
    found = read_assessments(store, code, MATURITY)
    criteria = () if sheet is None else _asked(sheet)
    view = replace(
        view,
        may_assess=True,
        sheet=sheet,
        criteria=criteria,
        functions=() if sheet is None else _functions(store, viewer, sheet, criteria),
        submitted=tuple(one for one in reversed(found) if not one.is_open),
        season=season_for(store),
        revision=revision,
    )
    return replace(view, finding=assess_sentence.finding(view))


def assessable(store: Store, viewer: Viewer) -> tuple[Organisation, ...]:
    """The organisations from which who answers for any may choose, those in no round too; by name."""
    every = read_organisations(store)
    if not all(disclosure.may_assess(viewer, one.code) for one in every):
        return ()
    return tuple(sorted(every, key=organisation_name))


def registered_choice(store: Store, viewer: Viewer, selection: Selection) -> Choice:
    """Whose assessment it is, of the register: who begins one may take part in no round yet."""
    wish = Selection(organisation=selection.organisation)
    found = choose(store, viewer, wish, Subject.MATURITY)
    wanted = next((one for one in read_organisations(store) if one.code == wish.organisation), None)
    if wanted is not None and disclosure.may_assess(viewer, wanted.code):
        found = replace(found, organisation=wanted, notices=())
    return replace(found, round=None, previous=None, cohort=None)


def revision_of(store: Store, view: AssessView) -> int:
    """The revision now of what a view shows: another one than the view's where somebody changed it."""
    organisation = view.choice.organisation
    return 0 if organisation is None else store.revision(assessment_topic_of(organisation.code))


def half_answered(store: Store, choice: Choice) -> str | None:
    """How far the next assessment is, in a sentence; None for who does not answer it."""
    code = None if choice.organisation is None else choice.organisation.code
    if code is None or not disclosure.may_assess(choice.viewer, code):
        return None
    sheet = sheet_for(store, choice.viewer, code, MATURITY)
    return assess_sentence.half_answered(sheet, bool(read_assessments(store, code, MATURITY)))


def _asked(sheet: Sheet) -> tuple[Asked, ...]:
    options = {one.code: one for one in sheet.instrument.answers}
    found = []
    for one in sheet.instrument.criteria:
        answer, last = sheet.answers.get(one.id), sheet.last.get(one.id)
        found.append(
            Asked(
                one,
                answer,
                None if answer is None else options[answer.code],
                None if last is None else options.get(last),
            )
        )
    return tuple(found)


def _functions(store: Store, viewer: Viewer, sheet: Sheet, criteria: Sequence[Asked]) -> tuple[Progress, ...]:
    polls = polls_of(store, viewer, sheet)
    found = []
    for function in sheet.instrument.functions:
        own = [one for one in criteria if one.criterion.function == function.id]
        score = _score(own, len(sheet.instrument.levels))
        found.append(_progress(function, sheet, own, score, polls.get(function.id)))
    return tuple(found)


def _score(criteria: Sequence[Asked], highest: int) -> FunctionScore:
    return scoring.function_score(
        [one.criterion.level for one in criteria],
        [
            None if one.option is None else scoring.mark_of(one.option.group, one.option.counts)
            for one in criteria
        ],
        highest,
    )


def _progress(
    function: Category, sheet: Sheet, criteria: Sequence[Asked], score: FunctionScore, poll: Poll | None
) -> Progress:
    return Progress(
        id=function.id,
        name=say(function.name),
        summary="" if function.summary is None else say(function.summary),
        assigned_to=sheet.sections.get(function.id, ""),
        answered=score.answered,
        asked=score.asked,
        changed=sum(one.is_changed for one in criteria),
        poll=poll,
        level=disclosure.assessed_figure(None, score.level) if score.is_answered else None,
        share=disclosure.assessed_figure(None, score.share) if score.is_answered else None,
        next_level=score.next_level,
        missing=len(score.missing),
        not_applicable=score.not_applicable,
    )
