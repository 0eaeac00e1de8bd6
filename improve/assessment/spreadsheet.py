"""A sheet as a file: a row per criterion, to be filled in elsewhere and taken in again as it is.

What it looks like is the same for every form of items with options (`Paper`): one header row, then a
row per item. improve/intake/filled.py reads it by its headings.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

from improve.assessment.sheet import LONGEST_EVIDENCE, LONGEST_REASON, Sheet
from improve.instruments import Maturity, say
from improve.instruments.template import sheet_name
from improve.language import _, whole
from improve.wording import as_text_cell

ITEM, SECTION, LEVEL, TOPIC, TEXT, GOOD = "item", "section", "level", "topic", "text", "good"
ANSWER, REASON, EVIDENCE = "answer", "reason", "evidence"
ANSWERED_BY, ANSWERED_AT, LAST = "answered_by", "answered_at", "last"
ROLE, NOTE = "role", "note"
"""What a column holds."""

FILLED_IN = (ANSWER, REASON, EVIDENCE, NOTE)
"""The columns that somebody fills in; the others are for reading."""

_WIDTHS = {
    ITEM: 11,
    SECTION: 20,
    LEVEL: 7,
    TOPIC: 22,
    TEXT: 44,
    GOOD: 44,
    ANSWER: 18,
    REASON: 28,
    EVIDENCE: 44,
    ANSWERED_BY: 20,
    ANSWERED_AT: 24,
    LAST: 18,
    ROLE: 18,
    NOTE: 32,
}
_LENGTHS = {REASON: LONGEST_REASON, EVIDENCE: LONGEST_EVIDENCE, NOTE: LONGEST_EVIDENCE}
_INPUT_COLOUR = "#FFF8E1"
_LINE_COLOUR = "#BFBFBF"
_MOST_IN_A_MESSAGE = 255
# Without a fixed date of its own each workbook would differ from the last.
_CREATED = datetime(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Paper:
    """What a file of a sheet holds: headings by what their column holds, and the rows likewise.

    `labels` are the answers that may be chosen; `explained` says of each column what goes into it.
    """

    title: str
    headings: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]
    labels: Sequence[str]
    explained: Mapping[str, str]


def headings() -> dict[str, str]:
    """What each column is called, in their order; an import knows a column by its heading."""
    return {
        ITEM: _("Id"),
        SECTION: _("Function"),
        LEVEL: _("Level"),
        TOPIC: _("Topic"),
        TEXT: _("Criterion"),
        GOOD: _("What good looks like"),
        ANSWER: _("Answer"),
        REASON: _("Reason if it does not apply"),
        EVIDENCE: _("Evidence"),
        ANSWERED_BY: _("Answered by"),
        ANSWERED_AT: _("Answered at"),
        LAST: _("Answer last time"),
    }


def time_stamp(moment: datetime) -> str:
    """When an answer was given, as a file tells it; to the second, and no date to a spreadsheet."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def sheet_workbook(sheet: Sheet) -> bytes:
    """An XLSX file of a sheet with its answers; its first worksheet is taken in again as it is."""
    return workbook_of(_paper(sheet.instrument, sheet))


def sheet_csv(sheet: Sheet) -> bytes:
    """The same as CSV (UTF-8 with its mark, so that Excel opens it rightly)."""
    return csv_of(_paper(sheet.instrument, sheet))


def empty_workbook(instrument: Maturity) -> bytes:
    """An XLSX file to be filled in: every criterion, and no answer."""
    return workbook_of(_paper(instrument, None))


def empty_csv(instrument: Maturity) -> bytes:
    """The same as CSV."""
    return csv_of(_paper(instrument, None))


def _paper(instrument: Maturity, sheet: Sheet | None) -> Paper:
    left_out = () if sheet else (ANSWERED_BY, ANSWERED_AT)
    names = {key: name for key, name in headings().items() if key not in left_out}
    if sheet is None or sheet.last_round is None:
        del names[LAST]
    else:
        names[LAST] = _("Answer in {round}").format(round=sheet.last_round)
    labels = {one.code: say(one.label) for one in instrument.answers}
    functions = {one.id: say(one.name) for one in instrument.functions}
    rows = []
    for one in instrument.criteria:
        row = {
            ITEM: one.id,
            SECTION: functions[one.function],
            LEVEL: str(one.level),
            TOPIC: say(one.topic),
            TEXT: say(one.text),
            GOOD: "" if one.good is None else say(one.good),
        }
        given = None if sheet is None else sheet.answers.get(one.id)
        if given is not None:
            row |= {
                ANSWER: labels[given.code],
                REASON: given.reason,
                EVIDENCE: given.evidence,
                ANSWERED_BY: given.answered_by,
                ANSWERED_AT: time_stamp(given.answered_at),
            }
        if sheet is not None and one.id in sheet.last:
            # Last time's version may have had an answer that this one does not know.
            row[LAST] = labels.get(sheet.last[one.id], "")
        rows.append(row)
    return Paper(say(instrument.title), names, rows, list(labels.values()), _explained(instrument))


def _explained(instrument: Maturity) -> dict[str, str]:
    left_out = [say(one.label) for one in instrument.answers if not one.counts]
    return {
        ITEM: _("Which criterion the row is about. An import goes by it: leave it as it is."),
        ANSWER: _("One of the answers listed here. Leave it empty where there is none yet."),
        REASON: _("Why the criterion does not apply, in up to {most} characters; for: {answers}.").format(
            most=LONGEST_REASON, answers="; ".join(left_out)
        ),
        EVIDENCE: _("What shows it: a link or a few words, in up to {most} characters.").format(
            most=whole(LONGEST_EVIDENCE)
        ),
        ANSWERED_AT: _("When the answer was given. By it an import sees which were given since: leave it."),
    }


def csv_of(paper: Paper) -> bytes:
    """A paper as CSV, in which nothing is a formula (improve/wording.py marks what looks like one)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([as_text_cell(name) for name in paper.headings.values()])
    writer.writerows([as_text_cell(row.get(key, "")) for key in paper.headings] for row in paper.rows)
    return text.getvalue().encode("utf-8-sig")


def workbook_of(paper: Paper) -> bytes:
    """A paper as XLSX: a worksheet to be filled in, and one that explains its columns.

    All cells are plain text, no formula and no link, but for the level, which is a number. The
    answers are offered as a list, and other words are let pass with a warning: an import knows more.
    """
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"created": _CREATED, "title": paper.title})
    cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": _LINE_COLOUR}
    plain = workbook.add_format(cell)
    typed = workbook.add_format({**cell, "bg_color": _INPUT_COLOUR})
    bold = workbook.add_format({**cell, "bold": True, "bottom": 2})

    sheet = workbook.add_worksheet(sheet_name(_("Answers")))
    explained = workbook.add_worksheet(sheet_name(_("Explanation")))
    there = explained.get_name().replace("'", "''")
    last_row = max(1, len(paper.rows))
    for place, (key, name) in enumerate(paper.headings.items()):
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, _WIDTHS[key])
        form = typed if key in FILLED_IN else plain
        for number, row in enumerate(paper.rows, start=1):
            text = row.get(key, "")
            if not text:
                sheet.write_blank(number, place, None, form)
            elif key == LEVEL:
                sheet.write_number(number, place, int(text), form)
            else:
                sheet.write_string(number, place, text, form)
        if key == ANSWER:
            first, last = (f"$D${row}" for row in (2, len(paper.labels) + 1))
            allowed = {
                "validate": "list",
                "source": f"='{there}'!{first}:{last}",
                "error_type": "warning",
                "error_message": _cut(
                    _("The answers are: {answers}.").format(answers="; ".join(paper.labels))
                ),
            }
            sheet.data_validation(1, place, last_row, place, allowed)
        elif key in _LENGTHS:
            message = _("At most {most} characters are taken.").format(most=whole(_LENGTHS[key]))
            short = {"validate": "length", "criteria": "<=", "value": _LENGTHS[key]}
            sheet.data_validation(
                1, place, last_row, place, {**short, "error_type": "warning", "error_message": message}
            )
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last_row, len(paper.headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.activate()

    rows = [(_("Column"), _("What goes into it"))]
    rows += [(name, paper.explained.get(key, _("For reading only."))) for key, name in paper.headings.items()]
    for number, texts in enumerate(rows):
        for place, text in enumerate(texts):
            explained.write_string(number, place, text, bold if number == 0 else plain)
    for number, text in enumerate((_("Answers"), *paper.labels)):
        explained.write_string(number, 3, text, bold if number == 0 else plain)
    explained.freeze_panes(1, 0)
    explained.set_column(0, 0, 28)
    explained.set_column(1, 1, 70)
    explained.set_column(3, 3, 28)
    workbook.close()
    return content.getvalue()


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_IN_A_MESSAGE else text[: _MOST_IN_A_MESSAGE - 1] + "…"
