package org.consentgateway.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import org.consentgateway.config.HostPort;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LineConfig;
import org.consentgateway.settings.TrunkConfig;

/** Immutable. What a person at the terminal needs to know when the gateway is ready. */
final class Welcome {
    private Welcome() {}

    static String to(GatewayConfig config) {
        StringBuilder text = new StringBuilder();
        text.append("%nThe consent gateway takes calls.%n".formatted());
        ListenAddress first = config.sip().listen().getFirst();
        for (LineConfig line : config.lines()) {
            String dial = "sip:" + line.numbers().getLast() + "@" + reachable(first.at());
            text.append("  dial   %-34s %s%n".formatted(dial, inWords(line.dialog())));
        }
        String transports =
                config.sip().listen().stream()
                        .map(each -> each.transport().name().toUpperCase(Locale.ROOT))
                        .distinct()
                        .collect(Collectors.joining(" or "));
        String from =
                config.trunks().stream().map(TrunkConfig::name).collect(Collectors.joining(", "));
        text.append("         by %s; only by trunk: %s%n".formatted(transports, from));
        text.append("  look   http://%s/%n".formatted(reachable(config.web().listen())));
        if (config.callsFromBrowsers()) {
            text.append(
                    "  try    http://%s/try   calls from your browser%n"
                            .formatted(reachable(config.web().listen())));
        }
        if (config.demo().agents()) {
            text.append(
                    "  try    scripts/demo-call --key 1   agrees and talks to the assistant%n"
                            .formatted());
            text.append(
                    "         scripts/demo-call --key 2   refuses and talks to a human%n"
                            .formatted());
            text.append(
                    "         scripts/gateway ledger list shows what was recorded%n".formatted());
        }
        text.append("  end    Ctrl-C: running calls end first%n%n".formatted());
        return text.toString();
    }

    private static String inWords(LineConfig.Dialog dialog) {
        return switch (dialog) {
            case LADDER -> "asks one question per level";
            case MENU -> "asks one question for all levels";
            case PRIVACY -> "withdraw a consent, ask for access or erasure";
        };
    }

    /** Nobody dials 0.0.0.0. */
    private static String reachable(HostPort at) {
        return at.address().isAnyLocalAddress() ? "127.0.0.1:" + at.port() : at.toString();
    }
}
