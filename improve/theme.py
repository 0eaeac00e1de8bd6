"""What a comment speaks of, and in what mood, by plain lists of words (data/reference/terms.yaml).

Anybody can read the lists and say why a comment was found; nothing here has learned anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_TERMS = Path(__file__).parent.parent / "data" / "reference" / "terms.yaml"
_NEGATED_WITHIN = 2
"""Words between a negation and what it turns round: "not very good"."""


class Terms(BaseModel):
    """data/reference/terms.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aspects: Mapping[str, tuple[str, ...]]
    praise: tuple[str, ...]
    complaint: tuple[str, ...]
    negation: tuple[str, ...]


@cache
def read_terms() -> Terms:
    """The lists of words, as they stand in the file."""
    return Terms.model_validate(yaml.safe_load(_TERMS.read_text(encoding="utf-8")))


@lru_cache(maxsize=100_000)
def terms_in(text: str) -> Mapping[str, tuple[str, ...]]:
    """Aspect -> its terms that the text uses, as they stand in the list, each once."""
    words, index = _words(text), _index()
    found: dict[str, dict[str, None]] = {}
    for at, word in enumerate(words):
        for pattern, aspect, term in index.get(word[:_HEAD], ()):
            if _fits(pattern, words, at):
                found.setdefault(aspect, {})[term] = None
    return {aspect: tuple(terms) for aspect, terms in found.items()}


@lru_cache(maxsize=100_000)
def mood(text: str) -> int:
    """Words of praise less words of complaint; a negation just before one turns it round."""
    words = _words(text)
    total = 0
    for at, word in enumerate(words):
        value, _itself = _weight(word)
        is_negated = any(_weight(one)[1] for one in words[max(0, at - _NEGATED_WITHIN) : at])
        total += -value if is_negated else value
    return total


Pattern = tuple[tuple[str, bool], ...]
"""The words of a term, and whether each may have any ending."""

_HEAD = 2
"""Letters by which terms are looked up; every term's first word has as many."""


def _words(text: str) -> list[str]:
    """The words in small letters; what is written apart, together or with a hyphen is the same."""
    plain = text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    joined = re.sub(r"\bwi[ -]?fi\b", "wifi", plain)
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", joined)


def _pattern(term: str) -> Pattern:
    words = re.split(r"[ -]", term.casefold())
    return tuple((word.rstrip("*"), word.endswith("*")) for word in words)


def _fits(pattern: Pattern, words: Sequence[str], at: int) -> bool:
    if at + len(pattern) > len(words):
        return False
    return all(
        word.startswith(wanted) if is_open else word == wanted
        for (wanted, is_open), word in zip(pattern, words[at : at + len(pattern)], strict=True)
    )


@cache
def _index() -> Mapping[str, tuple[tuple[Pattern, str, str], ...]]:
    """The first letters of a term -> its pattern, aspect and the term itself."""
    found: dict[str, list[tuple[Pattern, str, str]]] = {}
    for aspect, terms in read_terms().aspects.items():
        for term in terms:
            pattern = _pattern(term)
            found.setdefault(pattern[0][0][:_HEAD], []).append((pattern, aspect, term))
    return {head: tuple(patterns) for head, patterns in found.items()}


@lru_cache(maxsize=20_000)
def _weight(word: str) -> tuple[int, bool]:
    """What one word adds to a mood, and whether it turns round what follows."""
    terms = read_terms()
    praise, complaint, negation = (
        any(_fits(_pattern(one), (word,), 0) for one in words)
        for words in (terms.praise, terms.complaint, terms.negation)
    )
    return praise - complaint, negation
