"""The parts of the Response page that touch Streamlit: its figures, blocks and lists."""

from __future__ import annotations

from functools import partial

import streamlit as st

from improve.charts import ArrivalsWords, ResponseWords, arrivals_spec, response_spec
from improve.language import _, number, percent, whole
from improve.views import response_sentence as sentence
from improve.views import response_shown
from improve.views.response import Done, Groups, ResponseView, Verdict, arranged
from improve.web.block import Block, draw_block, footer, marked
from improve.web.text import plain

_TWO_ON_A_PHONE = 140
_VERDICT_ICONS = {
    Verdict.YES: ":material/check_circle:",
    Verdict.CARE: ":material/error:",
    Verdict.NO: ":material/cancel:",
    None: ":material/help:",
}
_DONE_ICONS = {
    Done.DONE: ":material/check_circle:",
    Done.NOT_DONE: ":material/cancel:",
    Done.UNKNOWN: ":material/help:",
}


def draw_headline(view: ResponseView) -> None:
    """The figures that a reader looks for first, each with what it is compared to."""
    median = view.median.value
    with st.grid(4, min_column_width=_TWO_ON_A_PHONE):
        if view.choice.organisation is None:
            _metric(
                _("Median response rate"),
                "–" if median is None else percent(median),
                sentence.because(view.median.withheld) or _("of the people invited"),
            )
            return
        rate, responses, margin = view.rate, view.responses, view.margin
        _metric(
            _("Response rate"),
            "–" if rate.value is None else percent(rate.value),
            sentence.because(rate.withheld)
            or ("" if median is None else _("national median {rate}").format(rate=percent(median))),
        )
        _metric(
            _("Responses"),
            "–" if responses.value is None else whole(responses.value),
            sentence.because(responses.withheld) or _invited(view),
        )
        _metric(
            _("Margin"),
            "–" if margin.value is None else "±" + number(margin.value, 2),
            sentence.because(margin.withheld)
            or _("of the overall score: {word}").format(word=sentence.margin_in_words(view)),
        )
        if view.verdict is not None:
            # Words of this length would be cut in a metric on a phone.
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.markdown(plain(_("Can we rely on it?")))
                st.markdown(f"{_VERDICT_ICONS[view.verdict]} **{plain(sentence.verdict_word(view))}**")
                st.caption(_("The reasons are given below."))


def _metric(label: str, value: str, beside: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label, value)
        if beside:
            st.caption(plain(beside))


def _invited(view: ResponseView) -> str:
    if view.invited.value is None:
        return _("people invited: not known")
    return _("of {n} people invited").format(n=whole(view.invited.value))


def rate_block(view: ResponseView) -> Block:
    """The response rate against the national median and quartiles."""
    rows = response_shown.rate_rows(view)
    words = ResponseWords(
        axis=marked(_("Share of the people invited who answered")),
        value=None if view.rate.value is None else _("Own response rate"),
        band=None if view.quartiles.value is None else _("Middle half of organisations"),
        mark=None if view.median.value is None else _("National median"),
    )
    return Block(
        key="rate",
        heading=_("Response rate against the national median"),
        finding=view.finding,
        spec=partial(response_spec, words, response_shown.rate_domain(rows), True, len(rows)),
        datasets={"rows": rows},
        alt=view.alt,
        table=partial(response_shown.rate_table, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-1:]),
    )


def draw_verdict(view: ResponseView) -> None:
    """Whether the scores can be relied on, and the reasons, each with its number."""
    if view.verdict is None:
        return
    st.header(_("Can the scores be relied on?"))
    st.markdown(f"{_VERDICT_ICONS[view.verdict]} **{plain(sentence.verdict(view))}**")
    with st.container(gap="xsmall"):
        for one in view.supports:
            st.markdown(
                f"{_VERDICT_ICONS[one.verdict]} **{plain(sentence.support_label(one))}** "
                f"({plain(sentence.support_word(one))}): {plain(sentence.support(view, one))}"
            )


def draw_arrivals(view: ResponseView) -> None:
    """When the responses came; a sentence where that is not known."""
    if view.own_reason is not None:
        return
    if not view.periods:
        st.header(_("When the responses came"))
        st.markdown(plain(sentence.arrived(view)))
        return
    draw_block(arrivals_block(view))


def arrivals_block(view: ResponseView) -> Block:
    """How many had answered by which day."""
    is_share = response_shown.is_share(view)
    words = ArrivalsWords(
        axis=marked(
            _("Share of the people invited who had answered, by day")
            if is_share
            else _("Responses that had come, by day")
        )
    )
    median = view.median.value if is_share else None
    finding = sentence.arrived(view)
    return Block(
        key="arrivals",
        heading=_("When the responses came"),
        finding=finding,
        spec=partial(
            arrivals_spec,
            words,
            response_shown.first_day(view),
            response_shown.last_day(view),
            response_shown.arrivals_domain(view),
            is_share,
        ),
        datasets={
            "points": response_shown.point_rows(view),
            "events": response_shown.event_rows(view),
            "ticks": response_shown.tick_rows(view),
            "median": []
            if median is None
            else [
                {
                    "value": median,
                    "label": _("National median {rate}").format(rate=percent(median)),
                }
            ],
        },
        alt=_("How the responses came in, day by day.") + " " + finding,
        table=partial(response_shown.arrivals_table, view),
        method=(*sentence.arrivals_method(), *view.method[-2:]),
        footer=footer(view.choice, (), view.method[-1:]),
    )


def arrange(view: ResponseView) -> ResponseView:
    """The view by the profile question that the reader chooses here; kept in the address."""
    labels = {one.by: one.question for one in view.breakdowns}
    if len(labels) < 2:
        return view
    by = st.segmented_control(
        _("Groups by"),
        list(labels),
        default=next(iter(labels)),
        format_func=lambda role: labels.get(role, str(role)),
        key="by",
        bind="query-params",
        required=True,
    )
    return arranged(view, by)


def draw_groups(view: ResponseView) -> None:
    """Who answered, and who needs asking: by one profile question."""
    if view.own_reason is not None:
        return
    if view.chosen is None:
        st.header(_("Who answered"))
        st.markdown(
            plain(
                _("Groups of people are not shown: {reason}").format(
                    reason=sentence.because(view.groups_reason)
                )
            )
        )
        return
    draw_block(groups_block(view, view.chosen))
    if asking := sentence.to_ask(view):
        st.info(plain(asking), icon=":material/campaign:")


def groups_block(view: ResponseView, groups: Groups) -> Block:
    """The groups of one profile question as rows."""
    rows = response_shown.group_rows(view, groups)
    has_staff = groups.has_staff
    end = response_shown.rate_domain(rows) if has_staff else response_shown.count_domain(rows)
    words = ResponseWords(
        axis=marked(
            _("Responses as a share of the people on the staff list; ±: margin of their overall score")
            if has_staff
            else _("Number of responses; ±: margin of their overall score")
        ),
        value=_("The group's response rate") if has_staff else _("The group's responses"),
        mark=_("Rate of the whole organisation") if has_staff and view.rate.value is not None else None,
    )
    finding = sentence.grouped(view)
    return Block(
        key="groups",
        heading=_("Who answered, by {question}").format(question=groups.question.lower()),
        finding=finding,
        spec=partial(response_spec, words, end, has_staff, len(rows)),
        datasets={"rows": rows},
        alt=_("Responses by group.") + " " + finding,
        table=partial(response_shown.group_table, groups),
        method=(*sentence.groups_method(), *view.method[-2:]),
        footer=footer(view.choice, (), view.method[-1:]),
    )


def draw_practices(view: ResponseView) -> None:
    """What the best responders do, and whether it was done here."""
    if not view.practices:
        return
    st.header(_("What the best responders do"))
    with st.container(gap="xsmall"):
        for one in view.practices:
            st.markdown(
                f"{_DONE_ICONS[one.done]} **{plain(sentence.practice_label(one))}** "
                f"({plain(sentence.done(one))}): {plain(sentence.practice(one))}"
            )


def draw_missing(view: ResponseView) -> None:
    """Which facts nobody brought in, and how they come."""
    if view.missing:
        with st.container(border=True):
            st.markdown("**" + plain(_("Not brought in yet, so not shown:")) + "**")
            st.markdown("\n".join("- " + plain(one) for one in view.missing))
