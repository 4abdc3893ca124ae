-- Messages that a recipient will never take, of which there are few among all that were sent: their number is asked for every minute.
CREATE INDEX ${concurrently} ledger_outbox_given_up ON ledger_outbox (recipient, position) WHERE state = 2;
