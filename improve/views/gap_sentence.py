"""The sentences of the Expectation gap page. None names an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from improve import disclosure
from improve.disclosure import Reason
from improve.instruments import say
from improve.language import _, ngettext, number, percent, signed, whole
from improve.model import Certainty, Comparison, Quadrant
from improve.views import sentence
from improve.views.choice import Choice, reason_sentences

if TYPE_CHECKING:
    from improve.views.gap import Gap, GapView, Lines, Position

_STANDS_OUT = (Certainty.FIRMLY, Certainty.PROBABLY)
_MOST_FIRST = 3
"""Of more than these nobody would know where to begin."""


def empty(choice: Choice) -> str:
    """Where there is nothing to show."""
    if choice.round is None and disclosure.takes_in_files(choice.viewer):
        return _("There are no figures yet. Import a survey file to begin.")
    if choice.round is None:
        return _("There are no figures yet.")
    return _("No survey that rates importance and satisfaction was taken in for this round yet.")


def quadrant_label(quadrant: Quadrant) -> str:
    """A quadrant's name."""
    return {
        Quadrant.CONCENTRATE: _("Concentrate here"),
        Quadrant.KEEP: _("Keep it up"),
        Quadrant.LOW: _("Low priority"),
        Quadrant.OVERKILL: _("Possible overkill"),
    }[quadrant]


def certainty_label(certainty: Certainty) -> str:
    """How certain a quadrant is."""
    return {
        Certainty.FIRMLY: _("firmly"),
        Certainty.PROBABLY: _("probably"),
        Certainty.BORDERLINE: _("borderline"),
    }[certainty]


def placed(gap: Gap) -> str:
    """Quadrant and certainty of one aspect in words; empty where it has none."""
    if gap.quadrant.value is None:
        return ""
    quadrant, certainty = gap.quadrant.value
    return _("{quadrant} ({certainty})").format(
        quadrant=quadrant_label(quadrant), certainty=certainty_label(certainty)
    )


def word(comparison: Comparison) -> str:
    """Wider, similar or narrower than the national gap."""
    return {
        Comparison.HIGHER: _("wider"),
        Comparison.SIMILAR: _("similar"),
        Comparison.LOWER: _("narrower"),
    }[comparison]


def lines_label(lines: Lines) -> str:
    """What the two lines are, for subtitle and exports."""
    known = {
        "national": _("Lines at the national median of each axis"),
        "own": _("Lines at the organisation's own means"),
        "middle": _("Lines at the middle of the scale"),
    }[lines.kind]
    if lines.satisfaction.value is None or lines.importance.value is None:
        return _("{lines}: not shown. {reason}").format(
            lines=known, reason=sentence.because(lines.satisfaction) or sentence.because(lines.importance)
        )
    return _("{lines}: importance {importance}, satisfaction {satisfaction}").format(
        lines=known,
        importance=number(lines.importance.value),
        satisfaction=number(lines.satisfaction.value),
    )


def of_gap(gap: Gap) -> str:
    """All that there is to say of one aspect."""
    importance, satisfaction = gap.importance, gap.satisfaction
    if not gap.has_own:
        if importance.median.value is None or satisfaction.median.value is None:
            return _("{aspect}: {reason}").format(
                aspect=gap.short,
                reason=sentence.because(importance.mean) or sentence.because(importance.median),
            )
        own = ""
        if importance.mean.withheld is not Reason.NO_ORGANISATION:
            own = sentence.because(importance.mean) or sentence.because(satisfaction.mean)
        return " ".join(
            part
            for part in (
                _(
                    "{aspect}: national median of importance {importance}, of satisfaction {satisfaction}."
                ).format(
                    aspect=gap.short,
                    importance=number(importance.median.value),
                    satisfaction=number(satisfaction.median.value),
                ),
                ""
                if gap.national.value is None
                else _("The national gap is {gap}.").format(gap=number(gap.national.value)),
                own,
            )
            if part
        )
    parts = [
        _(
            "{aspect}: importance {importance} ({i_low} to {i_high}), satisfaction {satisfaction} "
            "({s_low} to {s_high})."
        ).format(
            aspect=gap.short,
            importance=number(importance.mean.value or 0.0, 2),
            i_low=number((importance.interval.value or (0.0, 0.0))[0], 2),
            i_high=number((importance.interval.value or (0.0, 0.0))[1], 2),
            satisfaction=number(satisfaction.mean.value or 0.0, 2),
            s_low=number((satisfaction.interval.value or (0.0, 0.0))[0], 2),
            s_high=number((satisfaction.interval.value or (0.0, 0.0))[1], 2),
        ),
        _gap(gap),
    ]
    if gap.quadrant.value is not None:
        parts.append(placed(gap) + ".")
    return " ".join(part for part in parts if part)


def _gap(gap: Gap) -> str:
    if gap.gap.value is None or gap.interval.value is None:
        return _("Gap: {reason}").format(reason=sentence.because(gap.gap))
    said = _("Gap {gap} ({low} to {high}).").format(
        gap=number(gap.gap.value, 2),
        low=number(gap.interval.value[0], 2),
        high=number(gap.interval.value[1], 2),
    )
    if gap.national.value is None or gap.comparison.value is None:
        return said
    compared = {
        Comparison.HIGHER: _("Wider than the national gap of {national}; unlikely to be chance."),
        Comparison.SIMILAR: _("Similar to the national gap of {national}."),
        Comparison.LOWER: _("Narrower than the national gap of {national}; unlikely to be chance."),
    }[gap.comparison.value]
    return said + " " + compared.format(national=number(gap.national.value))


def note(view: GapView, gap: Gap) -> str:
    """The few words at the end of a row of the list: own gap and how it compares, else the national one."""
    if gap.gap.value is None:
        if view.has_own or gap.national.value is None:
            return sentence.because(gap.gap if view.has_own else gap.national)
        return number(gap.national.value)
    if gap.difference.value is None or gap.comparison.value is None:
        return number(gap.gap.value)
    if gap.comparison.value is Comparison.SIMILAR or float(number(abs(gap.difference.value))) == 0:
        return _("{gap} ({word})").format(gap=number(gap.gap.value), word=word(gap.comparison.value))
    return _("{gap} ({difference} {word})").format(
        gap=number(gap.gap.value),
        difference=signed(gap.difference.value),
        word=word(gap.comparison.value),
    )


def _to_concentrate_on(view: GapView) -> list[Gap]:
    return [
        gap
        for gap in view.gaps
        if gap.quadrant.value is not None
        and gap.quadrant.value[0] is Quadrant.CONCENTRATE
        and gap.quadrant.value[1] in _STANDS_OUT
        and gap.gap.value is not None
    ]


def first(view: GapView) -> tuple[Gap, ...]:
    """The aspects to raise first, the widest gap first; three at most, and none is an answer too.

    Those that are firmly or probably to concentrate on; without any, the gaps above 0 by more than
    chance.
    """
    above = [gap for gap in view.gaps if gap.interval.value is not None and gap.interval.value[0] > 0]
    found = _to_concentrate_on(view) or above
    return tuple(sorted(found, key=lambda gap: -(gap.gap.value or 0.0))[:_MOST_FIRST])


def raise_first(view: GapView) -> str:
    """What to raise first, and why in numbers; empty without own gaps."""
    if view.lines is None or all(gap.gap.value is None for gap in view.gaps):
        return ""
    named = "; ".join(_with_numbers(gap) for gap in first(view))
    if not named:
        return _(
            "Nothing to raise first: in no aspect is importance above satisfaction by more than chance "
            "could do."
        )
    if not _to_concentrate_on(view):
        return _(
            "Raise first: {aspects}. These gaps are the widest; none is clearly both important and "
            "unsatisfying."
        ).format(aspects=named)
    return {
        "national": _(
            "Raise first: {aspects}. Importance is above the national median there, satisfaction below it."
        ),
        "own": _("Raise first: {aspects}. Importance is above the own mean there, satisfaction below it."),
        "middle": _(
            "Raise first: {aspects}. Importance is above the middle of the scale there, and satisfaction "
            "below it."
        ),
    }[view.lines.kind].format(aspects=named)


def _with_numbers(gap: Gap) -> str:
    if gap.importance.mean.value is None or gap.satisfaction.mean.value is None or gap.gap.value is None:
        return gap.short
    return _("{aspect} (gap {gap}: importance {importance}, satisfaction {satisfaction})").format(
        aspect=gap.short,
        gap=number(gap.gap.value),
        importance=number(gap.importance.mean.value),
        satisfaction=number(gap.satisfaction.mean.value),
    )


def moved(view: GapView) -> str:
    """Where the chosen aspect stood the round before; empty where nothing is known of it."""
    gap, before = view.chosen, view.choice.previous
    if gap is None or before is None or not gap.has_own:
        return ""
    importance, satisfaction = gap.importance.previous, gap.satisfaction.previous
    if importance.value is None or satisfaction.value is None:
        return _("Round {round} is not shown beside it: {reason}").format(
            round=before.label, reason=sentence.because(importance) or sentence.because(satisfaction)
        )
    return _("In round {round} importance was {importance}, satisfaction {satisfaction}.").format(
        round=before.label,
        importance=number(importance.value, 2),
        satisfaction=number(satisfaction.value, 2),
    )


def finding(view: GapView) -> str:
    """The page in a sentence or two."""
    own = raise_first(view)
    if own:
        return own
    reasons = {gap.importance.mean.withheld for gap in view.gaps} - {Reason.NO_ORGANISATION, None}
    parts = [
        _("Own positions are not shown: {reason}").format(reason=reason_sentences()[reason])
        for reason in Reason
        if reason in reasons
    ][:1]
    national = [gap for gap in view.gaps if gap.national.value is not None]
    if national:
        widest = max(national, key=lambda gap: gap.national.value or 0.0)
        parts.append(
            _("Nationally the gap is widest for {aspect}: {gap}.").format(
                aspect=widest.short, gap=number(widest.national.value or 0.0)
            )
        )
    elif view.gaps:
        parts.append(
            _("There are no national medians to show: {reason}").format(
                reason=sentence.because(view.gaps[0].national)
            )
        )
    return " ".join(parts)


def notes(view: GapView, on_another_scale: int) -> tuple[str, ...]:
    """What the reader must know to read the picture rightly."""
    found = []
    if view.is_provisional:
        found.append(
            _(
                "Provisional: this round is still collecting, and only the operator sees medians until it is "
                "closed."
            )
        )
    no_median = {gap.national.withheld for gap in view.gaps} - {Reason.NOT_COMPARED}
    if Reason.COLLECTING in no_median:
        found.append(reason_sentences()[Reason.COLLECTING])
    if no_median == {Reason.FEW_ORGANISATIONS}:
        found.append(
            _("There is no national median: it needs at least {minimum} organisations.").format(
                minimum=disclosure.MINIMUM_FOR_MEDIAN
            )
        )
    few = sum(gap.gap.withheld is Reason.FEW_ANSWERS for gap in view.gaps)
    if few:
        found.append(
            ngettext(
                "{n} aspect has fewer than 10 people who gave both ratings, and is not shown.",
                "{n} aspects have fewer than 10 people who gave both ratings, and are not shown.",
                few,
            ).format(n=few)
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


def method(view: GapView) -> tuple[str, ...]:
    """How the figures were worked out."""
    if view.survey is None or view.choice.round is None or view.lines is None:
        return ()
    found = [
        _(
            "The gap is importance minus satisfaction of the people who rated both, with its 95 % interval; "
            "above 0 expectations are not met. On the diagonal the two are equal."
        ),
        _(
            "A point is an estimate: firmly in its quadrant with a probability of at least 95 %, probably "
            "with 80 %, else borderline (from the two means and how they go together)."
        ),
        _(
            "The national gap is the median of the organisations' gaps, one vote each, shown to 0.1; wider "
            "and narrower are said only where a difference this size is unlikely to be chance "
            "(Benjamini-Hochberg over all aspects)."
        ),
        lines_label(view.lines) + ".",
        _(
            "Not shown: aspects with fewer than 10 people, medians of fewer than 7 organisations, and groups "
            "of people where they or the rest are fewer than 10."
        ),
        _("Questions: {title}, version {version}. Round: {round}.").format(
            title=say(view.survey.title), version=view.survey.version, round=view.choice.round.label
        ),
    ]
    behind = next((gap for gap in view.gaps if gap.organisations.value is not None), None)
    if behind is not None and behind.importance.answers.value is not None:
        found.append(
            _(
                "Behind the national medians: {organisations} organisations, {answers} answers to {aspect}."
            ).format(
                organisations=behind.organisations.value,
                answers=whole(behind.importance.answers.value),
                aspect=behind.short,
            )
        )
    withheld = {
        figure.withheld
        for gap in view.gaps
        for figure in (gap.gap, gap.national, gap.quadrant, gap.satisfaction.previous)
        if figure.withheld not in (None, Reason.NO_ORGANISATION)
    }
    found += [
        _("Withheld here: {reason}").format(reason=reason_sentences()[reason])
        for reason in Reason
        if reason in withheld
    ]
    return tuple(found)


def alt(view: GapView) -> str:
    """The name of the chart for a screen reader."""
    lead = ngettext(
        "Importance against satisfaction of {n} aspect.",
        "Importance against satisfaction of {n} aspects.",
        len(view.gaps),
    ).format(n=len(view.gaps))
    return lead + " " + view.finding


def joint(view: GapView) -> str:
    """The joint picture in a sentence, or why there is none."""
    if view.joint is None:
        return ""
    if view.joint.above.value is None or view.joint.n.value is None:
        return _("How people rate both together is not shown: {reason}").format(
            reason=sentence.because(view.joint.n)
        )
    return _("{share} of {n} people rate its importance above their satisfaction with it.").format(
        share=percent(view.joint.above.value), n=whole(view.joint.n.value)
    )


def of_position(position: Position) -> str:
    """One group in the plane of one aspect."""
    if position.satisfaction.value is None or position.importance.value is None:
        return _("{group}: {reason}").format(
            group=position.label,
            reason=sentence.because(position.satisfaction) or sentence.because(position.importance),
        )
    return _("{group}: importance {importance}, satisfaction {satisfaction}.").format(
        group=position.label,
        importance=number(position.importance.value),
        satisfaction=number(position.satisfaction.value),
    )


def positions(view: GapView) -> str:
    """Which group is the least satisfied with the chosen aspect, which the most, and how many are hidden."""
    groups = [one for one in view.positions if not one.is_own]
    shown = sorted(
        (one for one in groups if one.satisfaction.value is not None and one.importance.value is not None),
        key=lambda one: one.satisfaction.value or 0.0,
    )
    parts = []
    if len(shown) > 1:
        parts.append(
            _("Satisfaction is lowest in {low} ({low_value}) and highest in {high} ({high_value}).").format(
                low=shown[0].label,
                low_value=number(shown[0].satisfaction.value or 0.0),
                high=shown[-1].label,
                high_value=number(shown[-1].satisfaction.value or 0.0),
            )
        )
    hidden = len(groups) - len(shown)
    if hidden:
        parts.append(
            ngettext("{n} group is not shown.", "{n} groups are not shown.", hidden).format(n=hidden)
        )
    return " ".join(parts)


def not_shown(view: GapView) -> tuple[str, ...]:
    """Which groups are hidden, a sentence for each reason."""
    hidden: dict[str, list[str]] = {}
    for one in view.positions:
        reason = sentence.because(one.satisfaction) or sentence.because(one.importance)
        if reason:
            hidden.setdefault(reason, []).append(one.label)
    return tuple(
        _("Not shown: {groups}. {reason}").format(groups=", ".join(labels), reason=reason)
        for reason, labels in hidden.items()
    )
