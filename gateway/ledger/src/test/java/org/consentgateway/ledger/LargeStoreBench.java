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
    private static final double LIST_SECONDS = 1;
    private static final double MILLION = 1_000_000;

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
        report("start: opened for writing, and closed", since(opened), START_SECONDS);
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
        long verified = System.nanoTime();
        Verification verification = archive.verify(List.of(), _ -> {});
        report(
                "verify: " + (verification.passed() ? "nothing found" : verification.findings()),
                since(verified),
                VERIFY_SECONDS * Math.max(1, entries / MILLION));
        return missed || !verification.passed();
    }

    private static Instant end() {
        return Records.START.plus(Duration.ofDays(DAYS));
    }

    private void fill() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Records.START);
        Duration step = Duration.ofDays(DAYS).dividedBy(Math.max(1, entries / TOGETHER));
        try (Ledger ledger = Ledger.open(settings, now::get)) {
            List<CompletableFuture<List<CommittedEntry>>> waiting = new ArrayList<>();
            for (int i = 0; i < entries; i += TOGETHER) {
                List<NewEntry> some = new ArrayList<>();
                for (int k = i; k < Math.min(entries, i + TOGETHER); k++) {
                    some.add(Records.given("call-" + k, "p" + k % 50_000));
                }
                waiting.add(ledger.append(some).toCompletableFuture());
                if (waiting.size() == 4) {
                    waiting.removeFirst().join();
                }
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

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
