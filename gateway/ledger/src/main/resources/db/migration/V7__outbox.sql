-- What others are to be told of entries: a row for each recipient, written in the transaction of the entry, and deleted some
-- time after it was delivered.
CREATE TABLE ledger_outbox (
  position   ${serial},
  message_id VARCHAR(36)  NOT NULL,
  recipient  VARCHAR(64)  NOT NULL,
  type       VARCHAR(40)  NOT NULL,
  log        INTEGER,
  idx        BIGINT,
  time_ms    BIGINT       NOT NULL,
  ordered_by VARCHAR(32)  NOT NULL,
  urgent     INTEGER      NOT NULL,
  body       TEXT         NOT NULL,
  state      INTEGER      NOT NULL,
  attempts   INTEGER      NOT NULL,
  due_ms     BIGINT       NOT NULL,
  leased_ms  BIGINT       NOT NULL,
  holder     VARCHAR(100),
  settled_ms BIGINT,
  result     VARCHAR(60)
);
CREATE INDEX ledger_outbox_waiting ON ledger_outbox (recipient, urgent, position) WHERE state = 0;
CREATE INDEX ledger_outbox_order ON ledger_outbox (recipient, ordered_by, urgent, position) WHERE state = 0;
CREATE INDEX ledger_outbox_settled ON ledger_outbox (settled_ms) WHERE state <> 0;
CREATE INDEX ledger_outbox_entry ON ledger_outbox (log, idx);
${outbox_unsampled}

-- Recipients that nothing is sent to, and why.
CREATE TABLE ledger_outbox_disabled (
  recipient VARCHAR(64)  NOT NULL PRIMARY KEY,
  since_ms  BIGINT       NOT NULL,
  reason    VARCHAR(200) NOT NULL
);
