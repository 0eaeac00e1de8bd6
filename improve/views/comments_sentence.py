"""The sentences of the Comments page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from improve.disclosure import Reason
from improve.instruments import say
from improve.language import _, ngettext, whole
from improve.views.choice import reason_sentences

if TYPE_CHECKING:
    from improve.views.comments import Band, CommentsView, Wish


def band_label(band: Band) -> str:
    """A score band in words."""
    return {
        "low": _("Rated the service low"),
        "middle": _("Rated it in the middle"),
        "high": _("Rated it high"),
    }[band.value]


def empty() -> str:
    """Where there is no survey to have comments of."""
    return _("There are no comments yet.")


def finding(view: CommentsView, wish: Wish, *, only_approved: bool) -> str:
    """The page in a sentence or two."""
    if view.reason is Reason.NOT_YOURS and view.choice.organisation is None:
        return _("Comments are shown to the organisation they were made to, and to facilitators unnamed.")
    if view.reason is Reason.NOT_YOURS:
        return _("Comments are shown to members of the organisation alone.")
    if view.reason is Reason.FEW_COMMENTS and wish.filters:
        return _("Too few people to show: a filter must leave the comments of at least 10.")
    if view.reason is Reason.FEW_COMMENTS:
        return _("Comments of fewer than 10 people are not shown.")
    if view.reason is not None:
        return reason_sentences()[view.reason]
    found, people = view.found.value or 0, view.people.value or 0
    if only_approved and not found:
        return _("No comment has been approved for the big screen yet.")
    if only_approved:
        return ngettext(
            "{n} comment chosen for discussion.", "{n} comments chosen for discussion.", found
        ).format(n=whole(found))
    parts = [
        ngettext("{n} comment of {people} people.", "{n} comments of {people} people.", found).format(
            n=whole(found), people=whole(people)
        )
    ]
    most = [theme.short for theme in view.themes if theme.people.value is not None][:3]
    if most and not wish.filters:
        parts.append(_("They speak most of: {themes}.").format(themes=", ".join(most)))
    return " ".join(parts)


def notes(view: CommentsView) -> tuple[str, ...]:
    """What the reader must know."""
    if view.reason is not None:
        return ()
    found = [
        _(
            "One filter at a time: two together could lead to a person. Names, e-mail addresses, "
            "telephone and staff numbers are masked; please tell us of any that slipped through."
        )
    ]
    if view.is_pooled:
        found.append(
            _(
                "The comments of all organisations that were in the round when it was closed, without their "
                "names."
            )
            if view.choice.round is not None and view.choice.round.is_closed
            else _("The comments of all organisations of the round, without their names.")
        )
    return tuple(found)


def method(view: CommentsView) -> tuple[str, ...]:
    """How it was made."""
    if view.survey is None or view.choice.round is None:
        return ()
    return (
        _(
            "A comment speaks of an aspect where it uses one of the aspect's words (its list is in "
            "data/reference/terms.yaml); it may speak of several. Numbers of people below 10 are not told."
        ),
        _(
            "“Grumpiest” and “happiest” count words of complaint and of praise in the comment itself; "
            "nobody's rating moves it. Otherwise they stand in no order: one by which they came in would "
            "keep those of one person, and of one organisation, together."
        ),
        _(
            "Comments are shown of at least 10 people, under one filter at a time. Score bands are thirds of "
            "the scale of the overall question; one that would leave fewer than 10 people in another is "
            "not offered."
        ),
        _("Questions: {title}, version {version}. Round: {round}.").format(
            title=say(view.survey.title), version=view.survey.version, round=view.choice.round.label
        ),
    )


def alt(view: CommentsView) -> str:
    """The name of the chart of themes for a screen reader."""
    return _("How many people speak of each aspect in their comments.") + " " + view.finding
