package org.consentgateway.ledger.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Prepared;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.tree.KeyStatement;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Confined to the writer thread. Has a log say which key signs it from now on, before that key
 * signs, and which one is revoked.
 */
public final class KeyStatements {
    private final LogWriter writer;
    private final KeyFiles keys;
    private final Function<NewEntry, Prepared> preparing;
    private final Instant now;

    /**
     * @param keys as they are now
     */
    public KeyStatements(
            LogWriter writer, KeyFiles keys, Function<NewEntry, Prepared> preparing, Instant now) {
        this.writer = writer;
        this.keys = keys;
        this.preparing = preparing;
        this.now = now.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Says what was not said yet. */
    public void write() throws SQLException {
        writer.lock(); // what is read first may be old by the time it is written
        KeyLog log =
                KeyLog.read(writer.connection(), writer.log())
                        .kept(writer.connection(), writer.log());
        VerifierKey current = keys.currentSigning().verifier();
        Optional<VerifierKey> before = log.inForce();
        if (before.isEmpty()) {
            ObjectNode payload =
                    payload(
                            new KeyStatement(current.name(), 0, now, current, null, null),
                            List.of(keys.currentSigning()));
            String text = payload.toString();
            byte[] code = new Pseudonyms(keys.pseudonym()).code(text);
            writer.tell(KeyLog.TABLE, KeyLog.FIRST, code, text);
        } else if (!before.get().isSame(current)) {
            append(
                    EntryType.SIGNING_KEY_ROTATED,
                    new KeyStatement(current.name(), next(), now, current, before.get(), null),
                    before.get());
        }
        for (VerifierKey key : keys.verifiers()) {
            if (key.name().equals(current.name())
                    && key.life().revoked() != null
                    && !log.isRevoked(key)) {
                append(
                        EntryType.SIGNING_KEY_REVOKED,
                        new KeyStatement(current.name(), next(), now, current, null, key),
                        key);
            }
        }
    }

    /** Of the tree with the entry that is about to be written. */
    private long next() {
        return writer.size() + 1;
    }

    /** By the old key, too, where it is here. */
    private void append(EntryType type, KeyStatement statement, VerifierKey old)
            throws SQLException {
        List<SigningKey> signers = new ArrayList<>(List.of(keys.currentSigning()));
        keys.signing().stream().filter(key -> key.verifier().isSame(old)).forEach(signers::add);
        writer.appendOpen(
                KeyLog.TABLE,
                preparing.apply(NewEntry.of(type, null, null, payload(statement, signers), now)));
    }

    private static ObjectNode payload(KeyStatement statement, List<SigningKey> signers) {
        return OpenStatement.payload("log-key/1", statement.signed(signers));
    }
}
