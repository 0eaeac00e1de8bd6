"""The parts of the Map page that touch Streamlit: its headline, choices, map, table and buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from math import ceil, floor
from typing import cast

import streamlit as st

from improve.charts import (
    MAP_HEIGHT,
    Areas,
    ColourBy,
    Dot,
    Dots,
    PlacesWords,
    ScoresWords,
    deck,
    hexagons_spec,
    outlines_spec,
    places_key_spec,
    scores_spec,
    view_of,
)
from improve.language import _, number, whole
from improve.views import map_sentence as sentence
from improve.views import map_shown
from improve.views.choice import organisation_name
from improve.views.map import Area, MapView, Place, areas_of, place_called
from improve.views.sentence import because
from improve.web import filters
from improve.web.block import Block, draw_chart, footer, marked, mode, picked, size
from improve.web.text import label, plain

MAP, HEXAGONS = "map", "hexagons"
_TWO_ON_A_PHONE = 140
_PLACE = "place"
"""The code of the council that was chosen here; of a session, not of an address."""
_LIST_HEIGHT = 360


@dataclass(frozen=True, slots=True)
class Shown:
    """What the reader chose to see: which picture, coloured by what, zoomed to which area, which layout."""

    picture: str
    by: ColourBy
    zoom: Area | None
    layout: str


def draw_headline(view: MapView) -> None:
    """The figures that a reader looks for first."""
    with st.grid(4, min_column_width=_TWO_ON_A_PHONE):
        _metric(
            _("Councils taking part"),
            whole(view.taking_part),
            _("of {n} in the register").format(n=whole(len(view.places))),
        )
        if view.survey is None:
            return
        median = view.national.value
        n = view.national_organisations.value
        _metric(
            _("National median"),
            "–" if median is None else number(median),
            because(view.national) if n is None else _("of {n} organisations").format(n=whole(n)),
        )
        with_median = sum(one.median.value is not None for one in view.areas)
        _metric(
            _("Areas with a median"),
            whole(with_median),
            _("of {n} nations and regions").format(n=len(view.areas)),
        )
        if view.choice.organisation is not None:
            own = view.own.value
            _metric(
                _("Overall score"),
                "–" if own is None else number(own, 2),
                _("of one's own organisation") if own is not None else because(view.own),
            )


def _metric(label_: str, value: str, beside: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label_, value)
        if beside:
            st.caption(plain(beside))


def arrange(view: MapView) -> Shown:
    """Which picture, by which colours, of which part: chosen here, and kept in the address."""
    areas = {one.cohort.key: one for one in view.areas}
    layouts = map_shown.layouts(view)
    with st.container(horizontal=True):
        picture = _one_of("picture", _("Show as"), {MAP: _("Map"), HEXAGONS: _("Hexagons")})
        by = _one_of("colour", _("Colour by"), {"part": _("What they take part in"), "nation": _("Nation")})
        layout = next(iter(layouts))
        if picture == HEXAGONS and len(layouts) > 1:
            layout = _one_of("layout", _("Councils"), layouts)
    zoom = "all"
    if picture == MAP:
        zoom = _one_of(
            "zoom",
            _("Zoom to"),
            {"all": _("United Kingdom"), **{key: one.label for key, one in areas.items()}},
        )
    return Shown(picture, cast(ColourBy, by), areas.get(zoom), layout)


def _one_of(key: str, name: str, options: Mapping[str, str]) -> str:
    picked_ = st.segmented_control(
        name,
        list(options),
        default=next(iter(options)),
        format_func=lambda one: options.get(one, str(one)),
        key=key,
        bind="query-params",
        required=True,
    )
    return picked_ if picked_ in options else next(iter(options))


def map_block(view: MapView, shown: Shown) -> Block:
    """The map or the hexagons; either can be taken away as a picture."""
    is_named = not filters.presenting()
    words = _words(view, shown)
    is_hexagons = shown.picture == HEXAGONS
    notes = [*view.notes, *_sources(view)]
    if is_hexagons:
        rows = map_shown.hexagon_rows(view, shown.layout, is_named=is_named)
        columns = 1 + max((floor(row["x"]) for row in rows), default=0)
        lines = 1 + max((row["y"] for row in rows), default=0)
        chosen = st.session_state.get(_PLACE) if is_named else None
        own_code = None if view.choice.organisation is None else view.choice.organisation.code
        own = [row for row in rows if is_named and row["row"] == own_code]
        datasets = {
            "rows": [{**row, "chosen": row["row"] == chosen} for row in rows],
            "areas": map_shown.hexagon_areas(view, shown.layout),
            "borders": map_shown.hexagon_borders(view, shown.layout),
            "own": [{"x": row["x"], "y": row["y"], "label": _own_label(view)} for row in own],
        }
        missing = map_shown.without_hexagon(view, shown.layout)
        if missing:
            notes.append(_("Without a hexagon, because they are new: {n} councils.").format(n=missing))
        spec = partial(hexagons_spec, words, shown.by, columns, lines)
    else:
        own_places = [one for one in view.places if view.is_own(one) and is_named]
        datasets = {
            "land": map_shown.outlines(),
            "rows": map_shown.dot_rows(view, is_named=is_named),
            "areas": map_shown.area_labels(view, None),
            "own": [
                {"lon": one.organisation.lon, "lat": one.organisation.lat, "label": _own_label(view)}
                for one in own_places
            ],
        }
        spec = partial(outlines_spec, words, shown.by)
    return Block(
        key="map",
        heading=_("Who takes part, and where"),
        finding=view.finding,
        spec=spec,
        datasets=datasets,
        alt=view.alt,
        table=partial(map_shown.table_rows, view, is_named=is_named),
        method=view.method,
        footer=footer(view.choice, notes, view.method[-1:]),
    )


def _own_label(view: MapView) -> str:
    """One's own organisation with its figure, where there is one."""
    assert view.choice.organisation is not None
    name = organisation_name(view.choice.organisation)
    return name if view.own.value is None else f"{name} {number(view.own.value, 2)}"


def _words(view: MapView, shown: Shown) -> PlacesWords:
    if shown.by == "nation":
        labels = map_shown.region_labels(view)
        entries = [(one, labels.get(one, one)) for one in map_shown.NATIONS]
    else:
        used = {map_shown.part_of(one) for one in view.places}
        named = (
            (map_shown.SURVEY, _("User survey")),
            (map_shown.BOTH, _("User survey and digital maturity")),
            (map_shown.MATURITY, _("Digital maturity")),
        )
        entries = [one for one in named if one[0] in used]
    if view.taking_part < len(view.places):
        entries.append((map_shown.NOBODY, _("Takes no part")))
    axis = (
        _("Every council the same size; numbers: median of overall scores")
        if shown.picture == HEXAGONS
        else _("Size: number of residents; numbers: median of overall scores")
    )
    return PlacesWords(axis=marked(axis), entries=tuple(entries))


def _sources(view: MapView) -> tuple[str, ...]:
    """Where the places and outlines come from."""
    outlines = _("Outlines: Natural Earth.")
    if filters.is_demonstration():
        return (outlines,)
    boundaries = view.boundaries
    return (
        outlines,
        *(() if boundaries is None else (_("Areas: {file}.").format(file=boundaries.file_name),)),
        _(
            "Councils: Office for National Statistics licensed under the Open Government Licence v.3.0. "
            "Contains OS data © Crown copyright and database right 2025."
        ),
    )


def picture_of(view: MapView, shown: Shown) -> Callable[[Block], None]:
    """What stands in the chart's place of the map's block."""
    return partial(_draw_map, view, shown)


def _draw_map(view: MapView, shown: Shown, block: Block) -> None:
    """The picture, and beside it the councils to search and choose from; none is named while presenting."""
    if filters.presenting():
        _draw_picture(view, shown, block)
    else:
        left, right = st.columns([5, 3], gap="medium")
        with left:
            _draw_picture(view, shown, block)
        with right:
            _draw_search(view)
            _draw_chosen(view)
    st.caption(plain(" ".join(_sources(view))))


def _draw_picture(view: MapView, shown: Shown, block: Block) -> None:
    if shown.picture == HEXAGONS and block.spec is not None:
        draw_chart(block, block.spec, hexagon_was_clicked)
        return
    words = _words(view, shown)
    st.vega_lite_chart(
        {**places_key_spec(words, shown.by, mode(), size()), "datasets": {"rows": []}},
        alt=_("What the marks of the map mean: {key}.").format(
            key=", ".join(word for _kind, word in words.entries)
        ),
        key="chart_key",
    )
    is_named = not filters.presenting()
    chosen = place_called(view, st.session_state.get(_PLACE)) if is_named else None
    pinned = [organisation_name(one.organisation) for one in view.places if view.is_own(one) or one is chosen]
    cohort = view.choice.cohort
    st.pydeck_chart(
        deck(
            dots=_dots(map_shown.dot_rows(view, is_named=is_named)),
            by=shown.by,
            land=_address("land.json", map_shown.land_version()),
            view=view_of(map_shown.box(view, shown.zoom)),
            areas=[
                {**row, "is_chosen": cohort is not None and row["row"] == cohort.cohort.key}
                for row in map_shown.area_labels(view, shown.zoom)
            ],
            own=[_pin(one, _own_label(view)) for one in view.places if view.is_own(one) and is_named],
            chosen=[]
            if chosen is None or view.is_own(chosen)
            else [_pin(chosen, organisation_name(chosen.organisation))],
            names=[
                row
                for row in (map_shown.names(view, shown.zoom) if is_named else [])
                if row["label"] not in pinned
            ],
            mode=mode(),
            size=size(),
            is_near=shown.zoom is not None,
            drawn=None
            if view.boundaries is None
            else Areas(
                _address("boundaries.json", view.boundaries.sha256[:12]),
                map_shown.area_kinds(view, shown.by),
            ),
        ),
        height=MAP_HEIGHT,
        on_select=deck_was_clicked,
        key="deck",
        alt=view.alt,
    )
    st.caption(
        _(
            "Drag to move, double-click to come nearer. Where the browser draws no map, the hexagons and "
            "the list say the same."
        )
    )


@lru_cache(maxsize=16)
def _dots(rows: map_shown.Rows) -> Dots:
    return Dots(Dot(**row) for row in rows)


def _pin(place: Place, text: str) -> dict[str, object]:
    one = place.organisation
    return {"lon": one.lon, "lat": one.lat, "population": one.population, "label": text}


def _address(name: str, version: str) -> str:
    """Where the browser fetches outlines, once for each version."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return ("/" + base if base else "") + f"/geo/{name}?v={version}"


def deck_was_clicked() -> None:
    """A council that was clicked is chosen; the label of an area is the group to compare with."""
    found = st.session_state["deck"].selection.objects
    if areas := found.get("areas"):
        filters.compare_with(str(areas[0]["row"]))
        return
    dots = found.get("dots")
    st.session_state[_PLACE] = str(dots[0]["row"]) if dots else None


def hexagon_was_clicked() -> None:
    """A hexagon that was clicked is the council chosen."""
    st.session_state[_PLACE] = picked("map")


def area_was_clicked() -> None:
    """The row of an area that was clicked is the group to compare with."""
    if row := picked("areas"):
        filters.compare_with(row)


def _draw_search(view: MapView) -> None:
    """The councils to search and choose from: one stop of the Tab key, then arrows."""
    wanted = st.text_input(
        _("Find a council"),
        key="find_place",
        placeholder=_("Part of a name, a nation or a region"),
        icon=":material/search:",
    )
    looked_for = (wanted or "").casefold().strip()
    found = {row.code: row for row in map_shown.list_rows(view) if looked_for in row.searched}
    place = st.session_state.get(_PLACE)
    # The mark that was clicked on the map is chosen here, too.
    st.session_state["places"] = place if place in found else None
    with st.container(height=_LIST_HEIGHT, key="place_list"):
        if not found:
            st.caption(_("No council has that in its name, nation or region."))
        else:
            st.radio(
                _("Councils, by name"),
                list(found),
                index=None,
                format_func=lambda code: _shown(found[code].name) if code in found else code,
                captions=[_shown(row.note) for row in found.values()],
                key="places",
                on_change=place_was_chosen,
            )


_shown = lru_cache(maxsize=4096)(plain)


def place_was_chosen() -> None:
    """The council chosen in the list."""
    st.session_state[_PLACE] = st.session_state["places"]


def forget_place() -> None:
    """Nothing is chosen any more."""
    st.session_state[_PLACE] = None


def _draw_chosen(view: MapView) -> None:
    """The council chosen, and the ways from it to every other page."""
    place = place_called(view, st.session_state.get(_PLACE))
    with st.container(border=True, key="chosen_place"):
        if place is None:
            st.caption(_("Choose a council on the map or in the list to compare with its nation or region."))
            return
        labels = map_shown.region_labels(view)
        region = labels.get(place.organisation.region, place.organisation.region)
        st.markdown("**" + plain(organisation_name(place.organisation)) + "**")
        st.caption(plain(sentence.of_place(place, region, is_named=False)))
        for area in areas_of(view, place):
            _draw_way(view, area)
        if view.may_show(place) and not view.is_own(place):
            st.button(
                _("Show this organisation"),
                key="show_place",
                icon=":material/visibility:",
                on_click=filters.look_at,
                args=(place.organisation.code,),
            )
        st.button(
            _("Choose none"),
            key="forget_place",
            icon=":material/close:",
            type="tertiary",
            on_click=forget_place,
        )


def _draw_way(view: MapView, area: Area) -> None:
    """The button that compares with an area, or why there is none."""
    cohort = view.choice.cohort
    if area.reason is not None:
        st.caption(plain(sentence.no_comparison(area.label, area.reason)))
    elif cohort is not None and cohort.cohort.key == area.cohort.key:
        st.caption(":material/check: " + plain(_("Compared with {group}").format(group=area.label)))
    else:
        st.button(
            label(sentence.compare_with(area)),
            key="compare_" + area.cohort.kind.value,
            icon=":material/compare_arrows:",
            on_click=filters.compare_with,
            args=(area.cohort.key,),
        )


def areas_block(view: MapView) -> Block:
    """The medians of nations and regions beside each other."""
    rows = map_shown.area_rows(view)
    known = [row["median"] for row in rows if row["median"] is not None]
    known += [] if view.own.value is None else [view.own.value]
    known += [] if view.national.value is None else [view.national.value]
    scale = None
    if view.survey is not None:
        headline = view.survey.headline
        scale = view.survey.scale if headline is None else view.survey.scale_of(headline)
    low, high = (1, 7) if scale is None else (scale.low, scale.high)
    ends = f"{low}–{high}"
    if known:
        low, high = max(low, floor(min(known) - 0.2)), min(high, ceil(max(known) + 0.2))
    words = ScoresWords(
        axis=marked(
            _("Median of overall scores, {low} to {high} shown of the scale {ends}").format(
                low=low, high=high, ends=ends
            )
        ),
        own=_("Own score") if view.own.value is not None else None,
        median=_("Median of the nation or region"),
    )
    return Block(
        key="areas",
        heading=_("Nations and regions"),
        finding=sentence.medians(view),
        spec=lambda mode_, size_: scores_spec(words, low, high, len(rows), mode_, size_),
        datasets={"rows": [{**row, "mean": view.own.value} for row in rows]},
        alt=_("The medians of nations and regions.") + " " + sentence.medians(view),
        table=partial(map_shown.area_table, view),
        method=view.method,
        footer=footer(view.choice, view.notes, view.method[-1:]),
    )
