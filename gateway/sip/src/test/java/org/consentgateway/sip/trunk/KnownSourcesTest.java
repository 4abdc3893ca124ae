package org.consentgateway.sip.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.sdp.Srtp;
import org.junit.jupiter.api.Test;

/** Whose messages come from where, whatever the order of the settings. */
class KnownSourcesTest {
    private static final InetAddress SHARED = InetAddress.ofLiteral("203.0.113.5");
    private static final InetAddress OTHER = InetAddress.ofLiteral("203.0.113.6");

    private static Trunk trunk(String name, Transport transport, String... sources) {
        return new Trunk(
                name,
                Stream.of(sources).map(Cidr::parse).toList(),
                Set.of(transport),
                List.of(),
                IdentityTrust.NONE,
                Numbering.GERMANY,
                false,
                Srtp.OFF,
                Optional.empty());
    }

    @Test
    void anAddressIsOfTheNarrowestNetworkAroundItInWhateverOrderTheyStand() {
        Trunk wide = trunk("wide", Transport.UDP, "203.0.113.0/24", "198.51.100.0/24");
        Trunk narrow = trunk("narrow", Transport.UDP, "203.0.113.5/32");
        for (List<Trunk> order : List.of(List.of(wide, narrow), List.of(narrow, wide))) {
            KnownSources sources = new KnownSources(order);
            assertThat(sources.trunk(SHARED)).isEqualTo(narrow);
            assertThat(sources.trunk(OTHER)).isEqualTo(wide);
            assertThat(sources.sends(wide, SHARED)).as("another trunk's").isFalse();
        }
    }

    @Test
    void trunksThatRegisterAtOnePlaceHaveItInTheOrderOfTheSettingsWhoeverFoundItLast() {
        Trunk first = trunk("first", Transport.UDP);
        Trunk second = trunk("second", Transport.TLS);
        Trunk named = trunk("named", Transport.TCP, "203.0.113.0/24");
        KnownSources sources = new KnownSources(List.of(first, second, named));
        sources.learn("second", List.of(SHARED, OTHER));
        sources.learn("first", List.of(SHARED));
        assertThat(sources.trunks(SHARED)).containsExactly(named, first, second);
        assertThat(sources.trunks(OTHER)).containsExactly(named, second);
        sources.learn("second", List.of(SHARED));
        assertThat(sources.trunks(SHARED)).containsExactly(named, first, second);
        assertThat(sources.trunks(OTHER)).as("for a while").containsExactly(named, second);

        for (Transport each : Transport.values()) {
            assertThat(sources.recognise(SHARED, each)).isEqualTo(KnownSources.Recognition.KNOWN);
        }
        assertThat(sources.recognise(OTHER, Transport.UDP))
                .isEqualTo(KnownSources.Recognition.BY_ANOTHER_TRANSPORT);

        sources.change(List.of(first, second), Set.of("second"));
        assertThat(sources.trunks(SHARED)).containsExactly(first);
        assertThat(sources.trunks(OTHER)).isEmpty();
    }
}
