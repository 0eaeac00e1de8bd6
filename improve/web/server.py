"""What the server does besides pages: it says where it is, and takes commands from the same machine.

A process that serves a store holds it; the command line hands its commands over to the server
(design.md "The command line beside a running server"). `<store>.server`, readable by its owner
alone, says where to and carries the token that opens the one route.
"""

from __future__ import annotations

import dataclasses
import hmac
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import streamlit as st
from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from improve import commands, language
from improve.config import read_settings
from improve.errors import ImproveError
from improve.handover import NOTICE_VERSION, Outcome, notice_path
from improve.opening import served
from improve.views.map_shown import boundary_features, land
from improve.web.text import plain

LARGEST_CALL = 110_000_000
"""Bytes of a call with its files: a survey file at its limit (intake), and what goes with it."""
_FILES = 3
FOR_EVER = "public, max-age=31536000, immutable"
_TOKEN = secrets.token_urlsafe(32)


def open_or_exit() -> None:
    """Opens the store before anything is served; what is wrong ends the start with one sentence."""
    settings = read_settings()
    language.set_default(settings.language)
    try:
        served.open(settings)
    except ImproveError as error:
        sys.exit(str(error))


def _write_notice(path: Path) -> None:
    host = st.get_option("server.address") or "127.0.0.1"
    host = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    address = "http://" + (f"[{host}]" if ":" in host else host) + ":" + str(st.get_option("server.port"))
    notice = {
        "version": NOTICE_VERSION,
        "address": address + ("/" + base if base else ""),
        "token": _TOKEN,
        "process": os.getpid(),
    }
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(notice, file)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Leaves the notice while the server runs; at the end the store is one closed file again."""
    assert served.store is not None
    path = notice_path(served.store.path)
    _write_notice(path)
    try:
        yield None
    finally:
        path.unlink(missing_ok=True)
        served.close()


def _refused(status: HTTPStatus) -> JSONResponse:
    return JSONResponse({"error": status.phrase}, status_code=status)


async def command(request: Request) -> JSONResponse:
    """Runs one command of improve/commands.py in a worker thread, and answers its Outcome.

    Who asks must know this server's token; nothing of a request is read before that is certain. What a
    command works on comes with it: no path that a client gives is ever opened.
    """
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), ("Bearer " + _TOKEN).encode()):
        return _refused(HTTPStatus.FORBIDDEN)
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        return _refused(HTTPStatus.LENGTH_REQUIRED)
    if int(length) > LARGEST_CALL:
        return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        async with request.form(max_files=_FILES, max_fields=1) as form:
            call = json.loads(str(form["call"]))
            name, arguments = str(call["command"]), dict(call["arguments"])
            files = {key: await part.read() for key, part in form.items() if isinstance(part, UploadFile)}
    except (KeyError, TypeError, ValueError):
        return _refused(HTTPStatus.BAD_REQUEST)
    outcome = await to_thread.run_sync(_run, name, arguments, files)
    return JSONResponse(dataclasses.asdict(outcome))


def _run(name: str, arguments: Mapping[str, Any], files: Mapping[str, bytes]) -> Outcome:
    served.wait()
    assert served.store is not None
    return commands.run(served.store, name, arguments, files)


def outlines(_request: Request) -> Response:
    """The land of the map, as everybody may have it; its address changes when it does."""
    return Response(land(), media_type="application/geo+json", headers={"cache-control": FOR_EVER})


def boundaries(_request: Request) -> Response:
    """The areas of councils that an operator loaded: public facts, too."""
    features = None if served.store is None else boundary_features(served.store)
    if features is None:
        return _refused(HTTPStatus.NOT_FOUND)
    return Response(features, media_type="application/geo+json", headers={"cache-control": FOR_EVER})


routes = [
    Route("/api/command", command, methods=["POST"]),
    Route("/geo/land.json", outlines, methods=["GET"]),
    Route("/geo/boundaries.json", boundaries, methods=["GET"]),
]


def show_error(error: Exception) -> bool:
    """In place of a traceback: the sentence of a mistake that can be mended, else an apology."""
    if isinstance(error, ImproveError):
        st.error(plain(str(error)))
    else:
        st.error(
            language._(
                "Something went wrong on this page. Nothing was lost; "
                "the operator finds the details in the log."
            )
        )
    return True
