"""Text as it is kept, and as it leaves in a file that a spreadsheet opens."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from improve.wording import FORMULA, as_text_cell, from_text_cell, one_line


@given(st.text(st.characters(codec="utf-8"), max_size=12))
@example("'=1")
@example("''=1")
@example("'")
@example("=")
def test_a_marked_text_is_no_formula_and_comes_back_as_it_was(text):
    marked = as_text_cell(text)
    assert not marked.startswith(FORMULA)
    assert from_text_cell(marked) == text


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-", "@SUM(A1)", "\tx", "'=1"])
def test_what_looks_like_a_formula_is_marked(text):
    assert as_text_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "It's", "'tis", "1-2", "https://example.org/?a=1"])
def test_other_text_is_left_alone(text):
    assert as_text_cell(text) == from_text_cell(text) == text


@given(st.text(max_size=40))
@example("a \x07 b")
def test_one_line_is_one_line_for_good(text):
    kept = one_line(text)
    assert kept == one_line(kept)
    assert kept.isprintable()
    assert len(list(csv.reader(io.StringIO(kept)))) <= 1
