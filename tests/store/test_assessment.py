"""Assessments in the store: nothing is overwritten, the newest counts, what is submitted stays for ever."""

import threading
from datetime import datetime, timedelta

import duckdb
import pytest

from improve.errors import AssessmentError, InstrumentError, SelectionError, StoreError
from improve.store import (
    Past,
    Wording,
    assign_section,
    check_store,
    close_round,
    open_round,
    open_store,
    read_answers,
    read_assessed_rounds,
    read_assessments,
    read_history,
    read_sections,
    read_submitted,
    start_assessment,
    submit_assessment,
    write_answers,
    write_assessments,
    write_organisations,
)
from tests.factory import (
    NO,
    NOT_APPLICABLE,
    YES,
    assessed,
    copy_store,
    make_organisation,
    make_store,
    small_maturity,
    write_assessed,
)

INSTRUMENT = small_maturity()
ITEMS = tuple(one.id for one in INSTRUMENT.criteria)
DAY = datetime(2026, 3, 2, 9)
CODES = tuple(f"X{number:02d}" for number in range(20))


@pytest.fixture
def store(tmp_path):
    """A store with a round that collects and nobody's assessment."""
    store = make_store(tmp_path, organisations=tuple(make_organisation(code) for code in CODES))
    open_round(store, "2026")
    yield store
    store.close()


def begun(store, organisation="X00", **facts):
    start_assessment(store, organisation, facts.pop("instrument", INSTRUMENT), "Ann")
    return read_assessments(store, organisation, "dma")[-1]


def everything(code=YES):
    return [Wording(item, code) for item in ITEMS]


def codes(store, assessment):
    return {item: one.code for item, one in read_answers(store, assessment).items()}


def counts(store, label="2026", **options):
    found = read_submitted(store, label, "dma", **options)
    return dict(zip(found.organisations, found.answers, strict=True))


# ── History ────────────────────────────────────────────────────────────────────────────────────


def test_the_newest_answer_counts_and_every_one_is_kept(store):
    mine = begun(store)
    for moment, (code, evidence, reason, by) in enumerate(
        [
            (NO, "", "", "Ann"),
            (YES, "https://x.test/plan", "", "Bob"),
            (NOT_APPLICABLE, "", "Not ours", "Ann"),
        ]
    ):
        wording = Wording("LEAD1a", code, evidence, reason)
        write_answers(store, mine, [wording], by, DAY + timedelta(hours=moment))
    write_answers(store, mine, [Wording("LEAD1b", YES)], "Cy", DAY)
    found = read_history(store, mine, "LEAD1a")
    assert [(one.code, one.evidence, one.reason, one.answered_by) for one in found] == [
        (NOT_APPLICABLE, "", "Not ours", "Ann"),
        (YES, "https://x.test/plan", "", "Bob"),
        (NO, "", "", "Ann"),
    ]
    assert [one.answered_at for one in found] == [DAY + timedelta(hours=hour) for hour in (2, 1, 0)]
    assert read_answers(store, mine)["LEAD1a"] == found[0]
    assert codes(store, mine) == {"LEAD1a": NOT_APPLICABLE, "LEAD1b": YES}


def test_the_last_of_one_write_counts(store):
    mine = begun(store)
    write_answers(store, mine, [Wording("LEAD1a", NO), Wording("LEAD1a", YES)], "Ann")
    assert codes(store, mine) == {"LEAD1a": YES}
    assert [one.code for one in read_history(store, mine, "LEAD1a")] == [YES, NO]


def test_an_answer_given_earlier_by_the_clock_counts_when_it_comes_later(store):
    """What came last counts, whatever a clock says: two machines' clocks never agree."""
    mine = begun(store)
    write_answers(store, mine, [Wording("LEAD1a", NO)], "Ann", DAY)
    write_answers(store, mine, [Wording("LEAD1a", YES)], "Bob", DAY - timedelta(days=1))
    assert codes(store, mine) == {"LEAD1a": YES}


def test_writing_moves_the_topic_of_this_organisation_alone(store):
    mine, theirs = begun(store), begun(store, "X01")
    before = [store.revision("assessment/" + code) for code in ("X00", "X01")]
    write_answers(store, mine, everything(), "Ann")
    assert store.revision("assessment/X00") == before[0] + 1
    assert store.revision("assessment/X01") == before[1]
    write_answers(store, mine, [], "Ann")
    assert store.revision("assessment/X00") == before[0] + 1
    assert codes(store, theirs) == {}


def test_two_who_write_at_once_lose_nothing(store):
    """The later one wins, and both are in the history: here eight of them, many times."""
    mine = begun(store)
    people, times = 8, 6
    together = threading.Barrier(people)
    failed = []

    def answer(person):
        together.wait()
        for turn in range(times):
            code = YES if (person + turn) % 2 else NO
            try:
                write_answers(
                    store, mine, [Wording("LEAD1a", code), Wording(ITEMS[person], code)], f"Person {person}"
                )
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=answer, args=(person,)) for person in range(people)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    found = read_history(store, mine, "LEAD1a")
    assert len(found) == people * times + times  # the first person answers it twice
    assert len({one.id for one in found}) == len(found)
    for person in range(people):
        said = [one.code for one in reversed(found) if one.answered_by == f"Person {person}"]
        wanted = [YES if (person + turn) % 2 else NO for turn in range(times)]
        assert said == (wanted if person else [one for one in wanted for _twice in range(2)])
    assert codes(store, mine)["LEAD1a"] == found[0].code
    assert check_store(store) == []


def test_only_one_of_two_who_begin_at_once_does(store):
    together = threading.Barrier(4)
    outcomes = []

    def begin(person):
        together.wait()
        try:
            outcomes.append(start_assessment(store, "X00", INSTRUMENT, f"Person {person}"))
        except AssessmentError:
            outcomes.append(None)

    threads = [threading.Thread(target=begin, args=(person,)) for person in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len([one for one in outcomes if one is not None]) == 1
    assert len(read_assessments(store, "X00", "dma")) == 1


def test_what_is_kept_is_read_again_after_a_write(store):
    mine = begun(store)
    assert codes(store, mine) == {}
    write_answers(store, mine, [Wording("LEAD1a", YES)], "Ann")
    assert codes(store, mine) == {"LEAD1a": YES}
    assert read_submitted(store, "2026", "dma").organisations == ()
    write_answers(store, mine, everything(), "Ann")
    submit_assessment(store, mine, "2026", ITEMS, "Ann")
    assert read_submitted(store, "2026", "dma").organisations == ("X00",)
    write_organisations(store, [make_organisation("X00", nation="Wales")])
    assert read_submitted(store, "2026", "dma").facts[0].nation == "Wales"


def test_a_changed_instrument_under_an_old_version_is_refused(store):
    begun(store)
    changed = small_maturity(criteria=INSTRUMENT.criteria[:-1])
    with pytest.raises(InstrumentError, match=r"still calls itself version 1\.0"):
        start_assessment(store, "X01", changed, "Ann")
    assert read_assessments(store, "X01", "dma") == ()


def test_sections_are_assigned_anew(store):
    mine = begun(store)
    assign_section(store, mine, "LEAD", "Chief executive", "Ann")
    assign_section(store, mine, "WEB", "Web team", "Ann")
    assign_section(store, mine, "LEAD", "Finance", "Bob")
    assert read_sections(store, mine) == {"LEAD": "Finance", "WEB": "Web team"}
    assign_section(store, mine, "WEB", "", "Bob")
    assert read_sections(store, mine) == {"LEAD": "Finance"}


# ── Submitting ─────────────────────────────────────────────────────────────────────────────────


def test_submit_needs_every_answer_and_an_open_round(store):
    mine = begun(store)
    write_answers(store, mine, everything()[:-2], "Ann")
    with pytest.raises(AssessmentError, match="These criteria have no answer yet: SAFE3a, SAFE3b"):
        submit_assessment(store, mine, "2026", ITEMS, "Ann")
    write_answers(store, mine, everything(), "Ann")
    with pytest.raises(SelectionError, match="There is no round called 2099"):
        submit_assessment(store, mine, "2099", ITEMS, "Ann")
    assert read_assessments(store, "X00", "dma")[0].is_open
    submit_assessment(store, mine, "2026", ITEMS, "Bob", DAY)
    found = read_assessments(store, "X00", "dma")[0]
    assert (found.round, found.submitted_at, found.submitted_by) == ("2026", DAY, "Bob")
    assert not found.is_open
    assert read_assessed_rounds(store, "dma") == {"2026"}
    assert read_assessed_rounds(store, "rasp") == frozenset()


def test_what_is_submitted_is_frozen_for_ever(store):
    mine = begun(store)
    write_answers(store, mine, everything(), "Ann")
    submit_assessment(store, mine, "2026", ITEMS, "Ann")
    before = read_answers(store, mine)
    frozen = "This assessment was submitted meanwhile; its answers stay as they are."
    with pytest.raises(AssessmentError, match=frozen):
        write_answers(store, mine, [Wording("LEAD1a", NO)], "Ann")
    with pytest.raises(AssessmentError, match=frozen):
        assign_section(store, mine, "LEAD", "Finance", "Ann")
    with pytest.raises(AssessmentError, match=frozen):
        submit_assessment(store, mine, "2026", ITEMS, "Ann")
    assert read_answers(store, mine) == before
    assert [one.code for one in read_history(store, mine, "LEAD1a")] == [YES]


def test_an_assessment_is_written_for_its_own_organisation_alone(store):
    """Whoever holds the number of another's assessment writes nothing into it."""
    theirs = begun(store, "X01")
    forged = begun(store).__class__(theirs.id, "X00", *("dma", "1.0", DAY, "Ann"), None, None, None)
    with pytest.raises(AssessmentError):
        write_answers(store, forged, [Wording("LEAD1a", NO)], "Ann")
    assert codes(store, theirs) == {}


def test_a_later_version_never_changes_an_earlier_one(store):
    first = begun(store)
    write_answers(store, first, everything(YES), "Ann")
    submit_assessment(store, first, "2026", ITEMS, "Ann", DAY)
    then = read_answers(store, first)
    second = begun(store)
    assert codes(store, second) == {}
    write_answers(store, second, everything(NO), "Bob")
    assert counts(store)["X00"]["LEAD1a"] == YES
    submit_assessment(store, second, "2026", ITEMS, "Bob", DAY + timedelta(days=1))
    assert read_answers(store, first) == then
    assert counts(store) == {"X00": dict.fromkeys(ITEMS, NO)}
    assert [one.id for one in read_assessments(store, "X00", "dma")] == [first.id, second.id]


def test_the_one_submitted_last_counts_though_it_was_begun_first(store):
    write_assessed(store, {"2026": {"X00": assessed("yyyyyy")}}, day=DAY + timedelta(days=5))
    write_assessed(store, {"2026": {"X00": assessed("nnnnnn")}}, day=DAY)
    assert counts(store)["X00"]["LEAD1a"] == YES


def test_rounds_do_not_mix(store):
    write_assessed(store, {"2025": {"X00": assessed("yyyyyy")}, "2026": {"X00": assessed("nnnnnn")}})
    assert counts(store, "2025")["X00"]["LEAD1a"] == YES
    assert counts(store, "2026")["X00"]["LEAD1a"] == NO
    assert read_assessed_rounds(store, "dma") == {"2025", "2026"}


def test_many_at_once_go_in_whole_or_not_at_all(store):
    begun(store, "X02")
    good = [Past(code, "2026", tuple(everything()), "Ann", DAY) for code in ("X00", "X01", "X02")]
    with pytest.raises(AssessmentError, match="X02 has an open assessment"):
        write_assessments(store, INSTRUMENT, good)
    short = [good[0], Past("X01", "2026", tuple(everything()[1:]), "Ann", DAY)]
    with pytest.raises(AssessmentError, match="These criteria have no answer yet: LEAD1a"):
        write_assessments(store, INSTRUMENT, short)
    assert counts(store) == {}
    half = Past(
        *("X03", "2026", tuple(everything()[1:]), "Ann", DAY), sections=(("LEAD", "Ann"),), is_submitted=False
    )
    write_assessments(store, INSTRUMENT, [good[0], half])
    assert set(counts(store)) == {"X00"}
    (open_,) = read_assessments(store, "X03", "dma")
    assert open_.is_open
    assert read_sections(store, open_) == {"LEAD": "Ann"}
    assert check_store(store) == []


# ── The benchmark of a closed round ────────────────────────────────────────────────────────────


def submit_more(store, numbers, word="nnnnnn"):
    """The same word for each function."""
    write_assessed(store, {"2026": {CODES[one]: assessed(word, word, word) for one in numbers}})


@pytest.fixture
def closed(store):
    """Eight assessments of a round that is closed."""
    submit_more(store, range(8), "yyyyyy")
    close_round(store, "2026")
    return store


def test_a_benchmark_is_what_was_submitted_at_closing(closed):
    assert counts(closed, as_at_closing=True) == counts(closed)
    before = counts(closed, as_at_closing=True)
    submit_more(closed, (0, 8))
    write_organisations(closed, [make_organisation("X01", nation="Wales", region="Wales")])
    assert counts(closed, as_at_closing=True) == before
    assert set(counts(closed)) == set(CODES[:9])
    assert counts(closed)["X00"]["LEAD1a"] == NO
    frozen = read_submitted(closed, "2026", "dma", as_at_closing=True)
    assert frozen.facts[frozen.place["X01"]][:3] == ("England", "South West", "district")


def test_a_round_that_collects_has_no_benchmark(store):
    submit_more(store, range(8))
    assert counts(store, as_at_closing=True) == {}


FEW = "fewer than 7 organisations have submitted an assessment or changed it since"


@pytest.mark.parametrize("numbers", [(8,), (0, 8), (0, 8, 9), range(8, 14)])
def test_closing_again_after_few_changed_is_refused(closed, numbers):
    before = counts(closed, as_at_closing=True)
    submit_more(closed, numbers)
    with pytest.raises(StoreError, match=FEW):
        close_round(closed, "2026")
    assert counts(closed, as_at_closing=True) == before
    close_round(closed, "2026", even_if_few_change=True)
    assert counts(closed, as_at_closing=True) == counts(closed)


def test_closing_again_after_seven_changed(closed):
    submit_more(closed, range(5, 12))
    close_round(closed, "2026")
    assert counts(closed, as_at_closing=True) == counts(closed)
    close_round(closed, "2026")


def test_each_criterion_is_judged_by_itself(closed):
    """Seven submitted again, and one of them alone changed a criterion: its answer would be given away."""
    submit_more(closed, range(6), "nyyyyy")
    write_assessed(closed, {"2026": {"X06": assessed("nyyyyn", "nyyyyy", "nyyyyy")}})
    with pytest.raises(StoreError, match=FEW):
        close_round(closed, "2026")


def test_the_same_answers_again_are_no_change(closed):
    submit_more(closed, (0,), "yyyyyy")
    close_round(closed, "2026")
    assert counts(closed, as_at_closing=True) == counts(closed)


def test_those_who_only_moved_hide_nobody_who_changed(closed):
    """Two changed; five others are of another nation now, and change nothing in the whole round."""
    write_organisations(closed, [make_organisation(code, nation="Scotland") for code in CODES[:5]])
    submit_more(closed, (5, 6))
    with pytest.raises(StoreError):
        close_round(closed, "2026")


def test_those_who_left_one_group_hide_nobody_in_another(closed):
    """Six are of another nation now, and of the same type as before; the one who changed is of that type."""
    write_organisations(closed, [make_organisation(code, nation="Scotland") for code in CODES[1:8]])
    submit_more(closed, (0, *range(8, 14)))
    write_organisations(closed, [make_organisation(code, type="unitary") for code in CODES[8:14]])
    with pytest.raises(StoreError, match=FEW):
        close_round(closed, "2026")


def test_a_group_is_judged_by_itself(store):
    """Seven of a nation were looked at; of those that came since, one is of it."""
    for code in CODES[:7]:
        write_organisations(
            store, [make_organisation(code, nation="Wales", region="Wales", type="Welsh unitary")]
        )
    write_organisations(
        store, [make_organisation("X14", nation="Wales", region="Wales", type="Welsh unitary")]
    )
    submit_more(store, range(7), "yyyyyy")
    close_round(store, "2026")
    submit_more(store, range(7, 14))
    close_round(store, "2026")
    submit_more(store, (14, *range(15, 20)))
    with pytest.raises(StoreError, match=FEW):
        close_round(store, "2026")


def test_what_nobody_can_have_seen_is_let_off(store):
    """Six have no median, so one more gives nothing away; it does once there are seven."""
    submit_more(store, range(6))
    close_round(store, "2026")
    submit_more(store, (6,))
    close_round(store, "2026")
    submit_more(store, (7,))
    with pytest.raises(StoreError):
        close_round(store, "2026")


# ── What the check finds ───────────────────────────────────────────────────────────────────────


def sentence(code):
    return f"An assessment of {code} (dma) is not as anybody can have answered it."


def of(number, label="2026"):
    return f"(select id from assessment where organisation = '{CODES[number]}' and round = '{label}')"


TAMPERINGS = (
    "delete from assessment_answer where assessment_id = {mine} and item = 'WEB1a'",
    "update assessment_answer set code = 77 where assessment_id = {mine} and item = 'WEB1a'",
    "update assessment_answer set item = 'WEB9' where assessment_id = {mine} and item = 'WEB1a'",
    "insert into assessment_answer select * from assessment_answer "
    "where assessment_id = {mine} and item = 'WEB1a'",
    # Long after it was submitted, somebody wrote another answer to it.
    "insert into assessment_answer by name select * replace (9999 as id, 1 as code, "
    "answered_at + interval 2 hours as answered_at) from assessment_answer "
    "where assessment_id = {mine} and item = 'WEB2b'",
    "update assessment set round = null where id = {mine}",
    "update assessment set round = '2025' where id = {mine}",
    "update assessment set submitted_at = null, round = null, submitted_by = null where id = {mine}",
    "update assessment set submitted_by = null where id = {mine}",
    "insert into benchmark_assessment select * from benchmark_assessment where assessment_id = {mine}",
    "update benchmark_assessment set organisation = 'X19' where assessment_id = {mine}",
    "update benchmark_assessment set assessment_id = {theirs} where assessment_id = {mine}",
)
"""Each of one organisation's assessment alone; the last of the next one's too."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The path of a closed store: assessments of fourteen in a closed round, and one half answered."""
    store = make_store(
        tmp_path_factory.mktemp("sound"), organisations=tuple(make_organisation(code) for code in CODES)
    )
    given = {code: assessed("yyyyn-", "ynn?nn") for code in CODES[:14]}
    write_assessed(store, {"2025": given, "2026": given}, closed=("2026",))
    mine = begun(store, "X15")
    write_answers(store, mine, [Wording("LEAD1a", YES)], "Ann")
    assign_section(store, mine, "WEB", "Bob", "Ann")
    assert check_store(store) == []
    store.close()
    return store.path


def damaged(path, tamperings):
    """What the check says of a copy after each of these changed one row of it."""
    with duckdb.connect(str(path)) as connection:
        for one in tamperings:
            (changed,) = connection.execute(one).fetchall()[0]
            assert changed == 1, one
    store = open_store(path)
    try:
        return check_store(store)
    finally:
        store.close()


def test_planted_damage_is_found(sound, tmp_path):
    found = damaged(
        copy_store(sound, tmp_path),
        [one.format(mine=of(at), theirs=of(at + 1)) for at, one in enumerate(TAMPERINGS)],
    )
    # The last is found in the next one's name, which then counts for two.
    wrong = [*CODES[: len(TAMPERINGS) - 1], CODES[len(TAMPERINGS)]]
    assert sorted(found) == [sentence(code) for code in wrong]


def test_two_that_are_open_and_answers_after_a_poll_of_others(sound, tmp_path):
    found = damaged(
        copy_store(sound, tmp_path),
        [
            "insert into assessment by name select * replace (999 as id) from assessment "
            "where organisation = 'X15'",
            f"insert into poll select 5, {of(3)}, 'LEAD', 1, now(), 'Ann', now(), now()",
            f"update assessment_answer set poll_id = 5 where assessment_id = {of(4)} and item = 'LEAD1a'",
        ],
    )
    assert sorted(found) == [sentence("X04"), sentence("X15")]


def test_what_belongs_to_nothing_is_counted(sound, tmp_path):
    found = damaged(
        copy_store(sound, tmp_path),
        [
            f"update benchmark_assessment set assessment_id = 999 where assessment_id = {of(1)}",
            f"update assessment_answer set poll_id = 5 where assessment_id = {of(2)} and item = 'LEAD1a'",
            "update assessment_answer set assessment_id = 999 where assessment_id = "
            "(select id from assessment where organisation = 'X15')",
            "update assessment_section set assessment_id = 999",
        ],
    )
    assert found == ["4 rows belong to nothing: their response, import, assessment or poll is missing."]


def test_assessments_of_what_is_not_there_are_counted(sound, tmp_path):
    found = damaged(
        copy_store(sound, tmp_path),
        [
            "update assessment set version = '2.0' where organisation = 'X15'",
            "update assessment set organisation = 'X99' where id = " + of(5, "2025"),
        ],
    )
    assert found == ["2 participations or assessments are of an organisation, round or instrument not there."]
