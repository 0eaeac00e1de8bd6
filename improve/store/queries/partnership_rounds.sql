-- One row per round of a partnership, in that order.
-- Caller: partnership.read_partnerships
select partnership_id, number, instrument, version, started_at, started_by, closed_at
from partnership_round
order by partnership_id, number
