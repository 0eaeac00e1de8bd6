"""Which column feeds what, in the header styles of the tools that councils use."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.instruments import read_library
from improve.instruments.template import template_header
from improve.intake import How, Mapping, Use, read_table, understand

IMPORTANCE, SATISFACTION = Use("SYS1", "importance"), Use("SYS1", "satisfaction")
HEADLINE = Use("OVR1", "answer")


def understood(survey, as_csv, columns, mapping=None, row=None):
    table = read_table(as_csv([columns, row or ["1"] * len(columns)]), "x.csv")
    return understand(table, survey, mapping)


@pytest.mark.parametrize(
    ("header", "use", "how"),
    [
        ("SYS1 importance", IMPORTANCE, How.ID),
        ("sys1_satisfaction", SATISFACTION, How.ID),
        ("importance SYS1", IMPORTANCE, How.ID),
        ("SYS1[importance]", IMPORTANCE, How.ID),  # LimeSurvey, codes
        ("SYS1. The systems I use work when I need them [Satisfaction]", SATISFACTION, How.ID),  # and text
        ("Q3a SYS1 Importance", IMPORTANCE, How.ID),
        ("Importance of: Reliability", IMPORTANCE, How.SHORT),
        ("Reliability [Satisfaction]", SATISFACTION, How.SHORT),
        ("Reliability - Importance", IMPORTANCE, How.SHORT),
        ("3. RELIABILITY (satisfaction, 1-7)", SATISFACTION, How.SHORT),  # Snap
        ("Dibynadwyedd: pwysigrwydd", IMPORTANCE, How.SHORT),
        ("Bodlonrwydd â Dibynadwyedd", SATISFACTION, How.SHORT),
        ("Network and Wi-Fi importance", Use("EQP3", "importance"), How.SHORT),
        ("NETWORK AND WI–FI – importance", Use("EQP3", "importance"), How.SHORT),
        (
            "How satisfied are you with ... The systems I use work when I need them",
            SATISFACTION,
            How.QUESTION,
        ),
        # Google Forms: question [row]
        ("How important is each of these to your job? [Reliability]", IMPORTANCE, How.SHORT),
        # Microsoft Forms: group.row
        ("Satisfaction.The systems I use work when I need them", SATISFACTION, How.QUESTION),
        # SurveyMonkey, one header row
        ("Please rate your satisfaction with our service: - Reliability", SATISFACTION, How.SHORT),
        ("I can get the ICT training I need: importance", Use("INF3", "importance"), How.QUESTION),
        ("How important is this to you in your work? Training", Use("INF3", "importance"), How.SHORT),
        ("OVR1", HEADLINE, How.ID),
        ("ovr1.", HEADLINE, How.ID),
        ("12. Overall", HEADLINE, How.SHORT),
        (
            "How do you rate the ICT service you receive,  taking everything together",
            HEADLINE,
            How.QUESTION,
        ),
        ("OVR1. How do you rate the ICT service you receive, taking everything together?", HEADLINE, How.ID),
        ("SKT3", Use("SKT3", "answer"), How.ID),
        ("SKT3 [Classroom]", Use("SKT3", "answer", "classroom"), How.ID),
        ("How do you like to learn? [Live online]", Use("SKT3", "answer", "online"), How.QUESTION),
        ("How do you like to learn? (Guides, written)", Use("SKT3", "answer", "guides"), How.QUESTION),
        ("SKT3[online]", Use("SKT3", "answer", "online"), How.ID),
        ("SKT3: Ystafell ddosbarth", Use("SKT3", "answer", "classroom"), How.ID),
        # Near is not enough.
        ("SYS11 importance", None, None),
        ("Reliabilty importance", None, None),
        ("SKT3 [Other]", None, None),
        ("Role: other, please specify", None, None),
        ("Have you had any training that was important?", None, None),
        ("Importance of Reliability and Training", None, None),
        ("Name", None, None),
        ("Importance", None, None),
        ("The systems I use work when I need them2", None, None),
        ("Overall importance", None, None),
        ("", None, None),
    ],
)
def test_one_header(survey, as_csv, header, use, how):
    understanding = understood(survey, as_csv, [header, "COM1"])
    found = [(match.use, match.how) for match in understanding.matched if match.item != "COM1"]
    assert found == ([(use, how)] if use else [])
    assert not understanding.problems
    assert [column.letter for column in understanding.unused] == ([] if use else ["A"])


def test_a_header_that_says_what_nobody_said_is_unused_with_a_suggestion(survey, as_csv):
    understanding = understood(
        survey, as_csv, ["OVR1", "Reliabilty importance", "SYS 1 importance", "Full name", "Home address"]
    )
    assert [(column.letter, column.suggestion) for column in understanding.unused] == [
        ("B", "SYS1"),
        ("C", "SYS1"),
        ("D", None),
        ("E", None),
    ]


def test_columns_without_header_and_text_are_not_even_named(survey, as_csv):
    understanding = understood(survey, as_csv, ["OVR1", "", ""], row=["5", "x", " "])
    assert [column.column for column in understanding.unused] == ["column B"]


PROBLEMS = [
    (["SYS1 importance", "Reliability importance"], "Columns A and B all feed the importance of SYS1."),
    (["OVR1", "Overall", "12 Overall"], "Columns A, B and C all feed OVR1."),
    (["SKT3", "SKT3 [Classroom]"], "Columns A and B all feed SKT3."),
    (["SKT3 [Classroom]", "SKT3 (classroom)"], "Columns A and B all feed SKT3."),
    (
        ["OVR1", "SYS1 importance and satisfaction"],
        "Column B (“SYS1 importance and satisfaction”) names more",
    ),
    (["OVR1", "Reliability"], "This column names an aspect and no measure: B (“Reliability”). Add one of"),
    (["OVR1", "SYS1", "How do you rate: Training"], "These 2 columns name an aspect and no measure: B"),
    (["Name", "Address"], "No column of the file names an item of small."),
]


@pytest.mark.parametrize(("columns", "sentence"), PROBLEMS)
def test_what_is_doubtful_stops(survey, as_csv, columns, sentence):
    understanding = understood(survey, as_csv, columns)
    assert any(sentence in problem for problem in understanding.problems)
    assert len(understanding.problems) == 1


def test_a_column_per_option_is_no_double(survey, as_csv):
    understanding = understood(survey, as_csv, ["SKT3 [Classroom]", "SKT3 [Live online]"])
    assert [match.option for match in understanding.matched] == ["classroom", "online"]
    assert not understanding.problems


def test_with_one_measure_an_aspect_needs_no_word_for_it(survey, as_csv):
    alone = survey.model_copy(update={"measures": survey.measures[1:]})
    understanding = understood(alone, as_csv, ["Reliability", "SYS1 importance"])
    assert [match.use for match in understanding.matched] == [SATISFACTION]


def test_a_mapping_goes_before_headers_and_may_ignore_them(survey, as_csv):
    mapping = Mapping(
        columns={"Q1  imp": IMPORTANCE, "Column D": SATISFACTION},
        ignored=frozenset({"Reliability", "not in this year's file"}),
        words={"good": 5},
    )
    understanding = understood(survey, as_csv, ["q1: imp", "Reliability", "OVR1", ""], mapping)
    assert [(match.letter, match.use, match.how) for match in understanding.matched] == [
        ("A", IMPORTANCE, How.MAPPING),
        ("C", HEADLINE, How.ID),
        ("D", SATISFACTION, How.MAPPING),
    ]
    assert [column.letter for column in understanding.unused] == ["B"]
    assert not understanding.problems


def test_a_mapping_that_names_no_column_stops_with_a_suggestion(survey, as_csv):
    understanding = understood(
        survey, as_csv, ["Q1 import", "OVR1"], Mapping(columns={"Q1 imports": IMPORTANCE})
    )
    assert understanding.problems == (
        "The mapping names the column “Q1 imports”, which the file does not have. Did you mean “Q1 import”?",
    )


def test_what_was_understood_gives_the_same_as_a_mapping(survey, as_csv):
    columns = ["SYS1 importance", "Overall", "SKT3 [Classroom]", "Name"]
    first = understood(survey, as_csv, columns, Mapping(words={"good": 5}, missing=frozenset({"nil"})))
    again = understood(survey, as_csv, columns, first.as_mapping())
    assert [match.use for match in again.matched] == [match.use for match in first.matched]
    assert again.as_mapping() == first.as_mapping()


def test_formulas_and_merged_cells_stop_only_where_they_are_used(survey, as_xlsx):
    def merge(workbook):
        workbook.active.merge_cells("C2:C3")

    rows = [["OVR1", "Name", "PRF1", "Note"], ["=2+3", "=1", "a", 1], [5, "b", "a", 2]]
    understanding = understand(read_table(as_xlsx(rows, merge), "x"), survey)
    assert len(understanding.problems) == 2
    assert "Column A (“OVR1”) holds formulas, for example in A2" in understanding.problems[0]
    assert "paste it as values" in understanding.problems[0]
    assert "Column C (“PRF1”) holds merged cells, for example C2:C3" in understanding.problems[1]


def test_a_hundred_own_options_are_allowed_and_more_are_free_text(survey, as_csv):
    names = [[f"Team {n}"] for n in range(100)]
    assert not understand(read_table(as_csv([["PRF1"], *names, [" team  1"]]), "x"), survey).problems
    problems = understand(read_table(as_csv([["PRF1"], *names, ["Another"]]), "x"), survey).problems
    assert len(problems) == 1
    assert (
        "has 101 different answers to PRF1, at most 100 are allowed: it looks like free text" in problems[0]
    )


@pytest.mark.parametrize(
    ("header", "values", "is_time"),
    [
        ("Timestamp", ["2026-04-06 09:30:00", "", "2026-04-07 10:00:00"], True),
        ("submitdate", ["2026-04-06T09:30:00+01:00", "2026-04-06T09:30:00Z"], True),
        ("Completion time", ["06/04/2026 09:30", "13/04/2026 10:00"], True),
        ("Date", ["4/16/2026 10:00:00", "4/6/2026 9:00:00"], True),
        ("Date", ["06/04/2026", "soon"], False),
        ("Date", ["06/04/1926"], False),
        ("Date of birth", ["06/04/2006"], False),
        ("Date", ["5"], False),
        ("Date", [""], False),
    ],
)
def test_a_column_of_times(survey, as_csv, header, values, is_time):
    rows = [["OVR1", header], *(["5", value] for value in values)]
    understanding = understand(read_table(as_csv(rows), "x"), survey)
    assert understanding.time == (1 if is_time else None)


def test_only_one_column_of_times_is_taken(survey, as_csv):
    row = ["5", "2026-04-06", "2026-04-07"]
    understanding = understood(survey, as_csv, ["OVR1", "Date", "Completion time"], row=row)
    assert understanding.time == 2
    assert [column.letter for column in understanding.unused] == ["B"]


WORDS = st.sampled_from(
    [
        *("SYS1", "EQP3", "SKT3", "OVR1", "Reliability", "Training", "Overall", "Classroom", "[Classroom]"),
        *("importance", "satisfaction", "how", "satisfied", "with", "the", "name", "é", "2", *"[]:-."),
    ]
)


@given(st.lists(st.lists(WORDS, max_size=6).map(" ".join), min_size=1, max_size=5, unique=True))
@settings(deadline=None)
def test_every_column_is_matched_or_unused_or_named_by_a_problem(survey, as_csv, columns):
    if len({column.casefold() for column in columns}) < len(columns) or not any(columns):
        return
    understanding = understood(survey, as_csv, columns)
    letters = [match.letter for match in understanding.matched]
    letters += [column.letter for column in understanding.unused]
    assert sorted(letters) == sorted("ABCDE"[: len(columns)])
    assert understood(survey, as_csv, columns) == understanding


def test_the_template_of_every_survey_is_understood_whole(as_csv):
    for survey in read_library().surveys():
        header = template_header(survey, with_optional=True)
        understanding = understood(survey, as_csv, header)
        assert [match.column for match in understanding.matched] == header
        assert {match.how for match in understanding.matched} == {How.ID}
        assert not understanding.problems
        texts = [question.text["en"] for question in survey.all_questions()]
        assert len(understood(survey, as_csv, texts).matched) == len(texts)
