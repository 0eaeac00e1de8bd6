"""What people do with the pages, from the first click to the file on their disk."""

import csv
import io
import json
import re
import subprocess
import sys

import pytest

from improve.config import ROOT
from tests.browser.conftest import choose, metrics, overflow, serving, settled
from tests.factory import copy_store
from tests.pages.test_import import survey_file

TRIAL = "Your organisation (trial)"


def click(page, text):
    page.get_by_text(text, exact=True).click()
    page.wait_for_timeout(150)
    settled(page)


def test_what_was_chosen_stays_on_reload_and_from_page_to_page(server, opened):
    page = opened(server + "/scores")
    choose(page, "org", "Vale of Hollin")
    assert metrics(page)[0] == "6.06"
    choose(page, "cohort", "Wales")
    click(page, "By score")
    address = page.url
    assert {"org=Vale+of+Hollin", "cohort=Wales", "sort=By+score"} <= set(address.split("?")[1].split("&"))
    page.reload()
    settled(page)
    assert metrics(page)[0] == "6.06"
    assert page.get_by_text("Vale of Hollin · round 2026 · compared with Wales").is_visible()
    page.get_by_role("link", name="Import").click()
    page.get_by_role("heading", name="Import").wait_for()
    page.get_by_role("link", name="Scores").click()
    page.get_by_role("heading", name="Scores").wait_for()
    settled(page)
    assert metrics(page)[0] == "6.06"
    assert page.get_by_text("Median of Wales").is_visible()


def test_a_row_of_the_chart_speaks_when_pointed_at_and_opens_when_clicked(server, opened):
    page = opened(server + "/scores")
    row = page.locator("[data-testid=stVegaLiteChart] [aria-label^='Speed: ']")
    row.hover()
    tooltip = page.locator("#vg-tooltip-element")
    tooltip.wait_for()
    assert tooltip.inner_text().startswith("Speed: ")
    row.click()
    page.get_by_role("heading", name="Speed", exact=True).wait_for()
    settled(page)
    assert "aspect=Speed" in page.url
    assert page.locator("[data-testid=stVegaLiteChart]").count() == 3


def test_the_keyboard_alone_reaches_the_sentence_of_an_aspect(server, opened):
    page = opened(server + "/scores")
    box = ".st-key-aspect input"
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("at => document.activeElement === document.querySelector(at)", box):
            break
    else:
        pytest.fail("the choice of an aspect is not reached by Tab")
    page.keyboard.type("Network")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Network and Wi-Fi").wait_for()
    assert page.get_by_text("Network and Wi-Fi: 5.02 (4.91 to 5.14)").first.is_visible()


def test_files_hold_what_the_command_line_prints(server, opened, demonstration, tmp_path):
    page = opened(server + "/scores")
    page.get_by_text("The same as a table").click()
    page.get_by_role("table").wait_for()
    assert page.get_by_role("cell", name="Reliability").is_visible()
    files = {}
    for kind in ("csv", "svg", "png"):
        with page.expect_download() as download:
            page.locator(f".st-key-{kind}_scores button").click()
        assert download.value.suggested_filename == f"scores.{kind}"
        files[kind] = download.value.path().read_bytes()
    store = copy_store(demonstration, tmp_path)
    command = [sys.executable, "-m", "improve", "--store", str(store), "figures", "satisfaction"]
    options = ["--round", "2026", "--organisation", "DW07", "--json"]
    printed = json.loads(subprocess.run(command + options, cwd=ROOT, check=True, capture_output=True).stdout)
    table = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    for aspect in printed["aspects"]:
        row = next(one for one in table if one["Aspect"] == aspect["short"])
        assert float(row["Score"]) == pytest.approx(aspect["mean"]["value"], abs=0.005)
        assert float(row["National median"]) == aspect["median"]["value"]
        assert int(row["Answers"]) == aspect["n"]["value"]
    assert b"Each aspect against the national median" in files["svg"]
    assert b"Demonstration data" in files["svg"]
    assert files["png"].startswith(b"\x89PNG\r\n\x1a\n")
    assert len(files["png"]) > 40_000


def test_presenting_names_nobody_survives_a_reload_and_ends(server, opened):
    page = opened(server + "/scores?org=Glynhebog&cohort=Wales")
    before = metrics(page)
    click(page, "Present")
    for _again in range(2):
        assert metrics(page) == before
        assert not page.locator("[data-testid=stSidebar]").is_visible()
        assert "present=true" in page.url
        assert "Glynhebog" not in page.content() + page.url
        page.reload()
        settled(page)
    click(page, "Present")
    assert metrics(page) == before
    assert page.locator("[data-testid=stSidebar]").is_visible()
    assert "org=Glynhebog" in page.url
    assert "shown_" not in page.url


def test_a_file_is_taken_in_and_its_score_is_there_and_so_is_one_from_the_command_line(
    demonstration, tmp_path, opened
):
    store = copy_store(demonstration, tmp_path)
    with serving(store, tmp_path) as server:
        scores = opened(server + "/scores?org=" + TRIAL)
        assert metrics(scores)[0] == "–"
        page = opened(server + "/import?as=Operator")
        page.set_input_files(
            "input[type=file]", {"name": "trial.csv", "mimeType": "text/csv", "buffer": survey_file()}
        )
        choose(page, "import_organisation", "Your organisation")
        choose(page, "import_round", "Spring 2027")
        page.get_by_text("This makes the round Spring 2027.").wait_for()
        click(page, "Take it in")
        page.get_by_text(
            "20 responses of Your organisation (trial) are stored in round Spring 2027."
        ).wait_for()
        page.get_by_role("link", name="See the scores").click()
        page.get_by_role("heading", name="Scores").wait_for()
        choose(page, "round", "Spring 2027")
        choose(page, "org", "Your organisation")
        assert metrics(page)[0] == "5.00"

        (tmp_path / "trial.csv").write_bytes(survey_file(30))
        command = [sys.executable, "-m", "improve", "--store", str(store), "import", "survey"]
        options = [str(tmp_path / "trial.csv"), "--organisation", "TRIAL", "--round", "2026"]
        subprocess.run(command + options, cwd=ROOT, check=True, capture_output=True)
        click(scores, "By score")
        assert metrics(scores)[0] == "5.00"
        assert metrics(scores)[3] == "30"


def test_on_a_phone_labels_stand_above_their_rows_and_nothing_scrolls_sideways(server, opened):
    page = opened(server + "/scores?aspect=Speed", width=390)
    assert overflow(page) == 0
    tops = [box["y"] for box in (one.bounding_box() for one in page.locator("[data-testid=stMetric]").all())]
    assert len({round(top) for top in tops}) == 2
    label = page.locator("[data-testid=stVegaLiteChart] text", has_text=re.compile("^Reliability$")).first
    row = page.locator("[data-testid=stVegaLiteChart] [aria-label^='Reliability: ']").first
    own = page.locator("[data-testid=stVegaLiteChart] .mark-symbol path").first
    assert row.bounding_box()["y"] <= label.bounding_box()["y"]
    assert label.bounding_box()["y"] + label.bounding_box()["height"] <= own.bounding_box()["y"] + 4
    assert overflow(opened(server + "/import?as=Operator", width=390)) == 0
