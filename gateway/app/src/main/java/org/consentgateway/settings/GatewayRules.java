package org.consentgateway.settings;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.Spelling;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.notice.ExampleCompany;
import org.consentgateway.settings.WebhookConfig.WebhookEndpoint;
import org.consentgateway.settings.callback.CallBackSettings;
import org.consentgateway.settings.credential.CredentialRules;
import org.consentgateway.settings.experiment.ExperimentConfig;
import org.consentgateway.settings.experiment.ExperimentSettings;
import org.consentgateway.settings.listen.ListenRules;
import org.consentgateway.settings.oidc.OidcSettings;
import org.consentgateway.settings.oidc.SignInSettings;
import org.consentgateway.settings.people.HumanRules;
import org.consentgateway.settings.report.ReportSettings;
import org.consentgateway.settings.store.StoreRules;
import org.consentgateway.settings.witness.WitnessSettings;
import org.consentgateway.speech.SpeechSettings;

/** Confined to one check. What must hold between the keys of a configuration. */
public final class GatewayRules {
    /** RTP and RTCP of the caller's leg, and of the assistant's. */
    private static final int PORTS_PER_CALL = 4;

    private static final int MAX_PURPOSES = org.consentgateway.call.Line.MAX_PURPOSES;
    private static final int MAX_IN_MENU = org.consentgateway.call.Line.MAX_IN_MENU;

    private static final int YEARS_OF_ADVERTISING = 5;

    /** As the notice and the deletion concept tell. */
    private static final int DAYS_OF_CALL_BACKS = 30;

    private final GatewayConfig config;
    private final Complaints complaints;

    private GatewayRules(GatewayConfig config, Complaints complaints) {
        this.config = config;
        this.complaints = complaints;
    }

    static void check(GatewayConfig config, Complaints complaints) {
        GatewayRules rules = new GatewayRules(config, complaints);
        rules.media();
        rules.limits();
        ListenRules.check(config, complaints);
        rules.unique(
                "processing.purposes",
                config.processing().purposes(),
                ProcessingConfig.OfPurpose::purpose,
                "purpose");
        rules.models();
        rules.unique("trunks", config.trunks(), TrunkConfig::name, "name");
        rules.unique("assistants", config.assistants(), AssistantConfig::name, "name");
        rules.unique("humans", config.humans(), HumanConfig::name, "name");
        rules.unique("levels", config.levels(), LevelConfig::id, "id");
        rules.unique("lines", config.lines(), LineConfig::name, "name");
        rules.unique("experiments", config.experiments(), ExperimentConfig::name, "name");
        ExperimentSettings.check(config.experiments(), config.lines(), complaints);
        rules.unique(
                "webhooks.endpoints", config.webhooks().endpoints(), WebhookEndpoint::name, "name");
        WebhookSettings.check(config, complaints);
        new SocketRules(config, complaints).check();
        new TrunkRules(config, complaints).check();
        StoreRules.check(config.store().url(), complaints);
        config.node().check(config.store().url().isShared(), complaints);
        new TokenRules(config, complaints).check();
        rules.numbers();
        HumanRules.check(config, complaints);
        rules.retention();
        rules.messages();
        rules.traces();
        rules.api();
        config.receipts().check(complaints);
        rules.console();
        WitnessSettings.check(
                config.store().witnesses(),
                config.store().quorum(),
                config.store().origin().isPresent(),
                complaints);
        CallBackSettings.check(config, complaints);
        rules.examples();
        rules.validities();
        for (int i = 0; i < config.lines().size(); i++) {
            rules.line(config.lines().get(i), "lines[" + i + "]");
        }
    }

    private void media() {
        GatewayConfig.Media media = config.media();
        if (media.ports().first() % 2 != 0) {
            String even = "first: " + (media.ports().first() + 1);
            complaints.about("media.ports.first", "must be even (RTP takes the even ports)", even);
        }
        if (media.ports().last() <= media.ports().first()) {
            String wrong = "must be above media.ports.first";
            int right = Math.min(media.ports().first() + 3999, 65_535);
            complaints.about("media.ports.last", wrong, "last: " + right);
        }
    }

    /** A collector's address alone is what most of its examples show: the path is in ours. */
    private void traces() {
        config.traces()
                .endpoint()
                .filter(to -> !isWeb(to) || to.getPath().length() <= 1 || to.getUserInfo() != null)
                .ifPresent(to ->
                        complaints.about(
                                "traces.endpoint",
                                "must be the whole address at which a collector takes OTLP over"
                                        + " HTTP, with its path and without a password",
                                "endpoint: http://127.0.0.1:4318/v1/traces"));
    }

    private static boolean isWeb(URI uri) {
        return uri.getHost() != null
                && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    }

    /** Whoever reads a key on the way may ask what its owner may ask. */
    private void api() {
        ReportSettings.check(config.reports(), complaints);
        OidcSettings.check(config.api().oidc(), config.api().listen().isPresent(), complaints);
        config.api()
                .listen()
                .filter(at -> !at.socketAddress().getAddress().isLoopbackAddress())
                .filter(_ -> !config.api().clearText())
                .ifPresent(at ->
                        complaints.about(
                                "api.listen",
                                "would have keys travel in clear text: let a proxy with TLS listen"
                                        + " there, or say clear-text: true where the network is"
                                        + " sealed",
                                "listen: 127.0.0.1:" + at.socketAddress().getPort()));
    }

    /** Passwords and what is said of callers travel there. */
    private void console() {
        Optional<URI> url = config.console().url();
        SignInSettings.check(
                config.console().oidc(), config.console().listen().isPresent(), url, complaints);
        boolean tls = url.map(URI::getScheme).filter("https"::equals).isPresent();
        url.filter(one -> one.getHost() == null || (!tls && !isHere(one)))
                .ifPresent(_ ->
                        complaints.about(
                                "console.url",
                                "must be https (http on this machine only): passwords travel there",
                                "url: https://consent.example.com"));
        config.console()
                .listen()
                .filter(at -> !at.socketAddress().getAddress().isLoopbackAddress())
                .filter(_ -> !tls)
                .ifPresent(at ->
                        complaints.about(
                                "console.listen",
                                "would have passwords travel in clear text: listen on this machine,"
                                        + " or say console.url: https://… where a proxy with TLS"
                                        + " stands before it",
                                "listen: 127.0.0.1:" + at.socketAddress().getPort()));
    }

    private static boolean isHere(URI url) {
        return List.of("127.0.0.1", "[::1]", "localhost").contains(url.getHost());
    }

    /** A number goes to whoever answers there, so it goes sealed. */
    private void messages() {
        GatewayConfig.Messages messages = config.messages();
        if (messages.url().isEmpty()) {
            return;
        }
        URI url = messages.url().get();
        if (!url.getScheme().equals("https") && !isHere(url)) {
            complaints.about(
                    "messages.url",
                    "would send telephone numbers in clear text",
                    "url: https://" + url.getHost() + url.getPath());
        }
        if (messages.texts().isEmpty()) {
            complaints.about(
                    "messages.texts", "is missing", "texts: {de: \"Datenschutz: https://…\"}");
        }
        new CredentialRules(complaints)
                .once("messages.", "token", messages.token(), messages.tokenFile());
    }

    private void limits() {
        GatewayConfig.Ports ports = config.media().ports();
        int range = ports.last() - ports.first() + 1;
        int needed = config.limits().calls() * PORTS_PER_CALL;
        if (range > 0 && range < needed) {
            complaints.about(
                    "limits.calls",
                    "is more than media.ports can serve: "
                            + needed
                            + " ports are needed, there are "
                            + range,
                    "calls: " + Math.max(1, range / PORTS_PER_CALL));
        }
    }

    private void models() {
        config.speech()
                .models()
                .forEach((language, model) -> {
                    if (!language.matches("[a-z]{2,3}")) {
                        complaints.about(
                                "speech.models." + language, "is no language code", "de: bundled");
                    } else if (model.equals(SpeechSettings.BUNDLED)
                            && !SpeechSettings.BUNDLED_FOLDERS.containsKey(language)) {
                        complaints.about(
                                "speech.models." + language,
                                "no model for it comes with the product",
                                language + ": data/models/vosk-model-small-" + language);
                    }
                });
        for (String language : config.speech().verify().keySet()) {
            if (!config.speech().models().containsKey(language)
                    && !SpeechSettings.BUNDLED_FOLDERS.containsKey(language)) {
                complaints.about(
                        "speech.verify." + language,
                        "is of no language that is listened to (speech.models)",
                        "verify: {de: ask, en: require}");
            }
        }
    }

    private <T> void unique(String list, List<T> items, Function<T, String> name, String key) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            String each = name.apply(items.get(i));
            if (!seen.add(each)) {
                String at = list + "[" + i + "]." + key;
                complaints.about(at, "\"" + each + "\" is given twice", "");
            }
        }
    }

    /** § 7a UWG: who advertises proves the consent for five years from grant and from each use. */
    private void retention() {
        for (int i = 0; i < config.levels().size(); i++) {
            LevelConfig level = config.levels().get(i);
            if (level.purposes().contains(Purpose.MARKETING.id())
                    && level.retention().toTotalMonths() < YEARS_OF_ADVERTISING * 12L) {
                complaints.about(
                        "levels[" + i + "].retention",
                        "must be five years at least where marketing is among the purposes (§ 7a"
                                + " UWG), not "
                                + level.retention(),
                        "retention: P5Y");
            }
        }
        LocalDate day = LocalDate.of(2001, 1, 1); // no month of 28 days behind it
        if (day.plus(config.retention().callBacks()).isAfter(day.plusDays(DAYS_OF_CALL_BACKS))) {
            complaints.about(
                    "retention.call-backs",
                    "must be P30D at most: what is left is a telephone number",
                    "call-backs: P14D");
        }
    }

    /** Records, receipts and answers to callers say who gets data: nobody of the example does. */
    private void examples() {
        if (config.demo().agents()) {
            return;
        }
        ProcessingConfig processing = config.processing();
        processing.authority().ifPresent(text -> example("processing.authority", text));
        for (int i = 0; i < processing.recipients().size(); i++) {
            ProcessingConfig.Recipient recipient = processing.recipients().get(i);
            example("processing.recipients[" + i + "].name", recipient.name());
            example("processing.recipients[" + i + "].address", recipient.address());
        }
    }

    /** A yes of many years ago tells little of what its caller wants today. */
    private void validities() {
        ZonedDateTime start = Instant.EPOCH.atZone(ZoneOffset.UTC);
        Instant longest = start.plus(config.limits().validity()).toInstant();
        for (int i = 0; i < config.levels().size(); i++) {
            ValidityPeriod validity = config.levels().get(i).validity();
            boolean tooLong =
                    validity.until(start.toInstant(), ZoneOffset.UTC)
                            .filter(longest::isBefore)
                            .isPresent();
            if (tooLong) {
                complaints.about(
                        "levels[" + i + "].validity",
                        "is longer than limits.validity, " + config.limits().validity(),
                        "validity: P12M");
            }
        }
    }

    private void example(String at, String text) {
        ExampleCompany.in(text)
                .ifPresent(name ->
                        complaints.about(
                                at,
                                "is still that of the shipped example: \"" + name + "\"",
                                "who it is; \"demo: {agents: true}\" marks a demonstration"));
    }

    private void numbers() {
        Map<String, String> owners = new HashMap<>();
        for (int i = 0; i < config.lines().size(); i++) {
            LineConfig line = config.lines().get(i);
            for (int j = 0; j < line.numbers().size(); j++) {
                String before = owners.putIfAbsent(line.numbers().get(j), line.name());
                if (before != null) {
                    complaints.about(
                            "lines[" + i + "].numbers[" + j + "]",
                            "belongs to line " + before + " already",
                            "");
                }
            }
        }
    }

    private void line(LineConfig line, String at) {
        List<String> assistants = config.assistants().stream().map(AssistantConfig::name).toList();
        List<String> humans = config.humans().stream().map(HumanConfig::name).toList();
        line.assistant()
                .ifPresentOrElse(
                        name -> known(at + ".assistant", "assistant", name, assistants),
                        () -> needed(line, at + ".assistant", "assistant: assistant"));
        each(at + ".humans", "human", line.humans(), humans);
        List<String> trunks = config.trunks().stream().map(TrunkConfig::name).toList();
        each(at + ".trunks", "trunk", line.trunks(), trunks);
        List<String> levels = config.levels().stream().map(LevelConfig::id).toList();
        each(at + ".levels", "level", line.levels(), levels);
        if (line.levels().isEmpty()) {
            needed(line, at + ".levels", "levels: [basis, komfort]");
        } else if (levels.containsAll(line.levels())) {
            levels(line, at);
        }
        notice(line, at);
    }

    private void needed(LineConfig line, String key, String example) {
        if (line.dialog() != LineConfig.Dialog.PRIVACY) {
            String wrong = "is missing; only a line with dialog: privacy does without";
            complaints.about(key, wrong, example);
        }
    }

    private void each(String at, String what, List<String> names, List<String> known) {
        for (int i = 0; i < names.size(); i++) {
            known(at + "[" + i + "]", what, names.get(i), known);
        }
    }

    private void known(String at, String what, String name, Collection<String> known) {
        if (known.contains(name)) {
            return;
        }
        String hint =
                Spelling.nearest(name, known)
                        .map(near -> "; did you mean \"" + near + "\"?")
                        .orElse(known.isEmpty() ? "" : "; known: " + String.join(", ", known));
        complaints.about(at, "names no " + what + ": \"" + name + "\"" + hint, "");
    }

    /**
     * What is agreed to first is part of every level: a preset without it could only be reached by
     * a no, and nobody asks on after a no.
     */
    private void levels(LineConfig line, String at) {
        Map<String, List<String>> purposes = new HashMap<>();
        config.levels().forEach(level -> purposes.put(level.id(), level.purposes()));
        String first = purposes.getOrDefault(line.levels().getFirst(), List.of("")).getFirst();
        Set<String> all = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < line.levels().size(); i++) {
            String level = line.levels().get(i);
            String here = at + ".levels[" + i + "]";
            List<String> its = purposes.getOrDefault(level, List.of());
            all.addAll(its);
            if (!seen.add(level)) {
                complaints.about(here, "\"" + level + "\" is given twice", "");
            } else if (!its.contains(first)) {
                complaints.about(
                        here,
                        "must have the purpose \"%s\", which is asked for first".formatted(first),
                        "levels: [basis, komfort, voll]");
            }
        }
        limits(line, at, all);
    }

    private void limits(LineConfig line, String at, Set<String> all) {
        if (all.size() > MAX_PURPOSES) {
            complaints.about(
                    at + ".levels",
                    "ask for %d purposes, at most %d are asked for: %s"
                            .formatted(all.size(), MAX_PURPOSES, String.join(", ", all)),
                    "");
        }
        if (line.dialog() == LineConfig.Dialog.MENU && line.levels().size() > MAX_IN_MENU) {
            complaints.about(
                    at + ".levels",
                    "are too many for a menu, which has the keys 1 to " + MAX_IN_MENU,
                    "dialog: ladder");
        }
    }

    private void notice(LineConfig line, String at) {
        Path folder = config.notices().directory().resolve(line.notice());
        if (Files.isDirectory(folder)) {
            spoken(line, at, folder);
        } else {
            complaints.about(
                    at + ".notice",
                    "names no folder under "
                            + config.notices().directory()
                            + ": \""
                            + line.notice()
                            + "\"",
                    "");
        }
    }

    /** A caller is never sent to a language that has no words. */
    private void spoken(LineConfig line, String at, Path folder) {
        List<String> known = languagesOf(folder);
        for (int i = 0; i < line.languages().size(); i++) {
            String language = line.languages().get(i);
            if (!known.contains(language)) {
                complaints.about(
                        at + ".languages[" + i + "]",
                        "has no texts: there is no "
                                + folder.resolve(language)
                                + " with a file such as 2026-11.yaml",
                        known.isEmpty() ? "" : "languages: " + known);
            }
        }
    }

    private static List<String> languagesOf(Path notice) {
        try (Stream<Path> folders = Files.list(notice)) {
            return folders.filter(GatewayRules::holdsTexts)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean holdsTexts(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".yaml"));
        } catch (IOException e) {
            return false;
        }
    }
}
