package org.consentgateway.media;

import java.net.InetAddress;
import java.time.Duration;
import org.consentgateway.testkit.RtpPorts;

/** The engine of a test, on loopback and on ports of this process alone. */
final class TestEngine {
    private TestEngine() {}

    /**
     * @param from of the gateway's ports, counted from 0
     * @param until inclusive
     */
    static MediaEngine on(
            int from, int until, Duration quarantine, Duration silenceAfter, int loops) {
        return MediaEngine.start(
                new MediaSettings(
                        InetAddress.getLoopbackAddress(),
                        RtpPorts.GATEWAY + from,
                        RtpPorts.GATEWAY + until,
                        quarantine,
                        silenceAfter,
                        loops));
    }
}
