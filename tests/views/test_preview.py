"""What a file would bring: the same scores that the page shows once it is taken in, and no more."""

from improve.disclosure import Reason
from improve.model import Role, Selection, Viewer
from improve.views.preview import preview_as_json, preview_view
from improve.views.scores import scores_view
from tests.factory import make_batch
from tests.views.town import SURVEY, code_of, rated, town_store

ANSWERS = {
    "A1": [*rated(3.4, 15), None, None],
    "A2": [5] * 9 + [None] * 8,
    ("A1", "importance"): [4] * 17,
    "OVR": [*rated(2.6, 10), *[None] * 7],
    "HOURS": [4.0] * 17,
}


def test_the_preview_is_what_the_page_will_show(tmp_path):
    found = {(one.item, one.measure): one for one in preview_view(SURVEY, make_batch(SURVEY, ANSWERS))}
    store = town_store(tmp_path, [ANSWERS])
    view = scores_view(store, Viewer(Role.OPERATOR), Selection(organisation=code_of(0)))
    store.close()
    by_id = {score.id: score for score in view.scores}
    for item in ("A1", "A2"):
        assert found[item, "satisfaction"].mean == by_id[item].mean
        assert found[item, "satisfaction"].n == by_id[item].n
    assert found["OVR", "answer"].mean == view.overall.mean
    assert found["A1", "importance"].mean.value == 4.0


def test_the_minimum_holds_for_the_file_in_ones_hand_too():
    found = {(one.item, one.measure): one for one in preview_view(SURVEY, make_batch(SURVEY, ANSWERS))}
    few = found["A2", "satisfaction"]
    assert few.n.withheld is few.mean.withheld is Reason.FEW_ANSWERS


def test_only_rated_items_with_a_column_in_the_order_of_the_survey():
    found = [(one.item, one.measure) for one in preview_view(SURVEY, make_batch(SURVEY, ANSWERS))]
    assert found == [
        ("A1", "importance"),
        ("A1", "satisfaction"),
        ("A2", "satisfaction"),
        ("OVR", "answer"),
    ]


def test_the_preview_written_out():
    written = preview_as_json(preview_view(SURVEY, make_batch(SURVEY, ANSWERS)))
    assert written[0] == {"item": "A1", "measure": "importance", "n": 17, "mean": 4.0, "withheld": None}
    assert written[2] == {
        "item": "A2",
        "measure": "satisfaction",
        "n": None,
        "mean": None,
        "withheld": "few_answers",
    }
