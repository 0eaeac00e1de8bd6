-- One row per organisation and role of a round and instrument: n, sum and sum of squares of people's indexes.
-- Caller: sums.round_sums
select organisation, item, sum(n)::bigint as n,
    sum(total / answered order by answered) as total,
    sum(squares / (answered * answered) order by answered) as squares
from index_count
where round = $round and instrument = $instrument
group by organisation, item
