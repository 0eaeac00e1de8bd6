-- Takes back what was approved of the comments named in the table `incoming`, of one round.
-- Caller: comment.approve_comments
delete from approved_comment
where (import_id, response_id, item) in (select (import_id, response_id, item) from incoming)
    and import_id in (select id from import where round = $round)
