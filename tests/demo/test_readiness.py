"""The demonstration's partnerships: what each has to tell, read back through the view as people see it."""

import pytest

from improve.demo import DEFAULT_ORGANISATION, READINESS_ROUNDS, demonstration_partnerships
from improve.instruments import read_library
from improve.model import Role, Selection, Viewer
from improve.opening import open_with_register
from improve.store import StoreKind, check_store, close_round, open_round, write_partnerships
from improve.views.readiness import readiness_view
from improve.views.readiness_choice import Wish
from improve.views.readiness_part import Kind
from tests.partners import small_readiness

RASP = read_library().get("rasp")


@pytest.fixture(scope="module")
def pasts():
    return demonstration_partnerships(RASP)


@pytest.fixture(scope="module")
def store(pasts, tmp_path_factory):
    path = tmp_path_factory.mktemp("partnerships") / "demonstration.duckdb"
    opened = open_with_register(path, StoreKind.DEMONSTRATION, "512MB")
    for label in READINESS_ROUNDS:
        open_round(opened, label)
    write_partnerships(opened, RASP, pasts)
    for label in READINESS_ROUNDS:
        close_round(opened, label)
    yield opened
    opened.close()


def look(store, organisation, partnership=None, number=None):
    viewer = Viewer(Role.MEMBER, organisation)
    return readiness_view(store, viewer, Selection(), Wish(partnership, number))


def scores(view, organisation=None):
    rows = [one for one in view.rows if organisation in (None, one.organisation)]
    return [cell.score.value for one in rows for cell in one.cells if cell.score.is_released]


def test_the_same_instrument_gives_the_same(pasts):
    assert demonstration_partnerships(RASP) == pasts
    small = demonstration_partnerships(small_readiness())
    assert {item for one in small[0].answers for _r, _l, said in one.respondents for item in said} == {
        one.id for one in small_readiness().statements
    }


def test_the_store_is_sound_and_nothing_real_is_named(store, pasts):
    assert check_store(store) == []
    texts = {
        text
        for past in pasts
        for answers in past.answers
        for _role, label, said in answers.respondents
        for reply in said.values()
        for text in (label, reply.evidence, reply.note)
    }
    assert all("example.org" in one for one in texts if "://" in one)
    assert len(texts) > 40


def test_the_visitor_is_a_partner_twice_and_has_a_private_check(store):
    view = look(store, DEFAULT_ORGANISATION)
    assert [one.label for one in view.partnerships] == [
        *("Western Coast ICT service", "Upland councils' ICT", "Before we say anything"),
    ]
    assert [one.is_confidential for one in view.partnerships] == [False, False, True]
    assert all(one.numbers == (2, 1) for one in view.partnerships)


def test_ready(store):
    view = look(store, DEFAULT_ORGANISATION)
    assert view.partnership.label == "Western Coast ICT service"
    assert min(scores(view)) >= 65
    assert view.overall.score.value > 75
    assert not any(one.is_wide for one in view.areas)
    assert view.overall.change.value > 10
    assert view.overall.difference.value > 10


def test_one_sided(store):
    view = look(store, "DE10")
    assert min(scores(view, "DE10")) > 65
    assert max(scores(view, "DE12")) < 55
    assert all(one.is_wide for one in view.areas)
    assert scores(view, "DE14") == []
    assert len(view.rows) == 3
    kinds = [kind for one in view.statements for kind in one.kinds]
    assert {kind: kinds.count(kind) > 1 for kind in Kind if kind is not Kind.STRENGTH} == dict.fromkeys(
        (Kind.WEAKNESS, Kind.BLIND_SPOT, Kind.DISAGREEMENT), True
    )


def test_leaders_and_finance_disagree_in_the_eyes_of_everybody(store):
    for organisation in ("DE35", "DE37"):
        view = look(store, organisation)
        found = [one for one in view.differences if one.area == "RES"]
        assert {(one.higher, one.lower) for one in found} == {("Senior leader", "Finance")}
        # DE37 has one of each: it alone is told.
        assert {one.organisation for one in found} == {"DE35", "DE36", organisation}
        assert {one.is_own for one in found} == {True, False}
        assert not any(one.is_wide for one in view.areas)


def test_a_candidate_asks_to_join(store):
    view = look(store, DEFAULT_ORGANISATION, "Upland councils' ICT")
    (fit,) = view.fits
    assert fit.organisation == "DW04"
    assert "VIS" in fit.lifts
    assert "RES" in fit.lowers
    assert fit.weakest_after == ("RES",)
    assert fit.weakest_change.value < -5
    assert len(fit.first) >= 3
    before = look(store, DEFAULT_ORGANISATION, "Upland councils' ICT", "1")
    assert [one.organisation for one in before.rows] == [DEFAULT_ORGANISATION, "DW11"]
    assert before.fits == ()
    assert look(store, "DW04").partnership.is_candidate


def test_a_private_check_is_going_on(store):
    view = look(store, DEFAULT_ORGANISATION, "Before we say anything", "2")
    assert view.is_alone
    assert not view.own.completed_at.is_released
    assert view.own.respondents.value == 2
    assert len(view.own.cells) == 5
    for other in (Viewer(Role.OPERATOR), Viewer(Role.MEMBER, "DW08")):
        told = readiness_view(store, other, Selection(), Wish("Before we say anything"))
        assert "Before we say anything" not in {one.label for one in told.partnerships}


@pytest.mark.parametrize("label", READINESS_ROUNDS)
def test_there_is_a_national_median(store, label):
    view = readiness_view(store, Viewer(Role.PUBLIC), Selection(round=label))
    assert view.overall.organisations.value >= 20
    assert all(one.median.is_released and one.quartiles.is_released for one in view.areas)
    assert {one.median.value % 5 for one in view.areas} == {0}
