"""The synthetic data set: fictional councils and four rounds of their answers, from a fixed seed."""

from improve.demo.action import PlannedAction, read_planned_actions
from improve.demo.maturity import (
    MATURITY_ROUNDS,
    Contribution,
    demonstration_assessments,
    demonstration_contributions,
)
from improve.demo.plan import ROUNDS
from improve.demo.readiness import READINESS_ROUNDS, demonstration_partnerships
from improve.demo.register import read_demonstration_register
from improve.demo.story import DEFAULT_ORGANISATION, STORIES, Story
from improve.demo.survey import Entry, demonstration_batches, demonstration_staff

__all__ = [
    "DEFAULT_ORGANISATION",
    "MATURITY_ROUNDS",
    "READINESS_ROUNDS",
    "ROUNDS",
    "STORIES",
    "Contribution",
    "Entry",
    "PlannedAction",
    "Story",
    "demonstration_assessments",
    "demonstration_batches",
    "demonstration_contributions",
    "demonstration_partnerships",
    "demonstration_staff",
    "read_demonstration_register",
    "read_planned_actions",
]
