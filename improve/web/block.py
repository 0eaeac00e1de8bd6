"""The figure block: how every figure looks (design.md).

Heading, one-sentence finding, chart with its name for screen readers, the same as a table, files to
take away, how it was worked out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from improve.charts import Mode, Size, Spec, as_png, as_svg
from improve.language import _
from improve.views.choice import Choice
from improve.web import filters
from improve.web.text import plain, plain_rows
from improve.wording import as_text_cell

SELECTION = "aspect"
"""The name of the selection of marks in the specs of improve/charts."""

_PICTURE_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """A figure, ready to be drawn.

    `spec` makes the chart's spec for a mode and a size; `datasets` are its rows. `table` is the same
    in words and numbers, made only when somebody opens it or takes it away. `key` names its widgets
    and files. Without a `spec` the table itself is what is drawn. `beneath` says what stands behind it.
    """

    key: str
    heading: str
    finding: str
    spec: Callable[[Mode, Size], Spec] | None
    datasets: Mapping[str, Sequence[Mapping[str, Any]]]
    alt: str
    table: Callable[[], Sequence[Mapping[str, str]]]
    method: Sequence[str]
    footer: Sequence[str]
    beneath: str = ""


def marked(text: str) -> str:
    """A chart's own line of text, so that a picture saved from the browser says what it is made of."""
    if not filters.is_demonstration():
        return text
    return _("{text} · Demonstration data").format(text=text)


def footer(choice: Choice, notes: Sequence[str] = (), sources: Sequence[str] = ()) -> tuple[str, ...]:
    """What stands below a picture or table that leaves the page; no organisation's name while presenting."""
    lines = []
    if choice.organisation is not None and not filters.presenting():
        lines.append(filters.describe(choice))
    lines += [*notes, *sources]
    if choice.organisation is None:
        lines.append(filters.describe(choice))
    if filters.is_demonstration():
        lines.append(_("Demonstration data: the councils are invented, and so are their answers."))
    return tuple(lines)


def mode() -> Mode:
    """Whether the browser shows the page dark."""
    return "dark" if st.context.theme.type == "dark" else "light"


def size() -> Size:
    """Larger type and marks for a projector."""
    return "present" if filters.presenting() else "screen"


def draw_block(
    block: Block,
    on_select: Callable[[], None] | None = None,
    picture: Callable[[Block], None] | None = None,
) -> None:
    """Draws a figure block. `on_select` is called when a mark is chosen; its state is under its key.

    `picture` draws something else in the chart's place.
    """
    st.header(plain(block.heading))
    if block.finding:
        st.markdown("**" + plain(block.finding) + "**")
    if block.beneath:
        st.caption(plain(block.beneath))
    if picture is not None:
        picture(block)
    elif block.spec is None:
        draw_table(block.table(), alt=block.alt)
    else:
        draw_chart(block, block.spec, on_select)
    with st.container(horizontal=True):
        for label, name, kind, made in _files(block):
            st.download_button(
                label,
                data=made,
                file_name=f"{block.key}.{name}",
                mime=kind,
                key=f"{name}_{block.key}",
                icon=":material/download:",
                on_click="ignore",
            )
    if block.spec is not None:
        table = st.expander(_("The same as a table"), key=f"table_{block.key}", on_change="rerun")
        if table.open:
            with table:
                draw_table(block.table(), alt=block.heading)
    method = st.expander(_("How was this worked out?"), key=f"method_{block.key}", on_change="rerun")
    if method.open:
        with method:
            st.markdown("\n".join("- " + plain(line) for line in block.method))


def draw_chart(
    block: Block, made: Callable[[Mode, Size], Spec], on_select: Callable[[], None] | None
) -> None:
    """A chart of a block alone."""
    # Rows leave Python fastest as Arrow tables: a quarter of the time that lists of dicts take.
    datasets = {name: pa.Table.from_pylist(list(rows)) for name, rows in block.datasets.items()}
    spec = {**made(mode(), size()), "datasets": datasets}
    key = f"chart_{block.key}"
    if on_select is None:
        st.vega_lite_chart(spec, alt=block.alt, key=key)
    else:
        st.vega_lite_chart(spec, alt=block.alt, key=key, on_select=on_select, selection_mode=SELECTION)


def draw_table(rows: Sequence[Mapping[str, str]], alt: str) -> None:
    """A table of words. Arrow and a word about the index save nine tenths of what st.table takes."""
    st.table(pa.Table.from_pylist(plain_rows(rows)), alt=alt, hide_index=True)


def picked(key: str) -> str | None:
    """The `row` of the mark that was clicked last in the chart of a block; None where none was."""
    state = st.session_state.get(f"chart_{key}")
    rows = state.selection.get(SELECTION, []) if state else []
    return rows[0].get("row") or None if rows else None


def _files(block: Block) -> list[tuple[str, str, str, Callable[[], str | bytes]]]:
    table: list[tuple[str, str, str, Callable[[], str | bytes]]] = [
        (_("Table (CSV)"), "csv", "text/csv", lambda: as_csv(block.table(), block.footer))
    ]
    made = block.spec
    if made is None:
        return table

    def picture(draw: Callable[..., str | bytes]) -> Callable[[], str | bytes]:
        return lambda: draw(
            made("light", "screen"),
            {name: [{**row, "chosen": False} for row in rows] for name, rows in block.datasets.items()},
            _PICTURE_WIDTH,
            block.heading,
            subtitle=block.finding,
            footer=block.footer,
        )

    return [
        *table,
        (_("Picture (PNG)"), "png", "image/png", picture(as_png)),
        (_("Drawing (SVG)"), "svg", "image/svg+xml", picture(as_svg)),
    ]


def as_csv(table: Sequence[Mapping[str, str]], footer: Sequence[str]) -> bytes:
    """A table as a CSV that Excel opens rightly; what it might take for a formula is quoted."""
    file = io.StringIO()
    writer = csv.writer(file)
    if table:
        writer.writerow([_cell(name) for name in table[0]])
        writer.writerows([[_cell(value) for value in row.values()] for row in table])
    writer.writerow([])
    writer.writerows([[_cell(line)] for line in footer])
    return b"\xef\xbb\xbf" + file.getvalue().encode("utf-8")


def _cell(text: str) -> str:
    """A cell that is no formula: a number keeps its sign, other text is marked as text."""
    number = text.replace("\N{MINUS SIGN}", "-")
    try:
        float(number)
    except ValueError:
        return as_text_cell(text)
    return number.removeprefix("+")
