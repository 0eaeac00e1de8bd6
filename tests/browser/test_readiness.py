"""Readiness in a real browser: a partnership is made, three people answer by links, a candidate joins."""

import re

from tests.browser.conftest import choose, overflow, settled
from tests.browser.test_assess import PATIENCE, broken_rules, named, say, tab_to

NAME = "Valleys ICT"
STATEMENTS = 6
"""Statements of an area."""
MEMBER = "as=Member+of+an+organisation"


def answer_area(form, answer, before=0):
    """Gives every statement of the area shown this answer, by its place among the answers."""
    for at in range(STATEMENTS):
        form.locator("[role=radiogroup]").nth(at).get_by_role("radio").nth(answer).click()
        say(form, f"{before + at + 1} of 30 answered")


def mark(page, text):
    return page.locator(f"[data-testid=stVegaLiteChart] [aria-label*='{text}']")


def test_from_a_new_partnership_to_a_candidate(server, opened):
    ann = opened(server + "/readiness-assess")
    named(ann, "Ann")
    ann.locator(".st-key-new_partnership summary").click()
    ann.locator(".st-key-partnership_name input").fill(NAME)
    say(ann, "see your area scores with your organisation")
    ann.locator(".st-key-partnership_make button").click()
    ann.get_by_role("heading", name=f"{NAME}, round 1").wait_for(timeout=PATIENCE)
    settled(ann)

    for n, role in enumerate(("Leader", "Finance", "ICT"), start=1):
        choose(ann, "ask_role", role)
        ann.locator(".st-key-ask button").click()
        ann.locator("[data-testid=stCode] code").nth(n - 1).wait_for(timeout=PATIENCE)
        settled(ann)
    links = ann.locator("[data-testid=stCode] code").all_inner_texts()
    assert broken_rules(ann) == []

    # Three people, each in a browser of their own; the first answers all, by keyboard to begin with.
    leader = opened(links[0], width=390)
    assert not leader.locator("[data-testid=stSidebar]").is_visible()
    say(leader, "Who sees what")
    tab_to(leader, ".st-key-statement_VIS1 [role=radio]")
    leader.keyboard.press("ArrowRight")
    leader.keyboard.press("Enter")
    say(leader, "1 of 30 answered")
    assert broken_rules(leader) == []
    assert overflow(leader) == 0
    for area in range(5):
        if area:
            leader.locator(".st-key-form_next button").click()
            settled(leader)
        answer_area(leader, 3, area * STATEMENTS)
    say(leader, "Thank you: all is answered and saved.")
    leader.reload()
    settled(leader)
    say(leader, "30 of 30 answered")
    assert leader.locator("[role=radio][aria-checked=true]").count() == 0
    for link, answer in zip(links[1:], (4, 0), strict=True):
        form = opened(link, width=390)
        answer_area(form, answer)
        form.context.close()
    say(ann, "30 of 30 statements answered")

    # Completed, its links end; the map shows the scores.
    ann.locator(".st-key-ask_complete button").click()
    ann.locator(".st-key-complete button").click()
    say(ann, "Our assessment of this round is completed.")
    settled(ann)
    leader.reload()
    settled(leader)
    assert leader.get_by_role("radio").count() == 0

    # A candidate is asked, and joins.
    choose(ann, "invite_organisation", "Porth Elidan")
    ann.locator(".st-key-invite_candidate label").click()
    ann.locator(".st-key-invite button").click()
    say(ann, "asked to join as a candidate")
    bea = opened(f"{server}/readiness-assess?{MEMBER}&org=Porth+Elidan")
    named(bea, "Bea")
    say(bea, f"You are invited: {NAME}")
    bea.get_by_role("button", name="Join and agree").click()
    bea.get_by_role("heading", name=f"{NAME}, round 1").wait_for(timeout=PATIENCE)
    say(ann, "candidate, not completed yet")

    shown = opened(f"{server}/readiness?partnership={NAME.replace(' ', '+')}")
    assert mark(shown, "58").count() >= 1
    say(shown, "72")
    say(shown, "Shared vision")
    assert broken_rules(shown) == []

    # The report is one sheet of paper, the one with most to say too.
    for partnership in (NAME, "Moss and Goyt partnership"):
        shown.goto(f"{server}/readiness-report?as=Operator&partnership={partnership.replace(' ', '+')}")
        settled(shown)
        say(shown, "Overall readiness is")
        assert len(re.findall(rb"/Type\s*/Page\b", shown.pdf(format="A4"))) == 1
