-- One row per participation whose number of responses or version differs from its imports.
-- Caller: check.check_store
with one as (
    select import.round, import.organisation, import.instrument, import.version, count(response.id) as responses
    from import
    left join response on response.import_id = import.id
    where import.replaced_at is null
    group by all
),
derived as (
    select round, organisation, instrument, version, responses from participation
),
different as (
    (select * from one except all select * from derived)
    union all
    (select * from derived except all select * from one)
)
select distinct round, organisation, instrument from different order by all
