"""Which pages there are, and what stands in their place while the demonstration is being made."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from improve.config import ROOT
from improve.language import _
from improve.opening import served

PAGES = ROOT / "pages"
SCORES = PAGES / "satisfaction" / "scores.py"
IMPORT = PAGES / "collect" / "import.py"


def sections() -> dict[str, list[StreamlitPage]]:
    """The pages by section, as the sidebar lists them; addresses are flat and unique."""
    return {
        _("User satisfaction"): [
            st.Page(
                SCORES,
                title=_("Scores"),
                icon=":material/bar_chart:",
                url_path="home",
                default=True,
                help=_("Our aspects against the national median, quartiles and our own last round."),
            ),
            # A default page is served at the root alone; addresses with its name must open it too.
            st.Page(SCORES, title=_("Scores"), url_path="scores", visibility="hidden"),
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
