"""The pages as AppTest runs them: from the entry script, in this process, on a store of the test's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
import streamlit as st
from streamlit import config as streamlit_config
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy, StreamlitHeaders
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from improve import language
from improve.config import ROOT, read_settings
from improve.model import Role
from improve.opening import served
from improve.store import Store
from tests.factory import copy_store, make_store

MAIN = ROOT / "improve" / "web" / "main.py"
HOME = ROOT / "pages" / "home" / "overview.py"
SCORES, GAP, TREND, RESPONSE, SKILLS, COMMENTS = (
    ROOT / "pages" / "satisfaction" / f"{name}.py"
    for name in ("scores", "gap", "trend", "response", "skills", "comments")
)
PROFILE, ASSESS, POLL = (ROOT / "pages" / "maturity" / f"{name}.py" for name in ("profile", "assess", "poll"))
READINESS, REPORT, READINESS_ASSESS, READINESS_FORM = (
    ROOT / "pages" / "shared" / f"{name}.py" for name in ("readiness", "report", "assess", "form")
)
GROUPS = ROOT / "pages" / "places" / "groups.py"
CHART = ROOT / "pages" / "explore" / "chart.py"
MAP = ROOT / "pages" / "places" / "map.py"
IMPORT = ROOT / "pages" / "collect" / "import.py"
PAGES = (
    HOME,
    SCORES,
    GAP,
    TREND,
    RESPONSE,
    SKILLS,
    COMMENTS,
    PROFILE,
    ASSESS,
    POLL,
    READINESS,
    REPORT,
    READINESS_ASSESS,
    READINESS_FORM,
    GROUPS,
    CHART,
    MAP,
    IMPORT,
)
ADDRESSES = {
    PROFILE: "maturity",
    ASSESS: "maturity-assess",
    REPORT: "readiness-report",
    READINESS_ASSESS: "readiness-assess",
    READINESS_FORM: "readiness-form",
}
"""The addresses that are no file's name."""

# For each first look AppTest would read anew what every installed package says of itself.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@contextmanager
def serving(path: Path, speak: str = "en", store: Store | None = None) -> Iterator[None]:
    """This process serves the store at `path`, to somebody who sits at this machine.

    Or `store`, open and warm, which stays open: for tests that only read.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "IMPROVE_STORE", str(path))
        patch.setitem(os.environ, "IMPROVE_LANGUAGE", speak)
        here = StreamlitHeaders([("Host", "localhost:8501")])
        patch.setattr(ContextProxy, "headers", property(lambda _self: here))
        listens_on = streamlit_config.get_option("server.address")
        streamlit_config.set_option("server.address", "localhost")
        served.close()
        served.store = store
        try:
            yield
        finally:
            if store is not None:
                served.store = None
            served.close()
            streamlit_config.set_option("server.address", listens_on)
            language.set_default("en")


def visit(page: Path = SCORES, role: Role | None = None, state=None, secrets=None, **address) -> AppTest:
    """A first look at a page; `address` is what stands behind its question mark."""
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    if page is not HOME:
        app.switch_page(str(page))
        if page in ADDRESSES:
            # Before the first run AppTest knows a page by its file's name alone.
            app._page_hash = calc_hash(ADDRESSES[page])
    for key, value in address.items():
        app.query_params[key] = value
    for key, value in (state or {}).items():
        app.session_state[key] = value
    app.secrets.update(secrets or {})
    app.run()
    if role is not None:
        app.selectbox(key="as").select(role.value).run()
    return app


def words(app: AppTest) -> str:
    """Everything that a person reads on a page, as Streamlit was given it, without its escapes."""
    kinds = (app.title, app.header, app.markdown, app.caption, app.info, app.error, app.warning, app.success)
    found = [one.value for kind in kinds for one in kind]
    found += [f"{one.label} {one.value} {one.delta}" for one in app.metric]
    found += [one.proto.alt for one in charts(app)]
    found += [one.proto.spec + str(rows(one)) for one in charts(app)]
    found += [table.value.to_csv() for table in app.table]
    return " ".join(found).replace("\\", "")


def charts(app: AppTest) -> list:
    return list(app.get("vega_lite_chart"))


def rows(chart) -> list[dict]:
    """The rows of the first dataset of a chart, as the browser gets them."""
    data = chart.proto.datasets[0].data.data
    return pa.ipc.open_stream(data).read_all().to_pylist()


@pytest.fixture
def on_demonstration(demonstration_store):
    """For tests that only read."""
    with serving(demonstration_store.path, store=demonstration_store):
        yield


@pytest.fixture
def on_own_demonstration(demonstration, tmp_path):
    """For tests that write; the served store."""
    with serving(copy_store(demonstration, tmp_path)):
        yield served.open(read_settings())


@pytest.fixture
def downloads(monkeypatch):
    """What each download button would hand over, by its key."""
    made = {}
    draw = st.download_button

    def recorded(label, data, **options):
        made[options["key"]] = data
        return draw(label, data=data, **options)

    monkeypatch.setattr(st, "download_button", recorded)
    return made


@pytest.fixture
def empty_store(tmp_path):
    """The path of a real store that holds the register and nothing else."""
    store = make_store(tmp_path)
    store.close()
    return store.path
