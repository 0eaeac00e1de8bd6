"""What curious people look at, and what they write down: every figure and sentence of every view.

Pages, files and the command line tell nothing but what the views hold (test_curious.py has them agree).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum

from improve.disclosure import Figure
from improve.model import Role, Selection, Viewer
from improve.store import Store
from improve.views.comments import Band, Wish, comments_view
from improve.views.gap import gap_view
from improve.views.home import home_view
from improve.views.response import response_view
from improve.views.scores import scores_view
from improve.views.skills import skills_view
from improve.views.trend import trend_view

Path = tuple[object, ...]
OWN, OTHER = "X00", "X01"
DELEGATE, MEMBER = Viewer(Role.DELEGATE, OWN), Viewer(Role.MEMBER, OTHER)
FACILITATOR, PUBLIC = Viewer(Role.FACILITATOR), Viewer(Role.PUBLIC)
_KNOWN = {"choice", "survey", "categories"}
"""What everybody may know."""


@dataclass(frozen=True)
class Look:
    """Who looked at which page, with what wishes, and the view that they were shown."""

    viewer: Viewer
    page: str
    wishes: Mapping[str, object]
    view: object

    def written(self) -> list[tuple[Path, object]]:
        """Every released figure and every sentence, by where it stands."""
        return list(walked(self.view))

    @property
    def round(self) -> str | None:
        """The round that it came to be about."""
        found = self.view.choice.round
        return None if found is None else found.label

    @property
    def organisation(self) -> str | None:
        """The organisation that it came to be about."""
        found = self.view.choice.organisation
        return None if found is None else found.code


def walked(thing: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Released values and texts of a view, however deep; what is in a list goes by its name if it has one."""
    if isinstance(thing, Figure):
        if thing.value is not None:
            yield from _leaves(thing.value, path)
    elif is_dataclass(thing):
        for one in fields(thing):
            if one.name not in _KNOWN:
                yield from walked(getattr(thing, one.name), (*path, one.name))
    elif isinstance(thing, list | tuple):
        for at, one in enumerate(thing):
            name = next((getattr(one, key) for key in ("id", "label", "round") if hasattr(one, key)), at)
            yield from walked(one, (*path, name))
    elif isinstance(thing, str) and not isinstance(thing, Enum):
        yield path, thing


def _leaves(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    if is_dataclass(value):
        for one in fields(value):
            yield from _leaves(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, list | tuple):
        for at, one in enumerate(value):
            yield from _leaves(one, (*path, at))
    else:
        yield path, value


PAGES = {
    "scores": scores_view,
    "gap": gap_view,
    "trend": trend_view,
    "response": response_view,
    "skills": skills_view,
    "home": home_view,
}


def look(store: Store, viewer: Viewer, page: str, *, survey=None, organisation=None, **wishes) -> Look:
    """One look at a page."""
    places = {key: wishes.pop(key, None) for key in ("round", "cohort")}
    selection = Selection(organisation=organisation, survey=survey, **places)
    asked = {**places, "organisation": organisation, **wishes}
    if page == "comments":
        sort = wishes.pop("sort", None)
        first = comments_view(store, viewer, selection, Wish(**wishes), sort=sort)
        return Look(viewer, page, asked, first)
    return Look(viewer, page, asked, PAGES[page](store, viewer, selection, **wishes))


NOW, BEFORE, FIRST, NEXT = ({"round": label} for label in ("2026", "2025", "2024", "2027"))
BOROUGHS = {**NOW, "cohort": "type:London borough"}


def plan() -> Iterator[tuple[Viewer, str, Mapping[str, object]]]:
    """Everything that they try: pages, rounds, groups, own people, comments, others' addresses."""
    yield from told_to_all()
    for wishes in (
        NOW,
        FIRST,
        BEFORE,
        {**NOW, "cohort": "nation:England"},
        {**NOW, "cohort": "nation:Wales"},
    ):
        yield DELEGATE, "scores", wishes
    yield DELEGATE, "gap", {**NOW, "aspect": "A1", "compared": "areas"}
    yield DELEGATE, "trend", BEFORE
    for page in ("trend", "response", "skills", "home", "comments"):
        yield DELEGATE, page, NOW
    for aspect in ("A1", "A2"):
        for compared in ("areas", "groups"):
            yield MEMBER, "gap", {**NOW, "aspect": aspect, "compared": compared}
    for page in ("scores", "trend"):
        yield MEMBER, page, NOW
    yield MEMBER, "response", {**NOW, "by": "service_area"}
    yield MEMBER, "skills", {**NOW, "by": "job"}
    for wish in ({}, {"words": "lathe"}, {"words": "scanner"}, {"sort": "grumpiest"}):
        yield MEMBER, "comments", {**NOW, **wish}
    for band in Band:
        yield MEMBER, "comments", {**NOW, "band": band.value}
        yield MEMBER, "comments", {**NOW, "band": band.value, "words": "scanner"}
    for viewer in (DELEGATE, MEMBER, FACILITATOR, PUBLIC):
        for page in PAGES:
            yield viewer, page, {**NOW, "organisation": "X05"}
    for place in range(2, 8):
        yield from inside(f"X{place:02d}")
    for page in ("scores", "response", "comments"):
        yield Viewer(Role.MEMBER, "X12"), page, NOW


def told_to_all() -> Iterator[tuple[Viewer, str, Mapping[str, object]]]:
    """What says the same to everybody, looked at twice: before and after files have come."""
    for page in ("scores", "gap", "trend", "response", "skills"):
        yield FACILITATOR, page, BOROUGHS
    yield FACILITATOR, "gap", {**NOW, "aspect": "A2", "compared": "groups"}
    yield FACILITATOR, "comments", NOW
    for viewer in (FACILITATOR, PUBLIC, DELEGATE):
        yield viewer, "scores", NEXT
        yield viewer, "scores", BEFORE


def inside(code: str) -> Iterator[tuple[Viewer, str, Mapping[str, object]]]:
    """What a member asks of their own people."""
    yield Viewer(Role.MEMBER, code), "response", {**NOW, "by": "service_area"}
    yield Viewer(Role.MEMBER, code), "gap", {**NOW, "aspect": "A1", "compared": "areas"}


def roam(store: Store, *, is_forgiving: bool = False) -> Iterator[Look]:
    """The looks of the plan. Without its rules a page may fall over: who is forgiving goes on to the next."""
    for viewer, page, wishes in plan():
        try:
            found = look(store, viewer, page, **wishes)
        except Exception:
            if not is_forgiving:
                raise
            continue
        yield found


def again(first: Store, second: Store, *, is_forgiving: bool = False) -> Iterator[tuple[Look, Look]]:
    """Two looks at the same thing, before and after files have come."""
    for viewer, page, wishes in (*told_to_all(), *inside("X06")):
        try:
            found = look(first, viewer, page, **wishes), look(second, viewer, page, **wishes)
        except Exception:
            if not is_forgiving:
                raise
            continue
        yield found
