package org.consentgateway.call.signal;

/**
 * The gateway shuts down and this call's time is up. Thrown once by a verb of {@code Caller} after
 * {@code Caller.drain}; the verbs then work again, for a goodbye.
 */
public final class CallDrained extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CallDrained() {
        super("draining", null, false, false);
    }
}
