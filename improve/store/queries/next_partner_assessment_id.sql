-- One row: the id of the next assessment of a partner.
-- Caller: readiness.write_partnerships
select coalesce(max(id), 0) + 1 from partner_assessment
