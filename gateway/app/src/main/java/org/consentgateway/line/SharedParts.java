package org.consentgateway.line;

import java.util.function.Consumer;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallTime;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.target.CallerSides;

/**
 * Immutable. What all callers of a process share.
 *
 * @param sides where connectors find the caller's side of a call
 */
public record SharedParts(
        OwnMedia media,
        Recogniser recogniser,
        Sounds sounds,
        CallerSides sides,
        Watchers watchers,
        CallTime time) {

    /**
     * Who is told.
     *
     * @param left told once, when a call is over
     */
    public record Watchers(CallListener listener, Consumer<CallFacts> left) {}
}
