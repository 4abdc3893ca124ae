package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;

/** A human who is dialled by an endpoint of its own, without sound. */
final class TestDialling {
    private static final InetSocketAddress HERE =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 20_000);

    private TestDialling() {}

    static SipEndpoint endpoint(ClockAndDns world) throws Exception {
        var settings =
                SipSettings.usual(
                        List.of(new SipSettings.Listen(Transport.UDP, "127.0.0.1", 0)),
                        "consent-gateway-test",
                        List.of());
        return SipEndpoint.start(settings, CallHandler.none(), world);
    }

    static SipDialling<SipHumanEnd> dial(SipEndpoint endpoint, String uri) {
        MediaLeg leg =
                (MediaLeg)
                        Proxy.newProxyInstance(
                                MediaLeg.class.getClassLoader(),
                                new Class<?>[] {MediaLeg.class},
                                (_, method, _) ->
                                        method.getReturnType().equals(CompletionStage.class)
                                                ? new CompletableFuture<>()
                                                : null);
        return SipDialling.start(
                endpoint,
                TestTargets.of("human", Duration.ofSeconds(20), new SipTarget.At(uri, 0, 1)),
                OutgoingCall.Dial.straight(uri, "+4930123456", Map.of(), HERE, G711.PCMA),
                new SipDialling.Ours(leg, () -> false),
                SipHumanEnd::new,
                Map.of());
    }

    static void answers(SipPeer server, SipMessage invite, SipDialling<SipHumanEnd> dialling)
            throws Exception {
        String contact = "Contact: <sip:b@127.0.0.1:" + server.port + ">\r\n";
        server.send(invite.response("200 OK", "t", contact, SipDialog.OFFER));
        assertThat(dialling.result().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOf(Dialled.Connected.class);
        server.expectRequest("ACK");
    }
}
