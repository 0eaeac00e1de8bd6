"""The parts of the Import page: the same import as the command line's, with its steps on screen."""

from __future__ import annotations

import dataclasses
from functools import partial

import streamlit as st

from improve.errors import ImproveError
from improve.instruments import Survey, read_library, say
from improve.instruments.template import template_csv, template_workbook
from improve.intake import Mapping, Plan, Request, Use, plan_import, take_in
from improve.language import _, ngettext, number, whole
from improve.store import ANSWER, Store, read_organisations, read_rounds
from improve.views.choice import organisation_name
from improve.views.preview import preview_view
from improve.web.navigation import SCORES
from improve.web.text import plain, plain_rows

_SHOWN = 200
"""Rejected cells listed on the page; a file with more has one cause, not two hundred."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ask(store: Store) -> Request | None:
    """File, organisation, round and people invited; None until there is a file."""
    done = st.session_state.pop("import_done", None)
    if done:
        st.success(done)
        st.page_link(SCORES, label=_("See the scores"), icon=":material/bar_chart:")
    surveys = {one.id: one for one in read_library().surveys()}
    organisations = {one.code: one for one in read_organisations(store)}
    codes = sorted(organisations, key=lambda code: organisation_name(organisations[code]))
    upload = st.file_uploader(
        _("Survey file (CSV or XLSX)"),
        key=f"import_file_{st.session_state.get('import_count', 0)}",
        help=_("One organisation's answers, one row per person, as the survey tool exports them."),
    )
    left, middle, right = st.columns(3)
    organisation = left.selectbox(
        _("Whose answers"),
        codes,
        index=None,
        format_func=lambda code: f"{organisation_name(organisations[code])} ({code})",
        placeholder=_("Choose an organisation"),
        key="import_organisation",
        persist_state="session",
    )
    labels = [one.label for one in reversed(read_rounds(store))]
    round_label = middle.selectbox(
        _("Round"),
        labels,
        index=None,
        accept_new_options=True,
        placeholder=_("Choose a round, or type a new one"),
        key="import_round",
        persist_state="session",
    )
    invited = right.number_input(
        _("People invited"),
        min_value=1,
        value=None,
        step=1,
        placeholder=_("Not known"),
        key="import_invited",
        persist_state="session",
    )
    survey = next(iter(surveys))
    if len(surveys) > 1:
        usual = list(surveys).index("satisfaction") if "satisfaction" in surveys else 0
        survey = st.selectbox(
            _("Questions"),
            list(surveys),
            index=usual,
            format_func=lambda id_: say(surveys[id_].title),
            placeholder=_("Choose the questions"),
            key="import_survey",
            persist_state="session",
        )
    if upload is None:
        return None
    if organisation is None or not round_label:
        st.info(_("Say whose answers these are, and of which round."))
        return None
    return Request(
        content=upload.getvalue(),
        file_name=upload.name,
        organisation=organisation,
        round=str(round_label),
        invited=None if invited is None else int(invited),
        instrument=survey,
        mapping=st.session_state.get(_mapping_key(upload.name)),
        replace=st.session_state.get("import_existing") == "replace",
        add=st.session_state.get("import_existing") == "add",
        accept_valid_rows=bool(st.session_state.get("import_valid_rows", False)),
    )


def _mapping_key(file_name: str) -> str:
    return f"import_mapping_{st.session_state.get('import_count', 0)}_{file_name}"


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


def plan(store: Store, request: Request) -> Plan | None:
    """What the file comes to; None (and the reason on the page) where it cannot be read at all.

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
        found: Plan = kept[1]
        return found
    bar = st.progress(0.0, text=_("Reading the file"))

    def progress(share: float) -> None:
        bar.progress(min(1.0, share), text=_("Reading the file"))

    try:
        found = plan_import(store, read_library(), request, progress)
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
        if checked.rejected:
            st.header(_("Cells that cannot be read"))
            st.table(
                plain_rows(
                    {
                        _("Row"): str(one.row),
                        _("Column"): f"{one.letter}: {one.column}",
                        _("What is wrong"): _("“{value}”: {reason}").format(
                            value=one.value, reason=one.reason
                        ),
                    }
                    for one in checked.rejected[:_SHOWN]
                ),
                alt=_("Cells that cannot be read"),
            )
            more = checked.cells_rejected - min(_SHOWN, len(checked.rejected))
            if more > 0:
                st.caption(ngettext("and {n} more", "and {n} more", more).format(n=whole(more)))
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
    if plan.refusals:
        st.error(plain(" ".join(plan.refusals)))
    for sentence in plan.remarks:
        st.info(plain(sentence))


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
    if not st.button(
        _("Take it in"),
        type="primary",
        disabled=bool(plan.refusals),
        icon=":material/save:",
        key="import_store",
    ):
        return
    try:
        with st.spinner(_("Storing")):
            made = take_in(store, plan)
    except ImproveError as error:
        st.error(plain(str(error)))
        return
    assert plan.checked is not None
    done = _("{responses} responses of {organisation} are stored in round {round}.").format(
        responses=whole(plan.checked.rows_accepted),
        organisation=organisation_name(plan.organisation),
        round=plan.label,
    )
    if made:
        done += " " + _("The round was made.")
    st.session_state["import_done"] = plain(done)
    st.session_state["import_count"] = st.session_state.get("import_count", 0) + 1
    st.session_state.pop("import_plan", None)
    st.rerun()
