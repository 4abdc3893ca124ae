package org.consentgateway.call.spoken;

import java.time.Instant;
import java.util.List;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;

/** Thread-safe. Which of several wordings a call hears. */
@FunctionalInterface
public interface Wordings {
    /**
     * @param variants in force in the language spoken next, one at least
     */
    Notice choose(List<Notice> variants, CallFacts call, Instant now);
}
