package org.consentgateway.ledger;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;

/** Confined to one thread. What takes longer the more there is: years of calls in one store. */
final class LargeStoreBench {
    private static final int DAYS = 100;
    private static final int TOGETHER = 250;
    private static final double START_SECONDS = 2;
    private static final double VERIFY_SECONDS = 15;
    private static final double LARGER_START_SECONDS = 5;
    private static final double LIST_SECONDS = 1;
    private static final long LIST_MEBIBYTES = 200;
    private static final double MILLION = 1_000_000;

    /** Batches handed over while one is committed. */
    private static final int AHEAD = 4;

    private static final long SAY_SECONDS = 10;

    private final LedgerSettings settings;
    private final int entries;
    private final PrintStream out;
    private boolean missed;

    LargeStoreBench(LedgerSettings settings, int entries, PrintStream out) {
        this.settings = settings;
        this.entries = entries;
        this.out = out;
    }

    /** Whether a figure is missed. */
    boolean run() throws Exception {
        long began = System.nanoTime();
        fill();
        out.printf(
                Locale.ROOT,
                "%d entries of %d days, written in %.0f s%n",
                entries,
                DAYS,
                since(began));
        long opened = System.nanoTime();
        Ledger.open(settings, () -> end()).close();
        report(
                "start: opened for writing, and closed",
                since(opened),
                entries > MILLION ? LARGER_START_SECONDS : START_SECONDS);
        long listed = System.nanoTime();
        LedgerArchive archive = LedgerArchive.open(settings);
        int[] found = new int[1];
        archive.each(
                new Listing.Wanted(
                        Records.START.plus(Duration.ofDays(DAYS / 2)),
                        Records.START.plus(Duration.ofDays(DAYS / 2 + 1)),
                        Set.of(),
                        null,
                        false),
                some -> {
                    found[0] += some.size();
                    return true;
                });
        report("list of one day, " + found[0] + " entries opened", since(listed), LIST_SECONDS);
        listAll(archive);
        long verified = System.nanoTime();
        Progress verifying = new Progress("verified", verified);
        Verification verification = archive.verify(List.of(), verifying::at);
        report(
                "verify: " + (verification.passed() ? "nothing found" : verification.findings()),
                since(verified),
                VERIFY_SECONDS * Math.max(1, entries / MILLION));
        return missed || !verification.passed();
    }

    /** What is held of it meanwhile does not grow with the log. */
    private void listAll(LedgerArchive archive) throws Exception {
        Runtime machine = Runtime.getRuntime();
        long look = Math.max(1, entries / 5);
        long[] seen = new long[3]; // entries, the next look, most held
        long listed = System.nanoTime();
        archive.each(
                new Listing.Wanted(Records.START, end().plusSeconds(1), Set.of(), null, false),
                some -> {
                    seen[0] += some.size();
                    if (seen[0] >= seen[1]) {
                        seen[1] = seen[0] + look;
                        System.gc();
                        seen[2] = Math.max(seen[2], machine.totalMemory() - machine.freeMemory());
                    }
                    return true;
                });
        long mebibytes = seen[2] >> 20;
        boolean over = mebibytes > LIST_MEBIBYTES || seen[0] != entries;
        missed |= over;
        out.printf(
                Locale.ROOT,
                "list of all, %d entries opened: %.1f s, %d MiB held (at most %d)%s%n",
                seen[0],
                since(listed),
                mebibytes,
                LIST_MEBIBYTES,
                over ? "  MISSED" : "");
    }

    private static Instant end() {
        return Records.START.plus(Duration.ofDays(DAYS));
    }

    private void fill() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Records.START);
        Duration step = Duration.ofDays(DAYS).dividedBy(Math.max(1, entries / TOGETHER));
        // What a commit takes is measured elsewhere: one slow moment must not end an hour's work.
        LedgerSettings patient = settings.withPatience(Duration.ofMinutes(2));
        Progress filling = new Progress("written", System.nanoTime());
        try (Ledger ledger = Ledger.open(patient, now::get)) {
            List<CompletableFuture<List<CommittedEntry>>> waiting = new ArrayList<>();
            for (int i = 0; i < entries; i += TOGETHER) {
                List<NewEntry> some = new ArrayList<>();
                for (int k = i; k < Math.min(entries, i + TOGETHER); k++) {
                    some.add(Records.given("call-" + k, "p" + k % 50_000));
                }
                waiting.add(ledger.append(some).toCompletableFuture());
                if (waiting.size() == AHEAD) {
                    waiting.removeFirst().join();
                }
                filling.at(i);
                now.updateAndGet(at -> at.plus(step));
            }
            waiting.forEach(CompletableFuture::join);
        }
    }

    private void report(String what, double seconds, double budget) {
        boolean over = seconds > budget;
        missed |= over;
        out.printf(
                Locale.ROOT,
                "%s: %.2f s (at most %.0f)%s%n",
                what,
                seconds,
                budget,
                over ? "  MISSED" : "");
    }

    /** Who waits for minutes sees how far it is. */
    private final class Progress {
        private final String what;
        private final long began;
        private double said;

        Progress(String what, long began) {
            this.what = what;
            this.began = began;
        }

        void at(long done) {
            if (since(began) >= said + SAY_SECONDS) {
                said = since(began);
                out.printf(
                        Locale.ROOT,
                        "  %d of %d entries %s in %.0f s%n",
                        done,
                        entries,
                        what,
                        said);
            }
        }
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
