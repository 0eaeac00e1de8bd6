-- Approves the comments named in the table `incoming`, of one round; those that stand and are not yet.
-- Caller: comment.approve_comments
insert into approved_comment
select import_id, item, response_id, $now
from comment
join import on import.id = comment.import_id and round = $round and replaced_at is null
semi join incoming using (import_id, item, response_id)
anti join approved_comment using (import_id, item, response_id)
