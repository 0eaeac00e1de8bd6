-- One row per organisation and number question of a round and instrument: n, sum and sum of squares.
-- Caller: sums.round_sums
select organisation, item, n,
    list_dot_product(codes, counts::double[]) as total,
    list_dot_product(list_transform(codes, lambda code: code * code), counts::double[]) as squares
from item_count
where round = $round and instrument = $instrument and (instrument, version, item) in (
    select (instrument, version, item) from question where kind = 'number'
)
