"""Home's links carry what was chosen."""

from tests.browser.conftest import choose, metrics, settled


def test_a_link_keeps_organisation_round_and_group(server, opened):
    page = opened(server + "/?round=2025")
    choose(page, "org", "Vale of Hollin")
    choose(page, "cohort", "Wales")
    before = metrics(page)[0]
    page.get_by_role("link", name="Expectation gap: what matters").click()
    page.get_by_role("heading", name="Expectation gap").wait_for()
    settled(page)
    assert page.get_by_text("Vale of Hollin · round 2025 · compared with Wales").is_visible()
    page.get_by_role("link", name="Home").click()
    page.get_by_role("heading", name="Home").wait_for()
    settled(page)
    assert metrics(page)[0] == before


def test_what_an_address_chose_stays_on_the_next_page(server, opened):
    page = opened(server + "/scores?org=Vale+of+Hollin&round=2025")
    page.get_by_role("link", name="Trend").click()
    page.get_by_role("heading", name="Trend", exact=True).wait_for()
    settled(page)
    assert page.get_by_text("Vale of Hollin · round 2025").is_visible()
