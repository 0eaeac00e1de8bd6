"""A survey with questions about skills, worlds of answers to it, and a store's raw rows as plain dicts."""

from collections import defaultdict

from hypothesis import strategies as st

from improve.instruments import Option, Question, QuestionKind
from improve.store import ANSWER
from tests.factory import small_survey

ABILITY = (
    Option(code=4, id="show", label="I could show others"),
    Option(code=3, id="alone", label="On my own"),
    Option(code=2, id="helped", label="With help"),
    Option(code=0, id="not", label="Not at all"),
    Option(code=5, id="never", label="Never needed", counts=False),
)
SKILLS = ("S1", "S2", "S3")


def skilled_survey(version="1.0", **changes):
    """The small survey with three skills; with a role and a list that make no skill; with days and a job."""
    small = small_survey()

    def choice(item, kind=QuestionKind.SINGLE, **facts):
        return Question(id=item, kind=kind, short=item, text=item, options=ABILITY, **facts)

    return small_survey(
        version,
        **{
            "questions": (
                *small.questions,
                *(choice(item, role="skill") for item in SKILLS),
                choice("LIKES", QuestionKind.MULTIPLE, role="skill"),
                choice("MOOD", role="attitude"),
                Question(id="DAYS", kind=QuestionKind.NUMBER, short="Days", text="Days?", low=0, high=9),
            ),
            "profile": (*small.profile, choice("JOB", role="job")),
            **changes,
        },
    )


RATING = st.sampled_from([None, 1, 2, 5])
LEVEL = st.sampled_from([None, 0, 2, 3, 4, 5])
ITEMS = {
    **{(aspect, measure): RATING for aspect in ("A1", "A2") for measure in ("importance", "satisfaction")},
    ("OVR", ANSWER): RATING,
    **{(item, ANSWER): LEVEL for item in (*SKILLS, "MOOD", "JOB")},
    ("LIKES", ANSWER): st.sampled_from([None, (0,), (4, 5), (2, 3, 4)]),
    ("HOURS", ANSWER): st.sampled_from([None, 0.0, 7.5, 8.0]),
    ("DAYS", ANSWER): st.sampled_from([None, 0.5, 3.0]),
    ("AREA", ANSWER): st.sampled_from([None, "Schools", "Roads", "Care"]),
    ("COM", ANSWER): st.sampled_from([None, "well done"]),
}


@st.composite
def files(draw, most=3):
    """Some files of one organisation, each (item, measure) -> what its people answered."""
    found = []
    for _ in range(draw(st.integers(1, most))):
        people = draw(st.integers(0, 6))
        asked = draw(st.sets(st.sampled_from(sorted(ITEMS)), min_size=1))
        found.append(
            {key: draw(st.lists(ITEMS[key], min_size=people, max_size=people)) for key in sorted(asked)}
        )
    return found


def read(store, sql):
    with store._cursor() as cursor:
        found = cursor.execute(sql)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def people(store, round_label, organisation):
    """Each response standing as (import id, {(item, measure): [codes or numbers]}), from the raw rows."""
    standing = [
        one["id"]
        for one in read(store, "select * from import order by id")
        if (one["round"], one["organisation"], one["replaced_at"]) == (round_label, organisation, None)
    ]
    found = {
        (row["import_id"], row["id"]): defaultdict(list)
        for row in read(store, "select * from response order by id")
        if row["import_id"] in standing
    }
    for row in read(store, "select * from answer"):
        if row["import_id"] in standing:
            given = row["number"] if row["code"] is None else row["code"]
            found[row["import_id"], row["response_id"]][row["item"], row["measure"]].append(given)
    return [(import_id, answers) for (import_id, _response), answers in found.items()]


def summed(values):
    """n, sum and sum of squares."""
    return len(values), sum(values), sum(value * value for value in values)


def gap_of(answers, aspect):
    """One person's importance minus satisfaction, in a list; an empty one for whoever gave not both."""
    given = answers[aspect, "importance"], answers[aspect, "satisfaction"]
    return [given[0][0] - given[1][0]] if all(given) else []


def index_of(answers):
    """One person's mean points over the skills that they have an opinion on, in a list; or an empty one."""
    points = [code for item in SKILLS for code in answers[item, ANSWER] if code != 5]
    return [sum(points) / len(points)] if points else []
