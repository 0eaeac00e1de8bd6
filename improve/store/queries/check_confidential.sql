-- One row: how many rows would let out a confidential partnership.
-- Caller: check.check_store
-- A second member, a season, a place in a benchmark.
with confidential as (select id, organisation from partnership where is_confidential)
select
    (select count(*) from partnership_member join confidential on partnership_id = id
        where partnership_member.organisation <> confidential.organisation)
    + (select count(*) from partner_assessment join confidential on partnership_id = confidential.id
        where round is not null or partner_assessment.organisation <> confidential.organisation)
    + (select count(*) from benchmark_readiness join partner_assessment on partner_assessment.id = assessment_id
        join confidential on partnership_id = confidential.id)
