package org.consentgateway.assistant;

import java.time.Duration;

/**
 * Immutable. Somebody who can be called.
 *
 * @param name in the configuration
 * @param uri SIP URI, with a transport parameter where it is not UDP
 * @param ring how long it may ring before it counts as no answer
 * @param trunk by whose account it is called; empty: directly
 */
public record SipTarget(String name, String uri, Duration ring, String trunk) {

    /** Called directly. */
    public SipTarget(String name, String uri, Duration ring) {
        this(name, uri, ring, "");
    }
}
