"""Does what is derived still equal what it is derived from? Counted again from the raw answers."""

from __future__ import annotations

from collections.abc import Iterator

from improve.errors import InstrumentError
from improve.instruments import QuestionKind, Survey, instrument_from_json, instrument_sha256
from improve.language import _, ngettext
from improve.store.door import Store


def check_store(store: Store) -> list[str]:
    """What is wrong with a store, a sentence each; empty when all is well.

    Rebuilds item counts, gaps, indexes and participations from the raw rows and compares them with the
    derived tables, row by row; looks for assessments that cannot have come about.
    """
    problems = []
    multiple = []
    for id_, version, sha256, definition in store.rows("instruments"):
        try:
            instrument = instrument_from_json(definition)
            is_same = instrument_sha256(instrument) == sha256
        except InstrumentError:
            is_same = False
        if not is_same:
            problems.append(
                _("The stored text of {id} {version} is not the one it was first used with.").format(
                    id=id_, version=version
                )
            )
        elif isinstance(instrument, Survey):
            multiple += [
                f"{id_} {version} {question.id}"
                for question in instrument.all_questions()
                if question.kind is QuestionKind.MULTIPLE
            ]
    # Without a definition nobody can say what its answers should come to.
    return problems or [*_derived(store, multiple), *_strays(store)]


def _derived(store: Store, multiple: list[str]) -> Iterator[str]:
    for name, parameters, sentence in (
        (
            "check_item_counts",
            {"multiple": multiple},
            _("The counts of {organisation} in round {round} ({instrument}) differ from its answers."),
        ),
        (
            "check_item_gaps",
            {},
            _("The gaps of {organisation} in round {round} ({instrument}) differ from its answers."),
        ),
        (
            "check_index_counts",
            {},
            _("The indexes of {organisation} in round {round} ({instrument}) differ from its answers."),
        ),
        (
            "check_participations",
            {},
            _("What {organisation} took part with in round {round} ({instrument}) differs from its imports."),
        ),
        (
            "check_assessments",
            {},
            _("An assessment of {organisation} ({instrument}) is not as anybody can have answered it."),
        ),
    ):
        for label, organisation, instrument in store.rows(name, parameters):
            yield sentence.format(organisation=organisation, round=label, instrument=instrument)


def _strays(store: Store) -> Iterator[str]:
    orphans = store.rows("check_orphans")[0][0]
    if orphans:
        yield ngettext(
            "{count} row belongs to nothing: its response, import, assessment or poll is missing.",
            "{count} rows belong to nothing: their response, import, assessment or poll is missing.",
            orphans,
        ).format(count=orphans)
    strangers = store.rows("check_strangers")[0][0]
    if strangers:
        yield ngettext(
            "{count} participation or assessment is of an organisation, round or instrument not there.",
            "{count} participations or assessments are of an organisation, round or instrument not there.",
            strangers,
        ).format(count=strangers)
    told = store.rows("check_confidential")[0][0]
    if told:
        yield ngettext(
            "{count} row would let out a confidential assessment.",
            "{count} rows would let out a confidential assessment.",
            told,
        ).format(count=told)
