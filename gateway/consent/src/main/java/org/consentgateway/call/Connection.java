package org.consentgateway.call;

/** Thread-safe. A leg to an assistant or a human that has answered; it hears nothing yet. */
public interface Connection {

    /**
     * The other way to hang up, for one that has handed over the caller ({@link
     * BridgeEnd.Referred}): it is told whether the other one was reached, and then comes the BYE.
     */
    void referred(boolean reached);

    /** BYE. May be called twice; never throws. */
    void hangUp(Ending why);
}
