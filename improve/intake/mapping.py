"""What an operator says about a file: which column feeds what, and what its words mean."""

from __future__ import annotations

import math
import re
from collections import abc
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import yaml

from improve.errors import IntakeError
from improve.instruments.model import Aspect, Question, QuestionKind, Survey
from improve.intake.record import listed, shortened
from improve.language import _
from improve.store.batch import ANSWER

IGNORE = "ignore"
"""What a mapping says of a column that is not to be read."""

MAPPING_CHARACTERS = 200_000
_NESTING = 20

MISSING_WORDS = frozenset(
    {
        "",
        "-",
        "--",
        ".",
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "null",
        "not applicable",
        "does not apply",
        "does not apply to me",
        "no opinion",
        "no answer",
        "not answered",
        "don't know",
        "dont know",
        "do not know",
        "prefer not to say",
        "ddim yn gwybod",
        "amherthnasol",
        "ddim yn berthnasol",
        "dim barn",
        "gwell gen i beidio â dweud",
    }
)
"""Words for "no answer", as `folded` writes them, in every file; a mapping may add to them."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a column feeds: an item by one measure ("answer" for a question).

    `option` is the id of the option that the column says yes or no to, where a question that takes
    several answers has a column for each.
    """

    item: str
    measure: str
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """What an operator says about a file.

    `columns` go by their header, or by "column G" where they have none; `ignored` ones are not read.
    `words` give numbers to words in place of ratings and codes; `missing` are more words for "no
    answer". Words are kept as `folded` writes them.
    """

    columns: abc.Mapping[str, Use] = field(default_factory=dict)
    words: abc.Mapping[str, float | int] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


def folded(text: str) -> str:
    """A cell's text as it is compared: case, spaces and kinds of apostrophe make no difference."""
    return " ".join(text.replace("\u2019", "'").replace("\u2018", "'").casefold().split())


def read_mapping(text: str, survey: Survey) -> Mapping:
    """The mapping that a YAML text holds, checked against the survey.

    Raises IntakeError naming the place in the text and what is allowed there.
    """
    document = _document(text)
    if not isinstance(document, dict):
        raise _wrong(_("as a whole"), _("It must hold columns, words or missing."))
    unknown = [key for key in document if key not in ("columns", "words", "missing")]
    if unknown:
        raise _wrong(shortened(unknown[0]), _("It is not known; a mapping holds columns, words and missing."))
    uses: dict[str, Use] = {}
    ignored: set[str] = set()
    for column, target in _entries(document.get("columns", {}), "columns"):
        place = f"columns → “{shortened(column)}”"
        name = " ".join(column.split())
        if isinstance(target, str) and target.casefold() == IGNORE:
            ignored.add(name)
        else:
            uses[name] = _use(target, survey, place)
    words: dict[str, float | int] = {}
    for word, number in _entries(document.get("words", {}), "words"):
        words[folded(word)] = _number(number, f"words → “{shortened(word)}”")
    missing = _missing(document.get("missing", []))
    both = sorted(missing & set(words))
    if both:
        raise _wrong(f"missing → “{shortened(both[0])}”", _("The word stands under words, too."))
    return Mapping(MappingProxyType(uses), MappingProxyType(words), missing, frozenset(ignored))


def mapping_as_yaml(mapping: Mapping) -> str:
    """The mapping as a text that `read_mapping` reads to the same."""
    columns: dict[str, object] = {}
    for column, use in mapping.columns.items():
        if use.measure == ANSWER and use.option is None:
            columns[column] = use.item
        else:
            columns[column] = {
                "item": use.item,
                **({"measure": use.measure} if use.measure != ANSWER else {}),
                **({"option": use.option} if use.option is not None else {}),
            }
    columns |= dict.fromkeys(sorted(mapping.ignored), IGNORE)
    document = {
        "columns": columns,
        **({"words": dict(mapping.words)} if mapping.words else {}),
        **({"missing": sorted(mapping.missing)} if mapping.missing else {}),
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def items_of(survey: Survey) -> dict[str, Aspect | Question]:
    """Every item of a survey by its id, in the order of the form."""
    items: list[Aspect | Question] = [*survey.aspects, *survey.all_questions()]
    return {item.id: item for item in items}


class _Loader(yaml.BaseLoader):
    """Takes everything as text (so that Yes and 1.0 stay what was written), and no key twice."""


def _pairs(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise _wrong(_("as a whole"), _("A key must be one text."))
        if key in found:
            raise _wrong(f"“{shortened(key)}”", _("It is given twice."))
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _pairs)


def _document(text: str) -> Any:
    if len(text) > MAPPING_CHARACTERS:
        raise _wrong(_("as a whole"), _("It is too long."))
    try:
        depth = deepest = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            deepest = max(deepest, depth)
            if deepest > _NESTING or isinstance(event, yaml.AliasEvent):
                raise _wrong(_("as a whole"), _("It is nested too deep, or refers to itself."))
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = _("line {line}").format(line=mark.line + 1) if mark else _("as a whole")
        raise _wrong(place, _("It is not valid YAML.")) from error


def _entries(value: Any, place: str) -> abc.Iterable[tuple[str, Any]]:
    if value in ("", None):
        return ()
    if not isinstance(value, dict):
        raise _wrong(place, _("It must be a list of “name: value” lines."))
    items: abc.Iterable[tuple[str, Any]] = value.items()
    return items


def _use(target: Any, survey: Survey, place: str) -> Use:
    items = items_of(survey)
    given = {"item": target} if isinstance(target, str) else target
    if not isinstance(given, dict) or not isinstance(given.get("item"), str):
        raise _wrong(place, _("It must name an item, or say ignore."))
    for key, value in given.items():
        if key not in ("item", "measure", "option") or not isinstance(value, str):
            raise _wrong(
                f"{place} → {shortened(key)}", _("It is not known; give item, and measure or option.")
            )
    by_folded = {item_id.casefold(): item for item_id, item in items.items()}
    item = by_folded.get(given["item"].strip().casefold())
    if item is None:
        raise _wrong(
            f"{place} → item",
            _("“{item}” is no item of {survey}.").format(item=shortened(given["item"]), survey=survey.id),
        )
    measure = given.get("measure", "").strip()
    if isinstance(item, Aspect):
        if "option" in given:
            raise _wrong(f"{place} → option", _("An aspect has no options."))
        return Use(item.id, _measure(measure, item, survey, place))
    if measure and measure != ANSWER:
        raise _wrong(
            f"{place} → measure", _("{item} is a question, and has no measure.").format(item=item.id)
        )
    return Use(item.id, ANSWER, _option(given["option"], item, place) if "option" in given else None)


def _measure(measure: str, aspect: Aspect, survey: Survey, place: str) -> str:
    for known in survey.measures:
        if measure.casefold() == known.id.casefold() or (not measure and len(survey.measures) == 1):
            return known.id
    known_ids = listed([known.id for known in survey.measures])
    if not measure:
        raise _wrong(
            place, _("{item} needs a measure: {measures}.").format(item=aspect.id, measures=known_ids)
        )
    raise _wrong(
        f"{place} → measure",
        _("“{measure}” is no measure; there are {measures}.").format(
            measure=shortened(measure), measures=known_ids
        ),
    )


def _option(wanted: str, question: Question, place: str) -> str:
    if question.kind is QuestionKind.MULTIPLE:
        for option in question.options:
            if folded(wanted) in (folded(option.id), *map(folded, option.label.values())):
                return option.id
    raise _wrong(
        f"{place} → option",
        _("“{option}” is no option of {item} that a column of its own can have.").format(
            option=shortened(wanted), item=question.id
        ),
    )


def _number(value: Any, place: str) -> float | int:
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,15}", value, re.ASCII):
        return int(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise _wrong(place, _("It must be a number."))
    return number


def _missing(value: Any) -> frozenset[str]:
    if value in ("", None):
        return frozenset()
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _wrong("missing", _("It must be a list of words."))
    return frozenset(folded(word) for word in value)


def _wrong(place: str, rule: str) -> IntakeError:
    """An error naming the place in the mapping, and a sentence saying what is allowed there."""
    return IntakeError(_("Mapping, {place}: {rule}").format(place=place, rule=rule))
