package org.consentgateway.socket;

import org.consentgateway.call.far.Ending;

/** RFC 6455 §7.4.1. */
final class CloseCode {
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;

    /** Never sent: a close frame without a code. */
    static final int NONE = 1005;

    /** Never sent: the connection broke. */
    static final int BROKEN = 1006;

    static final int TOO_BIG = 1009;
    static final int OUR_FAULT = 1011;

    private CloseCode() {}

    /** Whether the peer has hung up, and not failed: a server that goes away ends no talk. */
    static boolean isRegular(int code) {
        return code == NORMAL || code == NONE;
    }

    static int of(Ending why) {
        return switch (why) {
            case NORMAL, CONSENT_WITHDRAWN, CONSENT_EXPIRED, CONSENT_ERASED -> NORMAL;
            case DRAINED -> GOING_AWAY;
            case FAILURE -> OUR_FAULT;
        };
    }

    static String words(Ending why) {
        return switch (why) {
            case NORMAL -> "";
            case CONSENT_WITHDRAWN -> "consent withdrawn";
            case CONSENT_EXPIRED -> "consent expired";
            case CONSENT_ERASED -> "consent erased";
            case DRAINED -> "drained";
            case FAILURE -> "failed";
        };
    }
}
