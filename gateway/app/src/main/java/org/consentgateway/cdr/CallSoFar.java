package org.consentgateway.cdr;

import java.time.Duration;
import java.util.Map;
import org.consentgateway.call.CallEvent;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.jspecify.annotations.Nullable;

/**
 * What has happened in a call that is still under way and its outcome does not say. Thread-safe: a
 * call is told of by its own thread and by event loops.
 */
final class CallSoFar {
    private @Nullable Boolean known;
    private String disclosure = "none";
    private boolean asked;
    private String decision = "none";
    private @Nullable String level;
    private @Nullable Method method;
    private @Nullable String reason;
    private @Nullable Duration took;
    private boolean withdrawn;
    private boolean consented;
    private boolean erased;
    private @Nullable String task;
    private CallEvent.@Nullable Joined joined;

    /** An earlier consent decides nothing anew: the outcome has its basis. */
    synchronized void disclosed(CallEvent.DisclosureServed event) {
        known = event.known();
        disclosure = event.completed() ? "complete" : "incomplete";
    }

    synchronized void asked() {
        asked = true;
    }

    synchronized void decided(CallEvent.Decided event) {
        switch (event.decision()) {
            case Decision.Given given -> {
                consented = true;
                decision = "given";
                level = given.level().id();
            }
            case Decision.Refused _ -> decision = "refused";
            case Decision.Unanswered unanswered -> {
                decision = "unanswered";
                reason = unanswered.reason().name();
            }
        }
        method = event.method();
        took = event.took();
    }

    synchronized void abandoned(CallEvent.Abandoned event) {
        decision = "unanswered";
        reason = event.stage().name();
    }

    synchronized void withdrawn() {
        withdrawn = true;
        consented = true;
    }

    /** An earlier consent was said again, or honoured without a question. */
    synchronized void reliedOnEarlier() {
        consented = true;
    }

    synchronized void ended(EndOfConsent.How how) {
        erased |= how == EndOfConsent.How.ERASED;
    }

    /**
     * Whether the caller's pseudonym may be told: there was a consent in this call, so that its
     * record bears the pseudonym as well, and it was not erased meanwhile. Who refuses, is silent
     * or hangs up is not named.
     */
    synchronized boolean names() {
        return consented && !erased;
    }

    synchronized void joined(CallEvent.Joined event) {
        joined = event;
    }

    synchronized void leftTask(CallEvent.TaskOpened event) {
        task = CallDetailRecord.word(event.kind());
    }

    synchronized void put(Map<String, @Nullable Object> fields) {
        fields.put("known", known);
        fields.put("disclosure", disclosure);
        fields.put("asked", asked);
        fields.put("decision", decision);
        fields.put("level", level);
        fields.put("method", method == null ? null : CallDetailRecord.word(method));
        fields.put("reason", reason);
        fields.put("decision_seconds", took == null ? null : CallDetailRecord.seconds(took));
        fields.put("withdrawn", withdrawn);
        fields.put("task", task);
        if (joined != null) {
            fields.put("joined", CallDetailRecord.word(joined.whom()));
            fields.put("join_seconds", CallDetailRecord.seconds(joined.waited()));
        }
    }
}
