-- One row per organisation and item of a round and instrument: n, sum and sum of squares of the gaps.
-- Caller: sums.round_sums
select organisation, item, n, total, squares
from item_gap
where round = $round and instrument = $instrument
