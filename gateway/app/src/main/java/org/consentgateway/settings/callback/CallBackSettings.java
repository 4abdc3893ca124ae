package org.consentgateway.settings.callback;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.callback.CallBackRounds;
import org.consentgateway.callback.CallBackTerms;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.SipUri;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LineConfig;
import org.consentgateway.settings.TrunkConfig;

/** What numbers are called back, and over which trunks. */
public final class CallBackSettings {
    private CallBackSettings() {}

    public static CallBackTerms of(GatewayConfig config) {
        Map<String, CallBackTerms.OfLine> lines = new HashMap<>();
        for (LineConfig line : config.lines()) {
            if (line.confirmBy() == LineConfig.ConfirmBy.CALL_BACK) {
                number(line).ifPresent(number -> lines.put(line.name(), ofLine(line, number)));
            }
        }
        Map<String, CallBackTerms.ByTrunk> trunks = new HashMap<>();
        config.trunks()
                .forEach(trunk -> way(trunk).ifPresent(way -> trunks.put(trunk.name(), way)));
        return new CallBackTerms(lines, trunks);
    }

    private static CallBackTerms.OfLine ofLine(LineConfig line, String number) {
        return new CallBackTerms.OfLine(
                number,
                line.notice(),
                List.copyOf(line.confirmNumbers()),
                hours(line),
                line.zone(),
                line.confirmAfter(),
                line.firstInput());
    }

    /** What could not work is said before a caller is told that they will be called back. */
    public static void check(GatewayConfig config, Complaints complaints) {
        for (int i = 0; i < config.lines().size(); i++) {
            LineConfig line = config.lines().get(i);
            if (line.confirmBy() == LineConfig.ConfirmBy.CALL_BACK) {
                check(config, line, "lines[" + i + "].confirm-by", complaints);
                checkHours(line, "lines[" + i + "].confirm-hours", complaints);
            }
        }
    }

    private static void check(
            GatewayConfig config, LineConfig line, String at, Complaints complaints) {
        if (line.dialog() != LineConfig.Dialog.PRIVACY) {
            complaints.about(
                    at,
                    "is for a line with dialog: privacy; nothing is asked for on others that could"
                            + " be confirmed",
                    "confirm-by: none");
        } else if (number(line).isEmpty()) {
            complaints.about(
                    at,
                    "calls numbers back with the line's own, and none of its numbers begins with +",
                    "numbers: [\"+4930123458\"]");
        } else {
            config.trunks().stream()
                    .filter(trunk ->
                            line.trunks().isEmpty() || line.trunks().contains(trunk.name()))
                    .filter(trunk -> way(trunk).isEmpty())
                    .findFirst()
                    .ifPresent(trunk ->
                            complaints.about(
                                    at,
                                    "calls numbers back over the trunk that they called by, and "
                                            + trunk.name()
                                            + " has neither a registration nor a probe that says"
                                            + " where it is called",
                                    "trunks[].probe: sip:sbc.example.com, or lines[].trunks:"
                                            + " [carrier]"));
        }
    }

    /** Callers hear that they will be called back, and nobody would be. */
    private static void checkHours(LineConfig line, String at, Complaints complaints) {
        Duration closed = hours(line).longestClosed();
        if (closed.compareTo(CallBackRounds.LONGEST_CLOSED) > 0) {
            complaints.about(
                    at,
                    "leave "
                            + closed.plusMinutes(59).toHours()
                            + " hours in a row in which nobody is called, and whoever asks then"
                            + " would never be: "
                            + CallBackRounds.LONGEST_CLOSED.toHours()
                            + " are allowed, a weekend",
                    "confirm-hours: [mon-fri 09:00-17:00]");
        }
    }

    private static OpeningHours hours(LineConfig line) {
        return OpeningHours.of(line.confirmHours(), List.of());
    }

    /** What those who are called back see: a number that can be called. */
    public static Optional<String> number(LineConfig line) {
        return line.numbers().stream().filter(one -> one.startsWith("+")).findFirst();
    }

    /** By its account where it has one, else where it is asked whether it is alive. */
    public static Optional<CallBackTerms.ByTrunk> way(TrunkConfig trunk) {
        return trunk.registration()
                .domain()
                .map(domain -> new CallBackTerms.ByTrunk(domain.toString(), true, trunk.srtp()))
                .or(() ->
                        trunk.probe()
                                .map(SipUri::text)
                                .map(uri -> uri.replaceFirst("^sip:([^@]*@)?", ""))
                                .map(place ->
                                        new CallBackTerms.ByTrunk(place, false, trunk.srtp())));
    }
}
