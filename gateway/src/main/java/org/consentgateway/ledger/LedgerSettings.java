package org.consentgateway.ledger;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Where the log lives and how it is kept.
 *
 * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://HOST/DATABASE}
 * @param user for PostgreSQL, null where the URL says it
 * @param password for PostgreSQL, null where the URL says it
 * @param keys directory of the key files, outside the database and its backups
 * @param exports directory the signed checkpoints are written to, best on another machine's disk
 * @param witness prefix of a C2SP tlog-witness that cosigns checkpoints, null for none
 * @param node id of this process among all that write to the store
 * @param origin name of this installation's logs, a URL without scheme; the log of a node is named
 *     origin/node
 * @param checkpointEntries a checkpoint is signed after that many new entries at the latest
 * @param checkpointEvery and after that time where there are new entries
 * @param batchLimit entries in one commit at most
 * @param queueLimit entries waiting for the writer at most; more are refused at once
 * @param commitTimeout an entry that is not durable by then is refused
 */
public record LedgerSettings(
        String url,
        @Nullable String user,
        @Nullable String password,
        Path keys,
        Path exports,
        @Nullable URI witness,
        String node,
        String origin,
        int checkpointEntries,
        Duration checkpointEvery,
        int batchLimit,
        int queueLimit,
        Duration commitTimeout) {

    /** Letters, digits, dot, underscore, hyphen: safe in file names, JSON and note key names. */
    private static final String NODE = "[A-Za-z0-9._-]{1,48}";

    private static final String ORIGIN = "[A-Za-z0-9._/-]{1,128}";

    public LedgerSettings {
        require(
                url.startsWith("jdbc:sqlite:") || url.startsWith("jdbc:postgresql:"),
                "url must start with jdbc:sqlite: or jdbc:postgresql:, such as"
                        + " jdbc:sqlite:data/ledger.db");
        require(node.matches(NODE), "node must match " + NODE + ", such as node-1");
        require(
                origin.matches(ORIGIN),
                "origin must match " + ORIGIN + ", such as example.com/log");
        require(checkpointEntries >= 1, "checkpointEntries must be at least 1");
        require(checkpointEvery.isPositive(), "checkpointEvery must be positive");
        require(batchLimit >= 1, "batchLimit must be at least 1");
        require(queueLimit >= 1, "queueLimit must be at least 1");
        require(commitTimeout.isPositive(), "commitTimeout must be positive");
    }

    /** What runs without a configuration: SQLite in one directory, with keys and exports beside. */
    public static LedgerSettings inDirectory(Path data) {
        return new LedgerSettings(
                "jdbc:sqlite:" + data.resolve("ledger.db"),
                null,
                null,
                data.resolve("keys"),
                data.resolve("checkpoints"),
                null,
                "node-1",
                "consent-gateway.local/log",
                1000,
                Duration.ofSeconds(60),
                256,
                4096,
                Duration.ofSeconds(2));
    }

    public LedgerSettings withUrl(String other) {
        return new LedgerSettings(
                other,
                user,
                password,
                keys,
                exports,
                witness,
                node,
                origin,
                checkpointEntries,
                checkpointEvery,
                batchLimit,
                queueLimit,
                commitTimeout);
    }

    public LedgerSettings withKeys(Path other) {
        return new LedgerSettings(
                url,
                user,
                password,
                other,
                exports,
                witness,
                node,
                origin,
                checkpointEntries,
                checkpointEvery,
                batchLimit,
                queueLimit,
                commitTimeout);
    }

    public LedgerSettings withExports(Path other) {
        return new LedgerSettings(
                url,
                user,
                password,
                keys,
                other,
                witness,
                node,
                origin,
                checkpointEntries,
                checkpointEvery,
                batchLimit,
                queueLimit,
                commitTimeout);
    }

    public LedgerSettings withNode(String other) {
        return new LedgerSettings(
                url,
                user,
                password,
                keys,
                exports,
                witness,
                other,
                origin,
                checkpointEntries,
                checkpointEvery,
                batchLimit,
                queueLimit,
                commitTimeout);
    }

    public LedgerSettings withWitness(URI other) {
        return new LedgerSettings(
                url,
                user,
                password,
                keys,
                exports,
                other,
                node,
                origin,
                checkpointEntries,
                checkpointEvery,
                batchLimit,
                queueLimit,
                commitTimeout);
    }

    public LedgerSettings withCheckpoints(int entries, Duration every) {
        return new LedgerSettings(
                url,
                user,
                password,
                keys,
                exports,
                witness,
                node,
                origin,
                entries,
                every,
                batchLimit,
                queueLimit,
                commitTimeout);
    }

    public LedgerSettings withLimits(int batch, int queue, Duration commit) {
        return new LedgerSettings(
                url,
                user,
                password,
                keys,
                exports,
                witness,
                node,
                origin,
                checkpointEntries,
                checkpointEvery,
                batch,
                queue,
                commit);
    }

    /** Name of this node's log: the origin line of its checkpoints. */
    public String logOrigin() {
        return origin + "/" + node;
    }

    /** Hides the password and what the URL may hold of it. */
    @Override
    public String toString() {
        return "LedgerSettings[node=" + node + ", origin=" + origin + "]";
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
