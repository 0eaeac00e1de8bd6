-- Marks a round closed.
-- Caller: benchmark.close_round
update round set closed_at = $now where label = $label
