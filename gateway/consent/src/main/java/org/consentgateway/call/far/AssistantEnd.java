package org.consentgateway.call.far;

import java.util.concurrent.CompletionStage;
import org.consentgateway.consent.EndOfConsent;

/**
 * Thread-safe. An assistant that has answered. It hears the caller by {@code Caller.converse}
 * alone, which wants proof of consent. A class and no interface: nothing can be this and a {@link
 * HumanEnd}.
 */
public abstract non-sealed class AssistantEnd implements FarEnd {

    /** Whether it has ended its talk: hung up, or handed over, or is lost. */
    public abstract boolean over();

    /**
     * The other way to hang up, for one that has handed over the caller ({@link
     * BridgeEnd.Referred}): it is told whether the other one was reached, and then comes the BYE.
     */
    public abstract void referred(boolean reached);

    /**
     * What becomes of the purposes of its call. Returns at once; never throws. One that has no way
     * to be told hears nothing of it, and has its first token as ever.
     */
    public void told(PurposeNews news) {}

    /**
     * The other way to hang up, for one whose consent has ended: it is told so, and then comes the
     * BYE. Returns at once; never throws.
     *
     * @return completes once, normally, on a thread that may wait
     */
    public abstract CompletionStage<Notified> consentEnded(EndOfConsent end);
}
