package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.consentgateway.cdr.CdrFormat;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.NoticeKey;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Schema;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.store.CallRecordFiles;
import org.consentgateway.testkit.Template;
import org.jspecify.annotations.Nullable;

/** A ledger in a directory of its own, and a notice that was spoken. */
public final class TestLedger {
    /** Migrated once: that takes as long as a short test. */
    private static final Template TABLES =
            new Template(file -> {
                LedgerSettings settings =
                        at(file, file.resolveSibling("x"), 1000, Duration.ofDays(1));
                Schema.migrate(settings, Vendor.of(settings).open(settings, false));
            });

    private TestLedger() {}

    /** An empty store, as a gateway makes one where there is none. */
    public static void makeStore(Path file) {
        TABLES.copyTo(file);
    }

    public static LedgerSettings in(Path directory) {
        return in(directory, 1000, Duration.ofSeconds(60));
    }

    /**
     * @param entries after which a checkpoint is made, and at the latest after {@code every}
     */
    public static LedgerSettings in(Path directory, int entries, Duration every) {
        Path file = directory.resolve("ledger.db");
        if (Files.notExists(directory.resolve("keys"))) { // else a store that is gone stays so
            makeStore(file);
        }
        return at(file, directory, entries, every);
    }

    private static LedgerSettings at(Path file, Path directory, int entries, Duration every) {
        return new LedgerSettings(
                "jdbc:sqlite:" + file,
                directory.resolve("keys"),
                "node-1",
                "consent-gateway.local/log",
                new LedgerSettings.Checkpoints(
                        entries, every, directory.resolve("checkpoints"), TrustPolicy.NONE),
                LedgerSettings.Limits.USUAL);
    }

    /** Has an entry name a key that nobody has: it no longer opens. */
    public static void spoil(LedgerSettings settings, UUID id) throws SQLException {
        try (Connection connection = DriverManager.getConnection(settings.url());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            int changed =
                    statement.executeUpdate(
                            "UPDATE ledger_payload SET key_id = 'other' WHERE (log, idx) IN"
                                    + " (SELECT log, idx FROM ledger_entry WHERE entry_id = '"
                                    + id
                                    + "')");
            if (changed != 1) {
                throw new SQLException("no such entry: " + id);
            }
        }
    }

    /** Those who answer requests, within one of these times. */
    public static StoredRequests requests(
            LedgerSettings settings, InstantSource clock, Period... within) {
        return requests(settings, clock, StoredRequests.CallRecords.NONE, within);
    }

    /** The same, where callers may be named beside the log. */
    public static StoredRequests requests(
            LedgerSettings settings,
            InstantSource clock,
            StoredRequests.CallRecords calls,
            Period... within) {
        Set<Period> times = within.length == 0 ? Set.of(Period.ofMonths(1)) : Set.of(within);
        return new StoredRequests(
                settings,
                clock,
                new StoredRequests.Terms(
                        "DE",
                        Path.of(System.getProperty("project.root"), "config/languages/answers"),
                        () -> new AnswerDeadline(times, ZoneId.systemDefault()),
                        "https://belege.example.com",
                        calls));
    }

    /** Those of this folder, which name callers. */
    public static StoredRequests.CallRecords callRecords(Path directory) {
        return new CallRecordFiles(
                new GatewayConfig.Cdr(
                        Optional.of(directory),
                        List.of(CdrFormat.JSON),
                        1,
                        Period.ofDays(90),
                        GatewayConfig.CdrCaller.PSEUDONYM));
    }

    /** Of the demonstration, whose opening is "Guten Tag.". */
    public static ArchivedNotice spoken(String version) {
        return new ArchivedNotice(
                new NoticeKey("demo", version, "de", "a"),
                new NoticeWords(new TreeMap<>(Map.of("opening", "Guten Tag."))),
                new TreeMap<>(Map.of("opening", new byte[] {1})),
                JsonNodeFactory.instance.objectNode());
    }

    /** The same as records name it. */
    public static NoticeRef heard(ArchivedNotice spoken) {
        return heard(spoken, new Notice.Controller("Muster GmbH", "Musterweg 1", "DE"));
    }

    /** The same, spoken for this controller. */
    public static NoticeRef heard(ArchivedNotice spoken, Notice.Controller controller) {
        NoticeKey key = spoken.key();
        return new NoticeRef(
                key.lineage(),
                key.version(),
                key.language(),
                key.variant(),
                spoken.words().sha256(),
                spoken.audioSha256(),
                controller);
    }

    /** Of a consent that was given elsewhere, in the web. */
    static final ConsentRecord.Provenance FROM_A_FORM =
            new ConsentRecord.Provenance(
                    ConsentRecord.Provenance.Source.WEB,
                    "newsletter 3",
                    "N-4711",
                    ConsentRecord.Provenance.Identified.CODE,
                    true,
                    "Ada Meier");

    /** What the assistant alone was agreed to. */
    public static Grant grantedForAYear(Instant from) {
        Level level =
                Level.of(
                        "basis",
                        List.of(Purpose.ASSISTANT),
                        ValidityPeriod.parse("P12M"),
                        Period.ofYears(3),
                        false);
        Instant until = from.atZone(ZoneOffset.UTC).plusYears(1).toInstant();
        return new Grant(level, from, until, until, List.of());
    }

    /**
     * Agreed to then, in a call with a number that is known.
     *
     * @param supersedes null where there was none before
     */
    static ConsentRecord.Given given(
            Subject subject, NoticeRef heard, Instant at, @Nullable UUID supersedes) {
        var call =
                new CallFacts(
                        EntryIds.next(at), "h", "local", "demo", at, subject, true, false, true);
        return new ConsentRecord.Given(
                EntryIds.next(at), at, call, heard, grantedForAYear(at), supersedes);
    }

    /** In the moment in which it was given, by key. */
    static ConsentRecord.Withdrawn withdrawn(Subject subject, ConsentRecord.Given given) {
        return new ConsentRecord.Withdrawn(
                EntryIds.next(given.at()),
                given.at(),
                given.call(),
                subject,
                "demo",
                given.id(),
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                given.at(),
                null);
    }
}
