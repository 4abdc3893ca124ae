package org.consentgateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.consentgateway.cli.report.CustomersCommand;
import org.consentgateway.cli.report.ReportsCommand;
import org.consentgateway.ledger.entry.Announcing;
import org.consentgateway.ledger.entry.EntryType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code reports customers}, beside a running gateway. */
@Timeout(120)
class CustomersCommandTest {
    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private Customers customers;
    private Announcing announcing;

    @BeforeEach
    void start() throws Exception {
        announcing = Customers.announcing(directory);
        customers = new Customers(directory, null);
        customers.tie("crm-1", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        customers.tie("crm-2", "+4940654321");
        customers.monthIsOver();
    }

    @AfterEach
    void stop() {
        customers.close();
    }

    private int run(ReportWay by, List<String> told, String... arguments) {
        Path languages = Path.of(System.getProperty("project.root"), "config/languages");
        var terms =
                new CustomerReports.Terms(
                        "report", new LetterWriter(languages, ZoneOffset.UTC, ""));
        var configured =
                new CustomersCommand.Configured(
                        terms,
                        by,
                        60_000,
                        customers.settings.withAnnouncing(announcing),
                        told,
                        () -> {
                            throw new IOException("there is no mail server");
                        });
        CommandLine line =
                ReportsCommand.with(
                        () -> customers.settings, () -> configured, () -> customers.now);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        line.setExecutionExceptionHandler((e, _, _) -> {
            out.append(e.getMessage());
            return 1;
        });
        out.getBuffer().setLength(0);
        String[] all = new String[arguments.length + 1];
        all[0] = "customers";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return line.execute(all);
    }

    @Test
    void aDryRunTellsWhoByReferenceAndWhat() {
        assertThat(run(ReportWay.EVENT, List.of(), "--month", "2026-10", "--dry-run")).isZero();
        assertThat(out.toString())
                .contains(
                        "crm-1                 due",
                        "assistant, report until 2027-10-12; 2 records",
                        "Told nothing, since they have not agreed to it: 1.")
                .doesNotContain("crm-2", Customers.NUMBER);
        assertThat(run(ReportWay.EVENT, List.of(), "--month", "2026-10", "--dry-run", "--text"))
                .isZero();
        assertThat(out.toString()).contains("    Guten Tag,", "gilt bis 12. Oktober 2027");
    }

    @Test
    void theOneEndpointThatWantsItIsToldOnce() throws Exception {
        List<String> one = List.of("crm");
        assertThat(run(ReportWay.EVENT, one, "--month", "2026-10")).isZero();
        assertThat(out.toString()).contains("told to the company's system");
        assertThat(run(ReportWay.EVENT, one, "--month", "2026-10")).isZero();
        assertThat(out.toString()).contains("told before");
        assertThat(customers.ledger.outbox().standings(List.of("crm"), customers.now))
                .extracting(each -> each.recipient() + " " + each.waiting())
                .containsExactly("crm 1");
    }

    @Test
    void whereNobodyOrTwoWouldSendItNothingIsBegun() throws Exception {
        for (List<String> wrong : List.of(List.<String>of(), List.of("crm", "data"))) {
            assertThat(run(ReportWay.EVENT, wrong, "--month", "2026-10")).isEqualTo(1);
            assertThat(out.toString()).contains("one endpoint of webhooks.endpoints");
        }
        assertThat(customers.entries(EntryType.REPORT_DUE)).isEmpty();
    }

    @Test
    void onlyTheMonthThatWasOverLastIsSent() throws Exception {
        List<String> one = List.of("crm");
        for (String month : List.of("2026-09", "2026-11", "2025-10")) {
            assertThat(run(ReportWay.EVENT, one, "--month", month)).isEqualTo(1);
            assertThat(out.toString()).contains("over last, 2026-10");
        }
        assertThat(run(ReportWay.EVENT, one, "--month", "2026-12")).isEqualTo(1);
        assertThat(out.toString()).contains("has not begun");
        assertThat(run(ReportWay.EVENT, one, "--month", "October")).isEqualTo(1);
        assertThat(customers.entries(EntryType.REPORT_DUE)).isEmpty();
    }

    @Test
    void byMailSomebodyHasToSayWhere() throws Exception {
        assertThat(run(ReportWay.MAIL, List.of(), "--month", "2026-10")).isEqualTo(1);
        assertThat(out.toString()).contains("--addresses is missing");
        Path file =
                Files.writeString(
                        directory.resolve("to.csv"),
                        Addresses.HEADER + "\ncrm-1,ada@kunde.example\n");
        assertThat(
                        run(
                                ReportWay.MAIL,
                                List.of(),
                                "--month",
                                "2026-10",
                                "--addresses",
                                file.toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("there is no mail server").doesNotContain("ada");
        assertThat(customers.entries(EntryType.REPORT_DUE)).isEmpty();
    }
}
