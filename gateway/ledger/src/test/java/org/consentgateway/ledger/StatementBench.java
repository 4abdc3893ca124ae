package org.consentgateway.ledger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.nodes.NodeCall;
import org.consentgateway.ledger.nodes.Nodes;
import org.consentgateway.ledger.nodes.SeenNode;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.number.Decisive;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.outbox.Settled;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.tally.DayCount;
import org.slf4j.LoggerFactory;

/**
 * What each SQL statement of the ledger costs on PostgreSQL, with as many entries as are wanted:
 * {@code [--entries N] [--directory DIR]}. Exit code 1 where one reads a big table from end to end.
 */
final class StatementBench {
    private static final Set<String> BIG =
            Set.of(
                    "ledger_entry",
                    "ledger_payload",
                    "ledger_lookup",
                    "ledger_erased",
                    "ledger_tile",
                    "ledger_checkpoint",
                    "ledger_outbox");

    /** Beginnings of statements that are meant to read all of a table. */
    private static final Map<String, String> MEANT =
            Map.of(
                    "SELECT e.entry_id, f.type, f.call_id, f.refers, f.delete_ms",
                    "the plan of all retentions, a command",
                    "UPDATE ledger_outbox SET state = 0, attempts = 0",
                    "a command sends everything again",
                    "SELECT idx FROM ledger_erased WHERE log = $",
                    "all marks are wanted, hourly");

    /** After five runs the driver, and after five more the server, keeps a plan for good. */
    private static final int RUNS = 12;

    private static final String CRM = "crm-1";

    /** Every caller is read as a switchboard is. */
    private static final Decisive.Most CROWDED = new Decisive.Most(0, 1, 50_000, 1_000);

    /** The plan of all retentions holds every entry in memory: a command, and not the bench's. */
    private static final long MOST_PLANNED = 3_000_000;

    private final ManyCalls calls;
    private final Ledger ledger;
    private final LedgerArchive archive;
    private final long entries;
    private final Instant now = Instant.now();
    private int number;

    private StatementBench(ManyCalls calls, Ledger ledger, LedgerArchive archive, long entries) {
        this.calls = calls;
        this.ledger = ledger;
        this.archive = archive;
        this.entries = entries;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> given = Arrays.asList(arguments);
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        long entries = Long.parseLong(option(given, "--entries", "1000000"));
        Path directory =
                Files.createTempDirectory(
                        Path.of(option(given, "--directory", System.getProperty("java.io.tmpdir"))),
                        "statements");
        Path output = directory.resolve("server.log");
        int wrong;
        try (EmbeddedPostgres server =
                EmbeddedPostgres.builder()
                        .setDataDirectory(directory.resolve("data"))
                        .setServerConfig("shared_buffers", "512MB")
                        .setServerConfig("maintenance_work_mem", "512MB")
                        .setServerConfig("max_wal_size", "8GB")
                        .setOutputRedirector(ProcessBuilder.Redirect.to(output.toFile()))
                        .setErrorRedirector(ProcessBuilder.Redirect.appendTo(output.toFile()))
                        .start()) {
            wrong = run(server, directory, entries, output);
        }
        delete(directory);
        System.exit(wrong > 0 ? 1 : 0);
    }

    private static int run(EmbeddedPostgres server, Path directory, long entries, Path output)
            throws Exception {
        String url = server.getJdbcUrl("postgres", "postgres");
        LedgerSettings settings =
                TestSettings.inDirectory(directory.resolve("gateway"))
                        .withUrl(url)
                        .withPatience(Duration.ofMinutes(2))
                        .withAnnouncing(_ -> List.of(new Outgoing(CRM, "told", false, "{}")));
        String key;
        try (Ledger first = Ledger.open(settings, Clock.systemUTC())) {
            CommittedEntry _ = Records.append(first, Records.given("call-first", "p"));
        }
        ManyCalls calls;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            try (var row = statement.executeQuery("SELECT key_id FROM ledger_payload LIMIT 1")) {
                row.next();
                key = row.getString(1);
            }
            calls = new ManyCalls(connection, entries, System.currentTimeMillis(), key);
            long began = System.nanoTime();
            calls.fill();
            try (var row =
                    statement.executeQuery(
                            "SELECT pg_size_pretty(pg_database_size(current_database()))")) {
                row.next();
                System.out.printf(
                        Locale.ROOT,
                        "%d entries of %d callers in %.0f s, %s%n",
                        entries,
                        calls.callers(),
                        (System.nanoTime() - began) / 1e9,
                        row.getString(1));
            }
            sizes(statement);
            explainEverything(statement);
        }
        try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
            var bench = new StatementBench(calls, ledger, LedgerArchive.open(settings), entries);
            bench.everything(directory);
        }
        StatementCosts costs = new StatementCosts(BIG);
        costs.read(output);
        int wrong = costs.report(MEANT);
        notRun(costs.statements());
        return wrong;
    }

    /** What they take on disk, with their indexes. */
    private static void sizes(Statement statement) throws Exception {
        try (var row =
                statement.executeQuery(
                        "SELECT relname, pg_relation_size(oid), pg_indexes_size(oid), reltuples"
                                + " FROM pg_class WHERE relkind = 'r' AND relname LIKE 'ledger%'"
                                + " AND reltuples > 1000 ORDER BY 2 DESC")) {
            while (row.next()) {
                System.out.printf(
                        Locale.ROOT,
                        "  %s: %.0f rows of %.0f octets, and %.0f of indexes%n",
                        row.getString(1),
                        row.getDouble(4),
                        row.getDouble(2) / row.getDouble(4),
                        row.getDouble(3) / row.getDouble(4));
            }
        }
    }

    private static void explainEverything(Statement statement) throws Exception {
        for (String setting :
                List.of(
                        "session_preload_libraries = 'auto_explain'",
                        "auto_explain.log_min_duration = 0",
                        "auto_explain.log_analyze = on",
                        "auto_explain.log_buffers = on",
                        "auto_explain.log_format = json")) {
            statement.execute("ALTER DATABASE postgres SET " + setting);
        }
    }

    private interface Question {
        Object ask() throws Exception;
    }

    private void ask(Question question) throws Exception {
        for (number = 0; number < RUNS; number++) {
            Object _ = question.ask();
        }
    }

    private PseudonymousSubject caller() {
        long one = (number * 7919L + 4) % calls.callers();
        return new PseudonymousSubject(List.of(ManyCalls.caller(one), "of-an-old-key"));
    }

    /** Of the entry of a call that is a consent, somewhere in the log. */
    private UUID consent() {
        return consent(0);
    }

    private UUID consent(long before) {
        long call = (entries / ManyCalls.LOGS / 5 - 10 - number * 1000L - before) / 10 * 10 + 8;
        return UUID.fromString(calls.id(2, Math.max(1, call * 5 + 1)));
    }

    private List<UUID> consents() {
        return IntStream.range(0, 20).mapToObj(each -> consent(each * 50L)).toList();
    }

    private void everything(Path directory) throws Exception {
        reading(ledger.reader());
        pages(ledger.reader());
        writing();
        nodes(ledger.nodes());
        outbox(ledger.outbox());
        rest(directory);
    }

    /** What calls and hourly chores ask. */
    private void reading(LogReader reader) throws Exception {
        ask(() -> reader.entry(consent()));
        ask(() -> reader.ofCall("2-call-" + number * 17));
        ask(() -> reader.ofSipCall(List.of(calls.sipHash(number), "of-an-old-key")));
        ask(() -> ledger.histories().of(caller(), ManyCalls.NOTICE));
        ask(() -> ledger.histories().reading(CROWDED).of(caller(), ManyCalls.NOTICE));
        ask(() -> ledger.histories().reading(CROWDED).ofAll(caller()));
        ask(() -> reader.unansweredRequests(caller(), 100));
        ask(() -> reader.callBacksDue(caller(), now.minus(Duration.ofDays(1))));
        ask(() -> FoundEntries.of(reader, caller()).page(0, 200));
        ask(() -> reader.endings(consents()));
        ask(() -> ledger.ended().by(now, 100));
        ask(() -> reader.endingsOf(consents()));
        ask(() -> reader.untold(now.minus(Duration.ofHours(24)), now, null, 100));
        ask(() -> {
            AboutEntries.ofHolders(reader, consent(), _ -> {});
            return true;
        });
        ask(() -> reader.unansweredRequests(1000));
        ask(() -> reader.openTasks(1000));
        ask(() -> AboutEntries.of(reader, consent()));
        ask(() -> AboutEntries.of(reader, consents()));
        ask(() -> reader.ofReference(consents()));
        ask(() -> reader.referencesOf(caller().current(), 10));
        ask(() -> reader.accessKeys(100));
        ask(() -> reader.erased(consents()));
        ask(() -> reader.from(Map.of("consent-gateway.local/log/other-2", entries / 6), 100));
        ask(() ->
                reader.from(
                        Map.of(
                                "consent-gateway.local/log/other-2", entries / 6,
                                "consent-gateway.local/log/other-3", entries / 6,
                                "consent-gateway.local/log/other-4", entries / 6),
                        100,
                        Set.of(EntryType.GIVEN, EntryType.WITHDRAWN)));
    }

    /** What people look at. */
    private void pages(LogReader reader) throws Exception {
        Instant day = now.minus(Duration.ofDays(30));
        for (EntryType type :
                List.of(
                        EntryType.TASK_OPENED,
                        EntryType.REQUEST_OPENED,
                        EntryType.REQUEST_EXTENDED,
                        EntryType.HOLDER_NOTIFIED,
                        EntryType.HOLDER_TO_TELL)) {
            ask(() -> reader.ofType(type, 1000));
        }
        ask(() -> reader.countsOfTypes(day, day.plus(Duration.ofDays(1))));
        ask(() -> reader.countsOfLines(day, day.plus(Duration.ofDays(1))));
        ask(() -> {
            archive.each(
                    new Listing.Wanted(
                            day, day.plus(Duration.ofHours(6)), Set.of(), "hotline", true),
                    _ -> true);
            return archive.logs();
        });
        ask(() -> archive.tallies(LocalDate.EPOCH, LocalDate.MAX));
        ask(archive::notices);
        ask(archive::size);
    }

    private void writing() throws Exception {
        ask(() -> Records.append(ledger, Records.served("call-" + number, "p")));
        ask(() -> {
            CommittedEntry grant =
                    Records.append(ledger, Records.given("w" + number, "p" + number));
            NewEntry end = Records.given("w" + number, "p" + number);
            end.payload().put("refers_to", grant.entryId().toString());
            CommittedEntry _ =
                    Records.append(
                            ledger,
                            NewEntry.of(
                                    EntryType.WITHDRAWN,
                                    "w" + number,
                                    "p" + number,
                                    end.payload(),
                                    now));
            ledger.checkpoint();
            return archive.receipt(grant.entryId());
        });
        ask(() -> ledger.erase(erased(), caller(), Set.of(consent())));
        ask(() -> ledger.eraseOne(erased(), consent()));
        number = 0;
        Object _ = ledger.eraseOutdated();
        ask(() -> ledger.eraseAgain());
    }

    private NewEntry erased() {
        return NewEntry.of(
                EntryType.ERASED, null, null, JsonNodeFactory.instance.objectNode(), now);
    }

    private void nodes(Nodes nodes) throws Exception {
        ask(() -> {
            long life = nodes.begin("node-1");
            NodeCall call = new NodeCall(UUID.randomUUID(), "carrier", "demo", now);
            Collection<NodeCall> calling = List.of(call);
            nodes.beat("node-1", life, calling, List.of());
            nodes.register("node-1", life, Set.of("carrier"));
            List<SeenNode> alive = nodes.alive();
            nodes.lose(alive.getFirst(), Duration.ZERO);
            nodes.lost();
            nodes.end("node-1", life);
            nodes.lost()
                    .forEach(each -> {
                        try {
                            nodes.settled(each);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    });
            nodes.forget();
            return life;
        });
    }

    private void outbox(EventOutbox outbox) throws Exception {
        ask(() -> {
            List<Message> some =
                    outbox.claim(
                            List.of(new EventOutbox.Wanted(CRM, false, 4, false)),
                            "node-1",
                            now,
                            Duration.ofMinutes(1));
            Message one = some.getFirst();
            outbox.settle(
                    List.of(
                            new Settled.Delivered(one, "200"),
                            new Settled.Again(some.get(1), "500", now.minusSeconds(1)),
                            new Settled.GivenUp(some.get(2), "400"),
                            new Settled.Released(some.get(3))),
                    "node-1",
                    now);
            outbox.release("node-1");
            return outbox.standings(List.of("crm-0", CRM), now);
        });
        ask(() -> outbox.givenUp("crm-2"));
        ask(() -> {
            outbox.disable("crm-2", "410", now);
            outbox.enable("crm-2");
            return true;
        });
        ask(() -> {
            outbox.add(
                    List.of(
                            new EventOutbox.Loose(
                                    UUID.randomUUID(),
                                    new Outgoing(CRM, "t", false, "{}"),
                                    "o",
                                    now)));
            outbox.purge(now.minus(Duration.ofDays(7)), now);
            return true;
        });
        ask(() -> outbox.replay("crm-2", now));
    }

    private void rest(Path directory) throws Exception {
        ask(() -> {
            ledger.tallies()
                    .add(List.of(new DayCount(LocalDate.now(ZoneOffset.UTC), "calls", "", 1)));
            ledger.tallies().forget(LocalDate.EPOCH);
            return ledger.reader()
                    .ask(connection -> org.consentgateway.ledger.tally.Tallies.next(connection));
        });
        ask(() -> {
            ledger.verification().step();
            return true;
        });
        if (entries <= MOST_PLANNED) {
            Object _ = archive.retention();
        }
        Object _ = archive.grown("node-1", 1, null);
        Object _ = directory;
    }

    private static final Pattern LITERAL = Pattern.compile("\"([^\"]*+)\"");

    /** Beginnings of statements in the code that were not run here. */
    private static void notRun(Set<String> run) throws IOException {
        Set<String> missing = new TreeSet<>();
        Path main = Path.of("src/main/java");
        Path sources = Files.exists(main) ? main : Path.of("gateway/ledger").resolve(main);
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                Matcher literal = LITERAL.matcher(Files.readString(file));
                while (literal.find()) {
                    String text = literal.group(1).strip();
                    if (!text.matches("(SELECT|UPDATE|DELETE FROM|INSERT INTO) .{10,}")) {
                        continue;
                    }
                    String begin = text.replaceAll("\\?.*", "").strip();
                    if (run.stream().noneMatch(each -> each.contains(begin))) {
                        missing.add(file.getFileName() + ": " + text);
                    }
                }
            }
        }
        System.out.println("statements in the code that were not run here:");
        missing.forEach(each -> System.out.println("  " + each));
    }

    private static String option(List<String> arguments, String name, String otherwise) {
        int at = arguments.indexOf(name);
        return at < 0 ? otherwise : arguments.get(at + 1);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
