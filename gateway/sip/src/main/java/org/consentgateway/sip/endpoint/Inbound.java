package org.consentgateway.sip.endpoint;

import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.screen.Admission;

/** What the gateway tells SIP. Called on SIP threads: answer at once. */
public interface Inbound {

    /**
     * Whether a call of this trunk could be taken at all: asked once for each INVITE before it is
     * parsed, so that one that is not taken costs next to nothing.
     *
     * @return anything but {@link Admission.UnknownLine}
     */
    default Admission door(String trunk) {
        return new Admission.Accepted();
    }

    /**
     * @param calledNumber as {@link IncomingCall#calledNumber()}
     */
    Admission admit(String trunk, String calledNumber);

    /** Whether calls are taken at all: what OPTIONS asks, before one is sent here. */
    default boolean takesCalls() {
        return true;
    }

    /** An admitted call; 100 has been sent. Hand over and return. */
    void call(IncomingCall call);

    /** For those who only call out. */
    static Inbound none() {
        return new Inbound() {
            @Override
            public Admission admit(String trunk, String calledNumber) {
                return new Admission.UnknownLine();
            }

            @Override
            public void call(IncomingCall call) {
                call.reject(404, "Not Found", java.util.Map.of());
            }
        };
    }
}
