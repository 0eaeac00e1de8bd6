"""One respondent's form of readiness: taken in whole, or refused whole; and written out by role."""

import base64
import io

import openpyxl
import pytest

from improve import commands, readiness
from improve.errors import ImproveError, IntakeError
from improve.intake import ReadinessRequest, plan_readiness, take_in_readiness
from improve.model import Role, Viewer
from improve.readiness.spreadsheet import RoleAnswers, answers_by_role, form_csv, form_workbook
from improve.store import (
    Reply,
    check_store,
    open_round,
    read_partner_assessments,
    start_partnership_round,
    withdraw_respondent,
)
from tests.factory import make_store
from tests.partners import (
    DONT_KNOW,
    ITEMS,
    READINESS,
    assessment_of,
    make_partnership,
    past,
    reply,
    said,
    write_past,
)
from tests.respondents import command
from tests.views.town import code_of, towns

A, B = code_of(0), code_of(1)
OPERATOR, ANN = Viewer(Role.OPERATOR), Viewer(Role.MEMBER, A)
FULL = "444 444 444"


@pytest.fixture
def store(tmp_path):
    opened = make_store(tmp_path, organisations=towns(3))
    open_round(opened, "2026")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def refusing(tmp_path_factory):
    """A store with one partnership, into which nothing gets."""
    opened = make_store(tmp_path_factory.mktemp("refusing"), organisations=towns(3))
    make_partnership(opened, A)
    yield opened
    opened.close()


def csv_of(rows, header="Id,Answer,Evidence,Note"):
    return "\n".join([header, *rows]).encode()


ROWS = [f"{item},{place % 5},," for place, item in enumerate(ITEMS)]


def request(content, **changes):
    facts = {"file_name": "form.csv", "organisation": "Town X00", "role": "finance", "by": "Ann"}
    return ReadinessRequest(content=content, **{**facts, **changes})


def take_in(store, content, viewer=OPERATOR, **changes):
    return take_in_readiness(store, viewer, plan_readiness(store, viewer, request(content, **changes)))


def test_a_form_is_one_respondent_more(store):
    id_ = make_partnership(store, A, B)
    reply(store, id_, A, ("leader", FULL))
    rows = ["VIS1,Fully in place,Minute 3,Ask again", "vis2,don't know,,", "VIS3,,,", "RES1,3,,"]
    plan = take_in(store, csv_of(rows), label="Jo of finance")
    assert plan.refusals == ()
    assert plan.remarks == ("6 statements have no answer: VIS3, RES2, RES3, GOV1, GOV2 and GOV3.",)
    leader, jo = assessment_of(store, id_, A).counting
    assert {item: one.code for item, one in leader.replies.items()} == said(FULL)
    assert (jo.role, jo.label) == ("finance", "Jo of finance")
    assert jo.replies == {
        "VIS1": Reply(4, "Minute 3", "Ask again"),
        "VIS2": Reply(DONT_KNOW, "", ""),
        "RES1": Reply(3, "", ""),
    }
    assert check_store(store) == []


def test_completing_with_the_form(store):
    id_ = make_partnership(store, A, B)
    refused = plan_readiness(store, OPERATOR, request(csv_of(ROWS[:3]), complete=True))
    assert "Nobody has answered every statement yet" in refused.refusals[0]
    with pytest.raises(IntakeError, match="Nobody has answered"):
        take_in_readiness(store, OPERATOR, refused)
    assert assessment_of(store, id_, A) is None
    assert take_in(store, csv_of(ROWS), complete=True).season == "2026"
    again = plan_readiness(store, OPERATOR, request(csv_of(ROWS), role="hr"))
    assert again.refusals[0].startswith("This round's assessment was completed on")


def test_the_same_form_does_not_count_twice(store):
    id_ = make_partnership(store, A)
    take_in(store, csv_of(ROWS))
    twice = plan_readiness(store, OPERATOR, request(csv_of(ROWS)))
    assert "would count twice" in twice.refusals[0]
    assert plan_readiness(store, OPERATOR, request(csv_of(ROWS), role="hr")).refusals == ()
    withdraw_respondent(store, assessment_of(store, id_, A), 1)
    assert plan_readiness(store, OPERATOR, request(csv_of(ROWS))).refusals == ()


def test_what_came_about_since_the_plan_counts(store):
    id_ = make_partnership(store, A)
    plan = plan_readiness(store, OPERATOR, request(csv_of(ROWS)))
    take_in(store, csv_of(ROWS))
    with pytest.raises(IntakeError, match="would count twice"):
        take_in_readiness(store, OPERATOR, plan)
    other = plan_readiness(store, OPERATOR, request(csv_of(ROWS), role="hr"))
    start_partnership_round(store, id_, 1, READINESS, "Ann")
    take_in_readiness(store, OPERATOR, other)
    assert [len(read_partner_assessments(store, id_, number)[A].respondents) for number in (1, 2)] == [1, 1]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["VIS9,1,,"], "VIS9"),
        (["VIS1,7,,"], "It is none of the answers"),
        (["VIS1,1,,", "VIS1,2,,"], "It stands in row 8 already"),
        (["VIS1,,Seen,"], "something is written beside it"),
        (["VIS1,,,Soon"], "something is written beside it"),
        ([f"VIS1,1,,{'x' * 1001}"], "It has 1,001 characters; at most 1,000 are taken."),
        ([",1,,"], "nobody can tell what this row answers"),
    ],
)
def test_one_cell_that_cannot_be_read_refuses_the_file(refusing, rows, says):
    plan = plan_readiness(refusing, OPERATOR, request(csv_of([*ROWS[3:], *rows])))
    assert any(says in text for text in (*plan.refusals, *(one.reason for one in plan.found.rejected)))
    with pytest.raises(IntakeError):
        take_in_readiness(refusing, OPERATOR, plan)
    assert assessment_of(refusing, 1, A) is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"role": "king"}, "There is no role called king. There are: leader, finance, ict, hr."),
        ({"content": csv_of(["VIS1,"], "Id,Answer")}, "No row of the file has an answer."),
        ({"content": b"Shoes,Size\n1,2\n"}, "no columns"),
    ],
)
def test_what_stands_against_a_file(refusing, changes, says):
    content = changes.pop("content", csv_of(ROWS))
    assert says in " ".join(plan_readiness(refusing, OPERATOR, request(content, **changes)).refusals)


def test_which_partnership(store):
    with pytest.raises(IntakeError, match="has joined no partnership that you may answer for"):
        plan_readiness(store, OPERATOR, request(csv_of(ROWS)))
    make_partnership(store, A, B, name="One")
    own = make_partnership(store, A, name="Own", confidential=True)
    assert plan_readiness(store, OPERATOR, request(csv_of(ROWS))).sheet.partnership.name == "One"
    for viewer, wanted, says in (
        (OPERATOR, "Own", r"no partnership called Own\. There are: One \(1\)"),
        (OPERATOR, str(own), "no partnership called 2"),
        (ANN, None, r"say which, by name or number: One \(1\), Own \(2\)"),
        (Viewer(Role.MEMBER, B), "One", "Only the organisation's own"),
        (Viewer(Role.FACILITATOR), None, "no partnership that you may answer for"),
    ):
        with pytest.raises(ImproveError, match=says):
            plan_readiness(store, viewer, request(csv_of(ROWS), partnership=wanted))
    plan = take_in(store, csv_of(ROWS), ANN, partnership=" own ", complete=True)
    assert (plan.sheet.partnership.id, plan.season) == (own, None)
    assert "confidential check" in plan.remarks[0]


def test_the_template_comes_back_as_it_was_filled_in(store):
    id_ = make_partnership(store, A)
    book = openpyxl.load_workbook(io.BytesIO(form_workbook(READINESS)))
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    assert headings == [
        "Id",
        "Area",
        "Topic",
        "Statement",
        "What good looks like",
        "Answer",
        "Evidence",
        "Note",
    ]
    for row in range(2, 2 + len(ITEMS)):
        sheet.cell(row, 6, "Largely in place")
        sheet.cell(row, 7, "=1+1" if row == 2 else None)
        sheet.cell(row, 7).data_type = "s"
    sheet.cell(2, 8, "Said so")
    content = io.BytesIO()
    book.save(content)
    take_in(store, content.getvalue(), file_name="form.xlsx")
    (one,) = assessment_of(store, id_, A).counting
    assert one.replies["VIS1"] == Reply(3, "=1+1", "Said so")
    assert {reply.code for reply in one.replies.values()} == {3}
    empty = plan_readiness(store, OPERATOR, request(form_csv(READINESS)))
    assert empty.refusals == ("No row of the file has an answer.",)


def test_answers_by_role_have_no_person_in_them():
    paper = answers_by_role(
        READINESS,
        [RoleAnswers("Finance", "VIS1", (0, 4), ("A", "B"), ()), RoleAnswers("HR", "VIS1", (9,), (), ())],
    )
    first, second = paper.rows
    assert (first["role"], first["answer"], first["evidence"]) == (
        *("Finance", "Not started; Fully in place", "A; B"),
    )
    assert (second["role"], second["answer"], second["section"]) == ("HR", "Don't know", "Vision")


def test_an_export_is_for_own_members(store):
    given = ("leader", FULL), ("finance", "000 000 000"), ("finance", FULL)
    write_past(store, past({A: ("2026", *given), B: ("2026", ("ict", FULL))}))

    def export(**arguments):
        return commands.run(store, "export rasp", {"organisation": A, "format": "csv", **arguments}, {})

    for viewer in (None, "operator", f"member:{B}", f"delegate:{A}", "facilitator", "public"):
        outcome = export(viewer=viewer)
        assert outcome.status == 2
        assert outcome.result is None
    outcome = export(viewer=f"member:{A}")
    lines = base64.b64decode(outcome.result["content"]).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 * len(ITEMS)
    assert lines[2].startswith("Finance,VIS1,Vision,Topic VIS1,There is VIS1,VIS1 is written down,")
    assert "Not started; Fully in place,Seen by finance; Seen by finance" in lines[2]


def test_the_command_line(store, tmp_path):
    make_partnership(store, A, B)
    path = store.path
    store.close()
    template, form = tmp_path / "template.xlsx", tmp_path / "form.csv"
    assert command(None, "instruments", "template", "rasp", "--xlsx", template).exit_code == 0
    assert openpyxl.load_workbook(template).active.max_row == 31
    form.write_bytes(csv_of(ROWS))
    options = ("--organisation", A, "--role", "ict")
    tried = command(path, "import", "rasp", form, *options, "--dry-run")
    assert tried.exit_code == 0
    assert "Shared ICT, round 1: 9 of 9 statements are answered." in tried.stdout
    assert "this was a dry run" in tried.stdout
    done = command(path, "import", "rasp", form, *options, "--complete")
    assert "Stored and completed." in done.stdout
    again = command(path, "import", "rasp", form, *options)
    assert again.exit_code == 2
    assert "was completed on" in again.stderr
    shown = command(
        path, "figures", "readiness", "--round", "2026", "--as", f"member:{A}", "--what-if", "VIS1=4"
    )
    assert shown.exit_code == 0
    assert "Overall readiness is" in shown.stdout
    assert "Vision: from 25 to 58." in shown.stdout
    for typed, says in (("VIS1", "Write --what-if STATEMENT=STEP"), ("VIS9=4", "cannot be set to that here")):
        wrong = command(
            path, "figures", "readiness", "--round", "2026", "--as", f"member:{A}", "--what-if", typed
        )
        assert (wrong.exit_code, says in wrong.stderr) == (2, True)
    target = tmp_path / "out.xlsx"
    exported = command(path, "export", "rasp", target, "--organisation", A, "--as", f"member:{A}")
    assert exported.exit_code == 0, exported.stderr
    assert openpyxl.load_workbook(target).active["A2"].value == "Ict"
    assert (
        "Only the organisation"
        in command(path, "export", "rasp", tmp_path / "no.csv", "--organisation", A).stderr
    )
    assert not (tmp_path / "no.csv").exists()


def test_the_room_takes_in_what_its_instrument_knows_alone(store):
    from improve.store import Saying

    make_partnership(store, A)
    sheet = readiness.sheet_for(store, ANN, 1, A)
    for saying in (Saying("VIS9", 1), Saying("VIS1", 7), Saying("VIS1")):
        with pytest.raises(ImproveError):
            readiness.fill(store, ANN, sheet, "ict", "", [saying])
    assert assessment_of(store, 1, A) is None
