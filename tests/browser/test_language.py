"""The made-up language: all that is read comes from the catalogue, and a third more of it still fits."""

import re

import pytest

from improve.demo.register import read_demonstration_register
from improve.language import pseudo
from tests.browser.conftest import overflow, settled, take_up
from tests.pages.test_import import survey_file

BUILT_IN = ("Upload", "100MB per file", "1.8KB", "add icon", "Skip to main content")
"""Streamlit's own words, which it does not let anybody translate."""

DATA = (
    *("Ardudfryn", "Breckenfold", "Your organisation (trial)", "TRIAL", "survey.csv", "eleventy", "CSV"),
    *("2026", "2025", "2024", "2023"),
    *sorted((one.name for one in read_demonstration_register()), key=len, reverse=True),
)
"""Names and typed text, which stand as they are in every language."""

VISIBLE = """() => {
    const found = [];
    const app = document.querySelector('[data-testid=stApp]');
    const walker = document.createTreeWalker(app, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        const icon = parent.closest(
            '[data-testid=stAlertDynamicIcon], [data-testid=stIconMaterial], [role=img], style, script, title'
        );
        if (!icon && parent.checkVisibility({opacityProperty: true, visibilityProperty: true})) {
            found.push(walker.currentNode.textContent);
        }
    }
    for (const field of document.querySelectorAll('[placeholder]')) {
        found.push(field.getAttribute('placeholder'));
    }
    for (const mark of document.querySelectorAll('[data-testid=stVegaLiteChart] [aria-label]')) {
        found.push(mark.closest('[aria-hidden=true]') ? '' : mark.getAttribute('aria-label'));
    }
    return found;
}"""

CUT = """() => [...document.querySelectorAll('button p, [data-testid=stMetricValue], h1, h2, label p')]
    .filter(text => text.checkVisibility() && text.scrollWidth > text.clientWidth + 1)
    .map(text => text.textContent)"""


def english(texts) -> list[str]:
    """The texts with a word in them that is neither made up nor data.

    The made-up language accents most letters, so two letters in a row with a plain one of those among
    them are English, inside its brackets too.
    """
    found = []
    for text in texts:
        left = text
        for known in (*DATA, *BUILT_IN):
            left = left.replace(known, "")
        # Ids of items, such as SYS1, and the letters of a spreadsheet's columns are data, too.
        left = re.sub(r"\b([A-Z]{2,4}[0-9]{1,2}( (importance|satisfaction))?|[A-Z]{1,2}:)", "", left)
        if re.search(
            r"[A-Za-z]*[acdegilnorstuwyzACDEGILNORSTUWYZ][A-Za-z]+|[A-Za-z]+[acdegilnorstuwyz]", left
        ):
            found.append(text)
    return found


@pytest.mark.parametrize("width", [1440, 390])
def test_every_text_comes_from_the_catalogue_and_fits(pseudo_server, opened, width):
    bypassed, wide, cut = [], [], []

    def look(page, name):
        settled(page)
        bypassed.extend((name, text) for text in english(page.evaluate(VISIBLE)))
        wide.append(overflow(page))
        cut.extend((name, text) for text in page.evaluate(CUT))

    operator = pseudo("Operator")
    page = opened(pseudo_server + "/scores?aspect=" + pseudo("Speed") + "&cohort=" + pseudo("Wales"), width)
    for _block in range(3):
        for summary in page.locator("[data-testid=stExpander] summary").all():
            if summary.locator("xpath=..").get_attribute("open") is None:
                summary.click()
                settled(page)
    look(page, "scores")
    page.get_by_text(pseudo("Present")).click()
    look(page, "present")
    page = opened(pseudo_server + "/maturity?part=" + pseudo("Commitment and take-up"), width)
    look(page, "maturity")
    look(opened(pseudo_server + "/chart?compare=" + pseudo("Groups of organisations"), width), "chart")
    if width == 1440:
        look(opened(pseudo_server + "/?as=" + operator, width), "nobody")
        look(opened(pseudo_server + "/?org=Breckenfold", width), "few")
        look(opened(pseudo_server + "/import", width), "closed")
    page = opened(pseudo_server + "/map?picture=" + pseudo("Hexagons"), width)
    page.locator(".st-key-places").get_by_text("Breckenfold").click()
    look(page, "map")
    page = opened(pseudo_server + "/import?as=" + operator, width)
    look(page, "import")
    take_up(page, survey_file(12, R4C2="eleventy"), "Your organisation", "2026")
    look(page, "file")
    assert bypassed == []
    assert cut == []
    assert max(wide) == 0


def test_an_assessment_and_the_form_of_a_poll_come_from_the_catalogue_too(pseudo_server, opened):
    bypassed, wide, cut = [], [], []

    def look(page):
        settled(page)
        bypassed.extend(english(page.evaluate(VISIBLE)))
        wide.append(overflow(page))
        cut.extend(page.evaluate(CUT))

    page = opened(pseudo_server + "/maturity-assess?org=Your organisation (trial)", 390)
    look(page)
    page.locator(".st-key-answer_as input").fill("Ŷ")
    page.locator(".st-key-assess_start button").click()
    page.locator("[role=radiogroup]").first.wait_for()
    card = page.locator("[class*=st-key-criterion_]").first
    card.get_by_role("radio").first.click()
    for place in ("all_functions", "spreadsheet"):
        page.locator(f".st-key-{place} summary").click()
        settled(page)
    card.locator("summary").click()
    look(page)
    page.locator("[class*=st-key-poll_of_] summary").click()
    page.locator(".st-key-poll_start button").click()
    page.locator(".st-key-poll_name input").fill("Ŷ")
    page.locator(".st-key-poll_invite button").click()
    link = page.locator("[data-testid=stCode] code").inner_text()
    form = opened(link, 390)
    form.get_by_role("radio").first.click()
    look(form)
    page.locator(".st-key-poll_close button").click()
    page.locator(".st-key-poll_agree button").click()
    look(page)
    assert bypassed == []
    assert cut == []
    assert max(wide) == 0
