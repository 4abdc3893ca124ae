-- What a caller has said that a call or its company asks for by its kind, however much else there is of that number.
CREATE INDEX ${concurrently} ledger_lookup_said ON ledger_lookup (subject, type, time_ms) WHERE type IN ('Withdrawn', 'Refused',
  'PurposeDecided', 'RequestOpened', 'CallBackDue', 'SubjectReferenced');
