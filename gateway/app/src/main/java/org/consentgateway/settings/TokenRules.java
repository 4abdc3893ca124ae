package org.consentgateway.settings;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.consentgateway.config.Complaints;
import org.consentgateway.target.CallerShown;
import org.consentgateway.token.ConsentTokens;

/** Confined to one check. What must hold of what assistants are told. */
final class TokenRules {
    private final GatewayConfig config;
    private final Complaints complaints;

    TokenRules(GatewayConfig config, Complaints complaints) {
        this.config = config;
        this.complaints = complaints;
    }

    void check() {
        config.tokens().issuer().ifPresent(this::issuer);
        for (int i = 0; i < config.assistants().size(); i++) {
            AssistantConfig assistant = config.assistants().get(i);
            String at = "assistants[" + i + "]";
            if (assistant.callerId() instanceof CallerShown.WithPurpose(var purpose)) {
                asked(purpose.id(), assistant.name(), at + ".caller-id");
            }
            fits(assistant);
        }
    }

    private void issuer(URI issuer) {
        boolean web = "https".equals(issuer.getScheme()) || "http".equals(issuer.getScheme());
        if (!web
                || issuer.getHost() == null
                || issuer.getQuery() != null
                || issuer.getFragment() != null) {
            complaints.about(
                    "tokens.issuer",
                    "must be a web address without ? and #, not " + issuer,
                    "issuer: https://consent.example.com");
        }
    }

    /** Else nobody could ever allow it. */
    private void asked(String purpose, String assistant, String at) {
        Set<String> asked = purposes(assistant);
        if (!asked.contains(purpose)) {
            complaints.about(
                    at,
                    "needs the purpose "
                            + purpose
                            + ", which no caller of this assistant is asked for"
                            + (asked.isEmpty() ? "" : "; asked for: " + String.join(", ", asked)),
                    "caller-id: pseudonym");
        }
    }

    /** Of all lines that lead to it. */
    private Set<String> purposes(String assistant) {
        Set<String> all = new TreeSet<>();
        levels(assistant).values().forEach(all::addAll);
        return all;
    }

    private Map<String, List<String>> levels(String assistant) {
        Map<String, List<String>> levels = new HashMap<>();
        for (LineConfig line : config.lines()) {
            if (line.assistant().filter(assistant::equals).isPresent()) {
                config.levels().stream()
                        .filter(level -> line.levels().contains(level.id()))
                        .forEach(level -> levels.put(level.id(), level.purposes()));
            }
        }
        return levels;
    }

    private void fits(AssistantConfig assistant) {
        String issuer = PartSettings.issuer(config);
        boolean pseudonym = assistant.callerId() instanceof CallerShown.Pseudonym;
        List<String> all = List.copyOf(purposes(assistant.name()));
        int longest =
                levels(assistant.name()).keySet().stream()
                        .mapToInt(level ->
                                ConsentTokens.longestThin(
                                        issuer, assistant.name(), level, all, pseudonym))
                        .max()
                        .orElse(0);
        if (longest > ConsentTokens.MOST_THIN) {
            complaints.about(
                    "tokens.issuer",
                    "is too long: the token for "
                            + assistant.name()
                            + " would have up to "
                            + longest
                            + " characters, and a header at most "
                            + ConsentTokens.MOST_THIN
                            + "; shorten it, or the names of the assistant, its levels or purposes",
                    "issuer: https://consent.example.com");
        }
    }
}
