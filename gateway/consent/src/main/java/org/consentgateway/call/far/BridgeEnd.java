package org.consentgateway.call.far;

import java.time.Instant;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;

/** Immutable. How a conversation ended while the caller is still there. */
public sealed interface BridgeEnd {

    record FarEndHungUp() implements BridgeEnd {}

    /**
     * The caller withdrew; the audio to the far end is already cut.
     *
     * @param at of the last key or the end of the phrase
     * @param cutAt from when on nothing was sent
     */
    record Withdrawn(Method method, Instant at, Instant cutAt) implements BridgeEnd {}

    /**
     * The consent ended outside this call, and that is recorded there; the audio to the far end is
     * already cut.
     */
    record EndedElsewhere(EndOfConsent.How how) implements BridgeEnd {}

    /**
     * The far end asks for somebody else in its place; it hears nothing any more, and waits to be
     * told by {@link AssistantEnd#referred}.
     */
    record Referred(HumanTarget to) implements BridgeEnd {}

    /** The far end is gone without a BYE. */
    record Lost() implements BridgeEnd {}
}
