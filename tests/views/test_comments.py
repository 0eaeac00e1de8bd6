"""Comments: who reads them, under which filter, and what of them stays hidden."""

import random
from itertools import pairwise

import pytest

from improve.disclosure import Reason
from improve.model import Role, Selection, Viewer
from improve.store import close_round, read_approved, write_responses
from improve.views.comments import ON_A_PAGE, Band, Wish, approve, comments_view, is_readable
from improve.views.comments_sentence import band_label
from tests.factory import make_delivery, make_organisation, make_store, small_survey
from tests.views.town import rated

LABEL = "2026"
SURVEY = small_survey()
EVERYTHING = Wish()
PUBLIC, FACILITATOR, OPERATOR = (Viewer(role) for role in (Role.PUBLIC, Role.FACILITATOR, Role.OPERATOR))
MEMBER, DELEGATE = Viewer(Role.MEMBER, "X00"), Viewer(Role.DELEGATE, "X00")


def answers(low=12, middle=12, high=12, silent=0, text="The printer is slow"):
    """So many comments from people who gave 1, 3 and 5 (the scale is 1 to 5), and from who gave none."""
    overall = [1] * low + [3] * middle + [5] * high + [None] * silent
    return {
        "OVR": overall,
        "COM": [f"{text} {place}x" for place in range(len(overall))],
        "A1": rated(3.0, len(overall)),
    }


def store_of(folder, *given, closed=True):
    organisations = tuple(
        make_organisation(f"X{place:02d}", name=f"Newtown{place}") for place in range(len(given))
    )
    return make_store(
        folder,
        {LABEL: {one.code: each for one, each in zip(organisations, given, strict=True)}},
        organisations=organisations,
        closed=(LABEL,) if closed else (),
    )


@pytest.fixture
def town(tmp_path):
    store = store_of(tmp_path, answers(), answers(text="Wi-Fi is good"))
    yield store
    store.close()


def texts(view):
    return [one.text for one in view.comments]


def everything(store, viewer, wish=EVERYTHING):
    """All pages of it."""
    first = comments_view(store, viewer, Selection(), wish)
    views = [comments_view(store, viewer, Selection(), wish, page=page) for page in range(1, first.pages + 1)]
    return [text for view in views for text in texts(view)]


@pytest.mark.parametrize(
    ("viewer", "number"), [(MEMBER, 36), (DELEGATE, 0), (PUBLIC, 0), (FACILITATOR, 72), (OPERATOR, 72)]
)
def test_each_role_reads_what_it_may(town, viewer, number):
    assert len(everything(town, viewer)) == number
    view = comments_view(town, viewer, Selection())
    assert view.is_pooled == (viewer in (FACILITATOR, OPERATOR, PUBLIC))
    if not number:
        assert view.reason is Reason.NOT_YOURS
        assert view.themes == ()
        assert view.found.value is None


def test_a_member_reads_no_others_and_a_facilitator_no_ones(town):
    assert all("printer" in text for text in everything(town, MEMBER))
    asked_for_one = comments_view(town, FACILITATOR, Selection(organisation="X01"))
    assert asked_for_one.is_pooled
    operator = comments_view(town, OPERATOR, Selection(organisation="X01"))
    assert all("Wi-Fi" in text for text in texts(operator))


def test_of_nine_people_nothing_is_shown(tmp_path):
    store = store_of(tmp_path, answers(low=3, middle=3, high=3))
    view = comments_view(store, MEMBER, Selection())
    assert view.reason is Reason.FEW_COMMENTS
    assert texts(view) == []
    assert view.people.value is None
    assert view.found.value is None
    store.close()


def test_a_person_with_two_comments_is_one_person(tmp_path):
    survey = small_survey(comments=(SURVEY.comments[0], SURVEY.comments[0].model_copy(update={"id": "CO2"})))
    given = {"COM": ["a"] * 9, "CO2": ["b"] * 9, "OVR": [3] * 9}
    store = make_store(
        tmp_path, {LABEL: {"X00": given}}, survey=survey, organisations=(make_organisation("X00"),)
    )
    assert comments_view(store, MEMBER, Selection()).reason is Reason.FEW_COMMENTS
    store.close()


FILTERS = {
    "words": Wish(words="PRINTER"),
    "aspect": Wish(aspect="A1"),
    "category": Wish(category="SYS"),
    "band": Wish(band="low"),
}


@pytest.mark.parametrize("first", FILTERS)
@pytest.mark.parametrize("second", FILTERS)
def test_two_filters_are_refused(town, first, second):
    if first == second:
        return
    both = Wish(**{first: getattr(FILTERS[first], first), second: getattr(FILTERS[second], second)})
    view = comments_view(town, MEMBER, Selection(), both)
    assert view.reason is Reason.ONE_FILTER
    assert texts(view) == []
    assert "One filter at a time" in view.finding


def test_words_are_searched_in_what_may_be_read(tmp_path):
    store = store_of(tmp_path, answers(text="Ask Sarah Jones of Newtown0 about printers"))
    for hidden in ("Sarah", "Jones", "Newtown0"):
        assert comments_view(store, MEMBER, Selection(), Wish(words=hidden)).reason is Reason.FEW_COMMENTS
    found = comments_view(store, MEMBER, Selection(), Wish(words="about  PRINTERS"))
    assert found.found.value == 36
    assert all("[name]" in text and "[council]" in text for text in texts(found))
    store.close()


def test_a_search_that_leaves_nine_people_shows_nothing(tmp_path):
    given = answers()
    given["COM"][:9] = ["The toner leaks"] * 9
    store = store_of(tmp_path, given)
    assert comments_view(store, MEMBER, Selection(), Wish(words="toner")).reason is Reason.FEW_COMMENTS
    assert comments_view(store, MEMBER, Selection(), Wish(words="slow")).found.value == 27
    store.close()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((12, 12, 12, 0), {"low", "middle", "high"}),
        ((5, 12, 30, 0), {"high"}),
        ((12, 12, 12, 1), {"middle", "high"}),
        ((5, 5, 30, 0), {"high"}),
        ((5, 4, 30, 0), set()),
        ((0, 12, 30, 0), {"middle", "high"}),
    ],
)
def test_no_score_band_can_be_worked_out_from_the_others(tmp_path, counts, expected):
    store = store_of(tmp_path, answers(*counts))
    view = comments_view(store, MEMBER, Selection())
    assert {band.value for band in view.bands} == expected
    seen = {}
    for band in Band:
        seen[band.value] = set(everything(store, MEMBER, Wish(band=band.value)))
        assert bool(seen[band.value]) == (band.value in expected)
    rest = set(everything(store, MEMBER)) - set().union(*seen.values())
    assert not rest or len(rest) >= 10 or not expected
    store.close()


def test_the_bands_are_thirds_of_the_scale(town):
    low = comments_view(town, MEMBER, Selection(), Wish(band="low"))
    assert {int(text.split()[-1][:-1]) for text in everything(town, MEMBER, Wish(band="low"))} == set(
        range(12)
    )
    assert low.found.value == 12
    assert len({band_label(band) for band in Band}) == 3


def test_the_order_says_nothing_of_ratings(tmp_path):
    """The same words in another order of ratings are listed in the same order."""
    given = answers()
    moods = ["slow and broken", "fine", "great and friendly"]
    given["COM"] = [moods[place % 3] + f" {place}x" for place in range(36)]
    chance = random.Random(1)
    shuffled = {**given, "OVR": chance.sample(given["OVR"], 36)}
    orders = []
    for name, each in (("a", given), ("b", shuffled)):
        (tmp_path / name).mkdir()
        store = store_of(tmp_path / name, each)
        view = comments_view(store, MEMBER, Selection(), sort="grumpiest")
        orders.append(texts(view))
        assert texts(view)[0].startswith("slow")
        assert texts(comments_view(store, MEMBER, Selection(), sort="happiest"))[0].startswith("great")
        store.close()
    assert orders[0] == orders[1]


def test_nobody_is_told_by_the_order_whose_comments_belong_together(tmp_path):
    """Two of one person never stand side by side for that, nor those of one organisation in a row."""
    survey = small_survey(comments=(SURVEY.comments[0], SURVEY.comments[0].model_copy(update={"id": "CO2"})))

    def given(mark):
        return {
            "OVR": [3] * 40,
            "COM": [f"Good {mark}{place}" for place in range(40)],
            "CO2": [f"Slow {mark}{place}" for place in range(40)],
        }

    store = make_store(
        tmp_path,
        {LABEL: {"X00": given("a"), "X01": given("b")}},
        survey=survey,
        organisations=(make_organisation("X00"), make_organisation("X01")),
        closed=(LABEL,),
    )
    mine = [text.split()[1] for text in everything(store, MEMBER)]
    assert sorted(mine) == sorted(2 * [f"a{place}" for place in range(40)])
    assert sum(one == other for one, other in pairwise(mine)) < 5
    everybodys = [text.split()[1][0] for text in everything(store, FACILITATOR)]
    # Of 160 in a random order, about 80 stand beside one of the other organisation.
    assert sum(one != other for one, other in pairwise(everybodys)) > 50
    for sort in ("grumpiest", "happiest"):
        view = comments_view(store, FACILITATOR, Selection(), sort=sort)
        assert len({text.split()[1][0] for text in texts(view)}) == 2
    assert everything(store, MEMBER) == everything(store, MEMBER)
    store.close()


def test_who_comes_after_the_closing_is_not_pooled(town):
    before = everything(town, FACILITATOR)
    write_responses(town, [make_delivery(SURVEY, LABEL, "X00", answers(text="Only since"))])
    assert everything(town, FACILITATOR) == before
    assert any("Only since" in text for text in everything(town, MEMBER))
    close_round(town, LABEL, even_if_few_change=True)
    assert any("Only since" in text for text in everything(town, FACILITATOR))


def test_what_nine_people_speak_of_is_not_told(tmp_path):
    """Nor which words they use: the list would be what they wrote."""
    survey = small_survey(aspects=(SURVEY.aspects[0].model_copy(update={"id": "OPT4"}),))
    given = {"OVR": [3] * 9, "COM": ["The printer jams"] * 9}
    store = make_store(
        tmp_path, {LABEL: {"X00": given}}, survey=survey, organisations=(make_organisation("X00"),)
    )
    view = comments_view(store, MEMBER, Selection())
    assert view.themes == ()
    assert view.finding == "Comments of fewer than 10 people are not shown."
    store.close()


def test_a_delegate_is_told_who_reads_them(town):
    view = comments_view(town, DELEGATE, Selection())
    assert view.finding == "Comments are shown to members of the organisation alone."
    assert not is_readable(view.choice)
    assert is_readable(comments_view(town, MEMBER, Selection()).choice)


def test_themes_are_counted_from_ten_people(tmp_path):
    survey = small_survey(
        aspects=tuple(
            SURVEY.aspects[0].model_copy(update={"id": id_, "short": {"en": id_}})
            for id_ in ("EQP3", "OPT4", "SYS2")
        )
    )
    given = {
        "OVR": [3] * 30,
        "COM": ["Wi-Fi and printers"] * 9 + ["The printer jams"] * 11 + ["Thanks"] * 10,
    }
    store = make_store(
        tmp_path, {LABEL: {"X00": given}}, survey=survey, organisations=(make_organisation("X00"),)
    )
    themes = {theme.id: theme for theme in comments_view(store, MEMBER, Selection()).themes}
    assert themes["OPT4"].people.value == 20
    assert themes["EQP3"].people.withheld is Reason.FEW_ANSWERS
    assert "SYS2" not in themes
    assert themes["OPT4"].terms == ("print*",)
    assert comments_view(store, MEMBER, Selection(), Wish(aspect="EQP3")).reason is Reason.FEW_COMMENTS
    assert comments_view(store, MEMBER, Selection(), Wish(aspect="OPT4")).found.value == 20
    store.close()


def test_pages_hold_twenty_and_end(town):
    view = comments_view(town, MEMBER, Selection())
    assert len(view.comments) == ON_A_PAGE
    assert view.pages == 2
    assert comments_view(town, MEMBER, Selection(), page=99).page == 2
    assert comments_view(town, MEMBER, Selection(), page=-1).page == 1


def test_the_big_screen_shows_what_a_facilitator_approved(town):
    chosen = [one.key for one in comments_view(town, FACILITATOR, Selection()).comments[:3]]
    assert texts(comments_view(town, FACILITATOR, Selection(), only_approved=True)) == []
    approve(town, MEMBER, LABEL, chosen, True)
    approve(town, PUBLIC, LABEL, chosen, True)
    assert read_approved(town, LABEL) == frozenset()
    approve(town, FACILITATOR, LABEL, chosen, True)
    shown = comments_view(town, FACILITATOR, Selection(), only_approved=True)
    assert [one.key for one in shown.comments] == chosen
    approve(town, FACILITATOR, LABEL, chosen[:1], False)
    shown = comments_view(town, FACILITATOR, Selection(), only_approved=True)
    assert [one.key for one in shown.comments] == chosen[1:]


def test_a_round_that_collects_is_not_pooled(tmp_path):
    store = store_of(tmp_path, answers(), answers(), closed=False)
    assert comments_view(store, FACILITATOR, Selection()).reason is Reason.COLLECTING
    assert everything(store, MEMBER)
    assert everything(store, OPERATOR)
    store.close()


def test_new_comments_are_seen(town):
    write_responses(town, [make_delivery(SURVEY, LABEL, "X00", answers(text="Newly said"))])
    assert any("Newly" in text for text in everything(town, MEMBER))


def test_an_empty_store_has_none(tmp_path):
    store = make_store(tmp_path)
    assert comments_view(store, OPERATOR, Selection()).finding == "There are no comments yet."
    store.close()
