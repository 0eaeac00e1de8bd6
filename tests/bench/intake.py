"""How long a large survey file takes to import, and how much memory. Run: python -m tests.bench.intake

100,000 responses x 41 columns as CSV, 20,000 as XLSX; each is imported by a process of its own.
"""

import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from improve.instruments import read_library
from improve.intake.plan import Request, plan_import, take_in
from improve.opening import open_with_register
from improve.store import StoreKind

FILES = (("responses.csv", 100_000, 20, 1_500), ("responses.xlsx", 20_000, 20, 1_500))
"""Name, rows, seconds and megabytes allowed."""


def rows_of(people):
    """A header of 41 ratings, and as many rows as there are people; one answer in twelve is missing."""
    survey = read_library().get("satisfaction")
    common = [aspect.id for aspect in survey.aspects if not aspect.optional]
    yield [f"{item} {measure.id}" for item in common for measure in survey.measures] + [survey.headline.id]
    chance = np.random.default_rng(1)
    for _ in range(people):
        codes = np.clip(np.rint(chance.normal(5, 1.4, 41)), 1, 7).astype(int).tolist()
        yield [
            "" if is_missing else code
            for code, is_missing in zip(codes, chance.random(41) < 1 / 12, strict=True)
        ]


def write_file(path, people):
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows_of(people))
        return
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Data")
    for row in rows_of(people):
        sheet.append(row)
    workbook.save(path)


def take(path):
    """Yields what was measured: name, value, limit."""
    rows, seconds, megabytes = next(entry[1:] for entry in FILES if entry[0] == path.name)
    store = open_with_register(path.with_name("store.duckdb"), StoreKind.REAL, "512MB")
    request = Request(content=path.read_bytes(), file_name=path.name, organisation="Cardiff", round="2026")
    start = time.perf_counter()
    plan = plan_import(store, read_library(), request)
    planned = time.perf_counter() - start
    take_in(store, plan)
    taken = time.perf_counter() - start
    assert plan.checked is not None
    assert plan.checked.rows_accepted == rows
    store.close()
    yield "columns understood", len(plan.understanding.matched), None
    yield "rows read and checked, s", planned, None
    yield "imported in all, s", taken, seconds
    yield "most memory, MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, megabytes


def main():
    for name, rows, _seconds, _megabytes in FILES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            write_file(path, rows)
            print(f"{name}: {rows} rows, {path.stat().st_size / 1e6:.1f} MB")
            subprocess.run([sys.executable, "-m", "tests.bench.intake", str(path)], check=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        for name, value, limit in take(Path(sys.argv[1])):
            verdict = (
                "" if limit is None else f"(at most {limit}) " + ("ok" if value <= limit else "TOO MUCH")
            )
            print(f"    {name:<40} {value:10.1f} {verdict}", flush=True)
    else:
        main()
