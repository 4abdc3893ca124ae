package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.sip.capture.Capture;
import org.consentgateway.sip.capture.CaptureSettings;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.NpmProgram;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;

/** A call, as a collector of somebody else's sees it (hep-js). */
class CaptureTest {
    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();
    private static final UUID CALL = UUID.fromString("0193b1f2-7c3a-7b6e-9d5e-3f2b1c0d9e8f");

    private static SipEndpoint start(Switchboard gateway, int port) throws Exception {
        Bench.Setup setup = new Bench.Setup();
        setup.capture =
                Optional.of(
                        new CaptureSettings(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                                77,
                                "shown"));
        return SipEndpoint.start(setup.settings(), gateway, System::nanoTime);
    }

    /** One field of each packet, in their order. */
    private static List<String> told(NpmProgram collector, String field) {
        Pattern value = Pattern.compile("\"" + field + "\":\"([^\"]*)\"");
        return collector.said().stream()
                .map(value::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void aCollectorSeesTheWholeCallAndNotWhoCalls() throws Exception {
        Npm npm = Npm.installed(PROJECT, "npm-hep");
        Heard heard = new Heard();
        Switchboard gateway = new Switchboard();
        try (NpmProgram collector = NpmProgram.start(npm, "hep-receiver.mjs", Map.of());
                SipEndpoint endpoint = start(gateway, collector.port());
                SipPeer peer = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst())) {
            gateway.answerAll(heard);
            SipDialog phone = new SipDialog(peer);
            phone.extra = "P-Asserted-Identity: \"Anna\" <sip:+491701234567@127.0.0.1>\r\n";
            phone.connect();
            gateway.nextCall().named(CALL);
            peer.send(phone.next("INFO", "application/dtmf-relay", "Signal=7\r\nDuration=160\r\n"));
            phone.expect(200);
            peer.send(phone.bye());
            phone.expect(200);

            await().untilAsserted(() ->
                    assertThat(told(collector, "first"))
                            .containsExactly(
                                    "INVITE",
                                    "SIP/2.0 100 Trying",
                                    "SIP/2.0 180 Ringing",
                                    "SIP/2.0 200 OK",
                                    "ACK",
                                    "INFO",
                                    "SIP/2.0 200 OK",
                                    "BYE",
                                    "SIP/2.0 200 OK"));
            assertThat(collector.said().toString())
                    .doesNotContain("1701234567", "30123456", "Anna", "Signal", "refused");
            String here = "127.0.0.1:" + endpoint.listening().getFirst().getPort();
            String there = "127.0.0.1:" + peer.port;
            assertThat(told(collector, "from"))
                    .containsExactly(there, here, here, here, there, there, here, there, here);
            assertThat(told(collector, "to"))
                    .containsExactly(here, there, there, there, here, here, there, here, there);
            assertThat(told(collector, "about")).containsOnly("2 17 1 77 shown");
            assertThat(told(collector, "call")).endsWith(CALL.toString(), CALL.toString());
            assertThat(endpoint.counters().captured())
                    .containsEntry(Capture.Outcome.DROPPED, 0L)
                    .containsEntry(Capture.Outcome.FAILED, 0L);
        }
    }

    @Test
    void nobodyAtTheCollectorIsNoMatterToACall() throws Exception {
        Heard heard = new Heard();
        Switchboard gateway = new Switchboard();
        try (SipEndpoint endpoint = start(gateway, 9);
                SipPeer peer = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst())) {
            gateway.answerAll(heard);
            SipDialog phone = new SipDialog(peer);
            phone.connect();
            peer.send(phone.bye());
            phone.expect(200);
            await().untilAsserted(() ->
                    assertThat(endpoint.counters().captured().get(Capture.Outcome.SENT))
                            .isGreaterThanOrEqualTo(5));
        }
    }
}
