-- One row per invitation to a partnership, in that order.
-- Caller: partnership.read_partnerships
select partnership_id, organisation, as_candidate, invited_at, invited_by, joined_at, joined_by, admitted_at,
    left_at
from partnership_member
order by partnership_id, invited_at, organisation
