"""Built-in cohorts: the organisations that share one fact, and what cohorts are called.

Whether a cohort may be offered in a round is decided in improve/disclosure.py.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from improve.language import N_, _
from improve.model import SIZE_BANDS, Cohort, CohortKind, Organisation

_TYPE_LABELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "county": (N_("County council"), N_("County councils")),
        "district": (N_("District council"), N_("District councils")),
        "unitary": (N_("Unitary council (England)"), N_("Unitary councils (England)")),
        "metropolitan borough": (N_("Metropolitan borough"), N_("Metropolitan boroughs")),
        "London borough": (N_("London borough"), N_("London boroughs")),
        "City corporation": (N_("City corporation"), N_("City corporations")),
        "Welsh unitary": (N_("Unitary council (Wales)"), N_("Unitary councils (Wales)")),
        "Scottish council area": (N_("Unitary council (Scotland)"), N_("Unitary councils (Scotland)")),
        "NI district": (
            N_("District council (Northern Ireland)"),
            N_("District councils (Northern Ireland)"),
        ),
    }
)

TYPES = tuple(_TYPE_LABELS)
"""The register's words for kinds of council, in the order in which their cohorts are listed."""

_PLACE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "England": N_("England"),
        "Scotland": N_("Scotland"),
        "Wales": N_("Wales"),
        "Northern Ireland": N_("Northern Ireland"),
        "East Midlands": N_("East Midlands"),
        "East of England": N_("East of England"),
        "London": N_("London"),
        "North East": N_("North East"),
        "North West": N_("North West"),
        "South East": N_("South East"),
        "South West": N_("South West"),
        "West Midlands": N_("West Midlands"),
        "Yorkshire and The Humber": N_("Yorkshire and The Humber"),
    }
)

_SIZE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "under 100,000": N_("Fewer than 100,000 people"),
        "100,000 to 199,999": N_("100,000 to 199,999 people"),
        "200,000 to 399,999": N_("200,000 to 399,999 people"),
        "400,000 or more": N_("400,000 people or more"),
    }
)

SIZES = tuple(_SIZE_LABELS)
"""The size bands of the register by population, smallest first (improve.model.SIZE_BANDS)."""

ALL = "all"


def size_of(organisation: Organisation) -> str:
    """The size band of an organisation by its population."""
    return SIZES[bisect_right(SIZE_BANDS, organisation.population)]


def built_in_cohorts(register: Iterable[Organisation]) -> tuple[Cohort, ...]:
    """Every cohort of the register, in the order of CohortKind: all, nations, regions, types, sizes.

    One that has exactly the members of an earlier one is left out (the region Wales and the Welsh
    unitary councils are the nation Wales). A cohort without members does not exist.
    """
    members: dict[tuple[CohortKind, str], set[str]] = defaultdict(set)
    for organisation in register:
        members[CohortKind.ALL, ALL].add(organisation.code)
        members[CohortKind.NATION, organisation.nation].add(organisation.code)
        members[CohortKind.REGION, organisation.region].add(organisation.code)
        members[CohortKind.TYPE, organisation.type].add(organisation.code)
        members[CohortKind.SIZE, size_of(organisation)].add(organisation.code)
    cohorts: dict[frozenset[str], Cohort] = {}
    for kind, value in sorted(members, key=_place):
        codes = frozenset(members[kind, value])
        key = ALL if kind is CohortKind.ALL else f"{kind}:{value}"
        cohorts.setdefault(codes, Cohort(key, kind, value, codes))
    return tuple(cohorts.values())


def cohort_label(cohort: Cohort) -> str:
    """What a cohort is called: "All UK councils", "Wales", "East of England", "London boroughs"."""
    match cohort.kind:
        case CohortKind.ALL:
            return _("All UK councils")
        case CohortKind.SIZE:
            return _(_SIZE_LABELS[cohort.value])
        case CohortKind.LIKE:
            return _("Councils like us")
        case CohortKind.GROUP:
            return _("Group “{name}”").format(name=cohort.value)
        case CohortKind.TYPE if cohort.value in _TYPE_LABELS:
            return _(_TYPE_LABELS[cohort.value][1])
        case _ if cohort.value in _PLACE_LABELS:
            return _(_PLACE_LABELS[cohort.value])
    return cohort.value


def type_label(type_: str) -> str:
    """What one council of a type of the register is called: "County council", "London borough"."""
    return _(_TYPE_LABELS[type_][0]) if type_ in _TYPE_LABELS else type_


def _place(fact: tuple[CohortKind, str]) -> tuple[int, int, str]:
    kind, value = fact
    order = {CohortKind.TYPE: TYPES, CohortKind.SIZE: SIZES}.get(kind, ())
    return list(CohortKind).index(kind), order.index(value) if value in order else len(order), value
