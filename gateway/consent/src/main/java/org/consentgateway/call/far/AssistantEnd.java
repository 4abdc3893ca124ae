package org.consentgateway.call.far;

import org.consentgateway.call.Caller;

/**
 * Thread-safe. An assistant that has answered. It hears the caller by {@link Caller#converse}
 * alone, which wants proof of consent. A class and no interface: nothing can be this and a {@link
 * HumanEnd}.
 */
public abstract non-sealed class AssistantEnd implements FarEnd {

    /**
     * The other way to hang up, for one that has handed over the caller ({@link
     * BridgeEnd.Referred}): it is told whether the other one was reached, and then comes the BYE.
     */
    public abstract void referred(boolean reached);
}
