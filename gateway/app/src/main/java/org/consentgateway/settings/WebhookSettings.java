package org.consentgateway.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.Secret;
import org.consentgateway.settings.WebhookConfig.WebhookEndpoint;
import org.consentgateway.settings.credential.CredentialRules;
import org.consentgateway.webhook.Endpoint;
import org.consentgateway.webhook.EventType;
import org.consentgateway.webhook.Mapping;
import org.consentgateway.webhook.MappingTrial;
import org.consentgateway.webhook.WebhookSecret;

/** Whom webhooks go to, and what must hold of them. */
final class WebhookSettings {
    /** What a message takes of the store: half of it is its row, the rest is for indexes. */
    private static final long MESSAGES_PER_MEGABYTE = 1000;

    /** b64token of RFC 6750 §2.1, and what identity providers write besides. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    private WebhookSettings() {}

    static List<Endpoint> of(GatewayConfig config) {
        return config.webhooks().endpoints().stream()
                .filter(WebhookEndpoint::enabled)
                .map(WebhookSettings::endpoint)
                .toList();
    }

    private static Endpoint endpoint(WebhookEndpoint each) {
        return new Endpoint(
                each.name(),
                each.url(),
                events(each),
                new Endpoint.Format(() -> secrets(each), () -> bearer(each), mapping(each)),
                each.holder().orElse(each.name()),
                new Endpoint.Reach(
                        each.privateAddresses(),
                        each.roots(),
                        each.timeout(),
                        each.megabytes() * MESSAGES_PER_MEGABYTE));
    }

    private static Set<EventType> events(WebhookEndpoint each) {
        Set<EventType> events = EnumSet.noneOf(EventType.class);
        Stream<String> names =
                each.events().isEmpty() ? EventType.names().stream() : each.events().stream();
        names.forEach(name -> EventType.named(name).ifPresent(events::add));
        return events;
    }

    /** What is wrong with one was complained about before anything is sent. */
    private static Optional<Mapping> mapping(WebhookEndpoint each) {
        if (each.mapping().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Mapping.of(each.mapping().get()));
        } catch (IOException | Mapping.Unfit e) {
            throw new IllegalStateException(each.mapping().get() + ": " + e.getMessage(), e);
        }
    }

    /**
     * @throws IllegalStateException where the file has become unreadable, or holds a variable
     */
    private static Optional<String> bearer(WebhookEndpoint each) {
        return each.tokenFile().flatMap(file -> lines(file).stream().findFirst());
    }

    /**
     * @throws IllegalStateException where the file has become unreadable, or holds a variable
     */
    private static List<byte[]> secrets(WebhookEndpoint each) {
        List<String> texts = new ArrayList<>();
        each.secret().map(Secret::text).ifPresent(texts::add);
        each.previousSecret().map(Secret::text).ifPresent(texts::add);
        each.secretFile().ifPresent(file -> texts.addAll(lines(file)));
        return texts.stream().map(WebhookSecret::octets).toList();
    }

    private static List<String> lines(Path file) {
        List<String> lines;
        try {
            lines =
                    Files.readAllLines(file).stream()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .toList();
        } catch (IOException e) {
            throw new IllegalStateException("cannot be read: " + file, e);
        }
        if (lines.stream().anyMatch(Secret::isUnfilled)) {
            throw new IllegalStateException(Secret.NOTHING_FILLED_IN);
        }
        return lines;
    }

    static void check(GatewayConfig config, Complaints complaints) {
        for (int i = 0; i < config.webhooks().endpoints().size(); i++) {
            WebhookEndpoint each = config.webhooks().endpoints().get(i);
            if (each.enabled()) {
                check(each, "webhooks.endpoints[" + i + "]", complaints);
            }
        }
    }

    private static void check(WebhookEndpoint each, String at, Complaints complaints) {
        String scheme = each.url().getScheme() == null ? "" : each.url().getScheme();
        boolean web = Set.of("http", "https").contains(scheme.toLowerCase(Locale.ROOT));
        if (!web || each.url().getHost() == null || each.url().getRawUserInfo() != null) {
            complaints.about(
                    at + ".url",
                    "must be a web address without a password in it",
                    "url: https://crm.example.com/hooks/consent");
        } else if (scheme.equalsIgnoreCase("http") && !each.privateAddresses()) {
            complaints.about(
                    at + ".url",
                    "would send who agreed to what in clear text; http is for private-addresses",
                    "url: https://" + each.url().getHost() + each.url().getRawPath());
        }
        for (String name : each.events()) {
            if (!EventType.names().contains(name)) {
                complaints.about(
                        at + ".events",
                        "has no event " + name + "; there are " + EventType.names(),
                        "events: [consent.given, consent.withdrawn]");
            }
        }
        new CredentialRules(complaints).roots(at + ".", each.roots());
        mappingAndToken(each, at, complaints);
        try {
            if (secrets(each).isEmpty() && each.mapping().isEmpty()) {
                complaints.about(
                        at + ".secret",
                        "is missing: receivers know by it that a message is ours",
                        "secret: whsec_… (openssl rand -base64 32)");
            }
        } catch (IllegalStateException e) {
            complaints.about(at + ".secret-file", String.valueOf(e.getMessage()), "");
        } catch (IllegalArgumentException e) {
            complaints.about(
                    at + (each.secretFile().isPresent() ? ".secret-file" : ".secret"),
                    "must be whsec_ and 24 to 64 octets in base64",
                    "secret: whsec_… (openssl rand -base64 32)");
        }
    }

    private static void mappingAndToken(WebhookEndpoint each, String at, Complaints complaints) {
        try {
            if (each.tokenFile().isPresent() && !isToken(bearer(each).orElse(""))) {
                complaints.about(
                        at + ".token-file",
                        "must have a bearer token in its first line (RFC 6750 §2.1)",
                        "token-file: /etc/consent-gateway/crm.token");
            }
        } catch (IllegalStateException e) {
            complaints.about(
                    at + ".token-file",
                    String.valueOf(e.getMessage()),
                    "token-file: /etc/consent-gateway/crm.token");
        }
        if (each.mapping().isEmpty()) {
            return;
        }
        String right = "mapping: config/webhooks/mappings/hubspot.jsonata";
        try {
            Mapping mapping = Mapping.of(each.mapping().get());
            new MappingTrial(endpoint(each), mapping, "https://consent.example.com")
                    .wrong()
                    .ifPresent(wrong -> complaints.about(at + ".mapping", wrong, right));
        } catch (IOException e) {
            complaints.about(at + ".mapping", "cannot be read: " + each.mapping().get(), right);
        } catch (Mapping.Unfit e) {
            complaints.about(at + ".mapping", each.mapping().get() + ": " + e.getMessage(), right);
        }
    }

    private static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }
}
