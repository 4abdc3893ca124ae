package org.consentgateway.proof;

import java.util.List;
import org.consentgateway.consent.Pseudonymiser;
import org.consentgateway.consent.Subject;
import org.consentgateway.ledger.keys.Pseudonyms;

/** Thread-safe. Pseudonyms under the ledger's keys: the newest key's first. */
public final class LedgerPseudonyms implements Pseudonymiser {
    private final Pseudonyms pseudonyms;

    public LedgerPseudonyms(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    @Override
    public Subject subject(String e164) {
        List<String> names = pseudonyms.subject(e164).pseudonyms();
        return new Subject(names.getFirst(), names.subList(1, names.size()));
    }

    @Override
    public String sipCallId(String callId) {
        return pseudonyms.sipCallId(callId).getFirst();
    }
}
