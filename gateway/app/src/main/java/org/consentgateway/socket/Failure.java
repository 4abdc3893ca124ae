package org.consentgateway.socket;

import org.consentgateway.call.far.Dialled;

/** Why an assistant could not be talked to, or no longer. */
public enum Failure {
    NAME_NOT_FOUND,
    REFUSED,
    UNREACHABLE,
    /** Not connected, upgraded and ready within {@code ring-timeout}. */
    NO_ANSWER,
    TLS_FAILED,
    /** HTTP 401, 403 or 407. */
    UNAUTHORISED,
    /** Any other status than 101. */
    NOT_UPGRADED,
    /** Closed before it had said anything. */
    CLOSED_BEFORE_AUDIO,
    /** It is there and says nothing. */
    NO_AUDIO,
    /** Closed by another code than 1000, or the connection broke. */
    LOST,
    /** Nothing came from it, no pong either. */
    NOT_ALIVE,
    PROTOCOL_ERROR,
    /** More than is kept for playing, or in one message. */
    TOO_MUCH_AUDIO;

    Dialled.Why why() {
        return switch (this) {
            case REFUSED, UNAUTHORISED, NOT_UPGRADED -> Dialled.Why.REFUSED;
            case NO_ANSWER -> Dialled.Why.NO_ANSWER;
            case NAME_NOT_FOUND,
                    UNREACHABLE,
                    TLS_FAILED,
                    CLOSED_BEFORE_AUDIO,
                    NO_AUDIO,
                    LOST,
                    NOT_ALIVE,
                    PROTOCOL_ERROR,
                    TOO_MUCH_AUDIO ->
                    Dialled.Why.UNREACHABLE;
        };
    }

    /** RFC 6455 §7.4.1, told to the peer where it still listens. */
    int closeCode() {
        return switch (this) {
            case PROTOCOL_ERROR -> CloseCode.PROTOCOL_ERROR;
            case TOO_MUCH_AUDIO -> CloseCode.TOO_BIG;
            case NAME_NOT_FOUND,
                    REFUSED,
                    UNREACHABLE,
                    NO_ANSWER,
                    TLS_FAILED,
                    UNAUTHORISED,
                    NOT_UPGRADED,
                    CLOSED_BEFORE_AUDIO,
                    NO_AUDIO,
                    LOST,
                    NOT_ALIVE ->
                    CloseCode.NORMAL;
        };
    }
}
