"""The sentences of the Skills page: what people can do, who needs training, who needs awareness.

No sentence names an organisation, so each may stand on a shared screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from improve import disclosure
from improve.disclosure import Figure, Reason
from improve.instruments import say
from improve.language import _, ngettext, number, percent, signed, whole
from improve.model import Comparison
from improve.views import sentence
from improve.views.choice import Choice, reason_sentences

if TYPE_CHECKING:
    from improve.views.skills import Group, Groups, Measured, Need, Skill, SkillsView


def item_label(id_: str) -> str:
    """The name of what is worked out from several answers; empty for anything else."""
    return {
        "skill_index": _("Skill index"),
        "training_gap": _("Training gap"),
        "engaged": _("Engaged"),
        "needs_help": _("Need help"),
        "dont_know_dont_care": _("Don't know, don't mind"),
    }.get(id_, "")


def because(figure: Figure[object]) -> str:
    """Why a figure is withheld; empty for one that is released."""
    return "" if figure.withheld is None else reason_sentences()[figure.withheld]


def empty(choice: Choice, asked_in: Iterable[str]) -> str:
    """Why there is nothing on the page at all."""
    if choice.round is None and disclosure.takes_in_files(choice.viewer):
        return _("There are no figures yet. Import a survey file to begin.")
    if choice.round is None:
        return _("There are no figures yet.")
    rounds = ", ".join(asked_in)
    if not rounds:
        return _("Nobody was asked about skills in any round yet.")
    return _("Nobody was asked about skills in round {round}. It was asked in: {rounds}.").format(
        round=choice.round.label, rounds=rounds
    )


# ── One figure ─────────────────────────────────────────────────────────────────────────────────


def amount(one: Measured, value: float) -> str:
    """A value of a figure in its unit: "61.5", "0.44 days", "12%"."""
    if one.unit.value == "share":
        return percent(value)
    if one.unit.value == "days":
        return _("{n} days").format(n=number(value, 2))
    return number(value)


def median_amount(one: Measured, value: float) -> str:
    """The same of a median, as finely as it is released."""
    return number(value, 0) if one.unit.value == "points" else amount(one, value)


def bare(one: Measured, figure: Figure[float]) -> str:
    """A figure's own value or a median of it, without the word for its unit; a dash where withheld."""
    if figure.value is None:
        return "–"
    if one.unit.value == "days":
        return number(figure.value, 2)
    return amount(one, figure.value) if figure is one.value else median_amount(one, figure.value)


def difference(one: Measured) -> str:
    """How far from the national median, with its sign; empty where the two are not compared."""
    value = one.difference.value
    if value is None:
        return ""
    if one.unit.value == "share":
        return signed(100 * value, 0)
    return signed(value, 2 if one.unit.value == "days" else 1)


def plain_word(one: Measured) -> str:
    """Higher, similar or lower; empty where the two are not compared."""
    return "" if one.comparison.value is None else sentence.word(one.comparison.value)


def of_measured(one: Measured) -> str:
    """All that there is to say of one figure."""
    return " ".join(part for part in (_own(one), against(one), _small(one)) if part)


def _own(one: Measured) -> str:
    value, interval, n = one.value.value, one.interval.value, one.n.value
    if value is None or interval is None or n is None:
        if one.value.withheld is Reason.NO_ORGANISATION:
            return one.label + "."
        return _("{what}: {reason}").format(what=one.label, reason=because(one.value))
    return _("{what}: {value} ({low} to {high}), {n} answers.").format(
        what=one.label,
        value=amount(one, value),
        low=amount(one, interval[0]),
        high=amount(one, interval[1]),
        n=whole(n),
    )


def against(one: Measured) -> str:
    """How it compares with the national median."""
    if one.median.value is None:
        return _("No national median: {reason}").format(reason=because(one.median))
    median = median_amount(one, one.median.value)
    if one.comparison.value is None:
        return _("The national median is {median}.").format(median=median)
    return {
        Comparison.HIGHER: _(
            "Higher than the national median of {median}; a difference this size is unlikely to be chance."
        ),
        Comparison.SIMILAR: _(
            "Similar to the national median of {median}; a difference this size could be chance."
        ),
        Comparison.LOWER: _(
            "Lower than the national median of {median}; a difference this size is unlikely to be chance."
        ),
    }[one.comparison.value].format(median=median)


def _small(one: Measured) -> str:
    return _("Small sample: fewer than 30 answers.") if one.is_small_sample else ""


def of_skill(skill: Skill) -> str:
    """All that there is to say of one skill."""
    parts = [f"“{skill.text}”"]
    value, n = skill.able.value.value, skill.able.n.value
    if value is not None and n is not None:
        parts.append(
            _("{share} of {n} people can do it without help.").format(share=percent(value), n=whole(n))
        )
    elif skill.able.value.withheld is not Reason.NO_ORGANISATION:
        parts.append(because(skill.able.value))
    if skill.able.median.value is not None:
        parts.append(against(skill.able))
    if skill.aside.value:
        parts.append(
            _("For {share} of those who answered, work never calls for it; they are left out.").format(
                share=percent(skill.aside.value)
            )
        )
    return " ".join((*parts, _small(skill.able))).strip()


# ── The page ───────────────────────────────────────────────────────────────────────────────────


def finding(view: SkillsView) -> str:
    """The page in a few sentences."""
    parts = [_index(view), _training(view), _do_not_mind(view)]
    return " ".join(part for part in parts if part)


def _index(view: SkillsView) -> str:
    index = view.index
    if index is None:
        return ""
    if index.value.value is None:
        if index.median.value is None:
            if index.value.withheld is Reason.NO_ORGANISATION:
                return _("There are no figures to show.") + " " + because(index.median)
            return _("The skill index is not shown: {reason}").format(reason=because(index.value))
        national = _("The national median of the skill index is {median} of 100, of {n} organisations.")
        text = national.format(median=median_amount(index, index.median.value), n=index.organisations.value)
        if index.value.withheld is Reason.NO_ORGANISATION:
            return text
        return because(index.value) + " " + text
    lead = _("The skill index is {value} of 100.").format(value=amount(index, index.value.value))
    return lead + " " + against(index)


def _training(view: SkillsView) -> str:
    received, enough, gap = view.received, view.enough, view.gap
    if received is None or enough is None or gap is None:
        return ""
    if received.value.value is not None and enough.value.value is not None and gap.value.value is not None:
        text = _("Training: {received} received, {enough} judged enough, a gap of {gap}.").format(
            received=amount(received, received.value.value),
            enough=amount(enough, enough.value.value),
            gap=amount(gap, gap.value.value),
        )
        if gap.median.value is None:
            return text
        return (
            text
            + " "
            + _("The national median of the gap is {median}.").format(
                median=median_amount(gap, gap.median.value)
            )
        )
    if received.median.value is None or enough.median.value is None:
        return ""
    return _("Training, national medians: {received} received, {enough} judged enough.").format(
        received=median_amount(received, received.median.value),
        enough=median_amount(enough, enough.median.value),
    )


def _do_not_mind(view: SkillsView) -> str:
    one = view.do_not_mind
    if one is None:
        return ""
    if one.value.value is not None:
        text = _("{share} say that they do not know much about ICT and do not mind.").format(
            share=percent(one.value.value)
        )
        if one.median.value is None:
            return text
        return (
            text
            + " "
            + _("The national median of that share is {median}.").format(median=percent(one.median.value))
        )
    if one.median.value is None:
        return ""
    return _(
        "The national median of those who do not know much about ICT and do not mind is {median}."
    ).format(median=percent(one.median.value))


def training_finding(view: SkillsView) -> str:
    """Whether people have the training that they judge enough."""
    gap = view.gap
    return _training(view) if gap is None or gap.value.value is None else of_measured(gap)


def skills_finding(view: SkillsView) -> str:
    """What stands out among the skills."""
    if not view.skills:
        return ""
    first, last = view.skills[0].able, view.skills[-1].able
    has_own = first.value.value is not None and last.value.value is not None
    low = first.value.value if has_own else first.median.value
    high = last.value.value if has_own else last.median.value
    if low is None or high is None:
        return ""
    text = (
        _("Fewest can do “{first}” without help ({low}), most “{last}” ({high}).")
        if has_own
        else _("National medians: fewest can do “{first}” without help ({low}), most “{last}” ({high}).")
    ).format(first=first.label, low=percent(low), last=last.label, high=percent(high))
    return " ".join((text, *_counted(view)))


def _counted(view: SkillsView) -> list[str]:
    words = [skill.able.comparison.value for skill in view.skills if skill.able.comparison.value is not None]
    if not words:
        return []
    return [
        _("Against the national medians: {higher} higher, {similar} similar, {lower} lower.").format(
            higher=words.count(Comparison.HIGHER),
            similar=words.count(Comparison.SIMILAR),
            lower=words.count(Comparison.LOWER),
        )
    ]


def most_named(items: Iterable[Measured]) -> str:
    """What is named most often; of national medians where there are no own shares."""
    listed = tuple(items)
    own = [one for one in listed if one.value.value is not None]
    if own:
        first = max(own, key=lambda one: one.value.value or 0.0)
        assert first.value.value is not None
        return _("Named most often: “{what}”, by {share}.").format(
            what=first.label, share=percent(first.value.value)
        )
    known = [one for one in listed if one.median.value is not None]
    if not known:
        return ""
    first = max(known, key=lambda one: one.median.value or 0.0)
    assert first.median.value is not None
    return _("Named most often: “{what}”, with a national median of {share}.").format(
        what=first.label, share=percent(first.median.value)
    )


def attitudes_finding(view: SkillsView) -> str:
    """How people feel about ICT, group by group."""
    own = [
        _("{group} {share}").format(group=one.whole.label, share=percent(one.whole.value.value))
        for one in view.attitudes
        if one.whole.value.value is not None
    ]
    if own:
        return _("Of those who said: {shares}.").format(shares=", ".join(own))
    medians = [
        _("{group} {share}").format(group=one.whole.label, share=percent(one.whole.median.value))
        for one in view.attitudes
        if one.whole.median.value is not None
    ]
    return _("National medians: {shares}.").format(shares=", ".join(medians)) if medians else ""


# ── Groups ─────────────────────────────────────────────────────────────────────────────────────


def groups_withheld(view: SkillsView) -> str:
    """Why people are not parted into groups; empty where they are."""
    if view.groups_reason is None:
        return ""
    if view.groups_reason is Reason.NOT_YOURS:
        return _("Groups of people are shown to members of the organisation alone.")
    if view.groups_reason is Reason.NOT_ASKED:
        return _("This survey did not ask people where they work or what their job is.")
    return reason_sentences()[view.groups_reason]


def need(one: Need | None) -> str:
    """What a group needs, in a few words."""
    if one is None:
        return _("not shown")
    return {
        "training_and_awareness": _("training, awareness"),
        "training": _("training"),
        "awareness": _("awareness"),
        "neither": _("neither"),
    }[one.value]


def recommendation(group: Group) -> str:
    """The same as a whole sentence."""
    if group.need is None:
        return ""
    return {
        "training_and_awareness": _(
            "Offer training, and first show what ICT would do for them: many do not mind not knowing."
        ),
        "training": _("Offer training."),
        "awareness": _("Show what ICT would do for them: many do not mind not knowing."),
        "neither": _("Nothing stands out."),
    }[group.need.value]


def detail(group: Group) -> str:
    """What a group's recommendation rests on, beside its skill index, in few words."""
    parts = []
    if group.gap is not None and group.gap.value is not None:
        parts.append(_("training gap {days} days").format(days=number(group.gap.value)))
    if group.do_not_mind is not None and group.do_not_mind.value is not None:
        parts.append(_("don't know, don't mind: {tenths}").format(tenths=sentence.tenths(group.do_not_mind)))
    if group.n.value is not None:
        parts.append(_("n {n}").format(n=whole(group.n.value)))
    return " · ".join(parts)


def too_few() -> str:
    """Why a group is not shown, in the few words that a phone has room for."""
    return _("Not shown: too few answers here or in the rest")


def of_group(group: Group) -> str:
    """All that there is to say of a group."""
    if group.index.value is None or group.interval.value is None:
        return _("{group}: {reason}").format(group=group.label, reason=because(group.index))
    text = _("{group}: skill index {index} ({low} to {high}); {detail}.").format(
        group=group.label,
        index=number(group.index.value, 0),
        low=number(group.interval.value[0], 0),
        high=number(group.interval.value[1], 0),
        detail=detail(group),
    )
    return (text + " " + recommendation(group)).strip()


def groups_finding(groups: Groups) -> str:
    """Which groups need training, and which awareness."""
    known = [one for one in groups.groups if one.need is not None]
    if not known:
        return _("No group is large enough to be shown.")
    training = [one.label for one in known if one.need and "training" in one.need.value]
    awareness = [one.label for one in known if one.need and "awareness" in one.need.value]
    parts = []
    if training:
        parts.append(_("Training is needed in: {groups}.").format(groups=", ".join(training)))
    if awareness:
        parts.append(_("Awareness is needed in: {groups}.").format(groups=", ".join(awareness)))
    hidden = sum(one.index.value is None for one in groups.groups)
    if not parts:
        parts.append(_("No group stands out by these rules."))
    if hidden:
        parts.append(
            ngettext("{n} group is not shown.", "{n} groups are not shown.", hidden).format(n=hidden)
        )
    return " ".join(parts)


# ── Notes, method, alt ─────────────────────────────────────────────────────────────────────────


def notes(view: SkillsView) -> tuple[str, ...]:
    """What the reader must know to read the page rightly: withheld, provisional, elsewhere."""
    found = []
    if view.is_provisional:
        found.append(
            _(
                "Provisional: this round is still collecting, and only the operator sees medians until it is "
                "closed."
            )
        )
    if view.index is not None and view.index.median.withheld is Reason.COLLECTING:
        found.append(reason_sentences()[Reason.COLLECTING])
    if view.own_reason is Reason.DID_NOT_TAKE_PART and view.asked_in:
        found.append(
            _("The organisation did not ask about skills in this round; it did in: {rounds}.").format(
                rounds=", ".join(view.asked_in)
            )
        )
    if view.index is not None and view.index.is_small_sample:
        found.append(_("Small sample: fewer than 30 answers."))
    cohort = view.choice.cohort
    if cohort is not None and cohort.reason is Reason.FEW_ORGANISATIONS:
        found.append(
            _(
                "{group}: no median, because fewer than {minimum} of its organisations count in this round."
            ).format(group=cohort.label, minimum=disclosure.MINIMUM_FOR_MEDIAN)
        )
    elif cohort is not None and cohort.reason is not None:
        found.append(cohort.label + ": " + reason_sentences()[cohort.reason])
    return tuple(found)


def method(view: SkillsView) -> tuple[str, ...]:
    """How the figures were worked out: rule, numbers behind them, instrument, round."""
    if view.survey is None or view.choice.round is None:
        return ()
    found = [
        _(
            "Skill index: each person's mean points over the skills that they answered, from 0 to 100; an "
            "organisation's is the mean of its people's, with its 95 % interval. Answers that say that "
            "work never calls for a skill are left out, and nothing is filled in."
        ),
        _(
            "“Without help” are the answers in the upper half of the points: people can do it alone, or can "
            "show others."
        ),
        _(
            "Training gap: mean of the days judged enough minus mean of the days received. Its interval "
            "takes the two means as of different people, so it is rather too wide than too narrow."
        ),
        _(
            "The national median is the middle one of the organisations' figures, one vote each, of those "
            "with 10 answers and of 7 organisations at least. It is shown to one point of the index, 0.05 "
            "days, or 1 %."
        ),
        _(
            "Higher and lower are said only where a difference this size is unlikely to be chance: a t-test "
            "per figure, with false alarms held to 5 % over the figures of one block (Benjamini-Hochberg)."
        ),
        _("Questions: {title}, version {version}. Round: {round}.").format(
            title=say(view.survey.title), version=view.survey.version, round=view.choice.round.label
        ),
    ]
    if view.index is not None and view.index.organisations.value is not None:
        found.append(
            _("Behind the national median of the skill index: {n} organisations.").format(
                n=view.index.organisations.value
            )
        )
    return tuple(found)


def groups_method() -> tuple[str, ...]:
    """The rules for the groups, as they are followed."""
    return (
        _(
            "A group needs training where the whole organisation's skill index lies above the group's 95 % "
            "interval, or where its training gap is at least 0.3 days."
        ),
        _(
            "A group needs awareness where at least 2 in 10 of those who said do not know much about ICT "
            "and do not mind."
        ),
        _(
            "A group is shown where it and all the others together have at least 10 answers: its skill index "
            "to 2 points, its training gap to 0.1 days, and its share in tenths, from “few” (up to 15 %) to "
            "“nearly all” (from 85 %). Where hidden groups could be worked out from the whole, one more is "
            "hidden. People are parted one way at a time."
        ),
    )


def alt(view: SkillsView) -> str:
    """The name of the page's chart for a screen reader: what it shows and what stands out."""
    lead = ngettext(
        "What people can do: {n} skill, with the share of each answer.",
        "What people can do: {n} skills, with the share of each answer.",
        len(view.skills),
    ).format(n=len(view.skills))
    return lead + " " + skills_finding(view)
