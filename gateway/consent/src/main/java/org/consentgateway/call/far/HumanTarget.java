package org.consentgateway.call.far;

import org.consentgateway.consent.CallFacts;

/** Thread-safe. A person, a queue or a voicemail. */
public interface HumanTarget {

    /** Its name in the configuration. */
    String name();

    Dialling<HumanEnd> dial(CallFacts facts);
}
