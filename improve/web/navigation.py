"""Which pages there are, and what stands in their place while the demonstration is being made."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from improve.config import ROOT
from improve.language import _
from improve.opening import served

PAGES = ROOT / "pages"
HOME = PAGES / "home" / "overview.py"
SCORES = PAGES / "satisfaction" / "scores.py"
GAP = PAGES / "satisfaction" / "gap.py"
TREND = PAGES / "satisfaction" / "trend.py"
RESPONSE = PAGES / "satisfaction" / "response.py"
SKILLS = PAGES / "satisfaction" / "skills.py"
COMMENTS = PAGES / "satisfaction" / "comments.py"
PROFILE = PAGES / "maturity" / "profile.py"
ASSESS = PAGES / "maturity" / "assess.py"
POLL = PAGES / "maturity" / "poll.py"
READINESS = PAGES / "shared" / "readiness.py"
READINESS_REPORT = PAGES / "shared" / "report.py"
READINESS_ASSESS = PAGES / "shared" / "assess.py"
READINESS_FORM = PAGES / "shared" / "form.py"
GROUPS = PAGES / "places" / "groups.py"
CHART = PAGES / "explore" / "chart.py"
MAP = PAGES / "places" / "map.py"
IMPORT = PAGES / "collect" / "import.py"

ASSESS_ADDRESS, POLL_ADDRESS = "maturity-assess", "poll"
READINESS_ASSESS_ADDRESS, READINESS_FORM_ADDRESS = "readiness-assess", "readiness-form"
REPORT_ADDRESS = "readiness-report"


def sections() -> dict[str, list[StreamlitPage]]:
    """The pages by section, as the sidebar lists them; addresses are flat and unique."""
    return {
        "": [
            st.Page(
                HOME,
                title=_("Home"),
                icon=":material/home:",
                url_path="home",
                default=True,
                help=_("What stands out for us, and what to look at next."),
            ),
        ],
        _("User satisfaction"): [
            st.Page(
                SCORES,
                title=_("Scores"),
                icon=":material/bar_chart:",
                url_path="scores",
                help=_("Our aspects against the national median, quartiles and our own last round."),
            ),
            st.Page(
                GAP,
                title=_("Expectation gap"),
                icon=":material/target:",
                url_path="gap",
                help=_("Which aspects matter most and satisfy least."),
            ),
            st.Page(
                TREND,
                title=_("Trend"),
                icon=":material/trending_up:",
                url_path="trend",
                help=_("Did what we changed show? Before and after, and whether peers moved too."),
            ),
            st.Page(
                RESPONSE,
                title=_("Response"),
                icon=":material/how_to_reg:",
                url_path="response",
                help=_("Who answered, and whether we may rely on it."),
            ),
            st.Page(
                SKILLS,
                title=_("Skills"),
                icon=":material/school:",
                url_path="skills",
                help=_("What our users can do, want to learn, or do not care about."),
            ),
            st.Page(
                COMMENTS,
                title=_("Comments"),
                icon=":material/comment:",
                url_path="comments",
                help=_("What they say."),
            ),
        ],
        _("Digital maturity"): [
            st.Page(
                PROFILE,
                title=_("Profile"),
                icon=":material/radar:",
                url_path="maturity",
                help=_("Nine functions: which level each has reached, and what is one answer away."),
            ),
            st.Page(
                ASSESS,
                title=_("Assess"),
                icon=":material/checklist:",
                url_path=ASSESS_ADDRESS,
                help=_("Answer the criteria with evidence, alone or together with colleagues."),
            ),
            # Opened by private links alone: it is in no menu, and shows none.
            st.Page(
                POLL,
                title=_("Private form"),
                icon=":material/lock:",
                url_path=POLL_ADDRESS,
                visibility="hidden",
            ),
        ],
        _("Shared services"): [
            st.Page(
                READINESS,
                title=_("Readiness"),
                icon=":material/handshake:",
                url_path="readiness",
                help=_("Five areas of readiness per partner, what to prepare, and a new partner's fit."),
            ),
            st.Page(
                READINESS_REPORT,
                title=_("Readiness report"),
                icon=":material/print:",
                url_path=REPORT_ADDRESS,
                help=_("One A4 sheet for a chief executive, from the browser's own print."),
            ),
            st.Page(
                READINESS_ASSESS,
                title=_("Assess readiness"),
                icon=":material/group_add:",
                url_path=READINESS_ASSESS_ADDRESS,
                help=_("Make or join a partnership, and ask your own people by private links."),
            ),
            # Opened by private links alone, like the form of a poll.
            st.Page(
                READINESS_FORM,
                title=_("Private form"),
                icon=":material/lock:",
                url_path=READINESS_FORM_ADDRESS,
                visibility="hidden",
            ),
        ],
        _("Places"): [
            st.Page(
                MAP,
                title=_("Map"),
                icon=":material/map:",
                url_path="map",
                help=_("Who takes part, and where; the medians of nations and regions."),
            ),
            st.Page(
                GROUPS,
                title=_("Groups"),
                icon=":material/groups:",
                url_path="groups",
                help=_("Which councils to compare with: built-in groups, councils like us, and our own."),
            ),
        ],
        _("Explore"): [
            st.Page(
                CHART,
                title=_("Chart builder"),
                icon=":material/insert_chart:",
                url_path="chart",
                help=_("A chart of your own, shared by its address."),
            ),
        ],
        _("Collect"): [
            st.Page(
                IMPORT,
                title=_("Import"),
                icon=":material/upload_file:",
                url_path="import",
                help=_("Take in a survey file, and see what would come of it before anything is stored."),
            ),
        ],
    }


@st.fragment(run_every=0.5)
def wait_for_demonstration() -> None:
    """How far the demonstration data are; the page itself as soon as they are there."""
    if served.is_ready:
        st.rerun()
    st.title(_("One moment"))
    st.progress(served.share, text=_("Making demonstration data: invented councils and their answers."))


def is_by_link(page: StreamlitPage) -> bool:
    """Whether a page is opened by a private link alone."""
    return page.url_path in (POLL_ADDRESS, READINESS_FORM_ADDRESS)


def is_sheet(page: StreamlitPage) -> bool:
    """Whether a page is a sheet of paper: opened without the sidebar, so that it prints as it is seen."""
    return page.url_path == REPORT_ADDRESS
