"""Readiness as a file: a form for one respondent to fill in, and an organisation's answers by role.

What it looks like is that of every form of items with options (improve/assessment/spreadsheet.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from improve.assessment.spreadsheet import (
    ANSWER,
    EVIDENCE,
    GOOD,
    ITEM,
    NOTE,
    ROLE,
    SECTION,
    TEXT,
    TOPIC,
    Paper,
    csv_of,
    workbook_of,
)
from improve.instruments import Readiness, Statement, say
from improve.language import _, whole
from improve.readiness.link import LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class RoleAnswers:
    """What the people of a role said to a statement, without who said which."""

    role: str
    item: str
    codes: Sequence[int]
    evidence: Sequence[str]
    notes: Sequence[str]


def headings() -> dict[str, str]:
    """What each column of a form is called, in their order; an import knows a column by its heading."""
    return {
        ITEM: _("Id"),
        SECTION: _("Area"),
        TOPIC: _("Topic"),
        TEXT: _("Statement"),
        GOOD: _("What good looks like"),
        ANSWER: _("Answer"),
        EVIDENCE: _("Evidence"),
        NOTE: _("Note"),
    }


def empty_form(instrument: Readiness) -> Paper:
    """A form for one respondent: every statement, and no answer."""
    rows = [_about(instrument, one) for one in instrument.statements]
    return _paper(instrument, headings(), rows)


def answers_by_role(instrument: Readiness, answers: Sequence[RoleAnswers]) -> Paper:
    """What an organisation's people said, a row per statement and role; of several in a role together.

    Of a role with one respondent its rows are taken in again as they are.
    """
    labels = {one.code: say(one.label) for one in instrument.answers}
    known = {one.id: one for one in instrument.statements}
    rows = [
        {
            ROLE: one.role,
            **_about(instrument, known[one.item]),
            ANSWER: "; ".join(labels[code] for code in one.codes),
            EVIDENCE: "; ".join(one.evidence),
            NOTE: "; ".join(one.notes),
        }
        for one in answers
    ]
    return _paper(instrument, {ROLE: _("Role"), **headings()}, rows)


def form_workbook(instrument: Readiness) -> bytes:
    """An XLSX file to be filled in by one respondent."""
    return workbook_of(empty_form(instrument))


def form_csv(instrument: Readiness) -> bytes:
    """The same as CSV (UTF-8 with its mark, so that Excel opens it rightly)."""
    return csv_of(empty_form(instrument))


def _about(instrument: Readiness, statement: Statement) -> dict[str, str]:
    areas = {one.id: say(one.name) for one in instrument.areas}
    return {
        ITEM: statement.id,
        SECTION: areas[statement.area],
        TOPIC: "" if statement.topic is None else say(statement.topic),
        TEXT: say(statement.text),
        GOOD: "" if statement.good is None else say(statement.good),
    }


def _paper(instrument: Readiness, names: dict[str, str], rows: list[dict[str, str]]) -> Paper:
    explained = {
        ITEM: _("Which statement the row is about. An import goes by it: leave it as it is."),
        ANSWER: _("One of the answers listed here. “Don't know” is welcome: it shows a blind spot."),
        EVIDENCE: _("What shows it: a link or a few words, in up to {most} characters.").format(
            most=whole(LONGEST_TEXT)
        ),
        NOTE: _("What else there is to say, in up to {most} characters.").format(most=whole(LONGEST_TEXT)),
    }
    return Paper(
        say(instrument.title), names, rows, [say(one.label) for one in instrument.answers], explained
    )
