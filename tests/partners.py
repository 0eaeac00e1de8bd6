"""A small instrument of readiness, and partnerships put into a store.

Three areas of three statements, so a test that passes with it shows that nothing knows the numbers
five and six; "don't know" has another code than in the shipped instrument.
"""

from datetime import datetime, timedelta

from improve.instruments import Category, InstrumentKind, Option, Readiness
from improve.instruments.model import Statement, Use
from improve.store import (
    PastAnswers,
    PastMember,
    PastPartnership,
    Reply,
    Saying,
    add_respondent,
    answer_statements,
    create_partnership,
    invite_member,
    join_partnership,
    read_partner_assessments,
    read_partnerships,
    submit_partner_assessment,
    write_partnerships,
)

DONT_KNOW = 9
AREAS = ("VIS", "RES", "GOV")
DAY = datetime(2026, 3, 2, 9)


def small_readiness(version="1.0", **changes):
    """It has the id under which the pages look for the instrument of readiness."""
    labels = ("Not started", "Talked about", "Partly in place", "Largely in place", "Fully in place")
    instrument = Readiness(
        id="rasp",
        version=version,
        kind=InstrumentKind.READINESS,
        title="Small readiness",
        wording="made for tests",
        rule="share_of_answered_1",
        answers=(
            *(Option(code=code, id=f"code{code}", label=label) for code, label in enumerate(labels)),
            Option(code=DONT_KNOW, id="dont_know", label="Don't know", group="blind_spot", counts=False),
        ),
        roles=tuple(Use(id=id_, name=id_.title()) for id_ in ("leader", "finance", "ict", "hr")),
        areas=(
            Category(id="VIS", name="Vision", summary="Whether they want the same"),
            Category(id="RES", name="Resources"),
            Category(id="GOV", name="Governance"),
        ),
        statements=tuple(
            Statement(
                id=f"{area}{place}",
                area=area,
                text=f"There is {area}{place}",
                topic=f"Topic {area}{place}",
                good=f"{area}{place} is written down",
                prepare=f"Write {area}{place} down",
            )
            for area in AREAS
            for place in (1, 2, 3)
        ),
    )
    return instrument.model_copy(update=changes)


READINESS = small_readiness()
ITEMS = tuple(one.id for one in READINESS.statements)


def said(word):
    """Item -> code from a letter per statement: 0 to 4, ? for "don't know", - for no answer."""
    letters = word.replace(" ", "")
    assert len(letters) == len(ITEMS)
    return {
        item: DONT_KNOW if letter == "?" else int(letter)
        for item, letter in zip(ITEMS, letters, strict=True)
        if letter != "-"
    }


def make_partnership(store, *partners, candidates=(), name="Shared ICT", confidential=False):
    """A partnership that all of them have joined, the first as its founder."""
    founder, *others = partners
    id_ = create_partnership(store, name, founder, READINESS, "Ann", is_confidential=confidential, moment=DAY)
    for code in (*others, *candidates):
        invite_member(store, id_, code, "Ann", as_candidate=code in candidates, moment=DAY)
        join_partnership(store, id_, code, "Ben", moment=DAY)
    return id_


def assessment_of(store, partnership, organisation, number=None):
    number = number or read_partnerships(store)[partnership].newest.number
    return read_partner_assessments(store, partnership, number).get(organisation)


def reply(store, partnership, organisation, *answers, complete=None, moment=None):
    """Puts in respondents as (role, word), and completes the assessment in a season, or in none ("")."""
    number = read_partnerships(store)[partnership].newest.number
    for role, word in answers:
        one = add_respondent(store, partnership, number, organisation, role, "", moment=moment)
        assessment = assessment_of(store, partnership, organisation)
        sayings = [Saying(item, code) for item, code in said(word).items()]
        answer_statements(store, assessment, one, sayings, moment=moment)
    if complete is not None:
        assessment = assessment_of(store, partnership, organisation)
        submit_partner_assessment(store, assessment, complete or None, ITEMS, "Ann", moment=moment)


def past(*rounds, candidates=(), left=(), name="Shared ICT", confidential=False, founder=None, moment=DAY):
    """A partnership to be stored whole; a round is {organisation: (season, (role, word), ...)}.

    Its season is None for an assessment that is not completed. Rounds are 90 days apart, and each is
    answered ten days after its start; who `left` did so after that.
    """
    codes = list(dict.fromkeys(code for one in rounds for code in one))
    founder = founder or next(code for code in codes if code not in candidates)
    started = tuple(moment + timedelta(days=90 * place) for place in range(len(rounds)))
    answers = tuple(
        PastAnswers(
            number=place + 1,
            organisation=code,
            respondents=tuple(
                (role, "", {item: Reply(one, f"Seen by {role}", "") for item, one in said(word).items()})
                for role, word in given
            ),
            answered_at=started[place] + timedelta(days=10),
            submitted_at=None if season is None else started[place] + timedelta(days=10),
            round=season,
        )
        for place, one in enumerate(rounds)
        for code, (season, *given) in one.items()
        if given
    )
    members = tuple(
        PastMember(
            code, moment, code in candidates, None, started[-1] + timedelta(days=20) if code in left else None
        )
        for code in (founder, *(code for code in codes if code != founder))
    )
    return PastPartnership(name, members, started, answers, "Ann", confidential)


def write_past(store, *pasts):
    return write_partnerships(store, READINESS, pasts)
