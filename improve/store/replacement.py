"""How far a file that takes the place of others would change what is stored: counted in responses."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from improve.store.batch import Batch
from improve.store.door import Store

Marks = npt.NDArray[np.uint64]
_BETWEEN = "\x1f"


def responses_changed(
    store: Store, round_label: str, organisation: str, instrument: str, batch: Batch
) -> int:
    """How many responses would go and come if the batch took the place of what is stored.

    A response whose answers are stored just so already does neither; one that was corrected does both.
    Comments and times are not looked at: no figure is made of them.
    """
    part = {"round": round_label, "organisation": organisation, "instrument": instrument}
    rows, table = store.read_together("askeds", "answers", part)
    stored = sum({import_id: accepted for import_id, _version, accepted, _item, _measure in rows}.values())
    whose = {"organisation": organisation, "instrument": instrument}
    labels: dict[str, dict[int, str]] = {}
    for item, code, label in store.rows("own_options", whose):
        labels.setdefault(item, {})[code] = label
    own = {item: dict(enumerate(given, start=1)) for item, given in batch.options.items()}
    before = _marks(table, table["response_id"], labels, stored)
    after = _marks(batch.answers, batch.answers["response"], own, batch.n)
    found, place = np.unique(np.concatenate([before, after]), return_inverse=True)
    ups = np.bincount(place[len(before) :], minlength=len(found))
    downs = np.bincount(place[: len(before)], minlength=len(found))
    return int(np.abs(ups - downs).sum())


def _marks(
    table: pa.Table, responses: pa.ChunkedArray, labels: Mapping[str, Mapping[int, str]], people: int
) -> Marks:
    """A number for each response that its answers make, in whatever order; 0 where it has none."""
    parts = [table[name].cast(pa.string()).fill_null("") for name in ("item", "measure", "code", "number")]
    joined = pc.binary_join_element_wise(*parts, _BETWEEN).combine_chunks().dictionary_encode()
    marks = np.array([_mark(one, labels) for one in joined.dictionary.to_pylist()], np.uint64)
    _people, person = np.unique(responses.to_numpy(), return_inverse=True)
    found = np.zeros(max(people, len(_people)), np.uint64)
    if len(person):
        np.add.at(found, person, marks[joined.indices.to_numpy()])
    return found


def _mark(answer: str, labels: Mapping[str, Mapping[int, str]]) -> int:
    """A number for an answer; an own option counts by its label, whose code differs from file to file."""
    item, measure, code, number = answer.split(_BETWEEN)
    if code and int(code) in labels.get(item, {}):
        code = " ".join(labels[item][int(code)].casefold().split())
    text = _BETWEEN.join((item, measure, code, number))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
