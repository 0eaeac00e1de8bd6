"""Readiness: the assessments of a partnership's partners, answered by several respondents each.

The answers are append-only and a respondent's newest counts. A completed assessment is never written
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from improve.errors import AssessmentError, SelectionError
from improve.instruments import Readiness
from improve.language import _
from improve.store.door import Store, Transaction
from improve.store.partnership import PARTNERSHIPS, partnership_topic_of
from improve.store.shelf import kept
from improve.store.survey import PARTICIPATION, keep_instruments, now


@dataclass(frozen=True, slots=True)
class Reply:
    """What a respondent answered to a statement, with what shows it and what else there is to say."""

    code: int
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody who answers for an organisation: a role, and a label for those who hand out the links.

    `replies` are item -> the one that counts.
    """

    number: int
    role: str
    label: str
    invited_at: datetime
    withdrawn_at: datetime | None
    replies: Mapping[str, Reply]


@dataclass(frozen=True, slots=True)
class PartnerAssessment:
    """One organisation's assessment in a round of a partnership.

    `round` is the season in which it was completed; a confidential one has none. `respondents` are all
    that were ever asked, those whose link was withdrawn too.
    """

    id: int
    partnership: int
    number: int
    organisation: str
    instrument: str
    version: str
    started_at: datetime
    round: str | None
    submitted_at: datetime | None
    submitted_by: str | None
    respondents: tuple[Respondent, ...]

    @property
    def counting(self) -> tuple[Respondent, ...]:
        """The respondents whose answers count."""
        return tuple(one for one in self.respondents if one.withdrawn_at is None)


@dataclass(frozen=True, eq=False)
class Completed:
    """The open assessments that count in a round (season), one of each organisation, by its code."""

    round: str
    instrument: str
    assessments: tuple[PartnerAssessment, ...]


@dataclass(frozen=True, slots=True)
class Saying:
    """A reply as it is given; None leaves what was said before."""

    item: str
    code: int | None = None
    evidence: str | None = None
    note: str | None = None


def readiness_topic_of(round_label: str) -> str:
    """The revision topic of the open assessments completed in a round (season)."""
    return "readiness/" + round_label


def read_partner_assessments(
    store: Store, partnership_id: int, number: int
) -> Mapping[str, PartnerAssessment]:
    """Organisation -> its assessment in a round of a partnership; kept until one is written."""

    def read() -> Mapping[str, PartnerAssessment]:
        rows = store.rows("partner_sheets", {"partnership_id": partnership_id, "number": number})
        return {one.organisation: one for one in _assessments(rows)}

    topics = (partnership_topic_of(partnership_id),)
    return kept(store, "partner assessments", (partnership_id, number), topics, read, most=100)


def read_partner_assessment(store: Store, assessment_id: int) -> PartnerAssessment | None:
    """An assessment by its id; None where there is none."""
    return next(iter(_assessments(store.rows("partner_sheet", {"assessment_id": assessment_id}))), None)


def read_season_readiness(
    store: Store, round_label: str, instrument: str, *, as_at_closing: bool = False
) -> Completed:
    """What counts in a round (season): as it stands, or in the benchmark of a closed one; kept likewise."""
    query = "benchmark_partner_sheets" if as_at_closing else "season_partner_sheets"

    def read() -> Completed:
        rows = store.rows(query, {"round": round_label, "instrument": instrument})
        return Completed(round_label, instrument, _assessments(rows))

    return kept(store, query, (round_label, instrument), (readiness_topic_of(round_label),), read)


def read_readiness_rounds(store: Store, instrument: str) -> frozenset[str]:
    """The labels of the rounds (seasons) in which anybody completed an open assessment."""

    def read() -> frozenset[tuple[str, str]]:
        return frozenset(store.rows("readiness_rounds"))

    pairs = kept(store, "readiness rounds", None, (PARTICIPATION,), read)
    return frozenset(label for label, used in pairs if used == instrument)


def _assessments(rows: Sequence[tuple[Any, ...]]) -> tuple[PartnerAssessment, ...]:
    """One per assessment of the rows of `partner_sheet`, in their order."""
    heads: dict[int, tuple[Any, ...]] = {}
    respondents: dict[int, list[Respondent]] = {}
    for row in rows:
        heads[row[0]] = row[:10]
        found = respondents.setdefault(row[0], [])
        if row[10] is not None:
            replies = {item: Reply(*said) for item, *said in zip(*row[15:19], strict=True)}
            found.append(Respondent(*(*row[10:15], replies)))
    return tuple(PartnerAssessment(*(*head, tuple(respondents[id_]))) for id_, head in heads.items())


def add_respondent(
    store: Store,
    partnership_id: int,
    number: int,
    organisation: str,
    role: str,
    label: str,
    sayings: Iterable[Saying] = (),
    moment: datetime | None = None,
) -> int:
    """Asks somebody to answer for an organisation and returns their number; the first starts its assessment.

    `sayings` are what they have answered elsewhere already. Raises AssessmentError where it is
    completed, the round has ended or the organisation has left.
    """
    key = {"partnership_id": partnership_id, "number": number, "organisation": organisation}
    moment = moment or now()
    with store.write() as transaction:
        transaction.run("insert_partner_assessment", {**key, "now": moment})
        fields = {**key, "role": role, "label": label, "now": moment}
        for assessment, respondent in transaction.rows("insert_respondent", fields):
            who = {"assessment_id": assessment, "respondent": respondent}
            _add(transaction, who, {}, sayings, moment)
            transaction.touch(partnership_topic_of(partnership_id))
            return int(respondent)
        raise _ended()


def withdraw_respondent(store: Store, assessment: PartnerAssessment, respondent: int) -> None:
    """Takes a link back; the answers given by it no longer count. AssessmentError where it is too late."""
    with store.write() as transaction:
        key = {"assessment_id": assessment.id, "respondent": respondent, "now": now()}
        if not transaction.rows("withdraw_respondent", key):
            raise _ended()
        transaction.touch(partnership_topic_of(assessment.partnership))


def answer_statements(
    store: Store,
    assessment: PartnerAssessment,
    respondent: int,
    sayings: Iterable[Saying],
    moment: datetime | None = None,
) -> None:
    """Adds what a respondent says to the history, all of it or nothing; it counts from now on.

    Raises AssessmentError where the assessment is completed, its round has ended or the link was
    withdrawn, and where a statement without an answer is given evidence or a note.
    """
    key = {"assessment_id": assessment.id, "respondent": respondent}
    with store.write() as transaction:
        rows = transaction.rows("open_respondent", key)
        if not rows:
            raise _ended()
        standing = {item: Reply(*said) for item, *said in rows if item is not None}
        _add(transaction, key, standing, sayings, moment or now())
        transaction.touch(partnership_topic_of(assessment.partnership))


def _add(
    transaction: Transaction,
    key: Mapping[str, int],
    standing: dict[str, Reply],
    sayings: Iterable[Saying],
    moment: datetime,
) -> None:
    first = transaction.rows("next_readiness_answer_id")[0][0]
    rows = []
    for place, one in enumerate(sayings):
        before = standing.get(one.item)
        if before is None and one.code is None:
            raise AssessmentError(_("Answer the statement first, then say what shows it."))
        before = before or Reply(0, "", "")
        reply = standing[one.item] = Reply(
            before.code if one.code is None else one.code,
            before.evidence if one.evidence is None else one.evidence,
            before.note if one.note is None else one.note,
        )
        rows.append(
            {
                **key,
                "id": first + place,
                "item": one.item,
                "code": reply.code,
                "evidence": reply.evidence,
                "note": reply.note,
                "answered_at": moment,
            }
        )
    if rows:
        tables = {"incoming": pa.Table.from_pylist(rows, schema=_ANSWERS)}
        transaction.run("insert_readiness_answers", tables=tables)


def submit_partner_assessment(
    store: Store,
    assessment: PartnerAssessment,
    round_label: str | None,
    items: Iterable[str],
    by: str,
    moment: datetime | None = None,
) -> str | None:
    """Completes an assessment; returns the season it belongs to now, None for a confidential one.

    `items` are those that need an answer of one respondent at least; whether they have it is seen from
    inside the write. Raises AssessmentError where they have not or it is completed, or its round has ended,
    and SelectionError where there is no such season.
    """
    wanted = frozenset(items)
    with store.write() as transaction:
        known = {label for label, *_rest in transaction.rows("rounds")}
        if round_label is not None and round_label not in known:
            raise SelectionError(_("There is no round called {label}.").format(label=round_label))
        key = {"assessment_id": assessment.id}
        (found,) = _assessments(transaction.rows("partner_sheet", key))
        if not any(wanted <= set(one.replies) for one in found.counting):
            raise AssessmentError(
                _("Nobody has answered every statement yet. “Don't know” is an answer, too.")
            )
        fields = {**key, "round": round_label, "now": moment or now(), "by": by}
        for (season,) in transaction.rows("submit_partner_assessment", fields):
            transaction.touch(partnership_topic_of(assessment.partnership))
            if season is not None:
                transaction.touch(readiness_topic_of(season))
                transaction.touch(PARTICIPATION)
            return None if season is None else str(season)
        raise _ended()


def _ended() -> AssessmentError:
    return AssessmentError(
        _("This assessment is completed, or its round has ended; its answers stay as they are.")
    )


@dataclass(frozen=True, slots=True)
class PastMember:
    """An organisation of a partnership that is stored whole; the first is its founder."""

    organisation: str
    joined_at: datetime | None
    as_candidate: bool = False
    admitted_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastAnswers:
    """An organisation's assessment in a round of it: (role, label, item -> reply) of each respondent.

    It is completed where `submitted_at` is given.
    """

    number: int
    organisation: str
    respondents: tuple[tuple[str, str, Mapping[str, Reply]], ...]
    answered_at: datetime
    submitted_at: datetime | None = None
    round: str | None = None


@dataclass(frozen=True, slots=True)
class PastPartnership:
    """A partnership with all that happened in it; `started` are the moments of its rounds."""

    name: str
    members: tuple[PastMember, ...]
    started: tuple[datetime, ...]
    answers: tuple[PastAnswers, ...]
    by: str
    is_confidential: bool = False


def write_partnerships(
    store: Store, instrument: Readiness, pasts: Iterable[PastPartnership]
) -> tuple[int, ...]:
    """Stores whole partnerships in one transaction and returns their ids.

    For data that come from elsewhere all at once. The rounds (seasons) must be there.
    """
    made = []
    assessments: list[dict[str, object]] = []
    respondents: list[dict[str, object]] = []
    answers: list[dict[str, object]] = []
    with store.write() as transaction:
        keep_instruments(transaction, [instrument], now())
        next_assessment = transaction.rows("next_partner_assessment_id")[0][0]
        next_answer = transaction.rows("next_readiness_answer_id")[0][0]
        for past in pasts:
            partnership_id = _lay(transaction, instrument, past)
            made.append(partnership_id)
            transaction.touch(partnership_topic_of(partnership_id))
            for one in past.answers:
                season = None if past.is_confidential else one.round
                key = {"assessment_id": next_assessment + len(assessments)}
                assessments.append(
                    {
                        "id": key["assessment_id"],
                        "partnership_id": partnership_id,
                        "number": one.number,
                        "organisation": one.organisation,
                        "started_at": past.started[one.number - 1],
                        "round": season,
                        "submitted_at": one.submitted_at,
                        "submitted_by": None if one.submitted_at is None else past.by,
                    }
                )
                if season is not None:
                    transaction.touch(readiness_topic_of(season))
                for number, (role, label, replies) in enumerate(one.respondents, start=1):
                    who = {**key, "respondent": number}
                    respondents.append(
                        {**who, "role": role, "label": label, "invited_at": past.started[one.number - 1]}
                    )
                    for item, reply in replies.items():
                        row = {"id": next_answer + len(answers), **who, "answered_at": one.answered_at}
                        said = {"code": reply.code, "evidence": reply.evidence, "note": reply.note}
                        answers.append({**row, "item": item, **said})
        for statement, rows, schema in (
            ("insert_partner_assessments", assessments, _ASSESSMENTS),
            ("insert_respondents", respondents, _RESPONDENTS),
            ("insert_readiness_answers", answers, _ANSWERS),
        ):
            if rows:
                transaction.run(statement, tables={"incoming": pa.Table.from_pylist(rows, schema=schema)})
        transaction.touch(PARTNERSHIPS)
        transaction.touch(PARTICIPATION)
    return tuple(made)


def _lay(transaction: Transaction, instrument: Readiness, past: PastPartnership) -> int:
    """A partnership's members and rounds, with their days; its id."""
    founder, *others = past.members
    first = {"organisation": founder.organisation, "by": past.by, "now": past.started[0]}
    fields = {**first, "name": past.name, "is_confidential": past.is_confidential}
    partnership_id = int(transaction.rows("insert_partnership", fields)[0][0])
    key = {"partnership_id": partnership_id}
    transaction.run("insert_founder", {**first, **key})
    for one in others:
        who = {**key, "organisation": one.organisation}
        asked = {"as_candidate": one.as_candidate, "by": past.by, "now": one.joined_at or past.started[-1]}
        transaction.run("insert_partnership_member", {**who, **asked})
        if one.joined_at is not None:
            transaction.run("join_partnership", {**who, "by": past.by, "now": one.joined_at})
        if one.admitted_at is not None:
            transaction.run("admit_candidate", {**who, "now": one.admitted_at})
        if one.left_at is not None:
            transaction.run("leave_partnership", {**who, "now": one.left_at})
    for number, moment in enumerate(past.started, start=1):
        transaction.run("close_partnership_round", {**key, "number": number - 1, "now": moment})
        version = {"instrument": instrument.id, "version": instrument.version}
        transaction.run(
            "insert_partnership_round", {**key, **version, "number": number, "by": past.by, "now": moment}
        )
    return partnership_id


_ASSESSMENTS = pa.schema(
    [
        ("id", pa.int32()),
        ("partnership_id", pa.int32()),
        ("number", pa.int32()),
        ("organisation", pa.string()),
        ("started_at", pa.timestamp("us")),
        ("round", pa.string()),
        ("submitted_at", pa.timestamp("us")),
        ("submitted_by", pa.string()),
    ]
)
_RESPONDENTS = pa.schema(
    [
        ("assessment_id", pa.int32()),
        ("respondent", pa.int32()),
        ("role", pa.string()),
        ("label", pa.string()),
        ("invited_at", pa.timestamp("us")),
        ("withdrawn_at", pa.timestamp("us")),
    ]
)
_ANSWERS = pa.schema(
    [
        ("id", pa.int64()),
        ("assessment_id", pa.int32()),
        ("respondent", pa.int32()),
        ("item", pa.string()),
        ("code", pa.uint8()),
        ("evidence", pa.string()),
        ("note", pa.string()),
        ("answered_at", pa.timestamp("us")),
    ]
)
