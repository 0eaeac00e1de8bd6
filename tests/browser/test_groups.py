"""Groups in a real browser: built from councils like us, compared with on another page, sent as a link."""

from tests.browser.conftest import overflow, settled
from tests.browser.test_assess import PATIENCE, broken_rules, say


def leave_out_one(page):
    """Takes the council that was chosen last out again, by keyboard."""
    page.locator(".st-key-group_members input").press("Backspace")
    page.wait_for_timeout(150)
    settled(page)


def test_a_group_is_built_compared_with_and_sent_to_a_colleague(server, opened):
    page = opened(server + "/groups")
    say(page, "Councils like us")
    assert broken_rules(page) == []
    page.locator(".st-key-start_like button").click()
    settled(page)
    # One that is nearly Wales: the check says what is in the way, and what would be allowed.
    leave_out_one(page)
    page.locator(".st-key-group_name input").fill("Our peers")
    page.locator(".st-key-group_name input").press("Enter")
    page.wait_for_timeout(150)
    settled(page)
    page.locator(".st-key-build button").click()
    say(page, "The nearest that is allowed")
    for _more in range(2):
        leave_out_one(page)
    page.locator(".st-key-build button").click()
    page.get_by_role("heading", name="Our peers").wait_for(timeout=PATIENCE)
    link = page.locator("[data-testid=stCode] code").first.inner_text()
    page.get_by_role("link", name="Scores").click()
    say(page, "compared with Group “Our peers”")

    colleague = opened(f"{server}{link}&as=Member+of+an+organisation&org=Porth+Elidan", width=390)
    say(colleague, "You were sent a group: Our peers")
    assert overflow(colleague) == 0
    assert broken_rules(colleague) == []
    colleague.locator(".st-key-open_linked button").click()
    say(colleague, "Opened. Every page can now compare with it.")
