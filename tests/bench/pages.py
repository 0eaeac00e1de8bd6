"""What a rerun of each page costs the server: `python tests/bench/pages.py [--reruns 15] [PAGE ...]`.

Starts the real server on a demonstration and speaks Streamlit's own protocol to it, one session per
page. Prints CPU milliseconds per rerun; the limit is 40.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from tests.bench.sessions import ROOT, cpu_seconds, free_port, wait_for

PAGES = (
    *("home", "scores", "gap", "trend", "response", "skills", "comments", "maturity", "maturity-assess"),
    *("readiness", "readiness-report", "readiness-assess", "map", "groups", "chart", "import"),
)
WARM = 3


async def rerun(socket_, page: str, hash_: str) -> tuple[str, int]:
    """One run of a page's script; its hash, and how many errors it showed."""
    message, errors = BackMsg(), 0
    message.rerun_script.page_name = page
    message.rerun_script.page_script_hash = hash_
    await socket_.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await socket_.recv())
        kind = answer.WhichOneof("type")
        if kind == "navigation":
            hash_ = answer.navigation.page_script_hash
        elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
            errors += 1
        elif kind == "script_finished" and answer.script_finished == 0:
            return hash_, errors


async def measure(port: int, page: str, reruns: int, server: psutil.Process) -> tuple[float, int]:
    """CPU seconds per rerun of a page, once it is warm, and the errors seen."""
    address = f"ws://localhost:{port}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None) as socket_:
        hash_, errors = await rerun(socket_, page, "")
        for _ in range(WARM):
            hash_, more = await rerun(socket_, page, hash_)
            errors += more
        before = cpu_seconds(server)
        for _ in range(reruns):
            hash_, more = await rerun(socket_, page, hash_)
            errors += more
        return (cpu_seconds(server) - before) / reruns, errors


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pages", nargs="*", default=PAGES)
    options.add_argument("--reruns", type=int, default=15)
    given = options.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "IMPROVE_STORE": str(Path(folder) / "demonstration.duckdb")}
        subprocess.run([sys.executable, "-m", "improve", "demo"], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        server = subprocess.Popen(
            [*command, "--server.port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        try:
            wait_for(port)
            process = psutil.Process(server.pid)
            for page in given.pages:
                seconds, errors = asyncio.run(measure(port, page, given.reruns, process))
                print(f"{page:20} {1000 * seconds:6.1f} ms per rerun, {errors} errors")
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
