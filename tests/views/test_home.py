"""Home: what stands out, and never what does not."""

import pytest

from improve.disclosure import Reason
from improve.model import Comparison, Role, Selection, Viewer
from improve.views import home_sentence
from improve.views.home import STAND_OUT, home_view
from improve.views.scores import scores_view
from tests.factory import make_store
from tests.views.town import code_of, everything, rated, town_store, towns

MEMBER = Viewer(Role.MEMBER, "DW07")


def town_member(place):
    return Viewer(Role.MEMBER, code_of(place))


def test_three_strengths_and_three_gaps_that_are_real(demonstration_store):
    view = home_view(demonstration_store, MEMBER, Selection())
    scores = scores_view(demonstration_store, MEMBER, Selection()).scores
    higher = sorted(
        (one for one in scores if one.comparison.value is Comparison.HIGHER),
        key=lambda one: -one.difference.value,
    )
    lower = sorted(
        (one for one in scores if one.comparison.value is Comparison.LOWER),
        key=lambda one: one.difference.value,
    )
    assert [one.id for one in view.strengths] == [one.id for one in higher[:STAND_OUT]]
    assert [one.id for one in view.gaps] == [one.id for one in lower[:STAND_OUT]]
    assert view.strengths
    assert view.gaps


def test_none_is_an_answer_too(tmp_path):
    store = town_store(tmp_path, [everything(3.0, 20)] * 9)
    view = home_view(store, town_member(0), Selection())
    assert view.has_own
    assert (view.strengths, view.gaps) == ((), ())
    store.close()


def test_what_is_similar_never_stands_out(tmp_path):
    """A difference of half a point that chance could make is no gap."""
    answers = [everything(3.0, 40)] * 8 + [{**everything(3.0, 40), "A1": [1, 5] * 5}]
    answers[-1]["A2"] = rated(3.6, 10)
    store = town_store(tmp_path, answers)
    view = home_view(store, town_member(8), Selection())
    assert {one.comparison.value for one in view.scores.scores if one.comparison.value} == {
        Comparison.SIMILAR
    }
    assert (view.strengths, view.gaps) == ((), ())
    store.close()


def test_peers_are_the_groups_it_belongs_to(demonstration_store):
    view = home_view(demonstration_store, MEMBER, Selection())
    assert [one.key for one in view.peers][:2] == ["all", "nation:Wales"]
    wales = scores_view(demonstration_store, MEMBER, Selection(cohort="nation:Wales")).overall
    assert view.peers[1].median == wales.cohort_median
    assert view.peers[1].quartiles == wales.cohort_quartiles
    assert view.peers[1].organisations == wales.cohort_organisations
    assert view.peers[0].median == wales.median


def test_a_group_that_is_too_close_to_another_says_so_and_no_more(tmp_path):
    types = ["London borough"] * 8 + ["City corporation"]
    places = towns(9, nation="England", region="London", type=types)
    store = town_store(
        tmp_path, [everything(2.0 + place / 5, 20) for place in range(9)], organisations=places
    )
    view = home_view(store, town_member(0), Selection())
    boroughs = next(one for one in view.peers if one.key == "type:London borough")
    assert boroughs.median.withheld is Reason.COHORT_TOO_CLOSE
    assert boroughs.organisations.withheld is Reason.COHORT_TOO_CLOSE
    assert home_sentence.group_note(boroughs) == ""
    store.close()


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.FACILITATOR])
def test_without_an_organisation_it_is_about_the_nation(demonstration_store, role):
    view = home_view(demonstration_store, Viewer(role), Selection(organisation="DW07"))
    assert not view.has_own
    assert view.choice.organisation is None
    medians = [one.median.value for one in view.strengths]
    assert medians == sorted((one.median.value for one in view.scores.scores), reverse=True)[:STAND_OUT]
    assert next(one.short for one in view.gaps) == "Consultation"
    assert [one.key for one in view.peers] == ["all"]


def test_the_stories_are_told(demonstration_store):
    rose = home_view(demonstration_store, Viewer(Role.MEMBER, "DW05"), Selection(round="2025"))
    assert home_sentence.change_of(rose.trend) is not None
    own = home_view(demonstration_store, MEMBER, Selection())
    place = own.scores.overall.position.value
    assert home_sentence.place(own.scores.overall).startswith(
        f"between {place[0]} and {place[1]} of {place[2]}"
    )
    assert home_sentence.index(own.skills) == f"{own.skills.index.value.value:.0f}"
    assert "national median" in home_sentence.skills(own.skills)


def test_an_empty_store(tmp_path):
    store = make_store(tmp_path)
    view = home_view(store, Viewer(Role.OPERATOR), Selection())
    assert view.scores.survey is None
    assert view.peers == ()
    store.close()
