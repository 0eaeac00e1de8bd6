"""Masks what could lead to a person in a comment: names, addresses, telephone and staff numbers.

By rules that can be explained: patterns for addresses and numbers, a list of names (data/reference/
names.yaml), and how a word is written and where it stands. It leans to masking too much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from improve.language import _

_NAMES = Path(__file__).parent.parent / "data" / "reference" / "names.yaml"

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64} ?@ ?[\w-]{1,63}(?: ?\. ?[\w-]{1,63}){1,5}"
    r"|(?<![\w.])[\w-]{1,40}(?:(?: dot |\.)[\w-]{1,40}){0,4} (?:at|\(at\)|\[at\]) "
    r"[\w-]{1,40}(?:(?: dot |\.)[\w-]{1,40}){1,5}",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:https?://|www\.)\S{1,500}", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])@\w{2,40}")
_PHONE = re.compile(
    r"(?<![\w£$€])(?:\+ ?|\(?0)(?:[ ().-]{0,3}\d){8,14}(?!\d)"
    r"|(?<![\w£$€])\d{9,}(?!\d)"
    r"|\b(?:ext|extn|extension|x)[ .:]{0,3}\d{3,6}\b",
    re.IGNORECASE,
)
_INSURANCE = re.compile(r"\b[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d]\b", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_STAFF = re.compile(
    r"\b((?:staff|employee|payroll|personnel|badge|user|login|log-in|username|ref|reference|ticket|call|"
    r"incident|case|asset|tag|id|number|no)\b[ .:#]{0,3}"
    r"(?:(?:no|num|number|ref|reference|id|name|is)\b[ .:#]{0,3}){0,3})"
    r"([a-z]{0,6}[-/]?\d[\w/-]{2,20}|[a-z]{1,12}\d{1,12})\b",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?!(?:windows|office|microsoft|covid|version|room|level|unit|win|floor)\d)[A-Za-z]{3,20}\d{2,8}\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w£$€.,:/])\d{5,8}(?![\w%])")
_TITLES = frozenset({"mr", "mrs", "ms", "mx", "dr"})
_TITLES_BEFORE_A_CAPITAL = frozenset(
    {"miss", "sir", "dame", "prof", "professor", "cllr", "councillor", "rev"}
)
_PARTICLES = frozenset(
    {"van", "der", "den", "de", "la", "le", "ap", "ab", "bin", "ibn", "al", "el", "von", "du"}
)
_CUES = frozenset(
    {
        *(
            "thanks",
            "thank",
            "ask",
            "asked",
            "from",
            "by",
            "with",
            "called",
            "named",
            "contact",
            "email",
            "emailed",
        )
    }
    | {
        *(
            "to",
            "and",
            "or",
            "met",
            "like",
            "phoned",
            "rang",
            "ring",
            "saw",
            "told",
            "colleague",
            "manager",
            "boss",
        )
    }
)
_VERBS = frozenset(
    {*("fixed", "helped", "sorted", "was", "is", "did", "has", "had", "came", "took", "answered", "resolved")}
    | {*("always", "never", "in", "from", "at", "on", "and", "rang", "called", "told", "said", "who", "kept")}
)
"""What follows a name that opens a sentence: "Mark fixed it", not "Mark the date"."""
_MONTHS = frozenset({"april", "may", "june", "august"})
_DATES = frozenset(
    {*("in", "of", "since", "until", "till", "by", "last", "next", "early", "late", "before", "after", "mid")}
    | {*("from", "to", "during", "this", "every", "mis", "ym", "st", "nd", "rd", "th")}
)
_ENDS = frozenset('.!?:\n"“”(•*-')


def masked(text: str) -> str:
    """The text with "[name]", "[e-mail]", "[link]", "[phone]" and "[number]" in the place of what it told.

    The rest is normalised (NFKC, plain hyphens and apostrophes, nothing invisible).
    """
    text = _plain(text)
    for pattern, mark in (
        (_ADDRESS, _("[e-mail]")),
        (_LINK, _("[link]")),
        (_HANDLE, _("[name]")),
        (_PHONE, _("[phone]")),
        (_INSURANCE, _("[number]")),
        (_POSTCODE, _("[number]")),
    ):
        text = pattern.sub(mark, text)
    text = _STAFF.sub(lambda found: found.group(1) + _("[number]"), text)
    text = _LOGIN.sub(_("[number]"), text)
    text = _DIGITS.sub(_("[number]"), text)
    # A name may stand beside one that is masked first: until nothing more is found.
    while (again := _without_names(text)) != text:
        text = again
    return text


def _plain(text: str) -> str:
    """The text as it looks: full-width digits, odd hyphens and invisible letters are a way around."""
    kept = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    hyphens = {ord(one): "-" for one in "\u2010\u2011\u2012\u2013\u2014\u2212"}
    quotes = {ord(one): "'" for one in "\u2018\u2019\u02bc\u0060\u00b4"}
    spaces = {ord(one): " " for one in "\t\u00a0\u2007\u202f"}
    return "".join(kept).translate({**hyphens, **quotes, **spaces})


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    found = yaml.safe_load(_NAMES.read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in found.items()}


def _without_names(text: str) -> str:
    words = list(_WORD.finditer(text))
    shouts = sum(letter.isupper() for letter in text) > 0.6 * max(1, sum(letter.isalpha() for letter in text))
    parts, done, at = [], 0, 0
    while at < len(words):
        end = _name_from(text, words, at, shouts)
        if end == at:
            at += 1
            continue
        first, last = words[at], words[end - 1]
        tail = "'s" if last.group().casefold().endswith("'s") else ""
        parts += [text[done : first.start()], _("[name]"), tail]
        done, at = last.end(), end
    return "".join((*parts, text[done:]))


def _name_from(text: str, words: list[re.Match[str]], at: int, shouts: bool) -> int:
    """The place after the last word of the name that begins at a word; the same place where none does."""
    lists = _lists()
    word = words[at].group()
    bare = _bare(word)
    start = words[at].start()
    if text[start - 1 : start] == "[" or text[start - 3 : start] == "[e-":
        return at
    before = _bare(words[at - 1].group()) if at else ""
    is_capital = word[0].isupper() and not shouts
    opens = _opens(text, start)
    titled = at > 0 and text[words[at - 1].end() : start] in (" ", ". ", ".")
    if titled and (before in _TITLES or (before in _TITLES_BEFORE_A_CAPITAL and is_capital)):
        return _surnames(text, words, at + 1, shouts)
    if bare in lists["first"] and (bare not in lists["ambiguous"]):
        return _surnames(text, words, at + 1, shouts)
    follows = _is_capital_next(text, words, at, shouts) and (
        _bare(words[at + 1].group()) not in lists["vocabulary"]
    )
    if (
        bare in _MONTHS
        and not follows
        and (before in _DATES or text[max(0, start - 2) : start - 1].isdigit())
    ):
        return at
    after = _bare(words[at + 1].group()) if at + 1 < len(words) else ""
    if bare in lists["ambiguous"] and is_capital and (not opens or follows or after in _VERBS):
        return _surnames(text, words, at + 1, shouts)
    if not is_capital:
        return at
    if _is_surname(bare) and not opens:
        return at + 1
    if (
        len(word) == 1
        and (word not in "IA" or text[words[at].end() : words[at].end() + 1] == ".")
        and follows
    ):
        return _surnames(text, words, at + 1, shouts)
    is_unknown = bare not in lists["vocabulary"] and len(word) > 1 and not word.isupper()
    if is_unknown and (follows or (before in _CUES and not opens)):
        return _surnames(text, words, at + 1, shouts)
    return at


def _bare(word: str) -> str:
    return word.casefold().removesuffix("'s")


def _opens(text: str, start: int) -> bool:
    """Whether a sentence begins here: a capital says nothing then."""
    before = text[:start].rstrip(" ")
    return not before or before[-1] in _ENDS


def _is_surname(bare: str) -> bool:
    known = _lists()["surnames"]
    parts = bare.split("-")
    joined = bare.replace("'", "")
    return joined in known or any(part in known for part in parts if len(parts) > 1)


def _is_capital_next(text: str, words: list[re.Match[str]], at: int, shouts: bool) -> bool:
    if at + 1 >= len(words) or shouts:
        return False
    gap = text[words[at].end() : words[at + 1].start()]
    return (
        gap in (" ", ". ", ".")
        and words[at + 1].group()[0].isupper()
        and not (gap == ". " and len(words[at].group()) > 1)
    )


def _surnames(text: str, words: list[re.Match[str]], at: int, shouts: bool) -> int:
    """The place after the surnames that begin at a word: capitals, listed ones, and what stands between."""
    end = at
    while end < len(words) and end < at + 4:
        gap = text[words[end - 1].end() : words[end].start()]
        if gap not in (" ", ".", ". ") or (gap == ". " and len(words[end - 1].group()) > 1):
            break
        if _bare(words[end - 1].group()) != words[end - 1].group().casefold():
            break
        if not _continues(words, end, shouts):
            break
        end += 1
    return end


def _continues(words: list[re.Match[str]], at: int, shouts: bool) -> bool:
    """Whether a word after a first name belongs to the name."""
    lists = _lists()
    word = words[at].group()
    bare = _bare(word)
    if bare in _PARTICLES:
        after = words[at + 1].group() if at + 1 < len(words) else ""
        return after[:1].isupper() or after in _PARTICLES
    if bare in lists["vocabulary"]:
        return False
    is_listed = _is_surname(bare) and bare not in lists["ambiguous"] and len(bare) > 3
    return is_listed or (word[0].isupper() and not shouts)
