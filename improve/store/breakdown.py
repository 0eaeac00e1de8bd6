"""One organisation's answers by the groups of one profile question: one way at a time, never crossed.

Counted from its raw answers, which are read once and kept for a few organisations. What may be
shown of a group, and of its complement, is for disclosure to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from improve.instruments import QuestionKind, Survey
from improve.store.batch import ANSWER
from improve.store.counts import encoded_pairs
from improve.store.door import Store
from improve.store.shelf import kept
from improve.store.survey import read_instruments, topic_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Key = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Breakdown:
    """One organisation's answers by the groups of one profile question, in one round.

    The axis called groups has those that at least one response names, by code, and as its last row
    everybody who named none. `labels` are an organisation's own options (directorates), else "";
    neither `codes` nor `labels` has a place for the last row. `keys` are (item, measure) pairs as
    in RoundCounts. `counts` is groups x keys x codes; numbers are not in it. `added` is imports x
    groups x keys, the people who answered, by import in the order they were taken in, and
    `added_responses` imports x groups, the responses. Of gaps (first measure minus second), numbers
    and indexes (a person's mean points for skills) there are n, sum and sum of squares, groups x
    items; the index is one, and `index_added` is imports x groups, the people who have one. Compared
    by identity: a new revision is a new object.
    """

    question: str
    codes: tuple[int, ...]
    labels: tuple[str, ...] = field(repr=False)
    responses: Ints
    keys: tuple[Key, ...] = field(repr=False)
    counts: Ints = field(repr=False)
    added: Ints = field(repr=False)
    added_responses: Ints = field(repr=False)
    gap_items: tuple[str, ...] = field(repr=False)
    gap_n: Ints = field(repr=False)
    gap_total: Floats = field(repr=False)
    gap_squares: Floats = field(repr=False)
    number_items: tuple[str, ...] = field(repr=False)
    number_n: Ints = field(repr=False)
    number_total: Floats = field(repr=False)
    number_squares: Floats = field(repr=False)
    index_added: Ints = field(repr=False)
    index_n: Ints = field(repr=False)
    index_total: Floats = field(repr=False)
    index_squares: Floats = field(repr=False)


@dataclass(frozen=True, eq=False)
class _Answers:
    """One organisation's answers in one round, as arrays.

    `sizes` has the responses of each import. `origin` is each person's import, of the people who
    answered anything. `given` is people x keys, the code or number (one of the codes where several
    may be chosen), NaN for none. `person`, `column` and `code` have a place for each code answered.
    """

    survey: Survey
    sizes: Ints
    keys: tuple[Key, ...]
    origin: Ints
    given: Floats
    person: Ints
    column: Ints
    code: Ints

    def columns(self, keys: list[Key]) -> Floats:
        """What people gave to these keys, people x keys; NaN throughout for one that nobody was asked."""
        place = {key: column for column, key in enumerate(self.keys)}
        nothing = np.full(len(self.origin), np.nan)
        found = [self.given[:, place[key]] if key in place else nothing for key in keys]
        return np.column_stack(found) if found else np.zeros((len(self.origin), 0))


def _arrays(
    rows: list[tuple[int, str, int, str | None, str | None]], table: pa.Table, survey: Survey
) -> _Answers:
    sizes = {import_id: accepted for import_id, _version, accepted, _item, _measure in rows}
    asked = {(item, measure) for *_import, item, measure in rows if item is not None and measure is not None}
    pairs, pair = encoded_pairs(table)
    keys = tuple(sorted(asked.union(pairs)))
    column = np.array([keys.index(key) for key in pairs], np.int64)[pair]
    people, first, person = np.unique(table["response_id"].to_numpy(), return_index=True, return_inverse=True)
    code = table["code"].to_numpy().astype(np.float64)
    is_code = ~np.isnan(code)
    given = np.full((len(people), len(keys)), np.nan)
    given[person, column] = np.where(is_code, code, table["number"].to_numpy())
    return _Answers(
        survey=survey,
        sizes=np.array(list(sizes.values()), np.int64),
        keys=keys,
        origin=np.searchsorted(list(sizes), table["import_id"].to_numpy()[first]),
        given=given,
        person=person[is_code],
        column=column[is_code],
        code=code[is_code].astype(np.int64),
    )


def _answers(store: Store, round_label: str, organisation: str, instrument: str) -> _Answers | None:
    """An organisation's answers, None where it takes no part."""

    def read() -> _Answers | None:
        part = {"round": round_label, "organisation": organisation, "instrument": instrument}
        rows, table = store.read_together("askeds", "answers", part)
        # An organisation's answers in a round are to one version; what is committed is seen a moment
        # before its revision moves, so that the first answers to a version may come without it.
        survey = read_instruments(store).get((instrument, rows[0][1])) if rows else None
        return None if survey is None else _arrays(rows, table, survey)

    key = (round_label, organisation, instrument)
    return kept(store, "answers", key, (topic_of(round_label),), read, most=4)


def _sums(given: Floats, members: Floats) -> tuple[Ints, Floats, Floats]:
    """n, sum and sum of squares (groups x items) of what is given (people x items, NaN for none)."""
    is_given = ~np.isnan(given)
    values = np.where(is_given, given, 0.0)
    return (members @ is_given).astype(np.int64), members @ values, members @ (values * values)


def _gaps(answers: _Answers) -> tuple[tuple[str, ...], Floats]:
    """The aspects of which anybody gave both measures, and what each person's gaps are."""
    if len(answers.survey.measures) < 2:
        return (), answers.columns([])
    aspects = sorted(aspect.id for aspect in answers.survey.aspects)
    first, second = (
        answers.columns([(aspect, measure.id) for aspect in aspects])
        for measure in answers.survey.measures[:2]
    )
    gaps = first - second
    paired = np.flatnonzero(~np.isnan(gaps).all(axis=0))
    return tuple(aspects[column] for column in paired), gaps[:, paired]


def _points(answers: _Answers) -> Floats:
    """Each person's mean points (people x 1): over the single answers of the role skill that count."""
    skills = [
        (question.id, [option.code for option in question.options if option.counts])
        for question in answers.survey.all_questions()
        if question.role == "skill" and question.kind is QuestionKind.SINGLE
    ]
    given = answers.columns([(item, ANSWER) for item, _codes in skills])
    counts = np.zeros(given.shape, bool)
    for place, (_item, codes) in enumerate(skills):
        counts[:, place] = np.isin(given[:, place], codes)
    answered = counts.sum(axis=1, keepdims=True)
    total = np.where(counts, given, 0.0).sum(axis=1, keepdims=True)
    return np.where(answered > 0, total / np.maximum(answered, 1), np.nan)


def breakdown(
    store: Store, round_label: str, organisation: str, instrument: str, question: str
) -> Breakdown | None:
    """An organisation's answers by the groups of a profile question with single answers.

    None where its people were not asked that question.
    """

    def read() -> Breakdown | None:
        answers = _answers(store, round_label, organisation, instrument)
        if answers is None or (question, ANSWER) not in answers.keys:
            return None
        single = {one.id for one in answers.survey.all_questions() if one.kind is QuestionKind.SINGLE}
        if question not in single:
            return None
        whose = {"organisation": organisation, "instrument": instrument}
        labels = {code: label for item, code, label in store.rows("own_options", whose) if item == question}
        return _broken_down(answers, question, labels)

    key = (round_label, organisation, instrument, question)
    return kept(store, "breakdowns", key, (topic_of(round_label),), read, most=24)


def _broken_down(answers: _Answers, question: str, labels: dict[int, str]) -> Breakdown:
    named = answers.columns([(question, ANSWER)])[:, 0]
    codes = np.unique(named[~np.isnan(named)])
    groups = len(codes) + 1
    # Nobody's code is above infinity: whoever named none comes last.
    group = np.searchsorted(codes, np.where(np.isnan(named), np.inf, named))
    members = (group == np.arange(groups)[:, None]).astype(np.float64)
    imports = len(answers.sizes)
    depth = int(answers.code.max(initial=0)) + 1
    shape = (groups, len(answers.keys), depth)
    at = np.ravel_multi_index((group[answers.person], answers.column, answers.code), shape)
    is_given = ~np.isnan(answers.given)
    by_import = [members * (answers.origin == one) for one in range(imports)]
    added = np.array([inside @ is_given for inside in by_import]).astype(np.int64)
    added_responses = np.array([inside.sum(axis=1) for inside in by_import]).astype(np.int64)
    # Whoever answered nothing at all named no group either.
    added_responses[:, -1] += answers.sizes - added_responses.sum(axis=1)
    gap_items, gaps = _gaps(answers)
    gap_n, gap_total, gap_squares = _sums(gaps, members)
    numbers = {one.id for one in answers.survey.all_questions() if one.kind is QuestionKind.NUMBER}
    number_keys = [key for key in answers.keys if key[0] in numbers]
    number_n, number_total, number_squares = _sums(answers.columns(number_keys), members)
    points = _points(answers)
    index_n, index_total, index_squares = _sums(points, members)
    found = Breakdown(
        question=question,
        codes=tuple(int(code) for code in codes),
        labels=tuple(labels.get(int(code), "") for code in codes),
        responses=added_responses.sum(axis=0),
        keys=answers.keys,
        counts=np.bincount(at, minlength=groups * len(answers.keys) * depth).reshape(shape),
        added=added,
        added_responses=added_responses,
        gap_items=gap_items,
        gap_n=gap_n,
        gap_total=gap_total,
        gap_squares=gap_squares,
        number_items=tuple(item for item, _measure in number_keys),
        number_n=number_n,
        number_total=number_total,
        number_squares=number_squares,
        index_added=np.array([inside @ ~np.isnan(points[:, 0]) for inside in by_import]).astype(np.int64),
        index_n=index_n[:, 0],
        index_total=index_total[:, 0],
        index_squares=index_squares[:, 0],
    )
    for array in vars(found).values():
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return found


def joint_counts(store: Store, round_label: str, organisation: str, instrument: str, item: str) -> Ints:
    """How many people gave each pair of an aspect's two measures, of those who gave both.

    First measure's code x second's, from 0 to the top of the scale; 1 x 1 where there are no pairs
    to count: the organisation takes no part, or its survey has one measure.
    """
    answers = _answers(store, round_label, organisation, instrument)
    if answers is None or len(answers.survey.measures) < 2:
        return np.zeros((1, 1), np.int64)
    pairs = answers.columns([(item, measure.id) for measure in answers.survey.measures[:2]])
    both = pairs[~np.isnan(pairs).any(axis=1)].astype(np.int64)
    size = answers.survey.scale.high + 1
    return np.bincount(both[:, 0] * size + both[:, 1], minlength=size * size).reshape(size, size)
