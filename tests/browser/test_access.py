"""axe-core over every page: WCAG 2.2 AA, light and dark, wide and narrow, everything open."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import settled, take_up
from tests.pages.test_import import survey_file

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

STREAMLITS = {
    # Sections of st.navigation are drawn as <ul><div><li>; a page cannot say otherwise.
    "list": "[data-testid=stSidebarNavItems]",
    "listitem": "[data-testid=stSidebarNavItems] li",
    # st.table scrolls sideways inside its own box. Chromium and Firefox let the keyboard into such a
    # box; axe wants a tabindex all the same, and st.table has no way to give one.
    "scrollable-region-focusable": "[data-testid=stTable] > div",
    # st.file_uploader's drop zone; its button beside it has the name and the focus.
    "presentation-role-conflict": "[data-testid=stFileUploaderDropzone]",
}
"""What is Streamlit's own: rule and the exact place where it may be broken."""

STATES = {
    "scores": "/scores?aspect=Network+and+Wi-Fi&cohort=Wales",
    "present": "/?present=true",
    "maturity": "/maturity?cohort=Wales",
    "import": "/import?as=Operator",
    "file": "/import?as=Operator",
}


@pytest.mark.parametrize(
    ("width", "scheme", "states"),
    [
        (1440, "light", STATES),
        (1440, "dark", ("scores", "file")),
        (390, "light", ("scores", "maturity", "file")),
    ],
    ids=["light", "dark", "phone"],
)
def test_no_page_breaks_a_rule(server, opened, width, scheme, states):
    found = []
    for name in states:
        page = opened(server + STATES[name], width, scheme)
        if name == "file":
            take_up(page, survey_file(12, R4C2="eleventy"), "Your organisation", "2026")
        for summary in page.locator("[data-testid=stExpander] summary").all()[:2]:
            summary.click()
        settled(page)
        answer = Axe().run(page, options={"runOnly": RULES}).response
        assert answer["passes"]
        for broken in answer["violations"]:
            for node in broken["nodes"]:
                place = node["target"][0]
                if not page.locator(place).first.evaluate(
                    "(element, own) => own !== null && element.matches(own)", STREAMLITS.get(broken["id"])
                ):
                    found.append(f"{name}: {broken['id']} at {node['html'][:200]}")
        page.context.close()
    assert found == []
