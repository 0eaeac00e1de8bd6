-- One row: the fewest organisations by which any one benchmark (of an item, for a group) would change.
-- Caller: benchmark._refuse_few_changes
-- 0 where none would. The response rate is one more item; groups are all, nation, region, type, size
-- band ($bands: where each next one begins) and those that people built.
with count_now as (
    select organisation, instrument, item, measure, n, codes, counts
    from item_count
    where round = $round and n >= $least
),
count_then as (
    select organisation, instrument, item, measure, n, codes, counts
    from benchmark_count
    where round = $round and n >= $least
),
member_now as (
    select organisation, instrument, version, invited, responses, nation, region, type,
        len(list_filter($bands::bigint[], begins -> begins <= population)) as size
    from participation
    join organisation on organisation.code = participation.organisation
    where round = $round and responses >= $least
),
member_then as (
    select organisation, instrument, version, invited, responses, nation, region, type,
        len(list_filter($bands::bigint[], begins -> begins <= population)) as size
    from benchmark_member
    where round = $round and responses >= $least
),
gap_now as (
    select organisation, instrument, item, n, total, squares from item_gap where round = $round and n >= $least
),
gap_then as (
    select organisation, instrument, item, n, total, squares from benchmark_gap where round = $round and n >= $least
),
index_now as (
    select organisation, instrument, item, list((answered, n, total, squares) order by answered) as sums
    from index_count
    where round = $round
    group by all
    having sum(n) >= $least
),
index_then as (
    select organisation, instrument, item, list((answered, n, total, squares) order by answered) as sums
    from benchmark_index
    where round = $round
    group by all
    having sum(n) >= $least
),
-- No measure is called by a name in brackets.
changed as (
    select organisation, instrument, item, measure from (select * from count_now except select * from count_then)
    union
    select organisation, instrument, item, measure from (select * from count_then except select * from count_now)
    union
    select organisation, instrument, '', '' from (select * from member_now except select * from member_then)
    union
    select organisation, instrument, '', '' from (select * from member_then except select * from member_now)
    union
    select organisation, instrument, item, '(gap)' from (select * from gap_now except select * from gap_then)
    union
    select organisation, instrument, item, '(gap)' from (select * from gap_then except select * from gap_now)
    union
    select organisation, instrument, item, '(index)' from (select * from index_now except select * from index_then)
    union
    select organisation, instrument, item, '(index)' from (select * from index_then except select * from index_now)
),
belonging as (
    select distinct organisation, instrument, which,
        unnest(['all', 'nation:' || nation, 'region:' || region, 'type:' || type, 'size:' || size]) as cohort
    from (
        select organisation, instrument, nation, region, type, size, 'now' as which from member_now
        union all
        select organisation, instrument, nation, region, type, size, 'then' as which from member_then
    )
    union all
    select distinct organisation, instrument, which, 'group:' || cohort_id
    from (
        select organisation, instrument, 'now' as which from member_now
        union all
        select organisation, instrument, 'then' as which from member_then
    )
    join cohort_member using (organisation)
),
-- Who came into a group, or left it, changes every item there, with the answers that it always had.
moved as (
    select organisation, instrument, cohort from belonging group by all having count(*) = 1
),
changed_in as (
    select cohort, organisation, instrument, item, measure
    from changed
    join belonging using (organisation, instrument)
    union
    select cohort, organisation, instrument, item, measure
    from (
        select organisation, instrument, item, measure from count_now
        union all
        select organisation, instrument, item, '(gap)' from gap_now
        union all
        select organisation, instrument, item, '(index)' from index_now
    )
    join moved using (organisation, instrument)
),
-- Groups too small for a median, before and after, give nothing away; the whole round is never let off.
seen as (
    select distinct instrument, cohort
    from (select instrument, cohort, which, count(*) as n from belonging group by all)
    where n >= $seen_from or cohort = 'all'
),
per_benchmark as (
    select cohort, instrument, item, measure, count(distinct organisation) as organisations
    from changed_in
    join seen using (instrument, cohort)
    group by all
)
select coalesce(min(organisations), 0) from per_benchmark
