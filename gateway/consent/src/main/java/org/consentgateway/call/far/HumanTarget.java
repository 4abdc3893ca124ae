package org.consentgateway.call.far;

import java.time.ZonedDateTime;
import org.consentgateway.consent.CallFacts;

/** Thread-safe. A person, a queue or a voicemail. */
public interface HumanTarget {

    /** Its name in the configuration. */
    String name();

    /**
     * Whether it is worth dialling: not where it is closed, or known not to answer.
     *
     * @param now where the line is
     */
    boolean reachable(ZonedDateTime now);

    Dialling<HumanEnd> dial(CallFacts facts);
}
