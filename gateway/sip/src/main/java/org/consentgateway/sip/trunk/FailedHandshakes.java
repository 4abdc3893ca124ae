package org.consentgateway.sip.trunk;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of trunks whose handshake fails, since a trunk that is locked out has nowhere else
 * to be seen: of each, and of each of two reasons, once a minute. Thread-safe.
 */
public final class FailedHandshakes {
    private static final Logger LOG = LoggerFactory.getLogger(FailedHandshakes.class);

    private final OnceAMinute<Told> often;

    private record Told(String trunk, boolean revocationUnknown) {}

    public FailedHandshakes(LongSupplier nanos) {
        this.often = new OnceAMinute<>(nanos);
    }

    /**
     * @param revocationUnknown whether it failed since nobody told if its certificate is revoked
     */
    public void tell(String trunk, boolean revocationUnknown, Exception why) {
        if (!often.isDue(new Told(trunk, revocationUnknown))) {
            return;
        }
        if (revocationUnknown) {
            LOG.warn(
                    "trunk {}: its connections by TLS are refused, since nobody tells whether its"
                            + " certificate is revoked; see sip.tls.revocation (responder, lists,"
                            + " soft-fail)",
                    trunk);
        } else {
            LOG.warn("trunk {}: a handshake of TLS failed: {}", trunk, why.getMessage());
        }
    }
}
