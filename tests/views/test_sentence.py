"""Every state of the page has something useful to say, in whole sentences that name nobody."""

import re

import pytest

from improve.disclosure import Reason
from improve.language import PSEUDO, speaking
from improve.model import Role, Selection, Viewer
from improve.store import close_round, write_responses
from improve.views import sentence
from improve.views.scores import arranged, scores_view
from improve.views.scores_shown import as_json, chart_rows, note, spread_rows, table_rows
from tests.factory import make_delivery, make_store, small_survey
from tests.views.town import LABEL, SURVEY, code_of, delivery, everything, rated, town_store, towns
from tests.views.world import SURVEYS

OPERATOR, PUBLIC, FACILITATOR = Viewer(Role.OPERATOR), Viewer(Role.PUBLIC), Viewer(Role.FACILITATOR)


def member(number):
    return Viewer(Role.MEMBER, code_of(number))


def ladder(number, n=20):
    return [everything(2.4 + place / 10, n) for place in range(number)]


def texts(view):
    """Every sentence of the page."""
    scores = (*view.scores, *((view.overall,) if view.overall else ()))
    found = [view.finding, view.alt, *view.notes, *view.method, *(sentence.of_score(one) for one in scores)]
    if view.survey is not None:
        found += [note(one) for one in scores]
        found += [row["sentence"] for one in scores for row in spread_rows(one)]
        found += [str(row["sentence"]) for row in chart_rows(view)]
        found += [cell for row in table_rows(view) for cell in (*row, *row.values())]
    return found


def check(view):
    """What holds for every text in every state."""
    assert view.finding.endswith(".")
    assert view.finding in view.alt
    for text in texts(view):
        assert not re.search(r"Town|X\d\d|nan|None|\{|\}|  |\.\.|:\s*$", text), text
        assert "-0" not in text
        assert "\N{MINUS SIGN}0.0" not in text
        assert not re.search(r"(?<![\d.])0\.0 (higher|lower)", text), text
        assert not re.search(r"\b1 (aspects|organisations|answers)\b", text), text
    return view


def look(store, viewer, **wishes):
    view = check(scores_view(store, viewer, Selection(**wishes)))
    for sort in ("difference", "score"):
        check(arranged(view, sort, "A1"))
    store.close()
    return view


def test_an_empty_store(tmp_path):
    for number, (viewer, says) in enumerate(
        (
            (OPERATOR, "There are no figures yet. Import a survey file to begin."),
            (PUBLIC, "There are no figures yet."),
            (member(0), "There are no figures yet."),
        )
    ):
        store = make_store(tmp_path, organisations=towns(2), name=f"{number}.duckdb")
        view = look(store, viewer)
        assert view.finding == view.alt == says
        assert view.survey is None
        assert as_json(view)["finding"] == says


def test_a_store_whose_only_round_collects_is_empty_for_the_public(tmp_path):
    view = look(town_store(tmp_path, ladder(9), closed=False), PUBLIC)
    assert view.finding == "There are no figures yet."


def test_a_round_without_rated_aspects(tmp_path):
    skills = small_survey("1.0", id="skills", aspects=(), overall=())
    store = make_store(tmp_path, organisations=towns(2))
    write_responses(store, [make_delivery(skills, LABEL, code_of(0), {"HOURS": [4.0] * 12})])
    assert look(store, OPERATOR).finding == "No survey with rated aspects was taken in for this round yet."


@pytest.mark.parametrize("closed", [True, False])
def test_one_organisation_in_the_store(tmp_path, closed):
    view = look(town_store(tmp_path, ladder(1), closed=closed), OPERATOR)
    assert view.choice.organisation.code == code_of(0)
    assert view.finding == (
        "Overall satisfaction is 2.40. There is no national median to compare it with: Too few organisations."
    )
    assert "There is no national median: it needs at least 7 organisations." in view.notes


def test_a_viewer_without_an_organisation(tmp_path):
    view = look(town_store(tmp_path, ladder(9)), FACILITATOR)
    assert view.finding == (
        "The national median of overall satisfaction is 2.8, of the 9 organisations that took part."
    )
    assert sentence.of_score(view.scores[0]) == "Reliability. The national median is 2.8."
    assert view.method[6] == (
        "Behind the national median: 9 organisations, 180 answers to the overall question."
    )
    assert view.notes == ()


def test_a_viewer_without_an_organisation_and_without_medians(tmp_path):
    view = look(town_store(tmp_path, ladder(3)), PUBLIC)
    assert view.finding == "There is no national median yet: Too few organisations."
    assert sentence.of_score(view.scores[0]) == "Reliability. No national median: Too few organisations."


def test_fewer_than_ten_answers(tmp_path):
    view = look(town_store(tmp_path, [*ladder(9), everything(3.0, 9)]), member(9))
    assert view.finding == (
        "The national median of overall satisfaction is 2.8, of the 9 organisations that took part. "
        "Own scores are not shown: Fewer than 10 answers."
    )
    assert "2 aspects have fewer than 10 answers, and are not shown." in view.notes
    assert "Withheld here: Fewer than 10 answers." in view.method


def test_nobody_else_reads_how_many_aspects_have_few_answers(tmp_path):
    answers = ladder(9)
    answers[3]["A1"] = [3] * 9 + [None] * 11
    with_few = town_store(tmp_path, answers)
    views = [check(scores_view(with_few, one, Selection())) for one in (FACILITATOR, PUBLIC, member(4))]
    with_few.close()
    assert not any("ewer than 10" in text for view in views for text in (*view.notes, view.finding))


def two_rounds(folder, first, second, **facts):
    store = make_store(folder, organisations=towns(10), **facts)
    for label, answers in (("2025", first), (LABEL, second)):
        write_responses(store, [delivery(code, given, label) for code, given in answers.items()])
        close_round(store, label)
    return store


def by_code(answers):
    return {code_of(place): one for place, one in enumerate(answers)}


def test_an_organisation_that_skipped_the_last_round(tmp_path):
    store = two_rounds(tmp_path, by_code(ladder(8)), by_code(ladder(9)))
    view = look(store, member(8))
    note_ = "The organisation did not take part in round 2025, so no last scores are shown."
    assert note_ in view.notes


def test_an_organisation_that_is_missing_from_this_round(tmp_path):
    store = two_rounds(tmp_path, by_code(ladder(9)), by_code(ladder(8)))
    view = look(store, member(8))
    assert view.finding == (
        "The national median of overall satisfaction is 2.8, of the 8 organisations that took part. "
        "Own scores are not shown: The organisation did not take part in this round."
    )
    assert view.scores[0].previous.value == pytest.approx(3.2)


def test_a_last_round_on_another_scale(tmp_path):
    usual, older = SURVEYS["1.0"], SURVEYS["0.9"]
    store = make_store(tmp_path, organisations=towns(2))
    answers = {"A1": [3, 4] * 10, "A2": [3, 4] * 10, "OVR": [3, 4] * 10}
    write_responses(store, [make_delivery(older, "2025", code_of(0), answers)])
    write_responses(store, [make_delivery(usual, LABEL, code_of(0), answers)])
    view = look(store, member(0), round=LABEL)
    assert view.scores[0].previous.withheld is Reason.ANOTHER_SCALE
    assert "Round 2025 used another scale, so no last scores are shown." in view.notes


@pytest.mark.parametrize(
    ("number", "says"), [(1, "1 organisation answered"), (2, "2 organisations answered")]
)
def test_answers_on_another_scale(tmp_path, number, says):
    usual, older = SURVEYS["1.0"], SURVEYS["0.9"]
    store = make_store(tmp_path, organisations=towns(12))
    answers = {"A1": [3, 4] * 10, "A2": [3, 4] * 10, "OVR": [3, 4] * 10}
    for place in range(10):
        version = older if place < number else usual
        write_responses(store, [make_delivery(version, LABEL, code_of(place), answers)])
    assert not any("another scale" in one for one in look_at(store, FACILITATOR).notes)  # it still collects
    close_round(store, LABEL)
    assert any(one.startswith(says) for one in look(store, FACILITATOR).notes)


def look_at(store, viewer):
    return check(scores_view(store, viewer, Selection()))


def test_a_cohort_below_its_minimum(tmp_path):
    nations = ["Wales"] * 9 + ["Northern Ireland"] * 4
    store = town_store(tmp_path, ladder(13), organisations=towns(13, nation=nations, region=nations))
    view = look(store, member(1), cohort="nation:Northern Ireland")
    assert view.notes[-1] == (
        "Northern Ireland: no median, because fewer than 7 of its organisations count in this round."
    )
    assert table_rows(view)[1]["Median of Northern Ireland"] == "Too few organisations."


def test_a_cohort_too_close_to_another(tmp_path):
    nations = ["Wales"] * 9 + ["Northern Ireland"]
    store = town_store(tmp_path, ladder(10), organisations=towns(10, nation=nations, region=nations))
    view = look(store, member(1), cohort="nation:Wales")
    assert any(one.startswith("Wales: This group differs from another") for one in view.notes)


def test_a_member_while_the_round_collects(tmp_path):
    view = look(town_store(tmp_path, ladder(9), closed=False), member(2))
    assert view.finding == (
        "Overall satisfaction is 2.60. There is no national median to compare it with: "
        "The round is still collecting; medians are made when it is closed."
    )
    assert "The round is still collecting; medians are made when it is closed." in view.notes
    assert not view.is_provisional


def test_the_operator_while_the_round_collects(tmp_path):
    view = look(town_store(tmp_path, ladder(9), closed=False), OPERATOR, organisation=code_of(2))
    assert view.is_provisional
    assert view.notes[0].startswith("Provisional:")
    assert view.overall.median.is_released


def test_a_member_who_is_compared(tmp_path):
    answers = ladder(9)
    answers[4] = {"A1": rated(4.6, 60), "A2": rated(1.4, 60), "OVR": rated(4.6, 60)}
    view = look(town_store(tmp_path, answers), member(4))
    assert view.finding == (
        "Overall satisfaction is 1.7 higher than the national median of the 9 organisations that took "
        "part (2.9); a difference this size is unlikely to be chance. Of 2 aspects 1 are higher than "
        "the national median, 0 similar and 1 lower."
    )
    words = {score.id: sentence.in_words(score) for score in view.scores}
    assert words == {"A1": "higher", "A2": "lower"}
    assert re.search(r"1\.7 higher than the national median of 2\.9", sentence.of_score(view.scores[0]))
    assert "Its place is 1 of 9, counted from the highest." in sentence.of_score(view.scores[0])
    assert table_rows(view)[1]["Place"] == "1 of 9"


def test_one_aspect_alone_is_singular(tmp_path):
    answers = [{"A1": rated(2.4 + place / 10, 40), "OVR": rated(3.0, 40)} for place in range(9)]
    single = small_survey("1.0", aspects=SURVEY.aspects[:1])
    store = make_store(
        tmp_path, {LABEL: by_code(answers)}, survey=single, organisations=towns(9), closed=(LABEL,)
    )
    view = look(store, member(0))
    assert "Of 1 aspect compared, " in view.finding
    assert view.alt.startswith("Satisfaction with 1 aspect against")


def test_a_difference_that_shows_as_nothing_is_slight(tmp_path):
    """Everybody invited answered, so that a difference of 0.02 is real."""
    answers = [everything(one, 50) for one in (2.5, 3.0, 3.2, 4.0, 4.02, 4.4, 4.6)]
    store = town_store(tmp_path, {}, organisations=towns(7), closed=False)
    write_responses(store, [delivery(code_of(at), one, invited=50) for at, one in enumerate(answers)])
    close_round(store, LABEL)
    views = {place: look_at(store, member(place)) for place in (3, 4)}
    higher, similar = views[4], views[3]
    store.close()
    assert higher.overall.comparison.value == "higher"
    assert sentence.is_slight(higher.overall)
    assert higher.finding.startswith("Overall satisfaction is slightly higher than the national median of")
    assert note(higher.scores[0]) == "slightly higher"
    assert "Slightly higher than the national median of 4.0" in sentence.of_score(higher.scores[0])
    assert table_rows(higher)[0]["In words"] == "slightly higher"
    assert not sentence.is_slight(similar.overall)
    assert note(similar.scores[0]) == "0.0 similar"


def test_a_slightly_lower_score(tmp_path):
    answers = [everything(one, 50) for one in (2.5, 3.0, 3.18, 3.2, 4.0, 4.4, 4.6)]
    store = town_store(tmp_path, {}, organisations=towns(7), closed=False)
    write_responses(store, [delivery(code_of(at), one, invited=50) for at, one in enumerate(answers)])
    close_round(store, LABEL)
    view = look(store, member(2))
    assert view.finding.startswith("Overall satisfaction is slightly lower than the national median of")
    assert "Slightly lower than the national median of 3.2" in sentence.of_score(view.scores[1])


def test_a_survey_without_an_overall_question(tmp_path):
    plain = small_survey("1.0", overall=())
    answers = [{key: one[key] for key in ("A1", "A2")} for one in ladder(9)]
    for number, (viewer, size, closed, says) in enumerate(
        (
            (PUBLIC, 9, True, "2 aspects have a national median."),
            (PUBLIC, 3, True, "There are no figures to show. Too few organisations."),
            (
                member(0),
                3,
                True,
                "2 aspects have scores of their own; there is no national median to compare them with.",
            ),
            (
                FACILITATOR,
                9,
                False,
                "There are no figures to show. The round is still collecting; medians are made when it is "
                "closed.",
            ),
        )
    ):
        store = make_store(
            tmp_path,
            {LABEL: by_code(answers[:size])},
            survey=plain,
            organisations=towns(9),
            closed=(LABEL,) if closed else (),
            name=f"{number}.duckdb",
        )
        assert look(store, viewer).finding == says


def test_small_samples_and_missing_answers_are_marked(tmp_path):
    answers = ladder(9)
    answers[0]["A1"] = [3, 2] * 6 + [None] * 8
    view = look(town_store(tmp_path, answers), member(0))
    one = next(score for score in view.scores if score.id == "A1")
    assert "Small sample: fewer than 30 answers." in sentence.of_score(one)
    assert "40% of those asked gave no answer: read it with care." in sentence.of_score(one)


def test_one_organisation_in_a_bin_is_one_organisation(tmp_path):
    view = look(town_store(tmp_path, [*ladder(10), everything(2.4, 20)]), FACILITATOR)
    found = [row["sentence"] for row in spread_rows(view.overall)]
    assert found[:2] == ["2 organisations at 2.4", "1 organisation at 2.5"]


def test_every_text_comes_from_the_catalogue(tmp_path):
    """In the made-up language no plain English is left, the instrument's own words included."""
    store = town_store(tmp_path, ladder(9))
    with speaking(PSEUDO):
        view = scores_view(store, member(2), Selection(cohort="nation:England"))
        found = texts(view)
    store.close()
    for text in found:
        outside = re.sub(r"⟦.*⟧", "", text)
        assert not re.search(r"[A-Za-z]{2}", outside), text


def test_by_score_and_by_difference_what_is_withheld_stands_last(tmp_path):
    answers = ladder(9)
    answers[2]["A1"] = [5] * 9 + [None] * 11
    for one in answers:
        one["A2"] = rated(2.0, 20)
    store = town_store(tmp_path, answers)
    own, other = look_at(store, member(2)), look_at(store, FACILITATOR)
    store.close()
    assert own.scores[0].median.value > own.scores[1].mean.value
    for sort in ("score", "difference"):
        assert [score.id for score in arranged(own, sort, None).scores] == ["A2", "A1"]
    assert [score.id for score in arranged(other, "score", None).scores] == ["A1", "A2"]
    assert arranged(own, "nonsense", "nonsense").chosen is None
