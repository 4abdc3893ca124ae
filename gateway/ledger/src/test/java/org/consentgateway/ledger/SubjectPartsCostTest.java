package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a part costs of a number with very many entries: as much as it holds, wherever it is. */
@Nightly("writes 100,000 entries; SubjectPartsTest has what the parts hold")
class SubjectPartsCostTest {
    private static final PseudonymousSubject ANNA = new PseudonymousSubject(List.of("anna"));
    private static final int CALLS = 25_000;
    private static final int OF_A_CALL = 4;
    private static final int TOGETHER = 50;
    private static final int PART = 1_000;

    /** Of the time in which the number is looked through as a whole. */
    private static final int SHARE = 3;

    @TempDir private Path directory;

    private Instant now = Records.START;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aLaterPartCostsWhatItHolds(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            fill(ledger);
            analyze(settings);
            var parts = new SubjectParts(ledger.reader(), ledger.pseudonyms(), ANNA, null);
            List<Long> times = new ArrayList<>();
            int told = 0;
            Optional<String> next = Optional.empty();
            do {
                long from = System.nanoTime();
                SubjectPart part =
                        next.isPresent()
                                ? parts.next(next.get(), now, PART)
                                : parts.first(now, PART);
                times.add((System.nanoTime() - from) / 1_000_000);
                told += part.entries().size();
                next = part.next();
            } while (next.isPresent());

            long first = times.removeFirst();
            long whole = times.stream().mapToLong(Long::longValue).sum();
            List<Long> sorted = times.stream().sorted().toList();
            long median = sorted.get(sorted.size() / 2);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d entries in %d parts: the first %d ms, a later one %d ms (at most %d),"
                            + " all of them %.1f s%n",
                    store,
                    told,
                    times.size() + 1,
                    first,
                    median,
                    sorted.getLast(),
                    (first + whole) / 1e3);
            assertThat(told).isEqualTo(CALLS * OF_A_CALL);
            assertThat(median).isLessThan(first / SHARE);
        }
    }

    /** As a server does by itself within minutes: what it knows of a new table is nothing. */
    private static void analyze(LedgerSettings settings) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE");
        }
    }

    private void fill(Ledger ledger) throws Exception {
        List<NewEntry> together = new ArrayList<>();
        for (int call = 0; call < CALLS; call++) {
            now = now.plus(Duration.ofMinutes(1));
            String id = "call-" + call;
            for (EntryType type :
                    List.of(
                            EntryType.SERVED,
                            EntryType.USED,
                            EntryType.ASSISTANT_OPENED,
                            EntryType.ASSISTANT_CUT)) {
                String subject = type == EntryType.SERVED ? null : "anna";
                together.add(
                        NewEntry.of(type, id, subject, Records.base("hotline", "booking"), now));
            }
            if (together.size() == TOGETHER * OF_A_CALL) {
                Records.append(ledger, together);
                together.clear();
            }
        }
    }
}
