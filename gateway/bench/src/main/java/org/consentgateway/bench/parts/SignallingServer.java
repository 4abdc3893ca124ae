package org.consentgateway.bench.parts;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.consentgateway.bench.load.LoopbackPorts;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;

/** Immutable. The signalling alone, as a process: answers every call at once, without media. */
final class SignallingServer {
    private SignallingServer() {}

    public static void main(String[] arguments) throws Exception {
        var trunk =
                Trunk.trustedWithNothing(
                        "bench",
                        List.of(Cidr.parse("127.0.0.0/8")),
                        List.of(Cidr.parse("127.0.0.0/8")),
                        Numbering.GERMANY);
        SipEndpoint.start(
                SipSettings.usual(
                                List.of(
                                        new SipSettings.Listen(
                                                Transport.UDP,
                                                "127.0.0.1",
                                                LoopbackPorts.USUAL.sip())),
                                "consent-gateway-bench",
                                List.of(trunk))
                        .with(
                                new SipSettings.Limits(
                                        100_000,
                                        10,
                                        10,
                                        Duration.ofSeconds(5),
                                        Duration.ofMinutes(1),
                                        100_000,
                                        100_000)),
                new CallHandler() {
                    @Override
                    public CallAdmission admit(String from, String calledNumber) {
                        return new CallAdmission.Accepted();
                    }

                    @Override
                    public void call(IncomingCall call) {
                        call.ring();
                        call.answer(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000),
                                new Nothing());
                    }
                },
                System::nanoTime);
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    private static final class Nothing implements IncomingCall.Events {
        @Override
        public void media(MediaFormat format, MediaPeer peer) {
            // there is none
        }

        @Override
        public void ended(IncomingCall.How how) {
            // the next
        }
    }
}
