package org.consentgateway.sip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Confined to one test. An endpoint on loopback with short timers, and a gateway behind it. */
final class Bench implements AutoCloseable {
    /** T1 of 50 ms: a call waits 3.2 s for its ACK instead of 32. */
    static final Duration T1 = Duration.ofMillis(50);

    /** Few connections; as many calls as come. */
    static final SipSettings.Limits LIMITS =
            new SipSettings.Limits(1_000_000, 10, 10, Duration.ofMinutes(10));

    final Switchboard gateway = new Switchboard();
    final SipEndpoint endpoint;

    Bench() throws IOException {
        this(Duration.ofSeconds(90));
    }

    Bench(Duration minSessionExpires) throws IOException {
        this(minSessionExpires, Machine.real(System::nanoTime));
    }

    /** On a machine whose time may go as the test wants it. */
    Bench(Duration minSessionExpires, Machine machine) throws IOException {
        endpoint = SipEndpoint.start(settings(minSessionExpires, "127.0.0.1/32"), gateway, machine);
    }

    static SipSettings settings(Duration minSessionExpires, String source) {
        return new SipSettings(
                List.of(
                        new SipSettings.Listen(Transport.UDP, "127.0.0.1", 0),
                        new SipSettings.Listen(Transport.TCP, "127.0.0.1", 0)),
                Optional.empty(),
                "consent-gateway-test",
                List.of(
                        new Trunk(
                                "loopback",
                                List.of(Cidr.parse(source)),
                                List.of(Cidr.parse("127.0.0.0/8")),
                                true,
                                Numbering.GERMANY,
                                true)),
                8192,
                T1,
                Duration.ofMinutes(30),
                minSessionExpires,
                LIMITS,
                Optional.empty(),
                List.of());
    }

    /** The same for a node that registers with providers. */
    static SipSettings settings(List<Trunk> trunks, List<Account> accounts) {
        SipSettings usual = settings(Duration.ofSeconds(90), "192.0.2.1/32");
        return new SipSettings(
                usual.listen(),
                usual.advertised(),
                usual.userAgent(),
                trunks,
                usual.maxMessageBytes(),
                usual.t1(),
                usual.sessionExpires(),
                usual.minSessionExpires(),
                usual.limits(),
                usual.tls(),
                accounts);
    }

    /** A trunk that is known by the addresses of its registrar. */
    static Trunk provider() {
        return new Trunk("provider", List.of(), List.of(), false, Numbering.GERMANY, false);
    }

    InetSocketAddress udp() {
        return endpoint.listening().get(0);
    }

    InetSocketAddress tcp() {
        return endpoint.listening().get(1);
    }

    RawPeer udpPeer() throws IOException {
        return RawPeer.udp("127.0.0.1", udp());
    }

    RawPeer tcpPeer() throws IOException {
        return RawPeer.tcp("127.0.0.1", tcp());
    }

    long rejected(Rejection reason) {
        Long count = endpoint.counters().rejected().get(reason);
        return count == null ? 0 : count;
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
