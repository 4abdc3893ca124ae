package org.consentgateway.sip.trunk;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.consentgateway.sip.sdp.Negotiation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of descriptions that were refused for what their trunk, or we, may have set up
 * wrongly: of each trunk and reason once a minute, since a flood of calls must be none of lines.
 * Thread-safe.
 */
public final class RefusedMedia {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedMedia.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ConcurrentMap<Told, Long> told = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    private record Told(String peer, String why) {}

    public RefusedMedia(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * @param peer a trunk, or what else the other side is called
     */
    public void tell(String peer, Negotiation.Refused refused) {
        if (!refused.isTold()) {
            return;
        }
        Told what = new Told(peer, refused.why());
        long now = nanos.getAsLong();
        Long before = told.get(what);
        if ((before == null || now - before >= QUIET_NANOS) && isFirst(what, before, now)) {
            LOG.warn("{}: a session description was refused: {}", peer, refused.why());
        }
    }

    private boolean isFirst(Told what, @Nullable Long before, long now) {
        return before == null
                ? told.putIfAbsent(what, now) == null
                : told.replace(what, before, now);
    }
}
