"""The empty file that a council fills: one column per thing asked, named so that it imports as it is.

An aspect has a column per measure ("SYS1 importance"), a question one column ("OVR1"). Optional
aspects are left out unless asked for: a column that stands in a file counts as asked.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime

import xlsxwriter

from improve.instruments.model import Measure, Option, Question, QuestionKind, Scale, Survey, say
from improve.language import _

# Without a fixed date of its own each workbook would differ from the last.
_CREATED = datetime(2026, 1, 1)


def template_header(survey: Survey, *, with_optional: bool = False) -> list[str]:
    """The column names: aspects by measure, then overall, questions, profile and comments by id."""
    return [name for name, _asked, _answer in _columns(survey, with_optional)]


def template_csv(survey: Survey, *, with_optional: bool = False) -> str:
    """The header row alone, as CSV (comma, CRLF); one row per respondent goes below it."""
    text = io.StringIO()
    csv.writer(text).writerow(template_header(survey, with_optional=with_optional))
    return text.getvalue()


def template_workbook(survey: Survey, *, with_optional: bool = False) -> bytes:
    """An XLSX file: a sheet with the header row, to be filled, and one that explains each column.

    The sheet to be filled is the first and the active one, which is what an import reads. All cells
    are plain text: no formula, no link.
    """
    columns = _columns(survey, with_optional)
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"created": _CREATED, "title": say(survey.title)})
    bold = workbook.add_format({"bold": True, "bottom": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})

    answers = workbook.add_worksheet(sheet_name(_("Answers")))
    answers.freeze_panes(1, 0)
    for place, (name, _asked, _answer) in enumerate(columns):
        answers.write_string(0, place, name, bold)
        answers.set_column(place, place, max(8, len(name) + 2))
    answers.activate()

    explained = workbook.add_worksheet(sheet_name(_("Explanation")))
    explained.freeze_panes(1, 0)
    explained.set_column(0, 0, 22)
    explained.set_column(1, 2, 60, wrapped)
    rows = [(_("Column"), _("What is asked"), _("What goes into it")), *columns]
    for row, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            explained.write_string(row, place, cell, bold if row == 0 else wrapped)
    workbook.close()
    return content.getvalue()


def _columns(survey: Survey, with_optional: bool) -> list[tuple[str, str, str]]:
    """Name, what is asked, what goes into it."""
    columns = [
        (
            f"{aspect.id} {measure.id}",
            _("{aspect}. {question}").format(aspect=say(aspect.text), question=say(measure.question)),
            _rating(survey.scale, measure),
        )
        for aspect in survey.aspects
        if with_optional or not aspect.optional
        for measure in survey.measures
    ]
    columns += [
        (question.id, say(question.text), _answer_to(survey, question)) for question in survey.all_questions()
    ]
    return columns


def _answer_to(survey: Survey, question: Question) -> str:
    if question.kind is QuestionKind.RATING:
        return _rating(survey.scale_of(question))
    if question.kind is QuestionKind.NUMBER:
        text = _("A number from {low:g} to {high:g}.").format(low=question.low, high=question.high)
        if question.unit is None:
            return text
        return _("A number from {low:g} to {high:g} ({unit}).").format(
            low=question.low, high=question.high, unit=say(question.unit)
        )
    if question.kind is QuestionKind.TEXT:
        return _("The respondent's own words.")
    if question.options_from is not None:
        return _("The name, from your organisation's own list.")
    if question.kind is QuestionKind.MULTIPLE:
        return _(
            "One or several of these, as number or text, with a semicolon between them: {options}."
        ).format(options=_listed(question.options))
    return _("One of these, as number or text: {options}.").format(options=_listed(question.options))


def _rating(scale: Scale, measure: Measure | None = None) -> str:
    ends = (measure.ends if measure is not None else {}) or scale.ends
    if scale.low in ends and scale.high in ends:
        return _(
            "A whole number from {low} ({low_words}) to {high} ({high_words}); empty without an answer."
        ).format(
            low=scale.low, low_words=say(ends[scale.low]), high=scale.high, high_words=say(ends[scale.high])
        )
    return _("A whole number from {low} to {high}; empty without an answer.").format(
        low=scale.low, high=scale.high
    )


def _listed(options: tuple[Option, ...]) -> str:
    return "; ".join(f"{option.code} = {say(option.label)}" for option in options)


def sheet_name(name: str) -> str:
    """A sheet's name as Excel takes it: at most 31 characters, none of []:*?/\\ ."""
    return "".join(letter for letter in name if letter not in "[]:*?/\\")[:31]
