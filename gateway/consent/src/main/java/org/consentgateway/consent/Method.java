package org.consentgateway.consent;

/** How somebody told us. */
public enum Method {
    KEY,
    SPEECH,
    /** Typed, in real-time text. */
    TEXT,
    /** The key and the words said the same. */
    BOTH,
    /** Nobody did: nothing was answered, or time or an operator acted. */
    NONE
}
