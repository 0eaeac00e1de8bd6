"""A diverging bar is parted at the scale's mid-point."""

from __future__ import annotations

from itertools import pairwise

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from improve.charts import DistributionWords, distribution_spec, diverging_positions

Counts = st.lists(st.integers(0, 500), min_size=2, max_size=11).filter(any)


def test_odd_and_even_scales() -> None:
    odd = diverging_positions([0.1, 0.4, 0.5])
    assert [end for pair in odd for end in pair] == pytest.approx([-0.3, -0.2, -0.2, 0.2, 0.2, 0.7])
    even = diverging_positions([0.25, 0.75])
    assert [end for pair in even for end in pair] == pytest.approx([-0.25, 0, 0, 0.75])


@given(Counts)
def test_segments_are_joined_and_as_wide_as_their_shares(counts: list[int]) -> None:
    shares = [count / sum(counts) for count in counts]
    places = diverging_positions(shares)
    assert [end - start for start, end in places] == pytest.approx(shares)
    assert all(before[1] == after[0] for before, after in pairwise(places))
    below, above = -places[0][0], places[-1][1]
    middle = shares[len(shares) // 2] / 2 if len(shares) % 2 else 0
    assert below == pytest.approx(sum(shares[: len(shares) // 2]) + middle)
    assert below + above == pytest.approx(1)


@pytest.mark.parametrize(("width", "shown"), [(1000, True), (200, False)])
def test_a_label_is_shown_where_it_fits(width: int, shown: bool) -> None:
    shares = [0.08, 0.02, 0.1, 0.2, 0.3, 0.2, 0.1]
    bars = [
        {
            "code": code,
            "label": f"{share:.0%}",
            "share": share,
            "x0": x0,
            "x1": x1,
            "sentence": f"Code {code}.",
        }
        for code, (share, (x0, x1)) in enumerate(zip(shares, diverging_positions(shares), strict=True), 1)
    ]
    spec = distribution_spec(
        DistributionWords("x", "bad", "good", "mid"), tuple(range(1, 8)), "light", "screen"
    )
    drawn = vl_convert.vegalite_to_svg({**spec, "width": width, "datasets": {"bars": bars}})
    assert (">8%<" in drawn) is shown
    assert ">30%<" in drawn
    assert ">2%<" not in drawn
    assert all(f'aria-label="Code {code}."' in drawn for code in range(1, 8))
