"""XLSX workbooks: looked over here, read by calamine.

calamine trusts a file with its memory: it lays a sheet out as one block from the first to the last cell
that holds something, so two cells in a file of 5 KB ("A1" and "XFD1048576") make it ask for 550 GB, and
it makes room for as many texts as `uniqueCount` claims. The refusal aborts the whole process, which
nothing in Python can catch (calamine issues 693 and 684). So a scan tells first how far a sheet reaches,
and calamine gets a workbook made here: that sheet, the texts and the styles, well-formed and bounded.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from itertools import islice
from posixpath import join, normpath
from xml.parsers import expat

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

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
    without_blank_rows,
)
from improve.language import _, whole

UNPACKED_BYTES = 300_000_000
"""All parts of a workbook together, as its directory declares them; reading stops there in any case.

100,000 responses to 41 questions take about 120 MB.
"""

UNPACKED_RATIO = 200
"""How many times larger than the file its parts may be, beyond the first 10 MB; real ones: 8 to 30."""

UNPACKED_FREE = 10_000_000
PARTS = 10_000
CHUNK_BYTES = 1 << 20
CHUNK_ROWS = 1_000
CELLS_SHOWN = 3
MERGES = 10_000
"""Below the header, more merged ranges than these are not looked at."""

SHEET_ROWS, SHEET_COLUMNS = 1_048_576, 16_384
"""The format's own limits; a cell beyond them does not exist."""

_MALFORMED = (
    CalamineError,
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What zipfile, zlib, expat and calamine, and our reading of names, raise on damaged files."""

_OOXML = "http://schemas.openxmlformats.org"
_RELATIONS = f'<Relationships xmlns="{_OOXML}/package/2006/relationships">{{}}</Relationships>'
_RELATION = (
    f'<Relationship Id="{{0}}" Type="{_OOXML}/officeDocument/2006/relationships/{{0}}" Target="/{{1}}"/>'
)
_BOOK = (
    f'<workbook xmlns="{_OOXML}/spreadsheetml/2006/main"'
    f' xmlns:r="{_OOXML}/officeDocument/2006/relationships"><workbookPr date1904="{{}}"/>'
    '<sheets><sheet name="1" sheetId="1" r:id="worksheet"/></sheets></workbook>'
)
_GIVEN = {
    "worksheet": "xl/worksheets/sheet1.xml",
    "sharedStrings": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
}
"""The kinds of parts that calamine is given, and where it looks for them."""

_CLAIM = re.compile(rb"(<(?:[^\s<>/]*:)?sst)\s[^>]*?(/?)>")
_ERROR_VALUE = re.compile(rb"""(<(?:[^\s<>/]*:)?c\s[^<>]*?\bt\s*=\s*)(?:"e"|'e')""")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EPOCH = datetime(1899, 12, 30)
_PLACES = {column_letter(place): place for place in range(SHEET_COLUMNS)}


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
    """The parts of a workbook, and which of its sheets is meant."""

    def __init__(self, archive: zipfile.ZipFile, file_name: str) -> None:
        self.archive = archive
        self.file_name = file_name
        path = dict(self._relations("").values())["officeDocument"]
        self.relations = self._relations(path)
        self.is_1904 = False
        self.sheets: list[_Listed] = []
        self._parse(path, self._take)

    def table(self, wanted: str | None) -> Table:
        hidden = tuple(sheet.name for sheet in self.sheets if sheet.is_hidden)
        if wanted is None:
            return self._only(hidden).table(hidden)
        sheet = self._named(wanted)
        return self._cells(sheet, self._scan(sheet)).table(hidden)

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

    def _only(self, hidden: tuple[str, ...]) -> _Cells:
        scans = [(sheet, self._scan(sheet)) for sheet in self.sheets if not sheet.is_hidden]
        cells = [self._cells(sheet, scan) for sheet, scan in scans if scan.n_rows]
        filled = [each for each in cells if each.header_row]
        filled[1:] = [each for each in filled[1:] if not each.explains(filled[0])]
        if len(filled) == 1:
            return filled[0]
        if filled:
            raise IntakeError(
                _(
                    "{file} has several sheets that hold something: {sheets}. "
                    "Say which one holds the responses (option --sheet)."
                ).format(file=self.file_name, sheets=listed([each.name for each in filled]))
            )
        if hidden:
            raise IntakeError(
                _(
                    "{file} has nothing on its visible sheets; hidden sheets are not read: {sheets}. "
                    "Unhide the one with the responses, and save the workbook."
                ).format(file=self.file_name, sheets=listed(hidden))
            )
        raise empty(self.file_name)

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id -> (kind, path)."""
        folder, _slash, name = path.rpartition("/")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = normpath(join("/", folder, attributes["Target"])).lstrip("/")
                found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)

        self._parse(join(folder, "_rels", f"{name}.rels"), start)
        return found

    def _take(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "workbookPr":
            self.is_1904 = attributes.get("date1904") in ("1", "true")
        elif _local(tag) == "sheet":
            relation = next(text for name, text in attributes.items() if name.endswith(":id"))
            kind, part = self.relations[relation]
            if kind == "worksheet":
                is_hidden = attributes.get("state", "visible") != "visible"
                self.sheets.append(_Listed(attributes["name"], part, is_hidden))

    def _scan(self, sheet: _Listed) -> _Scan:
        scan = _Scan()
        self._parse(sheet.part, scan.start, scan.end)
        return scan

    def _cells(self, sheet: _Listed, scan: _Scan) -> _Cells:
        if scan.n_columns > COLUMNS:
            raise too_many_columns(self.file_name, scan.n_columns)
        check_size(scan.n_rows - 1, 1, self.file_name)
        check_size(min(scan.last_row - scan.first_row + 1, ROWS), scan.n_columns, self.file_name)
        alone = CalamineWorkbook.from_filelike(self._alone(sheet, scan.has_error_value))
        return _Cells(sheet.name, self.file_name, scan, alone.get_sheet_by_index(0))

    def _alone(self, sheet: _Listed, has_error_value: bool) -> BytesIO:
        """A workbook of one scanned sheet, without what calamine would fail at or leave out."""
        there = {*self.archive.namelist()}
        parts = {kind: part for kind, part in self.relations.values() if kind in _GIVEN and part in there}
        for part in parts.values():
            self._parse(part)
        parts["worksheet"] = sheet.part
        relations = "".join(_RELATION.format(kind, _GIVEN[kind]) for kind in parts)
        content = BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as alone:
            root = _RELATION.format("officeDocument", "xl/workbook.xml")
            alone.writestr("_rels/.rels", _RELATIONS.format(root))
            alone.writestr("xl/workbook.xml", _BOOK.format(int(self.is_1904)))
            alone.writestr("xl/_rels/workbook.xml.rels", _RELATIONS.format(relations))
            for kind, part in parts.items():
                xml = self.archive.read(part)
                if kind == "sharedStrings":
                    xml = _CLAIM.sub(rb"\1\2>", xml)
                elif kind == "worksheet" and has_error_value:
                    # calamine makes "#N/A" a blank cell, and fails at those it does not know ("#SPILL!").
                    xml = _ERROR_VALUE.sub(rb'\1"str"', xml)
                alone.writestr(_GIVEN[kind], xml)
        content.seek(0)
        return content

    def _parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None] | None = None,
        end: Callable[[str], None] | None = None,
    ) -> None:
        """Runs through a part's XML; raises where it is no well-formed UTF-8.

        calamine knows no other encoding and no declared types, and loses marked sections in values; it
        must find the same elements that are found here.
        """
        parser = expat.ParserCreate("utf-8")

        def refuse(*_arguments: object) -> None:
            raise _damaged(self.file_name)

        parser.StartDoctypeDeclHandler = parser.StartCdataSectionHandler = refuse
        parser.StartElementHandler, parser.EndElementHandler = start, end
        # zipfile never hands out more than the directory declares, and checks the sum at the end.
        with self.archive.open(part) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                if b"\0" in chunk:
                    refuse()  # UTF-16, which expat reads in spite of what it was told
                parser.Parse(chunk, False)
            parser.Parse(b"", True)


@lru_cache(maxsize=1_000)
def _local(tag: str) -> str:
    """An element's name without its namespace's prefix: calamine goes by that alone."""
    return tag.rpartition(":")[2]


@dataclass(slots=True)
class _Scan:
    """How far the cells of a worksheet that hold something reach, and which are formulas.

    Places of columns are counted from 0, rows from 1; `row`, `place` and the like are where the parser is.
    """

    n_rows: int = 0
    first_row: int = 0
    last_row: int = 0
    n_columns: int = 0
    has_error_value: bool = False
    formulas: dict[int, list[str]] = field(default_factory=dict)
    row: int = 0
    row_name: str = "0"
    place: int = -1
    is_row: bool = False
    is_cell: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins; raises where a row or a cell is within another, or out of order."""
        name = _local(tag)
        if name == "c":
            if self.is_cell or not self.is_row:
                raise ValueError(tag)
            self.is_cell = True
            reference = attributes.get("r")
            if reference is None:
                place = self.place + 1
            elif reference.endswith(self.row_name):
                place = _PLACES[reference[: -len(self.row_name)]]
            else:
                raise ValueError(reference)
            if not self.place < place < SHEET_COLUMNS:
                raise ValueError(reference)
            self.place = place
            if attributes.get("t") == "e":
                self.has_error_value = True
        elif self.is_cell and name in ("v", "is"):
            if self.row != self.last_row:
                self.last_row = self.row
                self.first_row = self.first_row or self.row
                self.n_rows += 1
            if self.place >= self.n_columns:
                self.n_columns = self.place + 1
        elif self.is_cell and name == "f":
            cells = self.formulas.setdefault(self.place, [])
            if len(cells) <= CELLS_SHOWN:  # one may be the header's
                cells.append(f"{column_letter(self.place)}{self.row}")
        elif name == "row":
            self.row_name = attributes.get("r") or str(self.row + 1)
            if self.is_row or not self.row < int(self.row_name) <= SHEET_ROWS:
                raise ValueError(self.row_name)
            self.row, self.place, self.is_row = int(self.row_name), -1, True

    def end(self, tag: str) -> None:
        """An element ends."""
        name = _local(tag)
        if name == "c":
            self.is_cell = False
        elif name == "row":
            self.is_row = False


class _Column(dict[object, int]):
    """The cells of one column: values to codes, codes to texts, and which record has which."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = {"": 0}
        self.codes = array("i")

    def __missing__(self, value: object) -> int:
        code = self[value] = self.texts.setdefault(_text(value), len(self.texts))
        return code

    def take(self, values: Sequence[object]) -> None:
        """Appends the values of further records."""
        if bool in set(map(type, values)):  # True and 1.0 are the same key
            values = [_text(value) if isinstance(value, bool) else value for value in values]
        self.codes.extend(map(self.__getitem__, values))

    def array(self, n: int) -> pa.DictionaryArray:
        """The texts of `n` records; all blank where none were taken."""
        codes = np.frombuffer(self.codes, np.int32) if self.codes else np.zeros(n, np.int32)
        return pa.DictionaryArray.from_arrays(codes, pa.array(list(self.texts), pa.string()))


class _Cells:
    """What a worksheet holds: its header, and the columns below it."""

    def __init__(self, name: str, file_name: str, scan: _Scan, sheet: CalamineSheet) -> None:
        self.name = name
        self.file_name = file_name
        self.formulas = scan.formulas
        self.merged = sheet.merged_cell_ranges or []
        self.columns = [_Column() for _place in range(scan.n_columns)]
        self.header: list[str] = []
        self.header_row = self.n = 0
        left = sheet.start[1] if sheet.start else 0
        rows = sheet.iter_rows()
        for number, row in enumerate(rows, start=1):
            self.header = [""] * left + [_text(value) for value in row]
            if any(self.header):
                self.header_row = number
                break
        while chunk := list(islice(rows, CHUNK_ROWS)):
            self.n += len(chunk)
            for column, values in zip(self.columns[left:], zip(*chunk, strict=True), strict=False):
                column.take(values)

    def explains(self, other: _Cells) -> bool:
        """Whether it is about another's columns, as in our own template: its first cells name them."""
        first = self.columns[0].texts.keys() - {""}
        return len(first & set(other.header)) > len(first) / 2

    def table(self, hidden: tuple[str, ...]) -> Table:
        """The table; raises IntakeError where the header or the cells do not make one."""
        if not self.header_row:
            raise empty(self.file_name)
        self._check_header()
        n_columns = len(self.header)
        while not self.header[n_columns - 1] and len(self.columns[n_columns - 1].texts) == 1:
            n_columns -= 1
        rows = np.arange(self.header_row + 1, self.header_row + 1 + self.n, dtype=np.int32)
        values, rows = without_blank_rows([column.array(self.n) for column in self.columns[:n_columns]], rows)
        if not len(rows):
            raise header_only(self.file_name)
        names = named_columns(self.header[:n_columns], self.file_name)
        merged: dict[int, tuple[str, ...]] = {}
        for first, last in self.merged[:MERGES]:
            for place in range(first[1], min(last[1] + 1, n_columns)):
                merged[place] = (*merged.get(place, ()), _range(first, last))[:CELLS_SHOWN]
        facts = Reading(
            "xlsx",
            len(rows),
            sheet=self.name,
            hidden_sheets=hidden,
            formulas={place: tuple(cells[:CELLS_SHOWN]) for place, cells in self.formulas.items()},
            merged=merged,
        )
        return Table(names, values, rows, facts)

    def _check_header(self) -> None:
        across = [
            _range(first, last) for first, last in self.merged if first[0] < self.header_row <= last[0] + 1
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


def _range(first: tuple[int, int], last: tuple[int, int]) -> str:
    """Cells from one corner to the other, counted from 0, as a spreadsheet names them: "A1:B2"."""
    return ":".join(f"{column_letter(place)}{row + 1}" for row, place in (first, last))


def _text(value: object) -> str:
    """A cell as a spreadsheet shows it, "" where that is blank; dates in ISO form.

    Numbers have 15 digits, so that 6.9999999999999996 is the 7 it stands for.
    """
    match value:
        case str():
            return "" if value.isspace() else _CONTROL.sub("", value)
        case bool():
            return "true" if value else "false"
        case float() | int():
            return f"{value + 0.0:.15g}"
        case timedelta():
            return _text(_EPOCH + value)
        case datetime():
            moment = (value + timedelta(milliseconds=500)).replace(microsecond=0)
            return moment.date().isoformat() if moment.time() == moment.min.time() else moment.isoformat(" ")
    return str(value)
