-- What waits for a person and what was done about it, of which there are few among millions of entries: pages of the console list them
-- by type.
CREATE INDEX ledger_entry_few ON ledger_entry (type, time_ms) WHERE type IN ('HolderNotified', 'HolderToTell', 'HolderTold',
  'RequestOpened', 'RequestApproved', 'RequestRefused', 'RequestExtended', 'TaskOpened', 'TaskClosed');
