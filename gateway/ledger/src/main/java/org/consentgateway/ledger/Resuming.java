package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Prepared;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.rotation.RequiredKeys;
import org.consentgateway.ledger.statement.OpenStatement;
import org.consentgateway.ledger.statement.Successors;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerClaimed;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogTail;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Schema;
import org.consentgateway.ledger.store.StoredCheckpoints;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.SuccessorStatement;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.ledger.witness.WitnessConflicts;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one command. Goes on after an old backup was restored: a log that was cut ends where
 * it ends now, since checkpoints of more are signed, and another log names it and what is missing.
 */
public final class Resuming {
    private final LedgerSettings settings;
    private final Why why;
    private final InstantSource clock;
    private final DataSource source;
    private final List<VerifierKey> trusted;

    /** Text of checkpoints that are kept outside the store, by where they are. */
    private final Map<String, String> outside;

    /** The same, of those that witnesses have shown. */
    private final Map<String, String> shown;

    /**
     * A log that ended.
     *
     * @param log by origin
     * @param entries that it has now
     * @param known entries that it had at least; null where nobody here knows
     * @param successor by origin
     */
    public record Resumed(String log, long entries, @Nullable Long known, String successor) {}

    private Resuming(
            LedgerSettings settings,
            Why why,
            InstantSource clock,
            DataSource source,
            Map<String, String> outside)
            throws IOException {
        this.settings = settings;
        this.why = why;
        this.clock = clock;
        this.source = source;
        this.outside = outside;
        this.shown = WitnessConflicts.proofs(settings.keys());
        this.trusted = KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
    }

    /** Why a log ends. */
    public enum Why {
        /** Entries are missing. */
        RESTORED,
        /** The configuration gives the logs another origin. */
        RENAMED
    }

    /**
     * For the logs of this node; those that need not end go on as they are.
     *
     * @param why what is expected: nothing is done where it is not so
     * @param kept more checkpoints than the exported ones
     * @throws IOException where a gateway is running, a key is missing, or the store is no older
     *     state of itself
     */
    public static List<Resumed> run(
            LedgerSettings settings, Why why, List<Path> kept, InstantSource clock)
            throws IOException {
        RequiredKeys.check(settings.newestLog());
        Map<String, String> outside = new LinkedHashMap<>();
        outside.putAll(Exports.texts(settings.checkpoints().exports()));
        outside.putAll(Exports.texts(settings.keys()));
        for (Path file : kept) {
            outside.put(file.toString(), Files.readString(file));
        }
        try {
            DataSource source = Vendor.of(settings).open(settings, false);
            Schema.migrate(settings, source);
            return new Resuming(settings, why, clock, source, outside).all();
        } catch (SQLException | LedgerClaimed | LedgerTorn e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Where the logs of one node go on that end.
     *
     * @param successor by name
     * @param statements of that one
     */
    private record Continuation(String successor, List<SuccessorStatement> statements) {}

    /** Nothing is written before it is known of all of them. */
    private List<Resumed> all() throws SQLException, IOException {
        List<Continuation> endings =
                List.of(ending(settings.node()), ending(LogNames.ofCommands(settings.node())));
        Instant since = since(endings);
        List<Resumed> resumed = new ArrayList<>();
        for (Continuation one : endings) {
            List<SuccessorStatement> statements =
                    one.statements().stream()
                            .map(said -> said.isIncomplete() ? said.since(since) : said)
                            .toList();
            if (!statements.isEmpty()) {
                write(settings.withNode(one.successor()), statements);
            }
            statements.forEach(said -> resumed.add(resumed(said)));
        }
        return resumed;
    }

    private static Resumed resumed(SuccessorStatement said) {
        return new Resumed(
                said.restored().origin(),
                said.restored().size(),
                said.known() == null ? null : said.known().size(),
                said.origin());
    }

    /**
     * When entries were missing. With that time the logs that run on are compared, which have no
     * other order: so it is later than all that they hold, also where this clock is behind theirs
     * or theirs was ahead.
     */
    private Instant since(List<Continuation> endings) throws SQLException {
        Set<String> ended =
                endings.stream()
                        .flatMap(one -> one.statements().stream())
                        .map(said -> said.restored().origin())
                        .collect(Collectors.toSet());
        Instant since = now();
        try (Connection connection = source.getConnection()) {
            for (Log log : Log.all(connection)) {
                Instant after = Instant.ofEpochMilli(log.lastMillis() + 1);
                if (log.size() > 0
                        && after.isAfter(since)
                        && !ended.contains(log.origin())
                        && !isContinued(connection, log.origin())) {
                    since = after;
                }
            }
        }
        return since;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** All logs of a node that are cut, and the one that continues them. */
    private Continuation ending(String node) throws SQLException, IOException {
        String newest = LogNames.newest(settings.keys(), node);
        List<SuccessorStatement> statements = new ArrayList<>();
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            Vendor.Claim claim = Vendor.of(settings).claim(named(connection, newest), connection);
            try {
                String successor =
                        isUnfinished(connection, newest) ? newest : LogNames.next(newest);
                for (Map.Entry<String, String> log : logs(connection, node).entrySet()) {
                    if (!log.getKey().equals(successor)) {
                        ending(connection, log.getKey(), log.getValue(), successor)
                                .ifPresent(statements::add);
                    }
                }
                connection.commit();
                return new Continuation(successor, statements);
            } finally {
                claim.release();
            }
        }
    }

    /** As the store names the log, for so a gateway has claimed it that still writes it. */
    private LedgerSettings named(Connection connection, String log) throws SQLException {
        LedgerSettings of = settings.withNode(log);
        return Log.ofNode(connection, log)
                .map(stored -> of.withLogOrigin(stored.origin()))
                .orElse(of);
    }

    /** There is a key for it, and nothing else yet. */
    private boolean isUnfinished(Connection connection, String newest) throws SQLException {
        Optional<Log> log = Log.ofNode(connection, newest);
        return LogNames.number(newest) > 1
                && known(settings.withNode(newest).logOrigin()).isEmpty()
                && (log.isEmpty() || log.get().size() == 0);
    }

    /** Origins by name: in the store, or of checkpoints outside of it. */
    private Map<String, String> logs(Connection connection, String node) throws SQLException {
        Map<String, String> found = new TreeMap<>();
        for (Log log : Log.all(connection)) {
            found.put(log.node(), log.origin());
        }
        for (VerifierKey key : trusted) {
            if (known(key.name()).isPresent()) {
                found.putIfAbsent(name(key.name()), key.name());
            }
        }
        found.keySet().removeIf(log -> !LogNames.node(log).equals(node));
        return found;
    }

    private static String name(String origin) {
        return origin.substring(origin.lastIndexOf('/') + 1);
    }

    /** Empty where it goes on as it is. */
    private Optional<SuccessorStatement> ending(
            Connection connection, String log, String origin, String successor)
            throws SQLException, IOException {
        Optional<Log> stored = Log.ofNode(connection, log);
        long size = stored.map(Log::size).orElse(0L);
        byte[] root = Merkle.EMPTY;
        if (stored.isPresent()) {
            LogTail.check(connection, stored.get());
            root = Log.proofs(connection, stored.get().id()).root(size);
            requireSame(connection, stored.get());
        }
        Checkpoint end = new Checkpoint(origin, size, root);
        Checkpoint known = known(origin).orElse(null);
        boolean contradicted = !WitnessConflicts.of(settings.keys(), log).unresolved().isEmpty();
        // Older than the backup, as the keys beside which it lay: it says nothing of what came
        // after.
        boolean stale = why == Why.RESTORED && known != null && known.size() < end.size();
        boolean missing =
                contradicted
                        || stale
                        || (known == null
                                ? hasCheckpoint(connection, log)
                                : known.size() > end.size());
        if ((contradicted || stale) && known != null && known.size() <= end.size()) {
            known = null; // of a contradicted one others stand in its place: nobody knows which
        }
        boolean renamed = !origin.equals(settings.withNode(log).logOrigin());
        if (isContinued(connection, origin) || (!missing && !renamed)) {
            return Optional.empty();
        }
        // A backup from before a renaming brings back a log that has gone on under the new name.
        boolean goneOn = !log.equals(LogNames.newest(settings.keys(), log));
        boolean wanted = why == Why.RESTORED ? missing || goneOn : !missing;
        if (!wanted) {
            throw new IOException(
                    missing
                            ? origin + " is an old backup: ledger resume --after-restore"
                            : origin + " has another origin: ledger resume --new-origin");
        }
        if (stored.isPresent()) {
            signLast(connection, stored.get(), root);
        }
        return Optional.of(
                new SuccessorStatement(
                        settings.withNode(successor).logOrigin(),
                        end,
                        missing ? known : end,
                        now()));
    }

    private boolean isContinued(Connection connection, String origin) throws SQLException {
        for (Log log : Log.all(connection)) {
            for (OpenStatement said : Successors.of(connection, log)) {
                if (Successors.by(said, log, trusted)
                        .filter(statement -> statement.restored().origin().equals(origin))
                        .isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasCheckpoint(Connection connection, String log) throws SQLException {
        Optional<Log> stored = Log.ofNode(connection, log);
        return stored.isPresent() && StoredCheckpoints.count(connection, stored.get()) > 0;
    }

    /** The largest that a key here has signed, witnesses' included. */
    private Optional<Checkpoint> known(String origin) {
        Checkpoint largest = null;
        List<Checkpoint> all = new ArrayList<>(signed(origin, outside).values());
        all.addAll(signed(origin, shown).values());
        for (Checkpoint one : all) {
            if (largest == null || one.size() > largest.size()) {
                largest = one;
            }
        }
        return Optional.ofNullable(largest);
    }

    private Map<String, Checkpoint> signed(String origin, Map<String, String> texts) {
        List<VerifierKey> ofLog =
                trusted.stream().filter(key -> key.name().equals(origin)).toList();
        Map<String, Checkpoint> signed = new LinkedHashMap<>();
        texts.forEach((place, text) ->
                SignedNote.parse(text)
                        .filter(note -> note.verify(ofLog) instanceof SignedNote.Verdict.Verified)
                        .flatMap(note -> Checkpoint.parse(note.text()))
                        .filter(one -> one.origin().equals(origin))
                        .ifPresent(one -> signed.put(place, one)));
        return signed;
    }

    /** What was changed, or went on after a restore, is no older state. */
    private void requireSame(Connection connection, Log log) throws SQLException {
        for (Map.Entry<String, Checkpoint> one : signed(log.origin(), outside).entrySet()) {
            Checkpoint checkpoint = one.getValue();
            if (checkpoint.size() <= log.size()
                    && !Arrays.equals(
                            Log.proofs(connection, log.id()).root(checkpoint.size()),
                            checkpoint.root())) {
                throw new LedgerTorn(
                        "this is no older state of "
                                + log.origin()
                                + ": it does not match "
                                + one.getKey()
                                + ". Keep store and checkpoints as they are, and run"
                                + " scripts/gateway ledger verify");
            }
        }
    }

    /** What stands after the last checkpoint is proved by one more: nobody will sign it later. */
    private void signLast(Connection connection, Log log, byte[] root) throws SQLException {
        Optional<SigningKey> key = KeyFiles.signingKey(settings.keys(), log.node());
        if (key.isPresent() && StoredCheckpoints.newestSize(connection, log) < log.size()) {
            Checkpoint last = new Checkpoint(log.origin(), log.size(), root);
            StoredCheckpoints.insert(
                    connection, log, endOf(log), SignedNote.sign(last.text(), List.of(key.get())));
        }
    }

    /** Not before its last entry, whatever the clocks: else nobody would believe it of that one. */
    private Instant endOf(Log log) {
        Instant last = Instant.ofEpochMilli(log.lastMillis());
        return last.isAfter(clock.instant()) ? last : clock.instant();
    }

    /** The key first: from then on no gateway writes the old log. */
    private void write(LedgerSettings of, List<SuccessorStatement> statements)
            throws SQLException, IOException {
        KeyFiles keys = KeyFiles.open(of.keys(), of.node(), of.logOrigin());
        var sealer = new Sealer(keys.payload());
        try (LogWriter writer =
                LogWriter.open(
                        source,
                        of,
                        clock,
                        sealer,
                        new Pseudonyms(keys.pseudonym()),
                        Ledger::salt)) {
            for (SuccessorStatement statement : statements) {
                List<SigningKey> signers = new ArrayList<>(List.of(keys.currentSigning()));
                String ended = statement.restored().origin();
                KeyFiles.signingKey(of.keys(), name(ended)).ifPresent(signers::add);
                NewEntry entry =
                        NewEntry.of(
                                EntryType.LOG_RESUMED,
                                null,
                                null,
                                Successors.payload(statement, signers),
                                clock.instant());
                Prepared prepared =
                        Prepared.of(
                                entry,
                                of.node(),
                                keys.currentSigning().verifier().hash(),
                                of.announcing());
                writer.appendOpen(Successors.TABLE, prepared);
            }
        }
        try (Connection connection = source.getConnection()) {
            for (SuccessorStatement statement : statements) {
                String ended = name(statement.restored().origin());
                Optional<Log> stored = Log.ofNode(connection, ended);
                KeyFiles.retire(
                        of.keys(), ended, stored.map(this::endOf).orElseGet(clock::instant));
            }
        }
    }
}
