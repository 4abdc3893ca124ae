package org.consentgateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.consentgateway.browser.FollowedCalls;
import org.consentgateway.call.CallListener;
import org.consentgateway.cdr.CallDetailRecords;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.ledger.entry.LocalTimes;
import org.consentgateway.line.SharedParts;
import org.consentgateway.line.text.DialogObserver;
import org.consentgateway.metrics.CallMeters;
import org.consentgateway.metrics.GateWatch;
import org.consentgateway.metrics.Meter;
import org.consentgateway.metrics.Meters;
import org.consentgateway.reporting.CallLog;
import org.consentgateway.statistics.CountedCalls;
import org.consentgateway.statistics.today.TodaySeen;
import org.consentgateway.tracing.CallTraces;
import org.consentgateway.web.DecisionsToday;
import org.consentgateway.web.LastCalls;
import org.consentgateway.webhook.CallsEnded;
import org.consentgateway.webhook.LooseEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is told what happens in calls: the tokens first, then the meters, the day's decisions, the
 * last calls, the log, other systems, the monthly report's counts, what the API tells of today, the
 * call detail records, and in the demonstration whoever calls from a browser. Thread-safe.
 */
record CallListeners(
        Meters meters,
        DecisionsToday today,
        LastCalls last,
        CallListener listener,
        LooseEvents events,
        CountedCalls counts,
        Optional<FollowedCalls> followed,
        TodaySeen seen,
        Optional<CallDetailRecords> records,
        OpenParts parts)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallListeners.class);

    static CallListeners open(Startup startup, Tokens tokens) {
        try (var opening = new OpenParts()) {
            Meters meters = opening.add(new Meters().withProcess());
            meters.add(Meter.CDR_LOST, 0);
            meters.add(Meter.TRACES_LOST, 0);
            var today = new DecisionsToday(startup.expected(), LocalTimes.ZONE);
            List<CallListener> all = new ArrayList<>();
            all.add(tokens.consents());
            all.add(new CallMeters(meters));
            all.add(new GateWatch(meters));
            all.add(today);
            var last = new LastCalls(startup.expected());
            all.add(last);
            all.add(new CallLog());
            var events = new LooseEvents(startup.settings().announcements());
            all.add(new CallsEnded(events, startup.expected()));
            var counts = new CountedCalls(startup.expected());
            all.add(counts);
            TodaySeen seen = TodaySeen.of(startup.expected(), LocalTimes.ZONE);
            all.addAll(seen.listeners());
            Optional<CallDetailRecords> records =
                    startup.settings()
                            .cdr()
                            .map(settings ->
                                    opening.add(
                                            CallDetailRecords.open(
                                                    settings,
                                                    startup.expected(),
                                                    lost -> meters.add(Meter.CDR_LOST, lost))));
            records.ifPresent(all::add);
            startup.settings()
                    .traces(Monitoring.version())
                    .ifPresent(settings ->
                            all.add(
                                    opening.add(
                                            CallTraces.open(
                                                    settings,
                                                    startup.expected(),
                                                    lost -> meters.add(Meter.TRACES_LOST, lost)))));
            Optional<FollowedCalls> followed =
                    startup.config().callsFromBrowsers()
                            ? Optional.of(new FollowedCalls())
                            : Optional.empty();
            followed.ifPresent(all::add);
            return new CallListeners(
                    meters,
                    today,
                    last,
                    CallListener.all(all, CallListeners::failed),
                    events,
                    counts,
                    followed,
                    seen,
                    records,
                    opening.keep());
        }
    }

    /**
     * As callers tell them. What is said and understood is followed in the demonstration alone.
     *
     * @param left told when a call is over
     */
    SharedParts.Watchers watchers(Consumer<CallFacts> left) {
        DialogObserver observer =
                followed.<DialogObserver>map(each -> each).orElse(DialogObserver.NONE);
        return new SharedParts.Watchers(listener, left, observer);
    }

    private static void failed(CallListener who, RuntimeException mistake) {
        LOG.error("{} failed at what happened in a call", who.getClass().getSimpleName(), mistake);
    }

    @Override
    public void close() {
        parts.close();
    }
}
