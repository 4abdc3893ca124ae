package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.consentgateway.Main;
import org.consentgateway.cli.access.ApiKeysCommand;
import org.consentgateway.cli.audit.LedgerCommand;
import org.consentgateway.cli.audit.ReceiptCommand;
import org.consentgateway.cli.subject.SubjectCommand;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * An answer that a full disk has cut off looks like a short one: the exit code tells them apart.
 */
class CutOffOutputTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    private static final String NUMBER = "+4930123456";
    private static final String CUT_OFF = "the output could not be written whole";

    @TempDir private Path directory;

    private final StringWriter err = new StringWriter();
    private LedgerSettings settings;
    private Ledger ledger;
    private UUID given;

    @BeforeEach
    void aGatewayRunsAndHasOneConsent() throws Exception {
        settings = TestLedger.in(directory.resolve("data"));
        ledger = Ledger.open(settings, InstantSource.fixed(NOW));
        given =
                ledger.append(
                                NewEntry.of(
                                        EntryType.GIVEN,
                                        "call-1",
                                        ledger.pseudonyms().subject(NUMBER).current(),
                                        JsonNodeFactory.instance.objectNode(),
                                        NOW))
                        .toCompletableFuture()
                        .join()
                        .entryId();
    }

    @AfterEach
    void theGatewayStops() {
        ledger.close();
    }

    /** Takes so many characters. */
    private static final class FullDisk extends Writer {
        private int room;

        FullDisk(int room) {
            this.room = room;
        }

        @Override
        public void write(char[] from, int offset, int length) throws IOException {
            room -= length;
            if (room < 0) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void flush() {
            // Nothing waits here.
        }

        @Override
        public void close() {
            // Nothing is open here.
        }
    }

    private int run(int room, String... arguments) {
        CommandLine gateway =
                GatewayCommand.commandLine(
                        (_, _) -> {
                            throw new IOException("nothing is served here");
                        },
                        _ ->
                                new GatewayCommand.CheckedTexts(
                                        new NoticeReport(
                                                List.of(), List.of(), List.of(), List.of()),
                                        List::of));
        err.getBuffer().setLength(0);
        return gateway.addSubcommand("ledger", LedgerCommand.with(() -> settings))
                .addSubcommand("receipt", ReceiptCommand.with(() -> settings))
                .addSubcommand("api-keys", ApiKeysCommand.with(() -> settings))
                .addSubcommand(
                        "subject",
                        SubjectCommand.with(
                                () -> settings,
                                () -> TestLedger.requests(settings, InstantSource.fixed(NOW))))
                .setOut(new PrintWriter(new FullDisk(room)))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private void isNotDone(int otherwise, String... arguments) {
        assertThat(run(Integer.MAX_VALUE, arguments)).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(run(64, arguments)).as(String.join(" ", arguments)).isEqualTo(otherwise);
        assertThat(err.toString()).contains(CUT_OFF).hasLineCount(1);
    }

    /** 1 would say of the log that it was changed. */
    @Test
    void whatWasCutOffOfAnAuditorsAnswerIsNotRead() {
        isNotDone(2, "subject", "export", NUMBER, "--who", "Ada Meier");
        isNotDone(2, "ledger", "list", "--from", "2026-11-01", "--json");
        isNotDone(2, "ledger", "list");
        isNotDone(2, "ledger", "show", given.toString());
    }

    @Test
    void whatWasCutOffOfAnyOtherCommandFailed() {
        isNotDone(
                ExitCode.FAILED,
                "api-keys",
                "create",
                "crm",
                "--scope",
                "consents:read",
                "--who",
                "Ada Meier");
        isNotDone(ExitCode.FAILED, "--help");
    }

    @Test
    void whatFailedAnywayKeepsItsCode() {
        assertThat(run(0, "api-keys", "revoke", "nosuchkey", "--who", "Ada Meier"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).doesNotContain(CUT_OFF);
    }

    /** Beside the library's own writer this would be 0: the stream behind it tells nobody. */
    @Test
    void theProcessTellsOfAFullDisk() throws Exception {
        File errors = directory.resolve("errors.txt").toFile();
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "--version")
                        .redirectOutput(new File("/dev/full"))
                        .redirectError(errors)
                        .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.FAILED);
            assertThat(errors).content().contains(CUT_OFF);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
