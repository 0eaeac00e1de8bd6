"""What a selection comes to: an address says anything, the command line is refused what it cannot have."""

import pytest

from improve.errors import RegisterError, SelectionError
from improve.instruments import Scale
from improve.model import Role, Selection, Viewer
from improve.store import close_round, write_responses
from improve.views.choice import choose, exact_choice, organisation_called, surveys_for
from tests.factory import make_delivery, make_store, small_survey
from tests.views.town import code_of, delivery, everything, town_store, towns

OPERATOR, PUBLIC = Viewer(Role.OPERATOR), Viewer(Role.PUBLIC)
OWN, STRANGER = code_of(2), code_of(11)
MEMBER = Viewer(Role.MEMBER, OWN)
NATIONS = ["Wales"] * 4 + ["Scotland"] * 8
PLACES = towns(12, nation=NATIONS, region=NATIONS)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Nine of twelve towns in 2025 (closed) and 2026 (open), and a second survey in 2026."""
    made = town_store(tmp_path_factory.mktemp("choice"), {}, organisations=PLACES, closed=False)
    for label in ("2025", "2026"):
        write_responses(
            made, [delivery(code_of(place), everything(3 + place / 10), label) for place in range(9)]
        )
    other = small_survey(id="other", scale=Scale(low=1, high=4))
    write_responses(
        made,
        [
            make_delivery(other, label, code_of(place), everything(2.0))
            for place, label in ((0, "2024"), (0, "2026"), (1, "2026"))
        ],
    )
    for label in ("2024", "2025"):
        close_round(made, label)
    yield made
    made.close()


NONSENSE = ("nonsense", "'; drop table answer; --", "<script>", "\x00", "nation:Atlantis", "ALL", " ")


@pytest.mark.parametrize("viewer", [OPERATOR, PUBLIC, MEMBER], ids=lambda one: one.role.value)
@pytest.mark.parametrize("word", NONSENSE)
def test_nonsense_in_an_address_leaves_the_usual_and_a_notice_each(store, viewer, word):
    usual = choose(store, viewer, Selection())
    found = choose(store, viewer, Selection(organisation=word, round=word, cohort=word, survey=word))
    assert (found.organisation, found.round, found.cohort, found.survey) == (
        usual.organisation,
        usual.round,
        usual.cohort,
        usual.survey,
    )
    assert len(found.notices) == 4
    assert usual.notices == ()


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_wish_is_no_wish(store, empty):
    found = choose(store, MEMBER, Selection(round=empty, cohort=empty, survey=empty))
    assert found.notices == ()


@pytest.mark.parametrize("viewer", [OPERATOR, MEMBER], ids=lambda one: one.role.value)
@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"round": "1999"}, "There is no round called 1999. There are: 2026, 2025, 2024."),
        ({"cohort": "nation:Mars"}, "There is no group called nation:Mars. There are: all, nation:"),
        ({"survey": "skills"}, "Round 2025 has no survey called skills. There are: small."),
    ],
)
def test_the_command_line_is_refused_what_there_is_not(store, viewer, wishes, message):
    with pytest.raises(SelectionError) as refusal:
        exact_choice(store, viewer, Selection(**{"round": "2025", **wishes}))
    assert str(refusal.value).startswith(message)


def test_a_wrong_round_is_refused_for_an_organisation_without_any_too(store):
    with pytest.raises(SelectionError, match="no round called 1999"):
        exact_choice(store, OPERATOR, Selection(organisation=STRANGER, round="1999"))


def test_a_group_is_refused_where_there_are_no_medians_yet(store):
    for viewer in (MEMBER, Viewer(Role.FACILITATOR)):
        with pytest.raises(SelectionError, match="still collecting"):
            exact_choice(store, viewer, Selection(round="2026", cohort="nation:England"))
        assert exact_choice(store, viewer, Selection(round="2026", cohort="all")).cohort is None
    found = exact_choice(store, OPERATOR, Selection(round="2026", cohort="all"))
    assert found.cohort.cohort.key == "all"


def test_an_organisation_may_be_wished_for_by_name(store):
    found = exact_choice(store, OPERATOR, Selection(organisation="town x05", round="2025"))
    assert found.organisation.code == "X05"
    with pytest.raises(RegisterError):
        exact_choice(store, OPERATOR, Selection(organisation="Nowhere-on-Sea", round="2025"))


def test_an_organisation_that_never_took_part_may_be_named_on_the_command_line(store):
    found = exact_choice(store, OPERATOR, Selection(organisation=STRANGER, round="2025"))
    assert (found.organisation.code, found.notices) == (STRANGER, ())
    assert choose(store, OPERATOR, Selection(organisation=STRANGER)).notices == (
        f"Town {STRANGER} takes part in no round yet.",
    )


def test_the_round_before_is_the_last_that_asked_the_same(store):
    assert choose(store, OPERATOR, Selection(round="2026")).previous.label == "2025"
    assert choose(store, OPERATOR, Selection(round="2026", survey="other")).previous.label == "2024"
    assert choose(store, OPERATOR, Selection(round="2025")).previous is None


def test_surveys_stand_by_use_and_in_their_newest_version(store, tmp_path):
    newest = choose(store, OPERATOR, Selection(round="2026")).round
    assert [one.id for one in surveys_for(store, newest)] == ["small", "other"]
    made = make_store(tmp_path, organisations=towns(3))
    for place, version in enumerate(("1.9", "1.10", "1.2")):
        write_responses(made, [make_delivery(small_survey(version), "2026", code_of(place), everything(3.0))])
    chosen = choose(made, OPERATOR, Selection())
    made.close()
    assert chosen.survey.version == "1.10"


def test_one_organisation_alone_is_the_operators_choice(tmp_path):
    made = town_store(tmp_path, [everything(3.0)], organisations=towns(4))
    assert choose(made, OPERATOR, Selection()).organisation.code == code_of(0)
    assert choose(made, Viewer(Role.MEMBER, code_of(1)), Selection()).organisation.code == code_of(1)
    assert choose(made, PUBLIC, Selection()).organisation is None
    made.close()


def test_an_address_may_name_an_organisation_as_people_see_it(store):
    one = PLACES[2]
    assert organisation_called(store, one.name) == one.code
    assert organisation_called(store, one.code) == one.code
    assert organisation_called(store, "<b>nowhere</b>") == "<b>nowhere</b>"
    assert organisation_called(store, None) is None
