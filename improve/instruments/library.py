"""Instruments read from files, and kept as JSON: any number of ids and versions side by side.

What identifies an instrument is its meaning: `instrument_sha256` hashes the canonical JSON of the
validated object, so a comment or another indentation changes nothing, a changed word does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from improve.errors import InstrumentError, SelectionError
from improve.instruments.model import (
    Indicators,
    Instrument,
    InstrumentKind,
    Maturity,
    Readiness,
    Survey,
)
from improve.language import _

INSTRUMENTS = Path(__file__).resolve().parents[2] / "data" / "instruments"
LARGEST_FILE = 1_000_000
DEEPEST = 20
LONGEST_PART = 120

_KINDS: Mapping[str, type[Instrument]] = MappingProxyType(
    {
        InstrumentKind.SURVEY.value: Survey,
        InstrumentKind.MATURITY.value: Maturity,
        InstrumentKind.READINESS.value: Readiness,
        InstrumentKind.INDICATORS.value: Indicators,
    }
)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_instrument(path: Path) -> Instrument:
    """The instrument in a YAML file. InstrumentError: one sentence with file, place and rule."""
    return parse_instrument(_text_of(path), path.name)


def parse_instrument(text: str, source: str) -> Instrument:
    """The instrument in a YAML text; `source` is what an InstrumentError calls it."""
    return _validated(_plain(text, source), source)


def instrument_to_json(instrument: Instrument) -> str:
    """The instrument as canonical JSON: keys sorted, defaults left out."""
    meaning = instrument.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def instrument_from_json(text: str, source: str = "JSON") -> Instrument:
    """The instrument that `instrument_to_json` wrote; `source` is what an InstrumentError calls it."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InstrumentError(
            _("{source}: this is not JSON: {error}.").format(source=source, error=error)
        ) from error
    return _validated(data, source)


def instrument_sha256(instrument: Instrument) -> str:
    """The SHA-256 of an instrument's meaning, in hexadecimal."""
    return hashlib.sha256(instrument_to_json(instrument).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An instrument with the text it was read from, and the name of that file."""

    instrument: Instrument
    text: str
    source: str


class Library:
    """Instruments by id and version. Immutable: `with_instrument` makes another library."""

    __slots__ = ("_entries",)

    def __init__(self, entries: tuple[Entry, ...] = ()) -> None:
        """InstrumentError where two entries have the same id and version but not the same meaning."""
        by_key: dict[tuple[str, str], Entry] = {}
        for entry in entries:
            key = (entry.instrument.id, entry.instrument.version)
            if key in by_key:
                raise InstrumentError(
                    _("{second}, version: {first} already holds {id} version {version}.").format(
                        second=entry.source, first=by_key[key].source, id=key[0], version=key[1]
                    )
                )
            by_key[key] = entry
        self._entries = MappingProxyType(
            dict(sorted(by_key.items(), key=lambda item: (item[0][0], item[1].instrument.version_number)))
        )

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Instrument]:
        return (entry.instrument for entry in self._entries.values())

    def all(self) -> tuple[Instrument, ...]:
        """Every instrument, by id and then by version, oldest first."""
        return tuple(self)

    def surveys(self) -> tuple[Survey, ...]:
        """Every survey, by id and then by version, oldest first."""
        return tuple(instrument for instrument in self if isinstance(instrument, Survey))

    def get(self, instrument_id: str, version: str | None = None) -> Instrument:
        """The instrument of that id and version, the newest without one. SelectionError if unknown."""
        return self._entry(instrument_id, version).instrument

    def source_text(self, instrument_id: str, version: str | None = None) -> str:
        """The text of the file that the instrument was read from. SelectionError if unknown."""
        return self._entry(instrument_id, version).text

    def sha256(self, instrument_id: str, version: str | None = None) -> str:
        """The SHA-256 of the instrument's meaning. SelectionError if unknown."""
        return instrument_sha256(self._entry(instrument_id, version).instrument)

    def with_instrument(self, instrument: Instrument, text: str, source: str) -> Library:
        """A library that holds this instrument too; InstrumentError where its version is taken."""
        return Library((*self._entries.values(), Entry(instrument, text, source)))

    def _entry(self, wanted: str, version: str | None) -> Entry:
        found = [
            entry
            for (known, known_version), entry in self._entries.items()
            if known == wanted and version in (None, known_version)
        ]
        if not found:
            known = ", ".join(f"{one} {known_version}" for one, known_version in self._entries)
            raise SelectionError(
                _("There is no instrument {wanted}; known are: {known}.").format(
                    wanted=wanted if version is None else f"{wanted} {version}", known=known or "-"
                )
            )
        return found[-1]


def read_library(folder: Path = INSTRUMENTS) -> Library:
    """Every instrument of a folder (*.yaml, *.yml). InstrumentError at the first file that is wrong."""
    if not folder.is_dir():
        raise InstrumentError(_("{folder}: there is no such folder of instruments.").format(folder=folder))
    files = (path for path in sorted(folder.iterdir()) if not path.name.startswith("."))
    return Library(
        tuple(_entry_of(_text_of(path), path.name) for path in files if path.suffix in (".yaml", ".yml"))
    )


@lru_cache(maxsize=64)
def _entry_of(text: str, name: str) -> Entry:
    """A file's entry, kept by what the file says: commands and pages ask for the library every time."""
    return Entry(parse_instrument(text, name), text, name)


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InstrumentError(
            _("{source}: the file cannot be read: {error}.").format(source=path.name, error=error.strerror)
        ) from error
    if len(content) > LARGEST_FILE:
        raise InstrumentError(
            _("{source}: the file is larger than {limit} bytes.").format(source=path.name, limit=LARGEST_FILE)
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InstrumentError(
            _("{source}, line {line}: the file is not in UTF-8.").format(
                source=path.name, line=content.count(b"\n", 0, error.start) + 1
            )
        ) from error


def _validated(data: object, source: str) -> Instrument:
    if not isinstance(data, dict):
        raise InstrumentError(
            _("{source}: an instrument is a list of keys with values, such as id: survey.").format(
                source=source
            )
        )
    kind = data.get("kind")
    model = _KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise InstrumentError(
            _("{source}, kind: it must be one of {kinds}.").format(source=source, kinds=", ".join(_KINDS))
        )
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = _one_line(".".join(str(part) for part in first["loc"] if part != "[key]"))
        message = _one_line(_rule(first))
        if place:
            message = _("{source}, {place}: {rule}.").format(source=source, place=place, rule=message)
        else:
            message = _("{source}: {rule}.").format(source=source, rule=message)
        raise InstrumentError(message) from error


def _rule(error: ErrorDetails) -> str:
    """What a validation error asks for, in words for the person who writes the file."""
    context = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(context["error"])
        case "missing":
            return _("it is required")
        case "extra_forbidden":
            return _("this key is not known here")
        case "string_type":
            return _("it must be text, in quotes where it looks like a number or a date")
        case "string_pattern_mismatch":
            return _("{value} does not have the form {pattern}").format(
                value=repr(error["input"])[:60], pattern=context["pattern"]
            )
        case "string_too_long":
            return _("it must have at most {limit} characters").format(limit=context["max_length"])
        case "int_type" | "int_parsing" | "int_from_float":
            return _("it must be a whole number")
        case "float_type" | "float_parsing":
            return _("it must be a number")
        case "greater_than_equal":
            return _("it must be at least {limit}").format(limit=context["ge"])
        case "greater_than":
            return _("it must be more than {limit}").format(limit=context["gt"])
        case "less_than_equal":
            return _("it must be at most {limit}").format(limit=context["le"])
        case "enum" | "literal_error":
            return _("it must be one of {allowed}").format(allowed=context["expected"].replace(" or ", ", "))
        case "tuple_type":
            return _("it must be a list")
        case "too_short":
            return _("it needs at least {limit}").format(limit=context["min_length"])
        case "model_type" | "mapping_type" | "dict_type":
            return _("it must be keys with values")
        case _:
            return error["msg"]


def _one_line(text: str) -> str:
    """What a file holds may be long, of several lines, or unprintable; a message is neither."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= LONGEST_PART else text[:LONGEST_PART] + "…"


def _plain(text: str, source: str) -> object:
    """The YAML as dicts, lists and scalars.

    Built from the stream of events, for three reasons: PyYAML lets the last of two equal keys win;
    libyaml's own tree building overflows the C stack on deep nesting; and an alias can blow a small
    file up to any size. All three are refused here, with their line.
    """
    try:
        return _Document(text).value
    except _RefusedError as refused:
        mark, rule = refused.args
    except yaml.MarkedYAMLError as error:
        mark, rule = error.problem_mark or error.context_mark, str(error.problem)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 1
        raise InstrumentError(
            _("{source}, line {line}: a character that YAML does not allow.").format(source=source, line=line)
        ) from error
    rule = _one_line(rule)
    if mark is None:
        raise InstrumentError(_("{source}: {rule}.").format(source=source, rule=rule))
    raise InstrumentError(
        _("{source}, line {line}, column {column}: {rule}.").format(
            source=source, line=mark.line + 1, column=mark.column + 1, rule=rule
        )
    )


class _RefusedError(Exception):
    """args: a mark in the file (or None), the rule that was broken."""


class _Document:
    """One YAML document, read from its events."""

    def __init__(self, text: str) -> None:
        self._loader = _Loader(text)
        try:
            self._next()  # the stream starts
            if isinstance(self._next(), yaml.StreamEndEvent):
                raise _RefusedError(None, _("the file is empty"))
            self.value = self._build(self._next(), 0)
            self._next()  # the document ends
            end = self._next()
            if not isinstance(end, yaml.StreamEndEvent):
                raise _RefusedError(end.start_mark, _("a file holds one document only"))
        finally:
            self._loader.dispose()

    def _next(self) -> yaml.Event:
        event: yaml.Event = self._loader.get_event()
        return event

    def _build(self, event: yaml.Event, depth: int) -> object:
        if depth > DEEPEST:
            raise _RefusedError(
                event.start_mark, _("the nesting is deeper than {limit} levels").format(limit=DEEPEST)
            )
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            values = []
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                values.append(self._build(event, depth + 1))
            return values
        if isinstance(event, yaml.MappingStartEvent):
            pairs: dict[object, object] = {}
            while not isinstance(event := self._next(), yaml.MappingEndEvent):
                key = self._build(event, depth + 1)
                if isinstance(key, list | dict):
                    raise _RefusedError(event.start_mark, _("a key must be a word or a number"))
                if key in pairs:
                    raise _RefusedError(
                        event.start_mark, _("the key {key} stands here twice").format(key=key)
                    )
                pairs[key] = self._build(self._next(), depth + 1)
            return pairs
        raise _RefusedError(event.start_mark, _("aliases are not allowed; write the value out"))

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        node = yaml.ScalarNode(tag, event.value)
        try:
            return self._loader.construct_object(node)
        except (ValueError, yaml.constructor.ConstructorError) as error:
            raise _RefusedError(
                event.start_mark, _("{value} cannot be read").format(value=repr(event.value)[:60])
            ) from error
