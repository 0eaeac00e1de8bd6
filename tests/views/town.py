"""Towns with scores of one's choice, for tests that need a certain round and nothing else."""

from tests.factory import make_delivery, make_organisation, make_store, small_survey

LABEL = "2026"
SURVEY = small_survey()


def rated(mean, n=10):
    """n answers from 1 to 5 whose mean is as asked (as near as n answers can), not all alike."""
    total = round(mean * n)
    answers = [total // n + (person < total % n) for person in range(n)]
    for low, high in ((0, -1), (1, -2)):
        if n >= 4 and answers[high] > 1 and answers[low] < 5:
            answers[low] += 1
            answers[high] -= 1
    return answers


def everything(mean, n=10):
    """Answers to the aspects and to the overall question, all with the same mean."""
    return {"A1": rated(mean, n), "A2": rated(mean, n), "OVR": rated(mean, n)}


def code_of(number):
    return f"X{number:02d}"


def towns(number, **facts):
    """That many organisations; a fact is one value for all, or one for each."""
    return tuple(
        make_organisation(
            code_of(place),
            **{
                key: value[place] if isinstance(value, list | tuple) else value
                for key, value in facts.items()
            },
        )
        for place in range(number)
    )


def town_store(folder, answers, *, organisations=None, closed=True, name="store.duckdb"):
    """A store with one round, of [answers of organisation 0, of 1, ...] or {code: answers}."""
    given = answers if isinstance(answers, dict) else {code_of(at): one for at, one in enumerate(answers)}
    return make_store(
        folder,
        {LABEL: given},
        organisations=organisations or towns(len(given)),
        closed=(LABEL,) if closed else (),
        name=name,
    )


def delivery(code, answers, label=LABEL, **facts):
    return make_delivery(SURVEY, label, code, answers, **facts)
