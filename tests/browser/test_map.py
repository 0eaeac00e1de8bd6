"""The map in a real browser: no other host is asked, and what is chosen on it goes along."""

import json
import shutil

from tests.browser.conftest import overflow, settled
from tests.browser.test_assess import broken_rules, tab_to

BLIND = ["--no-sandbox", "--disable-gpu", "--disable-webgl", "--disable-3d-apis"]
"""How chromium starts that draws no WebGL."""
PATIENCE = 90_000
LONG = "Llanfairgerwyn-y-Mynydd"


def test_who_is_chosen_goes_along_and_the_land_comes_once(server, opened):
    """That no other host is asked for anything is the promise of `opened`."""
    page = opened(server + "/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(lambda answer: "/geo/land.json" in answer.url, timeout=PATIENCE) as land:
        page.goto(server + "/map")
    assert land.value.status == 200
    assert "immutable" in land.value.headers["cache-control"]
    assert len(json.loads(land.value.body())["features"]) == 3
    page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for(timeout=PATIENCE)
    page.locator(".st-key-find_place input").fill("Mynydd")
    page.keyboard.press("Enter")
    settled(page)
    page.locator(".st-key-places").get_by_text(LONG).click()
    chosen = page.locator(".st-key-chosen_place")
    chosen.locator(".st-key-compare_nation button").click(timeout=PATIENCE)
    chosen.get_by_text("Compared with Wales").wait_for(timeout=PATIENCE)
    assert "cohort=Wales" in page.url
    assert chosen.locator(".st-key-show_place").count() == 0
    assert len([address for address in asked if "land.json" in address]) == 1
    page.get_by_role("link", name="Scores").click()
    page.get_by_role("heading", name="Scores").wait_for(timeout=PATIENCE)
    settled(page)
    assert page.get_by_text("compared with Wales").is_visible()


def test_without_webgl_the_keyboard_chooses_and_all_fits_a_phone(chromium, server):
    browser = chromium.browser_type.launch(executable_path=shutil.which("chromium"), args=BLIND)
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(server + "/map")
    settled(page)
    page.get_by_text("Hexagons", exact=True).click()
    hexagon = page.locator(f"[data-testid=stVegaLiteChart] [aria-label^='{LONG}: ']")
    hexagon.wait_for(timeout=PATIENCE)
    settled(page)
    hexagon.click()
    chosen = page.locator(".st-key-chosen_place")
    chosen.get_by_text("Compare with Wales").wait_for(timeout=PATIENCE)
    tab_to(page, ".st-key-places [role=radio], .st-key-places input")
    page.keyboard.press("ArrowDown")
    chosen.get_by_text(LONG).wait_for(state="hidden", timeout=PATIENCE)
    assert chosen.locator("button").count() >= 2
    assert broken_rules(page) == []
    assert overflow(page) == 0
    browser.close()
