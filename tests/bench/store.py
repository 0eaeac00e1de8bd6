"""How large and how fast a store of 48 million ratings is. Run: python -m tests.bench.store [FOLDER]

400 organisations x 10 rounds x 300 people x 20 aspects x 2 measures, and everybody's overall rating.
Building and reading are processes of their own, so that each shows its own memory.
"""

import resource
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from statistics import median, quantiles

import numpy as np
import pyarrow as pa

from improve.instruments import read_library
from improve.model import Organisation, Role, Selection, Viewer
from improve.store import (
    ANSWER,
    ANSWERS,
    COMMENTS,
    RESPONSES,
    Batch,
    Delivery,
    StoreKind,
    check_store,
    close_round,
    open_store,
    round_counts,
    write_organisations,
    write_responses,
)
from improve.views.scores import scores_view

ORGANISATIONS, PEOPLE = 400, 300
ROUNDS = tuple(str(year) for year in range(2017, 2027))
OPERATOR = Viewer(Role.OPERATOR)


def organisations():
    nations = ("England", "Scotland", "Wales", "Northern Ireland")
    return [
        Organisation(
            code=f"B{number:08}",
            name=f"Bench {number}",
            official_name=f"Bench {number} Council",
            welsh_name="",
            type=("district", "unitary", "county")[number % 3],
            nation=nations[number % 4],
            region=nations[number % 4],
            parent_county="",
            lon=0.0,
            lat=52.0,
            population=100_000,
        )
        for number in range(ORGANISATIONS)
    ]


def batch_of(survey, people, seed):
    """Ratings around 5 in the order that the store keeps them in: item, measure, person."""
    chance = np.random.default_rng(seed)
    keys = [(one.id, measure.id) for one in survey.aspects for measure in survey.measures]
    keys.append((survey.headline.id, ANSWER))
    codes = np.clip(np.rint(chance.normal(5, 1.4, (len(keys), people))), 1, 7).astype(np.uint8)
    n = codes.size
    answers = pa.table(
        [
            pa.array(np.tile(np.arange(people, dtype=np.int32), len(keys))),
            pa.array(np.repeat([item for item, _ in keys], people)),
            pa.array(np.repeat([measure for _, measure in keys], people)),
            pa.array(codes.ravel()),
            pa.nulls(n, pa.float64()),
        ],
        schema=ANSWERS,
    )
    responses = pa.table(
        [pa.array(np.arange(2, people + 2, dtype=np.int32)), pa.nulls(people, pa.timestamp("us"))],
        schema=RESPONSES,
    )
    return Batch(responses, answers, COMMENTS.empty_table(), frozenset(keys))


def deliveries(survey, label):
    for number, organisation in enumerate(organisations()):
        yield Delivery(
            round=label,
            organisation=organisation.code,
            survey=survey,
            batch=batch_of(survey, PEOPLE, [int(label), number]),
            invited=1_200,
            opened_on=date(int(label), 5, 1),
            closed_on=date(int(label), 5, 31),
            file_name="bench",
            rows_read=PEOPLE,
        )


def resident():
    """Megabytes in memory now, and at most so far."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    now = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return now / 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def build(path):
    survey = read_library().get("satisfaction")
    start = time.perf_counter()
    store = open_store(path, make=StoreKind.REAL)
    write_organisations(store, organisations())
    for label in ROUNDS:
        write_responses(store, deliveries(survey, label))
        close_round(store, label)
    built = time.perf_counter() - start
    yield "built, s", built, None
    yield "check of every derived row, s", timed(lambda: check_store(store)) / 1000, None
    store.close()
    yield "file, MB", path.stat().st_size / 1e6, 300
    yield "most memory while building, MB", resident()[1], None


def during(work):
    """Milliseconds that something takes, over and over, while something else happens."""
    taken, ends = [], threading.Event()

    def repeat():
        while not ends.is_set():
            taken.append(timed(work))

    thread = threading.Thread(target=repeat)

    class During:
        def __enter__(self):
            thread.start()
            return taken

        def __exit__(self, *_error):
            ends.set()
            thread.join()

    return During()


def p95(values):
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def read(path):
    survey = read_library().get("satisfaction")
    start = resident()[0]
    opened = time.perf_counter()
    store = open_store(path)
    yield "opened, ms", (time.perf_counter() - opened) * 1000, None
    codes = [one.code for one in organisations()]

    def page(label, code):
        return scores_view(store, OPERATOR, Selection(organisation=code, round=label))

    def counts(label):
        store.kept.pop("counts", None)
        return timed(lambda: round_counts(store, label, survey.id))

    page(ROUNDS[0], codes[0])
    yield "counts of a round, cold, ms (median of rounds)", median([counts(one) for one in ROUNDS]), None
    store.kept.pop("counts", None)
    cold = [timed(lambda label=label: page(label, codes[7])) for label in ROUNDS]
    yield "the same of a round nobody has read since it was written, ms", median(cold), None
    warm = [timed(lambda code=code: page(ROUNDS[-1], code)) for code in codes[:100]]
    yield "page's figures, warm, ms (median)", median(warm), 30
    yield "page's figures, warm, ms (p95)", p95(warm), 30
    yield "memory with every round read, MB", resident()[0], 1000
    yield "memory before opening, MB", start, None

    written = []
    with during(lambda: page(ROUNDS[-1], codes[9])) as reading:
        for number in range(10):
            one = Delivery("2026", codes[number], survey, batch_of(survey, 300, number), file_name="small")
            written.append(timed(lambda one=one: write_responses(store, [one])))
    yield "300 people added while somebody reads, ms (median)", median(written), None
    yield "a read meanwhile, ms (p95)", p95(reading), None
    replaced = []
    for number in range(5):
        one = Delivery("2026", codes[number], survey, batch_of(survey, 300, number), file_name="small")
        replaced.append(timed(lambda one=one: write_responses(store, [one], replace=True)))
    yield "300 people replaced, ms (median)", median(replaced), None

    single = batch_of(survey, 1, 0)
    with during(lambda: write_responses(store, [Delivery("live", codes[0], survey, single)])) as writing:
        yield "backup while somebody writes, s", timed(store.backup) / 1000, None
    yield "one person's answers written meanwhile, ms (median)", median(writing), None
    yield "one person's answers written meanwhile, ms (longest)", max(writing), None
    now, most = resident()
    yield "memory at the end, MB", now, 1000
    yield "most memory, MB", most, 1000
    store.close()


def main():
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        path = Path(folder) / "bench.duckdb"
        for part in ("build", "read"):
            subprocess.run([sys.executable, "-m", "tests.bench.store", part, str(path)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("build", "read"):
        for name, value, limit in {"build": build, "read": read}[sys.argv[1]](Path(sys.argv[2])):
            verdict = (
                "" if limit is None else f"(at most {limit}) " + ("ok" if value <= limit else "TOO MUCH")
            )
            print(f"{name:<60} {value:10.1f} {verdict}", flush=True)
    else:
        main()
