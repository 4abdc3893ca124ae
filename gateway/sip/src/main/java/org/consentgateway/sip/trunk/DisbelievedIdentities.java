package org.consentgateway.sip.trunk;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Tells once for each trunk and reason that its callers count as unknown: an operator
 * would otherwise wonder why everybody is asked each time.
 */
public final class DisbelievedIdentities {
    private static final Logger LOG = LoggerFactory.getLogger(DisbelievedIdentities.class);

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    public void tell(String trunk, Disbelief why) {
        if (why != Disbelief.NONE && told.add(trunk + " " + why)) {
            LOG.warn(
                    "trunk {}: numbers that it vouches for are not believed, since {}: such callers"
                            + " are asked as unknown ones. What would change that: {}",
                    trunk,
                    why.why(),
                    why.mend());
        }
    }
}
