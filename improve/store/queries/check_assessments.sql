-- One row per organisation and instrument with an assessment that nobody can have answered so.
-- Caller: check._derived
-- The round of one that is open is ''. Clocks are set right by seconds, never by more than a minute.
with stated as (
    select id as instrument, version, definition::json as definition
    from instrument
    where definition::json ->> '$.kind' = 'maturity'
),
criterion as (select instrument, version, unnest(definition ->> '$.criteria[*].id') as item from stated),
option as (
    select instrument, version, unnest(definition ->> '$.answers[*].code')::utinyint as code from stated
),
counted as (select *, count(*) over (partition by id) as n from assessment_answer),
wrong as (
    -- No such question or answer in its version, two answers under one number, or one after submission.
    select assessment.id
    from counted
    join assessment on assessment.id = assessment_id
    join stated using (instrument, version)
    left join criterion using (instrument, version, item)
    left join option using (instrument, version, code)
    where criterion.item is null or option.code is null or n > 1
        or answered_at > submitted_at + interval 1 minute
    union
    -- Submitted, and a criterion has no answer.
    select assessment.id
    from assessment
    join criterion using (instrument, version)
    anti join assessment_answer
        on assessment_answer.assessment_id = assessment.id and assessment_answer.item = criterion.item
    where submitted_at is not null
    union
    -- Agreed on after a poll of another.
    select assessment_answer.assessment_id
    from assessment_answer
    join poll on poll.id = poll_id
    where poll.assessment_id <> assessment_answer.assessment_id
    union
    select id
    from assessment
    where (submitted_at is null) <> (round is null) or (submitted_at is null) <> (submitted_by is null)
    union
    -- Two that are open at once.
    select id
    from assessment
    where submitted_at is null
    qualify count(*) over (partition by organisation, instrument) > 1
    union
    -- It counts in the benchmark of a round into which it was not submitted, or for another, or twice.
    select assessment.id
    from (
        select *, count(*) over (partition by round, instrument, organisation) as n from benchmark_assessment
    ) as part
    join assessment on assessment.id = part.assessment_id
    where n > 1 or part.round is distinct from assessment.round
        or (part.organisation, part.instrument) <> (assessment.organisation, assessment.instrument)
)
select distinct coalesce(round, ''), organisation, instrument
from assessment
where id in (select id from wrong)
order by all
