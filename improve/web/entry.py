"""The three ways in, decided here alone: demonstration, one person, signed in.

Signing in with an identity provider has its one place at `signed_in_viewer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from improve.language import _
from improve.model import Role, Viewer
from improve.store import Store, StoreKind

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""Headers that a proxy adds: the request did not start on this machine."""


class WayIn(StrEnum):
    """How a person comes in, and so who says what they may see."""

    DEMONSTRATION = "demonstration"
    ONE_PERSON = "one person"
    SIGNED_IN = "signed in"


@dataclass(frozen=True, slots=True)
class Door:
    """The way in, or the sentence that says why there is none (`refusal`)."""

    way: WayIn
    refusal: str | None = None

    @property
    def may_view_as(self) -> bool:
        """Whether the person may look through anybody's eyes ("View as")."""
        return self.refusal is None and self.way is not WayIn.SIGNED_IN


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is this very machine."""
    if not host:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def door(kind: StoreKind, *, has_sign_in: bool, listens_on: str | None, headers: Mapping[str, str]) -> Door:
    """The way in for one request.

    `listens_on` is the address the server listens on (None: all), `headers` those of the request,
    names in any case. One person is let in without signing in only where nobody else can reach the
    server: it listens on a loopback address, nothing forwarded the request, and it asks for this
    machine by name (a proxy on the same machine is loopback too; so is a page of another site that
    has its name point here).
    """
    if kind is StoreKind.DEMONSTRATION:
        return Door(WayIn.DEMONSTRATION)
    if has_sign_in:
        return Door(WayIn.SIGNED_IN)
    given = {name.lower(): value for name, value in headers.items()}
    host = urlsplit("//" + given.get("host", "")).hostname
    if is_loopback(listens_on) and is_loopback(host) and not any(name in given for name in FORWARDED):
        return Door(WayIn.ONE_PERSON)
    return Door(
        WayIn.ONE_PERSON,
        _(
            "This Improve has no sign-in, so it can be used only on the computer that it runs on. "
            "Set up an identity provider to open it to others."
        ),
    )


def signed_in_viewer() -> Viewer:
    """Who a signed-in person is, by claim and register of members: so far everybody is the public."""
    return Viewer(Role.PUBLIC)


def has_sign_in() -> bool:
    """Whether an identity provider is set up (the section `auth` of Streamlit's secrets)."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def current_door(store: Store) -> Door:
    """The way in of the request being served."""
    return door(
        store.kind,
        has_sign_in=has_sign_in(),
        listens_on=st.get_option("server.address"),
        headers=st.context.headers.to_dict(),
    )
