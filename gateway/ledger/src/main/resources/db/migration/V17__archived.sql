-- The leaves of 256 entries that stand in the files of the archive as well: the rows of those whose payload is gone may go, too.
-- idx is that of the bundle, gone has a bit for each entry whose payload was gone at gone_ms.
CREATE TABLE ledger_leaves (
  log     INTEGER  NOT NULL,
  idx     BIGINT   NOT NULL,
  leaves  ${bytes} NOT NULL,
  gone    ${bytes} NOT NULL,
  gone_ms BIGINT   NOT NULL,
  PRIMARY KEY (log, idx)
);
-- What logs say of that, in the open: payloads of entries LogArchived, with salts.
CREATE TABLE ledger_archived (
  log     INTEGER  NOT NULL,
  idx     BIGINT   NOT NULL,
  salt    ${bytes} NOT NULL,
  payload TEXT     NOT NULL,
  PRIMARY KEY (log, idx)
);
-- How many entries of each type there were on a day since 1970, in UTC, of which the rows are gone.
CREATE TABLE ledger_archived_count (
  log     INTEGER     NOT NULL,
  day     BIGINT      NOT NULL,
  type    VARCHAR(24) NOT NULL,
  entries BIGINT      NOT NULL,
  PRIMARY KEY (log, day, type)
);
