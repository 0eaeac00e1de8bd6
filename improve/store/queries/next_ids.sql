-- One row: the first free import id and response id.
-- Caller: survey.write_responses
select
    (select coalesce(max(id), 0) + 1 from import),
    (select coalesce(max(id), 0) + 1 from response)
