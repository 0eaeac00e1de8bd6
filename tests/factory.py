"""Small, real parts for tests: a survey that is not the shipped one, batches, stores.

The survey has three aspects on a scale from 1 to 5, so a test that passes with it shows that
nothing knows the number twenty or the scale 1 to 7.
"""

import atexit
import shutil
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from improve.instruments import (
    Aspect,
    Category,
    Criterion,
    CriterionTag,
    InstrumentKind,
    Maturity,
    Measure,
    Option,
    Question,
    Scale,
    Survey,
)
from improve.instruments.model import Level, QuestionKind
from improve.model import Organisation
from improve.opening import open_with_register
from improve.store import (
    ANSWER,
    ANSWERS,
    COMMENTS,
    RESPONSES,
    Batch,
    Delivery,
    Past,
    Store,
    StoreKind,
    Wording,
    close_round,
    open_round,
    open_store,
    read_rounds,
    write_assessments,
    write_organisations,
    write_responses,
)

CARDIFF, SWANSEA, GWYNEDD = "W06000015", "W06000011", "W06000002"
"""Three councils of the real register."""


def small_survey(version="1.0", **changes):
    """A survey with one question of every kind; `changes` replace whole fields."""
    survey = Survey(
        id="small",
        version=version,
        kind=InstrumentKind.SURVEY,
        title="Small survey",
        wording="made for tests",
        scale=Scale(low=1, high=5, ends={1: "Bad", 5: "Good"}, missing_codes=(0, 9)),
        measures=(
            Measure(id="importance", name="Importance", question="How important?", words=("important",)),
            Measure(id="satisfaction", name="Satisfaction", question="How good?", words=("satisfied",)),
        ),
        categories=(Category(id="SYS", name="Systems"), Category(id="SUP", name="Support")),
        aspects=(
            Aspect(id="A1", category="SYS", short="Reliability", text="Systems work"),
            Aspect(id="A2", category="SUP", short="Help", text="Help comes"),
            Aspect(id="A3", category="SUP", short="Travel", text="Works on trains", optional=True),
        ),
        overall=(
            Question(id="OVR", role="headline", kind=QuestionKind.RATING, short="Overall", text="All told?"),
        ),
        questions=(
            Question(
                id="WAYS",
                kind=QuestionKind.MULTIPLE,
                short="Ways to learn",
                text="How do you learn?",
                options=(
                    Option(code=0, id="room", label="Classroom"),
                    Option(code=1, id="online", label="Online"),
                    Option(code=5, id="guide", label="Guides"),
                ),
            ),
        ),
        profile=(
            Question(
                id="AREA",
                kind=QuestionKind.SINGLE,
                short="Directorate",
                text="Where do you work?",
                options_from="organisation",
            ),
            Question(
                id="HOURS", kind=QuestionKind.NUMBER, short="Hours", text="Hours a day?", low=0, high=12
            ),
        ),
        comments=(Question(id="COM", kind=QuestionKind.TEXT, short="Comment", text="Anything else?"),),
    )
    return survey.model_copy(update=changes)


def _own_code(options, item, label):
    labels = options.setdefault(item, [])
    if label not in labels:
        labels.append(label)
    return labels.index(label) + 1


def make_batch(survey, answers, source_row=2):
    """A batch from a dict: item, or (item, measure) -> what each person answered, None for nothing.

    A bare item means the measure "satisfaction" of an aspect. A person answers a code, a float
    (number questions), a tuple of codes (multiple), or a text (a comment, or an own option's label).
    """
    people = max((len(given) for given in answers.values()), default=0)
    aspects = {aspect.id for aspect in survey.aspects}
    questions = {question.id: question for question in survey.all_questions()}
    rows, comments, options, asked = [], [], {}, set()
    for key, given in answers.items():
        item, measure = key if isinstance(key, tuple) else (key, "satisfaction" if key in aspects else ANSWER)
        kind = questions[item].kind if item in questions else QuestionKind.RATING
        asked.add((item, measure))
        for person, answer in enumerate(given):
            if kind is QuestionKind.TEXT and answer is not None:
                comments.append({"response": person, "item": item, "text": answer})
                continue
            several = () if answer is None else answer if isinstance(answer, tuple) else (answer,)
            for one in several:
                row = {"response": person, "item": item, "measure": measure}
                if kind is QuestionKind.NUMBER:
                    rows.append({**row, "number": float(one)})
                    continue
                rows.append({**row, "code": _own_code(options, item, one) if isinstance(one, str) else one})
    return Batch(
        responses=pa.Table.from_pylist(
            [{"source_row": row} for row in range(source_row, source_row + people)], schema=RESPONSES
        ),
        answers=pa.Table.from_pylist(rows, schema=ANSWERS),
        comments=pa.Table.from_pylist(comments, schema=COMMENTS),
        asked=frozenset(asked),
        options={item: tuple(labels) for item, labels in options.items()},
    )


def make_delivery(survey, round_label, organisation, answers, **facts):
    """A delivery of `make_batch`'s answers; `facts` are its other fields (invited, sha256, ...)."""
    batch = make_batch(survey, answers)
    return Delivery(round_label, organisation, survey, batch, **{"rows_read": batch.n, **facts})


def make_organisation(code, **facts):
    """An invented council; `facts` are its other fields."""
    plain = {
        "name": f"Town {code}",
        "official_name": f"Town {code} Council",
        "welsh_name": "",
        "type": "district",
        "nation": "England",
        "region": "South West",
        "parent_county": "",
        "lon": -3.0,
        "lat": 51.0,
        "population": 100_000,
    }
    return Organisation(code=code, **{**plain, **facts})


def make_store(
    folder: Path,
    rounds: Mapping[str, Mapping[str, Mapping]] | None = None,
    *,
    survey: Survey | None = None,
    organisations: tuple[Organisation, ...] | None = None,
    closed: tuple[str, ...] = (),
    name: str = "store.duckdb",
) -> Store:
    """A real store with the answers {round: {organisation: {item: [answers]}}}; the `closed` are closed.

    Without `organisations` it has the register of real councils.
    """
    path = folder / name
    if path.exists():
        raise FileExistsError(path)
    store = open_store(Path(shutil.copyfile(_new_store(with_register=organisations is None), path)))
    if organisations is not None:
        write_organisations(store, organisations)
    survey = survey or small_survey()
    deliveries = [
        make_delivery(survey, label, organisation, answers)
        for label, taking_part in (rounds or {}).items()
        for organisation, answers in taking_part.items()
    ]
    if deliveries:
        write_responses(store, deliveries)
    for label in closed:
        close_round(store, label)
    return store


YES, NO, DONT_KNOW, NOT_APPLICABLE = 1, 2, 3, 9
"""The answers of `small_maturity`; the shipped instrument has other codes for them."""

LETTERS = {"y": YES, "n": NO, "?": DONT_KNOW, "-": NOT_APPLICABLE}


def small_maturity(version="1.0", **changes):
    """Three functions, three levels, two criteria each; `changes` replace whole fields.

    It has the id under which the pages look for the instrument of digital maturity. LEAD decides
    something at the levels 1 and 2, SAFE at 1; WEB's a are provision and its b take-up, up to level 2.
    """
    tags = {
        "LEAD1a": CriterionTag.COMMITMENT,
        "LEAD2a": CriterionTag.COMMITMENT,
        "SAFE1b": CriterionTag.COMMITMENT,
        "WEB1a": CriterionTag.PROVISION,
        "WEB2a": CriterionTag.PROVISION,
        "WEB1b": CriterionTag.TAKE_UP,
        "WEB2b": CriterionTag.TAKE_UP,
    }
    instrument = Maturity(
        id="dma",
        version=version,
        kind=InstrumentKind.MATURITY,
        title="Small maturity",
        wording="made for tests",
        rule="staged_levels_1",
        answers=(
            Option(code=YES, id="yes", label="Yes", group="met"),
            Option(code=NO, id="no", label="No", group="not_met"),
            Option(code=DONT_KNOW, id="dont_know", label="Don't know", group="to_find_out"),
            Option(code=NOT_APPLICABLE, id="not_applicable", label="Does not apply", counts=False),
        ),
        levels=tuple(Level(level=at, name=f"Stage {at}", summary=f"What stage {at} is") for at in (1, 2, 3)),
        functions=(
            Category(id="LEAD", name="Leading", summary="Who decides"),
            Category(id="WEB", name="Website"),
            Category(id="SAFE", name="Safety"),
        ),
        criteria=tuple(
            Criterion(
                id=id_,
                function=function,
                level=at,
                topic=f"Topic {id_}",
                text=f"There is {id_}",
                good=f"Everybody knows {id_}",
                tags=(tags[id_],) if id_ in tags else (),
            )
            for function in ("LEAD", "WEB", "SAFE")
            for at in (1, 2, 3)
            for id_ in (f"{function}{at}a", f"{function}{at}b")
        ),
    )
    return instrument.model_copy(update=changes)


def assessed(*functions, instrument=None):
    """Item -> code from a word per function: y(es), n(o), ? or - (does not apply), in order of criteria.

    A function without a word is all "no"; a space leaves a criterion without an answer.
    """
    instrument = instrument or small_maturity()
    codes = {}
    for place, function in enumerate(instrument.functions):
        ids = [one.id for one in instrument.criteria if one.function == function.id]
        word = functions[place] if place < len(functions) else "n" * len(ids)
        codes |= {id_: LETTERS[one] for id_, one in zip(ids, word, strict=True) if one != " "}
    return codes


def write_assessed(store, rounds, *, instrument=None, day=datetime(2026, 3, 2, 9), closed=()):
    """Submits {round: {organisation: item -> code}} on a day; makes the rounds, and closes the `closed`."""
    instrument = instrument or small_maturity()
    for label, answers in rounds.items():
        if label not in {one.label for one in read_rounds(store)}:
            open_round(store, label)
        write_assessments(
            store,
            instrument,
            [
                Past(organisation, label, tuple(_worded(instrument, given)), "Ann", day)
                for organisation, given in answers.items()
            ],
        )
    for label in closed:
        close_round(store, label)


def write_open(store, organisation, given=None, *, instrument=None, day=datetime(2026, 5, 4, 9)):
    """Leaves an assessment of an organisation open, with item -> code answered by Ann on a day."""
    instrument = instrument or small_maturity()
    answers = tuple(_worded(instrument, given or {}))
    write_assessments(store, instrument, [Past(organisation, "", answers, "Ann", day, is_submitted=False)])


def _worded(instrument, given):
    counts = {one.code: one.counts for one in instrument.answers}
    for item, code in given.items():
        yield Wording(item, code, reason="" if counts[code] else "Not our task")


@cache
def _new_store(*, with_register: bool) -> Path:
    """A new store, closed, to be copied: that takes a third of the time of making one."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "new.duckdb"
    made = (
        open_with_register(path, StoreKind.REAL, "512MB")
        if with_register
        else open_store(path, make=StoreKind.REAL)
    )
    made.close()
    return path


def copy_store(path: Path, folder: Path) -> Path:
    """A copy of a CLOSED store's file, to be written to."""
    return Path(shutil.copy2(path, folder / path.name))
