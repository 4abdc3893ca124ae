package org.consentgateway.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.Secret;
import org.consentgateway.settings.WebhookConfig.WebhookEndpoint;
import org.consentgateway.webhook.Endpoint;
import org.consentgateway.webhook.EventType;
import org.consentgateway.webhook.WebhookSecret;

/** Whom webhooks go to, and what must hold of them. */
final class WebhookSettings {
    /** What a message takes of the store: half of it is its row, the rest is for indexes. */
    private static final long MESSAGES_PER_MEGABYTE = 1000;

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
                () -> secrets(each),
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

    /**
     * @throws IllegalStateException where the file has become unreadable
     */
    private static List<byte[]> secrets(WebhookEndpoint each) {
        List<String> texts = new ArrayList<>();
        each.secret().map(Secret::text).ifPresent(texts::add);
        each.previousSecret().map(Secret::text).ifPresent(texts::add);
        each.secretFile().ifPresent(file -> texts.addAll(lines(file)));
        return texts.stream().map(WebhookSecret::octets).toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("cannot be read: " + file, e);
        }
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
        try {
            if (secrets(each).isEmpty()) {
                complaints.about(
                        at + ".secret",
                        "is missing: receivers know by it that a message is ours",
                        "secret: whsec_… (openssl rand -base64 32)");
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            complaints.about(
                    at + (each.secretFile().isPresent() ? ".secret-file" : ".secret"),
                    "must be whsec_ and 24 to 64 octets in base64",
                    "secret: whsec_… (openssl rand -base64 32)");
        }
    }
}
