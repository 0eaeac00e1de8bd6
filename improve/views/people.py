"""The groups of an organisation's people: which there are, and which of them any page may show.

All pages part people alike. Two that listed or hid different groups would tell, side by side, what
either of them hides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from improve import disclosure
from improve.instruments import Question, say
from improve.store import Breakdown, StaffList

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """One group: its rows in the breakdown, and its people on the staff list (None where it is not on it).

    A group whose name was written in two ways has two rows, one that nobody named has none.
    """

    label: str
    rows: tuple[int, ...]
    people: int | None


@dataclass(frozen=True, eq=False, slots=True)
class Parted:
    """An organisation's people by one profile question; `is_shown` has a place per part.

    The order is that of the staff list, then that of the question's options, then the alphabet's.
    """

    breakdown: Breakdown
    parts: tuple[Part, ...]
    is_shown: tuple[bool, ...]

    def shown(self, added: Ints) -> tuple[bool, ...]:
        """Which parts may be shown of these answers (imports x groups, as a breakdown has them).

        Only of those whose responses are shown too: of another it would say that it has ten.
        """
        found = _shown(_merged(added, self.parts))
        return tuple(all(both) for both in zip(self.is_shown, found, strict=True))

    def summed(self, counts: Ints) -> Ints:
        """Counts of a breakdown (groups x ...) with a row per part."""
        rows = [counts[list(part.rows)].sum(axis=0) for part in self.parts]
        return np.array(rows, np.int64).reshape(len(self.parts), *counts.shape[1:])


def people_by(question: Question, breakdown: Breakdown, staff: StaffList | None) -> Parted:
    """The groups of the survey and of the staff list, met by their labels.

    Of fewer than ten responses in all, the groups that they alone name are left out: how many those are
    would say something of how many people there were.
    """
    people, labels = _on_the_list(question, staff)
    options = {option.code: option.label["en"] for option in question.options}
    shown = {_normal(option.label["en"]): say(option.label) for option in question.options}
    labels |= {key: label for key, label in shown.items() if key not in labels}
    rows: dict[str, list[int]] = {}
    own: dict[str, str] = {}
    has_ten = disclosure.own_count(None, int(breakdown.responses.sum())).is_released
    for row, (code, label) in enumerate(zip(breakdown.codes, breakdown.labels, strict=True)):
        named = label or options.get(code, str(code))
        key = _normal(named)
        if has_ten or key in labels:
            rows.setdefault(key, []).append(row)
            own.setdefault(key, named)
    labels |= {key: own[key] for key in sorted(own.keys() - labels.keys())}
    parts = tuple(Part(label, tuple(rows.get(key, ())), people.get(key)) for key, label in labels.items())
    return Parted(breakdown, parts, _shown(_merged(breakdown.added_responses, parts)))


def _on_the_list(question: Question, staff: StaffList | None) -> tuple[dict[str, int], dict[str, str]]:
    """People and label of each group on the staff list, by its normal name."""
    spelt = {
        _normal(text): _normal(option.label["en"])
        for option in question.options
        for text in option.label.values()
    }
    shown = {_normal(option.label["en"]): say(option.label) for option in question.options}
    people: dict[str, int] = {}
    labels: dict[str, str] = {}
    for label, number in () if staff is None else staff.groups.get(question.id, ()):
        key = spelt.get(_normal(label), _normal(label))
        people[key] = people.get(key, 0) + number
        labels.setdefault(key, shown.get(key, label))
    return people, labels


def _normal(label: str) -> str:
    """A label as it is compared: case, punctuation and "&" for "and" make no other group."""
    text = re.sub(r"['\u2019]", "", label.casefold()).replace("&", " and ")
    return " ".join(re.sub(r"[^\w]+|_", " ", text).split())


def _merged(added: Ints, parts: Sequence[Part]) -> Ints:
    """Imports x groups, a column for each part and the last for those who named none."""
    columns = [added[:, list(part.rows)].sum(axis=1) for part in parts]
    return np.stack([*columns, added[:, -1]], axis=1).astype(np.int64)


def _shown(added: Ints) -> tuple[bool, ...]:
    """Which groups may be shown, of imports x groups as `_merged` has them.

    A group with nobody is taken as one with somebody too: else, where all others are shown, what they
    leave of the whole would say that it has none.
    """
    somebody = (added.sum(axis=0) == 0).astype(np.int64)
    somebody[-1] = 0
    ways = (disclosure.shown_groups(added), disclosure.shown_groups(np.vstack([added, somebody])))
    return tuple(all(way) for way in zip(*ways, strict=True))
