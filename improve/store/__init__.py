"""The only door to DuckDB: what is stored, written in transactions, and asked by query files."""

from improve.store.batch import ANSWER, ANSWERS, COMMENTS, RESPONSES, Batch
from improve.store.benchmark import close_round
from improve.store.check import check_store
from improve.store.counts import RoundCounts, benchmark_counts, round_counts
from improve.store.door import Store, StoreKind, open_store
from improve.store.register import read_organisations, write_organisations
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
    "Batch",
    "Delivery",
    "Import",
    "Participation",
    "RoundCounts",
    "Store",
    "StoreKind",
    "benchmark_counts",
    "check_store",
    "close_round",
    "open_store",
    "read_imports",
    "read_instruments",
    "read_organisations",
    "read_participants",
    "read_participations",
    "read_rounds",
    "read_surveys",
    "refuse_changed_instrument",
    "round_counts",
    "topic_of",
    "write_organisations",
    "write_responses",
]
