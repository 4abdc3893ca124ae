-- What each log has said of its signing keys, in the open: the payloads of its entries SigningKeyRotated and SigningKeyRevoked with their
-- salts, so that whoever has the first key can follow to the last. The statement of the first key is no entry: index -1,
-- and instead of a salt a code under the pseudonym key, by which other nodes know it for one of theirs.
CREATE TABLE ledger_key (
  log     INTEGER NOT NULL,
  idx     BIGINT  NOT NULL,
  salt    ${bytes} NOT NULL,
  payload TEXT    NOT NULL,
  PRIMARY KEY (log, idx)
);
