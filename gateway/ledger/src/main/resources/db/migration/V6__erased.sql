-- That the payload of an entry was destroyed: a mark sealed under the payload key and bound to its place. It tells neither
-- when nor together with what, so that the entries of one person cannot be put together again.
CREATE TABLE ledger_erased (
  log    INTEGER    NOT NULL,
  idx    BIGINT     NOT NULL,
  key_id VARCHAR(8) NOT NULL,
  sealed ${bytes}   NOT NULL,
  PRIMARY KEY (log, idx)
)${unordered};
