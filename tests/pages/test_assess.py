"""The Assess page: every control of it, for everybody who may and may not, and what it keeps."""

import csv
import io
import re

import pytest

from improve import assessment
from improve.assessment.spreadsheet import headings
from improve.config import read_settings
from improve.model import Role, Viewer
from improve.opening import served
from improve.store import open_round, read_assessments
from improve.views.sentence import role_label
from tests.factory import (
    CARDIFF,
    DONT_KNOW,
    NO,
    NOT_APPLICABLE,
    YES,
    assessed,
    copy_store,
    make_store,
    small_maturity,
    write_assessed,
    write_open,
)
from tests.pages.conftest import ASSESS, charts, serving, visit, words

HOSTILE = "<script>alert(1)</script> **bold** $x$ [link](http://evil.example) :red[hot] `code`"
MEMBER = Viewer(Role.MEMBER, CARDIFF)
HERE = {"as": role_label(Role.MEMBER), "org": "Cardiff"}
SMALL = small_maturity("0.9")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Cardiff submitted in 2025; of the next one LEAD is whole, WEB half answered, SAFE not begun."""
    made = make_store(tmp_path_factory.mktemp("begun"))
    write_assessed(made, {"2025": {CARDIFF: assessed("yyyynn", "yyyyyy")}}, instrument=SMALL)
    write_open(made, CARDIFF, assessed("yyy-n?", "yny   ", "      "), instrument=SMALL)
    made.close()
    return made.path


@pytest.fixture
def store(begun, tmp_path):
    """The store that the page is served from."""
    with serving(copy_store(begun, tmp_path)):
        yield served.open(read_settings())


def opened(name="Ann", function=None, **address):
    app = visit(ASSESS, **HERE, **({} if function is None else {"function": function}), **address)
    if name and app.get("text_input"):
        app.text_input(key="answer_as").input(name).run()
    assert not app.exception
    return app


def sheet_of(store):
    return assessment.sheet_for(store, MEMBER, CARDIFF, "dma")


def standing(store, item):
    return sheet_of(store).answers.get(item)


def control(app, item, number=2):
    return app.segmented_control(key=f"answer_{number}_{item}")


def click(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def errors(app):
    return [one.value.replace("\\", "") for one in app.error]


def open_up(app, key):
    app.session_state[key] = True
    return app.run()


def keys(app, kind):
    return {one.key for one in app.get(kind)}


@pytest.mark.parametrize("role", list(Role))
def test_only_members_and_the_operator_see_anything_of_it(store, role):
    app = visit(ASSESS, **{"as": role_label(role)}, **({"org": "Cardiff"} if role is not Role.PUBLIC else {}))
    assert not app.exception
    may = role in (Role.MEMBER, Role.OPERATOR)
    assert bool(app.segmented_control) == may
    if not may:
        (sentence,) = (one.value.replace("\\", "") for one in app.info)
        assert sentence.startswith("An assessment is answered by the organisation's own members.")
        assert "Topic" not in words(app)
        assert not app.button


def test_it_opens_at_the_function_that_is_not_complete_with_what_stands_beside(store):
    app = opened()
    said = words(app)
    (progress,) = app.get("progress")
    assert progress.text == "9 of 18 criteria are answered; 1 of 3 functions are complete\\."
    assert app.selectbox(key="function").value == "WEB"
    levels = [one.value.replace("\\", "") for one in app.subheader]
    assert levels == ["Level 1: Stage 1", "Level 2: Stage 2", "Level 3: Stage 3"]
    assert [control(app, item).value for item in ("WEB1a", "WEB1b", "WEB2a", "WEB2b")] == [YES, NO, YES, None]
    assert "What good looks like: Everybody knows WEB1a" in said
    assert "Last time (2025): Yes. This differs." in said
    assert "Yes, saved 4 May 2026, 09:00 by Ann" in said
    assert "so far" not in said
    lead = opened(function="Leading")
    assert "Level 2 so far, 2 answers from level 3; 60% of the criteria met." in words(lead)
    assert "1 criterion was said not to apply" in words(lead)
    assert "Does not apply because: Not our task" in words(lead)


def test_an_answer_is_kept_at_once_under_the_name_given(store):
    app = opened(name=None)
    control(app, "WEB2b").set_value(YES).run()
    assert errors(app) == ["Say who you are first, at the top of the page: “You answer as”."]
    assert standing(store, "WEB2b") is None
    assert control(app, "WEB2b").value is None
    app.text_input(key="answer_as").input("  Ben, web team ").run()
    control(app, "WEB2b").set_value(DONT_KNOW).run()
    assert not errors(app)
    assert (standing(store, "WEB2b").code, standing(store, "WEB2b").answered_by) == (
        DONT_KNOW,
        "Ben, web team",
    )
    assert re.search(r"Don't know, saved \d\d:\d\d by Ben, web team", words(app))
    assert "4 of 6 answered" in words(app)


def test_what_others_answer_is_shown_and_the_later_answer_counts(store):
    app = opened(name="Ben")
    assessment.answer(store, MEMBER, sheet_of(store), "WEB2b", NO, "Cath")
    app.run()
    assert control(app, "WEB2b").value == NO
    control(app, "WEB2b").set_value(YES).run()
    app = open_up(app, "more_WEB2b")
    told = app.table[0].value
    assert list(told["Who"]) == ["Ben", "Cath"]
    assert list(told["Answer"]) == ["Yes", "No"]
    assert app.table[0].proto.alt


def test_does_not_apply_asks_for_its_reason_before_it_is_kept(store):
    app = opened(name="Ben")
    control(app, "WEB1b").set_value(NOT_APPLICABLE).run()
    assert standing(store, "WEB1b").code == NO
    assert control(app, "WEB1b").value == NOT_APPLICABLE
    click(app, "reason_keep_WEB1b")
    assert "say why it does not apply" in errors(app)[0]
    assert standing(store, "WEB1b").code == NO
    assessment.answer(store, MEMBER, sheet_of(store), "WEB2b", NO, "Cath")
    app.text_input(key="reason_text_WEB1b").input("We have no web site")
    click(app, "reason_keep_WEB1b")
    stands = standing(store, "WEB1b")
    assert (stands.code, stands.reason, stands.answered_by) == (NOT_APPLICABLE, "We have no web site", "Ben")
    assert "reason_text_WEB1b" not in keys(app, "text_input")
    assert "Does not apply because: We have no web site" in words(app)
    assert "1 does not apply" in words(app)
    control(app, "WEB1a").set_value(NOT_APPLICABLE).run()
    click(app, "reason_leave_WEB1a")
    assert control(app, "WEB1a").value == standing(store, "WEB1a").code == YES
    control(app, "WEB1a").set_value(NOT_APPLICABLE).run()
    app.selectbox(key="function").select("SAFE").run()
    app.selectbox(key="function").select("WEB").run()
    app.run()
    assert not app.exception
    assert control(app, "WEB1a").value == YES
    assert "reason_text_WEB1a" not in keys(app, "text_input")


def test_evidence_is_noted_beside_the_answer_and_a_link_leads_to_it(store):
    app = open_up(opened(name="Ben"), "more_WEB1a")
    app.text_input(key="evidence_WEB1a").input("https://example.org/strategy")
    click(app, "evidence_save_WEB1a")
    stands = standing(store, "WEB1a")
    assert (stands.code, stands.evidence, stands.answered_by) == (YES, "https://example.org/strategy", "Ben")
    assert [one.url for one in app.link_button] == ["https://example.org/strategy"]
    assert "Evidence: https://example.org/strategy" in words(app).replace("\N{WORD JOINER}", "")
    for text in (
        "javascript:alert(1)",
        "see https://example.org and more",
        "ftp://example.org/x",
        "http://[",
        "http:",
    ):
        app.text_input(key="evidence_WEB1a").input(text)
        click(app, "evidence_save_WEB1a")
        assert standing(store, "WEB1a").evidence == text
        assert not app.link_button
    app = open_up(app, "more_WEB2b")
    assert "Answer the criterion first" in words(app)


def test_hostile_text_is_shown_as_text(store):
    app = open_up(opened(name=HOSTILE), "who_WEB")
    app.text_input(key="assign_2_WEB").input(HOSTILE).run()
    control(app, "WEB1b").set_value(NOT_APPLICABLE).run()
    app.text_input(key="reason_text_WEB1b").input(HOSTILE)
    click(app, "reason_keep_WEB1b")
    app = open_up(app, "more_WEB1b")
    app.text_input(key="evidence_WEB1b").input(HOSTILE)
    click(app, "evidence_save_WEB1b")
    app = open_up(app, "all_functions")
    app = open_up(app, "poll_of_WEB")
    click(app, "poll_start")
    app.text_input(key="poll_name").input(HOSTILE)
    click(app, "poll_invite")
    shown = [one.value for one in (*app.markdown, *app.caption, *app.header)]
    assert sum("\\<script\\>alert\\(1\\)" in one for one in shown) >= 5
    assert not [one for one in shown if re.search(r"(?<!\\)[<`$]|(?<!\\)\[", one)]
    assert not [one for one in (*app.markdown, *app.caption) if one.allow_html]
    assert "\\<script\\>" in app.table[0].value.to_csv()


def test_any_order_by_the_list_by_next_and_back_and_by_what_is_missing(store):
    app = open_up(opened(), "all_functions")
    said = words(app)
    assert "6 of 6 answered · level 2 so far · 1 does not apply · 2 answers differ from last time" in said
    click(app, "go_SAFE")
    assert app.selectbox(key="function").value == "SAFE"
    assert app.query_params["function"] in ("Safety", ["Safety"])
    assert "next" not in {one.key for one in app.button}
    click(app, "back")
    assert app.selectbox(key="function").value == "WEB"
    click(app, "back")
    assert app.selectbox(key="function").value == "LEAD"
    assert "back" not in {one.key for one in app.button}
    click(app, "next")
    assert app.selectbox(key="function").value == "WEB"
    assert {"missing_WEB", "missing_SAFE"} <= {one.key for one in app.button}
    assert "missing_LEAD" not in {one.key for one in app.button}
    click(app, "missing_SAFE")
    assert app.selectbox(key="function").value == "SAFE"


def test_a_function_is_given_to_somebody(store):
    app = open_up(opened(), "who_WEB")
    app.text_input(key="assign_2_WEB").input("Web team").run()
    assert sheet_of(store).sections == {"WEB": "Web team"}
    assert "to be answered by Web team" in words(app)
    app.text_input(key="assign_2_WEB").input("").run()
    assert sheet_of(store).sections == {}


def answer_rest(store, code=YES):
    for item in assessed():
        if standing(store, item) is None:
            assessment.answer(store, MEMBER, sheet_of(store), item, code, "Cath")


def test_submitting_is_asked_twice_freezes_it_and_the_next_one_begins(store):
    open_round(store, "2026")
    app = opened()
    assert "9 have none" in words(app)
    assert "assess_confirm" not in {one.key for one in app.button}
    answer_rest(store)
    app.run()
    click(app, "assess_confirm")
    assert "freezes all 18 answers" in words(app)
    click(app, "assess_not_yet")
    assert sheet_of(store) is not None
    click(app, "assess_confirm")
    click(app, "assess_submit")
    assert "The assessment is submitted for round 2026." in words(app)
    assert re.search(r"Submitted \d\d:\d\d by Ann, for round 2026\.", words(app))
    assert "Submitted 2 March 2026, 09:00 by Ann, for round 2025." in words(app)
    assert sheet_of(store) is None
    assert not app.segmented_control
    click(app, "assess_start")
    assert sheet_of(store).answered() == 0
    assert sheet_of(store).instrument.version != "0.9"
    assert [one.round for one in read_assessments(store, CARDIFF, "dma")] == ["2025", "2026", None]
    assert app.segmented_control


def test_without_a_round_the_answers_wait(tmp_path):
    made = make_store(tmp_path)
    write_open(made, CARDIFF, assessed(), instrument=SMALL)
    made.close()
    with serving(made.path):
        app = visit(ASSESS)
        app.selectbox(key="assess_organisation").select(CARDIFF).run()
        assert not app.exception
        assert "There is no round yet that these answers could belong to." in words(app)
        assert "assess_confirm" not in {one.key for one in app.button}


def test_the_operator_begins_one_for_an_organisation_in_no_round(tmp_path):
    made = make_store(tmp_path)
    made.close()
    with serving(made.path):
        app = visit(ASSESS)
        assert words(app).endswith("Choose an organisation to see and answer its assessment.")
        app.selectbox(key="assess_organisation").select(CARDIFF).run()
        click(app, "assess_start")
        assert errors(app) == ["Say who you are first, at the top of the page: “You answer as”."]
        app.text_input(key="answer_as").input("Ann").run()
        click(app, "assess_start")
        assert not app.error
        assert sheet_of(served.open(read_settings())).assessment.started_by == "Ann"
        assert len(app.segmented_control) == 10


def test_who_answers_while_somebody_else_submits_is_told(store):
    app = opened(name="Ben")
    answer_rest(store)
    sheet = sheet_of(store)
    assessment.submit(store, MEMBER, sheet, "Cath")
    control(app, "WEB1a").set_value(NO).run()
    assert not app.exception
    assert errors(app) == ["This assessment was submitted meanwhile; its answers stay as they are."]
    assert [one.code for one in assessment.history(store, MEMBER, sheet, "WEB1a")] == [YES]


def test_a_projector_shows_nothing_that_people_typed(store):
    app = visit(ASSESS, present="true", shown_as="member", shown_org=CARDIFF)
    assert not app.exception
    assert "is not shown on a projector" in words(app)
    assert "Ann" not in words(app)
    assert not app.segmented_control


class TestPoll:
    @pytest.fixture
    def app(self, store):
        app = open_up(opened(function="Website"), "poll_of_WEB")
        click(app, "poll_start")
        for name in ("Cath", "Dai"):
            app.text_input(key="poll_name").input(name)
            click(app, "poll_invite")
            assert app.text_input(key="poll_name").value == ""
        return app

    def links(self, app):
        return [one.value.partition("/poll?link=")[2] for one in app.code]

    def vote(self, store, app, *codes):
        for link, given in zip(self.links(app), codes, strict=True):
            items = [one.id for one in assessment.form_of(store, link).criteria]
            for item, code in zip(items, given, strict=False):
                assessment.vote(store, link, item, code)

    def test_links_are_given_out_and_an_invitation_is_withdrawn(self, store, app):
        app.context = {"url": "http://improve.example/maturity-assess"}
        app.run()
        first = app.code[0].value
        assert first.startswith("http://improve.example/poll?link=")
        assert assessment.form_of(store, first.partition("link=")[2]).voter == 1
        app.text_input(key="poll_name").input("dai")
        click(app, "poll_invite")
        assert errors(app) == ["dai is invited already."]
        assert app.text_input(key="poll_name").value == "dai"
        click(app, "poll_withdraw_1")
        assert len(self.links(app)) == 1
        assert "Cath" not in words(app)

    def test_nothing_is_shown_until_it_is_closed_then_the_spread_then_one_answer(self, store, app):
        self.vote(store, app, [YES] * 6, [YES] * 4 + [NO])
        app.run()
        assert "1 of 2 colleagues have finished." in words(app)
        assert not charts(app)
        assert app.segmented_control(key="answer_2_WEB1a")
        click(app, "poll_close")
        assert "Everybody agrees on 4 of 6 criteria." in words(app)
        assert charts(app)[0].proto.alt.startswith("How many colleagues gave each answer")
        assert "Colleagues: Yes 1, No 1" in words(app)
        assert "Colleagues: Fewer than two colleagues answered this." in words(app)
        assert "answer_2_WEB1a" not in keys(app, "segmented_control")
        poll_id = assessment.polls_of(store, MEMBER, sheet_of(store))["WEB"].id
        chosen = {
            item: app.segmented_control(key=f"agreed_{poll_id}_1_{item}")
            for item in ("WEB1a", "WEB1b", "WEB2a", "WEB2b", "WEB3a", "WEB3b")
        }
        assert [one.value for one in chosen.values()] == [YES] * 4 + [None] * 2
        click(app, "poll_agree")
        assert errors(app) == ["Agree on one answer to each criterion first."]
        chosen["WEB3a"].set_value(NO).run()
        app.selectbox(key="function").select("SAFE").run()
        app.selectbox(key="function").select("WEB").run()
        assert app.segmented_control(key=f"agreed_{poll_id}_1_WEB3a").value == NO
        app.segmented_control(key=f"agreed_{poll_id}_1_WEB3b").set_value(NOT_APPLICABLE).run()
        click(app, "poll_agree")
        assert "say why it does not apply" in errors(app)[0]
        app.text_input(key=f"why_agreed_{poll_id}_1_WEB3b").input("No web site")
        click(app, "poll_agree")
        assert not app.error
        answers = sheet_of(store).answers
        kept = [answers[item].code for item in chosen]
        assert kept == [YES, YES, YES, YES, NO, NOT_APPLICABLE]
        assert {answers[item].poll_id for item in chosen} == {poll_id}
        assert "Yes, agreed after a poll, kept" in words(app)
        assert app.segmented_control(key="answer_2_WEB1b").value == YES

    def test_a_second_turn_and_giving_it_up(self, store, app):
        self.vote(store, app, [YES] * 6, [NO] * 6)
        app.run()
        click(app, "poll_close")
        click(app, "poll_again")
        assert "Second time: 0 of 2 colleagues have finished." in words(app)
        assert "Talk about these" in words(app)
        self.vote(store, app, [YES] * 6, [YES] * 6)
        app.run()
        click(app, "poll_close")
        assert "Everybody gave the same answers." in words(app)
        assert "poll_again" not in {one.key for one in app.button}
        click(app, "poll_away")
        assert assessment.polls_of(store, MEMBER, sheet_of(store)) == {}
        assert standing(store, "WEB1b").code == NO
        assert app.segmented_control(key="answer_2_WEB1a")

    def test_a_poll_moved_on_by_somebody_else_says_so(self, store, app):
        sheet = sheet_of(store)
        assessment.close_turn(store, MEMBER, sheet, assessment.polls_of(store, MEMBER, sheet)["WEB"])
        click(app, "poll_withdraw_1")
        assert errors(app) == ["The poll is no longer at that point: somebody moved it on meanwhile."]


class TestSpreadsheet:
    def rows(self, content):
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    def as_file(self, rows):
        file = io.StringIO()
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        return file.getvalue().encode()

    def test_taken_away_filled_in_and_taken_in_again(self, store, downloads):
        app = open_up(opened(name="Ben"), "spreadsheet")
        assert downloads["sheet_xlsx"]().startswith(b"PK")
        rows = self.rows(downloads["sheet_csv"]())
        column = headings()["answer"]
        for row in rows:
            row[column] = row[column] or "No"
        app.file_uploader(key="filled_0").upload("back.csv", self.as_file(rows)).run()
        assert "New answers: 9. Changed: 0. As they stand: 9." in words(app)
        click(app, "filled_store")
        assert "9 answers were taken in." in words(app)
        assert sheet_of(store).is_whole
        assert standing(store, "SAFE1a").answered_by == "Ben"
        assert app.file_uploader(key="filled_1").value is None

    def test_what_cannot_be_read_is_told_with_row_and_column(self, store, downloads):
        app = open_up(opened(name="Ben"), "spreadsheet")
        rows = self.rows(downloads["sheet_csv"]())
        column = headings()["answer"]
        rows[2][column] = "perhaps"
        app.file_uploader(key="filled_0").upload("back.csv", self.as_file(rows)).run()
        told = app.table[0].value
        assert list(told["Row"]) == ["4"]
        assert column in told["Column"].iloc[0].replace("\\", "")
        assert "perhaps" in told["What is wrong"].iloc[0]
        assert app.button(key="filled_store").disabled
        app.file_uploader(key="filled_0").clear().upload("nonsense.xlsx", b"no workbook").run()
        assert not app.exception
        assert app.error

    def test_a_file_begins_an_assessment_but_only_with_a_name(self, store, downloads):
        answer_rest(store)
        assessment.submit(store, MEMBER, sheet_of(store), "Ann")
        app = open_up(opened(name=None), "spreadsheet")
        assert len(self.rows(downloads["sheet_csv"]())) == 18
        rows = self.rows(downloads["empty_csv"]())
        column = headings()["answer"]
        assert len(rows) == 90
        assert downloads["empty_xlsx"]().startswith(b"PK")
        rows[0][column] = "Yes"
        app.file_uploader(key="filled_0").upload("new.csv", self.as_file(rows)).run()
        assert "Say who you are first" in words(app)
        app.text_input(key="answer_as").input("Ben").run()
        assert "This begins an assessment of Cardiff." in words(app)
        click(app, "filled_store")
        assert sheet_of(store).answered() == 1
        assert app.segmented_control
