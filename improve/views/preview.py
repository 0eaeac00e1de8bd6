"""Import > preview: the scores that would come of a file, before it is taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from improve import disclosure, scoring
from improve.disclosure import Figure
from improve.instruments import QuestionKind, Survey, say
from improve.model import Viewer
from improve.store import ANSWER, Batch


@dataclass(frozen=True, slots=True)
class PreviewScore:
    """One rating's mean, from ten answers up."""

    item: str
    measure: str
    short: str
    n: Figure[int]
    mean: Figure[float]


def may_import(viewer: Viewer) -> bool:
    """Whether the Import page is for this viewer."""
    return disclosure.takes_in_files(viewer)


def preview_view(survey: Survey, batch: Batch) -> tuple[PreviewScore, ...]:
    """The mean of every rating that the file has a column for, in the order of the survey.

    For the operator alone, who holds the file; the minimum number of answers holds all the same.
    """
    wanted = [
        (aspect.id, measure.id, say(aspect.short), survey.scale)
        for aspect in survey.aspects
        for measure in survey.measures
    ] + [
        (question.id, ANSWER, say(question.short), survey.scale_of(question))
        for question in survey.all_questions()
        if question.kind is QuestionKind.RATING
    ]
    rated = batch.answers.filter(pc.is_valid(batch.answers["code"]))
    counted = rated.group_by(["item", "measure", "code"]).aggregate([([], "count_all")])
    found: dict[tuple[str, str], dict[int, int]] = {}
    for row in counted.to_pylist():
        found.setdefault((row["item"], row["measure"]), {})[row["code"]] = row["count_all"]
    scores = []
    for item, measure, short, scale in wanted:
        if (item, measure) not in batch.asked:
            continue
        codes = range(scale.low, scale.high + 1)
        counts = [found.get((item, measure), {}).get(code, 0) for code in codes]
        n = sum(counts)
        mean = float(scoring.scores(np.array(counts), np.array(codes)).mean)
        scores.append(
            PreviewScore(
                item,
                measure,
                short,
                disclosure.own_figure(None, n, batch.n, n),
                disclosure.own_figure(None, n, batch.n, mean),
            )
        )
    return tuple(scores)


def preview_as_json(scores: tuple[PreviewScore, ...]) -> list[dict[str, Any]]:
    """The preview written out."""
    return [
        {
            "item": score.item,
            "measure": score.measure,
            "n": score.n.value,
            "mean": score.mean.value,
            "withheld": score.mean.withheld,
        }
        for score in scores
    ]
