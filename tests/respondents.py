"""Files as councils would send them, and the command line as they would type it."""

import csv
import io
import json

import duckdb
import numpy as np
import openpyxl
from click.testing import CliRunner

from improve.__main__ import main
from improve.instruments import QuestionKind, read_library
from improve.instruments.template import template_csv, template_workbook

SURVEY = read_library().get("satisfaction")


def header():
    return next(csv.reader(io.StringIO(template_csv(SURVEY))))


def filled(people, seed, blank=0.05):
    """The template's header, and a row of answers per person from a fixed seed; some cells are blank."""
    rng = np.random.default_rng(seed)
    questions = {question.id: question for question in SURVEY.all_questions()}
    columns = []
    for name in header():
        item, _space, measure = name.partition(" ")
        question = questions.get(item)
        if question is None or question.kind is QuestionKind.RATING:
            scale = SURVEY.scale if question is None else SURVEY.scale_of(question)
            lean = rng.uniform(0.35, 0.75)
            codes = scale.low + rng.binomial(scale.high - scale.low, lean, people)
        elif question.kind is QuestionKind.NUMBER:
            codes = rng.integers(int(question.low), int(question.high) + 1, people)
        elif question.kind is QuestionKind.TEXT:
            codes = np.array(["Very helpful", "=1+1", "<b>slow</b>"])[rng.integers(0, 3, people)]
        elif question.options:
            codes = rng.choice([option.code for option in question.options], people)
        else:
            codes = np.array(["Education", "Housing"])[rng.integers(0, 2, people)]
        is_blank = rng.random(people) < (blank if measure else 0.0)
        columns.append(["" if gone else str(code) for code, gone in zip(codes, is_blank, strict=True)])
    return header(), [list(row) for row in zip(*columns, strict=True)]


def as_csv(head, rows, encoding="utf-8"):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def as_workbook(rows):
    """The template workbook with the rows filled in as a spreadsheet program would: numbers as numbers."""
    workbook = openpyxl.load_workbook(io.BytesIO(template_workbook(SURVEY)))
    for row in rows:
        workbook.active.append([float(cell) if cell.isdigit() else cell or None for cell in row])
        for cell in workbook.active[workbook.active.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # "=1+1" was typed as text
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def survey_file(folder, people=20, seed=1, name="answers.csv"):
    """A good file of so many people."""
    path = folder / name
    path.write_bytes(as_csv(*filled(people, seed)))
    return path


def command(store, *arguments):
    """Runs `python -m improve` in this process. Nothing but its own exit may end it."""
    given = [] if store is None else ["--store", str(store)]
    return CliRunner().invoke(main, [*given, *map(str, arguments)], catch_exceptions=False)


def take_in(store, file, organisation="Cardiff", label="2026", *options):
    return command(
        store, "import", "survey", file, "--organisation", organisation, "--round", label, *options
    )


def figures(store, organisation, label="2026", *options):
    """The figures as the object that --json prints."""
    given = () if organisation is None else ("--organisation", organisation)
    result = command(store, "figures", "satisfaction", "--round", label, *given, *options, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def tables(path):
    """Every row of every table of a closed store."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        return {
            name: sorted(connection.execute(f'from "{name}"').fetchall(), key=repr) for name in sorted(names)
        }
