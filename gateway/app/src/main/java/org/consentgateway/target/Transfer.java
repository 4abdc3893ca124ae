package org.consentgateway.target;

/** How a caller is brought to somebody. */
public enum Transfer {
    /** We call them, and stay between the two. */
    BRIDGE,
    /** The caller's side is asked to call them instead of us (REFER); else as BRIDGE. */
    REFER,
    /**
     * As BRIDGE, and the caller's side is asked to take our place once they have answered (REFER
     * with Replaces).
     */
    ATTENDED
}
