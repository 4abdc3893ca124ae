package org.consentgateway;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.consentgateway.metrics.CallMeters;
import org.consentgateway.metrics.Meters;
import org.consentgateway.sip.Rejection;
import org.consentgateway.sip.SipEndpoint;
import org.consentgateway.web.Scraped;

/** Thread-safe. Carries what SIP has counted over to the meters, whenever they are looked at. */
final class SipTally {
    private final SipEndpoint sip;
    private final CallMeters meters;
    private final Map<Rejection, Long> seen = new EnumMap<>(Rejection.class);

    SipTally(SipEndpoint sip, CallMeters meters) {
        this.sip = sip;
        this.meters = meters;
    }

    Scraped read(Meters all, String accepted) {
        carryOver();
        Meters.Scrape scrape = all.scrape(accepted);
        return new Scraped(scrape.contentType(), scrape.text());
    }

    private synchronized void carryOver() {
        sip.counters()
                .rejected()
                .forEach((why, count) -> {
                    long more = count - seen.getOrDefault(why, 0L);
                    if (more > 0) {
                        seen.put(why, count);
                        count(why, more);
                    }
                });
    }

    private void count(Rejection why, long more) {
        String reason = why.name().toLowerCase(Locale.ROOT);
        switch (why) {
            case UNKNOWN_SOURCE, NOT_A_TRUNK, WRONG_PEER, TOO_LONG, TOO_MANY_CONNECTIONS ->
                    meters.dropped(reason, more);
            case MALFORMED,
                    UNKNOWN_LINE,
                    FULL,
                    DRAINING,
                    NO_COMMON_CODEC,
                    BAD_BODY,
                    BAD_EXTENSION,
                    LOOP,
                    MERGED,
                    NO_SUCH_CALL,
                    OUT_OF_ORDER,
                    PENDING,
                    METHOD,
                    SESSION_INTERVAL,
                    URI_SCHEME ->
                    meters.rejected(reason, more);
        }
    }
}
