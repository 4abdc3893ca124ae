package org.consentgateway.web;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallOutcome;

/** Thread-safe. The calls that ended last, in memory: how they went, and nobody's number. */
public final class LastCalls implements CallListener {
    private static final int MOST = 10;
    private static final double MILLIS = 1000;

    private final InstantSource clock;
    private final Deque<Diagnosis.PastCall> calls = new ArrayDeque<>();

    public LastCalls(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void told(CallEvent event) {
        if (event instanceof CallEvent.Ended ended) {
            CallOutcome.Trail trail = ended.outcome().trail();
            add(
                    new Diagnosis.PastCall(
                            clock.instant(),
                            trail.facts().callId(),
                            trail.facts().trunk(),
                            trail.facts().line(),
                            ended.outcome().name(),
                            trail.took().toMillis() / MILLIS));
        }
    }

    private synchronized void add(Diagnosis.PastCall call) {
        calls.addFirst(call);
        if (calls.size() > MOST) {
            calls.removeLast();
        }
    }

    /** The last one first. */
    public synchronized List<Diagnosis.PastCall> calls() {
        return List.copyOf(calls);
    }
}
