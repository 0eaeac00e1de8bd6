"""What is written: derived rows against a slow recount, versions, own options, and what is kept."""

import shutil
import threading
from collections import Counter
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improve.errors import InstrumentError, StoreError
from improve.instruments import Aspect, read_library
from improve.store import (
    ANSWER,
    Delivery,
    StoreKind,
    check_store,
    open_store,
    read_imports,
    read_instruments,
    read_participants,
    read_participations,
    read_rounds,
    read_surveys,
    refuse_changed_instrument,
    round_counts,
    write_organisations,
    write_responses,
)
from tests.bench.store import batch_of
from tests.factory import make_batch, make_delivery, make_organisation, make_store, small_survey

TOWNS = tuple(make_organisation(code) for code in ("X1", "X2", "X3"))


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path, organisations=TOWNS)
    yield store
    store.close()


# ── Against a slow and obvious recount ─────────────────────────────────────────────────────────

VERSIONS = (
    small_survey(),
    small_survey("2.0", aspects=(Aspect(id="A1", category="SYS", short="Uptime", text="Systems work well"),)),
)
RATING = st.sampled_from([None, 1, 2, 5])
ITEMS = {
    ("A1", "satisfaction"): RATING,
    ("A1", "importance"): RATING,
    ("A2", "satisfaction"): RATING,
    ("A2", "importance"): RATING,
    ("OVR", ANSWER): RATING,
    ("WAYS", ANSWER): st.sampled_from([None, (0,), (0, 5), (1, 0, 5)]),
    ("HOURS", ANSWER): st.sampled_from([None, 0.0, 7.5, 8.0]),
    ("AREA", ANSWER): st.sampled_from([None, "Schools", "Roads", " roads", "Care"]),
    ("COM", ANSWER): st.sampled_from([None, "well done"]),
}


@st.composite
def file(draw):
    people = draw(st.integers(0, 5))
    asked = draw(st.sets(st.sampled_from(sorted(ITEMS)), max_size=5))
    return {key: draw(st.lists(ITEMS[key], min_size=people, max_size=people)) for key in sorted(asked)}


@st.composite
def step(draw):
    """One call of write_responses: whether it replaces, and its deliveries."""
    one = st.tuples(
        st.sampled_from(["X1", "X2"]),
        st.sampled_from(["2025", "2026"]),
        st.sampled_from([0, 0, 0, 1]),
        file(),
    )
    return draw(st.booleans()), draw(st.lists(one, min_size=1, max_size=3))


class Recount:
    """The store's promises, kept with dicts and loops."""

    def __init__(self):
        self.standing = {}
        self.own_codes = {}

    def taken(self, replace, deliveries):
        """Notes a write and returns True; or returns False where versions would meet."""
        after = {part: list(files) for part, files in self.standing.items()}
        if replace:
            for organisation, label, _version, _file in deliveries:
                after[label, organisation] = []
        for organisation, label, version, answers in deliveries:
            after.setdefault((label, organisation), []).append((version, answers))
        if any(len({version for version, _answers in files}) > 1 for files in after.values()):
            return False
        self.standing = after
        for organisation, _label, _version, answers in deliveries:
            known = self.own_codes.setdefault(organisation, {})
            for label in answers.get(("AREA", ANSWER), ()):
                if label is not None:
                    known.setdefault(label.strip().casefold(), len(known) + 1)
        return True

    def codes(self, organisation, key, answer):
        if answer is None or key == ("COM", ANSWER):
            return ()
        if key == ("AREA", ANSWER):
            return (self.own_codes[organisation][answer.strip().casefold()],)
        return answer if isinstance(answer, tuple) else (answer,)

    def item_counts(self):
        rows = {}
        for (label, organisation), files in self.standing.items():
            for key in {key for _version, answers in files for key in answers}:
                given = [answer for _version, answers in files for answer in answers.get(key, ())]
                several = [self.codes(organisation, key, answer) for answer in given]
                counted = Counter(float(code) for codes in several for code in codes)
                version = VERSIONS[files[0][0]].version
                rows[label, organisation, version, *key] = (
                    len(given),
                    sum(bool(codes) for codes in several),
                    sorted(counted),
                    [counted[code] for code in sorted(counted)],
                )
        return rows

    def item_gaps(self):
        rows = {}
        for (label, organisation), files in self.standing.items():
            for aspect in ("A1", "A2"):
                gaps = [
                    importance - satisfaction
                    for _version, answers in files
                    for importance, satisfaction in zip(
                        answers.get((aspect, "importance"), ()),
                        answers.get((aspect, "satisfaction"), ()),
                        strict=False,
                    )
                    if importance is not None and satisfaction is not None
                ]
                if gaps:
                    rows[label, organisation, VERSIONS[files[0][0]].version, aspect] = (
                        len(gaps),
                        sum(gaps),
                        sum(gap * gap for gap in gaps),
                    )
        return rows

    def participations(self):
        return {
            (label, organisation): (
                VERSIONS[files[0][0]].version,
                sum(max(map(len, answers.values()), default=0) for _version, answers in files),
            )
            for (label, organisation), files in self.standing.items()
        }


def derived(store):
    """Derived rows as dicts: item counts, gaps, participations."""
    with store._cursor() as cursor:
        counts = cursor.execute(
            "select round, organisation, version, item, measure, asked, n, codes, counts from item_count"
        ).fetchall()
        gaps = cursor.execute(
            "select round, organisation, version, item, n, total, squares from item_gap"
        ).fetchall()
        parts = cursor.execute("select round, organisation, version, responses from participation").fetchall()
    found = (
        {row[:5]: row[5:] for row in counts},
        {row[:4]: row[4:] for row in gaps},
        {row[:2]: row[2:] for row in parts},
    )
    assert [len(rows) for rows in found] == [len(counts), len(gaps), len(parts)], "a row stands twice"
    return found


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("blank")
    make_store(folder, organisations=TOWNS).close()
    return folder / "store.duckdb"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step(), min_size=1, max_size=5))
def test_derived_rows_are_what_a_recount_of_the_files_gives(blank, tmp_path, steps):
    path = tmp_path / "copy.duckdb"
    shutil.copy2(blank, path)
    store = open_store(path)
    recount = Recount()
    try:
        for replace, deliveries in steps:
            batch = [
                make_delivery(VERSIONS[version], label, organisation, answers)
                for organisation, label, version, answers in deliveries
            ]
            if recount.taken(replace, deliveries):
                write_responses(store, batch, replace=replace)
            else:
                with pytest.raises(StoreError, match="several versions of small"):
                    write_responses(store, batch, replace=replace)
            assert derived(store) == (recount.item_counts(), recount.item_gaps(), recount.participations())
        assert check_store(store) == []
        for label in ("2025", "2026"):
            counts = round_counts(store, label, "small")
            wanted = {
                key[1:2] + key[3:]: row for key, row in recount.item_counts().items() if key[0] == label
            }
            assert set(counts.keys) == {key[1:] for key in wanted}
            for (organisation, item, measure), (asked, n, codes, counted) in wanted.items():
                place = counts.place[organisation], counts.keys.index((item, measure))
                assert (counts.asked[place], counts.n[place]) == (asked, n)
                whole = {int(code): k for code, k in zip(codes, counted, strict=True) if code == int(code)}
                assert {code: k for code, k in enumerate(counts.counts[place].tolist()) if k} == whole
            parts = {key[1]: row for key, row in recount.participations().items() if key[0] == label}
            assert dict(zip(counts.organisations, counts.responses.tolist(), strict=True)) == {
                organisation: responses for organisation, (_version, responses) in parts.items()
            }
            assert int(counts.counts.sum()) == sum(
                k
                for _asked, _n, codes, counted in wanted.values()
                for code, k in zip(codes, counted, strict=True)
                if code == int(code)
            )
    finally:
        store.close()


# ── Replacing, adding ──────────────────────────────────────────────────────────────────────────


def test_replacing_leaves_other_rounds_organisations_and_instruments(store):
    survey, other = small_survey(), small_survey(id="other")
    for instrument, label, organisation in (
        (survey, "2025", "X1"),
        (survey, "2026", "X1"),
        (survey, "2026", "X2"),
        (other, "2026", "X1"),
    ):
        write_responses(store, [make_delivery(instrument, label, organisation, {"A1": [1, 2, 3]})])
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [5]})], replace=True)
    assert {
        (one.round, one.organisation, one.instrument): one.rows_accepted for one in read_imports(store)
    } == {
        ("2025", "X1", "small"): 3,
        ("2026", "X2", "small"): 3,
        ("2026", "X1", "other"): 3,
        ("2026", "X1", "small"): 1,
    }
    assert [one.responses for one in read_participations(store, "2026", "small")] == [1, 3]
    assert read_surveys(store, "2026") == ("small", "other")
    assert read_participants(store) == ("X1", "X2")
    assert check_store(store) == []


def test_many_deliveries_that_replace_do_not_replace_each_other(store):
    """More than are written at once, of one organisation: they are one write."""
    survey = small_survey()
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1] * 9})])
    many = [make_delivery(survey, "2026", "X1", {"A1": [5]}) for _ in range(60)]
    write_responses(store, iter(many), replace=True)
    assert [one.responses for one in read_participations(store, "2026", "small")] == [60]
    assert check_store(store) == []


def test_ids_go_on_after_a_replacement(store):
    survey = small_survey()
    for _ in range(3):
        write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [5, 4]})], replace=True)
    (standing,) = read_imports(store)
    assert standing.id == 3
    with store._cursor() as cursor:
        assert cursor.execute("select count(*), count(replaced_at) from import").fetchall() == [(3, 2)]
        assert cursor.execute("select distinct import_id from answer").fetchall() == [(3,)]


def test_a_write_that_fails_on_its_way_leaves_nothing(store):
    survey = small_survey()
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1, 2, 3]})])
    before, revision = derived(store), store.revision("survey/2026")

    def breaking_off():
        for place in range(30):
            yield make_delivery(survey, "2026", "X2", {"A1": [place % 5 + 1]})
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="went away"):
        write_responses(store, breaking_off(), replace=True)
    assert derived(store) == before
    assert store.revision("survey/2026") == revision
    assert check_store(store) == []


def test_a_large_file_needs_little_memory(tmp_path):
    """Joins that keep the answers of an import, and not what they are joined with, need four times this."""
    survey = read_library().get("satisfaction")
    store = open_store(tmp_path / "small.duckdb", make=StoreKind.REAL, memory="100MB")
    write_organisations(store, TOWNS)
    write_responses(store, [Delivery("2026", "X1", survey, batch_of(survey, 20_000, 1))])
    assert round_counts(store, "2026", survey.id).n.min() == 20_000
    store.close()


def test_the_first_delivery_of_a_round_makes_it_once(store):
    survey = small_survey()
    one, two = (make_delivery(survey, label, "X1", {"A1": [1]}) for label in ("2026", "2025"))
    assert write_responses(store, [one, two, one]) == ("2026", "2025")
    assert write_responses(store, [one]) == ()
    assert [round_.label for round_ in read_rounds(store)] == ["2025", "2026"]


def test_what_is_known_of_a_participation_is_kept_unless_told_anew(store):
    survey = small_survey()
    first = make_delivery(
        survey, "2026", "X1", {"A1": [1]}, invited=50, opened_on=date(2026, 5, 1), closed_on=date(2026, 5, 9)
    )
    write_responses(store, [first])
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1]})])
    assert [one.invited for one in read_participations(store, "2026", "small")] == [50]
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1]}, invited=70)], replace=True)
    assert [one.invited for one in read_participations(store, "2026", "small")] == [70]
    facts = store.rows("participation_facts", {"round": "2026", "organisation": "X1", "instrument": "small"})
    assert facts == [(70, date(2026, 5, 1), date(2026, 5, 9))]


def test_progress_only_rises_and_ends_at_one(store):
    told = []
    write_responses(store, [make_delivery(small_survey(), "2026", "X1", {"A1": [1]})], progress=told.append)
    assert all(before <= after for before, after in pairwise(told))
    assert told[-1] == 1.0


# ── Instruments and their versions ─────────────────────────────────────────────────────────────


def test_versions_live_side_by_side_in_a_round(store):
    old, new = VERSIONS
    write_responses(
        store,
        [make_delivery(old, "2026", "X1", {"A1": [1, 2]}), make_delivery(new, "2026", "X2", {"A1": [5]})],
    )
    counts = round_counts(store, "2026", "small")
    assert counts.versions == ("1.0", "2.0")
    assert counts.n[:, 0].tolist() == [2, 1]
    assert set(read_instruments(store)) == {("small", "1.0"), ("small", "2.0")}
    write_responses(store, [make_delivery(new, "2026", "X1", {"A1": [5]})], replace=True)
    assert round_counts(store, "2026", "small").versions == ("2.0", "2.0")
    assert check_store(store) == []


def test_two_versions_of_one_organisation_do_not_meet(store):
    old, new = VERSIONS
    write_responses(store, [make_delivery(old, "2026", "X1", {"A1": [1, 2]})])
    with pytest.raises(StoreError) as caught:
        write_responses(store, [make_delivery(new, "2026", "X1", {"A1": [5]})])
    assert str(caught.value) == (
        "X1 would have answers to several versions of small in round 2026 (1.0, 2.0). "
        "Replace the answers stored there, or use their version."
    )
    assert set(read_instruments(store)) == {("small", "1.0")}


def test_a_changed_survey_under_its_old_version_is_refused_and_nothing_written(store):
    survey = small_survey()
    changed = small_survey(title={"en": "Another survey"})
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1, 2]})])
    before = derived(store)
    with pytest.raises(InstrumentError, match=r"small has changed, but still calls itself version 1\.0"):
        write_responses(store, [make_delivery(changed, "2026", "X2", {"A1": [1]})])
    with pytest.raises(InstrumentError, match="Give the changed file a new version number"):
        refuse_changed_instrument(store, changed)
    refuse_changed_instrument(store, survey)
    assert derived(store) == before


def test_a_changed_survey_is_refused_within_the_write_that_brings_both(store):
    both = [
        make_delivery(small_survey(), "2026", "X1", {"A1": [1]}),
        make_delivery(small_survey(title={"en": "Another survey"}), "2026", "X2", {"A1": [1]}),
    ]
    with pytest.raises(InstrumentError, match="has changed"):
        write_responses(store, both)
    assert read_rounds(store) == ()
    assert read_instruments(store) == {}


def test_stored_surveys_come_back_as_they_were(store):
    survey = small_survey()
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1]})])
    store.close()
    again = open_store(store.path)
    assert read_instruments(again) == {("small", "1.0"): survey}
    again.close()


# ── An organisation's own options ──────────────────────────────────────────────────────────────


def labels_by_count(store, label, organisation):
    """Own label -> how many chose it, as the counts and the list together say."""
    counts = round_counts(store, label, "small")
    at_code = counts.counts[counts.place[organisation], counts.keys.index(("AREA", ANSWER))]
    rows = store.rows("own_options", {"organisation": organisation, "instrument": "small"})
    assert len({code for _item, code, _label in rows}) == len(rows)
    return {text: int(at_code[code]) for _item, code, text in rows if code < len(at_code) and at_code[code]}


def test_own_options_keep_their_codes_over_files_rounds_and_replacements(store):
    survey = small_survey()

    def deliver(label, organisation, *areas, replace=False):
        one = make_delivery(survey, label, organisation, {"AREA": list(areas), "A1": [3] * len(areas)})
        write_responses(store, [one], replace=replace)

    deliver("2025", "X1", "Schools", "Roads", "Roads")
    deliver("2026", "X1", "Roads", "Care", "Care", None)  # another order, one new, one missing
    deliver("2026", "X2", "Care")  # codes of its own
    assert labels_by_count(store, "2025", "X1") == {"Schools": 1, "Roads": 2}
    assert labels_by_count(store, "2026", "X1") == {"Roads": 1, "Care": 2}
    assert labels_by_count(store, "2026", "X2") == {"Care": 1}
    deliver("2026", "X1", "Parks", "ROADS ", replace=True)
    assert labels_by_count(store, "2026", "X1") == {"Parks": 1, "Roads": 1}
    assert store.rows("own_options", {"organisation": "X1", "instrument": "small"}) == [
        ("AREA", 1, "Schools"),
        ("AREA", 2, "Roads"),
        ("AREA", 3, "Care"),
        ("AREA", 4, "Parks"),
    ]


def test_own_options_of_several_files_in_one_write(store):
    survey = small_survey()
    write_responses(
        store,
        [
            make_delivery(survey, label, "X1", {"AREA": areas})
            for label, areas in (("2025", ["a", "b"]), ("2026", ["b", "c", "b"]))
        ],
    )
    assert labels_by_count(store, "2025", "X1") == {"a": 1, "b": 1}
    assert labels_by_count(store, "2026", "X1") == {"b": 2, "c": 1}


def test_other_answers_keep_their_codes_beside_own_options(store):
    """Recoding touches one item's rows, also where number questions leave codes empty."""
    survey = small_survey()
    write_responses(store, [make_delivery(survey, "2026", "X1", {"AREA": ["a", "b"]})])
    answers = {"AREA": ["b", "b"], "A1": [1, 2], "HOURS": [7.5, None], "WAYS": [(0, 5), None]}
    write_responses(store, [make_delivery(survey, "2026", "X1", answers)], replace=True)
    rows = derived(store)[0]
    found = {key[3]: row[2:] for key, row in rows.items()}
    assert found == {
        "AREA": ([2.0], [2]),
        "A1": ([1.0, 2.0], [1, 1]),
        "HOURS": ([7.5], [1]),
        "WAYS": ([0.0, 5.0], [1, 1]),
    }


def test_more_own_options_than_there_are_codes(store):
    survey = small_survey()
    for start in (0, 200):
        areas = [f"Area {number}" for number in range(start, start + 100)]
        write_responses(store, [make_delivery(survey, "2026", "X1", {"AREA": areas})])
    too_many = [f"Area {number}" for number in range(500, 555)]
    with pytest.raises(StoreError, match="AREA has more than 254 different answers over all files of X1"):
        write_responses(store, [make_delivery(survey, "2026", "X1", {"AREA": too_many})])
    assert len(labels_by_count(store, "2026", "X1")) == 200


# ── What is kept in memory ─────────────────────────────────────────────────────────────────────


def test_counts_are_kept_until_their_round_is_written_again(store):
    survey = small_survey()
    for label in ("2025", "2026"):
        write_responses(store, [make_delivery(survey, label, "X1", {"A1": [1]})])
    old, new = (round_counts(store, label, "small") for label in ("2025", "2026"))
    assert round_counts(store, "2025", "small") is old
    write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1]})])
    assert round_counts(store, "2025", "small") is old
    assert round_counts(store, "2026", "small") is not new
    assert round_counts(store, "2026", "small").n.tolist() == [[2]]
    with pytest.raises(ValueError, match="read-only"):
        old.counts[0, 0, 0] = 99


def test_counts_of_nothing(store):
    empty = round_counts(store, "2026", "small")
    assert (empty.organisations, empty.keys, empty.counts.shape) == ((), (), (0, 0, 1))
    write_responses(store, [make_delivery(small_survey(), "2026", "X1", {"A1": [None, None]})])
    blank = round_counts(store, "2026", "small")
    assert (blank.n.tolist(), blank.asked.tolist(), int(blank.counts.sum())) == ([[0]], [[2]], 0)
    assert np.isnan(blank.invited).tolist() == [True]
    write_responses(store, [make_delivery(small_survey(), "2025", "X1", {})])
    nobody = round_counts(store, "2025", "small")
    assert (nobody.organisations, nobody.responses.tolist(), nobody.keys) == (("X1",), [0], ())


def test_few_rounds_are_kept_at_a_time(store):
    survey = small_survey()
    labels = [str(year) for year in range(1990, 2020)]
    write_responses(store, [make_delivery(survey, label, "X1", {"A1": [1]}) for label in labels])
    for label in labels:
        round_counts(store, label, "small")
    assert 2 <= len(store.kept["counts"]) < len(labels)


def test_a_reader_beside_a_writer_never_keeps_old_counts_at_a_new_revision(store):
    survey, ends, wrong = small_survey(), threading.Event(), []
    committed = [0]

    def read():
        while not ends.is_set():
            at_least = committed[0]
            seen = round_counts(store, "2026", "small")
            if seen.responses.sum() < at_least:
                wrong.append((at_least, seen.responses))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for people in range(1, 13):
        write_responses(store, [make_delivery(survey, "2026", "X1", {"A1": [1]})])
        committed[0] = people
    ends.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert round_counts(store, "2026", "small").responses.tolist() == [12]


# ── The register ───────────────────────────────────────────────────────────────────────────────


def test_the_register_is_written_only_where_it_differs(store):
    revision = store.revision("register")
    write_organisations(store, TOWNS)
    assert store.revision("register") == revision
    write_organisations(store, [make_organisation("X2", former_codes=("X9", "X8"), population=7)])
    assert store.revision("register") == revision + 1
    found = {one.code: one for one in open_rows(store)}
    assert found["X2"] == make_organisation("X2", former_codes=("X9", "X8"), population=7)
    assert found["X1"] == TOWNS[0]


def open_rows(store):
    from improve.store import read_organisations

    return read_organisations(store)


def test_a_batch_counts_its_people():
    assert make_batch(small_survey(), {"A1": [1, None, 2]}).n == 3
