-- Makes room for another answer of somebody to an item, in the turn that is open.
-- Caller: poll.answer_poll
delete from poll_answer
where poll_id = $poll_id and voter = $voter and item = $item
    and turn = (select turn from poll where id = $poll_id)
