-- What a log says of another one that it continues since an old backup was restored, in the open: payloads of entries LogResumed, with salts.
CREATE TABLE ledger_successor (
  log     INTEGER NOT NULL,
  idx     BIGINT  NOT NULL,
  salt    ${bytes} NOT NULL,
  payload TEXT    NOT NULL,
  PRIMARY KEY (log, idx)
);
