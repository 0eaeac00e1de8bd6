"""Which column of a table feeds which item of a survey.

A header is matched by an item's id, short name or question, word for word; nothing near is taken.
Near ones are suggested.
"""

from __future__ import annotations

import re
import unicodedata
from collections import abc, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz, process

from improve.instruments.model import Aspect, Question, QuestionKind, Survey
from improve.intake.mapping import Mapping, Use, items_of
from improve.intake.moment import times_of
from improve.intake.record import Table, column_letter, listed, shortened
from improve.language import _, ngettext
from improve.store.batch import ANSWER

OWN_OPTIONS = 100
"""More different answers than this to a question with the organisation's own list are free text."""

SUGGESTION_SCORE = 80
"""How alike (0 to 100, rapidfuzz ratio) a header must be to an item's text to be suggested."""

HEADER_CHARACTERS = 500
COLUMNS_SHOWN = 8

FILLER = frozenset(
    {
        *(
            "a",
            "all",
            "an",
            "and",
            "answer",
            "are",
            "as",
            "at",
            "by",
            "do",
            "each",
            "following",
            "for",
            "from",
        ),
        *("give", "how", "i", "in", "is", "item", "it", "me", "my", "of", "on", "or", "our", "please"),
        *("question", "rate", "rated", "rating", "ratings", "response", "score", "scores", "statement"),
        *("statements", "the", "these", "this", "those", "to", "us", "was", "with", "you", "your"),
        *("am", "ar", "ateb", "cwestiwn", "eich", "fel", "fy", "gyda", "mae", "mor", "o", "pa", "sgôr"),
        *("sydd", "wrth", "y", "yn", "yr"),
    }
)
"""Words that say nothing about which item or measure a header means (English and Welsh)."""

TIME_HEADERS = (
    "completion time",
    "completed at",
    "completed",
    "date completed",
    "submitted at",
    "submitted",
    "submit date",
    "submitdate",
    "submitdate date submitted",
    "date submitted",
    "submission date",
    "end date",
    "timestamp",
    "datestamp",
    "date",
)
"""Headers of the time of an answer, the first that is there and holds times is taken."""

_SEGMENTS = re.compile(r"[\[\](){}<>:;|\r\n.?…/\\]+|\s[-–—]+\s")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NUMBERED = re.compile(r"q?[0-9]{1,3}[a-z]?", re.ASCII)


class How(StrEnum):
    """By what a column was matched."""

    ID = "id"
    SHORT = "short name"
    QUESTION = "question"
    MAPPING = "mapping"


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a file. `index` is counted from 0, `letter` is a spreadsheet's name for it."""

    index: int
    column: str
    letter: str


@dataclass(frozen=True, slots=True)
class Match(Place):
    """A column that feeds an item."""

    item: str
    measure: str
    how: How
    option: str | None = None

    @property
    def use(self) -> Use:
        """The same as a mapping says it."""
        return Use(self.item, self.measure, self.option)


@dataclass(frozen=True, slots=True)
class Holding(Place):
    """A column that is read for what it holds, where a file is no survey's: "people", "evidence"."""

    holds: str


@dataclass(frozen=True, slots=True)
class Unused:
    """A column that feeds nothing and is never stored; `suggestion` is the id of an item it resembles."""

    column: str
    letter: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a table's columns mean. Where `problems` (whole sentences) is not empty nothing is imported.

    `time` is the place of the column with the time of each response. `mapping` is what the operator
    gave; its words hold for every column.
    """

    matched: tuple[Match, ...]
    unused: tuple[Unused, ...]
    problems: tuple[str, ...]
    time: int | None = None
    mapping: Mapping = field(default_factory=Mapping)

    def as_mapping(self) -> Mapping:
        """Everything that was understood as a mapping: to show, to edit, to keep with the import."""
        return Mapping(
            columns={match.column: match.use for match in self.matched},
            words=self.mapping.words,
            missing=self.mapping.missing,
            ignored=self.mapping.ignored,
        )


def understand(table: Table, survey: Survey, mapping: Mapping | None = None) -> Understanding:
    """Which column feeds what, which feed nothing, and what stops the import."""
    mapping = mapping or Mapping()
    mapped, ignored, problems = _mapped(table, mapping)
    headers = Headers(survey)
    matched: list[Match] = []
    unused: list[Unused] = []
    bare: list[str] = []
    times: dict[str, int] = {}
    for index, column in enumerate(table.columns):
        letter = column_letter(index)
        if index in mapped:
            use = mapped[index]
            matched.append(Match(index, column, letter, use.item, use.measure, How.MAPPING, use.option))
            continue
        if index in ignored:
            unused.append(Unused(column, letter))
            continue
        found = headers.meaning(column)
        if isinstance(found, tuple):
            use, how = found
            matched.append(Match(index, column, letter, use.item, use.measure, how, use.option))
            continue
        if found is _Doubt.NO_MEASURE:
            bare.append(_("{letter} (“{column}”)").format(letter=letter, column=shortened(column, 40)))
        elif found is _Doubt.BOTH_MEASURES:
            problems.append(
                _(
                    "Column {letter} (“{column}”) names more than one measure. Put {measures} in columns "
                    "of their own, or say in a mapping which one it is."
                ).format(
                    letter=letter,
                    column=shortened(column),
                    measures=listed([measure.id for measure in survey.measures]),
                )
            )
        times[" ".join(_tokens(column))] = index
        if any(text.strip() for text in _texts(table, index)):
            unused.append(Unused(column, letter, headers.suggestion(column)))
    if bare:
        problems.append(_without_measure(bare, survey))
    problems += _doubled(matched)
    if not matched:
        problems.append(_nothing_matched(survey))
    for match in matched:
        problems += _unreadable(table, match, items_of(survey)[match.item])
    time = next(
        (times[name] for name in TIME_HEADERS if name in times and _is_time(table, times[name])), None
    )
    if time is not None:
        unused = [column for column in unused if column.letter != column_letter(time)]
    return Understanding(tuple(matched), tuple(unused), tuple(problems), time, mapping)


def _is_time(table: Table, index: int) -> bool:
    return times_of(table.values[index].dictionary) is not None


def _texts(table: Table, index: int) -> Iterator[str]:
    return (text.as_py() for text in table.values[index].dictionary)


class _Doubt(StrEnum):
    """Why a header that names an aspect still says too little, or too much."""

    NO_MEASURE = "no measure"
    BOTH_MEASURES = "both measures"


def _tokens(text: str) -> list[str]:
    """A text's words: no case, no accents, no punctuation."""
    bare = unicodedata.normalize("NFKD", text[:HEADER_CHARACTERS].casefold())
    letters = (letter for letter in bare if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in letters).split()


def _bare_words(words: Iterable[str]) -> frozenset[str]:
    return frozenset(token for word in words for token in _tokens(word))


@dataclass(frozen=True, slots=True)
class _Span:
    """Where in a header's words an item's id, short name or question stands."""

    start: int
    end: int
    item: str
    how: How


class Headers:
    """Tells what a header means, for one survey."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.items = items_of(survey)
        self.filler = _bare_words(FILLER)
        self.keys: dict[str, list[tuple[list[str], str, How]]] = defaultdict(list)
        self.near: dict[str, str] = {}
        for item in self.items.values():
            texts = [(item.id, How.ID)]
            texts += [(text, How.SHORT) for text in item.short.values()]
            texts += [(text, How.QUESTION) for text in item.text.values()]
            for text, how in texts:
                tokens = _tokens(text)
                if tokens:
                    self.keys[tokens[0]].append((tokens, item.id, how))
                    self.near.setdefault(" ".join(tokens), item.id)
        self.phrases: list[tuple[list[str], str]] = []
        self.measure_words: set[str] = set(self.filler)
        for measure in survey.measures:
            for text in {measure.id, *measure.name.values(), *measure.words, *measure.question.values()}:
                tokens = _tokens(text)
                self.measure_words.update(tokens)
                if tokens:
                    self.phrases.append((tokens, measure.id))

    def meaning(self, header: str) -> tuple[Use, How] | _Doubt | None:
        """The one thing that a header can mean, what is doubtful about it, or None."""
        tokens, edges = _segmented(header)
        spans = self._spans(tokens)
        found: dict[Use, How] = {}
        doubts: set[_Doubt] = set()
        for item_id in dict.fromkeys(span.item for span in spans):
            own = [span for span in spans if span.item == item_id]
            covered = {place for span in own for place in range(span.start, span.end)}
            rest = [None if place in covered else token for place, token in enumerate(tokens)]
            is_segment = any(span.start in edges and span.end in edges for span in own)
            item = self.items[item_id]
            if isinstance(item, Aspect):
                meaning = self._aspect(item, rest, is_segment)
            else:
                meaning = self._question(item, rest, is_segment)
            if isinstance(meaning, _Doubt):
                doubts.add(meaning)
            elif meaning is not None:
                found[meaning] = own[0].how
        if len(found) == 1:
            return next(iter(found.items()))
        return next(iter(doubts)) if len(doubts) == 1 and not found else None

    def suggestion(self, header: str) -> str | None:
        """The id of the item whose id, short name or question a header comes near to."""
        words = {token for phrase, _measure in self.phrases for token in phrase} - self.filler
        text = " ".join(token for token in _tokens(header) if token not in words)
        best = process.extractOne(text, self.near.keys(), scorer=fuzz.ratio, score_cutoff=SUGGESTION_SCORE)
        return self.near[best[0]] if best and text else None

    def _spans(self, tokens: list[str]) -> list[_Span]:
        """Every place where an item is named, but for those inside a longer name."""
        spans = [
            _Span(start, start + len(key), item, how)
            for start, token in enumerate(tokens)
            for key, item, how in self.keys.get(token, ())
            if tokens[start : start + len(key)] == key
        ]
        return [
            span
            for span in spans
            if not any(
                other.start <= span.start
                and span.end <= other.end
                and other.end - other.start > span.end - span.start
                for other in spans
            )
        ]

    def _aspect(self, aspect: Aspect, rest: Sequence[str | None], is_segment: bool) -> Use | _Doubt | None:
        left = [token for token in rest if token is not None]
        is_plain = all(token in self.filler or _NUMBERED.fullmatch(token) for token in left)
        is_about_measure = all(token in self.measure_words or _NUMBERED.fullmatch(token) for token in left)
        if not (is_segment or is_about_measure):
            return None
        measures = {measure for phrase, measure in self.phrases if _contains(rest, phrase)}
        if len(measures) > 1:
            return _Doubt.BOTH_MEASURES
        if measures:
            return Use(aspect.id, measures.pop())
        if not is_plain:
            return None
        if len(self.survey.measures) == 1:
            return Use(aspect.id, self.survey.measures[0].id)
        return _Doubt.NO_MEASURE

    def _question(self, question: Question, rest: Sequence[str | None], is_segment: bool) -> Use | None:
        left = [token for token in rest if token is not None]
        if all(token in self.filler or _NUMBERED.fullmatch(token) for token in left):
            return Use(question.id, ANSWER)
        if question.kind is QuestionKind.MULTIPLE and is_segment:
            for option in question.options:
                for text in (option.id, *option.label.values()):
                    if left == _tokens(text):
                        return Use(question.id, ANSWER, option.id)
        return None


def _segmented(header: str) -> tuple[list[str], frozenset[int]]:
    """A header's words, and the places (counted in words) where brackets, colons and the like cut it."""
    tokens: list[str] = []
    edges = {0}
    for segment in _SEGMENTS.split(header[:HEADER_CHARACTERS]):
        tokens += _tokens(segment)
        edges.add(len(tokens))
    return tokens, frozenset(edges)


def _contains(tokens: Sequence[str | None], phrase: list[str]) -> bool:
    return any(list(tokens[start : start + len(phrase)]) == phrase for start in range(len(tokens)))


def _mapped(table: Table, mapping: Mapping) -> tuple[dict[int, Use], set[int], list[str]]:
    """The columns that a mapping names, by their place; those it ignores; those that are not there."""
    exact = {" ".join(column.split()): index for index, column in enumerate(table.columns)}
    loose: dict[str, list[int]] = defaultdict(list)
    for index, column in enumerate(table.columns):
        loose[" ".join(_tokens(column))].append(index)

    def place(name: str) -> int | None:
        if name in exact:
            return exact[name]
        alike = loose.get(" ".join(_tokens(name)), [])
        return alike[0] if len(alike) == 1 else None

    mapped: dict[int, Use] = {}
    problems: list[str] = []
    for name, use in mapping.columns.items():
        found = place(name)
        if found is None:
            near = process.extractOne(name, table.columns, scorer=fuzz.ratio, score_cutoff=SUGGESTION_SCORE)
            missing = _("The mapping names the column “{column}”, which the file does not have.").format(
                column=shortened(name)
            )
            if near:
                hint = _("Did you mean “{column}”?").format(column=shortened(near[0]))
                missing = f"{missing} {hint}"
            problems.append(missing)
        else:
            mapped[found] = use
    # What a mapping ignores need not be there: the same mapping serves next year's file.
    ignored = {place(name) for name in mapping.ignored} - {None, *mapped}
    return mapped, {index for index in ignored if index is not None}, problems


def _doubled(matched: Sequence[Match]) -> Iterator[str]:
    """A sentence for every item and measure that more than one column feeds."""
    feeding: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for match in matched:
        feeding[match.item, match.measure].append(match)
    for (item, measure), matches in feeding.items():
        options = [match.option for match in matches]
        if len(matches) == 1 or (None not in options and len(set(options)) == len(options)):
            continue
        letters = listed([match.letter for match in matches])
        if measure == ANSWER:
            text = _(
                "Columns {letters} all feed {item}. Say “ignore” in a mapping for those that do not belong."
            )
        else:
            text = _(
                "Columns {letters} all feed the {measure} of {item}. "
                "Say “ignore” in a mapping for those that do not belong."
            )
        yield text.format(letters=letters, measure=measure, item=item)


def _without_measure(bare: Sequence[str], survey: Survey) -> str:
    shown = ", ".join(bare[:COLUMNS_SHOWN]) + (", …" if len(bare) > COLUMNS_SHOWN else "")
    return ngettext(
        "This column names an aspect and no measure: {columns}. Add one of {measures} to its header, "
        "or say in a mapping which one it is.",
        "These {n} columns name an aspect and no measure: {columns}. Add one of {measures} to their "
        "headers, or say in a mapping which one each is.",
        len(bare),
    ).format(n=len(bare), columns=shown, measures=listed([measure.id for measure in survey.measures]))


def _nothing_matched(survey: Survey) -> str:
    item = next(iter(items_of(survey).values()))
    return _(
        "No column of the file names an item of {survey}. Headers must stand in the first row and hold an "
        "item's id, its short name or its question ({id}, “{short}”); anything else needs a mapping."
    ).format(survey=survey.id, id=item.id, short=item.short["en"])


def first_choices(
    found: abc.Mapping[str, Sequence[tuple[int, Holding]]],
) -> tuple[dict[str, Holding], tuple[str, ...]]:
    """Of the columns that hold the same, each with its rank, the first; remarks on the others."""
    columns: dict[str, Holding] = {}
    passed: list[str] = []
    for kind, places in found.items():
        (_rank, columns[kind]), *others = sorted(places, key=lambda one: (one[0], one[1].index))
        passed += (
            _("Column {letter} (“{column}”) was read, and not column {other} (“{name}”).").format(
                letter=columns[kind].letter,
                column=shortened(columns[kind].column),
                other=other.letter,
                name=shortened(other.column),
            )
            for _rank, other in others
        )
    return columns, tuple(passed)


def unread(table: Table, read: Iterable[Place]) -> tuple[Unused, ...]:
    """The columns with any text that are not read."""
    places = {column.index for column in read}
    return tuple(
        Unused(column, column_letter(index))
        for index, column in enumerate(table.columns)
        if index not in places and any(text.strip() for text in _texts(table, index))
    )


def rows_of(table: Table, columns: abc.Mapping[str, Place]) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of each row, and its cells that are read, trimmed, by what their columns hold."""
    texts = [table.values[column.index].to_pylist() for column in columns.values()]
    for number, *cells in zip(table.rows.tolist(), *texts, strict=True):
        yield number, dict(zip(columns, map(str.strip, cells), strict=True))


def made_cells(table: Table, match: Place, spared: Container[int] = ()) -> Iterator[str]:
    """Sentences about a column with cells that are formulas, but for those in `spared` rows, or merged."""
    formulas = [
        cell for cell in table.facts.formulas.get(match.index, ()) if int(cell.lstrip(_LETTERS)) not in spared
    ]
    if formulas:
        yield _(
            "Column {letter} (“{column}”) holds formulas, for example in {cells}; their results may be out "
            "of date. Copy the column and paste it as values."
        ).format(letter=match.letter, column=shortened(match.column), cells=listed(formulas))
    merged = table.facts.merged.get(match.index)
    if merged:
        yield _(
            "Column {letter} (“{column}”) holds merged cells, for example {cells}. "
            "Unmerge them, so that every row has its own."
        ).format(letter=match.letter, column=shortened(match.column), cells=listed(merged))


def _unreadable(table: Table, match: Match, item: Aspect | Question) -> Iterator[str]:
    """Sentences about a matched column whose cells cannot be taken as they stand."""
    yield from made_cells(table, match)
    if isinstance(item, Question) and item.options_from is not None and match.option is None:
        n = len({" ".join(text.casefold().split()) for text in _texts(table, match.index)} - {""})
        if item.kind is QuestionKind.SINGLE and n > OWN_OPTIONS:
            yield _(
                "Column {letter} (“{column}”) has {n} different answers to {item}, at most {limit} are "
                "allowed: it looks like free text. Say “ignore” for it in a mapping."
            ).format(
                letter=match.letter, column=shortened(match.column), n=n, item=match.item, limit=OWN_OPTIONS
            )
