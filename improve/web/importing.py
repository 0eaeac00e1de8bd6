"""The parts of the Import page: the same import as the command line's, with its steps on screen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeVar

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from improve.errors import ImproveError
from improve.instruments import Survey, read_library, say
from improve.instruments.template import template_csv, template_workbook
from improve.intake import (
    Mapping,
    Plan,
    Rejected,
    Request,
    StaffPlan,
    StaffRequest,
    Use,
    column_letter,
    plan_import,
    read_day,
    take_in,
)
from improve.language import _, ngettext, number, whole
from improve.store import ANSWER, Store, read_organisations, read_rounds
from improve.views.choice import organisation_name
from improve.views.preview import preview_view
from improve.web.navigation import SCORES
from improve.web.text import plain, plain_rows

_SHOWN = 200
"""Rejected cells listed on the page; a file with more has one cause, not two hundred."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Part(StrEnum):
    """What may be taken in."""

    ANSWERS = "answers"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Whose:
    """Of whom, and for which round; None until that is said."""

    organisation: str | None
    round: str | None


def ask_whose(store: Store) -> tuple[Part, Whose]:
    """What is to be taken in, of whom and for which round; above it, what was stored just now."""
    done = st.session_state.pop("import_done", None)
    if done:
        sentence, page, label = done
        st.success(sentence)
        st.page_link(page, label=label, icon=":material/bar_chart:")
    names = {Part.ANSWERS: _("Survey answers"), Part.STAFF: _("Staff list")}
    part = st.segmented_control(
        _("What to take in"),
        list(Part),
        default=Part.ANSWERS,
        required=True,
        format_func=names.__getitem__,
        key="part",
        bind="query-params",
    )
    organisations = {one.code: one for one in read_organisations(store)}
    codes = sorted(organisations, key=lambda code: organisation_name(organisations[code]))
    left, right = st.columns(2)
    organisation = left.selectbox(
        _("Whose file"),
        codes,
        index=None,
        format_func=lambda code: f"{organisation_name(organisations[code])} ({code})",
        placeholder=_("Choose an organisation"),
        key="import_organisation",
        persist_state="session",
    )
    labels = [one.label for one in reversed(read_rounds(store))]
    round_label = right.selectbox(
        _("Round"),
        labels,
        index=None,
        accept_new_options=True,
        placeholder=_("Choose a round, or type a new one"),
        key="import_round",
        persist_state="session",
    )
    return Part(part or Part.ANSWERS), Whose(organisation, str(round_label) if round_label else None)


def uploaded(part: Part, label: str, explained: str, whose: Whose) -> UploadedFile | None:
    """The file to take in, None until it is there and it was said whose it is."""
    upload = st.file_uploader(label, key=f"import_{part}_{_count()}", help=explained)
    if upload is not None and (whose.organisation is None or whose.round is None):
        st.info(_("Say whose file this is, and of which round."))
        return None
    return upload


def _count() -> int:
    """How many files this session has taken in: each has an uploader of its own."""
    return int(st.session_state.get("import_count", 0))


def ask(whose: Whose) -> Request | None:
    """The file, people invited and when they were asked; None until there is a file."""
    upload = uploaded(
        Part.ANSWERS,
        _("Survey file (CSV or XLSX)"),
        _("One organisation's answers, one row per person, as the survey tool exports them."),
        whose,
    )
    surveys = {one.id: one for one in read_library().surveys()}
    survey = next(iter(surveys))
    left, right = st.columns(2)
    if len(surveys) > 1:
        usual = list(surveys).index("satisfaction") if "satisfaction" in surveys else 0
        survey = left.selectbox(
            _("Questions"),
            list(surveys),
            index=usual,
            format_func=lambda id_: say(surveys[id_].title),
            placeholder=_("Choose the questions"),
            key="import_survey",
            persist_state="session",
        )
    invited = right.number_input(
        _("People invited"),
        min_value=1,
        value=None,
        step=1,
        placeholder=_("Not known"),
        key=f"import_invited_{_count()}",
        persist_state="session",
    )
    opened, closed, reminders = _ask_days()
    if upload is None or whose.organisation is None or whose.round is None:
        return None
    try:
        days = tuple(read_day(text) for text in reminders.split(",") if text.strip())
    except ImproveError as error:
        st.error(plain(str(error)))
        return None
    return Request(
        content=upload.getvalue(),
        file_name=upload.name,
        organisation=whose.organisation,
        round=whose.round,
        invited=None if invited is None else int(invited),
        opened_on=opened,
        closed_on=closed,
        reminders=days,
        instrument=survey,
        mapping=st.session_state.get(_mapping_key(upload.name)),
        replace=st.session_state.get("import_existing") == "replace",
        add=st.session_state.get("import_existing") == "add",
        even_if_few_change=bool(st.session_state.get("import_even_if_few", False)),
        accept_valid_rows=bool(st.session_state.get("import_valid_rows", False)),
    )


def _ask_days() -> tuple[date | None, date | None, str]:
    """The days on which the survey opened and closed, and its reminders as typed.

    Asked anew after each file that was taken in: they are facts of one organisation.
    """
    with st.expander(_("When was it asked")):
        left, right = st.columns(2)
        opened, closed = (
            column.date_input(
                label, value=None, format="DD/MM/YYYY", key=f"{key}_{_count()}", persist_state="session"
            )
            for column, label, key in (
                (left, _("Opened on"), "import_opened"),
                (right, _("Closed on, the last day"), "import_closed"),
            )
        )
        reminders = st.text_input(
            _("Reminders"),
            placeholder=_("11/05/2026, 18/05/2026"),
            help=_("The days on which people were reminded, with commas between them."),
            key=f"import_reminders_{_count()}",
            persist_state="session",
        )
        st.caption(_("All of it may be left out. What was told with an earlier file is kept."))
    return opened, closed, reminders or ""


def _mapping_key(file_name: str) -> str:
    return f"import_mapping_{_count()}_{file_name}"


def draw_templates() -> None:
    """Files to fill in, before there is one."""
    st.header(_("No file yet? Start from a template"))
    for survey in read_library().surveys():
        with st.container(horizontal=True):
            st.download_button(
                _("{title} (CSV)").format(title=plain(say(survey.title))),
                data=partial(template_csv, survey),
                file_name=f"{survey.id}.csv",
                mime="text/csv",
                key=f"template_csv_{survey.id}",
                icon=":material/download:",
                on_click="ignore",
            )
            st.download_button(
                _("{title} (workbook)").format(title=plain(say(survey.title))),
                data=partial(template_workbook, survey),
                file_name=f"{survey.id}.xlsx",
                mime=_XLSX,
                key=f"template_xlsx_{survey.id}",
                icon=":material/download:",
                on_click="ignore",
            )


Wanted = TypeVar("Wanted", Request, StaffRequest)
Found = TypeVar("Found", Plan, StaffPlan)


def plan(store: Store, request: Request) -> Plan | None:
    """What the file comes to; None (and the reason on the page) where it cannot be read at all."""
    return planned(store, request, partial(plan_import, store, read_library()))


def planned(
    store: Store, request: Wanted, work_out: Callable[[Wanted, Callable[[float], None]], Found]
) -> Found | None:
    """What a request comes to, with a bar while that is worked out.

    Kept for the session while nothing that it depends on changes: a large file is read once.
    """
    stamp = (
        dataclasses.replace(request, content=b""),
        len(request.content),
        hash(request.content),
        store.revision("participation"),
        store.revision("rounds"),
    )
    kept = st.session_state.get("import_plan")
    if kept is not None and kept[0] == stamp:
        found: Found = kept[1]
        return found
    bar = st.progress(0.0, text=_("Reading the file"))

    def progress(share: float) -> None:
        bar.progress(min(1.0, share), text=_("Reading the file"))

    try:
        found = work_out(request, progress)
    except ImproveError as error:
        st.error(plain(str(error)))
        return None
    finally:
        bar.empty()
    st.session_state["import_plan"] = (stamp, found)
    return found


def draw_understanding(plan: Plan) -> None:
    """Every column with what it feeds, to be corrected where it was not understood."""
    st.header(_("What was understood"))
    matched = {one.column: one for one in plan.understanding.matched}
    unused = [one for one in plan.understanding.unused if one.column not in matched]
    st.markdown(
        plain(
            _(
                "Columns that feed a question: {matched}. Columns that feed none, "
                "and are not stored: {unused}."
            ).format(matched=len(matched), unused=len(unused))
        )
    )
    if plan.answered_on is not None and plan.understanding.time is not None:
        st.markdown(
            plain(
                _("Column {letter} has the time of each answer: {first} to {last}.").format(
                    letter=column_letter(plan.understanding.time),
                    first=plan.answered_on[0],
                    last=plan.answered_on[1],
                )
            )
        )
    asked = plan.fieldwork
    if asked.opened_on or asked.closed_on or asked.reminders:
        st.markdown(
            plain(
                _("Opened: {opened}. Closed: {closed}. Reminders: {reminders}.").format(
                    opened=asked.opened_on or _("not known"),
                    closed=asked.closed_on or _("not known"),
                    reminders=", ".join(map(str, asked.reminders)) or _("none known"),
                )
            )
        )
    nothing = _("not stored")
    targets = {nothing: None, **_targets(plan.survey)}
    name_of = {use: name for name, use in targets.items() if use is not None}
    rows = [
        {
            "column": column,
            "feeds": name_of.get(matched[column].use, nothing) if column in matched else nothing,
        }
        for column in plan.table.columns
    ]
    edited = st.data_editor(
        rows,
        column_config={
            "column": st.column_config.TextColumn(_("Column of the file"), disabled=True),
            "feeds": st.column_config.SelectboxColumn(_("Feeds"), options=list(targets), required=True),
        },
        hide_index=True,
        key=f"import_columns_{plan.sha256}_{st.session_state.get('import_edits', 0)}",
        height=min(420, 38 * (len(rows) + 1)),
    )
    changed = {row["column"]: targets.get(row["feeds"]) for row in edited}
    before = {row["column"]: targets.get(str(row["feeds"])) for row in rows}
    if changed != before and st.button(_("Read the file this way"), icon=":material/refresh:"):
        kept = plan.understanding.mapping
        st.session_state[_mapping_key(plan.request.file_name)] = Mapping(
            columns={column: use for column, use in changed.items() if use is not None},
            words=kept.words,
            missing=kept.missing,
            ignored=frozenset(column for column, use in changed.items() if use is None),
        )
        st.session_state["import_edits"] = st.session_state.get("import_edits", 0) + 1
        st.rerun()


def _targets(survey: Survey) -> dict[str, Use]:
    """Everything that a column may feed, by the name that the list shows."""
    found = {
        f"{aspect.id} {say(measure.name)}: {say(aspect.short)}": Use(aspect.id, measure.id)
        for aspect in survey.aspects
        for measure in survey.measures
    }
    for question in survey.all_questions():
        found[f"{question.id}: {say(question.short)}"] = Use(question.id, "answer")
        for option in question.options:
            if question.kind == "multiple":
                found[f"{question.id}: {say(question.short)}, {say(option.label)}"] = Use(
                    question.id, "answer", option.id
                )
    return found


def draw_problems(plan: Plan) -> None:
    """What stands against it, cell by cell; and the choices that may settle it."""
    checked = plan.checked
    if checked is not None:
        st.markdown(
            plain(
                _("{read} rows read: {accepted} accepted, {rejected} rejected, {empty} empty.").format(
                    read=whole(checked.rows_read),
                    accepted=whole(checked.rows_accepted),
                    rejected=whole(checked.rows_rejected),
                    empty=whole(checked.rows_empty),
                )
            )
        )
        draw_rejected(checked.rejected, checked.cells_rejected)
        if checked.rejected:
            st.checkbox(_("Leave these rows out, and take in the others"), key="import_valid_rows")
    if plan.has_standing:
        st.radio(
            _("There are responses of this organisation in this round already"),
            ["keep", "replace", "add"],
            format_func={
                "keep": _("Leave them as they are"),
                "replace": _("Replace them by this file"),
                "add": _("Add this file to them"),
            }.__getitem__,
            key="import_existing",
        )
    if plan.changes_few:
        st.checkbox(
            _("Replace them though few change: nobody has looked yet, or a mistake has to be mended"),
            key="import_even_if_few",
        )
    draw_verdict(plan.refusals, plan.remarks)


def draw_preview(plan: Plan) -> None:
    """The scores that would come of it."""
    if plan.checked is None or not plan.checked.rows_accepted:
        return
    st.header(_("The scores that would come of it"))
    measures = {measure.id: say(measure.name) for measure in plan.survey.measures} | {ANSWER: _("Rating")}
    rows: dict[str, dict[str, str]] = {}
    scores = preview_view(plan.survey, plan.checked.batch)
    for score in scores:
        row = rows.setdefault(score.item, {_("Question"): score.short})
        shown = number(score.mean.value, 2) if score.mean.value is not None else _("fewer than 10 answers")
        row[measures[score.measure]] = shown
    columns = [_("Question"), *dict.fromkeys(measures[score.measure] for score in scores)]
    st.table(
        plain_rows({column: row.get(column, "") for column in columns} for row in rows.values()),
        alt=_("The scores that would come of this file"),
    )


def draw_button(store: Store, plan: Plan) -> None:
    """The one button that stores it."""
    if is_told_to_store(plan.refusals):
        try:
            with st.spinner(_("Storing")):
                made = take_in(store, plan)
        except ImproveError as error:
            st.error(plain(str(error)))
            return
        assert plan.checked is not None
        sentence = _("{responses} responses of {organisation} are stored in round {round}.").format(
            responses=whole(plan.checked.rows_accepted),
            organisation=organisation_name(plan.organisation),
            round=plan.label,
        )
        if made:
            sentence += " " + _("The round was made.")
        finish(sentence, SCORES, _("See the scores"))


def is_told_to_store(refusals: tuple[str, ...]) -> bool:
    """Whether somebody presses the one button; what stands against it is said instead."""
    return st.button(
        _("Take it in"),
        type="primary",
        disabled=bool(refusals),
        icon=":material/save:",
        key="import_store",
    )


def finish(sentence: str, page: Path, label: str) -> None:
    """Begins anew after a file was stored, with a sentence about it and a link to what came of it."""
    st.session_state["import_done"] = (plain(sentence), page, label)
    st.session_state["import_count"] = _count() + 1
    st.session_state.pop("import_plan", None)
    st.rerun()


def draw_rejected(rejected: tuple[Rejected, ...], cells_rejected: int) -> None:
    """The first cells that cannot be read, with their places and reasons."""
    if not rejected:
        return
    st.header(_("Cells that cannot be read"))
    st.table(
        plain_rows(
            {
                _("Row"): str(one.row),
                _("Column"): f"{one.letter}: {one.column}",
                _("What is wrong"): _("“{value}”: {reason}").format(value=one.value, reason=one.reason),
            }
            for one in rejected[:_SHOWN]
        ),
        alt=_("Cells that cannot be read"),
    )
    more = cells_rejected - min(_SHOWN, len(rejected))
    if more > 0:
        st.caption(ngettext("and {n} more", "and {n} more", more).format(n=whole(more)))


def draw_verdict(refusals: tuple[str, ...], remarks: tuple[str, ...]) -> None:
    """What stands against an import, and what to know of it."""
    if refusals:
        st.error(plain(" ".join(refusals)))
    for sentence in remarks:
        st.info(plain(sentence))
