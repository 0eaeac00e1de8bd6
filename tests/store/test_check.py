"""check_store: silent on a sound store, and whatever is altered behind its back is found."""

import duckdb
import pytest

from improve.store import approve_comments, check_store, open_store, read_comments, write_responses
from tests.factory import copy_store, make_delivery, make_organisation, make_store
from tests.store.skill import skilled_survey


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The path of a closed store: two organisations, two rounds, every kind of answer, one replaced."""
    survey = skilled_survey()
    answers = {
        "A1": [1, 2, None, 5],
        ("A1", "importance"): [5, 4, 4, 2],
        "A2": [2, 2, 3, None],
        "WAYS": [(0, 5), (1,), None, (0,)],
        "HOURS": [7.5, 8, None, 2],
        "AREA": ["Roads", "Care", "Roads", None],
        "COM": ["well done", None, None, None],
        "S1": [4, 0, 5, None],
        "S2": [3, 2, 5, None],
        "MOOD": [2, None, None, None],
    }
    store = make_store(
        tmp_path_factory.mktemp("sound"),
        {"2025": {"X1": answers}, "2026": {"X1": answers, "X2": answers}},
        survey=survey,
        organisations=(make_organisation("X1"), make_organisation("X2")),
        closed=("2025",),
    )
    write_responses(store, [make_delivery(survey, "2026", "X1", answers)], replace=True)
    write_responses(store, [make_delivery(survey, "2026", "X2", {"A1": [3, 3]})])
    approve_comments(store, "2026", [one.key for one in read_comments(store, "2026", "small", None)], True)
    assert check_store(store) == []
    store.close()
    return store.path


COUNTS = "The counts of X2 in round 2026 (small) differ from its answers."
GAPS = "The gaps of X2 in round 2026 (small) differ from its answers."
INDEXES = "The indexes of X2 in round 2026 (small) differ from its answers."
PART = "What X2 took part with in round 2026 (small) differs from its imports."
ORPHAN = "1 row belongs to nothing: its response, import, assessment or poll is missing."
STRANGER = "1 participation or assessment is of an organisation, round or instrument not there."
STRANGERS = "2 participations or assessments are of an organisation, round or instrument not there."
IMPORT = "(select min(id) from import where organisation = 'X2')"
OF_X2 = "round = '2026' and organisation = 'X2'"


@pytest.mark.parametrize(
    ("tampering", "sentences"),
    [
        (f"update answer set code = 4 where import_id = {IMPORT} and item = 'A2' and code = 3", [COUNTS]),
        (
            f"update answer set code = 3 where import_id = {IMPORT} and item = 'A1' and code = 1",
            [COUNTS, GAPS],
        ),
        (f"update answer set number = 9 where import_id = {IMPORT} and number = 8", [COUNTS]),
        (f"update answer set item = 'A3' where import_id = {IMPORT} and item = 'A2'", [COUNTS]),
        (f"delete from answer where import_id = {IMPORT} and item = 'WAYS' and code = 5", [COUNTS]),
        (
            f"insert into answer from answer where import_id = {IMPORT} and item = 'A2' and code = 3",
            [COUNTS],
        ),
        # Two people's answers swapped: every count is the same, the pairs are not.
        (
            f"update answer set response_id = case code when 1 then response_id + 3 else response_id - 3 end "
            f"where import_id = {IMPORT} and item = 'A1' and measure = 'satisfaction' and code in (1, 5)",
            [GAPS],
        ),
        (
            f"update answer set response_id = 9999 where import_id = {IMPORT} and item = 'A2' and code = 3",
            [ORPHAN],
        ),
        (f"delete from asked where import_id = {IMPORT} and item = 'AREA'", [COUNTS]),
        ("insert into asked values (77, 'A1', 'satisfaction')", [ORPHAN]),
        # And what was approved of two of them belongs to no comment.
        (
            "update comment set response_id = 9999",
            ["5 rows belong to nothing: their response, import, assessment or poll is missing."],
        ),
        (
            "update approved_comment set item = 'A1' where rowid = 0",
            [ORPHAN],
        ),
        (f"update item_count set n = n + 1 where {OF_X2} and item = 'WAYS'", [COUNTS]),
        (f"update item_count set asked = asked - 1 where {OF_X2} and item = 'A2'", [COUNTS]),
        (f"update item_count set counts = list_reverse(counts) where {OF_X2} and item = 'A2'", [COUNTS]),
        (f"update item_count set codes = [3.0, 4.0] where {OF_X2} and item = 'A2'", [COUNTS]),
        (f"update item_count set version = '9' where {OF_X2} and item = 'A2'", [COUNTS]),
        (f"delete from item_count where {OF_X2} and item = 'COM'", [COUNTS]),
        (f"insert into item_count select * from item_count where {OF_X2} and item = 'A2'", [COUNTS]),
        (f"update item_gap set squares = squares + 1 where {OF_X2}", [GAPS]),
        (f"update item_gap set total = -total where {OF_X2} and item = 'A1'", [GAPS]),
        (f"delete from item_gap where {OF_X2}", [GAPS]),
        (f"insert into item_gap select * from item_gap where {OF_X2}", [GAPS]),
        (f"update index_count set n = n + 1 where {OF_X2}", [INDEXES]),
        (f"update index_count set total = total + 1 where {OF_X2}", [INDEXES]),
        (f"update index_count set squares = squares - 1 where {OF_X2}", [INDEXES]),
        (f"update index_count set answered = answered + 1 where {OF_X2}", [INDEXES]),
        (f"update index_count set item = 'will' where {OF_X2}", [INDEXES]),
        (f"delete from index_count where {OF_X2}", [INDEXES]),
        (f"insert into index_count select * from index_count where {OF_X2}", [INDEXES]),
        (
            f"update answer set code = 3 where import_id = {IMPORT} and item = 'S1' and code = 4",
            [COUNTS, INDEXES],
        ),
        (
            f"update answer set code = 2 where import_id = {IMPORT} and item = 'S1' and code = 5",
            [COUNTS, INDEXES],
        ),
        (f"update answer set code = 3 where import_id = {IMPORT} and item = 'MOOD' and code = 2", [COUNTS]),
        # Two people's answers swapped: the counts are the same, the people are not.
        (
            f"update answer set response_id = case code when 4 then response_id + 1 else response_id - 1 end "
            f"where import_id = {IMPORT} and item = 'S1' and code in (4, 0)",
            [INDEXES],
        ),
        (f"update participation set responses = responses + 1 where {OF_X2}", [PART]),
        (f"delete from participation where {OF_X2}", [PART]),
        (f"insert into participation select * from participation where {OF_X2}", [PART]),
        (
            f"update participation set version = '2.0' where {OF_X2}",
            [
                PART,
                STRANGER,
            ],
        ),
        (
            "delete from organisation where code = 'X2'",
            [STRANGER],
        ),
        (
            "delete from round where label = '2026'",
            [STRANGERS],
        ),
        (
            "update instrument set definition = replace(definition, 'Reliability', 'Speed')",
            ["The stored text of small 1.0 is not the one it was first used with."],
        ),
        (
            "update instrument set definition = '{'",
            ["The stored text of small 1.0 is not the one it was first used with."],
        ),
        (
            "update instrument set sha256 = 'abc'",
            ["The stored text of small 1.0 is not the one it was first used with."],
        ),
    ],
)
def test_tampering_is_found(sound, tmp_path, tampering, sentences):
    path = copy_store(sound, tmp_path)
    with duckdb.connect(str(path)) as connection:
        (changed,) = connection.execute(tampering).fetchall()[0]
    store = open_store(path)
    assert changed >= 1
    assert check_store(store) == sentences
    store.close()


@pytest.mark.parametrize(
    "tampering",
    [
        "delete from response where id = (select max(id) from response)",
        f"delete from import where id = {IMPORT}",
        f"update import set replaced_at = imported_at where id = {IMPORT}",
        "update import set replaced_at = null where replaced_at is not null",
        "update import set organisation = 'X2' where round = '2025'",
        "update import set version = '2.0' where round = '2025'",
    ],
)
def test_tampering_that_shows_in_several_ways_is_found(sound, tmp_path, tampering):
    path = copy_store(sound, tmp_path)
    with duckdb.connect(str(path)) as connection:
        (changed,) = connection.execute(tampering).fetchall()[0]
    store = open_store(path)
    assert changed == 1
    assert len(check_store(store)) >= 1
    store.close()


def test_the_demonstration_is_sound(demonstration_store):
    assert check_store(demonstration_store) == []
