package org.consentgateway.target;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.sip.sdp.Srtp;

/** Targets that are there at any time, and are told nothing of the caller. */
final class TestTargets {
    private TestTargets() {}

    static SipTarget of(String name, Duration ringTimeout, SipTarget.At... places) {
        return new SipTarget(
                name,
                List.of(places),
                ringTimeout,
                "",
                Optional.empty(),
                Srtp.OFF,
                false,
                new CallerShown.Never(),
                false,
                Transfer.BRIDGE,
                false,
                OpeningHours.ALWAYS);
    }
}
