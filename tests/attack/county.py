"""A county in which every rule has somebody to protect, and what everybody in it really said.

Two stores: as it was, and as it is when more files have come. The raw answers are the judge's alone.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pyarrow as pa

from improve.store import RESPONSES, Store, close_round, write_responses, write_staff
from tests.attack.test_people import SURVEY
from tests.factory import make_delivery, make_organisation, make_store
from tests.views.test_skills import skilled

CLOSED, COLLECTING = ("2024", "2025", "2026"), "2027"
ABILITIES = skilled()
TINY, GROWING, LISTED, LATE = "X12", "X06", "X07", "X13"
"""Nine people; a file more in the second store; a staff list with an empty group; who comes too late."""
AREAS = {
    "X00": {"Adults": 23, "Housing": 18},
    "X01": {"Adults": 43, "Housing": 31, "Parks": 14, "Roads": 9},
    "X02": {"Adults": 59, "Roads": 9},
    "X03": {"Adults": 47, "Housing": 29, "Roads": 7},
    "X04": {"Adults": 53, "Housing": 31, "Parks": 5, "Roads": 4},
    "X05": {"Adults": 37, "Housing": 29, "Parks": 19, None: 3},
    GROWING: {"Adults": 11, "Housing": 41, "Parks": 37},
    LISTED: {"Adults": 42, "Roads": 31},
    "X08": {"Adults": 37},
    "X09": {"Adults": 43},
    "X10": {"Adults": 47},
    "X11": {"Adults": 61},
    TINY: {"Adults": 9},
}
"""How many people of each there are in the first store, in every round that they take part in."""
MORE = {"Adults": 1, "Housing": 19, "Parks": 21}
WORDS = dict(
    zip(
        [*AREAS, LATE],
        (
            *("printer", "kettle", "ladder", "window", "garden", "bridge", "carpet"),
            *("pencil", "basket", "candle", "hammer", "mirror", "pillow", "jacket"),
        ),
        strict=True,
    )
)
"""By which word the judge knows whose a comment is."""
PARTS = {
    "2024": ("X00", "X01", "X02"),
    "2025": tuple(AREAS)[:7],
    "2026": tuple(AREAS),
    COLLECTING: tuple(AREAS)[:9],
}

Answers = Mapping[object, list]


@dataclass(frozen=True)
class County:
    """Both stores, and {round: {organisation: its answers}} as they are in the second, and were."""

    first: Store
    second: Store
    before: Mapping[str, Mapping[str, Answers]]
    after: Mapping[str, Mapping[str, Answers]]
    skills: Mapping[str, Answers]

    def close(self):
        self.first.close()
        self.second.close()


def organisations():
    """Two Welsh councils, the boroughs, and the one City: all but one or two are in every larger group."""
    places = dict.fromkeys(WORDS, ("England", "London", "London borough"))
    places |= dict.fromkeys(("X00", "X01"), ("Wales", "Wales", "Welsh unitary"))
    places["X11"] = ("England", "London", "City corporation")
    return tuple(
        make_organisation(code, **dict(zip(("nation", "region", "type"), place, strict=True)))
        for code, place in places.items()
    )


def answers(chance, code, areas, text="slow"):
    """Of some people by area; nobody else's means are the same."""
    named = [area for area, n in areas.items() for _person in range(n)]
    n = len(named)

    def rated(few=None):
        centre = chance.uniform(2.6, 4.4)
        given = [min(5, max(1, round(chance.gauss(centre, 1)))) for _person in range(n)]
        return given if few is None else [*given[:few], *[None] * (n - few)]

    found = {(item, measure): rated() for item in ("A1", "A2") for measure in ("importance", "satisfaction")}
    overall = [chance.choice((3, 4, 4, 5)) for _person in range(n)]
    comments = [f"The {WORDS[code]} is {text} {place}x" for place in range(n)]
    if n > 20:
        # A few who rated low; one says who it is, and two name somebody.
        overall[4:8] = [1, 1, 2, 2]
        comments[4] = f"Only I have a lathe, a {WORDS[code]} and a shed"
        # Twelve write of the same thing; all but the two who rated low are content.
        for place in (5, 6, *range(11, 21)):
            comments[place] = f"The {WORDS[code]} and the scanner are {text} {place}x"
        overall[11:21] = [4, 5] * 5
        comments[9] = f"Ask Sarah Jones on 01632 960123 about the {WORDS[code]}"
        comments[10] = f"Here at town {code.lower()} the {WORDS[code]} is late"
    return {**found, "OVR": overall, "AREA": named, "JOB": ["Desk"] * n, "COM": comments}


def few(given, key, n=9):
    """The same answers, of whom only n say anything to one question."""
    return {**given, key: [*given[key][:n], *[None] * (len(given[key]) - n)]}


def able(chance, n, had=None):
    """So many people's skills: of the twelve at the front line one does not know and does not mind."""
    moods = [3, *[1] * 11, *[chance.choice((1, 2, 3)) for _person in range(n - 12)]]
    return {
        "S1": [chance.choice((0, 1, 2, 2)) for _person in range(n)],
        "S2": [chance.choice((0, 1, 1, 2)) for _person in range(n)],
        "MOOD": moods,
        "HAD": [chance.choice((0.0, 0.5, 1.0)) for _person in range(n if had is None else had)]
        + [None] * (0 if had is None else n - had),
        "WANT": [chance.choice((0.5, 1.0, 2.5)) for _person in range(n)],
        "JOB": [1] * 12 + [2] * (n - 12),
    }


def timed(delivery, first=4):
    """Forty on each day, and the rest on the last."""
    n = delivery.batch.n
    days = [datetime(2026, 5, first, 9) + timedelta(days=place // 40) for place in range(n)]
    column = pa.array(days, RESPONSES.field("answered_at").type)
    at = delivery.batch.responses.schema.get_field_index("answered_at")
    responses = delivery.batch.responses.set_column(at, RESPONSES.field("answered_at"), column)
    return replace(delivery, batch=replace(delivery.batch, responses=responses))


def delivered(label, code, given, first=4):
    """A file of the ratings of people who were asked from one day of May on."""
    invited = 3 * len(given["OVR"]) + 2 * int(code[1:]) + 1
    return timed(make_delivery(SURVEY, label, code, given, invited=invited), first)


def county(folder, seed=1):
    """The two stores, filled."""
    chance = random.Random(seed)
    raw = {
        label: {code: answers(chance, code, AREAS[code]) for code in codes} for label, codes in PARTS.items()
    }
    raw["2025"]["X01"] = few(raw["2025"]["X01"], ("A1", "satisfaction"))
    for code in ("X01", "X11"):
        for measure in ("importance", "satisfaction"):
            raw["2026"][code] = few(raw["2026"][code], ("A2", measure))
    skills = {
        code: able(chance, 23 + 3 * place, had=9 if code in ("X00", "X11") else None)
        for place, code in enumerate(list(AREAS)[:12])
    }
    late = answers(chance, LATE, {"Adults": 53}, text="quick")
    newer = answers(chance, "X03", {"Adults": 71, "Housing": 30})
    del newer["COM"], raw["2026"]["X03"]["COM"]
    more = answers(chance, GROWING, MORE, text="late")
    tenth = answers(chance, "X09", {"Adults": 59})
    skilled_late = able(chance, 67)

    def filled(name):
        store = make_store(folder, organisations=organisations(), name=f"{name}.duckdb")
        write_responses(
            store, [delivered(label, code, one) for label, each in raw.items() for code, one in each.items()]
        )
        write_responses(store, [make_delivery(ABILITIES, "2026", code, one) for code, one in skills.items()])
        write_staff(
            store,
            "2026",
            LISTED,
            [("AREA", area, 80) for area in ("Adults", "Roads", "Parks")],
            "s.csv",
            "0" * 64,
        )
        for label in CLOSED:
            close_round(store, label)
        return store

    first, second = filled("first"), filled("second")
    write_responses(second, [delivered("2026", "X03", newer)], replace=True)
    write_responses(second, [make_delivery(ABILITIES, "2026", "X03", skilled_late)], replace=True)
    write_responses(
        second,
        [
            delivered("2026", LATE, late),
            delivered("2026", GROWING, more, first=20),
            delivered(COLLECTING, "X09", tenth),
        ],
    )
    grown = {key: [*given, *more[key]] for key, given in raw["2026"][GROWING].items()}
    after = {
        **raw,
        "2026": {**raw["2026"], "X03": newer, LATE: late, GROWING: grown},
        COLLECTING: {**raw[COLLECTING], "X09": tenth},
    }
    return County(first, second, raw, after, skills)
