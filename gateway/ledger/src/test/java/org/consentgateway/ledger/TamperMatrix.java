package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Each way of lying that somebody thought of, by the letters of the audit of 2026-11-27 and of who
 * does it: {@code DB} has the database, {@code +P} the keys of payloads and pseudonyms, {@code +S}
 * the signing key, {@code +X} the exports.
 */
final class TamperMatrix {
    /** In the store alone. */
    interface InStore {
        void run(Connection connection, LedgerSettings settings) throws Exception;
    }

    /** Anywhere in an installation. */
    interface Anywhere {
        void run(TamperedInstallation installation) throws Exception;
    }

    /**
     * One of them.
     *
     * @param found what {@code ledger verify} says; null where nobody finds it in the store
     * @param store null where it is not done in the store alone
     */
    record Row(
            String letter,
            String attacker,
            String what,
            @Nullable String found,
            @Nullable InStore store,
            Anywhere anywhere) {
        @Override
        public String toString() {
            return letter + " " + what;
        }
    }

    private static final String ENTRY = "consent-gateway.local/log/node-1 entry 17: ";
    private static final String REFUSAL = "consent-gateway.local/log/node-1 entry 21: ";
    private static final String LEAF = "does not match its leaf hash";
    private static final String LOOKUP = "its lookup row does not match its payload";

    private TamperMatrix() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(entries());
        rows.addAll(checkpoints());
        rows.addAll(aroundEntries());
        rows.addAll(insiders());
        rows.addAll(restored());
        return rows;
    }

    private static List<Row> entries() {
        return List.of(
                store(
                        "01",
                        "DB",
                        "one byte of a payload is changed",
                        ENTRY + "its payload was changed or belongs to another entry",
                        Tampering::flipPayloadByte),
                sql(
                        "02",
                        "the time of an entry is changed",
                        ENTRY + LEAF,
                        "UPDATE ledger_entry SET time_ms = time_ms + 1 WHERE idx = 17"),
                sql(
                        "03",
                        "a refusal is made a consent",
                        REFUSAL + LEAF,
                        "UPDATE ledger_entry SET type = 'Given' WHERE idx = 21"),
                sql(
                        "03b",
                        "an entry gets a type that no gateway writes",
                        ENTRY + "holds what no gateway writes",
                        "UPDATE ledger_entry SET type = 'Blessed' WHERE idx = 17"),
                sql(
                        "03c",
                        "the id of an entry is written in capitals, so that nobody finds it",
                        ENTRY + "holds what no gateway writes",
                        "UPDATE ledger_entry SET entry_id = UPPER(entry_id) WHERE idx = 17"),
                sql(
                        "04a",
                        "two entries are swapped",
                        ENTRY + LEAF,
                        "UPDATE ledger_entry SET idx = -1 WHERE idx = 17",
                        "UPDATE ledger_entry SET idx = 17 WHERE idx = 18",
                        "UPDATE ledger_entry SET idx = 18 WHERE idx = -1"),
                sql(
                        "04b",
                        "the payloads of two entries are swapped",
                        ENTRY + "its payload was changed or belongs to another entry",
                        "UPDATE ledger_payload SET idx = -1 WHERE idx = 17",
                        "UPDATE ledger_payload SET idx = 17 WHERE idx = 18",
                        "UPDATE ledger_payload SET idx = 18 WHERE idx = -1"),
                sql(
                        "05a",
                        "the last entry is deleted",
                        "entry 299: is missing",
                        "DELETE FROM ledger_entry WHERE idx = 299"),
                store(
                        "05b",
                        "DB",
                        "the last entry is deleted, and the head mended",
                        "checkpoint 300 covers 300: the entries from 299 on were cut off",
                        (connection, _) -> Tampering.cutUnderCheckpoints(connection, 299)),
                sql(
                        "06",
                        "the first entry is deleted",
                        "entry 0: is missing",
                        "DELETE FROM ledger_entry WHERE idx = 0"),
                sql(
                        "07",
                        "an entry is deleted",
                        ENTRY + "is missing",
                        "DELETE FROM ledger_entry WHERE idx = 17"),
                sql(
                        "08",
                        "a payload is deleted, with its salt and its look-up row",
                        ENTRY + "its payload is missing, and no Erased entry covers it",
                        "DELETE FROM ledger_payload WHERE idx = 17",
                        "DELETE FROM ledger_lookup WHERE idx = 17"),
                sql(
                        "08b",
                        "the same, and what it was made the mark of an erasure",
                        ENTRY + "the mark that it was erased is none of ours",
                        "INSERT INTO ledger_erased SELECT log, idx, key_id, sealed FROM"
                                + " ledger_payload WHERE idx = 17",
                        "DELETE FROM ledger_payload WHERE idx = 17",
                        "DELETE FROM ledger_lookup WHERE idx = 17"),
                sql(
                        "08c",
                        "a payload that is there is marked as erased",
                        ENTRY + "the mark that it was erased is none of ours",
                        "INSERT INTO ledger_erased SELECT log, idx, key_id, sealed FROM"
                                + " ledger_payload WHERE idx = 17"));
    }

    private static List<Row> checkpoints() {
        return List.of(
                store(
                        "09a",
                        "DB",
                        "the end is cut off, and its checkpoints with it",
                        "node-1.checkpoint covers 300: the entries from 280 on were cut off",
                        (connection, _) -> Tampering.cut(connection, Tampering.CUT)),
                files(
                        "09b",
                        "DB+X",
                        "the same, and the exports are deleted",
                        there -> {
                            there.store((c, _) -> Tampering.cut(c, Tampering.CUT));
                            there.deleteExports();
                        }),
                files(
                        "09c",
                        "DB+X",
                        "the same, and the exports are set back",
                        there -> {
                            there.store((c, _) -> Tampering.cut(c, Tampering.CUT));
                            there.exportAsStored();
                        }),
                store(
                        "10a",
                        "DB",
                        "the root of the newest checkpoint is changed",
                        "checkpoint 300: the signature of key ",
                        (connection, _) ->
                                Tampering.changeNote(connection, 300, Tampering::otherRoot)),
                sql("10b", "the checkpoints are deleted", null, "DELETE FROM ledger_checkpoint"),
                files(
                        "10c",
                        "DB+X",
                        "the checkpoints are deleted, and the exports",
                        there -> {
                            there.store((c, _) -> Rows.change(c, "DELETE FROM ledger_checkpoint"));
                            there.deleteExports();
                        }),
                sql(
                        "10d",
                        "a checkpoint is made an hour older",
                        "checkpoint 20 was signed before the time of the last entry it covers",
                        "UPDATE ledger_checkpoint SET time_ms = time_ms - 3600000 WHERE size = 20"),
                sql(
                        "10e",
                        "a checkpoint is made an hour younger",
                        null,
                        "UPDATE ledger_checkpoint SET time_ms = time_ms + 3600000 WHERE size = 20"),
                store(
                        "11",
                        "DB",
                        "a signature is changed",
                        "checkpoint 20: the signature of key ",
                        (connection, _) -> Tampering.changeNote(connection, 20, Tampering::flip)),
                store(
                        "12",
                        "DB",
                        "a checkpoint is signed by someone else",
                        "checkpoint 20 is signed by no known key",
                        (connection, settings) ->
                                Tampering.changeNote(
                                        connection,
                                        20,
                                        note ->
                                                Tampering.signedByAnother(
                                                        note, settings.logOrigin()))),
                sql(
                        "13",
                        "a checkpoint is no signed note any more",
                        "checkpoint 20 is damaged",
                        "UPDATE ledger_checkpoint SET note = 'nothing' WHERE size = 20"),
                files(
                        "14",
                        "DB, all keys",
                        "the signing key and the list of keys are replaced, nothing is signed anew",
                        TamperedInstallation::replaceSigningKey));
    }

    private static List<Row> aroundEntries() {
        return List.of(
                sql(
                        "15",
                        "a payload is deleted with its salt, its look-up row stays",
                        ENTRY + "its payload is missing, and no Erased entry covers it",
                        "DELETE FROM ledger_payload WHERE idx = 17"),
                store(
                        "16",
                        "DB",
                        "an entry is inserted and all later ones moved up",
                        "consent-gateway.local/log/node-1 entry 19: does not match its leaf hash",
                        Tampering::insert),
                sql(
                        "17",
                        "an entry is inserted behind the end",
                        "entry 300: stands in ledger_entry outside of the log",
                        "INSERT INTO ledger_entry SELECT log, 300, '0199f3a2-7c31-7b52-9d40-1f2e"
                                + "3d4c5b6a', time_ms, type, commitment, leaf FROM ledger_entry"
                                + " WHERE idx = 17"),
                sql(
                        "18a",
                        "a look-up row is changed, so that a consent seems to hold longer",
                        ENTRY + LOOKUP,
                        "UPDATE ledger_lookup SET until_ms = until_ms + 1000 WHERE idx = 17"),
                sql(
                        "18b",
                        "the look-up row of a withdrawal is deleted",
                        "entry 25: " + LOOKUP,
                        "DELETE FROM ledger_lookup WHERE type = 'Withdrawn'"),
                sql(
                        "18c",
                        "a look-up row is given to another caller",
                        ENTRY + LOOKUP,
                        "UPDATE ledger_lookup SET subject = 'p0' WHERE idx = 17"),
                files(
                        "18d",
                        "DB",
                        "a withdrawal is hidden: its look-up row holds octets where texts belong",
                        there ->
                                there.store((connection, _) ->
                                        Rows.change(
                                                connection,
                                                "UPDATE ledger_lookup SET subject = CAST(subject AS"
                                                    + " BLOB), refers = CAST(refers AS BLOB) WHERE"
                                                    + " type = 'Withdrawn'"))),
                store(
                        "18e",
                        "DB",
                        "the count of what ends a consent is set back to an older one of it",
                        "entry 18: its count of what ends it is 0, and 1 entries do: it was set"
                                + " back",
                        Tampering::setCountBack),
                sql(
                        "19a",
                        "payloads and look-up rows are put behind the end",
                        "entry 4711: stands in ledger_payload outside of the log",
                        "INSERT INTO ledger_payload SELECT log, 4711, key_id, sealed FROM"
                                + " ledger_payload WHERE idx = 17",
                        "UPDATE ledger_lookup SET idx = 4711 WHERE idx = 17"),
                sql(
                        "19b",
                        "payloads are put in a log that is none",
                        "ledger_payload has rows of a log 99, which is none",
                        "INSERT INTO ledger_payload SELECT 99, idx, key_id, sealed FROM"
                                + " ledger_payload WHERE idx = 17"),
                sql(
                        "20",
                        "a hash of the tree is changed",
                        "tree hash 0 of level 8 is wrong",
                        "UPDATE ledger_tile SET hash = (SELECT leaf FROM ledger_entry WHERE idx ="
                                + " 17)"),
                sql(
                        "20b",
                        "the head is changed",
                        "the head of the log does not name its last entry",
                        "UPDATE ledger_log SET last_leaf = (SELECT leaf FROM ledger_entry WHERE"
                                + " idx = 17)"),
                sql(
                        "21",
                        "a whole log is dropped",
                        "the store has no such log, but ",
                        "DELETE FROM ledger_log"),
                sql(
                        "22",
                        "a log is given another name",
                        "checkpoint 10 is not the one stored here",
                        "UPDATE ledger_log SET origin = 'other.example/log/node-1'"));
    }

    private static List<Row> insiders() {
        return List.of(
                store(
                        "K01",
                        "DB+P",
                        "a payload is replaced, and sealed",
                        ENTRY + "its payload is not the one its leaf commits to",
                        Tampering::replacePayload),
                store(
                        "K02",
                        "DB+P",
                        "a payload is sealed under a key of somebody else",
                        null,
                        Tampering::sealUnderAForeignKey),
                store(
                        "K03",
                        "DB+P",
                        "a payload is sealed once more, with the same content: no harm",
                        null,
                        Tampering::sealTheSameAgain),
                store(
                        "K04",
                        "DB+P",
                        "a payload is replaced, leaves and tree are made to fit",
                        "checkpoint 20 has another root",
                        Tampering::replaceContentAndLeaves),
                files(
                        "K05",
                        "DB+P",
                        "a forged consent is appended, to be signed with the next checkpoint",
                        TamperedInstallation::appendForged),
                files(
                        "K06",
                        "DB",
                        "entries behind the last checkpoint are cut off, after a crash",
                        TamperedInstallation::cutUnsigned),
                store(
                        "K07",
                        "DB+P+S",
                        "a refusal is made a consent, and all is signed anew",
                        "node-1.checkpoint has another root: one of the first 300 entries was"
                                + " changed after it was signed",
                        Tampering::rewriteHistory),
                store(
                        "K07b",
                        "DB+P+S",
                        "a clock is set back, and all is signed anew",
                        ENTRY
                                + "time goes back, from 2026-11-24T09:00:17.000Z to"
                                + " 2026-11-24T08:00:18.000Z",
                        Tampering::setBack),
                files(
                        "K08",
                        "DB+P+S+X",
                        "a refusal is made a consent, and all is signed anew, exports, too",
                        there -> {
                            there.store(Tampering::rewriteHistory);
                            there.exportAsStored();
                            there.keepAsStored();
                        }),
                files(
                        "K09",
                        "DB+P+S+X",
                        "a refusal is removed, later entries move down, all is signed anew",
                        there -> {
                            there.store(Tampering::removeRefusal);
                            there.exportAsStored();
                            there.keepAsStored();
                        }),
                files(
                        "K10",
                        "DB+P",
                        "a payload is destroyed, and a forged Erased entry covers it",
                        TamperedInstallation::eraseForged),
                store(
                        "K11",
                        "DB+P",
                        "a payload is destroyed, and a forged mark stands for it",
                        "all logs: 1 payloads were destroyed that no Erased entry speaks of",
                        Tampering::eraseUnsaid));
    }

    private static List<Row> restored() {
        return List.of(
                files(
                        "R1",
                        "DB",
                        "an old backup of the database is put back",
                        there -> there.putBackStore()),
                files(
                        "R2",
                        "DB+X",
                        "an old backup of database and exports is put back",
                        there -> {
                            there.putBackStore();
                            there.putBackExports();
                        }),
                files(
                        "R3",
                        "the machine",
                        "all is put back, keys as well, and written on",
                        TamperedInstallation::putBackAllAndGoOn),
                files(
                        "R4",
                        "DB",
                        "an old backup is gone on from, and that entries are missing is deleted",
                        TamperedInstallation::goOnAndDenyIt),
                files(
                        "F",
                        "DB",
                        "the database of another installation with the same node id",
                        TamperedInstallation::foreignStore));
    }

    private static Row sql(
            String letter, String what, @Nullable String found, String... statements) {
        return store(
                letter,
                "DB",
                what,
                found,
                (connection, _) -> {
                    for (String statement : statements) {
                        assertThat(Rows.change(connection, statement)).as(statement).isPositive();
                    }
                });
    }

    private static Row store(
            String letter, String attacker, String what, @Nullable String found, InStore store) {
        return new Row(letter, attacker, what, found, store, there -> there.store(store));
    }

    private static Row files(String letter, String attacker, String what, Anywhere anywhere) {
        return new Row(letter, attacker, what, null, null, anywhere);
    }
}
