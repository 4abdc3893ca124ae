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

    Health health();

    /** Whether it answers, in the order in which they are tried. */
    enum Health {
        /** As far as we know. */
        UP,
        /** It does not answer when asked (OPTIONS); it may answer a call all the same. */
        DOUBTFUL,
        /** A call to it has just failed: not dialled for a while. */
        DOWN
    }

    Dialling<HumanEnd> dial(CallFacts facts);
}
