"""Files in: a table, what its columns mean, and a checked batch or a list of what is wrong."""

from improve.intake.answer import Checked, Rejected, check
from improve.intake.assessment import (
    AssessmentPlan,
    AssessmentRequest,
    plan_assessment,
    take_in_assessment,
)
from improve.intake.boundary import (
    BoundaryPlan,
    BoundaryRequest,
    plan_boundaries,
    take_in_boundaries,
)
from improve.intake.column import How, Match, Understanding, Unused, understand
from improve.intake.mapping import Mapping, Use, mapping_as_yaml, read_mapping
from improve.intake.moment import read_day
from improve.intake.plan import Plan, Request, plan_import, take_in
from improve.intake.readiness import (
    ReadinessPlan,
    ReadinessRequest,
    plan_readiness,
    take_in_readiness,
)
from improve.intake.record import Reading, Table, column_letter
from improve.intake.staff import StaffPlan, StaffRequest, plan_staff, staff_template, take_in_staff
from improve.intake.table import read_table

__all__ = [
    "AssessmentPlan",
    "AssessmentRequest",
    "BoundaryPlan",
    "BoundaryRequest",
    "Checked",
    "How",
    "Mapping",
    "Match",
    "Plan",
    "ReadinessPlan",
    "ReadinessRequest",
    "Reading",
    "Rejected",
    "Request",
    "StaffPlan",
    "StaffRequest",
    "Table",
    "Understanding",
    "Unused",
    "Use",
    "check",
    "column_letter",
    "mapping_as_yaml",
    "plan_assessment",
    "plan_boundaries",
    "plan_import",
    "plan_readiness",
    "plan_staff",
    "read_day",
    "read_mapping",
    "read_table",
    "staff_template",
    "take_in",
    "take_in_assessment",
    "take_in_boundaries",
    "take_in_readiness",
    "take_in_staff",
    "understand",
]
