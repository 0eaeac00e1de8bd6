"""Answering an assessment in a real browser: by keyboard, by two at once, with colleagues, to the profile."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from improve import assessment
from improve.model import Role, Viewer
from improve.store import open_store
from tests.browser.conftest import overflow, serving, settled
from tests.browser.test_access import RULES, STREAMLITS
from tests.factory import copy_store

OWN = "DW07"
MEMBER = Viewer(Role.MEMBER, OWN)
KEYBOARD, POLLED = "CULT", "DATA"
"""The functions that the test answers; all others are answered before."""
PATIENCE = 20_000
"""Milliseconds to wait for something on a page, on a machine that has much else to do."""


@pytest.fixture(scope="module")
def prepared(demonstration, tmp_path_factory):
    """A server whose own organisation has answered all but two functions; its address."""
    folder = tmp_path_factory.mktemp("assess")
    path = copy_store(demonstration, folder)
    store = open_store(path)
    sheet = assessment.sheet_for(store, MEMBER, OWN, "dma")
    for one in sheet.instrument.criteria:
        if one.id not in sheet.answers and one.function not in (KEYBOARD, POLLED):
            assessment.answer(store, MEMBER, sheet, one.id, 1, "Cath")
    store.close()
    with serving(path, folder) as address:
        yield address


def card(page, item):
    return page.locator(f".st-key-criterion_{item}")


def saved(page, item, word, name):
    """Waits until this answer of this person's is the one that stands."""
    text = re.compile(f"^{word}, saved [0-9:]+ by {name}$")
    card(page, item).get_by_text(text).wait_for(timeout=PATIENCE)
    assert card(page, item).locator("[role=radio][aria-checked=true]").inner_text() == word


def tab_to(page, place, most=70):
    """Presses Tab until the focus is inside this place."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("at => document.activeElement.closest(at) !== null", place):
            return
    pytest.fail(f"{place} is not reached by Tab")


def say(page, text):
    page.get_by_text(text).first.wait_for(timeout=PATIENCE)


def broken_rules(page):
    settled(page)
    found = []
    for broken in Axe().run(page, options={"runOnly": RULES}).response["violations"]:
        own = STREAMLITS.get(broken["id"])
        for node in broken["nodes"]:
            is_own = page.evaluate(
                "([at, own]) => own !== null && document.querySelector(at)?.matches(own)",
                [node["target"][0], own],
            )
            if not is_own:
                found.append(f"{broken['id']} at {node['html'][:200]}")
    return found


def mark(page, text):
    """The marks of the charts whose sentence begins so."""
    return page.locator(f"[data-testid=stVegaLiteChart] [aria-label^='{text}']")


def named(page, name):
    page.locator(".st-key-answer_as input").fill(name)
    page.keyboard.press("Tab")
    settled(page)


def test_from_the_first_key_to_the_profile(prepared, opened):
    ann = opened(prepared + "/maturity?function=Cultural+change")
    assert mark(ann, "Cultural change: Level 1").count() == 2
    ann.get_by_role("link", name="Answer the criteria").click()
    ann.get_by_role("heading", name="Assess").wait_for(timeout=PATIENCE)
    settled(ann)
    ben = opened(prepared + "/maturity-assess?function=Cultural+change", width=390)

    # Ben has begun to type evidence; what Ann answers meanwhile reaches him and takes nothing away.
    named(ben, "Ben")
    ben.locator(".st-key-who_CULT summary").click()
    typing = ben.get_by_label("Name or role; empty for nobody in particular")
    typing.fill("half a na")

    # Ann answers the whole function by keyboard alone.
    tab_to(ann, ".st-key-answer_as input")
    ann.keyboard.type("Ann")
    items = [f"{KEYBOARD}{level}{which}" for level in range(1, 6) for which in "ab"]
    for item in items:
        place = f".st-key-criterion_{item} [role=radio]"
        tab_to(ann, place)
        if item == items[-1]:
            ann.keyboard.press("ArrowRight")
            ann.keyboard.press("ArrowRight")
        ann.keyboard.press("Enter")
        saved(ann, item, "Don't know" if item == items[-1] else "Yes", "Ann")
        assert ann.evaluate("at => document.activeElement.matches(at)", place)
    say(ann, "Level 4 so far, 1 answer from level 5")
    assert broken_rules(ann) == []

    saved(ben, items[0], "Yes", "Ann")
    assert typing.input_value() == "half a na"
    typing.fill("")

    # Both answer one criterion: the later counts, and both are in the history.
    card(ben, items[0]).get_by_role("radio", name="No", exact=True).click()
    saved(ann, items[0], "No", "Ben")
    say(ann, "Level 0 so far, 1 answer from level 1")
    card(ann, items[0]).get_by_role("radio", name="Yes", exact=True).click()
    saved(ben, items[0], "Yes", "Ann")
    ben.locator(f".st-key-more_{items[0]} summary").click()
    rows = ben.get_by_role("table").get_by_role("row")
    rows.nth(3).wait_for(timeout=PATIENCE)
    told = [rows.nth(at).get_by_role("cell").all_inner_texts()[1:3] for at in range(1, 4)]
    assert told == [["Ann", "Yes"], ["Ben", "No"], ["Ann", "Yes"]]
    assert broken_rules(ben) == []
    assert overflow(ben) == 0
    ben.context.close()

    # Going on brings the reader to the heading of the next function.
    ann.locator(".st-key-next button").click()
    heading = ann.get_by_role("heading", name="Agile working", exact=False)
    heading.first.wait_for(timeout=PATIENCE)
    ann.wait_for_function("() => document.activeElement.tagName === 'H2'", timeout=PATIENCE)
    assert 0 <= heading.first.bounding_box()["y"] < 450

    # A poll of two colleagues, each in a browser of their own.
    ann.locator(".st-key-all_functions summary").click()
    ann.locator(f".st-key-go_{POLLED} button").click()
    ann.locator(f".st-key-poll_of_{POLLED} summary").click()
    ann.locator(".st-key-poll_start button").click()
    for n, name in enumerate(("Cath", "Dai"), start=1):
        ann.locator(".st-key-poll_name input").fill(name)
        ann.locator(".st-key-poll_invite button").click()
        ann.locator("[data-testid=stCode] code").nth(n - 1).wait_for(timeout=PATIENCE)
    links = ann.locator("[data-testid=stCode] code").all_inner_texts()
    for place, link in enumerate(links):
        form = opened(link, width=390)
        assert not form.locator("[data-testid=stSidebar]").is_visible()
        for at in range(10):
            form.locator("[role=radiogroup]").nth(at).get_by_role("radio").nth(place * (at == 9)).click()
            say(form, f"{at + 1} of 10 answered")
        say(form, "Thank you: all is answered and saved.")
        if place == 0:
            assert broken_rules(form) == []
            assert overflow(form) == 0
            form.reload()
            settled(form)
            say(form, "10 of 10 answered")
            assert form.locator("[role=radio][aria-checked=true]").count() == 0
        form.context.close()
    say(ann, "2 of 2 colleagues have finished.")
    ann.locator(".st-key-poll_close button").click()
    say(ann, "Everybody agrees on 9 of 10 criteria.")
    assert broken_rules(ann) == []
    agreed = ann.locator(f"[class*=st-key-agreed_][class*=_{POLLED}5b]")
    agreed.get_by_role("radio", name="No", exact=True).click()
    ann.locator(".st-key-poll_agree button").click()
    say(ann, "Level 4 so far, 1 answer from level 5")
    say(ann, "agreed after a poll")

    # Submitting freezes it, and the profile shows it.
    ann.locator(".st-key-assess_confirm button").click()
    ann.locator(".st-key-assess_submit button").click()
    say(ann, "The assessment is submitted for round 2026.")
    ann.get_by_role("link", name="See the profile").click()
    for function in ("Cultural change", "Data and insight"):
        # Once beside its row, once at its spoke of the radar.
        mark(ann, f"{function}: Level 4").nth(1).wait_for(timeout=PATIENCE)
    settled(ann)
    assert mark(ann, "Cultural change: Level 1").count() == 0
