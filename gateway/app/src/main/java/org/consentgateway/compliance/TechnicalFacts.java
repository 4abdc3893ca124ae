package org.consentgateway.compliance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.settings.AssistantConfig;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.TrunkConfig;
import org.consentgateway.settings.witness.WitnessConfig;
import org.consentgateway.sip.sdp.Srtp;

/** How what is configured protects data, or does not: what templates on measures may name. */
final class TechnicalFacts {
    private final GatewayConfig config;
    private final PackWords words;

    private TechnicalFacts(GatewayConfig config, PackWords words) {
        this.config = config;
        this.words = words;
    }

    static void into(Map<String, Object> all, PackSubject subject, PackWords words) {
        var facts = new TechnicalFacts(subject.config(), words);
        facts.store(all);
        facts.ways(all);
        facts.doors(all);
        all.put("cautions", subject.cautions().stream().map(text -> Map.of("text", text)).toList());
    }

    private void store(Map<String, Object> all) {
        GatewayConfig.Store store = config.store();
        all.put(
                "store",
                words.named(
                        "store",
                        store.url().text().startsWith("jdbc:sqlite:") ? "sqlite" : "postgresql"));
        all.put("storeCountry", words.country(store.location()));
        all.put("origin", store.origin().orElse(words.of("none")));
        all.put("checkpointEntries", Integer.toString(store.checkpoints().entries()));
        all.put("checkpointInterval", words.time(store.checkpoints().interval()));
        List<WitnessConfig> asked =
                store.witnesses().stream().filter(WitnessConfig::enabled).toList();
        all.put(
                "witnesses",
                asked.stream()
                        .map(each -> Map.of("name", each.name(), "url", each.url().toString()))
                        .toList());
        all.put("quorum", store.quorum().equals("all") ? words.of("all") : store.quorum());
        all.put("tiles", store.tiles().isPresent());
    }

    private void ways(Map<String, Object> all) {
        all.put(
                "sipTls",
                config.sip().listen().stream()
                        .anyMatch(each -> each.transport() == ListenAddress.Protocol.TLS));
        all.put(
                "sipClear",
                config.sip().listen().stream()
                        .anyMatch(each -> each.transport() != ListenAddress.Protocol.TLS));
        all.put("tlsVersions", String.join(", ", config.sip().tls().versions()));
        all.put(
                "trunks",
                config.trunks().stream()
                        .map(each ->
                                Map.of(
                                        "name", each.name(),
                                        "media", media(each.srtp()),
                                        "identity", identity(each)))
                        .toList());
        List<Map<String, Object>> assistants = new ArrayList<>();
        for (AssistantConfig each : config.assistants()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", each.name());
            one.put("way", each.url().isPresent() ? "WebSocket" : "SIP");
            one.put(
                    "media",
                    each.url()
                            .map(url -> words.of(url.secure() ? "tls" : "clear"))
                            .orElseGet(() -> media(each.srtp())));
            one.put("caller", words.named("caller", each.callerId().toString()));
            assistants.add(one);
        }
        all.put("assistants", assistants);
        all.put(
                "humans",
                config.humans().stream()
                        .map(each -> Map.of("name", each.name(), "media", media(each.srtp())))
                        .toList());
    }

    private String identity(TrunkConfig trunk) {
        return trunk.identity().isEmpty()
                ? words.of("nobody")
                : trunk.identity().stream()
                        .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .collect(Collectors.joining(", "));
    }

    private String media(Srtp srtp) {
        return words.of(
                switch (srtp) {
                    case OFF -> "clear";
                    case OPTIONAL -> "srtp-optional";
                    case REQUIRED -> "srtp-required";
                });
    }

    private void doors(Map<String, Object> all) {
        all.put("api", config.api().listen().isPresent());
        all.put("apiOidc", config.api().oidc().issuer().isPresent());
        all.put("console", config.console().listen().isPresent());
        all.put("idle", words.time(config.console().idle()));
        all.put("receipts", config.receipts().listen().isPresent());
        all.put("messages", config.messages().url().isPresent());
        all.put("reports", config.reports().mail().host().isPresent());
        all.put(
                "webhooks",
                config.webhooks().endpoints().stream()
                        .filter(each -> each.enabled())
                        .map(each ->
                                Map.of(
                                        "name", each.name(),
                                        "host", String.valueOf(each.url().getHost())))
                        .toList());
        all.put("cdr", config.cdr().directory().isPresent());
        all.put("cdrKeep", words.time(config.cdr().keep()));
        all.put("cdrCaller", config.cdr().caller() == GatewayConfig.CdrCaller.PSEUDONYM);
        all.put("speech", config.speech().enabled());
        all.put(
                "speechLanguages",
                config.speech().models().keySet().stream()
                        .sorted()
                        .collect(Collectors.joining(", ")));
    }
}
