"""The times of answers as survey tools write them, and days as people type them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from improve.errors import IntakeError
from improve.intake import read_day, read_table, understand
from improve.intake.answer import check
from improve.intake.moment import YEARS, times_of

FOURTH_OF_MAY = datetime(2026, 5, 4, 9, 0)


def times(*texts):
    found = times_of(pa.array(texts, pa.string()))
    return None if found is None else found.to_pylist()


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-04 09:00:00",  # LimeSurvey, and what a workbook's dates are read as
        "2026-05-04T09:00:00.250Z",  # Qualtrics and the like
        "2026-05-04T10:00:00+01:00",
        "2026/05/04 9:00:00 AM",  # Google Forms
        "2026/05/04 9:00:00 am GMT",
        "2026/05/04 10:00:00 am GMT+1",
        "2026/05/04 9:00:00\N{NARROW NO-BREAK SPACE}AM",
        "04/05/2026 09:00:00",  # Google Sheets in Britain
        "04/05/2026 9:00",
        "04/05/2026, 09:00",
        "04-05-2026 09:00",
        "04.05.2026 9.00".replace("9.00", "9:00"),
        "5/4/26 9:00:00",  # Microsoft Forms
        "04/05/26 09:00",
        " 2026-05-04 09:00 ",
    ],
)
def test_one_moment_as_tools_write_it(text):
    assert times(text) == [FOURTH_OF_MAY]


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        # Nothing tells day from month: the day first, but not in Microsoft's way of writing.
        (["06/04/2026", "07/04/2026"], [(4, 6), (4, 7)]),
        (["6/4/2026"], [(4, 6)]),
        (["6/4/26"], [(6, 4)]),
        (["06/04/26"], [(4, 6)]),
        (["6/4/26", "06/04/26"], [(4, 6), (4, 6)]),
        # One value proves it for all.
        (["4/6/2026", "4/16/2026"], [(4, 6), (4, 16)]),
        (["4/6/26", "16/4/26"], [(6, 4), (4, 16)]),
        (["4/6/26", "", "4/16/26"], [(4, 6), None, (4, 16)]),
        (["2026-04-06", "2026-04-16"], [(4, 6), (4, 16)]),
    ],
)
def test_day_and_month(texts, days):
    found = times(*texts)
    assert [one and (one.month, one.day) for one in found] == days


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:00 AM", 0), ("12:30 am", 0), ("1:00 AM", 1), ("12:00 pm", 12), ("1:00 p.m.", 13), ("11:59PM", 23)],
)
def test_the_two_halves_of_a_day(text, hour):
    (found,) = times("2026/05/04 " + text)
    assert found.hour == hour


@pytest.mark.parametrize(
    "texts",
    [
        ["soon"],
        ["5"],
        [""],
        [],
        ["2026-05-04", "n/a"],
        ["2026-13-04"],
        ["2026-02-30"],
        ["31/04/2026"],
        ["16/4/2026", "4/16/2026"],  # day and month change places
        ["2026-05-04", "04/05/2026"],  # two ways of writing
        ["04/05/2026", "04/05/26"],
        ["26-05-04"],  # the year may come first
        ["2026-05-04 24:00"],
        ["2026-05-04 09:60"],
        ["2026-05-04 09:00:60"],
        ["2026-05-04 13:00 PM"],
        ["2026-05-04 0:30 AM"],
        ["2026-05-04T09:00Z", "2026-05-04T09:00"],  # some with an offset
        ["06/04/1926"],
        ["1980-01-01 00:00:00"],  # LimeSurvey where it keeps no dates
        ["٢٠٢٦-05-04"],
        ["2026-05-04 09:00 and more"],
    ],
)
def test_what_is_no_column_of_times(texts):
    assert times(*texts) is None


MOMENTS = st.datetimes(datetime(YEARS[0], 1, 1), datetime(YEARS[1], 12, 31)).map(
    lambda one: one.replace(microsecond=0)
)


@given(st.lists(MOMENTS, min_size=1, max_size=20), st.integers(-12, 14))
def test_every_moment_comes_back(moments, ahead):
    zone = timezone(timedelta(hours=ahead))
    assert times(*(one.isoformat(" ") for one in moments)) == moments
    british = [one.strftime("%d/%m/%Y %H:%M:%S") for one in moments]
    assert times(*british, "13/05/2026 00:00") == [*moments, datetime(2026, 5, 13)]
    google = [one.strftime(f"%Y/%m/%d %I:%M:%S %p GMT{ahead:+d}") for one in moments]
    assert times(*google) == [
        one.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) for one in moments
    ]


@given(st.lists(st.text(st.sampled_from("0123456789/-:. TZamp+GMT\u202f٣"), max_size=24), max_size=4))
def test_anything_else_is_none_or_times_within_the_years(texts):
    found = times(*texts)
    if found is not None:
        assert len(found) == len(texts)
        day = timedelta(days=5)  # an offset may carry a moment over a year's end
        for one, text in zip(found, texts, strict=True):
            assert (one is None) == (not text.strip())
            assert one is None or datetime(YEARS[0], 1, 1) - day < one < datetime(YEARS[1] + 1, 1, 1) + day


@pytest.mark.parametrize(
    ("header", "texts", "first"),
    [
        ("Timestamp", ["2026/05/04 9:00:00 AM", "2026/05/05 1:00:00 PM"], FOURTH_OF_MAY),
        ("Timestamp", ["2026/05/04 10:00:00 am GMT+1", "2026/05/05 2:00:00 pm GMT+1"], FOURTH_OF_MAY),
        ("Completion time", ["5/4/26 9:00:00", "5/5/26 13:00:00"], FOURTH_OF_MAY),
        ("submitdate", ["2026-05-04 09:00:00", "2026-05-05 13:00:00"], FOURTH_OF_MAY),
        ("submitdate. Date submitted", ["2026-05-04 09:00:00", "2026-05-05 13:00:00"], FOURTH_OF_MAY),
    ],
)
def test_each_answer_has_its_time(survey, as_csv, header, texts, first):
    table = read_table(as_csv([[header, "OVR1"], *([text, "5"] for text in texts)]), "x.csv")
    responses = check(table, understand(table, survey), survey).batch.responses
    assert responses["answered_at"].to_pylist() == [first, datetime(2026, 5, 5, 13)]


@pytest.mark.parametrize("text", ["2026-05-04", "04/05/2026", "4/5/2026", " 2026-5-4 "])
def test_a_day_as_people_type_it(text):
    assert read_day(text) == date(2026, 5, 4)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026", "05/13/2026", "31/04/2026", "4/5/26", "1999-12-31", "2101-01-01", "٢٠٢٦-05-04"],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(IntakeError, match=r"Write days as 2026-05-04 or 04/05/2026\."):
        read_day(text)


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_refused(text):
    try:
        assert YEARS[0] <= read_day(text).year <= YEARS[1]
    except IntakeError as error:
        assert len(str(error)) < 200
