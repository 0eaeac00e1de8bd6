-- One row per participation that differs from its imports: version, responses stored, rows accepted.
-- Caller: check.check_store
with size as (select import_id, count(*) as responses from response group by import_id),
one as (
    select round, organisation, instrument, version,
        sum(coalesce(responses, 0))::bigint as responses, sum(rows_accepted)::bigint as accepted
    from import
    left join size on size.import_id = import.id
    where replaced_at is null
    group by all
),
derived as (
    select round, organisation, instrument, version, responses, responses as accepted from participation
),
different as (
    (select * from one except all select * from derived)
    union all
    (select * from derived except all select * from one)
)
select distinct round, organisation, instrument from different order by all
