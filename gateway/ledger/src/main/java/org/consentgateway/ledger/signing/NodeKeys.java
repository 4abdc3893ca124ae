package org.consentgateway.ledger.signing;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Prepared;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.PayloadKeyFile;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.RetiredKeys;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.VerifierKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a node as it uses them now, and what seals and names callers by them: commands beside
 * it rotate and retire keys while it writes. Thread-safe, but for what reads them anew: that is the
 * writer thread's.
 */
public final class NodeKeys {
    private static final Logger LOG = LoggerFactory.getLogger(NodeKeys.class);

    private final LedgerSettings settings;
    private final Sealer sealer;
    private final Pseudonyms pseudonyms;
    private volatile KeyFiles files;

    private NodeKeys(LedgerSettings settings, KeyFiles files) {
        this.settings = settings;
        this.files = files;
        this.sealer = new Sealer(files.payload());
        this.pseudonyms = new Pseudonyms(files.pseudonym());
    }

    /**
     * Makes those that are missing: {@code RequiredKeys.check} looks before whether the store wants
     * them.
     */
    public static NodeKeys open(LedgerSettings settings) throws IOException {
        var files = KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin());
        if (!files.payload().arePerEntry()) {
            LOG.warn(
                    "what is erased can still be read in old backups, for all payloads have one"
                            + " key: scripts/gateway keys rotate --reseal gives each its own,"
                            + " beside the running gateway");
        }
        return new NodeKeys(settings, files);
    }

    public Sealer sealer() {
        return sealer;
    }

    public Pseudonyms pseudonyms() {
        return pseudonyms;
    }

    public SigningKey signing() {
        return files.currentSigning();
    }

    public List<VerifierKey> verifiers() {
        return files.verifiers();
    }

    KeyFiles files() {
        return files;
    }

    /** As it is written by this node now. */
    public Prepared prepare(NewEntry entry) {
        return Prepared.of(
                entry, settings.node(), signing().verifier().hash(), settings.announcing());
    }

    /**
     * On the writer thread. Keys may have been rotated by the command line; files that cannot be
     * read change nothing.
     */
    void readAgain() {
        try {
            KeyFiles now = files.again(settings.keys(), settings.node());
            files = now;
            sealer.replace(now.payload());
            pseudonyms.replace(now.pseudonym());
        } catch (IOException e) {
            LOG.warn("key files not read again, the old keys stay in use: {}", e.toString());
        }
    }

    /**
     * On the writer thread. Keys that were retired by another process are neither used nor kept.
     *
     * @throws LedgerTorn where the one that is used is among them
     */
    public void forgetRetired(DataSource source) throws SQLException {
        Set<String> retired;
        try (Connection connection = source.getConnection()) {
            retired = RetiredKeys.of(connection);
        }
        if (retired.isEmpty()) {
            return;
        }
        try {
            sealer.replace(PayloadKeyFile.forget(settings.keys(), retired));
        } catch (IOException e) {
            throw new SQLException("payload.keys cannot be read: " + e.getMessage(), e);
        }
        String current = sealer.keys().current().id();
        if (retired.contains(current)) {
            throw new LedgerTorn(
                    "payload key "
                            + current
                            + " is not to be used any more, everything was sealed anew: copy"
                            + " payload.keys from the node where that was done");
        }
    }
}
