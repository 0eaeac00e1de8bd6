"""From a table whose columns are understood to a batch, and every cell that keeps its row out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import pyarrow as pa

from improve.errors import IntakeError
from improve.instruments.model import Question, Survey
from improve.intake.cell import Answer, Refused, answer_reader
from improve.intake.column import OWN_OPTIONS, Match, Place, Understanding
from improve.intake.mapping import folded, items_of
from improve.intake.moment import times_of
from improve.intake.record import Table, shortened
from improve.language import _
from improve.store.batch import ANSWER, ANSWERS, COMMENTS, RESPONSES, Batch

REJECTED_LISTED = 1_000
"""A column taken for another makes every row wrong: so many cells are listed, the rest is counted."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A cell that keeps its row out: where it is, what it holds (cut), and what is allowed there."""

    row: int
    column: str
    letter: str
    value: str
    reason: str


class Rejections:
    """Counts the cells that keep their rows out, and lists the first of them."""

    def __init__(self) -> None:
        self.cells = 0
        self.rows: set[int] = set()
        self._listed: list[Rejected] = []

    def add(self, row: int, column: Place, value: str, refused: Refused) -> None:
        """Notes a cell."""
        self.cells += 1
        self.rows.add(row)
        if len(self._listed) < REJECTED_LISTED:
            self._listed.append(Rejected(row, column.column, column.letter, shortened(value), refused.reason))

    def in_order(self) -> tuple[Rejected, ...]:
        """The cells that are listed, by row and column."""
        return tuple(sorted(self._listed, key=lambda one: (one.row, len(one.letter), one.letter)))


@dataclass(frozen=True, slots=True)
class Checked:
    """A file's rows, judged: rows_read = rows_accepted + rows_rejected + rows_empty.

    `batch` holds the accepted ones. `rejected` lists the first cells that keep a row out, by row and
    column, of `cells_rejected`. `rows_empty` answer nothing, so they are no responses. `missing`
    counts accepted responses without an answer, by item and measure.
    """

    batch: Batch = field(repr=False)
    rejected: tuple[Rejected, ...]
    cells_rejected: int
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_empty: int
    missing: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Column:
    """A matched column: what each of its distinct texts means, and which row has which."""

    match: Match
    texts: list[str]
    answers: list[Answer]
    indices: np.ndarray

    def mask(self, is_wanted: Callable[[Answer], bool]) -> np.ndarray:
        """Which rows hold an answer of this kind."""
        wanted = np.array([is_wanted(answer) for answer in self.answers], dtype=bool)
        return wanted.take(self.indices)


def check(
    table: Table,
    understanding: Understanding,
    survey: Survey,
    progress: Callable[[float], None] | None = None,
) -> Checked:
    """The rows of a table as responses, and every cell that cannot be one.

    `progress` is told the share done (0 to 1). Raises IntakeError where the understanding has
    problems. Every distinct text of a column is read once, however many rows hold it.
    """
    if understanding.problems:
        raise IntakeError(" ".join(understanding.problems))
    tell = progress or (lambda _share: None)
    order = _order(survey)
    matches = sorted(
        understanding.matched, key=lambda match: (*order[match.item, match.measure], match.index)
    )
    n_rows = len(table.rows)
    is_rejected = np.zeros(n_rows, dtype=bool)
    has_answer = np.zeros(n_rows, dtype=bool)
    columns: list[_Column] = []
    for done, match in enumerate(matches):
        column = _read(table, match, survey, understanding)
        columns.append(column)
        if any(isinstance(answer, Refused) for answer in column.answers):
            is_rejected |= column.mask(lambda answer: isinstance(answer, Refused))
        has_answer |= column.mask(lambda answer: answer is not None)
        tell(0.6 * (done + 1) / len(matches))
    is_kept = has_answer & ~is_rejected
    kept = np.flatnonzero(is_kept)
    responses = pa.table(
        [pa.array(table.rows[kept], pa.int32()), _answered_at(table, understanding, kept)], schema=RESPONSES
    )
    batch, missing = _batch(responses, kept, columns, survey, tell)
    rejected, cells_rejected = _rejected(table, columns)
    n_rejected, n_kept = int(is_rejected.sum()), int(is_kept.sum())
    tell(1.0)
    return Checked(
        batch=batch,
        rejected=rejected,
        cells_rejected=cells_rejected,
        rows_read=n_rows,
        rows_accepted=n_kept,
        rows_rejected=n_rejected,
        rows_empty=n_rows - n_kept - n_rejected,
        missing=missing,
    )


def _order(survey: Survey) -> dict[tuple[str, str], tuple[int, int]]:
    """The place of every item and measure, in the order of the form."""
    measures = {measure.id: place for place, measure in enumerate(survey.measures)} | {ANSWER: 0}
    return {
        (item, measure): (place, measures[measure])
        for place, item in enumerate(items_of(survey))
        for measure in measures
    }


def _read(table: Table, match: Match, survey: Survey, understanding: Understanding) -> _Column:
    values = table.values[match.index]
    read = answer_reader(match.item, match.measure, match.option, survey, understanding.mapping)
    texts = values.dictionary.to_pylist()
    return _Column(match, texts, [read(text) for text in texts], values.indices.to_numpy())


def _rejected(table: Table, columns: list[_Column]) -> tuple[tuple[Rejected, ...], int]:
    """The first refused cells by row and column, and how many there are."""
    rows, places = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for index, column in enumerate(columns):
        if any(isinstance(answer, Refused) for answer in column.answers):
            found = np.flatnonzero(column.mask(lambda answer: isinstance(answer, Refused)))
            rows.append(found)
            places.append(np.full(len(found), index))
    row, place = np.concatenate(rows), np.concatenate(places)
    in_file = np.array([column.match.index for column in columns])
    first = np.lexsort((in_file[place], row))[:REJECTED_LISTED]

    def listed() -> Iterator[Rejected]:
        for at, which in zip(row[first].tolist(), place[first].tolist(), strict=True):
            column = columns[which]
            code = column.indices[at]
            answer = column.answers[code]
            if isinstance(answer, Refused):
                yield Rejected(
                    row=int(table.rows[at]),
                    column=column.match.column,
                    letter=column.match.letter,
                    value=shortened(column.texts[code]),
                    reason=answer.reason,
                )

    return tuple(listed()), len(row)


def _batch(
    responses: pa.Table,
    kept: np.ndarray,
    columns: list[_Column],
    survey: Survey,
    tell: Callable[[float], None],
) -> tuple[Batch, dict[tuple[str, str], int]]:
    """The batch of the kept rows, and how many of them lack an answer by item and measure."""
    answers = [ANSWERS.empty_table()]
    comments = [COMMENTS.empty_table()]
    options: dict[str, tuple[str, ...]] = {}
    missing: dict[tuple[str, str], int] = {}
    done = 0
    for (item, measure), group in groupby(
        columns, key=lambda column: (column.match.item, column.match.measure)
    ):
        fed = list(group)
        asked = items_of(survey)[item]
        if isinstance(asked, Question) and asked.options_from is not None:
            fed, options[item] = _with_own_codes(fed, kept, item)
        response, value = _long(fed, kept)
        n_answered = np.count_nonzero(np.diff(response, prepend=-1))  # they are in order
        missing[item, measure] = len(kept) - int(n_answered)
        if value.dtype == object:
            comments.append(_comment_rows(item, response, value))
        else:
            answers.append(_answer_rows(item, measure, response, value))
        done += len(fed)
        tell(0.6 + 0.4 * done / len(columns))
    batch = Batch(
        responses=responses,
        answers=pa.concat_tables(answers),
        comments=pa.concat_tables(comments),
        asked=frozenset(missing),
        options=options,
    )
    return batch, missing


def _long(columns: list[_Column], kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Response and value of every answer in the kept rows, by response and value.

    Values are whole numbers (codes), floats (numbers) or objects (comments).
    """
    responses, values = [], []
    for column in columns:
        indices = column.indices[kept]
        several = [
            answer
            if isinstance(answer, tuple)
            else ()
            if answer is None or isinstance(answer, Refused)
            else (answer,)
            for answer in column.answers
        ]
        # Each pass takes the k-th answer of every cell; there is one pass but where several may be given.
        for k in range(max(map(len, several), default=0)):
            has_kth = np.array([len(given) > k for given in several], dtype=bool)[indices]
            kth = [given[k] if len(given) > k else None for given in several]
            example = next(value for value in kth if value is not None)
            lookup = np.empty(len(kth), dtype=object if isinstance(example, str) else type(example))
            lookup[:] = [example if value is None else value for value in kth]
            responses.append(np.flatnonzero(has_kth))
            values.append(lookup[indices[has_kth]])
    if not responses:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    response, value = np.concatenate(responses), np.concatenate(values)
    if len(responses) > 1:
        order = np.lexsort((value, response))
        response, value = response[order], value[order]
    return response, value


def _with_own_codes(
    columns: list[_Column], kept: np.ndarray, item: str
) -> tuple[list[_Column], tuple[str, ...]]:
    """The columns with an organisation's own labels turned into codes, and the labels as first seen.

    Spellings that differ in case and spaces alone are one label, written as it was first.
    """
    codes: dict[str, int] = {}
    labels: list[str] = []
    coded: list[_Column] = []
    for column in columns:
        present, first = np.unique(column.indices[kept], return_index=True)
        answers: list[Answer] = [None] * len(column.answers)
        for place in present[np.argsort(first)]:
            answer = column.answers[place]
            given = (answer,) if isinstance(answer, str) else answer if isinstance(answer, tuple) else ()
            for label in given:
                if folded(str(label)) not in codes:
                    labels.append(str(label))
                    codes[folded(str(label))] = len(labels)
            own = tuple(sorted({codes[folded(str(label))] for label in given}))
            answers[place] = own or None
        coded.append(_Column(column.match, column.texts, answers, column.indices))
    if len(labels) > OWN_OPTIONS:
        raise IntakeError(
            _(
                "{item} has {n} different answers, at most {limit} are allowed: it looks like free text."
            ).format(item=item, n=len(labels), limit=OWN_OPTIONS)
        )
    return coded, tuple(labels)


def _answer_rows(item: str, measure: str, response: np.ndarray, value: np.ndarray) -> pa.Table:
    n = len(response)
    is_number = value.dtype.kind == "f"
    return pa.table(
        [
            pa.array(response.astype(np.int32)),
            pa.repeat(pa.scalar(item), n),
            pa.repeat(pa.scalar(measure), n),
            pa.nulls(n, pa.uint8()) if is_number else pa.array(value.astype(np.uint8)),
            pa.array(value) if is_number else pa.nulls(n, pa.float64()),
        ],
        schema=ANSWERS,
    )


def _comment_rows(item: str, response: np.ndarray, value: np.ndarray) -> pa.Table:
    return pa.table(
        [
            pa.array(response.astype(np.int32)),
            pa.repeat(pa.scalar(item), len(response)),
            pa.array(value, pa.string()),
        ],
        schema=COMMENTS,
    )


def _answered_at(table: Table, understanding: Understanding, kept: np.ndarray) -> pa.Array:
    if understanding.time is None:
        return pa.nulls(len(kept), pa.timestamp("us"))
    values = table.values[understanding.time]
    times = times_of(values.dictionary)
    if times is None:
        raise AssertionError("understand() takes a column for times only if all of it are")
    return times.take(pa.array(values.indices.to_numpy()[kept]))
