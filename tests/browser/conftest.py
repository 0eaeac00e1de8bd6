"""A real server and a real browser: what is clicked, typed, seen, heard and asked of the network."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from improve.config import ROOT
from improve.language import PSEUDO
from tests.factory import copy_store

SECONDS_TO_START = 60
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROBES = ("/_stcore/health", "/_stcore/host-config")
"""Streamlit's own script looks for these beside every deep link before it looks at the root."""


STILL = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const charts = document.querySelectorAll('[data-testid=stVegaLiteChart]');
    const isDone = app.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
        && [...charts].every(chart => chart.querySelector('svg.marks'));
    const size = app.innerHTML.length;
    window.still = isDone && window.size === size ? (window.still || 0) + 1 : 0;
    window.size = size;
    return window.still >= 3;
}"""
"""The server has nothing more to say, and for three tenths of a second the page has not changed."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def serving(store: Path | None, folder: Path, *, root: Path = ROOT, address="localhost", language="en"):
    """A server of its own process on a free port; yields its address. Its output stands in `folder`."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("IMPROVE_")}
    environment |= {"IMPROVE_LANGUAGE": language} | ({} if store is None else {"IMPROVE_STORE": str(store)})
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = ["--server.port", str(port), "--server.address", address]
    with (folder / f"server-{port}.log").open("w") as log:
        process = subprocess.Popen(
            command + options, cwd=root, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://localhost:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=SECONDS_TO_START)


def wait_for(health: str, process: subprocess.Popen) -> None:
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start (exit status {process.poll()})")


@pytest.fixture(scope="package")
def chromium():
    executable = shutil.which("chromium")
    assert executable, "Debian's chromium is needed (README: how to run the tests)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(demonstration, tmp_path_factory):
    """A demonstration that tests read, and import into the trial organisation of."""
    folder = tmp_path_factory.mktemp("server")
    with serving(copy_store(demonstration, folder), folder) as address:
        yield address


@pytest.fixture(scope="package")
def pseudo_server(demonstration, tmp_path_factory):
    """A demonstration in the made-up language."""
    folder = tmp_path_factory.mktemp("pseudo")
    with serving(copy_store(demonstration, folder), folder, language=PSEUDO) as address:
        yield address


@pytest.fixture
def opened(chromium):
    """Opens an address in a window of its own.

    At the end no window may have logged an error of ours or asked another host for anything.
    """
    complaints, contexts = [], []

    def watch(page):
        def heard(message):
            if message.type == "error" and not message.location.get("url", "").endswith(PROBES):
                complaints.append(message.text)

        def asked(request):
            if request.url.startswith("http") and "//localhost:" not in request.url:
                complaints.append("asked another host: " + request.url)

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", asked)

    def open_(address, width=1440, scheme="light", watched=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        if watched:
            watch(page)
        page.goto(address)
        settled(page)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def settled(page) -> None:
    """Waits until the page has its title and the server has nothing more to say."""
    page.locator("[data-testid=stMain] h1").wait_for(timeout=30_000)
    page.wait_for_function(STILL, polling=100)


def choose(page, key: str, text: str) -> None:
    """Types into a select box of this key and takes the first that fits."""
    box = page.locator(f".st-key-{key} input")
    box.click()
    box.fill(text)
    page.get_by_role("option").first.wait_for()
    box.press("Enter")
    page.wait_for_timeout(150)
    settled(page)


def metrics(page) -> list[str]:
    return page.locator("[data-testid=stMetricValue]").all_inner_texts()


def overflow(page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate(
        "Math.max(...['html', '[data-testid=stMain]'].map(at => document.querySelector(at))"
        ".map(element => element.scrollWidth - element.clientWidth))"
    )


def take_up(page, content: bytes, organisation: str, round_label: str, name: str = "survey.csv") -> None:
    """Gives the Import page a file, and says whose and when."""
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": content})
    choose(page, "import_organisation", organisation)
    choose(page, "import_round", round_label)
    page.locator("[data-testid=stDataFrame]").wait_for()
    settled(page)
