"""How the Scores page bears load: `python tests/bench/sessions.py [--sessions 100] [--seconds 40]`.

Starts the real server on a copy of the demonstration and speaks Streamlit's own protocol to it: each
session connects, opens the page, then changes a choice every five seconds or so, as people do.
Prints the server's CPU per rerun, and how long people wait (from the click to the last element), at
rest and while a large file is being taken in through the running server. Every connection stays on
this machine, their number is bounded, and the run ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

ROOT = Path(__file__).resolve().parents[2]
THINKING = 5.0
ARRIVING = 12.0
"""People arrive over this many seconds; waits count from when all are there."""
LATER = (
    "import subprocess, sys, time; time.sleep(float(sys.argv[1])); sys.exit(subprocess.call(sys.argv[2:]))"
)
"""Runs a command after so many seconds: the import begins when everybody is there."""
COHORTS = ("All UK councils", "England", "Wales", "South East", "District councils")
SORTS = ("By category", "By difference", "By score")


class Session:
    """One browser tab, as the server sees it."""

    def __init__(self, port: int) -> None:
        self._address = f"ws://localhost:{port}/_stcore/stream"
        self._widgets: dict[str, object] = {}
        self._hash = ""
        self.waits: list[float] = []
        self.reruns = 1
        self.errors = 0

    async def live(self, until: float, rng: random.Random) -> None:
        everybody_is_there = time.monotonic() + ARRIVING + THINKING
        await asyncio.sleep(rng.uniform(0, ARRIVING))
        async with connect(self._address, subprotocols=["streamlit"], max_size=None) as socket_:
            await self._rerun(socket_)
            while time.monotonic() < until:
                await asyncio.sleep(rng.uniform(0.5, 1.5) * THINKING)
                began = time.monotonic()
                self._widgets["cohort"] = rng.choice(COHORTS)
                self._widgets["sort"] = rng.choice(SORTS)
                await self._rerun(socket_)
                self.reruns += 1
                if began > everybody_is_there:
                    self.waits.append(time.monotonic() - began)

    async def _rerun(self, socket_) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = "&".join(
            f"{key}={str(value).replace(' ', '+')}" for key, value in self._widgets.items()
        )
        state.page_script_hash = self._hash
        await socket_.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await socket_.recv())
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self._hash = answer.new_session.page_script_hash
            elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
                self.errors += 1
            elif kind == "script_finished" and answer.script_finished == 0:
                return


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def large_file(path: Path, rows: int) -> None:
    """A file of `rows` responses, in the template's columns of ratings."""
    header = (
        subprocess.run(
            [sys.executable, "-m", "improve", "instruments", "template", "satisfaction"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        .stdout.strip()
        .split(",")
    )
    columns = [one for one in header if one.endswith(("importance", "satisfaction")) or one == "OVR1"]
    ratings = np.random.default_rng(1).integers(1, 8, size=(rows, len(columns)))
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(ratings.tolist())


def cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


async def crowd(port: int, sessions: int, seconds: float) -> list[Session]:
    everybody = [Session(port) for _ in range(sessions)]
    until = time.monotonic() + seconds
    await asyncio.gather(*(one.live(until, random.Random(number)) for number, one in enumerate(everybody)))
    return everybody


def report(name: str, everybody: list[Session], cpu: float) -> None:
    waits = np.array([wait for one in everybody for wait in one.waits])
    reruns = sum(one.reruns for one in everybody)
    print(
        f"{name:34} {len(waits):6} {np.median(waits) * 1000:8.0f} {np.quantile(waits, 0.95) * 1000:8.0f} "
        f"{waits.max() * 1000:8.0f} {cpu / reruns * 1000:12.1f} {sum(one.errors for one in everybody):7}"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sessions", type=int, default=100)
    asked.add_argument("--seconds", type=float, default=40)
    asked.add_argument("--rows", type=int, default=100_000)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "demonstration.duckdb"
        subprocess.run(
            [sys.executable, "-m", "improve", "--store", str(store), "demo"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        large_file(Path(folder) / "large.csv", options.rows)
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "IMPROVE_STORE": str(store)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            process = psutil.Process(server.pid)
            asyncio.run(crowd(port, 3, ARRIVING + THINKING))
            print(
                f"{'':34} {'clicks':>6} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8} "
                f"{'CPU ms/rerun':>12} {'errors':>7}"
            )
            for name, sessions in (("one session", 1), (f"{options.sessions} sessions", options.sessions)):
                before = cpu_seconds(process)
                everybody = asyncio.run(crowd(port, sessions, options.seconds))
                report(name, everybody, cpu_seconds(process) - before)
            before = cpu_seconds(process)
            importing = subprocess.Popen(
                [
                    *(sys.executable, "-c", LATER, str(ARRIVING + THINKING)),
                    sys.executable,
                    "-m",
                    "improve",
                    "--store",
                    str(store),
                    "import",
                    "survey",
                    str(Path(folder) / "large.csv"),
                    "--organisation",
                    "TRIAL",
                    "--round",
                    "2026",
                ],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            began = time.monotonic()
            everybody = asyncio.run(crowd(port, options.sessions, options.seconds))
            _out, error = importing.communicate()
            report("the same while an import runs", everybody, cpu_seconds(process) - before)
            if importing.returncode:
                print("the import failed:", error)
            print(f"memory of the server: {process.memory_info().rss / 1e6:.0f} MB")
            print(f"{options.rows} responses were taken in after {time.monotonic() - began:.0f} s of these")
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
