package org.consentgateway.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.consentgateway.call.CallEvent;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A month of 10,000 calls, written as the gateway writes them, and what the report makes of them:
 * the same as who made the calls has noted, and as SQL counts in the tables of the log.
 */
@Timeout(120)
class OperationReportTest {
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    private static final int CALLS = 10_000;
    private static final String DECIDED =
            "('Given', 'Renewed', 'Reaffirmed', 'Used', 'Refused', 'Unanswered')";

    @TempDir private Path folder;

    private volatile Instant now = Instant.parse("2026-09-30T23:59:00Z");

    private OperationReport report(LedgerSettings settings, String line) throws Exception {
        return OperationReport.of(
                MonthCounts.of(LedgerArchive.open(settings), OCTOBER), line, null, now);
    }

    @Test
    @Nightly("ten seconds of the processor; the same counts are those of a dozen calls below")
    void aMonthOfTenThousandCallsIsWhatTheCallsWere() throws Exception {
        LedgerSettings settings = TestLedger.in(folder, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            var calls = new CountedCalls(() -> now);
            var node = new CountKeeping(ledger, calls, () -> now);
            var other = new CountKeeping(ledger, new CountedCalls(() -> now), () -> now);
            var month = new GeneratedMonth(ledger, calls, time -> now = time);

            month.write(
                    CALLS,
                    batch -> {
                        // Not at the end of a call, and not always by the same node.
                        if (batch == 9) {
                            node.countLog();
                            node.keepCalls();
                        } else if (batch == 23) {
                            other.countLog();
                        }
                    });
            now = Instant.parse("2026-11-01T00:30:00Z");
            node.keepCalls();

            OperationReport report = report(settings, "");
            asNoted(report, month);
            assertThat(report.agreement())
                    .isEqualTo(
                            new OperationReport.Agreement(month.answered(), month.answered(), 0));
            assertThat(report.lost()).isEmpty();
            asSqlCounts(settings, report);
            nobodyIsTold(report, month);
        }
    }

    /** An answer over the API has no time for all of it. */
    @Test
    void whatWasNotReadIsSaid() throws Exception {
        LedgerSettings settings = TestLedger.in(folder, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            var calls = new CountedCalls(() -> now);
            new GeneratedMonth(ledger, calls, time -> now = time).write(200, _ -> {});
            LedgerArchive archive = LedgerArchive.open(settings);

            OperationReport all =
                    OperationReport.of(
                            MonthCounts.of(archive, OCTOBER, Long.MAX_VALUE), "", null, now);
            OperationReport some =
                    OperationReport.of(MonthCounts.of(archive, OCTOBER, 100), "", null, now);
            new CountKeeping(ledger, calls, () -> now).countLog();
            OperationReport kept =
                    OperationReport.of(MonthCounts.of(archive, OCTOBER, 100), "", null, now);

            assertThat(all.agreement().left()).isZero();
            assertThat(some.agreement().left()).isPositive();
            assertThat(some.agreement().decisions())
                    .isPositive()
                    .isLessThan(all.agreement().decisions());
            assertThat(kept.agreement().left()).isZero();
            assertThat(kept.agreement().decisions()).isEqualTo(all.agreement().decisions());
        }
    }

    @Test
    void figuresOutliveTheRecordsAndEachEntryCountsOnce() throws Exception {
        LedgerSettings settings = TestLedger.in(folder, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            var calls = new CountedCalls(() -> now);
            var node = new CountKeeping(ledger, calls, () -> now);
            var other = new CountKeeping(ledger, new CountedCalls(() -> now), () -> now);
            var month = new GeneratedMonth(ledger, calls, time -> now = time);
            month.write(400, batch -> (batch % 2 == 0 ? node : other).countLog());
            now = Instant.parse("2026-11-01T00:30:00Z");
            node.keepCalls();
            node.keepCalls();
            Thread together = Thread.ofVirtual().start(() -> count(other));
            count(node);
            together.join();
            asNoted(report(settings, ""), month);

            long before = count(settings, LEFT).getOrDefault("all", 0L);
            now = now.plus(Duration.ofDays(45));
            assertThat(ledger.eraseOutdated()).isPresent();
            assertThat(count(settings, LEFT).getOrDefault("all", before))
                    .as("those who refused or were silent are forgotten")
                    .isLessThan(before * 3 / 4);
            asNoted(report(settings, ""), month);
            assertThat(report(settings, "").lost()).isEmpty();
        }
    }

    private static final String LEFT = "SELECT 'all', COUNT(*) FROM ledger_lookup";

    private static void count(CountKeeping node) {
        try {
            node.countLog();
        } catch (LedgerUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatLostItsContentBeforeItWasCountedIsSaid() throws Exception {
        LedgerSettings settings = TestLedger.in(folder, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            var month = new GeneratedMonth(ledger, new CountedCalls(() -> now), time -> now = time);
            month.write(200, _ -> {});
            now = now.plus(Duration.ofDays(60));
            assertThat(ledger.eraseOutdated()).isPresent();

            OperationReport late = report(settings, "");
            assertThat(late.lost().get("Refused")).isPositive();
            assertThat(ReportPage.of(late)).contains("Caution: records of this month had lost");
            assertThat(ReportJson.of(late).at("/basis/records_without_content/Refused").asLong())
                    .isEqualTo(late.lost().get("Refused"));
            OperationReport ofLine = report(settings, "hotline");
            assertThat(ofLine.rows())
                    .filteredOn(row -> row.by() == Dimension.LINE)
                    .extracting(OperationReport.Row::group)
                    .containsOnly("hotline");
        }
    }

    /** As every language asks it: "1 is very clear. 5 is not clear at all." */
    @Test
    void whoPressedOneFoundItClearAndWhoPressedFiveDidNot() throws Exception {
        LedgerSettings settings = TestLedger.in(folder, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            now = Instant.parse("2026-10-05T10:00:00Z");
            var calls = new CountedCalls(() -> now);
            for (int caller = 0; caller < 50; caller++) {
                calls.told(new CallEvent.Satisfaction("demo", NOTICE, 1));
                calls.told(new CallEvent.Satisfaction("hotline", NOTICE, 5));
            }
            new CountKeeping(ledger, calls, () -> now).keepCalls();
            OperationReport report = report(settings, "");

            assertThat(share(report, "demo", Rate.CLEAR)).isEqualTo(new Share(50, 50));
            assertThat(share(report, "hotline", Rate.CLEAR)).isEqualTo(new Share(0, 50));
            assertThat(ReportPage.of(report)).contains("1 is very clear, 5 is not clear at all");
        }
    }

    private static final NoticeRef NOTICE =
            new NoticeRef(
                    "demo",
                    "2026-10",
                    "de",
                    "a",
                    "00",
                    "00",
                    new Notice.Controller("Nordwind", "Kiel", "DE"));

    /** Each group is there; what is told of it is right, and of few nothing is. */
    private static void asNoted(OperationReport report, GeneratedMonth month) {
        Map<String, Share> noted = month.expected();
        Set<String> told = new TreeSet<>();
        for (OperationReport.Row row : report.rows()) {
            String key = row.by() + " " + row.group() + " " + row.measure();
            Share share = row.share();
            if (share == null || share.of() > 0) {
                told.add(key);
                Share is = noted.get(key);
                boolean few = is != null && is.of() < SmallGroups.LEAST;
                boolean hidden = share == null && row.by() != Dimension.ALL;
                assertThat(hidden ? is : share).as(key).isEqualTo(is);
                assertThat(hidden || !few).as(key + " is of few").isTrue();
            }
        }
        assertThat(told).isEqualTo(noted.keySet());
    }

    private void asSqlCounts(LedgerSettings settings, OperationReport report) throws Exception {
        String month =
                " AND e.time_ms >= "
                        + OCTOBER.atDay(1).toEpochDay() * 86_400_000
                        + " AND e.time_ms < "
                        + OCTOBER.plusMonths(1).atDay(1).toEpochDay() * 86_400_000;
        String from =
                " FROM ledger_entry e JOIN ledger_lookup f ON f.log = e.log AND f.idx = e.idx"
                        + " WHERE 1 = 1"
                        + month;
        Map<String, Long> answered =
                count(
                        settings,
                        "SELECT f.line, COUNT(DISTINCT f.call_id)"
                                + from
                                + " AND e.type IN "
                                + DECIDED
                                + " GROUP BY f.line");
        Map<String, Long> given =
                count(
                        settings,
                        "SELECT f.line, COUNT(DISTINCT f.call_id)"
                                + from
                                + " AND e.type = 'Given' AND f.call_id NOT IN (SELECT k.call_id"
                                + " FROM ledger_lookup k WHERE k.type IN ('Reaffirmed', 'Renewed',"
                                + " 'Used')) GROUP BY f.line");
        Map<String, Long> consents =
                count(
                        settings,
                        "SELECT f.line, COUNT(*)"
                                + from
                                + " AND e.type IN ('Given', 'Renewed') GROUP BY f.line");
        Map<String, Long> withdrawn =
                count(
                        settings,
                        "SELECT f.line, COUNT(DISTINCT e.entry_id)"
                                + from
                                + " AND e.entry_id IN (SELECT w.refers FROM ledger_lookup w WHERE"
                                + " w.type = 'Withdrawn') GROUP BY f.line");

        assertThat(answered.values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(report.agreement().decisions())
                .isBetween(CALLS * 8L / 10, CALLS - 1L);
        for (String line : new String[] {"demo", "hotline"}) {
            assertThat(share(report, line, Rate.LEFT_OPENING).of()).isEqualTo(of(answered, line));
            assertThat(share(report, line, Rate.CONSENT).number()).isEqualTo(of(given, line));
            assertThat(share(report, line, Rate.COMPLAINTS).of()).isEqualTo(of(answered, line));
            assertThat(share(report, line, Rate.WITHDRAWN))
                    .isEqualTo(new Share(of(withdrawn, line), of(consents, line)));
        }
    }

    private static long of(Map<String, Long> counts, String line) {
        return counts.getOrDefault(line, -1L);
    }

    private static Share share(OperationReport report, String line, Rate measure) {
        return report.rows().stream()
                .filter(row -> row.by() == Dimension.LINE && row.group().equals(line))
                .filter(row -> row.measure() == measure)
                .map(OperationReport.Row::share)
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Long> count(LedgerSettings settings, String sql) throws Exception {
        var counts = new TreeMap<String, Long>();
        try (Connection connection = DriverManager.getConnection(settings.url());
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counts;
    }

    private static void nobodyIsTold(OperationReport report, GeneratedMonth month) {
        String page = ReportPage.of(report);
        String csv = ReportCsv.of(report);
        String json = ReportJson.of(report).toString();
        for (String written : new String[] {page, csv, json}) {
            assertThat(written).doesNotContain(month.pseudonym(), "+49");
        }
        assertThat(csv)
                .contains("2026-10,line,small,consent,,,,,,log,true\r\n")
                .contains("2026-10,all,all,consent,");
        assertThat(page).contains("<svg role=\"img\"", "<caption>", "fewer than 5 people");
        assertThat(page).as("it needs no other file").doesNotContain("http", "src=", "<script");
    }
}
