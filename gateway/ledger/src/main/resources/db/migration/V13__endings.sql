-- In the row of a consent: how many entries end it, replace it or say no to it, with a code under the pseudonym key. Whoever
-- deletes the row of one of these cannot make the count fit.
ALTER TABLE ledger_lookup ADD COLUMN endings VARCHAR(40);
