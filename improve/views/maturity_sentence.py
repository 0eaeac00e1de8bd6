"""The sentences of the Digital maturity profile. None names an organisation or counts organisations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from improve.disclosure import MINIMUM_FOR_MEDIAN, MINIMUM_FOR_TIED_QUARTILES, Figure, Reason
from improve.instruments import Category, say
from improve.language import _, ngettext, number, percent, signed
from improve.scoring import Mark
from improve.views.choice import NATIONAL, reason_sentences
from improve.views.sentence import tenths

if TYPE_CHECKING:
    from improve.views.choice import Choice
    from improve.views.maturity import CriterionFigures, Function, MaturityView, Measured


LISTED = 4
"""How many functions a short list has at most."""


def name_of(function: Category) -> str:
    """A function's name in the current language."""
    return say(function.name)


def summary_of(function: Category) -> str:
    """What a function is about."""
    return "" if function.summary is None else say(function.summary)


def answer_word(figure: Figure[Mark]) -> str:
    """An answer in words; empty where it is withheld."""
    if figure.value is None:
        return ""
    return {
        Mark.MET: _("yes"),
        Mark.NOT_MET: _("no"),
        Mark.TO_FIND_OUT: _("don't know"),
        Mark.NOT_APPLICABLE: _("does not apply"),
    }[figure.value]


def answered(one: CriterionFigures) -> str:
    """The own answer, and last time's where that was another one."""
    now, before = answer_word(one.answer) or because(one.answer), answer_word(one.previous)
    if not before or before == now:
        return now
    return _("{answer} (last time {before})").format(answer=now, before=before)


def level(value: float | None) -> str:
    """A level, or a median of levels, as it is written: whole where it is whole."""
    if value is None:
        return ""
    return number(value, 0) if value == int(value) else number(value)


def step_of(difference: float) -> str:
    """A difference of levels with its sign; whole where it is whole."""
    return signed(difference, 0 if difference == int(difference) else 1)


def nothing_yet() -> str:
    """What to do where there is no round."""
    return _("There are no assessments yet. Open a round, then answer the criteria or import them, to begin.")


def not_in(round_label: str, others: Sequence[str]) -> str:
    """That a round has no assessment, and which rounds have any."""
    if not others:
        return (
            _("No assessment of digital maturity was submitted in round {round}.").format(round=round_label)
            + " "
            + _("Answer the criteria and submit them, or import an assessment, to begin.")
        )
    return _(
        "No assessment of digital maturity was submitted in round {round}. There are some in: {others}."
    ).format(round=round_label, others=", ".join(others))


def finding(view: MaturityView) -> str:
    """What stands out, in a sentence or three."""
    overall = view.overall
    if overall is None:
        return ""
    own, median = overall.own.value, overall.median.value
    if own is None:
        parts = (
            []
            if view.own_reason is Reason.NO_ORGANISATION
            else [reason_sentences()[view.own_reason]]
            if view.own_reason is not None
            else []
        )
        if median is not None:
            parts.append(
                _("The national median of overall levels is {median}, over {n} organisations.").format(
                    median=level(median), n=overall.organisations.value
                )
            )
        return " ".join(parts)
    parts = [
        _("The overall level is {own}, the median of the nine functions.").format(own=level(own))
        if len(view.functions) == 9
        else _("The overall level is {own}, the median of all functions.").format(own=level(own))
    ]
    if median is not None:
        parts.append(_("The national median is {median}.").format(median=level(median)))
    levels = {one.name: one.level.own.value for one in view.functions if one.level.own.value is not None}
    if len(set(levels.values())) > 1:
        parts.append(
            _("Highest: {highest}. Lowest: {lowest}.").format(
                highest=_at(levels, max(levels.values())), lowest=_at(levels, min(levels.values()))
            )
        )
    return " ".join(parts)


def _at(levels: dict[str, float], wanted: float) -> str:
    names = [name for name, value in levels.items() if value == wanted]
    return _("{names} ({level})").format(names=some(names), level=level(wanted))


def some(names: Sequence[str]) -> str:
    """The first three of a list, and how many more there are."""
    listed = ", ".join(names[:3])
    if len(names) <= 3:
        return listed
    return ngettext("{names} and {n} more", "{names} and {n} more", len(names) - 3).format(
        names=listed, n=len(names) - 3
    )


def state(function: Function) -> str:
    """Level, share met, what is missing, and how many criteria do not apply: always together."""
    own, share = function.level.own.value, function.share.own.value
    if function.level.own.withheld is Reason.NO_ORGANISATION:
        return ""
    if own is None or share is None:
        return because(function.level.own)
    return " ".join(
        one
        for one in (
            _("Level {level}, {share} of the criteria met.").format(level=level(own), share=percent(share)),
            away(function),
            not_applicable(function),
        )
        if one
    )


def away(function: Function) -> str:
    """How many answers stand before which level; empty where there is none above."""
    missing, beyond = function.missing.value, function.next_level.value
    if beyond is None or missing is None:
        return ""
    return ngettext("{n} answer from level {level}.", "{n} answers from level {level}.", len(missing)).format(
        n=len(missing), level=beyond
    )


def not_applicable(function: Function) -> str:
    """How many criteria do not apply; said even of none would be noise, so only from one up."""
    n = function.not_applicable.value
    if not n:
        return ""
    return ngettext(
        "{n} criterion does not apply and is left out.", "{n} criteria do not apply and are left out.", n
    ).format(n=n)


def short_state(function: Function) -> str:
    """The same, as short as a chart's margin."""
    own, share = function.level.own.value, function.share.own.value
    if own is None or share is None:
        return ""
    parts = [_("level {level}").format(level=level(own)), percent(share)]
    missing, beyond = function.missing.value, function.next_level.value
    if beyond is not None and missing is not None:
        parts.append(_("{n} to level {level}").format(n=len(missing), level=beyond))
    if function.not_applicable.value:
        parts.append(_("{n} n/a").format(n=function.not_applicable.value))
    return " · ".join(parts)


def of_function(function: Function) -> str:
    """All that there is to say of a function."""
    said = state(function)
    parts = [
        _("{function}: {state}").format(function=function.name, state=said) if said else function.name + "."
    ]
    if function.level.median.value is not None:
        parts.append(
            _("The national median is level {level}, {share} met.").format(
                level=level(function.level.median.value),
                share=percent(function.share.median.value or 0.0),
            )
        )
    if function.level.previous.value is not None:
        parts.append(_("Last time it was level {level}.").format(level=level(function.level.previous.value)))
    return " ".join(parts)


def closest(view: MaturityView) -> tuple[str, ...]:
    """The functions that are the fewest answers from their next level, and what these answers are."""
    found = [one for one in view.functions if one.missing.value and one.next_level.value is not None]
    peers = {one.criterion.id: one.peers.value or 0 for one in view.criteria}

    def nearness(one: Function) -> tuple[int, int]:
        ids = one.missing.value or ()
        return len(ids), -min(peers[id_] for id_ in ids)

    return tuple(_reached_with(one, view) for one in sorted(found, key=nearness)[:LISTED])


def _reached_with(function: Function, view: MaturityView) -> str:
    missing = [
        one for one in view.criteria_of(function.id) if one.criterion.id in (function.missing.value or ())
    ]
    topics = ", ".join(_topic_of(one) for one in missing)
    return ngettext(
        "{function}: one answer from level {level}. {topics}",
        "{function}: {n} answers from level {level}. {topics}",
        len(missing),
    ).format(function=function.name, n=len(missing), level=function.next_level.value, topics=topics)


def _topic_of(one: CriterionFigures) -> str:
    topic = say(one.criterion.topic)
    if one.answer.value is Mark.TO_FIND_OUT:
        if one.peers.value is None:
            return _("“{topic}” (to be found out)").format(topic=topic)
        return _("“{topic}” (to be found out; {tenths} have it)").format(
            topic=topic, tenths=tenths(one.peers)
        )
    if one.peers.value is None:
        return _("“{topic}”").format(topic=topic)
    return _("“{topic}” ({tenths} have it)").format(topic=topic, tenths=tenths(one.peers))


def cheapest(view: MaturityView) -> tuple[str, ...]:
    """The functions with answers to be found out, those first that a yes would lift."""
    found = [one for one in view.functions if one.to_find_out.value]

    def lift(one: Function) -> float:
        return (one.if_found.value or 0) - (one.level.own.value or 0)

    return tuple(_to_find_out(one, view) for one in sorted(found, key=lift, reverse=True)[:LISTED])


def _to_find_out(function: Function, view: MaturityView) -> str:
    ids = function.to_find_out.value or ()
    topics = ", ".join(
        _("“{topic}”").format(topic=say(one.criterion.topic))
        for one in view.criteria_of(function.id)
        if one.criterion.id in ids
    )
    now, then = function.level.own.value, function.if_found.value
    if now is None or then is None or then <= now:
        return _("{function}: {topics}").format(function=function.name, topics=topics)
    return ngettext(
        "{function}: {topics}. A yes would make it level {level}.",
        "{function}: {topics}. A yes to each would make it level {level}.",
        len(ids),
    ).format(function=function.name, topics=topics, level=then)


def step(function: Function, criteria: Sequence[CriterionFigures]) -> str:
    """The most common next step, in a sentence; empty where nothing is missing."""
    found = next((one for one in criteria if one.criterion.id == function.next_step), None)
    if found is None or found.peers.value is None:
        return ""
    return _("Most common next step: “{topic}”. Of all organisations of the round, {tenths} have it.").format(
        topic=say(found.criterion.topic), tenths=tenths(found.peers)
    )


def missing(one: CriterionFigures) -> str:
    """A criterion that stands before the next level: what it says, what is known of it, who has it."""
    parts = [
        _("{topic}: {text}.").format(topic=say(one.criterion.topic), text=say(one.criterion.text).rstrip("."))
    ]
    if one.answer.value is Mark.TO_FIND_OUT:
        parts.append(_("To be found out."))
    if one.peers.value is not None:
        parts.append(_("Met by {tenths} of all organisations.").format(tenths=tenths(one.peers)))
    return " ".join(parts)


def find_out(function: Function) -> str:
    """Don't-knows as the cheapest improvement; empty where there are none."""
    found, now, then = function.to_find_out.value, function.level.own.value, function.if_found.value
    if not found or now is None or then is None:
        return ""
    text = ngettext(
        "{n} answer is to be found out: that costs least.",
        "{n} answers are to be found out: that costs least.",
        len(found),
    ).format(n=len(found))
    if then > now:
        text += " " + ngettext(
            "If it turned out to be a yes, the level would be {level}.",
            "If all turned out to be a yes, the level would be {level}.",
            len(found),
        ).format(level=level(then))
    return text


def apart(view: MaturityView, *, of_share: bool) -> str:
    """Which functions stand furthest from the national median, in levels or in the share met."""
    gaps = {
        one.name: figures.own.value - figures.median.value
        for one in view.functions
        for figures in (one.share if of_share else one.level,)
        if figures.own.value is not None and figures.median.value is not None
    }
    if not gaps:
        return ""
    best, worst = max(gaps, key=lambda name: gaps[name]), min(gaps, key=lambda name: gaps[name])

    def told(name: str) -> str:
        if of_share:
            return _("{points} points").format(points=signed(100 * gaps[name], 0))
        size = abs(gaps[name])
        return ngettext("{levels} level", "{levels} levels", int(size) if size == int(size) else 2).format(
            levels=step_of(gaps[name])
        )

    parts = []
    if gaps[best] > 0:
        parts.append(
            _("Furthest above the national median: {function} ({difference}).").format(
                function=best, difference=told(best)
            )
        )
    if gaps[worst] < 0:
        parts.append(
            _("Furthest below it: {function} ({difference}).").format(function=worst, difference=told(worst))
            if parts
            else _("Furthest below the national median: {function} ({difference}).").format(
                function=worst, difference=told(worst)
            )
        )
    return " ".join(parts) or _("Every function stands at the national median.")


def beside(overall: Measured, choice: Choice) -> str:
    """What the overall level is compared with, and what it was."""
    if overall.median.value is None:
        return because(overall.median)
    parts = [_("national median {median}").format(median=level(overall.median.value))]
    if overall.cohort_median.value is not None and choice.cohort is not None:
        parts.append(
            _("{group} {median}").format(group=choice.cohort.label, median=level(overall.cohort_median.value))
        )
    if overall.previous.value is not None:
        parts.append(_("last time {level}").format(level=level(overall.previous.value)))
    return "; ".join(parts)


def change_finding(view: MaturityView) -> str:
    """What moved since last time."""
    if view.choice.previous is None or all(one.change.value is None for one in view.functions):
        return ""
    rose = [one.name for one in view.functions if (one.change.value or 0) > 0]
    fell = [one.name for one in view.functions if (one.change.value or 0) < 0]
    won, lost = won_and_lost(view)
    parts = [_overall_change(view)]
    parts.append(
        _("Level risen in {functions}.").format(functions=", ".join(rose))
        if rose
        else _("No function's level has risen.")
    )
    if fell:
        parts.append(_("Level fallen in {functions}.").format(functions=", ".join(fell)))
    parts.append(_("Criteria newly met: {won}. No longer met: {lost}.").format(won=len(won), lost=len(lost)))
    return " ".join(part for part in parts if part)


def no_change(view: MaturityView) -> str:
    """Why there is nothing to compare with."""
    if view.choice.previous is None:
        return _("No assessment was submitted in an earlier round.")
    return because(view.functions[0].change)


def _overall_change(view: MaturityView) -> str:
    overall = view.overall
    if overall is None or overall.own.value is None or overall.previous.value is None:
        return ""
    assert view.choice.previous is not None
    own = _("Since round {round} the overall level went from {before} to {now}.").format(
        round=view.choice.previous.label,
        before=level(overall.previous.value),
        now=level(overall.own.value),
    )
    if overall.own.value == overall.previous.value:
        own = _("Since round {round} the overall level has stayed at {now}.").format(
            round=view.choice.previous.label, now=level(overall.own.value)
        )
    if overall.median.value is None or overall.median_before.value is None:
        return own
    return (
        own
        + " "
        + _("The national median was {before} then and is {now} now.").format(
            before=level(overall.median_before.value), now=level(overall.median.value)
        )
    )


def won_and_lost(
    view: MaturityView,
) -> tuple[tuple[CriterionFigures, ...], tuple[CriterionFigures, ...]]:
    """The criteria that are newly met, and those that are no longer."""
    both = [one for one in view.criteria if one.answer.value is not None and one.previous.value is not None]
    won = [one for one in both if one.answer.value is Mark.MET and one.previous.value is not Mark.MET]
    lost = [one for one in both if one.answer.value is not Mark.MET and one.previous.value is Mark.MET]
    return tuple(won), tuple(lost)


def commitment_finding(view: MaturityView) -> str:
    """Where more was decided than done, and where more was done than decided."""
    top = 5 if view.instrument is None else len(view.instrument.levels)
    ahead, behind = [], []
    for one in view.functions:
        decided, reached = one.commitment.own.value, one.level.own.value
        if decided is None or reached is None:
            continue
        if decided - reached / top >= 0.3:
            ahead.append(one.name)
        elif reached / top - decided >= 0.3:
            behind.append(one.name)
    if all(one.commitment.own.value is None for one in view.functions):
        return ""
    parts = []
    if ahead:
        parts.append(_("More is decided than reached in {functions}.").format(functions=some(ahead)))
    if behind:
        parts.append(_("More is reached than decided in {functions}.").format(functions=some(behind)))
    return " ".join(parts) or _("What is decided and what is reached go together in every function.")


def provision_finding(view: MaturityView) -> str:
    """Flexible working: what staff could do, and what they do."""
    provision, take_up = view.provision, view.take_up
    if provision is None or take_up is None:
        return ""
    if provision.own.value is None or take_up.own.value is None:
        if provision.median.value is None or take_up.median.value is None:
            return because(provision.own)
        return _("National medians: {provision} of provision is met, {take_up} of take-up.").format(
            provision=percent(provision.median.value), take_up=percent(take_up.median.value)
        )
    return _("{provision} of the criteria on provision are met, {take_up} of those on take-up.").format(
        provision=percent(provision.own.value), take_up=percent(take_up.own.value)
    )


def because(figure: Figure[object]) -> str:
    """Why a figure is withheld; empty for one that is released."""
    return "" if figure.withheld is None else reason_sentences()[figure.withheld]


def decided(function: Function) -> str:
    """What was decided and what was reached in a function."""
    share, reached = function.commitment, function.level
    if reached.own.withheld is Reason.NO_ORGANISATION:
        if share.median.value is None or reached.median.value is None:
            return function.name + "."
        return _(
            "{name}, national medians: {share} of the policy decisions taken, level {level} reached."
        ).format(name=function.name, share=percent(share.median.value), level=level(reached.median.value))
    if share.own.value is None or reached.own.value is None:
        return _("{name}: {reason}").format(
            name=function.name, reason=because(share.own if share.own.value is None else reached.own)
        )
    return _("{name}: {share} of the policy decisions taken, level {level} reached.").format(
        name=function.name, share=percent(share.own.value), level=level(reached.own.value)
    )


def notes(view: MaturityView) -> tuple[str, ...]:
    """What a reader should know before reading: how few, how many do not apply, what is provisional."""
    found = []
    choice = view.choice
    if view.is_provisional:
        found.append(
            _(
                "Provisional: this round is still collecting, and only the operator sees medians until it is "
                "closed."
            )
        )
    if view.overall is not None and view.overall.median.withheld is Reason.COLLECTING:
        found.append(reason_sentences()[Reason.COLLECTING])
    if view.overall is not None and view.overall.median.withheld is Reason.FEW_ORGANISATIONS:
        found.append(
            _("There is no national median: it needs at least {minimum} organisations.").format(
                minimum=MINIMUM_FOR_MEDIAN
            )
        )
    n = sum(one.not_applicable.value or 0 for one in view.functions)
    if n:
        found.append(
            ngettext(
                "{n} criterion does not apply here and is left out; a no turned into it could raise a level.",
                "{n} criteria do not apply here and are left out; a no turned into one could raise a level.",
                n,
            ).format(n=n)
        )
    group = choice.cohort
    if view.overall is not None and group is not None and group.cohort.key != NATIONAL and group.reason:
        found.append(reason_sentences()[group.reason])
    return tuple(found)


def method(view: MaturityView) -> tuple[str, ...]:
    """How the figures were made."""
    lines = [
        _(
            "A function's level is the highest one for which every applicable criterion of that level and of "
            "all levels below is met. A higher criterion met over a hole does not count towards it."
        ),
        _(
            "Share met: yes / (yes + no + don't know). “Does not apply” leaves the sum; “don't know” counts "
            "as not met and is listed as something to find out."
        ),
        _("Overall: the median of the functions' levels, never their mean, because levels are an order."),
        _(
            "Only submitted assessments count, one for each organisation; the benchmark is made when a round "
            "is closed. Medians stand on at least {n} organisations, quartiles on {more}, in steps of 0.1 "
            "levels or 5 % of criteria. An organisation to which nothing of a function applies has no part "
            "in that function's."
        ).format(n=MINIMUM_FOR_MEDIAN, more=MINIMUM_FOR_TIED_QUARTILES),
        _(
            "How many have a criterion is told in tenths, of at least {n} organisations and never of a group "
            "of the register: “few” up to 15 % or three organisations, “nearly all” from 85 % or all but "
            "three; of fewer than twelve organisations “fewer than half” and “more than half”."
        ).format(n=MINIMUM_FOR_MEDIAN),
    ]
    if view.instrument is not None:
        lines.append(
            _("Instrument: {title}, version {version}; rule {rule}.").format(
                title=say(view.instrument.title), version=view.instrument.version, rule=view.instrument.rule
            )
        )
    if view.overall is not None and view.overall.organisations.value is not None:
        lines.append(
            _("Benchmark: {n} organisations of round {round}.").format(
                n=view.overall.organisations.value,
                round="" if view.choice.round is None else view.choice.round.label,
            )
        )
    return tuple(lines)


def alt(view: MaturityView) -> str:
    """What a screen reader hears of the functions' charts."""
    top = 0 if view.instrument is None else len(view.instrument.levels)
    return " ".join([_("Digital maturity by function, levels 0 to {top}.").format(top=top), finding(view)])
