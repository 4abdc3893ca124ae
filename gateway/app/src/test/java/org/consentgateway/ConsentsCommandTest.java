package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.settings.RecordSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code consents import} as typed, on the shipped configuration. */
@Timeout(120)
class ConsentsCommandTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root", "../.."), "config/gateway.yaml")
                    .toAbsolutePath();

    /** As a spreadsheet in German writes it: with a mark in front, and semicolons. */
    private static final String TABLE =
            "\ufeffreference;number;source;form;given_at;until;notice;language;text_sha256;purposes\r\n"
                + "A-1;+4930123456;paper;\"Form 7;"
                + " blue\";2026-03-01T09:30:00+01:00;UNTIL;demo;de;SHA;assistant\r\n"
                + "\r\n"
                + "A-2;+4930123457;web;f1;2026-03-01T09:30:00+01:00;UNTIL;demo;de;SHA;assistant,"
                + " transcript\r\n";

    @TempDir private Path home;
    private Path config = Path.of("unset");
    private Instant until = Instant.EPOCH;

    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void configure() throws IOException {
        until = InstantSource.system().instant().plus(Duration.ofDays(90));
        config =
                Files.writeString(
                        home.resolve("gateway.yaml"),
                        Files.readString(SHIPPED)
                                .replace("data/", home.resolve("data") + "/")
                                .replace(": config/", ": " + SHIPPED.getParent() + "/"));
    }

    private Ran taken(String table, String... more) throws IOException {
        Path file =
                Files.writeString(
                        home.resolve("consents.csv"),
                        table.replace("UNTIL", until.toString()).replace("SHA", "ab".repeat(32)),
                        StandardCharsets.UTF_8);
        var out = new StringWriter();
        var err = new StringWriter();
        var arguments = new java.util.ArrayList<>(List.of("consents", "import", file.toString()));
        arguments.addAll(List.of("--by", "Ada Meier", "--config", config.toString()));
        arguments.addAll(List.of(more));
        int code =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private List<Entry> stored() throws Exception {
        var settings = new PartSettings(GatewayConfig.load(config, home));
        try (Ledger ledger = Ledger.open(settings.ledger(), InstantSource.system())) {
            return ledger.reader().ofType(EntryType.IMPORTED, 10);
        }
    }

    @Test
    void aTableIsTakenOverOnceWholeOrNotAtAll() throws Exception {
        assertThat(stored()).isEmpty();
        Ran dry = taken(TABLE.replace("Form 7; blue", "Form 7"), "--dry-run");
        assertThat(dry.code()).as(dry.err()).isZero();
        assertThat(dry.out()).contains("would be taken over  2");
        assertThat(stored()).isEmpty();

        Ran wrong = taken(TABLE);
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.out()).startsWith("row 1, form: what the form is called");
        assertThat(wrong.err()).contains("nothing was taken over: one thing is wrong");
        assertThat(wrong.out() + wrong.err()).doesNotContain("4930");
        assertThat(stored()).isEmpty();

        String right = TABLE.replace("Form 7; blue", "Form 7");
        Ran done = taken(right);
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out()).contains("taken over           2", "count in a call      0");
        assertThat(taken(right).out()).contains("taken over           0", "there before         2");
        assertThat(stored()).hasSize(2);
    }

    @Test
    void whoHasWithdrawnSinceIsLeftOutAndTheRowIsNamed() throws Exception {
        withdraw("+4930123457");
        Ran done = taken(TABLE.replace("Form 7; blue", "Form 7"));
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out())
                .contains("taken over           1", "withdrawn since      1")
                .contains("Not taken over: row 2. ")
                .doesNotContain("4930");
        assertThat(stored()).hasSize(1);
    }

    private void withdraw(String number) throws Exception {
        GatewayConfig read = GatewayConfig.load(config, home);
        InstantSource clock = InstantSource.system();
        var records = new RecordSettings(read);
        try (Ledger ledger = Ledger.open(new PartSettings(read).ledger(), clock)) {
            var store =
                    new LedgerStore(
                            ledger,
                            new NoticeArchiving(ledger, clock, _ -> Optional.empty()),
                            records.retention(),
                            records.processing());
            var _ =
                    store.append(
                            List.of(
                                    new ConsentRecord.Withdrawn(
                                            EntryIds.next(clock.instant()),
                                            clock.instant(),
                                            null,
                                            new LedgerPseudonyms(ledger.pseudonyms())
                                                    .subject(number),
                                            "demo",
                                            UUID.randomUUID(),
                                            ConsentRecord.Withdrawn.Reason.OPERATOR,
                                            Method.NONE,
                                            clock.instant(),
                                            null)),
                            Duration.ofSeconds(20));
        }
    }

    /** Which of the two was meant, nobody knows. */
    @Test
    void aColumnThatIsThereTwiceIsNamedAndNothingIsTakenOver() throws Exception {
        String twice =
                TABLE.replace("text_sha256;purposes", "text_sha256; until ;purposes")
                        .replace("SHA;", "SHA;2026-12-24T00:00:00Z;");
        assertThat(taken(twice).err()).contains("the column until twice");
        assertThat(stored()).isEmpty();
    }

    @Test
    void whatIsNoTableIsSaid() throws Exception {
        stored();
        assertThat(taken("reference,number\n\"A-1,x").err()).contains("is no CSV");
        assertThat(taken("reference,number\n").err()).contains("its heading would be reference,");
        assertThat(taken("reference,number\nA-1,+4930123456,9,9\n").err()).isNotEmpty();
    }
}
