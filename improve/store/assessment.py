"""Assessments: one organisation's answers to an instrument, with their history, until it is submitted.

The answers are append-only and the newest counts. A submitted assessment is never written again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from improve.errors import AssessmentError, SelectionError
from improve.instruments import Instrument, Maturity
from improve.language import _
from improve.store.counts import Facts
from improve.store.door import Store, Transaction
from improve.store.register import TOPIC as REGISTER
from improve.store.shelf import kept
from improve.store.survey import PARTICIPATION, keep_instruments, make_rounds, now


@dataclass(frozen=True, slots=True)
class Assessment:
    """One organisation's answers to an instrument; `round` is the season in which they were submitted."""

    id: int
    organisation: str
    instrument: str
    version: str
    started_at: datetime
    started_by: str
    round: str | None
    submitted_at: datetime | None
    submitted_by: str | None

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.submitted_at is None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to an item. `id` counts up with every answer to anything.

    `reason` says why the item does not apply; `poll_id` is the poll after which it was agreed on.
    """

    id: int
    item: str
    code: int
    evidence: str
    reason: str
    answered_by: str
    answered_at: datetime
    poll_id: int | None


@dataclass(frozen=True, slots=True)
class Wording:
    """An answer as it is given, before it is anybody's.

    A `code` of None leaves the answer, with its reason and poll, as it stands when this is written, and
    an `evidence` of None leaves the evidence: two people who change one each lose nothing.
    """

    item: str
    code: int | None
    evidence: str | None = ""
    reason: str = ""
    poll_id: int | None = None


@dataclass(frozen=True, eq=False)
class Submitted:
    """The assessments that count in a round, an organisation at each place.

    `facts` are what cohorts go by, as at closing in a benchmark. `answers` are item -> code.
    """

    round: str
    instrument: str
    organisations: tuple[str, ...]
    ids: tuple[int, ...]
    versions: tuple[str, ...]
    submitted_at: tuple[datetime, ...]
    facts: tuple[Facts, ...]
    answers: tuple[Mapping[str, int], ...]
    place: Mapping[str, int]


def assessment_topic_of(organisation: str) -> str:
    """The revision topic of an organisation's assessments."""
    return "assessment/" + organisation


def maturity_topic_of(round_label: str) -> str:
    """The revision topic of what was submitted in a round."""
    return "maturity/" + round_label


def read_assessments(store: Store, organisation: str, instrument: str) -> tuple[Assessment, ...]:
    """An organisation's assessments with an instrument, oldest first; kept until one is written."""

    def read() -> tuple[Assessment, ...]:
        rows = store.rows("assessments", {"organisation": organisation, "instrument": instrument})
        return tuple(Assessment(*fields) for fields in rows)

    topics = (assessment_topic_of(organisation),)
    return kept(store, "assessments", (organisation, instrument), topics, read, most=100)


def read_answers(store: Store, assessment: Assessment) -> Mapping[str, Answer]:
    """Item -> the answer that counts; kept until one is written."""

    def read() -> Mapping[str, Answer]:
        rows = store.rows("assessment_answers", {"assessment_id": assessment.id})
        return {fields[1]: Answer(*fields) for fields in rows}

    topics = (assessment_topic_of(assessment.organisation),)
    return kept(store, "assessment answers", assessment.id, topics, read, most=100)


def read_history(store: Store, assessment: Assessment, item: str) -> tuple[Answer, ...]:
    """Every answer ever given to an item of an assessment, newest first."""
    rows = store.rows("assessment_history", {"assessment_id": assessment.id, "item": item})
    return tuple(Answer(*fields) for fields in rows)


def read_sections(store: Store, assessment: Assessment) -> Mapping[str, str]:
    """Section -> who is to answer it."""

    def read() -> Mapping[str, str]:
        return dict(store.rows("assessment_sections", {"assessment_id": assessment.id}))

    topics = (assessment_topic_of(assessment.organisation),)
    return kept(store, "assessment sections", assessment.id, topics, read, most=100)


def read_submitted(
    store: Store, round_label: str, instrument: str, *, as_at_closing: bool = False
) -> Submitted:
    """What counts for each organisation in a round: as it stands, or in the benchmark of a closed one."""
    query = "benchmark_submitted_answers" if as_at_closing else "submitted_answers"

    def read() -> Submitted:
        rows = store.rows(query, {"round": round_label, "instrument": instrument})
        return Submitted(
            round_label,
            instrument,
            organisations=tuple(row[1] for row in rows),
            ids=tuple(row[0] for row in rows),
            versions=tuple(row[2] for row in rows),
            submitted_at=tuple(row[3] for row in rows),
            facts=tuple(Facts(*row[4:10]) for row in rows),
            answers=tuple(dict(zip(row[10], row[11], strict=True)) for row in rows),
            place={row[1]: place for place, row in enumerate(rows)},
        )

    topics = (maturity_topic_of(round_label), REGISTER)
    return kept(store, query, (round_label, instrument), topics, read)


def read_assessed_rounds(store: Store, instrument: str) -> frozenset[str]:
    """The labels of the rounds in which anybody submitted an assessment with this instrument."""

    def read() -> frozenset[tuple[str, str]]:
        return frozenset(store.rows("assessment_rounds"))

    pairs = kept(store, "assessed rounds", None, (PARTICIPATION,), read)
    return frozenset(label for label, used in pairs if used == instrument)


def start_assessment(
    store: Store, organisation: str, instrument: Instrument, by: str, sections: Iterable[str] = ()
) -> int:
    """Starts an assessment and returns its id. AssessmentError where one is open already.

    Who is to answer these `sections` stays as it was last time.
    """
    moment = now()
    with store.write() as transaction:
        started = _start(transaction, organisation, instrument, by, moment, sections)
        if started is None:
            raise AssessmentError(
                _("An assessment is open already: answer and submit that one before another is started.")
            )
        return started.id


def _start(
    transaction: Transaction,
    organisation: str,
    instrument: Instrument,
    by: str,
    moment: datetime,
    sections: Iterable[str] = (),
) -> Assessment | None:
    """The assessment that this starts; None where one is open already."""
    keep_instruments(transaction, [instrument], moment)
    before = _all_of(transaction, organisation, instrument)
    fields = {
        "organisation": organisation,
        "instrument": instrument.id,
        "version": instrument.version,
        "now": moment,
        "by": by,
    }
    for (assessment_id,) in transaction.rows("insert_assessment", fields):
        if before:
            assigned = dict(transaction.rows("assessment_sections", {"assessment_id": before[-1].id}))
            for section in sections:
                if section in assigned:
                    _assign(transaction, assessment_id, section, assigned[section], by, moment)
        transaction.touch(assessment_topic_of(organisation))
        return Assessment(
            *(assessment_id, organisation, instrument.id, instrument.version, moment, by, None, None, None)
        )
    return None


def _all_of(transaction: Transaction, organisation: str, instrument: Instrument) -> list[Assessment]:
    """An organisation's assessments with an instrument, oldest first, as this write sees them."""
    key = {"organisation": organisation, "instrument": instrument.id}
    return [Assessment(*fields) for fields in transaction.rows("assessments", key)]


def _assign(
    transaction: Transaction, assessment_id: int, section: str, assigned_to: str, by: str, moment: datetime
) -> None:
    fields = {"assessment_id": assessment_id, "section": section, "assigned_to": assigned_to}
    transaction.run("insert_assessment_section", {**fields, "by": by, "now": moment})


def fill_assessment(
    store: Store,
    organisation: str,
    instrument: Instrument,
    answers: Iterable[Wording],
    by: str,
    *,
    items: Iterable[str],
    sections: Iterable[str],
    round_label: str | None = None,
) -> None:
    """Adds answers to the open assessment of an organisation; all of this or nothing.

    Where none is open one is started, as `start_assessment` does. Where a round is named the
    assessment is submitted into it, as `submit_assessment` does, and the round is made where it is
    not there. Raises AssessmentError where the open one has another version, or an item no answer.
    """
    moment = now()
    with store.write() as transaction:
        open_ = next((one for one in _all_of(transaction, organisation, instrument) if one.is_open), None)
        if open_ is None:
            open_ = _start(transaction, organisation, instrument, by, moment, sections)
            assert open_ is not None
        elif open_.version != instrument.version:
            raise AssessmentError(
                _("The open assessment has version {version} of the criteria, not {other}.").format(
                    version=open_.version, other=instrument.version
                )
            )
        _write(transaction, open_, answers, by, moment)
        if round_label is not None:
            make_rounds(transaction, [round_label], moment)
            _submit(transaction, open_, round_label, items, by, moment)


def write_answers(
    store: Store, assessment: Assessment, answers: Iterable[Wording], by: str, moment: datetime | None = None
) -> None:
    """Adds answers to the history; they count from now on.

    Raises AssessmentError where the assessment was submitted meanwhile.
    """
    with store.write() as transaction:
        add_answers(transaction, assessment, answers, by, moment or now())


def add_answers(
    transaction: Transaction, assessment: Assessment, answers: Iterable[Wording], by: str, moment: datetime
) -> None:
    """The same inside a write."""
    _refuse_frozen(transaction, assessment)
    _write(transaction, assessment, answers, by, moment)


def _write(
    transaction: Transaction, assessment: Assessment, answers: Iterable[Wording], by: str, moment: datetime
) -> None:
    first = transaction.rows("next_answer_id")[0][0]
    given = list(answers)
    standing: Mapping[str, Answer] = {}
    if any(one.code is None or one.evidence is None for one in given):
        found = transaction.rows("assessment_answers", {"assessment_id": assessment.id})
        standing = {fields[1]: Answer(*fields) for fields in found}
    rows = [
        {
            "id": first + place,
            "assessment_id": assessment.id,
            "answered_by": by,
            "answered_at": moment,
            **_said(one, standing.get(one.item)),
        }
        for place, one in enumerate(given)
    ]
    if rows:
        tables = {"incoming": pa.Table.from_pylist(rows, schema=_ANSWERS)}
        transaction.run("insert_assessment_answers", tables=tables)
        transaction.touch(assessment_topic_of(assessment.organisation))


def _said(one: Wording, standing: Answer | None) -> dict[str, object]:
    """What a wording says, with what it leaves as it stands."""
    evidence = one.evidence
    if evidence is None:
        evidence = "" if standing is None else standing.evidence
    if one.code is not None:
        said: Wording | Answer = one
    elif standing is not None:
        said = standing
    else:
        raise AssessmentError(_("Answer the criterion first, then say what shows it."))
    return {
        "item": one.item,
        "code": said.code,
        "evidence": evidence,
        "reason": said.reason,
        "poll_id": said.poll_id,
    }


def assign_section(store: Store, assessment: Assessment, section: str, assigned_to: str, by: str) -> None:
    """Says who is to answer a section; nobody in particular with "".

    Raises AssessmentError where the assessment was submitted meanwhile.
    """
    fields = {"assessment_id": assessment.id, "section": section}
    with store.write() as transaction:
        _refuse_frozen(transaction, assessment)
        transaction.run("delete_assessment_section", fields)
        if assigned_to:
            _assign(transaction, assessment.id, section, assigned_to, by, now())
        transaction.touch(assessment_topic_of(assessment.organisation))


def submit_assessment(
    store: Store,
    assessment: Assessment,
    round_label: str,
    items: Iterable[str],
    by: str,
    moment: datetime | None = None,
) -> None:
    """Freezes an assessment and puts it into a round.

    `items` are those that need an answer; whether they have one is seen from inside the write. Raises
    AssessmentError where one has none, or it was submitted meanwhile, and SelectionError where there
    is no such round.
    """
    with store.write() as transaction:
        _refuse_frozen(transaction, assessment)
        if round_label not in {label for label, *_rest in transaction.rows("rounds")}:
            raise SelectionError(_("There is no round called {label}.").format(label=round_label))
        _submit(transaction, assessment, round_label, items, by, moment or now())


def _submit(
    transaction: Transaction,
    assessment: Assessment,
    round_label: str,
    items: Iterable[str],
    by: str,
    moment: datetime,
) -> None:
    _refuse_unanswered(
        items, {row[1] for row in transaction.rows("assessment_answers", {"assessment_id": assessment.id})}
    )
    transaction.run(
        "submit_assessment",
        {"assessment_id": assessment.id, "round": round_label, "now": moment, "by": by},
    )
    transaction.touch(assessment_topic_of(assessment.organisation))
    transaction.touch(maturity_topic_of(round_label))
    transaction.touch(PARTICIPATION)


def _refuse_unanswered(items: Iterable[str], answered: Container[str]) -> None:
    open_ = [item for item in items if item not in answered]
    if open_:
        raise AssessmentError(_("These criteria have no answer yet: {items}.").format(items=", ".join(open_)))


def _refuse_frozen(transaction: Transaction, assessment: Assessment) -> None:
    key = {"assessment_id": assessment.id, "organisation": assessment.organisation}
    if not transaction.rows("open_assessment", key):
        raise AssessmentError(_("This assessment was submitted meanwhile; its answers stay as they are."))


@dataclass(frozen=True, slots=True)
class Past:
    """An assessment that was answered and submitted elsewhere or earlier, to be stored whole."""

    organisation: str
    round: str
    answers: tuple[Wording, ...]
    by: str
    answered_at: datetime
    sections: tuple[tuple[str, str], ...] = ()
    is_submitted: bool = True


def write_assessments(store: Store, instrument: Instrument, pasts: Iterable[Past]) -> None:
    """Stores whole assessments in one transaction, each answered and submitted on its day.

    For data that come from elsewhere all at once; the rounds must be there. Raises AssessmentError where
    an organisation has an open one, and where a criterion of one that is submitted has no answer.
    """
    items = [one.id for one in instrument.criteria] if isinstance(instrument, Maturity) else []
    assessments: list[dict[str, object]] = []
    answers: list[dict[str, object]] = []
    sections: list[dict[str, object]] = []
    with store.write() as transaction:
        keep_instruments(transaction, [instrument], now())
        next_assessment = transaction.rows("next_assessment_id")[0][0]
        next_answer = transaction.rows("next_answer_id")[0][0]
        begun = {code for (code,) in transaction.rows("open_assessments", {"instrument": instrument.id})}
        for past in pasts:
            if past.organisation in begun:
                raise AssessmentError(
                    _("{organisation} has an open assessment.").format(organisation=past.organisation)
                )
            if past.is_submitted:
                _refuse_unanswered(items, {one.item for one in past.answers})
                transaction.touch(maturity_topic_of(past.round))
            else:
                begun.add(past.organisation)
            transaction.touch(assessment_topic_of(past.organisation))
            assessment_id = next_assessment + len(assessments)
            assessments.append(
                {
                    "id": assessment_id,
                    "organisation": past.organisation,
                    "instrument": instrument.id,
                    "version": instrument.version,
                    "started_at": past.answered_at,
                    "started_by": past.by,
                    "round": past.round if past.is_submitted else None,
                    "submitted_at": past.answered_at if past.is_submitted else None,
                    "submitted_by": past.by if past.is_submitted else None,
                }
            )
            for one in past.answers:
                key = {"id": next_answer + len(answers), "assessment_id": assessment_id}
                who = {"answered_by": past.by, "answered_at": past.answered_at}
                answers.append({**key, **who, **_said(one, None)})
            for section, assigned_to in past.sections:
                whom = {"assessment_id": assessment_id, "section": section, "assigned_to": assigned_to}
                sections.append({**whom, "assigned_by": past.by, "assigned_at": past.answered_at})
        for statement, rows, schema in (
            ("insert_assessments", assessments, _ASSESSMENTS),
            ("insert_assessment_answers", answers, _ANSWERS),
            ("insert_assessment_sections", sections, _SECTIONS),
        ):
            if rows:
                transaction.run(statement, tables={"incoming": pa.Table.from_pylist(rows, schema=schema)})
        transaction.touch(PARTICIPATION)


_ASSESSMENTS = pa.schema(
    [
        ("id", pa.int32()),
        ("organisation", pa.string()),
        ("instrument", pa.string()),
        ("version", pa.string()),
        ("started_at", pa.timestamp("us")),
        ("started_by", pa.string()),
        ("round", pa.string()),
        ("submitted_at", pa.timestamp("us")),
        ("submitted_by", pa.string()),
    ]
)
_SECTIONS = pa.schema(
    [
        ("assessment_id", pa.int32()),
        ("section", pa.string()),
        ("assigned_to", pa.string()),
        ("assigned_by", pa.string()),
        ("assigned_at", pa.timestamp("us")),
    ]
)
_ANSWERS = pa.schema(
    [
        ("id", pa.int64()),
        ("assessment_id", pa.int32()),
        ("item", pa.string()),
        ("code", pa.uint8()),
        ("evidence", pa.string()),
        ("reason", pa.string()),
        ("answered_by", pa.string()),
        ("answered_at", pa.timestamp("us")),
        ("poll_id", pa.int32()),
    ]
)
