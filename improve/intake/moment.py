"""When something was: the times of answers as survey tools write them, and days as people type them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from improve.errors import IntakeError
from improve.intake.record import shortened
from improve.language import _

YEARS = (2000, 2100)
"""A time of an answer, or a day of a survey, outside these years is something else."""

_MOMENT = (
    r"^(?P<first>[0-9]{1,4})(?P<mark>[-/.])(?P<second>[0-9]{1,2})[-/.](?P<third>[0-9]{1,4})"
    r"(?:(?:T|,?\p{Zs}+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<seconds>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:\p{Zs}*(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?:\p{Zs}*(?P<zone>Z|GMT|UTC|(?:GMT|UTC)?(?P<sign>[-+])(?P<ahead>[0-9]{1,2}):?(?P<and>[0-9]{2})?))?)?$"
)
"""ISO 8601; and as forms and spreadsheets write it, "2026/05/04 9:00:00 am GMT+1" or "5/4/26 9:00".

Google puts a narrow space of its own (\\p{Zs}) before am and pm.
"""

_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)

Numbers = npt.NDArray[np.int64]


def times_of(values: pa.Array) -> pa.Array | None:
    """Texts as times (timestamp in microseconds, null where blank), or None unless all are times.

    All must be written in one way. Times with an offset are turned into UTC; those without one are
    kept as they are written. Fractions of seconds are left out.
    """
    texts = pc.utf8_trim_whitespace(values)
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    parts = pc.extract_regex(texts, _MOMENT)
    if texts.null_count == len(texts) or parts.null_count > texts.null_count:
        return None
    known = parts.drop_null()
    days = _days(known)
    seconds = _seconds(known)
    if days is None or seconds is None:
        return None
    times = np.full(len(texts), np.datetime64("NaT"), dtype="M8[us]")
    times[np.asarray(texts.is_valid())] = days.astype("M8[us]") + seconds.astype("m8[s]")
    return pa.array(times, pa.timestamp("us"))


def read_day(text: str) -> date:
    """A day as people type it: 2026-05-04, or 04/05/2026 with the day first. Raises IntakeError."""
    found = _DAY.fullmatch(text.strip())
    if found is not None:
        year, month, day = map(int, found.group(1, 2, 3) if found[1] else found.group(6, 5, 4))
        with suppress(ValueError):  # 31 April
            if YEARS[0] <= year <= YEARS[1]:
                return date(year, month, day)
    raise IntakeError(
        _("“{text}” is no day that a survey can have. Write days as 2026-05-04 or 04/05/2026.").format(
            text=shortened(text, 40)
        )
    )


def _numbers(parts: pa.StructArray, name: str) -> Numbers:
    """A part of the texts as whole numbers, 0 where a text does not have it."""
    texts = pc.struct_field(parts, name)
    return np.asarray(pc.cast(pc.if_else(pc.equal(texts, ""), "0", texts), pa.int64()))


def _is(parts: pa.StructArray, name: str, *beginnings: str) -> npt.NDArray[np.bool_]:
    """Where a part begins with one of these; with "", where a text does not have it."""
    texts = pc.struct_field(parts, name)
    found = pc.is_in(pc.utf8_slice_codeunits(texts, 0, 1), pa.array(beginnings))
    return np.asarray(found, dtype=bool)


def _days(parts: pa.StructArray) -> npt.NDArray[Any] | None:
    """The days, None where they are none, or day and month change places within the column.

    Where no value tells day from month, the day comes first as in Britain; but not in Microsoft Forms,
    which writes "5/4/26": years in two digits, and no zero before the rest.
    """
    first, second, third = (_numbers(parts, name) for name in ("first", "second", "third"))
    if (first > 31).all():
        year, month, day = first, second, third
    else:
        is_short = bool((third < 100).all())
        if is_short and not _is(parts, "mark", "/").all():
            return None  # "26-05-04" may begin with its year
        is_bare = not (_is(parts, "first", "0") | _is(parts, "second", "0")).any()
        is_unsaid = not ((first > 12) | (second > 12)).any()
        is_month_first = is_short and is_bare if is_unsaid else bool((second > 12).any())
        month, day = (first, second) if is_month_first else (second, first)
        year = third + 2000 if is_short else third
    is_plausible = (year >= YEARS[0]) & (year <= YEARS[1]) & (month >= 1) & (month <= 12) & (day >= 1)
    if not is_plausible.all():
        return None
    months = ((year - 1970) * 12 + month - 1).astype("M8[M]")
    days = months.astype("M8[D]") + (day - 1)
    return days if (days.astype("M8[M]") == months).all() else None


def _seconds(parts: pa.StructArray) -> Numbers | None:
    """Seconds since the beginning of the day, in UTC where offsets are given; None where they are none."""
    hour, minute, second = (_numbers(parts, name) for name in ("hour", "minute", "seconds"))
    is_after_noon = _is(parts, "half", "P", "p")
    has_half = is_after_noon | _is(parts, "half", "A", "a")
    if (hour > 23).any() or (minute > 59).any() or (second > 59).any():
        return None
    if (has_half & ((hour < 1) | (hour > 12))).any():
        return None
    hour = np.where(has_half, hour % 12 + 12 * is_after_noon, hour)
    has_zone = ~_is(parts, "zone", "")
    if has_zone.any() and not has_zone.all():
        return None
    ahead = 60 * _numbers(parts, "ahead") + _numbers(parts, "and")
    ahead = np.where(_is(parts, "sign", "-"), -ahead, ahead)
    seconds: Numbers = 3600 * hour + 60 * (minute - ahead) + second
    return seconds
