package org.consentgateway;

import java.time.ZoneId;
import java.util.List;
import org.consentgateway.call.CallListener;
import org.consentgateway.metrics.CallMeters;
import org.consentgateway.metrics.Meters;
import org.consentgateway.reporting.CallLog;
import org.consentgateway.web.DecisionsToday;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is told what happens in calls: the tokens first, then the meters, the day's decisions, the
 * log. Thread-safe.
 */
record Reports(Meters meters, DecisionsToday today, CallListener listener)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    static Reports open(Startup startup, Tokens tokens) {
        Meters meters = new Meters().withProcess();
        var today = new DecisionsToday(startup.clock(), ZoneId.systemDefault());
        return new Reports(
                meters,
                today,
                CallListener.all(
                        List.of(tokens.consents(), new CallMeters(meters), today, new CallLog()),
                        Reports::failed));
    }

    private static void failed(CallListener who, RuntimeException mistake) {
        LOG.error("{} failed at what happened in a call", who.getClass().getSimpleName(), mistake);
    }

    @Override
    public void close() {
        meters.close();
    }
}
