-- Keeps an instrument version as it was first used.
-- Caller: survey.write_responses
insert into instrument values ($id, $version, $sha256, $definition, $now)
