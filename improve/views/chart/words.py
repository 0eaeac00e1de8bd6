"""The words of the chart builder: what pictures are called, and why one does not go with the rest."""

from __future__ import annotations

from collections.abc import Mapping

from improve.language import _
from improve.views.chart.part import Picture


def picture_label(picture: Picture) -> str:
    """A picture's name."""
    return {
        Picture.DOT_RANGE: _("Dots and ranges"),
        Picture.BARS: _("Bars"),
        Picture.LINE: _("Line"),
        Picture.DIVERGING_BARS: _("Diverging bars"),
        Picture.SCATTER: _("Scatter"),
        Picture.HEAT_MAP: _("Heat map"),
        Picture.TABLE: _("Table"),
    }[picture]


def undrawn() -> Mapping[Picture, str]:
    """Why a picture is not offered with what is asked and compared, unless a question knows better."""
    return {
        Picture.DOT_RANGE: _("for one figure to a row, and here are several."),
        Picture.BARS: _("for one figure to a row, and here are several."),
        Picture.LINE: _("for rounds, or for the trend."),
        Picture.DIVERGING_BARS: _("for the distribution of answers, or for skills."),
        Picture.SCATTER: _("for the expectation gap, or for maturity."),
        Picture.HEAT_MAP: _("for the distribution of answers, for maturity or readiness."),
        Picture.TABLE: _("there is nothing to list."),
    }


def of_another() -> str:
    """Why what another question consists of cannot be compared here."""
    return _("of other questions.")


def no_such_question(wanted: str, known: str) -> str:
    """An address or a command that asks for no question there is."""
    return _("There is no question called {wanted}. There are: {known}.").format(wanted=wanted, known=known)


def not_offered(question: str, wanted: str, why: str, instead: str) -> str:
    """A wish that does not go together with the rest, and what is shown in its place."""
    return _("{question} does not go together with “{wanted}” ({why}). Shown instead: {instead}.").format(
        question=question, wanted=wanted, why=why.rstrip("."), instead=instead
    )


def unknown(wanted: str, instead: str) -> str:
    """A wish for something that does not exist."""
    return _("The chart builder knows no “{wanted}”. Shown instead: {instead}.").format(
        wanted=wanted, instead=instead
    )


def without(options: Mapping[str, str]) -> str:
    """Options that cannot be picked (label -> why), those with one reason together."""
    by_reason: dict[str, list[str]] = {}
    for label, why in options.items():
        by_reason.setdefault(why, []).append(label)
    return "; ".join(
        _("{options} ({why})").format(options=", ".join(labels), why=why.rstrip("."))
        for why, labels in by_reason.items()
    )
