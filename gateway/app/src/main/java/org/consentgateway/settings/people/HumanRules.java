package org.consentgateway.settings.people;

import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.SipUri;
import org.consentgateway.settings.AssistantConfig;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.HumanConfig;

/** Confined to one check. What must hold of {@code humans}. */
public final class HumanRules {
    private final GatewayConfig config;
    private final Complaints complaints;

    private HumanRules(GatewayConfig config, Complaints complaints) {
        this.config = config;
        this.complaints = complaints;
    }

    public static void check(GatewayConfig config, Complaints complaints) {
        var rules = new HumanRules(config, complaints);
        rules.referrals();
        for (int i = 0; i < config.humans().size(); i++) {
            rules.place(config.humans().get(i), "humans[" + i + "]");
            rules.holidays(config.humans().get(i), "humans[" + i + "]");
        }
    }

    /** Whoever may hand over a caller needs somebody to hand them over to. */
    private void referrals() {
        for (int i = 0; i < config.assistants().size(); i++) {
            boolean refers = config.assistants().get(i).refer() == AssistantConfig.Refer.HUMAN;
            if (refers && config.humans().isEmpty()) {
                String wrong = "has nobody to hand over to: there are no humans";
                complaints.about("assistants[" + i + "].refer", wrong, "refer: decline");
            }
        }
    }

    /** Callers who refused are led to a person: an assistant in that place would hear them. */
    private void place(HumanConfig human, String at) {
        for (AssistantConfig assistant : config.assistants()) {
            if (places(assistant).anyMatch(uri -> uri.whom().equals(human.uri().whom()))) {
                complaints.about(
                        at + ".uri",
                        "is where the assistant \""
                                + assistant.name()
                                + "\" is dialled, which would hear callers who refused",
                        "uri: sip:team@192.0.2.8:5060");
            }
        }
    }

    private static Stream<SipUri> places(AssistantConfig assistant) {
        return Stream.concat(
                assistant.uri().stream(),
                assistant.more().stream().map(AssistantConfig.Place::uri));
    }

    /** A day may be written rightly that no calendar has. */
    private void holidays(HumanConfig human, String at) {
        for (int i = 0; i < human.holidays().size(); i++) {
            String day = human.holidays().get(i);
            try {
                var _ = OpeningHours.of(List.of(), List.of(day));
            } catch (IllegalArgumentException none) {
                complaints.about(
                        at + ".holidays[" + i + "]",
                        "is no day of a calendar: " + day,
                        "holidays: [12-25, 2026-12-24]");
            }
        }
    }
}
