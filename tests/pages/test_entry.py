"""The three ways in: who may look, as whom, and who is turned away."""

import pytest
from streamlit import config as streamlit_config
from streamlit.runtime.context import ContextProxy, StreamlitHeaders

from improve.model import Role
from improve.store import StoreKind
from improve.web.entry import WayIn, door, is_loopback
from tests.factory import CARDIFF, GWYNEDD, SWANSEA, make_store
from tests.pages.conftest import IMPORT, MAP, PAGES, SCORES, charts, serving, visit, words

REAL, DEMONSTRATION = StoreKind.REAL, StoreKind.DEMONSTRATION
HERE = {"Host": "localhost:8501"}
SENTENCE = "This Improve has no sign-in"


@pytest.mark.parametrize("listens_on", ["localhost", "127.0.0.1", "127.0.0.9", "::1", "LOCALHOST"])
@pytest.mark.parametrize(
    "host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost", "LocalHost:80"]
)
def test_one_person_at_this_machine_comes_in(listens_on, host):
    found = door(REAL, has_sign_in=False, listens_on=listens_on, headers={"hOsT": host})
    assert (found.way, found.refusal, found.may_view_as) == (WayIn.ONE_PERSON, None, True)


@pytest.mark.parametrize("listens_on", [None, "", "0.0.0.0", "::", "192.168.1.4", "improve.council.gov.uk"])
def test_a_server_that_others_can_reach_lets_nobody_in(listens_on):
    found = door(REAL, has_sign_in=False, listens_on=listens_on, headers=HERE)
    assert found.refusal.startswith(SENTENCE)
    assert not found.may_view_as


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": ""},
        {"Host": "improve.example:8501"},
        {"Host": "localhost.evil.example"},
        {"Host": "127.0.0.1.nip.io"},
        {"Host": "evil.example@localhost.evil.example"},
        {"Host": "192.168.1.4:8501"},
        {**HERE, "X-Forwarded-For": "10.0.0.7"},
        {**HERE, "x-forwarded-for": "127.0.0.1"},
        {**HERE, "Forwarded": "for=127.0.0.1"},
        {**HERE, "X-Forwarded-Host": "localhost"},
        {**HERE, "X-Forwarded-Proto": "https"},
        {**HERE, "X-Real-IP": "127.0.0.1"},
        {**HERE, "Via": "1.1 proxy"},
    ],
    ids=str,
)
def test_a_request_that_was_forwarded_or_asks_for_another_host_is_turned_away(headers):
    assert door(REAL, has_sign_in=False, listens_on="localhost", headers=headers).refusal


@pytest.mark.parametrize("kind", list(StoreKind))
@pytest.mark.parametrize("has_sign_in", [True, False])
def test_viewing_as_somebody_is_for_a_demonstration_and_for_one_person(kind, has_sign_in):
    found = door(kind, has_sign_in=has_sign_in, listens_on=None, headers={"Host": "improve.example"})
    ways = {
        (DEMONSTRATION, True): WayIn.DEMONSTRATION,
        (DEMONSTRATION, False): WayIn.DEMONSTRATION,
        (REAL, True): WayIn.SIGNED_IN,
        (REAL, False): WayIn.ONE_PERSON,
    }
    assert found.way is ways[kind, has_sign_in]
    assert found.may_view_as == (kind is DEMONSTRATION)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"])
def test_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", [None, "", "0.0.0.0", "::", "10.0.0.1", "localhost.localdomain"])
def test_not_loopback(host):
    assert not is_loopback(host)


@pytest.fixture(scope="module")
def three_councils(tmp_path_factory):
    """A real store with figures of three councils."""
    answers = {"A1": [5] * 12, "A2": [4] * 12, "OVR": [5] * 12}
    rounds = {"2026": dict.fromkeys((CARDIFF, SWANSEA, GWYNEDD), answers)}
    store = make_store(tmp_path_factory.mktemp("real"), rounds, closed=("2026",))
    yield store
    store.close()


@pytest.fixture
def real(three_councils):
    """The same, served."""
    with serving(three_councils.path, store=three_councils):
        yield


SIGN_IN = {"auth": {"redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "x"}}


# Every role on one page, and on every page the two that see most: who is looking is decided in one place.
@pytest.mark.parametrize(
    ("page", "role"),
    [
        (page, role)
        for page in PAGES
        for role in Role
        if page is SCORES or role in (Role.MEMBER, Role.OPERATOR)
    ],
    ids=lambda one: one.value if isinstance(one, Role) else one.stem,
)
def test_where_people_sign_in_view_as_does_nothing(real, page, role):
    from improve.views.sentence import role_label

    address = {"as": role_label(role), "org": "Cardiff", "shown_as": role.value, "shown_org": CARDIFF}
    forged = {"as": role.value, "org": CARDIFF}
    for app in (
        visit(page, secrets=SIGN_IN, **address),
        visit(page, secrets=SIGN_IN, state=forged),
        visit(page, secrets=SIGN_IN, state=forged, present="true", **address),
        visit(page, secrets=SIGN_IN, org=CARDIFF, **{"as": role.value}),
    ):
        assert not app.exception
        assert {box.key for box in app.selectbox} <= {"round", "cohort", "aspect", "with", "question"}
        assert not app.file_uploader
        assert "Cardiff" not in words(app)
        # Who takes part is public: the map counts three councils, and no area with a median.
        counts = {"3", "0"} if page is MAP else set()
        assert {one.value for one in app.metric} <= {"–"} | counts
        assert all('"mean": 5' not in chart.proto.spec for chart in charts(app))


def test_one_person_is_the_operator_and_may_look_as_anybody(real):
    app = visit()
    assert app.selectbox(key="as").value == "operator"
    app.selectbox(key="org").select(CARDIFF).run()
    assert app.metric[0].value == "5.00"
    app.selectbox(key="as").select("facilitator").run()
    assert "Cardiff" not in words(app)
    assert visit(IMPORT).file_uploader


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.parametrize(
    "headers",
    [[("Host", "localhost"), ("X-Forwarded-For", "10.0.0.7")], [("Host", "improve.example")]],
    ids=str,
)
def test_who_is_turned_away_reads_one_sentence_and_no_figure(real, monkeypatch, page, headers):
    monkeypatch.setattr(ContextProxy, "headers", property(lambda _self: StreamlitHeaders(headers)))
    app = visit(page, **{"as": "Operator", "org": "Cardiff"})
    assert not app.exception
    assert app.error[0].value.startswith(SENTENCE)
    assert len(app.title) == 1
    assert not app.metric
    assert not charts(app)
    assert not app.selectbox
    assert not app.file_uploader


def test_a_server_for_all_to_reach_turns_its_own_machine_away_too(real):
    streamlit_config.set_option("server.address", "0.0.0.0")
    app = visit()
    assert app.error[0].value.startswith(SENTENCE)
    assert not charts(app)
