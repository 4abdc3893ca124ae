package org.consentgateway.call.far;

import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;

/** Immutable. How a conversation ended while the caller is still there. */
public sealed interface BridgeEnd {

    record FarEndHungUp() implements BridgeEnd {}

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

    /** The talk stops for a moment and goes on; the far end hears nothing meanwhile. */
    sealed interface Pause extends BridgeEnd {}

    /** The far end asks for one more purpose, and waits for {@link AssistantEnd#told}. */
    record Asked(Purpose purpose) implements Pause {}

    /**
     * The caller wants less, and the talk to go on.
     *
     * @param last whether the purpose that was agreed to last is to end; else each for which the
     *     talk is kept
     */
    record LessWanted(Method method, boolean last) implements Pause {
        /** By key the last one ends, by words all of them. */
        public LessWanted(Method method) {
            this(method, method == Method.KEY);
        }
    }

    /** The caller was asked for one more purpose, and wants a person instead. */
    record HumanWanted() implements BridgeEnd {}

    /**
     * The far end is gone without a BYE, or before it and the caller could hear each other.
     *
     * @param talked whether they could, and anything came of it; else nobody has served the caller
     */
    record Lost(boolean talked) implements BridgeEnd {}
}
