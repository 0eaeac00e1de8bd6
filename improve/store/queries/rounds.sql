-- One row per round, in the order they were made.
-- Caller: survey.read_rounds
select label, opened_at, closed_at, closings from round order by opened_at, label
