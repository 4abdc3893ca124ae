package org.consentgateway.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Parts;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LineConfig;
import org.consentgateway.settings.RecordSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Confined to the main thread. {@code processing-record}: the entry in the record of processing
 * activities (Art. 30 DSGVO), from the configuration that the gateway runs with.
 */
@Command(
        name = "processing-record",
        mixinStandardHelpOptions = true,
        description = {
            "Print the entry for the record of processing activities (Art. 30 DSGVO), as the",
            "configuration and the texts in force say it: the same that records and receipts tell."
        })
public final class ProcessingRecordCommand extends AuditCommand {
    /** Where Art. 44 DSGVO does not ask for more: the EEA. */
    private static final Set<String> EEA =
            Set.of(
                    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR",
                    "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT",
                    "RO", "SE", "SI", "SK");

    private final Supplier<GatewayConfig> configured;
    private final Supplier<NoticeLibrary> texts;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(
            names = "--language",
            paramLabel = "LANG",
            defaultValue = "de",
            description = "Whose texts are quoted, such as de (default).")
    private String language = "de";

    public ProcessingRecordCommand(
            Supplier<GatewayConfig> configured, Supplier<NoticeLibrary> texts) {
        this.configured = configured;
        this.texts = texts;
    }

    @Override
    protected int run(PrintWriter out) throws IOException {
        GatewayConfig config = configured.get();
        NoticeLibrary library = texts.get();
        Set<String> lineages = new LinkedHashSet<>();
        config.lines().forEach(line -> lineages.add(line.notice()));
        List<ObjectNode> entries = new ArrayList<>();
        for (String lineage : lineages) {
            inForce(library, lineage).ifPresent(notice -> entries.add(entry(config, notice)));
        }
        if (entries.isEmpty()) {
            throw new IOException("there is no text in " + language + " in force");
        }
        for (ObjectNode entry : entries) {
            out.println(
                    json
                            ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(entry)
                            : page(entry));
        }
        return OK;
    }

    private Optional<Notice> inForce(NoticeLibrary library, String lineage) {
        LocalDate today = LocalDate.ofInstant(now(), ZoneId.of("Europe/Berlin"));
        return library.inForce(lineage, language, today).stream().findFirst();
    }

    private static ObjectNode entry(GatewayConfig config, Notice notice) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("processing", "Consent gateway before an AI telephone assistant");
        entry.put("notice", notice.id() + " " + notice.version());
        entry.putObject("controller")
                .put("name", notice.controller().name())
                .put("contact", notice.controller().contact())
                .put("country", notice.controller().country());
        config.processing().authority().ifPresent(name -> entry.put("authority", name));
        entry.putArray("data_subjects").add("callers");
        ArrayNode lines = entry.putArray("lines");
        Set<String> purposes = new LinkedHashSet<>();
        for (LineConfig line : config.lines()) {
            if (line.notice().equals(notice.id())) {
                lines.add(line.name());
                config.levels().stream()
                        .filter(level -> line.levels().contains(level.id()))
                        .forEach(level -> purposes.addAll(level.purposes()));
            }
        }
        ArrayNode told = new RecordSettings(config).processing().of(purposes);
        for (JsonNode one : told) {
            String asked =
                    notice.texts().get(Parts.of(Parts.QUESTION, one.path("purpose").asText()));
            if (asked != null && one instanceof ObjectNode object) {
                object.put("asked", asked);
            }
        }
        entry.set("purposes", told);
        GatewayConfig.Retention kept = config.retention();
        entry.putObject("records")
                .put("location", config.store().location())
                .put("served", kept.served().toString())
                .put("unanswered", kept.unanswered().toString())
                .put("refused", kept.refused().toString())
                .put("events", kept.events().toString());
        ArrayNode measures = entry.putArray("measures");
        measures.add("no audio leaves the gateway before a durable consent");
        measures.add(
                "telephone numbers as keyed pseudonyms (HMAC-SHA-256), none without a consent");
        measures.add("records sealed with AES-GCM; keys apart from the database");
        measures.add("append-only Merkle log, signed checkpoints, content erasable");
        return entry;
    }

    private static String page(ObjectNode entry) {
        StringBuilder page = new StringBuilder();
        page.append("# ").append(entry.path("processing").asText()).append("\n\n");
        row(
                page,
                "Controller",
                at(entry, "/controller/name") + ", " + at(entry, "/controller/contact"));
        row(page, "Supervisory authority", at(entry, "/authority"));
        row(page, "Text in force", at(entry, "/notice"));
        row(page, "Lines", listed(entry.path("lines")));
        row(page, "Data subjects", listed(entry.path("data_subjects")));
        page.append("\n| purpose | asked | personal data | kept | recipients | third country |\n")
                .append("| --- | --- | --- | --- | --- | --- |\n");
        for (JsonNode one : entry.path("purposes")) {
            List<String> who = new ArrayList<>();
            List<String> abroad = new ArrayList<>();
            for (JsonNode recipient : one.path("recipients")) {
                String country = at(recipient, "/country");
                who.add(
                        at(recipient, "/name")
                                + " ("
                                + at(recipient, "/role")
                                + ", "
                                + country
                                + ")");
                if (!EEA.contains(country)) {
                    abroad.add(country);
                }
            }
            page.append("| ")
                    .append(
                            String.join(
                                    " | ",
                                    at(one, "/purpose"),
                                    at(one, "/asked"),
                                    listed(one.path("data")),
                                    at(one, "/kept"),
                                    String.join("; ", who),
                                    abroad.isEmpty() ? "none" : String.join(", ", abroad)))
                    .append(" |\n");
        }
        page.append('\n');
        row(page, "Legal basis", "consent, Art. 6(1)(a) (biometrics: Art. 9(2)(a))");
        JsonNode records = entry.path("records");
        row(
                page,
                "Records of consents",
                "in %s; without a consent: served %s, unanswered %s, refused %s; events %s"
                        .formatted(
                                at(records, "/location"),
                                at(records, "/served"),
                                at(records, "/unanswered"),
                                at(records, "/refused"),
                                at(records, "/events")));
        row(page, "Measures (Art. 32)", listed(entry.path("measures")));
        return page.toString();
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("- ").append(name).append(": ").append(value).append('\n');
    }

    private static String at(JsonNode node, String path) {
        return node.at(path).asText("");
    }

    private static String listed(JsonNode items) {
        List<String> texts = new ArrayList<>();
        items.forEach(item -> texts.add(item.asText()));
        return String.join(", ", texts);
    }
}
