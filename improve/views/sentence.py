"""The sentences of the Scores page: one-sentence finding, notes, method, and what a screen reader hears.

No sentence names an organisation, so each may stand on a shared screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from improve.disclosure import FEWER_THAN_HALF, MINIMUM_FOR_MEDIAN, MORE_THAN_HALF, Figure, Reason
from improve.instruments import say
from improve.language import _, ngettext, number, percent, whole
from improve.model import Comparison, Role
from improve.views.choice import reason_sentences

if TYPE_CHECKING:
    from improve.views.ground import Score
    from improve.views.scores import ScoresView


def word(comparison: Comparison) -> str:
    """Higher, similar or lower."""
    return {
        Comparison.HIGHER: _("higher"),
        Comparison.SIMILAR: _("similar"),
        Comparison.LOWER: _("lower"),
    }[comparison]


def is_slight(score: Score) -> bool:
    """Whether a real difference is so small that it would be shown as 0.0."""
    difference, comparison = score.difference.value, score.comparison.value
    if difference is None or comparison in (None, Comparison.SIMILAR):
        return False
    return float(number(abs(difference))) == 0


def in_words(score: Score) -> str:
    """Higher, similar or lower, or slightly so; empty where the two are not compared."""
    comparison = score.comparison.value
    if comparison is None:
        return ""
    if not is_slight(score):
        return word(comparison)
    return _("slightly higher") if comparison is Comparison.HIGHER else _("slightly lower")


def because(figure: Figure[object] | None) -> str:
    """Why a figure is withheld; empty for one that is released."""
    if figure is None or figure.withheld is None:
        return ""
    return reason_sentences()[figure.withheld]


def tenths(figure: Figure[int]) -> str:
    """A share in tenths in words (guides/statistics.md section 7)."""
    if figure.value is None:
        return because(figure)
    if figure.value == FEWER_THAN_HALF:
        return _("fewer than half")
    if figure.value == MORE_THAN_HALF:
        return _("more than half")
    if figure.value <= 1:
        return _("few")
    return _("nearly all") if figure.value >= 9 else _("about {n} in 10").format(n=figure.value)


def of_score(score: Score) -> str:
    """All that there is to say of one aspect, or of the overall question."""
    parts = [_own(score), _compared(score)]
    if score.position.value is not None:
        best, worst, of = score.position.value
        place = (
            _("Its place is {best} of {of}, counted from the highest.")
            if best == worst
            else _("Its place is between {best} and {worst} of {of}, counted from the highest.")
        )
        parts.append(place.format(best=best, worst=worst, of=of))
    if score.is_small_sample:
        parts.append(_("Small sample: fewer than 30 answers."))
    if score.is_much_missing and score.missing.value is not None:
        parts.append(
            _("{share} of those asked gave no answer: read it with care.").format(
                share=percent(score.missing.value)
            )
        )
    return " ".join(part for part in parts if part)


def _own(score: Score) -> str:
    mean, interval, n = score.mean.value, score.interval.value, score.n.value
    if mean is None or interval is None or n is None:
        if score.mean.withheld is Reason.NO_ORGANISATION:
            return score.short + "."
        return _("{aspect}: {reason}").format(aspect=score.short, reason=because(score.mean))
    return _("{aspect}: {mean} ({low} to {high}), {n} answers.").format(
        aspect=score.short,
        mean=number(mean, 2),
        low=number(interval[0], 2),
        high=number(interval[1], 2),
        n=whole(n),
    )


def _compared(score: Score) -> str:
    median, difference = score.median.value, score.difference.value
    if median is None:
        return _("No national median: {reason}").format(reason=because(score.median))
    if difference is None or score.comparison.value is None:
        return _("The national median is {median}.").format(median=number(median))
    if is_slight(score):
        found = {
            Comparison.HIGHER: _(
                "Slightly higher than the national median of {median}; a difference this size is unlikely "
                "to be chance."
            ),
            Comparison.LOWER: _(
                "Slightly lower than the national median of {median}; a difference this size is unlikely "
                "to be chance."
            ),
        }[score.comparison.value]
    else:
        found = {
            Comparison.HIGHER: _(
                "{size} higher than the national median of {median}; a difference this size is unlikely "
                "to be chance."
            ),
            Comparison.SIMILAR: _(
                "Similar to the national median of {median}; a difference this size could be chance."
            ),
            Comparison.LOWER: _(
                "{size} lower than the national median of {median}; a difference this size is unlikely "
                "to be chance."
            ),
        }[score.comparison.value]
    return found.format(size=number(abs(difference)), median=number(median))


def finding(view: ScoresView) -> str:
    """The page in a sentence or two."""
    overall = view.overall
    counted = [score.comparison.value for score in view.scores if score.comparison.value is not None]
    parts = []
    if overall is not None and overall.comparison.value is not None:
        parts.append(_overall(overall))
    elif overall is not None and overall.mean.value is not None:
        parts.append(
            _(
                "Overall satisfaction is {mean}. There is no national median to compare it with: {reason}"
            ).format(mean=number(overall.mean.value, 2), reason=because(overall.median))
        )
    elif overall is not None and overall.median.value is not None:
        parts.append(
            _("The national median of overall satisfaction is {median}, of {n}.").format(
                median=number(overall.median.value), n=_took_part(overall.organisations.value or 0)
            )
        )
        if overall.mean.withheld not in (Reason.NO_ORGANISATION, None):
            parts.append(_("Own scores are not shown: {reason}").format(reason=because(overall.mean)))
    elif overall is not None:
        parts.append(
            _("There is no national median yet: {reason}").format(reason=because(overall.median))
            if overall.mean.withheld is Reason.NO_ORGANISATION
            else _("Own scores are not shown: {reason}").format(reason=because(overall.mean))
        )
    if counted:
        parts.append(
            ngettext(
                "Of {all} aspect compared, {higher} is higher than the national median, {similar} similar "
                "and {lower} lower.",
                "Of {all} aspects {higher} are higher than the national median, {similar} similar and "
                "{lower} lower.",
                len(counted),
            ).format(
                all=len(counted),
                higher=counted.count(Comparison.HIGHER),
                similar=counted.count(Comparison.SIMILAR),
                lower=counted.count(Comparison.LOWER),
            )
        )
    return " ".join(parts) or _without_overall(view)


def _without_overall(view: ScoresView) -> str:
    """What there is to say where no overall question was asked and no aspect is compared."""
    own = sum(score.mean.is_released for score in view.scores)
    medians = sum(score.median.is_released for score in view.scores)
    if own:
        return ngettext(
            "{n} aspect has a score of its own; there is no national median to compare it with.",
            "{n} aspects have scores of their own; there is no national median to compare them with.",
            own,
        ).format(n=own)
    if medians:
        return ngettext(
            "{n} aspect has a national median.", "{n} aspects have a national median.", medians
        ).format(n=medians)
    reasons = dict.fromkeys(because(score.median) for score in view.scores)
    return " ".join((_("There are no figures to show."), *reasons))


def _overall(overall: Score) -> str:
    difference, median, comparison = (
        overall.difference.value,
        overall.median.value,
        overall.comparison.value,
    )
    assert difference is not None and median is not None and comparison is not None
    if is_slight(overall):
        found = {
            Comparison.HIGHER: _(
                "Overall satisfaction is slightly higher than the national median of {n} ({median}); a "
                "difference this size is unlikely to be chance."
            ),
            Comparison.LOWER: _(
                "Overall satisfaction is slightly lower than the national median of {n} ({median}); a "
                "difference this size is unlikely to be chance."
            ),
        }[comparison]
    else:
        found = {
            Comparison.HIGHER: _(
                "Overall satisfaction is {size} higher than the national median of {n} ({median}); a "
                "difference this size is unlikely to be chance."
            ),
            Comparison.SIMILAR: _(
                "Overall satisfaction is similar to the national median of {n} ({median}); a difference "
                "this size could be chance."
            ),
            Comparison.LOWER: _(
                "Overall satisfaction is {size} lower than the national median of {n} ({median}); a "
                "difference this size is unlikely to be chance."
            ),
        }[comparison]
    return found.format(
        size=number(abs(difference)),
        median=number(median),
        n=_took_part(overall.organisations.value or 0),
    )


def _took_part(organisations: int) -> str:
    return ngettext(
        "the {n} organisation that took part", "the {n} organisations that took part", organisations
    ).format(n=organisations)


def notes(view: ScoresView, on_another_scale: int) -> tuple[str, ...]:
    """What the reader must know to read the chart rightly: withheld, provisional, missing, broken."""
    found = []
    choice = view.choice
    if view.is_provisional:
        found.append(
            _(
                "Provisional: this round is still collecting, and only the operator sees medians until it is "
                "closed."
            )
        )
    common = [score for score in view.scores if score.median.withheld is not Reason.NOT_COMPARED]
    no_median = {one.median.withheld for one in (view.overall, *common) if one is not None}
    if Reason.COLLECTING in no_median:
        found.append(reason_sentences()[Reason.COLLECTING])
    few = [score.short for score in view.scores if score.mean.withheld is Reason.FEW_ANSWERS]
    if few:
        found.append(
            ngettext(
                "{n} aspect has fewer than 10 answers, and is not shown.",
                "{n} aspects have fewer than 10 answers, and are not shown.",
                len(few),
            ).format(n=len(few))
        )
    if choice.organisation is not None and view.scores:
        if choice.previous is None:
            found.append(_("There is no earlier round, so no last scores are shown."))
        elif all(score.previous.value is None for score in view.scores) and any(
            score.previous.withheld is Reason.DID_NOT_TAKE_PART for score in view.scores
        ):
            found.append(
                _("The organisation did not take part in round {round}, so no last scores are shown.").format(
                    round=choice.previous.label
                )
            )
        elif all(score.previous.withheld is Reason.ANOTHER_SCALE for score in view.scores):
            found.append(
                _("Round {round} used another scale, so no last scores are shown.").format(
                    round=choice.previous.label
                )
            )
    if choice.cohort is not None and choice.cohort.reason is Reason.FEW_ORGANISATIONS:
        found.append(
            _(
                "{group}: no median, because fewer than {minimum} of its organisations count in this round."
            ).format(group=choice.cohort.label, minimum=MINIMUM_FOR_MEDIAN)
        )
    elif choice.cohort is not None and choice.cohort.reason is not None:
        found.append(choice.cohort.label + ": " + reason_sentences()[choice.cohort.reason])
    if no_median == {Reason.FEW_ORGANISATIONS}:
        found.append(
            _("There is no national median: it needs at least {minimum} organisations.").format(
                minimum=MINIMUM_FOR_MEDIAN
            )
        )
    if on_another_scale:
        found.append(
            ngettext(
                "{n} organisation answered on another scale and is not compared.",
                "{n} organisations answered on another scale and are not compared.",
                on_another_scale,
            ).format(n=on_another_scale)
        )
    return tuple(found)


def method(view: ScoresView) -> tuple[str, ...]:
    """How the figures were worked out: rule, numbers behind them, instrument, round, what is withheld."""
    if view.survey is None or view.choice.round is None:
        return ()
    overall = view.overall
    found = [
        _(
            "An organisation's score is the mean of its answers, from {low} to {high}, with its 95 % "
            "interval; “no opinion” and blank are left out, and nothing is filled in."
        ).format(low=view.survey.scale.low, high=view.survey.scale.high),
        _(
            "The national median is the middle one of the organisations' scores, one vote each; it and the "
            "quartiles are shown to 0.1. It is the median of those that took part, not of all UK councils."
        ),
        _(
            "Higher and lower are said only where a difference this size is unlikely to be chance: a t-test "
            "per aspect, with false alarms held to 5 % over all aspects (Benjamini-Hochberg)."
        ),
        _("A place is a range, because near neighbours cannot be told apart (Welch tests at 5 % each)."),
        _(
            "Not shown: scores of fewer than 10 answers, medians of fewer than 7 organisations, quartiles of "
            "fewer than 8, and the spread of fewer than 10."
        ),
        _("Questions: {title}, version {version}. Round: {round}.").format(
            title=_title(view), version=view.survey.version, round=view.choice.round.label
        ),
    ]
    if overall is not None and overall.organisations.value is not None and overall.answers.value is not None:
        found.append(
            _(
                "Behind the national median: {organisations} organisations, {answers} answers to the overall "
                "question."
            ).format(organisations=overall.organisations.value, answers=whole(overall.answers.value))
        )
    withheld = {
        figure.withheld
        for score in view.scores
        for figure in (score.mean, score.median, score.quartiles, score.previous)
        if figure.withheld not in (None, Reason.NO_ORGANISATION)
    }
    found += [
        _("Withheld here: {reason}").format(reason=reason_sentences()[reason])
        for reason in Reason
        if reason in withheld
    ]
    return tuple(found)


def _title(view: ScoresView) -> str:
    assert view.survey is not None
    return say(view.survey.title)


def alt(view: ScoresView) -> str:
    """The name of the chart for a screen reader: what it shows and what stands out."""
    lead = ngettext(
        "Satisfaction with {n} aspect against the national median.",
        "Satisfaction with {n} aspects against the national median.",
        len(view.scores),
    ).format(n=len(view.scores))
    return lead + " " + view.finding


def role_label(role: Role) -> str:
    """A role in words."""
    return {
        Role.PUBLIC: _("The public"),
        Role.DELEGATE: _("Delegate at a workshop"),
        Role.MEMBER: _("Member of an organisation"),
        Role.FACILITATOR: _("Facilitator"),
        Role.OPERATOR: _("Operator"),
    }[role]
