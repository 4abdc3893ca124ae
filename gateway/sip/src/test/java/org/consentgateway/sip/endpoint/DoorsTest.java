package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same attacks by each way in: UDP, TCP, TLS and mutual TLS, over IPv4 and IPv6, with media in
 * plain and over SRTP.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DoorsTest {
    /** Requests that belong to no call, of one source in a second. */
    private static final int RATE = 5;

    private static final int FLOOD = 200;

    private static final String SECURE =
            SipDialog.OFFER.replace("RTP/AVP", "RTP/SAVP")
                    + "a=crypto:1 AES_CM_128_HMAC_SHA1_80"
                    + " inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR\r\n";

    @TempDir static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
    }

    /** A way in. */
    enum Door {
        UDP_4(Transport.UDP, "127.0.0.1", false, Srtp.OFF),
        UDP_6(Transport.UDP, "::1", false, Srtp.OFF),
        TCP_4(Transport.TCP, "127.0.0.1", false, Srtp.OFF),
        TCP_6(Transport.TCP, "::1", false, Srtp.OFF),
        TLS_4(Transport.TLS, "127.0.0.1", false, Srtp.OFF),
        TLS_6(Transport.TLS, "::1", false, Srtp.OFF),
        MUTUAL_TLS_4(Transport.TLS, "127.0.0.1", true, Srtp.OFF),
        MUTUAL_TLS_6(Transport.TLS, "::1", true, Srtp.OFF),
        SRTP_UDP_4(Transport.UDP, "127.0.0.1", false, Srtp.REQUIRED),
        SRTP_UDP_6(Transport.UDP, "::1", false, Srtp.REQUIRED),
        SRTP_TLS_4(Transport.TLS, "127.0.0.1", false, Srtp.REQUIRED),
        SRTP_MUTUAL_TLS_6(Transport.TLS, "::1", true, Srtp.REQUIRED);

        private final Transport transport;
        private final String host;
        private final boolean mutual;
        private final Srtp srtp;

        Door(Transport transport, String host, boolean mutual, Srtp srtp) {
            this.transport = transport;
            this.host = host;
            this.mutual = mutual;
            this.srtp = srtp;
        }

        private Trunk trunk(String source) {
            Trunk plain = Bench.trunk("door", source);
            return new Trunk(
                    plain.name(),
                    plain.sources(),
                    plain.transports(),
                    plain.mediaNetworks(),
                    plain.identity(),
                    plain.numbering(),
                    plain.sipInfoDtmf(),
                    srtp,
                    Optional.empty());
        }

        /** What a caller describes who comes in here. */
        private String offer() {
            return srtp == Srtp.OFF ? SipDialog.OFFER : SECURE;
        }

        /** What is not taken here, by anybody. */
        private String otherOffer() {
            return srtp == Srtp.OFF ? SECURE : SipDialog.OFFER;
        }

        SipEndpoint open(String source) throws IOException {
            Bench.Setup setup = new Bench.Setup();
            setup.listen = List.of(Bench.at(transport, host));
            setup.trunks = List.of(trunk(source));
            setup.tls =
                    Optional.of(
                            Peers.tls(
                                    certificates,
                                    Certificates.GATEWAY,
                                    mutual
                                            ? Tls.ClientCertificate.REQUIRED
                                            : Tls.ClientCertificate.OFF));
            Switchboard gateway = new Switchboard();
            gateway.answerAll(new Heard());
            return SipEndpoint.start(
                    setup.settings()
                            .with(
                                    new SipSettings.Limits(
                                            100,
                                            10,
                                            10,
                                            Duration.ofSeconds(20),
                                            Duration.ofMinutes(1),
                                            RATE,
                                            10)),
                    gateway,
                    System::nanoTime);
        }

        SipPeer peer(SipEndpoint at) throws IOException {
            InetSocketAddress there = at.listening().getFirst();
            return switch (transport) {
                case UDP -> SipPeer.udp(host, there);
                case TCP -> SipPeer.tcp(host, there);
                case TLS ->
                        SipPeer.tls(
                                certificates
                                        .context(Certificates.OTHER)
                                        .getSocketFactory()
                                        .createSocket(
                                                plain(there), "localhost", there.getPort(), true));
            };
        }

        private Socket plain(InetSocketAddress there) throws IOException {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
            socket.connect(there, 5000);
            return socket;
        }
    }

    private static String asks(SipPeer peer, int number) {
        return new SipDialog(peer).request("OPTIONS", number, "z9hG4bK-" + number, "", "");
    }

    @ParameterizedTest
    @EnumSource
    void aStrangerHearsNothing(Door door) throws Exception {
        try (SipEndpoint endpoint = door.open("192.0.2.0/24")) {
            if (door.transport == Transport.UDP) {
                try (SipPeer stranger = door.peer(endpoint)) {
                    stranger.send(asks(stranger, 1));
                    assertThat(stranger.hearsNothing(300)).isTrue();
                }
            } else {
                try (Socket stranger = door.plain(endpoint.listening().getFirst())) {
                    stranger.setSoTimeout(5000);
                    assertThat(stranger.getInputStream().read()).isEqualTo(-1);
                }
            }
            Bench.rejects(endpoint, Rejection.UNKNOWN_SOURCE, 1);
        }
    }

    /** What of a call under way comes from the same source is answered all the same. */
    @ParameterizedTest
    @EnumSource
    void aFloodOfWhatBelongsToNoCallHarmsNoCall(Door door) throws Exception {
        String source = door.host.equals("::1") ? "::1/128" : "127.0.0.1/32";
        try (SipEndpoint endpoint = door.open(source);
                SipPeer caller = door.peer(endpoint);
                SipPeer flooding = door.peer(endpoint)) {
            SipDialog call = new SipDialog(caller);
            call.connect(door.offer());
            for (int i = 0; i < FLOOD; i++) {
                flooding.send(asks(flooding, 10 + i));
            }
            caller.send(call.bye());
            caller.expect(200);
            List<Integer> answers = new ArrayList<>();
            for (var heard = flooding.receive(500); heard != null; heard = flooding.receive(500)) {
                answers.add(heard.status());
            }
            assertThat(answers).as("of " + FLOOD).hasSizeLessThan(FLOOD / 4);
            assertThat(endpoint.counters().rejected().get(Rejection.REQUEST_RATE))
                    .isGreaterThan(FLOOD / 2L);
        }
    }

    /** Nor does a call become another one while it goes on, by whoever knows its dialog. */
    @ParameterizedTest
    @EnumSource
    void mediaOfTheOtherKindIsRefusedBeforeTheCallAndInIt(Door door) throws Exception {
        String source = door.host.equals("::1") ? "::1/128" : "127.0.0.1/32";
        try (SipEndpoint endpoint = door.open(source);
                SipPeer caller = door.peer(endpoint)) {
            SipDialog refused = new SipDialog(caller);
            caller.send(refused.invite(door.otherOffer()));
            refused.expect(488);

            SipDialog call = new SipDialog(caller);
            call.connect(door.offer());
            caller.send(call.next("INVITE", "application/sdp", door.otherOffer()));
            call.expect(488);
            caller.send(call.bye());
            call.expect(200);
        }
    }
}
