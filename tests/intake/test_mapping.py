"""What an operator says about a file: read, refused with its place, written and read again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.errors import IntakeError
from improve.intake import Mapping, Use, mapping_as_yaml, read_mapping

TEXT = """
columns:
  "Q1 imp": {item: SYS1, measure: importance}
  Q2: ovr1
  "Learn: class": {item: SKT3, option: Classroom}
  Name: ignore
words:
  Yes: 1
  "Quite  Good": 5
  half: 0.5
missing: [Dim syniad, NULL, "8"]
"""


def test_a_mapping_is_read(survey):
    mapping = read_mapping(TEXT, survey)
    assert mapping.columns == {
        "Q1 imp": Use("SYS1", "importance"),
        "Q2": Use("OVR1", "answer"),
        "Learn: class": Use("SKT3", "answer", "classroom"),
    }
    assert mapping.ignored == {"Name"}
    assert mapping.words == {"yes": 1, "quite good": 5, "half": 0.5}
    assert mapping.missing == {"dim syniad", "null", "8"}


@pytest.mark.parametrize("text", ["columns:", "words: {}\nmissing: []", "columns: {}"])
def test_its_parts_may_be_empty(survey, text):
    assert read_mapping(text, survey) == Mapping()


def test_it_is_written_as_it_is_read(survey):
    mapping = read_mapping(TEXT, survey)
    assert read_mapping(mapping_as_yaml(mapping), survey) == mapping


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12).map(
            lambda text: " ".join(text.split())
        ),
        st.sampled_from(
            [Use("SYS1", "satisfaction"), Use("OVR1", "answer"), Use("SKT3", "answer", "online"), None]
        ),
        max_size=4,
    ),
    st.dictionaries(st.sampled_from(["yes", "no", "~", "1.0", "good: very", "#"]), st.sampled_from([1, 0.5])),
    st.frozensets(st.sampled_from(["null", "true", "- x", "99", "'"])),
)
@settings(deadline=None)
def test_any_mapping_is_written_as_it_is_read(survey, columns, words, missing):
    mapping = Mapping(
        columns={name: use for name, use in columns.items() if use},
        words=words,
        missing=missing,
        ignored=frozenset(name for name, use in columns.items() if not use),
    )
    assert read_mapping(mapping_as_yaml(mapping), survey) == mapping


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "as a whole: It must hold columns, words or missing."),
        ("- a", "as a whole: It must hold columns"),
        ("colums: {}", "colums: It is not known; a mapping holds columns, words and missing."),
        ("columns: [a]", "columns: It must be a list of “name: value” lines."),
        ("columns: {Q1: SYS9}", "columns → “Q1” → item: “SYS9” is no item of small."),
        ("columns: {Q1: SYS1}", "columns → “Q1”: SYS1 needs a measure: importance and satisfaction."),
        (
            "columns: {Q1: {item: SYS1, measure: importence}}",
            "columns → “Q1” → measure: “importence” is no measure; there are importance and satisfaction.",
        ),
        (
            "columns: {Q1: {item: OVR1, measure: importance}}",
            "→ measure: OVR1 is a question, and has no measure.",
        ),
        (
            "columns: {Q1: {item: SYS1, measure: importance, option: a}}",
            "→ option: An aspect has no options.",
        ),
        ("columns: {Q1: {item: SKT3, option: Radio}}", "→ option: “Radio” is no option of SKT3"),
        ("columns: {Q1: {item: PRF2, option: leader}}", "→ option: “leader” is no option of PRF2"),
        ("columns: {Q1: {itm: OVR1}}", "columns → “Q1”: It must name an item, or say ignore."),
        ("columns: {Q1: {item: OVR1, colour: red}}", "columns → “Q1” → colour: It is not known"),
        ("columns: {Q1: [OVR1]}", "columns → “Q1”: It must name an item"),
        ("columns: {Q1: OVR1, Q1: ignore}", "“Q1”: It is given twice."),
        ("words: {good: fine}", "words → “good”: It must be a number."),
        ("words: {good: .inf}", "words → “good”: It must be a number."),
        ("missing: none", "missing: It must be a list of words."),
        ("words: {N: 1}\nmissing: [n]", "missing → “n”: The word stands under words, too."),
        ("columns: {Q1: OVR1\nwords", "It is not valid YAML."),
        ("a: &a [*a]", "as a whole: It is nested too deep, or refers to itself."),
        ("[" * 5000, "as a whole: It is nested too deep, or refers to itself."),
        ("x" * 200_001, "as a whole: It is too long."),
        ("? [a, b]\n: c", "as a whole: A key must be one text."),
        ("a: !!python/object/apply:os.system [id]", "a: It is not known"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(survey, text, sentence):
    with pytest.raises(IntakeError) as caught:
        read_mapping(text, survey)
    assert str(caught.value).startswith("Mapping, ")
    assert sentence in str(caught.value)


@given(st.text(alphabet="columns: {}[]&*!?|>-'\"\n\tOVR1ü\0%@`", max_size=60))
@settings(deadline=None)
def test_any_text_gives_a_mapping_or_an_intake_error(survey, text):
    try:
        read_mapping(text, survey)
    except IntakeError as error:
        assert str(error)
