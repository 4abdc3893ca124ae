package org.consentgateway.sip.endpoint;

import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.screen.CallAdmission;

/** What the gateway tells SIP. Called on SIP threads: answer at once. */
public interface CallHandler {

    /**
     * Whether a call of this trunk could be taken at all: asked once for each INVITE before it is
     * parsed, so that one that is not taken costs next to nothing.
     *
     * @param proven whether it comes over a connection, which proves its address: what datagrams
     *     use up must not keep it out
     * @return anything but {@link CallAdmission.UnknownLine}
     */
    default CallAdmission door(String trunk, boolean proven) {
        return new CallAdmission.Accepted();
    }

    /**
     * @param calledNumber as {@link IncomingCall#calledNumber()}
     */
    CallAdmission admit(String trunk, String calledNumber);

    /**
     * Whether a call to this number is for somebody here, or is one for help: an INVITE to another
     * uses up nothing of what calls may.
     *
     * @param calledNumber as {@link IncomingCall#calledNumber()}
     */
    default boolean serves(String trunk, String calledNumber) {
        return true;
    }

    /** Whether calls are taken at all: what OPTIONS asks, before one is sent here. */
    default boolean takesCalls() {
        return true;
    }

    /** An admitted call; 100 has been sent. Hand over and return. */
    void call(IncomingCall call);

    /** For those who only call out. */
    static CallHandler none() {
        return new CallHandler() {
            @Override
            public CallAdmission admit(String trunk, String calledNumber) {
                return new CallAdmission.UnknownLine();
            }

            @Override
            public void call(IncomingCall call) {
                call.reject(404, "Not Found", java.util.Map.of());
            }
        };
    }
}
