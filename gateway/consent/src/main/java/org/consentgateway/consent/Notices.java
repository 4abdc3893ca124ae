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
     * Whether a version between both, or the newer of both, changed materially, so that consents to
     * {@code since} do not hold for {@code until}. {@code since} may be the newer one: it is in
     * force already at a line in another zone, or was before its beginning was postponed. True
     * where one of both is unknown.
     */
    boolean materiallyChanged(String lineage, String since, String until);
}
