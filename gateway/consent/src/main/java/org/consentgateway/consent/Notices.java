package org.consentgateway.consent;

import java.time.LocalDate;
import java.util.List;

/** Thread-safe. The notices that were loaded. */
public interface Notices {

    /**
     * All variants of the version in force on that day; empty where the lineage has no such
     * language.
     */
    List<Notice> inForce(String lineage, String language, LocalDate day);

    /**
     * Whether a version after {@code since} and up to {@code until} changed materially, so that
     * consents to {@code since} no longer hold. True where one of both is unknown.
     */
    boolean materiallyChanged(String lineage, String since, String until);
}
