package org.consentgateway.metrics;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.consent.Decision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Holds what calls tell against each other: an assistant is joined with nobody who has
 * not agreed in this call. The types make anything else impossible; this looks from outside, since
 * an alarm that stands on the same code as what it watches is none.
 */
public final class GateWatch implements CallListener {
    private static final Logger LOG = LoggerFactory.getLogger(GateWatch.class);

    private final Meters meters;
    private final Set<UUID> agreed = ConcurrentHashMap.newKeySet();

    /** What should never be. */
    enum Violation {
        /** Refused by the gate: nothing was heard. */
        OTHER_CALL,
        /** An assistant was joined without any decision that allows it. */
        NO_CONSENT
    }

    public GateWatch(Meters meters) {
        this.meters = meters;
    }

    @Override
    public void told(CallEvent event) {
        switch (event) {
            case CallEvent.Decided decided -> {
                if (decided.decision() instanceof Decision.Given) {
                    agreed.add(decided.facts().callId());
                } else {
                    agreed.remove(decided.facts().callId());
                }
            }
            case CallEvent.Used used -> agreed.add(used.facts().callId());
            case CallEvent.Reaffirmed again -> agreed.add(again.facts().callId());
            case CallEvent.Withdrawn withdrawn -> agreed.remove(withdrawn.facts().callId());
            case CallEvent.Joined(var facts, _, CallEvent.Whom whom, _)
                    when whom == CallEvent.Whom.ASSISTANT && !agreed.contains(facts.callId()) ->
                    violated(facts.callId(), Violation.NO_CONSENT);
            case CallEvent.GateRefused refused ->
                    violated(refused.facts().callId(), Violation.OTHER_CALL);
            case CallEvent.Ended ended -> agreed.remove(ended.outcome().trail().facts().callId());
            default -> {
                // says nothing of a consent
            }
        }
    }

    private void violated(UUID call, Violation how) {
        meters.count(Meter.GATE_VIOLATIONS, Labels.word(how));
        LOG.atError()
                .addKeyValue("call_id", call)
                .addKeyValue("how", Labels.word(how))
                .log("gate violated");
    }
}
