"""Explore > Chart builder: a chart of one's own, from the figures that the pages have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from improve.disclosure import Figure
from improve.errors import SelectionError
from improve.language import _, ngettext, whole
from improve.model import Selection, Viewer
from improve.store import Store
from improve.views.chart import words
from improve.views.chart.part import Asked, Built, Opened, Picture, Question
from improve.views.chart.questions import QUESTIONS, comparisons
from improve.views.choice import Choice, Subject, exact_choice


@dataclass(frozen=True, slots=True)
class Wish:
    """What chart a viewer asked for, by keys or by what people read; None is the usual one."""

    question: str | None = None
    compare: str | None = None
    picture: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class ChartView:
    """A built chart, and what else could be built for this viewer and selection.

    `compared`, `pictures` and `abouts` are what goes together (key -> label), the usual one first;
    `not_compared` and `not_pictures` are what does not (label -> why). `built` is None where the
    question has no answer at all: `finding` then says so. `notices` are wishes that were not followed.
    """

    choice: Choice
    question: Question
    compare: str
    picture: Picture
    about: str | None
    compared: Mapping[str, str]
    not_compared: Mapping[str, str]
    pictures: Mapping[str, str]
    not_pictures: Mapping[str, str]
    abouts: Mapping[str, str]
    built: Built | None
    finding: str
    notes: tuple[str, ...]
    subtitle: str
    alt: str
    notices: tuple[str, ...]


def question_labels() -> dict[str, str]:
    """The questions there are: key -> label."""
    return {one.key: one.label() for one in QUESTIONS}


def question_of(wanted: str | None) -> Question:
    """The question that an address names, by key or label; the first where it names none."""
    labels = question_labels()
    key = _found(wanted, labels)
    return next((one for one in QUESTIONS if one.key == key), QUESTIONS[0])


def chart_view(
    store: Store, viewer: Viewer, selection: Selection, wish: Wish, *, is_presenting: bool = False
) -> ChartView:
    """The chart that a wish comes to; what does not go together falls to the usual, with a notice."""
    question = question_of(wish.question)
    notices = []
    labels = question_labels()
    if wish.question and _found(wish.question, labels) is None:
        notices.append(words.no_such_question(wish.question, ", ".join(labels.values())))
    opened = question.open(Asked(store, viewer, selection, is_presenting))
    if not opened.ways:
        return _empty(question, opened, tuple(notices))
    compared, not_compared = _compared(opened)
    compare = _found(wish.compare, compared) or next(iter(compared))
    notices += _notice(question, wish.compare, compared, not_compared, compare)
    pictures, not_pictures = _pictures(opened, compare)
    picture = _found(wish.picture, pictures) or next(iter(pictures))
    notices += _notice(question, wish.picture, pictures, not_pictures, picture)
    abouts = opened.about(compare)
    about = _found(wish.about, abouts) or next(iter(abouts), None)
    if wish.about and abouts and _found(wish.about, abouts) is None:
        notices.append(words.unknown(wish.about, abouts[about or ""]))
    built = opened.build(compare, Picture(picture), about)
    return ChartView(
        choice=opened.choice,
        question=question,
        compare=compare,
        picture=Picture(picture),
        about=about,
        compared=compared,
        not_compared=not_compared,
        pictures=pictures,
        not_pictures=not_pictures,
        abouts=abouts,
        built=built,
        finding=built.finding,
        notes=built.notes,
        subtitle=_subtitle(opened.choice, built),
        alt=" ".join(part for part in (built.title + ".", built.finding) if part),
        notices=tuple(notices),
    )


def chart_figures(store: Store, viewer: Viewer, selection: Selection, wish: Wish) -> ChartView:
    """The same for the command line: a wish that cannot be followed is refused (SelectionError)."""
    question = question_of(wish.question)
    if selection.cohort is not None and question.subject is Subject.READINESS:
        raise SelectionError(_("Readiness is compared with all organisations alone, with no group."))
    choice = exact_choice(store, viewer, selection, question.subject)
    if choice.organisation is not None:
        selection = replace(selection, organisation=choice.organisation.code)
    view = chart_view(store, viewer, selection, wish)
    if notices := (*view.notices, *view.choice.notices):
        raise SelectionError(" ".join(notices))
    return view


def _empty(question: Question, opened: Opened, notices: tuple[str, ...]) -> ChartView:
    return ChartView(
        choice=opened.choice,
        question=question,
        compare="",
        picture=Picture.TABLE,
        about=None,
        compared={},
        not_compared={},
        pictures={},
        not_pictures={},
        abouts={},
        built=None,
        finding=opened.finding,
        notes=(),
        subtitle="",
        alt=opened.finding,
        notices=notices,
    )


def _found(wanted: str | None, labels: Mapping[str, str]) -> str | None:
    """The key of what is wished for, by key or label in any case."""
    plain = " ".join((wanted or "").casefold().split())
    return next((key for key, label in labels.items() if plain in (key.casefold(), label.casefold())), None)


def _compared(opened: Opened) -> tuple[dict[str, str], dict[str, str]]:
    """The comparisons that a question has here, in its own order, and why not the rest."""
    every = {one.key: one for one in comparisons()}
    offered = {key: every[key].label() for key in opened.ways}
    not_offered = {}
    for one in every.values():
        if one.key in offered:
            continue
        not_offered[one.label()] = opened.why_not.get(one.key) or words.of_another()
    return offered, not_offered


def _pictures(opened: Opened, compare: str) -> tuple[dict[str, str], dict[str, str]]:
    """The pictures that go with a comparison, and why not the rest."""
    offered = {one.value: words.picture_label(one) for one in opened.ways[compare]}
    reasons = {**words.undrawn(), **opened.undrawn}
    return offered, {words.picture_label(one): reasons[one] for one in Picture if one.value not in offered}


def _notice(
    question: Question,
    wanted: str | None,
    offered: Mapping[str, str],
    not_offered: Mapping[str, str],
    instead: str,
) -> list[str]:
    """A sentence on a wish that does not go together with the rest."""
    if not wanted or _found(wanted, offered) is not None:
        return []
    named = _named(wanted)
    label = _found(named, {one: one for one in not_offered})
    if label is None:
        return [words.unknown(wanted, offered[instead])]
    return [words.not_offered(question.label(), label, not_offered[label], offered[instead])]


def _named(wanted: str) -> str:
    """A comparison or picture as people read it, where it was asked for by its key."""
    labels = {one.key: one.label() for one in comparisons()}
    labels |= {one.value: words.picture_label(one) for one in Picture}
    return labels.get(_found(wanted, labels) or "", wanted)


def _subtitle(choice: Choice, built: Built) -> str:
    """Round, group, and how many organisations and responses stand behind the chart."""
    parts = []
    if choice.round is not None:
        parts.append(_("Round {round}").format(round=choice.round.label))
    if (n := _n(built.organisations)) is not None:
        parts.append(ngettext("{n} organisation", "{n} organisations", n).format(n=whole(n)))
    if (n := _n(built.responses)) is not None:
        parts.append(ngettext("{n} response", "{n} responses", n).format(n=whole(n)))
    if (n := _n(built.own_responses)) is not None:
        parts.append(ngettext("own: {n} response", "own: {n} responses", n).format(n=whole(n)))
    if choice.cohort is not None and any(row.cohort and row.cohort.is_released for row in built.rows):
        parts.append(_("compared with {group}").format(group=choice.cohort.label))
    return " · ".join(parts)


def _n(figure: Figure[int] | None) -> int | None:
    return None if figure is None else figure.value
