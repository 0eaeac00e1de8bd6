"""The same curious people, over the Skills page's figures."""

import random
from statistics import mean

from improve import commands
from improve.instruments import read_library
from tests.attack.test_curious import OTHER, OWN, WHO, fields, numbers
from tests.factory import make_organisation, make_store


def answers(chance, people):
    skills = [f"SK{place:02d}" for place in range(1, 13)]
    able = chance.uniform(1.5, 3.2)
    given = {one: [min(4, max(0, round(chance.gauss(able, 1)))) for _ in range(people)] for one in skills}
    areas = chance.choices(("Adults", "Housing", "Roads", None), (8, 5, 1, 1), k=people)
    return {
        **given,
        "SKA1": [chance.choice((1, 2, 3, 4, 6)) for _ in range(people)],
        "SKT1": [chance.choice((0.0, 0.25, 0.5, 1.0)) for _ in range(people)],
        "SKT2": [chance.choice((0.5, 1.0, 1.75)) for _ in range(people)],
        "PRF1": areas,
    }


def test_nobody_is_told_anothers_skills_or_a_small_groups(tmp_path):
    chance = random.Random(4)
    sizes = [*chance.sample([23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71], 10), 8]
    raw = {f"X{place:02d}": answers(chance, size) for place, size in enumerate(sizes)}
    store = make_store(
        tmp_path,
        {"2026": raw},
        survey=read_library().get("user_skills"),
        organisations=tuple(make_organisation(code) for code in raw),
        closed=("2026",),
    )
    for viewer in WHO:
        role = viewer.role.value + (f":{viewer.organisation}" if viewer.organisation else "")
        inside = viewer.organisation == OTHER
        notes = []
        for extra in ({}, {"by": "service_area"}) if inside else ({},):
            wish = {"round": "2026", "role": role, "organisation": viewer.organisation, **extra}
            outcome = commands.run(store, "figures skills", wish, {})
            assert outcome.status == 0, outcome.message
            notes.append(outcome.result)
        known = {round(one, 9) for one in numbers(notes)}
        assert len(known) > 10
        for code, given in raw.items():
            if code == viewer.organisation:
                continue
            points = zip(*(given[f"SK{place:02d}"] for place in range(1, 13)), strict=True)
            index = mean(mean(one) for one in points) * 25
            for secret in (index, mean(given["SKT1"]), mean(given["SKT2"])):
                is_round = abs(secret * 20 - round(secret * 20)) < 1e-6
                assert is_round or round(secret, 9) not in known, (viewer, code, secret)
        for name, value in fields(notes, "n", "organisations"):
            assert value >= (7 if name == "organisations" else 10)
        if inside:
            shown = [one["n"].get("value") for one in notes[-1]["groups"]]
            left = len(raw[OTHER]["PRF1"]) - sum(one or 0 for one in shown)
            assert left == 0 or left >= 10 or not any(shown)
        else:
            assert isinstance(notes[-1]["groups"], dict) or notes[-1]["groups"] == []
    refused = commands.run(
        store, "figures skills", {"round": "2026", "role": "member:" + OWN, "organisation": OTHER}, {}
    )
    assert refused.status == 2
    store.close()
