"""XLSX workbooks, read sheet by sheet as a stream of XML.

calamine, the usual fast reader, lays a sheet out as one block from its first to its last cell: two
cells in a file of 5 KB ("A1" and "XFD1048576") make it ask for 400 GB at once, and the refusal
aborts the whole process, which nothing in Python can catch (tried: python-calamine 0.9.1, in a
process limited to 6 GB). Here memory grows with the cells that are there, and the same pass tells
formulas and merged cells, at about 400,000 cells a second.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from posixpath import join, normpath
from xml.parsers import expat

import numpy as np
import pyarrow as pa

from improve.errors import IntakeError
from improve.intake.record import (
    COLUMNS,
    ROWS,
    Reading,
    Table,
    cells_in_words,
    check_size,
    column_letter,
    empty,
    header_only,
    listed,
    named_columns,
    too_many_columns,
)
from improve.language import _, whole

UNPACKED_BYTES = 300_000_000
"""All parts of a workbook together, as its directory declares them; reading stops there in any case.

100,000 responses to 41 questions take about 150 MB.
"""

UNPACKED_RATIO = 200
"""How many times larger than the file its parts may be, beyond the first 10 MB; real ones: 8 to 30."""

UNPACKED_FREE = 10_000_000
PARTS = 10_000
CHUNK_BYTES = 1 << 20
CELLS_SHOWN = 3
SHEET_ROWS, SHEET_COLUMNS = 1_048_576, 16_384
"""The format's own limits; a cell beyond them does not exist."""

_MALFORMED = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What zipfile, zlib and expat, and our reading of numbers and names, raise on damaged files."""

_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in number formats that show a date or a time (ECMA-376 part 1, 18.8.30)."""

_NOT_PATTERN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_LETTERS = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class _Listed:
    """A worksheet as the workbook lists it."""

    name: str
    part: str
    is_hidden: bool


def read_workbook(content: bytes, file_name: str, sheet: str | None) -> Table:
    """The table of one visible sheet of a workbook.

    `sheet` names it; else it is the only one that holds anything, but for one that explains its columns.
    Raises IntakeError where the file is damaged, protected or too large, or the sheet is doubtful.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_directory(archive, len(content), file_name)
            return _Workbook(archive, file_name).table(sheet)
    except _MALFORMED as error:
        raise _damaged(file_name) from error


def _damaged(file_name: str) -> IntakeError:
    return IntakeError(
        _(
            "{file} is damaged, or is no XLSX workbook. "
            "Open it in a spreadsheet program, save it again as XLSX or CSV, and import that."
        ).format(file=file_name)
    )


def _check_directory(archive: zipfile.ZipFile, n_bytes: int, file_name: str) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    is_bomb = total > UNPACKED_FREE and total > UNPACKED_RATIO * n_bytes
    if total > UNPACKED_BYTES or is_bomb or len(parts) > PARTS:
        raise IntakeError(
            _(
                "{file} would unpack to {size} MB, which no survey needs. "
                "Save the sheet with the responses as CSV, and import that."
            ).format(file=file_name, size=whole(total // 1_000_000))
        )
    if any(part.flag_bits & 1 for part in parts):
        raise protected(file_name)
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise IntakeError(
            _("{file} is a binary workbook (XLSB). Save it as XLSX or CSV, and import that.").format(
                file=file_name
            )
        )
    if "[Content_Types].xml" not in names:
        if "content.xml" in names:
            raise IntakeError(
                _("{file} is an OpenDocument file. Save it as XLSX or CSV, and import that.").format(
                    file=file_name
                )
            )
        raise IntakeError(
            _("{file} is a ZIP archive. Unpack it, and import the file with the responses.").format(
                file=file_name
            )
        )
    # Other methods unpack without a bound, and no spreadsheet program writes them.
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise _damaged(file_name)


def protected(file_name: str) -> IntakeError:
    """The error for a workbook that asks for a password."""
    return IntakeError(
        _(
            "{file} is protected by a password. Take the password off (File, Info, Protect Workbook), "
            "save it, and import that."
        ).format(file=file_name)
    )


class _Workbook:
    """The parts of a workbook that say what its cells mean."""

    def __init__(self, archive: zipfile.ZipFile, file_name: str) -> None:
        self.archive = archive
        self.file_name = file_name
        root = self._relations("")
        self.path = dict(root.values())["officeDocument"]
        self.relations = self._relations(self.path)
        self.epoch = datetime(1899, 12, 30)
        self.sheets = self._sheets()

    def table(self, wanted: str | None) -> Table:
        hidden = tuple(sheet.name for sheet in self.sheets if sheet.is_hidden)
        sheet = self._named(wanted) if wanted is not None else self._only(hidden)
        cells = self._cells(sheet)
        return cells.table(sheet.name, hidden)

    def _named(self, wanted: str) -> _Listed:
        for sheet in self.sheets:
            if sheet.name.casefold() == wanted.strip().casefold():
                if sheet.is_hidden:
                    raise IntakeError(
                        _("{file}: the sheet “{sheet}” is hidden. Unhide it, or choose another.").format(
                            file=self.file_name, sheet=sheet.name
                        )
                    )
                return sheet
        raise IntakeError(
            _("{file} has no sheet “{sheet}”. Its sheets are: {sheets}.").format(
                file=self.file_name,
                sheet=wanted,
                sheets=", ".join(sheet.name for sheet in self.sheets if not sheet.is_hidden),
            )
        )

    def _only(self, hidden: tuple[str, ...]) -> _Listed:
        filled = [sheet for sheet in self.sheets if not sheet.is_hidden and self._has_text(sheet)]
        if len(filled) > 1:
            header = set(self._cells(filled[0]).header.values())
            filled = [filled[0], *(sheet for sheet in filled[1:] if not self._explains(sheet, header))]
        if len(filled) == 1:
            return filled[0]
        if filled:
            raise IntakeError(
                _(
                    "{file} has several sheets that hold something: {sheets}. "
                    "Say which one holds the responses (option --sheet)."
                ).format(file=self.file_name, sheets=listed([sheet.name for sheet in filled]))
            )
        if hidden:
            raise IntakeError(
                _(
                    "{file} has nothing on its visible sheets; hidden sheets are not read: {sheets}. "
                    "Unhide the one with the responses, and save the workbook."
                ).format(file=self.file_name, sheets=listed(hidden))
            )
        raise empty(self.file_name)

    def _explains(self, sheet: _Listed, header: set[str]) -> bool:
        """Whether a sheet is about another's columns, as in our own template: its first cells name them."""
        cells = self._cells(sheet)
        first = set(cells.columns[0].codes) - {""} if 0 in cells.columns else set()
        return len(first & header) > len(first) / 2

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id -> (kind, path)."""
        folder, _slash, name = path.rpartition("/")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes["Target"]
                whole_path = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
                found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], whole_path)

        self._parse(join(folder, "_rels", f"{name}.rels"), start)
        return found

    def _sheets(self) -> list[_Listed]:
        sheets: list[_Listed] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self.epoch = datetime(1904, 1, 1)
            if tag == "sheet":
                relations = [text for key, text in attributes.items() if key.endswith(":id")]
                kind, part = self.relations[relations[0]]
                if kind == "worksheet":
                    sheets.append(
                        _Listed(attributes["name"], part, attributes.get("state", "visible") != "visible")
                    )

        self._parse(self.path, start)
        return sheets

    def _has_text(self, sheet: _Listed) -> bool:
        """Whether a sheet holds any value, without reading it to the end."""
        depth = 0

        def start(tag: str, _attributes: dict[str, str]) -> None:
            nonlocal depth
            depth = tag in ("v", "t")

        def text(data: str) -> None:
            if depth and data.strip():
                raise _FoundError

        try:
            self._parse(sheet.part, start, text)
        except _FoundError:
            return True
        return False

    def _shared_texts(self) -> list[str]:
        """The workbook's table of texts; phonetic readings are left out."""
        texts: list[str] = []
        parts: list[str] = []
        is_text = is_phonetic = False

        def start(tag: str, _attributes: dict[str, str]) -> None:
            nonlocal is_text, is_phonetic
            if tag == "t":
                is_text = not is_phonetic
            elif tag == "rPh":
                is_phonetic = True

        def end(tag: str) -> None:
            nonlocal is_text, is_phonetic
            if tag == "t":
                is_text = False
            elif tag == "rPh":
                is_phonetic = False
            elif tag == "si":
                texts.append(_unescaped("".join(parts)))
                parts.clear()

        def text(data: str) -> None:
            if is_text:
                parts.append(data)

        for kind, part in self.relations.values():
            if kind == "sharedStrings":
                self._parse(part, start, text, end)
        return texts

    def _date_styles(self) -> frozenset[str]:
        """The cell styles, as cells name them, that show a number as a date or a time."""
        patterns: dict[str, str] = {}
        styles: list[str] = []
        is_cell_style = False

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal is_cell_style
            if tag == "numFmt":
                patterns[attributes["numFmtId"]] = attributes["formatCode"]
            elif tag == "cellXfs":
                is_cell_style = True
            elif tag == "xf" and is_cell_style:
                styles.append(attributes.get("numFmtId", "0"))

        def end(tag: str) -> None:
            nonlocal is_cell_style
            if tag == "cellXfs":
                is_cell_style = False

        for kind, part in self.relations.values():
            if kind == "styles":
                self._parse(part, start, None, end)
        return frozenset(
            str(index)
            for index, number in enumerate(styles)
            if (_is_date_pattern(patterns[number]) if number in patterns else int(number) in _DATE_FORMATS)
        )

    def _cells(self, sheet: _Listed) -> _Cells:
        cells = _Cells(self.file_name, self._shared_texts(), self._date_styles(), self.epoch)
        self._parse(sheet.part, cells.start, None, cells.end, cells.watch)
        return cells

    def _parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        text: Callable[[str], None] | None = None,
        end: Callable[[str], None] | None = None,
        watch: Callable[[expat.XMLParserType], None] | None = None,
    ) -> None:
        """Runs through a part's XML; element names reach the handlers without their namespaces."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        prefix = ""

        def first(tag: str, attributes: dict[str, str]) -> None:
            # Workbooks bind the main namespace once, on the root, with a prefix or without.
            nonlocal prefix
            prefix = tag.rpartition(":")[0]
            if prefix:
                cut = len(prefix) + 1
                parser.StartElementHandler = lambda name, given: start(name[cut:], given)
                if end is not None:
                    parser.EndElementHandler = lambda name: end(name[cut:])
            else:
                parser.StartElementHandler = start
                parser.EndElementHandler = end
            start(tag.rpartition(":")[2], attributes)

        def doctype(*_arguments: object) -> None:
            raise _damaged(self.file_name)

        parser.StartElementHandler = first
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = doctype
        if watch is not None:
            watch(parser)
        # zipfile never hands out more than the directory declares, and checks the sum at the end.
        with self.archive.open(part) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)


class _FoundError(Exception):
    """Ends the search for text."""


@dataclass(slots=True)
class _Column:
    """The cells of one column: distinct texts, and which record has which.

    `known` leads from what the XML says (kind of cell and its value) straight to the text's code.
    """

    codes: dict[str, int] = field(default_factory=lambda: {"": 0})
    known: dict[tuple[str, str], int] = field(default_factory=dict)
    records: array[int] = field(default_factory=lambda: array("i"))
    code_of: array[int] = field(default_factory=lambda: array("i"))


class _Cells:
    """What a worksheet's XML says, gathered while it passes by."""

    def __init__(
        self, file_name: str, shared: list[str], date_styles: frozenset[str], epoch: datetime
    ) -> None:
        self.file_name = file_name
        self.shared = shared
        self.date_styles = date_styles
        self.epoch = epoch
        self.parser: expat.XMLParserType | None = None
        self.places: dict[str, int] = {}
        self.header: dict[int, str] = {}
        self.header_row = 0
        self.columns: dict[int, _Column] = {}
        self.rows = array("i")
        self.formulas: dict[int, list[str]] = {}
        self.merged: list[str] = []
        self.row = 0
        self.row_name = "0"
        self.last_place = -1
        self.cell: dict[str, str] = {}
        self.parts: list[str] = []
        self.is_formula = False
        self.is_phonetic = False

    def watch(self, parser: expat.XMLParserType) -> None:
        """Takes the parser, whose text handler is switched on inside values alone."""
        self.parser = parser

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "c":
            self.cell = attributes
            self.is_formula = False
        elif tag in ("v", "t"):
            if self.parser is not None and not self.is_phonetic:
                self.parser.CharacterDataHandler = self.parts.append
        elif tag == "row":
            row = int(attributes.get("r", self.row + 1))
            if not self.row < row <= SHEET_ROWS:
                raise ValueError(row)
            self.row, self.row_name, self.last_place = row, str(row), -1
        elif tag == "f":
            self.is_formula = True
        elif tag == "rPh":
            self.is_phonetic = True
        elif tag == "mergeCell":
            self.merged.append(attributes["ref"])

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "c":
            self._take_cell()
        elif tag in ("v", "t"):
            if self.parser is not None:
                self.parser.CharacterDataHandler = None
        elif tag == "rPh":
            self.is_phonetic = False

    def _take_cell(self) -> None:
        place = self._next_place()
        self.last_place = place
        if self.is_formula:
            cells = self.formulas.setdefault(place, [])
            if len(cells) <= CELLS_SHOWN:  # one may be the header's
                cells.append(f"{column_letter(place)}{self.row}")
        if not self.parts:
            return
        raw = self.parts[0] if len(self.parts) == 1 else "".join(self.parts)
        self.parts.clear()
        kind = self.cell.get("t", "n")
        if kind == "n" and self.cell.get("s") in self.date_styles:
            kind = "date"
        if self.header_row in (0, self.row):
            text = self._text(kind, raw)
            if text and not text.isspace():
                self._check_place(place)
                self.header_row = self.row
                self.header[place] = text
        else:
            self._keep(place, kind, raw)

    def _next_place(self) -> int:
        """The place of the cell; raises ValueError where cells are out of order or beyond the sheet."""
        reference = self.cell.get("r")
        if reference is None:
            place = self.last_place + 1
        elif reference.endswith(self.row_name):
            letters = reference[: -len(self.row_name)]
            known = self.places.get(letters)
            if known is None:
                known = self.places[letters] = _place(letters)
            place = known
        else:
            raise ValueError(reference)
        if not self.last_place < place < SHEET_COLUMNS:
            raise ValueError(reference)
        return place

    def _check_place(self, place: int) -> None:
        if place >= COLUMNS:
            raise too_many_columns(self.file_name, place + 1)

    def _keep(self, place: int, kind: str, raw: str) -> None:
        column = self.columns.get(place)
        if column is None:
            column = _Column()
        code = column.known.get((kind, raw))
        if code is None:
            text = self._text(kind, raw)
            code = 0 if text.isspace() else column.codes.setdefault(text, len(column.codes))
            if kind != "inlineStr":  # those seldom come twice
                column.known[kind, raw] = code
        if not code:
            return
        if not column.records:
            self._check_place(place)
            self.columns[place] = column
        if not self.rows or self.rows[-1] != self.row:
            if len(self.rows) == ROWS:
                check_size(ROWS + 1, 1, self.file_name)
            self.rows.append(self.row)
        column.records.append(len(self.rows) - 1)
        column.code_of.append(code)

    def _text(self, kind: str, raw: str) -> str:
        if kind == "s":
            index = int(raw)
            if index < 0:
                raise ValueError(raw)
            return self.shared[index]
        if kind == "n":
            return _number(raw)
        if kind == "date":
            return _date(raw, self.epoch)
        if kind == "b":
            return "true" if raw.strip() == "1" else "false"
        return _unescaped(raw)

    def table(self, sheet: str, hidden: tuple[str, ...]) -> Table:
        """The table; raises IntakeError where the header or the cells do not make one."""
        if not self.header_row:
            raise empty(self.file_name)
        merged = list(_merged_ranges(self.merged))
        self._check_header(merged)
        if not self.rows:
            raise header_only(self.file_name)
        n_columns = max(*self.header, *self.columns, 0) + 1
        names = named_columns([self.header.get(place, "") for place in range(n_columns)], self.file_name)
        check_size(len(self.rows), n_columns, self.file_name)
        values = tuple(
            _dictionary_array(self.columns.get(place), len(self.rows)) for place in range(n_columns)
        )
        merged_below: dict[int, list[str]] = {}
        for left, right, _top, _bottom, reference in merged:
            for place in range(left, min(right, n_columns - 1) + 1):
                merged_below.setdefault(place, []).append(reference)
        facts = Reading(
            "xlsx",
            len(self.rows),
            sheet=sheet,
            hidden_sheets=hidden,
            formulas={place: tuple(cells[:CELLS_SHOWN]) for place, cells in self.formulas.items()},
            merged={place: tuple(cells[:CELLS_SHOWN]) for place, cells in merged_below.items()},
        )
        return Table(names, values, np.frombuffer(self.rows, dtype=np.int32).copy(), facts)

    def _check_header(self, merged: list[tuple[int, int, int, int, str]]) -> None:
        across = [
            reference for _left, _right, top, bottom, reference in merged if top <= self.header_row <= bottom
        ]
        if across:
            raise IntakeError(
                _(
                    "{file}: header cells are merged: {cells}. "
                    "Unmerge them, and give every column its whole header in one row."
                ).format(file=self.file_name, cells=cells_in_words(across[:CELLS_SHOWN], len(across)))
            )
        made = [
            cell
            for cells in self.formulas.values()
            for cell in cells
            if cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(self.header_row)
        ]
        if made:
            raise IntakeError(
                _(
                    "{file}: header cells are formulas: {cells}. Copy the header and paste it as values."
                ).format(file=self.file_name, cells=cells_in_words(made[:CELLS_SHOWN], len(made)))
            )


def _place(letters: str) -> int:
    """The place of a column, counted from 0, by its letters."""
    if not _LETTERS.fullmatch(letters):
        raise ValueError(letters)
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _merged_ranges(references: list[str]) -> Iterator[tuple[int, int, int, int, str]]:
    """Left, right (counted from 0), top and bottom (from 1) of merged ranges, and their names."""
    for reference in references:
        first, _colon, last = reference.partition(":")
        corners = [re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", corner) for corner in (first, last or first)]
        if corners[0] is None or corners[1] is None:
            raise ValueError(reference)
        (left, top), (right, bottom) = (corner.groups() for corner in corners if corner is not None)
        yield _place(left), _place(right), int(top), int(bottom), reference


def _dictionary_array(column: _Column | None, n: int) -> pa.DictionaryArray:
    column = column or _Column()
    indices = np.zeros(n, dtype=np.int32)
    indices[np.frombuffer(column.records, dtype=np.int32)] = np.frombuffer(column.code_of, dtype=np.int32)
    return pa.DictionaryArray.from_arrays(indices, pa.array(column.codes, pa.string()))


def _number(raw: str) -> str:
    """A number as a spreadsheet shows it: 15 digits, so that 6.9999999999999996 is the 7 it stands for."""
    raw = raw.strip()
    if _WHOLE.fullmatch(raw):
        return raw
    return f"{float(raw):.15g}"


def _date(raw: str, epoch: datetime) -> str:
    """A date in ISO form; a number beyond the calendar stays a number."""
    try:
        moment = epoch + timedelta(days=float(raw), milliseconds=500)
    except (OverflowError, ValueError):
        return _number(raw)
    moment = moment.replace(microsecond=0)
    return moment.date().isoformat() if moment.time() == moment.min.time() else moment.isoformat(" ")


def _is_date_pattern(pattern: str) -> bool:
    return pattern.casefold() != "general" and bool(
        re.search(r"[ymdhs]", _NOT_PATTERN.sub("", pattern), re.IGNORECASE)
    )


def _unescaped(text: str) -> str:
    """Text with the format's own escapes of control characters undone; those that mean nothing go."""
    if "_x" not in text:
        return text

    def character(found: re.Match[str]) -> str:
        code = int(found.group(1), 16)
        if 0xD800 <= code <= 0xDFFF:
            return found.group(0)
        return chr(code) if code >= 0x20 or code in (0x09, 0x0A, 0x0D) else ""

    return _ESCAPED.sub(character, text)
