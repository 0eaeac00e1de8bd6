-- One row: how many organisations' part in a round's benchmark differs from the last closing.
-- Caller: benchmark.close_round
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
    select organisation, instrument, version, invited, responses
    from participation
    where round = $round and responses >= $least
),
member_then as (
    select organisation, instrument, version, invited, responses
    from benchmark_member
    where round = $round and responses >= $least
),
changed as (
    select organisation from (select * from count_now except select * from count_then)
    union
    select organisation from (select * from count_then except select * from count_now)
    union
    select organisation from (select * from member_now except select * from member_then)
    union
    select organisation from (select * from member_then except select * from member_now)
)
select count(*) from changed
