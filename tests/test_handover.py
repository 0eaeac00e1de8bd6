"""Commands handed over to a real server that holds the store (`streamlit run app.py`)."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from improve import handover
from improve.errors import StoreError, StoreHeldError
from improve.handover import hand_over, notice_path
from improve.instruments import read_library
from improve.opening import open_with_register
from improve.store import StoreKind
from tests.respondents import command, figures, survey_file, tables, take_in

ROOT = Path(__file__).parents[1]


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _start(store, log):
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(_free_port())],
        cwd=ROOT,
        env={**os.environ, "IMPROVE_STORE": str(store)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )


@contextmanager
def serving(store):
    """A server that holds the store, ready for commands; stopped at the end as an operator stops it."""
    log = store.with_name("log")
    with log.open("wb") as output:
        process = _start(store, output)
    try:
        until = time.monotonic() + 90
        while not notice_path(store).exists() or not _answers(store):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _answers(store):
    try:
        return requests.get(notice(store)["address"] + "/_stcore/health", timeout=5).ok
    except requests.ConnectionError:
        return False


def notice(store):
    return json.loads(notice_path(store).read_text())


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The store of a running server, and the server's process."""
    store = tmp_path_factory.mktemp("served") / "improve.duckdb"
    with serving(store) as process:
        yield store, process


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    return survey_file(tmp_path_factory.mktemp("answers"), people=30)


def post(store, call, files=None, token=None, **options):
    """The bare request that a command is."""
    known = notice(store)
    return requests.post(
        known["address"] + "/api/command",
        headers={"Authorization": f"Bearer {token or known['token']}"},
        data=call if isinstance(call, dict) else {"call": call},
        files={name: (name, content) for name, content in (files or {"none": b""}).items()},
        timeout=60,
        **options,
    )


def call(name, **arguments):
    return json.dumps({"command": name, "arguments": arguments})


def test_notice_is_for_its_owner_alone(served):
    store, process = served
    assert stat.S_IMODE(notice_path(store).stat().st_mode) == 0o600
    assert notice(store)["process"] == process.pid
    assert urlsplit(notice(store)["address"]).hostname == "localhost"
    assert len(notice(store)["token"]) >= 40


def test_every_command_answers_as_without_a_server(served, answers, tmp_path):
    """The same commands, on a store of one's own and on the one that the server holds."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("missing: [nil]")
    staff = tmp_path / "staff.csv"
    staff.write_text("Directorate,Role,People\nHousing,Other,60\n")
    maturity = tmp_path / "maturity.csv"
    criteria = [one.id for one in read_library().get("dma").criteria]
    maturity.write_text("Id,Answer\n" + "".join(f"{id_},yes\n" for id_ in criteria))
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(answers.read_bytes().replace(b"\r\n", b"\r\n9", 1))
    commands = [
        ("import", "survey", answers, "--organisation", "Cardiff", "--round", "2026", "--dry-run"),
        ("import", "survey", answers, "--organisation", "Cardiff", "--round", "2026", "--invited", "60"),
        ("import", "survey", wrong, "--organisation", "Swansea", "--round", "2026"),
        ("import", "survey", answers, "--organisation", "Cardif", "--round", "2026"),
        (
            *("import", "survey", answers, "--organisation", "Gwynedd", "--round", "2026"),
            *("--mapping", mapping, "--instrument", ROOT / "data" / "instruments" / "satisfaction.yaml"),
        ),
        (
            *("import", "survey", answers, "--organisation", "Newport", "--round", "2026"),
            *("--opened", "04/05/2026", "--closed", "2026-05-22", "--reminder", "11/05/2026"),
        ),
        ("import", "survey", answers, "--organisation", "Conwy", "--round", "2026", "--opened", "soon"),
        ("import", "staff", staff, "--organisation", "Cardiff", "--round", "2026", "--dry-run"),
        ("import", "staff", staff, "--organisation", "Cardiff", "--round", "2026"),
        ("import", "staff", answers, "--organisation", "Cardiff", "--round", "2026"),
        ("import", "dma", maturity, "--organisation", "Cardiff", "--dry-run"),
        ("import", "dma", maturity, "--organisation", "Cardiff", "--submit", "--by", "Head of ICT"),
        ("import", "dma", answers, "--organisation", "Cardiff"),
        ("export", "dma", tmp_path / "no.csv", "--organisation", "Swansea"),
        ("figures", "maturity", "--round", "2026", "--organisation", "Cardiff"),
        ("figures", "satisfaction", "--round", "2026", "--organisation", "Cardiff"),
        ("figures", "satisfaction", "--round", "2027"),
        ("check",),
        ("round", "close", "2026"),
        ("round", "close", "2027"),
        ("figures", "satisfaction", "--round", "2026", "--as", "member:Cardiff"),
        ("round", "list"),
    ]
    own = tmp_path / "improve.duckdb"
    for words in commands:
        for options in ((), ("--json",)) if words[0] != "import" or "--dry-run" in words else (("--json",),):
            here, there = command(own, *words, *options), command(served[0], *words, *options)
            assert there.exit_code == here.exit_code
            assert _timeless(there.stdout) == _timeless(here.stdout), words
            assert there.stderr == here.stderr
    assert not notice_path(own).exists()


def _timeless(text):
    """What a command printed, without the times in it."""
    if not text.startswith("{"):
        return [line for line in text.splitlines() if "closed 20" not in line]
    found = json.loads(text)
    found.pop("submitted_at", None)
    for one in found.get("rounds", []):
        one.update(opened_at=None, closed_at=one["closed_at"] is not None)
    return found


def test_import_in_another_process_is_in_the_servers_figures(served, answers):
    """A nightly job's shell: through a proxy of the environment it would never arrive."""
    store, _process = served
    result = subprocess.run(
        [
            *(sys.executable, "-m", "improve", "--store", store),
            *("import", "survey", answers, "--organisation", "Wrexham", "--round", "2031"),
        ],
        cwd=ROOT,
        env={**os.environ, "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "This makes the round 2031." in result.stdout
    assert figures(store, "Wrexham", "2031")["responses"] == {"value": 30}


def test_an_export_comes_from_the_server_and_goes_back_to_it(served, tmp_path):
    store, _process = served
    answered = tmp_path / "answered.csv"
    answered.write_text("Id,Answer,Evidence\nLEAD1a,yes,=1+1\n")
    assert command(store, "import", "dma", answered, "--organisation", "Gwynedd").exit_code == 0
    out = tmp_path / "out.xlsx"
    exported = command(store, "export", "dma", out, "--organisation", "Gwynedd", "--json")
    assert json.loads(exported.stdout)["file"] == str(out)
    again = command(store, "import", "dma", out, "--organisation", "Gwynedd", "--json")
    assert json.loads(again.stdout)["answers"] == {"new": 0, "changed": 0, "unchanged": 1, "overtaken": 0}


def test_backup_while_the_server_runs(served, tmp_path):
    store, _process = served
    copy = tmp_path / "copy.duckdb"
    result = command(store, "backup", copy, "--json")
    assert json.loads(result.stdout) == {"command": "backup", "file": str(copy)}
    assert len(tables(copy)["organisation"]) == 382
    assert not any((store.parent / "backups").iterdir())


@pytest.mark.parametrize("words", [("demo",), ("restore",)])
def test_what_needs_the_store_to_itself_names_the_process(served, tmp_path, words):
    store, process = served
    if words == ("restore",):
        backup = tmp_path / "backup.duckdb"
        open_with_register(backup, StoreKind.REAL, "512MB").close()
        words = ("restore", backup)
    result = command(store, *words)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert str(process.pid) in result.stderr
    assert command(store, "check").exit_code == 0
    assert not list(store.parent.glob("*restor*"))


def test_second_server_gets_a_sentence(served):
    store, process = served
    second = _start(store, subprocess.PIPE)
    output, _none = second.communicate(timeout=90)
    assert second.returncode != 0
    assert b"Traceback" not in output
    assert f"(number {process.pid})".encode() in output.splitlines()[-1]
    assert notice(store)["process"] == process.pid


def test_only_the_token_opens(served):
    store, _process = served
    address = notice(store)["address"] + "/api/command"
    good = call("round list")
    assert post(store, good).status_code == HTTPStatus.OK
    for token in ("x", "x" * 43, "Bearer", notice(store)["token"][:-1], "é"):
        assert post(store, good, token=token.encode().decode("latin-1")).status_code == HTTPStatus.FORBIDDEN
    bare = requests.post(address, data={"call": good}, timeout=30)
    assert bare.status_code == HTTPStatus.FORBIDDEN
    by_address = requests.post(f"{address}?token={notice(store)['token']}", data={"call": good}, timeout=30)
    assert by_address.status_code == HTTPStatus.FORBIDDEN
    # Whatever is not posted gets the app's page, as any address does.
    got = requests.get(address, headers={"Authorization": "Bearer " + notice(store)["token"]}, timeout=30)
    assert got.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "content",
    [
        {"other": "x"},
        {"call": "no json"},
        {"call": "[]"},
        {"call": '{"command": "check"}'},
        {"call": '{"command": "check", "arguments": 7}'},
        {"call": call("check"), "another": "field"},
    ],
)
def test_malformed_call_is_refused(served, content):
    assert post(served[0], content).status_code == HTTPStatus.BAD_REQUEST
    assert post(served[0], call("round list")).json()["status"] == 0


def test_unknown_command_is_refused(served):
    for name in ("restore", "demo", "open", "__class__", "x" * 10_000):
        answer = post(served[0], call(name)).json()
        assert answer["status"] == 2
        assert "no command called" in answer["message"]


@pytest.mark.parametrize(
    ("length", "status"),
    [("1000000000000", HTTPStatus.REQUEST_ENTITY_TOO_LARGE), (None, HTTPStatus.LENGTH_REQUIRED)],
)
def test_huge_body_is_refused_before_it_is_read(served, length, status):
    known = notice(served[0])
    parts = urlsplit(known["address"])
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    connection.putrequest("POST", "/api/command")
    connection.putheader("Authorization", "Bearer " + known["token"])
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    if length is None:
        connection.putheader("Transfer-Encoding", "chunked")
    else:
        connection.putheader("Content-Length", length)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()


def test_paths_of_a_client_are_never_opened(served, answers, tmp_path):
    store, _process = served
    secret = tmp_path / "secret.csv"
    secret.write_bytes(answers.read_bytes())
    asked = {"organisation": "Flintshire", "round": "2040", "dry_run": True}
    by_name = post(
        store,
        call("import survey", file_name="../../" + str(secret), instrument="satisfaction", **asked),
        {"file": answers.read_bytes()},
    ).json()
    assert by_name["status"] == 0
    assert by_name["result"]["file"]["name"] == "secret.csv"
    for path in ("/etc/passwd", str(ROOT / "data" / "instruments" / "satisfaction.yaml")):
        answer = post(
            store,
            call("import survey", file_name="a", instrument=path, **asked),
            {"file": answers.read_bytes()},
        ).json()
        assert answer["status"] == 2
        assert "There is no instrument" in answer["message"]


def test_two_at_once_take_a_file_in_once(served, answers):
    """Both find nothing in the way when they plan; only one of them may write."""
    store, _process = served
    arguments = {"organisation": "Powys", "round": "2026", "file_name": "a.csv"}
    outcomes = []

    def run():
        one = post(store, call("import survey", **arguments), {"file": answers.read_bytes()})
        outcomes.append(one.json()["status"])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [0, 2, 2, 2]
    assert figures(store, "Powys")["responses"] == {"value": 30}


@pytest.fixture
def held(tmp_path):
    """A store that another process holds, with a stale notice of a server that was killed."""
    store = tmp_path / "improve.duckdb"
    open_with_register(store, StoreKind.DEMONSTRATION, "512MB").close()
    with serving(store) as process:
        # The server is still making its demonstration data: a command waits for them.
        assert figures(store, "DW07")["organisation"]["code"] == "DW07"
        token = notice(store)["token"]
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    return store, process, token


def test_server_that_was_killed(held, served, answers, tmp_path):
    store, killed, token = held
    assert notice(store)["process"] == killed.pid
    # Nobody holds the store: the command opens it itself, whatever the notice says.
    assert command(store, "check").exit_code == 0
    assert take_in(store, answers, "TRIAL").exit_code == 0
    # The token of one server opens no other.
    assert post(served[0], call("round list"), token=token).status_code == HTTPStatus.FORBIDDEN
    # Somebody else holds it now, and takes no commands.
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(store)], cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"holding\n"
        for known in (None, {**notice(served[0]), "token": "another"}, {"version": 99}, "no notice"):
            if known is not None:
                notice_path(store).write_text(known if isinstance(known, str) else json.dumps(known))
            result = command(store, "check")
            assert result.exit_code == 2
            assert f"(number {holder.pid})" in result.stderr
            assert "takes no commands" in result.stderr
            assert len(result.stderr.splitlines()) == 1
    finally:
        holder.communicate(b"\n", timeout=30)


_HOLD = """
import sys
from pathlib import Path
from improve.store import open_store
store = open_store(Path(sys.argv[1]))
print("holding", flush=True)
sys.stdin.readline()
"""


def test_notice_goes_and_the_store_is_one_file_when_the_server_stops(tmp_path, answers):
    store = tmp_path / "improve.duckdb"
    with serving(store) as process:
        assert take_in(store, answers).exit_code == 0
    assert process.returncode in (0, -signal.SIGTERM)
    assert not notice_path(store).exists()
    assert not store.with_name("improve.duckdb.wal").exists()
    assert len(tables(store)["response"]) == 30


def test_notice_stands_beside_the_store_itself(tmp_path):
    (tmp_path / "link.duckdb").symlink_to(tmp_path / "improve.duckdb")
    assert notice_path(tmp_path / "link.duckdb") == tmp_path / "improve.duckdb.server"


class _Session(requests.Session):
    """In place of a connection: whatever the test wants to come of it."""

    answer = None

    def post(self, *_given, **_options):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _response(status, content):
    response = requests.Response()
    response.status_code = status
    response._content = content
    return response


@pytest.mark.parametrize(
    ("answer", "error", "part"),
    [
        (requests.ReadTimeout(), StoreError, "may still do it"),
        (requests.ConnectTimeout(), StoreHeldError, "(number 7) It takes no commands"),
        (requests.ConnectionError(), StoreHeldError, "(number 7) It takes no commands"),
        (_response(403, b""), StoreHeldError, "(number 7) It takes no commands"),
        (_response(404, b""), StoreHeldError, "(number 7) It takes no commands"),
        (_response(500, b"Internal Server Error"), StoreError, "status 500"),
        (_response(400, b"{}"), StoreError, "status 400"),
        (_response(200, b"<html>"), StoreError, "status 200"),
        (_response(200, b'{"unexpected": 1}'), StoreError, "status 200"),
    ],
)
def test_answers_that_are_no_outcome(tmp_path, monkeypatch, answer, error, part):
    store = tmp_path / "improve.duckdb"
    notice_path(store).write_text('{"version": 1, "address": "http://localhost:1", "token": "t"}')
    monkeypatch.setattr(handover.requests, "Session", _Session)
    monkeypatch.setattr(_Session, "answer", answer)
    with pytest.raises(StoreError) as caught:
        hand_over(store, StoreHeldError("(number 7)"), "check", {}, {})
    assert type(caught.value) is error
    assert part in str(caught.value)
