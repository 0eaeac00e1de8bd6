-- What readiness for a shared service stands on: partnerships, who belongs to them, their rounds, answers.
--
-- Tables of their own beside `assessment`: an answer here is one respondent's, an organisation may answer
-- for several partnerships at a time, and a confidential assessment must lie out of the reach of every
-- query that was written for figures which the operator may see.

-- Organisations that mean to share a service. A confidential one has its founder alone for a member, and
-- stays confidential for life: its people answered under that promise.
create table partnership (
    id integer primary key,
    name varchar not null,
    is_confidential boolean not null,
    organisation varchar not null,
    created_at timestamp not null,
    created_by varchar not null
);

-- One row per invitation, the founder's own included. `joined_at` is the agreement that its partners see
-- each other's area scores. Who was asked `as_candidate` is one until `admitted_at`. `left_at` without
-- `joined_at`: declined. Who is asked again has another row.
create table partnership_member (
    partnership_id integer not null,
    organisation varchar not null,
    as_candidate boolean not null,
    invited_at timestamp not null,
    invited_by varchar not null,
    joined_at timestamp,
    joined_by varchar,
    admitted_at timestamp,
    left_at timestamp
);

-- A partnership answers again and again; everybody answers the same version in a round. One round is open.
create table partnership_round (
    partnership_id integer not null,
    number integer not null,
    instrument varchar not null,
    version varchar not null,
    started_at timestamp not null,
    started_by varchar not null,
    closed_at timestamp
);

-- One organisation's assessment in a round of a partnership. It is open until it is completed
-- (`submitted_at`), and from then on as it is. `round` is the season in which it was completed; a
-- confidential one belongs to none, so that no figure of a season can have it.
create table partner_assessment (
    id integer primary key,
    partnership_id integer not null,
    number integer not null,
    organisation varchar not null,
    started_at timestamp not null,
    round varchar,
    submitted_at timestamp,
    submitted_by varchar
);

-- Who answers, by a number of the assessment and a role; `label` is for those who hand out the links.
-- Answers of somebody whose link was withdrawn do not count.
create table respondent (
    assessment_id integer not null,
    respondent integer not null,
    role varchar not null,
    label varchar not null,
    invited_at timestamp not null,
    withdrawn_at timestamp
);

-- Append-only. Of a respondent and an item the highest id counts.
create table readiness_answer (
    id bigint not null,
    assessment_id integer not null,
    respondent integer not null,
    item varchar not null,
    code utinyint not null,
    evidence varchar not null,
    note varchar not null,
    answered_at timestamp not null
);

-- Which assessments count in the benchmark of a closed round (season).
create table benchmark_readiness (
    round varchar not null,
    instrument varchar not null,
    organisation varchar not null,
    assessment_id integer not null
);

create view standing_readiness_answer as
select *
from readiness_answer
qualify row_number() over (partition by assessment_id, respondent, item order by id desc) = 1;

-- Those that can be answered: not completed, in the open round of a partnership that they belong to.
create view open_partner_assessment as
select partner_assessment.*
from partner_assessment
join partnership_round using (partnership_id, number)
where submitted_at is null and closed_at is null
    and exists (
        select 1
        from partnership_member
        where partnership_member.partnership_id = partner_assessment.partnership_id
            and partnership_member.organisation = partner_assessment.organisation
            and joined_at is not null and left_at is null
    );

-- The one that counts for an organisation in a season: the open one completed last.
create view standing_partner_assessment as
select partner_assessment.*, partnership_round.instrument
from partner_assessment
join partnership on partnership.id = partnership_id and not is_confidential
join partnership_round using (partnership_id, number)
where submitted_at is not null and round is not null
qualify row_number() over (
    partition by round, instrument, partner_assessment.organisation
    order by submitted_at desc, partner_assessment.id desc
) = 1;

-- An assessment with one row per respondent (one without any where nobody was asked yet); the answers
-- that count are lists in the order of the items.
create view partner_sheet as
select partner_assessment.id, partnership_id, number, partner_assessment.organisation,
    partnership_round.instrument, partnership_round.version, partner_assessment.started_at, round,
    submitted_at, submitted_by,
    respondent.respondent, role, label, invited_at, withdrawn_at,
    coalesce(items, []) as items, coalesce(codes, []) as codes, coalesce(evidences, []) as evidences,
    coalesce(notes, []) as notes
from partner_assessment
join partnership_round using (partnership_id, number)
left join respondent on respondent.assessment_id = partner_assessment.id
left join (
    select assessment_id, respondent, list(item order by item) as items, list(code order by item) as codes,
        list(evidence order by item) as evidences, list(note order by item) as notes
    from standing_readiness_answer
    group by assessment_id, respondent
) as given on given.assessment_id = partner_assessment.id and given.respondent = respondent.respondent;

-- The area scores (guides/statistics.md section 8) of every assessment, and under '' their mean where
-- there is one in each area. For closing a round again alone, which must know whose figures have changed:
-- what is shown comes from improve/scoring/readiness.py, and a test holds the two together.
create view readiness_item as
select instrument, version, found ->> '$.id' as item, found ->> '$.area' as area
from (
    select id as instrument, version, unnest(definition::json -> '$.statements[*]') as found
    from instrument
    where definition::json ->> '$.kind' = 'readiness'
);

create view readiness_point as
select instrument, version, (found ->> '$.code')::utinyint as code
from (
    select id as instrument, version, unnest(definition::json -> '$.answers[*]') as found
    from instrument
    where definition::json ->> '$.kind' = 'readiness'
)
where coalesce((found ->> '$.counts')::boolean, true);

create view readiness_score as
with person as (
    select partner_assessment.id as assessment_id, respondent.respondent, area, count(*) as asked,
        count(readiness_point.code) as answered, sum(readiness_point.code)::bigint as points
    from partner_assessment
    join partnership_round using (partnership_id, number)
    join respondent on respondent.assessment_id = partner_assessment.id and withdrawn_at is null
    join readiness_item using (instrument, version)
    left join standing_readiness_answer as given
        on given.assessment_id = partner_assessment.id and given.respondent = respondent.respondent
            and given.item = readiness_item.item
    left join readiness_point
        on readiness_point.instrument = partnership_round.instrument
            and readiness_point.version = partnership_round.version and readiness_point.code = given.code
    group by all
),
area as (
    select assessment_id, area, round(avg(points / answered), 9) as score
    from person
    where answered > 0 and 3 * answered >= 2 * asked
    group by all
),
wanted as (
    select partner_assessment.id as assessment_id, count(distinct area) as areas
    from partner_assessment
    join partnership_round using (partnership_id, number)
    join readiness_item using (instrument, version)
    group by all
)
select assessment_id, area, score from area
union all
select assessment_id, '', round(avg(score), 6)
from area
join wanted using (assessment_id)
group by assessment_id, areas
having count(*) = areas;
