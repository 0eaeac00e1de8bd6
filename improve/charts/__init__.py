"""Charts: data-free Vega-Lite specs, cached for ever, and their export."""

from improve.charts.distribution import DistributionWords, distribution_spec, diverging_positions
from improve.charts.export import as_png, as_svg
from improve.charts.scores import ScoresWords, scores_spec
from improve.charts.spread import SpreadWords, spread_spec
from improve.charts.theme import DARK, LIGHT, Mode, Size, Spec

__all__ = [
    "DARK",
    "LIGHT",
    "DistributionWords",
    "Mode",
    "ScoresWords",
    "Size",
    "Spec",
    "SpreadWords",
    "as_png",
    "as_svg",
    "distribution_spec",
    "diverging_positions",
    "scores_spec",
    "spread_spec",
]
