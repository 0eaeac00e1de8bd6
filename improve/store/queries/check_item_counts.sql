-- One row per participation whose derived counts differ from its raw answers, either way.
-- Caller: check.check_store
with standing as (select * from import where replaced_at is null),
at_code as (
    select round, organisation, instrument, version, item, measure, coalesce(code, number) as code, count(*) as n
    from answer join standing on standing.id = answer.import_id
    group by all
),
listed as (
    select round, organisation, instrument, version, item, measure,
        sum(n) as answers, list(code order by code) as codes, list(n order by code) as counts
    from at_code
    group by all
),
people as (
    select round, organisation, instrument, version, item, measure, count(distinct response_id) as n
    from answer join standing on standing.id = answer.import_id
    where instrument || ' ' || version || ' ' || item in (select unnest($multiple::varchar[]))
    group by all
),
size as (select import_id, count(*) as responses from response group by import_id),
invited_to as (
    select round, organisation, instrument, version, item, measure, sum(coalesce(responses, 0)) as asked
    from asked
    join standing on standing.id = asked.import_id
    left join size using (import_id)
    group by all
),
one as (
    select round, organisation, instrument, version, item, measure, coalesce(asked, 0)::bigint as asked,
        coalesce(people.n, answers, 0)::bigint as n,
        coalesce(codes, []) as codes, coalesce(counts, [])::bigint[] as counts
    from invited_to
    full join listed using (round, organisation, instrument, version, item, measure)
    left join people using (round, organisation, instrument, version, item, measure)
),
derived as (
    select round, organisation, instrument, version, item, measure, asked::bigint as asked, n::bigint as n,
        codes, counts::bigint[] as counts
    from item_count
),
different as (
    (select * from one except all select * from derived)
    union all
    (select * from derived except all select * from one)
)
select distinct round, organisation, instrument from different order by all
