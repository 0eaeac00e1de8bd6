"""The rules that hold the rooms apart: which module may name which, and what stands where.

A rule that is in the way is changed here, in sight, with its reason; it is never gone around.
"""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from improve.config import ROOT

PRODUCT = sorted(
    [ROOT / "app.py", *(ROOT / "improve").rglob("*.py"), *(ROOT / "pages").rglob("*.py")],
)
PAGES = sorted((ROOT / "pages").rglob("*.py"))
TESTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / ".ci").glob("*.py")])
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in [*PRODUCT, *TESTS]}

# Each room, and which rooms it may import. A room stands below all that it imports, so that
# imports run one way. A new room gets its line here.
MAY_IMPORT = {
    "config": set(),
    "language": set(),
    "errors": set(),
    "model": set(),
    "scoring": {"model"},
    "charts": {"model"},
    "masking": {"language"},
    "theme": set(),
    "disclosure": {"model", "language", "masking"},
    "instruments": {"model", "errors", "language"},
    "register": {"model", "errors", "language"},
    "store": {"model", "errors", "language", "instruments"},
    "wording": set(),
    "action": {"model", "errors", "language", "store", "disclosure", "wording"},
    "assessment": {"model", "errors", "language", "instruments", "store", "disclosure", "wording"},
    "readiness": {
        *("model", "errors", "language", "instruments", "store", "disclosure", "wording", "assessment"),
    },
    "demo": {"model", "errors", "language", "instruments", "store"},
    "intake": {
        *("model", "errors", "language", "instruments", "register", "store", "disclosure", "assessment"),
        *("wording", "readiness"),
    },
    "views": {
        *("model", "errors", "language", "instruments", "register", "store", "disclosure", "scoring"),
        *("action", "theme", "assessment", "readiness"),
    },
    "cohort": {"model", "errors", "language", "store", "disclosure", "views", "wording"},
    "opening": {"config", "model", "errors", "language", "instruments", "register", "store", "demo"},
    "handover": {"model", "errors", "language"},
    "commands": {
        *("model", "errors", "language", "instruments", "register", "store", "intake", "views", "handover"),
        *("assessment", "readiness"),
    },
    "__main__": {
        *("config", "model", "errors", "language", "instruments", "store", "intake", "views", "opening"),
        *("handover", "commands", "assessment", "readiness"),
    },
    "web": {
        *(
            "config",
            "model",
            "errors",
            "language",
            "charts",
            "instruments",
            "store",
            "demo",
            "intake",
            "views",
        ),
        *("opening", "handover", "commands", "action", "assessment", "readiness", "wording", "cohort"),
    },
    "pages": {"language", "views", "web"},
    "app": {"web"},
}

# What those that show figures may ask the store for: to be opened, checked, copied and closed, and
# which rounds and organisations there are. Answers and counts reach them through views alone.
SHOW_FIGURES = ("commands", "__main__", "web", "pages", "app")
HARMLESS = {
    *("Store", "StoreKind", "open_store", "check_store", "close_round", "open_round"),
    *("read_rounds", "read_organisations", "read_surveys", "refuse_changed_instrument", "ANSWER"),
}


def room_of(path):
    """The room a file of the product stands in."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "improve" and len(parts) > 1 else parts[0]


def imports(path):
    """Every module or name that a file imports, anywhere in it, as a dotted path with its line."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def where(path, line):
    """A place as a reader clicks on it."""
    return f"{path.relative_to(ROOT)}:{line}"


def importers(*packages):
    """The rooms that import one of these packages, with the place."""
    return {
        where(path, line): room_of(path)
        for path in PRODUCT
        for name, line in imports(path)
        if name.split(".")[0] in packages
    }


def named(node):
    """The last name of what is called or referred to: `f` of `f(...)` and of `x.f(...)`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def calls(path, *names):
    """The calls of functions and methods with one of these names."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Call) and named(node.func) in names:
            yield node


# ── Who imports what ───────────────────────────────────────────────────────────────────────────


def test_imports_run_one_way():
    seen = {"improve"}
    for room, may in MAY_IMPORT.items():
        assert may <= seen, f"{room} may import {may - seen}, which stand above it"
        seen.add(room)
    broken = []
    for path in PRODUCT:
        room = room_of(path)
        if path == ROOT / "improve" / "__init__.py":
            continue
        assert room in MAY_IMPORT, f"{room} is a new room: say in MAY_IMPORT what it may import"
        for name, line in imports(path):
            package, *rest = name.split(".")
            if package == "improve" and rest[0] not in MAY_IMPORT[room] | {room}:
                broken.append(f"{where(path, line)} imports {name}")
    assert not broken


def test_every_room_of_the_table_exists():
    assert {room_of(path) for path in PRODUCT} - {"__init__"} == set(MAY_IMPORT)


def test_figures_reach_pages_and_commands_through_views_alone():
    broken = []
    for path in PRODUCT:
        if room_of(path) not in SHOW_FIGURES:
            continue
        for name, line in imports(path):
            if name.startswith("improve.store.") and name.split(".")[2] not in HARMLESS:
                broken.append(f"{where(path, line)} imports {name}")
            if name == "improve.store":
                broken.append(f"{where(path, line)} imports all of the store")
    assert not broken


def test_the_store_is_asked_by_name_inside_the_store_alone():
    """A query is run by `rows`, `table` or `read_together` of the store or of a transaction."""
    broken = [
        where(path, call.lineno)
        for path in PRODUCT
        if room_of(path) != "store"
        for call in calls(path, "rows", "table", "read_together", "write", "touch")
        if isinstance(call.func, ast.Attribute) and named(call.func.value) in ("store", "transaction")
    ]
    assert not broken


def test_only_the_edge_imports_streamlit():
    rooms = importers("streamlit")
    assert set(rooms.values()) <= {"web", "pages", "app"}, rooms
    assert "web" in rooms.values()


def test_only_the_store_imports_duckdb():
    assert set(importers("duckdb").values()) == {"store"}


def test_only_charts_draw():
    assert set(importers("altair", "vl_convert").values()) == {"charts"}


def test_nobody_imports_pandas():
    """It is slow to import and to hand over; what is shown goes as Arrow or as rows."""
    assert not importers("pandas")


def test_pages_hold_no_frames():
    """What a page hands on was made by its view; it has nothing to compute."""
    allowed = {"streamlit", "improve"}
    assert not [
        f"{where(path, line)} imports {name}"
        for path in PAGES
        for name, line in imports(path)
        if name.split(".")[0] not in allowed
    ]


# ── Who makes what ─────────────────────────────────────────────────────────────────────────────


def test_only_disclosure_makes_figures():
    makers = {"_SEAL", "_released", "_withheld"}
    broken = []
    for path in PRODUCT:
        if room_of(path) == "disclosure":
            continue
        made = list(calls(path, "Figure"))
        made += [call for call in calls(path, "__setattr__", "__new__") if "Figure" in ast.unparse(call)]
        made += [node for node in ast.walk(TREES[path]) if named(node) in makers]
        broken += [where(path, node.lineno) for node in made]
        broken += [where(path, line) for name, line in imports(path) if name.split(".")[-1] in makers]
    assert not broken


def test_state_of_a_session_stays_at_the_edge():
    broken = [
        where(path, node.lineno)
        for path in PRODUCT
        if room_of(path) != "web"
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Attribute) and node.attr in ("session_state", "query_params")
    ]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_is_an_outline(page):
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 80
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert not [node for node in ast.walk(TREES[page]) if isinstance(node, definitions)]


def test_app_is_a_launcher_that_streamlit_recognises():
    """Streamlit reads app.py for a literal `app = st.App(...)`; else it would serve pages/ unasked."""
    made = [
        node
        for node in TREES[ROOT / "app.py"].body
        if isinstance(node, ast.Assign) and ast.unparse(node).startswith("app = st.App(")
    ]
    assert len(made) == 1
    (entry,) = made[0].value.args
    assert ast.literal_eval(entry) == "improve/web/main.py"
    assert not (ROOT / entry.value).with_name("pages").exists()


# ── Statements ─────────────────────────────────────────────────────────────────────────────────


def is_fixed_statement(node, variables):
    """A literal, a query file, a migration's text; joined only with what `_quoted` made harmless."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = (node.left, node.right)
        return all(
            is_fixed_statement(part, variables)
            or (isinstance(part, ast.Call) and named(part.func) == "_quoted")
            for part in parts
        )
    if isinstance(node, ast.Call):
        return named(node.func) == "_query"
    if isinstance(node, ast.Name):
        return node.id in variables
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_no_built_text_reaches_the_database():
    broken = []
    for path in PRODUCT:
        # The migrations' texts come out of a loop over files; nothing else is a variable.
        loops = [node.target for node in ast.walk(TREES[path]) if isinstance(node, ast.For)]
        texts = {named(name) for loop in loops for name in ast.walk(loop)}
        broken += [
            f"{where(path, call.lineno)} {ast.unparse(call)}"
            for call in calls(path, "execute", "executemany", "sql", "query")
            if not is_fixed_statement(call.args[0], texts if room_of(path) == "store" else set())
        ]
    assert not broken
    assert any(list(calls(path, "execute")) for path in PRODUCT)


# ── Words ──────────────────────────────────────────────────────────────────────────────────────


def tables_of_messages(path):
    """The names at the top of a file whose texts are marked by N_ for translation later."""
    found = set()
    for node in TREES[path].body:
        targets = (
            [node.target]
            if isinstance(node, ast.AnnAssign)
            else node.targets
            if isinstance(node, ast.Assign)
            else []
        )
        marked = any(isinstance(one, ast.Call) and named(one.func) == "N_" for one in ast.walk(node))
        found |= {named(target) for target in targets if marked}
    return found


def test_messages_are_literals():
    """Only what stands in the code as it is can be extracted into the catalogue."""
    broken = []
    for path in PRODUCT:
        if room_of(path) == "language":
            continue
        tables = tables_of_messages(path)
        for call in calls(path, "_", "ngettext", "N_"):
            messages = call.args[:2] if named(call.func) == "ngettext" else call.args[:1]
            for message in messages:
                looked_up = message
                while isinstance(looked_up, ast.Subscript):
                    looked_up = looked_up.value
                is_literal = isinstance(message, ast.Constant) and isinstance(message.value, str)
                is_marked = isinstance(message, ast.Subscript) and named(looked_up) in tables
                if not (is_literal or is_marked):
                    broken.append(f"{where(path, call.lineno)} {ast.unparse(call)}")
    assert not broken


# ── The repository ─────────────────────────────────────────────────────────────────────────────


def committed_text():
    """Every file of ours that people read or machines run, with its text."""
    names = ["*.py", "*.txt", "*.toml", "*.cfg", "*.md", "Dockerfile", ".dockerignore", ".gitignore"]
    paths = [path for name in names for path in ROOT.glob(name)]
    for folder in ("improve", "pages", "tests", "docs", ".ci", ".streamlit", "data"):
        paths += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    readable = {".py", ".txt", ".toml", ".cfg", ".md", ".yaml", ".sql", ".csv", ".json", ".pot", ".po", ""}
    for path in paths:
        if path.suffix in readable and "__pycache__" not in path.parts:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def test_no_file_names_a_machine_or_a_package_host():
    machine = ("work", "root", "opt", "home", "Users", "tmp/dev")
    hosts = (r"pypi\.", "pythonhosted", r"debian\.org", "index-url", "find-links", r"conda\.")
    forbidden = re.compile("|".join([*(f"(?<![\\w.~-])/{one}/" for one in machine), *hosts]))
    broken = [
        f"{where(path, number)}: {line.strip()[:80]}"
        for path, text in committed_text()
        if path != Path(__file__)
        for number, line in enumerate(text.splitlines(), start=1)
        if forbidden.search(line)
    ]
    assert not broken


def test_nothing_is_waved_through():
    """No silenced checker, no skipped test, no ignored warning, nothing put off."""
    marks = re.compile(
        r"#\s*(?:type:\s*ignore|no"
        r"qa|pragma: no|TO"
        r"DO|FIX"
        r"ME|XXX)"
        r"|pytest\.(?:mark\.)?(?:skip|xfail|importorskip)\w*|filter"
        r"warnings|simple"
        r"filter|assert True$",
        re.MULTILINE,
    )
    broken = [
        f"{where(path, number)}: {line.strip()[:80]}"
        for path in TREES
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if marks.search(line)
    ]
    assert not broken
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
    assert settings["ini_options"]["filterwarnings"] == ["error"]


# ── Requirements ───────────────────────────────────────────────────────────────────────────────


def normal(name):
    """A distribution's name as package tools compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(file):
    """The distributions of a requirements file: those it names for themselves, and all of it."""
    direct, all_of_it = set(), set()
    is_direct = False
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            is_direct = "Needed by those above" not in line
        elif line and not line.startswith("-r "):
            pinned = re.fullmatch(r"([\w.-]+)==([\w.]+)(?:; platform_system == \"Windows\")?", line)
            assert pinned, f"{file}: {line!r} is not an exact version"
            assert normal(pinned[1]) not in all_of_it, f"{file} names {pinned[1]} twice"
            all_of_it.add(normal(pinned[1]))
            if is_direct:
                direct.add(normal(pinned[1]))
    return direct, all_of_it


def imported_distributions(paths):
    """The distributions that files import from, by the place of one such import."""
    of_package = packages_distributions()
    found = {}
    for path in paths:
        for name, line in imports(path):
            package = name.split(".")[0]
            if package in sys.stdlib_module_names or package in ("improve", "tests"):
                continue
            for distribution in of_package.get(package, [f"(nothing installed has {package})"]):
                found.setdefault(normal(distribution), where(path, line))
    return found


def test_requirements_are_what_the_product_imports():
    direct, _all_of_it = requirements("requirements.txt")
    assert direct == set(imported_distributions(PRODUCT))


def test_requirements_for_tests_are_what_tests_and_checks_use():
    _direct, running = requirements("requirements.txt")
    direct, _all_of_it = requirements("requirements-dev.txt")
    imported = imported_distributions(TESTS)
    assert not {name: place for name, place in imported.items() if name not in direct | running}
    used = "\n".join(
        (ROOT / name).read_text(encoding="utf-8") for name in ("pyproject.toml", ".ci/run", "README.md")
    )
    tools = {name for name in direct if re.search(rf"\b{name}\b", used)}
    stubs = {name for name in direct if name.startswith("types-") or name.endswith("-stubs")}
    assert direct <= set(imported) | tools | stubs
