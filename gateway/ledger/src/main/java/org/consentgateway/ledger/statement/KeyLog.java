package org.consentgateway.ledger.statement;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.tree.KeyLife;
import org.consentgateway.ledger.tree.KeyStatement;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.VerifierKey;

/** Immutable. What a log has said of its signing keys, oldest first. */
public record KeyLog(String origin, List<OpenStatement> said) {
    /**
     * Index of the statement of the first key, which is no entry; in place of a salt it has a code
     * under the pseudonym key.
     */
    static final long FIRST = -1;

    /**
     * Keys, and what is wrong with what was said of them.
     *
     * @param keys those that were trusted, those that they vouch for, and how long each signs
     * @param wrong in words
     */
    public record Told(List<VerifierKey> keys, List<String> wrong) {}

    static final String TABLE = "ledger_key";

    private static final Set<EntryType> TYPES =
            Set.of(EntryType.SIGNING_KEY_ROTATED, EntryType.SIGNING_KEY_REVOKED);

    public static KeyLog of(Connection connection, Log log) throws SQLException {
        return Tables.has(connection, TABLE)
                ? read(connection, log)
                : new KeyLog(log.origin(), List.of());
    }

    /** The same where a gateway has made the table. */
    public static KeyLog read(Connection connection, Log log) throws SQLException {
        return new KeyLog(log.origin(), OpenStatement.of(connection, TABLE, log));
    }

    /** Of the first key: no entry. */
    public static boolean isFirst(OpenStatement one) {
        return one.index() == FIRST;
    }

    /** Whether it is of the first key, or an entry of the log says it. */
    public static boolean isSaid(Connection connection, Log log, OpenStatement one)
            throws SQLException {
        return isFirst(one) || one.isEntryOf(connection, log, TYPES);
    }

    /** Without what somebody has put beside the log only. */
    public KeyLog kept(Connection connection, Log log) throws SQLException {
        List<OpenStatement> kept = new ArrayList<>();
        for (OpenStatement one : said) {
            if (isSaid(connection, log, one)) {
                kept.add(one);
            }
        }
        return new KeyLog(origin, List.copyOf(kept));
    }

    /**
     * Whether its first key was stated by one of our nodes: they all have the pseudonym key, and
     * whoever has the database alone has not.
     */
    public boolean isOfNodeWith(Pseudonyms pseudonyms) {
        return said.stream()
                .filter(KeyLog::isFirst)
                .anyMatch(one -> pseudonyms.isCode(one.salt(), one.payload()));
    }

    /** The key that signs by what was said last; empty where nothing was said yet. */
    public Optional<VerifierKey> inForce() {
        return said.isEmpty()
                ? Optional.empty()
                : said.getLast()
                        .note()
                        .flatMap(note -> KeyStatement.parse(note.text()))
                        .map(KeyStatement::key);
    }

    boolean isRevoked(VerifierKey key) {
        return said.stream()
                .flatMap(one -> one.note().stream())
                .flatMap(note -> KeyStatement.parse(note.text()).stream())
                .anyMatch(s -> s.revokes() != null && s.revokes().isSame(key));
    }

    /**
     * Follows from trusted keys to those that they vouch for.
     *
     * @param trusted keys of any log; where there is none of this one, its first key is believed:
     *     what is found by it is right or wrong in itself, and the log may still be another one
     */
    public Told from(Collection<VerifierKey> trusted) {
        List<VerifierKey> keys = new ArrayList<>();
        trusted.stream().filter(key -> key.name().equals(origin)).forEach(keys::add);
        boolean first = keys.isEmpty();
        List<String> wrong = new ArrayList<>();
        for (OpenStatement one : said) {
            SignedNote note = one.note().orElse(null);
            KeyStatement statement =
                    note == null ? null : KeyStatement.parse(note.text()).orElse(null);
            if (note == null
                    || statement == null
                    || !statement.origin().equals(origin)
                    || statement.size() != one.index() + 1) {
                wrong.add("what it says of its keys is damaged");
                continue;
            }
            if (!isBy(note, statement.key())) {
                wrong.add("key " + statement.key().hash() + " has not signed its own statement");
                continue;
            }
            boolean vouched =
                    isFirst(one)
                            ? first || has(keys, statement.key())
                            : vouched(keys, statement, note);
            first = false;
            if (vouched) {
                take(keys, statement, isFirst(one));
            }
        }
        return new Told(List.copyOf(keys), List.copyOf(wrong));
    }

    /**
     * By a key that signed then: what a stolen one says after it was replaced counts for nothing.
     */
    private static boolean vouched(
            List<VerifierKey> keys, KeyStatement statement, SignedNote note) {
        VerifierKey replaced = statement.replaces();
        return isBelieved(keys, statement.key(), statement)
                || (replaced != null
                        && isBy(note, replaced)
                        && isBelieved(keys, replaced, statement));
    }

    private static boolean isBelieved(
            List<VerifierKey> keys, VerifierKey key, KeyStatement statement) {
        return has(keys, key)
                && find(keys, key).life().objection(statement.size(), statement.time()).isEmpty();
    }

    private static void take(List<VerifierKey> keys, KeyStatement statement, boolean isFirst) {
        if (!has(keys, statement.key())) {
            keys.add(statement.key());
        }
        VerifierKey replaced = statement.replaces();
        if (!isFirst && replaced != null) {
            live(keys, statement.key(), find(keys, statement.key()).life().from(statement.size()));
        }
        if (replaced != null && has(keys, replaced)) {
            // What was known before is believed where it is stricter: this may be a forgery.
            KeyLife end = KeyLife.UNLIMITED.until(statement.size(), statement.time());
            live(keys, replaced, find(keys, replaced).life().and(end));
        }
        VerifierKey revoked = statement.revokes();
        if (revoked != null && has(keys, revoked)) {
            KeyLife end = KeyLife.UNLIMITED.revoked(statement.time());
            live(keys, revoked, find(keys, revoked).life().and(end));
        }
    }

    private static void live(List<VerifierKey> keys, VerifierKey key, KeyLife life) {
        keys.replaceAll(one -> one.isSame(key) ? one.living(life) : one);
    }

    private static boolean has(List<VerifierKey> keys, VerifierKey key) {
        return keys.stream().anyMatch(key::isSame);
    }

    private static VerifierKey find(List<VerifierKey> keys, VerifierKey key) {
        return keys.stream().filter(key::isSame).findFirst().orElseThrow();
    }

    private static boolean isBy(SignedNote note, VerifierKey key) {
        return note.verify(List.of(key)) instanceof SignedNote.Verdict.Verified;
    }
}
