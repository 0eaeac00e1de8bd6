"""Themes and moods come of lists that anybody can read."""

import pytest
import yaml

from improve.config import ROOT
from improve.instruments import read_library
from improve.theme import mood, read_terms, terms_in

ABOUT = {
    "SYS1": ("The booking system crashed twice", "The crates arrived"),
    "SYS2": ("Everything is so slow after lunch", "We won the race"),
    "SYS4": ("Outlook loses my calendar", "My views are mixed"),
    "EQP1": ("My laptop is older than my child", "A lap of honour"),
    "EQP2": ("VPN will not start at home", "The town is nice"),
    "EQP3": ("No Wi-Fi in the depot", "Wine and fish"),
    "EQP4": ("New starters wait for permissions", "He started well"),
    "SUP1": ("I sat on hold for an hour", "I hold a key"),
    "SUP2": ("They resolved it within a day", "I resent it"),
    "SUP3": ("The same fault comes back each week", "It was my first day"),
    "SUP4": ("The engineers are experts", "The railway runs"),
    "INF1": ("I keep chasing my request", "I like tea"),
    "INF2": ("Give us advance notice of outages", "I noticed him"),
    "INF3": ("I want a course on spreadsheets", "Of cause"),
    "INF4": ("The guidance on the intranet page helps", "I guessed"),
    "PAR2": ("Nobody consulted users", "The consul is here"),
    "PAR3": ("Every project runs late", "The screen protrudes"),
    "PAR4": ("Phishing e-mails get through", "Fish on Friday"),
    "OPT4": ("The printers jam", "A pint of milk"),
    "OPT5": ("My screen reader cannot read the form", "A big screen"),
}


@pytest.mark.parametrize("aspect", ABOUT)
def test_a_comment_speaks_of_what_its_words_say(aspect):
    yes, no = ABOUT[aspect]
    assert aspect in terms_in(yes)
    assert aspect not in terms_in(no)


def test_every_aspect_of_the_survey_has_words_and_nothing_else_has():
    survey = read_library().get("satisfaction")
    assert {one.id for one in survey.aspects} == set(read_terms().aspects)
    assert all(len(terms) >= 5 for terms in read_terms().aspects.values())


@pytest.mark.parametrize("written", ["wifi", "Wi-Fi", "WI FI", "wi\u2011fi".replace("\u2011", "-")])
def test_wifi_is_one_word_however_it_is_written(written):
    assert terms_in(f"The {written} is down")["EQP3"] == ("wifi",)


def test_welsh_is_understood():
    assert "EQP3" in terms_in("Mae'r rhwydwaith yn araf")
    assert mood("Mae'r rhwydwaith yn araf") < 0 < mood("Gwasanaeth ardderchog, diolch")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("The printer is on the second floor", 0),
        ("Friendly and helpful", 2),
        ("Slow and unreliable", -2),
        ("Not good", -1),
        ("Not very good", -1),
        ("No problem", 1),
        ("Friendly but slow", 0),
    ],
)
def test_a_mood_is_counted(text, expected):
    assert mood(text) == expected


def test_what_the_demonstration_says_of_an_aspect_is_found():
    phrases = yaml.safe_load((ROOT / "data/demonstration/comments.yaml").read_text(encoding="utf-8"))
    about = [
        (aspect, text)
        for aspect, tones in phrases["aspects"].items()
        for texts in tones.values()
        for text in texts
    ]
    found = sum(aspect in terms_in(text) for aspect, text in about)
    assert found >= 0.85 * len(about)
