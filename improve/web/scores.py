"""The parts of the Scores page that touch Streamlit: its headline, choices and figure blocks."""

from __future__ import annotations

from functools import partial

import streamlit as st

from improve.charts import (
    DistributionWords,
    ScoresWords,
    SpreadWords,
    distribution_spec,
    diverging_positions,
    scores_spec,
    spread_spec,
)
from improve.instruments import say
from improve.language import _, number, percent, whole
from improve.model import Comparison
from improve.views import scores_shown, sentence
from improve.views.ground import Score
from improve.views.scores import SORTS, ScoresView, arranged
from improve.web.block import Block, draw_block, footer, marked, picked
from improve.web.text import plain

_TWO_ON_A_PHONE = 140
"""The least width of a headline figure, in pixels: two stand beside each other at 390."""

_ARROWS = {Comparison.HIGHER: "▲", Comparison.SIMILAR: "●", Comparison.LOWER: "▼"}


def draw_headline(view: ScoresView) -> None:
    """The four figures that a reader looks for first, each with what it is compared to."""
    overall = view.overall
    if overall is None:
        return
    with st.grid(4, min_column_width=_TWO_ON_A_PHONE):
        if view.choice.organisation is not None:
            _metric(_("Overall score"), _shown(overall.mean.value, 2), _against(overall))
        _metric(_("National median"), _shown(overall.median.value, 1), _behind(overall))
        if view.choice.organisation is not None:
            assert view.response_rate is not None and view.response_median is not None
            median = view.response_median.value
            beside = "" if median is None else _("national median {rate}").format(rate=percent(median))
            rate = view.response_rate
            _metric(_("Response rate"), "–" if rate.value is None else percent(rate.value), beside)
            n = None if view.responses is None else view.responses.value
            beside = _average(view) or sentence.because(view.responses)
            _metric(_("Responses"), "–" if n is None else whole(n), beside)
        elif view.response_median is not None and view.response_median.value is not None:
            _metric(
                _("Median response rate"), percent(view.response_median.value), _("of the people invited")
            )


def _metric(label: str, value: str, beside: str) -> None:
    # A caption wraps where a metric's own second line would be cut.
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label, value)
        if beside:
            st.caption(plain(beside))


def _shown(value: float | None, places: int) -> str:
    return "–" if value is None else number(value, places)


def _against(overall: Score) -> str:
    if overall.mean.value is None:
        return sentence.because(overall.mean)
    if overall.difference.value is None or overall.comparison.value is None:
        return sentence.because(overall.difference)
    return _ARROWS[overall.comparison.value] + " " + scores_shown.note(overall)


def _behind(overall: Score) -> str:
    if overall.median.value is None:
        return sentence.because(overall.median)
    return _("of {n} organisations").format(n=overall.organisations.value)


def _average(view: ScoresView) -> str:
    if view.average is None or view.average.value is None:
        return ""
    return _("average of aspects {mean}").format(mean=number(view.average.value, 2))


def arrange(view: ScoresView) -> ScoresView:
    """The view in the order, and with the aspect, that the reader chooses here."""
    with st.container(horizontal=True):
        return arranged(view, _choose_sort(), _choose_aspect(view))


def _choose_sort() -> str | None:
    """In which order the aspects stand; kept in the address."""
    labels = {
        "category": _("By category"),
        "difference": _("By difference"),
        "score": _("By score"),
    }
    return st.segmented_control(
        _("Order"),
        SORTS,
        default=SORTS[0],
        format_func=labels.__getitem__,
        key="sort",
        bind="query-params",
        required=True,
    )


def _choose_aspect(view: ScoresView) -> str | None:
    """Which aspect to look into: the keyboard's way to what a mark says."""
    scores = {score.id: score for score in ((view.overall,) if view.overall else ()) + view.scores}
    return st.selectbox(
        _("Look into one aspect"),
        list(scores),
        index=None,
        format_func=lambda id_: scores[id_].short if id_ in scores else str(id_),
        key="aspect",
        bind="query-params",
        placeholder=_("Choose an aspect"),
    )


def chart_was_clicked() -> None:
    """A row that was clicked is the aspect to look into."""
    row = picked("scores")
    if row is not None:
        st.session_state["aspect"] = row


def scores_block(view: ScoresView) -> Block:
    """The aspects as rows."""
    rows = scores_shown.chart_rows(view)
    reasons = {score.mean.withheld for score in view.scores}
    if view.overall is not None and reasons == {view.overall.mean.withheld}:
        # The finding gives the one reason for all of them; twenty times beside the marks it hides them.
        rows = [{**row, "withheld": None} for row in rows]
    low, high = scores_shown.domain(view)
    words = _words(view, low, high)
    assert view.survey is not None
    return Block(
        key="scores",
        heading=_("Each aspect against the national median")
        if any(score.mean.is_released for score in view.scores)
        else _("The national median of each aspect"),
        finding=view.finding,
        spec=lambda mode, size: scores_spec(words, low, high, len(rows), mode, size),
        datasets={"rows": rows},
        alt=view.alt,
        table=partial(scores_shown.table_rows, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-1:]),
    )


def _words(view: ScoresView, low: int, high: int) -> ScoresWords:
    assert view.survey is not None
    scale = view.survey.scale
    is_whole = (low, high) == (scale.low, scale.high)
    shown = (
        _("Satisfaction, on the whole scale from {low} to {high}")
        if is_whole
        else _("Satisfaction, {low} to {high} shown of the scale {ends}")
    )
    has_own = any(score.mean.value is not None for score in view.scores)
    is_compared = any(score.comparison.value is not None for score in view.scores)
    has_cohort = any(score.cohort_median.value is not None for score in view.scores)
    cohort = view.choice.cohort
    return ScoresWords(
        axis=marked(shown.format(low=low, high=high, ends=f"{scale.low}–{scale.high}")),
        own=_("Own score") if has_own and not is_compared else None,
        higher=_("Own score, higher") if is_compared else None,
        similar=_("similar") if is_compared else None,
        lower=_("lower") if is_compared else None,
        interval=_("its 95 % interval") if has_own else None,
        last=_("Last round") if any(one.previous.value is not None for one in view.scores) else None,
        median=_("National median") if any(one.median.value is not None for one in view.scores) else None,
        quartiles=_("Middle half of organisations")
        if any(one.quartiles.value is not None for one in view.scores)
        else None,
        cohort=_("Median of {group}").format(group=cohort.label) if has_cohort and cohort else None,
    )


def draw_aspect(view: ScoresView, score: Score) -> None:
    """One aspect: its sentence, how its answers are spread, and where all organisations lie."""
    st.divider()
    bars = scores_shown.distribution_rows(view, score)
    if not bars:
        st.header(plain(score.short))
        st.markdown(plain(sentence.of_score(score)))
    else:
        _draw_distribution(view, score, bars)
    if score.spread.value is None:
        st.caption(
            _("Where all organisations lie is not shown: {reason}").format(
                reason=sentence.because(score.spread)
            )
        )
    else:
        _draw_spread(view, score)


def _draw_distribution(view: ScoresView, score: Score, bars: list[tuple[int, float, int]]) -> None:
    assert view.survey is not None
    places = diverging_positions([share for _code, share, _count in bars])
    ends = view.survey.scale.ends
    codes = tuple(code for code, _share, _count in bars)
    words = DistributionWords(
        axis=marked(_("Share of answers")),
        low_end=say(ends[codes[0]]) if codes[0] in ends else str(codes[0]),
        high_end=say(ends[codes[-1]]) if codes[-1] in ends else str(codes[-1]),
        middle=_("mid-point"),
    )
    rows = [
        {
            "code": code,
            "label": percent(share),
            "share": share,
            "x0": x0,
            "x1": x1,
            "sentence": _("{code}: {share} of the answers ({count})").format(
                code=code, share=percent(share), count=whole(count)
            ),
        }
        for (code, share, count), (x0, x1) in zip(bars, places, strict=True)
    ]
    draw_block(
        Block(
            key="distribution",
            heading=score.short,
            finding=" ".join((f"“{score.text}”", sentence.of_score(score))),
            spec=partial(distribution_spec, words, codes),
            datasets={"bars": rows},
            alt=_("How the answers are spread over the scale. {finding}").format(
                finding=sentence.of_score(score)
            ),
            table=lambda: [
                {
                    _("Answer"): str(code),
                    _("Share"): percent(share),
                    _("Number of answers"): whole(count),
                }
                for code, share, count in bars
            ],
            method=view.method,
            footer=footer(view.choice, view.notes, view.method[-1:]),
        )
    )


def _draw_spread(view: ScoresView, score: Score) -> None:
    rows = scores_shown.spread_rows(score)
    low = min(row["bin"] for row in rows)
    high = max(row["bin"] for row in rows)
    own = [] if score.mean.value is None else [{"mean": score.mean.value, "label": _("Own score")}]
    median = (
        [] if score.median.value is None else [{"median": score.median.value, "label": _("National median")}]
    )
    if score.mean.value is not None:
        low, high = min(low, score.mean.value), max(high, score.mean.value)
    words = SpreadWords(axis=marked(_("Score in steps of 0.1; height: number of organisations, unnamed")))
    finding = _("{n} organisations lie between {low} and {high}.").format(
        n=sum(row["n"] for row in rows),
        low=number(min(row["bin"] for row in rows)),
        high=number(max(row["bin"] for row in rows)),
    )
    draw_block(
        Block(
            key="spread",
            heading=_("Where all organisations lie"),
            finding=finding,
            spec=lambda mode, size: spread_spec(words, low - 0.15, high + 0.15, mode, size),
            datasets={"bins": rows, "own": own, "median": median},
            alt=finding,
            table=lambda: [
                {_("Score, in steps of 0.1"): number(row["bin"]), _("Organisations"): str(row["n"])}
                for row in rows
            ],
            method=view.method,
            footer=footer(view.choice, view.notes, view.method[-1:]),
        )
    )
