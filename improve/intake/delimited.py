"""Text files with a delimiter: CSV in its many dialects."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv

from improve.errors import IntakeError
from improve.intake import record
from improve.intake.record import (
    Reading,
    Table,
    check_size,
    empty,
    header_only,
    named_columns,
    without_blank_rows,
)
from improve.language import _, ngettext, whole

DELIMITERS = (",", ";", "\t", "|")

SAMPLE = 1_000_000
"""Characters (or bytes) that are looked at to tell the encoding and the delimiter."""

SAMPLE_RECORDS = 50

BLOCK_BYTES = 16 << 20
"""How much is parsed at once, so also the largest possible record."""

RAGGED_SHOWN = 5

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_EXCEL_DELIMITER = re.compile(r'"?sep=([,;|\t])"?\r?\n?', re.IGNORECASE)


def read_delimited(content: bytes, file_name: str, encoding: str | None) -> Table:
    """The table of a text file.

    Raises IntakeError where its text, its header or its rows cannot be made out.
    """
    text, encoding = _decoded(content, file_name, encoding)
    if "\0" in text:
        raise not_text(file_name)
    announced = _EXCEL_DELIMITER.match(text)
    if announced:
        text = text[announced.end() :]
    text = text.rstrip("\r\n\x1a")
    delimiter = announced.group(1) if announced else _delimiter(text)
    header_row, header = _header(text, delimiter, file_name)
    if any(_CONTROL.search(name) for name in header):
        raise not_text(file_name)
    columns = named_columns(header, file_name)
    # Blank lines cost a byte and stand for a row of blank cells: bounded before they are made.
    check_size(text.count("\n") + text.count("\r") - text.count("\r\n"), len(columns), file_name)
    if text.count('"') % 2:
        _check_quotes(text, delimiter, file_name)
    values, rows = _records(text, delimiter, len(columns), header_row, file_name)
    values, rows = without_blank_rows(values, rows)
    if not len(rows):
        raise header_only(file_name)
    check_size(len(rows), len(columns), file_name)
    return Table(columns, values, rows, Reading("csv", len(rows), encoding=encoding, delimiter=delimiter))


def not_text(file_name: str) -> IntakeError:
    """The error for a file that is neither text nor a workbook."""
    return IntakeError(
        _(
            "{file} is not a table: it holds binary data, whatever its name says. "
            "Export the responses as CSV or XLSX."
        ).format(file=file_name)
    )


def _decoded(content: bytes, file_name: str, encoding: str | None) -> tuple[str, str]:
    """The text, and the name of its encoding."""
    if encoding is None:
        encoding = _encoding(content, file_name)
    try:
        return content.decode(encoding).removeprefix("\ufeff"), encoding
    except UnicodeDecodeError as error:
        raise IntakeError(
            _(
                "{file} is not written in {encoding}: byte {byte} (in line {line}) does not fit. "
                "Save it as “CSV UTF-8”, or name its encoding."
            ).format(
                file=file_name,
                encoding=encoding,
                byte=whole(error.start + 1),
                line=whole(content.count(b"\n", 0, error.start) + 1),
            )
        ) from None
    except (LookupError, ValueError):
        raise IntakeError(
            _("{encoding} is not an encoding of text. Usual ones are utf-8, cp1252 and utf-16.").format(
                encoding=encoding
            )
        ) from None


def _encoding(content: bytes, file_name: str) -> str:
    """The encoding by its byte order mark; UTF-8 where it fits; else the most likely of the older ones.

    Statistical guessing (charset-normalizer 3.5.2 among these encodings) was measured on 708 files of
    English and Welsh in the four western encodings: right for 570, where the rules were for all.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return name
    sample = content[:SAMPLE]
    zeros = sample.count(0)
    if zeros:
        in_low, in_high = sample[1::2].count(0), sample[::2].count(0)
        if max(in_low, in_high) < 0.25 * len(sample) or min(in_low, in_high) > 0.01 * len(sample):
            raise not_text(file_name)
        return "utf-16-le" if in_low > in_high else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        around = content[max(0, error.start - SAMPLE // 2) : error.start + SAMPLE // 2]
        mended = around.decode("utf-8", "replace")
        n_bad = mended.count("\ufffd")
        if len(re.findall(r"[^\x00-\x7f\ufffd]", mended)) > n_bad:
            return "utf-8"  # with damaged places; decoding names the first
        return _single_byte(content)
    return "utf-8"


def _single_byte(content: bytes) -> str:
    """Windows' encoding, unless what would be rare letters in it are common ones of another.

    Where cp1252 has the Icelandic eth and thorn, ISO 8859-14 has the Welsh w and y with circumflex;
    where it has the currency sign, ISO 8859-15 has the euro. Neither has letters at 0x80 to 0x9F.
    """
    if re.search(rb"[\x80-\x9f]", content):
        return "cp1252"
    if re.search(rb"[\xd0\xde\xf0\xfe]", content):
        return "iso8859-14"
    return "iso8859-15" if b"\xa4" in content else "cp1252"


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _first_records(text: str, delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    with suppress(csv.Error):  # a cell of more than 128 KB: whatever came before it decides
        records.extend(islice(_parsed(text, delimiter), SAMPLE_RECORDS))
    return records


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first records into as many cells as the header, and the most."""
    sample = text[:SAMPLE]
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(record) for record in _first_records(sample, delimiter) if any(record)]
        if widths and widths[0] > 1:
            agreeing = sum(width == widths[0] for width in widths) / len(widths)
            # Banded, so that one record cut short does not let a rarer delimiter win.
            score = (round(agreeing * 4), widths[0])
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _header(text: str, delimiter: str, file_name: str) -> tuple[int, list[str]]:
    """The row of the first record that is not blank, and its cells without blank ones at the end."""
    try:
        for row, record in enumerate(_parsed(text, delimiter), start=1):
            if any(cell.strip() for cell in record):
                return row, record
    except csv.Error:
        raise _unclosed(file_name, 1) from None
    raise empty(file_name)


def _check_quotes(text: str, delimiter: str, file_name: str) -> None:
    """Raises IntakeError with the row in which a quotation mark is opened and never closed."""
    row = 0
    try:
        for _record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            row += 1
    except csv.Error:
        raise _unclosed(file_name, row + 1) from None


def _unclosed(file_name: str, row: int) -> IntakeError:
    return IntakeError(
        _(
            "{file}, row {row}: a quotation mark is not closed, or stands in the middle of a cell. "
            "Put every cell that holds one in quotation marks and double those inside it."
        ).format(file=file_name, row=whole(row))
    )


def _records(
    text: str, delimiter: str, n_columns: int, header_row: int, file_name: str
) -> tuple[tuple[pa.DictionaryArray, ...], np.ndarray]:
    """All records below the header, blank ones included, and their row numbers."""
    blank: list[int] = []
    ragged: list[tuple[int, int]] = []

    def judge(row: pa.csv.InvalidRow) -> str:
        if not row.text.strip():
            blank.append(row.number)
            return "skip" if len(blank) <= record.ROWS else "error"
        ragged.append((row.number, row.actual_columns))
        return "skip" if len(ragged) < RAGGED_SHOWN else "error"

    names = [str(index) for index in range(n_columns)]
    as_text = pa.dictionary(pa.int32(), pa.string())
    try:
        table = pa.csv.read_csv(
            pa.py_buffer(text.encode()),
            # Row numbers reach `judge` only where one thread reads.
            read_options=pa.csv.ReadOptions(
                use_threads=False,
                column_names=names,
                skip_rows_after_names=header_row,
                block_size=BLOCK_BYTES,
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=judge,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, as_text), null_values=[], strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        check_size(len(blank), 1, file_name)
        if not ragged:
            if "\n" not in text and "\r" not in text:
                raise header_only(file_name) from None
            raise IntakeError(
                _(
                    "{file} cannot be cut into rows: one row is longer than {limit} MB. "
                    "Perhaps a quotation mark is never closed."
                ).format(file=file_name, limit=BLOCK_BYTES >> 20)
            ) from error
    if ragged:
        raise _ragged(ragged, n_columns, header_row, file_name)
    numbers = np.arange(header_row + 1, header_row + 1 + table.num_rows + len(blank), dtype=np.int32)
    numbers = np.delete(numbers, np.asarray(blank, dtype=np.int64) - header_row - 1)
    columns = (column.unify_dictionaries().combine_chunks() for column in table.columns)
    return tuple(_one_array(column, as_text) for column in columns), numbers


def _one_array(column: pa.Array | pa.ChunkedArray, as_text: pa.DataType) -> pa.DictionaryArray:
    if isinstance(column, pa.ChunkedArray):
        return column.chunk(0) if column.num_chunks else pa.array([], as_text)
    return column


def _ragged(ragged: list[tuple[int, int]], n_columns: int, header_row: int, file_name: str) -> IntakeError:
    row, width = ragged[0]
    first = ngettext(
        "{file}, row {row}: it has {width} cell where the header in row {header} has {n}.",
        "{file}, row {row}: it has {width} cells where the header in row {header} has {n}.",
        width,
    ).format(file=file_name, row=whole(row), width=whole(width), header=header_row, n=whole(n_columns))
    cure = _("Cells that hold the delimiter or a line break must stand in quotation marks.")
    if len(ragged) == 1:
        return IntakeError(f"{first} {cure}")
    others = _("So it is in row {rows}.").format(
        rows=", ".join(whole(number) for number, _width in ragged[1:])
    )
    return IntakeError(f"{first} {others} {cure}")
