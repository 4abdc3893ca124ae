package org.consentgateway.admission;

import java.util.List;
import java.util.Set;
import org.consentgateway.call.CallServices;
import org.consentgateway.line.SharedParts;
import org.consentgateway.sip.dialog.IncomingCall;

/**
 * Immutable. All that a call is given when it comes in and keeps to its end: lines, texts with
 * their sound, and whom it may dial, of one reading of the configuration.
 *
 * @param askingForLanguages names of the trunks whose Accept-Language is heeded
 * @param services with the notices and targets that go with the lines
 */
public record CallTerms(
        DialPlan plan, Set<String> askingForLanguages, SharedParts shared, CallServices services) {
    public CallTerms {
        askingForLanguages = Set.copyOf(askingForLanguages);
    }

    List<String> languages(IncomingCall sip) {
        return askingForLanguages.contains(sip.trunk()) ? sip.languages() : List.of();
    }
}
