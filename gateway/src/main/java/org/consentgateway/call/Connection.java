package org.consentgateway.call;

/** Thread-safe. A leg to an assistant or a human that has answered; it hears nothing yet. */
public interface Connection {

    /** BYE. May be called twice; never throws. */
    void hangUp(Ending why);
}
