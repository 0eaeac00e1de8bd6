"""The readiness report: one A4 sheet that a chief executive can read, from the browser's own print."""

from __future__ import annotations

import streamlit as st

from improve.language import _, ngettext
from improve.views import readiness_grid as grid
from improve.views import readiness_shown as shown
from improve.views.readiness import ReadinessView
from improve.web.text import plain, plain_rows

_DIFFERENCES = 3
_NAMES = 6
"""So many lines and names fit on the sheet with all the rest."""


def draw_partners(view: ReadinessView, place: str) -> None:
    """Which partnership and round, and who the partners are; those that have not completed are said to."""
    names = [
        _("{name} (candidate)").format(name=one.name)
        if one.is_candidate
        else one.name
        if one.completed_at.is_released
        else _("{name} (not completed)").format(name=one.name)
        for one in view.rows
    ]
    if len(names) > _NAMES:
        names = [*names[:_NAMES], _more(len(names) - _NAMES)]
    st.caption(plain(" · ".join(one for one in (place, ", ".join(names)) if one)))


def _more(n: int) -> str:
    return ngettext("and {n} more", "and {n} more", n).format(n=n)


def draw_scores(view: ReadinessView) -> None:
    """Overall with the weakest area beside it, and the five scores."""
    st.markdown("**" + plain(view.finding) + "**")
    st.table(plain_rows(grid.score_table(view)), alt=_("Readiness by area"))


def draw_preparations(view: ReadinessView) -> None:
    """The three preparations that matter most, and why."""
    found = [
        {_("What to prepare first"): one["prepare"], _("Why"): one["why"]}
        for one in shown.report_preparations(view)
    ]
    if found:
        st.table(plain_rows(found), alt=_("What to prepare first"))
    else:
        st.caption(_("Nothing to prepare: what is known is largely in place at least, or nothing is known."))


def draw_differences(view: ReadinessView) -> None:
    """Who disagrees with whom: by role, never by person."""
    found = shown.report_differences(view)
    lines = [one["label"] + " · " + one["sentence"] for one in found[:_DIFFERENCES]]
    if len(found) > _DIFFERENCES:
        lines.append(_("{n} more, less far apart, on the readiness map.").format(n=len(found) - _DIFFERENCES))
    text = " ".join(lines) or _("No two roles that may be shown are 25 points or more apart in an area.")
    st.caption(plain(_("Who sees it differently: {differences}").format(differences=text)))


def draw_small_print(view: ReadinessView) -> None:
    """How to read it, in a line or two."""
    lines = [*view.notes, grid.wide_rule(), *view.method[-1:]]
    st.caption(plain(" ".join(lines)))
