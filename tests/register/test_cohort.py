"""Built-in cohorts of the real register, and of small ones."""

from __future__ import annotations

from dataclasses import replace

from improve.language import PSEUDO, speaking
from improve.model import CohortKind, Organisation
from improve.register import built_in_cohorts, cohort_label, read_register, type_label
from improve.register.cohort import TYPES, size_of

REGISTER = read_register()
COHORTS = built_in_cohorts(REGISTER)
SIZES = {cohort.key: len(cohort.members) for cohort in COHORTS}


def organisation(code: str, nation: str, region: str, type_: str) -> Organisation:
    return Organisation(code, code, code, "", type_, nation, region, "", 0.0, 52.0, 1)


def test_every_cohort_of_the_real_register_in_its_order() -> None:
    assert list(SIZES.items()) == [
        ("all", 382),
        ("nation:England", 317),
        ("nation:Northern Ireland", 11),
        ("nation:Scotland", 32),
        ("nation:Wales", 22),
        ("region:East Midlands", 39),
        ("region:East of England", 50),
        ("region:London", 33),
        ("region:North East", 12),
        ("region:North West", 36),
        ("region:South East", 70),
        ("region:South West", 29),
        ("region:West Midlands", 33),
        ("region:Yorkshire and The Humber", 15),
        ("type:county", 21),
        ("type:district", 164),
        ("type:unitary", 63),
        ("type:metropolitan borough", 36),
        ("type:London borough", 32),
        ("type:City corporation", 1),
        ("size:under 100,000", 66),
        ("size:100,000 to 199,999", 181),
        ("size:200,000 to 399,999", 93),
        ("size:400,000 or more", 42),
    ]


def test_kinds_come_in_the_order_they_are_offered() -> None:
    kinds = [cohort.kind for cohort in COHORTS]
    assert kinds == sorted(kinds, key=list(CohortKind).index)


def test_members_share_the_fact_and_nobody_else_has_it() -> None:
    for cohort in COHORTS:
        if cohort.kind not in (CohortKind.ALL, CohortKind.SIZE):
            assert cohort.members == {
                one.code for one in REGISTER if getattr(one, cohort.kind.value) == cohort.value
            }


def test_size_bands_begin_at_their_number() -> None:
    sizes = {n: size_of(replace(organisation("E1", "", "", ""), population=n)) for n in (99_999, 100_000)}
    assert sizes == {99_999: "under 100,000", 100_000: "100,000 to 199,999"}
    bands = {cohort.value: cohort.members for cohort in COHORTS if cohort.kind is CohortKind.SIZE}
    people = {one.code: one.population for one in REGISTER}
    assert {code for code, n in people.items() if n >= 400_000} == bands["400,000 or more"]
    assert {code for code, n in people.items() if 200_000 <= n < 400_000} == bands["200,000 to 399,999"]


def test_london_is_the_boroughs_and_the_city() -> None:
    members = {cohort.key: cohort.members for cohort in COHORTS}
    assert members["region:London"] - members["type:London borough"] == {"E09000001"}


def test_one_with_the_members_of_an_earlier_one_is_left_out() -> None:
    wales = [organisation(f"W{n}", "Wales", "Wales", "Welsh unitary") for n in range(3)]
    assert [cohort.key for cohort in built_in_cohorts(wales)] == ["all"]
    england = [organisation("E1", "England", "London", "London borough")]
    assert [cohort.key for cohort in built_in_cohorts([*wales, *england])] == [
        "all",
        "nation:England",
        "nation:Wales",
    ]


def test_the_trial_organisation_is_like_any_other() -> None:
    wales = [organisation(f"W{n}", "Wales", "Wales", "Welsh unitary") for n in range(3)]
    trial = replace(wales[0], code="TRIAL", is_trial=True)
    (all_of_them,) = built_in_cohorts([*wales, trial])
    assert "TRIAL" in all_of_them.members


def test_an_empty_register_has_no_cohort() -> None:
    assert built_in_cohorts([]) == ()


def test_labels() -> None:
    labels = {cohort.key: cohort_label(cohort) for cohort in COHORTS}
    assert labels["all"] == "All UK councils"
    assert labels["nation:Wales"] == "Wales"
    assert labels["region:East of England"] == "East of England"
    assert labels["type:London borough"] == "London boroughs"
    assert labels["type:unitary"] == "Unitary councils (England)"
    assert type_label("unitary") == "Unitary council (England)"
    assert len(set(labels.values())) == len(labels)


def test_every_label_comes_from_the_catalogue() -> None:
    with speaking(PSEUDO):
        labels = [cohort_label(cohort) for cohort in COHORTS] + [type_label(one) for one in TYPES]
    assert all(label.startswith("⟦") for label in labels)
