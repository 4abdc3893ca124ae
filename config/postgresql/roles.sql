-- Least privileges for a store on PostgreSQL 15 and newer: an owner that makes the tables, gateways that write, auditors that read.
-- As a superuser, in the database of the store, after its tables were made by the owner (ledger migrate):  psql -v ON_ERROR_STOP=1 -f roles.sql consent
-- Again after each upgrade that brings tables, also beside running gateways: all of it or nothing, so that they never lack a right. Passwords (\password NAME) and pg_hba.conf are yours.
BEGIN;

DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'consent_gateway') THEN CREATE ROLE consent_gateway LOGIN; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'consent_auditor') THEN CREATE ROLE consent_auditor LOGIN; END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, consent_gateway, consent_auditor;
GRANT USAGE ON SCHEMA public TO consent_gateway, consent_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO consent_gateway, consent_auditor;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO consent_gateway;

-- What the leaves commit to, and what was said and heard: added to, never changed and never deleted.
GRANT INSERT ON ledger_entry, ledger_tile, ledger_content, ledger_notice, ledger_notice_sound, ledger_key, ledger_successor
  TO consent_gateway;
-- ledger_leaves, ledger_archived and ledger_archived_count: the owner alone, who runs scripts/gateway ledger archive.
-- Marks of what was erased. A mark that is there stays.
GRANT INSERT ON ledger_erased TO consent_gateway;
-- An erasure deletes payloads and what they are found by; it changes no payload. The count of a consent's ends moves on.
GRANT INSERT, DELETE ON ledger_payload TO consent_gateway;
GRANT INSERT, DELETE, UPDATE (endings) ON ledger_lookup TO consent_gateway;
-- How far each log is; the lines of witnesses under a checkpoint.
GRANT INSERT, UPDATE ON ledger_log TO consent_gateway;
GRANT INSERT, UPDATE (note) ON ledger_checkpoint TO consent_gateway;
-- Counts, messages to others, nodes: no records.
GRANT INSERT, UPDATE, DELETE ON ledger_tally, ledger_tallied, ledger_outbox, ledger_outbox_disabled, ledger_node, ledger_running,
  ledger_registration TO consent_gateway;

COMMIT;
