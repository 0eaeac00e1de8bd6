"""Instrument files: what loads, what is refused and with which words, what identifies a meaning."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.errors import InstrumentError, SelectionError
from improve.instruments import (
    Indicators,
    Library,
    Maturity,
    Option,
    QuestionKind,
    Readiness,
    Survey,
    instrument_from_json,
    instrument_sha256,
    instrument_to_json,
    parse_instrument,
    read_instrument,
    read_library,
    say,
)
from improve.instruments.library import INSTRUMENTS, LARGEST_FILE
from improve.language import speaking

SMALL = """\
id: small
version: "1.0"
kind: survey
title: A small survey
wording: Ours
scale: {low: 1, high: 5, ends: {1: Bad, 5: Good}, missing_codes: [-1, 0, 9]}
measures:
  - {id: importance, name: {en: Importance, cy: Pwysigrwydd}, question: "How important?", words: [important]}
  - {id: satisfaction, name: Satisfaction, question: "How good?", words: [good]}
categories:
  - {id: SYS, name: Systems}
option_lists:
  often: [{code: 1, id: never, label: Never}, {code: 2, id: daily, label: Daily}]
aspects:
  - {id: A1, category: SYS, short: Speed, text: It is fast}
  - {id: A2, category: SYS, short: Calm, text: It is calm}
overall:
  - {id: O1, role: headline, kind: rating, short: Overall, text: "All in all?"}
questions:
  - {id: Q1, kind: single, short: Often, text: "How often?", options: often}
  - {id: Q2, kind: multiple, short: When, text: "When?", options: often}
  - {id: Q3, kind: number, short: Hours, text: "How long?", low: 0, high: 24, unit: hours}
profile:
  - {id: P1, kind: single, short: Place, text: "Where?", options_from: organisation}
comments:
  - {id: C1, kind: text, short: Say, text: "What else?"}
"""


def small(old: str = "", new: str = "") -> str:
    """The small survey with one place changed."""
    assert old in SMALL
    return SMALL.replace(old, new, 1)


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


class TestShippedFiles:
    def test_every_file_loads_as_its_kind(self, library: Library) -> None:
        assert {(one.id, one.version, type(one)) for one in library} == {
            ("dma", "1.0", Maturity),
            ("kpis", "1.0", Indicators),
            ("rasp", "1.0", Readiness),
            ("satisfaction", "1.0", Survey),
            ("user_skills", "1.1", Survey),
        }
        assert len(library) == len(list(INSTRUMENTS.iterdir()))

    def test_satisfaction(self, library: Library) -> None:
        survey = library.get("satisfaction")
        assert isinstance(survey, Survey)
        common = [aspect for aspect in survey.aspects if not aspect.optional]
        assert len(common) == 20
        assert {sum(one.category == c.id for one in common) for c in survey.categories[:5]} == {4}
        assert [a.id for a in survey.aspects if a.optional] == ["OPT1", "OPT2", "OPT3", "OPT4", "OPT5"]
        assert [(measure.id, measure.words[0]) for measure in survey.measures] == [
            ("importance", "importance"),
            ("satisfaction", "satisfaction"),
        ]
        headline = survey.headline
        assert headline is not None
        assert headline.id == "OVR1"
        assert (survey.scale_of(headline).low, survey.scale_of(headline).high) == (1, 7)
        assert say(survey.scale_of(headline).ends[7]) == "Excellent"
        assert all(survey.scale.is_missing(code) for code in (-1, 0, 8, 9, 99))
        assert not any(survey.scale.is_missing(code) for code in range(1, 8))
        trend = survey.overall[2]
        assert [(one.code, one.counts) for one in trend.options] == [
            *((n, True) for n in range(1, 6)),
            (6, False),
        ]
        assert survey.profile[0].options_from == "organisation"
        assert survey.sampling is not None
        assert survey.sampling.recommended_responses == 100
        with speaking("cy"):
            assert [say(measure.name) for measure in survey.measures] == ["Pwysigrwydd", "Bodlonrwydd"]

    def test_skills_have_points_for_codes(self, library: Library) -> None:
        survey = library.get("user_skills")
        assert isinstance(survey, Survey)
        skills = [question for question in survey.questions if question.role == "skill"]
        assert len(skills) == 12
        for skill in skills:
            assert sorted(option.code for option in skill.options if option.counts) == [0, 1, 2, 3, 4]
            assert [say(option.label) for option in skill.options if not option.counts] == [
                "My work never calls for it"
            ]
        attitude = next(question for question in survey.questions if question.role == "attitude")
        assert [option.id for option in attitude.options if option.group == "dont_know_dont_care"] == [
            "dk_dc"
        ]
        received, enough = (q for q in survey.questions if q.kind is QuestionKind.NUMBER)
        assert [one.published[0].value for one in (received, enough)] == [0.59, 0.8]

    def test_maturity_has_two_criteria_for_each_function_and_level(self, library: Library) -> None:
        maturity = library.get("dma")
        assert isinstance(maturity, Maturity)
        cells = [(criterion.function, criterion.level) for criterion in maturity.criteria]
        assert len(cells) == 90
        assert {
            cells.count((f.id, level.level)) for f in maturity.functions for level in maturity.levels
        } == {2}
        groups = {answer.id: (answer.counts, answer.group) for answer in maturity.answers}
        assert groups == {
            "yes": (True, "met"),
            "no": (True, "not_met"),
            "dont_know": (True, "to_find_out"),
            "not_applicable": (False, None),
        }

    def test_readiness_has_points_for_codes_and_one_blind_spot(self, library: Library) -> None:
        readiness = library.get("rasp")
        assert isinstance(readiness, Readiness)
        assert [option.code for option in readiness.answers if option.counts] == [0, 1, 2, 3, 4]
        assert [option.id for option in readiness.answers if not option.counts] == ["dont_know"]
        assert [sum(s.area == area.id for s in readiness.statements) for area in readiness.areas] == [6] * 5

    def test_indicators_keep_their_published_figures(self, library: Library) -> None:
        indicators = library.get("kpis")
        assert isinstance(indicators, Indicators)
        by_id = {one.id: one for one in indicators.indicators}
        assert [sum(i.module == m.id for i in by_id.values()) for m in indicators.modules] == [12, 11, 14]
        assert [(p.value, p.year, p.n, p.source) for p in by_id["C02"].published[:2]] == [
            (2.4, 2016, 26, "UKA17"),
            (2.1, 2015, None, "UKA17"),
        ]
        assert [one.id for one in by_id.values() if one.numerator is None] == ["E11"]

    def test_they_read_the_same_without_the_c_library(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("improve.instruments.library._Loader", yaml.SafeLoader)
        assert read_library().all() == library.all()


BAD = {
    "aspect_without_short": (small("short: Speed, ", ""), "aspects.0.short: it is required"),
    "empty_short": (small("short: Calm", 'short: " "'), "aspects.1.short: an English text is missing"),
    "no_english": (small("name: Systems", "name: {cy: Systemau}"), "categories.0.name: an English text"),
    "bad_language": (small("{en: Imp", "{english: Imp"), 'measures.0.name: "english" is not a language'),
    "unknown_key": (small("high: 24", "hihg: 24"), "questions.2.hihg: this key is not known"),
    "yes_for_a_text": (small("label: Never", "label: No"), "option_lists.often.0.label: a number or yes/no"),
    "version_unquoted": (small('"1.0"', "1.0"), "version: a number or yes/no"),
    "version_of_words": (small('"1.0"', '"1.0-draft"'), "version: '1.0-draft' does not have the form"),
    "id_with_space": (small("id: A2", "id: A 2"), "aspects.1.id: 'A 2' does not have the form"),
    "code_too_high": (small("code: 2", "code: 255"), "option_lists.often.1.code: it must be at most 254"),
    "code_is_yes": (small("code: 2", "code: yes"), "option_lists.often.1.code: it must be a whole number"),
    "code_twice": (small("code: 2", "code: 1"), "option_lists.often: the code 1 is used twice"),
    "scale_upside_down": (small("low: 1", "low: 7"), "scale: low must be below high"),
    "end_in_the_middle": (small("5: Good", "4: Good"), "scale: 4 is neither end of the scale from 1 to 5"),
    "unknown_category": (small("category: SYS", "category: SYZ"), "A1 belongs to SYZ, which is not listed"),
    "id_twice_in_capitals": (small("id: Q1", "id: a1"), "the id a1 is used twice"),
    "unknown_option_list": (small("options: often", "options: seldom"), "questions.0.options: seldom is not"),
    "no_options": (small(", options: often", ""), "questions.0: a single or multiple question needs"),
    "unknown_question_kind": (small("kind: number", "kind: date"), "questions.2.kind: it must be one of"),
    "number_without_low": (small("low: 0, ", ""), "questions.2: a number question needs low below high"),
    "comment_not_text": (small("kind: text", "kind: rating"), "C1: text questions, and no others"),
    "headline_not_rating": (
        small("kind: rating, short: Overall", "kind: single, options: often, short: Overall"),
        "the headline must be a rating question",
    ),
    "word_of_two_measures": (small("words: [good]", "words: [Important]"), '"Important" stands under two'),
    "measures_not_a_list": (small("measures:", "measures: {}\nx:"), "measures: it must be a list"),
    "unknown_kind": (small("kind: survey", "kind: quiz"), "kind: it must be one of survey, maturity"),
    "no_kind": (small("kind: survey\n", ""), "kind: it must be one of survey"),
    "kind_is_a_list": (small("kind: survey", "kind: [survey]"), "kind: it must be one of survey"),
    "empty": ("", "the file is empty"),
    "comment_only": ("# nothing\n", "the file is empty"),
    "not_a_mapping": ("- a\n- b\n", "an instrument is a list of keys"),
    "key_twice": (small("title:", "id: other\ntitle:"), "line 4, column 1: the key id stands here twice"),
    "nested_key_twice": (small("low: 1", "low: 1, low: 2"), "line 6, column 17: the key low"),
    "syntax": (small("title: A", "title: [A"), "line 5, column"),
    "tab": (small("  - {id: SYS", "\t- {id: SYS"), "line 11, column 1"),
    "alias": (small("A small survey\nwording: Ours", "&t Survey\nwording: *t"), "line 5, column 10: aliases"),
    "merge_key": (small("title:", "<<: {a: 1}\ntitle:"), "line 4, column 1"),
    "two_documents": (SMALL + "---\n" + SMALL, "a file holds one document only"),
    "python_tag": (small("title: A", "title: !!python/name:os.system A"), "line 4, column 8"),
    "bad_date": (small("title: A small survey", "title: 2026-13-45"), "line 4, column 8: '2026-13-45'"),
    "date": (small("title: A small survey", "title: 2026-01-02"), "title: it must be"),
    "control_character": (small("title: A", "title: \x07A"), "line 4: a character that YAML does not"),
    "deep_nesting": ("a: " + "[" * 100_000, "the nesting is deeper than 20 levels"),
    "long_key_of_many_lines": (small("title:", '"' + "x\\n" * 300 + '": 1\ntitle:'), "x x x"),
    "mapping_as_key": (small("title:", "? {a: 1}\n: 2\ntitle:"), "a key must be a word or a number"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_in_one_line_with_its_place(case: str, tmp_path: Path) -> None:
    text, expected = BAD[case]
    path = tmp_path / "bad.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InstrumentError) as refused:
        read_instrument(path)
    message = str(refused.value)
    assert message.startswith("bad.yaml")
    assert expected in message
    assert "\n" not in message
    assert len(message) < 300


def test_billion_laughs_are_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(InstrumentError, match="line 2, column 10: aliases are not allowed"):
        parse_instrument("\n".join(lines), "laughs.yaml")


def test_files_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(b"id: a\ntitle: caf\xe9\n")
    with pytest.raises(InstrumentError, match=r"bad\.yaml, line 2: the file is not in UTF-8"):
        read_instrument(path)
    path.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(InstrumentError, match=r"bad\.yaml: the file is larger than 1000000 bytes"):
        read_instrument(path)
    with pytest.raises(InstrumentError, match=r"none\.yaml: the file cannot be read: No such file"):
        read_instrument(tmp_path / "none.yaml")
    with pytest.raises(InstrumentError, match="there is no such folder"):
        read_library(tmp_path / "nowhere")


@settings(deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="ab:-{}[]&*!?#|>'\" \n\t0")))
def test_no_text_crashes_the_reader(text: str) -> None:
    with pytest.raises(InstrumentError) as refused:
        parse_instrument(text, "any.yaml")
    assert str(refused.value).startswith("any.yaml")
    assert len(str(refused.value).splitlines()) == 1


@settings(deadline=None)
@given(st.data())
def test_no_damage_to_a_good_file_crashes_the_reader(data: st.DataObject) -> None:
    damaged = yaml.safe_load(SMALL)
    part = damaged
    while True:
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if isinstance(part[key], dict | list) and part[key] and data.draw(st.booleans()):
            part = part[key]
            continue
        part[key] = data.draw(
            st.one_of(
                st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just([]), st.just({})
            )
        )
        break
    try:
        parse_instrument(yaml.safe_dump(damaged, allow_unicode=True), "any.yaml")
    except InstrumentError as error:
        assert str(error).startswith("any.yaml")


def test_shared_options_are_each_questions_own() -> None:
    survey = parse_instrument(SMALL, "small.yaml")
    assert isinstance(survey, Survey)
    never, daily = survey.questions[0].options
    assert survey.questions[1].options == (never, daily) == survey.option_lists["often"]
    assert isinstance(never, Option)
    assert (never.id, daily.code) == ("never", 2)


def test_instruments_cannot_be_changed(library: Library) -> None:
    survey = parse_instrument(SMALL, "small.yaml")
    assert isinstance(survey, Survey)
    with pytest.raises(ValueError, match="frozen"):
        survey.version = "2.0"
    for mapping in (survey.title, survey.scale.ends, survey.option_lists):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["en"] = "x"  # a mapping proxy refuses


SAME = {
    "comment": small("kind: survey", "kind: survey  # four kinds"),
    "other_layout": yaml.safe_dump(yaml.safe_load(SMALL), indent=7, width=30),
    "default_written_out": small("text: It is calm}", "text: It is calm, optional: false}"),
    "language_written_out": small("title: A small survey", "title: {en: A small survey}"),
    "wrapped_text": small("title: A small survey", "title: >\n  A small\n    survey"),
}
OTHER = {
    "text": small("It is fast", "It is faster"),
    "version": small('"1.0"', '"1.1"'),
    "code": small("code: 2", "code: 3"),
    "order": small("  often: [", "  often: [{code: 7, id: x, label: X}, "),
    "language": small("title: A small survey", "title: {en: A small survey, cy: Arolwg}"),
    "scale": small("high: 5, ends: {1: Bad, 5: Good}", "high: 6"),
    "optional": small("text: It is calm}", "text: It is calm, optional: true}"),
}


class TestMeaning:
    @pytest.mark.parametrize("case", SAME)
    def test_the_same_meaning_has_the_same_hash(self, case: str) -> None:
        changed = parse_instrument(SAME[case], "same.yaml")
        assert instrument_sha256(changed) == instrument_sha256(parse_instrument(SMALL, "small.yaml"))

    @pytest.mark.parametrize("case", OTHER)
    def test_another_meaning_has_another_hash(self, case: str) -> None:
        changed = parse_instrument(OTHER[case], "other.yaml")
        assert instrument_sha256(changed) != instrument_sha256(parse_instrument(SMALL, "small.yaml"))

    def test_it_goes_through_json_unchanged(self, library: Library) -> None:
        for instrument in (*library, parse_instrument(SMALL, "small.yaml")):
            text = instrument_to_json(instrument)
            again = instrument_from_json(text)
            assert again == instrument
            assert type(again) is type(instrument)
            assert instrument_to_json(again) == text

    @pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"kind": "survey"}', "[" * 100_000])
    def test_bad_json_is_refused(self, text: str) -> None:
        with pytest.raises(InstrumentError, match=r"^the store"):
            instrument_from_json(text, "the store")


class TestVersions:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        for version in ("1.9", "1.10", "1.2"):
            (tmp_path / f"v{version}.yaml").write_text(small('"1.0"', f'"{version}"'), "utf-8")
        (tmp_path / "other.yml").write_text(small("id: small", "id: other"), "utf-8")
        (tmp_path / "notes.txt").write_text("not an instrument", "utf-8")
        return tmp_path

    def test_they_coexist_and_the_newest_comes_first_to_hand(self, folder: Path) -> None:
        library = read_library(folder)
        assert [(one.id, one.version) for one in library.all()] == [
            ("other", "1.0"),
            ("small", "1.2"),
            ("small", "1.9"),
            ("small", "1.10"),
        ]
        assert library.get("small").version == "1.10"
        assert library.get("small", "1.2").version == "1.2"
        assert library.source_text("small", "1.9") == small('"1.0"', '"1.9"')
        assert library.sha256("small", "1.9") == instrument_sha256(library.get("small", "1.9"))
        assert library.surveys() == library.all()

    def test_an_unknown_one_is_refused_with_the_known_ones(self, folder: Path) -> None:
        library = read_library(folder)
        with pytest.raises(SelectionError, match=r"no instrument small 3; known are: other 1\.0, small 1\.2"):
            library.get("small", "3")
        with pytest.raises(SelectionError, match="no instrument SMALL"):
            library.source_text("SMALL")

    def test_two_files_with_one_version_are_refused_by_name(self, folder: Path) -> None:
        (folder / "w.yaml").write_text(small('"1.0"', '"1.9"'), "utf-8")
        with pytest.raises(
            InstrumentError, match=r"w\.yaml, version: v1\.9\.yaml already holds small version"
        ):
            read_library(folder)

    def test_a_file_of_ones_own_joins_a_library(self, folder: Path) -> None:
        library = read_library(folder)
        own = parse_instrument(small("id: small", "id: own"), "own.yaml")
        assert library.with_instrument(own, "text", "own.yaml").get("own") == own
        assert "own" not in {one.id for one in library}
        with pytest.raises(InstrumentError, match=r"own\.yaml, version: .* already holds own"):
            library.with_instrument(own, "", "a.yaml").with_instrument(own, "", "own.yaml")
