package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.auth.ClientLogin;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.capture.CaptureSettings;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.IdentityHeader;
import org.consentgateway.sip.trunk.IdentityTrust;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.SipPeer;

/** An endpoint on loopback with short timers, and a gateway behind it. Confined to one test. */
final class Bench implements AutoCloseable {
    /** T1 of 50 ms: a call waits 3.2 s for its ACK instead of 32. */
    static final Duration T1 = Duration.ofMillis(50);

    /** Few connections; as many calls as come. */
    static final SipSettings.Limits LIMITS =
            new SipSettings.Limits(
                    1_000_000,
                    10,
                    10,
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(10),
                    1_000_000,
                    1_000);

    final Switchboard gateway = new Switchboard();
    final SipEndpoint endpoint;

    Bench() throws IOException {
        this(Duration.ofSeconds(90));
    }

    Bench(Duration minSessionExpires) throws IOException {
        this(minSessionExpires, ClockAndDns.real(System::nanoTime));
    }

    /** On a machine whose time may go as the test wants it. */
    Bench(Duration minSessionExpires, ClockAndDns machine) throws IOException {
        endpoint = SipEndpoint.start(settings(minSessionExpires, "127.0.0.1/32"), gateway, machine);
    }

    static SipSettings settings(Duration minSessionExpires, String source) {
        Setup setup = new Setup();
        setup.minSessionExpires = minSessionExpires;
        setup.trunks = List.of(loopback(source));
        return setup.settings();
    }

    /** The same for a node that registers with providers. */
    static SipSettings settings(List<Trunk> trunks, List<Account> accounts) {
        Setup setup = new Setup();
        setup.trunks = trunks;
        setup.accounts = accounts;
        return setup.settings();
    }

    /**
     * What an endpoint on loopback is made of; tests change what they need. Confined to one test.
     */
    static final class Setup {
        List<SipSettings.Listen> listen =
                List.of(at(Transport.UDP, "127.0.0.1"), at(Transport.TCP, "127.0.0.1"));
        Optional<String> advertised = Optional.empty();
        List<Trunk> trunks = List.of(loopback("127.0.0.1/32"));
        Duration t1 = T1;
        Duration minSessionExpires = Duration.ofSeconds(90);
        Optional<Tls> tls = Optional.empty();
        List<Account> accounts = List.of();
        SipSettings.Limits limits = LIMITS;
        Optional<CaptureSettings> capture = Optional.empty();

        /** Nobody is too fast, and nobody comes too often. */
        void many() {
            int many = 1_000_000_000;
            limits =
                    new SipSettings.Limits(
                            many,
                            1000,
                            1000,
                            Duration.ofSeconds(5),
                            Duration.ofMinutes(10),
                            many,
                            many);
        }

        SipSettings settings() {
            return new SipSettings(
                    listen,
                    advertised,
                    "consent-gateway-test",
                    trunks,
                    8192,
                    t1,
                    Duration.ofMinutes(30),
                    minSessionExpires,
                    limits,
                    tls,
                    accounts,
                    SipSettings.SIGNALLING,
                    false,
                    List.of(),
                    capture);
        }
    }

    /** On a free port. */
    static SipSettings.Listen at(Transport transport, String host) {
        return new SipSettings.Listen(transport, host, 0);
    }

    /** A trunk that is believed who calls and which keys were pressed. */
    static Trunk loopback(String source) {
        return new Trunk(
                "loopback",
                List.of(Cidr.parse(source)),
                Trunk.EVERY_TRANSPORT,
                List.of(),
                new IdentityTrust(
                        List.of(IdentityHeader.P_ASSERTED_IDENTITY),
                        IdentityTrust.Verstat.IF_GIVEN,
                        IdentityTrust.Attestation.FULL,
                        List.of("example.com")),
                Numbering.GERMANY,
                true,
                Srtp.OFF,
                Optional.empty());
    }

    /** A trunk that is believed nothing. */
    static Trunk trunk(String name, String... sources) {
        return Trunk.trustedWithNothing(
                name, Stream.of(sources).map(Cidr::parse).toList(), List.of(), Numbering.GERMANY);
    }

    /** A trunk that is known by the addresses of its registrar. */
    static Trunk provider() {
        return trunk("provider");
    }

    /** That trunk's account, with a registrar on loopback. */
    static Account account(Transport transport, int registrarPort) {
        return new Account(
                "provider",
                "provider.invalid",
                Optional.of("127.0.0.1:" + registrarPort),
                Optional.of(transport),
                "e12345p0",
                "login",
                "secret",
                EnumSet.allOf(DigestAlgorithm.class),
                Duration.ofMinutes(10),
                true,
                false);
    }

    /** A call to somebody who may ask for a password, and hand it over. */
    static OutgoingCall.Dial challenged(String target) {
        return challenged(target, "user");
    }

    /** The same by another name. */
    static OutgoingCall.Dial challenged(String target, String user) {
        return new OutgoingCall.Dial(
                target,
                "+4930123456",
                Map.of(),
                LocalMedia.ofAudio(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 31_000)),
                G711.PCMA,
                false,
                "",
                "+4930123456",
                Optional.of(new ClientLogin(user, "secret", EnumSet.allOf(DigestAlgorithm.class))),
                Srtp.OFF,
                Set.of("sip:human@127.0.0.1"));
    }

    InetSocketAddress udp() {
        return endpoint.listening().get(0);
    }

    InetSocketAddress tcp() {
        return endpoint.listening().get(1);
    }

    SipPeer udpPeer() throws IOException {
        return SipPeer.udp("127.0.0.1", udp());
    }

    SipPeer tcpPeer() throws IOException {
        return SipPeer.tcp("127.0.0.1", tcp());
    }

    long rejected(Rejection reason) {
        Long count = endpoint.counters().rejected().get(reason);
        return count == null ? 0 : count;
    }

    /** So many are refused for this reason, as soon as all that was sent has been heard. */
    void rejects(Rejection reason, long count) {
        rejects(endpoint, reason, count);
    }

    static void rejects(SipEndpoint by, Rejection reason, long count) {
        await().untilAsserted(() ->
                assertThat(by.counters().rejected().getOrDefault(reason, 0L))
                        .as(reason.name())
                        .isEqualTo(count));
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
