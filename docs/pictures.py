"""Makes the pictures of README.md from demonstration data, in a real browser: `python docs/pictures.py`.

Needs what the tests need (requirements-dev.txt, Debian's chromium). Run from the project's folder.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
WIDTH = 1440
FLAGS = ["--no-sandbox", "--use-gl=swiftshader", "--enable-unsafe-swiftshader", "--no-first-run"]
MEMBER = "as=Member+of+an+organisation&org=Ardudfryn"
SHOWN = {
    "scores": ("scores", f"{MEMBER}&cohort=Wales", "chart_scores"),
    "gap": ("gap", MEMBER, "chart_gap"),
    "radar": ("maturity", MEMBER, "chart_radar"),
    "readiness": ("readiness", "as=Operator&partnership=Fenmark+shared+service", "chart_readiness"),
    "map": ("map", MEMBER, "deck"),
}
"""File -> page, what is chosen there, and the key of the chart."""
BOX = """at => {
    const main = document.querySelector('[data-testid=stMain]')
    const chart = document.querySelector(at).getBoundingClientRect()
    const heads = [...main.querySelectorAll('h2')].map(one => one.getBoundingClientRect())
    const above = heads.filter(one => one.top < chart.top && Math.abs(one.left - chart.left) < 40)
    const head = above[above.length - 1], top = head.top - 8
    const right = Math.max(chart.right, head.right)
    return {x: chart.left - 8, y: top, width: right - chart.left + 16, height: chart.bottom - top + 8}
}"""


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Waits until a server is up."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address + "/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def take(page: Page, address: str, name: str) -> None:
    """One picture: from the heading above a chart down to its end."""
    path, query, key = SHOWN[name]
    chart = f".st-key-{key}"
    page.set_viewport_size({"width": WIDTH, "height": 900})
    page.goto(f"{address}/{path}?{query}")
    page.locator(chart).wait_for(timeout=120_000)
    page.wait_for_timeout(4000)
    # As tall as the page, so that nothing has to be scrolled; then until all is drawn.
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": min(height, 5000)})
    page.wait_for_timeout(4000)
    page.screenshot(path=PICTURES / f"{name}.png", clip=page.evaluate(BOX, chart))


def main() -> None:
    """All pictures, or those named on the command line."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, chromium = f"http://localhost:{port}", shutil.which("chromium")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "IMPROVE_STORE": str(Path(folder) / "demonstration.duckdb")}
        subprocess.run([sys.executable, "-m", "improve", "demo"], env=environment, check=True)
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        server = subprocess.Popen([*command, "--server.port", str(port)], env=environment)
        try:
            wait_for(address, server)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                page = browser.new_page(viewport={"width": WIDTH, "height": 900})
                for name in sys.argv[1:] or SHOWN:
                    take(page, address, name)
                browser.close()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
