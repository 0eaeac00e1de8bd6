"""The register: which organisations there are, how they are found by name, and their cohorts."""

from improve.register.cohort import built_in_cohorts, cohort_label, type_label
from improve.register.geography import label_place, read_hexagons, read_land, read_outlines
from improve.register.matching import find_organisation
from improve.register.neighbour import Neighbour, distances, neighbours
from improve.register.reference import read_register

__all__ = [
    "Neighbour",
    "built_in_cohorts",
    "cohort_label",
    "distances",
    "find_organisation",
    "label_place",
    "neighbours",
    "read_hexagons",
    "read_land",
    "read_outlines",
    "read_register",
    "type_label",
]
