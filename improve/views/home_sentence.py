"""The sentences of Home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from improve.language import _, ngettext, number, signed, whole
from improve.model import Comparison
from improve.views import sentence

if TYPE_CHECKING:
    from improve.views.ground import Score
    from improve.views.home import HomeView, Peers
    from improve.views.skills import SkillsView
    from improve.views.trend import TrendView


def place(overall: Score) -> str:
    """Where the overall score lies among all: a range, or why there is none."""
    if overall.position.value is None:
        return sentence.because(overall.mean) or sentence.because(overall.position)
    best, worst, of = overall.position.value
    if best == worst:
        return _("{best} of {of}, from the highest").format(best=best, of=of)
    return _("between {best} and {worst} of {of}, from the highest").format(best=best, worst=worst, of=of)


def stands_out(score: Score) -> str:
    """One aspect among the strengths or gaps."""
    mean, median, difference = score.mean.value, score.median.value, score.difference.value
    if median is None:
        return score.short
    if mean is None or difference is None:
        return _("{aspect}: {median}").format(aspect=score.short, median=number(median))
    return _("{aspect}: {mean}, {difference} against the national median of {median}").format(
        aspect=score.short, mean=number(mean, 2), difference=signed(difference), median=number(median)
    )


def no_strength() -> str:
    """No aspect stands out above."""
    return _("No aspect is higher than the national median by more than chance explains.")


def no_gap() -> str:
    """No aspect stands out below."""
    return _("No aspect is lower than the national median by more than chance explains.")


def no_medians() -> str:
    """Too few organisations for medians."""
    return _("There are no national medians to show.")


def group_note(one: Peers) -> str:
    """The few words at the end of a group's row."""
    if one.median.value is None:
        return ""
    return _("median {median} of {n}").format(median=number(one.median.value), n=one.organisations.value)


def of_group(one: Peers) -> str:
    """All that there is to say of one group."""
    if one.median.value is None:
        return _("{group}: {reason}").format(group=one.label, reason=sentence.because(one.median))
    return ngettext(
        "{group}: the median is {median}, of {n} organisation.",
        "{group}: the median is {median}, of {n} organisations.",
        one.organisations.value or 0,
    ).format(group=one.label, median=number(one.median.value), n=whole(one.organisations.value or 0))


def peers(view: HomeView) -> str:
    """Own score beside the groups' medians."""
    released = [one for one in view.peers if one.median.value is not None]
    overall = view.scores.overall
    if overall is None or overall.mean.value is None:
        return " ".join(of_group(one) for one in released[:3])
    groups = ", ".join(
        _("{group} {median}").format(group=one.label, median=number(one.median.value or 0.0))
        for one in released
    )
    return _("Own overall score {mean}; medians: {groups}.").format(
        mean=number(overall.mean.value, 2), groups=groups
    )


def change_of(trend: TrendView) -> float | None:
    """The change of the overall score since the organisation's last round; None where it is not shown."""
    move = None if trend.overall is None else trend.overall.move
    return None if move is None else move.change.value


def trend(trend: TrendView) -> str:
    """What that change is called, and between which rounds; or why there is none."""
    move = None if trend.overall is None else trend.overall.move
    if move is None:
        return _("There is no earlier round to compare with.")
    if move.word.value is None:
        return sentence.because(move.change)
    said = {
        Comparison.HIGHER: _("risen from {before} to {after}"),
        Comparison.SIMILAR: _("similar in {before} and {after}"),
        Comparison.LOWER: _("fallen from {before} to {after}"),
    }[move.word.value]
    return said.format(before=move.before, after=move.after)


def index(skills: SkillsView) -> str:
    """The skill index, own or else the national median; a dash where there is none."""
    if skills.index is None:
        return "–"
    value = skills.index.value.value if skills.index.value.value is not None else skills.index.median.value
    return "–" if value is None else number(value, 0)


def skills(skills: SkillsView) -> str:
    """What the skill index is compared to, or why there is none."""
    found = skills.index
    if found is None:
        return _("Skills were not asked about in this round.")
    if found.value.value is None:
        if found.median.value is not None:
            return _("national median, of 100")
        return sentence.because(found.value)
    if found.median.value is None:
        return sentence.because(found.median)
    if found.comparison.value is None:
        return _("national median {median}, of 100").format(median=number(found.median.value, 0))
    return _("{word}; national median {median}, of 100").format(
        word=sentence.word(found.comparison.value), median=number(found.median.value, 0)
    )
