"""Charts: data-free Vega-Lite specs, cached for ever, and their export."""

from improve.charts.arrivals import ArrivalsWords, arrivals_spec
from improve.charts.distribution import DistributionWords, distribution_spec, diverging_positions
from improve.charts.export import as_png, as_svg
from improve.charts.joint import JointWords, joint_spec
from improve.charts.maturity import MaturityRowsWords, StripWords, maturity_rows_spec, strip_spec
from improve.charts.places import (
    MAP_HEIGHT,
    Areas,
    ColourBy,
    Deck,
    Dot,
    Dots,
    PlacesWords,
    deck,
    hexagons_spec,
    outlines_spec,
    places_key_spec,
    view_of,
)
from improve.charts.priorities import PrioritiesWords, priorities_spec
from improve.charts.quadrant import Plane, QuadrantWords, labelled, quadrant_spec
from improve.charts.radar import RadarWords, outlines, radar_spec
from improve.charts.readiness import MapShape, MapWords, readiness_map_spec
from improve.charts.response import ResponseWords, bars_spec, response_spec
from improve.charts.scores import ScoresWords, scores_spec
from improve.charts.skills import AnswersWords, FiguresWords, answers_spec, figures_spec
from improve.charts.spread import SpreadWords, spread_spec
from improve.charts.theme import DARK, LIGHT, Mode, Size, Spec
from improve.charts.themes import ThemesWords, themes_spec
from improve.charts.trend import TrendWords, trend_spec

__all__ = [
    "DARK",
    "LIGHT",
    "MAP_HEIGHT",
    "AnswersWords",
    "Areas",
    "ArrivalsWords",
    "ColourBy",
    "Deck",
    "DistributionWords",
    "Dot",
    "Dots",
    "FiguresWords",
    "JointWords",
    "MapShape",
    "MapWords",
    "MaturityRowsWords",
    "Mode",
    "PlacesWords",
    "Plane",
    "PrioritiesWords",
    "QuadrantWords",
    "RadarWords",
    "ResponseWords",
    "ScoresWords",
    "Size",
    "Spec",
    "SpreadWords",
    "StripWords",
    "ThemesWords",
    "TrendWords",
    "answers_spec",
    "arrivals_spec",
    "as_png",
    "as_svg",
    "bars_spec",
    "deck",
    "distribution_spec",
    "diverging_positions",
    "figures_spec",
    "hexagons_spec",
    "joint_spec",
    "labelled",
    "maturity_rows_spec",
    "outlines",
    "outlines_spec",
    "places_key_spec",
    "priorities_spec",
    "quadrant_spec",
    "radar_spec",
    "readiness_map_spec",
    "response_spec",
    "scores_spec",
    "spread_spec",
    "strip_spec",
    "themes_spec",
    "trend_spec",
    "view_of",
]
