package org.consentgateway.sip.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.consentgateway.sip.sdp.MediaPermission.Verdict;
import org.junit.jupiter.api.Test;

class MediaDestinationsTest {
    private static final InetAddress CARRIER = at("203.0.113.10");
    private static final OwnAddresses OWN =
            new OwnAddresses(
                    List.of(
                            OwnAddresses.Ports.media(
                                    at("0.0.0.0"), port -> port >= 20_000 && port < 20_004),
                            OwnAddresses.Ports.one(new InetSocketAddress(at("127.0.0.1"), 8080))),
                    () -> List.of(new InetSocketAddress(at("0.0.0.0"), 5060)),
                    Set.of(at("198.51.100.1")),
                    () -> 0);

    private static InetAddress at(String address) {
        return InetAddress.ofLiteral(address);
    }

    private static Trunk trunk(String... networks) {
        return Trunk.trustedWithNothing(
                "carrier",
                List.of(),
                List.of(networks).stream().map(Cidr::parse).toList(),
                Numbering.GERMANY);
    }

    private static Verdict from(InetAddress source, Trunk trunk, String host, int port) {
        return MediaDestinations.ofCaller(OWN, source, trunk)
                .to(new InetSocketAddress(at(host), port));
    }

    private static Verdict carrier(String host, String... networks) {
        return from(CARRIER, trunk(networks), host, 30_000);
    }

    private static final Verdict PROVEN = new Verdict.Permitted(true);
    private static final Verdict UNPROVEN = new Verdict.Permitted(false);

    @Test
    void theSignallingHostAndTheMediaNetworksAreThePeersOwn() {
        assertThat(carrier("203.0.113.10")).isEqualTo(PROVEN);
        assertThat(carrier("203.0.113.10", "192.0.2.0/24")).isEqualTo(PROVEN);
        assertThat(carrier("192.0.2.77", "192.0.2.0/24")).isEqualTo(PROVEN);
    }

    @Test
    void anywhereElseIsUnprovenWithoutMediaNetworksAndForbiddenWithThem() {
        assertThat(carrier("203.0.113.11")).isEqualTo(UNPROVEN);
        assertThat(carrier("203.0.113.11", "192.0.2.0/24")).isInstanceOf(Verdict.Forbidden.class);
        assertThat(carrier("2001:db8::1", "192.0.2.0/24")).isInstanceOf(Verdict.Forbidden.class);
    }

    /** Nothing goes to such an address: only to a permitted one from which its packets come. */
    @Test
    void anAddressBehindNatIsWaitedForEvenWithMediaNetworks() {
        assertThat(carrier("192.168.1.20", "192.0.2.0/24")).isEqualTo(UNPROVEN);
        assertThat(from(at("10.0.0.5"), trunk("192.0.2.0/24"), "192.168.1.20", 30_000))
                .isInstanceOf(Verdict.Forbidden.class);
    }

    @Test
    void nobodyOutsideNamesThisMachine() {
        for (String host : List.of("127.0.0.1", "127.8.8.8", "::1", "198.51.100.1")) {
            assertThat(carrier(host)).as(host).isInstanceOf(Verdict.Forbidden.class);
        }
    }

    @Test
    void whoIsOnThisMachineMayNameItButNotOurPorts() {
        InetAddress here = at("127.0.0.1");
        assertThat(from(here, trunk(), "127.0.0.1", 40_000)).isEqualTo(PROVEN);
        assertThat(from(here, trunk(), "127.0.0.1", 20_004))
                .as("of our range, and nobody's now")
                .isEqualTo(PROVEN);
        for (int port : List.of(5060, 8080, 20_000, 20_003)) {
            assertThat(from(here, trunk(), "127.0.0.1", port))
                    .as("port %d", port)
                    .isInstanceOf(Verdict.Forbidden.class);
        }
        assertThat(from(here, trunk(), "198.51.100.1", 20_000))
                .isInstanceOf(Verdict.Forbidden.class);
        assertThat(from(here, trunk(), "127.0.0.2", 8080)).isEqualTo(UNPROVEN);
    }

    @Test
    void nothingGoesToNobodyInParticularOrToPortsOfTheSystem() {
        for (String host :
                List.of("255.255.255.255", "224.0.0.1", "0.1.2.3", "240.0.0.1", "ff02::1")) {
            assertThat(carrier(host)).as(host).isInstanceOf(Verdict.Forbidden.class);
        }
        assertThat(from(CARRIER, trunk(), "203.0.113.10", 1023))
                .isInstanceOf(Verdict.Forbidden.class);
        assertThat(from(CARRIER, trunk(), "203.0.113.10", 1024)).isEqualTo(PROVEN);
    }

    /** Loopback is given no broadcast address on Linux, as many a point-to-point link. */
    @Test
    void everybodyOnANetworkOfOursIsReckonedWhereAnInterfaceDoesNotSay() {
        for (String host : List.of("127.255.255.255", "127.0.0.0")) {
            assertThat(from(at("127.0.0.1"), trunk(), host, 30_000))
                    .as(host)
                    .isInstanceOf(Verdict.Forbidden.class);
        }
        assertThat(OwnAddresses.everybody(at("192.0.2.130"), 25))
                .containsExactlyInAnyOrder(at("192.0.2.128"), at("192.0.2.255"));
        assertThat(OwnAddresses.everybody(at("192.0.2.1"), 30))
                .containsExactlyInAnyOrder(at("192.0.2.0"), at("192.0.2.3"));
        assertThat(OwnAddresses.everybody(at("192.0.2.0"), 31)).isEmpty();
        assertThat(OwnAddresses.everybody(at("192.0.2.9"), 32)).isEmpty();
        assertThat(OwnAddresses.everybody(at("2001:db8::1"), 64)).isEmpty();
    }

    private static Verdict toFrom(String media, String host) {
        var own =
                new OwnAddresses(
                        List.of(
                                OwnAddresses.Ports.one(new InetSocketAddress(at("::1"), 8080)),
                                OwnAddresses.Ports.one(
                                        new InetSocketAddress(at("127.0.0.1"), 8080)),
                                OwnAddresses.Ports.media(at(media), _ -> false)),
                        List::of,
                        Set.of(),
                        () -> 0);
        return MediaDestinations.ofCalled(own, CARRIER, List.of())
                .to(new InetSocketAddress(at(host), 30_000));
    }

    /** The last four octets of such an address would be the address of somebody else. */
    @Test
    void nothingGoesToAnAddressOfAKindThatWeHaveNoMediaAt() {
        for (String media : List.of("192.0.2.1", "0.0.0.0")) {
            assertThat(toFrom(media, "2001:db8::c633:6407")).isInstanceOf(Verdict.Forbidden.class);
            assertThat(toFrom(media, "64:ff9b::7f00:1")).isInstanceOf(Verdict.Forbidden.class);
            assertThat(toFrom(media, "198.51.100.7")).isEqualTo(PROVEN);
        }
        assertThat(toFrom("2001:db8::1", "198.51.100.7")).isInstanceOf(Verdict.Forbidden.class);
        assertThat(toFrom("2001:db8::1", "2001:db8::2")).isEqualTo(PROVEN);
        assertThat(toFrom("::", "198.51.100.7")).isEqualTo(PROVEN);
        assertThat(toFrom("::", "2001:db8::2")).isEqualTo(PROVEN);
    }

    @Test
    void whomWeCallIsBelievedButNotEverywhere() {
        MediaDestinations called = MediaDestinations.ofCalled(OWN, CARRIER, List.of());
        assertThat(called.to(new InetSocketAddress(at("192.0.2.9"), 30_000))).isEqualTo(PROVEN);
        assertThat(called.to(new InetSocketAddress(at("127.0.0.1"), 30_000)))
                .isInstanceOf(Verdict.Forbidden.class);
        MediaDestinations byTrunk =
                MediaDestinations.ofCalled(OWN, CARRIER, List.of(Cidr.parse("192.0.2.0/24")));
        assertThat(byTrunk.to(new InetSocketAddress(at("198.18.0.1"), 30_000)))
                .isInstanceOf(Verdict.Forbidden.class);
    }
}
