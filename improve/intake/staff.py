"""A staff list: how many people there are in each service area, and in each job.

A list may come crossed, or with a row per person. It is reduced to how many people there are in the
groups of one question at a time as soon as it is read; nothing finer leaves this module.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz, process

from improve.errors import IntakeError
from improve.instruments import Library, Question, QuestionKind, Survey, say
from improve.intake import mapping as operator
from improve.intake.answer import Rejected, Rejections
from improve.intake.cell import Refused, answer_reader
from improve.intake.column import (
    OWN_OPTIONS,
    SUGGESTION_SCORE,
    Headers,
    Holding,
    Unused,
    first_choices,
    made_cells,
    rows_of,
    unread,
)
from improve.intake.mapping import folded
from improve.intake.plan import base_name, cells_in_sentences, find_survey, round_label
from improve.intake.record import Reading, Table, column_letter, listed, shortened
from improve.intake.table import read_table
from improve.language import _, ngettext, whole
from improve.model import Organisation
from improve.register import find_organisation
from improve.register.matching import normalised
from improve.store import (
    ANSWER,
    Store,
    breakdown,
    read_fieldwork,
    read_organisations,
    read_rounds,
    read_staff,
    write_staff,
)
from improve.wording import as_text_cell

AREA, JOB = "service_area", "job"
"""The roles of the profile questions that a staff list has groups of."""

PEOPLE, QUESTION, GROUP = "people", "question", "group"
"""What else a column of a staff list may hold: a count; and in a list of groups, whose group it is."""

USUAL = "satisfaction"
"""The survey whose groups a staff list counts, unless another is named."""

MOST_PEOPLE = 1_000_000
SHOWN = 5

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    AREA: (
        *("directorate", "department", "service area", "service", "division", "team"),
        *("cyfarwyddiaeth", "adran", "maes gwasanaeth", "gwasanaeth", "tim"),
    ),
    JOB: ("role", "job role", "job", "job type", "job group", "grade group", "staff group", "rol", "swydd"),
    PEOPLE: (
        *("people", "number of people", "headcount", "head count", "staff headcount", "staff count"),
        *("number of staff", "staff in post", "staff", "number of employee", "employees", "count", "number"),
        *("pobl", "nifer y bobl", "nifer", "fte", "full time equivalent"),
    ),
    QUESTION: ("question", "breakdown", "cwestiwn"),
    GROUP: ("group", "answer", "grwp"),
}
"""Headings of each kind; of several that are there the first is read.

One without an s at the end stands for both, so "employees" is a count, but "employee" is a name.
"""

_PART_TIME = ("fte", "full time equivalent")
_TOTALS = frozenset(
    {
        *("total", "grand total", "sub total", "subtotal", "sum", "all", "all staff", "all employees"),
        *("all people", "whole council", "cyfanswm"),
    }
)
_UNKNOWN = frozenset({"unknown", "not known", "not recorded", "unassigned", "(blank)"})
"""More words for a group that is not known; "(blank)" is a pivot table's."""

_NOT_OF_HEADING = re.compile(r"\([^)]*\)|\[[^\]]*\]|[0-9]+")
_COUNT = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.0{1,2})?", re.ASCII)
_PART = re.compile(r"[0-9]{0,15}\.[0-9]{0,15}[1-9][0-9]{0,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StaffRequest:
    """What somebody wants taken in: a staff list, of whom, for which round, and how to read it."""

    content: bytes = field(repr=False)
    file_name: str
    organisation: str
    round: str
    instrument: str = USUAL
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """How many people there are in one group of a question.

    `is_known` tells whether the survey has the group: as one of the question's options, or as one
    that the organisation's answers name.
    """

    item: str
    label: str
    people: int
    is_known: bool


@dataclass(frozen=True, slots=True)
class StaffCounts:
    """What a file holds, one question at a time; `problems` and `remarks` are sentences about it.

    What a column `holds` is a role (AREA, JOB), or one of PEOPLE, QUESTION and GROUP.
    `rejected` lists the first cells that cannot be counted, of `cells_rejected` in `rows_rejected`
    rows; with any there are no groups. `rows_read` leaves out totals.
    """

    columns: tuple[Holding, ...]
    unused: tuple[Unused, ...]
    groups: tuple[StaffGroup, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    cells_rejected: int = 0
    rows_rejected: int = 0
    rows_read: int = 0
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def people(self, item: str) -> int:
        """How many people there are in all groups of a question."""
        return sum(group.people for group in self.groups if group.item == item)

    def labels(self, item: str) -> tuple[str, ...]:
        """The groups of a question."""
        return tuple(group.label for group in self.groups if group.item == item)


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """What taking in a staff list would do. `refusals` are the sentences that stand against it.

    The request has no content any more: of the file there is left what `found` says. `questions` are
    those that the list has groups of.
    """

    request: StaffRequest
    organisation: Organisation
    survey: Survey
    label: str
    questions: tuple[Question, ...]
    facts: Reading
    found: StaffCounts
    sha256: str
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]


def plan_staff(store: Store, library: Library, request: StaffRequest) -> StaffPlan:
    """Works out what taking in a staff list would do. Writes nothing.

    Raises ImproveError where there is nothing to show: the file cannot be read, the organisation is
    unknown or doubtful, the survey asks for no groups.
    """
    file_name = base_name(request.file_name)
    organisation = find_organisation(read_organisations(store), request.organisation)
    label = round_label(request.round)
    survey = find_survey(store, library, request.instrument)
    asked = _asked(survey)
    known = {
        question.id: _known_groups(store, label, organisation.code, survey, question)
        for question in asked.values()
    }
    table = read_table(request.content, file_name, encoding=request.encoding, sheet=request.sheet)
    found = _Reader(survey, asked, known).read(table)
    questions = tuple(question for question in asked.values() if found.labels(question.id))
    return StaffPlan(
        request=dataclasses.replace(request, content=b"", file_name=file_name),
        organisation=organisation,
        survey=survey,
        label=label,
        questions=questions,
        facts=table.facts,
        found=found,
        sha256=hashlib.sha256(request.content).hexdigest(),
        refusals=tuple(_refusals(found, label, [one.label for one in read_rounds(store)])),
        remarks=(
            *found.remarks,
            *_beside_answers(found, questions, known),
            *_beside_numbers(store, found, questions, (label, organisation.code, survey.id)),
        ),
    )


def take_in_staff(store: Store, plan: StaffPlan) -> None:
    """Puts a staff list in the place of the one that the organisation had in the round.

    Raises IntakeError when something stands against it; nothing is written then.
    """
    if plan.refusals:
        raise IntakeError(" ".join(plan.refusals))
    groups = [(group.item, group.label, group.people) for group in plan.found.groups]
    write_staff(store, plan.label, plan.organisation.code, groups, plan.request.file_name, plan.sha256)


def staff_template(
    store: Store, library: Library, organisation: str | None = None, label: str | None = None
) -> str:
    """A list to fill in, as CSV: a row per group of each question, its count left out.

    An organisation's own groups are there as its answers of that round name them.
    """
    survey = find_survey(store, library, USUAL)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Question", "Group", "People"])
    for question in _asked(survey).values():
        groups = _known_groups(store, label or "", organisation or "", survey, question)
        for group in groups or ("",):
            # A spreadsheet would take it for a formula; that it is marked as text loses nothing here.
            writer.writerow([question.short["en"], as_text_cell(group), ""])
    return text.getvalue()


def _asked(survey: Survey) -> dict[str, Question]:
    """The questions that a staff list may have groups of, by their role."""
    found: dict[str, Question] = {}
    for question in survey.profile:
        if question.role in (AREA, JOB) and question.kind is QuestionKind.SINGLE:
            found.setdefault(question.role, question)
    if not found:
        raise IntakeError(
            _("{id} asks neither for a service area nor for a job, so no staff list belongs to it.").format(
                id=survey.id
            )
        )
    return found


def _known_groups(
    store: Store, label: str, organisation: str, survey: Survey, question: Question
) -> tuple[str, ...]:
    """The groups of a question as the survey calls them: its options, or those that the answers name."""
    if question.options_from is None:
        return tuple(option.label["en"] for option in question.options)
    found = breakdown(store, label, organisation, survey.id, question.id)
    return () if found is None else found.labels


def _key(label: str) -> str:
    """A group as it is compared: case, accents, punctuation, and "&" for "and" make no difference."""
    return normalised(label) or folded(label)


# ── Reading ────────────────────────────────────────────────────────────────────────────────────

_Row = dict[str, str]
"""The cells of a row that are read, by what their columns hold."""


class _Reader:
    """Reads one staff list; `known` has the groups that are known, by question."""

    def __init__(
        self, survey: Survey, asked: Mapping[str, Question], known: Mapping[str, Sequence[str]]
    ) -> None:
        self.asked = asked
        self.headers = Headers(survey)
        self.role_of = {question.id: role for role, question in asked.items()}
        self.headings = {
            heading: (kind, rank)
            for kind, headings in _HEADINGS.items()
            if kind in asked or kind not in (AREA, JOB)
            for rank, heading in enumerate(headings, start=1)
        }
        said = operator.Mapping(missing=_UNKNOWN)
        self.answers = {
            role: cache(answer_reader(question.id, ANSWER, None, survey, said))
            for role, question in asked.items()
        }
        self.options = {
            role: {option.code: option.label["en"] for option in question.options}
            for role, question in asked.items()
        }
        self.known = {role: {_key(one): one for one in reversed(known[asked[role].id])} for role in asked}
        self.spelling: dict[tuple[str, str], str] = {}
        # Kept no longer than this reader: they hold what stands in a list.
        self.label = cache(self._label)
        self.question = cache(self._question)
        self.people = cache(_people)
        self.is_total = cache(_is_total)

    def meaning(self, heading: str) -> tuple[str, int] | None:
        """What a heading says a column holds, and how far from the first choice for that it is."""
        found = self.headers.meaning(heading)
        if isinstance(found, tuple) and found[0].item in self.role_of:
            return self.role_of[found[0].item], 0
        words = normalised(_NOT_OF_HEADING.sub(" ", heading))
        return self.headings.get(words) or self.headings.get(words.removesuffix("s"))

    def read(self, table: Table) -> StaffCounts:
        """The groups of a table, or what stands against counting them."""
        columns, passed = self._columns(table)
        read = tuple(sorted(columns.values(), key=lambda column: column.index))
        unused = unread(table, read)
        roles = [role for role in self.asked if role in columns]
        if not roles and not {QUESTION, GROUP, PEOPLE} <= columns.keys():
            return StaffCounts(read, unused, problems=(self._nothing_matched(),))
        tally = _Tally(columns)
        has_people, is_crossed = PEOPLE in columns, False
        for _number, row in rows_of(table, columns):
            is_crossed |= all(row[role] for role in roles)
        for number, row in rows_of(table, columns):
            self._count(tally, number, row, roles, is_crossed)
        problems = [
            *_part_time(table, columns),
            *(sentence for one in read for sentence in made_cells(table, one, frozenset(tally.totals))),
        ]
        groups = self._groups(tally)
        return StaffCounts(
            columns=read,
            unused=unused,
            groups=() if problems or tally.rejected.cells else groups,
            rejected=() if problems else tally.rejected.in_order(),
            cells_rejected=0 if problems else tally.rejected.cells,
            rows_rejected=0 if problems else len(tally.rejected.rows),
            rows_read=tally.rows,
            problems=(*problems, *self._too_many(groups)),
            remarks=(*passed, *self._remarks(tally, has_people)),
        )

    def _columns(self, table: Table) -> tuple[dict[str, Holding], tuple[str, ...]]:
        """The columns that are read by what they hold; remarks on others that hold the same."""
        found: dict[str, list[tuple[int, Holding]]] = {}
        for index, column in enumerate(table.columns):
            meaning = self.meaning(column)
            if meaning is not None:
                kind, rank = meaning
                place = Holding(index, column, column_letter(index), kind)
                found.setdefault(kind, []).append((rank, place))
        if found.keys() & self.asked.keys():
            found.pop(QUESTION, None)
            found.pop(GROUP, None)
        return first_choices(found)

    def _nothing_matched(self) -> str:
        return _(
            "No columns of a staff list were found. Its header has a column for {questions}, and one with "
            "the number of people unless every row is a person; or the columns Question, Group and People."
        ).format(questions=_either([say(question.short) for question in self.asked.values()]))

    def _count(self, tally: _Tally, number: int, row: _Row, roles: list[str], is_crossed: bool) -> None:
        """Adds a row to the tally."""
        has_people = PEOPLE in row
        named = [kind for kind in (*roles, GROUP) if row.get(kind)]
        if any(self.is_total(text) for kind, text in row.items() if kind != PEOPLE):
            tally.totals.append(number)
            return
        if has_people and not named and not row[PEOPLE]:
            return
        tally.rows += 1
        people = self.people(row[PEOPLE]) if has_people else 1
        if isinstance(people, Refused):
            tally.reject(number, row, PEOPLE, people)
            people = 0
        if roles:
            # Where no row names both, a list has first the one and then the other.
            wanted = {role: role for role in (roles if is_crossed or not has_people else named or roles[:1])}
        else:
            role = self.question(row[QUESTION])
            if isinstance(role, Refused):
                tally.reject(number, row, QUESTION, role)
                return
            wanted = {GROUP: role}
        for kind, role in wanted.items():
            answer = self.answers[role](row[kind])
            if has_people and not row[kind]:
                blank = Refused(_("It is blank: name the group, or write “not known”."))
                tally.reject(number, row, kind, blank)
            elif isinstance(answer, Refused):
                tally.reject(number, row, kind, answer)
            elif isinstance(answer, int):
                tally.people[role][self.options[role][answer]] += people
            elif isinstance(answer, str):
                tally.people[role][self.label(role, answer)] += people
            else:
                tally.unknown[role] += people

    def _label(self, role: str, answer: str) -> str:
        """A group as the survey calls it, else as the list spells it first."""
        name = self.known[role].get(_key(answer), answer)
        return self.spelling.setdefault((role, _key(name)), name)

    def _question(self, text: str) -> str | Refused:
        """The role of the question that a cell names."""
        meaning = self.meaning(text)
        if meaning is not None and meaning[0] in self.asked:
            return meaning[0]
        return Refused(
            _("It is no question of a staff list: {questions} is allowed.").format(
                questions=_either([say(question.short) for question in self.asked.values()])
            )
        )

    def _groups(self, tally: _Tally) -> tuple[StaffGroup, ...]:
        """The groups that anybody is in: options in the order of the form, others in that of the file."""
        groups = []
        for role, question in self.asked.items():
            counts = tally.people[role]
            known = set(self.known[role].values())
            labels = [one for one in self.options[role].values() if one in counts] or list(counts)
            groups += [
                StaffGroup(question.id, label, counts[label], label in known)
                for label in labels
                if counts[label]
            ]
        return tuple(groups)

    def _too_many(self, groups: Sequence[StaffGroup]) -> Iterator[str]:
        for question in self.asked.values():
            own = [group for group in groups if group.item == question.id]
            if len(own) > OWN_OPTIONS:
                yield _(
                    "There are {n} different groups of {question}, at most {limit} are allowed: "
                    "use a column with larger groups."
                ).format(n=whole(len(own)), question=say(question.short), limit=OWN_OPTIONS)
            if sum(group.people for group in own) > MOST_PEOPLE:
                yield _(
                    "More than {most} people are counted by {question}: those numbers are no counts."
                ).format(most=whole(MOST_PEOPLE), question=say(question.short))

    def _remarks(self, tally: _Tally, has_people: bool) -> Iterator[str]:
        if tally.totals:
            yield ngettext(
                "{n} row with a total was left out: row {rows}.",
                "{n} rows with totals were left out: rows {rows}.",
                len(tally.totals),
            ).format(
                n=whole(len(tally.totals)),
                rows=_some([whole(number) for number in tally.totals]),
            )
        if not has_people:
            yield ngettext(
                "No column holds a number of people, so the {n} row was counted as one person.",
                "No column holds a number of people, so each of the {n} rows was counted as one person.",
                tally.rows,
            ).format(n=whole(tally.rows))
        for role, people in tally.unknown.items():
            if people:
                yield ngettext(
                    "{n} person has no known {question}, and is in no group of it.",
                    "{n} people have no known {question}, and are in no group of it.",
                    people,
                ).format(n=whole(people), question=say(self.asked[role].short))


class _Tally:
    """What has been counted of a list, and what could not be."""

    def __init__(self, columns: Mapping[str, Holding]) -> None:
        self.columns = columns
        self.people: dict[str, Counter[str]] = {AREA: Counter(), JOB: Counter()}
        self.unknown: Counter[str] = Counter()
        self.totals: list[int] = []
        self.rejected = Rejections()
        self.rows = 0

    def reject(self, number: int, row: _Row, kind: str, refused: Refused) -> None:
        """Notes a cell that cannot be counted."""
        self.rejected.add(number, self.columns[kind], row[kind], refused)


def _people(text: str) -> int | Refused:
    """A number of people."""
    found = _COUNT.fullmatch(text)
    people = int(found[1].replace(",", "")) if found else MOST_PEOPLE + 1
    if people <= MOST_PEOPLE:
        return people
    if not text:
        reason = _("It is blank: a whole number of people from 0 to {most} is allowed.")
    else:
        reason = _("It is no number of people: a whole number from 0 to {most} is allowed.")
    return Refused(reason.format(most=whole(MOST_PEOPLE)))


def _is_total(text: str) -> bool:
    """Whether a cell names all groups together, or all within one: "Grand total", "Education Total"."""
    words = normalised(text)
    return words in _TOTALS or words.endswith(" total") or words.startswith("total ")


def _part_time(table: Table, columns: Mapping[str, Holding]) -> Iterator[str]:
    """A sentence where people are counted by the hours they work."""
    column = columns.get(PEOPLE)
    if column is None or normalised(_NOT_OF_HEADING.sub(" ", column.column)) not in _PART_TIME:
        return
    if any(_PART.fullmatch(text.as_py().strip()) for text in table.values[column.index].dictionary):
        yield _(
            "Column {letter} (“{column}”) counts full-time equivalents, some of them parts of a person. Give "
            "the number of people in its place; where every row is a person, leave the column out."
        ).format(letter=column.letter, column=shortened(column.column))


def _either(things: Sequence[str]) -> str:
    """Things to choose from in a sentence: "A or B"."""
    return things[0] if len(things) == 1 else _("{one} or {other}").format(one=things[0], other=things[1])


# ── What stands against it, and what to know ───────────────────────────────────────────────────


def _refusals(found: StaffCounts, label: str, rounds: Sequence[str]) -> Iterator[str]:
    if label not in rounds:
        yield _("There is no round called {label}. There are: {known}.").format(
            label=label, known=", ".join(rounds) or _("none yet")
        )
    yield from found.problems
    if found.cells_rejected:
        yield from cells_in_sentences(
            found.rejected[0], found.cells_rejected, found.rows_rejected, found.rows_read
        )
        yield _("Mend the file.")
    elif not found.problems and not found.groups:
        yield _("No row of the file counts anybody in a group.")


def _beside_answers(
    found: StaffCounts, questions: Iterable[Question], known: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """How the groups that an organisation names itself compare with those that its answers name."""
    for question in questions:
        if question.options_from is None:
            continue
        name, answered = say(question.short), known[question.id]
        if not answered:
            yield _(
                "There are no answers with a {question} in this round yet, "
                "so the names of the groups could not be compared with them."
            ).format(question=name)
            continue
        own = found.labels(question.id)
        missing = {one: _key(one) for one in answered if one not in own}
        for group in own:
            near = process.extractOne(
                _key(group), missing, scorer=fuzz.token_set_ratio, score_cutoff=SUGGESTION_SCORE
            )
            if group not in answered and near is not None:
                yield _(
                    "No answer gives “{group}” as {question}; did you mean “{answered}”? "
                    "It is kept under its own name."
                ).format(question=name, group=group, answered=near[2])
        if missing:
            yield ngettext(
                "The answers name {n} group of {question} that is not in the staff list: {groups}.",
                "The answers name {n} groups of {question} that are not in the staff list: {groups}.",
                len(missing),
            ).format(n=len(missing), question=name, groups=_some([*missing]))


def _some(things: Sequence[str]) -> str:
    """The first of many things."""
    return listed(things) if len(things) <= SHOWN else ", ".join(things[:SHOWN]) + ", …"


def _beside_numbers(
    store: Store, found: StaffCounts, questions: Sequence[Question], part: tuple[str, str, str]
) -> Iterator[str]:
    """How the numbers compare with each other, and with what is known of this participation."""
    people = {say(question.short): found.people(question.id) for question in questions}
    most = max(people.values(), default=0)
    if len({*people.values()}) > 1:
        (one, first), (other, second) = people.items()
        yield _("{one} counts {first} people in all, {other} {second}.").format(
            one=one, first=whole(first), other=other, second=whole(second)
        )
    asked = read_fieldwork(store, *part)
    if asked is not None and 0 < most < asked.responses:
        yield _("The staff list counts {people} people, fewer than the {others} who answered.").format(
            people=whole(most), others=whole(asked.responses)
        )
    elif asked is not None and 0 < most < (asked.invited or 0):
        yield _("The staff list counts {people} people, fewer than the {others} who were invited.").format(
            people=whole(most), others=whole(asked.invited or 0)
        )
    standing = read_staff(store, part[0], part[1])
    if standing is not None:
        yield _("This takes the place of the staff list of {date} ({file}).").format(
            date=standing.imported_at.strftime("%Y-%m-%d %H:%M UTC"), file=standing.file_name
        )
