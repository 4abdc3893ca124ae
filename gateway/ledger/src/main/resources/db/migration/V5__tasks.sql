-- What callers left for a person to do, of which there are few among millions of entries.
CREATE INDEX ledger_entry_task ON ledger_entry (time_ms) WHERE type = 'TaskOpened';
