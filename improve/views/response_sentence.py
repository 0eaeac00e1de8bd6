"""The sentences of the Response page: what was found, why to rely on it, what to do about it.

No sentence names an organisation, so each may stand on a shared screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from improve import disclosure
from improve.disclosure import Figure, Reason
from improve.instruments import say
from improve.language import N_, _, ngettext, number, percent, whole
from improve.views.choice import NATIONAL, Choice, reason_sentences

if TYPE_CHECKING:
    from improve.store import Fieldwork
    from improve.views.response import Imbalance, Practice, Reminder, ResponseView, Support

_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def day(when: date) -> str:
    """A day of a survey, which is over within months: without its year."""
    return _("{day} {month}").format(day=when.day, month=_(_MONTHS[when.month - 1]))


def full_day(when: date) -> str:
    """A day with its year."""
    return _("{day} {year}").format(day=day(when), year=when.year)


def because(reason: Reason | None) -> str:
    """Why something is withheld; empty where it is not."""
    if reason is Reason.NOT_YOURS:
        # Whoever reads this sees the rest of the organisation's figures.
        return _("Only members of the organisation see this.")
    return "" if reason is None else reason_sentences()[reason]


def empty(choice: Choice) -> str:
    """Why there is nothing on the page at all."""
    if choice.round is None and disclosure.takes_in_files(choice.viewer):
        return _("There are no figures yet. Import a survey file to begin.")
    if choice.round is None:
        return _("There are no figures yet.")
    return _("No survey with rated aspects was taken in for this round yet.")


# ── Headline ───────────────────────────────────────────────────────────────────────────────────


def finding(view: ResponseView) -> str:
    """The page in a sentence or two."""
    parts = [_rate(view), _against(view)]
    if view.margin.value is not None:
        parts.append(
            _("At this number of answers the overall score is known to within {margin} points.").format(
                margin=number(view.margin.value, 2)
            )
        )
    return " ".join(part for part in parts if part)


def _rate(view: ResponseView) -> str:
    if view.responses.value is None:
        if view.responses.withheld is Reason.NO_ORGANISATION:
            return ""
        if view.responses.withheld is Reason.FEW_ANSWERS:
            return _("Fewer than 10 responses came in: no figure of their own can be shown.")
        return _("Own responses are not shown: {reason}").format(reason=because(view.responses.withheld))
    if view.rate.value is None or view.invited.value is None:
        return ngettext(
            "{n} response came in; how many people were invited is not known.",
            "{n} responses came in; how many people were invited is not known.",
            view.responses.value,
        ).format(n=whole(view.responses.value))
    return _("{rate} of the {invited} people invited answered: {n} responses.").format(
        rate=percent(view.rate.value), invited=whole(view.invited.value), n=whole(view.responses.value)
    )


def _against(view: ResponseView) -> str:
    median = view.median.value
    if median is None:
        return _("There is no national median: {reason}").format(reason=because(view.median.withheld))
    quarter = quarter_in_words(view)
    if quarter:
        return _(
            "That is {quarter} of the {n} organisations whose rate is known; their median is {median}."
        ).format(quarter=quarter, n=view.organisations.value, median=percent(median))
    return _("The national median of response rates is {median}, of {n} organisations.").format(
        median=percent(median), n=view.organisations.value
    )


def quarter_in_words(view: ResponseView) -> str:
    """In which part of the organisations the rate lies; empty where that may not be told."""
    quarter = view.quarter
    if quarter is None:
        return ""
    return {
        "lowest": _("in the lowest quarter"),
        "middle": _("in the middle half"),
        "highest": _("in the highest quarter"),
    }[quarter.value]


def verdict(view: ResponseView) -> str:
    """Whether the scores can be relied on, in a sentence; empty where there are none."""
    if view.verdict is None:
        return ""
    return {
        "yes": _("Yes, the scores can be relied on."),
        "with_care": _("With care: not everything speaks for them."),
        "no": _("No: too little is behind them."),
    }[view.verdict.value]


def verdict_word(view: ResponseView) -> str:
    """The same in a word or two."""
    if view.verdict is None:
        return ""
    return {"yes": _("Yes"), "with_care": _("With care"), "no": _("No")}[view.verdict.value]


def margin_in_words(view: ResponseView) -> str:
    """What the margin is called; empty where there is none."""
    return next((tightness(one) for one in view.supports if one.key == "margin"), "")


def alt(view: ResponseView) -> str:
    """The name of the first chart for a screen reader."""
    return _("Response rate against the national median.") + " " + view.finding


def notes(view: ResponseView) -> tuple[str, ...]:
    """What the reader must know to read the page rightly."""
    found = []
    if view.is_provisional:
        found.append(
            _(
                "Provisional: this round is still collecting, and only the operator sees medians until it is "
                "closed."
            )
        )
    if view.rate.withheld is Reason.UNKNOWN and view.invited.value is not None:
        found.append(_("More people answered than were invited, so no response rate can be worked out."))
    cohort = view.choice.cohort
    if cohort is not None and cohort.cohort.key != NATIONAL:
        found.append(_("Response rates are compared with those of all organisations, not with a group."))
    return tuple(found)


def method(view: ResponseView) -> tuple[str, ...]:
    """How the figures were worked out: rule, numbers behind them, instrument, round."""
    if view.survey is None or view.choice.round is None:
        return ()
    found = [
        _("The response rate is the usable responses as a share of the people invited."),
        _(
            "The national median and quartiles are those of the organisations' rates, one vote each, of "
            "organisations with at least 10 responses whose number of people invited is known; they are "
            "shown to 1%. It is the median of those that took part, not of all UK councils."
        ),
        _(
            "The margin is half the width of the 95 % interval of the overall score. It is smaller where a "
            "large share of the people invited answered."
        ),
        _(
            "Not shown: numbers of responses below 10, medians of fewer than 7 organisations and quartiles "
            "of fewer than 8."
        ),
        _("Questions: {title}, version {version}. Round: {round}.").format(
            title=say(view.survey.title), version=view.survey.version, round=view.choice.round.label
        ),
    ]
    if view.organisations.value is not None:
        found.append(
            _("Behind the national median: the response rates of {n} organisations.").format(
                n=view.organisations.value
            )
        )
    return tuple(found)


# ── When they came ─────────────────────────────────────────────────────────────────────────────


def arrived(view: ResponseView) -> str:
    """When the responses came, in a few sentences."""
    periods = view.periods
    if not periods:
        return _("When the responses came is not shown: {reason}").format(
            reason=because(next((one.withheld for one in view.arrivals), None))
        )
    parts = [
        _("The first {n} responses had come by {day}.").format(
            n=whole(periods[0].n), day=day(periods[0].last)
        )
    ]
    parts += [reminded(one) for one in view.reminders]
    if not view.reminders:
        parts.append(_("No reminder is written down."))
    if view.untimed is not None:
        parts.append(_without_time(view.untimed))
    return " ".join(parts)


def reminded(reminder: Reminder) -> str:
    """What came after a reminder."""
    sent, until = day(reminder.sent_on), day(reminder.until)
    if reminder.responses.value is None:
        return _(
            "How many came from the reminder of {sent} to {until} is not shown: fewer than 10 then, or just "
            "before or after."
        ).format(sent=sent, until=until)
    return _("{n} responses came from the reminder of {sent} to {until}.").format(
        n=whole(reminder.responses.value), sent=sent, until=until
    )


def _without_time(untimed: Figure[int]) -> str:
    if untimed.value is not None:
        return _("{n} responses have no time and are not in this picture.").format(n=whole(untimed.value))
    return _("Fewer than 10 responses have no time; they are left out together with the last ones that came.")


def arrivals_method() -> tuple[str, ...]:
    """How the picture of arrivals is made."""
    return (
        _(
            "Responses are counted by the day on which they were given; days are put together until each "
            "period has at least 10."
        ),
        _(
            "After a reminder, its own day and the three working days (Monday to Friday) that follow are "
            "counted, to the end of the period that holds the last of them, and never past the next reminder."
        ),
    )


# ── Groups ─────────────────────────────────────────────────────────────────────────────────────


def grouped(view: ResponseView) -> str:
    """What the breakdown shows, in a few sentences."""
    chosen = view.chosen
    if chosen is None:
        return ""
    shown = len(chosen.groups) - len(chosen.to_ask)
    parts = [
        ngettext(
            "{shown} of {n} group can be shown.", "{shown} of {n} groups can be shown.", len(chosen.groups)
        ).format(shown=shown, n=len(chosen.groups))
    ]
    if chosen.imbalance is not None:
        parts.append(
            _("Furthest from its share of the staff: {shares}.").format(shares=imbalanced(chosen.imbalance))
        )
    return " ".join(parts)


def imbalanced(imbalance: Imbalance) -> str:
    """A group's two shares; part of a sentence."""
    return _("{group} ({staff} of the staff, {responses} of the responses)").format(
        group=imbalance.label,
        staff=percent(imbalance.staff.value or 0.0),
        responses=percent(imbalance.responses.value or 0.0),
    )


def to_ask(view: ResponseView) -> str:
    """Which groups need asking; empty where all are shown."""
    names = view.chosen.to_ask if view.chosen is not None else ()
    if not names:
        return ""
    return _(
        "Still below 10 responses, or needed to hide one that is, so ask all of these: {groups}."
    ).format(groups=", ".join(names))


def groups_method() -> tuple[str, ...]:
    """How the breakdown is made."""
    return (
        _(
            "A group is shown where it has at least 10 responses and so has everybody else, and where no "
            "group that is not shown could be worked out from it. One way at a time, never two crossed."
        ),
        _(
            "A group's rate is its responses as a share of the people on the staff list; its margin is that "
            "of the overall score, shown to 0.1."
        ),
        _("Shares of staff and of responses are those of the groups that are shown and on the staff list."),
    )


# ── Whether to rely on it, and what to do ──────────────────────────────────────────────────────


def tightness(margin: Support) -> str:
    """What the margin of the overall score is called; empty where there is none."""
    if margin.verdict is None or margin.figure.value is None:
        return ""
    return {"yes": _("tight"), "with_care": _("fair"), "no": _("wide")}[margin.verdict.value]


def support_label(one: Support) -> str:
    """What a reason for the verdict is about, as a short heading."""
    return {
        "responses": _("Number of responses"),
        "rate": _("Response rate"),
        "margin": _("Margin"),
        "balance": _("Balance"),
        "age": _("Age"),
        "missing": _("Missing answers"),
    }[one.key]


def support_word(one: Support) -> str:
    """How much one reason speaks for the scores, in a word or two."""
    if one.verdict is None:
        return _("not known")
    return {"yes": _("good"), "with_care": _("with care"), "no": _("too weak")}[one.verdict.value]


def support(view: ResponseView, one: Support) -> str:
    """One reason for the verdict, with its number."""
    value = one.figure.value
    if value is None:
        return _unsupported(one)
    if one.key == "responses":
        recommended = (
            0
            if view.survey is None or view.survey.sampling is None
            else (view.survey.sampling.recommended_responses)
        )
        text = (
            _("{n} responses came in; at least {recommended} are recommended.")
            if value >= recommended
            else _("Only {n} responses came in; at least {recommended} are recommended.")
        )
        return text.format(n=whole(int(value)), recommended=recommended)
    if one.key == "rate":
        if view.median.value is None:
            return _("{rate} of the people invited answered; there is no national median.").format(
                rate=percent(value)
            )
        return _("{rate} of the people invited answered; the national median is {median}.").format(
            rate=percent(value), median=percent(view.median.value)
        )
    if one.key == "margin":
        return _(
            "The margin of the overall score is {margin} points ({word}): a difference smaller than that "
            "cannot be told from chance."
        ).format(margin=number(value, 2), word=tightness(one))
    if one.key == "balance":
        shares = "" if view.imbalance is None else imbalanced(view.imbalance)
        return _("Of all groups furthest from its share of the staff: {shares}.").format(shares=shares)
    if one.key == "age":
        most = (
            None
            if view.survey is None or view.survey.sampling is None
            else (view.survey.sampling.maximum_age_months)
        )
        return ngettext(
            "The survey closed {n} month ago; after {most} months it is too old to rely on.",
            "The survey closed {n} months ago; after {most} months it is too old to rely on.",
            int(value),
        ).format(n=int(value), most=most)
    if not value:
        return _("No aspect lacks more than a quarter of its answers.")
    return ngettext(
        "{n} aspect lacks more than a quarter of its answers.",
        "{n} aspects lack more than a quarter of their answers.",
        int(value),
    ).format(n=int(value))


def _unsupported(one: Support) -> str:
    """Why there is no number; that it is not known stands before it already."""
    if one.figure.withheld is not Reason.UNKNOWN:
        return because(one.figure.withheld)
    return {
        "rate": _("It takes the number of people invited."),
        "balance": _("It takes a staff list, and two of its groups that can be shown."),
        "age": _("It takes the day on which the survey closed."),
    }.get(one.key, because(one.figure.withheld))


def done(one: Practice) -> str:
    """Done, not done, or not known."""
    return {"done": _("done"), "not_done": _("not done"), "not_known": _("not known")}[one.done.value]


def practice_label(one: Practice) -> str:
    """What the best responders do, as a short heading."""
    return {
        "publicise": _("Publicise early"),
        "remind": _("Remind"),
        "everyone": _("Ask everyone"),
        "regularly": _("Survey regularly"),
        "changed": _("Show what changed"),
    }[one.key]


def practice(one: Practice) -> str:
    """What the organisation did of it, with its number."""
    value, more = one.figure.value, None if one.more is None else one.more.value
    if one.key == "publicise":
        if value is None:
            needed = _("It takes the day on which the survey opened, and the time of each response.")
            return _unknown(one, needed)
        return _publicised(int(value), more or 0)
    if one.key == "remind":
        return _reminders(value, more)
    if one.key == "everyone":
        if value is None:
            return _unknown(one, _("It takes the number of people invited and a staff list."))
        return _("{share} of the people on the staff list were invited.").format(share=percent(value))
    if one.key == "regularly":
        return _rounds(int(value or 0), more)
    if value is None:
        return because(one.figure.withheld)
    if not value:
        return _("No action has been written down since the survey before this one.")
    return ngettext(
        "{n} action was written down since the survey before this one.",
        "{n} actions were written down since the survey before this one.",
        int(value),
    ).format(n=int(value))


def _unknown(one: Practice, needed: str) -> str:
    return needed if one.figure.withheld is Reason.UNKNOWN else because(one.figure.withheld)


def _publicised(days: int, n: int) -> str:
    if not days:
        return _("The first {n} responses came on the day it opened.").format(n=whole(n))
    return ngettext(
        "The first {n} responses had come {days} day after it opened.",
        "The first {n} responses had come {days} days after it opened.",
        days,
    ).format(n=whole(n), days=days)


def _reminders(sent: float | None, came: int | None) -> str:
    if sent is None:
        return _("It takes the days of the survey and of its reminders.")
    if not sent:
        return _("No reminder is written down.")
    text = ngettext("{n} reminder was sent.", "{n} reminders were sent.", int(sent)).format(n=int(sent))
    if came is None:
        return text
    return text + " " + _("{n} responses came after them.").format(n=whole(came))


def _rounds(rounds: int, months: int | None) -> str:
    text = ngettext(
        "This is the first round taken part in.", "{n} rounds were taken part in, this one included.", rounds
    ).format(n=rounds)
    if months is None:
        return text
    return (
        text
        + " "
        + ngettext(
            "The one before closed {n} month earlier.", "The one before closed {n} months earlier.", months
        ).format(n=months)
    )


def missing(work: Fieldwork, has_times: bool, has_staff: bool | None) -> tuple[str, ...]:
    """Which facts nobody brought in, and how they come; None as staff list where it is not for the reader."""
    facts: Sequence[tuple[Any, str]] = (
        (
            work.invited,
            _(
                "The number of people invited, for a response rate: import survey --invited, or the Import "
                "page."
            ),
        ),
        (
            work.opened_on,
            _("The day on which the survey opened: import survey --opened, or the Import page."),
        ),
        (
            work.closed_on,
            _("The day on which the survey closed: import survey --closed, or the Import page."),
        ),
        (
            work.reminders,
            _("The days on which people were reminded: import survey --reminder, or the Import page."),
        ),
        (has_times, _("The time of each response: a column of the survey file.")),
        (
            has_staff is not False,
            _("The staff list, for rates by group: import staff, or the Import page."),
        ),
    )
    return tuple(text for known, text in facts if not known)
