package org.consentgateway.call.far;

import java.time.ZonedDateTime;
import org.consentgateway.consent.CallFacts;

/** Thread-safe. A person, a queue or a voicemail. */
public interface HumanTarget {

    /** Its name in the configuration. */
    String name();

    /**
     * Whether somebody is there by the hours it keeps.
     *
     * @param now where the line is
     */
    boolean open(ZonedDateTime now);

    /** Whether it is known not to answer. It may all the same, so it is tried last. */
    boolean down();

    Dialling<HumanEnd> dial(CallFacts facts);
}
