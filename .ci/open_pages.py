"""Starts the app for real and opens every page in a browser, as a newcomer would.

Says how long the first start took until demonstration data were there. Fails where a page shows an
error, where the browser's console has an error of ours, or where a page of pages/ cannot be reached.
What the browser could not fetch from other hosts (Streamlit asks some) is listed, and is not ours.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120
# Streamlit looks for its root below a page's address before it finds it where it is.
PROBES = ("/_stcore/health", "/_stcore/host-config")
READY = "[data-testid=stApp][data-test-script-state=notRunning]"
ERROR_BOXES = "[data-testid=stException], [data-testid=stAlertContentError]"
LINKS = "[data-testid=stSidebarNavLink]"
BY_LINK = ["/poll", "/readiness-form"]
"""Pages that are opened by private links alone, and stand in no menu."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for_health(address: str, server: subprocess.Popen[bytes]) -> None:
    """Returns when the server says that it is well."""
    opener = build_opener(ProxyHandler({}))
    for _attempt in range(PATIENCE * 10):
        if server.poll() is not None:
            sys.exit(f"the server ended with status {server.returncode}")
        try:
            if opener.open(address + "/_stcore/health", timeout=1).status == 200:
                return
        except (URLError, OSError):
            time.sleep(0.1)
    sys.exit(f"the server did not answer within {PATIENCE} s")


class Listener:
    """What goes wrong in a browser page, told apart by whose it is."""

    def __init__(self, page: Page, host: str) -> None:
        self.ours: list[str] = []
        self.others: set[str] = set()
        self.host = host
        page.on("pageerror", lambda error: self.ours.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.sort(said.location["url"], said.text))
        page.on("response", lambda got: got.status >= 400 and self.sort(got.url, f"status {got.status}"))

    def sort(self, url: str, text: str) -> None:
        """An error with an address of another host is not ours; nor is a probe of Streamlit's own."""
        host, path = urlsplit(url).netloc, urlsplit(url).path
        is_probe = path.endswith(PROBES) and path not in PROBES and "404" in text
        if host in ("", self.host):
            if is_probe:
                return
            self.ours.append(f"{url} {text}")
        else:
            self.others.add(host)


def open_pages(browser: Browser, address: str, started: float) -> list[str]:
    """Opens the start page, then every page by its address; what is wrong with them."""
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    listener = Listener(page, urlsplit(address).netloc)
    page.goto(address)
    page.locator("[data-testid=stVegaLiteChart]").first.wait_for(timeout=PATIENCE * 1000)
    taken = time.monotonic() - started
    print(f"first start until demonstration data are shown: {taken:.1f} s (15 are allowed)", flush=True)
    paths = [urlsplit(link.get_attribute("href") or "").path for link in page.locator(LINKS).all()]
    files = len(list((ROOT / "pages").rglob("*.py")))
    same = len({*paths, *BY_LINK}) == files
    problems = [] if same else [f"the sidebar links to {sorted(paths)}, and pages/ holds {files} pages"]
    for path in (*paths, *BY_LINK):
        listener.ours.clear()
        page.goto(address + path)
        page.locator("h1").first.wait_for(timeout=PATIENCE * 1000)
        page.locator(READY).wait_for(timeout=PATIENCE * 1000)
        page.wait_for_timeout(1000)
        boxes = page.locator(ERROR_BOXES).all_inner_texts()
        title = page.locator("h1").first.inner_text()
        charts = page.locator("[data-testid=stVegaLiteChart]").count()
        found = [*(f"error box: {text}" for text in boxes), *(f"console: {text}" for text in listener.ours)]
        print(f"{path}: “{title}”, {charts} charts, {len(found)} problems", flush=True)
        problems += [f"{path}: {text}" for text in found]
    if listener.others:
        print("asked other hosts, in vain: " + ", ".join(sorted(listener.others)))
    return problems


def main() -> int:
    """Serves this tree on a free port, looks at it, and stops what it started."""
    if (ROOT / "data" / "demonstration.duckdb").exists():
        sys.exit("this tree has a demonstration already: a first start cannot be measured")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    address = f"http://localhost:{free_port()}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IMPROVE_")}
    # Told to stop, it still stops the server.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-proxy-server"])
        started = time.monotonic()
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={urlsplit(address).port}"],
            cwd=ROOT,
            env=environment,
        )
        try:
            wait_for_health(address, server)
            print(f"first start until the server is healthy: {time.monotonic() - started:.1f} s", flush=True)
            problems = open_pages(browser, address, started)
        finally:
            browser.close()
            server.terminate()
            server.wait(timeout=30)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
