"""A committee chart on a Tuesday night: built, shared by its address, opened elsewhere, taken away."""

import csv
import io

from tests.browser.conftest import choose, overflow, settled
from tests.browser.test_journey import click


def told(page):
    """The heading, the finding, and what a screen reader is told of each mark."""
    marks = page.locator("[data-testid=stVegaLiteChart] [aria-label]")
    return [page.locator("h2").first.inner_text(), *(one.get_attribute("aria-label") for one in marks.all())]


def test_a_chart_is_built_shared_and_taken_away(server, opened):
    page = opened(server + "/chart")
    click(page, "Rounds")
    choose(page, "about", "Speed")
    click(page, "Bars")
    seen = told(page)
    assert seen[0] == "Speed, round by round"
    assert any("Speed: 2026 4.92, national median 4.7" in str(one) for one in seen)
    assert page.get_by_text("Scatter (for the expectation gap").is_visible()
    assert {"compare=Rounds", "about=Speed", "picture=Bars"} <= set(page.url.partition("?")[2].split("&"))
    click(page, "Share")
    shared = page.locator("[data-testid=stCode] code").inner_text()
    for address in (page.url, shared):
        assert told(opened(address)) == seen
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        page.locator(".st-key-csv_score_rounds button").click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    taken = list(csv.DictReader(io.StringIO(text)))
    assert [row["Round"] for row in taken[:4]] == ["2023", "2024", "2025", "2026"]
    assert float(taken[3]["Own score"]) == 4.92


def test_an_address_of_nonsense_opens_on_the_usual_chart_on_a_phone(server, opened):
    page = opened(server + "/chart?question=Distribution of answers&compare=Rounds&picture=Line", width=390)
    assert page.get_by_text("does not go together with “Rounds”").is_visible()
    assert page.get_by_role("heading", name="How the answers are spread").is_visible()
    assert overflow(page) == 0
    page.reload()
    settled(page)
    assert not page.get_by_text("does not go together with").is_visible()
    assert "compare=" not in page.url
