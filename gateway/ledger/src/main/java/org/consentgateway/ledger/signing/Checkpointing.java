package org.consentgateway.ledger.signing;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.statement.KeyLog;
import org.consentgateway.ledger.statement.KeyStatements;
import org.consentgateway.ledger.store.CommitQueue;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Publisher;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.ledger.witness.WitnessConflicts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confined to the writer thread, and to who opens it before. Signs how far the log is, and has
 * others told of it.
 */
public final class Checkpointing implements CommitQueue.Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpointing.class);

    private final LedgerSettings settings;
    private final NodeKeys keys;
    private final WitnessConflicts conflicts;
    private final Publisher publisher;
    private final Consumer<Publisher.Signed> witnesses;
    private final InstantSource clock;

    /** What logs have said of keys when it was last looked at. */
    private long statements;

    /**
     * @param witnesses told of the newest checkpoint there is
     */
    public Checkpointing(
            LedgerSettings settings,
            NodeKeys keys,
            WitnessConflicts conflicts,
            Publisher publisher,
            Consumer<Publisher.Signed> witnesses,
            InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.conflicts = conflicts;
        this.publisher = publisher;
        this.witnesses = witnesses;
        this.clock = clock;
    }

    @Override
    public void connected(LogWriter writer) throws SQLException {
        witnesses.accept(newest(writer));
    }

    /** What a witness has to agree with; of a log without a checkpoint, that it is empty. */
    private Publisher.Signed newest(LogWriter writer) throws SQLException {
        Checkpoint empty = new Checkpoint(settings.logOrigin(), 0, Merkle.EMPTY);
        return writer.newestCheckpoint().orElseGet(() -> signed(empty));
    }

    private Publisher.Signed signed(Checkpoint end) {
        return new Publisher.Signed(
                end.size(), SignedNote.sign(end.text(), List.of(keys.signing())));
    }

    @Override
    public void sign(LogWriter writer) throws SQLException {
        if (conflicts.standing().isPresent()) {
            return; // two trees of one name must not be signed
        }
        keys.readAgain();
        new KeyStatements(writer, keys.files(), keys::prepare, clock.instant()).write();
        String note = writer.checkpoint(keys.files());
        try {
            Exports.keepFirst(settings, note);
        } catch (IOException e) {
            LOG.warn("the first checkpoint is not kept beside the keys: {}", e.toString());
        }
        var signed = new Publisher.Signed(writer.size(), note);
        publisher.publish(signed);
        witnesses.accept(signed);
        try {
            learn(writer.connection());
        } catch (IOException e) {
            LOG.warn("verifier.keys is not up to date: {}", e.toString());
        }
    }

    /**
     * Keeps the public keys of all nodes here, as far as they are vouched for, and of our own
     * private ones the one that signs.
     */
    private void learn(Connection connection) throws SQLException, IOException {
        long now =
                Rows.first(connection, "SELECT COUNT(*) FROM ledger_key", row -> row.getLong(1))
                        .orElse(0L);
        List<VerifierKey> told = now == statements ? List.of() : told(connection);
        connection.commit(); // what was read must not keep this connection from writing
        if (now != statements) {
            KeyFiles.learn(settings.keys(), told);
            statements = now;
        }
        if (keys.files().signing().size() > 1) {
            KeyFiles.forgetOldSigning(settings.keys(), settings.node(), keys.signing());
        }
    }

    private List<VerifierKey> told(Connection connection) throws SQLException {
        List<VerifierKey> told = new ArrayList<>();
        for (Log log : Log.all(connection)) {
            KeyLog said = KeyLog.read(connection, log).kept(connection, log);
            boolean known =
                    keys.verifiers().stream().anyMatch(key -> key.name().equals(log.origin()));
            if (known || said.isOfNodeWith(keys.pseudonyms())) {
                told.addAll(said.from(keys.verifiers()).keys());
            }
        }
        return told;
    }

    @Override
    public void lost(LogWriter.End confirmed) {
        publisher.publish(
                signed(
                        new Checkpoint(
                                confirmed.log().origin(),
                                confirmed.log().size(),
                                confirmed.tree().root())));
    }
}
