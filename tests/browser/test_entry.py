"""The three ways in, over a real server: through a proxy on the same machine, and by another name."""

import shutil
import socket
import threading
import urllib.request
from contextlib import contextmanager

import pytest

from tests.browser.conftest import FLAGS, metrics, serving
from tests.factory import CARDIFF, GWYNEDD, SWANSEA, make_store

SENTENCE = "This Improve has no sign-in"


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real")
    answers = {"A1": [5] * 12, "A2": [4] * 12, "OVR": [5] * 12}
    rounds = {"2026": dict.fromkeys((CARDIFF, SWANSEA, GWYNEDD), answers)}
    make_store(folder, rounds, closed=("2026",)).close()
    with serving(folder / "store.duckdb", folder) as address:
        yield address


@contextmanager
def proxy(target: str, header: bytes = b"", host: bytes = b""):
    """A reverse proxy: passes bytes on, websockets too, and changes the head of each request.

    `header` is a line it adds; `host` the name it asks the server for instead of its own.
    """
    port = int(target.rsplit(":", 1)[1])
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while chunk := source.recv(65536):
                sink.sendall(chunk)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def serve(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            head = b""
            while b"\r\n\r\n" not in head and (chunk := client.recv(65536)):
                head += chunk
            lines, rest = head.split(b"\r\n\r\n", 1) if b"\r\n\r\n" in head else (head, b"")
            lines = lines.split(b"\r\n")
            if host:
                lines = [b"Host: " + host if line.lower().startswith(b"host:") else line for line in lines]
            if not any(line.lower().startswith(b"upgrade:") for line in lines):
                # One request per connection, so that each has its head changed.
                lines = [line for line in lines if not line.lower().startswith(b"connection:")]
                lines.append(b"Connection: close")
            lines += [header] if header else []
            server.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + rest)
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join()

    def accept() -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://localhost:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def turned_away(page) -> bool:
    """The one sentence stands there, and neither a figure nor anything to choose does."""
    shown = page.locator("[data-testid=stApp]").inner_text()
    parts = ("stMetric", "stVegaLiteChart", "stSelectbox", "stFileUploader", "stTable")
    nothing = not any(page.locator(f"[data-testid={part}]").count() for part in parts)
    return SENTENCE in shown and nothing and "5.00" not in shown


def test_one_person_at_this_machine_is_the_operator(real, opened):
    page = opened(real + "/?org=Cardiff")
    assert metrics(page)[0] == "5.00"
    assert "Operator" in page.locator(".st-key-as").inner_html()


@pytest.mark.parametrize(
    ("path", "header", "host"),
    [
        ("", b"X-Forwarded-For: 10.0.0.7", b""),
        ("/scores?as=Operator&org=Cardiff", b"Forwarded: for=127.0.0.1;host=localhost", b""),
        ("/import?as=Operator", b"", b"improve.example"),
    ],
    ids=["X-Forwarded-For", "Forwarded", "another Host"],
)
def test_behind_a_proxy_on_this_machine_there_is_one_sentence(real, opened, path, header, host):
    with proxy(real, header, host) as address:
        assert turned_away(opened(address + path))


def test_a_proxy_that_hides_itself_wholly_is_why_the_setting_is_checked_too(tmp_path, opened):
    make_store(tmp_path, {"2026": {CARDIFF: {"OVR": [5] * 12, "A1": [5] * 12}}}).close()
    with serving(tmp_path / "store.duckdb", tmp_path, address="0.0.0.0") as address:
        assert turned_away(opened(address + "/?org=Cardiff"))


def test_a_name_of_another_site_that_points_here_gets_no_figure(real, chromium):
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=[*FLAGS, "--host-resolver-rules=MAP rebound.example 127.0.0.1"],
    )
    try:
        page = browser.new_page()
        page.goto(real.replace("localhost", "rebound.example") + "/?org=Cardiff")
        page.wait_for_timeout(4000)
        assert not page.locator("[data-testid=stMetric]").count()
        assert "5.00" not in page.content()
        assert "Cardiff" not in page.locator("body").inner_text()
    finally:
        browser.close()


@pytest.mark.parametrize("path", ["scores", "import"])
def test_the_first_address_that_a_fresh_server_sees_may_be_any_page(tmp_path, opened, path):
    """Until a session has run the entry script Streamlit could run a page's file without it."""
    make_store(tmp_path, {"2026": {CARDIFF: {"OVR": [5] * 12, "A1": [5] * 12}}}).close()
    with (
        serving(tmp_path / "store.duckdb", tmp_path) as server,
        proxy(server, b"X-Forwarded-For: 10.0.0.7") as address,
    ):
        page = opened(f"{address}/{path}?as=Operator&org=Cardiff")
        assert turned_away(page)
        for file in ("pages/satisfaction/scores.py", "pages/collect/import.py", "app.py", "data/"):
            with urllib.request.urlopen(f"{server}/{file}", timeout=10) as answer:
                assert b"import streamlit" not in answer.read()
