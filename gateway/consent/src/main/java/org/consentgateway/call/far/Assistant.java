package org.consentgateway.call.far;

import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.journal.DurableGrant;

/** Thread-safe. The AI that callers talk to after they agreed. */
public interface Assistant {

    /** Its name in the configuration. */
    String name();

    /** Starts to dial; the grant tells it what it may do. */
    Dialling<AssistantEnd> dial(DurableGrant grant, CallFacts facts, String language);
}
