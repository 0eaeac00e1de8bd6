"""From cells to answers: what each may hold, what it is refused for, and what the batch is."""

import re
from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.errors import IntakeError
from improve.intake import Mapping, Use, check, read_table, understand
from improve.intake import answer as room
from improve.store.batch import ANSWERS, COMMENTS, RESPONSES

SAID = Mapping(words={"good": 5, "middling": 3.5, "lots": 100}, missing=frozenset({"nil", "6"}))


def checked(survey, as_csv, rows, mapping=None):
    table = read_table(as_csv(rows), "x.csv")
    return check(table, understand(table, survey, mapping), survey)


def one(survey, as_csv, header, value, mapping=None):
    """What one cell beside an answered one becomes: the values stored, or the reason against it."""
    beside = "OVR1" if header != "OVR1" else "COM1"
    result = checked(survey, as_csv, [[header, beside], [value, "5"]], mapping)
    if result.rejected:
        assert (result.rows_accepted, result.cells_rejected, result.batch.n) == (0, 1, 0)
        return result.rejected[0].reason
    rows = [row for row in result.batch.answers.to_pylist() if row["item"] in header]
    texts = [row["text"] for row in result.batch.comments.to_pylist() if row["item"] in header]
    return [row["number"] if row["code"] is None else row["code"] for row in rows] + texts


OUTSIDE = "It lies outside the scale: a whole number from 1 to 7 is allowed."
DECIMAL = "It is a decimal number: a whole number from 1 to 7 is allowed."
WORD = "It is not a number: a whole number from 1 to 7 is allowed; a mapping can say what words stand for."
TWO = "It holds two numbers: give each measure a column of its own, with a whole number from 1 to 7."
DATE = "It is a date, which spreadsheets make of two numbers with a stroke between them"
CHOICE = "It is not one of the answers: 1 Front-line; 2 Team leader or manager; 9 Prefer not to say."
RANGE = "It is out of range: a number from 0 to 12 is allowed."
COMMA = "Its comma may mean thousands or decimals: a number from 0 to 12 with a point"
NO_NUMBER = "It is not a number: a number from 0 to 12 is allowed, without its unit."


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        *[("SYS1 satisfaction", str(code), [code]) for code in range(1, 8)],
        ("SYS1 satisfaction", " 5 ", [5]),
        ("SYS1 satisfaction", "5.0", [5]),
        ("SYS1 satisfaction", "5,00", [5]),
        ("SYS1 satisfaction", "+5", [5]),
        ("SYS1 satisfaction", "\u00a07\u00a0", [7]),
        ("SYS1 satisfaction", "Excellent", [7]),
        ("SYS1 satisfaction", "very  POOR", [1]),
        ("SYS1 satisfaction", "7 - Excellent", [7]),
        ("SYS1 satisfaction", "7 Excellent", [7]),
        ("SYS1 satisfaction", "7 (Excellent)", [7]),
        ("SYS1 satisfaction", "1. Very poor", [1]),
        ("SYS1 satisfaction", "6 - Excellent", "disagree: “Excellent” is 7 on the scale."),
        ("SYS1 importance", "Essential to my work", [7]),
        ("SYS1 importance", "Excellent", WORD),
        *[
            ("SYS1 satisfaction", value, [])
            for value in [
                "",
                " ",
                "0",
                "8",
                "9",
                "99",
                "-1",
                "99.0",
                "n/a",
                "N/A",
                "Don’t know",
                "don't know",
            ]
        ],
        *[
            ("SYS1 satisfaction", value, [])
            for value in [
                *("No opinion", "-", ".", "Ddim yn gwybod", "Amherthnasol", "Prefer not to say", "#N/A"),
                "does not apply to me / NO opinion",
            ]
        ],
        *[("SYS1 satisfaction", value, OUTSIDE) for value in ["10", "-2", "100", "77", "999999999999999"]],
        *[("SYS1 satisfaction", value, DECIMAL) for value in ["4.5", "4,5", "6.9999", ".5"]],
        *[("SYS1 satisfaction", value, TWO) for value in ["6/4", "6 / 4", "6;4", "6|4"]],
        *[
            ("SYS1 satisfaction", value, DATE)
            for value in ["2026-04-06", "06/04/2026", "2026-04-06 00:00:00"]
        ],
        *[
            ("SYS1 satisfaction", value, WORD)
            for value in [
                *(
                    "good",
                    "five",
                    "٣",
                    "５",
                    "=5",
                    "=cmd|' /C calc'!A0",
                    "+A1",
                    "@SUM(1)",
                    "1e0",
                    "0x5",
                    "5 5",
                ),
                *("<script>alert(1)</script>", "5%", "nan", "7 - Good", "12345678901234567890", "--5"),
            ]
        ],
        ("CNF", "0", [0]),
        ("CNF", "10", [10]),
        ("CNF", "11", []),
        ("CNF", "99", []),
        ("CNF", "12", "a whole number from 0 to 10 is allowed"),
        ("CNF", "Excellent", "It is not a number"),
        ("PRF2", "2", [2]),
        ("PRF2", "2.0", [2]),
        ("PRF2", "team leader OR manager", [2]),
        ("PRF2", "front_line", [1]),
        ("PRF2", "2 - Team leader or manager", [2]),
        ("PRF2", "1 - Team leader or manager", CHOICE),
        ("PRF2", "9", [9]),
        ("PRF2", "Prefer not to say", [9]),
        ("PRF2", "8", []),
        ("PRF2", "n/a", []),
        ("PRF2", "3", CHOICE),
        ("PRF2", "Chief", CHOICE),
        ("PRF4", "7.5", [7.5]),
        ("PRF4", "7,5", [7.5]),
        ("PRF4", "0", [0.0]),
        ("PRF4", "12", [12.0]),
        ("PRF4", ".5", [0.5]),
        ("PRF4", "99", []),
        ("PRF4", "-1", []),
        ("PRF4", "don't know", []),
        ("PRF4", "12.5", RANGE),
        ("PRF4", "1,500", COMMA),
        ("PRF4", "7 hours", NO_NUMBER),
        ("PRF4", "inf", NO_NUMBER),
        ("PRF4", "1e1", NO_NUMBER),
        ("SKT3", "Classroom", [0]),
        ("SKT3", "Classroom;Live online;", [0, 1]),
        ("SKT3", "Live online | classroom", [0, 1]),
        ("SKT3", "Live online\nClassroom\nClassroom", [0, 1]),
        ("SKT3", "Guides, written", [5]),
        ("SKT3", "Guides, written;Classroom", [0, 5]),
        ("SKT3", "Classroom, Live online", [0, 1]),
        ("SKT3", "0;5", [0, 5]),
        ("SKT3", "n/a", []),
        ("SKT3", ";", []),
        (
            "SKT3",
            "Classroom;Radio",
            "It is not one of the answers: 0 Classroom; 1 Live online; 5 Guides, written.",
        ),
        *[
            ("SKT3 [Live online]", value, [1])
            for value in ["1", "Yes", "x", "TRUE", "Live online", "✓", "online"]
        ],
        *[("SKT3 [Live online]", value, []) for value in ["", "0", "no", "False", "n/a", "Not selected"]],
        ("SKT3 [Live online]", "maybe", "It says neither yes nor no: “Live online”, yes, x or 1 is allowed"),
        ("COM1", "  fine\nthanks ", ["fine\nthanks"]),
        ("COM1", "=1+1", ["=1+1"]),
        ("COM1", "<b>bold</b> @x +y -z", ["<b>bold</b> @x +y -z"]),
        ("COM1", "n/a", []),
        ("COM1", "x" * 4000, ["x" * 4000]),
        ("COM1", "x" * 4001, "It is too long: at most 4,000 characters are allowed."),
        ("PRF1", "x" * 80, [1]),
        ("PRF1", "N/A", []),
        ("PRF1", "x" * 81, "It is too long for a name: at most 80 characters are allowed."),
    ],
)
def test_one_cell(survey, as_csv, header, value, expected):
    found = one(survey, as_csv, header, value)
    if isinstance(expected, str):
        assert expected in found
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("SYS1 satisfaction", "Good", [5]),
        ("SYS1 satisfaction", "middling", DECIMAL),
        ("SYS1 satisfaction", "lots", OUTSIDE),
        ("SYS1 satisfaction", "NIL", []),
        ("SYS1 satisfaction", "6", []),
        ("PRF4", "middling", [3.5]),
        ("PRF4", "lots", RANGE),
        ("COM1", "good", ["good"]),
        ("COM1", "nil", []),
    ],
)
def test_one_cell_with_an_operators_words(survey, as_csv, header, value, expected):
    found = one(survey, as_csv, header, value, SAID)
    assert (expected in found) if isinstance(expected, str) else (found == expected)


def test_a_file_becomes_a_batch_in_the_order_of_the_form(survey, as_csv):
    rows = [
        ["COM1", "OVR1", "Timestamp", "SYS1 satisfaction", "Name", "SYS1 importance", "PRF1", "SKT3", "PRF4"],
        ["fine", "5", "06/04/2026 09:30", "4", "Ann", "6", "Social  care", "Classroom;Live online", "7.5"],
        ["", "", "06/04/2026 09:31", "", "Bob", "", "", "", ""],
        ["", "", "", "9", "Cy", "7", "social CARE", "", ""],
        ["", "ten", "06/04/2026 09:32", "4", "Di", "6", "Parks", "", ""],
        ["poor", "1", "07/04/2026 10:00", "", "Ed", "", "Housing", "Guides, written", ""],
    ]
    result = checked(survey, as_csv, rows)
    batch = result.batch
    assert (result.rows_read, result.rows_accepted, result.rows_rejected, result.rows_empty) == (5, 3, 1, 1)
    assert batch.answers.schema == ANSWERS
    assert batch.comments.schema == COMMENTS
    assert batch.responses.schema == RESPONSES
    assert batch.responses.to_pylist() == [
        {"source_row": 2, "answered_at": datetime(2026, 4, 6, 9, 30)},
        {"source_row": 4, "answered_at": None},
        {"source_row": 6, "answered_at": datetime(2026, 4, 7, 10, 0)},
    ]
    assert [tuple(row.values()) for row in batch.answers.to_pylist()] == [
        (0, "SYS1", "importance", 6, None),
        (1, "SYS1", "importance", 7, None),
        (0, "SYS1", "satisfaction", 4, None),
        (0, "OVR1", "answer", 5, None),
        (2, "OVR1", "answer", 1, None),
        (0, "SKT3", "answer", 0, None),
        (0, "SKT3", "answer", 1, None),
        (2, "SKT3", "answer", 5, None),
        (0, "PRF1", "answer", 1, None),
        (1, "PRF1", "answer", 1, None),
        (2, "PRF1", "answer", 2, None),
        (0, "PRF4", "answer", None, 7.5),
    ]
    assert [tuple(row.values()) for row in batch.comments.to_pylist()] == [
        (0, "COM1", "fine"),
        (2, "COM1", "poor"),
    ]
    assert batch.options == {"PRF1": ("Social care", "Housing")}
    assert batch.asked == {
        *(("SYS1", measure) for measure in ("importance", "satisfaction")),
        *((item, "answer") for item in ("COM1", "OVR1", "PRF1", "SKT3", "PRF4")),
    }
    assert result.missing["SYS1", "importance"] == 1
    assert result.missing["SYS1", "satisfaction"] == 2
    assert result.missing["SKT3", "answer"] == 1
    assert result.missing["COM1", "answer"] == 1
    rejected = result.rejected[0]
    assert (rejected.row, rejected.column, rejected.letter, rejected.value) == (5, "OVR1", "B", "ten")


def test_options_of_their_own_columns_come_together_by_response(survey, as_csv):
    rows = [["SKT3 [Live online]", "SKT3 [Classroom]"], ["1", "1"], ["", "x"], ["yes", "no"], ["0", ""]]
    result = checked(survey, as_csv, rows)
    answers = [(row["response"], row["code"]) for row in result.batch.answers.to_pylist()]
    assert answers == [(0, 0), (0, 1), (1, 0), (2, 1)]
    assert result.rows_empty == 1
    assert result.missing == {("SKT3", "answer"): 0}


def test_an_asked_item_that_nobody_answered_is_still_asked(survey, as_csv):
    result = checked(survey, as_csv, [["OVR1", "CNF", "COM1"], ["5", "", ""], ["6", "n/a", "-"]])
    assert result.batch.asked == {("OVR1", "answer"), ("CNF", "answer"), ("COM1", "answer")}
    assert result.missing == {("OVR1", "answer"): 0, ("CNF", "answer"): 2, ("COM1", "answer"): 2}
    assert result.batch.comments.num_rows == 0


def test_rejected_cells_are_listed_by_row_and_column_and_cut(survey, as_csv):
    rows = [["CNF", "COM1", "OVR1"], ["z" * 100, "ok", "10"], ["1", "ok", "1"], ["a\nb", "y" * 5000, "x"]]
    result = checked(survey, as_csv, rows)
    assert [(cell.row, cell.letter) for cell in result.rejected] == [
        *((2, "A"), (2, "C")),
        *((4, "A"), (4, "B"), (4, "C")),
    ]
    assert result.rejected[0].value == "z" * 59 + "…"
    assert result.rejected[2].value == "a b"
    assert result.cells_rejected == 5
    assert result.rows_accepted == 1


def test_no_more_than_a_thousand_rejected_cells_are_listed(survey, as_csv):
    result = checked(survey, as_csv, [["OVR1", "CNF"], *[["word", "word"]] * 700])
    assert len(result.rejected) == room.REJECTED_LISTED
    assert result.rejected[-1].row == 501
    assert result.cells_rejected == 1400
    assert result.rows_rejected == 700


def test_own_options_of_rejected_rows_do_not_appear(survey, as_csv):
    result = checked(survey, as_csv, [["PRF1", "OVR1"], ["Ghosts", "x"], ["Parks", "5"]])
    assert result.batch.options == {"PRF1": ("Parks",)}
    assert result.batch.answers.to_pylist()[-1]["code"] == 1


def test_problems_must_be_mended_first(survey, as_csv):
    table = read_table(as_csv([["SYS1"], ["5"]]), "x")
    with pytest.raises(IntakeError, match="names an aspect and no measure"):
        check(table, understand(table, survey), survey)


def test_progress_rises_to_one(survey, as_csv):
    table = read_table(as_csv([["OVR1", "CNF", "COM1"], ["5", "5", "x"]]), "x")
    told = []
    check(table, understand(table, survey), survey, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_workbook_and_a_text_file_give_the_same_batch(survey, as_csv, as_xlsx):
    rows = [
        ["OVR1", "PRF4", "PRF1", "COM1"],
        [5, 7.5, "Parks", "ok"],
        [None, None, None, None],
        [1, 0, "x", None],
    ]
    text, workbook = (read_table(make(rows), "x") for make in (as_csv, as_xlsx))
    first, second = (check(table, understand(table, survey), survey) for table in (text, workbook))
    assert first.batch == second.batch
    assert first.batch.responses["source_row"].to_pylist() == [2, 4]


VALUES = st.sampled_from(
    [
        *"1234567",
        "",
        "0",
        "8",
        "10",
        "-1",
        "5.0",
        "4.5",
        "6/4",
        "good",
        "N/A",
        "Excellent",
        "7 - Excellent",
        "=1",
        " 3 ",
    ]
)


def slowly(value):
    """A rating on 1 to 7 by the plainest reading: a code, None where missing, "refused" else."""
    value = value.strip()
    if re.fullmatch("[1-7](\\.0)?", value):
        return int(value[0])
    if value in ("", "0", "8", "9", "99", "-1", "N/A"):
        return None
    return 7 if value in ("Excellent", "7 - Excellent") else "refused"


@given(st.lists(st.lists(VALUES, min_size=4, max_size=4), min_size=1, max_size=12))
@settings(deadline=None)
def test_accepted_answers_equal_those_of_a_slow_reading(survey, as_csv, rows):
    header = ["OVR1", "SYS1 satisfaction", "Name", "EQP3 satisfaction"]
    fed = {1: ("SYS1", "satisfaction"), 3: ("EQP3", "satisfaction"), 0: ("OVR1", "answer")}
    if not any(cell for row in rows for cell in row):
        return
    result = checked(survey, as_csv, [header, *rows])
    kept, refused = [], []
    for number, row in enumerate(rows, start=2):
        codes = {place: slowly(row[place]) for place in fed}
        refused += [(number, header[place]) for place in sorted(codes) if codes[place] == "refused"]
        if "refused" not in codes.values() and any(code is not None for code in codes.values()):
            kept.append((number, codes))
    expected = [
        (response, *fed[place], codes[place], None)
        for place in fed
        for response, (_number, codes) in enumerate(kept)
        if codes[place] is not None
    ]
    assert [tuple(row.values()) for row in result.batch.answers.to_pylist()] == expected
    assert result.batch.responses["source_row"].to_pylist() == [number for number, _codes in kept]
    assert [(cell.row, cell.column) for cell in result.rejected] == refused
    assert result.rows_read == result.rows_accepted + result.rows_rejected + result.rows_empty
    for place, key in fed.items():
        assert result.missing[key] == sum(codes[place] is None for _number, codes in kept)


EVERYTHING = [
    *("SYS1 importance", "OVR1", "CNF", "SKT3", "SKT3 [Classroom]", "PRF1", "PRF2", "PRF4", "COM1", "Date"),
]


@given(
    st.sampled_from(EVERYTHING),
    st.lists(st.one_of(st.text(max_size=8), st.from_regex(r"[0-9+.,;/ -]{1,8}", fullmatch=True)), max_size=6),
)
@settings(deadline=None)
def test_any_cells_are_accepted_refused_or_missing(survey, header, values):
    dictionary = pa.array(list(dict.fromkeys(["", *values])), pa.string())
    column = pa.array(["", *values], pa.string()).dictionary_encode()
    assert dictionary.equals(column.dictionary)
    table = read_table(b"OVR1," + header.replace("OVR1", "CNF").encode() + b"\n5,5\n", "x")
    n = len(column)
    whole = type(table)(
        table.columns,
        (pa.DictionaryArray.from_arrays([0] * n, ["5"]), column),
        table.rows.repeat(n),
        table.facts,
    )
    result = check(whole, understand(whole, survey), survey)
    assert result.rows_accepted + result.rows_rejected == n
    assert result.batch.n == result.rows_accepted
    assert all(cell.reason for cell in result.rejected)


def test_a_use_names_its_option_in_the_batch(survey, as_csv):
    mapping = Mapping(columns={"Learn a": Use("SKT3", "answer", "guides")})
    result = checked(survey, as_csv, [["Learn a"], ["1"]], mapping)
    assert result.batch.answers["code"].to_pylist() == [5]
