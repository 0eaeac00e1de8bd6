"""Readiness for a shared service: partnerships and who joins them, respondents and their private links.

A room beside improve/assessment: who may come in is another matter here (the operator not into a
confidential assessment, partners into what they share), and an answer is one respondent's.
"""

from improve.readiness.link import Form, answer, form_of, link_of, note
from improve.readiness.partnership import (
    admit,
    agreement,
    create,
    decline,
    invite,
    join,
    leave,
    newest_readiness,
    partnership_for,
    partnerships_for,
    start_round,
    take_back,
)
from improve.readiness.respondent import (
    Asked,
    Sheet,
    ask,
    complete,
    fill,
    sheet_for,
    withdraw,
)

__all__ = [
    "Asked",
    "Form",
    "Sheet",
    "admit",
    "agreement",
    "answer",
    "ask",
    "complete",
    "create",
    "decline",
    "fill",
    "form_of",
    "invite",
    "join",
    "leave",
    "link_of",
    "newest_readiness",
    "note",
    "partnership_for",
    "partnerships_for",
    "sheet_for",
    "start_round",
    "take_back",
    "withdraw",
]
