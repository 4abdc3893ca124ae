package org.consentgateway.media.net.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MachineAddressesTest {
    private List<InetAddress> machine = List.of();
    private final MachineAddresses addresses = new MachineAddresses(() -> machine);

    private static List<InetAddress> all(String... addresses) {
        return Stream.of(addresses).map(InetAddress::ofLiteral).toList();
    }

    private boolean isTheOnlyOne(String address, long atSeconds) {
        return addresses.isTheOnlyOne(
                InetAddress.ofLiteral(address), TimeUnit.SECONDS.toNanos(atSeconds));
    }

    @Test
    void whatOthersCannotSendToDoesNotCount() {
        machine = all("127.0.0.1", "::1", "fe80::1", "169.254.1.1", "192.0.2.1", "2001:db8::1");
        assertThat(isTheOnlyOne("192.0.2.1", 0)).isTrue();
        assertThat(isTheOnlyOne("2001:db8::1", 0)).isTrue();
        assertThat(isTheOnlyOne("127.0.0.1", 0)).as("one of many").isFalse();
        assertThat(isTheOnlyOne("fe80::1", 0)).as("as is another one").isFalse();
    }

    @Test
    void ofSeveralNoneIsTheOnlyOneNorIsAnyWhereNoneIsKnown() {
        assertThat(isTheOnlyOne("192.0.2.1", 0)).isFalse();
        machine = all("192.0.2.1", "192.0.2.2");
        assertThat(isTheOnlyOne("192.0.2.1", 0)).isFalse();
        assertThat(isTheOnlyOne("192.0.2.2", 0)).isFalse();
    }

    @Test
    void anAddressThatCameLaterCountsWithinTenSeconds() {
        machine = all("192.0.2.1");
        assertThat(isTheOnlyOne("192.0.2.1", 0)).isTrue();
        machine = all("192.0.2.1", "192.0.2.2");
        assertThat(isTheOnlyOne("192.0.2.1", 11)).isFalse();
    }
}
