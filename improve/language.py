"""Every sentence a person reads: the message catalogue (gettext), and text in instruments.

English is the source language, so an English message is its own key. The language `x-pseudo` is
made up: every message accented and a third longer. The suite runs the pages in it; plain English
on a page is text that bypassed the catalogue.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCALES = Path(__file__).parent / "locale"
PSEUDO = "x-pseudo"

_language: ContextVar[str | None] = ContextVar("language", default=None)
_usual = {"language": "en"}

_ACCENTS = str.maketrans("AaCcDdEeGgIiLlNnOoRrSsTtUuWwYyZz", "ÅåÇçÐðÉéĞğÎîĻļÑñÖöŘřŠšŢţÛûŴŵÝýŽž")


def pseudo(text: str) -> str:
    """The text accented and a third longer, its {fields} untouched; bracketed, so a cut shows."""
    parts = []
    for literal, name, spec, conversion in Formatter().parse(text):
        parts.append(literal.replace("{", "{{").replace("}", "}}").translate(_ACCENTS))
        if name is not None:
            parts.append(
                "{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"
            )
    return "⟦" + "".join(parts) + "·" * (len(text) // 3) + "⟧"


class _Pseudo(_gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    if language == PSEUDO:
        return _Pseudo()
    return _gettext.translation("improve", LOCALES, [language], fallback=True)


def set_default(language: str) -> None:
    """The language of everybody who has not chosen one (setting IMPROVE_LANGUAGE)."""
    _usual["language"] = language


def current() -> str:
    """The language in force here, as a code: "en", "cy", "x-pseudo"."""
    return _language.get() or _usual["language"]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything inside speaks this language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str) -> str:
    """The message in the current language. Give it a literal; fill {fields} with .format after."""
    return _catalogue(current()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message for n of something, in the current language."""
    return _catalogue(current()).ngettext(singular, plural, n)


def N_(message: str) -> str:
    """Marks a literal for the catalogue where it is translated later, by `_`."""
    return message


def text_in(texts: Mapping[str, str]) -> str:
    """An instrument's text (language code -> text) in the current language, else in English."""
    language = current()
    if language == PSEUDO:
        return pseudo(texts["en"].replace("{", "{{").replace("}", "}}")).replace("{{", "{").replace("}}", "}")
    return texts.get(language) or texts["en"]


def number(value: float, places: int = 1) -> str:
    """A number for a sentence: fixed places, a real minus sign, never "-0.0"."""
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "\N{MINUS SIGN}")


def signed(value: float, places: int = 1) -> str:
    """A difference for a sentence: always with its sign, but plain zero when it rounds to zero."""
    text = number(value, places)
    return text if text.startswith("\N{MINUS SIGN}") or float(text) == 0 else "+" + text


def percent(share: float) -> str:
    """A share (0 to 1) as a whole percentage."""
    return f"{share * 100:.0f}%"


def whole(count: int) -> str:
    """A count with thousands separated."""
    return f"{count:,}"
