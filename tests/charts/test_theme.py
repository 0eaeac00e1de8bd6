"""The palette keeps the contrast that WCAG 2.2 asks for, in both modes."""

from __future__ import annotations

import pytest

from improve.charts.theme import DARK, LIGHT, Palette, blend, contrast, legible, wrapped


def test_contrast_check_values() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_marks_and_text_stand_out(palette: Palette) -> None:
    for ground in (palette.background, palette.panel):
        assert contrast(palette.text, ground) >= 7
        assert contrast(palette.muted, ground) >= 4.5
    marks = ("edge", "median", "higher", "similar", "lower", "focus", "cohort", "last", "low", "high")
    for mark in marks:
        assert contrast(getattr(palette, mark), palette.background) >= 3, mark
    for mark in ("median", "cohort", "focus", "higher", "similar"):
        assert contrast(getattr(palette, mark), palette.band) >= 3, mark


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("codes", [2, 5, 7, 10])
def test_every_segment_can_be_read(palette: Palette, codes: int) -> None:
    colours = [
        blend(palette.low, palette.middle, palette.high, place / (codes - 1)) for place in range(codes)
    ]
    assert (colours[0], colours[-1]) == (palette.low, palette.high)
    assert len(set(colours)) == codes
    for colour in colours:
        assert contrast(legible(colour), colour) >= 4.5


def test_wrapping_keeps_every_word() -> None:
    text = "Average satisfaction on the scale from 1 to 7"
    lines = wrapped(text, 120, 13)
    assert len(lines) > 1
    assert " ".join(lines) == text
    assert wrapped("", 120, 13) == [""]
