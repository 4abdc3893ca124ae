package org.consentgateway.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Whose addresses are counted as one. */
class ConnectionSourceTest {
    private static String of(String address) {
        return ConnectionSource.of(InetAddress.ofLiteral(address));
    }

    @Test
    void allOfAnIpv6NetworkIsOneAndTheNextIsAnother() {
        assertThat(of("2001:db8:0:1::1")).isEqualTo(of("2001:db8:0:1:ffff:ffff:ffff:ffff"));
        assertThat(of("2001:db8:0:1::1")).isNotEqualTo(of("2001:db8:0:2::1"));
    }

    @Test
    void eachIpv4AddressIsOneHoweverItIsWritten() {
        assertThat(of("192.0.2.1")).isNotEqualTo(of("192.0.2.2"));
        assertThat(of("::ffff:192.0.2.1")).isEqualTo(of("192.0.2.1"));
    }
}
