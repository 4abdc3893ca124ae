package org.consentgateway.ledger.server;

/** Whether what the primary confirms is on another server as well. */
public enum Standby {
    /** Nothing to be said: there is one server alone, or it could not be asked just now. */
    NOT_ASKED,

    /** It is on two servers. */
    FOLLOWS,

    /** The address names several servers, and the primary waits for none of them. */
    NOT_WAITED_FOR,

    /** The primary waits for one that is away: nothing is confirmed. */
    AWAY
}
