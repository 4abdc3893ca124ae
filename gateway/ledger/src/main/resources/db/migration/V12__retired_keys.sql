-- Payload keys under which nothing is sealed any more, by their ids: whoever seals under one of them, since it has not heard of
-- that yet, does not commit.
ALTER TABLE ledger_log ADD COLUMN retired_keys VARCHAR(400);
