package org.consentgateway.call.far;

/** Why we end a leg. */
public enum Ending {
    NORMAL,
    /** Something failed on our side. */
    FAILURE,
    /** We shut down. */
    DRAINED
}
