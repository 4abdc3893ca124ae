-- How often a recipient found fault with the message itself, apart from the attempts that an outage cost.
ALTER TABLE ledger_outbox ADD COLUMN refusals INTEGER;
