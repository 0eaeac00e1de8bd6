"""Handing a command over to the server that holds the store.

The server leaves a notice beside the store: where it listens, the token that opens its one route,
and its process number. A command goes there as a form: `call` (JSON) and the files' bytes; the
answer is the Outcome that the command line would have had from doing it itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from improve.errors import StoreHeldError
from improve.language import _

NOTICE_VERSION = 1
_SECONDS_TO_CONNECT = 5
_SECONDS_TO_ANSWER = 600


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

    Raises StoreHeldError, naming the process, when there is no notice or nobody answers to it.
    """
    try:
        notice = json.loads(notice_path(store).read_text(encoding="utf-8"))
        if notice["version"] != NOTICE_VERSION:
            raise KeyError("version")
        with requests.Session() as session:
            # A proxy of the environment must not see what stays on this machine.
            session.trust_env = False
            response = session.post(
                notice["address"] + "/api/command",
                headers={"Authorization": "Bearer " + notice["token"]},
                data={"call": json.dumps({"command": command, "arguments": dict(arguments)})},
                files={name: (name, content) for name, content in (files or {"none": b""}).items()},
                timeout=(_SECONDS_TO_CONNECT, _SECONDS_TO_ANSWER),
                allow_redirects=False,
            )
        response.raise_for_status()
        return Outcome(**response.json())
    except (OSError, ValueError, KeyError, TypeError, requests.RequestException) as error:
        raise StoreHeldError(
            str(held)
            + " "
            + _("It takes no commands from here. Stop it, or wait until it has finished, and try again.")
        ) from error
