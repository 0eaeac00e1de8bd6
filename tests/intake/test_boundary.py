"""A boundary file: what is understood, what is refused and how, and what the map gets of it."""

import json
from copy import deepcopy

import pytest

from improve import commands
from improve.intake import BoundaryRequest, boundary, plan_boundaries, take_in_boundaries
from improve.model import Role, Selection, Viewer
from improve.store import open_round, read_boundaries, read_organisations
from improve.views.map import map_view
from improve.views.map_shown import area_kinds, boundary_features
from tests.factory import CARDIFF, SWANSEA, make_store
from tests.respondents import command

SQUARE = [[-3.2, 51.4], [-3.1, 51.4], [-3.1, 51.5], [-3.2, 51.5], [-3.2, 51.4]]
SPECK = [[-3.0, 51.0], [-3.00001, 51.0], [-3.0, 51.00001], [-3.0, 51.0]]


def feature(code, coordinates=None, kind="Polygon", **properties):
    return {
        "type": "Feature",
        "properties": {"FID": 1, "LAD25CD": code, "LAD25NM": "x", **properties},
        "geometry": {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates},
    }


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


GOOD = collection(feature(CARDIFF), feature(SWANSEA, [[SQUARE], [SPECK]], "MultiPolygon"))


def content(found):
    return json.dumps(found).encode()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = make_store(tmp_path_factory.mktemp("boundary"))
    yield made
    made.close()


def run(store, found, **arguments):
    raw = found if isinstance(found, bytes) else content(found)
    return commands.run(store, "import boundaries", {"file_name": "a.geojson", **arguments}, {"file": raw})


def test_what_is_understood(store):
    outcome = run(store, collection(*GOOD["features"], feature("E99999999")), dry_run=True)
    assert outcome.status == 0
    assert outcome.result["property"] == "LAD25CD"
    assert (outcome.result["features"], outcome.result["councils"]) == (3, 2)
    # What has shrunk to nothing at ten metres is no polygon.
    assert outcome.result["points"] == 10
    assert outcome.result["remarks"] == [
        "1 area is of no council in the register, and is left out: E99999999."
    ]
    assert read_boundaries(store) is None


def test_the_map_draws_them(tmp_path):
    store = make_store(tmp_path)
    open_round(store, "2026")
    assert boundary_features(store) is None
    assert run(store, GOOD).result["stored"]
    drawn = json.loads(boundary_features(store))
    assert [one["properties"] for one in drawn["features"]] == [{"i": 0}, {"i": 1}]
    assert drawn["features"][1]["geometry"] == {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
    view = map_view(store, Viewer(Role.OPERATOR), Selection())
    assert view.boundaries.file_name == "a.geojson"
    assert area_kinds(view, "part") == ("none", "none")
    # Another file takes the place of the first.
    run(store, collection(feature(SWANSEA)))
    assert list(read_boundaries(store).outlines) == [SWANSEA]
    assert len(json.loads(boundary_features(store))["features"]) == 1
    store.close()


def test_the_command_line_says_what_it_did(tmp_path):
    store = make_store(tmp_path)
    store.close()
    file = tmp_path / "areas.geojson"
    file.write_bytes(content(GOOD))
    said = command(store.path, "import", "boundaries", file, "--dry-run").output
    assert "2 councils of 2 areas, by their codes in LAD25CD; 10 points." in said
    assert "Nothing was stored: this was a dry run." in said
    assert command(store.path, "import", "boundaries", file).output.endswith("Stored.\n")
    file.write_text("{}")
    refused = command(store.path, "import", "boundaries", file)
    assert refused.exit_code == 2
    assert "areas.geojson is not GeoJSON with areas" in refused.stderr


def test_a_former_code_is_the_councils(store):
    recoded = next(one for one in read_organisations(store) if one.former_codes)
    file = content(collection(feature(recoded.former_codes[0])))
    assert list(plan_boundaries(store, BoundaryRequest(file, "a.json")).outlines) == [recoded.code]


def changed(change):
    found = deepcopy(GOOD)
    change(found["features"][0])
    return found


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (b"\xff\xfe", "is not GeoJSON: it cannot be read as JSON"),
        (b"[" * 100_000, "is not GeoJSON: it cannot be read as JSON"),
        (b'{"type":"FeatureCollection","features":[NaN]}', "is not GeoJSON: it cannot be read as JSON"),
        ({"type": "Topology"}, "must be a FeatureCollection with features"),
        (collection(), "must be a FeatureCollection with features"),
        (collection(*[{}] * 2001), "has 2,001 features; 2,000 are the most"),
        (collection(GOOD["features"][0], {"type": "Feature"}), "feature 2: it must have properties"),
        (collection(feature(CARDIFF, [0, 0], "Point")), "feature 1: it must have properties"),
        (collection(feature("Cardiff")), "no property holds the codes of councils"),
        (collection(feature(CARDIFF), feature(CARDIFF)), "Features 1 and 2 are both of W06000015"),
        (changed(lambda one: one["geometry"].update(coordinates="x")), "no lists of points"),
        (changed(lambda one: one["geometry"].update(coordinates=[[1, 2]])), "no lists of points"),
        (changed(lambda one: one["geometry"].update(coordinates=[[["a", 51.0]]])), "no number"),
        (changed(lambda one: one["geometry"].update(coordinates=[[[True, 51.0]]])), "no number"),
        (changed(lambda one: one["geometry"].update(coordinates=[SQUARE[:4]])), "does not end where it"),
        (changed(lambda one: one["geometry"].update(coordinates=[SPECK])), "no ring of four points"),
        (
            changed(lambda one: one["geometry"].update(coordinates=[[[1.0, 41.0]]])),
            "outside the United Kingdom",
        ),
        (
            changed(lambda one: one["geometry"].update(coordinates=[[[318000.0, 176000.0]]])),
            "metres of the national grid; take the file in degrees (WGS 84)",
        ),
        (content(GOOD).replace(b"-3.2,", b"1e999,"), "metres of the national grid"),
    ],
)
def test_what_is_refused(store, found, message):
    outcome = run(store, found)
    assert outcome.status == 2
    assert message in outcome.message
    assert "a.geojson" in outcome.message or "eature" in outcome.message
    assert read_boundaries(store) is None


def test_sizes_are_bounded(store, monkeypatch):
    monkeypatch.setattr(boundary, "MOST_POINTS", 9)
    assert "its outlines have 10 points, and the map draws 9 at most" in run(store, GOOD).message
    monkeypatch.setattr(boundary, "LARGEST", 10)
    assert "a boundary file may have 0 MB" in run(store, GOOD).message


def test_a_plan_with_refusals_is_not_taken_in(store):
    plan = plan_boundaries(store, BoundaryRequest(content(collection(feature("x"))), "a.json"))
    with pytest.raises(ValueError, match="refusals"):
        take_in_boundaries(store, plan)


def test_invented_councils_have_no_real_areas(demonstration_store):
    outcome = run(demonstration_store, GOOD, dry_run=True)
    assert "boundaries go with a store of real ones" in outcome.message
