"""From the bytes of a file to a table, whatever its name says."""

from __future__ import annotations

from improve.errors import IntakeError
from improve.intake.delimited import not_text, read_delimited
from improve.intake.record import FILE_BYTES, Table, empty
from improve.intake.workbook import protected, read_workbook
from improve.language import _, whole

__all__ = ["Table", "read_table"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"PAR1",
    b"SQLite format 3",
    b"\x7fELF",
    b"MZ\x90",
    b"{\\rtf",
)
_SPREADSHEET_XML = (b"<?xml", b"<html", b"<!doctype", b"<table")


def read_table(
    content: bytes,
    file_name: str,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Table:
    """The records of a CSV file or of one sheet of an XLSX workbook.

    `encoding` (of text) and `sheet` (of a workbook) override what the file itself tells.
    Raises IntakeError where the file cannot be read; its message says what to do.
    """
    if len(content) > FILE_BYTES:
        raise IntakeError(
            _(
                "{file} is larger than {limit} MB. Delete the columns that are no answers, or split it."
            ).format(file=file_name, limit=whole(FILE_BYTES // 1_000_000))
        )
    if not content.strip():
        raise empty(file_name)
    if content.startswith(_ZIP):
        return read_workbook(content, file_name, sheet)
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise protected(file_name)
        raise IntakeError(
            _("{file} is an old Excel file (XLS). Save it as XLSX or CSV, and import that.").format(
                file=file_name
            )
        )
    if content.startswith(_BINARY):
        raise not_text(file_name)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_SPREADSHEET_XML):
        raise IntakeError(
            _(
                "{file} is a web page or an XML file, whatever its name says. "
                "Open it in a spreadsheet program, save it as XLSX or CSV, and import that."
            ).format(file=file_name)
        )
    if sheet is not None:
        raise IntakeError(
            _("{file} is not a workbook, so it has no sheet “{sheet}”.").format(file=file_name, sheet=sheet)
        )
    return read_delimited(content, file_name, encoding)
