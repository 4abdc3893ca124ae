package org.consentgateway.call;

/** The caller's call is over. Surfaces at the verb under way, or else at the next one. */
public final class CallEnded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final How how;

    /** How it ended. */
    public enum How {
        /** Before we answered. */
        CANCELLED,
        CALLER_HUNG_UP,
        /** No packet of the caller for too long. */
        MEDIA_LOST,
        TRANSPORT_FAILED,
        BY_US
    }

    public CallEnded(How how) {
        super(how.name(), null, false, false);
        this.how = how;
    }

    public How how() {
        return how;
    }
}
