"""A form that was filled in elsewhere: a row per item, with its answer and what was said about it.

It knows nothing of any instrument: `Form` says which items there are and what may be answered. Nothing
near is taken for an item, and a file with one cell that cannot be read is refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from improve.assessment.spreadsheet import ANSWER, ANSWERED_AT, EVIDENCE, ITEM, NOTE, REASON, TEXT
from improve.instruments import Option, say
from improve.intake.answer import Rejected, Rejections
from improve.intake.cell import Refused, chosen, names_of
from improve.intake.column import Holding, Unused, first_choices, made_cells, rows_of, unread
from improve.intake.mapping import folded
from improve.intake.record import Table, column_letter, listed
from improve.language import _, whole
from improve.register.matching import normalised
from improve.wording import from_text_cell, one_line

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    ITEM: (
        *("id", "item", "item id", "criterion id", "statement id", "question id", "code", "reference", "ref"),
        *("cod", "cyfeirnod"),
    ),
    TEXT: ("criterion", "statement", "question", "text", "maen prawf", "datganiad", "cwestiwn", "testun"),
    ANSWER: ("answer", "our answer", "response", "your answer", "ateb", "ein hateb", "ymateb"),
    REASON: (
        *("reason", "reason if it does not apply", "reason if not applicable", "why not applicable", "why"),
        *("rheswm", "rheswm os nad yw n berthnasol"),
    ),
    NOTE: (),
    EVIDENCE: ("evidence", "evidence or note", "link", "note", "notes", "comment", "tystiolaeth", "nodyn"),
    ANSWERED_AT: ("answered at", "atebwyd ar"),
}
"""Headings of each kind besides that of our own file; of several that are there the first is read.

A note has none: where our own file has no column for it, a note is evidence.
"""

SHOWN = 6
_NOT_OF_HEADING = re.compile(r"\([^)]*\)|\[[^\]]*\]")

WORDS: Mapping[str, tuple[str, ...]] = {
    "yes": ("yes", "y", "true", "ie", "ydy", "ydyn", "oes", "do"),
    "no": ("no", "n", "false", "nage", "nac ydy", "nac ydyn", "nac oes", "naddo"),
    "dont_know": (
        *("don't know", "dont know", "do not know", "not known", "unknown", "dk", "?"),
        *("ddim yn gwybod", "dw i ddim yn gwybod", "anhysbys"),
    ),
    "not_applicable": (
        *("not applicable", "does not apply", "does not apply to us", "n/a", "n.a."),
        *("amherthnasol", "ddim yn berthnasol", "nid yw'n berthnasol"),
    ),
}
"""What else says the same as an option of this id, as `folded` writes it.

"Na" is not here: in Welsh it is no, and in English not applicable.
"""


@dataclass(frozen=True, slots=True)
class Form:
    """What a file may answer: `items` are id -> text by language.

    An answer whose code is one of `reasoned` needs a reason. `headings` are those of our own file, at
    least of item, text, answer and reason.
    """

    items: Mapping[str, Mapping[str, str]]
    options: tuple[Option, ...]
    reasoned: frozenset[int]
    longest_reason: int
    longest_evidence: int
    headings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """What a row answers. `evidence` is None where the file has no column for it.

    `answered_at` is what the file says of when that was answered, "" where it says nothing, and `note`
    what it says besides.
    """

    row: int
    item: str
    code: int
    reason: str
    evidence: str | None
    answered_at: str
    note: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What a file holds; `problems` and `remarks` are sentences about it.

    `rejected` lists the first cells that cannot be read, of `cells_rejected` in `rows_rejected` rows;
    with any, or any problem, nothing is `given`. `rows_read` leaves out rows that say nothing at all,
    `rows_blank` of them are items without an answer.
    """

    columns: tuple[Holding, ...]
    unused: tuple[Unused, ...]
    given: tuple[Given, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    cells_rejected: int = 0
    rows_rejected: int = 0
    rows_read: int = 0
    rows_blank: int = 0
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def holds(self, kind: str) -> bool:
        """Whether the file has a column of this kind."""
        return any(column.holds == kind for column in self.columns)


def read_filled(table: Table, form: Form) -> Filled:
    """What a table answers of a form, or what stands against reading it."""
    columns, passed = _columns(table, form)
    read = tuple(sorted(columns.values(), key=lambda column: column.index))
    unused = unread(table, read)
    if ANSWER not in columns or not columns.keys() & {ITEM, TEXT}:
        names = [form.headings[kind] for kind in (ITEM, TEXT, ANSWER)]
        problem = _(
            "The file has no columns “{item}” (or “{text}”) and “{answer}” in its first row. Start from the "
            "template, or from an export."
        ).format(**dict(zip(("item", "text", "answer"), names, strict=True)))
        return Filled(read, unused, problems=(problem,))
    reader = _Reader(table, form, columns)
    reader.read()
    rejected = reader.rejected
    problems = tuple(sentence for column in read for sentence in made_cells(table, column))
    return Filled(
        columns=read,
        unused=unused,
        given=() if problems or rejected.cells else tuple(reader.given.values()),
        rejected=() if problems else rejected.in_order(),
        cells_rejected=0 if problems else rejected.cells,
        rows_rejected=0 if problems else len(rejected.rows),
        rows_read=reader.rows,
        rows_blank=reader.blank,
        problems=problems,
        remarks=passed,
    )


def _columns(table: Table, form: Form) -> tuple[dict[str, Holding], tuple[str, ...]]:
    """The columns that are read, by what they hold; remarks on others that hold the same."""
    known: dict[str, tuple[str, int]] = {}
    for kind, headings in _HEADINGS.items():
        own = [form.headings[kind]] if kind in form.headings else []
        for rank, heading in enumerate([*own, *headings]):
            known.setdefault(_key(heading), (kind, rank))
    known.pop("", None)
    found: dict[str, list[tuple[int, Holding]]] = {}
    for index, column in enumerate(table.columns):
        if _key(column) in known:
            kind, rank = known[_key(column)]
            found.setdefault(kind, []).append((rank, Holding(index, column, column_letter(index), kind)))
    return first_choices(found)


def _key(heading: str) -> str:
    """A heading as it is compared: case, accents, punctuation and what stands in brackets do not matter."""
    return normalised(_NOT_OF_HEADING.sub(" ", heading))


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, table: Table, form: Form, columns: Mapping[str, Holding]) -> None:
        self.table = table
        self.form = form
        self.columns = columns
        self.ids = {folded(id_): id_ for id_ in form.items}
        self.texts: dict[str, str | None] = {}
        for id_, texts in form.items.items():
            for key in {folded(text) for text in texts.values()}:
                # What two items say alike names neither.
                self.texts[key] = None if key in self.texts else id_
        self.names = names_of(form.options)
        for option in form.options:
            for word in WORDS.get(option.id, ()):
                self.names.setdefault(word, option.code)
        self.given: dict[str, Given] = {}
        self.first: dict[str, int] = {}
        self.rejected = Rejections()
        self.rows = self.blank = 0

    def read(self) -> None:
        """Takes every row, or notes what is wrong with it."""
        is_text = self.table.facts.format == "csv"
        for number, cells in rows_of(self.table, self.columns):
            row = {kind: from_text_cell(text) if is_text else text for kind, text in cells.items()}
            if any(text for kind, text in row.items() if kind != ANSWERED_AT):
                self.rows += 1
                self._take(number, row)

    def _take(self, number: int, row: dict[str, str]) -> None:
        item = self._item(row)
        if isinstance(item, Refused):
            self._reject(number, row, ITEM if ITEM in row else TEXT, item)
            return
        if item in self.first:
            again = _("It stands in row {row} already: leave one row for each.").format(
                row=whole(self.first[item])
            )
            self._reject(number, row, ITEM if row.get(ITEM) else TEXT, Refused(again))
            return
        self.first[item] = number
        reason, evidence, note = (one_line(row.get(kind, "")) for kind in (REASON, EVIDENCE, NOTE))
        if not row[ANSWER]:
            self.blank += 1
            if reason or evidence or note:
                text = _("It is blank, but something is written beside it: answer it, or clear that.")
                self._reject(number, row, ANSWER, Refused(text))
            return
        code = chosen(row[ANSWER], self.names)
        if code is None:
            self._reject(number, row, ANSWER, Refused(self._allowed()))
            return
        is_whole = True
        for kind, text, most in (
            (REASON, reason, self.form.longest_reason if code in self.form.reasoned else len(reason)),
            (EVIDENCE, evidence, self.form.longest_evidence),
            (NOTE, note, self.form.longest_evidence),
        ):
            if len(text) > most:
                is_whole = False
                limit = _("It has {n} characters; at most {most} are taken.")
                self._reject(number, row, kind, Refused(limit.format(n=whole(len(text)), most=whole(most))))
        if code in self.form.reasoned and not reason:
            is_whole = False
            why = _("Say why it does not apply, in the column “{column}”.").format(
                column=self.columns[REASON].column if REASON in row else self.form.headings[REASON]
            )
            self._reject(number, row, REASON if REASON in row else ANSWER, Refused(why))
        if is_whole:
            self.given[item] = Given(
                number,
                item,
                code,
                reason if code in self.form.reasoned else "",
                evidence if EVIDENCE in row else None,
                row.get(ANSWERED_AT, ""),
                note,
            )

    def _item(self, row: Mapping[str, str]) -> str | Refused:
        """The item that a row is about."""
        id_, text = row.get(ITEM, ""), row.get(TEXT, "")
        by_text = self.texts.get(folded(text))
        if not id_ and not text:
            return Refused(_("It is blank, so nobody can tell what this row answers."))
        if not id_:
            return by_text or Refused(_("It is the text of none of the items, or of several."))
        by_id = self.ids.get(folded(id_))
        if by_id is None:
            return Refused(_("There is no such id; there are: {ids}.").format(ids=few_of([*self.form.items])))
        if by_text not in (None, by_id):
            # Somebody sorted one column without the others.
            return Refused(_("Its text beside it is that of {other}.").format(other=by_text))
        return by_id

    def _reject(self, number: int, row: Mapping[str, str], kind: str, refused: Refused) -> None:
        self.rejected.add(number, self.columns[kind], row.get(kind, ""), refused)

    def _allowed(self) -> str:
        return _("It is none of the answers, which are: {answers}.").format(
            answers="; ".join(say(option.label) for option in self.form.options)
        )


def few_of(ids: Sequence[str]) -> str:
    """All of a few ids, else the first and the last of them."""
    return listed(ids) if len(ids) <= SHOWN else f"{', '.join(ids[: SHOWN - 1])}, …, {ids[-1]}"
