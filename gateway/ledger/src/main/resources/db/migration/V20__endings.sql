-- What ends a consent, replaces it or says no to it: that is asked for in each call, also of a consent under which there were many talks.
CREATE INDEX ${concurrently} ledger_lookup_endings ON ledger_lookup (refers, type, time_ms) WHERE refers IS NOT NULL
  AND type IN ('Given', 'Renewed', 'Refused', 'Withdrawn', 'Expired', 'PurposeDecided');
