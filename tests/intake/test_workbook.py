"""XLSX workbooks: what cells mean, which sheet is read, and what is wrong or hostile."""

import io
import struct
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.comments import Comment

from improve.errors import IntakeError
from improve.instruments.template import template_header, template_workbook
from improve.intake import read_table
from improve.intake import record as limits
from improve.intake import workbook as room

ROWS = [["SYS1 importance", "COM1"], [5, "Tŷ <b>&amp;"], [None, "=not a formula"], [7, None]]


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts, method=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(as_xlsx, data):
    """A workbook whose only sheet holds this XML between its sheetData tags."""
    parts = parts_of(as_xlsx([["x"]]))
    name = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    parts[SHEET] = name + b"<sheetData>" + data + b"</sheetData></worksheet>"
    return packed(parts)


def test_cells_come_out_as_a_spreadsheet_shows_them(as_xlsx, records):
    def change(workbook):
        sheet = workbook.active
        sheet["B3"].data_type = "s"
        sheet["A1"].comment = Comment("not part of the header", "somebody")

    table = read_table(as_xlsx(ROWS, change), "survey.csv")
    assert table.columns == ("SYS1 importance", "COM1")
    assert records(table) == [["5", "Tŷ <b>&amp;"], ["", "=not a formula"], ["7", ""]]
    assert table.rows.tolist() == [2, 3, 4]
    assert (table.facts.format, table.facts.sheet, table.facts.formulas) == ("xlsx", "Data", {})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (4.5, "4.5"),
        (6.9999999999999996, "7"),
        (0.1 + 0.2, "0.3"),
        (-1, "-1"),
        (True, "true"),
        (False, "false"),
        (datetime(2026, 4, 6), "2026-04-06"),
        (datetime(2026, 4, 6, 9, 30, 15), "2026-04-06 09:30:15"),
        ("#N/A", "#N/A"),
        ("a_x000D_b", "a\rb"),
        ("a_x0007_b", "ab"),
        ("  spaced ", "  spaced "),
        ("line\nbreak", "line\nbreak"),
    ],
)
def test_one_value(as_xlsx, value, text):
    assert read_table(as_xlsx([["COM1"], [value]]), "x").values[0].to_pylist() == [text]


def test_a_number_format_tells_dates_from_numbers(as_xlsx):
    patterns = ["0.00", "[Red]0", '"day" 0', "d mmm yyyy", "[h]:mm", "General"]

    def change(workbook):
        for cell, pattern in zip(workbook.active[2], patterns, strict=True):
            cell.number_format = pattern

    table = read_table(as_xlsx([[f"c{n}" for n in range(6)], [46118] * 6], change), "x")
    assert [column.to_pylist()[0] for column in table.values] == [
        *["46118"] * 3,
        *["2026-04-06"] * 2,
        "46118",
    ]


def test_the_calendar_that_starts_in_1904(as_xlsx):
    def change(workbook):
        workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    content = as_xlsx([["c"], [datetime(2026, 4, 6)]], change)
    assert read_table(content, "x").values[0].to_pylist() == ["2026-04-06"]


def test_row_numbers_survive_gaps_above_and_between(as_xlsx, records):
    table = read_table(as_xlsx([[], ["OVR1"], [], [5], [None], [6]]), "x")
    assert records(table) == [["5"], ["6"]]
    assert table.rows.tolist() == [4, 6]


def with_texts(as_xlsx, data, texts):
    """A workbook with this sheet and this table of texts."""
    parts = parts_of(with_sheet(as_xlsx, data))
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Id="rIdShared" Type="' + kind + b'" Target="/xl/sharedStrings.xml"/>'
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation + b"</Relationships>")
    return packed({**parts, "xl/sharedStrings.xml": texts.encode()})


def test_inline_and_rich_texts_without_phonetic_readings(as_xlsx):
    data = (
        b'<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
        b"<row><c t='inlineStr'><is><t>in</t><rPh><t>no</t></rPh><t>line</t></is></c></row>"
    )
    texts = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>OVR1</t></si>'
        "<si><r><t>He</t></r><r><rPr><b/></rPr><t>llo</t></r><rPh><t>reading</t></rPh></si></sst>"
    )
    content = with_texts(as_xlsx, data, texts)
    assert read_table(content, "x").values[0].to_pylist() == ["Hello", "inline"]


def test_errors_stay_what_they_say(as_xlsx, records):
    data = b"""<row r="1"><c r="A1" t="str"><v>OVR1</v></c><c r="B1" t="str"><v>COM1</v></c></row>
        <row r="2"><c r="A2" s="0" t="e"><f>1/0</f><v>#DIV/0!</v></c><c t='e' r="B2"><v>#SPILL!</v></c></row>
        <row r="3"><c r="A3"><v>5</v></c><c r="B3" t="str"><v> t="e" </v></c></row>"""
    table = read_table(with_sheet(as_xlsx, data), "x")
    assert records(table) == [["#DIV/0!", "#SPILL!"], ["5", ' t="e" ']]
    assert table.facts.formulas == {0: ("A2",)}


def test_a_column_may_hold_all_kinds_of_values(as_xlsx, records, monkeypatch):
    monkeypatch.setattr(room, "CHUNK_ROWS", 2)
    values = [
        1,
        True,
        1.0,
        "1",
        "true",
        False,
        -0.0,
        timedelta(hours=36),
        time(9, 30),
        date(2026, 4, 6),
        None,
        " ",
    ]
    texts = ["1", "true", "1", "1", "true", "false", "0", "1899-12-31 12:00:00", "09:30:00", "2026-04-06"]
    table = read_table(as_xlsx([[None, "c"], *([None, value] for value in values)]), "x")
    assert table.columns == ("column A", "c")
    assert records(table) == [["", text] for text in texts]


def test_formulas_of_drawings_and_rules_are_none_of_a_cell(as_xlsx):
    parts = parts_of(as_xlsx([["c"], [1]]))
    rule = b'<extLst><ext xmlns:xm="urn:x"><xm:f>Data!A1</xm:f><xm:v>1</xm:v></ext></extLst></worksheet>'
    parts[SHEET] = parts[SHEET].replace(b"</worksheet>", rule)
    assert read_table(packed(parts), "x").facts.formulas == {}


def test_a_prefix_for_the_namespace_makes_no_difference(as_xlsx):
    parts = parts_of(as_xlsx(ROWS))
    plain = read_table(packed(parts), "x")
    text = parts[SHEET].decode()
    for tag in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        text = text.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>")
        text = text.replace(f"</{tag}>", f"</x:{tag}>")
    parts[SHEET] = text.replace("<x:worksheet xmlns=", "<x:worksheet xmlns:x=").encode()
    assert read_table(packed(parts), "x").values == plain.values


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.integers(-(10**6), 10**6),
                st.floats(-1e6, 1e6).map(lambda x: round(x, 3) + 0.0),
                st.booleans(),
                st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5),
            ),
            min_size=3,
            max_size=3,
        ),
        max_size=8,
    )
)
@settings(deadline=None)
def test_cells_equal_those_of_openpyxl(body):
    workbook = openpyxl.Workbook()
    workbook.active.append(["a", "b", "c"])
    for row, values in enumerate(body, start=2):
        for place, value in enumerate(values, start=1):
            cell = workbook.active.cell(row, place, value)
            if isinstance(value, str):
                cell.data_type = "s"
    content = io.BytesIO()
    workbook.save(content)

    def shown(value):
        if value is None or isinstance(value, str):
            return "" if value is None or not value.strip() else value
        return str(value).lower() if isinstance(value, bool) else f"{value:.15g}"

    sheet = openpyxl.load_workbook(io.BytesIO(content.getvalue())).active
    expected = {
        row: [shown(cell) for cell in cells]
        for row, cells in enumerate(sheet.iter_rows(min_row=2, max_col=3, values_only=True), start=2)
        if any(shown(cell) for cell in cells)
    }
    if not expected:
        with pytest.raises(IntakeError, match="no responses"):
            read_table(content.getvalue(), "x")
        return
    table = read_table(content.getvalue(), "x")
    found = zip(*(column.to_pylist() for column in table.values), strict=True)
    assert dict(zip(table.rows.tolist(), map(list, found), strict=True)) == expected


def test_formulas_below_the_header_are_reported(as_xlsx):
    rows = [["OVR1", "COM1"], *[[f"={n}+1", "x"] for n in range(1, 7)]]
    assert read_table(as_xlsx(rows), "x").facts.formulas == {0: ("A2", "A3", "A4")}


def test_merged_cells_below_the_header_are_reported(as_xlsx):
    rows = [["OVR1", "PRF1", "COM1"], [1, "a", "x"], [2, "b", "x"]]
    content = as_xlsx(rows, lambda workbook: workbook.active.merge_cells("B2:C3"))
    assert read_table(content, "x").facts.merged == {1: ("B2:C3",), 2: ("B2:C3",)}


def hide(name):
    def change(workbook):
        workbook.create_sheet("Codes").append(["A", "B"])
        workbook[name].sheet_state = "hidden"

    return change


def test_hidden_sheets_are_not_read_and_named(as_xlsx):
    table = read_table(as_xlsx(ROWS, hide("Codes")), "x")
    assert table.facts.hidden_sheets == ("Codes",)
    assert table.facts.sheet == "Data"


def add_sheet(workbook):
    workbook.create_sheet("Last year").append(["OVR1"])


def add_chart_of_nothing(workbook):
    workbook.create_sheet("Empty")
    workbook.create_sheet("Spaces").append([" "])
    workbook.create_chartsheet("Chart")


def test_several_sheets_need_a_choice(as_xlsx, records):
    content = as_xlsx(ROWS, add_sheet)
    with pytest.raises(IntakeError, match=r"several sheets that hold something: Data and Last year.*--sheet"):
        read_table(content, "x")
    assert records(read_table(content, "x", sheet="data"))[0][0] == "5"
    with pytest.raises(IntakeError, match=r"no sheet “Dada”. Its sheets are: Data, Last year"):
        read_table(content, "x", sheet="Dada")
    with pytest.raises(IntakeError, match="“Codes” is hidden"):
        read_table(as_xlsx(ROWS, hide("Codes")), "x", sheet="Codes")


def test_empty_sheets_and_charts_need_none(as_xlsx):
    assert read_table(as_xlsx(ROWS, add_chart_of_nothing), "x").facts.sheet == "Data"


def test_a_part_that_is_named_and_not_there_is_not_missed(as_xlsx, records):
    parts = parts_of(with_sheet(as_xlsx, far('<row r="2"><c>')))
    del parts["xl/styles.xml"]
    assert records(read_table(packed(parts), "x")) == [["2"]]


def test_our_own_template_is_read_without_its_explanation(survey):
    workbook = openpyxl.load_workbook(io.BytesIO(template_workbook(survey)))
    workbook.worksheets[0].append([5] * len(template_header(survey)))
    content = io.BytesIO()
    workbook.save(content)
    table = read_table(content.getvalue(), "x")
    assert list(table.columns) == template_header(survey)
    with pytest.raises(IntakeError, match="has a header and no responses"):
        read_table(template_workbook(survey), "x")


def with_password(content):
    protected = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt("secret", protected)
    return protected.getvalue()


def hide_all_data(workbook):
    workbook.create_sheet("Front")
    workbook["Data"].sheet_state = "hidden"


WRONG = {
    "password": (lambda make: with_password(make(ROWS)), "is protected by a password"),
    "merged header": (
        lambda make: make(ROWS, lambda workbook: workbook.active.merge_cells("A1:B1")),
        "header cells are merged: A1:B1",
    ),
    "merged title above": (
        lambda make: make([["Survey 2026"], *ROWS], lambda workbook: workbook.active.merge_cells("A1:B1")),
        "header cells are merged: A1:B1",
    ),
    "formula in the header": (
        lambda make: make([["a", "b"], [1, 2]], lambda workbook: workbook.active.cell(1, 2, '="SYS"&1')),
        "header cells are formulas: B1",
    ),
    "only hidden data": (
        lambda make: make(ROWS, hide_all_data),
        "nothing on its visible sheets; hidden sheets are not read: Data",
    ),
    "empty": (lambda make: make([]), "is empty"),
    "header only": (lambda make: make(ROWS[:1]), "has a header and no responses"),
    "duplicate columns": (
        lambda make: make([["a", "b", "A"], [1, 2, 3]]),
        "columns A and C have the same header",
    ),
    "too wide": (lambda make: make([["c"] + [None] * 1000 + ["d"], [1]]), "has 1,002 columns; at most 1,000"),
    "cut short": (lambda make: make(ROWS)[:-200], "is damaged"),
    "a zip of something": (lambda make: packed({"a.csv": b"OVR1\n5"}), "is a ZIP archive. Unpack it"),
    "OpenDocument": (lambda make: packed({"mimetype": b"x", "content.xml": b"<x/>"}), "is an OpenDocument"),
    "XLSB": (lambda make: packed({"xl/workbook.bin": b"x"}), "is a binary workbook (XLSB)"),
    "entities": (
        lambda make: packed(
            {
                name: data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)
                for name, data in parts_of(make(ROWS)).items()
            }
        ),
        "is damaged",
    ),
    "another compression": (lambda make: packed(parts_of(make(ROWS)), zipfile.ZIP_BZIP2), "is damaged"),
    "cells out of order": (
        lambda make: with_sheet(make, b'<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
        "is damaged",
    ),
    "a text that is not there": (
        lambda make: with_sheet(make, b'<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'),
        "is damaged",
    ),
    "a marked section": (
        lambda make: with_sheet(make, b'<row r="1"><c r="A1" t="str"><v><![CDATA[a]]>b</v></c></row>'),
        "is damaged",
    ),
    "UTF-16": (
        lambda make: packed(
            {
                name: data.decode().replace("UTF-8", "UTF-16").encode("utf-16") if name == SHEET else data
                for name, data in parts_of(make(ROWS)).items()
            }
        ),
        "is damaged",
    ),
    "a row of another planet": (
        lambda make: with_sheet(make, b'<row r="9999999999"><c><v>1</v></c></row>'),
        "is damaged",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_a_sentence(as_xlsx, case):
    build, sentence = WRONG[case]
    with pytest.raises(IntakeError) as caught:
        read_table(build(as_xlsx), "file.xlsx")
    assert sentence in str(caught.value)
    assert "file.xlsx" in str(caught.value)


def test_a_zip_bomb_is_refused_by_its_directory(as_xlsx, monkeypatch):
    parts = parts_of(as_xlsx(ROWS))
    bomb = packed({**parts, SHEET: b"<worksheet>" + b" " * 400_000_000})
    assert len(bomb) < 1_000_000
    monkeypatch.setattr(room, "_Workbook", lambda *_arguments: pytest.fail("unpacked"))
    with pytest.raises(IntakeError, match="would unpack to 400 MB"):
        read_table(bomb, "bomb.xlsx")
    ratio = packed({**parts, SHEET: b"<worksheet>" + b" " * 20_000_000})
    with pytest.raises(IntakeError, match="would unpack to 20 MB"):
        read_table(ratio, "bomb.xlsx")


def test_a_directory_that_lies_about_sizes_unpacks_no_more_than_it_says(as_xlsx, monkeypatch):
    n = 50_000_000
    content = bytearray(
        packed({**parts_of(as_xlsx(ROWS)), SHEET: b"<worksheet>" + b" " * n + b"</worksheet>"})
    )
    honest = struct.pack("<I", n + 23)
    assert content.count(honest) == 2
    content = bytes(content).replace(honest, struct.pack("<I", 1000))
    read = []
    opened = zipfile.ZipExtFile.read

    def counted(stream, size=-1):
        data = opened(stream, size)
        read.append(len(data))
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    with pytest.raises(IntakeError, match="is damaged"):
        read_table(content, "liar.xlsx")
    assert sum(read) < 20_000


def far(start, end="</c></row>"):
    return f'<row r="1"><c r="A1"><v>1</v></c></row>{start}<v>2</v>{end}'.encode()


BEYOND = {
    "two corners": (far('<row r="1048576"><c r="XFD1048576">'), "has 16,384 columns; at most 1,000 are read"),
    "many blank rows": (far('<row r="1048576"><c r="ALL1048576">'), "most of them blank"),
    "no references": (far('<row r="1048576">' + "<c/>" * 999 + "<c>"), "most of them blank"),
    "another namespace": (
        far('<row r="1048576"><y:c xmlns:y="y" r="XFD1048576">', "</y:c></row>"),
        "has 16,384 columns",
    ),
    "lower case": (far('<row r="1048576"><c r="xfd1048576">'), "is damaged"),
    "a row that is not the cell's": (far('<row r="1000000"><c r="ALL1048576">'), "is damaged"),
    "a row beyond the sheet": (far('<row r="1215752190"><c>'), "is damaged"),
    "a cell within a cell": (
        far('<row r="1048576"><c r="ALL1048576"><f><c r="ALM1048576"/></f>'),
        "is damaged",
    ),
    "a row within a row": (far('<row r="2"><row r="3"><c r="A3">', "</c></row></row>"), "is damaged"),
    "a cell outside of rows": (far('<row r="1048576"/><c r="ALL1048576">', "</c>"), "is damaged"),
    "a type declared": (b"<!DOCTYPE x>" + far('<row r="2"><c>'), "is damaged"),
}
READ_WITH_LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
from improve.errors import IntakeError
from improve.intake import read_table
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        print(path.name, "read", *read_table(path.read_bytes(), "file").values[0].to_pylist(), sep="\\t")
    except IntakeError as error:
        print(path.name, "refused", error, sep="\\t")
"""


def test_no_claim_of_a_file_aborts_the_process(as_xlsx, tmp_path):
    files = {name: with_sheet(as_xlsx, data) for name, (data, _sentence) in BEYOND.items()}
    sheet = b'<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c></row>'
    texts = "<si><t>COM1</t></si><si/><si><t>yes</t></si>"
    for name, start, end in [
        ("many texts", "<sst", "</sst>"),
        ("many x:texts", "<x:sst xmlns:x='x'", "</x:sst>"),
    ]:
        content = with_texts(as_xlsx, sheet, f'{start} uniqueCount="99999999999">{texts}{end}')
        files[name] = content
    parts = parts_of(with_sheet(as_xlsx, far('<row r="2"><c>')))
    parts[SHEET] = parts[SHEET].replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    files["a dimension"] = packed(parts)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-c", READ_WITH_LITTLE_MEMORY, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[:1000]
    told = {name: answer for name, *answer in (line.split("\t") for line in run.stdout.splitlines())}
    assert told.keys() == files.keys()
    for name, (_data, sentence) in BEYOND.items():
        assert told[name][0] == "refused"
        assert sentence in told[name][1]
    assert told["many texts"] == told["many x:texts"] == ["read", "yes"]
    assert told["a dimension"] == ["read", "2"]


def test_formatted_blank_cells_far_out_are_no_cells(as_xlsx, records):
    data = (
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="XFD2" s="0"/></row>'
        b'<row r="1048576"><c r="A1048576" s="0"/></row>'
    )
    assert records(read_table(with_sheet(as_xlsx, data), "x")) == [["2"]]


def test_a_million_records_are_the_limit(as_xlsx, monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 3)
    monkeypatch.setattr(room, "ROWS", 3)
    assert read_table(as_xlsx([["c"], [1], *[[None]] * 6, [2], [3]]), "x").rows.tolist() == [2, 9, 10]
    with pytest.raises(IntakeError, match="more than 3 rows"):
        read_table(as_xlsx([["c"], [1], [2], [3], [4]]), "x")


@given(st.data())
@settings(deadline=None)
def test_a_damaged_workbook_gives_a_table_or_an_intake_error(data):
    content = bytearray(GOOD)
    for _n in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_table(bytes(content), "any")
    except IntakeError as error:
        assert str(error)


@given(st.data())
@settings(deadline=None)
def test_damaged_xml_gives_a_table_or_an_intake_error(data):
    parts = dict(GOOD_PARTS)
    name = data.draw(st.sampled_from([name for name in parts if "theme" not in name]))
    text = parts[name]
    at = data.draw(st.integers(0, len(text)))
    junk = data.draw(
        st.sampled_from(
            [b"", b"<", b"9", b'r="', b"<c/>", b"<v>1</v>", b"-", b"&#0;", b"\xff", b'Id="rId1"', b"A"]
        )
    )
    parts[name] = text[:at] + junk + text[at + data.draw(st.integers(0, 4)) :]
    try:
        read_table(packed(parts, zipfile.ZIP_STORED), "any")
    except IntakeError as error:
        assert str(error)


def _good():
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content)
    sheet = workbook.add_worksheet("Data")
    for place, row in enumerate(ROWS):
        sheet.write_row(place, 0, row, workbook.add_format() if place else None)
    sheet.write_datetime(4, 0, datetime(2026, 4, 6), workbook.add_format({"num_format": "d/m/yyyy"}))
    sheet.merge_range(5, 0, 5, 1, "merged")
    workbook.close()
    return packed(parts_of(content.getvalue()), zipfile.ZIP_STORED)


GOOD = _good()
GOOD_PARTS = parts_of(GOOD)
