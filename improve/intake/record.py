"""A file as a table: columns of text with their row numbers, and what was found out while reading.

Which format it is, is told by what the file holds; its name is used in messages alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from improve.errors import IntakeError
from improve.language import _, ngettext, whole

FILE_BYTES = 100_000_000
"""Larger files are refused before they are parsed: a round of 100,000 responses takes about 10 MB."""

COLUMNS = 1_000
"""More columns than any survey has questions: such a file is something else, or is damaged."""

ROWS = 1_000_000
"""One organisation's responses to one survey; a spreadsheet holds no more either."""

CELLS = 25_000_000
"""Rows times columns, blank ones too: a small file can claim billions, and calamine takes 32 bytes each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found out while a file was read.

    `format` is "csv" or "xlsx"; `encoding` and `delimiter` are None for a workbook, `sheet` for text.
    `hidden_sheets` were not read. `formulas` and `merged` name the first such cells below the header
    ("F2"), by the place of their column counted from 0.
    """

    format: str
    rows: int
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    hidden_sheets: tuple[str, ...] = ()
    formulas: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    merged: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The records of a file.

    `columns` are the header's texts, trimmed; a column without one is called by its letter.
    `values` holds one dictionary-encoded array of strings per column; a blank cell is "", never null.
    `rows` (int32) are the records' rows as a spreadsheet numbers them; the header is row 1 unless
    blank rows stand above it. Rows without any text are left out.
    """

    columns: tuple[str, ...]
    values: tuple[pa.DictionaryArray, ...] = field(repr=False)
    rows: np.ndarray = field(repr=False)
    facts: Reading


def column_letter(index: int) -> str:
    """The letter that a spreadsheet gives a column, counted from 0: "A", "Z", "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def listed(things: Sequence[str]) -> str:
    """Things in a sentence: "C", "C and F", "C, D and F"."""
    if len(things) < 2:
        return "".join(things)
    return _("{several} and {last}").format(several=", ".join(things[:-1]), last=things[-1])


def named_columns(header: Sequence[str], file_name: str) -> tuple[str, ...]:
    """The header's texts as names of columns.

    Raises IntakeError where there are too many, or two are the same.
    """
    if len(header) > COLUMNS:
        raise too_many_columns(file_name, len(header))
    names = [" ".join(text.split()) for text in header]
    places: dict[str, list[str]] = {}
    for index, name in enumerate(names):
        if name:
            places.setdefault(name.casefold(), []).append(column_letter(index))
    for index, name in enumerate(names):
        letters = places.get(name.casefold(), ())
        if len(letters) > 1:
            raise IntakeError(
                _(
                    "{file}: columns {letters} have the same header, “{name}”. "
                    "Give every column a header of its own."
                ).format(file=file_name, letters=listed(letters), name=shortened(name))
            )
        if not name:
            unused = _("column {letter}").format(letter=column_letter(index))
            names[index] = unused if unused.casefold() not in places else f"{unused} ({index + 1})"
    return tuple(names)


def without_blank_rows(
    values: Sequence[pa.DictionaryArray], rows: np.ndarray
) -> tuple[tuple[pa.DictionaryArray, ...], np.ndarray]:
    """The columns and row numbers of the rows that hold any text."""
    has_text = np.zeros(len(rows), dtype=bool)
    for column in values:
        is_text = pc.not_equal(pc.utf8_trim_whitespace(column.dictionary), "").to_numpy(zero_copy_only=False)
        if is_text.all() and len(is_text):
            return tuple(values), rows
        if is_text.any():
            has_text |= is_text[column.indices.to_numpy()]
    if has_text.all():
        return tuple(values), rows
    kept = pa.array(np.flatnonzero(has_text), pa.int64())
    return tuple(column.take(kept) for column in values), rows[has_text]


def shortened(text: str, length: int = 60) -> str:
    """Text from a file, cut for a message."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def check_size(rows: int, columns: int, file_name: str) -> None:
    """Raises IntakeError where a table is larger than any survey."""
    if rows > ROWS:
        raise IntakeError(
            _("{file} has more than {limit} rows. Split it, and import the parts one by one.").format(
                file=file_name, limit=whole(ROWS)
            )
        )
    if rows * columns > CELLS:
        raise IntakeError(
            _(
                "{file} has {rows} rows of {columns} columns, most of them blank. "
                "Delete the blank rows and the unused columns."
            ).format(file=file_name, rows=whole(rows), columns=whole(columns))
        )


def too_many_columns(file_name: str, n: int) -> IntakeError:
    """The error for a table wider than any survey."""
    return IntakeError(
        _(
            "{file} has {n} columns; at most {limit} are read. "
            "Delete those that are no answers to the survey."
        ).format(file=file_name, n=whole(n), limit=whole(COLUMNS))
    )


def header_only(file_name: str) -> IntakeError:
    """The error for a table without records."""
    return IntakeError(
        _("{file} has a header and no responses below it. Export the responses, then import again.").format(
            file=file_name
        )
    )


def empty(file_name: str) -> IntakeError:
    """The error for a file without any text."""
    return IntakeError(_("{file} is empty. Export the responses again.").format(file=file_name))


def cells_in_words(cells: Sequence[str], n: int) -> str:
    """The first cells of many, and how many more there are."""
    if n <= len(cells):
        return listed(cells)
    return ngettext("{cells} and {n} more", "{cells} and {n} more", n - len(cells)).format(
        cells=", ".join(cells), n=whole(n - len(cells))
    )
