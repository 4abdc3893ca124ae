package org.consentgateway.ledger.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.consentgateway.ledger.entry.Announcing;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.server.PostgresUrl;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Where the log lives and how it is kept.
 *
 * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://HOST/DATABASE}, with user and
 *     password where it needs them
 * @param keys directory of the key files, outside the database and its backups
 * @param node id of this process among all that write to the store
 * @param origin name of this installation's logs, a URL without scheme; the log of a node is named
 *     origin/node
 * @param announcing who is told of what is written
 * @param archive directory of entries that the store has the leaves of alone; null for none
 */
public record LedgerSettings(
        String url,
        Path keys,
        String node,
        String origin,
        Checkpoints checkpoints,
        Limits limits,
        Announcing announcing,
        @Nullable Path archive) {

    /**
     * Letters, digits, dot, underscore, hyphen, and the number of a log: safe in file names, JSON
     * and note key names.
     */
    private static final String NODE = "[A-Za-z0-9._-]{1,48}(~[1-9][0-9]{0,2})?";

    private static final String ORIGIN = "[A-Za-z0-9._/-]{1,128}";

    /**
     * When the tree is signed and who is told.
     *
     * @param entries new ones after which it is signed at the latest
     * @param every and the time after which, where there are new ones
     * @param exports directory each is written to, best on another machine's disk
     * @param policy which C2SP tlog-witnesses cosign them, and how many of them have to
     */
    public record Checkpoints(int entries, Duration every, Path exports, TrustPolicy policy) {
        public Checkpoints {
            require(entries >= 1, "checkpoints.entries must be at least 1");
            require(every.isPositive(), "checkpoints.every must be positive");
        }
    }

    /**
     * What the writer takes.
     *
     * @param batch entries in one commit at most
     * @param queue entries waiting for the writer at most; more are refused at once
     * @param commitTimeout an entry that is not durable by then is refused
     */
    public record Limits(int batch, int queue, Duration commitTimeout) {
        public static final Limits USUAL = new Limits(256, 4096, Duration.ofSeconds(2));

        public Limits {
            require(batch >= 1, "limits.batch must be at least 1");
            require(queue >= 1, "limits.queue must be at least 1");
            require(commitTimeout.isPositive(), "limits.commitTimeout must be positive");
        }
    }

    public LedgerSettings {
        require(
                url.startsWith("jdbc:sqlite:") || url.startsWith("jdbc:postgresql:"),
                "url must start with jdbc:sqlite: or jdbc:postgresql:, such as"
                        + " jdbc:sqlite:data/ledger.db");
        String fault = url.startsWith("jdbc:postgresql:") ? PostgresUrl.fault(url) : null;
        require(fault == null, "url " + fault);
        require(node.matches(NODE), "node must match " + NODE + ", such as node-1");
        require(
                origin.matches(ORIGIN),
                "origin must match " + ORIGIN + ", such as example.com/log");
    }

    /** Of a log of which nobody is told. */
    public LedgerSettings(
            String url,
            Path keys,
            String node,
            String origin,
            Checkpoints checkpoints,
            Limits limits) {
        this(url, keys, node, origin, checkpoints, limits, Announcing.NOBODY, null);
    }

    public LedgerSettings withAnnouncing(Announcing other) {
        return new LedgerSettings(url, keys, node, origin, checkpoints, limits, other, archive);
    }

    public LedgerSettings withArchive(@Nullable Path other) {
        return new LedgerSettings(url, keys, node, origin, checkpoints, limits, announcing, other);
    }

    public LedgerSettings withUrl(String other) {
        return new LedgerSettings(
                other, keys, node, origin, checkpoints, limits, announcing, archive);
    }

    public LedgerSettings withKeys(Path other) {
        return new LedgerSettings(
                url, other, node, origin, checkpoints, limits, announcing, archive);
    }

    public LedgerSettings withNode(String other) {
        return new LedgerSettings(
                url, keys, other, origin, checkpoints, limits, announcing, archive);
    }

    /** Of the log that this node writes now: another one after a restore. */
    public LedgerSettings newestLog() throws IOException {
        return withNode(LogNames.newest(keys, node));
    }

    /** Of the log that commands beside this node write now. */
    public LedgerSettings commandsLog() throws IOException {
        String commands = LogNames.ofCommands(LogNames.configuredNode(node));
        return withNode(LogNames.newest(keys, commands));
    }

    public LedgerSettings withExports(Path other) {
        Checkpoints there =
                new Checkpoints(
                        checkpoints.entries(), checkpoints.every(), other, checkpoints.policy());
        return new LedgerSettings(url, keys, node, origin, there, limits, announcing, archive);
    }

    /** Of a log whose checkpoints wait until it is opened with its witnesses. */
    public LedgerSettings withoutWitnesses() {
        Checkpoints unseen =
                new Checkpoints(
                        checkpoints.entries(),
                        checkpoints.every(),
                        checkpoints.exports(),
                        TrustPolicy.NONE);
        return new LedgerSettings(url, keys, node, origin, unseen, limits, announcing, archive);
    }

    /** Of a command that waits longer for the store than a call may. */
    public LedgerSettings withPatience(Duration commitTimeout) {
        Limits patient = new Limits(limits.batch(), limits.queue(), commitTimeout);
        return new LedgerSettings(
                url, keys, node, origin, checkpoints, patient, announcing, archive);
    }

    /** Of this node's log where it has another name than the configuration gives it. */
    public LedgerSettings withLogOrigin(String other) {
        String installation = other.substring(0, Math.max(0, other.lastIndexOf('/')));
        return new LedgerSettings(
                url, keys, node, installation, checkpoints, limits, announcing, archive);
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
