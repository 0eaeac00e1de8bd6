"""Closing a round: who counts in its benchmark, and with which answers, is written down."""

from __future__ import annotations

from improve.errors import SelectionError, StoreError
from improve.language import _
from improve.model import SIZE_BANDS
from improve.store.assessment import maturity_topic_of
from improve.store.door import Store, Transaction
from improve.store.readiness import readiness_topic_of
from improve.store.survey import make_rounds, now, read_rounds, topic_of

SAFE_DIFFERENCE = 3
"""Two benchmarks of one round that people may have seen differ by none or by this many at least."""

SAFE_TIED_DIFFERENCE = 7
"""The same for benchmarks of assessments. Shares of criteria add up, and levels tie: what two of them
differ by is the share of those who came between, so these are as many as any share needs."""

COUNTING_FROM = 10
"""Answers from which an organisation is seen in a benchmark; fewer hide nobody who changed beside them."""

SEEN_FROM = 7
"""Organisations from which a group has a median, and so may have been looked at."""


def read_assessed_benchmarks(store: Store) -> frozenset[tuple[str, str]]:
    """(round, instrument) of every assessment that the benchmarks of closed rounds have."""
    return frozenset(store.rows("assessed_benchmarks"))


def close_round(store: Store, label: str, *, even_if_few_change: bool = False) -> int:
    """Closes a round, or closes it again; returns the number of organisations whose answers count.

    Whoever saw the benchmark before a second closing can subtract: where fewer than three
    organisations joined or changed, in any item or any group with a median, it is refused unless the
    caller insists; and where fewer than seven did, of an assessment. Raises SelectionError for a round
    that does not exist.
    """
    with store.write() as transaction:
        known = {one.label: one for one in read_rounds(store)}
        if label not in known:
            raise SelectionError(
                _("There is no round called {label}. There are: {known}.").format(
                    label=label, known=", ".join(known) or _("none yet")
                )
            )
        if known[label].is_closed and not even_if_few_change:
            _refuse_few_changes(transaction, label)
        for name in (
            "delete_benchmark_members",
            "insert_benchmark_members",
            "delete_benchmark_counts",
            "insert_benchmark_counts",
            "delete_benchmark_gaps",
            "insert_benchmark_gaps",
            "delete_benchmark_indexes",
            "insert_benchmark_indexes",
            "delete_benchmark_assessments",
            "insert_benchmark_assessments",
            "delete_benchmark_readiness",
            "insert_benchmark_readiness",
        ):
            transaction.run(name, {"round": label})
        transaction.run("close_round", {"label": label, "now": now()})
        members: int = transaction.rows("count_benchmark_members", {"round": label})[0][0]
        transaction.touch("rounds")
        transaction.touch(topic_of(label))
        transaction.touch(maturity_topic_of(label))
        transaction.touch(readiness_topic_of(label))
    return members


def _refuse_few_changes(transaction: Transaction, label: str) -> None:
    """Raises StoreError where few have joined or changed since a round was closed."""
    of = {"round": label, "seen_from": SEEN_FROM, "bands": list(SIZE_BANDS)}
    surveys = transaction.rows("benchmark_changes", {**of, "least": COUNTING_FROM})[0][0]
    partners = transaction.rows("benchmark_readiness_changes", {"round": label})[0][0]
    assessments = transaction.rows("benchmark_assessment_changes", of)[0][0]
    if any(0 < one < SAFE_DIFFERENCE for one in (surveys, partners)):
        raise StoreError(
            _(
                "Round {label} is closed, and fewer than {few} organisations have joined or changed since: "
                "its medians before and after would give their figures away."
            ).format(label=label, few=SAFE_DIFFERENCE)
        )
    if 0 < assessments < SAFE_TIED_DIFFERENCE:
        raise StoreError(
            _(
                "Round {label} is closed, and fewer than {few} organisations have submitted an assessment or "
                "changed it since: what is told of all, before and after, would give their answers away."
            ).format(label=label, few=SAFE_TIED_DIFFERENCE)
        )


def open_round(store: Store, label: str) -> None:
    """Opens a round by this label, into which answers can come. SelectionError where there is one."""
    with store.write() as transaction:
        if not make_rounds(transaction, [label], now()):
            raise SelectionError(_("There is a round called {label} already.").format(label=label))
