package org.consentgateway.ledger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.Announcing;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.slf4j.LoggerFactory;

/**
 * What the ledger takes, on the machine at hand: {@code [--seconds N] [--rate N] [--verify N]
 * [--store sqlite|postgresql|both] [--directory DIR]}, or {@code --large N}: start, list and
 * verification of so many entries. Exit code 1 where a budget is missed.
 */
final class LedgerBench {
    /** Budgets of the design, in milliseconds. */
    private static final double COMMIT_P99 = 50;

    private static final double STORY_P99 = 20;
    private static final double LOOKUP_P99 = 5;
    private static final double VERIFY_SECONDS = 15;
    private static final int CALLS_PER_SECOND = 50;

    /** Each of them calls ten times in a million entries, as callers do in years. */
    private static final int CALLERS = 100_000;

    private final PrintStream out = System.out;
    private final int seconds;
    private final int rate;
    private final int verify;
    private boolean missed;

    private LedgerBench(int seconds, int rate, int verify) {
        this.seconds = seconds;
        this.rate = rate;
        this.verify = verify;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> given = Arrays.asList(arguments);
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        String store = option(given, "--store", "both");
        Path directory =
                Files.createTempDirectory(
                        Path.of(option(given, "--directory", System.getProperty("java.io.tmpdir"))),
                        "ledger-bench");
        LedgerBench bench =
                new LedgerBench(
                        Integer.parseInt(option(given, "--seconds", "10")),
                        Integer.parseInt(option(given, "--rate", "2000")),
                        Integer.parseInt(option(given, "--verify", "1000000")));
        try {
            bench.machine();
            String large = option(given, "--large", "");
            if (!large.isEmpty()) {
                LedgerSettings settings = TestSettings.inDirectory(directory.resolve("large"));
                bench.missed =
                        new LargeStoreBench(settings, Integer.parseInt(large), System.out).run();
                store = "none";
            }
            if (store.equals("sqlite") || store.equals("both")) {
                bench.run(
                        "SQLite",
                        TestSettings.inDirectory(directory.resolve("sqlite"))
                                .withAnnouncing(telling(given)));
            }
            if (store.equals("postgresql") || store.equals("both")) {
                try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
                    bench.run(
                            "PostgreSQL",
                            TestSettings.inDirectory(directory.resolve("postgresql"))
                                    .withUrl(server.getJdbcUrl("postgres", "postgres"))
                                    .withAnnouncing(telling(given)));
                }
            }
        } finally {
            delete(directory);
        }
        System.exit(bench.missed ? 1 : 0);
    }

    /** As many as configured webhooks are told of each entry, in its transaction. */
    private static Announcing telling(List<String> given) {
        int recipients = Integer.parseInt(option(given, "--recipients", "0"));
        List<String> names = IntStream.range(0, recipients).mapToObj(i -> "crm-" + i).toList();
        return entry ->
                names.stream()
                        .map(name ->
                                new Outgoing(
                                        name,
                                        entry.type().text(),
                                        false,
                                        "{\"record_id\":\"%s\",\"call_id\":\"%s\"}"
                                                .formatted(entry.id(), entry.callId())))
                        .toList();
    }

    private void machine() {
        out.printf(
                Locale.ROOT,
                "Java %s, %d processors, %s %s%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }

    private void run(String name, LedgerSettings settings) throws Exception {
        try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
            paced(ledger, rate, 5); // warms up
            double[] story = paced(ledger, CALLS_PER_SECOND, Math.max(3, seconds / 2));
            report(name + ": wait at " + CALLS_PER_SECOND + "/s", story, STORY_P99);
            Lateness lateness = new Lateness();
            double[] paced = paced(ledger, rate, seconds);
            report(name + ": wait at " + rate + "/s", paced, COMMIT_P99);
            lateness.report();
            double[] before = processorSeconds();
            long start = System.nanoTime();
            int flat = flatOut(ledger, seconds);
            double took = (System.nanoTime() - start) / 1e9;
            double[] after = processorSeconds();
            out.printf(
                    Locale.ROOT,
                    "%s: flat out %.0f entries/s; each takes %.0f µs of a processor here, %.0f µs"
                            + " in the database's server%n",
                    name,
                    flat / took,
                    (after[0] - before[0]) * 1e6 / flat,
                    (after[1] - before[1]) * 1e6 / flat);
            missed |= flat / took < rate;
            grow(ledger);
            report(name + ": lookup at call setup", lookups(ledger), LOOKUP_P99);
        }
        long start = System.nanoTime();
        LedgerArchive archive = LedgerArchive.open(settings);
        Verification verification = archive.verify(List.of(), done -> {});
        double took = (System.nanoTime() - start) / 1e9;
        out.printf(
                Locale.ROOT,
                "%s: %d entries verified in %.1f s (%s)%n",
                name,
                archive.size(),
                took,
                verification.passed() ? "nothing found" : verification.findings());
        double perMillion = took * 1_000_000 / Math.max(1, archive.size());
        missed |= perMillion > VERIFY_SECONDS || !verification.passed();
    }

    /** What this process has computed, and the server started for it, which is no child of it. */
    private static double[] processorSeconds() {
        Instant began = ProcessHandle.current().info().startInstant().orElseThrow();
        return new double[] {
            seconds(Stream.of(ProcessHandle.current())),
            seconds(
                    ProcessHandle.allProcesses()
                            .filter(one -> isServer(one.info()))
                            .filter(one ->
                                    one.info().startInstant().filter(began::isBefore).isPresent()))
        };
    }

    private static boolean isServer(ProcessHandle.Info process) {
        return process.command().filter(program -> program.endsWith("/postgres")).isPresent();
    }

    private static double seconds(Stream<ProcessHandle> processes) {
        return processes
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToDouble(taken -> taken.toNanos() / 1e9)
                .sum();
    }

    /** How late the machine itself wakes a thread meanwhile: what no ledger can be better than. */
    private static final class Lateness {
        private final List<Double> late = new ArrayList<>();
        private final Thread thread = Thread.ofPlatform().daemon().start(this::watch);
        private volatile boolean over;

        private void watch() {
            while (!over) {
                long due = System.nanoTime() + 1_000_000;
                LockSupport.parkNanos(1_000_000);
                late.add((System.nanoTime() - due) / 1e6);
            }
        }

        void report() throws InterruptedException {
            over = true;
            thread.join();
            late.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "  (meanwhile the machine woke a thread late by p99 %.1f ms, worst %.1f ms)%n",
                    late.get(late.size() * 99 / 100),
                    late.getLast());
        }
    }

    /** Entries at a steady rate; how long each waited until durable, in milliseconds, sorted. */
    private static double[] paced(Ledger ledger, int perSecond, int seconds) throws Exception {
        int n = perSecond * seconds;
        double[] waits = new double[n];
        Semaphore open = new Semaphore(0);
        long start = System.nanoTime();
        for (int i = 0; i < n; i++) {
            long due = start + i * 1_000_000_000L / perSecond;
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
            int number = i;
            // From when it was due: a late answer must not hide the ones queued behind it.
            CompletableFuture<CommittedEntry> answer =
                    ledger.append(Records.given("call-" + i, "p" + i % CALLERS))
                            .toCompletableFuture();
            answer.whenComplete(
                            (committed, failure) -> {
                                waits[number] =
                                        failure == null
                                                ? (System.nanoTime() - due) / 1e6
                                                : Double.POSITIVE_INFINITY;
                                open.release();
                            })
                    .exceptionally(failure -> null);
        }
        open.acquire(n);
        Arrays.sort(waits);
        return waits;
    }

    private static int flatOut(Ledger ledger, int seconds) throws Exception {
        Semaphore room = new Semaphore(1000);
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        int n = 0;
        while (System.nanoTime() < end) {
            append(ledger, room, n++);
        }
        room.acquire(1000);
        return n;
    }

    /** What a call asks for before it is answered: where this caller's consent stands. */
    private static double[] lookups(Ledger ledger) throws Exception {
        double[] waits = new double[2000];
        for (int i = 0; i < waits.length; i++) {
            long start = System.nanoTime();
            PseudonymousSubject subject = new PseudonymousSubject(List.of("p" + i % CALLERS));
            if (ledger.reader().ofSubject(subject, "booking", 2000).isEmpty()) {
                throw new IllegalStateException("not found");
            }
            waits[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(waits);
        return waits;
    }

    private void grow(Ledger ledger) throws Exception {
        Semaphore room = new Semaphore(1000);
        for (long i = ledger.health().size(); i < verify; i++) {
            append(ledger, room, (int) i);
        }
        room.acquire(1000);
    }

    private static void append(Ledger ledger, Semaphore room, int n) throws Exception {
        room.acquire();
        ledger.append(Records.given("call-" + n, "p" + n % CALLERS))
                .whenComplete((committed, failure) -> room.release())
                .exceptionally(failure -> null);
    }

    private void report(String what, double[] waits, double budget) {
        double p99 = waits[waits.length * 99 / 100];
        out.printf(
                Locale.ROOT,
                "%s: p50 %.1f ms, p99 %.1f ms (budget %.0f), p99.9 %.1f ms, worst %.1f ms%n",
                what,
                waits[waits.length / 2],
                p99,
                budget,
                waits[waits.length * 999 / 1000],
                waits[waits.length - 1]);
        missed |= p99 > budget;
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
