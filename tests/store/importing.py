"""An endless series of writes, the same in every process, for a process that will be killed."""

from datetime import date, datetime, timedelta

import numpy as np

from improve.store import (
    action,
    approve_comments,
    benchmark,
    close_round,
    comment,
    fieldwork,
    open_store,
    read_comments,
    survey,
    write_action,
    write_organisations,
    write_responses,
    write_staff,
)
from tests.factory import make_delivery, make_organisation
from tests.store.skill import skilled_survey

CODES = ("X1", "X2", "X3", "X4")
ROUNDS = ("2025", "2026")
CLOCKS = (survey, benchmark, fieldwork, action, comment)
"""The modules that ask what time it is."""

AREAS = np.array(["Roads", "Care", "Schools", "Parks"])


def prepared(number):
    """The write of a step, ready to be done to a store; what it needs is made beforehand."""
    chance = np.random.default_rng(number)
    moment = datetime(2026, 1, 1) + timedelta(minutes=number)
    for module in CLOCKS:
        module.now = lambda: moment
    if number % 6 == 5:
        label = ROUNDS[number % 2]
        return lambda store: close_round(store, label, even_if_few_change=True)
    if number % 10 == 8:
        return lambda store: write_organisations(store, [make_organisation("X1", population=number)])
    if number % 10 == 4:
        groups = [("AREA", area, int(chance.integers(10, 900))) for area in AREAS]
        return lambda store: write_staff(store, ROUNDS[0], "X1", groups, f"{number}.csv", "")
    if number % 10 == 6:
        return lambda store: write_action(store, None, "X2", "A1", f"No. {number}", moment.date(), "")
    if number % 10 == 9:
        return approve_some
    chosen = chance.choice(CODES, size=chance.integers(1, 4), replace=False)
    deliveries = [delivery(chance, str(code)) for code in chosen]
    # Both rounds must be there before one of them can be closed.
    replace = bool(chance.random() < 0.6) and number > 1
    if number < 2:
        deliveries = [delivery(chance, code, ROUNDS[number]) for code in CODES]
    return lambda store: write_responses(store, deliveries, replace=replace)


def approve_some(store):
    keys = [one.key for one in read_comments(store, ROUNDS[0], "small", "OVR")]
    approve_comments(store, ROUNDS[0], keys[::3], True)


def delivery(chance, code, label=None):
    people = int(chance.integers(50, 400))

    def codes(*options):
        return [options[place] for place in chance.integers(0, len(options), people)]

    answers = {
        "A1": codes(1, 2, 3, 4, 5, None),
        ("A1", "importance"): codes(1, 2, 3, 4, 5, None),
        "OVR": codes(3, 4, 5),
        "WAYS": codes((0,), (0, 5), (1, 5), None),
        "HOURS": codes(7.5, 8.0, 2.0),
        "AREA": codes(*chance.permutation(AREAS)[: chance.integers(1, 5)].tolist()),
        "S1": codes(4, 2, 0, 5),
        "S2": codes(3, 2, None),
        "COM": codes("well done", "a word about the help desk", None),
    }
    return make_delivery(
        skilled_survey(),
        label or str(chance.choice(ROUNDS)),
        code,
        answers,
        invited=int(chance.integers(400, 900)),
        reminders=tuple(date(2026, 5, int(day)) for day in chance.integers(1, 29, chance.integers(0, 3))),
        file_name=f"{code}.csv",
    )


def keep_writing(path, number, told):
    """Does step after step, and tells the start and the end of each, until somebody ends it."""
    store = open_store(path)
    while True:
        work = prepared(number)
        told.send(("start", number))
        work(store)
        told.send(("done", number))
        number += 1
        if number % 4 == 0:
            # Closing writes the log into the file: that must bear being killed as well.
            store.close()
            store = open_store(path)
