"""The query files: each has its header, is called by whom it says, and runs."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from improve.store import StoreKind, open_store
from improve.store.assessment import _ANSWERS as _ASSESSMENT_ANSWERS
from improve.store.assessment import _ASSESSMENTS as _WHOLE_ASSESSMENTS
from improve.store.assessment import _SECTIONS
from improve.store.boundary import _OUTLINES
from improve.store.comment import _KEYS
from improve.store.door import QUERIES
from improve.store.fieldwork import _GROUPS
from improve.store.readiness import _ANSWERS as _READINESS_ANSWERS
from improve.store.readiness import _ASSESSMENTS, _RESPONDENTS
from improve.store.survey import _ASKED, _IMPORTS, _OPTIONS, _REMINDERS, _TOUCHED

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(QUERIES.glob("*.sql"))
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "improve").rglob("*.py"))}

INT, TEXT = pa.int32(), pa.string()
TABLES = {
    "insert_imports": _IMPORTS,
    "insert_askeds": _ASKED,
    "insert_own_options": _OPTIONS,
    "delete_reminders": _REMINDERS,
    "insert_reminders": _REMINDERS,
    "insert_staff_groups": _GROUPS,
    "insert_boundaries": _OUTLINES,
    "approve_comments": _KEYS,
    "disapprove_comments": _KEYS,
    "insert_assessments": _WHOLE_ASSESSMENTS,
    "insert_assessment_answers": _ASSESSMENT_ANSWERS,
    "insert_assessment_sections": _SECTIONS,
    "insert_readiness_answers": _READINESS_ANSWERS,
    "insert_partner_assessments": _ASSESSMENTS,
    "insert_respondents": _RESPONDENTS,
    "insert_responses": pa.schema(
        [("id", INT), ("import_id", INT), ("source_row", INT), ("answered_at", pa.timestamp("us"))]
    ),
    "insert_answers": pa.schema(
        [
            ("import_id", INT),
            ("item", TEXT),
            ("measure", TEXT),
            ("response_id", INT),
            ("code", pa.uint8()),
            ("number", pa.float64()),
        ]
    ),
    "insert_comments": pa.schema([("import_id", INT), ("item", TEXT), ("response_id", INT), ("text", TEXT)]),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("query") / "store.duckdb", make=StoreKind.REAL)
    yield store
    store.close()


def incoming(name):
    from improve.store.register import _COLUMNS

    return _COLUMNS if name == "insert_organisations" else TABLES[name]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_query_file_says_its_rows_and_its_caller(path):
    first, second, *_rest = path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"-- [A-Z].*\.", first)
    callers = re.fullmatch(r"-- Caller: (.+)", second).group(1).split(", ")
    for caller in callers:
        module, *names = caller.split(".")
        source = SOURCES[ROOT / "improve" / "store" / f"{module}.py"]
        assert f'"{path.stem}"' in source, f"{module}.py does not call it"
        for name in names:
            assert re.search(rf"^\s*(def|class) {name}\b", source, re.MULTILINE), f"{module} has no {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_query_file_runs(store, path):
    """Planned by DuckDB against the tables as they are, with a value for every parameter."""
    sql = path.read_text(encoding="utf-8")
    code = re.sub(r"--.*", "", sql)
    wanted = dict.fromkeys(re.findall(r"\$(\w+)", code))
    with store._cursor() as cursor:
        if re.search(r"\btouched\b", code):
            cursor.register("touched", _TOUCHED.empty_table())
        if re.search(r"\bincoming\b", code):
            cursor.register("incoming", incoming(path.stem).empty_table())
        assert cursor.execute("explain " + sql, wanted).fetchall()


def test_no_statement_is_put_together_from_input():
    """SQL lives in files; what the door says itself are constants and quoted names."""
    for path, source in SOURCES.items():
        if path.parent.name != "store":
            assert ".execute(" not in source, f"{path.name} talks to a database"
        assert not re.search(r"\.execute\(\s*f[\"']", source), f"{path.name} formats SQL"
