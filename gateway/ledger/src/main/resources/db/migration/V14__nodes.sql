-- Which nodes live, by the store's own time; one row for each start of a node. Whoever finds that one has not been heard of marks it
-- lost, and it does not go on.
CREATE TABLE ledger_node (
  node    VARCHAR(64) NOT NULL,
  life    BIGINT      NOT NULL,
  beats   BIGINT      NOT NULL,
  seen_ms BIGINT      NOT NULL,
  lost    INTEGER     NOT NULL,
  PRIMARY KEY (node, life)
);

-- The calls that go on at each; nothing in here is personal. Who writes the end of a lost one deletes its row.
CREATE TABLE ledger_running (
  call_id     VARCHAR(36) NOT NULL PRIMARY KEY,
  node        VARCHAR(64) NOT NULL,
  life        BIGINT      NOT NULL,
  trunk       VARCHAR(64) NOT NULL,
  line        VARCHAR(64) NOT NULL,
  answered_ms BIGINT      NOT NULL
);

-- Which node alone keeps a trunk registered.
CREATE TABLE ledger_registration (
  trunk VARCHAR(64) NOT NULL PRIMARY KEY,
  node  VARCHAR(64) NOT NULL,
  life  BIGINT      NOT NULL
);
