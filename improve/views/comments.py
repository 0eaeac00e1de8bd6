"""User satisfaction > Comments: what people say, masked, under one filter at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b

import numpy as np

from improve import disclosure
from improve.disclosure import Figure, Reason
from improve.instruments import Survey, say
from improve.language import current
from improve.model import Organisation, Selection, Viewer
from improve.store import (
    Comment,
    Store,
    approve_comments,
    read_approved,
    read_comments,
    read_organisations,
)
from improve.theme import mood, terms_in
from improve.views import comments_sentence
from improve.views.choice import Choice, choose
from improve.views.ground import ground

ON_A_PAGE = 20
TERMS_SHOWN = 4
SORTS = ("mixed", "grumpiest", "happiest")

_MARKS = re.compile(r"\[[^\[\]]{1,20}\]")

CommentKey = tuple[int, int, str]
"""Import, response and question: what a comment is known by in the store."""


class Band(StrEnum):
    """How the person who wrote a comment rated the service as a whole: thirds of the scale."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader wants to find; of more than one at a time nothing is shown (section 10)."""

    words: str | None = None
    aspect: str | None = None
    category: str | None = None
    band: str | None = None

    @property
    def filters(self) -> int:
        """How many filters this is."""
        return sum(bool(one) for one in (self.words, self.aspect, self.category, self.band))


@dataclass(frozen=True, slots=True)
class Theme:
    """An aspect that comments speak of: how many people, and which of its terms they use most."""

    id: str
    short: str
    category: str
    people: Figure[int]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment on the page; its text is masked."""

    key: CommentKey
    text: str
    question: str
    themes: tuple[str, ...]
    is_approved: bool


@dataclass(frozen=True, slots=True)
class CommentsView:
    """The Comments page of one viewer, selection and wish.

    `comments` are those of the page; `found` is how many there are in all, of `people` different
    people. `bands` are the score bands that may be filtered by. `is_pooled` is True where the
    comments are those of all organisations, unnamed.
    """

    choice: Choice
    survey: Survey | None
    reason: Reason | None
    is_pooled: bool
    may_approve: bool
    themes: tuple[Theme, ...]
    categories: Mapping[str, str]
    bands: tuple[Band, ...]
    people: Figure[int]
    found: Figure[int]
    page: int
    pages: int
    comments: tuple[ShownComment, ...]
    finding: str
    notes: tuple[str, ...]
    method: tuple[str, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A comment as it may be read, with what its own words say."""

    comment: Comment
    text: str
    themes: Mapping[str, tuple[str, ...]]
    band: Band | None

    @property
    def key(self) -> CommentKey:
        return self.comment.import_id, self.comment.response_id, self.comment.item

    @property
    def person(self) -> tuple[int, int]:
        return self.comment.import_id, self.comment.response_id


def comments_view(
    store: Store,
    viewer: Viewer,
    selection: Selection,
    wish: Wish = Wish(),
    *,
    sort: str | None = None,
    page: int = 1,
    only_approved: bool = False,
) -> CommentsView:
    """The page for this viewer: `page` from 1, ON_A_PAGE comments each, in the order of `sort`.

    With `only_approved` (the big screen) it shows those alone that a facilitator approved.
    """
    choice = choose(store, viewer, selection)
    base = ground(store, choice)
    if base is None or choice.round is None:
        return _empty(choice)
    own = choice.organisation.code if choice.organisation else None
    reason = disclosure.comments_reason(viewer, own)
    if own is None:
        reason = reason or base.benchmark_reason
    elif reason is None:
        reason = base.own_reason
    everything = () if reason is not None else _read(store, base.survey, base.label, own)
    approved = read_approved(store, base.label)
    themes = _themes(base.survey, everything, reason)
    bands = _bands(everything, own is None)
    wish = _possible(wish, base.survey)
    matching = [one for one in everything if _matches(one, wish, base.survey)]
    people = len({one.person for one in matching})
    reason = reason or (
        Reason.FEW_COMMENTS if wish.band is not None and wish.band not in set(bands) else None
    )
    listed = [one for one in matching if one.key in approved] if only_approved else matching
    pages = max(1, -(-len(listed) // ON_A_PAGE))
    page = min(max(page, 1), pages)
    here = _sorted(listed, sort)[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    texts = disclosure.comments_figure(reason, wish.filters, people, lambda: [one.text for one in here])
    view = CommentsView(
        choice=choice,
        survey=base.survey,
        reason=texts.withheld,
        is_pooled=own is None,
        may_approve=disclosure.may_approve(viewer) and reason is None,
        themes=themes,
        categories={one.id: say(one.name) for one in base.survey.categories},
        bands=bands,
        people=disclosure.own_count(texts.withheld, people),
        found=disclosure.own_figure(texts.withheld, people, people, len(listed)),
        page=page,
        pages=pages if texts.is_released else 1,
        comments=tuple(
            ShownComment(
                key=one.key,
                text=text,
                question=_question(base.survey, one.comment.item),
                themes=tuple(theme.short for theme in themes if theme.id in one.themes),
                is_approved=one.key in approved,
            )
            for one, text in zip(here, texts.value or (), strict=False)
        ),
        finding="",
        notes=(),
        method=(),
        alt="",
    )
    view = replace(view, finding=comments_sentence.finding(view, wish, only_approved=only_approved))
    return replace(
        view,
        notes=comments_sentence.notes(view),
        method=comments_sentence.method(view),
        alt=comments_sentence.alt(view),
    )


def is_readable(choice: Choice) -> bool:
    """Whether this viewer reads anybody's comments here, if there are enough of them."""
    own = choice.organisation.code if choice.organisation else None
    return choice.survey is not None and disclosure.comments_reason(choice.viewer, own) is None


def approve(store: Store, viewer: Viewer, round_label: str, keys: Sequence[CommentKey], shown: bool) -> None:
    """Puts comments on the big screen, or takes them off; nothing happens for who may not."""
    if disclosure.may_approve(viewer):
        approve_comments(store, round_label, keys, shown)


def _empty(choice: Choice) -> CommentsView:
    nothing: Figure[int] = disclosure.own_count(Reason.NOT_ASKED, 0)
    finding = comments_sentence.empty()
    return CommentsView(
        *(choice, None, Reason.NOT_ASKED, False, False, (), {}, (), nothing, nothing, 1, 1, ()),
        *(finding, (), (), finding),
    )


def _possible(wish: Wish, survey: Survey) -> Wish:
    """The wish without what there is not: an address may say anything."""
    return Wish(
        words=" ".join((wish.words or "").split()) or None,
        aspect=wish.aspect if wish.aspect in {one.id for one in survey.aspects} else None,
        category=wish.category if wish.category in {one.id for one in survey.categories} else None,
        band=wish.band if wish.band in set(Band) else None,
    )


def _read(store: Store, survey: Survey, label: str, own: str | None) -> tuple[_Read, ...]:
    """The comments of one organisation, or of all: masked once, and kept with those they came of.

    Those of all are as they were when the round was closed: what came in later would be known to be
    the latecomer's.
    """
    headline = survey.headline
    stored = read_comments(store, label, survey.id, None if headline is None else headline.id)
    kept = store.kept.setdefault("comments_read", {})
    key = (label, survey.id, own, current())
    found = kept.get(key)
    if found is None or found[0] is not stored:
        names = {one.code: _names(one) for one in read_organisations(store)}
        wanted = [one for one in stored if one.organisation == own or (own is None and not one.is_late)]
        read = tuple(
            _understood(one, survey, names.get(one.organisation, ())) for one in sorted(wanted, key=_mixed)
        )
        found = kept[key] = (stored, read)
    done: tuple[_Read, ...] = found[1]
    return done


def _mixed(comment: Comment) -> bytes:
    """A place in no order at all, the same at every look.

    As they were taken in, one organisation's would stand together, and two of one person side by side.
    """
    return blake2b(repr((comment.key, comment.text)).encode(), digest_size=8).digest()


def _names(organisation: Organisation) -> tuple[str, ...]:
    """What an organisation is called, the longest name first."""
    names = {organisation.official_name, organisation.name, organisation.welsh_name} - {""}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _understood(comment: Comment, survey: Survey, names: tuple[str, ...]) -> _Read:
    text = disclosure.readable(comment.text, names)
    # What a mark says ("[phone]") nobody has said.
    return _Read(comment, text, terms_in(_MARKS.sub(" ", text)), _band(comment, survey))


def _band(comment: Comment, survey: Survey) -> Band | None:
    if comment.overall is None or survey.headline is None:
        return None
    scale = survey.scale_of(survey.headline)
    if not scale.low <= comment.overall <= scale.high:
        return None
    third = 3 * (comment.overall - scale.low)
    width = scale.high - scale.low
    return Band.LOW if third <= width else Band.MIDDLE if third <= 2 * width else Band.HIGH


def _bands(comments: Sequence[_Read], is_pooled: bool) -> tuple[Band, ...]:
    """The score bands that may be filtered by; all comments less those of the others must be ten too."""
    people = {one.person: one.band for one in comments}
    imports = [0] if is_pooled else sorted({import_id for import_id, _response in people})
    added = np.zeros((max(len(imports), 1), len(Band) + 1), dtype=np.int64)
    bands = list(Band)
    for (import_id, _response), band in people.items():
        row = 0 if is_pooled else imports.index(import_id)
        added[row, len(bands) if band is None else bands.index(band)] += 1
    shown = disclosure.shown_groups(added)
    return tuple(band for band, is_shown in zip(bands, shown, strict=True) if is_shown)


def _themes(survey: Survey, comments: Sequence[_Read], reason: Reason | None) -> tuple[Theme, ...]:
    """What the comments speak of, most people first; aspects that nobody mentions are left out.

    Of fewer than ten people in all nothing is told: the aspects would say what they wrote.
    """
    if not disclosure.own_count(reason, len({one.person for one in comments})).is_released:
        return ()
    people: dict[str, set[tuple[int, int]]] = {}
    terms: dict[str, Counter[str]] = {}
    for one in comments:
        for aspect, found in one.themes.items():
            people.setdefault(aspect, set()).add(one.person)
            terms.setdefault(aspect, Counter()).update(dict.fromkeys(found, 1))
    themes = [
        Theme(
            id=aspect.id,
            short=say(aspect.short),
            category=aspect.category,
            people=disclosure.own_count(reason, len(people[aspect.id])),
            terms=tuple(term for term, _n in terms[aspect.id].most_common(TERMS_SHOWN)),
        )
        for aspect in survey.aspects
        if aspect.id in people
    ]
    # Those of fewer than ten stand in the order of the survey: their own would tell who has fewest.
    return tuple(sorted(themes, key=lambda one: -(one.people.value or 0)))


def _question(survey: Survey, item: str) -> str:
    return next((say(one.short) for one in survey.comments if one.id == item), "")


def _matches(one: _Read, wish: Wish, survey: Survey) -> bool:
    if wish.words is not None and wish.words.casefold() not in one.text.casefold():
        return False
    if wish.aspect is not None and wish.aspect not in one.themes:
        return False
    if wish.category is not None:
        category = {aspect.id: aspect.category for aspect in survey.aspects}
        if all(category.get(aspect) != wish.category for aspect in one.themes):
            return False
    return wish.band is None or one.band == wish.band


def _sorted(comments: Sequence[_Read], sort: str | None) -> list[_Read]:
    """By the words of a comment alone: the order of ratings would tell what is hidden."""
    orders: Mapping[str, Callable[[_Read], tuple[int, int]]] = {
        "grumpiest": lambda one: (mood(one.text), -len(one.text)),
        "happiest": lambda one: (-mood(one.text), -len(one.text)),
    }
    order = orders.get(sort or "")
    return sorted(comments, key=order) if order is not None else list(comments)
