"""What an organisation's people answered in a round of a partnership, as a file, for its own members."""

from __future__ import annotations

from improve.assessment.spreadsheet import Paper
from improve.errors import SelectionError
from improve.language import _
from improve.readiness.spreadsheet import RoleAnswers, answers_by_role
from improve.views.choice import reason_sentences
from improve.views.readiness import ReadinessView


def own_paper(view: ReadinessView) -> Paper:
    """The answers by role. SelectionError, with the reason, where the viewer sees none."""
    if view.own is None or view.instrument is None or view.partnership is None or view.number is None:
        raise SelectionError(
            _(
                "Only the organisation's own members see what its people answered: "
                "add --as member:ORGANISATION."
            )
        )
    answers = [
        RoleAnswers(reply.name, one.statement.id, reply.codes, reply.evidence, reply.notes)
        for one in view.statements
        for reply in one.replies.value or ()
    ]
    if not answers:
        reason = view.statements[0].replies.withheld
        raise SelectionError("" if reason is None else reason_sentences()[reason])
    return answers_by_role(view.instrument, answers)
