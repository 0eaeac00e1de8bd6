"""Text files: dialects, encodings, row numbers, and what is wrong with them."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.errors import IntakeError
from improve.intake import read_table
from improve.intake import record as limits

ROWS = [
    ["SYS1 importance", "Gwasanaeth", "COM1"],
    ["5", "Tŷ", "It’s fine; really, “fine” | ok"],
    ["", "Café", "two\nlines"],
    ["7", "x", 'He said "no"'],
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_unicode_encodings_come_through(as_csv, records, delimiter, encoding, newline):
    table = read_table(as_csv(ROWS, delimiter, encoding, newline), "any.name")
    assert list(table.columns) == ROWS[0]
    assert records(table) == ROWS[1:]
    assert table.rows.tolist() == [2, 3, 4]
    assert table.facts.delimiter == delimiter


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Café – “£5” it’s"),
        ("cp1252", "Café £5"),
        ("iso8859-14", "Tŷ bach a Gŵyl yn y dŵr"),
        ("iso8859-15", "5 € too much"),
    ],
)
def test_older_encodings_are_told_by_their_letters(records, encoding, text):
    table = read_table(f"OVR1,COM1\n5,{text}\n".encode(encoding), "old.csv")
    assert records(table) == [["5", text]]
    assert table.facts.encoding == encoding


def test_the_encoding_option_overrides(records):
    content = "OVR1,COM1\n5,£5 für\n".encode("cp850")
    assert records(read_table(content, "dos.csv", encoding="cp850")) == [["5", "£5 für"]]


def test_excel_announces_its_delimiter_in_a_first_line(records):
    table = read_table(b"sep=;\r\nOVR1;COM1\r\n5;a,b,c\r\n", "excel.csv")
    assert table.columns == ("OVR1", "COM1")
    assert records(table) == [["5", "a,b,c"]]
    assert table.rows.tolist() == [2]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(records):
    content = b'\nOVR1,COM1\n1,"two\n\nlines"\n\n2,b\n   \n,\n3,c\n\n\n'
    table = read_table(content, "gaps.csv")
    assert records(table) == [["1", "two\n\nlines"], ["2", "b"], ["3", "c"]]
    assert table.rows.tolist() == [3, 5, 8]


def test_row_numbers_hold_beyond_one_block(monkeypatch):
    monkeypatch.setattr("improve.intake.delimited.BLOCK_BYTES", 64)
    lines = [f"{n},x" if n % 3 else "" for n in range(2, 400)]
    table = read_table(("OVR1,COM1\n" + "\n".join(lines)).encode(), "long.csv")
    assert table.values[0].to_pylist() == [str(row) for row in table.rows]
    assert len(table.values[1].dictionary) <= 2


def test_columns_without_a_header_are_called_by_their_letter():
    table = read_table(b"OVR1,,COM1,\n5,x,y,\n", "unnamed.csv")
    assert table.columns == ("OVR1", "column B", "COM1", "column D")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"OVR1,COM1", "has a header and no responses"),
        (b"OVR1,COM1\r\n\r\n,\r\n", "has a header and no responses"),
        (b"OVR1,COM1,OVR1\n1,2,3\n", "columns A and C have the same header, “OVR1”"),
        (b"a,b,A,a \n1,2,3,4\n", "columns A, C and D have the same header"),
        (b"OVR1,COM1\n1,2\n3\n", "row 3: it has 1 cell where the header in row 1 has 2"),
        (b"OVR1,COM1\n1,a, b\n\n2,c, d\n", "row 2: it has 3 cells where the header in row 1 has 2. So it is"),
        (b'OVR1,COM1\n1,a\n2,"never closed\n3,c\n', "row 3: a quotation mark is not closed"),
        (b"\x00\x01\x02" * 100, "is not a table: it holds binary data"),
        (b"%PDF-1.7 ...", "is not a table: it holds binary data"),
        (b"\x89PNG\r\n\x1a\n", "is not a table: it holds binary data"),
        (b"OVR1\x01,COM1\n1,2\n", "is not a table: it holds binary data"),
        (b"OVR1,COM1\n1,\x00\n" + b"2,ab\n" * 50, "is not a table: it holds binary data"),
        (b"<html><table><tr><td>5</td></tr></table>", "is a web page or an XML file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Excel file"),
        ("OVR1,COM1\n1,Tŷ Gŵyl\n2,".encode() + b"\xff\n", "is not written in utf-8: byte 25 (in line 3)"),
        (b"OVR1,COM1\n1,\x81\n", "is not written in cp1252: byte 13 (in line 2)"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(content, sentence):
    with pytest.raises(IntakeError) as caught:
        read_table(content, "file.csv")
    assert sentence in str(caught.value)
    assert "file.csv" in str(caught.value)


def test_a_wrong_encoding_names_the_place():
    with pytest.raises(IntakeError, match=r"is not written in utf-8: byte 13 \(in line 2\)"):
        read_table("OVR1,COM1\n1,é\n".encode("cp1252"), "file.csv", encoding="utf-8")


@pytest.mark.parametrize("encoding", ["klingon", "hex", "a\0b", ""])
def test_an_unknown_encoding_is_refused(encoding):
    with pytest.raises(IntakeError, match="is not an encoding of text"):
        read_table(b"OVR1,COM1\n1,2\n", "file.csv", encoding=encoding)


def test_a_sheet_of_a_text_file_is_refused():
    with pytest.raises(IntakeError, match="no sheet “Data”"):
        read_table(b"OVR1,COM1\n1,2\n", "file.csv", sheet="Data")


def test_too_much_is_refused_before_it_is_parsed(monkeypatch):
    def parse(*_arguments):
        raise RuntimeError("parsed")

    monkeypatch.setattr("improve.intake.table.read_delimited", parse)
    with pytest.raises(IntakeError, match="larger than 100 MB"):
        read_table(bytes(200_000_000), "huge.csv")


def test_ten_thousand_columns_are_refused():
    content = ",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join("1" * 10_000) + "\n"
    with pytest.raises(IntakeError, match=r"has 10,000 columns; at most 1,000 are read"):
        read_table(content.encode(), "wide.csv")


def test_a_million_rows_are_the_limit(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 10)
    assert len(read_table(b"OVR1\n" + b"5\n" * 10, "ten.csv").rows) == 10
    with pytest.raises(IntakeError, match="more than 10 rows"):
        read_table(b"OVR1\n" + b"5\n" * 11, "eleven.csv")


def test_lines_of_spaces_are_rows_too(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 10)
    with pytest.raises(IntakeError, match="more than 10 rows"):
        read_table(b"OVR1,COM1\n" + b" \n" * 11 + b"5,x\n", "spaces.csv")


def test_blank_lines_cannot_claim_more_memory_than_cells_are_allowed(monkeypatch):
    monkeypatch.setattr(limits, "CELLS", 5_000)
    with pytest.raises(IntakeError, match="most of them blank"):
        read_table(b"a,b,c,d,e,f,g,h,i,j\n" + b"\n" * 600 + b"1,2,3,4,5,6,7,8,9,0\n", "blank.csv")


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_give_a_table_or_an_intake_error(content):
    try:
        read_table(content, "any")
    except IntakeError as error:
        assert str(error)


@given(
    st.sampled_from(["", "sep=;\n", "\ufeff", '"', "a,b\n1,2\n", "PK\x03\x04", "\n\n", "a;b\n"]),
    st.text(alphabet='ab1,;|\t"\r\n é\0\x1a\u2028', max_size=80),
    st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-7"]),
    st.sampled_from([None, "utf-8", "utf-16", "cp1252", "ascii", "punycode", "idna", "utf-7"]),
)
@settings(deadline=None)
def test_near_tables_give_a_table_or_an_intake_error(start, text, written, read):
    try:
        table = read_table((start + text).encode(written, "replace"), "any", encoding=read)
    except IntakeError as error:
        assert str(error)
    else:
        assert all(len(column) == len(table.rows) for column in table.values)
        assert len(table.columns) == len(table.values)


cells = st.text(alphabet='ab1 ,;|"\n\té’', max_size=6)


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), max_size=12)))
@settings(deadline=None)
def test_records_and_row_numbers_equal_those_of_pythons_own_reader(body):
    n = len(body[0]) if body else 2
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([[f"name {k}" for k in range(n)], *body])
    expected = [
        (row, record)
        for row, record in enumerate(csv.reader(io.StringIO(text.getvalue(), newline="")), start=1)
        if row > 1 and any(cell.strip() for cell in record)
    ]
    if not expected:
        with pytest.raises(IntakeError, match="no responses"):
            read_table(text.getvalue().encode(), "x")
        return
    table = read_table(text.getvalue().encode(), "x")
    found = zip(*(column.to_pylist() for column in table.values), strict=True)
    assert list(zip(table.rows.tolist(), map(list, found), strict=True)) == expected
