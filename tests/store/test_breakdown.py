"""Groups of one organisation: against loops over its raw rows, and what adds up to the whole."""

import shutil

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from improve.demo import ROUNDS
from improve.instruments import Measure
from improve.store import (
    ANSWER,
    SumKind,
    breakdown,
    joint_counts,
    open_store,
    read_instruments,
    round_counts,
    round_sums,
    write_responses,
)
from tests.factory import make_delivery, make_organisation, make_store, small_survey
from tests.store.skill import ITEMS, files, gap_of, index_of, people, read, skilled_survey, summed

SURVEY = skilled_survey()
NUMBERS = ("DAYS", "HOURS")


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("blank")
    make_store(folder, organisations=(make_organisation("X1"), make_organisation("X2"))).close()
    return folder / "store.duckdb"


@pytest.fixture
def store(blank, tmp_path):
    store = open_store(shutil.copy2(blank, tmp_path / "store.duckdb"))
    yield store
    store.close()


def write(store, answers, *, code="X1", replace=False, survey=SURVEY):
    write_responses(store, [make_delivery(survey, "2026", code, answers)], replace=replace)


def group_of(answers, question, codes):
    """The row of a person's group; the last is for whoever named none."""
    named = answers[question, ANSWER]
    return codes.index(named[0]) if named else len(codes)


def check_against_loops(store, question, asked):
    """Compares a breakdown of X1, figure by figure, with loops over the raw rows."""
    found = breakdown(store, "2026", "X1", "small", question)
    if (question, ANSWER) not in asked:
        assert found is None
        return
    everybody = people(store, "2026", "X1")
    codes = sorted({code for _import, answers in everybody for code in answers[question, ANSWER]})
    assert found.question == question
    assert found.codes == tuple(codes)
    labels = {
        row["code"]: row["label"] for row in read(store, "select * from own_option") if question == "AREA"
    }
    assert found.labels == tuple(labels.get(code, "") for code in codes)
    assert found.keys == tuple(sorted(asked))
    counts, added = np.zeros_like(found.counts), np.zeros_like(found.added)
    added_responses = np.zeros_like(found.added_responses)
    index_added = np.zeros_like(found.index_added)
    imports = [
        row["id"]
        for row in read(store, "select * from import order by id")
        if row["organisation"] == "X1" and row["replaced_at"] is None
    ]
    assert len(imports) == len(added) == len(added_responses)
    for import_id, answers in everybody:
        group = group_of(answers, question, codes)
        added_responses[imports.index(import_id), group] += 1
        index_added[imports.index(import_id), group] += len(index_of(answers))
        for column, key in enumerate(found.keys):
            added[imports.index(import_id), group, column] += bool(answers[key])
            for code in answers[key]:
                if key[0] not in NUMBERS:
                    counts[group, column, code] += 1
    assert np.array_equal(found.counts, counts)
    assert np.array_equal(found.added, added)
    assert np.array_equal(found.added_responses, added_responses)
    assert np.array_equal(found.index_added, index_added)
    assert found.responses.tolist() == added_responses.sum(axis=0).tolist()
    paired = [
        aspect for aspect in ("A1", "A2") if any(gap_of(answers, aspect) for _import, answers in everybody)
    ]
    assert found.gap_items == tuple(paired)
    assert found.number_items == tuple(item for item in NUMBERS if (item, ANSWER) in asked)
    for group in range(len(codes) + 1):
        inside = [answers for _import, answers in everybody if group_of(answers, question, codes) == group]
        gaps = [summed([gap for one in inside for gap in gap_of(one, aspect)]) for aspect in paired]
        numbers = [
            summed([given for one in inside for given in one[item, ANSWER]]) for item in found.number_items
        ]
        index = summed([mean for one in inside for mean in index_of(one)])
        for place, rows in enumerate((found.gap_n, found.gap_total, found.gap_squares)):
            assert rows[group].tolist() == [gap[place] for gap in gaps]
        for place, rows in enumerate((found.number_n, found.number_total, found.number_squares)):
            assert rows[group].tolist() == [number[place] for number in numbers]
        assert (
            found.index_n[group],
            found.index_total[group],
            found.index_squares[group],
        ) == pytest.approx(index, rel=1e-12)


def joint_of(store, aspect):
    wanted = np.zeros((6, 6), int)
    for _import, answers in people(store, "2026", "X1"):
        if gap_of(answers, aspect):
            wanted[answers[aspect, "importance"][0], answers[aspect, "satisfaction"][0]] += 1
    return wanted


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=files(), other=files(most=1))
def test_a_breakdown_is_what_loops_over_the_raw_rows_give(blank, tmp_path, batches, other):
    store = open_store(shutil.copy2(blank, tmp_path / "copy.duckdb"))
    try:
        write(store, other[0])  # gone again with the first file
        write(store, other[0], code="X2")
        for place, answers in enumerate(batches):
            write(store, answers, replace=not place)
        asked = {key for answers in batches for key in answers}
        for question in ("AREA", "JOB", "MOOD"):
            check_against_loops(store, question, asked)
        for aspect in ("A1", "A2", "A3"):
            assert joint_counts(store, "2026", "X1", "small", aspect).tolist() == (
                joint_of(store, aspect).tolist()
            )
    finally:
        store.close()


def test_worked_out_by_hand(store):
    write(
        store,
        {
            "AREA": ["Roads", "Care", "Roads", None],
            ("A1", "importance"): [5, 4, 2, 1],
            ("A1", "satisfaction"): [1, None, 2, 5],
            "HOURS": [7.5, 1.0, 0.5, None],
            "WAYS": [(0, 5), (5,), (0,), None],
            "S1": [4, 5, 2, 0],
            "S2": [3, None, 2, None],
        },
    )
    write(store, {"AREA": ["Care", None], ("A1", "satisfaction"): [3, 3]})
    found = breakdown(store, "2026", "X1", "small", "AREA")
    assert (found.codes, found.labels, found.responses.tolist()) == ((1, 2), ("Roads", "Care"), [2, 2, 2])
    assert found.added_responses.tolist() == [[2, 1, 1], [0, 1, 1]]
    key = found.keys.index(("A1", "satisfaction"))
    assert found.counts[:, key].tolist() == [[0, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 1, 0, 1]]
    assert found.added[:, :, key].tolist() == [[2, 0, 1], [0, 1, 1]]
    ways = found.keys.index(("WAYS", ANSWER))
    assert found.counts[0, ways].tolist() == [2, 0, 0, 0, 0, 1]
    assert found.added[:, :, ways].tolist() == [[2, 1, 0], [0, 0, 0]]  # people, not options
    assert (found.gap_items, found.gap_n.tolist()) == (("A1",), [[2], [0], [1]])
    assert (found.gap_total.tolist(), found.gap_squares.tolist()) == ([[4], [0], [-4]], [[16], [0], [16]])
    assert (found.number_items, found.number_total.tolist()) == (("HOURS",), [[8.0], [1.0], [0.0]])
    assert found.number_squares.tolist() == [[56.5], [1.0], [0.0]]
    assert found.counts[:, found.keys.index(("HOURS", ANSWER))].sum() == 0
    assert (found.index_n.tolist(), found.index_total.tolist()) == ([2, 0, 1], [5.5, 0.0, 0.0])
    assert joint_counts(store, "2026", "X1", "small", "A1")[[5, 2, 1], [1, 2, 5]].tolist() == [1, 1, 1]
    assert joint_counts(store, "2026", "X1", "small", "A1").sum() == 3


def test_not_asked_or_no_single_question(store):
    write(store, {key: [None] for key in ITEMS} | {"WAYS": [(0,)]})
    assert breakdown(store, "2026", "X1", "small", "AREA").responses.tolist() == [1]
    for question in ("HOURS", "WAYS", "OVR", "A1", "COM", "NONE"):
        assert breakdown(store, "2026", "X1", "small", question) is None
    assert breakdown(store, "2026", "X2", "small", "AREA") is None
    assert breakdown(store, "2025", "X1", "small", "AREA") is None
    assert joint_counts(store, "2026", "X2", "small", "A1").tolist() == [[0]]
    assert joint_counts(store, "2026", "X1", "small", "NONE").sum() == 0


def test_people_who_answered_nothing_named_no_group(store):
    write(store, {"AREA": ["Roads", None, None], "COM": [None, None, "a word"]})
    assert breakdown(store, "2026", "X1", "small", "AREA").responses.tolist() == [1, 2]
    write(store, {}, replace=True)
    assert breakdown(store, "2026", "X1", "small", "AREA") is None


def test_a_survey_of_one_measure_has_no_gaps(store):
    one = small_survey(
        measures=(Measure(id="satisfaction", name="Satisfaction", question="How good?"),), id="one"
    )
    write(store, {"AREA": ["Roads"], "A1": [4]}, survey=one)
    found = breakdown(store, "2026", "X1", "one", "AREA")
    assert (found.gap_items, found.gap_n.shape) == ((), (2, 0))
    assert joint_counts(store, "2026", "X1", "one", "A1").tolist() == [[0]]


def test_it_is_kept_until_the_round_is_written_again(store):
    write(store, {"AREA": ["Roads"], "A1": [1], ("A1", "importance"): [2]})
    before = breakdown(store, "2026", "X1", "small", "AREA")
    assert breakdown(store, "2026", "X1", "small", "AREA") is before
    with pytest.raises(ValueError, match="read-only"):
        before.counts[0, 0, 0] = 9
    write(store, {"AREA": ["Care"], "A1": [1], ("A1", "importance"): [2]})
    assert breakdown(store, "2026", "X1", "small", "AREA").labels == ("Roads", "Care")
    assert joint_counts(store, "2026", "X1", "small", "A1")[2, 1] == 2
    for number in range(30):
        breakdown(store, f"{number}", "X1", "small", "AREA")
    assert len(store.kept["breakdowns"]) < 30
    assert len(store.kept["answers"]) < 30


@pytest.mark.parametrize("question", ["PRF1", "PRF2", "PRF3"])
def test_groups_of_the_demonstration_add_up_to_the_whole(demonstration_store, question):
    """A second way to the same: derived counts and sums, which the answers were never asked for here."""
    label, instrument = ROUNDS[-1], "satisfaction"
    counts = round_counts(demonstration_store, label, instrument)
    survey = read_instruments(demonstration_store)[instrument, "1.0"]
    gaps = round_sums(demonstration_store, label, instrument, SumKind.GAP)
    numbers = round_sums(demonstration_store, label, instrument, SumKind.NUMBER)
    seen = 0
    for row, code in enumerate(counts.organisations[:12]):
        found = breakdown(demonstration_store, label, code, instrument, question)
        if found is None:
            continue
        seen += 1
        assert len(found.codes) > 1
        assert found.responses.sum() == counts.responses[row]
        columns = [counts.keys.index(key) for key in found.keys]
        assert found.added.sum(axis=(0, 1)).tolist() == counts.n[row, columns].tolist()
        depth = found.counts.shape[2]
        for place, (item, _measure) in enumerate(found.keys):
            if item not in numbers.items:
                assert found.counts[:, place].sum(axis=0).tolist() == (
                    counts.counts[row, columns[place], :depth].tolist()
                )
        for one, own, items in (
            (gaps, (found.gap_n, found.gap_total, found.gap_squares), found.gap_items),
            (numbers, (found.number_n, found.number_total, found.number_squares), found.number_items),
        ):
            at = [one.items.index(item) for item in items]
            for whole, parts in zip((one.n, one.total, one.squares), own, strict=True):
                assert parts.sum(axis=0) == pytest.approx(whole[row, at], rel=1e-12)
        for aspect in survey.aspects[:3]:
            if aspect.id in found.gap_items:
                joint = joint_counts(demonstration_store, label, code, instrument, aspect.id)
                size = np.arange(len(joint))
                assert joint.shape == (8, 8)
                assert (joint * (size[:, None] - size)).sum() == gaps.total[row, gaps.items.index(aspect.id)]
    assert seen >= 10
