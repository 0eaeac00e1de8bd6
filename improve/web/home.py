"""The parts of Home that touch Streamlit: four figures, what stands out, peers, and where to go on."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from pathlib import Path

import streamlit as st

from improve.charts import ScoresWords, scores_spec
from improve.language import _, number, percent, signed, whole
from improve.views import home_sentence, sentence
from improve.views.ground import Score
from improve.views.home import HomeView, Peers
from improve.web import navigation
from improve.web.block import Block, draw_block, footer, marked
from improve.web.text import plain

_TWO_ON_A_PHONE = 140


def draw_headline(view: HomeView) -> None:
    """Overall score with its place, response, change since the last round, skills."""
    scores = view.scores
    with st.grid(4, min_column_width=_TWO_ON_A_PHONE):
        if view.has_own or view.choice.organisation is not None:
            overall = scores.overall
            _metric(
                _("Overall score"),
                "–" if overall is None or overall.mean.value is None else number(overall.mean.value, 2),
                "" if overall is None else home_sentence.place(overall),
            )
            rate, median = scores.response_rate, scores.response_median
            _metric(
                _("Response rate"),
                "–" if rate is None or rate.value is None else percent(rate.value),
                sentence.because(rate)
                or (
                    ""
                    if median is None or median.value is None
                    else _("national median {rate}").format(rate=percent(median.value))
                ),
            )
            change = home_sentence.change_of(view.trend)
            _metric(
                _("Change since last round"),
                "–" if change is None else signed(change, 2),
                home_sentence.trend(view.trend),
            )
        elif scores.overall is not None and scores.overall.median.value is not None:
            _metric(
                _("National median"),
                number(scores.overall.median.value),
                _("of {n} organisations").format(n=scores.overall.organisations.value),
            )
        _metric(_("Skill index"), home_sentence.index(view.skills), home_sentence.skills(view.skills))


def _metric(label: str, value: str, beside: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label, value)
        if beside:
            st.caption(plain(beside))


def draw_standing_out(view: HomeView) -> None:
    """Three strengths and three gaps; none is an answer too."""
    with st.grid(2, min_column_width=300):
        if view.has_own:
            _list(_("Strengths"), "▲", view.strengths, home_sentence.no_strength())
            _list(_("Gaps"), "▼", view.gaps, home_sentence.no_gap())
        else:
            _list(_("Highest national medians"), "▲", view.strengths, home_sentence.no_medians())
            _list(_("Lowest national medians"), "▼", view.gaps, home_sentence.no_medians())


def _list(heading: str, mark: str, scores: Sequence[Score], none: str) -> None:
    with st.container(border=True, height="stretch"):
        st.header(heading)
        for score in scores:
            st.markdown(f"{mark} " + plain(home_sentence.stands_out(score)))
        if not scores:
            st.markdown(plain(none))


def draw_peers(view: HomeView) -> None:
    """The overall score among all organisations, and among those that are like this one."""
    if not any(one.median.is_released for one in view.peers) or view.scores.survey is None:
        return
    overall = view.scores.overall
    rows = [_row(order, one, view) for order, one in enumerate(view.peers)]
    values = [value for one in view.peers for value in (one.median.value, *(one.quartiles.value or ()))]
    values += () if overall is None else overall.interval.value or ()
    known = [value for value in values if value is not None]
    scale = view.scores.survey.scale
    if view.scores.survey.headline is not None:
        scale = view.scores.survey.scale_of(view.scores.survey.headline)
    low, high = max(scale.low, floor(min(known))), min(scale.high, ceil(max(known)))
    has_own = overall is not None and overall.mean.value is not None
    words = ScoresWords(
        axis=marked(
            _("Overall satisfaction, {low} to {high} shown of the scale {ends}").format(
                low=low, high=high, ends=f"{scale.low}–{scale.high}"
            )
        ),
        own=_("Own score") if has_own else None,
        interval=_("its 95 % interval") if has_own else None,
        median=_("Median of the group"),
        quartiles=_("Middle half of its organisations"),
    )
    draw_block(
        Block(
            key="peers",
            heading=_("Among peers") if has_own else _("Groups of organisations"),
            finding=home_sentence.peers(view),
            spec=lambda mode, size: scores_spec(words, low, high, len(rows), mode, size),
            datasets={"rows": rows},
            alt=_("Overall satisfaction in each group of organisations.") + " " + home_sentence.peers(view),
            table=lambda: [_table_row(one) for one in view.peers],
            method=view.scores.method,
            footer=footer(view.choice, (), view.scores.method[-1:]),
        )
    )


def _row(order: int, one: Peers, view: HomeView) -> dict[str, object]:
    overall = view.scores.overall
    interval = (None, None) if overall is None else overall.interval.value or (None, None)
    quartiles = one.quartiles.value or (None, None)
    return {
        "order": order,
        "row": one.key,
        "kind": "aspect",
        "label": one.label,
        "note": home_sentence.group_note(one),
        "sentence": home_sentence.of_group(one),
        "chosen": False,
        "word": None,
        "mean": None if overall is None else overall.mean.value,
        "lower": interval[0],
        "upper": interval[1],
        "median": one.median.value,
        "q1": quartiles[0],
        "q3": quartiles[1],
        "cohort_median": None,
        "last": None,
        "withheld": None,
    }


def _table_row(one: Peers) -> dict[str, str]:
    quartiles = one.quartiles.value
    return {
        _("Group"): one.label,
        _("Median"): sentence.because(one.median) if one.median.value is None else number(one.median.value),
        _("Middle half of organisations"): ""
        if quartiles is None
        else _("{low} to {high}").format(low=number(quartiles[0]), high=number(quartiles[1])),
        _("Organisations"): "" if one.organisations.value is None else whole(one.organisations.value),
    }


def draw_links() -> None:
    """Where to look next; the choices go along."""
    st.header(_("Where to look next"))
    links: list[tuple[Path, str, str]] = [
        (navigation.SCORES, _("Scores: every aspect against the national median"), "bar_chart"),
        (navigation.GAP, _("Expectation gap: what matters most and satisfies least"), "target"),
        (navigation.TREND, _("Trend: did what we changed show?"), "trending_up"),
        (navigation.RESPONSE, _("Response: who answered, and may we rely on it?"), "how_to_reg"),
        (navigation.SKILLS, _("Skills: what our users can do, and want to learn"), "school"),
        (navigation.COMMENTS, _("Comments: what they say"), "comment"),
        (navigation.PROFILE, _("Digital maturity: which levels, and what is one answer away"), "radar"),
    ]
    with st.grid(2, min_column_width=300):
        for page, label, icon in links:
            # Without them Streamlit would open the page on its usual choices.
            st.page_link(page, label=label, icon=f":material/{icon}:", query_params=st.query_params.to_dict())
