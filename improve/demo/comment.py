"""What the respondents of the demonstration say in their own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from improve.demo.plan import Parameters
from improve.demo.register import DATA

PLANTED_SHARE, WELSH_SHARE, GENERAL_SHARE = 0.06, 0.1, 0.08

Tone = Literal["praise", "wish"]
Temper = Literal["happy", "grumpy", "plain"]


class Planted(Parameters):
    """Sentences with something to be masked in them, and the parts of invented names."""

    praise: tuple[str, ...]
    wish: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]


class Phrases(Parameters):
    """data/demonstration/comments.yaml."""

    tone: Mapping[str, Tone]
    opening: Mapping[Tone, Mapping[Temper, tuple[str, ...]]]
    general: Mapping[Tone, tuple[str, ...]]
    aspects: Mapping[str, Mapping[Tone, tuple[str, ...]]]
    welsh: Mapping[Tone, tuple[str, ...]]
    planted: Planted


@cache
def read_phrases() -> Phrases:
    """Everything that the invented comments are put together from."""
    return Phrases.model_validate(yaml.safe_load((DATA / "comments.yaml").read_text(encoding="utf-8")))


def tone_of(question: str) -> Tone:
    """Whether a text question asks for praise or for a wish; one that is not known asks for a wish."""
    return read_phrases().tone.get(question, "wish")


def write_comments(
    rng: np.random.Generator,
    tone: Tone,
    aspects: Sequence[str],
    content: NDArray[np.float64],
    is_welsh: NDArray[np.bool_],
) -> list[str]:
    """One comment per person, about the aspect given for each ("" for none).

    `content` says how content each is, from 0 to 1; `is_welsh` who may write in Welsh.
    """
    phrases = read_phrases()
    draws = rng.random((len(aspects), 9))
    return [
        _welsh(phrases, tone, draw)
        if may and draw[0] < WELSH_SHARE
        else _english(phrases, tone, aspect, mood, draw)
        for aspect, mood, may, draw in zip(
            aspects, content.tolist(), is_welsh.tolist(), draws.tolist(), strict=True
        )
    ]


def _one(texts: Sequence[str], draw: float) -> str:
    return texts[int(draw * len(texts))]


def _welsh(phrases: Phrases, tone: Tone, draw: Sequence[float]) -> str:
    return _one(phrases.welsh[tone], draw[1])


def _english(phrases: Phrases, tone: Tone, aspect: str, mood: float, draw: Sequence[float]) -> str:
    temper: Temper = "grumpy" if mood < 0.4 else "happy" if mood > 0.8 else "plain"
    about = phrases.aspects.get(aspect)
    texts = phrases.general[tone] if about is None or draw[1] < GENERAL_SHARE else about[tone]
    opening, text = _one(phrases.opening[tone][temper], draw[2]), _one(texts, draw[3])
    if opening.endswith((". ", "! ", "? ")):
        text = text[0].upper() + text[1:]
    text = opening + text
    text = text[0].upper() + text[1:]
    return text + _planted(phrases.planted, tone, draw) if draw[4] < PLANTED_SHARE else text


def _planted(planted: Planted, tone: Tone, draw: Sequence[float]) -> str:
    """A sentence that tells somebody's name, address, telephone number or staff number."""
    first, last = _one(planted.first, draw[6]), _one(planted.last, draw[7])
    number = int(draw[8] * 1_000)
    return _one(planted.wish if tone == "wish" else planted.praise, draw[5]).format(
        name=f"{first} {last}",
        mail=f"{first}.{last}@example.org".lower(),
        phone=f"01632 960{number:03d}" if number % 2 else f"07700 900{number:03d}",
        staff=f"{470_000 + number}",
    )
