"""The Import page: nothing is stored before its one button, and what goes in is what was shown."""

import csv
import io
from datetime import date

import pytest

from improve.instruments import read_library
from improve.instruments.template import template_header
from improve.intake import column_letter
from improve.model import Role
from improve.store import read_fieldwork, read_imports, read_staff
from improve.web.text import plain
from tests.pages.conftest import IMPORT, visit, words

OPERATOR = {"as": "Operator"}


def survey_file(people=20, header=None, **cells) -> bytes:
    """A file that fits: everybody rates everything with 5. `cells` replace some: R3C2="x"."""
    survey = read_library().get("satisfaction")
    known = template_header(survey)
    header = known if header is None else header
    rated = {name for name in known if name.endswith(("importance", "satisfaction"))} | {"OVR1"}
    table = [header] + [["5" if name in rated else "" for name in known] for _person in range(people)]
    for place, value in cells.items():
        row, column = place.removeprefix("R").split("C")
        table[int(row) - 1][int(column) - 1] = value
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode()


def upload(content, name="survey.csv", organisation="TRIAL", label="2026", **address):
    app = visit(IMPORT, **(OPERATOR | address))
    app.file_uploader[0].upload(name, content)
    app.selectbox(key="import_organisation").select(organisation)
    app.selectbox(key="import_round").select(label)
    return app.run()


def take_in(app):
    return app.button(key="import_store").click().run()


@pytest.fixture
def store(on_own_demonstration):
    return on_own_demonstration


def state_of(store):
    return store.revision("participation"), store.revision("survey/2026"), len(read_imports(store))


def test_a_good_file_is_shown_and_stored_by_the_button_alone(store):
    before = state_of(store)
    app = upload(survey_file())
    assert not app.exception
    assert "20 rows read: 20 accepted, 0 rejected, 0 empty." in words(app)
    preview = app.table[0].value
    assert preview.iloc[0].to_list()[:3] == ["Reliability", "5\\.00", "5\\.00"]
    assert not app.button(key="import_store").disabled
    assert state_of(store) == before
    app = take_in(app)
    assert not app.exception
    assert "20 responses of Your organisation (trial) are stored in round 2026." in words(app)
    assert not app.button
    assert state_of(store)[2] == before[2] + 1
    scores = visit()
    scores.selectbox(key="org").select("TRIAL").run()
    assert scores.metric[0].value == "5.00"


def test_nothing_is_asked_of_a_file_without_organisation_and_round(store):
    app = visit(IMPORT, **OPERATOR)
    app.file_uploader[0].upload("survey.csv", survey_file())
    app.run()
    assert "Say whose file this is" in words(app)
    assert not app.button


def test_errors_are_listed_by_row_and_column_and_hold_the_button(store):
    before = state_of(store)
    app = upload(survey_file(R4C2="eleventy", R9C3="8.5"))
    found = app.table[0].value
    assert found["Row"].to_list() == ["4", "9"]
    assert found["Column"].to_list() == ["B\\: SYS1 satisfaction", "C\\: SYS2 importance"]
    assert "eleventy" in found.iloc[0, 2]
    assert "2 cells cannot be read, in 2 of 20 rows." in words(app)
    assert app.button(key="import_store").disabled
    app.checkbox(key="import_valid_rows").check().run()
    assert not app.button(key="import_store").disabled
    assert state_of(store) == before
    assert "18 responses of" in words(take_in(app))


def test_a_file_that_cannot_be_read_at_all_says_why(store):
    app = upload(b"\x00\x01\x02binary", name="survey.csv")
    assert not app.exception
    assert len(app.error) == 1
    assert not app.button


def test_a_column_that_was_not_understood_can_be_put_right(store):
    header = template_header(read_library().get("satisfaction"))
    app = upload(survey_file(header=["Do they work?", *header[1:]]))
    table = app.data_editor[0]
    assert table.value.iloc[0].to_list() == ["Do they work?", "not stored"]
    right = {
        "edited_rows": {0: {"feeds": "SYS1 Importance: Reliability"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.session_state[table.key] = right
    app.run()
    again = next(one for one in app.button if one.label == "Read the file this way")
    again.click().run()
    assert not app.exception
    assert app.data_editor[0].value.iloc[0].to_list() == ["Do they work?", "SYS1 Importance: Reliability"]
    assert app.table[0].value.iloc[0].to_list()[:2] == ["Reliability", "5\\.00"]
    assert "20 responses of" in words(take_in(app))


class TestAgain:
    def test_the_same_file_is_refused_with_the_date_of_the_first(self, store):
        take_in(upload(survey_file()))
        app = upload(survey_file())
        assert "This very file was taken in on" in words(app)
        assert app.button(key="import_store").disabled

    @pytest.mark.parametrize(("answer", "people"), [("replace", 12), ("add", 32)])
    def test_another_file_replaces_or_adds_when_asked(self, store, answer, people):
        take_in(upload(survey_file(20)))
        app = upload(survey_file(12))
        assert app.button(key="import_store").disabled
        app.radio(key="import_existing").set_value(answer).run()
        if answer == "replace":
            # Eight people fewer: who looks before and after would see what those eight said.
            assert "by fewer than 10 responses" in words(app)
            assert app.button(key="import_store").disabled
            app.checkbox(key="import_even_if_few").check().run()
        assert not app.button(key="import_store").disabled
        assert not take_in(app).exception
        scores = visit()
        scores.selectbox(key="org").select("TRIAL").run()
        assert [one.value for one in scores.metric][3] == str(people)


class TestWhenItWasAsked:
    def test_days_and_reminders_are_stored_and_asked_anew(self, store):
        app = upload(survey_file())
        assert app.expander[0].label == "When was it asked"
        app.number_input(key="import_invited_0").set_value(90)
        app.date_input(key="import_opened_0").set_value(date(2026, 5, 4))
        app.date_input(key="import_closed_0").set_value(date(2026, 5, 22))
        app.text_input(key="import_reminders_0").set_value("18/05/2026, 2026-05-11,").run()
        said = "Opened: 2026-05-04. Closed: 2026-05-22. Reminders: 2026-05-11, 2026-05-18."
        assert said in words(app)
        app = take_in(app)
        assert not app.exception
        stored = read_fieldwork(store, "2026", "TRIAL", "satisfaction")
        assert (stored.invited, stored.opened_on, stored.closed_on) == (
            90,
            date(2026, 5, 4),
            date(2026, 5, 22),
        )
        assert stored.reminders == (date(2026, 5, 11), date(2026, 5, 18))
        assert app.date_input(key="import_opened_1").value is None
        assert app.text_input(key="import_reminders_1").value == ""
        assert app.number_input(key="import_invited_1").value is None

    def test_a_reminder_that_is_no_day_holds_everything(self, store):
        before = state_of(store)
        app = upload(survey_file())
        app.text_input(key="import_reminders_0").set_value("next week").run()
        assert "“next week” is no day" in words(app)
        assert not app.button
        assert state_of(store) == before

    def test_days_that_cannot_be_hold_the_button(self, store):
        app = upload(survey_file())
        app.date_input(key="import_opened_0").set_value(date(2026, 5, 22))
        app.date_input(key="import_closed_0").set_value(date(2026, 5, 4)).run()
        assert "cannot have closed on 2026-05-04" in words(app)
        assert app.button(key="import_store").disabled

    def test_the_time_of_each_answer_is_named(self, store):
        header = template_header(read_library().get("satisfaction"))
        place = len(header)
        file = survey_file(2, [*header[:-1], "Timestamp"], **{f"R{row}C{place}": DAYS[row] for row in DAYS})
        said = words(upload(file))
        assert (
            f"Column {column_letter(place - 1)} has the time of each answer: 2026-05-04 to 2026-05-06."
            in said
        )


DAYS = {2: "5/4/26 9:00:00", 3: "5/6/26 9:00:00"}
STAFF = b"Directorate,Role,People,Phone\nHousing,Front-line,1200,x\n<b>Roads</b>,Other,30,x\nTotal,,1230,\n"


def upload_staff(content, name="staff.csv", organisation="TRIAL", label="2026"):
    app = visit(IMPORT, **OPERATOR, part="Staff list")
    app.file_uploader[0].upload(name, content)
    app.selectbox(key="import_organisation").select(organisation)
    app.selectbox(key="import_round").select(label)
    return app.run()


class TestStaffList:
    def test_it_is_shown_by_group_and_stored_by_the_button_alone(self, store):
        app = upload_staff(STAFF)
        assert not app.exception
        assert "Columns that were read: Directorate, Role, People." in words(app)
        assert "are not stored: Phone." in words(app)
        assert "1 row with a total was left out: row 4." in words(app)
        areas, jobs = (table.value for table in app.table)
        assert areas["Group"].to_list() == ["Housing", plain("<b>Roads</b>"), "All groups"]
        assert areas["People"].to_list() == ["1,200", "30", "1,230"]
        assert jobs["Group"].to_list() == [plain("Front-line"), "Other", "All groups"]
        assert read_staff(store, "2026", "TRIAL") is None
        app = take_in(app)
        assert not app.exception
        assert "The staff list of Your organisation (trial) is stored in round 2026." in words(app)
        assert [one.label for one in app.get("page_link")] == ["See the response"]
        assert not app.button
        stored = read_staff(store, "2026", "TRIAL").groups
        assert stored["PRF2"] == (("Front-line", 1200), ("Other", 30))

    def test_organisation_and_round_are_shared_with_the_answers(self, store):
        app = visit(IMPORT, **OPERATOR)
        app.selectbox(key="import_organisation").select("TRIAL")
        app.selectbox(key="import_round").select("2026").run()
        app.segmented_control(key="part").set_value("staff").run()
        assert not app.exception
        assert app.selectbox(key="import_organisation").value == "TRIAL"
        app.file_uploader[0].upload("staff.csv", STAFF)
        app.run()
        assert len(app.table) == 2
        app.segmented_control(key="part").set_value("answers").run()
        assert not app.exception
        assert not app.table
        assert app.selectbox(key="import_round").value == "2026"

    def test_problems_are_listed_and_hold_the_button(self, store):
        app = upload_staff(b"Directorate,People\nHousing,x\nRoads,-1\n")
        assert app.table[0].value["Row"].to_list() == ["2", "3"]
        assert "2 cells cannot be read, in 2 of 2 rows." in words(app)
        assert app.button(key="import_store").disabled
        assert len(app.table) == 1

    def test_a_round_that_is_not_there_holds_the_button(self, store, monkeypatch):
        # A typed round, which AppTest cannot type: the page offers it, and the store has none.
        monkeypatch.setattr("improve.intake.staff.read_rounds", lambda _store: ())
        app = upload_staff(STAFF)
        assert "There is no round called 2026. There are: none yet." in words(app)
        assert app.button(key="import_store").disabled

    @pytest.mark.parametrize("content", [b"\x00\x01\x02binary", b""])
    def test_a_file_that_cannot_be_read_says_why(self, store, content):
        app = upload_staff(content)
        assert not app.exception
        assert len(app.error) == 1
        assert not app.button

    def test_nothing_is_asked_of_a_list_without_organisation_and_round(self, store):
        app = visit(IMPORT, **OPERATOR, part="Staff list")
        app.file_uploader[0].upload("staff.csv", STAFF)
        app.run()
        assert "Say whose file this is" in words(app)
        assert not app.button

    def test_its_template_is_there_before_there_is_a_file(self, store, downloads):
        visit(IMPORT, **OPERATOR, part="Staff list")
        assert downloads["template_csv_staff"]().startswith("Question,Group,People\r\nService area,")


@pytest.mark.parametrize("part", ["Survey answers", "Staff list"])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_nobody_else_can_import_whatever_their_session_says(store, role, part):
    before = state_of(store)
    forged = {
        "import_organisation": "TRIAL",
        "import_round": "2026",
        "import_count": 0,
        "import_opened_0": date(2026, 5, 4),
        "import_valid_rows": True,
        "import_existing": "replace",
        "import_done": "Stored!",
    }
    app = visit(IMPORT, role, state=forged, part=part)
    assert "Files are taken in by the operator" in words(app)
    assert not app.file_uploader
    assert not app.button
    assert state_of(store) == before


def test_a_file_open_in_front_of_an_operator_closes_with_the_role(store):
    app = upload(survey_file())
    app.selectbox(key="as").select("member").run()
    assert not app.exception
    assert not app.button
    assert not app.table


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_templates_are_there_before_there_is_a_file(store, downloads, kind):
    visit(IMPORT, **OPERATOR)
    content = downloads[f"template_{kind}_satisfaction"]()
    assert content[:2] == ("SY" if kind == "csv" else b"PK")
