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


def note(gap: Gap) -> str:
    """The few words at the end of a row of the list."""
    if gap.gap.value is None:
        return ""
    if gap.difference.value is None or gap.comparison.value is None:
        return number(gap.gap.value)
    return _("{gap} ({difference} {word})").format(
        gap=number(gap.gap.value),
        difference=signed(gap.difference.value),
        word=word(gap.comparison.value),
    )


def raise_first(view: GapView) -> str:
    """Which aspects to raise first, in numbers; none is an answer too."""
    own = [gap for gap in view.gaps if gap.gap.value is not None]
    if not own:
        return ""
    concentrate = [
        gap
        for gap in own
        if gap.quadrant.value is not None
        and gap.quadrant.value[0] is Quadrant.CONCENTRATE
        and gap.quadrant.value[1] in _STANDS_OUT
    ]
    above = [gap for gap in own if gap.interval.value is not None and gap.interval.value[0] > 0]
    first = sorted(concentrate or above, key=lambda gap: -(gap.gap.value or 0.0))[:3]
    if not first:
        return _(
            "No aspect stands out: in none is importance above satisfaction by more than chance could do."
        )
    named = ", ".join(
        _("{aspect} (gap {gap})").format(aspect=gap.short, gap=number(gap.gap.value or 0.0)) for gap in first
    )
    if concentrate:
        return _("Raise first: {aspects}. They matter much, and satisfy less than the rest.").format(
            aspects=named
        )
    return _("Raise first: {aspects}. These gaps are the widest.").format(aspects=named)


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


def notes(view: GapView) -> tuple[str, ...]:
    """What the reader must know to read the picture rightly."""
    found = []
    if view.is_provisional:
        found.append(
            _(
                "Provisional: this round is still collecting, and only the operator sees medians until it is "
                "closed."
            )
        )
    if view.lines is not None:
        found.append(lines_label(view.lines) + ".")
    few = sum(gap.gap.withheld is Reason.FEW_ANSWERS for gap in view.gaps)
    if few:
        found.append(
            ngettext(
                "{n} aspect has fewer than 10 people who gave both ratings, and is not shown.",
                "{n} aspects have fewer than 10 people who gave both ratings, and are not shown.",
                few,
            ).format(n=few)
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
