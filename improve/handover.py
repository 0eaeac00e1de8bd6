"""Handing a command over to the server that holds the store.

The server leaves a notice beside the store: where it listens, the token that opens its one route,
and its process number. A command goes there as a form: `call` (JSON) and the files' bytes; the
answer is the Outcome that the command line would have had from doing it itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests

from improve.errors import StoreError, StoreHeldError
from improve.language import _

NOTICE_VERSION = 1
_SECONDS_TO_CONNECT = 5
_SECONDS_TO_ANSWER = 600
_NOT_OURS = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
"""What a server answers that did not write this notice, or is none of ours."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to: its exit status, a sentence where it is not 0, the --json object."""

    status: int
    message: str | None
    result: dict[str, Any] | None


def notice_path(store: Path) -> Path:
    """Where a server that holds this store says so."""
    store = store.resolve()
    return store.with_name(store.name + ".server")


def hand_over(
    store: Path, held: StoreHeldError, command: str, arguments: Mapping[str, Any], files: Mapping[str, bytes]
) -> Outcome:
    """Has the server that holds the store run a command.

    Raises StoreHeldError, naming the process, when it takes none (there is no notice, or nobody
    answers to it), and StoreError when it took the command and failed at it, or never answered.
    """
    try:
        notice = json.loads(notice_path(store).read_text(encoding="utf-8"))
        if notice["version"] != NOTICE_VERSION:
            raise ValueError("version")
        with requests.Session() as session:
            # A proxy of the environment must not see what stays on this machine.
            session.trust_env = False
            response = session.post(
                notice["address"] + "/api/command",
                headers={"Authorization": "Bearer " + notice["token"]},
                data={"call": json.dumps({"command": command, "arguments": dict(arguments)})},
                # Without any file it would not be a form of parts.
                files={name: (name, content) for name, content in (files or {"none": b""}).items()},
                timeout=(_SECONDS_TO_CONNECT, _SECONDS_TO_ANSWER),
                allow_redirects=False,
            )
        if response.status_code in _NOT_OURS:
            raise ValueError(response.status_code)
    except requests.ReadTimeout as error:
        raise StoreError(
            _(
                "The server took the command, but has not answered for {minutes} minutes. It may still do it."
            ).format(minutes=_SECONDS_TO_ANSWER // 60)
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreHeldError(
            str(held)
            + " "
            + _("It takes no commands from here. Stop it, or wait until it has finished, and try again.")
        ) from error
    try:
        response.raise_for_status()
        return Outcome(**response.json())
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(
            _("The server that holds the store could not do it (status {status}); its log says why.").format(
                status=response.status_code
            )
        ) from error
