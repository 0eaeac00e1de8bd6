"""What one cell says: a code, a number, a text, several of them, nothing, or a reason to refuse it.

Each function reads one distinct text of a column; nothing in a cell is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from improve.instruments.model import Aspect, Option, Question, QuestionKind, Scale, Survey, say
from improve.intake import mapping as operator
from improve.intake.mapping import MISSING_WORDS, folded, items_of
from improve.intake.record import shortened
from improve.language import _, whole

LABEL_CHARACTERS = 80
"""The longest name of an organisation's own option, such as a directorate."""

COMMENT_CHARACTERS = 4_000

TICKED = frozenset(
    {"1", "yes", "y", "x", "true", "ticked", "checked", "selected", "✓", "✔", "ie", "ydy", "do"}
)
UNTICKED = frozenset({"0", "no", "n", "false", "unticked", "unchecked", "not selected", "nac ydy", "nage"})

_WHOLE = re.compile(r"([+-]?[0-9]{1,15})(?:[.,]0{1,15})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{0,15}[.,][0-9]{1,15}", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}", re.ASCII)
_LABELLED = re.compile(r"([0-9]{1,3})\s*(?:[-–—:.=)]+\s*|\s)\(?(.+?)\)?", re.ASCII | re.DOTALL)
_TWO_RATINGS = re.compile(r"[0-9]{1,3}\s*[/;|&+\\]\s*[0-9]{1,3}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}.*", re.ASCII)
_SEPARATORS = re.compile(r"[;|\r\n]+")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a cell cannot be taken: whole sentences that say what is allowed."""

    reason: str


Answer = int | float | str | tuple[int, ...] | tuple[str, ...] | Refused | None
"""None is a missing answer."""


def answer_reader(
    item: str, measure: str, option: str | None, survey: Survey, said: operator.Mapping
) -> Reader:
    """The function that reads the cells of a column which feeds this item.

    It gives an int for ratings and options (1 for a ticked option's own column: its code), a float
    for numbers, a str for comments and for an organisation's own options, a tuple where several
    answers may be given.
    """
    asked = items_of(survey)[item]
    missing = MISSING_WORDS | _labels([survey.scale.missing_label])
    if isinstance(asked, Aspect):
        ends = next(known.ends for known in survey.measures if known.id == measure) or survey.scale.ends
        return _Rating(survey.scale, ends, survey.scale, missing, said)
    if asked.kind is QuestionKind.RATING:
        scale = survey.scale_of(asked)
        return _Rating(scale, scale.ends, survey.scale, missing | _labels([scale.missing_label]), said)
    if asked.kind is QuestionKind.NUMBER:
        return _Number(asked, survey.scale, missing, said)
    if asked.kind is QuestionKind.TEXT:
        return _Comment(missing, said)
    if option is not None:
        return _Tick(next(known for known in asked.options if known.id == option), missing, said)
    choice = _OwnChoice(missing, said) if asked.options_from else _Choice(asked, survey.scale, missing, said)
    return _Several(choice) if asked.kind is QuestionKind.MULTIPLE else choice


def several(text: str) -> list[str]:
    """The answers in a cell that may hold several, between semicolons, bars or line breaks."""
    return [part for part in map(str.strip, _SEPARATORS.split(text)) if part]


Reader = Callable[[str], Answer]


def names_of(options: Sequence[Option]) -> dict[str, int]:
    """Every label and id by which an option may be named, as `folded` writes them -> its code."""
    names: dict[str, int] = {}
    for option in options:
        for label in (*option.label.values(), option.id):
            names.setdefault(folded(label), option.code)
    return names


def chosen(text: str, names: Mapping[str, int]) -> int | None:
    """The code of the option that a text names: by its name, its code, or both ("1 - Yes")."""
    code = names.get(folded(text))
    if code is not None:
        return code
    number = _WHOLE.fullmatch(text.strip())
    if number:
        code = int(number.group(1))
        return code if code in names.values() else None
    labelled = _LABELLED.fullmatch(text.strip())
    if labelled and names.get(folded(labelled.group(2))) == int(labelled.group(1)):
        return int(labelled.group(1))
    return None


def _labels(texts: Sequence[Mapping[str, str] | None]) -> frozenset[str]:
    return frozenset(folded(label) for text in texts if text is not None for label in text.values())


@dataclass(frozen=True, slots=True)
class _Words:
    """What words stand for nothing, and what the operator says they stand for."""

    missing: frozenset[str]
    said: operator.Mapping

    def is_said_missing(self, key: str) -> bool:
        return not key or key in self.said.missing

    def translated(self, text: str) -> str:
        """The number that the operator gave a word, as text; else the text itself."""
        number = self.said.words.get(folded(text))
        return text.strip() if number is None else f"{number:.15g}"


class _Rating:
    def __init__(
        self,
        scale: Scale,
        ends: Mapping[int, Mapping[str, str]],
        general: Scale,
        missing: frozenset[str],
        said: operator.Mapping,
    ) -> None:
        self.scale = scale
        self.codes = {folded(label): code for code, text in ends.items() for label in text.values()}
        self.general = general
        self.words = _Words(missing, said)

    def __call__(self, text: str) -> Answer:
        key = folded(text)
        if self.words.is_said_missing(key):
            return None
        text = self.words.translated(text)
        low, high = self.scale.low, self.scale.high
        number = _WHOLE.fullmatch(text)
        if number:
            code = int(number.group(1))
            if low <= code <= high:
                return code
            if self.scale.is_missing(code) or code in self.general.missing_codes:
                return None
            return Refused(
                _("It lies outside the scale: a whole number from {low} to {high} is allowed.").format(
                    low=low, high=high
                )
            )
        if key in self.codes:
            return self.codes[key]
        if key in self.words.missing:
            return None
        labelled = _LABELLED.fullmatch(text)
        if labelled and folded(labelled.group(2)) in self.codes:
            code = self.codes[folded(labelled.group(2))]
            if code == int(labelled.group(1)):
                return code
            return Refused(
                _("Its number and its words disagree: “{label}” is {code} on the scale.").format(
                    label=shortened(labelled.group(2)), code=code
                )
            )
        return Refused(self._reason(text))

    def _reason(self, text: str) -> str:
        low, high = self.scale.low, self.scale.high
        if _DECIMAL.fullmatch(text):
            return _("It is a decimal number: a whole number from {low} to {high} is allowed.").format(
                low=low, high=high
            )
        if _DATE.fullmatch(text):
            return _(
                "It is a date, which spreadsheets make of two numbers with a stroke between them: "
                "a whole number from {low} to {high} is allowed."
            ).format(low=low, high=high)
        if _TWO_RATINGS.fullmatch(text):
            return _(
                "It holds two numbers: give each measure a column of its own, "
                "with a whole number from {low} to {high}."
            ).format(low=low, high=high)
        return _(
            "It is not a number: a whole number from {low} to {high} is allowed; "
            "a mapping can say what words stand for."
        ).format(low=low, high=high)


class _Choice:
    def __init__(
        self, question: Question, general: Scale, missing: frozenset[str], said: operator.Mapping
    ) -> None:
        self.question = question
        self.names = names_of(question.options)
        self.general = general
        self.words = _Words(missing, said)

    def __call__(self, text: str) -> int | Refused | None:
        key = folded(text)
        if self.words.is_said_missing(key):
            return None
        # An answer's own name goes before what the operator says that a word stands for.
        code = self.names.get(key)
        text = self.words.translated(text)
        code = chosen(text, self.names) if code is None else code
        if code is not None:
            return code
        number = _WHOLE.fullmatch(text)
        if key in self.words.missing or (number and int(number.group(1)) in self.general.missing_codes):
            return None
        return Refused(
            _("It is not one of the answers: {answers}.").format(
                answers="; ".join(f"{option.code} {say(option.label)}" for option in self.question.options)
            )
        )


class _OwnChoice:
    def __init__(self, missing: frozenset[str], said: operator.Mapping) -> None:
        self.words = _Words(missing, said)

    def __call__(self, text: str) -> str | Refused | None:
        key = folded(text)
        if self.words.is_said_missing(key) or key in self.words.missing:
            return None
        label = " ".join(text.split())
        if len(label) > LABEL_CHARACTERS:
            return Refused(
                _("It is too long for a name: at most {limit} characters are allowed.").format(
                    limit=LABEL_CHARACTERS
                )
            )
        return label


class _Several:
    def __init__(self, choice: _Choice | _OwnChoice) -> None:
        self.choice = choice

    def __call__(self, text: str) -> Answer:
        chosen: list[int | str] = []
        whole_answer = self.choice(text)
        # An option's own label may hold a separator, so the whole is tried before its parts.
        if isinstance(self.choice, _Choice) and not isinstance(whole_answer, Refused):
            return None if whole_answer is None else (int(whole_answer or 0),)
        for part in several(text):
            answers = [self.choice(part)]
            if isinstance(answers[0], Refused) and isinstance(self.choice, _Choice):
                answers = [self.choice(piece) for piece in part.split(",")]
            for answer in answers:
                if isinstance(answer, Refused):
                    return answer
                if answer is not None and answer not in chosen:
                    chosen.append(answer)
        if not chosen:
            return None
        if isinstance(chosen[0], int):
            return tuple(sorted(code for code in chosen if isinstance(code, int)))
        return tuple(label for label in chosen if isinstance(label, str))


class _Tick:
    def __init__(self, option: Option, missing: frozenset[str], said: operator.Mapping) -> None:
        self.option = option
        self.ticked = TICKED | _labels([option.label]) | {folded(option.id)}
        self.words = _Words(missing, said)

    def __call__(self, text: str) -> Answer:
        key = folded(text)
        if self.words.is_said_missing(key):
            return None
        if key in self.ticked:
            return self.option.code
        if key in UNTICKED or key in self.words.missing:
            return None
        return Refused(
            _("It says neither yes nor no: “{label}”, yes, x or 1 is allowed, or no, 0 or nothing.").format(
                label=say(self.option.label)
            )
        )


class _Number:
    def __init__(
        self, question: Question, general: Scale, missing: frozenset[str], said: operator.Mapping
    ) -> None:
        self.low = question.low if question.low is not None else float("-inf")
        self.high = question.high if question.high is not None else float("inf")
        self.general = general
        self.words = _Words(missing, said)

    def __call__(self, text: str) -> Answer:
        key = folded(text)
        if self.words.is_said_missing(key):
            return None
        text = self.words.translated(text)
        is_decimal = _DECIMAL.fullmatch(text) and not _THOUSANDS.fullmatch(text)
        if is_decimal or _WHOLE.fullmatch(text):
            number = float(text.replace(",", "."))
            if self.low <= number <= self.high:
                return number
            if number in self.general.missing_codes:
                return None
            return Refused(
                _("It is out of range: a number from {low:g} to {high:g} is allowed.").format(
                    low=self.low, high=self.high
                )
            )
        if key in self.words.missing:
            return None
        if _THOUSANDS.fullmatch(text):
            return Refused(
                _(
                    "Its comma may mean thousands or decimals: "
                    "a number from {low:g} to {high:g} with a point for decimals is allowed."
                ).format(low=self.low, high=self.high)
            )
        return Refused(
            _("It is not a number: a number from {low:g} to {high:g} is allowed, without its unit.").format(
                low=self.low, high=self.high
            )
        )


class _Comment:
    def __init__(self, missing: frozenset[str], said: operator.Mapping) -> None:
        self.words = _Words(missing, said)

    def __call__(self, text: str) -> Answer:
        text = text.strip()
        key = folded(text)
        if self.words.is_said_missing(key) or key in self.words.missing:
            return None
        if len(text) > COMMENT_CHARACTERS:
            return Refused(
                _("It is too long: at most {limit} characters are allowed.").format(
                    limit=whole(COMMENT_CHARACTERS)
                )
            )
        return text
