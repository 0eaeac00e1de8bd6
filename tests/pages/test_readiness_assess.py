"""Readiness: the Assess page and the private form, for everybody who may and may not, and what they keep."""

import pytest

from improve import readiness
from improve.config import read_settings
from improve.model import Role, Viewer
from improve.opening import served
from improve.store import read_partnerships
from improve.views.sentence import role_label
from improve.web import partnership
from tests.factory import CARDIFF, GWYNEDD, SWANSEA, copy_store, make_store
from tests.pages.conftest import READINESS as READINESS_MAP
from tests.pages.conftest import READINESS_ASSESS, READINESS_FORM, serving, visit, words
from tests.pages.test_entry import SIGN_IN
from tests.partners import DONT_KNOW, ITEMS, READINESS, assessment_of, make_partnership, reply

HOSTILE = "<script>alert(1)</script> **bold** $x$ [link](http://evil.example) :red[hot]"
MEMBER, OTHER = Viewer(Role.MEMBER, CARDIFF), Viewer(Role.MEMBER, SWANSEA)
FULL = "444 444 444"
OPEN, OWN, ASKED = 1, 2, 3
"""Cardiff and Swansea share the first; the second is Cardiff's own; to the third Cardiff is invited."""


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    answers = {"A1": [5] * 12, "A2": [4] * 12, "OVR": [5] * 12}
    rounds = {"2026": dict.fromkeys((CARDIFF, SWANSEA, GWYNEDD), answers)}
    made = make_store(tmp_path_factory.mktemp("partners"), rounds)
    make_partnership(made, CARDIFF, SWANSEA)
    make_partnership(made, CARDIFF, name="Quiet check", confidential=True)
    make_partnership(made, GWYNEDD, name=HOSTILE)
    readiness.invite(made, Viewer(Role.MEMBER, GWYNEDD), ASKED, CARDIFF, HOSTILE, as_candidate=True)
    made.close()
    return made.path


@pytest.fixture
def store(begun, tmp_path, monkeypatch):
    """New partnerships and rounds are of the small instrument too."""
    monkeypatch.setattr(partnership, "read_library", lambda: [READINESS])
    with serving(copy_store(begun, tmp_path)):
        yield served.open(read_settings())


def opened(org="Cardiff", called="Shared ICT", role=Role.MEMBER, name="Ann"):
    address = {} if called is None else {"partnership": called}
    app = visit(READINESS_ASSESS, **{"as": role_label(role)}, org=org, **address)
    app.text_input(key="answer_as").input(name).run()
    assert not app.exception
    return app


def click(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def keys(app):
    return {one.key for one in app.button}


def errors(app):
    return [one.value.replace("\\", "") for one in app.error]


def members(store, id_):
    found = read_partnerships(store)[id_]
    return found.joined, found.asked


def asked(store, id_=OPEN, role="ict"):
    """Asks somebody of Cardiff: their link."""
    number = readiness.ask(store, MEMBER, readiness.sheet_for(store, MEMBER, id_, CARDIFF), role)
    return readiness.link_of(store, MEMBER, readiness.sheet_for(store, MEMBER, id_, CARDIFF), number)


def control(app, item, number=1):
    return app.segmented_control(key=f"reply_1_{number}_{item}")


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.DELEGATE])
def test_who_is_no_member_sees_nothing_of_it(store, role):
    app = visit(
        READINESS_ASSESS, **{"as": role_label(role)}, **({"org": "Cardiff"} if role.has_organisation else {})
    )
    assert not app.exception
    assert not app.button
    assert "Readiness is prepared by the organisation's own members." in words(app)
    assert "Shared ICT" not in words(app)


def test_the_operator_sees_no_confidential_one_and_another_member_nothing_of_it(store):
    for app in (opened(role=Role.OPERATOR, called=None), opened("Swansea", None)):
        assert "Shared ICT, round 1" in words(app)
        assert "Quiet check" not in words(app)
    app = opened(called=None)
    assert set(app.selectbox(key="partnership").options) == {"Shared ICT", "Quiet check"}
    assert "Shared ICT, round 1" in words(app)


def test_nothing_of_it_is_on_a_projector(store):
    app = visit(READINESS_ASSESS, **{"as": role_label(Role.MEMBER)}, org="Cardiff", present="true")
    assert not app.exception
    assert not app.button
    assert "Shared ICT" not in words(app)


def test_what_joining_means_is_said_before_and_what_was_typed_is_no_markup(store):
    app = opened()
    said = words(app)
    for sentence in readiness.agreement(is_confidential=False, as_candidate=True):
        assert sentence in said
    assert "as a candidate. In it so far: Gwynedd." in said
    assert not any(
        "<script>" in one.value or "**bold**" in one.value for one in (*app.markdown, *app.subheader)
    )
    click(app, f"join_{ASKED}")
    assert CARDIFF in members(store, ASKED)[0]
    assert app.selectbox(key="partnership").value == str(ASKED)
    assert "invite" not in keys(app)
    assert "new_round" not in keys(app)


def test_an_invitation_is_declined(store):
    app = click(opened(), f"decline_{ASKED}")
    assert CARDIFF not in members(store, ASKED)[0] | members(store, ASKED)[1]
    assert f"join_{ASKED}" not in keys(app)


@pytest.mark.parametrize("kind", ["open", "confidential"])
def test_a_partnership_is_made_once_it_has_a_name_and_somebody_says_who_they_are(store, kind):
    app = opened(name="")
    app.session_state["new_partnership"] = True
    app.run()
    click(app, "partnership_make")
    assert errors(app) == ["Say who you are first, at the top of the page: “You answer as”."]
    app.text_input(key="answer_as").input("Ann").run()
    click(app, "partnership_make")
    assert "these are 0." in errors(app)[0]
    app.radio(key="partnership_kind").set_value(kind).run()
    assert readiness.agreement(is_confidential=kind == "confidential")[0] in words(app)
    app.text_input(key="partnership_name").input("New one")
    click(app, "partnership_make")
    made = read_partnerships(store)[4]
    assert (made.name, made.is_confidential, made.joined) == ("New one", kind == "confidential", {CARDIFF})
    assert "New one, round 1" in words(app)
    assert ("invite" in keys(app)) == (kind == "open")


def test_partners_invite_admit_start_a_round_and_leave(store):
    app = click(opened(), "invite")
    assert errors(app) == ["Choose an organisation first."]
    app.selectbox(key="invite_organisation").select(GWYNEDD)
    app.checkbox(key="invite_candidate").check()
    click(app, "invite")
    assert "Gwynedd** · asked to join as a candidate" in words(app)
    readiness.join(store, Viewer(Role.MEMBER, GWYNEDD), OPEN, GWYNEDD, "Gwen")
    app.run()
    click(app, f"admit_{GWYNEDD}")
    assert "Gwynedd** · partner, not completed yet" in words(app)
    link = asked(store)
    app.run()
    click(app, "new_round")
    assert "Shared ICT, round 2" in words(app)
    assert len(read_partnerships(store)[OPEN].rounds) == 2
    assert "This assessment is closed." in words(visit(READINESS_FORM, link=link))
    click(app, "leave")
    assert CARDIFF not in members(store, OPEN)[0]


def test_an_open_invitation_is_taken_back_and_one_accepted_meanwhile_is_not(store):
    readiness.invite(store, MEMBER, OPEN, GWYNEDD, "Ann", as_candidate=False)
    app = click(opened(), f"take_back_{GWYNEDD}")
    assert GWYNEDD not in members(store, OPEN)[0] | members(store, OPEN)[1]
    readiness.invite(store, MEMBER, OPEN, GWYNEDD, "Ann", as_candidate=False)
    app.run()
    readiness.join(store, Viewer(Role.MEMBER, GWYNEDD), OPEN, GWYNEDD, "Gwen")
    click(app, f"take_back_{GWYNEDD}")
    assert errors(app) == ["There is no invitation any longer that could be taken back."]
    assert GWYNEDD in members(store, OPEN)[0]


def test_partnerships_of_one_name_are_told_apart_alike_on_both_pages(store):
    made = make_partnership(store, CARDIFF)
    assess = opened(called=None).selectbox(key="partnership")
    assert set(assess.options) == {"Shared ICT", "Quiet check", "Shared ICT · 2"}
    app = visit(READINESS_MAP, **{"as": role_label(Role.MEMBER)}, org="Cardiff", partnership="Shared ICT · 2")
    assert app.selectbox(key="partnership").value == str(made)
    assert opened(called="Shared ICT · 2").selectbox(key="partnership").value == str(made)


def test_a_form_goes_out_and_comes_back_as_a_spreadsheet(store, downloads):
    app = opened()
    app.session_state["readiness_spreadsheet"] = True
    app.run()
    rows = downloads["readiness_form_csv"]().decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Id,Area,")
    filled = "Id,Answer,Evidence\n" + "\n".join(f"{item},4,{HOSTILE}" for item in ITEMS)
    app.selectbox(key="form_role").select("finance")
    app.file_uploader(key="form_0").upload("form.csv", b"Id,Answer\nVIS1,17", "text/csv").run()
    assert app.button(key="form_store").disabled
    assert "Cells that cannot be read" in words(app)
    app.file_uploader(key="form_0").clear().upload("form.csv", filled.encode(), "text/csv").run()
    click(app, "form_store")
    (one,) = assessment_of(store, OPEN, CARDIFF).respondents
    assert (one.role, one.replies["VIS1"].code, one.replies["VIS1"].evidence) == ("finance", 4, HOSTILE)
    assert "one more person has answered" in words(app)
    click(app, "complete")
    assert "form_store" not in keys(app)
    answers = downloads["readiness_answers_csv"]().decode("utf-8-sig")
    assert answers.startswith("Role,Id,")
    assert "Finance" in answers or "finance" in answers
    downloads.clear()
    app = opened(role=Role.OPERATOR)
    app.session_state["readiness_spreadsheet"] = True
    app.run()
    assert not downloads


def test_people_are_asked_by_role_and_their_progress_is_told_never_their_answers(store):
    app = opened()
    app.selectbox(key="ask_role").select("finance")
    app.text_input(key="ask_label").input(HOSTILE)
    click(app, "ask")
    app.context = {"url": "http://improve.example/readiness-assess"}
    app.run()
    (code,) = app.code
    root, _between, link = code.value.partition("?link=")
    assert root == "http://improve.example/readiness-form"
    assert HOSTILE in words(app).replace("\N{WORD JOINER}", "")
    assert not any("<script>" in one.value or "**bold" in one.value for one in app.markdown)
    for item in ITEMS[:2]:
        readiness.answer(store, link, item, 3)
    app.run()
    assert "2 of 9 statements answered" in words(app)
    assert "Largely in place" not in words(app)
    click(app, "withdraw_1")
    assert not app.code
    assert "This invitation was withdrawn." in words(visit(READINESS_FORM, link=link))


def test_it_is_completed_once_somebody_has_answered_all(store):
    reply(store, OPEN, CARDIFF, ("leader", "444 444 44-"))
    app = opened()
    assert "complete" not in keys(app)
    reply(store, OPEN, CARDIFF, ("ict", FULL))
    app.run()
    click(app, "complete")
    assert assessment_of(store, OPEN, CARDIFF).submitted_by == "Ann"
    assert "Our assessment of this round is completed." in words(app)
    assert not app.code
    assert not {"ask", "withdraw_1", "complete"} & keys(app)
    assert "Cardiff** · partner, completed" in words(opened("Swansea"))


class TestForm:
    def test_it_asks_one_area_at_a_time_and_leads_nowhere_else(self, store):
        app = visit(READINESS_FORM, secrets=SIGN_IN, link=asked(store))
        assert not app.exception
        assert [one.value for one in app.title] == ["Small readiness"]
        assert "Cardiff asks for your own view as Ict: Shared ICT, round 1." in words(app)
        assert readiness.agreement(is_confidential=False)[0] in words(app)
        assert "“Don't know” is welcome" in words(app)
        assert len(app.segmented_control) == 3
        assert not app.sidebar.selectbox
        assert [one.key for one in app.selectbox] == ["form_area"]
        assert not app.get("page_link")

    def test_each_answer_evidence_and_note_is_kept_and_none_shown_in_another_window(self, store):
        link = asked(store)
        app = visit(READINESS_FORM, link=link)
        for item in ITEMS:
            if app.session_state["form_area"] != item[:3]:
                click(app, "form_next")
            control(app, item).set_value(DONT_KNOW if item == "GOV3" else 2).run()
            assert item in readiness.form_of(store, link).answered
        assert "Thank you: all is answered and saved." in words(app)
        click(app, "form_back")
        assert control(app, "RES1").value == 2
        app.session_state["more_reply_1_1_RES1"] = True
        app.run()
        app.text_input(key="evidence_reply_1_1_RES1").input(HOSTILE).run()
        app.text_input(key="text_reply_1_1_RES1").input("Ask Dai").run()
        assert not app.exception
        (one,) = assessment_of(store, OPEN, CARDIFF).respondents
        assert one.replies["RES1"].note == "Ask Dai"
        assert one.replies["RES1"].evidence == HOSTILE
        assert one.replies["GOV3"].code == DONT_KNOW
        again = visit(READINESS_FORM, link=link)
        assert again.get("progress")[0].text == "9 of 9 answered"
        assert [one.value for one in again.segmented_control] == [None] * 3
        assert "Dai" not in words(again)
        assert "0 of 9 answered" in visit(READINESS_FORM, link=asked(store)).get("progress")[0].text

    def test_a_link_that_ends_while_somebody_answers_says_so_and_keeps_nothing(self, store):
        app = visit(READINESS_FORM, link=asked(store))
        readiness.withdraw(store, MEMBER, readiness.sheet_for(store, MEMBER, OPEN, CARDIFF), 1)
        control(app, "VIS1").set_value(4).run()
        assert not app.exception
        assert errors(app) == ["This invitation was withdrawn."]
        assert not app.segmented_control
        assert assessment_of(store, OPEN, CARDIFF).respondents[0].replies == {}

    def test_a_forged_link_opens_nothing(self, store):
        mine, other = asked(store), asked(store, OWN)
        app = visit(READINESS_FORM, link=mine)
        swapped = other.partition(".")[0] + "." + mine.partition(".")[2]
        for forged in ("", "x", "W10", "<script>", "A" * 4000, mine[:-1], swapped):
            app.query_params["link"] = forged
            app.run()
            assert not app.exception
            assert "This link opens no form." in words(app)
            assert not app.segmented_control
