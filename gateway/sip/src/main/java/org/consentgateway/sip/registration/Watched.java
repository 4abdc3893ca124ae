package org.consentgateway.sip.registration;

import java.util.Optional;

/**
 * Somebody whose life we want to know of. Immutable.
 *
 * @param uri asked by OPTIONS; none: only what comes from there counts
 */
public record Watched(Kind kind, String name, Optional<String> uri) {

    /** What it is to us. */
    public enum Kind {
        TRUNK,
        ASSISTANT,
        HUMAN
    }
}
