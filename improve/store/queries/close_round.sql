-- Marks a round closed.
-- Caller: benchmark.close_round
update round set closed_at = $now, closings = closings + 1 where label = $label
