package org.consentgateway.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.Announcing;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.report.ReportRun.Row;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.jspecify.annotations.Nullable;

/** A real log with customers in it, and the first of November. Confined to one test. */
final class Customers implements AutoCloseable {
    static final String NUMBER = "+4930123456";
    static final Instant OCTOBER = Instant.parse("2026-10-12T09:00:00Z");

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    final LedgerSettings settings;
    final Ledger ledger;
    static final Instant NOVEMBER = Instant.parse("2026-11-01T08:00:00Z");

    /** What is written before the first look at it is of October. */
    Instant now = OCTOBER;

    String stop = "";

    Customers(Path directory, @Nullable Announcing announcing) throws Exception {
        LedgerSettings in = TestLedger.in(directory);
        settings = announcing == null ? in : in.withAnnouncing(announcing);
        ledger = Ledger.open(settings, () -> now);
    }

    PseudonymousSubject subject(String number) {
        return ledger.pseudonyms().subject(number);
    }

    /** As {@code PUT /v1/subjects/REFERENCE} does it. */
    void tie(String reference, String number) throws Exception {
        ObjectNode payload = JSON.objectNode();
        ObjectNode tie = payload.putObject("reference").put("text", reference);
        subject(number).pseudonyms().forEach(tie.putArray("pseudonyms")::add);
        payload.put("refers_to", ledger.pseudonyms().reference(reference).getFirst().toString());
        append(EntryType.SUBJECT_REFERENCED, number, payload, OCTOBER);
    }

    /** A consent for later calls. */
    UUID agrees(String number, String language, String... purposes) throws Exception {
        return agreesUntil("2027-10-12T09:00:00Z", number, language, purposes);
    }

    UUID agreesUntil(String until, String number, String language, String... purposes)
            throws Exception {
        ObjectNode payload = JSON.objectNode();
        payload.putObject("notice").put("id", "demo").put("language", language);
        ArrayNode agreed = payload.putObject("decision").putArray("purposes");
        ArrayNode processing = payload.putArray("processing");
        for (String purpose : purposes) {
            agreed.add(purpose);
            ObjectNode one = processing.addObject().put("purpose", purpose);
            if (purpose.equals("transcript")) {
                one.put("kept", "P90D").putArray("data").add("transcript");
                one.putArray("recipients").addObject().put("name", "Nordwind KI GmbH");
            }
        }
        payload.putObject("validity").put("until", until);
        payload.putObject("controller")
                .put("name", "Nordwind & Söhne")
                .put("contact", "datenschutz@nordwind.example");
        payload.putObject("control")
                .put("keys", "*9")
                .put("phrase", true)
                .putArray("privacy_lines")
                .add("+49302222");
        return append(EntryType.GIVEN, number, payload, OCTOBER);
    }

    UUID about(EntryType type, String number, UUID consent, ObjectNode payload) throws Exception {
        payload.put("refers_to", consent.toString());
        return append(type, number, payload, now);
    }

    UUID ends(String number, UUID consent, String purpose) throws Exception {
        ObjectNode payload = JSON.objectNode();
        payload.putObject("decision").put("purpose", purpose).put("outcome", "ENDED");
        return about(EntryType.PURPOSE_DECIDED, number, consent, payload);
    }

    /** Tells the one system of the shipped example, once it is enabled, that reports are due. */
    static Announcing announcing(Path directory) throws Exception {
        Path project = Path.of(System.getProperty("project.root"));
        String shipped = Files.readString(project.resolve("config/gateway.yaml"));
        String changed =
                shipped.replace(
                                "    enabled: false # nothing is sent",
                                "    enabled: true # all is sent")
                        .replace("    events: [] #", "    events: [report.due] #")
                        .replaceFirst("      secret: #", "      secret: whsec_" + SECRET + " #");
        Path file = Files.writeString(directory.resolve("gateway.yaml"), changed);
        return new PartSettings(GatewayConfig.load(file, project)).announcements();
    }

    private static final String SECRET =
            Base64.getEncoder().encodeToString("thirty-two octets of no secrecy.".getBytes(UTF_8));

    private UUID append(EntryType type, String number, ObjectNode payload, Instant at)
            throws Exception {
        payload.put("event_state", type.text());
        NewEntry entry = NewEntry.of(type, null, subject(number).current(), payload, at);
        ledger.append(entry, PATIENCE);
        return entry.id();
    }

    CustomerReports reports() {
        return new CustomerReports(ledger.reader(), ledger.pseudonyms(), terms());
    }

    CustomerReports.Terms terms() {
        Path languages = Path.of(System.getProperty("project.root"), "config/languages");
        return new CustomerReports.Terms(
                "report", new LetterWriter(languages, ZoneOffset.UTC, stop));
    }

    void monthIsOver() {
        if (now.isBefore(NOVEMBER)) {
            now = NOVEMBER;
        }
    }

    List<Row> rows(ReportRun run) throws Exception {
        monthIsOver();
        List<Row> rows = new ArrayList<>();
        int _ = run.run(terms().newest(now), rows::add);
        return rows;
    }

    List<Row> dry() throws Exception {
        return rows(ReportRun.dry(reports(), () -> now));
    }

    List<Row> byMail(int port, String... addresses) throws Exception {
        try (var server = new MailServer(at(port, MailServer.Security.NONE))) {
            return rows(byMail(server, addresses));
        }
    }

    ReportRun byMail(MailServer server, String... addresses) throws Exception {
        String csv = Addresses.HEADER + "\n" + String.join("\n", addresses) + "\n";
        return ReportRun.byMail(
                reports(),
                settings,
                () -> now,
                new ReportRun.Mail(server, Addresses.read(new java.io.StringReader(csv))),
                () -> {});
    }

    static MailServer.At at(int port, MailServer.Security security) {
        return new MailServer.At(
                "127.0.0.1",
                port,
                security,
                "",
                "",
                java.util.Optional.empty(),
                "Nordwind <datenschutz@nordwind.example>");
    }

    List<Entry> entries(EntryType type) throws Exception {
        return ledger.reader().ofType(type, 1000);
    }

    /** At once, or not at all. */
    void anotherCommandWrites() {
        try {
            Ledger.openBeside(settings, () -> now, Duration.ZERO).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that stands in the log, as it stands there. */
    String everything() throws Exception {
        var all = new StringBuilder();
        for (Entry entry : LedgerArchive.open(settings).reader().latest(1000)) {
            all.append(entry.payload()).append('\n');
        }
        return all.toString();
    }

    @Override
    public void close() {
        ledger.close();
    }
}
