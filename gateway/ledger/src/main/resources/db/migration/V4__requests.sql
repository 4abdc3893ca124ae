-- Requests of callers, of which there are few among millions of entries: those that wait are counted every minute.
CREATE INDEX ledger_entry_request ON ledger_entry (time_ms) WHERE type = 'RequestOpened';
