-- One schema for SQLite and PostgreSQL; ${bytes} is BLOB or BYTEA.

-- The logs in this store, one per node.
CREATE TABLE ledger_log (
  id        INTEGER      NOT NULL PRIMARY KEY,
  node      VARCHAR(64)  NOT NULL UNIQUE,
  origin    VARCHAR(200) NOT NULL UNIQUE,
  size      BIGINT       NOT NULL,
  last_leaf ${bytes}     NOT NULL,
  last_ms   BIGINT       NOT NULL
);

-- What the leaves commit to: nothing in here is personal, nothing is ever changed or deleted.
CREATE TABLE ledger_entry (
  log        INTEGER     NOT NULL,
  idx        BIGINT      NOT NULL,
  entry_id   VARCHAR(36) NOT NULL UNIQUE,
  time_ms    BIGINT      NOT NULL,
  type       VARCHAR(24) NOT NULL,
  commitment ${bytes}    NOT NULL,
  leaf       ${bytes}    NOT NULL,
  PRIMARY KEY (log, idx)
);

-- Salt and payload, sealed; a row is deleted to erase it.
CREATE TABLE ledger_payload (
  log    INTEGER    NOT NULL,
  idx    BIGINT     NOT NULL,
  key_id VARCHAR(8) NOT NULL,
  sealed ${bytes}   NOT NULL,
  PRIMARY KEY (log, idx)
);

-- What entries are looked up by; made from the payloads and erased with them.
CREATE TABLE ledger_lookup (
  log       INTEGER     NOT NULL,
  idx       BIGINT      NOT NULL,
  type      VARCHAR(24) NOT NULL,
  time_ms   BIGINT      NOT NULL,
  subject   VARCHAR(64),
  notice    VARCHAR(64),
  line      VARCHAR(64),
  call_id   VARCHAR(64),
  sip_hash  VARCHAR(64),
  refers    VARCHAR(36),
  until_ms  BIGINT,
  delete_ms BIGINT,
  PRIMARY KEY (log, idx)
);
CREATE INDEX ledger_lookup_subject ON ledger_lookup (subject, time_ms);
CREATE INDEX ledger_lookup_call ON ledger_lookup (call_id);
CREATE INDEX ledger_lookup_sip ON ledger_lookup (sip_hash) WHERE sip_hash IS NOT NULL;
CREATE INDEX ledger_lookup_refers ON ledger_lookup (refers) WHERE refers IS NOT NULL;
CREATE INDEX ledger_lookup_until ON ledger_lookup (until_ms) WHERE until_ms IS NOT NULL;
CREATE INDEX ledger_lookup_delete ON ledger_lookup (delete_ms) WHERE delete_ms IS NOT NULL;
-- The Erased entries, which say what may be missing.
CREATE INDEX ledger_entry_erased ON ledger_entry (log, idx) WHERE type = 'Erased';

-- Roots of complete subtrees of 256, 65536, … leaves, so that a proof reads a few hundred hashes.
CREATE TABLE ledger_tile (
  log   INTEGER  NOT NULL,
  level INTEGER  NOT NULL,
  idx   BIGINT   NOT NULL,
  hash  ${bytes} NOT NULL,
  PRIMARY KEY (log, level, idx)
);

CREATE TABLE ledger_checkpoint (
  log     INTEGER NOT NULL,
  size    BIGINT  NOT NULL,
  time_ms BIGINT  NOT NULL,
  note    TEXT    NOT NULL,
  PRIMARY KEY (log, size)
);
