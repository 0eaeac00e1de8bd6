"""How a page follows what others change while somebody looks at it."""

from __future__ import annotations

import random
from collections.abc import Callable

import streamlit as st

_SECONDS = (2.0, 3.0)
"""Between two looks; each session has a number of its own, so that they do not all ask at once."""


def follow(now: Callable[[], int], seen: int) -> None:
    """Runs the page again when `now`, a revision held in memory, is no longer the one it was made from.

    What somebody is typing stays: it is in the browser, and their field is drawn again as it was.
    """
    every = st.session_state.setdefault("follow_every", random.uniform(*_SECONDS))

    @st.fragment(run_every=every)
    def look() -> None:
        if now() != seen:
            st.rerun()

    look()
