"""The sentences of the Map; those of a whole view name no organisation, for shared screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from improve import disclosure
from improve.disclosure import Reason
from improve.instruments import say
from improve.language import _, ngettext, number, whole
from improve.model import CohortKind
from improve.register import type_label
from improve.views.choice import organisation_name, reason_sentences
from improve.views.sentence import because

if TYPE_CHECKING:
    from improve.views.map import Area, MapView, Module, Place


def module_label(module: Module) -> str:
    """What an organisation may take part in."""
    return {"survey": _("User survey"), "maturity": _("Digital maturity")}[module.value]


def finding(view: MapView) -> str:
    """How many take part, and how many areas have a median."""
    if view.choice.round is None:
        if disclosure.takes_in_files(view.choice.viewer):
            return _("There are no figures yet. Import a survey file to begin.")
        return _("There are no figures yet.")
    n, councils = view.taking_part, len(view.places)
    sentence = (
        ngettext(
            "{n} of {all} councils took part in round {round}.",
            "{n} of {all} councils took part in round {round}.",
            n,
        )
        if view.choice.round.is_closed
        else ngettext(
            "{n} of {all} councils takes part in round {round} so far.",
            "{n} of {all} councils take part in round {round} so far.",
            n,
        )
    )
    parts = [sentence.format(n=whole(n), all=whole(councils), round=view.choice.round.label)]
    with_median = [one for one in view.areas if one.median.value is not None]
    if with_median:
        parts.append(
            ngettext(
                "{n} of the {all} nations and regions has enough of them for a median of its own.",
                "{n} of the {all} nations and regions have enough of them for a median of their own.",
                len(with_median),
            ).format(n=len(with_median), all=len(view.areas))
        )
    return " ".join(parts)


def notes(view: MapView) -> tuple[str, ...]:
    """What one must know to read the map rightly."""
    found = []
    if view.is_provisional:
        found.append(
            _(
                "Provisional: this round is still collecting, and only the operator sees medians until it is "
                "closed."
            )
        )
    if view.national.withheld is Reason.COLLECTING:
        found.append(reason_sentences()[Reason.COLLECTING])
    cohort = view.choice.cohort
    if cohort is not None and cohort.reason is not None:
        found.append(no_comparison(cohort.label, cohort.reason))
    return tuple(found)


def no_comparison(group: str, reason: Reason) -> str:
    """Why a group cannot be compared with."""
    return _("{group} cannot be compared with. {reason}").format(
        group=group, reason=reason_sentences()[reason]
    )


def method(view: MapView) -> tuple[str, ...]:
    """How the map was made: who takes part, what the medians are, and what is never on it."""
    if view.choice.round is None:
        return ()
    found = [
        _(
            "A council takes part when its answers to the survey were taken in, or when it submitted an "
            "assessment of digital maturity in this round. Who prepares a shared service is not shown."
        ),
        _("A mark stands at a point inside the council's area; its size goes with the number of residents."),
        _(
            "The median of a nation or region is the middle one of its organisations' overall scores, one "
            "vote each, shown to 0.1."
        ),
        _(
            "There is no median of fewer than 7 organisations, nor of a group that differs from another by "
            "one or two: it would give their scores away."
        ),
        _(
            "No other figure of a council is on the map: a number beside a name would unmask that council on "
            "every other chart."
        ),
    ]
    if view.survey is not None:
        found.append(
            _("Questions: {title}, version {version}. Round: {round}.").format(
                title=say(view.survey.title), version=view.survey.version, round=view.choice.round.label
            )
        )
    return tuple(found)


def alt(view: MapView) -> str:
    """The name of the map for a screen reader; the table says the rest."""
    return _("Map of the councils of the United Kingdom.") + " " + view.finding


def kind_of(place: Place) -> str:
    """What takes part in what, in a few words."""
    if not place.modules:
        return _("does not take part")
    return _("takes part: {modules}").format(
        modules=", ".join(module_label(one).lower() for one in place.modules)
    )


def listed(place: Place, region: str) -> str:
    """The line below a council's name in the list."""
    if not place.modules:
        return _("{region} · takes no part").format(region=region)
    modules = ", ".join(module_label(one).lower() for one in place.modules)
    return _("{region} · {modules}").format(region=region, modules=modules)


def of_place(place: Place, region: str, *, is_named: bool) -> str:
    """A council's line: what it is, where it lies, what it takes part in."""
    one = place.organisation
    facts = {"type": type_label(one.type), "region": region, "part": kind_of(place)}
    if not is_named:
        return _("{type}, {region}; {part}").format(**facts)
    return _("{name}: {type}, {region}; {part}").format(name=organisation_name(one), **facts)


def of_area(area: Area) -> str:
    """All that there is to say of a nation or region."""
    part = ngettext(
        "{area}: {n} of {all} council takes part.", "{area}: {n} of {all} councils take part.", area.places
    ).format(area=area.label, n=whole(area.taking_part), all=whole(area.places))
    if area.median.value is None:
        return " ".join((part, _("There is no median. {reason}").format(reason=because(area.median))))
    median = ngettext(
        "The median is {median}, of {n} organisation.",
        "The median is {median}, of {n} organisations.",
        area.organisations.value or 0,
    ).format(median=number(area.median.value), n=whole(area.organisations.value or 0))
    return part + " " + median


def area_note(area: Area) -> str:
    """The few words at the end of an area's row."""
    if area.median.value is None:
        return ""
    return _("median {median} of {n}").format(
        median=number(area.median.value), n=whole(area.organisations.value or 0)
    )


def medians(view: MapView) -> str:
    """Between which values the medians of the regions lie; or that there is none."""
    found = [
        one.median.value
        for one in view.areas
        if one.median.value is not None and (one.cohort.kind is CohortKind.REGION or _has_no_regions(one))
    ]
    if not found:
        return _("No nation or region has enough organisations for a median.")
    if min(found) == max(found):
        return _("The medians of nations and regions are {value}.").format(value=number(found[0]))
    return _("The medians of nations and regions lie between {low} and {high}.").format(
        low=number(min(found)), high=number(max(found))
    )


def _has_no_regions(area: Area) -> bool:
    return area.cohort.value != "England"


def compare_with(area: Area) -> str:
    """What the button says that takes an area as the group to compare with, on every page."""
    return _("Compare with {group}").format(group=area.label)
