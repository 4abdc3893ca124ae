package org.consentgateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.trunk.Trunk;

/**
 * How those who are no gateway speak SIP: over UDP and TCP at one address, with the usual settings.
 */
final class DemoEndpoint {
    private DemoEndpoint() {}

    /**
     * @param listen port 0 takes free ones
     * @param name in User-Agent and Server
     */
    static SipEndpoint start(
            InetSocketAddress listen, String name, List<Trunk> trunks, CallHandler calls)
            throws IOException {
        return SipEndpoint.start(settings(listen, name, trunks), calls, System::nanoTime);
    }

    static SipSettings settings(InetSocketAddress listen, String name, List<Trunk> trunks) {
        String host = listen.getAddress().getHostAddress();
        return SipSettings.usual(
                List.of(
                        new SipSettings.Listen(Transport.UDP, host, listen.getPort()),
                        new SipSettings.Listen(Transport.TCP, host, listen.getPort())),
                name,
                trunks);
    }

    /** Takes whoever calls, up to so many at a time. */
    static CallHandler atMost(int most, IntSupplier active, Consumer<IncomingCall> answer) {
        return new CallHandler() {
            @Override
            public CallAdmission admit(String trunk, String calledNumber) {
                return active.getAsInt() < most
                        ? new CallAdmission.Accepted()
                        : new CallAdmission.Full(CallAdmission.Limit.CALLS, 1);
            }

            @Override
            public void call(IncomingCall call) {
                answer.accept(call);
            }
        };
    }
}
