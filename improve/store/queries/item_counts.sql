-- One row per organisation, item and measure of a round and instrument, with counts by code.
-- Caller: counts.round_counts
select organisation, version, item, measure, asked, n, codes, counts
from item_count
where round = $round and instrument = $instrument
