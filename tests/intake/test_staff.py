"""A staff list in every form it may come in, what is refused of it, and that nothing crossed is kept."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improve.errors import ImproveError, IntakeError
from improve.instruments import Library, read_library
from improve.instruments.library import Entry
from improve.intake import StaffRequest, plan_staff, staff_template, take_in_staff
from improve.store import open_store, read_staff, write_responses
from tests.factory import CARDIFF, SWANSEA, make_delivery, make_store
from tests.respondents import SURVEY, tables

LIBRARY = read_library()
OWN = ("Children's Services", "Adults & Health", "=Place")
ANSWERS = {"OVR1": [5] * 30, "PRF1": [*OWN] * 10}
CROSSED = [
    ["Directorate", "Role", "People"],
    ["Place", "Front-line", "400"],
    ["Place", "Office-based", "100"],
    ["Housing", "Front-line", "30"],
    ["Housing", "Senior manager", "2"],
]
AREAS = {"=Place": 500, "Housing": 32}
JOBS = {"Front-line": 430, "Office-based": 100, "Senior manager": 2}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Cardiff's thirty people in 2026, of three directorates; Swansea's in 2025. For plans alone."""
    store = make_store(
        tmp_path_factory.mktemp("staff"),
        {"2025": {SWANSEA: {"OVR1": [5] * 20}}, "2026": {CARDIFF: ANSWERS}},
        survey=SURVEY,
    )
    yield store
    store.close()


@pytest.fixture
def own(tmp_path):
    store = make_store(tmp_path, {"2026": {CARDIFF: ANSWERS}}, survey=SURVEY)
    yield store
    store.close()


def as_csv(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def planned(store, rows, **asked):
    content = rows if isinstance(rows, bytes) else as_csv(rows)
    wanted = {"file_name": "staff.csv", "organisation": "Cardiff", "round": "2026", **asked}
    return plan_staff(store, LIBRARY, StaffRequest(content, **wanted))


def groups(plan, item):
    return {group.label: group.people for group in plan.found.groups if group.item == item}


def rejected(plan):
    return [(one.row, one.letter, one.value) for one in plan.found.rejected]


# ── The forms it may come in ───────────────────────────────────────────────────────────────────


def test_a_crossed_list_is_reduced_to_its_margins(store):
    plan = planned(store, CROSSED)
    assert not plan.refusals
    assert groups(plan, "PRF1") == AREAS
    assert groups(plan, "PRF2") == JOBS
    assert [question.id for question in plan.questions] == ["PRF1", "PRF2"]
    assert plan.found.rows_read == 4


def test_a_workbook_is_read_too(store, as_xlsx):
    rows = [[int(cell) if cell.isdigit() else cell for cell in row] for row in CROSSED]
    plan = planned(store, as_xlsx(rows), file_name="staff.xlsx", sheet="Data")
    assert (groups(plan, "PRF1"), groups(plan, "PRF2")) == (AREAS, JOBS)
    assert plan.facts.sheet == "Data"


def test_one_row_per_person(store):
    people = [["Place", "1"]] * 7 + [["Housing", "Office-based"]] * 2 + [["Housing", ""], ["n/a", "unknown"]]
    rows = [["Directorate", "Role", "Name"], *([*one, f"Jane {n}"] for n, one in enumerate(people))]
    plan = planned(store, rows)
    assert not plan.refusals
    assert groups(plan, "PRF1") == {"=Place": 7, "Housing": 3}
    assert groups(plan, "PRF2") == {"Front-line": 7, "Office-based": 2}
    assert "each of the 11 rows was counted as one person" in plan.remarks[0]
    assert "1 person has no known Service area, and is in no group of it." in plan.remarks
    assert "2 people have no known Role, and are in no group of it." in plan.remarks
    assert [column.column for column in plan.found.unused] == ["Name"]


def test_one_question_alone(store):
    plan = planned(store, [["Department", "Headcount"], ["Place", "500"], ["Housing", "32"]])
    assert (groups(plan, "PRF1"), groups(plan, "PRF2")) == (AREAS, {})
    plan = planned(store, [["Job type", "Staff"], *([label, str(n)] for label, n in JOBS.items())])
    assert (groups(plan, "PRF1"), groups(plan, "PRF2")) == ({}, JOBS)


def test_a_row_per_group_of_each_question(store):
    rows = [["Question", "Group", "People"]]
    rows += [["Directorate", label, str(n)] for label, n in AREAS.items()]
    rows += [["PRF2", label, str(n)] for label, n in JOBS.items()]
    plan = planned(store, rows)
    assert not plan.refusals
    assert (groups(plan, "PRF1"), groups(plan, "PRF2")) == (AREAS, JOBS)


def test_two_lists_below_each_other(store):
    rows = [["Directorate", "Role", "People"], ["Place", "", "500"], ["Housing", "", "32"]]
    rows += [["", label, str(n)] for label, n in JOBS.items()]
    plan = planned(store, rows)
    assert not plan.refusals
    assert (groups(plan, "PRF1"), groups(plan, "PRF2")) == (AREAS, JOBS)


@pytest.mark.parametrize(
    "heading",
    [
        *("Directorate", "DIRECTORATES", "Department", "Service", "Service area", "Team", "PRF1", "Adran"),
        *("Service area (2026)", "Which service area do you work in?"),
    ],
)
def test_headings_of_a_service_area(store, heading):
    assert groups(planned(store, [[heading, "People"], ["Housing", "32"]]), "PRF1") == {"Housing": 32}


@pytest.mark.parametrize("heading", ["Role", "Roles", "Job", "Job type", "Grade group", "prf2", "Rôl"])
def test_headings_of_a_job(store, heading):
    assert groups(planned(store, [[heading, "People"], ["office", "32"]]), "PRF2") == {"Office-based": 32}


@pytest.mark.parametrize(
    "heading",
    [
        *("People", "Headcount", "Staff", "Count", "Number", "Number of staff", "Number of employees"),
        *("FTE", "Headcount (31/03/2026)", "Nifer", "Staff in post"),
    ],
)
def test_headings_of_a_count(store, heading):
    assert groups(planned(store, [["Team", heading], ["Housing", "32"]]), "PRF1") == {"Housing": 32}


@pytest.mark.parametrize(
    "heading", ["Staff number", "Employee number", "Payroll no", "Name", "Job title", "Employee"]
)
def test_what_is_about_a_person_is_no_count_and_no_group(store, heading):
    plan = planned(store, [["Team", heading], ["Housing", "4711"], ["Housing", "4712"]])
    assert groups(plan, "PRF1") == {"Housing": 2}
    assert [column.column for column in plan.found.unused] == [heading]
    assert "4711" not in repr(plan)


def test_of_two_columns_the_likelier_is_read_and_the_other_named(store):
    rows = [["Team", "FTE", "Directorate", "Headcount"], ["Roads", "3.5", "Place", "4"]]
    plan = planned(store, rows)
    assert groups(plan, "PRF1") == {"=Place": 4}
    assert "Column C (“Directorate”) was read, and not column A (“Team”)." in plan.remarks
    assert "Column D (“Headcount”) was read, and not column B (“FTE”)." in plan.remarks


@pytest.mark.parametrize(
    ("count", "people"), [("1,240", 1240), ("12.0", 12), (" 7 ", 7), ("1,000,000", 10**6)]
)
def test_counts_as_people_write_them(store, count, people):
    assert groups(planned(store, [["Team", "People"], ["Housing", count]]), "PRF1") == {"Housing": people}


def test_groups_meet_those_that_the_answers_name(store):
    rows = [
        ["Directorate", "People"],
        ["CHILDRENS  SERVICES", "1"],
        ["adults and health", "2"],
        ["'=Place", "3"],
    ]
    plan = planned(store, rows)
    assert groups(plan, "PRF1") == {"Children's Services": 1, "Adults & Health": 2, "=Place": 3}
    assert all(group.is_known for group in plan.found.groups)
    assert not [one for one in plan.remarks if "answer" in one and "answered" not in one]


def test_a_near_group_is_asked_about_and_kept(store):
    plan = planned(
        store, [["Directorate", "People"], ["Adult Health", "200"], ["Housing", "32"], ["Place", "1"]]
    )
    assert groups(plan, "PRF1") == {"Adult Health": 200, "Housing": 32, "=Place": 1}
    assert [group.is_known for group in plan.found.groups] == [False, False, True]
    asked = [one for one in plan.remarks if "did you mean" in one]
    assert asked == [
        "No answer gives “Adult Health” as Service area; did you mean “Adults & Health”? "
        "It is kept under its own name."
    ]
    missing = "The answers name 2 groups of Service area that are not in the staff list: "
    assert missing + "Children's Services and Adults & Health." in plan.remarks


def test_spellings_of_one_group_are_one(store):
    plan = planned(store, [["Team", "People"], ["Roads & Parks", "1"], ["roads and  parks", "2"]])
    assert groups(plan, "PRF1") == {"Roads & Parks": 3}


def test_without_answers_there_is_nothing_to_compare_groups_with(store):
    plan = planned(store, CROSSED, organisation="Swansea", round="2025")
    assert groups(plan, "PRF1") == {"Place": 500, "Housing": 32}
    assert any("could not be compared" in one for one in plan.remarks)


@pytest.mark.parametrize("total", ["Total", "GRAND TOTAL", "All staff", "Housing Total", "Sub-total"])
def test_totals_are_left_out_and_named(store, total):
    rows = [*CROSSED, [total, "", "532"], ["Housing", total, "x"]]
    plan = planned(store, rows)
    assert (groups(plan, "PRF1"), groups(plan, "PRF2")) == (AREAS, JOBS)
    assert "2 rows with totals were left out: rows 6 and 7." in plan.remarks


def test_formulas_are_spared_in_totals_alone(store, as_xlsx):
    rows = [["Team", "People"], ["Housing", 32], ["Total", "=SUM(B2:B2)"]]
    assert not planned(store, as_xlsx(rows)).refusals
    rows[1][1] = "=30+2"
    (sentence,) = planned(store, as_xlsx(rows)).refusals
    assert "Column B (“People”) holds formulas, for example in B2" in sentence


def test_blank_rows_of_a_template_and_groups_of_nobody_are_passed_over(store):
    rows = [
        ["Question", "Group", "People"],
        ["Service area", "", ""],
        ["Role", "Other", "0"],
        ["Role", "1", "5"],
    ]
    plan = planned(store, rows)
    assert not plan.refusals
    assert groups(plan, "PRF2") == {"Front-line": 5}


# ── What is refused ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "count", ["", "-3", "12.5", "many", "<5", "1,24", "1.000", "1000001", "9" * 40, "1e3", "٣", "=1+1"]
)
def test_a_count_that_is_none_is_refused_with_its_place(store, count):
    plan = planned(store, [["Team", "People"], ["Roads", "4"], ["Housing", count]])
    assert rejected(plan) == [(3, "B", count)]
    assert "a whole number of people from 0 to 1,000,000" in plan.found.rejected[0].reason or (
        "It is no number of people" in plan.found.rejected[0].reason
    )
    assert plan.refusals[0] == "1 cell cannot be read, in 1 of 2 rows."
    assert "row 3, column B (People)" in plan.refusals[1]
    assert plan.found.groups == ()


def test_a_role_that_is_no_option_is_refused_with_the_options(store):
    plan = planned(store, [["Role", "People"], ["Chief", "4"], ["Front-line", "3"]])
    assert rejected(plan) == [(2, "A", "Chief")]
    assert "2 Office-based" in plan.found.rejected[0].reason


def test_a_blank_group_is_refused_where_rows_name_both(store):
    plan = planned(store, [*CROSSED, ["Housing", "", "3"], ["", "Other", "4"], ["", "", "5"]])
    assert rejected(plan) == [(6, "B", ""), (7, "A", ""), (8, "A", ""), (8, "B", "")]
    assert "name the group, or write “not known”" in plan.found.rejected[0].reason


def test_people_of_no_group_are_refused_once(store):
    plan = planned(store, [["Directorate", "Role", "People"], ["Housing", "", "3"], ["", "", "5"]])
    assert rejected(plan) == [(3, "A", "")]


def test_a_question_that_is_none_is_refused(store):
    plan = planned(store, [["Question", "Group", "People"], ["Age", "60+", "5"], ["", "Housing", "6"]])
    assert rejected(plan) == [(2, "A", "Age"), (3, "A", "")]
    assert "Service area or Role is allowed" in plan.found.rejected[0].reason


def test_all_cells_are_counted_and_a_thousand_listed(store):
    plan = planned(store, [["Team", "People"], *([f"Team {n % 50}", "x"] for n in range(1500))])
    assert (plan.found.cells_rejected, len(plan.found.rejected)) == (1500, 1000)


REFUSED = [
    ([["Team", "FTE"], ["Housing", "3.5"]], "Column B (“FTE”) counts full-time equivalents"),
    ([["Colour", "People"], ["Red", "3"]], "No columns of a staff list were found."),
    ([["Question", "Group"], ["Role", "Other"]], "No columns of a staff list were found."),
    ([["Group", "People"], ["Housing", "3"]], "No columns of a staff list were found."),
    ([["Team", "People"], ["Housing", "0"]], "No row of the file counts anybody in a group."),
    ([["Team", "People"], ["Total", "5"]], "No row of the file counts anybody in a group."),
    ([["Team"], *([f"Team {n}"] for n in range(101))], "There are 101 different groups of Service area"),
    ([["Team", "Number"], ["A", "999999"], ["B", "2"]], "More than 1,000,000 people are counted"),
]


@pytest.mark.parametrize(("rows", "sentence"), REFUSED)
def test_what_is_refused_as_a_whole(store, rows, sentence):
    plan = planned(store, rows)
    assert any(sentence in one for one in plan.refusals), plan.refusals


def test_merged_cells_are_refused(store, as_xlsx):
    content = as_xlsx(CROSSED, lambda workbook: workbook.active.merge_cells("A2:A3"))
    assert any("holds merged cells, for example A2:A3" in one for one in planned(store, content).refusals)


def test_the_round_must_be_there(store):
    assert planned(store, CROSSED, round="2031").refusals == (
        "There is no round called 2031. There are: 2025, 2026.",
    )


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({"organisation": "Atlantis"}, "Atlantis"),
        ({"instrument": "dma"}, "is not a survey"),
        ({"instrument": "horoscope"}, "horoscope"),
        ({"sheet": "Data"}, "not a workbook"),
        ({"encoding": "martian"}, "not an encoding"),
        ({"round": " "}, "label"),
    ],
)
def test_what_cannot_be_planned(store, asked, part):
    with pytest.raises(ImproveError, match=part):
        planned(store, CROSSED, **asked)


def test_a_survey_that_asks_for_no_groups_has_no_staff_list(store):
    plain = SURVEY.model_copy(update={"profile": SURVEY.profile[2:], "version": "9.0"})
    library = Library((Entry(plain, "", "plain.yaml"),))
    with pytest.raises(IntakeError, match="asks neither for a service area nor for a job"):
        plan_staff(store, library, StaffRequest(as_csv(CROSSED), "x.csv", "Swansea", "2025"))


def test_of_a_survey_that_asks_for_one_question_the_other_column_is_not_read(own):
    """So a list never gets crossed by way of a question that nobody has."""
    plain = SURVEY.model_copy(update={"profile": SURVEY.profile[:1], "version": "9.0"})
    library = Library((Entry(plain, "", "plain.yaml"),))
    plan = plan_staff(own, library, StaffRequest(as_csv(CROSSED), "x.csv", "Cardiff", "2026"))
    assert [column.column for column in plan.found.unused] == ["Role"]
    assert groups(plan, "PRF1") == AREAS


def test_a_list_smaller_than_those_asked_is_remarked_upon(own):
    def fewer(**facts):
        write_responses(own, [make_delivery(SURVEY, "2026", CARDIFF, ANSWERS, **facts)], replace=True)
        return [
            one for one in planned(own, [["Team", "People"], ["Housing", "40"]]).remarks if "fewer" in one
        ]

    assert fewer() == []
    assert fewer(invited=41) == ["The staff list counts 40 people, fewer than the 41 who were invited."]
    write_responses(own, [make_delivery(SURVEY, "2026", CARDIFF, ANSWERS)])
    assert "fewer than the 60 who answered" in planned(own, [["Team", "People"], ["A", "59"]]).remarks[-1]


def test_two_questions_that_count_differently_are_remarked_upon(store):
    rows = [["Question", "Group", "People"], ["Team", "Housing", "1500"], ["Role", "Other", "1480"]]
    assert "Service area counts 1,500 people in all, Role 1,480." in planned(store, rows).remarks
    assert not any("in all" in one for one in planned(store, CROSSED).remarks)


# ── Storing ────────────────────────────────────────────────────────────────────────────────────


def test_what_was_planned_is_stored_and_takes_the_place_of_the_last(own):
    assert read_staff(own, "2026", CARDIFF) is None
    take_in_staff(own, planned(own, [["Team", "People"], ["Roads", "3"]], file_name="C:\\hr\\first.csv"))
    assert read_staff(own, "2026", CARDIFF).groups == {"PRF1": (("Roads", 3),)}
    plan = planned(own, CROSSED)
    assert any("takes the place of the staff list of" in one and "(first.csv)" in one for one in plan.remarks)
    take_in_staff(own, plan)
    stored = read_staff(own, "2026", CARDIFF)
    assert stored.file_name == "staff.csv"
    assert stored.groups == {"PRF1": tuple(AREAS.items()), "PRF2": tuple(JOBS.items())}


@pytest.mark.parametrize(
    "rows", [[["Team", "People"], ["Roads", "3"], ["Housing", "x"]], [["Colour"], ["Red"]]]
)
def test_nothing_is_stored_of_what_is_refused(own, rows):
    take_in_staff(own, planned(own, CROSSED))
    before = read_staff(own, "2026", CARDIFF)
    with pytest.raises(IntakeError):
        take_in_staff(own, planned(own, rows))
    with pytest.raises(IntakeError):
        take_in_staff(own, planned(own, CROSSED, round="2031"))
    assert read_staff(own, "2026", CARDIFF) == before


def test_nothing_crossed_and_nobody_is_kept(own):
    """Every cell of the cross, every name and the file itself are sought in the plan and in the store."""
    cells = {("Place", "1"): 417, ("Place", "2"): 83, ("Housing", "1"): 731, ("Housing", "2"): 97}
    rows = [["Directorate", "Role", "People", "Manager"]]
    rows += [[*names, str(people), f"Jane Doe {people}"] for names, people in cells.items()]
    plan = planned(own, rows)
    take_in_staff(own, plan)
    path = own.path
    own.close()
    kept = [value for rows in tables(path).values() for row in rows for value in row]
    assert 500 in kept  # what is sought would be found
    assert "Front-line" in kept
    for people in cells.values():
        assert people not in kept
        assert str(people) not in repr(plan.found.groups)
    assert not any("Jane Doe" in str(value) for value in kept)
    assert "Jane Doe" not in repr(plan)
    assert plan.request.content == b""
    assert {(group.item, group.people) for group in plan.found.groups} == {
        *(("PRF1", people) for people in (500, 828)),
        *(("PRF2", people) for people in (1148, 180)),
    }
    open_store(path).close()


# ── Templates ──────────────────────────────────────────────────────────────────────────────────


def test_a_template_has_the_groups_and_is_read_once_filled(store):
    rows = list(csv.reader(io.StringIO(staff_template(store, LIBRARY, CARDIFF, "2026"))))
    assert rows[0] == ["Question", "Group", "People"]
    assert ["Service area", "Children's Services", ""] in rows
    assert ["Service area", "'=Place", ""] in rows  # a spreadsheet takes it for text
    assert ["Role", "Elected member", ""] in rows
    filled = [rows[0], *([*row[:2], str(place)] for place, row in enumerate(rows[1:], start=1))]
    plan = planned(store, filled)
    assert not plan.refusals
    assert groups(plan, "PRF1") == dict(zip(OWN, (1, 2, 3), strict=True))
    assert all(group.is_known for group in plan.found.groups)
    assert planned(store, rows[:1] + rows[1:4]).refusals  # not filled: the counts are blank


def test_a_template_without_answers_leaves_room_for_groups(store):
    for whose in ((), (SWANSEA, "2026"), (None, "2026"), (CARDIFF, "1999")):
        rows = list(csv.reader(io.StringIO(staff_template(store, LIBRARY, *whose))))
        assert ["Service area", "", ""] in rows
        assert not [row for row in rows if row[1] in OWN]


# ── Hostile cells ──────────────────────────────────────────────────────────────────────────────

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "Housing", "Place", "Front-line", "1", "Total", "n/a", "=1+1", "-1", "1,000", "0.5", "٣"]
    ),
    st.sampled_from(["<b>x</b>", "\x1b[31m", "9" * 30, "a" * 200, "Role", "Service area", "\u202e"]),
)
HEADINGS = st.lists(
    st.sampled_from(
        ["Directorate", "Role", "People", "Question", "Group", "Team", "FTE", "Name", "Job", "Count", "Total"]
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.data())
def test_hostile_cells_are_counted_right_or_refused(store, data):
    header = data.draw(HEADINGS)
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), min_size=1, max_size=8)
    )
    try:
        plan = planned(store, [header, *rows])
    except IntakeError as error:
        assert len(str(error)) < 1000
        return
    places = {one.column for one in plan.found.columns}
    assert places | {one.column for one in plan.found.unused} <= set(header)
    assert bool(plan.found.rejected) == bool(plan.found.cells_rejected)
    assert not (plan.found.rejected and plan.found.groups)
    for one in plan.found.rejected:
        assert one.row >= 2
        assert one.column in header
        assert one.reason
    for group in plan.found.groups:
        assert group.people > 0
        assert 0 < len(group.label) <= 80
    labels = [(group.item, group.label) for group in plan.found.groups]
    assert len(labels) == len(set(labels))
    if "PRF2" in {group.item for group in plan.found.groups}:
        assert set(groups(plan, "PRF2")) <= {
            one.label["en"] for one in LIBRARY.get("satisfaction").profile[1].options
        }
    if not plan.refusals:
        assert plan.found.groups


@given(
    st.lists(
        st.tuples(st.sampled_from(["North", "South", "East"]), st.integers(1, 6), st.integers(0, 999)),
        min_size=1,
        max_size=20,
    )
)
def test_margins_equal_a_count_by_hand(store, people):
    plan = planned(
        store, [["Team", "Role", "People"], *([area, str(job), str(n)] for area, job, n in people)]
    )
    options = {one.code: one.label["en"] for one in LIBRARY.get("satisfaction").profile[1].options}
    areas = {area: sum(n for one, _job, n in people if one == area) for area, _job, _n in people}
    jobs = {options[job]: sum(n for _area, one, n in people if one == job) for _area, job, _n in people}
    assert groups(plan, "PRF1") == {area: n for area, n in areas.items() if n}
    assert groups(plan, "PRF2") == {job: n for job, n in jobs.items() if n}
    one_each = [["Team", "Role"], *([area, str(job)] for area, job, n in people for _person in range(n))]
    if len(one_each) > 1:
        again = planned(store, one_each)
        assert (groups(again, "PRF1"), groups(again, "PRF2")) == (groups(plan, "PRF1"), groups(plan, "PRF2"))
