package org.consentgateway.call.signal;

import org.consentgateway.call.Caller;

/**
 * The gateway shuts down and this call's time is up. Thrown once by a verb of {@link Caller} after
 * {@link Caller#drain}; the verbs then work again, for a goodbye.
 */
public final class Draining extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Draining() {
        super("draining", null, false, false);
    }
}
