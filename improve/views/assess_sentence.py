"""The sentences of the Assess page."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from improve.assessment import Sheet
from improve.instruments import say
from improve.language import _, ngettext, percent
from improve.model import Role
from improve.store import Answer, Assessment
from improve.views.choice import Choice, reason_sentences
from improve.views.response_sentence import full_day

if TYPE_CHECKING:
    from improve.views.assess import Asked, AssessView, Progress


def not_for_you(choice: Choice) -> str:
    """Why this viewer answers no assessment here."""
    if (
        choice.organisation is None
        and choice.viewer.organisation is None
        and choice.viewer.role is Role.OPERATOR
    ):
        return _("Choose an organisation to see and answer its assessment.")
    return _("An assessment is answered by the organisation's own members. You are looking as somebody else.")


def finding(view: AssessView) -> str:
    """How far the whole is."""
    if view.sheet is None:
        return no_open(bool(view.submitted))
    done = sum(one.is_whole for one in view.functions)
    return _(
        "{answered} of {asked} criteria are answered; {done} of {functions} functions are complete."
    ).format(
        answered=sum(one.answered for one in view.functions),
        asked=sum(one.asked for one in view.functions),
        done=done,
        functions=len(view.functions),
    )


def no_open(has_submitted: bool) -> str:
    """That nothing is being answered."""
    if has_submitted:
        return _("The last assessment is submitted, and the next one is not started yet.")
    return _("No assessment of digital maturity has been started yet.")


def half_answered(sheet: Sheet | None, has_any: bool) -> str:
    """How far the next assessment is, for the profile page."""
    if sheet is None:
        return no_open(has_any)
    asked, answered = len(sheet.instrument.criteria), sheet.answered()
    if sheet.last_round is None:
        text = _("The first assessment is {answered} of {asked} answered.")
    else:
        text = _("The next assessment is {answered} of {asked} answered.")
    return text.format(answered=answered, asked=asked)


def answered(function: Progress) -> str:
    """How many criteria of a function have an answer."""
    return _("{answered} of {asked} answered").format(answered=function.answered, asked=function.asked)


def in_brief(function: Progress) -> str:
    """A function in a line: how far, by whom, what it would come to."""
    parts = [answered(function)]
    if function.assigned_to:
        parts.append(_("to be answered by {name}").format(name=function.assigned_to))
    if function.poll is not None:
        parts.append(_("poll going on"))
    if function.level is not None and function.level.value is not None:
        parts.append(_("level {level} so far").format(level=function.level.value))
    if function.not_applicable:
        parts.append(not_applicable(function))
    if function.changed:
        parts.append(changed(function))
    return " · ".join(parts)


def not_applicable(function: Progress) -> str:
    """How many criteria were said not to apply."""
    n = function.not_applicable
    return ngettext("{n} does not apply", "{n} do not apply", n).format(n=n)


def changed(function: Progress) -> str:
    """How many answers differ from last time's."""
    n = function.changed
    return ngettext("{n} answer differs from last time", "{n} answers differ from last time", n).format(n=n)


def so_far(function: Progress) -> str:
    """What the answers would come to if they were submitted now; empty until the function is complete."""
    if function.level is None or function.share is None:
        return ""
    if function.level.value is None or function.share.value is None:
        reason = function.level.withheld or function.share.withheld
        return "" if reason is None else reason_sentences()[reason]
    level, share = function.level.value, percent(function.share.value)
    if function.next_level is None:
        return _("Level {level} so far, the highest; {share} of the criteria met.").format(
            level=level, share=share
        )
    return ngettext(
        "Level {level} so far, {n} answer from level {beyond}; {share} of the criteria met.",
        "Level {level} so far, {n} answers from level {beyond}; {share} of the criteria met.",
        function.missing,
    ).format(level=level, n=function.missing, beyond=function.next_level, share=share)


def without_those(function: Progress) -> str:
    """How many criteria are left out of that level; empty where none is."""
    n = function.not_applicable
    if not n or function.level is None:
        return ""
    return ngettext(
        "{n} criterion was said not to apply and is left out of this: read its reason before you submit.",
        "{n} criteria were said not to apply and are left out of this: read their reasons before you submit.",
        n,
    ).format(n=n)


def moment(when: datetime, zone: tzinfo = UTC, now: datetime | None = None) -> str:
    """A moment of the store (UTC, without a zone) in the reader's zone; with its day unless it is today."""
    there = when.replace(tzinfo=UTC).astimezone(zone)
    today = (now or datetime.now(UTC)).astimezone(zone).date()
    time = f"{there:%H:%M}"
    if there.date() == today:
        return time
    return _("{day}, {time}").format(day=full_day(there.date()), time=time)


def standing(one: Asked, zone: tzinfo = UTC) -> str:
    """Who gave the answer that stands, and when."""
    answer = one.answer
    if answer is None:
        return _("Not answered yet")
    text = (
        _("{answer}, saved {moment} by {name}")
        if answer.poll_id is None
        else _("{answer}, agreed after a poll, kept {moment} by {name}")
    )
    return text.format(
        answer="" if one.option is None else say(one.option.label),
        moment=moment(answer.answered_at, zone),
        name=answer.answered_by,
    )


def beside(one: Asked, last_round: str | None) -> tuple[str, ...]:
    """What stands beside an answer: last time's, why it does not apply, what shows it."""
    found = []
    if one.last is not None and last_round is not None:
        text = _("Last time ({round}): {answer}")
        if one.is_changed:
            text = _("Last time ({round}): {answer}. This differs.")
        found.append(text.format(round=last_round, answer=say(one.last.label)))
    if one.answer is not None and one.answer.reason:
        found.append(_("Does not apply because: {reason}").format(reason=one.answer.reason))
    if one.answer is not None and one.answer.evidence:
        found.append(_("Evidence: {evidence}").format(evidence=one.answer.evidence))
    return tuple(found)


def given(answer: Answer, words: dict[int, str], zone: tzinfo = UTC) -> dict[str, str]:
    """An answer of the history, as a row of a table."""
    return {
        _("When"): moment(answer.answered_at, zone),
        _("Who"): answer.answered_by,
        _("Answer"): words.get(answer.code, "–"),
        _("Evidence or reason"): " · ".join(one for one in (answer.reason, answer.evidence) if one) or "–",
        _("After a poll"): _("yes") if answer.poll_id is not None else "–",
    }


def submitted(one: Assessment, zone: tzinfo = UTC) -> str:
    """A frozen version."""
    assert one.submitted_at is not None
    return _("Submitted {moment} by {name}, for round {round}.").format(
        moment=moment(one.submitted_at, zone), name=one.submitted_by, round=one.round
    )


def before_submitting(view: AssessView) -> str:
    """What will happen, before somebody confirms it."""
    assert view.season is not None
    parts = [
        _("This freezes all {n} answers as they stand and puts them into round {round}.").format(
            n=len(view.criteria), round=view.season.label
        )
    ]
    if view.season.is_closed:
        parts.append(
            _("That round is closed: your own figures change, its national medians stay as they are.")
        )
    if any(one.round == view.season.label for one in view.submitted):
        parts.append(_("It takes the place of the version you submitted for that round before."))
    n = sum(one.not_applicable for one in view.functions)
    if n:
        parts.append(
            ngettext(
                "{n} criterion was said not to apply.", "{n} criteria were said not to apply.", n
            ).format(n=n)
        )
    polls = [one.name for one in view.functions if one.poll is not None]
    if polls:
        parts.append(
            _("A poll is still going on, and what it finds would not count: {functions}.").format(
                functions=", ".join(polls)
            )
        )
    parts.append(_("Nobody can change them afterwards; the next assessment begins with none."))
    return " ".join(parts)
