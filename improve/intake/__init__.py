"""Files in: a table, what its columns mean, and a checked batch or a list of what is wrong."""

from improve.intake.answer import Checked, Rejected, check
from improve.intake.column import How, Match, Understanding, Unused, understand
from improve.intake.mapping import Mapping, Use, mapping_as_yaml, read_mapping
from improve.intake.plan import Plan, Request, plan_import, take_in
from improve.intake.record import Reading, Table, column_letter
from improve.intake.table import read_table

__all__ = [
    "Checked",
    "How",
    "Mapping",
    "Match",
    "Plan",
    "Reading",
    "Rejected",
    "Request",
    "Table",
    "Understanding",
    "Unused",
    "Use",
    "check",
    "column_letter",
    "mapping_as_yaml",
    "plan_import",
    "read_mapping",
    "read_table",
    "take_in",
    "understand",
]
