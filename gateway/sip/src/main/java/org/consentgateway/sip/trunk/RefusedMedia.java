package org.consentgateway.sip.trunk;

import java.util.function.LongSupplier;
import org.consentgateway.sip.sdp.Negotiation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of descriptions that were refused for what their trunk, or we, may have set up
 * wrongly: of each trunk and reason once a minute, since a flood of calls must be none of lines.
 * Thread-safe.
 */
public final class RefusedMedia {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedMedia.class);

    private final OnceAMinute<Told> often;

    private record Told(String peer, String why) {}

    public RefusedMedia(LongSupplier nanos) {
        this.often = new OnceAMinute<>(nanos);
    }

    /**
     * @param peer a trunk, or what else the other side is called
     */
    public void tell(String peer, Negotiation.Refused refused) {
        if (refused.isTold() && often.isDue(new Told(peer, refused.why()))) {
            LOG.warn("{}: a session description was refused: {}", peer, refused.why());
        }
    }
}
