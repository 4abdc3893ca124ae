package org.consentgateway.compliance;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.ImportSettings;
import org.consentgateway.settings.LevelConfig;
import org.consentgateway.settings.ProcessingConfig;

/**
 * What templates may name, as maps and lists of texts: whose data, for what, to whom, how long. A
 * value that is not configured is told as missing, with its key.
 */
final class PackFacts {
    /** Where Art. 44 DSGVO does not ask for more: the EEA. */
    private static final Set<String> EEA =
            Set.of(
                    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR",
                    "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT",
                    "RO", "SE", "SI", "SK");

    private final PackSubject subject;
    private final GatewayConfig config;
    private final PackWords words;

    private PackFacts(PackSubject subject, PackWords words) {
        this.subject = subject;
        this.config = subject.config();
        this.words = words;
    }

    static Map<String, Object> of(PackSubject subject, PackWords words) {
        var facts = new PackFacts(subject, words);
        Map<String, Object> all = new LinkedHashMap<>();
        facts.company(all);
        facts.processing(all);
        facts.kept(all);
        facts.texts(all);
        LineFacts.into(all, subject.config(), words);
        TechnicalFacts.into(all, subject, words);
        return all;
    }

    private void company(Map<String, Object> all) {
        all.put("date", words.date(subject.day()));
        all.put("demonstration", config.demo().agents());
        Map<String, Notice.Controller> controllers = new LinkedHashMap<>();
        subject.spoken().stream()
                .filter(each -> each.text().key().language().equals(words.language()))
                .forEach(each ->
                        controllers.putIfAbsent(each.controller().contact(), each.controller()));
        if (controllers.isEmpty()) {
            subject.spoken()
                    .forEach(each ->
                            controllers.putIfAbsent(
                                    each.controller().contact(), each.controller()));
        }
        all.put(
                "controllers",
                controllers.values().stream()
                        .map(one ->
                                Map.of(
                                        "contact",
                                        one.contact().startsWith(one.name())
                                                ? one.contact()
                                                : one.name() + ", " + one.contact(),
                                        "country",
                                        words.country(one.country())))
                        .toList());
        all.put(
                "company",
                controllers.values().stream()
                        .map(Notice.Controller::name)
                        .collect(Collectors.joining(", ")));
        all.put(
                "webs",
                subject.spoken().stream()
                        .map(NoticeReport.Spoken::web)
                        .filter(web -> !web.isEmpty())
                        .distinct()
                        .map(web -> Map.of("web", web))
                        .toList());
        var compliance = config.compliance();
        all.put(
                "representedBy",
                words.orMissing(compliance.representedBy(), "compliance.represented-by"));
        all.put(
                "officer",
                words.orMissing(
                        compliance.dataProtectionOfficer(), "compliance.data-protection-officer"));
        all.put("ownHosting", compliance.hosting().filter("own"::equals).isPresent());
        all.put("hosting", words.orMissing(compliance.hosting(), "compliance.hosting"));
        all.put(
                "authority",
                words.orMissing(config.processing().authority(), "processing.authority"));
    }

    private void processing(Map<String, Object> all) {
        List<String> asked =
                config.lines().stream()
                        .flatMap(line -> line.levels().stream())
                        .flatMap(id ->
                                config.levels().stream().filter(level -> level.id().equals(id)))
                        .flatMap(level -> level.purposes().stream())
                        .distinct()
                        .toList();
        all.put("purposes", asked.stream().map(this::purpose).toList());
        for (String known :
                List.of("transcript", "recording", "learning", "marketing", "biometrics")) {
            all.put(known, asked.contains(known));
        }
        Set<ProcessingConfig.Recipient> recipients =
                new LinkedHashSet<>(config.processing().recipients());
        all.put("recipients", recipients.stream().map(this::recipient).toList());
        all.put(
                "processors",
                recipients.stream()
                        .filter(one -> one.role() == ProcessingConfig.Role.PROCESSOR)
                        .map(this::recipient)
                        .toList());
        all.put(
                "noRecipients",
                recipients.isEmpty() ? words.missing("processing.recipients") : false);
        all.put(
                "thirdCountries",
                recipients.stream()
                        .filter(one -> !EEA.contains(one.country()))
                        .map(this::recipient)
                        .toList());
        all.put("storeAbroad", !EEA.contains(config.store().location()));
    }

    private Map<String, Object> purpose(String id) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("id", id);
        one.put("name", words.named("purpose", id));
        one.put(
                "asked",
                subject.spoken().stream()
                        .filter(each -> each.text().key().language().equals(words.language()))
                        .flatMap(each -> Optional.ofNullable(each.asked().get(id)).stream())
                        .findFirst()
                        .orElse(words.of("none")));
        Optional<ProcessingConfig.OfPurpose> told =
                config.processing().purposes().stream()
                        .filter(each -> each.purpose().equals(id))
                        .findFirst();
        one.put(
                "data",
                told.map(each ->
                                each.data().stream()
                                        .map(kind -> words.named("data", kind))
                                        .collect(Collectors.joining(", ")))
                        .orElseGet(() -> words.missing("processing.purposes")));
        one.put(
                "kept",
                told.map(each -> words.time(each.kept()))
                        .orElseGet(() -> words.missing("processing.purposes")));
        List<ProcessingConfig.Recipient> who =
                config.processing().recipients().stream()
                        .filter(each -> each.purposes().contains(id))
                        .toList();
        one.put(
                "recipients",
                who.isEmpty()
                        ? words.missing("processing.recipients")
                        : who.stream()
                                .map(each ->
                                        each.name()
                                                + " ("
                                                + words.named("role", role(each))
                                                + ", "
                                                + each.country()
                                                + ")")
                                .collect(Collectors.joining("; ")));
        one.put(
                "abroad",
                who.stream()
                        .map(ProcessingConfig.Recipient::country)
                        .filter(country -> !EEA.contains(country))
                        .distinct()
                        .map(words::country)
                        .collect(
                                Collectors.collectingAndThen(
                                        Collectors.joining(", "),
                                        text -> text.isEmpty() ? words.of("none") : text)));
        List<LevelConfig> levels =
                config.levels().stream().filter(level -> level.purposes().contains(id)).toList();
        one.put(
                "holds",
                levels.stream()
                        .map(level -> words.time(level.validity()))
                        .distinct()
                        .collect(Collectors.joining("; ")));
        return one;
    }

    private Map<String, Object> recipient(ProcessingConfig.Recipient one) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", one.name());
        all.put("address", one.address());
        all.put("role", words.named("role", role(one)));
        all.put("country", words.country(one.country()));
        all.put("third", !EEA.contains(one.country()));
        all.put(
                "purposes",
                one.purposes().stream()
                        .map(id -> words.named("purpose", id))
                        .collect(Collectors.joining(", ")));
        return all;
    }

    private static String role(ProcessingConfig.Recipient one) {
        return one.role().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private void kept(Map<String, Object> all) {
        GatewayConfig.Retention kept = config.retention();
        all.put("served", words.time(kept.served()));
        all.put("unanswered", words.time(kept.unanswered()));
        all.put("refused", words.time(kept.refused()));
        all.put("events", words.time(kept.events()));
        all.put("callBacks", words.time(kept.callBacks()));
        all.put("complaints", words.time(kept.complaints()));
        all.put("requests", words.time(SubjectRequest.KEPT));
        all.put("longest", words.time(config.limits().validity()));
        all.put("imported", words.time(ImportSettings.KEPT));
        all.put("requestNumbers", words.time(SubjectRequest.NUMBER_KEPT));
        List<Map<String, Object>> levels = new ArrayList<>();
        for (LevelConfig level : config.levels()) {
            levels.add(
                    Map.of(
                            "id", level.id(),
                            "purposes",
                                    level.purposes().stream()
                                            .map(id -> words.named("purpose", id))
                                            .collect(Collectors.joining(", ")),
                            "validity", words.time(level.validity()),
                            "retention", words.time(level.retention()),
                            "phrase", words.of(level.withdrawalPhrase() ? "yes" : "no")));
        }
        all.put("levels", levels);
    }

    private void texts(Map<String, Object> all) {
        List<Map<String, Object>> texts = new ArrayList<>();
        Map<String, NoticeReport.Law> laws = new LinkedHashMap<>();
        for (NoticeReport.Spoken each : subject.spoken()) {
            laws.put(each.law().name(), each.law());
            texts.add(
                    Map.of(
                            "name", each.text().name(),
                            "validFrom", words.date(each.text().validFrom()),
                            "review", until(each.text().review()),
                            "approved",
                                    each.text().approvedBy().isEmpty()
                                            ? words.of("nobody")
                                            : each.text().approvedBy()
                                                    + ", "
                                                    + each.text().approvedOn(),
                            "law", each.law().name()));
        }
        all.put("texts", texts);
        all.put("laws", laws.values().stream().map(this::law).toList());
        all.put("us", laws.keySet().stream().anyMatch(name -> name.startsWith("us-")));
        all.put(
                "answerWithin",
                laws.values().stream()
                        .map(law -> words.time(law.answerWithin()))
                        .distinct()
                        .collect(Collectors.joining("; ")));
    }

    private Map<String, Object> law(NoticeReport.Law law) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", law.name());
        all.put("asOf", words.date(law.asOf()));
        all.put("review", until(law.review()));
        all.put("answerWithin", words.time(law.answerWithin()));
        all.put(
                "demands",
                law.demands().stream()
                        .map(one ->
                                Map.of(
                                        "says", one.says(),
                                        "law", one.law(),
                                        "parts", String.join(", ", one.parts())))
                        .toList());
        return all;
    }

    private String until(LocalDate day) {
        return words.date(day) + (day.isBefore(subject.day()) ? " – " + words.of("overdue") : "");
    }
}
