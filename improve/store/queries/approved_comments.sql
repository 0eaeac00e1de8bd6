-- One row per comment of a round that was approved for the big screen.
-- Caller: comment.read_approved
select import_id, response_id, item
from approved_comment
join import on import.id = approved_comment.import_id
where round = $round
