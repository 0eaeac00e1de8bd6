"""The answers of the demonstration: what a survey would have brought in, made from a fixed seed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import ndtri

from improve.demo.comment import tone_of, write_comments
from improve.demo.plan import ROUNDS, SEED, Plan, make_plan, make_skills_plan, read_priors
from improve.demo.rating import Codes, Floats, latent, mixed, settle, two_camps
from improve.demo.story import STORIES, WELSH
from improve.demo.workforce import Row, option_shares, read_workforces, staff_lists
from improve.instruments.model import Aspect, Question, QuestionKind, Scale, Survey
from improve.store.batch import ANSWER, ANSWERS, COMMENTS, RESPONSES, Batch

PERSON_WEIGHT, HEADLINE_WEIGHT = 0.63, 0.77
"""Correlation of a rating of an aspect, and of the service as a whole, with the person's mood."""
CATEGORY_SD, ASPECT_SD, ROUND_SD, IMPORTANCE_SD, AREA_SD = 0.18, 0.15, 0.06, 0.1, 0.25
TREND_LEAN = 3.0
SKILL_WEIGHT = 0.65
"""Correlation of what people can do in one thing, or of their attitude, with their mood."""
FOLLOWS = 0.5
"""The share of an answer that becomes part of the answer to the number question that follows it."""
LARGEST_NUMBER_SHIFT = 0.9
"""By at most this share of its mean a number question's mean is lowered for an organisation or a group."""
COMMENT_SHARE, NEWEST_COMMENT_SHARE, ANSWERED_SHARE = 0.105, 0.4, 0.55
"""Of all people, those who comment; of those, the share that answers each of the text questions."""
REMINDERS = (8, 15)
"""Days after opening on which everybody who had not answered was asked again."""
WAVES = (0.5, 0.3, 0.2)
"""Share that answers the invitation, and each reminder."""

STANDING = ("skill", "attitude")
"""The roles of choices that hang on what people can do."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation's part in one round. `opened`, `closed`, `reminders` are days."""

    round: str
    organisation: str
    invited: int
    opened: date
    closed: date
    reminders: tuple[date, ...]
    batch: Batch


@dataclass(frozen=True, slots=True)
class Column:
    """Everybody's answers to one item: codes, or numbers where it has them, and who gave one at all."""

    item: str
    measure: str
    present: Flags
    codes: Codes
    numbers: Floats | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """All people of one round, organisation after organisation, and the chance that makes them.

    `place` is the round's place in ROUNDS, `council` each person's organisation as its place in the
    plan, `mood` a person's standing in everything (standard normal), `areas` the choices from an
    organisation's own list (question -> place in the list, from 1), `jobs` those of a job (question ->
    place among the options), `outlook` how much more content their area makes a person than the
    organisation as a whole (in points of priors.yaml).
    """

    place: int
    council: NDArray[np.int64]
    rng: np.random.Generator
    mood: Floats
    areas: Mapping[str, Codes]
    jobs: Mapping[str, NDArray[np.int64]]
    outlook: Floats

    @property
    def n(self) -> int:
        """How many they are."""
        return len(self.council)


def demonstration_batches(survey: Survey, progress: Callable[[float], None] | None = None) -> Iterator[Entry]:
    """Every organisation's answers to `survey`, round by round, the oldest first; all rounds are closed.

    The same survey gives the same answers every time; one about skills has rounds and organisations
    of its own. `progress` is called with the share done (0 to 1) after each entry has been taken.
    Optional aspects are not asked.
    """
    plan = make_plan(np.random.default_rng([SEED, 0]))
    if any(question.role == "skill" for question in survey.questions):
        plan = make_skills_plan(plan, np.random.default_rng([SEED, 5]))
    fieldwork = Fieldwork(survey, plan)
    total, done = int(plan.responses.sum()), 0
    for place in range(len(plan.rounds)):
        for entry in fieldwork.entries(place):
            yield entry
            done += entry.batch.n
            if progress is not None:
                progress(done / total)


def demonstration_staff(survey: Survey) -> Iterator[tuple[str, list[Row]]]:
    """(organisation, rows of item, label, people) of the staff lists of the newest round of a main survey."""
    return staff_lists(survey, make_plan(np.random.default_rng([SEED, 0])))


class Fieldwork:
    """One survey, asked in every round of a plan.

    Targets are arrays of rounds x aspects x organisations, on the scale of priors.yaml; answers are
    arrays over a crowd.
    """

    def __init__(self, survey: Survey, plan: Plan) -> None:
        rng = np.random.default_rng([SEED, 1])
        self.survey, self.plan, self.priors = survey, plan, read_priors()
        self.aspects = [aspect for aspect in survey.aspects if not aspect.optional]
        self.place_of = {code: place for place, code in enumerate(plan.codes)}
        self.targets = {measure.id: self._target(measure.id, rng) for measure in survey.measures}
        self.workforces = read_workforces()
        self.own_lists = [
            question.id for question in survey.all_questions() if question.options_from == "organisation"
        ]
        self.area_effect = AREA_SD * rng.standard_normal((len(plan.codes), 255))
        self.general = self._level("", self.priors.standing.between, rng)
        self.levels = {question.id: self._level_of(question, rng) for question in survey.all_questions()}

    def entries(self, place: int) -> Iterator[Entry]:
        """The entries of the round at `place`, in the order of the register."""
        plan, counts = self.plan, self.plan.responses[place]
        crowd = self._crowd(place)
        columns = self._columns(crowd)
        said = self._comments(columns, crowd)
        times = self._times(crowd)

        present = np.stack([column.present for column in columns])
        codes = np.stack([column.codes for column in columns])
        items = pa.array([column.item for column in columns])
        measures = pa.array([column.measure for column in columns])
        is_number = np.array([column.numbers is not None for column in columns])
        asked = frozenset((column.item, column.measure) for column in columns)
        asked |= {(question.id, ANSWER) for question in self.survey.comments}

        stops = np.cumsum(counts)
        for one in np.flatnonzero(counts).tolist():
            start, stop = int(stops[one] - counts[one]), int(stops[one])
            rows, people = np.nonzero(present[:, start:stop])
            are_numbers = is_number[rows]
            numbers = np.zeros(len(rows))
            for row, column in enumerate(columns):
                if column.numbers is not None:
                    numbers[rows == row] = column.numbers[start:stop][present[row, start:stop]]
            answers = pa.Table.from_arrays(
                [
                    pa.array(people.astype(np.int32)),
                    pa.DictionaryArray.from_arrays(rows.astype(np.int32), items).dictionary_decode(),
                    pa.DictionaryArray.from_arrays(rows.astype(np.int32), measures).dictionary_decode(),
                    pa.array(codes[:, start:stop][rows, people], mask=are_numbers),
                    pa.array(numbers, mask=~are_numbers),
                ],
                schema=ANSWERS,
            )
            responses = pa.Table.from_arrays(
                [pa.array(np.arange(2, stop - start + 2, dtype=np.int32)), pa.array(times[start:stop])],
                schema=RESPONSES,
            )
            comments = pa.Table.from_pylist(
                [
                    {"response": person - start, "item": item, "text": text}
                    for person, item, text in said.get(one, ())
                ],
                schema=COMMENTS,
            )
            options = dict.fromkeys(self.own_lists, self.workforces[one].areas)
            opened, closed = plan.opened[place, one], plan.closed[place, one]
            yield Entry(
                round=plan.rounds[place],
                organisation=plan.codes[one],
                invited=int(plan.invited[place, one]),
                opened=opened.astype(date),
                closed=closed.astype(date),
                reminders=tuple((opened + days).astype(date) for days in REMINDERS),
                batch=Batch(responses, answers, comments, asked, options),
            )

    def _level(self, question: str, sd: float, rng: np.random.Generator) -> Floats:
        """How far each organisation is from the usual; where a story is told, it is as told."""
        places = rng.permutation(len(self.plan.codes))
        level = sd * ndtri((places + 0.5) / len(places))
        for story in STORIES.values():
            if question in story.skills:
                level[self.place_of[story.organisation]] = story.skills[question]
        return np.asarray(level)

    def _level_of(self, question: Question, rng: np.random.Generator) -> Floats:
        number = self.priors.numbers.get(question.id)
        sd = number.between if number is not None else self.priors.standing.question_between
        return self._level(question.id, sd, rng)

    def _is_relative(self, measure: str) -> bool:
        """Whether a measure follows the organisation's overall score, as satisfaction does."""
        prior = self.priors.measures.get(measure)
        return prior is None or prior.mean is None

    def _target(self, measure: str, rng: np.random.Generator) -> Floats:
        """The mean that an organisation's people would give each aspect, were they asked for ever."""
        shape = (len(self.plan.rounds), len(self.aspects), len(self.plan.codes))
        prior = self.priors.measures.get(measure)
        if prior is not None and prior.mean is not None:
            usual = sum(prior.mean.values()) / len(prior.mean)
            mean = np.array([prior.mean.get(aspect.id, usual) for aspect in self.aspects])
            own = IMPORTANCE_SD * (rng.standard_normal(shape[1:]) + rng.standard_normal(shape[2]))
            return np.broadcast_to(mean[:, None] + own, shape)
        offsets = (prior.offset_from_overall if prior is not None else None) or {}
        offset = np.array([offsets.get(aspect.id, 0.0) for aspect in self.aspects])
        categories = sorted({aspect.category for aspect in self.aspects})
        of_category = CATEGORY_SD * rng.standard_normal((len(categories), shape[2]))
        effect = (
            of_category[[categories.index(aspect.category) for aspect in self.aspects]]
            + ASPECT_SD * rng.standard_normal(shape[1:])
            + ROUND_SD * rng.standard_normal(shape)
        )
        for story in STORIES.values():
            council = self.place_of[story.organisation]
            for row, aspect in enumerate(self.aspects):
                told = story.effect.get(aspect.id, story.effect.get(aspect.category))
                if told is not None:
                    effect[:, row, council] = told
                if aspect.id in story.aspects and story.since:
                    is_after = np.array([label >= story.since for label in self.plan.rounds])
                    effect[:, row, council] += np.where(is_after, story.shift, -story.shift) / 2
        return np.asarray(self.plan.overall[:, None, :] + offset[:, None] + effect)

    def _crowd(self, place: int) -> Crowd:
        rng = np.random.default_rng([SEED, 2, place, zlib.crc32(self.survey.id.encode())])
        counts = self.plan.responses[place]
        council = np.repeat(np.arange(len(counts)), counts)
        areas, jobs = {}, {}
        outlook = np.zeros(len(council))
        for item in self.own_lists:
            draws = np.split(rng.random(len(council)), np.cumsum(counts)[:-1])
            chosen = [
                1 + np.searchsorted(np.cumsum(one.shares)[:-1], draw)
                for one, draw in zip(self.workforces, draws, strict=True)
            ]
            areas[item] = np.concatenate(chosen).astype(np.uint8)
            outlook += self.area_effect[council, areas[item]]
        for question in self.survey.profile:
            if question.role == "job":
                edges = np.cumsum(option_shares(question, 1.0))
                jobs[question.id] = np.searchsorted(edges / edges[-1], rng.random(len(council)))
        crowd = Crowd(place, council, rng, rng.standard_normal(len(council)), areas, jobs, outlook)
        return replace(crowd, outlook=self._centred(outlook, crowd))

    def _centred(self, values: Floats, crowd: Crowd) -> Floats:
        """Values of people less the mean of their organisation."""
        people = np.bincount(crowd.council, minlength=len(self.plan.codes)).clip(1)
        mean = np.bincount(crowd.council, values, len(people)) / people
        return np.asarray(values - mean[crowd.council])

    def _of_groups(self, question: str, crowd: Crowd) -> Floats:
        """What people's areas and jobs make of their standing in a question, organisations staying alike."""
        groups, found = self.priors.standing.groups, np.zeros(crowd.n)
        for chosen in crowd.areas.values():
            of_area = np.zeros((len(self.workforces), 255))
            for place, one in enumerate(self.workforces):
                of_area[place, 1 : len(one.areas) + 1] = [
                    groups.get(area, {}).get(question, 0.0) for area in one.areas
                ]
            found += of_area[crowd.council, chosen]
        for item, places in crowd.jobs.items():
            options = next(one.options for one in self.survey.profile if one.id == item)
            found += np.array([groups.get(option.id, {}).get(question, 0.0) for option in options])[places]
        return self._centred(found, crowd)

    def _columns(self, crowd: Crowd) -> list[Column]:
        """All answers of one round, in the order of the form: aspects, then questions."""
        between = self.priors.correlation.person
        person = {
            measure.id: crowd.mood
            if self._is_relative(measure.id)
            else mixed(between, crowd.mood, crowd.rng.standard_normal(crowd.n))
            for measure in self.survey.measures
        }
        columns: list[Column] = []
        for row, aspect in enumerate(self.aspects):
            columns += self._rate(row, aspect, person, crowd)
        standing = self.general[crowd.council] + self._of_groups("", crowd)
        for question in self.survey.all_questions():
            if question.id in crowd.areas:
                columns.append(Column(question.id, ANSWER, self._given(crowd), crowd.areas[question.id]))
            elif question.id in crowd.jobs:
                codes = np.array([option.code for option in question.options], dtype=np.uint8)
                columns.append(
                    Column(question.id, ANSWER, self._given(crowd), codes[crowd.jobs[question.id]])
                )
            elif question.kind is QuestionKind.RATING:
                columns.append(self._judge(question, crowd))
            elif question.kind is QuestionKind.SINGLE and question.role in STANDING:
                columns.append(self._stand(question, standing, crowd))
            elif question.kind is QuestionKind.SINGLE:
                columns.append(self._choose(question, crowd))
            elif question.kind is QuestionKind.MULTIPLE:
                columns += self._tick(question, crowd)
            elif question.kind is QuestionKind.NUMBER:
                columns.append(self._count(question, columns, crowd))
        return columns

    def _given(self, crowd: Crowd) -> Flags:
        return crowd.rng.random(crowd.n) >= self.priors.missing_rate

    def _rate(self, row: int, aspect: Aspect, person: Mapping[str, Floats], crowd: Crowd) -> Iterator[Column]:
        """One aspect by every measure. Half of what is missing is missing in all measures at once."""
        rng, scale = crowd.rng, self.survey.scale
        missing = np.full(len(self.plan.codes), self.priors.missing_rate / 2)
        for story in STORIES.values():
            if story.missing_rate and aspect.id in story.aspects:
                missing[self.place_of[story.organisation]] = story.missing_rate
        has_opinion = rng.random(crowd.n) >= missing[crowd.council]
        chance = rng.standard_normal(crowd.n)
        for measure, mood in person.items():
            target = self.targets[measure][crowd.place, row]
            prior = self.priors.measures.get(measure)
            sd = prior.sd if prior is not None else self.priors.overall.respondent_sd
            if self._is_relative(measure):
                own, shift = chance, crowd.outlook
            else:
                own = mixed(self.priors.correlation.aspect, chance, rng.standard_normal(crowd.n))
                shift = np.zeros(crowd.n)
            deviate = shift + sd * mixed(PERSON_WEIGHT, mood, own)
            codes = self._ratings(target, deviate, sd, scale, crowd)
            for story in STORIES.values():
                if story.is_polarised and aspect.id in story.aspects and self._is_relative(measure):
                    place = self.place_of[story.organisation]
                    mine = crowd.council == place
                    mean = float(self._stretch(target[place], scale))
                    codes[mine] = two_camps(rng, int(mine.sum()), mean, scale)
            given = has_opinion & (rng.random(crowd.n) >= self.priors.missing_rate / 2)
            yield Column(aspect.id, measure, given, codes)

    def _judge(self, question: Question, crowd: Crowd) -> Column:
        """A rating of the service as a whole; the headline of the newest Welsh round comes out as told."""
        scale, rng = self.survey.scale_of(question), crowd.rng
        target = self.plan.overall[crowd.place] + self.priors.ratings.get(question.id, 0.0)
        sd = self.priors.overall.respondent_sd
        deviate = crowd.outlook + sd * mixed(HEADLINE_WEIGHT, crowd.mood, rng.standard_normal(crowd.n))
        codes = self._ratings(target, deviate, sd, scale, crowd)
        given = self._given(crowd)
        if question == self.survey.headline and crowd.place == len(ROUNDS) - 1:
            for code, (overall, *_) in WELSH.items():
                answered = np.flatnonzero((crowd.council == self.place_of[code]) & given)
                if code == STORIES["best"].organisation:
                    codes[answered[0]] = scale.low
                codes[answered] = settle(rng, codes[answered], float(self._stretch(overall, scale)), scale)
        return Column(question.id, ANSWER, given, codes)

    def _ratings(self, target: Floats, deviate: Floats, sd: float, scale: Scale, crowd: Crowd) -> Codes:
        """Ratings whose mean is the target of each person's organisation; `sd` is that of `deviate`."""
        unit = (scale.high - scale.low) / (self.priors.scale.high - self.priors.scale.low)
        centre = latent(self._stretch(target, scale), sd * unit, scale.low, scale.high)
        drawn = np.rint(centre[crowd.council] + unit * deviate)
        return np.asarray(drawn.clip(scale.low, scale.high), dtype=np.uint8)

    def _stretch(self, value: Floats | float, scale: Scale) -> Floats:
        """A value of priors.yaml on a scale of the instrument."""
        bounds = self.priors.scale
        share = (np.asarray(value) - bounds.low) / (bounds.high - bounds.low)
        return np.asarray(scale.low + share * (scale.high - scale.low))

    def _choose(self, question: Question, crowd: Crowd) -> Column:
        """One option each. The question on the trend leans the way the organisation went."""
        weights = np.tile(option_shares(question, 1.0), (len(self.plan.codes), 1))
        if question.role == "trend" and crowd.place > 0:
            change = self.plan.overall[crowd.place] - self.plan.overall[crowd.place - 1]
            counts = np.array([option.counts for option in question.options])
            lean = np.zeros(len(counts))
            lean[counts] = np.linspace(-1, 1, counts.sum())
            weights *= np.exp(TREND_LEAN * change[:, None] * lean)
        edges = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)[:, :-1]
        chosen = (crowd.rng.random(crowd.n)[:, None] > edges[crowd.council]).sum(axis=1)
        codes = np.array([option.code for option in question.options], dtype=np.uint8)
        return Column(question.id, ANSWER, self._given(crowd), codes[chosen])

    def _stand(self, question: Question, standing: Floats, crowd: Crowd) -> Column:
        """One option each, by standing: the best are named first. Those that do not count go by chance."""
        rng, codes = crowd.rng, np.array([option.code for option in question.options], dtype=np.uint8)
        counts = np.array([option.counts for option in question.options])
        shares = option_shares(question, 1.0)
        where = (
            standing
            + self.priors.standing.questions.get(question.id, 0.0)
            + self.levels[question.id][crowd.council]
            + self._of_groups(question.id, crowd)
            + mixed(SKILL_WEIGHT, crowd.mood, rng.standard_normal(crowd.n))
        )
        edges = ndtri(1 - np.cumsum(shares[counts])[:-1] / shares[counts].sum())
        chosen = codes[counts][np.searchsorted(-edges, -where)]
        if not counts.all():
            draws = rng.random(crowd.n) * shares.sum()
            aside = np.cumsum(shares[~counts])
            is_aside = draws < aside[-1]
            chosen[is_aside] = codes[~counts][np.searchsorted(aside, draws[is_aside], side="right")]
        return Column(question.id, ANSWER, self._given(crowd), chosen)

    def _tick(self, question: Question, crowd: Crowd) -> Iterator[Column]:
        """Several options each: one column per option. What stands alone is for whoever ticks no other."""
        shares = option_shares(question, 1 / 3)
        ticked = crowd.rng.random((len(shares), crowd.n)) < shares[:, None]
        is_alone = np.array([option.id in self.priors.alone for option in question.options])
        ticked[is_alone] = ~ticked[~is_alone].any(axis=0)
        for option, present in zip(question.options, ticked, strict=True):
            yield Column(question.id, ANSWER, present, np.full(crowd.n, option.code, dtype=np.uint8))

    def _count(self, question: Question, earlier: Sequence[Column], crowd: Crowd) -> Column:
        """A number question, in whole steps from its low end."""
        low, high, step = question.low or 0.0, question.high or 0.0, question.step or 1.0
        prior = self.priors.numbers.get(question.id)
        mean, sd = (prior.mean, prior.sd) if prior is not None else ((low + high) / 2, (high - low) / 6)
        shift = self._of_groups(question.id, crowd) + self.levels[question.id][crowd.council]
        begun = np.zeros(crowd.n)
        for column in earlier:
            if prior is not None and column.item == prior.follows and column.numbers is not None:
                begun = FOLLOWS * column.numbers
                mean -= FOLLOWS * self.priors.numbers[prior.follows].mean
                shift = shift - FOLLOWS * self.levels[prior.follows][crowd.council]
        means = (mean - low + shift).clip((1 - LARGEST_NUMBER_SHIFT) * (mean - low))
        drawn = begun + crowd.rng.gamma((means / sd) ** 2, sd**2 / means)
        numbers = (low + np.rint(drawn / step) * step).clip(low, high)
        return Column(question.id, ANSWER, self._given(crowd), np.zeros(crowd.n, dtype=np.uint8), numbers)

    def _comments(self, columns: list[Column], crowd: Crowd) -> dict[int, list[tuple[int, str, str]]]:
        """(person, question, text) per organisation, praising a person's best of three aspects, or
        complaining of the worst.
        """
        rng, headline = crowd.rng, self.survey.headline
        rated = [
            column for column in columns if column.measure != ANSWER and self._is_relative(column.measure)
        ]
        content = np.full(crowd.n, 0.5)
        for column in columns:
            if headline is not None and column.item == headline.id:
                scale = self.survey.scale_of(headline)
                content = (column.codes.astype(float) - scale.low) / (scale.high - scale.low)
        is_welsh = np.array([code in WELSH for code in self.plan.codes])[crowd.council]
        is_newest = crowd.place == len(ROUNDS) - 1
        speaks = rng.random(crowd.n) < (NEWEST_COMMENT_SHARE if is_newest else COMMENT_SHARE)
        said: dict[int, list[tuple[int, str, str]]] = {}
        for question in self.survey.comments:
            people = np.flatnonzero(speaks & (rng.random(crowd.n) < ANSWERED_SHARE))
            tone = tone_of(question.id)
            about = [""] * len(people)
            if rated:
                three = rng.integers(0, len(rated), (len(people), 3))
                codes = np.stack([column.codes for column in rated])[three, people[:, None]].astype(int)
                extreme = (codes if tone == "praise" else -codes).argmax(axis=1)
                about = [rated[place].item for place in three[np.arange(len(people)), extreme]]
            texts = write_comments(rng, tone, about, content[people], is_welsh[people])
            for person, text in zip(people.tolist(), texts, strict=True):
                said.setdefault(int(crowd.council[person]), []).append((person, question.id, text))
        return {council: sorted(comments) for council, comments in said.items()}

    def _times(self, crowd: Crowd) -> NDArray[np.datetime64]:
        """When each answered (UTC), in order within an organisation: on working days, most of them
        soon after the invitation or a reminder.
        """
        rng = crowd.rng
        opened, closed = (days[crowd.place][crowd.council] for days in (self.plan.opened, self.plan.closed))
        wave = np.array([0, *REMINDERS])[rng.choice(1 + len(REMINDERS), crowd.n, p=WAVES)]
        day = np.busday_offset(opened + wave + rng.geometric(0.4, crowd.n) - 1, 0, roll="forward")
        seconds = (3_600 * rng.normal(11.5, 2.3, crowd.n).clip(5.5, 21.5)).astype("timedelta64[s]")
        times = (np.minimum(day, closed).astype("datetime64[s]") + seconds).astype("datetime64[us]")
        return np.asarray(times[np.lexsort((times, crowd.council))])
