"""What an instrument is: frozen, validated objects in four kinds.

Every text is given per language (`{en: ..., cy: ...}`; a plain string is English). An item's id
means the same question for ever: changed meaning, new id. Codes of options are the numbers that
the store keeps (0 to 254), fixed for ever too.

A new field needs a default: the default leaves the hash of the instruments already in stores as
it is (improve/instruments/library.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from improve.language import _, text_in

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


def _as_texts(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


def _check_texts(value: Mapping[str, str]) -> Mapping[str, str]:
    for language in value:
        if not _LANGUAGE.fullmatch(language):
            raise ValueError(_('"{language}" is not a language code such as "en"').format(language=language))
    # Layout is no part of a text: a re-wrapped file says the same.
    texts = {language: " ".join(text.split()) for language, text in value.items()}
    if not texts.get("en"):
        raise ValueError(_("an English text is missing"))
    if not all(texts.values()):
        raise ValueError(_("a text is empty"))
    return MappingProxyType(texts)


def _no_numbers_as_names(value: object) -> object:
    # YAML 1.1 reads no, yes, on and 1.0 as a truth value or a number where a word was meant.
    if isinstance(value, bool | int | float):
        raise ValueError(_("a number or yes/no stands where a word belongs; put it in quotes"))
    return value


Text = Annotated[
    Mapping[str, str],
    BeforeValidator(_as_texts),
    BeforeValidator(_no_numbers_as_names),
    AfterValidator(_check_texts),
    PlainSerializer(dict),
]
"""Language code -> text, with English always there. Read it with `say`."""

Word = Annotated[str, BeforeValidator(_no_numbers_as_names)]
Identifier = Annotated[Word, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40)]
Code = Annotated[int, Field(ge=0, le=254, strict=True)]
Number = Annotated[int, Field(strict=True)]


def _plain_ends(ends: Mapping[int, Mapping[str, str]]) -> dict[int, dict[str, str]]:
    return {code: dict(text) for code, text in ends.items()}


Ends = Annotated[Mapping[int, Text], AfterValidator(MappingProxyType), PlainSerializer(_plain_ends)]
"""The words at the ends of a scale: code -> text."""


def _no_ends() -> Mapping[int, Mapping[str, str]]:
    return MappingProxyType({})


def _repeated(values: Iterable[str]) -> str | None:
    """The first value that was there before, capitals apart: imports match ids in any case."""
    seen = set()
    for value in values:
        if value.casefold() in seen:
            return value
        seen.add(value.casefold())
    return None


def _refuse_repeated(ids: Iterable[str]) -> None:
    repeated = _repeated(ids)
    if repeated is not None:
        raise ValueError(_("the id {id} is used twice").format(id=repeated))


def _refuse_unlisted(item: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise ValueError(_("{item} belongs to {name}, which is not listed").format(item=item, name=name))


def say(text: Mapping[str, str]) -> str:
    """A text of an instrument in the current language."""
    return text_in(text)


class Frozen(BaseModel):
    """Base of all parts of an instrument: immutable, and no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class InstrumentKind(StrEnum):
    """The four kinds of instrument."""

    SURVEY = "survey"
    MATURITY = "maturity"
    READINESS = "readiness"
    INDICATORS = "indicators"


class Scale(Frozen):
    """A rating scale of whole numbers from `low` to `high`.

    `missing_codes` are codes seen in real exports that stand for "no answer"; one of them is
    missing only where it lies outside the scale (guides/statistics.md section 1).
    """

    low: Code
    high: Code
    ends: Ends = Field(default_factory=_no_ends)
    missing_codes: tuple[Number, ...] = ()
    missing_label: Text | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Scale:
        if self.low >= self.high:
            raise ValueError(_("low must be below high"))
        self.check_ends(self.ends)
        return self

    def check_ends(self, ends: Mapping[int, Mapping[str, str]]) -> None:
        """Refuses (ValueError) words for a code that is neither end of the scale."""
        for code in ends:
            if code not in (self.low, self.high):
                raise ValueError(
                    _("{code} is neither end of the scale from {low} to {high}").format(
                        code=code, low=self.low, high=self.high
                    )
                )

    def is_missing(self, code: int) -> bool:
        """Whether an imported code stands for "no answer"."""
        return code in self.missing_codes and not self.low <= code <= self.high


class Measure(Frozen):
    """One of the ways in which an aspect is rated: importance, satisfaction.

    `words` tell an import's columns apart ("importance", "how important").
    """

    id: Identifier
    name: Text
    question: Text
    ends: Ends = Field(default_factory=_no_ends)
    words: tuple[Word, ...] = ()


class Option(Frozen):
    """One answer of a single or multiple question. `counts` False leaves shares and means.

    `group` puts options together in a figure ("engaged", "needs_help").
    """

    code: Code
    id: Identifier
    label: Text
    group: Identifier | None = None
    counts: bool = True


class QuestionKind(StrEnum):
    """How a question is answered."""

    RATING = "rating"
    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    TEXT = "text"


class Published(Frozen):
    """A published figure, as a yardstick beside an item; never mixed with figures of ours."""

    value: float | str
    year: int | str | None = None
    n: int | None = None
    source: Word
    note: str | None = None


class Definition(Frozen):
    """A term that items share, or how a derived figure is made from them."""

    id: Identifier
    text: Text


class Sampling(Frozen):
    """What makes a survey's result good enough to rely on."""

    recommended_responses: Annotated[Number, Field(ge=1)]
    maximum_age_months: Annotated[Number, Field(ge=1)] | None = None
    response_rate: Text


class Category(Frozen):
    """A heading that groups aspects, skills, functions or areas. `basis` says where it comes from."""

    id: Identifier
    name: Text
    summary: Text | None = None
    basis: str = ""


class Aspect(Frozen):
    """An item rated by each measure. `optional` ones are never part of the common benchmark."""

    id: Identifier
    category: Identifier
    short: Text
    text: Text
    optional: bool = False


def _refuse_unknown_list(value: object) -> object:
    if isinstance(value, str):
        raise ValueError(_("{name} is not one of option_lists").format(name=value))
    return value


def _refuse_repeated_options(options: tuple[Option, ...]) -> tuple[Option, ...]:
    _refuse_repeated(option.id for option in options)
    repeated = _repeated(str(option.code) for option in options)
    if repeated is not None:
        raise ValueError(_("the code {code} is used twice").format(code=repeated))
    return options


Options = Annotated[
    tuple[Option, ...], BeforeValidator(_refuse_unknown_list), AfterValidator(_refuse_repeated_options)
]


def _no_lists() -> Mapping[str, tuple[Option, ...]]:
    return MappingProxyType({})


class Question(Frozen):
    """An item answered once: overall and profile questions, skills, training, comments.

    kind rating: on `scale`, else on the instrument's. kind single or multiple: one or several of
    `options`, or (options_from: organisation) the organisation's own list, such as directorates.
    kind number: between `low` and `high`, in `unit`. kind text: a comment in the respondent's words.
    In a file `options` may be the name of one of the survey's `option_lists`.
    """

    id: Identifier
    short: Text
    text: Text
    kind: QuestionKind
    role: Identifier | None = None
    category: Identifier | None = None
    scale: Scale | None = None
    options: Options = ()
    options_from: Literal["organisation"] | None = None
    low: float | None = None
    high: float | None = None
    step: Annotated[float, Field(gt=0)] | None = None
    unit: Text | None = None
    published: tuple[Published, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Question:
        is_choice = self.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
        if is_choice and bool(self.options) == bool(self.options_from):
            raise ValueError(_("a single or multiple question needs either options or options_from"))
        if not is_choice and (self.options or self.options_from):
            raise ValueError(_("only single and multiple questions have options"))
        if self.kind is QuestionKind.NUMBER:
            if self.low is None or self.high is None or self.low >= self.high:
                raise ValueError(_("a number question needs low below high"))
        elif any(value is not None for value in (self.low, self.high, self.step, self.unit)):
            raise ValueError(_("only number questions have low, high, step and unit"))
        if self.scale is not None and self.kind is not QuestionKind.RATING:
            raise ValueError(_("only rating questions have a scale"))
        return self


class Instrument(Frozen):
    """What all four kinds have in common: identity, title, provenance.

    `derived` says in words how figures are made from the answers.
    """

    id: Identifier
    version: Annotated[Word, Field(pattern=r"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*$", max_length=20)]
    kind: InstrumentKind
    title: Text
    wording: Text = Field(description="where the wording comes from")
    note: Text | None = None
    derived: tuple[Definition, ...] = ()

    @property
    def version_number(self) -> tuple[int, ...]:
        """The version as numbers, so that 1.10 comes after 1.9."""
        return tuple(int(part) for part in self.version.split("."))


class Survey(Instrument):
    """A questionnaire that people answer: aspects rated by each measure, and single questions.

    `option_lists` are answers that several questions share; a loaded question has its own copy.
    """

    kind: Literal[InstrumentKind.SURVEY]
    scale: Scale
    sampling: Sampling | None = None
    measures: tuple[Measure, ...] = ()
    categories: tuple[Category, ...] = ()
    option_lists: Annotated[
        Mapping[Identifier, Options], AfterValidator(MappingProxyType), PlainSerializer(dict)
    ] = Field(default_factory=_no_lists)
    aspects: tuple[Aspect, ...] = ()
    overall: tuple[Question, ...] = ()
    questions: tuple[Question, ...] = ()
    profile: tuple[Question, ...] = ()
    comments: tuple[Question, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_lists(cls, data: object) -> object:
        if not isinstance(data, dict) or not isinstance(data.get("option_lists"), dict):
            return data
        lists = data["option_lists"]

        def filled(question: object) -> object:
            if not isinstance(question, dict) or not isinstance(question.get("options"), str):
                return question
            return {**question, "options": lists.get(question["options"], question["options"])}

        return data | {
            part: [filled(question) for question in data[part]]
            for part in ("overall", "questions", "profile", "comments")
            if isinstance(data.get(part), list)
        }

    @model_validator(mode="after")
    def _consistent(self) -> Survey:
        if self.aspects and not self.measures:
            raise ValueError(_("aspects need at least one measure"))
        items: list[Aspect | Question] = [*self.aspects, *self.all_questions()]
        _refuse_repeated(measure.id for measure in self.measures)
        _refuse_repeated(category.id for category in self.categories)
        _refuse_repeated(item.id for item in items)
        words = _repeated(word for measure in self.measures for word in measure.words)
        if words is not None:
            raise ValueError(_('the word "{word}" stands under two measures').format(word=words))
        known = {category.id for category in self.categories}
        for item in items:
            if item.category is not None:
                _refuse_unlisted(item.id, item.category, known)
        if not items:
            raise ValueError(_("a survey needs at least one aspect or question"))
        for question in self.all_questions():
            if (question.kind is QuestionKind.TEXT) is not (question in self.comments):
                raise ValueError(
                    _("{item}: text questions, and no others, belong under comments").format(item=question.id)
                )
        headlines = [question for question in self.overall if question.role == "headline"]
        if len(headlines) > 1:
            raise ValueError(_("only one question can be the headline"))
        if headlines and headlines[0].kind is not QuestionKind.RATING:
            raise ValueError(_("the headline must be a rating question"))
        for measure in self.measures:
            self.scale.check_ends(measure.ends)
        return self

    def all_questions(self) -> Iterator[Question]:
        """Every item that is not an aspect, in the order of the form."""
        yield from self.overall
        yield from self.questions
        yield from self.profile
        yield from self.comments

    def scale_of(self, question: Question) -> Scale:
        """The scale on which a rating question is answered."""
        return question.scale or self.scale

    @property
    def headline(self) -> Question | None:
        """The question whose mean is an organisation's overall score."""
        return next((question for question in self.overall if question.role == "headline"), None)


class Level(Frozen):
    """One level of maturity."""

    level: Annotated[Number, Field(ge=1, le=20)]
    name: Text
    summary: Text


class CriterionTag(StrEnum):
    """What a criterion says besides its level: two of them are set against each other in a picture.

    `COMMITMENT` is a policy decision that the council has taken; `PROVISION` gives staff the means
    to work flexibly, `TAKE_UP` says that they use them (guides/statistics.md section 7).
    """

    COMMITMENT = "commitment"
    PROVISION = "provision"
    TAKE_UP = "take_up"


class Criterion(Frozen):
    """A yes/no statement of a function, at one level.

    `good` is what good looks like: what two people need to read to answer it alike.
    """

    id: Identifier
    function: Identifier
    level: Annotated[Number, Field(ge=1, le=20)]
    topic: Text
    text: Text
    good: Text | None = None
    tags: tuple[CriterionTag, ...] = ()


class Maturity(Instrument):
    """Functions with yes/no criteria at levels; an answer's `group` says how it counts.

    Groups: met, not_met, to_find_out (counts as not met, and is listed). `rule` names the formula
    of guides/statistics.md section 7.
    """

    kind: Literal[InstrumentKind.MATURITY]
    answers: Annotated[Options, Field(min_length=2)]
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    functions: Annotated[tuple[Category, ...], Field(min_length=1)]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    rule: Literal["staged_levels_1"]

    @model_validator(mode="after")
    def _consistent(self) -> Maturity:
        _refuse_repeated(function.id for function in self.functions)
        _refuse_repeated(criterion.id for criterion in self.criteria)
        levels = [level.level for level in self.levels]
        if levels != list(range(1, len(levels) + 1)):
            raise ValueError(_("levels must count up from 1"))
        functions = {function.id for function in self.functions}
        for criterion in self.criteria:
            _refuse_unlisted(criterion.id, criterion.function, functions)
            if criterion.level > len(levels):
                raise ValueError(
                    _("{item} is at level {level}, which is not listed").format(
                        item=criterion.id, level=criterion.level
                    )
                )
        for answer in self.answers:
            if answer.counts and answer.group not in ("met", "not_met", "to_find_out"):
                raise ValueError(
                    _("the answer {answer} needs the group met, not_met or to_find_out").format(
                        answer=answer.id
                    )
                )
        return self


class Statement(Frozen):
    """A statement of an area, answered on the instrument's options.

    `topic` is its short name; `good` says how it is when fully in place, `prepare` what to do next
    where it is not.
    """

    id: Identifier
    area: Identifier
    text: Text
    topic: Text | None = None
    good: Text | None = None
    prepare: Text | None = None


class Use(Frozen):
    """A way of using a readiness instrument, or a role in which people answer it."""

    id: Identifier
    name: Text


class Readiness(Instrument):
    """Areas with statements; an answer's code is its points, one that does not count a blind spot.

    `roles` are those of the respondents: the view from finance, the view of an elected member.
    `rule` names the formula of guides/statistics.md section 8.
    """

    kind: Literal[InstrumentKind.READINESS]
    answers: Annotated[Options, Field(min_length=2)]
    uses: tuple[Use, ...] = ()
    roles: tuple[Use, ...] = ()
    areas: Annotated[tuple[Category, ...], Field(min_length=1)]
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]
    rule: Literal["share_of_answered_1"]

    @model_validator(mode="after")
    def _consistent(self) -> Readiness:
        _refuse_repeated(use.id for use in self.uses)
        _refuse_repeated(role.id for role in self.roles)
        _refuse_repeated(area.id for area in self.areas)
        _refuse_repeated(statement.id for statement in self.statements)
        areas = {area.id for area in self.areas}
        for statement in self.statements:
            _refuse_unlisted(statement.id, statement.area, areas)
        return self


class Direction(StrEnum):
    """Which way is good; applied once, in scoring."""

    HIGHER_BETTER = "higher_better"
    LOWER_BETTER = "lower_better"
    NEUTRAL = "neutral"


class Indicator(Frozen):
    """numerator / denominator, in a unit. A category indicator (no numerator) groups, never scores."""

    id: Identifier
    module: Identifier
    name: Text
    definition: Text
    unit: Text
    direction: Direction
    numerator: Text | None = None
    denominator: Text | None = None
    basis: str = ""
    published: tuple[Published, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Indicator:
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError(_("numerator and denominator come together"))
        return self


class Indicators(Instrument):
    """Estate, cost and performance indicators in modules."""

    kind: Literal[InstrumentKind.INDICATORS]
    definitions: tuple[Definition, ...] = ()
    modules: Annotated[tuple[Category, ...], Field(min_length=1)]
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Indicators:
        _refuse_repeated(definition.id for definition in self.definitions)
        _refuse_repeated(module.id for module in self.modules)
        _refuse_repeated(indicator.id for indicator in self.indicators)
        modules = {module.id for module in self.modules}
        for indicator in self.indicators:
            _refuse_unlisted(indicator.id, indicator.module, modules)
        return self
