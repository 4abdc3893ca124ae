-- How often what has happened, by day (UTC): outlives the records that were counted. Nothing in here is personal.
CREATE TABLE ledger_tally (
  day    VARCHAR(10)  NOT NULL,
  name   VARCHAR(40)  NOT NULL,
  labels VARCHAR(500) NOT NULL,
  amount BIGINT       NOT NULL,
  PRIMARY KEY (day, name, labels)
);

-- Before which entry each log is counted.
CREATE TABLE ledger_tallied (
  log        INTEGER NOT NULL PRIMARY KEY,
  counted_to BIGINT  NOT NULL
);
