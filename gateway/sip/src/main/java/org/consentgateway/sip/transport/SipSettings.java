package org.consentgateway.sip.transport;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.consentgateway.sip.capture.CaptureSettings;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.sip.trunk.OwnAddresses;
import org.consentgateway.sip.trunk.Trunk;

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
 * @param limits on what one source may do, and all together
 * @param tls needed where TLS is listened on or dialled
 * @param accounts to keep registered
 * @param trafficClass of the messages sent, 0 to 255 (RFC 2474)
 * @param assistant whether this is one whom a gateway tells of consents, and no gateway
 * @param ownPorts on which this process listens for other things than SIP
 * @param capture where masked copies of all messages go; empty: nowhere
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
        Limits limits,
        Optional<Tls> tls,
        List<Account> accounts,
        int trafficClass,
        boolean assistant,
        List<OwnAddresses.Ports> ownPorts,
        Optional<CaptureSettings> capture) {
    /** RFC 4594 §4.2 for signalling: code point 24 (CS3). */
    public static final int SIGNALLING = 24 << 2;

    /**
     * @param host an address of this machine, or 0.0.0.0 or ::
     * @param port 0 takes a free one
     * @param accepts whether others may connect; else it is only told, since calls go out by this
     *     transport: what the called asks within a call comes over the connection we made
     */
    public record Listen(Transport transport, String host, int port, boolean accepts) {
        public Listen(Transport transport, String host, int port) {
            this(transport, host, port, true);
        }

        /**
         * For a transport that is only dialled.
         *
         * @throws IllegalArgumentException for UDP, which has no connections
         */
        public static Listen dialling(Transport transport, String host) {
            if (transport == Transport.UDP) {
                throw new IllegalArgumentException("answers over UDP come to a port");
            }
            return new Listen(transport, host, transport.usualPort(), false);
        }
    }

    /**
     * @param invitesPerSource new calls of one address in a second, and at once; more get 503
     * @param tcpConnections accepted ones, and those made for an answer, held at a time
     * @param tcpConnectionsPerSource of one address
     * @param handshake a TLS handshake takes at most so long in all, whoever connects
     * @param tcpIdle one of these that says nothing for so long is closed
     * @param requestsPerSource other requests that belong to no call, and malformed messages, of
     *     one address in a second, and at once; more get no answer
     * @param unacknowledged calls of one trunk at once whose ACK is still to come
     */
    public record Limits(
            int invitesPerSource,
            int tcpConnections,
            int tcpConnectionsPerSource,
            Duration handshake,
            Duration tcpIdle,
            int requestsPerSource,
            int unacknowledged) {
        public static final Limits USUAL =
                new Limits(100, 1000, 100, Duration.ofSeconds(5), Duration.ofMinutes(10), 50, 32);
    }

    public SipSettings {
        listen = List.copyOf(listen);
        trunks = List.copyOf(trunks);
        accounts = List.copyOf(accounts);
        ownPorts = List.copyOf(ownPorts);
    }

    /** The same with other limits. */
    public SipSettings with(Limits others) {
        return new SipSettings(
                listen,
                advertised,
                userAgent,
                trunks,
                maxMessageBytes,
                t1,
                sessionExpires,
                minSessionExpires,
                others,
                tls,
                accounts,
                trafficClass,
                assistant,
                ownPorts,
                capture);
    }

    /** The same with TLS. */
    public SipSettings with(Tls other) {
        return new SipSettings(
                listen,
                advertised,
                userAgent,
                trunks,
                maxMessageBytes,
                t1,
                sessionExpires,
                minSessionExpires,
                limits,
                Optional.of(other),
                accounts,
                trafficClass,
                assistant,
                ownPorts,
                capture);
    }

    /** The same with copies for a collector. */
    public SipSettings with(CaptureSettings other) {
        return new SipSettings(
                listen,
                advertised,
                userAgent,
                trunks,
                maxMessageBytes,
                t1,
                sessionExpires,
                minSessionExpires,
                limits,
                tls,
                accounts,
                trafficClass,
                assistant,
                ownPorts,
                Optional.of(other));
    }

    /** The same for one whom a gateway tells of consents. */
    public SipSettings asAssistant() {
        return new SipSettings(
                listen,
                advertised,
                userAgent,
                trunks,
                maxMessageBytes,
                t1,
                sessionExpires,
                minSessionExpires,
                limits,
                tls,
                accounts,
                trafficClass,
                true,
                ownPorts,
                capture);
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
                Limits.USUAL,
                Optional.empty(),
                List.of(),
                SIGNALLING,
                false,
                List.of(),
                Optional.empty());
    }
}
