-- Keys of those who may ask over the API, of which there are few among millions of entries: every node reads them each second.
CREATE INDEX ledger_entry_access ON ledger_entry (time_ms) WHERE type IN ('KeyIssued', 'KeyRevoked');
