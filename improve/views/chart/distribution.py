"""Chart builder > Distribution: how the answers are spread over the scale."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from improve.disclosure import Reason
from improve.instruments import say
from improve.language import _, percent
from improve.views import scores_shown, sentence
from improve.views.chart.part import (
    ASPECTS,
    COHORTS,
    DIRECTORATES,
    JOBS,
    PLACES,
    ROUNDS,
    Asked,
    Axis,
    Built,
    Cell,
    Names,
    Opened,
    Picture,
    Question,
    Row,
    Unit,
    nothing,
)
from improve.views.choice import Subject, reason_sentences
from improve.views.ground import Score
from improve.views.scores import ScoresView, arranged, scores_view

_SHADES, _SHADE = 4, 0.1
"""The darkest shade of the heat map, and by how large a share one is darker than the one before."""


def _open(asked: Asked) -> Opened:
    view = scores_view(asked.store, asked.viewer, asked.selection)
    if view.survey is None:
        return nothing(view.choice, view.finding)
    few = _("Answers are counted for a whole organisation alone: one rare answer of a group is a person.")
    why_not = {
        ROUNDS.key: _("Answers are counted round by round: choose another round instead."),
        COHORTS.key: _("How others' answers are spread is never told, only their median."),
        **dict.fromkeys((DIRECTORATES.key, JOBS.key, PLACES.key), few),
    }
    reasons = {score.distribution.withheld for score in view.scores}
    if reasons and None not in reasons:
        # Others' answers are nobody's to see: without own ones there is nothing to draw.
        reason = next(reason for reason in Reason if reason in reasons)
        return nothing(
            view.choice,
            _("How answers are spread is shown of one's own organisation alone. {reason}").format(
                reason=reason_sentences()[reason]
            ),
        )
    ways = {ASPECTS.key: (Picture.DIVERGING_BARS, Picture.HEAT_MAP, Picture.TABLE)}

    def about(_compare: str) -> Mapping[str, str]:
        return {}

    def build(_compare: str, picture: Picture, _of: str | None) -> Built:
        return _built(view, picture)

    return Opened(view.choice, view.finding, ways, why_not, about, build)


QUESTION = Question("distribution", lambda: _("Distribution of answers"), Subject.RATINGS, ASPECTS, _open)


def _built(view: ScoresView, picture: Picture) -> Built:
    assert view.survey is not None
    scale = view.survey.scale
    codes = range(scale.low, scale.high + 1)
    scores = arranged(view, "score", None).scores
    text = (
        _("Share of answers at each point of the scale; darker is more")
        if picture is Picture.HEAT_MAP
        else _("Share of answers, parted at the mid-point of the scale")
    )
    return Built(
        title=_("How the answers are spread, aspect by aspect"),
        head=_("Aspect"),
        finding=_finding(view),
        axis=Axis(text, Unit.SHARE, -1.0, 1.0),
        names=Names(own=_("Own score")),
        rows=tuple(_row(view, one) for one in scores),
        organisations=None,
        responses=None,
        own_responses=view.responses,
        notes=view.notes,
        method=view.method[:1] + view.method[4:6],
        columns=tuple(
            f"{code} {say(scale.ends[code])}" if code in scale.ends else str(code) for code in codes
        ),
        parted=len(codes) / 2,
    )


def _finding(view: ScoresView) -> str:
    """Of which aspect most people chose the lower half of the scale, and of which the fewest."""
    assert view.survey is not None
    half = (view.survey.scale.high - view.survey.scale.low + 1) // 2
    below = {
        score.short: sum(score.distribution.value[:half]) / sum(score.distribution.value)
        for score in view.scores
        if score.distribution.value is not None
    }
    if not below:
        return ""
    if len(below) == 1:
        ((aspect, share),) = below.items()
        return _("Answers below the mid-point: {aspect} ({share}).").format(
            aspect=aspect, share=percent(share)
        )
    most, least = max(below, key=below.__getitem__), min(below, key=below.__getitem__)
    return _(
        "Most answers below the mid-point: {most} ({most_share}); fewest: {least} ({least_share})."
    ).format(most=most, most_share=percent(below[most]), least=least, least_share=percent(below[least]))


def _row(view: ScoresView, score: Score) -> Row:
    bars = scores_shown.distribution_rows(view, score)
    told = ", ".join(_("{code}: {share}").format(code=code, share=percent(share)) for code, share, _n in bars)
    return Row(
        key=score.id,
        label=score.short,
        sentence=_("{aspect}: {told}").format(aspect=score.short, told=told or sentence.because(score.mean)),
        parts=score.distribution,
        n=score.n,
        cells=tuple(
            Cell(
                text=percent(share),
                step=min(_SHADES, ceil(share / _SHADE)),
                sentence=_("{aspect}: {share} chose {code}.").format(
                    aspect=score.short, share=percent(share), code=code
                ),
            )
            for code, share, _n in bars
        ),
    )
