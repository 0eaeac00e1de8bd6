"""Turning a page: who goes on to the next part reads from its heading, by sight, keyboard or ear.

Streamlit changes a page in place, so after "Next" at the foot of a list one would look at the foot of
the next list. No widget of its own moves the reader, hence these few lines for the browser.
"""

from __future__ import annotations

import streamlit as st

_TURN = "turn"

_turning = st.components.v2.component(
    "improve_turning",
    html="<span></span>",
    js="""
export default function ({ data, parentElement }) {
  const place = (parentElement.host ?? parentElement).closest("[data-testid=stElementContainer]")
  if (!place || place.dataset.turn === String(data.turn)) return
  const isFirst = place.dataset.turn === undefined && data.turn === 0
  place.dataset.turn = String(data.turn)
  if (isFirst) return
  const heading = place.parentElement.querySelector("h2")
  // The toolbar lies over the top of the page.
  place.style.scrollMarginTop = "5rem"
  place.scrollIntoView({ block: "start" })
  if (heading) {
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }
}
""",
)


def turn() -> None:
    """The reader is to be brought to the place of `draw_place`. For callbacks."""
    st.session_state[_TURN] = int(st.session_state.get(_TURN, 0)) + 1


def draw_place() -> None:
    """Where a reader is brought: the first h2 of this container is what they hear."""
    _turning(key="turning", data={"turn": int(st.session_state.get(_TURN, 0))})
