"""The file that a council fills: its columns, and that it reads back as it was written."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from improve.instruments import Survey, read_library
from improve.instruments.template import template_csv, template_header, template_workbook
from improve.language import PSEUDO, speaking

SURVEYS = {survey.id: survey for survey in read_library().surveys()}


@pytest.fixture(params=SURVEYS)
def survey(request: pytest.FixtureRequest) -> Survey:
    return SURVEYS[request.param]


def test_satisfaction_has_a_column_for_each_thing_asked() -> None:
    header = template_header(SURVEYS["satisfaction"])
    assert header[:3] == ["SYS1 importance", "SYS1 satisfaction", "SYS2 importance"]
    assert header[38:] == [
        *("PAR4 importance", "PAR4 satisfaction", "OVR1", "OVR2", "OVR3"),
        *("PRF1", "PRF2", "PRF3", "PRF4", "PRF5", "COM1", "COM2"),
    ]
    with_optional = template_header(SURVEYS["satisfaction"], with_optional=True)
    assert [name for name in with_optional if name not in header] == [
        f"OPT{n} {measure}" for n in range(1, 6) for measure in ("importance", "satisfaction")
    ]


def test_a_multiple_question_has_one_column() -> None:
    assert template_header(SURVEYS["user_skills"])[-4:] == ["SKT3", "SKT4", "PRF1", "PRF2"]


def test_the_csv_reads_back_as_the_header(survey: Survey) -> None:
    text = template_csv(survey)
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [template_header(survey)]


def test_the_first_sheet_of_the_workbook_is_the_header_alone(survey: Survey) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(template_workbook(survey)))
    assert book.sheet_names == ["Answers", "Explanation"]
    assert book.get_sheet_by_index(0).to_python() == [template_header(survey)]


def test_the_second_sheet_explains_every_column(survey: Survey) -> None:
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(template_workbook(survey)))
        .get_sheet_by_index(1)
        .to_python()
    )
    assert [row[0] for row in rows[1:]] == template_header(survey)
    assert all(all(cell for cell in row) for row in rows)


def test_what_goes_into_a_column_names_its_codes_and_ends() -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(template_workbook(SURVEYS["satisfaction"])))
    explained = {row[0]: row[2] for row in rows.get_sheet_by_index(1).to_python()}
    assert "1 (Not important to my work) to 7 (Essential to my work)" in explained["SYS1 importance"]
    assert "1 (Very poor) to 7 (Excellent)" in explained["OVR1"]
    assert "6 = Was not here" in explained["OVR3"]
    assert explained["PRF4"] == "A number from 0 to 12 (hours)."


def test_the_workbook_holds_no_formula_and_is_the_same_each_time(survey: Survey) -> None:
    content = template_workbook(survey)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name)
    assert template_workbook(survey) == content


def test_explanations_are_translated_and_column_names_are_not(survey: Survey) -> None:
    with speaking(PSEUDO):
        book = CalamineWorkbook.from_filelike(io.BytesIO(template_workbook(survey)))
    assert all(name.startswith("⟦") and len(name) <= 31 for name in book.sheet_names)
    assert book.get_sheet_by_index(0).to_python() == [template_header(survey)]
    for row in book.get_sheet_by_index(1).to_python():
        assert row[2].startswith("⟦")
