"""A small survey with one question of every kind, and files made from rows."""

import csv
import io

import openpyxl
import pytest

from improve.instruments.model import (
    Aspect,
    Category,
    InstrumentKind,
    Measure,
    Option,
    Question,
    QuestionKind,
    Scale,
    Survey,
)

SURVEY = Survey(
    id="small",
    version="1.0",
    kind=InstrumentKind.SURVEY,
    title="Small survey",
    wording="made for tests",
    scale=Scale(
        low=1,
        high=7,
        ends={1: "Very poor", 7: "Excellent"},
        missing_codes=(-1, 0, 8, 9, 99),
        missing_label={"en": "Does not apply to me / no opinion"},
    ),
    measures=(
        Measure(
            id="importance",
            name={"en": "Importance", "cy": "Pwysigrwydd"},
            question="How important is this to you in your work?",
            ends={1: "Not important to my work", 7: "Essential to my work"},
            words=("importance", "important"),
        ),
        Measure(
            id="satisfaction",
            name={"en": "Satisfaction", "cy": "Bodlonrwydd"},
            question="How good is it at present?",
            words=("satisfaction", "satisfied"),
        ),
    ),
    categories=(Category(id="SYS", name="Systems"),),
    aspects=(
        Aspect(
            id="SYS1",
            category="SYS",
            short={"en": "Reliability", "cy": "Dibynadwyedd"},
            text="The systems I use work when I need them",
        ),
        Aspect(id="EQP3", category="SYS", short="Network and Wi-Fi", text="The network is good enough"),
        Aspect(id="INF3", category="SYS", short="Training", text="I can get the ICT training I need"),
    ),
    overall=(
        Question(
            id="OVR1",
            role="headline",
            kind=QuestionKind.RATING,
            short="Overall",
            text="How do you rate the ICT service you receive, taking everything together?",
        ),
    ),
    questions=(
        Question(
            id="CNF",
            kind=QuestionKind.RATING,
            short="Confidence",
            text="How confident are you?",
            scale=Scale(low=0, high=10, missing_codes=(10, 11)),
        ),
        Question(
            id="SKT3",
            kind=QuestionKind.MULTIPLE,
            short="Ways to learn",
            text="How do you like to learn?",
            options=(
                Option(code=0, id="classroom", label={"en": "Classroom", "cy": "Ystafell ddosbarth"}),
                Option(code=1, id="online", label="Live online"),
                Option(code=5, id="guides", label="Guides, written"),
            ),
        ),
    ),
    profile=(
        Question(
            id="PRF1",
            kind=QuestionKind.SINGLE,
            short="Service area",
            text="Which service area do you work in?",
            options_from="organisation",
        ),
        Question(
            id="PRF2",
            kind=QuestionKind.SINGLE,
            short="Role",
            text="Which best describes your role?",
            options=(
                Option(code=1, id="front_line", label="Front-line"),
                Option(code=2, id="leader", label="Team leader or manager"),
                Option(code=9, id="no_answer", label="Prefer not to say", counts=False),
            ),
        ),
        Question(
            id="PRF4",
            kind=QuestionKind.NUMBER,
            short="Hours of use",
            text="How many hours of a normal working day do you use ICT?",
            low=0,
            high=12,
        ),
    ),
    comments=(
        Question(
            id="COM1", kind=QuestionKind.TEXT, short="Done well", text="What does the ICT service do well?"
        ),
    ),
)


@pytest.fixture(scope="session")
def survey():
    return SURVEY


def csv_bytes(rows, delimiter=",", encoding="utf-8", newline="\r\n"):
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if newline == "\r" else csv.QUOTE_MINIMAL  # a lone \n would stay bare
    csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows, change=None):
    """A workbook with the rows on its sheet Data; `change` may do anything to it before it is saved."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Data"
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(workbook)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


@pytest.fixture(scope="session")
def as_csv():
    return csv_bytes


@pytest.fixture(scope="session")
def as_xlsx():
    return xlsx_bytes


def records_of(table):
    """Every record as a plain list of texts."""
    return [list(record) for record in zip(*(column.to_pylist() for column in table.values), strict=True)]


@pytest.fixture(scope="session")
def records():
    return records_of
