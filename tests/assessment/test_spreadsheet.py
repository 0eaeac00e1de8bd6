"""A sheet as a file: what stands in it, that it is no danger to who opens it, that it is easy to fill in."""

import csv
import dataclasses
import io
import zipfile

import openpyxl
import pytest

from improve.assessment import answer_many, begin, sheet_for, submit, submitted_sheet
from improve.assessment.spreadsheet import (
    empty_csv,
    empty_workbook,
    headings,
    sheet_csv,
    sheet_workbook,
    time_stamp,
)
from improve.instruments import Category, read_library
from improve.language import PSEUDO, speaking
from improve.model import Role, Viewer
from improve.store import Wording, open_round
from tests.factory import NO, NOT_APPLICABLE, YES, make_organisation, make_store, small_maturity

OPERATOR = Viewer(Role.OPERATOR)
SMALL = small_maturity()
HOSTILE = '=HYPERLINK("http://example.org","x")'
ANSWERS = [
    Wording("LEAD1a", YES, HOSTILE),
    Wording("LEAD1b", NO, "https://example.org/strategy"),
    Wording("WEB2a", NOT_APPLICABLE, "", "We have no website, the county has"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Alton submitted in 2026 and has begun anew; Bixby has begun and answered a little."""
    organisations = (make_organisation("E1", name="Alton"), make_organisation("E2", name="Bixby"))
    store = make_store(tmp_path_factory.mktemp("sheets"), organisations=organisations)
    open_round(store, "2026")
    for code in ("E1", "E2"):
        begin(store, OPERATOR, code, SMALL, "Ann")
        sheet = sheet_for(store, OPERATOR, code, "dma")
        answer_many(store, OPERATOR, sheet, ANSWERS, "Ann, Head of ICT")
    sheet = sheet_for(store, OPERATOR, "E1", "dma")
    rest = {one.id for one in SMALL.criteria} - {one.item for one in ANSWERS}
    answer_many(store, OPERATOR, sheet, [Wording(item, NO) for item in rest], "Ann, Head of ICT")
    submit(store, OPERATOR, sheet, "Ann")
    begin(store, OPERATOR, "E1", SMALL, "Bob")
    yield store
    store.close()


@pytest.fixture
def sheet(store):
    return sheet_for(store, OPERATOR, "E2", "dma")


def rows_of(content):
    """The rows of the first worksheet, as dicts by its header."""
    head, *rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def records(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_criterion_has_a_row_with_what_it_means_and_what_was_answered(sheet):
    rows = {row["Id"]: row for row in rows_of(sheet_workbook(sheet))}
    assert list(rows) == [one.id for one in SMALL.criteria]
    when = time_stamp(sheet.answers["WEB2a"].answered_at)
    assert rows["WEB2a"] == {
        "Id": "WEB2a",
        "Function": "Website",
        "Level": 2,
        "Topic": "Topic WEB2a",
        "Criterion": "There is WEB2a",
        "What good looks like": "Everybody knows WEB2a",
        "Answer": "Does not apply",
        "Reason if it does not apply": "We have no website, the county has",
        "Evidence": None,
        "Answered by": "Ann, Head of ICT",
        "Answered at": when,
    }
    assert rows["SAFE1a"]["Answer"] is rows["SAFE1a"]["Answered at"] is None


def test_the_csv_says_the_same(sheet):
    content = sheet_csv(sheet)
    assert content.startswith(b"\xef\xbb\xbf")
    plain = [
        {key: "" if value is None else str(value) for key, value in row.items()}
        for row in rows_of(sheet_workbook(sheet))
    ]
    assert [{**row, "Evidence": row["Evidence"].removeprefix("'")} for row in records(content)] == plain


def test_what_was_typed_is_no_formula_and_no_link(sheet):
    content = sheet_workbook(sheet)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name)
            assert b"<hyperlink" not in parts.read(name)
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["I2"]
    assert (cell.value, cell.data_type) == (HOSTILE, "s")
    assert records(sheet_csv(sheet))[0]["Evidence"] == "'" + HOSTILE


def test_the_same_sheet_is_the_same_file(sheet):
    assert sheet_workbook(sheet) == sheet_workbook(sheet)


def test_answers_of_last_time_stand_under_their_round(store):
    sheet = sheet_for(store, OPERATOR, "E1", "dma")
    rows = {row["Id"]: row for row in rows_of(sheet_workbook(sheet))}
    assert rows["LEAD1a"]["Answer in 2026"] == "Yes"
    assert rows["SAFE3b"]["Answer in 2026"] == "No"
    assert rows["LEAD1a"]["Answer"] is None


def test_answers_of_another_version_that_had_more_of_them(store):
    sheet = sheet_for(store, OPERATOR, "E1", "dma")
    sheet = dataclasses.replace(sheet, last={**sheet.last, "LEAD1a": 77})
    assert rows_of(sheet_workbook(sheet))[0]["Answer in 2026"] is None


def test_what_was_submitted_is_a_sheet_too(store):
    sheet = submitted_sheet(store, OPERATOR, "E1", "dma")
    assert (sheet.assessment.round, sheet.is_whole, sheet.last_round) == ("2026", True, None)
    assert rows_of(sheet_workbook(sheet))[0]["Evidence"] == HOSTILE
    assert submitted_sheet(store, OPERATOR, "E2", "dma") is None


def test_the_answers_are_offered_as_a_list(sheet):
    book = openpyxl.load_workbook(io.BytesIO(sheet_workbook(sheet)))
    offered, *lengths = book.active.data_validations.dataValidation
    assert (str(offered.sqref), offered.type, offered.errorStyle) == ("G2:G19", "list", "warning")
    name, _mark, cells = offered.formula1.rpartition("!")
    there = [cell.value for (cell,) in book[name.strip("'")][cells.replace("$", "")]]
    assert there == ["Yes", "No", "Don't know", "Does not apply"]
    assert [(str(one.sqref), one.formula1) for one in lengths] == [("H2:H19", "300"), ("I2:I19", "1000")]


def test_it_is_made_to_be_read_and_printed(sheet):
    page = openpyxl.load_workbook(io.BytesIO(sheet_workbook(sheet))).active
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == "A1:K19"
    assert (page.print_title_rows, page.page_setup.orientation) == ("$1:$1", "landscape")
    assert page.protection.sheet is False
    for row in page.iter_rows():
        for cell in row:
            assert cell.alignment.wrap_text
    # What is to be filled in is told by colour, and on the second worksheet by words.
    assert page["G2"].fill.fgColor.rgb != page["A2"].fill.fgColor.rgb


def test_every_column_is_explained(sheet):
    book = openpyxl.load_workbook(io.BytesIO(sheet_workbook(sheet)))
    head = [cell.value for cell in book.active[1]]
    rows = [row[:2] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
    assert [row[0] for row in rows] == head
    assert all(row[1] for row in rows)
    assert "300 characters; for: Does not apply." in dict(rows)["Reason if it does not apply"]


def test_an_empty_file_has_every_criterion_and_nothing_to_be_explained_away():
    for found in (rows_of(empty_workbook(SMALL)), records(empty_csv(SMALL))):
        assert [row["Id"] for row in found] == [one.id for one in SMALL.criteria]
        assert not any(
            row["Answer"] or row["Reason if it does not apply"] or row["Evidence"] for row in found
        )
        assert not {"Answered by", "Answered at", "Answer last time"} & found[0].keys()


def test_the_shipped_instrument_fits():
    shipped = read_library().get("dma")
    assert len(rows_of(empty_workbook(shipped))) == len(shipped.criteria)


def test_headings_are_translated(sheet):
    with speaking(PSEUDO):
        head = next(csv.reader(io.StringIO(sheet_csv(sheet).decode("utf-8-sig"))))
        assert head == [name for key, name in headings().items() if key != "last"]
        assert all(name.startswith("⟦") for name in head)
        name = openpyxl.load_workbook(io.BytesIO(sheet_workbook(sheet))).sheetnames[1]
    assert name.startswith("⟦")


def test_texts_of_an_instrument_are_no_formulas_either():
    functions = (Category(id="LEAD", name="=1+1"), *SMALL.functions[1:])
    hostile = SMALL.model_copy(update={"functions": functions})
    assert records(empty_csv(hostile))[0]["Function"] == "'=1+1"
    assert openpyxl.load_workbook(io.BytesIO(empty_workbook(hostile))).active["B2"].data_type == "s"
