-- Consents that last beyond their call, of which a number has few: a switchboard has a hundred thousand that ended with theirs.
CREATE INDEX ${concurrently} ledger_lookup_lasting ON ledger_lookup (subject, notice, time_ms, until_ms) WHERE until_ms IS NOT NULL
  AND type IN ('Given', 'Renewed', 'Imported');
