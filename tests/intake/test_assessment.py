"""Filled-in assessments: what is read of a file, what is refused of it, and what it changes."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improve.assessment import (
    answer,
    answer_many,
    assign,
    begin,
    history,
    note_evidence,
    sheet_for,
    submit,
    submitted_sheet,
)
from improve.assessment.spreadsheet import empty_workbook, sheet_csv, sheet_workbook
from improve.errors import ImproveError
from improve.instruments import Library, Option
from improve.instruments.library import Entry
from improve.intake import AssessmentRequest, plan_assessment, take_in_assessment
from improve.language import PSEUDO, speaking
from improve.model import Role, Viewer
from improve.store import Wording, close_round, open_round, read_assessments, read_rounds
from tests.factory import (
    DONT_KNOW,
    NO,
    NOT_APPLICABLE,
    YES,
    make_organisation,
    make_store,
    small_maturity,
    small_survey,
)

OPERATOR = Viewer(Role.OPERATOR)
MEMBER = Viewer(Role.MEMBER, "E1")
SMALL = small_maturity()
IDS = [one.id for one in SMALL.criteria]
LIBRARY = Library(tuple(Entry(one, "", one.id) for one in (SMALL, small_survey())))
WHOLE = [["Id", "Answer"], *([id_, "yes"] for id_ in IDS)]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A store in which nobody has answered anything. For plans alone."""
    store = made(tmp_path_factory.mktemp("quiet"))
    yield store
    store.close()


@pytest.fixture
def own(tmp_path):
    store = made(tmp_path)
    yield store
    store.close()


def made(folder):
    organisations = (make_organisation("E1", name="Alton"), make_organisation("E2", name="Bixby"))
    return make_store(folder, organisations=organisations)


def as_csv(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def planned(store, rows, viewer=OPERATOR, **asked):
    content = rows if isinstance(rows, bytes) else as_csv(rows)
    wanted = {"file_name": "dma.csv", "organisation": "Alton", "by": "Ann", **asked}
    return plan_assessment(store, LIBRARY, viewer, AssessmentRequest(content, **wanted))


def taken_in(store, rows, viewer=OPERATOR, **asked):
    plan = planned(store, rows, viewer, **asked)
    assert not plan.refusals
    return take_in_assessment(store, viewer, plan)


def open_sheet(store, organisation="E1"):
    return sheet_for(store, OPERATOR, organisation, "dma")


def codes(plan):
    return {one.wording.item: one.wording.code for one in plan.changes}


def only(plan):
    """The one cell that is wrong, as its place and the reason."""
    (wrong,) = plan.found.rejected
    assert plan.found.cells_rejected == 1
    assert not plan.changes
    assert plan.refusals
    return wrong.row, wrong.letter, wrong.value, wrong.reason


# ── What is read ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((word, YES) for word in ("Yes", "yes", "Y", "1", "1 - Yes", "TRUE", "Ie", "Oes", " yes ")),
        *((word, NO) for word in ("No", "n", "2", "2.0", "Nage", "Nac oes", "nac ydy")),
        *((word, DONT_KNOW) for word in ("Don't know", "Don\u2019t know", "dont_know", "3", "?")),
        ("Ddim yn gwybod", DONT_KNOW),
        *((word, NOT_APPLICABLE) for word in ("Does not apply", "N/A", "9", "not_applicable")),
        ("Amherthnasol", NOT_APPLICABLE),
    ],
)
def test_words_for_an_answer(quiet, text, code):
    plan = planned(quiet, [["Id", "Answer", "Reason"], ["LEAD1a", text, "No such service"]])
    assert not plan.refusals
    assert codes(plan) == {"LEAD1a": code}


@pytest.mark.parametrize("text", ["na", "4", "0", "1 - No", "perhaps", "1.5", "x", "yes no", "#N/A", "=1"])
def test_other_words_are_none(quiet, text):
    row, letter, value, reason = only(planned(quiet, [["Id", "Answer"], ["LEAD1a", text]]))
    assert (row, letter, value) == (2, "B", text)
    assert reason == "It is none of the answers, which are: Yes; No; Don't know; Does not apply."


def test_labels_of_the_instrument_go_before_other_words(quiet):
    """Where "n" is a label of its own it is no "no"."""
    answers = (*SMALL.answers, Option(code=4, id="nearly", label={"en": "N", "cy": "Bron"}, group="not_met"))
    other = SMALL.model_copy(update={"answers": answers, "version": "2.0"})
    content = as_csv([["Id", "Answer"], ["LEAD1a", "n"], ["LEAD1b", "bron"], ["LEAD2a", "no"]])
    request = AssessmentRequest(content, "x.csv", "Alton", "Ann")
    library = LIBRARY.with_instrument(other, "", "other")
    plan = plan_assessment(quiet, library, OPERATOR, request)
    assert plan.instrument.version == "2.0"
    assert codes(plan) == {"LEAD1a": 4, "LEAD1b": 4, "LEAD2a": NO}


@pytest.mark.parametrize(
    "header",
    [
        *(["Id", "Answer"], ["CRITERION ID", "Our answer"], ["Ref.", "Response"], ["Cyfeirnod", "Ateb"]),
        *(["Code (leave)", "Answer [yes/no]"], ["id", "Answer:"]),
    ],
)
def test_headings(quiet, header):
    assert codes(planned(quiet, [header, ["lead1A", "yes"]])) == {"LEAD1a": YES}


def test_a_criterion_by_its_text(quiet):
    rows = [["Criterion", "Answer"], ["there is  WEB3b", "no"], ["There is LEAD1a", ""]]
    plan = planned(quiet, rows)
    assert (codes(plan), plan.found.rows_read, plan.found.rows_blank) == ({"WEB3b": NO}, 2, 1)


def test_columns_and_rows_that_say_nothing_are_passed_over(quiet):
    rows = [["Owner", "Id", "Answer", "Response"], ["Jo", "LEAD1a", "yes", "no"], ["Jo", "", "", ""]]
    plan = planned(quiet, rows)
    assert codes(plan) == {"LEAD1a": YES}
    assert [one.column for one in plan.found.unused] == ["Owner", "Response"]
    assert "Column C (“Answer”) was read, and not column D (“Response”)." in plan.remarks
    assert plan.found.rows_read == 1


def test_a_workbook_as_a_spreadsheet_saves_it(quiet, as_xlsx):
    """Numbers and truth values as such, rows of a function under a merged heading that is not read."""

    def change(workbook):
        workbook.active.merge_cells("A2:A4")

    rows = [["Function", "Id", "Answer", "Evidence"], ["Leading", "LEAD1a", True, 7]]
    rows += [[None, "LEAD1b", 2, None], [None, "LEAD2a", "y", "Minutes"]]
    plan = planned(quiet, as_xlsx(rows, change))
    assert not plan.refusals
    assert codes(plan) == {"LEAD1a": YES, "LEAD1b": NO, "LEAD2a": YES}
    assert plan.changes[0].wording.evidence == "7"


# ── What is refused ────────────────────────────────────────────────────────────────────────────


def test_an_unknown_id(quiet):
    row, letter, value, reason = only(
        planned(quiet, [["Id", "Answer"], ["LEAD1a", "yes"], ["LEAD9z", "yes"]])
    )
    assert (row, letter, value) == (3, "A", "LEAD9z")
    assert "LEAD1a, LEAD1b, LEAD2a, LEAD2b, LEAD3a, …, SAFE3b" in reason


def test_an_unknown_text(quiet):
    assert only(planned(quiet, [["Criterion", "Answer"], ["There is", "yes"]]))[:2] == (2, "A")


def test_a_text_that_two_criteria_share_names_neither(quiet):
    first, second, *rest = SMALL.criteria
    alike = second.model_copy(update={"text": first.text})
    other = SMALL.model_copy(update={"criteria": (first, alike, *rest), "version": "2.0"})
    request = AssessmentRequest(
        as_csv([["Criterion", "Answer"], [first.text["en"], "yes"]]), "x", "Alton", "Ann"
    )
    plan = plan_assessment(quiet, LIBRARY.with_instrument(other, "", "other"), OPERATOR, request)
    assert "or of several" in only(plan)[3]


def test_a_row_that_names_nothing(quiet):
    row, letter, value, _reason = only(planned(quiet, [["Id", "Answer"], ["", "yes"]]))
    assert (row, letter, value) == (2, "A", "")


def test_a_column_that_was_sorted_without_the_others(quiet):
    rows = [["Id", "Criterion", "Answer"], ["LEAD1a", "There is WEB1a", "yes"]]
    assert only(planned(quiet, rows)) == (2, "A", "LEAD1a", "Its text beside it is that of WEB1a.")
    rows[1][1] = "There is LEAD1a, since 2025"  # somebody wrote more beside it
    assert codes(planned(quiet, rows)) == {"LEAD1a": YES}


def test_the_same_criterion_twice(quiet):
    rows = [["Id", "Answer"], ["LEAD1a", "yes"], ["LEAD1b", "no"], ["lead1a", "yes"]]
    row, letter, value, reason = only(planned(quiet, rows))
    assert (row, letter, value) == (4, "A", "lead1a")
    assert "row 2" in reason


def test_not_applicable_without_a_reason(quiet):
    rows = [["Id", "Answer", "Reason"], ["LEAD1a", "n/a", "  "]]
    assert only(planned(quiet, rows))[:2] == (2, "C")
    row, letter, _value, reason = only(planned(quiet, [["Id", "Answer"], ["LEAD1a", "n/a"]]))
    assert (row, letter) == (2, "B")
    assert "“Reason if it does not apply”" in reason


def test_a_reason_beside_another_answer_is_left_out(quiet):
    plan = planned(quiet, [["Id", "Answer", "Reason"], ["LEAD1a", "yes", "We do it " * 60]])
    assert [one.wording for one in plan.changes] == [Wording("LEAD1a", YES)]


@pytest.mark.parametrize(("kind", "most"), [("Reason", 300), ("Evidence", 1000)])
def test_texts_that_are_too_long(quiet, kind, most):
    header = ["Id", "Answer", "Reason", "Evidence"]
    row = ["LEAD1a", "n/a", "why", "what"]
    row[header.index(kind)] = "x" * most
    assert not planned(quiet, [header, row]).refusals
    row[header.index(kind)] += "x"
    _row, letter, value, reason = only(planned(quiet, [header, row]))
    assert letter == "ABCD"[header.index(kind)]
    assert len(value) < 100
    assert f"{most + 1:,}" in reason


def test_a_reason_or_evidence_without_an_answer_is_not_lost_silently(quiet):
    rows = [["Id", "Answer", "Evidence"], ["LEAD1a", "", "The strategy of 2024"]]
    assert only(planned(quiet, rows))[:3] == (2, "B", "")


def test_all_that_is_wrong_is_listed_and_nothing_else_is_taken(quiet):
    rows = [["Id", "Answer"], ["LEAD1a", "yes"], ["LEAD1b", "maybe"], ["X", "yes"], ["WEB1a", "n/a"]]
    plan = planned(quiet, rows, submit=True)
    assert [(one.row, one.letter) for one in plan.found.rejected] == [(3, "B"), (4, "A"), (5, "B")]
    assert plan.refusals[0] == "3 cells cannot be read, in 3 of 4 rows."
    assert plan.refusals[1].startswith("The first is in row 3, column B (Answer): “maybe”.")
    assert plan.refusals[-1] == "Mend the file."
    with pytest.raises(ImproveError, match="Mend the file"):
        take_in_assessment(quiet, OPERATOR, plan)
    assert open_sheet(quiet) is None


@pytest.mark.parametrize("cell", ["B2", "C2", "A2"])
def test_formulas_in_what_is_read(quiet, as_xlsx, cell):
    def change(workbook):
        workbook.active[cell] = '=IF(1,"yes","no")'

    rows = [["Id", "Answer", "Evidence", "Owner"], ["LEAD1a", "yes", "x", "Jo"]]
    plan = planned(quiet, as_xlsx(rows, change))
    assert f"Column {cell[0]} " in plan.refusals[0]
    assert "paste it as values" in plan.refusals[0]
    assert not plan.changes
    spared = planned(quiet, as_xlsx(rows, lambda workbook: workbook.active.__setitem__("D2", "=1+1")))
    assert codes(spared) == {"LEAD1a": YES}


def test_merged_answers(quiet, as_xlsx):
    rows = [["Id", "Answer"], ["LEAD1a", "yes"], ["LEAD1b", None]]
    plan = planned(quiet, as_xlsx(rows, lambda workbook: workbook.active.merge_cells("B2:B3")))
    assert "merged cells, for example B2:B3" in plan.refusals[0]


def test_several_sheets_ask_which(quiet, as_xlsx):
    def change(workbook):
        workbook.create_sheet("Other").append(["Id", "Answer"])
        workbook["Other"].append(["LEAD1b", "no"])

    content = as_xlsx([["Id", "Answer"], ["LEAD1a", "yes"]], change)
    with pytest.raises(ImproveError, match="Data and Other"):
        planned(quiet, content)
    assert codes(planned(quiet, content, sheet="Other")) == {"LEAD1b": NO}


def test_a_file_of_something_else(quiet):
    plan = planned(quiet, [["SYS1 importance", "Answer"], ["5", "yes"]])
    assert plan.refusals == (
        "The file has no columns “Id” (or “Criterion”) and “Answer” in its first row. "
        "Start from the template, or from an export.",
    )
    assert planned(quiet, [["Id", "Answer"], ["LEAD1a", ""]]).refusals == (
        "No row of the file has an answer.",
    )


def test_a_huge_file_is_counted_and_its_first_cells_are_listed(quiet):
    rows = b"Id,Answer,Evidence\n" + b"".join(b"X%d,yes,\n" % n for n in range(20_000))
    plan = planned(quiet, rows)
    assert (plan.found.cells_rejected, len(plan.found.rejected)) == (20_000, 1_000)


@pytest.mark.parametrize("by", ["", "  ", "x" * 101])
def test_who_answered_is_said(quiet, by):
    with pytest.raises(ImproveError, match="name or role"):
        planned(quiet, WHOLE, by=by)


def test_an_instrument_of_another_kind_or_unknown(quiet):
    with pytest.raises(ImproveError, match="small is not answered by yes and no"):
        planned(quiet, WHOLE, instrument="small")
    with pytest.raises(ImproveError, match="no instrument nonsense"):
        planned(quiet, WHOLE, instrument="nonsense")


def test_the_open_assessment_keeps_its_version(own):
    begin(own, OPERATOR, "E1", SMALL, "Ann")
    newer = SMALL.model_copy(update={"version": "1.10", "criteria": SMALL.criteria[:-1]})
    library = LIBRARY.with_instrument(newer, "", "newer")
    content = as_csv([["Id", "Answer"], ["SAFE3b", "yes"]])

    def plan_for(organisation):
        return plan_assessment(own, library, OPERATOR, AssessmentRequest(content, "x", organisation, "Ann"))

    assert plan_for("Alton").instrument.version == "1.0"
    assert not plan_for("Alton").refusals
    other = plan_for("Bixby")
    assert other.instrument.version == "1.10"
    assert only(other)[2] == "SAFE3b"


def test_an_instrument_that_only_the_store_still_has(own):
    begin(own, OPERATOR, "E1", SMALL, "Ann")
    request = AssessmentRequest(as_csv(WHOLE), "x.csv", "Bixby", "Ann")
    plan = plan_assessment(own, Library(), OPERATOR, request)
    assert plan.instrument == SMALL
    changed = SMALL.model_copy(update={"title": {"en": "Changed"}})
    with pytest.raises(ImproveError, match="new version number"):
        plan_assessment(own, Library((Entry(changed, "", "dma"),)), OPERATOR, request)


CELLS = st.one_of(
    st.sampled_from(
        [
            *IDS[:3],
            "yes",
            "no",
            "n/a",
            "There is LEAD1a",
            "=1+1",
            "'=1",
            "",
            " ",
            "1",
            "Id",
            "\u202e",
            "x" * 1001,
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
)
HEADINGS = st.lists(
    st.sampled_from(["Id", "Criterion", "Answer", "Reason", "Evidence", "Answered at", "Notes", "Owner"]),
    min_size=1,
    max_size=6,
    unique=True,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_cells_hold_it_is_taken_or_refused_in_words(quiet, data):
    header = data.draw(HEADINGS)
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=5))
    try:
        plan = planned(quiet, [header, *rows])
    except ImproveError as error:
        assert str(error)
        return
    assert plan.refusals or plan.changes
    for change in plan.changes:
        wording = change.wording
        assert wording.item in IDS
        assert (wording.code == NOT_APPLICABLE) == bool(wording.reason)
        assert wording.evidence.isprintable()
        assert len(wording.evidence) <= 1000


# ── What it changes ────────────────────────────────────────────────────────────────────────────


def test_it_begins_an_assessment_where_none_is_open(own):
    rows = [["Id", "Answer", "Evidence"], ["LEAD1a", "yes", "=1+1"], ["LEAD1b", "don't know", ""]]
    plan = planned(own, rows)
    assert (plan.begins, plan.added, plan.answered, plan.label) == (True, 2, 2, None)
    assert plan.remarks == (
        "This begins an assessment of Alton.",
        "16 criteria have no answer yet: LEAD2a, LEAD2b, LEAD3a, LEAD3b, WEB1a, …, SAFE3b.",
    )
    assert open_sheet(own) is None
    take_in_assessment(own, OPERATOR, plan)
    sheet = open_sheet(own)
    assert sheet.assessment.started_by == "Ann"
    assert {item: (one.code, one.evidence) for item, one in sheet.answers.items()} == {
        "LEAD1a": (YES, "=1+1"),
        "LEAD1b": (DONT_KNOW, ""),
    }


def test_only_what_differs_is_added_to_the_history(own):
    taken_in(own, [["Id", "Answer"], ["LEAD1a", "yes"], ["LEAD1b", "no"]])
    rows = [["Id", "Answer"], ["LEAD1a", "yes"], ["LEAD1b", "yes"], ["WEB1a", "no"], ["WEB1b", ""]]
    plan = taken_in(own, rows, by="Bob")
    assert (plan.begins, plan.added, len(plan.changes)) == (False, 1, 2)
    assert plan.unchanged == ("LEAD1a",)
    sheet = open_sheet(own)
    assert [one.answered_by for one in history(own, OPERATOR, sheet, "LEAD1a")] == ["Ann"]
    assert [(one.code, one.answered_by) for one in history(own, OPERATOR, sheet, "LEAD1b")] == [
        (YES, "Bob"),
        (NO, "Ann"),
    ]
    again = planned(own, rows)
    assert not again.refusals
    assert not again.writes
    assert "All that the file answers stands already." in again.remarks


def test_without_a_column_for_it_evidence_stays(own):
    taken_in(own, [["Id", "Answer", "Evidence"], ["LEAD1a", "yes", "Minutes"], ["LEAD1b", "yes", "Plan"]])
    taken_in(own, [["Id", "Answer"], ["LEAD1a", "no"]])
    assert open_sheet(own).answers["LEAD1a"].evidence == "Minutes"
    plan = taken_in(own, [["Id", "Answer", "Evidence"], ["LEAD1a", "no", ""]])
    assert plan.remarks[0] == "1 criterion loses its evidence, because the file has none: LEAD1a."
    assert open_sheet(own).answers["LEAD1a"].evidence == ""


def test_who_answers_what_stays_as_it_was_last_time(own):
    begin(own, OPERATOR, "E1", SMALL, "Ann")
    assign(own, OPERATOR, open_sheet(own), "WEB", "Web team", "Ann")
    open_round(own, "2026")
    taken_in(own, WHOLE, submit=True)
    taken_in(own, [["Id", "Answer"], ["LEAD1a", "yes"]])
    assert open_sheet(own).sections == {"WEB": "Web team"}


EVIDENCE = st.one_of(
    st.sampled_from(["=1+1", "'=1", "''=1", "'", "_x0041_", "a  b", "+44", "007", "-", '"', "<b>&amp;", "ŵ"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.dictionaries(
        st.sampled_from(IDS), st.tuples(st.sampled_from([YES, NO, DONT_KNOW, NOT_APPLICABLE]), EVIDENCE)
    ),
    reason=EVIDENCE.filter(lambda text: bool("".join(text.split()).strip()) and text.strip().isprintable()),
)
def test_what_is_exported_comes_back_without_a_change(own, answers, reason):
    if open_sheet(own) is None:
        begin(own, OPERATOR, "E1", SMALL, "Ann")
    given_ = [
        Wording(item, code, evidence, reason if code == NOT_APPLICABLE else "")
        for item, (code, evidence) in answers.items()
    ]
    answer_many(own, OPERATOR, open_sheet(own), given_, "Ann")
    sheet = open_sheet(own)
    for content in (sheet_workbook(sheet), sheet_csv(sheet)):
        plan = planned(own, content)
        assert not plan.changes
        assert set(plan.unchanged) == sheet.answers.keys()
        assert not plan.found.rejected
        assert plan.refusals == (() if sheet.answers else ("No row of the file has an answer.",))


def test_an_export_in_another_language_comes_back_too(own):
    begin(own, OPERATOR, "E1", SMALL, "Ann")
    answer(own, OPERATOR, open_sheet(own), "LEAD1a", NOT_APPLICABLE, "Ann", reason="No such task")
    with speaking(PSEUDO):
        plan = planned(own, sheet_workbook(open_sheet(own)))
        assert [one.holds for one in plan.found.columns] == [
            *("item", "text", "answer", "reason", "evidence", "answered_at")
        ]


def test_the_template_is_read_as_it_is(quiet):
    plan = planned(quiet, empty_workbook(SMALL), file_name="dma.xlsx")
    assert plan.facts.sheet == "Answers"
    assert (plan.found.rows_read, plan.found.rows_blank) == (18, 18)
    assert plan.refusals == ("No row of the file has an answer.",)


# ── While others answer ────────────────────────────────────────────────────────────────────────


def export_of(sheet):
    return list(csv.reader(io.StringIO(sheet_csv(sheet).decode("utf-8-sig"), newline="")))


def test_a_row_that_was_not_touched_leaves_what_was_answered_since(own, monkeypatch):
    begin(own, OPERATOR, "E1", SMALL, "Ann")
    moments = (datetime(2026, 5, 4) + timedelta(seconds=second) for second in range(60))
    monkeypatch.setattr("improve.store.assessment.now", lambda: next(moments))
    for item in ("LEAD1a", "LEAD1b", "LEAD2a"):
        answer(own, OPERATOR, open_sheet(own), item, NO, "Ann")
    rows = export_of(open_sheet(own))
    answer(own, OPERATOR, open_sheet(own), "LEAD1a", YES, "Bob")
    answer(own, OPERATOR, open_sheet(own), "LEAD1b", YES, "Bob")
    note_evidence(own, OPERATOR, open_sheet(own), "LEAD2a", "Minutes", "Bob")
    answer_at = rows[0].index("Answer")
    by_id = {row[0]: row for row in rows}
    by_id["LEAD1b"][answer_at] = "Don't know"  # Ann thought again, in the file
    by_id["LEAD2b"][answer_at] = "Yes"
    plan = taken_in(own, rows, by="Ann")
    assert plan.overtaken == ("LEAD1a", "LEAD2a")
    assert codes(plan) == {"LEAD1b": DONT_KNOW, "LEAD2b": YES}
    standing = {item: (one.code, one.evidence) for item, one in open_sheet(own).answers.items()}
    assert standing == {
        "LEAD1a": (YES, ""),
        "LEAD1b": (DONT_KNOW, ""),
        "LEAD2a": (NO, "Minutes"),
        "LEAD2b": (YES, ""),
    }
    assert [one.answered_by for one in history(own, OPERATOR, open_sheet(own), "LEAD1b")] == [
        *("Ann", "Bob", "Ann")
    ]
    told = " ".join(plan.remarks)
    assert "2 criteria were answered anew since the file was exported and not changed in it: LEAD1a" in told
    assert "1 criterion was answered since the file was exported, otherwise than in it: LEAD1b." in told


def test_what_is_answered_between_plan_and_button_counts(own):
    begin(own, OPERATOR, "E1", SMALL, "Ann")
    plan = planned(own, [["Id", "Answer"], ["LEAD1a", "yes"], ["LEAD1b", "no"]])
    answer(own, OPERATOR, open_sheet(own), "LEAD1a", YES, "Bob")
    done = take_in_assessment(own, OPERATOR, plan)
    assert (codes(done), done.unchanged) == ({"LEAD1b": NO}, ("LEAD1a",))
    assert len(history(own, OPERATOR, open_sheet(own), "LEAD1a")) == 1


def test_an_assessment_that_is_submitted_meanwhile_stays_as_it_is(own):
    open_round(own, "2026")
    taken_in(own, WHOLE)
    plan = planned(own, [["Id", "Answer"], ["LEAD1a", "no"]])
    submit(own, OPERATOR, open_sheet(own), "Bob")
    done = take_in_assessment(own, OPERATOR, plan)
    assert done.begins
    assert submitted_sheet(own, OPERATOR, "E1", "dma").answers["LEAD1a"].code == YES
    assert open_sheet(own).answers["LEAD1a"].code == NO


def test_an_agreed_answer_stays_agreed_while_its_evidence_changes(own):
    begin(own, OPERATOR, "E1", SMALL, "Ann")
    answer(own, OPERATOR, open_sheet(own), "LEAD1a", YES, "Ann", poll_id=7)
    answer(own, OPERATOR, open_sheet(own), "LEAD1b", YES, "Ann", poll_id=7)
    rows = [["Id", "Answer", "Evidence"], ["LEAD1a", "yes", "Minutes"], ["LEAD1b", "no", ""]]
    taken_in(own, rows)
    assert open_sheet(own).answers["LEAD1a"].poll_id == 7
    assert open_sheet(own).answers["LEAD1b"].poll_id is None


# ── Submitting ─────────────────────────────────────────────────────────────────────────────────


def test_it_is_submitted_into_the_present_season(own):
    assert planned(own, WHOLE, submit=True).refusals == (
        "There is no round yet that these answers could belong to: name one.",
    )
    open_round(own, "2025")
    open_round(own, "2026")
    plan = taken_in(own, WHOLE, submit=True)
    assert (plan.label, plan.makes_round, plan.answered) == ("2026", False, 18)
    (one,) = read_assessments(own, "E1", "dma")
    assert (one.round, one.submitted_by) == ("2026", "Ann")


def test_a_round_that_is_named_is_made(own):
    plan = taken_in(own, WHOLE, submit=True, round=" Spring  2026 ")
    assert plan.remarks == ("This begins an assessment of Alton.", "This makes the round Spring 2026.")
    assert [one.label for one in read_rounds(own)] == ["Spring 2026"]
    assert read_assessments(own, "E1", "dma")[0].round == "Spring 2026"


def test_what_is_not_answered_as_a_whole_is_not_submitted_and_nothing_is_written(own):
    plan = planned(own, WHOLE[:-2], submit=True, round="2026")
    assert plan.refusals == (
        "2 criteria have no answer yet: SAFE3a and SAFE3b. What is submitted is answered as a whole.",
    )
    with pytest.raises(ImproveError, match="SAFE3a and SAFE3b"):
        take_in_assessment(own, OPERATOR, plan)
    assert not read_rounds(own)
    assert not read_assessments(own, "E1", "dma")


def test_what_stands_and_what_the_file_answers_are_submitted_together(own):
    taken_in(own, WHOLE[:-2])
    plan = taken_in(own, [WHOLE[0], *WHOLE[-2:]], submit=True, round="2026")
    assert (plan.begins, plan.added, plan.answered) == (False, 2, 18)
    assert open_sheet(own) is None


def test_a_whole_assessment_is_submitted_by_a_file_that_changes_nothing(own):
    taken_in(own, WHOLE)
    plan = taken_in(own, WHOLE, submit=True, round="2026")
    assert not plan.changes
    assert submitted_sheet(own, OPERATOR, "E1", "dma").assessment.round == "2026"


def test_a_round_without_submitting_is_a_misunderstanding(own):
    assert "ask for that too" in planned(own, WHOLE, round="2026").refusals[0]


@pytest.mark.parametrize("label", ["", "x" * 61, "\x07"])
def test_no_label_of_a_round(quiet, label):
    with pytest.raises(ImproveError, match="A round needs a label"):
        planned(quiet, WHOLE, submit=True, round=label)


def test_the_same_answers_are_not_submitted_twice(own):
    taken_in(own, WHOLE, submit=True, round="2026")
    plan = planned(own, WHOLE, submit=True, round="2026")
    assert plan.refusals[0].startswith("These very answers were submitted on ")
    assert not planned(own, WHOLE, submit=True, round="2027").refusals
    other = [*WHOLE[:-1], ["SAFE3b", "no"]]
    plan = taken_in(own, other, submit=True, round="2026")
    assert plan.remarks[-1].startswith("They count in the place of what was submitted on ")
    assert [one.round for one in read_assessments(own, "E1", "dma")] == ["2026", "2026"]


def test_a_closed_round_keeps_its_benchmark(own):
    taken_in(own, WHOLE, submit=True, round="2026")
    close_round(own, "2026")
    plan = taken_in(own, WHOLE, submit=True, round="2026", organisation="Bixby")
    assert plan.is_closed_round
    assert plan.remarks[-1] == (
        "Round 2026 is closed: these answers are compared with its benchmark as it stands, and do not "
        "change it."
    )


# ── Who may ────────────────────────────────────────────────────────────────────────────────────


def test_members_take_in_their_own_into_the_present_season_alone(own):
    open_round(own, "2025")
    open_round(own, "2026")
    with pytest.raises(ImproveError, match="own members"):
        planned(own, WHOLE, MEMBER, organisation="Bixby")
    for label in ("2025", "2027"):
        plan = planned(own, WHOLE, MEMBER, submit=True, round=label)
        assert plan.refusals == ("Answers are submitted for the present season; the operator names another.",)
    assert taken_in(own, WHOLE, MEMBER, submit=True).label == "2026"


@pytest.mark.parametrize(
    "viewer",
    [Viewer(Role.PUBLIC), Viewer(Role.FACILITATOR), Viewer(Role.DELEGATE, "E1"), Viewer(Role.MEMBER, "E2")],
    ids=lambda viewer: viewer.role,
)
def test_nobody_else_plans_or_takes_in(own, viewer):
    with pytest.raises(ImproveError, match="own members"):
        planned(own, WHOLE, viewer)
    plan = planned(own, WHOLE)
    with pytest.raises(ImproveError, match="own members"):
        take_in_assessment(own, viewer, plan)
    assert not read_assessments(own, "E1", "dma")
