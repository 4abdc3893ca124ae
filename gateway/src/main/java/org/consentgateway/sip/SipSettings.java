package org.consentgateway.sip;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Immutable.
 *
 * @param listen at least one
 * @param advertised host or address to put into Contact and Via, and into SDP where it is an
 *     address, for a node behind NAT; else the address listened on
 * @param userAgent for the Server and User-Agent headers
 * @param trunks may be empty for a pure caller; the first whose sources match counts
 * @param maxMessageBytes longest message taken, 4096 to 65535
 * @param t1 round-trip estimate of RFC 3261 §17.1.1.1, 500 ms but in tests
 * @param sessionExpires what we ask of those we call (RFC 4028)
 * @param minSessionExpires least session interval we accept; RFC 4028 §5 wants 90 s at least
 * @param maxTcpConnections accepted ones held at a time
 * @param tls needed where TLS is listened on or dialled
 * @param accounts to keep registered
 */
public record SipSettings(
        List<Listen> listen,
        Optional<String> advertised,
        String userAgent,
        List<Trunk> trunks,
        int maxMessageBytes,
        Duration t1,
        Duration sessionExpires,
        Duration minSessionExpires,
        int maxTcpConnections,
        Optional<Tls> tls,
        List<Account> accounts) {

    /**
     * @param host an address of this machine, or 0.0.0.0 or ::
     * @param port 0 takes a free one
     */
    public record Listen(Transport transport, String host, int port) {}

    public SipSettings {
        listen = List.copyOf(listen);
        trunks = List.copyOf(trunks);
        accounts = List.copyOf(accounts);
    }

    /** What is usual, for these listening points and trunks. */
    public static SipSettings usual(List<Listen> listen, String userAgent, List<Trunk> trunks) {
        return new SipSettings(
                listen,
                Optional.empty(),
                userAgent,
                trunks,
                16 * 1024,
                Duration.ofMillis(500),
                Duration.ofSeconds(1800),
                Duration.ofSeconds(90),
                1000,
                Optional.empty(),
                List.of());
    }
}
