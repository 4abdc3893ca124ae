package org.consentgateway.call.far;

/**
 * Thread-safe. The leg to somebody we dialled and who has answered; it hears nothing yet. An
 * assistant and a person are two types, so that the one cannot be given the place of the other.
 */
public sealed interface FarEnd permits AssistantEnd, HumanEnd {

    /** BYE. May be called twice; never throws. */
    void hangUp(Ending why);
}
