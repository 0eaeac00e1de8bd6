"""The sentences of the Trend page. None names an organisation, and none claims a cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from improve.disclosure import MINIMUM_PEERS, Reason
from improve.instruments import say
from improve.language import _, ngettext, number, signed, whole
from improve.model import Comparison
from improve.views.choice import reason_sentences
from improve.views.sentence import because

if TYPE_CHECKING:
    from improve.views.trend import Lack, Move, Point, Series, Told, TrendView

_TENTH = 0.1


def word(comparison: Comparison) -> str:
    """Risen, similar or fallen."""
    return {
        Comparison.HIGHER: _("risen"),
        Comparison.SIMILAR: _("similar"),
        Comparison.LOWER: _("fallen"),
    }[comparison]


def note(move: Move | None) -> str:
    """The few words at the end of a row: the change and what it is called."""
    if move is None or move.change.value is None or move.word.value is None:
        return ""
    return _("{change} {word}").format(change=signed(move.change.value), word=word(move.word.value))


def mark(move: Move | None) -> str:
    """A panel's mark: a shape and a word where it moved, nothing where it did not."""
    if move is None or move.word.value in (None, Comparison.SIMILAR):
        return ""
    return ("▲ " if move.word.value is Comparison.HIGHER else "▼ ") + note(move)


def of_move(short: str, move: Move) -> str:
    """How one question moved between two rounds, and whether peers moved too."""
    return " ".join(part for part in (_own(short, move), _peers(move)) if part)


def _own(short: str, move: Move) -> str:
    change, interval, moved = move.change.value, move.interval.value, move.word.value
    if change is None or interval is None or moved is None:
        return _("{aspect}, {before} to {after}: {reason}").format(
            aspect=short, before=move.before, after=move.after, reason=because(move.change)
        )
    low, high = interval
    if moved is Comparison.LOWER:
        low, high = -high, -low
    found = {
        Comparison.HIGHER: _("{aspect} rose by {size} ({low} to {high}) between {before} and {after}."),
        Comparison.SIMILAR: _(
            "{aspect}: similar in {before} and {after}; a change of {change} ({low} to {high}) could be "
            "chance."
        ),
        Comparison.LOWER: _("{aspect} fell by {size} ({low} to {high}) between {before} and {after}."),
    }[moved]
    # A real change never reads as one of 0.0, nor its interval as one that starts there.
    is_fine = moved is not Comparison.SIMILAR and min(abs(change), abs(low), abs(high)) < _TENTH / 2
    places = 2 if is_fine else 1
    return found.format(
        aspect=short,
        size=number(abs(change), places),
        change=signed(change, places),
        low=number(low, places),
        high=number(high, places),
        before=move.before,
        after=move.after,
    )


def _peers(move: Move) -> str:
    """What the others did between the same two rounds, and the difference."""
    peers = move.peers.value
    if move.change.value is None or move.peers.withheld is Reason.NOT_COMPARED:
        return ""
    if peers is None:
        return _("Whether others moved too is not shown: {reason}").format(reason=because(move.peers))
    others = (move.organisations.value or 0) - 1
    if move.beyond.value is None:
        return ngettext(
            "The {n} other organisation that took part both times changed by {peers} on average.",
            "The {n} other organisations that took part both times changed by {peers} on average.",
            others,
        ).format(n=whole(others), peers=signed(peers))
    value, low, high = (round(one, 1) for one in move.beyond.value)
    if low > 0:
        found = ngettext(
            "The {n} other organisation that took part both times changed by {peers} on average, so it "
            "moved up by {size} ({low} to {high}) against them.",
            "The {n} other organisations that took part both times changed by {peers} on average, so it "
            "moved up by {size} ({low} to {high}) against them.",
            others,
        )
    elif high < 0:
        value, low, high = -value, -high, -low
        found = ngettext(
            "The {n} other organisation that took part both times changed by {peers} on average, so it "
            "moved down by {size} ({low} to {high}) against them.",
            "The {n} other organisations that took part both times changed by {peers} on average, so it "
            "moved down by {size} ({low} to {high}) against them.",
            others,
        )
    else:
        found = ngettext(
            "The {n} other organisation that took part both times changed by {peers} on average; the "
            "difference of {value} ({low} to {high}) could be chance.",
            "The {n} other organisations that took part both times changed by {peers} on average; the "
            "difference of {value} ({low} to {high}) could be chance.",
            others,
        )
    return found.format(
        n=whole(others),
        peers=signed(peers),
        size=number(value),
        value=signed(value),
        low=number(low),
        high=number(high),
    )


def of_series(series: Series) -> str:
    """All that there is to say of one question over the rounds."""
    told = [_point(point) for point in series.points]
    line = _("{aspect}: {points}.").format(aspect=series.short, points="; ".join(one for one in told if one))
    return line if series.move is None else line + " " + of_move(series.short, series.move)


def of_point(short: str, point: Point) -> str:
    """All that there is to say of one question in one round."""
    parts = [_("{aspect}: {points}.").format(aspect=short, points=_point(point))]
    if point.interval.value is not None and point.n.value is not None:
        parts.append(
            _("Its interval is {low} to {high}, from {n} answers.").format(
                low=number(point.interval.value[0], 2),
                high=number(point.interval.value[1], 2),
                n=whole(point.n.value),
            )
        )
    if point.quartiles.value is not None and not point.is_break:
        parts.append(
            _("The middle half of the organisations lies between {low} and {high}.").format(
                low=number(point.quartiles.value[0]), high=number(point.quartiles.value[1])
            )
        )
    return " ".join(parts)


def _point(point: Point) -> str:
    """One round in a few words: own score, or the median where there is none."""
    if point.is_break:
        return _("{round} another scale").format(round=point.round)
    if point.own.value is not None and point.median.value is not None:
        return _("{round} {score}, national median {median}").format(
            round=point.round, score=number(point.own.value, 2), median=number(point.median.value)
        )
    if point.own.value is not None:
        return _("{round} {score}").format(round=point.round, score=number(point.own.value, 2))
    if point.median.value is not None:
        return _("{round} national median {median}").format(
            round=point.round, median=number(point.median.value)
        )
    return _("{round} no figure").format(round=point.round)


def of_lack(lack: Lack) -> str:
    """Why an action has no before and after."""
    return {
        "not_asked": _("Its question is not asked in this round."),
        "no_round_before": _("The organisation took part in no round before it, so there is no before."),
        "not_measured_yet": _("Not measured yet: no round has been held since."),
        "took_no_part_since": _("Not measured yet: the organisation took no part in a round since."),
    }[lack.value]


def of_action(told: Told) -> tuple[str, ...]:
    """What came before and after an action; none of it says what led to what."""
    if told.lack is not None:
        return (of_lack(told.lack),)
    return tuple(of_move(told.short, move) for move in told.moves)


def finding(view: TrendView) -> str:
    """The page in a sentence or two."""
    if view.choice.organisation is None:
        return _nationally(view)
    moves = [one.move for one in view.series if one.move is not None]
    words = [move.word.value for move in moves if move.word.value is not None]
    parts = []
    if view.overall is not None and view.overall.move is not None:
        parts.append(_own(_("Overall satisfaction"), view.overall.move))
    if words:
        parts.append(
            ngettext(
                "Of {all} aspect measured in both {before} and {after}: risen {risen}, similar {similar}, "
                "fallen {fallen}.",
                "Of {all} aspects measured in both {before} and {after}: risen {risen}, similar {similar}, "
                "fallen {fallen}.",
                len(words),
            ).format(
                all=len(words),
                risen=words.count(Comparison.HIGHER),
                similar=words.count(Comparison.SIMILAR),
                fallen=words.count(Comparison.LOWER),
                before=moves[0].before,
                after=moves[0].after,
            )
        )
    if parts:
        return " ".join(parts)
    reasons = {point.own.withheld for one in view.every for point in one.points if point.round == _now(view)}
    if reasons == {Reason.DID_NOT_TAKE_PART}:
        return _("The organisation did not take part in this round, so there is no change to show.")
    return _("There is no earlier round of the organisation to compare this one with.")


def _now(view: TrendView) -> str:
    return "" if view.choice.round is None else view.choice.round.label


def _nationally(view: TrendView) -> str:
    """Without an organisation: how the national median of the overall question went."""
    first = view.overall or next(iter(view.series), None)
    medians = [] if first is None else [one for one in first.points if one.median.value is not None]
    if first is None or not medians:
        return _("There are no national medians over rounds yet.")
    listed = ", ".join(
        _("{round}: {median}").format(round=one.round, median=number(one.median.value or 0.0))
        for one in medians
    )
    return _("National median of “{aspect}” by round: {medians}.").format(aspect=first.short, medians=listed)


def notes(view: TrendView) -> tuple[str, ...]:
    """What the reader must know to read the charts rightly."""
    found = []
    if view.is_provisional:
        found.append(
            _(
                "Provisional: this round is still collecting, and only the operator sees medians until it is "
                "closed."
            )
        )
    points = [point for one in view.every for point in one.points]
    collecting = dict.fromkeys(one.round for one in points if one.median.withheld is Reason.COLLECTING)
    found += [
        _("Round {round} is still collecting: own figures alone until it is closed.").format(round=label)
        for label in collecting
    ]
    broken = dict.fromkeys(point.round for point in points if point.is_break)
    found += [
        _("Round {round} used another scale: the line breaks there, and nothing is compared with it.").format(
            round=label
        )
        for label in broken
    ]
    first = view.every[0].points if view.every else ()
    found += [
        _("The organisation did not take part in round {round}.").format(round=point.round)
        for point in first
        if point.own.withheld is Reason.DID_NOT_TAKE_PART
    ]
    few = [
        one for one in view.series if any(point.own.withheld is Reason.FEW_ANSWERS for point in one.points)
    ]
    if few:
        found.append(
            ngettext(
                "{n} aspect has a round with fewer than 10 answers, which is not shown.",
                "{n} aspects have a round with fewer than 10 answers, which is not shown.",
                len(few),
            ).format(n=len(few))
        )
    moves = [one.move for one in view.every if one.move is not None]
    if moves and all(move.peers.withheld is Reason.FEW_PEERS for move in moves):
        found.append(reason_sentences()[Reason.FEW_PEERS])
    return tuple(found)


def method(view: TrendView) -> tuple[str, ...]:
    """How the figures were worked out."""
    if view.survey is None or view.choice.round is None:
        return ()
    scale = view.survey.scale
    found = [
        _(
            "A score is the mean of the answers, from {low} to {high}, with its 95 % interval. Rounds are "
            "joined where the same question was asked on the same scale, and nowhere else."
        ).format(low=scale.low, high=scale.high),
        _(
            "A change is the later score minus the earlier one, with Welch's 95 % interval: the people who "
            "answered are not linked."
        ),
        _(
            "Risen and fallen are said only where a change this size is unlikely to be chance, with false "
            "alarms held to 5 % over all aspects (Benjamini-Hochberg)."
        ),
        _(
            "Whether others moved too: own change minus the mean change of the others that took part both "
            "times, at least {minimum} of them with 10 answers each time, as at the closing of both rounds. "
            "Its interval allows for how differently they moved."
        ).format(minimum=MINIMUM_PEERS),
        _("A before and an after do not tell what led to the change: other things happened meanwhile."),
        _("The band is the middle half of the organisations of each round, its line their median, to 0.1."),
        _("Questions: {title}, version {version}. Round: {round}.").format(
            title=say(view.survey.title), version=view.survey.version, round=view.choice.round.label
        ),
    ]
    withheld = {
        figure.withheld
        for one in view.every
        for point in one.points
        for figure in (point.own, point.median, point.quartiles)
    }
    withheld |= {one.move.peers.withheld for one in view.every if one.move is not None}
    found += [
        _("Withheld here: {reason}").format(reason=reason_sentences()[reason])
        for reason in Reason
        if reason in withheld and reason is not Reason.NO_ORGANISATION
    ]
    return tuple(found)


def alt(view: TrendView) -> str:
    """The name of the first chart for a screen reader: what it shows and what stands out."""
    lead = ngettext(
        "The change of {n} aspect since the round before.",
        "The change of {n} aspects since the round before.",
        len(view.series),
    ).format(n=len(view.series))
    return lead + " " + view.finding
