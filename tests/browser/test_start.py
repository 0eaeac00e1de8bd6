"""The first start: demonstration data made on the spot, with progress, in seconds."""

import shutil

from improve.config import ROOT
from tests.browser.conftest import metrics, serving, settled


def test_the_first_start_makes_the_demonstration_and_shows_it(tmp_path, opened):
    for part in (
        "improve",
        "pages",
        ".streamlit",
        "data/instruments",
        "data/reference",
        "data/demonstration",
    ):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", tmp_path)
    with serving(None, tmp_path, root=tmp_path) as server:
        page = opened(server)
        page.get_by_role("heading", name="Home").wait_for(timeout=60_000)
        settled(page)
        assert metrics(page)[0] == "5.15"
    assert (tmp_path / "data" / "demonstration.duckdb").exists()
