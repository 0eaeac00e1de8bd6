"""The only door to DuckDB: what is stored, written in transactions, and asked by query files."""

from improve.store.action import Action, close_action, read_actions, write_action
from improve.store.batch import ANSWER, ANSWERS, COMMENTS, RESPONSES, Batch
from improve.store.benchmark import close_round
from improve.store.breakdown import Breakdown, breakdown, joint_counts
from improve.store.check import check_store
from improve.store.comment import (
    Comment,
    CommentKey,
    approve_comments,
    approved_topic_of,
    read_approved,
    read_comments,
)
from improve.store.counts import RoundCounts, benchmark_counts, round_counts
from improve.store.door import Store, StoreKind, open_store
from improve.store.fieldwork import (
    Fieldwork,
    StaffList,
    read_arrivals,
    read_fieldwork,
    read_staff,
    write_staff,
)
from improve.store.register import read_organisations, write_organisations
from improve.store.sums import SumKind, Sums, benchmark_sums, round_sums
from improve.store.survey import (
    Delivery,
    Import,
    Participation,
    read_imports,
    read_instruments,
    read_participants,
    read_participations,
    read_rounds,
    read_surveys,
    refuse_changed_instrument,
    topic_of,
    write_responses,
)

__all__ = [
    "ANSWER",
    "ANSWERS",
    "COMMENTS",
    "RESPONSES",
    "Action",
    "Batch",
    "Breakdown",
    "Comment",
    "CommentKey",
    "Delivery",
    "Fieldwork",
    "Import",
    "Participation",
    "RoundCounts",
    "StaffList",
    "Store",
    "StoreKind",
    "SumKind",
    "Sums",
    "approve_comments",
    "approved_topic_of",
    "benchmark_counts",
    "benchmark_sums",
    "breakdown",
    "check_store",
    "close_action",
    "close_round",
    "joint_counts",
    "open_store",
    "read_actions",
    "read_approved",
    "read_arrivals",
    "read_comments",
    "read_fieldwork",
    "read_imports",
    "read_instruments",
    "read_organisations",
    "read_participants",
    "read_participations",
    "read_rounds",
    "read_staff",
    "read_surveys",
    "refuse_changed_instrument",
    "round_counts",
    "round_sums",
    "topic_of",
    "write_action",
    "write_organisations",
    "write_responses",
    "write_staff",
]
