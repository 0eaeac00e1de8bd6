-- Counts the answers of the participations in the table `touched` again, from the raw rows.
-- Caller: survey.write_responses
insert into item_count
with source as (
    select import.id as import_id, import.round, import.organisation, import.instrument, import.version
    from import
    join touched using (round, organisation, instrument)
    where import.replaced_at is null
),
sizes as (
    select import_id, count(*) as responses
    from response
    where import_id in (select import_id from source)
    group by import_id
),
asked_of as (
    select round, organisation, instrument, version, item, measure, sum(coalesce(responses, 0)) as asked
    from asked
    join source using (import_id)
    left join sizes using (import_id)
    group by all
),
at_code as (
    select import_id, item, measure, code, number, count(*) as n
    from answer
    where import_id in (select import_id from source)
    group by all
),
-- Only where one person may give several answers are there fewer people than answers.
people as (
    select import_id, item, measure, count(distinct response_id) as n
    from answer
    where import_id in (select import_id from source) and item in (select unnest(multiple) from touched)
    group by all
),
listed as (
    select round, organisation, instrument, version, item, measure,
        sum(n) as n, list(code order by code) as codes, list(n order by code) as counts
    from (
        select round, organisation, instrument, version, item, measure,
            coalesce(code, number) as code, sum(n) as n
        from at_code
        join source using (import_id)
        group by all
    )
    group by all
),
people_of as (
    select round, organisation, instrument, version, item, measure, sum(n) as n
    from people
    join source using (import_id)
    group by all
)
select
    round, organisation, instrument, version, item, measure,
    asked_of.asked, coalesce(people_of.n, listed.n, 0), coalesce(codes, []), coalesce(counts, [])
from asked_of
left join listed using (round, organisation, instrument, version, item, measure)
left join people_of using (round, organisation, instrument, version, item, measure)
order by round, organisation, instrument, item, measure
